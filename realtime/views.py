"""The long-polling fallback: the same messages over HTTP, without a thread that waits."""

import asyncio
from typing import Any
from uuid import UUID

from asgiref.sync import SyncToAsync
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from realtime import authentication, records, station
from realtime.database import in_thread
from realtime.errors import Farewell, InvalidMessage, NotAuthenticated, ProtocolError, TargetNotFound, UserDisabled
from realtime.hub import Hub
from realtime.metrics import tally
from realtime.numbers import numbers
from realtime.piles import Pile
from realtime.rooms import Room, admit, workflow_room

PROGRESS_SECONDS = 1.0  # a page with nothing but progress takes at least so long
PAGE_EVENTS = 1000
STATUSES: dict[type[ProtocolError], int] = {InvalidMessage: 400, TargetNotFound: 404, UserDisabled: 403}


class LongPoll:
    """A request that waits for news: for an event at once, for progress not too often."""

    def __init__(self) -> None:
        self.event_came = asyncio.Event()
        self.something_came = asyncio.Event()

    def hear(self, pile: Pile) -> None:
        """Something happened."""
        self.something_came.set()
        if pile.has_events:
            self.event_came.set()

    async def news(self, closing: asyncio.Event, seconds: float) -> None:
        """Returns when there is news, when the server is closing, or after `seconds`."""
        await _first(self.event_came, closing, seconds=min(PROGRESS_SECONDS, seconds))
        if not self.event_came.is_set():
            await _first(self.something_came, closing, seconds=max(0.0, seconds - PROGRESS_SECONDS))


@require_GET
async def events(request: HttpRequest, workflow_id: UUID) -> HttpResponse:
    """GET ?after=SEQ&wait=25: {"events", "progress", "seq"}. Waits up to `wait` seconds for news after `after`."""
    try:
        return JsonResponse(await _page(request, workflow_room(str(workflow_id))))
    except ProtocolError as error:
        tally.refused(error.error_type)
        status = STATUSES.get(type(error), 401 if isinstance(error, Farewell) else 400)
        body = {"type": error.error_type, "message": error.message, "retryable": error.retryable, "fields": {}}
        return JsonResponse({"error": body}, status=status)


async def _page(request: HttpRequest, room: Room) -> dict[str, Any]:
    limits = numbers()
    after = int(_number(request, "after", 0.0))
    seconds = min(_number(request, "wait", 0.0), limits.poll_seconds)
    await in_thread(_admit, request.headers.get("Authorization", ""), room)
    page = await in_thread(records.page, room.id, after, PAGE_EVENTS)
    if page["events"] or not seconds:
        return page
    return await _awaited(station.here().hub, room, after, seconds)


async def _awaited(hub: Hub, room: Room, after: int, seconds: float) -> dict[str, Any]:
    poll = LongPoll()
    try:
        # Join before reading: an event between the two would be missed until the next one.
        await hub.arrive(poll, room)
        page = await in_thread(records.page, room.id, after, PAGE_EVENTS)
        await hub.settle(poll, room, page["seq"])
        if page["events"]:
            return page
        _give_thread_back()
        await poll.news(hub.is_closing, seconds)
    finally:
        hub.leave(poll)
    return await in_thread(records.page, room.id, after, PAGE_EVENTS)


def _give_thread_back() -> None:
    """Lets go of the thread that Django gave this request for its middleware: waiting needs none.

    What follows gets a new one (asgiref makes it when there is none).
    """
    context = SyncToAsync.thread_sensitive_context.get(None)
    threads = None if context is None else SyncToAsync.context_to_thread_executor.pop(context, None)
    if threads is not None:
        threads.shutdown(wait=False)


def _admit(authorization: str, room: Room) -> None:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotAuthenticated
    admit(authentication.identify(token.strip()).user(), room)


def _number(request: HttpRequest, name: str, default: float) -> float:
    text = request.GET.get(name, "")
    try:
        number = float(text) if text else default
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
