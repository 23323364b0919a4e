"""Measures API calls and admin pages with 20,000 workflows and 600,000 events in the database.

Fills a fresh database, calls everything through Django's test client, and says which call is slower than its limit.

    python -m benchmarks.large_installation [--workflows 20000] [--postgresql] [--no-publish]
"""

import argparse
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import databases
from benchmarks.reporting import machine, percentile, publish, save, table

NAME = "large_installation"
EVENTS, TASKS = 30, 5  # of each workflow
ROWS_AT_ONCE = 5_000
CALLS = 20  # of each URL
API_LIMIT_MS, ADMIN_LIMIT_MS = 50, 300
STATES = ("completed", "completed", "completed", "failed", "cancelled", "running", "pending", "paused")

Json = dict[str, Any]


def main() -> int:
    """Measures, prints, saves. The exit status says whether every call was quicker than its limit."""
    options = _options()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="callboard-benchmark-"))
        os.environ |= {"DJANGO_SETTINGS_MODULE": "project.settings", "DATA_DIR": folder, "LOG_LEVEL": "ERROR"}
        if options.postgresql:
            os.environ["DATABASE_URL"] = stack.enter_context(databases.postgresql())
        result = _measure(options)
    database = "PostgreSQL" if options.postgresql else "SQLite"
    text = _as_text(result, database)
    name = f"{NAME}_{database.lower()}"
    print(f"\n{text}\n\nSaved to {save(name, result)}.")
    if options.publish:
        publish(name, text)
    return 0 if all(call["p95_ms"] <= call["limit_ms"] for call in result["calls"]) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=20_000)
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> Json:
    import django  # noqa: PLC0415 - the settings are known only now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    about = machine()
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    _fill(options.workflows)
    print(f"Filled in {time.monotonic() - began:.0f} s.", flush=True)
    return {"machine": about, "workflows": options.workflows, "calls": [*_calls(options.workflows)]}


# --- filling --------------------------------------------------------------------------------------


