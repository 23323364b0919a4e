"""Servers and runners as a service manager runs them: each with its process group, killed as a whole and started again."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from benchmarks.server import ROOT, free_port

START_SECONDS = 120.0  # on a busy machine
STOP_SECONDS = 30.0
POLL_SECONDS = 0.1
MARK = "CALLBOARD_BENCHMARK_LIFE"  # its value tells the processes of one life from those of the next


@dataclass
class Service:
    """`python -m COMMAND` with a data folder of its own or a shared one; runs in a `with` block."""

    name: str
    command: tuple[str, ...]
    data_dir: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    life: str = ""

    @property
    def url(self) -> str:
        """Of a server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Of the process that runs; 0 when none does."""
        return self.process.pid if self.process else 0

    @property
    def log(self) -> Path:
        """All that it has printed."""
        return self.data_dir / f"{self.name}.log"

    def start(self) -> None:
        """Returns at once."""
        self.data_dir.mkdir(exist_ok=True)
        self.life = uuid.uuid4().hex
        own = {"DATA_DIR": str(self.data_dir), "HOST": "127.0.0.1", "PORT": str(self.port), MARK: self.life}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=ROOT,
                env={**os.environ, **self.environment, **own},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Ends the whole process group with no chance to tidy up."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """As a service manager does, within STOP_SECONDS."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def wait_until_it_answers(self) -> None:
        """Of a server."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                if httpx2.get(f"{self.url}/healthz", timeout=5, trust_env=False).is_success:
                    return
            except httpx2.TransportError:
                time.sleep(POLL_SECONDS)
        raise SystemExit(f"{self.name} does not answer:\n{self.log.read_text(errors='replace')[-2000:]}")


@contextmanager
def running(service: Service) -> Iterator[Service]:
    """Starts it; stops it at the end, however the block ends."""
    service.start()
    try:
        yield service
    finally:
        service.stop()


def survivors(life: str) -> int:
    """How many processes of a life are still there. What was no part of the process group must end by itself."""
    mark = f"{MARK}={life}".encode()
    return sum(mark in _environment(path) for path in Path("/proc").glob("[0-9]*/environ"))


def _environment(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().split(b"\0")
    except OSError:  # it has ended, or is not ours
        return []
