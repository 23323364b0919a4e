"""The task graph of a workflow: tasks to create, dependencies, inputs. Writes nothing.

A graph is loaded once and then kept up to date change by change: what a change costs does not depend on how many tasks
there are.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows import long_texts, statements
from workflows.errors import PipelineBroken
from workflows.lifecycle import TaskState
from workflows.models import Task, Workflow
from workflows.pipelines.base import Given, Item, Output, Outputs, Pipeline, Source, Step

Json = dict[str, Any]
Path = tuple[int, ...]  # a task's indices in the fan-outs, from 1: scene 2, shot 3 is (2, 3)

SHOTS_PER_SCENE_LIMIT = 10_000
STEPS_LIMIT = 100
TITLE_LENGTH = 100


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
        title=step.each.title_of(item)[:TITLE_LENGTH] if step.each else "",
        item=item,
    )


def first_tasks(workflow: Workflow, pipeline: Pipeline) -> list[Task]:
    """The tasks that a workflow starts with: those that do not wait for a fan-out."""
    return [new_task(workflow, pipeline, step, (), None) for step in pipeline.steps if step.each is None]


def grown_tasks(workflow: Workflow, pipeline: Pipeline, step_name: str, key: str, output: Json) -> list[Task]:
    """The tasks that the output of the task `key` of a step asks for."""
    return [
        new_task(workflow, pipeline, step, (*path_of(key), number), item)
        for step in pipeline.fanned_out_by(step_name)
        if step.each
        for number, item in enumerate(output[step.each.field], start=1)
    ]


@dataclass(slots=True, eq=False)
class Node:
    """What the graph knows of a task."""

    pk: int
    key: str
    step: str
    state: str
    position: int
    attempt: int = 0  # the number of its last one; 0 before the first
    not_before: datetime | None = None  # a ready task waits until then

    @property
    def path(self) -> Path:
        """Its indices in the fan-outs."""
        return path_of(self.key)


NODE_COLUMNS = ("pk", "key", "step", "state", "position", "attempt_count", "not_before")


class TaskGraph:
    """The tasks of one workflow, as they were at event `seq`."""

    def __init__(self, pipeline: Pipeline, nodes: Iterable[Node], seq: int = 0) -> None:
        """Raises: PipelineBroken when a task belongs to a step that the pipeline does not have."""
        self.pipeline = pipeline
        self.seq = seq
        self.by_key: dict[str, Node] = {}
        self.by_step: dict[str, list[Node]] = {step.name: [] for step in pipeline.steps}
        self.running: dict[str, Node] = {}  # by key
        self._counts: dict[str, Counter[str]] = {step.name: Counter() for step in pipeline.steps}  # by step, of states
        self._ready: dict[str, list[tuple[int, str]]] = {
            step.name: [] for step in pipeline.steps
        }  # heaps; may be stale
        self._positions: dict[str, list[int]] = {stage: [] for stage in pipeline.stages}  # of the tasks of each, sorted
        self._waiting: dict[str, dict[str, Node]] = {step.name: {} for step in pipeline.steps}  # pending ones, by key
        self._dependents: defaultdict[str, list[Node]] = defaultdict(list)  # by the key of what they take
        self._to_check: dict[str, Node] = {}  # pending ones that a change may have unblocked
        for node in nodes:
            self.add(node)

    @classmethod
    def load(cls, workflow: Workflow, pipeline: Pipeline) -> TaskGraph:
        """Reads it, without the outputs, which may be large.

        Raises: PipelineBroken.
        """
        rows = workflow.tasks.order_by("position").values_list(*NODE_COLUMNS)
        return cls(pipeline, (Node(*row) for row in rows), workflow.last_seq)

    def refresh(self, workflow: Workflow) -> None:
        """Takes over what other processes have changed since."""
        rows = workflow.tasks.filter(changed_seq__gt=self.seq).order_by("position").values_list(*NODE_COLUMNS)
        for row in rows:
            changed = Node(*row)
            if node := self.by_key.get(changed.key):
                node.attempt = changed.attempt
                self.set_state(node, changed.state, changed.not_before)
            else:
                self.add(changed)
        self.seq = workflow.last_seq

    # --- changing ---

    def add(self, node: Node) -> None:
        """Adds a task.

        Raises: PipelineBroken.
        """
        step = self.pipeline.by_name.get(node.step)
        if step is None:
            raise PipelineBroken(f"{self.pipeline.name} has no step {node.step!r} any more.")
        self.by_key[node.key] = node
        self.by_step[node.step].append(node)
        insort(self._positions[step.stage], node.position)
        for source in step.takes.values():
            if isinstance(source, Output):
                self._dependents[self.source_key(node.key, source)].append(node)
        self._counts[node.step][node.state] += 1
        self._enter(node)

    def set_state(self, node: Node, state: str, not_before: datetime | None = None) -> None:
        """Changes the state of a task."""
        self._leave(node)
        self._counts[node.step][node.state] -= 1
        node.state, node.not_before = state, not_before
        self._counts[node.step][state] += 1
        self._enter(node)
        if state == TaskState.COMPLETED:
            self._check_dependents(node)

    def _enter(self, node: Node) -> None:
        match node.state:
            case TaskState.PENDING:
                self._waiting[node.step][node.key] = self._to_check[node.key] = node
            case TaskState.READY:
                heapq.heappush(self._ready[node.step], (node.position, node.key))
            case TaskState.RUNNING:
                self.running[node.key] = node
            case _:
                pass

    def _leave(self, node: Node) -> None:
        self._waiting[node.step].pop(node.key, None)
        self._to_check.pop(node.key, None)
        self.running.pop(node.key, None)

    def _check_dependents(self, node: Node) -> None:
        for other in self._dependents.get(node.key, ()):
            if other.state == TaskState.PENDING:
                self._to_check[other.key] = other
        if self._is_done(node.step):
            for step in self.pipeline.steps:  # those that gather all outputs of a step that is closed now
                if any(isinstance(source, Outputs) for source in step.takes.values()):
                    self._to_check.update(self._waiting[step.name])

    # --- asking ---

    @property
    def nodes(self) -> Iterator[Node]:
        """All tasks."""
        return iter(self.by_key.values())

    def count(self, state: TaskState, step: str = "") -> int:
        """How many tasks, of one step or of all, are in a state."""
        if step:
            return self._counts[step][state]
        return sum(counts[state] for counts in self._counts.values())

    def index_in_stage(self, stage: str, position: int) -> int:
        """The place of the task with this position among the tasks of its stage, from 0."""
        return bisect_left(self._positions[stage], position)

    def is_closed(self, step: Step) -> bool:
        """Whether no task of this step will be added."""
        return step.each is None or self._is_done(step.each.step)

    def _is_done(self, step_name: str) -> bool:
        """Whether all tasks of a step are completed and none will be added."""
        is_completed = self._counts[step_name][TaskState.COMPLETED] == len(self.by_step[step_name])
        return is_completed and self.is_closed(self.pipeline.by_name[step_name])

    def is_over(self, stage: str) -> bool:
        """Whether all tasks of a stage are completed and none will be added."""
        return all(self._is_done(step.name) for step in self.pipeline.steps if step.stage == stage)

    def unblocked(self) -> list[Node]:
        """The pending tasks that wait for nothing any more, as far as a change since the last call may have freed them."""
        checked, self._to_check = self._to_check, {}
        return [node for node in checked.values() if self._is_unblocked(node)]

    def _is_unblocked(self, node: Node) -> bool:
        for source in self.pipeline.by_name[node.step].takes.values():
            match source:
                case Output():
                    if self.by_key[self.source_key(node.key, source)].state != TaskState.COMPLETED:
                        return False
                case Outputs(other):
                    if not self._is_done(other):
                        return False
                case _:
                    pass
        return True

    def first_ready(self, skills: Collection[str], now: datetime) -> Node | None:
        """The next task to do with one of these skills: by step and not by shot, so that people see all frames before
        clips are paid for.
        """
        for step in self.pipeline.steps:
            if step.skill in skills and (node := self._first_ready_of(step.name, now)):
                return node
        return None

    def _first_ready_of(self, step_name: str, now: datetime) -> Node | None:
        heap, delayed = self._ready[step_name], []
        first = None
        while heap and first is None:
            node = self.by_key[heap[0][1]]
            if node.state != TaskState.READY:
                heapq.heappop(heap)  # stale
            elif node.not_before and node.not_before > now:
                delayed.append(heapq.heappop(heap))
            else:
                first = node
        for entry in delayed:
            heapq.heappush(heap, entry)
        return first

    def source_key(self, key: str, source: Output) -> str:
        """The key of the task whose output the task `key` takes: the one of the same item, or of an outer one."""
        step = self.pipeline.by_name[source.step]
        return key_of(step, path_of(key)[: len(self.pipeline.scope(step))])


def input_of(node: Node, workflow: Workflow, graph: TaskGraph) -> Json:
    """What a task hands to its agent, gathered from the workflow's input, other tasks' outputs, and what a rerun says itself."""
    step = graph.pipeline.by_name[node.step]
    sources = step.takes.values()
    wanted = {graph.source_key(node.key, source) for source in sources if isinstance(source, Output)}
    if workflow.rerun_from or any(isinstance(source, Item) for source in sources):
        wanted.add(node.key)
    columns, own = ("key", "output", "item", "given"), {"workflow_id": workflow.pk}
    rows = statements.rows(Task, columns, own, "key", sorted(wanted)) if wanted else []
    outputs, items = {key: output for key, output, *_ in rows}, {key: item for key, _, item, _ in rows}
    given: Json = next((given for key, *_, given in rows if key == node.key), {})

    def value(source: Source) -> object:
        match source:
            case Given(field):
                return long_texts.whole(workflow, graph.pipeline, field)
            case Output(_, field):
                output: Any = outputs[graph.source_key(node.key, source)]
                return output[field] if field else output
            case Outputs(other):
                return list(workflow.tasks.filter(step=other).order_by("position").values_list("output", flat=True))
            case Item():
                return items[node.key]

    whole = workflow.input if step.takes_input else {}
    taken = {name: value(source) for name, source in step.takes.items() if name not in given}
    return {**whole, **taken, **given}
