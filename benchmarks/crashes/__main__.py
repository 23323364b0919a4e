"""Kills runners at random moments (SIGKILL), and measures how soon the work goes on and whether all of it is right.

For each database and each way to run, 20 workflows: each is killed once, at a moment that lies evenly within the time that
a workflow takes. A workflow prints, proofreads and binds a book (22 tasks, 4 at once), whose SHA-256 is known beforehand.

    python -m benchmarks.crashes [--kills 20] [--seed 1] [--only postgresql/celery] [--keep FOLDER] [--no-publish]

Valkey and PostgreSQL must be installed as for the tests.
"""

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import databases
from benchmarks.fanout.chart import dots
from benchmarks.reporting import PAGE, ROOT, machine, percentile, publish, save, table

NAME = "crashes"
GOAL_SECONDS = 30.0
SECONDS_PER_KILL = 60  # on average, before a trial gives up
SECONDS_TO_STOP = 60
CHART = PAGE.parent / "images" / "benchmarks" / "crashes.svg"

# As trial.py knows them, in the words of the table.
TRIALS = {
    ("sqlite", "local"): "SQLite, in the server",
    ("sqlite", "worker"): "SQLite, worker",
    ("postgresql", "local"): "PostgreSQL, in the server",
    ("postgresql", "worker"): "PostgreSQL, worker",
    ("postgresql", "celery"): "PostgreSQL, Celery worker",
    ("postgresql", "takeover"): "PostgreSQL, worker, gone for good",
}

Json = dict[str, Any]


def main() -> int:
    """Kills, prints, saves. The exit status says whether all was right after every kill."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # stops what it has started
    options = _options()
    result: Json = {"machine": machine(), "seed": options.seed, "trials": []}
    chosen = [trial for trial in TRIALS if options.only in (None, "/".join(trial))]
    path = Path()
    with ExitStack() as stack:
        valkey, postgresql = stack.enter_context(databases.valkey()), stack.enter_context(databases.postgresql())
        for database, runner in chosen:
            print(f"{TRIALS[database, runner]}:", flush=True)
            url = databases.empty_database(postgresql) if database == "postgresql" else ""
            measured = _trial(f"{database}-{runner}", runner, options, DATABASE_URL=url, REDIS_URL=valkey)
            result["trials"].append({"database": database, "runner": runner, **measured})
            path = save(NAME, result)
    text = _as_text(result)
    print(f"\n{text}\n\nSaved to {path}.")
    if options.publish:
        CHART.write_text(_chart(result), encoding="utf-8")
        publish(NAME, text)
    return 0 if not any(kill["flaws"] for trial in result["trials"] for kill in trial["kills"]) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20, help="of each database and runner")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder in which databases, logs and files remain")
    parser.add_argument("--only", choices=["/".join(trial) for trial in TRIALS])
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    return parser.parse_args()


def _trial(name: str, runner: str, options: argparse.Namespace, **environment: str) -> Json:
    """Runs one in a process of its own; that prints a line for each kill to stderr, and ends by itself."""
    seconds = options.kills * SECONDS_PER_KILL
    numbers = {"--kills": options.kills, "--seed": options.seed, "--seconds": seconds}
    command = [word for name, number in numbers.items() for word in (name, str(number))]
    with _folder(options.keep and options.keep / name) as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.crashes.trial", "--runner", runner, *command],
            cwd=ROOT,
            env={
                **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
                "PYTHONPYCACHEPREFIX": str(
                    ROOT / "var" / "cache" / "pycache"
                ),  # a start is as quick as in an installation
                "DJANGO_SETTINGS_MODULE": "benchmarks.crashes.settings",
                "DATA_DIR": folder,
                "RUNNER": "none",
                "CALLBOARD_ADMIN_PASSWORD": secrets.token_urlsafe(16),
                **environment,
            },
            stdout=subprocess.PIPE,
        )
        try:
            output, _ = process.communicate(timeout=seconds + SECONDS_TO_STOP)
        except BaseException:
            process.send_signal(signal.SIGTERM)  # it stops what it has started
            process.wait(SECONDS_TO_STOP)
            raise
    if process.returncode:
        raise SystemExit(f"The trial failed with status {process.returncode}.")
    measured: Json = json.loads(output)
    return measured


@contextmanager
def _folder(kept: Path | None) -> Iterator[str]:
    """A new folder; a temporary one, if it is not to be kept."""
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="callboard-benchmark-") as folder:
            yield folder
    else:
        kept.mkdir(parents=True)
        yield str(kept)


# --- report ---------------------------------------------------------------------------------------


def _as_text(result: Json) -> str:
    about, kills = result["machine"], len(result["trials"][0]["kills"])
    head = (
        *("database, runner", "completed", "done twice", "holes", "watcher complete", "tasks lost"),
        *("first, p50, s", "all, p50, s", "all, p90, s", "all, max, s"),
    )
    return f"""## Crashes: what becomes of the work when a runner is killed

