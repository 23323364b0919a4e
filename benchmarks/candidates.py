"""Runs one candidate of a comparison in a process of its own, which prints its figures as JSON in its last line."""

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.reporting import ROOT

Json = dict[str, Any]


def run_candidate(
    module: str, arguments: list[str], environment: dict[str, str], *, seconds: float, python: str = sys.executable
) -> Json:
    """The figures that `python -m <module>` prints, with these variables besides our own; it may take so many seconds.

    Raises: SystemExit with the end of its error output when it failed; subprocess.TimeoutExpired.
    """
    ended = subprocess.run(
        [python, "-m", module, *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if ended.returncode:
        raise SystemExit(f"{module.rpartition('.')[2]} failed:\n{ended.stderr[-3_000:]}")
    measured: Json = json.loads(ended.stdout.strip().splitlines()[-1])
    return measured
