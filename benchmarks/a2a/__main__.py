"""Measures what a remote job costs over a local one, and how many wait at once without a thread each.

    python -m benchmarks.a2a [--no-publish]

The remote agent is one on the SDK's own server, in a process of its own, on the loopback. Beside it the SDK's own client sends
the same messages to the same agent, without tasks, leases, events, artifacts or a database.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from benchmarks.candidates import run_candidate
from benchmarks.reporting import ROOT, machine, publish, save, table

NAME = "a2a"
TASKS = 200
WAITING = 500
LONGEST_SECONDS = 600
START_SECONDS = 60

Json = dict[str, Any]


def main() -> int:
    """Measures, prints, saves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    options = parser.parse_args()
    about = machine()
    runs = {"local": _callboard("--tasks", str(TASKS))}
    with _peer() as peer:
        runs["remote"] = _callboard("--tasks", str(TASKS), "--peer", peer)
        runs["sdk"] = _run("sdk_client", ["--tasks", str(TASKS), "--peer", peer], {})
    with _peer() as peer:
        runs["waiting"] = _callboard("--tasks", str(WAITING), "--peer", peer, "--wait")
    result = {"machine": about, **runs}
    text = _as_text(result)
    print(f"{text}\n\nSaved to {save(NAME, result)}.")
    if options.publish:
        publish(NAME, text)
    return 0


@contextmanager
def _peer() -> Iterator[str]:
    """The URL of the agent, while it runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.a2a.peer", str(port)], cwd=ROOT)
    try:
        _wait_for(f"{url}/present", process)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The remote agent did not start.")


def _callboard(*arguments: str) -> Json:
    with tempfile.TemporaryDirectory(prefix="callboard-benchmark-") as folder:
        environment = {
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "DATA_DIR": folder,
            "RUNNER_THREADS": "4",
            "LOG_LEVEL": "ERROR",
            "REMOTE_PRIVATE_ADDRESSES": "yes",
        }
        return _run("candidate", list(arguments), environment)


def _run(candidate: str, arguments: list[str], environment: dict[str, str]) -> Json:
    return run_candidate(f"benchmarks.a2a.{candidate}", arguments, environment, seconds=LONGEST_SECONDS)


def _as_text(result: Json) -> str:
    rows = [
        (what, f"{run['tasks_per_second']:,.0f}", f"{run['cpu_ms_per_task']:.1f}", _ratio(run, result["local"]))
        for what, run in (
            ("Callboard, local agent", result["local"]),
            ("Callboard, remote agent", result["remote"]),
            ("the SDK's client alone, same agent", result["sdk"]),
        )
    ]
    waiting, about = result["waiting"], result["machine"]
    return f"""## A2A: what a remote job costs

`python -m benchmarks.a2a`: {TASKS} tasks of one workflow that do nothing, on SQLite with four runner threads, by an agent in the runner's process, and
by one on the SDK's own server over JSON-RPC with a stream for each. The SDK's client alone sends the same messages, up to {TASKS} at once. CPU is that of
the asking process.

{table(("who does it", "tasks/s", "CPU ms a task", "CPU of a local one"), rows)}

**{waiting["tasks"]} remote jobs at once**, which the agent holds until it has them all: it had them after
{waiting["seconds_until_all_wait"]:.1f} s, and all had ended after {waiting["seconds"]:.1f} s. The process had {waiting["threads_before"]} threads before, and
{waiting["threads_at_most"]} at most.

Machine: {about["cores"]} cores, {about["processor"]}, Python {about["python"]}, {about["measured_at"][:10]}, load {about["load_at_start"]} at the start."""


def _ratio(run: Json, local: Json) -> str:
    return f"{run['cpu_ms_per_task'] / local['cpu_ms_per_task']:.2f} ×"


if __name__ == "__main__":
    sys.exit(main())
