"""Long polling: the same messages over HTTP, for clients whose WebSockets are blocked.

An ASGI application of its own beside Django's, which would hold a thread for each request until it is answered.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable
from io import BytesIO
from typing import Any, Final, NamedTuple, cast

import msgspec
from corsheaders.middleware import CorsMiddleware
from django.core.exceptions import DisallowedHost, ObjectDoesNotExist, TooManyFieldsSent
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.security import SecurityMiddleware

from agents.errors import CallboardError, DatabaseUnavailable, TargetNotFound
from realtime import queries, server
from realtime.connection import authentication
from realtime.connection.authentication import Identity, Scope
from realtime.consumers import Receive, Send
from realtime.database import in_thread
from realtime.metrics import counters
from realtime.rooms import Room, authorise, room_of
from realtime.wire.batch import Batch
from realtime.wire.errors import (
    Disconnect,
    InternalError,
    InvalidMessage,
    MethodNotAllowed,
)
from workflows.persistence import OUTAGES

log = logging.getLogger(__name__)

PROGRESS_SECONDS: Final = 1.0  # a page without events is answered after so long at the earliest
PAGE_EVENTS: Final = 1000
HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Json = dict[str, Any]


class PollRequest(NamedTuple):
    """Asks for the events of a room after a seq, and waits for so many seconds at most."""

    room: Room
    after: int
    seconds: float


class Response(NamedTuple):
    """An HTTP response: `body` is sent as JSON."""

    status: int
    body: Json
    headers: dict[str, str]


class LongPoll:
    """A request that waits: for an event, which ends it at once, or for progress, not too often."""

    disconnect_reason: Disconnect | None = None  # it counts as a connection until it is answered

    def __init__(self, closing: asyncio.Event) -> None:
        self._closing = closing
        self._event_came = asyncio.Event()
        self._something_came = asyncio.Event()

    def receive(self, batch: Batch) -> None:
        """Notes that something came."""
        self._something_came.set()
        if batch.has_events:
            self._event_came.set()

    async def wait(self, seconds: float) -> None:
        """Returns when something came, when the server is closing, or after `seconds`."""
        await _first_of(self._event_came, self._closing, seconds=min(PROGRESS_SECONDS, seconds))
        if not self._event_came.is_set():
            await _first_of(self._something_came, self._closing, seconds=max(0.0, seconds - PROGRESS_SECONDS))

    async def delay(self, seconds: float) -> None:
        """Returns after `seconds`, or when the server is closing."""
        if seconds > 0:
            await _first_of(self._closing, seconds=seconds)


async def events(scope: Scope, receive: Receive, send: Send) -> None:
    """GET ?after=SEQ&wait=25: {"events", "progress", "seq"}. Waits up to `wait` seconds for news after `after`."""
    answering = asyncio.ensure_future(cast(Awaitable[HttpResponse], _with_cors(ASGIRequest(scope, BytesIO()))))
    disconnecting = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait([answering, disconnecting], return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            await _send(answering.result(), send)
    finally:
        answering.cancel()
        disconnecting.cancel()
        await asyncio.gather(answering, disconnecting, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(answer: HttpResponse, send: Send) -> None:
    headers = {**answer.headers, "Content-Length": str(len(answer.content))}
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": encoded})
    await send({"type": "http.response.body", "body": answer.content})


async def _respond(request: HttpRequest) -> HttpResponse:
    security = SecurityMiddleware(_respond)  # its rules, without its thread
    try:
        request.get_host()
        if redirect := security.process_request(request):
            return redirect
        answer = await _answer(cast("Scope", cast(ASGIRequest, request).scope))
    except DisallowedHost:
        answer = _refusal(InvalidMessage("This server is not known by that name: see ALLOWED_HOSTS."))
    body, headers = msgspec.json.encode(answer.body), {**HEADERS, **answer.headers}
    response = HttpResponse(body, status=answer.status, headers=headers)
    return security.process_response(request, response)


_with_cors = CorsMiddleware(_respond)  # as all else below /api/ has it, preflights included


async def _answer(scope: Scope) -> Response:
    try:
        return Response(200, await _page(scope), {})
    except CallboardError as error:
        return _refusal(error)
    except OUTAGES as error:
        log.warning("A long poll could not be answered: %s", error)
        return _refusal(DatabaseUnavailable())
    except Exception:
        log.exception("A long poll could not be answered.")
        return _refusal(InternalError())


def _refusal(error: CallboardError) -> Response:
    counters.refused(error.error_type)
    allow = {"Allow": "GET"} if isinstance(error, MethodNotAllowed) else {}
    return Response(error.http_status, error.body(), error.headers() | allow)


async def _page(scope: Scope) -> Json:
    if scope["method"] != "GET":
        raise MethodNotAllowed
    here = server.current()
    identity = await here.hub.reads.identify(authentication.token_of(scope))
    here.poll_limits.count(identity.account)
    request = _poll_request(scope, here.hub.config.poll_seconds)
    poll = LongPoll(here.hub.is_closing)
    here.user_slots.take(identity.account, poll)
    try:
        return await (_awaited(poll, identity, request) if request.seconds else _read(identity, request))
    finally:
        here.hub.leave_all(poll)
        here.user_slots.leave(identity.account, poll)


async def _awaited(poll: LongPoll, identity: Identity, request: PollRequest) -> Json:
    here, until = server.current(), time.monotonic() + request.seconds
    await here.hub.reads.authorise(identity, request.room)
    # Join before reading: an event between the two would be missed until the next one.
    await here.hub.join(poll, request.room)
    page = await _read(identity, request)
    await here.hub.activate(poll, request.room, page["seq"])
    if not page["events"]:
        await poll.wait(request.seconds)
    # A client that asks again at once must never meet the rate limit, however much happens.
    await poll.delay(min(here.poll_limits.pace_seconds(identity.account), until - time.monotonic()))
    return await _read(identity, request)


async def _read(identity: Identity, request: PollRequest) -> Json:
    return await in_thread(_read_page, identity, request)


def _read_page(identity: Identity, request: PollRequest) -> Json:
    _authorise(identity, request.room)  # each time: a permission may have been lost while it waited
    try:
        return queries.page(request.room.id, request.after, PAGE_EVENTS)
    except ObjectDoesNotExist:  # deleted a moment ago
        raise TargetNotFound from None


def _authorise(identity: Identity, room: Room) -> None:
    authorise(identity.user(), room)


def _poll_request(scope: Scope, most_seconds: float) -> PollRequest:
    try:
        asked = QueryDict(scope["query_string"])
    except TooManyFieldsSent:
        raise InvalidMessage("The query has too many fields.") from None
    room = room_of("workflow", scope["url_route"]["kwargs"]["workflow_id"])
    return PollRequest(room, int(_number(asked, "after")), min(_number(asked, "wait"), most_seconds))


def _number(asked: QueryDict, name: str) -> float:
    text = asked.get(name) or "0"
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 2**63:
        raise InvalidMessage(f"{name} is {text[:40]!r}; expected a number, at least 0.")
    return number


async def _first_of(*happenings: asyncio.Event, seconds: float) -> None:
    waiting = [asyncio.ensure_future(happening.wait()) for happening in happenings]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
