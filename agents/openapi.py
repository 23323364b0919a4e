"""Describes requests and responses that are msgspec structs to drf-spectacular, for `extend_schema`.

A view names its structs; `described` is what all views have named, and realtime/wire/export/openapi.py writes their schemas.
"""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from drf_spectacular.utils import OpenApiResponse

from agents.errors import ErrorResponse

Json = dict[str, Any]
SCHEMAS: Final = "#/components/schemas/{name}"

_requests: Final[list[Any]] = []
_responses: Final[list[Any]] = [ErrorResponse]


def request(body: object) -> Json:
    """The body of a request, by media type: JSON of a struct."""
    _requests.append(body)
    return {"application/json": _reference(body)}


def responses(body: object, *errors: int, status: int = 200) -> dict[int, OpenApiResponse]:
    """The responses of an operation: `body` (a struct, a list of structs, or None) with `status`, and its errors."""
    if body is None:
        return {status: OpenApiResponse(description=HTTPStatus(status).phrase), **refusals(*errors)}
    _responses.append(body)
    return {status: OpenApiResponse(_reference(body), HTTPStatus(status).phrase), **refusals(*errors)}


def refusals(*errors: int) -> dict[int, OpenApiResponse]:
    """The responses with these statuses: each has an `ErrorResponse` as its body."""
    return {error: OpenApiResponse(_reference(ErrorResponse), HTTPStatus(error).phrase) for error in errors}


def described() -> tuple[list[Any], list[Any]]:
    """The bodies of requests, and those of responses, that views have named."""
    return list(_requests), list(_responses)


def _reference(body: object) -> Json:
    (reference,), _ = msgspec.json.schema_components([body], ref_template=SCHEMAS)
    return dict(reference)
