"""Writes the messages and the bodies of the HTTP API as TypeScript: one interface each, and the unions of them.

The HTTP API's are those that the OpenAPI document describes, from the same structs; generators for OpenAPI do not run with
the front end's TypeScript 7.
"""

import re
import types
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from django.urls import get_resolver
from msgspec import Meta, Raw, Struct, StructMeta, UnsetType
from msgspec.structs import FieldInfo, fields

from agents import bodies as agent_bodies
from agents.choices import ERROR_TYPE
from agents.openapi import described
from realtime.wire import messages as wire
from realtime.wire import types as wire_types
from realtime.wire.export.choices import error_types, message_types
from workflows import bodies, events, pipelines
from workflows.lifecycle import ACTIVE_STATES, UNFINISHED_TASKS, TaskState, WorkflowState, allowed_actions
from workflows.openapi import new_workflow_name

HEAD = """\
// Made by `manage.py export_protocol` from realtime/wire/messages.py and workflows/events.py. Do not edit.

"""
PLAIN: dict[object, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    datetime: "string",
    type(None): "null",
    Any: "unknown",
}
API_HEAD = """\
// Made by `manage.py export_protocol` from the bodies that the OpenAPI document describes. Do not edit.

"""
NAMED: dict[str, object] = {
    "Target": wire_types.Target,
    "WorkflowState": bodies.WorkflowStateName,
    "TaskState": bodies.TaskStateName,
    "AgentState": agent_bodies.AgentStatusName,
    "Action": bodies.ActionName,
    "PauseMode": bodies.PauseModeName,
    "Outcome": bodies.OutcomeName,
    "RetryReason": bodies.RetryReason,
    "WaitingKind": bodies.WaitingKind,
}


def typescript() -> str:
    """The whole of messages.gen.ts."""
    return HEAD + "\n".join([*_names(), *_tables(), *_bodies(), *_events(), *_server(), *_client(), *_close_codes()])


def api_typescript() -> str:
    """The whole of api.gen.ts: the bodies of requests and responses that messages.gen.ts does not have."""
    _ = get_resolver().url_patterns  # loads the views, which name their bodies
    requests, responses = described()
    shared = messages_of_sockets()
    of_requests = [body for body in _structs(requests) if body not in shared]
    of_responses = [body for body in _structs(responses) if body not in shared and body not in of_requests]
    interfaces = [_interface(body, has_defaults=True) for body in of_requests]
    text = "\n".join([*interfaces, *map(_interface, of_responses), *_new_workflows()])
    names = sorted({body.__name__ for body in shared} | {"ErrorType", *NAMED})
    imported = [name for name in names if re.search(rf"\b{name}\b", text)]
    return API_HEAD + f'import type {{ {", ".join(imported)} }} from "../messages.gen";\n\n{text}'


def messages_of_sockets() -> set[type[Struct]]:
    """Every struct that messages.gen.ts has."""
    pages = (wire.EventsPage, bodies.TaskPage, bodies.ArtifactPage)  # which the clients of the sockets read over HTTP
    return {*_structs([*wire.SERVER_MESSAGES, *wire.CLIENT_MESSAGES, *pages, *events.KINDS.values()])}


def _new_workflows() -> Iterator[str]:
    names = [new_workflow_name(pipeline) for pipeline in pipelines.known()]
    takes = [pipeline.takes for pipeline in pipelines.known() if pipeline.takes]
    parts = [part for part in _structs(takes) if part not in takes]
    yield from (_interface(part, has_defaults=True) for part in parts)
    for name, pipeline in zip(names, pipelines.known(), strict=True):
        given = "Record<string, unknown>"  # of a pipeline whose input has no type in Python
        if pipeline.takes:
            yield _interface(pipeline.takes, has_defaults=True)
            given = pipeline.takes.__name__
        yield f'export interface {name} {{\n  pipeline: "{pipeline.name}";\n  input: {given};\n}}\n'
    yield _comment("The pipeline and input of a new workflow.")
    yield _union("NewWorkflow", names)


