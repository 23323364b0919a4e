"""Which tasks and artifacts a snapshot shows: all, or of a large workflow those that matter most. Reads only.

What is left out is counted, and can be read page by page. Tasks that run are never left out: so of one that a client has not
got, an event tells in which state it was.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from agents.contract import ArtifactKind
from agents.timestamps import iso_or_none
from workflows.artifacts.links import signed_artifact_url
from workflows.bodies import ArtifactBody, ErrorBody, FoldedTasks, StageBody, StageTask, TaskBody, TaskPage, UsageBody
from workflows.errors import InvalidInput
from workflows.lifecycle import TaskState
from workflows.models import Artifact, Task, Workflow

TASKS_SHOWN: Final = 500
ARTIFACTS_SHOWN: Final = 500
PAGE_TASKS: Final = 100
PAGE_ARTIFACTS: Final = 200

Json = dict[str, Any]

# What people look for first.
_FIRST: Final = (TaskState.INPUT_REQUIRED, TaskState.RUNNING, TaskState.FAILED, TaskState.READY, TaskState.PENDING)
RANK: Final = Case(
    *(When(state=state, then=Value(rank)) for rank, state in enumerate(_FIRST)),
    default=Value(len(_FIRST)),
    output_field=IntegerField(),
)


def stage_bodies(workflow: Workflow) -> list[Json]:
    """The stages as snapshots show them. Two queries; three for a workflow with more than TASKS_SHOWN tasks."""
    tasks = workflow.tasks.order_by("position")
    counted = _count(workflow) if tasks[TASKS_SHOWN:].exists() else {}
    if counted:
        running = sum(stage.by_state.get(TaskState.RUNNING, 0) for stage in counted.values())
        tasks = tasks.order_by(RANK, "position")[: max(TASKS_SHOWN, running)]
    shown: defaultdict[str, list[TaskBody]] = defaultdict(list)
    for row in sorted(tasks.values_list("position", "stage", *COLUMNS), key=itemgetter(0)):
        shown[row[1]].append(_body(*row[2:]))
    bodies = [_stage_body(workflow, stage, shown[stage], counted.get(stage)) for stage in workflow.stages]
    return [dict(msgspec.to_builtins(body)) for body in bodies]


@dataclass(slots=True)
class _Counted:
    """All tasks of a stage."""

    by_state: dict[str, int] = field(default_factory=dict)  # as on the wire
    skills: dict[str, str] = field(default_factory=dict)  # by step

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


def _count(workflow: Workflow) -> dict[str, _Counted]:
    rows = workflow.tasks.order_by("step", "state").values_list("stage", "step", "skill", "state")
    counted: dict[str, _Counted] = {}
    for stage, step, skill, state, count in rows.annotate(Count("pk")):
        stage_counted = counted.setdefault(stage, _Counted())
        stage_counted.skills[step] = skill
        shown = _shown_state(state)
        stage_counted.by_state[shown] = stage_counted.by_state.get(shown, 0) + count
    return counted


def _stage_body(workflow: Workflow, stage: str, bodies: list[TaskBody], counted: _Counted | None) -> StageBody:
    total, fractions = len(bodies), sum(body.progress for body in bodies)
    folded = None
    if counted and counted.total > total:
        folded = FoldedTasks(counts=counted.by_state, steps=counted.skills)
        total = counted.total
        running = sum(body.progress for body in bodies if body.state == TaskState.RUNNING)
        fractions = counted.by_state.get(TaskState.COMPLETED, 0) + running
    progress = round(fractions / total, 4) if total else 0.0
    return StageBody(name=stage, state=workflow.stages[stage], progress=progress, tasks=bodies, folded=folded)


def _shown_state(state: str) -> str:
    """`ready` is shown as pending: both wait, for an agent or for tasks."""
    return TaskState.PENDING.value if state == TaskState.READY else str(state)


# What a body is made of: not `item` and `output`, which may be large.
COLUMNS: Final = (
    *("key", "skill", "agent", "state", "progress"),
    *("attempt_count", "started_at", "finished_at", "error", "question", "title", "usage"),
)


def task_body(task: Task) -> TaskBody:
    """A task as snapshots and `plan_grew` show it."""
    return _body(*(getattr(task, column) for column in COLUMNS))


def _body(
    key: str,
    skill: str,
    agent: str,
    state: str,
    progress: float,
    attempt: int,
    started_at: datetime | None,
    finished_at: datetime | None,
    error: Json | None,
    question: str,
    title: str,
    usage: Json | None,
) -> TaskBody:
    return TaskBody(
        key=key,
        skill=skill,
        agent=agent,
        state=_shown_state(state),
        progress=round(progress, 3),
        attempt=attempt,
        started_at=iso_or_none(started_at),
        finished_at=iso_or_none(finished_at),
        error=msgspec.convert(error, ErrorBody) if error else None,
        question=question,
        title=title,
        usage=msgspec.convert(usage, UsageBody) if usage else None,
    )


# --- artifacts ------------------------------------------------------------------------------------

# Of these a film has many; the others are few, and needed as soon as the page opens.
_MANY: Final = (
    ArtifactKind.CHARACTER,
    ArtifactKind.FRAME,
    ArtifactKind.CHOICE,
    ArtifactKind.SPEECH,
    ArtifactKind.CLIP,
)
_OF_MANY: Final = Case(When(kind__in=_MANY, then=Value(1)), default=Value(0), output_field=IntegerField())


def shown_artifacts(workflow: Workflow) -> tuple[list[Json], bool]:
    """The artifacts that a snapshot shows, the newest last, and whether it leaves some out. Two queries."""
    by_worth = workflow.artifacts.order_by(_OF_MANY, "-created_at", "-pk")
    keys = list(by_worth.values_list("pk", flat=True)[: ARTIFACTS_SHOWN + 1])
    shown = workflow.artifacts.filter(pk__in=keys[:ARTIFACTS_SHOWN]).order_by("created_at", "pk")
    return _artifact_bodies(workflow, shown), len(keys) > ARTIFACTS_SHOWN


def artifact_page(workflow: Workflow, *, cursor: str) -> Json:
    """The next PAGE_ARTIFACTS artifacts, the oldest first. `cursor` is "", or `next` of the page before.

    Raises: InvalidInput.
    """
    following = workflow.artifacts.filter(_made_after(cursor)).order_by("created_at", "pk")
    places = list(following.values_list("created_at", "pk")[: PAGE_ARTIFACTS + 1])
    shown = places[:PAGE_ARTIFACTS]
    rows = workflow.artifacts.filter(pk__in=[key for _, key in shown]).order_by("created_at", "pk")
    last = f"{shown[-1][0].isoformat()}_{shown[-1][1]}" if len(places) > PAGE_ARTIFACTS else None
    return {"artifacts": _artifact_bodies(workflow, rows), "next": last}


def _artifact_bodies(workflow: Workflow, artifacts: QuerySet[Artifact]) -> list[Json]:
    rows = artifacts.values_list("pk", "name", "kind", "media_type", "task__key")
    return [_artifact_body(str(workflow.pk), str(key), *columns) for key, *columns in rows]


def _made_after(cursor: str) -> Q:
    """Raises InvalidInput."""
    if not cursor:
        return Q()
    moment, _, key = cursor.partition("_")
    try:
        made, last = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        raise _foreign_cursor() from None
    if made.tzinfo is None:
        raise _foreign_cursor()
    return Q(created_at__gt=made) | Q(created_at=made, pk__gt=last)


def artifact_body(artifact: Artifact) -> Json:
    """An artifact as snapshots show it, with a link that is good for an hour."""
    columns = (artifact.name, artifact.kind, artifact.media_type, artifact.task.key)
    return _artifact_body(str(artifact.workflow_id), str(artifact.pk), *columns)


def _artifact_body(workflow_id: str, artifact_id: str, name: str, kind: str, media_type: str, task: str) -> Json:
    url = signed_artifact_url(workflow_id, artifact_id)
    body = ArtifactBody(id=artifact_id, name=name, kind=kind, media_type=media_type, task=task, url=url)
    return msgspec.structs.asdict(body)


# --- pages of tasks ----------------------------------------------------------------------------------------


def task_page(workflow: Workflow, *, stage: str, cursor: str) -> Json:
    """The next PAGE_TASKS tasks in the order of the film: of one stage, or with "" of all.

    `cursor` is "", or `next` of the page before.
    Raises: InvalidInput.
    """
    if stage and stage not in workflow.stages:
        raise InvalidInput(f"There is no stage {stage[:80]!r}.", fields={"stage": "No such stage."})
    tasks = workflow.tasks.filter(_after(cursor)).order_by("position", "pk")
    chosen = tasks.filter(stage=stage) if stage else tasks
    rows = list(chosen.values_list("position", "pk", "stage", *COLUMNS)[: PAGE_TASKS + 1])
    shown = rows[:PAGE_TASKS]
    bodies = [StageTask(stage=row[2], task=_body(*row[3:])) for row in shown]
    following = "{}-{}".format(*shown[-1]) if len(rows) > PAGE_TASKS else None
    return dict(msgspec.to_builtins(TaskPage(tasks=bodies, next=following, seq=workflow.last_seq)))


def _after(cursor: str) -> Q:
    """Raises InvalidInput."""
    if not cursor:
        return Q()
    position, _, key = cursor.partition("-")
    if not (position.isdecimal() and key.isdecimal() and len(cursor) <= 40):
        raise _foreign_cursor()
    return Q(position__gt=int(position)) | Q(position=int(position), pk__gt=int(key))


def _foreign_cursor() -> InvalidInput:
    return InvalidInput("The cursor is not one of ours.", fields={"cursor": "Take `next` of the page before."})
