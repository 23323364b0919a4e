"""Adds long polling to the OpenAPI document: it is answered beside Django, where drf-spectacular does not look.

See https://drf-spectacular.readthedocs.io/en/latest/customization.html, "postprocessing hooks".
"""

from typing import Any, Final

import msgspec

from realtime.wire import messages

Json = dict[str, Any]

SCHEMAS: Final = "#/components/schemas/{name}"
PATH: Final = "/api/workflows/{workflow_id}/events/"
REFUSALS: Final = {
    "400": "A parameter makes no sense.",
    "401": "The token is missing, invalid or expired, or its login has ended.",
    "403": "The user is disabled.",
    "404": "There is no such workflow, or it is not yours to see.",
    "429": "Too many polls a minute, or too many connections; `Retry-After` says for how long to wait.",
}


def add_long_polling(result: Json, **_other: object) -> Json:
    """The document with the path and what it answers."""
    _, page = msgspec.json.schema_components([messages.EventsPage], ref_template=SCHEMAS)
    result["components"]["schemas"] = dict(sorted({**page, **result["components"]["schemas"]}.items()))
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
                "content": {"application/json": {"schema": {"$ref": SCHEMAS.format(name="EventsPage")}}},
            },
            **{status: {"description": description} for status, description in REFUSALS.items()},
        },
    }


def _parameter(name: str, location: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": location, "required": location == "path", "schema": schema, "description": description}
