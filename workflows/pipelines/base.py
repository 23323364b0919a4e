"""What a pipeline is made of: stages, and steps that declare their inputs.

A step waits for exactly what it takes; there is no second list of dependencies that could disagree.
Registering a pipeline checks it: unknown steps, fields and stages, missing inputs and cycles are refused. Agents may come
later: what a step hands to a skill is checked as soon as some agent has that skill.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import msgspec

from agents import registry, schemas
from workflows.errors import PipelineBroken

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """A field of the workflow's input."""

    field: str


@dataclass(frozen=True, slots=True)
class Output:
    """What another step gave; of a fanned-out step, the task for the same item. With `field`, only that field."""

    step: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Outputs:
    """What all tasks of a fanned-out step gave, in order, once none can be added."""

    step: str


@dataclass(frozen=True, slots=True)
class Item:
    """What the task was fanned out for."""


@dataclass(frozen=True, slots=True)
class Each:
    """Fan out: one task for each entry of a list that another step gives.

    `expected` is the number assumed until it is known: a number, or a field of the input. `title` is the field of an entry
    that names it for people, where it has one. `changeable` are the fields that a person may change in a rerun, and `renews`
    names, for some of them, a step that such a change does again wherever the rerun begins: (field, step).
    """

    step: str
    field: str
    expected: int | Given
    changeable: tuple[str, ...] = ()
    title: str = ""
    renews: tuple[tuple[str, str], ...] = ()

    def title_of(self, entry: object) -> str:
        """The name of an entry for people, or ""."""
        named = entry.get(self.title) if isinstance(entry, dict) else None
        return " ".join(named.split()) if isinstance(named, str) else ""


Source = Given | Output | Outputs | Item


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of task. `seconds` is what one of it costs until history knows better (offline, 2 cores).

    `skill` is the id of a skill, or `<agent>/<id>` where only this agent will do.
    """

    name: str
    stage: str
    skill: str
    takes: Mapping[str, Source]
    seconds: float
    each: Each | None = None
    takes_input: bool = False  # all fields of the workflow's input, too

    def waits_for(self) -> Iterator[str]:
        """The names of the steps that this one takes from."""
        if self.each:
            yield self.each.step
        for source in self.takes.values():
            if isinstance(source, Output | Outputs):
                yield source.step

    def without(self, others: Collection[str]) -> Step:
        """The same step, where there are no such other ones to take from."""
        takes = {
            name: source
            for name, source in self.takes.items()
            if not (isinstance(source, Output | Outputs) and source.step in others)
        }
        return replace(self, takes=takes)

    def takes_from(self, kind: type[Output] | type[Outputs]) -> list[str]:
        """The names of the steps of which it takes this, each once."""
        return list(dict.fromkeys(source.step for source in self.takes.values() if isinstance(source, kind)))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What can be told of a workflow before it starts.

    `counts` says how many entries the lists will have over which steps fan out, by their fields, as far as that is
    known: {"shots": 10}. `remarks` are sentences about an input that can be used, but may not be meant like that.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    film_seconds: float | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pipeline:
    """A recipe: how an input becomes stages and tasks.

    The input is given as a msgspec type, `takes`, or else as a JSON Schema (2020-12) of an object, `input_schema`.
    """

    name: str
    title: str
    description: str
    stages: tuple[str, ...]
    steps: tuple[Step, ...]
    title_of: Callable[[Any], str]  # a workflow's title, from its input
    takes: type[msgspec.Struct] | None = None
    input_schema: Json = field(default_factory=dict)  # without references
    # What can be told of it before it starts. May take some seconds.
    outlook_of: Callable[[Any], Outlook] = lambda _given: Outlook()
    # Fields of the input with texts that may be as long as a book: kept apart, and shown by their beginnings only.
    long_fields: tuple[str, ...] = ()
    titled_by: Output | None = None  # the field of a step that names what is made: the title from then on
    # What of an input is too much for a film, beyond its schema: a sentence for each field. Must not take long.
    excess_of: Callable[[Any], dict[str, str]] = lambda _given: {}

    def __post_init__(self) -> None:
        """Derives the schema of an input that is given as a type."""
        if self.takes:
            object.__setattr__(self, "input_schema", schemas.inlined(msgspec.json.schema(self.takes)))

    @cached_property
    def by_name(self) -> dict[str, Step]:
        """Every step by its name."""
        return {step.name: step for step in self.steps}

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each step stands in the recipe, from 0."""
        return {step.name: number for number, step in enumerate(self.steps)}

    def value_of(self, given: Json, field: str) -> object:
        """A field of an input; its default where the workflow was begun by a version that did not know the field."""
        return given[field] if field in given else self.input_schema["properties"][field]["default"]

    def within(self, stages: Collection[str]) -> Pipeline:
        """The recipe as it was when it had only these stages: for a workflow that began before others were added.

        What a step takes of the steps that are left out is left to the default of its skill.
        """
        if set(stages) >= set(self.stages):
            return self
        there = {step.name for step in self.steps if step.stage in stages}
        steps = tuple(step.without(set(self.by_name) - there) for step in self.steps if step.name in there)
        return replace(self, stages=tuple(stage for stage in self.stages if stage in stages), steps=steps)

    def scope(self, step: Step) -> tuple[Each, ...]:
        """The fan-outs around a step, outermost first; () when there is one task of it."""
        if step.each is None:
            return ()
        return (*self.scope(self.by_name[step.each.step]), step.each)

    def fanned_out_by(self, step_name: str) -> list[Step]:
        """The steps that get tasks when a task of `step_name` has given its output."""
        return [step for step in self.steps if step.each and step.each.step == step_name]