def _structs(hints: Iterable[object]) -> Iterator[type[Struct]]:
    """The structs among the hints, and all that they are made of: each once, what is used before what uses it."""
    found: dict[type[Struct], None] = {}
    for hint in hints:
        if isinstance(hint, type) and issubclass(hint, Struct):
            found |= dict.fromkeys([*_structs(part.type for part in fields(hint)), hint])
        else:
            found |= dict.fromkeys(_structs(get_args(hint)))
    yield from found


def _names() -> Iterator[str]:
    for name, hint in NAMED.items():
        yield f"export type {name} = {_literal(_values(hint))};\n"
    yield _comment("Why something was refused or has failed.")
    yield _union("ErrorType", [f'"{name}"' for name in error_types()])


def _tables() -> Iterator[str]:
    active = [state for state in WorkflowState.values if state in ACTIVE_STATES]
    unfinished = [state for state in TaskState.values if state in UNFINISHED_TASKS and state != TaskState.READY]
    yield _array("ACTIVE_STATES", "WorkflowState", "The states of a workflow that is not over.", active)
    yield _array("UNFINISHED_TASK_STATES", "TaskState", "The states of a task that a cancel ends.", unfinished)
    yield _comment("The actions that have an effect in each state; a retry needs a failed task, too.")
    yield "export const ALLOWED_ACTIONS: Readonly<Record<WorkflowState, readonly Action[]>> = {"
    yield from (f"  {state}: {_list(allowed_actions(state))}," for state in WorkflowState.values)
    yield "};\n"


def _array(name: str, item: str, about: str, values: Iterable[str]) -> str:
    return f"{_comment(about)}\nexport const {name}: readonly {item}[] = {_list(values)};\n"


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def _bodies() -> Iterator[str]:
    yield from map(_interface, (bodies.StartsIn, bodies.Duration, bodies.QueuePlace, bodies.WaitingFor, bodies.Rerun))
    yield from map(_interface, (bodies.ErrorBody, bodies.UsageBody, bodies.FilmUsage, bodies.TaskBody))
    yield from map(_interface, (bodies.FoldedTasks, bodies.StageBody))
    yield from map(_interface, (bodies.StageTask, bodies.TaskPage, bodies.ArtifactBody, bodies.ArtifactPage))
    yield from map(_interface, (events.GrownTask, wire_types.Limits, bodies.Eta, wire_types.RoomName))
    yield from map(_interface, (agent_bodies.AgentMetrics, agent_bodies.SkillName))
    yield from map(_interface, (agent_bodies.AgentJob, agent_bodies.AgentStatusBody))
    yield from map(_interface, (bodies.CoordinatorMetricsBody, bodies.WorkflowSnapshot, bodies.RecordedProgress))
    yield from map(_interface, (bodies.WorkflowRow, bodies.WorkflowPage))


def _events() -> Iterator[str]:
    yield from (_interface(payload) for payload in events.KINDS.values())
    yield "/** The payload of each kind of event. */"
    yield "export interface EventPayloads {"
    yield from (f"  {kind}: {payload.__name__};" for kind, payload in events.KINDS.items())
    yield "}\n"
    yield "export type EventKind = keyof EventPayloads;\n"
    yield _array("EVENT_KINDS", "EventKind", "All kinds of events.", events.KINDS)
    shared = [part for part in fields(wire.EventMessage) if part.name not in ("kind", "data")]
    parts = [_line(part, is_optional=not part.required) for part in shared]
    yield _comment("An event of one kind.")
    yield "export interface EventOf<Kind extends EventKind> {"
    yield from ('  type: "event";', *parts, "  kind: Kind;", "  data: EventPayloads[Kind];", "}\n")
    yield _comment(str(wire.EventMessage.__doc__))
    yield "export type EventMessage = { [Kind in EventKind]: EventOf<Kind> }[EventKind];\n"


