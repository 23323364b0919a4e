"""How large the body of a request may be: counted while it arrives, before anything keeps it.

Django's own limits hold only once a body lies, as a whole, in a temporary file. A2A counts at its own door.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from django.conf import settings
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import UntypedToken

from agents.errors import CallboardError
from project.api_errors import error_body

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

COUNTS_ITSELF: Final = re.compile(r"/a2a(/|$)")
BEARER: Final = b"bearer "


class BodyTooLarge(CallboardError):
    """The body of the request is too large."""

    http_status = 413


class RequestBodies:
    """An ASGI middleware: answers 413 to a request with too large a body."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or serves one socket."""
        if scope["type"] != "http" or COUNTS_ITSELF.match(scope["path"]):
            await self._application(scope, receive, send)
        else:
            await _Request(scope, receive, send).answer(self._application)


class _Request:
    """One request, and how much of its body has arrived."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._limit = settings.ANONYMOUS_BODY_BYTES
        self._size = 0
        self._has_answered = False

    async def answer(self, application: Application) -> None:
        try:
            self._count(_whole(self._headers.get(b"content-length", b"")))
            self._size = 0
            await application(self._scope, self._next, self._note)
        except BodyTooLarge as error:
            if self._has_answered:
                raise
            await self._refuse(error)

    def _count(self, size: int) -> None:
        """Counts what arrived.

        Raises: BodyTooLarge.
        """
        self._size += size
        if self._size > self._limit and _is_signed_in(self._headers.get(b"authorization", b"")):
            self._limit = settings.REQUEST_BODY_BYTES
        if self._size > self._limit:
            raise BodyTooLarge(f"A request like this may have {self._limit:,} bytes at most.")

    async def _next(self) -> Message:
        message = await self._receive()
        self._count(len(message.get("body", b"")))
        return message

    async def _note(self, message: Message) -> None:
        self._has_answered = True
        await self._send(message)

    async def _refuse(self, error: BodyTooLarge) -> None:
        is_api = self._scope["path"].startswith("/api/")
        content = (json.dumps(error_body(error)) if is_api else error.message).encode()
        media_type = "application/json" if is_api else "text/plain; charset=utf-8"
        headers = {"Content-Type": media_type, "Content-Length": str(len(content)), "Cache-Control": "no-store"}
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": error.http_status, "headers": encoded})
        await self._send({"type": "http.response.body", "body": content})


def _is_signed_in(authorization: bytes) -> bool:
    """Whether it holds a token of ours that has not expired. Whether it has been revoked is asked later."""
    if authorization[: len(BEARER)].lower() != BEARER:
        return False
    try:
        UntypedToken(authorization[len(BEARER) :].strip())  # type: ignore[arg-type]
    except (TokenError, ValueError):
        return False
    return True


def _whole(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 19 else 0
