"""Every error of the HTTP API in one shape, also those that Django itself answers: {"error": {"type", "message", "retryable", "retry_after", "fields"}}.

`fields` holds a sentence for each field of the request that is wrong; `retry_after` are seconds, or null.
"""

import inspect
import logging
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views import csrf, defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from agents.errors import CallboardError, DatabaseUnavailable
from workflows.persistence import OUTAGES

log = logging.getLogger(__name__)

Json = dict[str, Any]


class NotFound(CallboardError):
    """There is no such address in this API. See /api/docs/."""

    http_status = 404


class InvalidRequest(CallboardError):
    """The request is not one that this server answers: its host, its cookies, or the number or size of its fields."""

    error_type = "InvalidInput"


class NotVerified(CallboardError):
    """The request could not be verified (CSRF): load the page again, with cookies allowed."""

    error_type = "PermissionDenied"
    http_status = 403


class ServerFault(CallboardError):
    """The server has a fault of its own. Trying again may help."""

    error_type = "InternalError"
    http_status = 500
    retryable = True


def as_error_response(error: Exception, context: Json) -> Response | None:
    """REST framework's exception handler. None lets a server error through to Django, which logs it."""
    if isinstance(error, SuspiciousOperation):
        error = InvalidRequest()
    elif isinstance(error, OUTAGES):
        log.warning("A request could not be answered: %s", error)
        error = DatabaseUnavailable()
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


@csrf_exempt  # there is nothing to protect, and a page about cookies would be no answer
def not_found(request: HttpRequest, **_: object) -> JsonResponse:
    """The response for any path under /api/ that does not exist."""
    slashed = f"{request.path}/"
    hint = f" It ends with a slash: {slashed}" if not request.path.endswith("/") and _exists(slashed) else ""
    return _answer(NotFound((inspect.getdoc(NotFound) or "") + hint))


def _exists(path: str) -> bool:
    try:
        return resolve(path).func is not not_found
    except Resolver404:
        return False


# --- Django's own errors: pages, but JSON under /api/ -------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before, or while, a view reads the request."""
    return _answer(InvalidRequest()) if _is_api(request) else defaults.bad_request(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form, or a request with the cookie of the session, without its CSRF token."""
    return _answer(NotVerified()) if _is_api(request) else csrf.csrf_failure(request, reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw; Django has logged it."""
    return _answer(ServerFault()) if _is_api(request) else defaults.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _answer(error: CallboardError) -> JsonResponse:
    return JsonResponse(error_body(error), status=error.http_status, headers={"Cache-Control": "no-store"})
