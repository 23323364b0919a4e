"""Servers in threads of the test process, on the loopback: an ASGI application on uvicorn, or bytes on a bare socket."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

Application = Callable[[Any, Any, Any], Awaitable[None]]
Connection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
JOIN_SECONDS = 30.0


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server(uvicorn.Server):
    """uvicorn, which says when it listens."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens."""
        await super().startup(sockets)
        self._started.set()


@contextmanager
def serving(application: Application, port: int) -> Iterator[None]:
    """The application, until the end; connections that are still open then break."""
    # h11: the other implementation keeps what it wrote for itself while the application does not come to an end.
    config = uvicorn.Config(
        application, port=port, lifespan="off", log_config=None, http="h11", ws="none", interface="asgi3"
    )
    started = threading.Event()
    server = _Server(config, started)
    thread = threading.Thread(target=server.run, name=f"peer at {port}", daemon=True)
    thread.start()
    assert started.wait(JOIN_SECONDS)
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        thread.join(JOIN_SECONDS)
        assert not thread.is_alive()


@contextmanager
def listening(connection: Connection) -> Iterator[str]:
    """A bare TCP server, which gives each connection to `connection`. Yields its URL."""
    port, ready, ends = free_port(), threading.Event(), asyncio.Event()
    loop: list[asyncio.AbstractEventLoop] = []
    answering: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = asyncio.current_task()
        assert mine
        answering.add(mine)
        try:
            await connection(reader, writer)
        except (asyncio.CancelledError, ConnectionError):
            pass  # the end of the test, or of the other side
        finally:
            writer.transport.abort()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", port)
        loop.append(asyncio.get_running_loop())
        ready.set()
        await ends.wait()
        server.close()
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name=f"socket at {port}", daemon=True)
    thread.start()
    assert ready.wait(JOIN_SECONDS)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop[0].call_soon_threadsafe(ends.set)
        thread.join(JOIN_SECONDS)
        assert not thread.is_alive()
