"""The updates of the tasks that are followed in this process: read once for all who follow one, and in one order.

A worker in another process may have brought them. Who can tell at once that there is something new (realtime can) answers
the signal `news_wanted`; besides, one query looks at all followed tasks every LOOK_SECONDS.
All methods belong to one event loop.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

from workflows.a2a import updates
from workflows.a2a.models import A2ATask
from workflows.a2a.threads import in_thread
from workflows.a2a.updates import News, Position
from workflows.models import Workflow
from workflows.signals import news_wanted

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
PACE_SECONDS: Final = 0.2  # between two readings of one task that found nothing but progress
RETRY_SECONDS: Final = 1.0  # after a reading that failed
UPDATES_LIMIT: Final = 1_000  # that wait for one follower: one that reads so slowly is left
ROWS_AT_ONCE: Final = 500

Row = tuple[int, float, str]  # of a workflow: last_seq, progress, message


class Followed:
    """What one follower gets: iterate over it. It ends when the task is deleted, or the follower is too slow."""

    def __init__(self) -> None:
        self._waiting: deque[News] = deque()
        self._has_changed = asyncio.Event()
        self._has_ended = False

    def put(self, news: News) -> None:
        """One more update; nothing after the end."""
        if len(self._waiting) >= UPDATES_LIMIT:
            self.end()
        if not self._has_ended:
            self._waiting.append(news)
            self._has_changed.set()

    def end(self) -> None:
        """There will be no more."""
        self._has_ended = True
        self._has_changed.set()

    def __aiter__(self) -> "Followed":
        return self

    async def __anext__(self) -> News:
        while not self._waiting:
            if self._has_ended:
                raise StopAsyncIteration
            self._has_changed.clear()
            await self._has_changed.wait()
        return self._waiting.popleft()


class Feed:
    """One task: reads what is new whenever it is woken, and hands it to all followers."""

    def __init__(self, row: A2ATask, position: Position) -> None:
        self.followers: set[Followed] = set()
        self._row = row
        self._position = position
        self._is_woken = asyncio.Event()
        self._is_closed = False
        self._leave: list[Callable[[], None]] = []
        self._reading = asyncio.create_task(self._read_on())
        self._listening = asyncio.create_task(self._listen())

    def wake(self) -> None:
        """There may be something new."""
        self._is_woken.set()

    def close(self) -> None:
        """Nobody follows it any more."""
        self._is_closed = True
        self._reading.cancel()
        for leave in self._leave:
            leave()

    async def _listen(self) -> None:
        """Asks those who know of news to wake it. Never cancelled half-way: what has begun must be ended, too."""
        asked = {"workflow_id": str(self._row.pk), "seq": self._position.seq, "on_news": self.wake}
        for _, answer in await news_wanted.asend_robust(sender=None, **asked):
            if isinstance(answer, BaseException):
                log.warning("The news of a task will come late.", exc_info=answer)
            elif answer is not None and self._is_closed:
                answer()
            elif answer is not None:
                self._leave.append(answer)

    async def _read_on(self) -> None:
        while True:
            await self._is_woken.wait()
            self._is_woken.clear()
            try:
                news, self._position = await in_thread(updates.after, self._row, self._position)
            except Workflow.DoesNotExist:
                return self._end()
            except Exception:
                log.exception("The updates of a task could not be read.", extra={"workflow": str(self._row.pk)})
                await asyncio.sleep(RETRY_SECONDS)
                self.wake()
                continue
            self._hand_on(news)
            if not self._position.is_current:
                self.wake()
            elif all(one.is_progress for one in news):
                await asyncio.sleep(PACE_SECONDS)

    def _hand_on(self, news: list[News]) -> None:
        for one in news:
            for follower in self.followers:
                follower.put(one)

    def _end(self) -> None:
        for follower in self.followers:
            follower.end()


class Feeds:
    """All feeds of one event loop."""

    def __init__(self) -> None:
        self._feeds: dict[UUID, Feed] = {}
        self._looking: asyncio.Task[None] | None = None
        self._seen: dict[UUID, Row] = {}

    @asynccontextmanager
    async def following(self, row: A2ATask) -> AsyncIterator[Followed]:
        """The updates from now on, while the block runs. Read the task inside of it: so nothing between is missed."""
        followed = Followed()
        try:
            await self._join(row, followed)
            yield followed
        finally:
            self._leave(row.pk, followed)

    async def _join(self, row: A2ATask, followed: Followed) -> None:
        if row.pk not in self._feeds:
            position = await in_thread(updates.position_of, row)
            if row.pk not in self._feeds:  # another may have been quicker
                self._feeds[row.pk] = Feed(row, position)
        self._feeds[row.pk].followers.add(followed)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    def _leave(self, key: UUID, followed: Followed) -> None:
        feed = self._feeds.get(key)
        if feed is None:
            return
        feed.followers.discard(followed)
        if not feed.followers:
            del self._feeds[key]
            self._seen.pop(key, None)
            feed.close()

    async def _look(self) -> None:
        """Wakes the feeds whose workflow has changed; ends when there are no feeds."""
        while self._feeds:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(Exception):  # the database does not answer: the next look will tell
                self._compare(await in_thread(_rows, list(self._feeds)))

    def _compare(self, rows: dict[UUID, Row]) -> None:
        for key, feed in self._feeds.items():
            row = rows.get(key)
            if row is None or self._seen.get(key) != row:
                feed.wake()
            if row is not None:
                self._seen[key] = row


def _rows(keys: list[UUID]) -> dict[UUID, Row]:
    found: dict[UUID, Row] = {}
    for start in range(0, len(keys), ROWS_AT_ONCE):
        rows = Workflow.objects.filter(pk__in=keys[start : start + ROWS_AT_ONCE])
        found |= {
            key: (seq, done, text) for key, seq, done, text in rows.values_list("pk", "last_seq", "progress", "message")
        }
    return found


_feeds: tuple[asyncio.AbstractEventLoop, Feeds] | None = None


def here() -> Feeds:
    """Those of the running event loop."""
    global _feeds
    loop = asyncio.get_running_loop()
    if _feeds is None or _feeds[0] is not loop:
        _feeds = loop, Feeds()
    return _feeds[1]
