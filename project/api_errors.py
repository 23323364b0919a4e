"""Every error of the HTTP API in one shape: {"error": {"type", "message", "retryable", "fields"}}."""

from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from workflows.errors import CallboardError

Json = dict[str, Any]


def as_error_response(error: Exception, context: Json) -> Response | None:
    """REST framework's exception handler. None lets a server error through to Django, which logs it."""
    if isinstance(error, CallboardError):
        body = error_body(error.error_type, error.message, retryable=error.retryable, fields=error.fields)
        return Response(body, status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    fields = _fields(error)
    message = " ".join(fields.values()) or _sentence(error)
    wait = getattr(error, "wait", None)
    response.data = error_body(_type(error), message, retryable=wait is not None, fields=fields)
    if wait is not None:
        response.data["error"]["retry_after"] = wait
    return response


def error_body(error_type: str, message: str, *, retryable: bool = False, fields: Json | None = None) -> Json:
    """The body of an error."""
    return {"error": {"type": error_type, "message": message, "retryable": retryable, "fields": fields or {}}}


def _type(error: Exception) -> str:
    if isinstance(error, Http404):
        return "NotFound"
    if isinstance(error, DjangoPermissionDenied):
        return "PermissionDenied"
    if isinstance(error, exceptions.ValidationError | exceptions.ParseError):
        return "InvalidInput"
    if isinstance(error, exceptions.Throttled):
        return "RateLimitExceeded"
    return type(error).__name__


def _fields(error: Exception) -> Json:
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
    """Any address under /api/ that does not exist."""
    return JsonResponse(error_body("NotFound", "There is no such address in this API. See /api/docs/."), status=404)