`python -m benchmarks.crashes`: {kills} workflows for each row, each of which is killed once (SIGKILL to the whole process group of the
runner), at a random moment of the time that a workflow takes (seed {result["seed"]}). The process is started again at once, as a service manager does; in the
last row it is not, and a second worker with a data folder of its own, as on another machine, has to notice. A workflow prints, proofreads and
binds a book: 22 tasks, up to four at once, the last one in a process of its own; its SHA-256 is known beforehand, and is right in every workflow
that counts as completed. Celery needs PostgreSQL: with SQLite the settings refuse it.

{table(head, [_row(trial) for trial in result["trials"]])}

Done twice: attempts at a task that had been completed. Holes: workflows with a gap in the numbers of their events. Watcher complete: a
client over the socket received every event exactly once and in order; in the first row its own server is the one that is killed, and it connects again.
Tasks lost: attempts that ran at the moment of the kill, and were begun anew. First: seconds from the kill until work on the
workflow goes on; all: until the last of the lost tasks is begun anew, by the timestamps in the database. Goal: at most {GOAL_SECONDS:.0f} s.
Most of it is the start of the new process; where none is started, the other worker goes on at once with what is left, and takes up the lost tasks once
the dead one has given no sign of life for 15 s. {_orphans(result)}{_wrong(result)}

![Seconds from each kill until all lost tasks run again]({CHART.relative_to(PAGE.parent)})

Machine: {about["cores"]} cores, {about["processor"]}, Python {about["python"]}, {about["measured_at"][:10]}; {_other_work(about)}."""


def _other_work(about: Json) -> str:
    load = f"load {about['load_at_start']} before it began"
    return f"busy with other work ({load}), which makes every start slower" if about["load_at_start"] > 1 else load


def _row(trial: Json) -> tuple[str, ...]:
    kills = trial["kills"]
    right = sum(kill["state"] == "completed" and kill["is_right"] for kill in kills)
    first = [kill["first_seconds"] for kill in kills if kill["first_seconds"] is not None]
    return (
        TRIALS[trial["database"], trial["runner"]],
        f"{right} of {len(kills)}",
        str(sum(kill["done_twice"] for kill in kills)),
        str(sum(kill["has_holes"] for kill in kills)),
        f"{sum(kill['watched'] for kill in kills)} of {len(kills)}",
        str(sum(kill["lost"] for kill in kills)),
        f"{percentile(first, 0.5):.1f}",
        *(f"{percentile(_all_seconds(trial), share):.1f}" for share in (0.5, 0.9, 1.0)),
    )


def _all_seconds(trial: Json) -> list[float]:
    return [kill["all_seconds"] for kill in trial["kills"] if kill["all_seconds"] is not None]


def _orphans(result: Json) -> str:
    count = sum(trial["orphans"] for trial in result["trials"])
    return f"Files that were written but not recorded when the process died: {count}; they are deleted after a day."


def _wrong(result: Json) -> str:
    flaws = [*_flaws(result)]
    return f" **Wrong:** {'; '.join(flaws)}." if flaws else ""


def _flaws(result: Json) -> Iterator[str]:
    for trial in result["trials"]:
        for number, kill in enumerate(trial["kills"], 1):
            if kill["flaws"]:
                yield f"{TRIALS[trial['database'], trial['runner']]}, kill {number}: {', '.join(kill['flaws'])}"


def _chart(result: Json) -> str:
    rows = [(TRIALS[trial["database"], trial["runner"]], _all_seconds(trial)) for trial in result["trials"]]
    return dots("From each kill until all lost tasks run again", "seconds", rows, goal=GOAL_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
