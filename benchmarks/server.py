"""Starts a Callboard server in a temporary folder, as script/server does, and samples its memory."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0  # migrations on a busy machine
STOP_SECONDS = 20.0
SAMPLE_SECONDS = 0.25


@dataclass
class Memory:
    """Peak resident memory in MiB: of the server's process, and of it and all its child processes."""

    server: float = 0.0
    with_children: float = 0.0


@dataclass(frozen=True)
class Server:
    """A running server, with one superuser."""

    port: int
    pid: int
    password: str
    memory: Memory

    @property
    def url(self) -> str:
        """Its address, such as "http://127.0.0.1:4711"."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        """The address of its WebSocket."""
        return f"ws://127.0.0.1:{self.port}/ws/"

    def token(self) -> str:
        """Signs in over the API; returns an access token."""
        answer = httpx2.post(
            f"{self.url}/api/auth/token/",
            json={"username": "admin", "password": self.password},
            timeout=30,
            trust_env=False,
        )
        return str(answer.raise_for_status().json()["access"])


@contextmanager
def running_server(**variables: str) -> Iterator[Server]:
    """Runs a server on a free port and in a temporary folder, with these variables, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="callboard-benchmark-") as folder:
        password, port = secrets.token_urlsafe(16), free_port()
        with Path(folder, "output.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "script.serve"],
                cwd=ROOT,
                env=_environment(folder, port, password) | variables,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                server = Server(port=port, pid=process.pid, password=password, memory=Memory())
                _await_answer(server, process, Path(folder, "output.log"))
                with _memory_sampled(server):
                    yield server
            finally:
                _stop(process)


def _environment(folder: str, port: int, password: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "DATA_DIR": folder,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "CALLBOARD_ADMIN_PASSWORD": password,
    }


def _await_answer(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if httpx2.get(f"{server.url}/healthz", timeout=5, trust_env=False).is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _memory_sampled(server: Server) -> Iterator[None]:
    """Keeps `server.memory` up to date until the block ends."""
    over = threading.Event()

    def sample() -> None:
        while not over.wait(SAMPLE_SECONDS):
            sizes = _resident_mebibytes(server.pid)
            server.memory.server = max(server.memory.server, sizes.get(server.pid, 0.0))
            server.memory.with_children = max(server.memory.with_children, sum(sizes.values()))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _resident_mebibytes(root: int) -> dict[int, float]:
    """Resident memory of a process and all its descendants, from /proc; shared pages count for each of them."""
    children: dict[int, list[int]] = defaultdict(list)
    pages: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(entry.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
            pages[int(entry.name)] = int(entry.joinpath("statm").read_text().split()[1])
        except OSError:
            continue  # it has ended
        children[parent].append(int(entry.name))
    pending, found = [root], {}
    while pending:
        pid = pending.pop()
        found[pid] = pages.get(pid, 0) * os.sysconf("SC_PAGE_SIZE") / 2**20
        pending += children[pid]
    return found


def free_port() -> int:
    """A port of the loopback that is free right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
