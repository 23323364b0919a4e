"""How long an agent may be out of reach, and how long is waited between two attempts to hear from it."""

import asyncio
import random
import time

from agents.remote.config import read_config
from agents.remote.errors import Lost, Unreachable

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0


class Patience:
    """That of one job."""

    def __init__(self) -> None:
        self._config = read_config()
        self._lost_at: float | None = None
        self._pause = 0.0

    def heard(self) -> None:
        """The agent has answered."""
        self._lost_at, self._pause = None, 0.0

    def lost(self, lost: Lost) -> None:
        """The agent has not answered.

        Raises: Unreachable when it has been so for LOST_SECONDS.
        """
        now = time.monotonic()
        self._lost_at = now if self._lost_at is None else self._lost_at
        self._pause = min(max(self._pause * 2, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        ends = now + max(self._pause, lost.retry_after) - self._lost_at
        if ends > self._config.lost_seconds:
            raise Unreachable(lost.why, retryable=True, retry_after=lost.retry_after or None)
        self._pause = max(self._pause, lost.retry_after)

    async def wait(self) -> None:
        """Until the agent is to be asked again."""
        # Not all jobs of an agent that is back ask at once.
        await asyncio.sleep(self._pause * random.uniform(0.75, 1.0) if self._pause else self._config.poll_seconds)  # noqa: S311
