"""The long-polling fallback: the same messages over HTTP, without a thread that waits.

An ASGI application of its own beside Django's: that one holds a thread for each request until it is answered.
"""

import asyncio
import logging
import math
import time
from typing import Any, Final, NamedTuple

import msgspec
from django.core.exceptions import ObjectDoesNotExist
from django.http import QueryDict

from agents.errors import CallboardError, TargetNotFound
from realtime import queries, server
from realtime.connection import authentication
from realtime.connection.authentication import Identity, Scope
from realtime.consumers import Receive, Send
from realtime.database import in_thread
from realtime.metrics import counters
from realtime.rooms import Room, admit, room_of
from realtime.wire.batch import Batch
from realtime.wire.errors import (
    Disconnect,
    InternalError,
    InvalidMessage,
    MethodNotAllowed,
)

log = logging.getLogger(__name__)

PROGRESS_SECONDS: Final = 1.0  # a page with nothing but progress takes at least so long
PAGE_EVENTS: Final = 1000
HEADERS: Final = {"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Json = dict[str, Any]


class Question(NamedTuple):
    """What is asked: the events of a room after a seq, waiting for so many seconds at most."""

    room: Room
    after: int
    seconds: float


class Answer(NamedTuple):
    """What HTTP gives."""

    status: int
    body: Json
    headers: dict[str, str]


class LongPoll:
    """A request that waits for news: for an event at once, for progress not too often."""

    disconnect_reason: Disconnect | None = None  # it holds a slot as long as it is there

    def __init__(self, closing: asyncio.Event) -> None:
        self._closing = closing
        self._event_came = asyncio.Event()
        self._something_came = asyncio.Event()

    def receive(self, batch: Batch) -> None:
        """Something happened."""
        self._something_came.set()
        if batch.has_events:
            self._event_came.set()

    async def news(self, seconds: float) -> None:
        """Returns when there is news, when the server is closing, or after `seconds`."""
        await _first(self._event_came, self._closing, seconds=min(PROGRESS_SECONDS, seconds))
        if not self._event_came.is_set():
            await _first(self._something_came, self._closing, seconds=max(0.0, seconds - PROGRESS_SECONDS))

    async def rest(self, seconds: float) -> None:
        """Returns after `seconds`, or when the server is closing."""
        if seconds > 0:
            await _first(self._closing, seconds=seconds)


async def events(scope: Scope, receive: Receive, send: Send) -> None:
    """GET ?after=SEQ&wait=25: {"events", "progress", "seq"}. Waits up to `wait` seconds for news after `after`."""
    answering = asyncio.ensure_future(_answer(scope))
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            await _send(answering.result(), send)
    finally:
        answering.cancel()
        leaving.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(answer: Answer, send: Send) -> None:
    body = msgspec.json.encode(answer.body)
    headers = {**HEADERS, **answer.headers, "Content-Length": str(len(body))}
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


async def _answer(scope: Scope) -> Answer:
    try:
        return Answer(200, await _page(scope), {})
    except CallboardError as error:
        return _refusal(error)
    except Exception:
        log.exception("A long poll could not be answered.")
        return _refusal(InternalError())


def _refusal(error: CallboardError) -> Answer:
    counters.refused(error.error_type)
    headers = {"Allow": "GET"} if isinstance(error, MethodNotAllowed) else {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    return Answer(error.http_status, error.body(), headers)


async def _page(scope: Scope) -> Json:
    if scope["method"] != "GET":
        raise MethodNotAllowed
    here = server.current()
    identity = await in_thread(authentication.identify, authentication.token_of(scope))
    here.poll_limits.take(identity.user_id)
    question = _question(scope, here.hub.config.poll_seconds)
    poll = LongPoll(here.hub.is_closing)
    here.user_slots.take(identity.user_id, poll)
    try:
        return await (_awaited(poll, identity, question) if question.seconds else _read(identity, question))
    finally:
        here.hub.leave_all(poll)
        here.user_slots.leave(identity.user_id, poll)


async def _awaited(poll: LongPoll, identity: Identity, question: Question) -> Json:
    here, until = server.current(), time.monotonic() + question.seconds
    await in_thread(_admit, identity, question.room)
    # Join before reading: an event between the two would be missed until the next one.
    await here.hub.join(poll, question.room)
    page = await _read(identity, question)
    await here.hub.activate(poll, question.room, page["seq"])
    if not page["events"]:
        await poll.news(question.seconds)
    # Who asks again at once must never meet the limit, however much happens: more comes meanwhile.
    await poll.rest(min(here.poll_limits.pace_seconds(identity.user_id), until - time.monotonic()))
    return await _read(identity, question)


async def _read(identity: Identity, question: Question) -> Json:
    return await in_thread(_read_page, identity, question)


def _read_page(identity: Identity, question: Question) -> Json:
    _admit(identity, question.room)  # each time: much may have been lost while it waited
    try:
        return queries.page(question.room.id, question.after, PAGE_EVENTS)
    except ObjectDoesNotExist:  # deleted a moment ago
        raise TargetNotFound from None


def _admit(identity: Identity, room: Room) -> None:
    admit(identity.user(), room)


def _question(scope: Scope, most_seconds: float) -> Question:
    asked = QueryDict(scope["query_string"])
    room = room_of("workflow", scope["url_route"]["kwargs"]["workflow_id"])
    return Question(room, int(_number(asked, "after")), min(_number(asked, "wait"), most_seconds))


def _number(asked: QueryDict, name: str) -> float:
    text = asked.get(name) or "0"
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 2**63:
        raise InvalidMessage(f"{name} is {text[:40]!r}; expected a number, at least 0.")
    return number


async def _first(*happenings: asyncio.Event, seconds: float) -> None:
    waiting = [asyncio.ensure_future(happening.wait()) for happening in happenings]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
