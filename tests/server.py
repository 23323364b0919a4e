"""A real Callboard server in a process of its own, as `script/server` runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx2

from tests.cast import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
FRONTEND_DIST = Path(os.environ.get("FRONTEND_DIST") or ROOT / "var" / "frontend" / "dist")
START_SECONDS = 60  # on a busy machine
STOP_SECONDS = 40


@dataclass
class Server:
    """One server with its own folder and port. `kill` and `start` again to see what a crash leaves behind."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it serves: "http://127.0.0.1:4711"."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """Where its sockets are, without a path: "ws://127.0.0.1:4711"."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process's id while it runs."""
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Starts it and returns when it answers."""
        self.log = (self.data_dir / "output.log").open("ab")
        self.process = self._run("script.serve")
        try:
            self._wait_for_an_answer(self.process)
        except BaseException:
            self.kill()
            raise

    def invite_the_cast(self) -> None:
        """Puts the people of the tests into its database."""
        assert self._run("tests.cast").wait(START_SECONDS) == 0, self.output()

    def stop(self) -> int:
        """Asks it to end as a service manager does (SIGTERM); returns its exit status."""
        return self.end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it with no chance to tidy up (SIGKILL)."""
        self.end(signal.SIGKILL)

    def end(self, with_signal: signal.Signals) -> int:
        """Sends the signal and waits; returns the exit status."""
        if self.process is None or self.log is None:
            return 0
        self.process.send_signal(with_signal)
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process = None
            self.log.close()
        return status

    def output(self) -> str:
        """All that it has printed so far."""
        return (self.data_dir / "output.log").read_text(errors="replace")

    def token(self, name: str, password: str = PASSWORD) -> str:
        """An access token for somebody, got as a client gets one."""
        answer = httpx2.post(f"{self.url}/api/auth/token/", json={"username": name, "password": password}, timeout=10)
        answer.raise_for_status()
        return str(answer.json()["access"])

    def client(self, name: str) -> httpx2.Client:
        """An HTTP client in somebody's name; close it."""
        return httpx2.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token(name)}"}, timeout=30, trust_env=False
        )

    def _run(self, module: str) -> subprocess.Popen[bytes]:
        # Not measured: a film would take twice as long, and what a server does is tested in here, too.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS")}
        environment = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "DATA_DIR": str(self.data_dir),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "FRONTEND_DIST": str(FRONTEND_DIST),
            "CALLBOARD_ADMIN_PASSWORD": PASSWORD,
            **self.environment,
        }
        command = [sys.executable, "-m", module]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT)

    def _wait_for_an_answer(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert process.poll() is None, f"The server ended:\n{self.output()}"
            assert time.monotonic() < deadline, f"The server does not answer:\n{self.output()}"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/healthz", timeout=5, trust_env=False).is_success
        except httpx2.TransportError:
            return False


def free_port() -> int:
    """A port of the loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
