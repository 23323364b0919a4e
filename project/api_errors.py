"""Every error of the HTTP API in one shape: {"error": {"type", "message", "retryable", "retry_after", "fields"}}.

`fields` holds a sentence for each field of the request that is wrong; `retry_after` are seconds, or null.
"""

from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from agents.errors import CallboardError

Json = dict[str, Any]


class NotFound(CallboardError):
    """There is no such address in this API. See /api/docs/."""

    http_status = 404


def as_error_response(error: Exception, context: Json) -> Response | None:
    """REST framework's exception handler. None lets a server error through to Django, which logs it."""
    if isinstance(error, CallboardError):
        return Response(error_body(error), status=error.http_status, headers=error.headers())
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = error_body(_from_framework(error), _type(error))
    return response


def error_body(error: CallboardError, error_type: str = "") -> Json:
    """The body of a response for an error; `error_type` replaces that of its class."""
    body = error.body()
    body["error"]["type"] = error_type or error.error_type
    return body


def _from_framework(error: Exception) -> CallboardError:
    """The message, fields and waiting time of an exception of Django, REST framework or simplejwt."""
    fields = _fields(error)
    wait = getattr(error, "wait", None)
    message = " ".join(fields.values()) or _sentence(error)
    return CallboardError(message, retryable=wait is not None, retry_after=wait, fields=fields)


def _type(error: Exception) -> str:
    """The stable code of such an exception."""
    if isinstance(error, Http404):
        return "NotFound"
    if isinstance(error, DjangoPermissionDenied):
        return "PermissionDenied"
    if isinstance(error, exceptions.ValidationError | exceptions.ParseError):
        return "InvalidInput"
    if isinstance(error, exceptions.Throttled):
        return "RateLimitExceeded"
    return type(error).__name__


def _fields(error: Exception) -> dict[str, str]:
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        return {
            name: f"{name.capitalize()}: {_first(detail)}"
            for name, detail in error.detail.items()
            if name != api_settings.NON_FIELD_ERRORS_KEY
        }
    return {}


def _first(detail: object) -> str:
    while isinstance(detail, list | dict):
        detail = next(iter(detail.values() if isinstance(detail, dict) else detail), "")
    return str(detail)


def _sentence(error: Exception) -> str:
    detail = getattr(error, "detail", "")
    if isinstance(detail, dict):  # simplejwt's: {"detail": …, "code": …, "messages": […]}
        detail = detail.get("detail", detail)
    return _first(detail) or "There is nothing here, or it is not yours to see."


def not_found(_request: HttpRequest, **_: object) -> JsonResponse:
    """The response for any path under /api/ that does not exist."""
    return JsonResponse(error_body(NotFound()), status=404)
