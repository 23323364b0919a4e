"""Completes the OpenAPI document: the schemas of all bodies that are structs, and long polling.

drf-spectacular knows neither msgspec's structs nor what is answered beside Django.
See https://drf-spectacular.readthedocs.io/en/latest/customization.html, "postprocessing hooks".
"""

from typing import Any, Final

import msgspec

from agents.openapi import described
from realtime.wire import messages
from realtime.wire.export.schemas import SCHEMAS, reference, schemas_of
from workflows.openapi import new_workflow_schemas

Json = dict[str, Any]

PATH: Final = "/api/workflows/{workflow_id}/events/"
REFUSALS: Final = {
    "400": "A parameter makes no sense.",
    "401": "The token is missing, invalid or expired, or its login has ended.",
    "403": "The user is disabled.",
    "404": "There is no such workflow, or it is not yours to see.",
    "429": "Too many polls a minute, or too many connections; `Retry-After` says for how long to wait.",
}


def _is_left_out(schema: Json, name: str) -> bool:
    """Only the last of the events that were committed together has `progress`."""
    return name == "progress" and "kind" in schema["properties"]


def complete(result: Json, **_other: object) -> Json:
    """The document with every schema that it refers to, and the path of long polling."""
    requests, responses = described()
    _, given = msgspec.json.schema_components(requests, ref_template=SCHEMAS)
    sent = schemas_of([*responses, messages.EventsPage])
    for schema in sent.values():
        if "properties" in schema:  # defaults are for callers that build the body: each field is sent
            schema["required"] = [name for name in schema["properties"] if not _is_left_out(schema, name)]
    schemas = {**result["components"].get("schemas", {}), **given, **new_workflow_schemas(), **sent}
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    for methods in result["paths"].values():
        for operation in methods.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    result["paths"] = dict(sorted({**result["paths"], PATH: {"get": _operation()}}.items()))
    return result


def _operation() -> Json:
    return {
        "operationId": "workflows_events_list",
        "description": "Long polling: the messages of the socket, for where there can be none. Ask again with the `seq`"
        " that you got. Answers come at most as often as you may ask, so that asking again at once is right.",
        "parameters": [
            _parameter("workflow_id", "path", {"type": "string", "format": "uuid"}, "Which workflow."),
            _parameter(
                "after", "query", {"type": "integer", "minimum": 0, "default": 0}, "The last seq that you have."
            ),
            _parameter(
                "wait", "query", {"type": "number", "minimum": 0, "default": 0}, "Seconds to wait for news; 25 at most."
            ),
        ],
        "tags": ["workflows"],
        "security": [{"jwtAuth": []}],
        "responses": {
            "200": {
                "description": "What happened, and where the workflow stands.",
                "content": {"application/json": {"schema": reference("EventsPage")}},
            },
            **{status: _refusal(description) for status, description in REFUSALS.items()},
        },
    }


def _refusal(description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": reference("ErrorResponse")}}}


def _parameter(name: str, location: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": location, "required": location == "path", "schema": schema, "description": description}