def _server() -> Iterator[str]:
    messages = [message for message in wire.SERVER_MESSAGES if message is not wire.EventMessage]
    yield from map(_interface, messages)
    yield _union("SubscribedMessage", [message.__name__ for message in get_args(wire.SubscribedMessage)])
    types_ = message_types(wire.SERVER_MESSAGES)
    yield _array("SERVER_MESSAGE_TYPES", 'ServerMessage["type"]', "The types of all messages of the server.", types_)
    yield _comment("Everything that the server sends, discriminated by `type`.")
    yield _union("ServerMessage", [message.__name__ for message in wire.SERVER_MESSAGES])
    yield _interface(wire.EventsPage)


def _client() -> Iterator[str]:
    yield from (_interface(message, has_defaults=True) for message in wire.CLIENT_MESSAGES)
    yield _comment("Everything that a client may send, discriminated by `type`.")
    yield _union("ClientMessage", [message.__name__ for message in wire.CLIENT_MESSAGES])


def _close_codes() -> Iterator[str]:
    yield _comment("Why the server closed the connection.")
    yield "export const CloseCode = {"
    for code, meaning in wire.CLOSE_MEANINGS.items():
        yield f"  /** {meaning} */"
        yield f"  {code.name}: {code.value},"
    yield "} as const;\n"
    yield "export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];\n"


def _union(name: str, members: list[str]) -> str:
    return f"export type {name} =\n" + "\n".join(f"  | {member}" for member in members) + ";\n"


def _interface(struct: type[Struct] | StructMeta, *, has_defaults: bool = False) -> str:
    tag = struct.__struct_config__.tag
    lines = [f'  type: "{tag}";'] if struct.__struct_config__.tag_field == "type" else []
    lines += [
        _line(part, is_optional=has_defaults and not part.required) for part in fields(cast("type[Struct]", struct))
    ]
    if not lines:
        return f"{_comment(str(struct.__doc__))}\nexport type {struct.__name__} = Record<string, never>;\n"
    return "\n".join([_comment(str(struct.__doc__)), f"export interface {struct.__name__} {{", *lines, "}\n"])


def _line(part: FieldInfo, *, is_optional: bool = False) -> str:
    note = _note(part.type)
    mark = "?" if is_optional else ""
    return (f"  /** {note} */\n" if note else "") + f"  {part.encode_name}{mark}: {_type(part.type)};"


def _metas(hint: object) -> list[Meta]:
    return [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, Meta)]


def _note(hint: object) -> str:
    notes = [meta.description for meta in _metas(hint) if meta.description]
    return notes[-1] if notes else ""


def _values(hint: object) -> list[str]:
    """The values of a closed set: of a Literal, or of a text with `agents.choices.one_of`; [] for any other type."""
    if get_origin(hint) is Literal:
        return [str(value) for value in get_args(hint)]
    enums = [(meta.extra_json_schema or {}).get("enum", []) for meta in _metas(hint)]
    return [value for enum in enums for value in enum]


NAMES: dict[tuple[str, ...], str] = {tuple(_values(hint)): name for name, hint in NAMED.items()}


def _type(hint: object) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if values := _values(hint):
        return NAMES.get(tuple(values)) or _literal(values)
    if origin is Annotated:
        return "ErrorType" if ERROR_TYPE in _metas(hint) else _type(arguments[0])
    if origin in (Union, types.UnionType):
        return " | ".join(_type(argument) for argument in arguments if argument is not UnsetType)
    return _plain(hint) if origin is None else _container(origin, arguments)


def _literal(values: Iterable[str]) -> str:
    return " | ".join(f'"{value}"' for value in values)


def _container(origin: object, arguments: tuple[object, ...]) -> str:
    if origin is dict:
        return f"Record<string, {_type(arguments[1])}>"
    item = _type(arguments[0])
    return f"({item})[]" if " | " in item else f"{item}[]"


def _plain(hint: object) -> str:
    if hint is Raw:  # only a batch holds messages that are text already
        return "ServerMessage"
    if isinstance(hint, type) and issubclass(hint, Struct):
        return hint.__name__
    return PLAIN[hint]


def _comment(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) == 1:
        return f"/** {lines[0]} */"
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in lines), " */"])
