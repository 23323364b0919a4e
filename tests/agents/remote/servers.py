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


@contextmanager
def serving(application: Application, port: int) -> Iterator[None]:
    """The application, until the end; connections that are still open then break."""
    # h11: the other implementation keeps what it wrote for itself while the application does not come to an end.
    config = uvicorn.Config(
        application, port=port, lifespan="off", log_config=None, http="h11", ws="none", interface="asgi3"
    )
    server = uvicorn.Server(config)
    started = threading.Event()

    async def serve() -> None:
        async def tell() -> None:
            while not server.started:
                await asyncio.sleep(0.005)
            started.set()

        telling = asyncio.create_task(tell())
        await server.serve()
        await telling

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name=f"peer at {port}")
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
    loop, port, ready = asyncio.new_event_loop(), free_port(), threading.Event()

    async def serve() -> None:
        await asyncio.start_server(connection, "127.0.0.1", port)
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, name=f"socket at {port}")
    thread.start()
    assert ready.wait(JOIN_SECONDS)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(JOIN_SECONDS)
