"""A Callboard server of its own, started as script/server starts it, and what it costs the machine."""

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
    """The most memory seen at once, in MiB: of the server itself, and with everything that it started."""

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
        """Where it serves: "http://127.0.0.1:4711"."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        """Its WebSocket."""
        return f"ws://127.0.0.1:{self.port}/ws/"

    def token(self) -> str:
        """A fresh access token, got as a client gets one."""
        answer = httpx2.post(
            f"{self.url}/api/auth/token/",
            json={"username": "admin", "password": self.password},
            timeout=30,
            trust_env=False,
        )
        return str(answer.raise_for_status().json()["access"])


@contextmanager
def running_server() -> Iterator[Server]:
    """A server in a folder and on a port of its own; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="callboard-benchmark-") as folder:
        password, port = secrets.token_urlsafe(16), free_port()
        with Path(folder, "output.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "script.serve"],
                cwd=ROOT,
                env=_environment(folder, port, password),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                server = Server(port=port, pid=process.pid, password=password, memory=Memory())
                _await_answer(server, process, Path(folder, "output.log"))
                with _weighed(server):
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
def _weighed(server: Server) -> Iterator[None]:
    """Keeps `server.memory` up to date meanwhile."""
    over = threading.Event()

    def weigh() -> None:
        while not over.wait(SAMPLE_SECONDS):
            sizes = _resident_mebibytes(server.pid)
            server.memory.server = max(server.memory.server, sizes.get(server.pid, 0.0))
            server.memory.with_children = max(server.memory.with_children, sum(sizes.values()))

    thread = threading.Thread(target=weigh, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _resident_mebibytes(root: int) -> dict[int, float]:
    """Resident memory of a process and all below it, from /proc; pages that they share count for each."""
    children: dict[int, list[int]] = defaultdict(list)
    pages: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(entry.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1])
            pages[int(entry.name)] = int(entry.joinpath("statm").read_text().split()[1])
        except OSError:
            continue  # it ended while we looked
        children[parent].append(int(entry.name))
    family, found = [root], {}
    while family:
        pid = family.pop()
        found[pid] = pages.get(pid, 0) * os.sysconf("SC_PAGE_SIZE") / 2**20
        family += children[pid]
    return found


def free_port() -> int:
    """A port of the loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
