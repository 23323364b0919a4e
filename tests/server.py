"""A real Callboard server in a process of its own, as `script/server` runs it."""

import math
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, Any, Self

import httpx2

from tests import prepared_data
from tests.cast import PASSWORD
from tests.prepared_data import FRONTEND_DIST, ROOT, child_environment

__all__ = ["FRONTEND_DIST", "ROOT", "Server", "free_port"]

START_SECONDS = 120  # on a busy machine
STOP_SECONDS = 40
TOKEN_SECONDS = 300  # in which a token is shown again; it is good for 900


@dataclass
class Server:
    """One server with its own folder and port, which runs in a `with` block; the cast is in its database.

    `kill` and `start` again to see what a crash leaves behind. `is_new`: it finds an empty folder, as after an installation.
    """

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None
    is_new: bool = False
    tokens: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Starts it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops it if it runs."""
        self.stop()

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
        if not self.is_new:
            prepared_data.copy_to(self.data_dir)
        self.log = (self.data_dir / "output.log").open("ab")
        self.process = self._run("script.serve")
        try:
            self._wait_for_an_answer(self.process)
        except BaseException:
            self.kill()
            raise

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
        process, self.process = self.process, None
        with self.log:
            return end(process, with_signal)

    def output(self) -> str:
        """All that it has printed so far."""
        return (self.data_dir / "output.log").read_text(errors="replace")

    def token(self, name: str, password: str = PASSWORD) -> str:
        """An access token of a user, got as a client gets one; the same for a while, as a sign-in takes half a second."""
        made_at, token = self.tokens.get((name, password), (-math.inf, ""))
        if time.monotonic() - made_at > TOKEN_SECONDS:
            token = self._sign_in(name, password)
            self.tokens[name, password] = time.monotonic(), token
        return token

    def client(self, name: str) -> httpx2.Client:
        """An HTTP client with the token of a user; close it."""
        return self._http(headers={"Authorization": f"Bearer {self.token(name)}"})

    def _http(self, **options: Any) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=30, trust_env=False, verify=False, **options)

    def _sign_in(self, name: str, password: str) -> str:
        with self._http() as http:
            answer = http.post("/api/auth/token/", json={"username": name, "password": password}).raise_for_status()
            return str(answer.json()["access"])

    def _run(self, module: str) -> subprocess.Popen[bytes]:
        here = {"HOST": "127.0.0.1", "PORT": str(self.port), **self.environment}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.child", module],
            cwd=ROOT,
            env=child_environment(self.data_dir, **here),
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def _wait_for_an_answer(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert process.poll() is None, f"The server ended:\n{self.output()}"
            assert time.monotonic() < deadline, f"The server does not answer:\n{self.output()}"
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def free_port() -> int:
    """A port of the loopback on which no process listens right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: subprocess.Popen[bytes], with_signal: signal.Signals) -> int:
    """Sends the signal to a process of `tests.child` and waits; returns the exit status."""
    process.send_signal(with_signal)
    try:
        return process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        if process.stdin is not None:
            process.stdin.close()
