"""Takes publications from any thread to this process's hub and to the other processes, in the order of publishing.

The hub here gets them at once, without the channel layer, which may be slow or unreachable for a while.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final

from realtime.config import read_config
from realtime.fanout.coalescer import Coalescer
from realtime.fanout.layer import LAYER_SECONDS, reaches_others
from realtime.fanout.publication import Publication, to_layer
from realtime.metrics import counters
from realtime.rooms import EVERYONE, group_of

log = logging.getLogger(__name__)

INBOX_PUBLICATIONS: Final = 10_000  # the oldest are dropped: events are read from the database, the rest is out of date
TURN_PUBLICATIONS: Final = 250  # that the hub gets in one turn of the loop: then its clients are written to
POLL_SECONDS: Final = 0.002  # while much comes, the loop polls the inbox so often, instead of being woken for each
LAYER_PUBLICATIONS: Final = 500  # in one message of the layer
ChannelLayer = Any  # channels ships no types
LayerMessage = tuple[str, dict[str, Any]]  # the group, and what it gets


class Publisher:
    """Publishes from one event loop. `deliver` takes a publication to this process's hub, whose channel is `sender()`."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        layer: ChannelLayer | None,
        deliver: Callable[[Publication], None] = lambda _: None,
        sender: Callable[[], str] = str,
    ) -> None:
        self._loop = loop
        self._layer = layer if reaches_others(layer) else None
        self._deliver = deliver
        self._sender = sender
        self._inbox: deque[Publication | dict[str, Any]] = deque(maxlen=INBOX_PUBLICATIONS)
        self._outgoing: deque[Publication | dict[str, Any]] = deque(maxlen=INBOX_PUBLICATIONS)
        self._guard = threading.Lock()
        self._is_scheduled = False
        self._emptied_at = 0.0  # the loop's time
        self._sending: asyncio.Task[None] | None = None
        self._layer_is_well = True
        seconds = read_config().coalesce_seconds
        # A room coalesces after this once more: together they must not take too long.
        self._coalescer = Coalescer(loop, self._flush, least=seconds, most=2 * seconds)

    def publish(self, publication: Publication | dict[str, Any]) -> None:
        """Publishes to rooms, or a layer message to every process. From any thread; never blocks, never raises."""
        with self._guard:
            self._inbox.append(publication)
            if self._is_scheduled:
                return
            self._is_scheduled = True
        try:
            self._loop.call_soon_threadsafe(self._empty_inbox)
        except RuntimeError:  # the loop is closed, and with it every socket
            log.debug("The loop is closed; a publication was dropped.")

    async def flush(self) -> None:
        """Waits until everything has gone out."""
        while self._inbox:
            self._empty_inbox()
        self._coalescer.flush()
        if self._sending is not None:
            await self._sending

    def _empty_inbox(self) -> None:
        with self._guard:
            publications = [self._inbox.popleft() for _ in range(min(len(self._inbox), TURN_PUBLICATIONS))]
            self._is_scheduled = self._polls_on(has_come=bool(publications))
        for one in publications:
            if isinstance(one, Publication):
                self._deliver(one)
        if self._layer is not None:
            self._outgoing.extend(publications)
            self._coalescer.schedule()

    def _polls_on(self, *, has_come: bool) -> bool:
        """Whether the loop polls the inbox again by itself, so that `publish` need not wake it."""
        now = self._loop.time()
        is_busy = has_come and now - self._emptied_at < POLL_SECONDS
        if has_come:
            self._emptied_at = now
        if self._inbox:
            self._loop.call_soon(self._empty_inbox)
        elif is_busy:
            self._loop.call_later(POLL_SECONDS, self._empty_inbox)
        return is_busy or bool(self._inbox)

    def _flush(self) -> int:
        if self._layer is not None and self._outgoing and (self._sending is None or self._sending.done()):
            self._sending = self._loop.create_task(self._send(self._layer))
        return len(self._outgoing)

    async def _send(self, layer: ChannelLayer) -> None:
        while self._outgoing:
            publications = [self._outgoing.popleft() for _ in range(min(len(self._outgoing), LAYER_PUBLICATIONS))]
            for group, message in _addressed(publications):
                try:
                    async with asyncio.timeout(LAYER_SECONDS):
                        await layer.group_send(group, {**message, "sender": self._sender()})
                except Exception as error:  # noqa: BLE001 - the layer may be gone; it is noted, and work goes on
                    counters.layer_failed()
                    self._note(error)
                else:
                    self._note(None)

    def _note(self, error: Exception | None) -> None:
        """Logs once that the layer is gone, and once that it is back: there may be many messages a second."""
        if (error is None) == self._layer_is_well:
            return
        self._layer_is_well = error is None
        if error is None:
            log.warning("The channel layer takes messages again.")
        else:
            log.warning(
                "The channel layer takes no messages: %r. Other processes read events from the database.", error
            )


def _addressed(publications: list[Publication | dict[str, Any]]) -> Iterator[LayerMessage]:
    """What each group gets: its publications together, in order."""
    by_group: dict[str, list[Publication]] = {}
    known: dict[tuple[str, ...], list[list[Publication]]] = {}  # by rooms: of a busy room there are many in a row
    for one in publications:
        if isinstance(one, Publication):
            if one.rooms not in known:
                known[one.rooms] = [by_group.setdefault(group, []) for group in dict.fromkeys(map(group_of, one.rooms))]
            for of_group in known[one.rooms]:
                of_group.append(one)
        else:
            yield EVERYONE, one
    for group, of_group in by_group.items():
        yield group, {"type": "publications", "publications": to_layer(of_group)}
