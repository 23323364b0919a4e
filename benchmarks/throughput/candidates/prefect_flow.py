"""A flow of no-op tasks in Prefect, with its own server beside; prints tasks/s and CPU ms per task as JSON.

PREFECT_HOME is an empty folder. Prefect has an environment of its own: its dependencies do not go with Callboard's.
"""

import os
import time

# Before Prefect is imported.
os.environ |= {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

from benchmarks.throughput.cpu import cpu_seconds
from benchmarks.throughput.outcome import print_outcome, sizes


def main() -> None:
    """Measures one scenario: so many flows of so many tasks. The server has started before the clock does."""
    options = sizes(__doc__)

    @task  # type: ignore[untyped-decorator]
    def noop(number: int) -> int:
        return number

    @task  # type: ignore[untyped-decorator]
    def gather(numbers: list[int]) -> int:
        return len(numbers)

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=options.workers))  # type: ignore[untyped-decorator]
    def spread(tasks: int) -> int:
        return int(gather(noop.map(range(tasks)).result()))

    spread(1)
    began, cpu_began = time.perf_counter(), cpu_seconds(os.getpid())
    done = sum(spread(options.tasks) + 1 for _ in range(options.workflows))
    took, cpu = time.perf_counter() - began, cpu_seconds(os.getpid()) - cpu_began
    print_outcome(done, seconds=took, cpu_seconds=cpu)


if __name__ == "__main__":
    main()
