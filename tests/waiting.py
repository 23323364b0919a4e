"""Waiting for what no message announces."""

import asyncio
import time
from collections.abc import Callable

TIMEOUT_SECONDS = 100.0  # a test that waits for longer has failed, on a busy machine, too


async def until(condition: Callable[[], bool]) -> None:
    """Returns as soon as the condition holds; raises TimeoutError if it does not come to that."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def wait_for(condition: Callable[[], bool]) -> None:
    """The same where there is no event loop."""
    until_then = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > until_then:
            raise TimeoutError
        time.sleep(0.01)
