"""A real worker in a process of its own, as a service manager runs it."""

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from tests.prepared_data import ROOT, child_environment
from tests.server import end


@dataclass
class Worker:
    """`python -m COMMAND` with its own log in `data_dir`, which runs in a `with` block; `kill` and `stop` end it earlier."""

    data_dir: Path
    name: str
    command: list[str]  # ["manage", "worker", "--threads", "2"]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Starts it."""
        self.data_dir.mkdir(exist_ok=True)
        self.log = self._log_path.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.child", *self.command],
            cwd=ROOT,
            env=child_environment(self.data_dir, **self.environment),
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """Stops it if it runs."""
        self.stop()

    @property
    def _log_path(self) -> Path:
        return self.data_dir / f"{self.name}.log"

    def output(self) -> str:
        """All that it has printed so far."""
        return self._log_path.read_text(errors="replace")

    def stop(self) -> int:
        """Asks it to end as a service manager does (SIGTERM); returns its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it with no chance to tidy up (SIGKILL)."""
        self._end(signal.SIGKILL)

    def _end(self, with_signal: signal.Signals) -> int:
        if self.process is None or self.log is None:
            return 0
        process, self.process = self.process, None
        with self.log:
            return end(process, with_signal)
