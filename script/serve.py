"""Serves Callboard with uvicorn in this one process, until SIGINT or SIGTERM."""

import asyncio
import contextlib
import gc
import logging
import logging.handlers
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

import uvicorn
from django.conf import settings

from script.prepare import load_settings, one_sentence_errors, prepare
from workflows.runners import service_manager

LOG_BYTES, LOG_FILES = 10 * 1024 * 1024, 3
TICK_SECONDS = 1.0  # as precise as the Date header, which each tick renews


def main() -> None:
    """Checks, prepares, serves."""
    with one_sentence_errors():
        load_settings()
        raise_file_limit()
        listener = listen(settings.HOST, settings.PORT)
        prepare()
    serve(listener)


def raise_file_limit() -> None:
    """Lets the process open as many files and sockets as the system allows it to."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # some systems name a limit that they do not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def listen(host: str, port: int) -> socket.socket:
    """The listening socket.

    Raises: OSError with a sentence when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        is_from_system = error.errno is not None and error.errno > 0
        reason = os.strerror(error.errno or 0).lower() if is_from_system else error.strerror
        raise OSError(f"{host}:{port} cannot be listened on ({reason}). HOST and PORT set another address.") from error


def serve(listener: socket.socket) -> None:
    """Serves on `listener` until asked to end; then ends the process with 130 after Ctrl-C, with 0 after SIGTERM."""
    from project.asgi import application  # noqa: PLC0415 - importing it starts the work
    from project.servers import uvicorn_config  # noqa: PLC0415 - the settings are there by now

    keep_a_log()
    # uvicorn stops in its own way and then raises the signal again. By itself it would end the process on the spot:
    # children would be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # What is loaded by now stays. A full collection, in which all sockets wait, need not look at it again and again.
    gc.collect()
    gc.freeze()
    server = Server(uvicorn_config(application))
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        sys.exit(130)
    if not server.started:
        sys.exit("Callboard did not start; the reason stands above.")


class Server(uvicorn.Server):
    """Says where it serves as soon as it does; and to the service manager that it lives, for as long as its loop turns."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._sign_of_life = service_manager.SignOfLife()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"Callboard is at {address()}  (Ctrl-C stops it)", flush=True)
            service_manager.tell(service_manager.READY, f"STATUS=Serving at {address()}")

    async def main_loop(self) -> None:
        """Waits for the end. uvicorn's own looks for it ten times a second, a third of what an idle server costs."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), TICK_SECONDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._ending.set)

    async def on_tick(self, counter: int) -> bool:
        self._sign_of_life.show_if_due()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        service_manager.tell(service_manager.STOPPING, "STATUS=Stopping")
        await super().shutdown(sockets)


def address() -> str:
    """Where a browser finds it."""
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"{'https' if settings.HTTPS else 'http'}://{host}:{settings.PORT}"


def keep_a_log() -> None:
    """What goes to the console goes to DATA_DIR/logs/server.log, too, bounded in size."""
    path = Path(settings.DATA_DIR, "logs", "server.log")
    file = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES)
    file.setFormatter(logging.root.handlers[0].formatter)
    logging.root.addHandler(file)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # its steps of starting are no news


if __name__ == "__main__":
    main()
