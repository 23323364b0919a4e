"""Describes requests and responses that are msgspec structs to drf-spectacular, for `extend_schema`.

A view names its structs; `described` is what all views have named, and project/openapi.py writes their schemas.
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


def request(body: Any) -> Json:
    """The schema of a request's body: a struct."""
    _requests.append(body)
    return _reference(body)


def responses(body: Any, *errors: int, status: int = 200) -> dict[int, OpenApiResponse]:
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


def _reference(body: Any) -> Json:
    (reference,), _ = msgspec.json.schema_components([body], ref_template=SCHEMAS)
    return dict(reference)
