"""No-op tasks in Procrastinate on PostgreSQL (DATABASE_URL); prints tasks/s and CPU ms per task as JSON.

Procrastinate has no fan-in: the tasks are independent of each other, and none of their results is kept.
"""

import asyncio
import os
import time
from typing import Any

from procrastinate import App, PsycopgConnector

from benchmarks.throughput.outcome import print_outcome, sizes

app = App(connector=PsycopgConnector(conninfo=os.environ["DATABASE_URL"]))


async def _noop(number: int) -> int:
    return number


noop = app.task(_noop)


async def main() -> None:
    """Measures one scenario. The jobs are deferred before the clock starts, as Callboard's workflows are created."""
    options = sizes(__doc__)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for _ in range(options.workflows):
            jobs: list[dict[str, Any]] = [{"number": number} for number in range(options.tasks)]
            await noop.batch_defer_async(*jobs)
        await _measure(options.workflows * options.tasks, options.workers)


async def _measure(tasks: int, workers: int) -> None:
    began, cpu_began = time.perf_counter(), time.process_time()
    await app.run_worker_async(wait=False, concurrency=workers, install_signal_handlers=False)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    print_outcome(tasks, seconds=took, cpu_seconds=cpu)


if __name__ == "__main__":
    asyncio.run(main())
