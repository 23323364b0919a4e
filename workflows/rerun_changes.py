"""What a rerun does otherwise than before: checks what a person asks for. Writes nothing.

It changes the tasks of one item, of a shot for example: fields of the item itself (those that `Each.changeable` names), and
fields of the input of its tasks, such as the style.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from agents import registry, schemas
from workflows.errors import InvalidInput
from workflows.graph import Node, TaskGraph
from workflows.lifecycle import TaskState
from workflows.models import Workflow
from workflows.pipelines import inputs
from workflows.pipelines.base import Item, Output, Pipeline, Step

Json = dict[str, Any]

TEXT_LENGTH: Final = 1_000  # characters of each text


@dataclass(frozen=True, slots=True)
class Changes:
    """The keys of the tasks of the item; the changed item, if it is; and by key what a task gets itself."""

    keys: frozenset[str] = frozenset()
    item: Json | None = None
    given: dict[str, Json] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


def checked(source: Workflow, graph: TaskGraph, redone: set[str], from_task: str, asked: object) -> Changes:
    """The changes that `asked`, decoded JSON, means for the tasks of the item of `from_task`: input by input, None for none.

    What the tasks take as their item must be an object with the changed fields alone.
    Raises: InvalidInput, with a sentence for each field.
    """
    if asked is None:
        return Changes()
    asked = inputs.whole(asked)
    if not isinstance(asked, dict):
        raise InvalidInput("`with` must be an object.", fields={"with": "It must be an object."})
    _check_texts(asked)
    beside = _of_same_item(graph, graph.by_key[from_task])
    takers = {name: _takers(graph, beside, redone, name) for name in asked}
    inputs.refuse({name: f"{from_task} takes no {name!r} that may be changed." for name in asked if not takers[name]})
    items = {name for name in asked if isinstance(_step(graph, takers[name][0]).takes.get(name), Item)}
    item, names = None, sorted(set(asked) - items)
    for name in items:
        item = _changed_item(source, _step(graph, takers[name][0]), takers[name][0], name, asked[name])
        names += sorted(asked[name])
    given: dict[str, Json] = {}
    for name in set(asked) - items:
        for node in takers[name]:
            _check_given(source, graph, redone, node, name, asked[name])
            given.setdefault(node.key, {})[name] = asked[name]
    return Changes(frozenset(node.key for node in beside), item, given, names)


def renewed(graph: TaskGraph, from_task: str, asked: object) -> list[str]:
    """The keys of the tasks of the same item that are done again because of what is changed of it (`Each.renews`)."""
    beside = _of_same_item(graph, graph.by_key[from_task])
    each = _step(graph, beside[0]).each
    changed = [value for value in asked.values() if isinstance(value, dict)] if isinstance(asked, dict) else []
    steps = {step for name, step in each.renews if any(name in item for item in changed)} if each else set()
    return [node.key for node in beside if node.step in steps]


def _check_texts(asked: Json) -> None:
    fields = inputs.unreadable(asked)
    for name, value in asked.items():
        for at, entry in value.items() if isinstance(value, dict) else [(name, value)]:
            if any(len(text) > TEXT_LENGTH for text in inputs.texts_of(entry)):
                fields[at] = f"{str(at)[:80].capitalize()} is too long: at most {TEXT_LENGTH:,} characters. Shorten it."
    inputs.refuse(fields)


def _of_same_item(graph: TaskGraph, node: Node) -> list[Node]:
    """The tasks that were fanned out for the same item, in the order of the recipe."""
    scope = graph.pipeline.scope(_step(graph, node))
    return [
        other
        for step in graph.pipeline.steps
        if graph.pipeline.scope(step) == scope
        for other in graph.by_step[step.name]
        if other.path == node.path
    ]


def _step(graph: TaskGraph, node: Node) -> Step:
    return graph.pipeline.by_name[node.step]


def _takers(graph: TaskGraph, beside: list[Node], redone: set[str], name: str) -> list[Node]:
    """Those of the tasks that are done again and get something of this name that may be changed."""
    return [node for node in beside if node.key in redone and _may_change(graph.pipeline, _step(graph, node), name)]


def _may_change(pipeline: Pipeline, step: Step, name: str) -> bool:
    skill = registry.skill_named(step.skill)
    if skill is None or name not in schemas.fields_of(skill.input_schema):
        return False
    match step.takes.get(name):
        case Item():
            return bool(pipeline.scope(step)[-1].changeable)
        case Output(_, taken):
            return bool(taken)  # a whole output would be another task's work
        case None:
            return True
        case _:
            return False


def _changed_item(source: Workflow, step: Step, node: Node, name: str, changed: object) -> Json:
    """Raises InvalidInput."""
    changeable = step.each.changeable if step.each else ()
    if not isinstance(changed, dict):
        raise InvalidInput(f"{name.capitalize()} must be an object.", fields={name: "It must be an object."})
    may = f"Of a {name} you may change {', '.join(changeable)}."
    inputs.refuse({str(other)[:80]: may for other in sorted(set(changed) - set(changeable))})
    before: Any = source.tasks.values_list("item", flat=True).get(key=node.key)
    item: Json = {**before, **changed}
    inputs.refuse(inputs.schema_errors(_schema(step, name), item))
    return item


def _check_given(source: Workflow, graph: TaskGraph, redone: set[str], node: Node, name: str, value: object) -> None:
    """Raises InvalidInput for what does not fit, and for an artifact that is not of a task that `node` takes from."""
    schema = _schema(_step(graph, node), name)
    inputs.refuse(inputs.schema_errors({"properties": {name: schema}, "$defs": schema["$defs"]}, {name: value}))
    named = set(schemas.references(schema, value))
    taken = {
        key
        for key in taken_from(graph, _step(graph, node), node.key) - redone
        if graph.by_key[key].state == TaskState.COMPLETED  # of others, nothing is reused
    }
    made = source.artifacts.filter(task__key__in=taken).values_list("pk", flat=True) if named else ()
    if named - set(map(str, made)):
        from_what = f"what {' or '.join(sorted(taken))} has made" if taken else "what is finished and not made anew"
        raise InvalidInput(f"Choose one of {from_what}.", fields={name: f"Choose one of {from_what}."})


def _schema(step: Step, name: str) -> Json:
    skill = registry.skill_named(step.skill)
    return schemas.field_schema(skill.input_schema, name) if skill else {"$defs": {}}


def taken_from(graph: TaskGraph, step: Step, key: str) -> set[str]:
    """The tasks of the same item, or of an outer one, of which `key` takes the output."""
    return {graph.source_key(key, source) for source in step.takes.values() if isinstance(source, Output)}
