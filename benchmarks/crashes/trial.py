"""One database with one way to run: kills the runner in the middle of each of so many workflows; prints JSON.

    python -m benchmarks.crashes.trial --runner worker --kills 20 --seed 1

The settings come from the environment (DATABASE_URL, DATA_DIR, REDIS_URL). Ends by itself, with all that it has started.
"""

import argparse
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import django

django.setup()

import httpx2  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.crashes.book import Order, sha256_of_book  # noqa: E402
from benchmarks.crashes.pipeline import BOOK  # noqa: E402
from benchmarks.crashes.processes import START_SECONDS, Service, running, survivors  # noqa: E402
from benchmarks.crashes.watcher import Watcher  # noqa: E402
from workflows.lifecycle import FINAL_STATES, AttemptState  # noqa: E402
from workflows.models import Artifact, Attempt, Event, Runner, Task, Workflow  # noqa: E402

GOAL_SECONDS = 30.0  # from a kill until all is worked on again
PAGES = 10
THREADS = 4
WARM_UPS = 2  # workflows without a kill: they say how long one takes
WORKFLOW_SECONDS = 180.0  # then one counts as not completed
WATCHER_SECONDS = 10.0  # from the end of a workflow until its watcher must know of it
SURVIVAL_SECONDS = 10.0  # from a kill until processes outside of the group must have ended
POLL_SECONDS = 0.05
TRIES = 10  # at one kill: a workflow that ends before its moment does not count

Json = dict[str, Any]


@dataclass
class Topology:
    """What runs: where to ask, where to watch, and the processes of which one is killed."""

    asked: Service
    watched: Service
    runners: tuple[Service, ...]
    is_started_again: bool = True


