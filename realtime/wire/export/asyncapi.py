"""Writes messages.py as an AsyncAPI 3 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0)."""

from typing import Any, Literal

import yaml
from django.conf import settings
from msgspec import Struct

from realtime.wire import messages as wire
from realtime.wire.export.schemas import reference, schemas_of

Json = dict[str, Any]
HEAD = "# Made by `manage.py export_protocol` from realtime/wire/messages.py and workflows/events.py. Do not edit.\n"
ROUTES = {
    "everything": ("/ws/", "Every room, by `subscribe`."),
    "workflow": ("/ws/workflow/{workflow_id}", "Subscribed to one workflow on connect."),
    "workflows": ("/ws/workflows", "Subscribed to the list of your workflows on connect."),
    "agent": ("/ws/agent/{agent_name}", "Subscribed to one agent on connect."),
    "coordinator": ("/ws/coordinator", "Subscribed to the coordinator on connect."),
}


def asyncapi() -> str:
    """The whole of docs/asyncapi.yaml."""
    return HEAD + yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=120)


def document() -> Json:
    """The AsyncAPI document as plain JSON."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Callboard", "version": settings.VERSION, "description": _about()},
        "defaultContentType": "application/json",
        "servers": {"local": {"host": "127.0.0.1:8000", "protocol": "ws", "security": [_ref("securitySchemes/token")]}},
        "channels": {name: _channel(*route) for name, route in ROUTES.items()},
        "operations": {"fromServer": _operation("send"), "fromClient": _operation("receive")},
        "components": {
            "schemas": _schemas(),
            "messages": {message.__name__: _message(message) for message in _all_messages()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _about() -> str:
    codes = "\n".join(f"- {code.value}: {meaning}" for code, meaning in wire.CLOSE_MEANINGS.items())
    return (
        f"Subprotocol `{wire.SUBPROTOCOL}`; the access token as a second subprotocol `bearer.<JWT>`, as"
        " `Authorization: Bearer <JWT>`, or as the first message (`authenticate`) within 10 s. Never in the URL.\n\n"
        f"Close codes:\n{codes}\n"
    )


def _all_messages() -> tuple[type[Struct], ...]:
    return (*wire.SERVER_MESSAGES, *wire.CLIENT_MESSAGES)


def _channel(address: str, description: str) -> Json:
    channel: Json = {"address": address, "description": description}
    channel["messages"] = {message.__name__: _ref(f"messages/{message.__name__}") for message in _all_messages()}
    if "{" in address:
        channel["parameters"] = {address[address.index("{") + 1 : -1]: {"description": "Which one."}}
    return channel


def _operation(action: Literal["send", "receive"]) -> Json:
    """Seen from the server, as AsyncAPI 3 wants it: it sends, or it receives."""
    messages = wire.SERVER_MESSAGES if action == "send" else wire.CLIENT_MESSAGES
    channel = "#/channels/everything"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{message.__name__}"} for message in messages],
    }


def _message(message: type[Struct]) -> Json:
    return {
        "name": str(message.__struct_config__.tag),
        "title": message.__name__,
        "summary": str(message.__doc__).strip(),
        "payload": _ref(f"schemas/{message.__name__}"),
    }


def _ref(path: str) -> Json:
    return {"$ref": f"#/components/{path}"}


def _schemas() -> Json:
    schemas = schemas_of([*_all_messages(), wire.EventsPage])
    others = [message for message in wire.SERVER_MESSAGES if message is not wire.BatchMessage]
    schemas["BatchMessage"]["properties"]["messages"]["items"] = {
        "oneOf": [reference(each.__name__) for each in others]
    }
    return schemas
