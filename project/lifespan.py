"""What happens when the server starts and stops, for servers that tell (uvicorn; daphne does not)."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any, Final

import uvicorn

from agents.studio.offline import process_pool
from realtime import station
from workflows.runners import local

log = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Lifespan:
    """The ASGI lifespan application (https://asgi.readthedocs.io/en/latest/specs/lifespan.html)."""

    async def __call__(self, _scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Starts realtime, and in the end stops it and the work."""
        await receive()
        station.here()
        _say_farewell_before_the_server()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await station.stop()
        await asyncio.to_thread(local.stop)
        await asyncio.to_thread(process_pool.close)
        await send({"type": "lifespan.shutdown.complete"})


def _say_farewell_before_the_server() -> None:
    """On a signal, closes the sockets with 4202 first: uvicorn itself would close them with 1012 before it tells us."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        stop = signal.getsignal(number)
        if callable(stop) and isinstance(getattr(stop, "__self__", None), uvicorn.Server):
            signal.signal(number, _Farewell(loop, stop))


class _Farewell:
    """A signal handler that lets the server stop once the sockets are closed; at the second signal, at once."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stop: Callable[[int, FrameType | None], Any]) -> None:
        self._loop = loop
        self._stop = stop
        self._draining: asyncio.Task[None] | None = None
        self._is_asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._is_asked:
            self._stop(number, frame)
            return
        self._is_asked = True
        self._loop.call_soon_threadsafe(self._drain, number)

    def _drain(self, number: int) -> None:
        self._draining = self._loop.create_task(station.here().drain())
        self._draining.add_done_callback(lambda _: self._stop(number, None))