def _fill(count: int) -> None:
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from agents import registry  # noqa: PLC0415
    from workflows.models import Artifact, Attempt, Event, Task, Workflow  # noqa: PLC0415

    registry.sync()
    owners = [User.objects.create(username=f"maker{number}") for number in range(20)]
    User.objects.create_superuser("admin")
    for start in range(0, count, 1_000):
        workflows = [_workflow(Workflow, number, owners) for number in range(start, min(start + 1_000, count))]
        Workflow.objects.bulk_create(workflows, ROWS_AT_ONCE)
        tasks = Task.objects.bulk_create(
            [_task(Task, each, n) for each in workflows for n in range(TASKS)], ROWS_AT_ONCE
        )
        Attempt.objects.bulk_create([_attempt(Attempt, task) for task in tasks], ROWS_AT_ONCE)
        Artifact.objects.bulk_create([_artifact(Artifact, task) for task in tasks if task.position < 2], ROWS_AT_ONCE)
        Event.objects.bulk_create([_event(Event, each, n) for each in workflows for n in range(EVENTS)], ROWS_AT_ONCE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself after a while


def _workflow(model: Any, number: int, owners: list[Any]) -> Any:  # noqa: ANN401
    from django.utils import timezone  # noqa: PLC0415

    state = STATES[number % len(STATES)] if number % 50 == 0 else STATES[number % 5]
    now = timezone.now()
    workflow = model(
        pipeline="script2video",
        title=f"Film number {number}",
        owner=owners[number % len(owners)],
        input={"script": "INT. KITCHEN - DAY\n" * 20},
        stages={"Script": "completed", "Frames": "completed", "Edit": "completed"},
        state=state,
        last_seq=EVENTS,
        progress=0.5 if state in ("running", "paused") else 1.0,
        message="Frame 4 of 10",
        started_at=now,
        finished_at=None if state in ("running", "pending", "paused") else now,
    )
    workflow.created_at = now - timedelta(minutes=number)
    return workflow


def _task(model: Any, workflow: Any, number: int) -> Any:  # noqa: ANN401
    state = "running" if workflow.state == "running" and number == TASKS - 1 else "completed"
    return model(
        workflow=workflow,
        key=f"frames/{number}",
        step="frames",
        stage="Frames",
        skill="camera_image",
        position=number,
        item={"shot": number},
        output={"frame": "x" * 200},
        state=state,
        agent="camera_image_generator",
        attempt_count=1,
        changed_seq=number,
    )


def _attempt(model: Any, task: Any) -> Any:  # noqa: ANN401
    from django.utils import timezone  # noqa: PLC0415

    now = timezone.now()
    return model(
        task=task,
        number=1,
        agent=task.agent,
        runner="benchmark",
        state="completed",
        lease_until=now,
        started_at=now,
        finished_at=now,
        seconds=1.0,
    )


def _artifact(model: Any, task: Any) -> Any:  # noqa: ANN401
    kind = "frame" if task.position else "poster"
    return model(
        workflow_id=task.workflow_id,
        task=task,
        name=f"{kind}.png",
        kind=kind,
        media_type="image/png",
        file=f"{uuid.uuid4()}.png",
        size=1_000,
    )


def _event(model: Any, workflow: Any, number: int) -> Any:  # noqa: ANN401
    from django.utils import timezone  # noqa: PLC0415

    data = {"task": f"frames/{number}", "agent": "camera_image_generator", "attempt": 1, "seconds": 1.0, "message": ""}
    kind = "task_started" if number % 2 else "task_finished"
    return model(workflow=workflow, seq=number + 1, kind=kind, data=data, created_at=timezone.now())


# --- measuring ------------------------------------------------------------------------------------


def _calls(count: int) -> Iterator[Json]:
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from rest_framework.test import APIClient  # noqa: PLC0415

    from workflows.models import Workflow  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["*"]
    admin = User.objects.get(username="admin")
    maker = User.objects.get(username="maker1")
    some = str(Workflow.objects.order_by("created_at")[count // 2].pk)
    api, mine, pages = APIClient(), APIClient(), Client()
    api.force_authenticate(admin)
    mine.force_authenticate(maker)
    pages.force_login(admin)
    last = (count + 24) // 25
    urls = [
        *("/api/workflows/", f"/api/workflows/?page={last // 2}", f"/api/workflows/?page={last}"),
        *("/api/workflows/?state=running", "/api/workflows/?state=completed&state=failed&page=20"),
        *(f"/api/workflows/{some}/", "/api/coordinator/metrics/", "/api/agents/", "/api/pipelines/"),
    ]
    for url in urls:
        yield _call(url, "admin", api, API_LIMIT_MS)
    for url in ("/api/workflows/", "/api/workflows/?page=20"):
        yield _call(url, "maker", mine, API_LIMIT_MS)
    yield _events_call(some)
    for model in ("workflow", "event", "attempt"):
        for query in ("", "?p=1", "?p=99999", "?o=2", "?q=Film+number+777"):
            yield _call(f"/admin/workflows/{model}/{query}", "admin", pages, ADMIN_LIMIT_MS)
    for url in (
        "/admin/workflows/event/?kind__exact=task_started",
        "/admin/workflows/workflow/?state__exact=running",
        "/admin/workflows/attempt/?state__exact=failed",
        f"/admin/workflows/workflow/{some}/change/",
        "/admin/",
    ):
        yield _call(url, "admin", pages, ADMIN_LIMIT_MS)


def _call(url: str, who: str, client: Any, limit_ms: int) -> Json:  # noqa: ANN401
    def ask() -> None:
        answer = client.get(url)
        if answer.status_code not in (200, 302):
            raise SystemExit(f"{url}: {answer.status_code}")

    return _timed(url, who, limit_ms, ask)


def _events_call(workflow: str) -> Json:
    from realtime import queries  # noqa: PLC0415 - what the view reads; the view itself needs a server

    return _timed(
        f"/api/workflows/{workflow}/events?after=5", "admin", API_LIMIT_MS, lambda: queries.page(workflow, 5, 500)
    )


def _timed(url: str, who: str, limit_ms: int, ask: Callable[[], object]) -> Json:
    from django.db import connection  # noqa: PLC0415

    queries: list[tuple[float, str]] = []

    def note(execute: Any, sql: str, *context: Any) -> Any:  # noqa: ANN401
        began = time.perf_counter()
        try:
            return execute(sql, *context)
        finally:
            queries.append((1_000 * (time.perf_counter() - began), sql))

    with connection.execute_wrapper(note):
        ask()
    took: list[float] = []
    for _ in range(CALLS):
        began = time.perf_counter()
        ask()
        took.append(1_000 * (time.perf_counter() - began))
        if sum(took) > 10_000:
            break
    slowest_ms, slowest = max(queries or [(0.0, "")])
    call: Json = {
        "url": url,
        "who": who,
        "limit_ms": limit_ms,
        "p50_ms": round(percentile(took, 0.5), 1),
        "p95_ms": round(percentile(took, 0.95), 1),
        "queries": len(queries),
        "slowest_query": slowest[:300],
    }
    print(json.dumps({key: value for key, value in call.items() if key != "slowest_query"}), flush=True)
    if call["p95_ms"] > limit_ms:
        print(f"    {slowest_ms:.0f} ms: {slowest[:400]}", flush=True)
    return call


def _as_text(result: Json, database: str) -> str:
    head = ("call", "by", "p50, ms", "p95, ms", "limit, ms", "queries")
    rows = [
        (
            f"`{_shown(call['url'])}`",
            call["who"],
            f"{call['p50_ms']:.1f}",
            f"{call['p95_ms']:.1f}",
            str(call["limit_ms"]),
            str(call["queries"]),
        )
        for call in result["calls"]
    ]
    about = result["machine"]
    return f"""## A large installation, on {database}

`python -m benchmarks.large_installation{" --postgresql" if database == "PostgreSQL" else ""}`: {result["workflows"]:,} workflows with {EVENTS * result["workflows"]:,} events,
{TASKS * result["workflows"]:,} tasks and attempts; {CALLS} calls each, through Django's test client, without the network.

{table(head, rows)}

Machine: {about["cores"]} cores, {about["processor"]}, Python {about["python"]}, {about["measured_at"][:10]}; load before {about["load_at_start"]}."""


def _shown(url: str) -> str:
    return "/".join("…" if len(part) == len(str(uuid.UUID(int=0))) else part for part in url.split("/"))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
