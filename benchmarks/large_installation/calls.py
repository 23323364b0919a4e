"""Every call of the API and every page of the admin, each measured some times."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from agents.models import Agent
from benchmarks.reporting import percentile
from realtime import queries as realtime_queries
from workflows.models import Attempt, Event, Workflow

CALLS = 20
LONGEST_SECONDS = 10.0  # of all calls of one address
API_LIMIT_MS, ADMIN_LIMIT_MS = 50, 300
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")

Json = dict[str, Any]

_names: dict[str, str] = {}  # of workflows, by id


@dataclass(frozen=True, slots=True)
class Call:
    """`ask` is measured; whatever else it returns than a good status ends the benchmark."""

    shown: str
    who: str
    limit_ms: int
    ask: Callable[[], object]


def measured() -> Iterator[Json]:
    """The figures of each call."""
    settings.ALLOWED_HOSTS = ["*"]
    for call in (*_api(), *_admin()):
        yield _measured(call)


def _api() -> Iterator[Call]:
    admin, maker = User.objects.get(username="admin"), User.objects.get(username="maker1")
    ended = _id(Workflow.objects.filter(state="completed", owner=maker))
    failed, running = _id(Workflow.objects.filter(state="failed")), _id(Workflow.objects.filter(state="running"))
    largest = str(Workflow.objects.get(title="The largest").pk)
    _names.update({ended: "{ended}", failed: "{failed}", running: "{running}", largest: "{largest}"})
    last = (Workflow.objects.count() + 24) // 25
    for url in (
        *("", f"?page={last // 2}", f"?page={last}", "?state=running", "?state=completed&state=failed&page=20"),
        *("?search=kitchen", "?search=number+777", "?search=nowhere", "?sort=title", "?sort=-finished_at&page=20"),
        *("?owner=maker1", "?page_size=100"),
        *(f"{ended}/", f"{failed}/", f"{running}/", f"{largest}/"),
        *(f"{largest}/artifacts/", f"{ended}/artifacts/"),
        *(f"{largest}/tasks/", f"{largest}/tasks/?stage=Frames&cursor=4000-1"),
    ):
        yield _get(admin, f"/api/workflows/{url}")
    own = Workflow.objects.filter(owner=maker).count()
    for url in ("", f"?page={own // 50}", "?state=failed", f"{ended}/"):
        yield _get(maker, f"/api/workflows/{url}")
    for workflow, after in ((ended, 5), (largest, 0), (largest, 9_500)):  # the view itself needs a server
        read = partial(realtime_queries.page, workflow, after, 500)
        yield Call(f"/api/workflows/{workflow}/events/?after={after}", "admin", API_LIMIT_MS, read)
    for url in ("/api/operations/", "/api/activity/?agent=clip_maker&agent=editor", "/api/agents/clip_maker/work/"):
        yield _get(admin, url)
    for url in ("/api/coordinator/metrics/", "/api/agents/", "/api/agents/clip_maker/", "/api/pipelines/"):
        yield _get(admin, url)
    for hours in (24, 720):
        yield _get(admin, f"/api/agents/clip_maker/history/?hours={hours}")
    for url in ("/api/auth/me/", "/api/schema/", "/healthz", "/metrics"):
        yield _get(admin, url)
    yield _post(maker, "/api/workflows/", {"pipeline": "idea2video", "input": {"idea": "A keeper finds a letter"}})
    yield _post(maker, f"/api/workflows/{ended}/control/", {"action": "pause"})


def _id(workflows: Any) -> str:  # noqa: ANN401 - a query set
    """Of one of them, in the middle."""
    return str(workflows.order_by("created_at")[workflows.count() // 2].pk)


def _admin() -> Iterator[Call]:
    admin, maker = User.objects.get(username="admin"), User.objects.get(username="maker1")
    some = _id(Workflow.objects.filter(state="completed"))
    largest = Workflow.objects.get(title="The largest").pk
    for model in ("workflow", "event", "attempt", "task"):
        last = min(10_000, apps.get_model("workflows", model).objects.count()) // 50 - 1
        for query in ("", "?p=1", f"?p={last}", "?o=2", "?q=Film+number+777", f"?q={some}"):
            yield _page(admin, f"workflows/{model}/{query}")
    for url in (
        *("workflows/event/?kind__exact=task_started", "workflows/event/?kind__exact=workflow_failed"),
        *("workflows/workflow/?state__exact=running", "workflows/workflow/?state__exact=failed&p=2"),
        *("workflows/workflow/?pipeline__exact=idea2video", "workflows/workflow/?q=maker7"),
        *("workflows/attempt/?state__exact=failed", "workflows/attempt/?agent__exact=clip_maker"),
        f"workflows/task/?q={largest}",
        *(f"workflows/workflow/{some}/change/", f"workflows/workflow/{largest}/change/"),
        f"workflows/workflow/{largest}/change/?tasks=400&attempts=400&artifacts=400&events=400",
        f"agents/agent/{Agent.objects.get(name='clip_maker').pk}/change/",
        *(f"workflows/workflow/{some}/history/", f"workflows/event/{Event.objects.latest('pk').pk}/change/"),
        f"workflows/attempt/{Attempt.objects.latest('pk').pk}/change/",
        *("workflows/runner/", "agents/agent/", "agents/agent/1/change/", "auth/user/", "auth/user/?q=maker"),
        *(f"auth/user/{maker.pk}/change/", f"auth/user/{maker.pk}/delete/", "auth/group/"),
        *("accounts/auditentry/", ""),
    ):
        yield _page(admin, url)


def _get(user: User, url: str) -> Call:
    return Call(url, _who(user), API_LIMIT_MS, partial(_asked, _api_client(user).get, url))


def _post(user: User, url: str, body: Json) -> Call:
    return Call(f"POST {url}", _who(user), API_LIMIT_MS, partial(_asked, _api_client(user).post, url, body, "json"))


def _page(user: User, url: str) -> Call:
    client = Client()
    client.force_login(user)
    return Call(f"/admin/{url}", _who(user), ADMIN_LIMIT_MS, partial(_asked, client.get, f"/admin/{url}"))


def _who(user: User) -> str:
    return "maker" if user.username.startswith("maker") else "admin"


def _api_client(user: User) -> APIClient:
    client = APIClient(REMOTE_ADDR="127.0.0.1")
    client.force_authenticate(user)
    return client


def _asked(ask: Callable[..., Any], *given: object) -> None:
    answer = ask(*given)
    if answer.status_code not in (200, 201):
        raise SystemExit(f"{given[0]}: {answer.status_code}")


def _measured(call: Call) -> Json:
    queries: list[tuple[float, str]] = []

    def note(execute: Any, sql: str, *context: Any) -> Any:  # noqa: ANN401
        began = time.perf_counter()
        try:
            return execute(sql, *context)
        finally:
            queries.append((1_000 * (time.perf_counter() - began), sql))

    call.ask()  # what is done once in a process
    with connection.execute_wrapper(note):
        call.ask()
    took: list[float] = []
    cpu = time.process_time()
    while len(took) < CALLS and sum(took) < LONGEST_SECONDS * 1_000:
        began = time.perf_counter()
        call.ask()
        took.append(1_000 * (time.perf_counter() - began))
    cpu = time.process_time() - cpu
    slowest_ms, slowest = max(queries or [(0.0, "")])
    figures: Json = {
        "shown": ID.sub(lambda found: _names.get(found.group(), "…"), call.shown),
        "who": call.who,
        "limit_ms": call.limit_ms,
        "best_ms": round(min(took), 1),
        "p50_ms": round(percentile(took, 0.5), 1),
        "p95_ms": round(percentile(took, 0.95), 1),
        "cpu_ms": round(1_000 * cpu / len(took), 1),
        "queries": len(queries),
    }
    print(json.dumps(figures), flush=True)
    if figures["p95_ms"] > call.limit_ms:
        print(f"    slowest query, {slowest_ms:.0f} ms: {slowest[:600]}", flush=True)
    return figures
