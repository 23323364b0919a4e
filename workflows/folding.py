"""Which tasks a snapshot shows: all, or of a large workflow the TASKS_SHOWN that matter most. Reads only.

What is left out is counted, and can be read page by page. Tasks that run are never left out: so of one that a client has not
got, an event tells in which state it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from agents.timestamps import iso_or_none
from workflows.bodies import ErrorBody, FoldedTasks, StageBody, StageTask, TaskBody, TaskPage
from workflows.errors import InvalidInput
from workflows.lifecycle import TaskState
from workflows.models import Task, Workflow

TASKS_SHOWN: Final = 500
PAGE_TASKS: Final = 100

Json = dict[str, Any]

# What people look for first.
_FIRST: Final = (TaskState.RUNNING, TaskState.FAILED, TaskState.READY, TaskState.PENDING)
_RANK: Final = Case(
    *(When(state=state, then=Value(rank)) for rank, state in enumerate(_FIRST)),
    default=Value(len(_FIRST)),
    output_field=IntegerField(),
)


def stage_bodies(workflow: Workflow) -> list[Json]:
    """The stages as snapshots show them. One query; three for a workflow with more than TASKS_SHOWN tasks."""
    tasks = _tasks(workflow)
    first = list(tasks.order_by("position")[: TASKS_SHOWN + 1])
    if len(first) <= TASKS_SHOWN:
        bodies = [_stage_body(workflow, stage, _of_stage(first, stage), None) for stage in workflow.stages]
    else:
        counted = _count(workflow)
        running = sum(stage.by_state.get(TaskState.RUNNING, 0) for stage in counted.values())
        most = max(TASKS_SHOWN, running)
        shown = sorted(tasks.order_by(_RANK, "position")[:most], key=lambda task: task.position)
        bodies = [
            _stage_body(workflow, stage, _of_stage(shown, stage), counted.get(stage)) for stage in workflow.stages
        ]
    return [dict(msgspec.to_builtins(body)) for body in bodies]


def _tasks(workflow: Workflow) -> QuerySet[Task]:
    return workflow.tasks.defer("output", "item")  # which may be large


def _of_stage(tasks: Iterable[Task], stage: str) -> list[Task]:
    return [task for task in tasks if task.stage == stage]


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


def _stage_body(workflow: Workflow, stage: str, tasks: Sequence[Task], counted: _Counted | None) -> StageBody:
    bodies = [task_body(task) for task in tasks]
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


def task_body(task: Task) -> TaskBody:
    """A task as snapshots and `plan_grew` show it."""
    return TaskBody(
        key=task.key,
        skill=task.skill,
        agent=task.agent,
        state=_shown_state(task.state),
        progress=round(task.progress, 3),
        attempt=task.attempt_count,
        started_at=iso_or_none(task.started_at),
        finished_at=iso_or_none(task.finished_at),
        error=msgspec.convert(task.error, ErrorBody) if task.error else None,
    )


# --- pages ----------------------------------------------------------------------------------------


def task_page(workflow: Workflow, *, stage: str, cursor: str) -> Json:
    """The next PAGE_TASKS tasks in the order of the film: of one stage, or with "" of all.

    `cursor` is "", or `next` of the page before.
    Raises: InvalidInput.
    """
    if stage and stage not in workflow.stages:
        raise InvalidInput(f"There is no stage {stage[:80]!r}.", fields={"stage": "No such stage."})
    tasks = _tasks(workflow).filter(_after(cursor)).order_by("position", "pk")
    rows = list((tasks.filter(stage=stage) if stage else tasks)[: PAGE_TASKS + 1])
    shown = rows[:PAGE_TASKS]
    bodies = [StageTask(stage=task.stage, task=task_body(task)) for task in shown]
    following = f"{shown[-1].position}-{shown[-1].pk}" if len(rows) > PAGE_TASKS else None
    return dict(msgspec.to_builtins(TaskPage(tasks=bodies, next=following, seq=workflow.last_seq)))


def _after(cursor: str) -> Q:
    """Raises InvalidInput."""
    if not cursor:
        return Q()
    position, _, key = cursor.partition("-")
    if not (position.isdecimal() and key.isdecimal() and len(cursor) <= 40):
        raise InvalidInput("The cursor is not one of ours.", fields={"cursor": "Take `next` of the page before."})
    return Q(position__gt=int(position)) | Q(position=int(position), pk__gt=int(key))
