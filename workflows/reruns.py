"""Copies what a new workflow reuses of an earlier one: all outputs that do not depend on the task that is done again.

Artifacts get new rows that share the files; a file is deleted with the last row that names it (`artifacts.deletion`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from graphlib import TopologicalSorter
from typing import Any, Final
from uuid import uuid4

import msgspec
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from workflows.errors import InvalidInput
from workflows.graph import TaskGraph, key_of
from workflows.lifecycle import TaskState
from workflows.models import Artifact, Task, Workflow
from workflows.pipelines import inputs
from workflows.pipelines.base import Given, Outputs, Pipeline, Step
from workflows.rerun_changes import Changes, taken_from

Json = dict[str, Any]
Entry = tuple[str, str, int]  # in an output: the task's key, the field with the list, the index in it

ROWS_AT_ONCE = 500
LARGEST_OUTPUT: Final = 10_000_000  # bytes of a file that is read for what is to be changed in it
NO_CHANGES: Final = Changes()


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
    sources = taken_from(graph, step, key)
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


@contextmanager
def new_files() -> Iterator[list[FieldFile]]:
    """Collects the files that `copy` writes; when the transaction within fails, they are deleted, as no row names them."""
    files: list[FieldFile] = []
    try:
        yield files
    except BaseException:
        for file in files:
            file.delete(save=False)
        raise


def copy(
    source: Workflow,
    target: Workflow,
    graph: TaskGraph,
    redone: set[str],
    changes: Changes = NO_CHANGES,
    files: list[FieldFile] | None = None,
) -> None:
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
    artifacts = list(source.artifacts.select_related("task"))
    copier = _Copier(target, set(kept), set(reused), changes, _changed_entry(graph, changes))
    copier.copy_tasks(source, {str(artifact.pk): artifact.task.key for artifact in artifacts})
    copier.copy_artifacts(artifacts, [] if files is None else files)


def _changed_entry(graph: TaskGraph, changes: Changes) -> Entry | None:
    """Where the changed item stands in the output that its tasks were fanned out by."""
    if changes.item is None:
        return None
    node = graph.by_key[min(changes.keys)]
    step = graph.pipeline.by_name[node.step]
    return (_parent(graph, step, node.key), step.each.field, node.path[-1] - 1) if step.each else None


class _Copier:
    """Copies the tasks and artifacts of a workflow, under new ids and with the changes."""

    def __init__(
        self, target: Workflow, kept: set[str], reused: set[str], changes: Changes, entry: Entry | None
    ) -> None:
        self.target, self.kept, self.reused = target, kept, reused
        self.changes, self.entry = changes, entry
        self.ids: dict[str, str] = {}  # of the artifacts that are reused: the new id by the old one
        self.lost: set[str] = set()  # the ids of the others
        self.changed_output: tuple[object, object] | None = None  # of the task that has the changed item: before, after

    def copy_tasks(self, source: Workflow, makers: dict[str, str]) -> None:
        """`makers`: the key of the task of each artifact."""
        self.ids = {artifact: str(uuid4()) for artifact, task in makers.items() if task in self.reused}
        self.lost = makers.keys() - self.ids.keys()
        tasks = source.tasks.order_by("position").iterator(ROWS_AT_ONCE)
        copies = (self._task(task) for task in tasks if task.key in self.kept)
        Task.objects.bulk_create(copies, batch_size=ROWS_AT_ONCE)

    def _task(self, task: Task) -> Task:
        is_changed = task.key in self.changes.keys and self.changes.item is not None
        copied = Task(
            workflow=self.target,
            key=task.key,
            step=task.step,
            stage=task.stage,
            skill=task.skill,
            position=task.position,
            title=task.title,
            item=_with_ids(self.changes.item if is_changed else task.item, self.ids),
            given=_with_ids(self._given(task), self.ids),
        )
        if task.key in self.reused:
            copied.state, copied.progress, copied.agent = TaskState.COMPLETED, 1.0, task.agent
            copied.output = _with_ids(self._output(task), self.ids)
            copied.started_at, copied.finished_at = task.started_at, task.finished_at
        return copied

    def _given(self, task: Task) -> Json:
        """What it got before, but for artifacts that are made anew; and what it gets now."""
        before = {name: value for name, value in task.given.items() if self.lost.isdisjoint(inputs.texts_of(value))}
        return before | self.changes.given.get(task.key, {})

    def _output(self, task: Task) -> object:
        if self.entry is None or task.key != self.entry[0]:
            return task.output
        _, name, index = self.entry
        before: Any = task.output
        after = {**before, name: [*before[name][:index], self.changes.item, *before[name][index + 1 :]]}
        self.changed_output = before, after
        return after

    def copy_artifacts(self, artifacts: Iterable[Artifact], files: list[FieldFile]) -> None:
        """Those of reused tasks; a file with the changed output is written anew, and added to `files`."""
        tasks = dict(self.target.tasks.values_list("key", "pk"))
        reused = (artifact for artifact in artifacts if artifact.task.key in self.reused)
        copies = [self._artifact(artifact, tasks[artifact.task.key], files) for artifact in reused]
        Artifact.objects.bulk_create(copies, batch_size=ROWS_AT_ONCE)

    def _artifact(self, artifact: Artifact, task: int, files: list[FieldFile]) -> Artifact:
        copied = Artifact(
            id=self.ids[str(artifact.pk)],
            workflow=self.target,
            task_id=task,
            name=artifact.name,
            kind=artifact.kind,
            media_type=artifact.media_type,
            file=artifact.file.name,
            size=artifact.size,
        )
        if self.entry and artifact.task.key == self.entry[0] and self._holds_output(artifact):
            self._write_output(copied, files)
        return copied

    def _holds_output(self, artifact: Artifact) -> bool:
        """Whether the file is the output that is changed, as JSON."""
        if artifact.media_type != "application/json" or artifact.size > LARGEST_OUTPUT or not self.changed_output:
            return False
        with artifact.file.open("rb") as file, suppress(msgspec.DecodeError):
            return bool(msgspec.json.decode(file.read()) == self.changed_output[0])
        return False

    def _write_output(self, artifact: Artifact, files: list[FieldFile]) -> None:
        after = _with_ids(self.changed_output[1] if self.changed_output else None, self.ids)
        written = msgspec.json.format(msgspec.json.encode(after), indent=2)
        artifact.file.save(artifact.name, ContentFile(written), save=False)
        files.append(artifact.file)
        artifact.size = len(written)


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
