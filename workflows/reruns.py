"""Copies what a new workflow reuses of an earlier one: all outputs that do not depend on the task that is done again.

Artifacts get new rows that share the files; a file is deleted with the last row that names it (`artifacts.deletion`).
"""

from collections.abc import Iterable
from graphlib import TopologicalSorter
from typing import Any
from uuid import uuid4

from workflows.errors import InvalidInput
from workflows.graph import TaskGraph, key_of
from workflows.lifecycle import TaskState
from workflows.models import Artifact, Task, Workflow
from workflows.pipelines.base import Given, Output, Outputs, Pipeline, Step

Json = dict[str, Any]

ROWS_AT_ONCE = 500


def depending_on(graph: TaskGraph, key: str) -> set[str]:
    """The keys of the task `key` and of all tasks that take from it, directly or not.

    Raises: InvalidInput when there is no such task.
    """
    if key not in graph.by_key:
        raise InvalidInput(f"There is no task {key[:100]!r}.", fields={"from": "No such task."})
    found = {key}
    order = TopologicalSorter({step.name: set(step.waits_for()) for step in graph.pipeline.steps}).static_order()
    for step_name in order:
        step = graph.pipeline.by_name[step_name]
        is_gathering = any(
            isinstance(source, Outputs) and any(node.key in found for node in graph.by_step[source.step])
            for source in step.takes.values()
        )
        found |= {
            node.key for node in graph.by_step[step_name] if is_gathering or found & _taken_from(graph, step, node.key)
        }
    return found


def _taken_from(graph: TaskGraph, step: Step, key: str) -> set[str]:
    """The tasks of which `key` takes the output; and the one that it was fanned out by."""
    sources = {graph.source_key(key, source) for source in step.takes.values() if isinstance(source, Output)}
    parent = _parent(graph, step, key)
    return sources | {parent} if parent else sources


def _parent(graph: TaskGraph, step: Step, key: str) -> str:
    if step.each is None:
        return ""
    return key_of(graph.pipeline.by_name[step.each.step], graph.by_key[key].path[:-1])


def check_input(pipeline: Pipeline, graph: TaskGraph, redone: set[str], changed: set[str]) -> None:
    """Raises InvalidInput for a changed field of the input that only reused tasks have taken: it would have no effect."""
    steps = {graph.by_key[key].step for key in redone}
    fields = {}
    for field in sorted(changed):
        taking = [step.name for step in pipeline.steps if Given(field) in step.takes.values()]
        if taking and not steps.intersection(taking):
            fields[field] = f"{field.capitalize()} would have no effect: run again from {taking[0]}."
    if fields:
        raise InvalidInput(" ".join(fields.values()), fields=fields)


def copy(source: Workflow, target: Workflow, graph: TaskGraph, redone: set[str]) -> None:
    """Writes the tasks of `target`, which is saved: those of `source`, completed where they are reused, and their artifacts.

    Tasks that were fanned out by one that is done again are left out: its new output says which there will be.
    To be called with the lock on `source`, so that none of its artifacts is deleted meanwhile.
    """
    kept = [
        node.key
        for node in graph.nodes
        if not (step := graph.pipeline.by_name[node.step]).each or _parent(graph, step, node.key) not in redone
    ]
    reused = [key for key in kept if key not in redone and graph.by_key[key].state == TaskState.COMPLETED]
    artifacts = {
        str(artifact.pk): artifact
        for artifact in source.artifacts.select_related("task")
        if artifact.task.key in reused
    }
    ids = {artifact_id: uuid4() for artifact_id in artifacts}
    renamed = {old: str(new) for old, new in ids.items()}
    _copy_tasks(source, target, set(kept), set(reused), renamed)
    tasks = dict(target.tasks.values_list("key", "pk"))
    Artifact.objects.bulk_create(
        (
            Artifact(
                id=ids[old],
                workflow=target,
                task_id=tasks[artifact.task.key],
                name=artifact.name,
                kind=artifact.kind,
                media_type=artifact.media_type,
                file=artifact.file.name,
                size=artifact.size,
            )
            for old, artifact in artifacts.items()
        ),
        batch_size=ROWS_AT_ONCE,
    )


def _copy_tasks(source: Workflow, target: Workflow, kept: set[str], reused: set[str], renamed: dict[str, str]) -> None:
    def copies(tasks: Iterable[Task]) -> Iterable[Task]:
        for task in tasks:
            if task.key not in kept:
                continue
            copied = Task(
                workflow=target,
                key=task.key,
                step=task.step,
                stage=task.stage,
                skill=task.skill,
                position=task.position,
                title=task.title,
                item=_with_ids(task.item, renamed),
            )
            if task.key in reused:
                copied.state, copied.progress, copied.agent = TaskState.COMPLETED, 1.0, task.agent
                copied.output = _with_ids(task.output, renamed)
                copied.started_at, copied.finished_at = task.started_at, task.finished_at
            yield copied

    Task.objects.bulk_create(copies(source.tasks.order_by("position").iterator(ROWS_AT_ONCE)), batch_size=ROWS_AT_ONCE)


def _with_ids(value: object, renamed: dict[str, str]) -> object:
    """The JSON value with the ids of artifacts replaced by those of their copies."""
    match value:
        case str():
            return renamed.get(value, value)
        case list():
            return [_with_ids(each, renamed) for each in value]
        case dict():
            return {name: _with_ids(each, renamed) for name, each in value.items()}
        case _:
            return value
