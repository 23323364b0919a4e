"""Writes messages.py as TypeScript: one interface per message, and the unions that the client applies."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from msgspec import Meta, Raw, Struct, StructMeta
from msgspec.structs import FieldInfo, fields

from realtime.wire import messages as wire
from realtime.wire import types as bodies
from workflows import events

HEAD = """\
// Made by `manage.py export_protocol` from realtime/wire/messages.py and workflows/events.py. Do not edit.

"""
PLAIN: dict[object, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
}
NAMED: dict[object, str] = {
    bodies.Target: "Target",
    bodies.WorkflowStateName: "WorkflowState",
    bodies.AgentStatusName: "AgentState",
    bodies.ActionName: "Action",
    bodies.OutcomeName: "Outcome",
}


def typescript() -> str:
    """The whole of messages.gen.ts."""
    return HEAD + "\n".join([*_names(), *_bodies(), *_events(), *_server(), *_client(), *_close_codes()])


def _names() -> Iterator[str]:
    for members, name in NAMED.items():
        yield f"export type {name} = {_literal(members)};\n"


def _bodies() -> Iterator[str]:
    yield from (_interface(body) for body in (events.ErrorBody, events.TaskBody, events.StageBody, events.ArtifactBody))
    yield from (_interface(body) for body in (events.GrownTask, bodies.Limits, bodies.Eta, bodies.RoomName))
    yield from (_interface(body) for body in (bodies.AgentMetrics, bodies.SkillName, bodies.AgentStatusBody))
    yield from (_interface(body) for body in (bodies.CoordinatorMetricsBody, bodies.WorkflowSnapshot))


def _events() -> Iterator[str]:
    yield from (_interface(payload) for payload in events.KINDS.values())
    yield "/** The payload of each kind of event. */"
    yield "export interface EventPayloads {"
    yield from (f"  {kind}: {payload.__name__};" for kind, payload in events.KINDS.items())
    yield "}\n"
    yield "export type EventKind = keyof EventPayloads;\n"
    parts = [_line(part) for part in fields(wire.EventMessage) if part.name not in ("kind", "data")]
    yield _comment("An event of one kind.")
    yield "export interface EventOf<Kind extends EventKind> {"
    yield from ('  type: "event";', *parts, "  kind: Kind;", "  data: EventPayloads[Kind];", "}\n")
    yield _comment(str(wire.EventMessage.__doc__))
    yield "export type EventMessage = { [Kind in EventKind]: EventOf<Kind> }[EventKind];\n"


def _server() -> Iterator[str]:
    messages = [message for message in wire.SERVER_MESSAGES if message is not wire.EventMessage]
    yield from map(_interface, messages)
    yield "export type SubscribedMessage = SubscribedToWorkflow | SubscribedToAgents | SubscribedToCoordinator;\n"
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


def _note(hint: object) -> str:
    metas = [meta for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, Meta) and meta.description]
    return metas[-1].description or "" if metas else ""


def _type(hint: object) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return NAMED.get(hint) or _literal(hint)
    if origin in (Union, types.UnionType):
        return " | ".join(_type(argument) for argument in arguments)
    return _plain(hint) if origin is None else _container(origin, arguments)


def _literal(hint: object) -> str:
    return " | ".join(f'"{value}"' for value in get_args(hint))


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
