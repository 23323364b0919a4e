"""The messages and bodies as JSON Schemas, for the AsyncAPI and the OpenAPI document."""

from collections.abc import Collection, Iterator
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from realtime.wire import messages as wire
from realtime.wire.export.choices import exported_choices
from workflows import events
from workflows.lifecycle import WorkflowState, allowed_actions

Json = dict[str, Any]
SCHEMAS: Final = "#/components/schemas/{name}"


def schemas_of(structs: Collection[Any]) -> Json:
    """The JSON Schemas of these structs (or lists of them) and of all that they refer to, by name.

    An event's `data` is typed by its `kind`, and each closed set of values is a schema of its own.
    """
    kinds = [_event_of(kind, payload) for kind, payload in events.KINDS.items()]
    _, schemas = msgspec.json.schema_components([*structs, *kinds], ref_template=SCHEMAS)
    for payload in events.KINDS.values():  # the kind stands beside the payload, not in it
        _drop_kind(schemas[payload.__name__])
    schemas["EventMessage"] = _any_event([kind.__name__ for kind in kinds])
    return name_choices(schemas)


def reference(name: str) -> Json:
    """The reference to the schema of that name."""
    return {"$ref": SCHEMAS.format(name=name)}


def _event_of(kind: str, payload: type[Struct]) -> type[Struct]:
    return msgspec.defstruct(
        f"{payload.__name__}Event",
        [("kind", Literal[kind]), ("data", payload)],
        bases=(wire.EventMessage,),
        tag="event",
        kw_only=True,
        namespace={"__doc__": payload.__doc__},
    )


def _drop_kind(schema: Json) -> None:
    schema["properties"].pop("kind")
    schema["required"].remove("kind")


def _any_event(names: list[str]) -> Json:
    return {"title": "EventMessage", "oneOf": [reference(name) for name in names]}


def name_choices(schemas: Json) -> Json:
    """The schemas with each closed set of values as a schema of its own, referred to by its name. Changes them."""
    choices = exported_choices()
    for node in list(_nodes(list(schemas.values()))):
        name = node.get("title")
        if not isinstance(name, str) or node.get("type") not in (None, "string"):
            continue
        if "enum" in node:
            choices[name] = node["enum"]
        if name in choices:
            kept = {key: value for key, value in node.items() if key == "description"}
            node.clear()
            node.update({**reference(name), **kept})
    schemas.update({name: {"title": name, "type": "string", "enum": values} for name, values in choices.items()})
    schemas["WorkflowState"]["x-allowed-actions"] = {state: allowed_actions(state) for state in WorkflowState.values}
    return schemas


def _nodes(node: object) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _nodes(value)
