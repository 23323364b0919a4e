"""Runs workflows of no-op tasks with Callboard's own runner; prints tasks/s, CPU ms and queries per task as JSON.

The settings come from the environment (DATABASE_URL, DATA_DIR, RUNNER_THREADS), as in an installation.
"""

import argparse
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from msgspec import Struct  # noqa: E402

from agents import registry  # noqa: E402
from agents.contract import Agent, Job, Outcome, typed_skill  # noqa: E402
from benchmarks.throughput.profiling import profiled  # noqa: E402
from workflows import coordinator, pipelines  # noqa: E402
from workflows.connections import keep_connections  # noqa: E402
from workflows.models import Attempt, Workflow  # noqa: E402
from workflows.pipelines.base import Each, Given, Item, Outputs, Pipeline, Step  # noqa: E402
from workflows.runners import local, work_loop  # noqa: E402

LONGEST_SECONDS = 600.0
POLL_SECONDS = 0.02

Json = dict[str, Any]


class Size(Struct):
    """What the pipeline starts from, and what its first step takes."""

    tasks: int


class Numbers(Struct):
    """What `spread` gives."""

    numbers: list[int]


class Number(Struct):
    """What `noop` takes and gives."""

    number: int


class Gathered(Struct):
    """What `gather` takes."""

    numbers: list[Number]


class Idle(Agent):
    """Does nothing, as quickly as it can."""

    name = "idle"
    description = "Does nothing."
    max_concurrent = 1_000
    skills = (
        typed_skill("spread", "Spread", "Gives so many numbers.", Size, Numbers),
        typed_skill("noop", "No-op", "Does nothing.", Number, Number),
        typed_skill("gather", "Gather", "Waits for all.", Gathered, Number),
    )

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "spread":
                return Outcome(Numbers(list(range(job.read(Size).tasks))))
            case "noop":
                return Outcome(job.read(Number))
            case _:
                return Outcome(Number(len(job.read(Gathered).numbers)))


FAN_OUT = Pipeline(
    name="noop",
    title="No-op",
    description="A fan-out of tasks that do nothing.",
    takes=Size,
    stages=("Spread", "Work", "Gather"),
    title_of=lambda given: f"{given.tasks} tasks",
    steps=(
        Step("spread", stage="Spread", skill="spread", takes={"tasks": Given("tasks")}, seconds=0.01),
        Step(
            "noop",
            stage="Work",
            skill="noop",
            each=Each("spread", "numbers", expected=Given("tasks")),
            takes={"number": Item()},
            seconds=0.01,
        ),
        Step("gather", stage="Gather", skill="gather", takes={"numbers": Outputs("noop")}, seconds=0.01),
    ),
)


class QueryCount:
    """Counts the statements of all connections, by their first words; BEGIN and COMMIT apart."""

    def __init__(self) -> None:
        self.statements: Counter[str] = Counter()
        connection_created.connect(self._watch)

    def _watch(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        connection.execute_wrappers.append(self._count)

    def _count(self, execute: Callable[..., object], sql: str, *context: object) -> object:
        self.statements[_kind(sql)] += 1
        return execute(sql, *context)


def _kind(sql: str) -> str:
    """The verb and the table: "SELECT workflows_task"."""
    verb, _, rest = sql.partition(" ")
    table = next((word.strip('"') for word in rest.replace(".", " ").split() if word.startswith('"')), "")
    return f"{verb} {table}".strip()


def main() -> None:
    """Measures one scenario."""
    options = _options()
    registry.register(Idle())
    pipelines.register(FAN_OUT)
    call_command("migrate", verbosity=0)
    registry.sync()
    owner = User.objects.create(username="benchmark")
    for _ in range(options.workflows):
        coordinator.create(pipeline=FAN_OUT.name, given={"tasks": options.tasks}, owner=owner)
    print(json.dumps(profiled(_work_here) if options.profile else _measure(options)))


def _work_here() -> None:
    keep_connections()
    work_loop.perform_all("profiled", None, threading.Event())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=1)
    parser.add_argument("--tasks", type=int, default=200, help="no-op tasks of each workflow, besides two of its own")
    parser.add_argument("--measured", type=int, help="end after so many tasks")
    parser.add_argument("--profile", action="store_true", help="profile the work in one thread instead of measuring it")
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> Json:
    total = options.workflows * (options.tasks + 2)
    wanted = min(total, options.measured or total)
    queries = QueryCount()
    local.start()
    _await(1)  # a start also looks after every workflow once
    queries.statements.clear()
    began, cpu_began = time.perf_counter(), time.process_time()
    finished = _await(wanted)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    finished = max(finished, Attempt.objects.filter(state="completed").count())
    local.stop()
    statements = {kind: count / finished for kind, count in queries.statements.most_common()}
    plain = sum(each for kind, each in statements.items() if kind not in ("BEGIN", "BEGIN IMMEDIATE"))
    return {
        "tasks": finished,
        "seconds": round(took, 3),
        "tasks_per_second": round(finished / took, 1),
        "cpu_ms_per_task": round(1_000 * cpu / finished, 3),
        "queries_per_task": round(plain, 2),
        "statements": {kind: round(each, 2) for kind, each in statements.items() if each >= 0.005},
        "all_completed": finished < total or not Workflow.objects.exclude(state="completed").exists(),
    }


def _await(wanted: int) -> int:
    """Waits until so many attempts are completed. Returns how many."""
    deadline, finished = time.monotonic() + LONGEST_SECONDS, 0
    while time.monotonic() < deadline:
        finished = Attempt.objects.filter(state="completed").count()
        if finished >= wanted:
            return finished
        threading.Event().wait(max(POLL_SECONDS, (wanted - finished) / 20_000))
    raise SystemExit(f"Only {finished} of {wanted} tasks were done in {LONGEST_SECONDS:.0f} s.")


if __name__ == "__main__":
    main()
