"""What is known of each HTTP request: an id in its log lines, its answer and its trace; and a line when it was slow."""

import logging
import re
import time
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any, Final, cast
from uuid import uuid4

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from agents import log_context, tracing
from project.servers import Application, Receive, Scope, Send

log = logging.getLogger(__name__)

HEADER: Final = b"x-request-id"
SERVER_ERROR: Final = 500
# What comes from outside is written into logs: letters, digits and few signs, no longer than a UUID needs.
_SANE: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_UNTRACED: Final = ("/healthz", "/readyz", "/metrics", "/static/")

Respond = Callable[[HttpRequest], HttpResponseBase]


class RequestIds:
    """An ASGI middleware: each request has an id, its own or a new one, and a span; the answer names it (`X-Request-ID`)."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; sockets have ids of their own."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        given = dict(scope["headers"])
        request_id = _request_id(given.get(HEADER, b""))

        async def send_named(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, request_id.encode())]}
            await send(message)

        with log_context.bound(http_request=request_id), _span(scope, given, request_id):
            await self._application(scope, receive, send_named)


def _request_id(given: bytes) -> str:
    return given.decode() if _SANE.fullmatch(given) else uuid4().hex


def _span(scope: Scope, given: dict[bytes, bytes], request_id: str) -> Any:  # noqa: ANN401 - a context manager
    if scope["path"].startswith(_UNTRACED):
        return log_context.bound()
    attributes = {"http.request.method": scope["method"], "callboard.request_id": request_id}
    parent = given.get(b"traceparent", b"").decode("latin-1")
    return tracing.span(scope["method"], kind="server", parent=parent, attributes=attributes)


@sync_and_async_middleware
def observed(get_response: Any) -> Any:  # noqa: ANN401 - Django's own: either kind of function
    """A Django middleware: logs a request that takes longer than SLOW_REQUEST_SECONDS, until its answer begins."""
    if iscoroutinefunction(get_response):
        respond_later = cast("Callable[[HttpRequest], Awaitable[HttpResponseBase]]", get_response)

        async def later(request: HttpRequest) -> HttpResponseBase:
            started = time.perf_counter()
            return _answered(request, await respond_later(request), time.perf_counter() - started)

        return later
    respond = cast(Respond, get_response)

    def at_once(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        return _answered(request, respond(request), time.perf_counter() - started)

    return at_once


def _answered(request: HttpRequest, response: HttpResponseBase, seconds: float) -> HttpResponseBase:
    # The pattern, not the path: that may hold what only its owner should know, as the query does.
    route = request.resolver_match.route if request.resolver_match else ""
    status = response.status_code
    tracing.describe(f"{request.method} {route}".strip(), {"http.route": route, "http.response.status_code": status})
    if settings.SLOW_REQUEST_SECONDS and seconds > settings.SLOW_REQUEST_SECONDS:
        extra = {"method": request.method, "route": route, "status": status, "milliseconds": round(seconds * 1_000)}
        log.warning("A request was slow.", extra=extra)
    if status == SERVER_ERROR:
        _name_request(response)
    return response


def _name_request(response: Any) -> None:  # noqa: ANN401 - of many types
    """Adds the id to the body of an error, so that whoever reports it can say which one it was."""
    request_id = log_context.current().get("http_request")
    if not request_id or response.streaming or response.get("Content-Type") != "application/json":
        return
    body = msgspec.json.decode(response.content)
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body["error"]["request_id"] = request_id
        response.content = msgspec.json.encode(body)
        if response.has_header("Content-Length"):  # a middleware has counted the body before
            response["Content-Length"] = str(len(response.content))