def check(pipeline: Pipeline) -> None:
    """Raises PipelineBroken with a sentence that names the step and what is wrong with it.

    What it asks of skills that no agent has yet is not looked at.
    """
    names = [step.name for step in pipeline.steps]
    if duplicates := {name for name in names if names.count(name) > 1}:
        raise PipelineBroken(f"{pipeline.name}: more than one step is named {', '.join(sorted(duplicates))}.")
    for step in pipeline.steps:
        _check_step(pipeline, step)
    _check_cycles(pipeline)
    for step in pipeline.steps:
        _check_scopes(pipeline, step)


def _check_step(pipeline: Pipeline, step: Step) -> None:
    where = f"{pipeline.name}, step {step.name}"
    if step.stage not in pipeline.stages:
        raise PipelineBroken(f"{where}: there is no stage {step.stage!r}.")
    if unknown := set(step.waits_for()) - set(pipeline.by_name):
        raise PipelineBroken(f"{where}: takes from {', '.join(sorted(unknown))}, which is no step.")
    if skill := registry.skill_named(step.skill):
        _check_taken(step, skill.input_schema, where)
    for source in (*step.takes.values(), *([step.each] if step.each else [])):
        _check_source(pipeline, source, where)


def _check_taken(step: Step, schema: Json, where: str) -> None:
    surplus = set(step.takes) - set(schemas.fields_of(schema))
    if surplus and not schemas.takes_others(schema):
        raise PipelineBroken(f"{where}: {step.skill} does not take {', '.join(sorted(surplus))}.")
    lacking = schemas.required_of(schema) - set(step.takes)
    if lacking and not step.takes_input:
        raise PipelineBroken(f"{where}: {step.skill} needs {', '.join(sorted(lacking))}.")


def _check_source(pipeline: Pipeline, source: Source | Each, where: str) -> None:
    match source:
        case Given(name):
            owner, schema = "the input", pipeline.input_schema
        case Output(step, name) | Each(step, name):
            skill = registry.skill_named(pipeline.by_name[step].skill)
            if skill is None:
                return
            owner, schema = step, skill.output_schema
        case _:
            return
    if name and name not in schemas.fields_of(schema):
        raise PipelineBroken(f"{where}: {owner} has no field {name!r}.")


def _check_cycles(pipeline: Pipeline) -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = " → ".join((*path[path.index(name) :], name))
            raise PipelineBroken(f"{pipeline.name}: steps wait for each other: {circle}.")
        if name not in done:
            for other in pipeline.by_name[name].waits_for():
                visit(other, (*path, name))
            done.add(name)

    for step in pipeline.steps:
        visit(step.name, ())


def _check_scopes(pipeline: Pipeline, step: Step) -> None:
    where = f"{pipeline.name}, step {step.name}"
    mine = pipeline.scope(step)
    for source in step.takes.values():
        match source:
            case Output(other):
                theirs = pipeline.scope(pipeline.by_name[other])
                if mine[: len(theirs)] != theirs:
                    raise PipelineBroken(f"{where}: {other} has many tasks; take Outputs, or fan out with it.")
            case Outputs(other):
                if not pipeline.scope(pipeline.by_name[other]):
                    raise PipelineBroken(f"{where}: {other} has one task; take Output.")
            case Item():
                if not step.each:
                    raise PipelineBroken(f"{where}: takes an item, but does not fan out.")
            case _:
                pass
