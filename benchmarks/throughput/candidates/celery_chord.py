"""A chord of no-op tasks in Celery, with its worker in this process tree; prints tasks/s and CPU ms per task as JSON.

BROKER_URL names a Redis or Valkey, which is the result backend, too: a chord needs one.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

from celery import Celery, chord

from benchmarks.throughput.cpu import cpu_seconds

LONGEST_SECONDS = 300

app = Celery("noop", broker=os.environ["BROKER_URL"], backend=os.environ["BROKER_URL"])
app.conf.update(broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)


@app.task(name="noop")  # type: ignore[untyped-decorator]
def noop(number: int) -> int:
    """Does nothing."""
    return number


@app.task(name="gather")  # type: ignore[untyped-decorator]
def gather(numbers: list[int]) -> int:
    """Waits for all."""
    return len(numbers)


def main() -> None:
    """Measures one scenario: so many chords of so many tasks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=1)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "benchmarks.throughput.candidates.celery_chord",
        "worker",
        "--concurrency",
        str(options.workers),
    ]
    worker = subprocess.Popen(
        [*command, "--loglevel", "ERROR", "--without-gossip", "--without-mingle"], stdout=subprocess.DEVNULL
    )
    try:
        noop.delay(0).get(timeout=LONGEST_SECONDS)  # it has started
        print(json.dumps(_measure(options.workflows, options.tasks, worker.pid)))
    finally:
        worker.terminate()
        worker.wait()


def _measure(workflows: int, tasks: int, worker: int) -> dict[str, Any]:
    began, cpu_began = time.perf_counter(), time.process_time() + cpu_seconds(worker)
    results = [chord(noop.s(number) for number in range(tasks))(gather.s()) for _ in range(workflows)]
    counts = [result.get(timeout=LONGEST_SECONDS) for result in results]
    took, cpu = time.perf_counter() - began, time.process_time() + cpu_seconds(worker) - cpu_began
    done = sum(counts) + len(counts)
    return {
        "tasks": done,
        "seconds": round(took, 3),
        "tasks_per_second": round(done / took, 1),
        "cpu_ms_per_task": round(1_000 * cpu / done, 3),
    }


if __name__ == "__main__":
    main()
