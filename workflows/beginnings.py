"""The snapshot of a workflow before its first event: with its whole log applied, it is the present one. Reads only.

So a client can show any moment of a workflow by the same rules by which it follows a running one.
"""

from collections import defaultdict
from typing import Any, Final

import msgspec

from workflows import folding, pipelines, progress, snapshots
from workflows.bodies import StageBody, TaskBody
from workflows.errors import InvalidInput, UnknownPipeline
from workflows.lifecycle import TaskState, WorkflowState
from workflows.models import Task, Workflow
from workflows.pipelines import inputs

Json = dict[str, Any]

# What events change.
FIRST: Final[Json] = {
    "state": WorkflowState.PENDING.value,
    "progress": 0.0,
    "stage": "",
    "message": progress.STATE_MESSAGES[WorkflowState.PENDING],
    "eta": None,
    "elapsed": 0.0,
    "queue": None,
    "seq": 0,
    "started_at": None,
    "finished_at": None,
    "artifacts_folded": False,
    "watchers": 0,
    "error": None,
    "usage": None,
    "reruns": [],
    "waiting_for": None,
}


def beginning(workflow: Workflow) -> Json:
    """The snapshot at seq 0. No stage is folded: of a large workflow all tasks can be had by the log."""
    return {
        **snapshots.workflow_summary(workflow),
        "title": _first_title(workflow),
        "input": workflow.input,
        "rerun_of": snapshots.rerun_of(workflow),
        "estimated": workflow.estimated,
        "stages": _stages(workflow),
        "artifacts": _reused_artifacts(workflow),
        **FIRST,
    }


def _first_title(workflow: Workflow) -> str:
    """That of its input, where it has got another one since then."""
    if not workflow.events.filter(kind="workflow_titled").exists():
        return workflow.title
    try:
        recipe = pipelines.get(workflow.pipeline)
        return recipe.title_of(inputs.checked(recipe, workflow.input))
    except (UnknownPipeline, InvalidInput):  # of an earlier version
        return workflow.title


def _stages(workflow: Workflow) -> list[Json]:
    by_stage: defaultdict[str, list[TaskBody]] = defaultdict(list)
    for task in workflow.tasks.exclude(key__in=_grown_keys(workflow)).order_by("position").defer("item", "output"):
        by_stage[task.stage].append(_body(task))
    return [dict(msgspec.to_builtins(_stage(name, by_stage[name]))) for name in workflow.stages]


def _grown_keys(workflow: Workflow) -> list[str]:
    """Of the tasks that were added later."""
    grown = workflow.events.filter(kind="plan_grew").values_list("data", flat=True)
    return [each["task"]["key"] for data in grown for each in data["tasks"]]


def _body(task: Task) -> TaskBody:
    """A task as it was at first: completed without an attempt if it is reused of an earlier workflow, else pending."""
    is_reused = task.state == TaskState.COMPLETED and task.attempt_count == 0
    return folding.task_body(task if is_reused else Task(key=task.key, skill=task.skill))


def _stage(name: str, tasks: list[TaskBody]) -> StageBody:
    done = sum(task.progress for task in tasks) / max(len(tasks), 1)
    return StageBody(name=name, state=TaskState.PENDING.value, progress=round(done, 4), tasks=tasks)


def _reused_artifacts(workflow: Workflow) -> list[Json]:
    reused = workflow.artifacts.filter(task__state=TaskState.COMPLETED, task__attempt_count=0)
    return [folding.artifact_body(artifact) for artifact in reused.select_related("task").order_by("created_at", "pk")]
