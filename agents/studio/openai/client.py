"""The client of the AI provider: shared by all threads, with a rate limit and retries; a request ends when its job is stopped.

Requests run on an event loop in a thread of its own, so that the thread that waits for one can go on reporting, and so that
stopping closes the connection at once. The official client sends them; when to try again is decided here, because a
try must wait its turn in the rate limit and have an end even when the answer trickles in.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import random
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, wait
from typing import TypeVar

import httpx2
from aiolimiter import AsyncLimiter
from django.conf import settings
from openai import AsyncOpenAI, OpenAIError

from agents import tracing
from agents.contract import AgentError
from agents.studio.openai.bounds import AnswerRefused, bounded_client
from agents.studio.openai.errors import as_agent_error

Answer = TypeVar("Answer")
Call = Callable[[AsyncOpenAI], Awaitable[Answer]]

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.2  # how often the waiting thread may report, and notice that the job was stopped
TRIES = 3
FIRST_DELAY_SECONDS = 0.5  # doubled each time
LONGEST_DELAY_SECONDS = 30.0  # asked to wait longer, the job is given back, so that it holds no thread
FAREWELL_SECONDS = 3.0
BURST_SHARE = 10  # a tenth of a minute's requests may go out at once

_opening = threading.Lock()
_opened: dict[tuple[str, str, float, int], Endpoint] = {}
os.register_at_fork(after_in_child=_opened.clear)  # a forked worker has none of our threads


class Endpoint:
    """One provider's address, with its key and its limits."""

    def __init__(self, base_url: str, key: str, timeout_seconds: float, requests_per_minute: int) -> None:
        self._timeout_seconds = timeout_seconds
        self._client = AsyncOpenAI(
            base_url=base_url,
            api_key=key,
            timeout=timeout_seconds,
            max_retries=0,
            http_client=bounded_client(timeout_seconds),
        )
        self._pace = pace(requests_per_minute)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ai-provider", daemon=True)
        self._thread.start()

    def ask(
        self, call: Call[Answer], *, waiting: Callable[[], None], unwanted: Callable[[Answer], None] | None = None
    ) -> Answer:
        """Makes the call and returns its answer; `waiting` is called every 0.2 s until it is there.

        When `waiting` raises, the connection is closed; but with `unwanted`, the call goes on and its answer goes there.

        Raises: AgentError when the provider could not or would not; whatever `waiting` raises.
        """
        future = self.begin(call)
        try:
            waiting()
            while not wait([future], timeout=TICK_SECONDS).done:
                waiting()
        except BaseException:
            if unwanted is None:
                future.cancel()
            else:
                future.add_done_callback(lambda done: done.exception() or unwanted(done.result()))
            raise
        return future.result()

    def begin(self, call: Call[Answer]) -> Future[Answer]:
        """Makes the call without waiting for it."""
        return asyncio.run_coroutine_threadsafe(self._persist(call), self._loop)

    async def _persist(self, call: Call[Answer]) -> Answer:
        for number in range(TRIES - 1):
            try:
                return await self._try(call)
            except AgentError as error:
                delay = _delay_seconds(number, error)
                if not error.retryable or delay > LONGEST_DELAY_SECONDS:
                    raise
                logger.warning("Trying again in %.1f s: %s", delay, error.message)
            await asyncio.sleep(delay)
        return await self._try(call)

    async def _try(self, call: Call[Answer]) -> Answer:
        await self._pace.acquire()
        try:
            # The client's own time-out is per read: an answer that trickles in would never end.
            async with asyncio.timeout(self._timeout_seconds):
                with tracing.span("provider", kind="client", attributes={"server.address": self._client.base_url.host}):
                    return await call(self._client)
        except (OpenAIError, httpx2.HTTPError, TimeoutError, AnswerRefused) as error:
            # Without its cause: a traceback would show addresses and bodies.
            raise as_agent_error(error, timeout_seconds=self._timeout_seconds) from None

    def close(self) -> None:
        """Lets what is under way end within 3 s, closes every connection and ends the thread."""
        asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _wind_up(self) -> None:
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=FAREWELL_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._client.close()


def endpoint() -> Endpoint:
    """The provider of the settings; the same one for the same settings.

    Raises: AgentError when the settings lack a key, or hold one that is none.
    """
    if wrong := missing("OPENAI_API_KEY"):
        raise AgentError(wrong)
    named = (
        settings.OPENAI_BASE_URL,
        settings.OPENAI_API_KEY,
        settings.OPENAI_TIMEOUT_SECONDS,
        settings.OPENAI_REQUESTS_PER_MINUTE,
    )
    with _opening:
        if named not in _opened:
            _opened[named] = Endpoint(*named)
        return _opened[named]


def close() -> None:
    """Closes every connection to every provider. At the end of the process: orders are called off until then."""
    with _opening:
        while _opened:
            _opened.popitem()[1].close()


atexit.register(close)


def missing(model_variable: str) -> str:
    """What is wrong with the settings, as sentences that name the variable; "" when nothing is."""
    needed = dict.fromkeys(("OPENAI_API_KEY", model_variable))
    lacking = [f"{name} is not set." for name in needed if not getattr(settings, name)]
    return " ".join([*lacking, *_malformed()])


def _malformed() -> Iterator[str]:
    # Found out here, because whatever fails on such a key later would print it.
    if not re.fullmatch(r"[!-~]*", settings.OPENAI_API_KEY):
        yield "OPENAI_API_KEY holds characters that no key has."
    if not re.match(r"https?://[^/?#\s]", settings.OPENAI_BASE_URL):
        yield "OPENAI_BASE_URL is no address: it must begin with https:// or http://."


def pace(requests_per_minute: int) -> AsyncLimiter:
    """Never more than that many in any minute: a burst, and the rest spread evenly."""
    burst = max(1, requests_per_minute // BURST_SHARE)
    return AsyncLimiter(burst, 60 * burst / max(1, requests_per_minute - burst))


def _delay_seconds(number: int, error: AgentError) -> float:
    if error.retry_after is not None:
        return error.retry_after
    # Exponential, with jitter: many jobs that failed together do not come back together.
    return FIRST_DELAY_SECONDS * float(2**number) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
