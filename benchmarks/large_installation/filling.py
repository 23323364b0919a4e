"""Fills a database with workflows as they are after months: most have ended, a few run or wait, one is very large."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from agents import registry
from agents.models import Agent, AgentSample
from workflows import pipelines
from workflows.models import Artifact, Attempt, Event, Task, Workflow

EVENTS, TASKS = 30, 5  # of each workflow
ARTIFACTS = 2  # of each task
LARGEST = 5_000  # tasks of one more workflow
OWNERS = 20
ROWS_AT_ONCE = 5_000
# Of most workflows, and of every hundredth.
STATES, ACTIVE = ("completed", "completed", "completed", "failed", "cancelled"), ("running", "pending", "paused")
STAGES = dict.fromkeys(pipelines.get("script2video").stages, "completed")


def is_filled(count: int) -> bool:
    """Whether an earlier run has filled the database."""
    return Workflow.objects.count() > count


def counts() -> dict[str, int]:
    """How many rows there are, and tasks of the largest workflow."""
    rows = {model._meta.model_name or "": model.objects.count() for model in (Workflow, Task, Artifact, Event)}  # noqa: SLF001
    return {**rows, "largest": LARGEST}


def fill(count: int) -> None:
    """Adds `count` workflows, and a large one."""
    created_at: Any = Workflow._meta.get_field("created_at")  # noqa: SLF001
    created_at.auto_now_add = False  # they were created long ago
    try:
        _fill(count)
    finally:
        created_at.auto_now_add = True


def _fill(count: int) -> None:
    registry.sync()
    _add_samples()
    owners = [User.objects.create(username=f"maker{number}") for number in range(OWNERS)]
    User.objects.create_superuser("admin")
    for start in range(0, count, 1_000):
        workflows = [_workflow(number, owners[number % OWNERS]) for number in range(start, min(start + 1_000, count))]
        Workflow.objects.bulk_create(workflows, ROWS_AT_ONCE)
        _add_parts(workflows, TASKS, EVENTS)
    largest = _workflow(count, owners[0])
    largest.title, largest.last_seq, largest.created_at = "The largest", 2 * LARGEST, timezone.now()
    largest.save(force_insert=True)
    _add_parts([largest], LARGEST, 2 * LARGEST)
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself after a while.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _add_samples() -> None:
    """What the agents did in a month: each minute of the last two days, and each quarter of an hour before."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    rows = [(60, now - timedelta(minutes=number)) for number in range(2 * 1_440)]
    rows += [(900, now - timedelta(days=2, minutes=15 * number)) for number in range(1, 28 * 96)]
    figures: Any = {"calls": 3, "total_seconds": 4.0, "max_seconds": 2.0, "durations": {"40": 2, "44": 1}}
    for agent in Agent.objects.all():
        samples = [AgentSample(agent=agent, seconds=seconds, minute=began, **figures) for seconds, began in rows]
        AgentSample.objects.bulk_create(samples, ROWS_AT_ONCE)


def _add_parts(workflows: list[Workflow], tasks: int, events: int) -> None:
    made = Task.objects.bulk_create([_task(each, n, tasks) for each in workflows for n in range(tasks)], ROWS_AT_ONCE)
    Attempt.objects.bulk_create([_attempt(task) for task in made if task.attempt_count], ROWS_AT_ONCE)
    artifacts = [_artifact(task, number) for task in made for number in range(ARTIFACTS)]
    Artifact.objects.bulk_create(artifacts, ROWS_AT_ONCE)
    Event.objects.bulk_create([_event(each, n) for each in workflows for n in range(events)], ROWS_AT_ONCE)


def _workflow(number: int, owner: User) -> Workflow:
    state = ACTIVE[number // 100 % len(ACTIVE)] if number % 100 == 0 else STATES[number % len(STATES)]
    now = timezone.now()
    has_ended = state not in ACTIVE
    workflow = Workflow(
        pipeline="script2video",
        title=f"Film number {number}",
        owner=owner,
        input={"script": "INT. KITCHEN - DAY\n" * 20, "requirement": "", "style": ""},
        search_text=("int. kitchen - day " * 20).strip(),
        stages=STAGES if has_ended else {**STAGES, "Frames": "running", "Clips": "pending", "Edit": "pending"},
        state=state,
        last_seq=EVENTS,
        progress=1.0 if has_ended else 0.5,
        message="Frame 4 of 10",
        started_at=now,
        finished_at=now if has_ended else None,
    )
    workflow.created_at = now - timedelta(minutes=number)
    return workflow


def _task(workflow: Workflow, number: int, of: int) -> Task:
    is_open = workflow.state in ACTIVE and number >= of - 2
    has_failed = workflow.state == "failed" and number == of - 1
    state = "pending" if is_open else "failed" if has_failed else "completed"
    return Task(
        workflow=workflow,
        key=f"frames/1.{number}",
        step="frames",
        stage="Frames",
        skill="select_frames",
        position=number,
        item={"shot": number},
        output={"frame": "x" * 200} if state == "completed" else None,
        state=state,
        progress=1.0 if state == "completed" else 0.0,
        agent="best_image_selector",
        attempt_count=0 if is_open else 1,
        changed_seq=min(number, EVENTS),
        error={"type": "AgentError", "message": "It did not work.", "retryable": False} if has_failed else None,
    )


def _attempt(task: Task) -> Attempt:
    now = timezone.now()
    return Attempt(
        task=task,
        number=1,
        agent=task.agent,
        runner="benchmark",
        state=task.state,
        lease_until=now,
        started_at=now,
        finished_at=now,
        seconds=1.0,
        error=task.error,
    )


def _artifact(task: Task, number: int) -> Artifact:
    kind = "frame" if task.position or number else "poster"
    return Artifact(
        workflow_id=task.workflow_id,
        task=task,
        name=f"{kind}-{number}.png",
        kind=kind,
        media_type="image/png",
        file=f"{uuid.uuid4()}.png",
        size=1_000,
    )


def _event(workflow: Workflow, number: int) -> Event:
    data = {"task": f"frames/1.{number}", "agent": "best_image_selector", "attempt": 1, "seconds": 1.0, "message": ""}
    kind = "task_started" if number % 2 else "task_finished"
    return Event(workflow=workflow, seq=number + 1, kind=kind, data=data, created_at=timezone.now())
