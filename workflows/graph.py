"""The task graph of a workflow: tasks to create, dependencies, inputs. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workflows.lifecycle import TaskState
from workflows.models import Task, Workflow
from workflows.pipelines.base import Given, Item, Output, Outputs, Pipeline, Source, Step

Json = dict[str, Any]
Path = tuple[int, ...]  # a task's indices in the fan-outs, from 1: scene 2, shot 3 is (2, 3)

SHOTS_PER_SCENE_LIMIT = 10_000
STEPS_LIMIT = 100


def key_of(step: Step, path: Path) -> str:
    """A task's key: `plan`, `storyboard/2`, `frames/2.3`."""
    return f"{step.name}/{'.'.join(map(str, path))}" if path else step.name


def path_of(key: str) -> Path:
    """The reverse of `key_of`."""
    _, _, numbers = key.partition("/")
    return tuple(int(number) for number in numbers.split(".")) if numbers else ()


def position_of(pipeline: Pipeline, step: Step, path: Path) -> int:
    """Orders tasks within a stage: by item first, then by the recipe."""
    first, second = (*path, 0, 0)[:2]
    return (first * SHOTS_PER_SCENE_LIMIT + second) * STEPS_LIMIT + pipeline.index[step.name]


def new_task(workflow: Workflow, pipeline: Pipeline, step: Step, path: Path, item: object) -> Task:
    """A task that is not saved yet."""
    return Task(
        workflow=workflow,
        key=key_of(step, path),
        step=step.name,
        stage=step.stage,
        skill=step.skill,
        position=position_of(pipeline, step, path),
        item=item,
    )


def first_tasks(workflow: Workflow, pipeline: Pipeline) -> list[Task]:
    """The tasks that a workflow starts with: those that do not wait for a fan-out."""
    return [new_task(workflow, pipeline, step, (), None) for step in pipeline.steps if step.each is None]


def grown_tasks(workflow: Workflow, pipeline: Pipeline, parent: Task, output: Json) -> list[Task]:
    """The tasks that a finished task's output asks for."""
    return [
        new_task(workflow, pipeline, step, (*path_of(parent.key), number), item)
        for step in pipeline.fanned_out_by(parent.step)
        if step.each
        for number, item in enumerate(output[step.each.field], start=1)
    ]


@dataclass(frozen=True, slots=True)
class Node:
    """What the graph needs to know of a task."""

    pk: int
    key: str
    step: str
    state: str
    progress: float
    attempt: int  # the number of its last one; 0 before the first

    @property
    def path(self) -> Path:
        """Its indices in the fan-outs."""
        return path_of(self.key)


class TaskGraph:
    """The tasks of one workflow, as they are now."""

    def __init__(self, pipeline: Pipeline, nodes: list[Node]) -> None:
        self.pipeline = pipeline
        self.by_key = {node.key: node for node in nodes}
        self.by_step: dict[str, list[Node]] = {step.name: [] for step in pipeline.steps}
        for node in nodes:
            self.by_step[node.step].append(node)

    @classmethod
    def load(cls, workflow: Workflow, pipeline: Pipeline) -> TaskGraph:
        """Reads it, without the outputs, which may be large."""
        rows = workflow.tasks.order_by("position").values_list(
            "pk", "key", "step", "state", "progress", "attempt_count"
        )
        return cls(pipeline, [Node(*row) for row in rows])

    @property
    def nodes(self) -> Iterator[Node]:
        """All tasks."""
        return iter(self.by_key.values())

    def count(self, state: TaskState) -> int:
        """How many tasks are in a state."""
        return sum(node.state == state for node in self.nodes)

    def is_closed(self, step: Step) -> bool:
        """Whether no task of this step will be added."""
        if step.each is None:
            return True
        parent = self.pipeline.by_name[step.each.step]
        return self.is_closed(parent) and all(node.state == TaskState.COMPLETED for node in self.by_step[parent.name])

    def is_over(self, stage: str) -> bool:
        """Whether all tasks of a stage are completed and none will be added."""
        steps = [step for step in self.pipeline.steps if step.stage == stage]
        return all(
            self.is_closed(step) and all(node.state == TaskState.COMPLETED for node in self.by_step[step.name])
            for step in steps
        )

    def unblocked(self) -> list[Node]:
        """The pending tasks that wait for nothing any more."""
        open_steps = {step.name: self._gathered_are_done(step) for step in self.pipeline.steps}
        return [
            node
            for node in self.nodes
            if node.state == TaskState.PENDING and open_steps[node.step] and self._own_inputs_are_done(node)
        ]

    def _gathered_are_done(self, step: Step) -> bool:
        gathered = [self.pipeline.by_name[s.step] for s in step.takes.values() if isinstance(s, Outputs)]
        return all(
            self.is_closed(other) and all(node.state == TaskState.COMPLETED for node in self.by_step[other.name])
            for other in gathered
        )

    def _own_inputs_are_done(self, node: Node) -> bool:
        sources = self.pipeline.by_name[node.step].takes.values()
        return all(
            self.by_key[self.source_key(node.key, source)].state == TaskState.COMPLETED
            for source in sources
            if isinstance(source, Output)
        )

    def source_key(self, key: str, source: Output) -> str:
        """The key of the task whose output the task `key` takes: the one of the same item, or of an outer one."""
        step = self.pipeline.by_name[source.step]
        return key_of(step, path_of(key)[: len(self.pipeline.scope(step))])


def input_of(task: Task, pipeline: Pipeline, graph: TaskGraph) -> Json:
    """What a task hands to its agent, gathered from the workflow's input and other tasks' outputs."""
    workflow, step = task.workflow, pipeline.by_name[task.step]
    wanted = {graph.source_key(task.key, source) for source in step.takes.values() if isinstance(source, Output)}
    outputs = dict(workflow.tasks.filter(key__in=wanted).values_list("key", "output"))

    def value(source: Source) -> object:
        match source:
            case Given(field):
                return workflow.input[field]
            case Output(_, field):
                output: Any = outputs[graph.source_key(task.key, source)]
                return output[field] if field else output
            case Outputs(other):
                return list(workflow.tasks.filter(step=other).order_by("position").values_list("output", flat=True))
            case Item():
                return task.item

    return {name: value(source) for name, source in step.takes.items()}