def main() -> None:
    """Kills, prints a line for each, and in the end the result."""
    options = _options()
    signal.signal(signal.SIGALRM, _give_up)
    signal.signal(signal.SIGTERM, _give_up)
    signal.alarm(options.seconds)
    with ExitStack() as stack:
        topology = _topology(options.runner, stack)
        trial = Trial(topology, options.seed)
        lengths = [trial.length() for _ in range(WARM_UPS)]
        kills = [*trial.kills(options.kills, min(lengths))]
    orphans = _orphans()
    print(json.dumps({"workflow_seconds": lengths, "kills": kills, "orphans": orphans}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", choices=("local", "worker", "celery", "takeover"), required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=1_800, help="after so many it gives up")
    return parser.parse_args()


def _give_up(number: int, *_: object) -> NoReturn:
    raise SystemExit(f"Given up: {signal.Signals(number).name}.")


# --- what runs ------------------------------------------------------------------------------------


def _topology(runner: str, stack: ExitStack) -> Topology:
    """Starts the processes; `stack` stops them."""
    folder = Path(settings.DATA_DIR)

    def service(name: str, *command: str, runner: str = "none", data_dir: Path = folder) -> Service:
        shared = {
            "RUNNER": runner,
            "RUNNER_THREADS": str(THREADS),
            "ACCESS_TOKEN_SECONDS": "86400",
            "WORKFLOWS_PER_HOUR": "1000",
            "MEDIA_DIR": str(folder / "media"),
            "SECRET_KEY": settings.SECRET_KEY,
        }
        return stack.enter_context(running(Service(name, command, data_dir, shared)))

    server = service("server", "script.serve", runner=runner if runner in ("local", "celery") else "none")
    server.wait_until_it_answers()
    worker = ("manage", "worker")
    match runner:
        case "local" if connection.vendor == "sqlite":
            return Topology(server, server, (server,))  # one server only: the watcher has to connect again
        case "local":
            other = service("other", "script.serve")
            other.wait_until_it_answers()
            return Topology(other, other, (server,))
        case "worker":
            return Topology(server, server, (service("worker", *worker),))
        case "celery":
            celery = ("celery", "-A", "project", "worker", "--loglevel", "WARNING", "-c", str(THREADS))
            return Topology(server, server, (service("celery", *celery, runner="celery"),))
        case _:
            workers = [service(name, *worker, data_dir=folder / name) for name in ("first", "second")]
            return Topology(server, server, tuple(workers), is_started_again=False)


# --- kills ----------------------------------------------------------------------------------------


class Trial:
    """Makes workflows, and kills."""

    def __init__(self, topology: Topology, seed: int) -> None:
        self._topology = topology
        self._random = random.Random(seed)
        self._password = os.environ["CALLBOARD_ADMIN_PASSWORD"]
        self._token = ""
        self._number = 0

    def length(self) -> float:
        """Makes a workflow without a kill. Returns the seconds that it took."""
        self._wait_for_runners()
        workflow = self._make()
        _wait_for_end(workflow)
        workflow.refresh_from_db()
        if workflow.state != "completed" or not workflow.finished_at:
            raise SystemExit(f"A workflow that nobody killed is {workflow.state}: {workflow.error}")
        return round((workflow.finished_at - workflow.created_at).total_seconds(), 3)

    def kills(self, count: int, length: float) -> Iterator[Json]:
        """Kills so often, each time in the middle of a new workflow; its moment lies evenly within `length`."""
        for number in range(1, count + 1):
            kill = self._kill(length)
            yield kill
            print(f"{number:2}/{count}  {_line(kill)}", file=sys.stderr, flush=True)

    def _kill(self, length: float) -> Json:
        for _ in range(TRIES):
            moment = self._random.uniform(0, length)
            self._wait_for_runners()
            workflow = self._make()
            watcher = Watcher(self._topology.watched.url, self._token, str(workflow.pk))
            time.sleep(max(0.0, workflow.created_at.timestamp() + moment - time.time()))
            workflow.refresh_from_db()
            if workflow.state not in FINAL_STATES:
                return self._kill_now(workflow, watcher, moment)
            watcher.end(WATCHER_SECONDS)
        raise SystemExit("All workflows end before they can be killed.")

    def _kill_now(self, workflow: Workflow, watcher: Watcher, moment: float) -> Json:
        killed = max(self._topology.runners, key=_running)
        life, killed_at = killed.life, time.time()
        killed.kill()
        if self._topology.is_started_again:
            killed.start()
        _wait_for_end(workflow)
        watcher.end(WATCHER_SECONDS)
        if not self._topology.is_started_again:
            killed.start()
        time.sleep(max(0.0, killed_at + SURVIVAL_SECONDS - time.time()) if survivors(life) else 0.0)
        kill = {
            "moment": round(moment, 3),
            **recovery(workflow, killed_at),
            **verdict(workflow),
            "watched": watcher.seqs == [*range(1, Workflow.objects.get(pk=workflow.pk).last_seq + 1)],
            "connections": watcher.connections,
            "survivors": survivors(life),
        }
        return {**kill, "flaws": flaws_of(kill)}

    def _make(self) -> Workflow:
        """A new workflow, ordered over the API."""
        self._number += 1
        order = {"seed": self._number, "pages": PAGES}
        url = self._topology.asked.url
        with httpx2.Client(base_url=url, timeout=60, trust_env=False) as http:
            if not self._token:
                person = {"username": "admin", "password": self._password}
                self._token = str(http.post("/api/auth/token/", json=person).raise_for_status().json()["access"])
            headers = {"Authorization": f"Bearer {self._token}"}
            wish = {"pipeline": BOOK.name, "input": order}
            made = http.post("/api/workflows/", json=wish, headers=headers).raise_for_status().json()
        return Workflow.objects.get(pk=made["id"])

    def _wait_for_runners(self) -> None:
        """Until the server answers and every runner has signed in, so that the next kill meets work."""
        self._topology.asked.wait_until_it_answers()
        deadline = time.monotonic() + START_SECONDS
        while not all(_has_signed_in(runner) for runner in self._topology.runners):
            if time.monotonic() > deadline:
                raise SystemExit("No runner has started.")
            time.sleep(POLL_SECONDS)


def _running(service: Service) -> int:
    return Attempt.objects.filter(state=AttemptState.RUNNING, runner__contains=f":{service.pid}:").count()


def _has_signed_in(service: Service) -> bool:
    return Runner.objects.filter(name__contains=f":{service.pid}:").exists()


def _wait_for_end(workflow: Workflow) -> None:
    deadline = time.monotonic() + WORKFLOW_SECONDS
    while time.monotonic() < deadline:
        if Workflow.objects.filter(pk=workflow.pk, state__in=FINAL_STATES).exists():
            return
        time.sleep(POLL_SECONDS)


# --- what came of it ------------------------------------------------------------------------------


def recovery(workflow: Workflow, killed_at: float) -> Json:
    """How many attempts died, and the seconds from the kill until work began again, and until all of theirs had."""
    attempts = Attempt.objects.filter(task__workflow=workflow)
    first = _first_move(workflow, killed_at)
    again = []
    for lost in attempts.filter(state=AttemptState.LOST):
        following = attempts.filter(task=lost.task_id, number=lost.number + 1).first()
        again.append(following.started_at.timestamp() - killed_at if following else None)
    last = None if None in again else max([first, *again], default=None, key=lambda each: each or 0.0)
    return {"lost": len(again), "first_seconds": _rounded(first), "all_seconds": _rounded(last)}


def _first_move(workflow: Workflow, killed_at: float) -> float | None:
    """Seconds until an attempt started, or until something other than a retry was recorded where none had to."""
    moment = datetime.fromtimestamp(killed_at, UTC)
    starts = Attempt.objects.filter(task__workflow=workflow, started_at__gt=moment).values_list("started_at", flat=True)
    events = Event.objects.filter(workflow=workflow, created_at__gt=moment).exclude(kind="task_retrying")
    moments = [*starts, *events.values_list("created_at", flat=True)]
    return min(moments).timestamp() - killed_at if moments else None


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def verdict(workflow: Workflow) -> Json:
    """What is right and what is wrong with a workflow that has ended."""
    workflow.refresh_from_db()
    attempts = Attempt.objects.filter(task__workflow=workflow)
    done = dict(attempts.filter(state=AttemptState.COMPLETED).order_by("-number").values_list("task", "number"))
    again = sum(attempts.filter(task=task, number__gt=number).count() for task, number in done.items())
    finished = Event.objects.filter(workflow=workflow, kind="task_finished").values_list("data__task", flat=True)
    seqs = Event.objects.filter(workflow=workflow).order_by("seq").values_list("seq", flat=True)
    book = Task.objects.filter(workflow=workflow, step="bind").first()
    return {
        "state": workflow.state,
        "seconds": round((workflow.finished_at - workflow.created_at).total_seconds(), 3)
        if workflow.finished_at
        else None,
        "is_right": bool(book and book.output and book.output["sha256"] == sha256_of_book(Order(**workflow.input))),
        "done_twice": again + len(finished) - len(set(finished)),
        "has_holes": [*seqs] != [*range(1, workflow.last_seq + 1)],
    }


def _orphans() -> int:
    """Files of artifacts that nothing in the database refers to."""
    media = Path(settings.DATA_DIR, "media")
    known = set(Artifact.objects.values_list("file", flat=True))
    return sum(path.is_file() and str(path.relative_to(media)) not in known for path in media.rglob("*"))


def flaws_of(kill: Json) -> list[str]:
    """What must not be, but is."""
    flaws = {
        "not completed": kill["state"] != "completed",
        "wrong result": not kill["is_right"],
        "done twice": bool(kill["done_twice"]),
        "hole in the events": kill["has_holes"],
        "watcher missed something": not kill["watched"],
        "processes left": bool(kill["survivors"]),
        "recovered too late": kill["all_seconds"] is None or kill["all_seconds"] > GOAL_SECONDS,
    }
    return [name for name, is_so in flaws.items() if is_so]


def _line(kill: Json) -> str:
    first, last = kill["first_seconds"], kill["all_seconds"]
    return (
        f"killed after {kill['moment']:5.1f} s, {kill['lost']} tasks lost, work again after "
        f"{'–' if first is None else f'{first:.1f} s'} (all: {'–' if last is None else f'{last:.1f} s'}), "
        f"{kill['state']}{''.join(f', {flaw}' for flaw in kill['flaws'])}"
    )


if __name__ == "__main__":
    main()
