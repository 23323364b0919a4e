"""What the servers do differently: uvicorn's signals, daphne's shutdown and close codes.

Everything below speaks plain ASGI. uvicorn tells when it starts and stops (lifespan), but on a signal closes the sockets
itself, with 1012. Daphne tells nothing, cancels all applications before it stops, and refuses some close codes.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from django.conf import settings

from agents.studio.offline import processes
from project.connections import limited_connections
from project.socket_protocol import SocketProtocol
from realtime import server
from workflows.runners import local

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
GRACEFUL_SECONDS: Final = 10  # for requests and sockets that are under way when uvicorn stops
DAPHNE_CLOSE_CODES: Final = range(3000, 5000)  # and 1000: the only ones that daphne lets an application send


# --- uvicorn --------------------------------------------------------------------------------------


def uvicorn_config(application: Application) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        application,
        http=limited_connections(),
        ws=SocketProtocol,
        ws_ping_interval=None,  # Callboard's own heartbeat finds the dead
        ws_per_message_deflate=settings.COMPRESS_SOCKETS,
        ws_max_size=2 * int(settings.REALTIME["FRAME_BYTES"]),  # up to there the application itself refuses
        lifespan="on",
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        access_log=False,
        log_config=None,  # the settings' LOGGING holds
        server_header=False,
    )


class Lifespan:
    """The ASGI lifespan application (https://asgi.readthedocs.io/en/latest/specs/lifespan.html)."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Starts realtime, and in the end stops it and the work."""
        await receive()
        server.current()
        _drain_before_uvicorn_stops()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await server.stop()
        await asyncio.to_thread(local.stop)
        await asyncio.to_thread(processes.close)
        await send({"type": "lifespan.shutdown.complete"})


def _drain_before_uvicorn_stops() -> None:
    """On a signal, closes the sockets with 4202 before uvicorn would close them with 1012."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        stop = signal.getsignal(number)
        if callable(stop) and isinstance(getattr(stop, "__self__", None), uvicorn.Server):
            signal.signal(number, _DrainOnSignal(loop, stop))


class _DrainOnSignal:
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
        self._draining = self._loop.create_task(server.current().drain())
        self._draining.add_done_callback(lambda _: self._stop(number, None))


# --- daphne ---------------------------------------------------------------------------------------


class ServerQuirks:
    """An ASGI middleware: the application as it is, or with what daphne lacks where daphne serves it."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._daphne_sockets = DaphneSockets(application)
        self._is_awaited = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or serves one socket."""
        if (reactor := _daphne_reactor()) is None:
            await self._application(scope, receive, send)
            return
        if not self._is_awaited:
            self._is_awaited = True
            reactor.addSystemEventTrigger("before", "shutdown", self._stop_first)
        serve = self._daphne_sockets if scope["type"] == "websocket" else self._application
        await serve(scope, receive, send)

    def _stop_first(self) -> "Deferred[None]":
        """What the reactor waits for before it stops."""
        from twisted.internet.defer import Deferred  # noqa: PLC0415 - only where daphne serves

        return Deferred.fromFuture(asyncio.ensure_future(self._daphne_sockets.stop()))


def _daphne_reactor() -> "ReactorBase | None":
    """Twisted's reactor while it runs; None where another server serves."""
    reactor: Any = sys.modules.get("twisted.internet.reactor")  # the module is the reactor
    return reactor if reactor is not None and getattr(reactor, "running", False) else None


class DaphneSockets:
    """An ASGI middleware for sockets: the application outlives daphne's cancelling, and may close with any code."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._serving: set[asyncio.Task[Any] | None] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one socket until it ends."""
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            await _DaphneSocket(receive, send).serve(self._application, scope)
        finally:
            self._serving.discard(task)

    async def stop(self) -> None:
        """Stops realtime, and waits until the clients have the close frames: daphne drops what it has not sent."""
        await server.stop()
        if self._serving:
            await asyncio.wait([task for task in self._serving if task], timeout=server.CLOSING_SECONDS)


class _DaphneSocket:
    """One socket."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive_from_daphne = receive
        self._send_to_daphne = send
        self._is_disconnected = False

    async def serve(self, application: Application, scope: Scope) -> None:
        """Daphne cancels all applications first, and then waits for realtime to stop, which closes the sockets."""
        config = server.current().hub.config
        serving = asyncio.ensure_future(application(scope, self._receive, self._send))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            with suppress(TimeoutError):
                async with asyncio.timeout(config.drain_seconds + server.CLOSING_SECONDS):
                    await asyncio.wait({serving})
                    await self._disconnected()
            serving.cancel()
            raise

    async def _disconnected(self) -> None:
        """Returns when the client has answered the close frame: only that shows that it has arrived."""
        while not self._is_disconnected:
            await self._receive()

    async def _receive(self) -> dict[str, Any]:
        message = await self._receive_from_daphne()
        self._is_disconnected = message["type"] == "websocket.disconnect"
        return message

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            message = {**message, "code": _daphne_close_code(message.get("code", 1000))}
        await self._send_to_daphne(message)


def _daphne_close_code(code: int) -> int:
    """The code itself where daphne sends it; 4009 for 1009."""
    return code if code == 1000 or code in DAPHNE_CLOSE_CODES else 4000 + code % 1000
