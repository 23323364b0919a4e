"""A chord of no-op tasks in Celery, with its worker in this process tree; prints tasks/s and CPU ms per task as JSON.

BROKER_URL names a Redis or Valkey, which is the result backend, too: a chord needs one.
"""

import os
import subprocess
import sys
import time

from celery import Celery, chord

from benchmarks.throughput.cpu import cpu_seconds
from benchmarks.throughput.outcome import print_outcome, sizes

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
    options = sizes(__doc__)
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
        _measure(options.workflows, options.tasks, worker.pid)
    finally:
        worker.terminate()
        worker.wait()


def _measure(workflows: int, tasks: int, worker: int) -> None:
    began, cpu_began = time.perf_counter(), time.process_time() + cpu_seconds(worker)
    results = [chord(noop.s(number) for number in range(tasks))(gather.s()) for _ in range(workflows)]
    counts = [result.get(timeout=LONGEST_SECONDS) for result in results]
    took, cpu = time.perf_counter() - began, time.process_time() + cpu_seconds(worker) - cpu_began
    done = sum(counts) + len(counts)
    print_outcome(done, seconds=took, cpu_seconds=cpu)


if __name__ == "__main__":
    main()
