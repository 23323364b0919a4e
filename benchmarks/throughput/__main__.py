"""Measures what the coordinator itself costs: workflows of tasks that do nothing, beside what people would pick instead.

Each candidate runs alone, in processes of its own and in a temporary folder, with the same number of no-op tasks.

    python -m benchmarks.throughput [--small] [--no-publish] [--prefect PYTHON]

Prefect's dependencies do not go with Callboard's, so it has an environment of its own (`pip install prefect==3.9.1`), which
`--prefect` names. Celery runs chords over a Valkey, which must be installed as for the tests; Procrastinate and its PostgreSQL come with
benchmarks/requirements.txt.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks import databases
from benchmarks.candidates import run_candidate
from benchmarks.reporting import machine, publish, save, table

NAME = "throughput"
LONGEST_SECONDS = 900

Json = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """So many workflows of so many tasks; `measured` ends it earlier."""

    label: str
    workflows: int
    tasks: int
    measured: int = 0


SCENARIOS = (
    Scenario("1 × 200", 1, 200),
    Scenario("20 × 50", 20, 50),
    Scenario("1 × 5,000", 1, 5_000),
    Scenario("1,000 waiting × 3", 1_000, 1, measured=600),
)
SMALL = (Scenario("1 × 200", 1, 200), Scenario("20 × 50", 20, 50))
WORKERS = (1, 4, 8)
COMPARED = ("1 × 200", "20 × 50")  # with the others


def main() -> int:
    """Measures, prints, saves. The exit status says whether every task of Callboard was completed."""
    options = _options()
    result: Json = {"machine": machine(), "runs": []}
    with ExitStack() as stack:
        postgresql, valkey = stack.enter_context(databases.postgresql()), stack.enter_context(databases.valkey())
        for scenario in SMALL if options.small else SCENARIOS:
            for run in _runs(scenario, postgresql, valkey, options.prefect):
                result["runs"].append(run)
                print(_line(run), flush=True)
        result["profile"] = _callboard(SMALL[0], 1, "sqlite", "", "--profile")
    text = _as_text(result)
    print(f"\n{text}\n\nSaved to {save(NAME, result)}.")
    if options.publish:
        publish(NAME, text)
    return 0 if all(run.get("all_completed", True) for run in result["runs"]) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="only the scenarios that take seconds")
    parser.add_argument(
        "--prefect", default="", help="the Python of an environment that has Prefect; without it, it is left out"
    )
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    return parser.parse_args()


def _runs(scenario: Scenario, postgresql: str, valkey: str, prefect: str) -> Iterator[Json]:
    about = {"scenario": scenario.label}
    for workers in WORKERS if scenario.label in COMPARED else (4,):
        shared = {**about, "workers": workers}
        for database in ("sqlite", "postgresql"):
            yield {
                **shared,
                "candidate": f"**Callboard**, {'SQLite' if database == 'sqlite' else 'PostgreSQL'}",
                "load": _load(),
                **_callboard(scenario, workers, database, postgresql),
            }
        if scenario.label in COMPARED:
            sizes = _sizes(scenario, workers)
            load = _load()
            celery = _run("celery_chord", sizes, {"BROKER_URL": f"{valkey}/0"})
            yield {**shared, "candidate": "Celery, chord, Valkey", "load": load, **celery}
            load = _load()
            url = databases.empty_database(postgresql)
            other = _run("procrastinate_tasks", sizes, {"DATABASE_URL": url})
            yield {**shared, "candidate": "Procrastinate, PostgreSQL", "load": load, **other}
            if prefect:
                load = _load()
                with tempfile.TemporaryDirectory(prefix="callboard-benchmark-") as folder:
                    other = _run("prefect_flow", sizes, {"PREFECT_HOME": folder}, prefect)
                yield {**shared, "candidate": "Prefect, SQLite", "load": load, **other}


def _sizes(scenario: Scenario, workers: int) -> list[str]:
    return [
        *("--workflows", str(scenario.workflows)),
        *("--tasks", str(scenario.tasks)),
        *("--workers", str(workers)),
    ]


def _callboard(scenario: Scenario, workers: int, database: str, postgresql: str, *more: str) -> Json:
    arguments = ["--workflows", str(scenario.workflows), "--tasks", str(scenario.tasks), *more]
    if scenario.measured:
        arguments += ["--measured", str(scenario.measured)]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="callboard-benchmark-"))
        environment = {
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "DATA_DIR": folder,
            "RUNNER_THREADS": str(workers),
            "ACTIVE_WORKFLOWS_PER_USER": "10000",
            "WORKFLOWS_PER_HOUR": "10000",
            "LOG_LEVEL": "WARNING",
        }
        if database == "postgresql":
            environment["DATABASE_URL"] = databases.empty_database(postgresql)
        return _run("callboard", arguments, environment)


def _run(candidate: str, arguments: list[str], environment: dict[str, str], python: str = sys.executable) -> Json:
    module = f"benchmarks.throughput.candidates.{candidate}"
    return run_candidate(module, arguments, environment, seconds=LONGEST_SECONDS, python=python)


def _load() -> float:
    return round(os.getloadavg()[0], 2)


def _line(run: Json) -> str:
    return (
        f"{run['scenario']:18} {run['candidate']:30} {run['workers']} workers: {run['tasks_per_second']:8,.1f} tasks/s, "
        f"{run['cpu_ms_per_task']:6.2f} ms CPU, {run.get('queries_per_task', 0):5.1f} queries (load {run['load']})"
    )


def _as_text(result: Json) -> str:
    rows = [
        (
            run["candidate"],
            run["scenario"],
            str(run["workers"]),
            f"{run['tasks_per_second']:,.0f}",
            f"{run['cpu_ms_per_task']:.1f}",
            f"{run['queries_per_task']:.1f}" if "queries_per_task" in run else "",
            f"{run['load']}",
        )
        for run in result["runs"]
    ]
    layers = [(layer, f"{share:.0%}".replace("%", " %")) for layer, share in result["profile"]["layers"].items()]
    about = result["machine"]
    head = ("candidate", "workflows × tasks", "workers", "tasks/s", "CPU ms a task", "queries a task", "load before")
    return f"""## Throughput: what the coordinator costs

`python -m benchmarks.throughput` (with `benchmarks/requirements.txt`): tasks that do nothing, one candidate at a time. Callboard is the
coordinator with its local runner: each task is claimed fairly, has a lease, and leaves two numbered events, which a restart survives. A
worker is a thread of Callboard and of Prefect, a process of Celery, a coroutine of Procrastinate. Celery keeps results, but no progress, events or
leases; Procrastinate has no fan-in, so its tasks are independent of each other. CPU is that of Python alone, without the database's or broker's.
BEGIN and COMMIT are not counted as queries.

{table(head, rows)}

Where the CPU time of a task goes (cProfile, one thread, SQLite, {SMALL[0].label}):

{table(("where", "share"), layers)}

Machine: {about["cores"]} cores, {about["processor"]}, Python {about["python"]}, {about["measured_at"][:10]}."""


if __name__ == "__main__":
    sys.exit(main())
