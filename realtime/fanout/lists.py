"""The lists of workflows that are watched in this process: reads the rows that may have changed, and sends them.

That a workflow has changed is said by a hint, in the process that changed it, and reaches every process where a list is
watched. A hint stands for all that happens to its workflow within HINT_SECONDS, and rows are read at least ROW_SECONDS
after their hint: so few hints tell of many changes, none is missed, and each watcher gets the newest row a few times a
second at most. A row is read and encoded once, for its owner's room and for that of those who see all.
"""

import asyncio
import logging
import time
from typing import Final

from realtime import queries
from realtime.database import in_thread
from realtime.fanout.hub import Hub
from realtime.fanout.publication import Publication, listed_publication
from realtime.rooms import EVERY_OWNER, LISTS

log = logging.getLogger(__name__)

HINT_SECONDS: Final = 0.2
ROW_SECONDS: Final = 0.3  # longer than HINT_SECONDS
ROWS_AT_ONCE: Final = 100  # in one read; more wait for their turn
HINTS_KEPT: Final = 10_000  # of workflows that were hinted at last


class Hints:
    """Which changes are worth a hint. In the process that makes them, from any thread."""

    def __init__(self) -> None:
        self._given_at: dict[str, float] = {}  # monotonic, by workflow

    def is_due(self, workflow_id: str) -> bool:
        """Whether the change is to be hinted at: not when a hint stands for it already."""
        now = time.monotonic()
        if now - self._given_at.get(workflow_id, -HINT_SECONDS) < HINT_SECONDS:
            return False
        if len(self._given_at) >= HINTS_KEPT:
            self._given_at.clear()  # a hint too many does no harm
        self._given_at[workflow_id] = now
        return True


class Lists:
    """The lists of one process. All methods belong to its event loop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._hinted_at: dict[
            str, float
        ] = {}  # the loop's time of the last hint, by workflow; the longest waiting first
        self._gone: set[str] = set()  # workflows that were deleted while rows are being read
        self._reading: asyncio.Task[None] | None = None
        hub.observers["workflow_changed"] = lambda hint: self.changed(hint.text)
        hub.observers["workflow_unlisted"] = lambda message: self._forget(message.about)

    def changed(self, workflow_id: str) -> None:
        """The row of this workflow may have changed, or will within HINT_SECONDS."""
        if self._audiences():
            self._hinted_at[workflow_id] = self._hub.loop.time()
            if self._reading is None or self._reading.done():
                self._reading = self._hub.loop.create_task(self._read_all())

    async def renew(self) -> None:
        """Reads again what has lately been worked on or has ended: a hint may have been lost."""
        if self._audiences():
            seconds = 2 * self._hub.config.heartbeat_seconds
            for workflow_id in await in_thread(queries.lately_changed, seconds, ROWS_AT_ONCE):
                self.changed(workflow_id)

    def stop(self) -> None:
        """Reads no more."""
        if self._reading is not None:
            self._reading.cancel()

    def _audiences(self) -> set[str]:
        """Whose lists are watched here: ids of owners, EVERY_OWNER."""
        return {room.id for room in self._hub.rooms() if room.target == LISTS.target}

    def _forget(self, workflow_id: str) -> None:
        self._hinted_at.pop(workflow_id, None)
        self._gone.add(workflow_id)

    async def _read_all(self) -> None:
        """Reads what was hinted at, again and again, until no hint is left."""
        while self._hinted_at:
            await asyncio.sleep(ROW_SECONDS)
            now = self._hub.loop.time()
            turn = list(self._hinted_at)[:ROWS_AT_ONCE]
            for workflow_id in turn:
                hinted_at = self._hinted_at.pop(workflow_id)
                if now - hinted_at < ROW_SECONDS:  # what the hint stands for may still be to come: read it once more
                    self._hinted_at[workflow_id] = hinted_at
            self._gone.clear()
            try:
                publications = await in_thread(_rows, turn, self._audiences())
            except Exception:
                log.exception("Rows of lists could not be read; they are read when they change again.")
                continue
            # Who is told that a workflow is gone must not get its row after that.
            for publication in publications:
                if publication.about not in self._gone:
                    self._hub.receive(publication)


def _rows(workflow_ids: list[str], audiences: set[str]) -> list[Publication]:
    owners = None if EVERY_OWNER in audiences else [int(owner) for owner in audiences]
    return [listed_publication(owner, row) for owner, row in queries.list_rows(workflow_ids, owners)]
