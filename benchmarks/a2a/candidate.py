"""Runs no-op tasks with Callboard's own runner, by a local agent or by the remote one at PEER_URL; prints figures as JSON.

The settings come from the environment (DATA_DIR, RUNNER_THREADS, REMOTE_PRIVATE_ADDRESSES), as in an installation.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

import httpx2  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402

from agents import registry  # noqa: E402
from agents.contract import Agent, Job, Outcome, Skill  # noqa: E402
from agents.remote.registration import register  # noqa: E402
from workflows import coordinator, pipelines  # noqa: E402
from workflows.models import Attempt, Workflow  # noqa: E402
from workflows.pipelines.base import Each, Given, Item, Pipeline, Step  # noqa: E402
from workflows.runners import local  # noqa: E402

LONGEST_SECONDS = 300.0
POLL_SECONDS = 0.02

Json = dict[str, Any]

TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
TEXTS = {
    "type": "object",
    "properties": {"texts": {"type": "array", "items": {"type": "string"}}},
    "required": ["texts"],
}


class Near(Agent):
    """Does nothing, here."""

    name = "near"
    description = "Does nothing."
    max_concurrent = 1_000
    skills = (
        Skill("spread", "Spread", "Gives the texts that it takes.", TEXTS, TEXTS),
        Skill("near_noop", "No-op", "Does nothing.", TEXT, {"type": "object"}),
    )

    def perform(self, job: Job) -> Outcome:
        return Outcome(dict(job.input))


def fan_out(skill: str) -> Pipeline:
    """A task for each text."""
    return Pipeline(
        name="noop",
        title="No-op",
        description="A fan-out of tasks that do nothing.",
        input_schema=TEXTS,
        stages=("Spread", "Work"),
        title_of=lambda given: f"{len(given['texts'])} tasks",
        steps=(
            Step("spread", stage="Spread", skill="spread", takes={"texts": Given("texts")}, seconds=0.01),
            Step(
                "noop",
                stage="Work",
                skill=skill,
                each=Each("spread", "texts", expected=100),
                takes={"text": Item()},
                seconds=0.01,
            ),
        ),
    )


def main() -> None:
    """Measures one run."""
    options = _options()
    call_command("migrate", verbosity=0)
    registry.register(Near())
    registry.sync()
    if options.peer:
        register(url=options.peer, name="far", max_concurrent=1_000)
    pipelines.register(fan_out("far_noop" if options.peer else "near_noop"))
    owner = User.objects.create(username="benchmark")
    text = "wait" if options.wait else "noop"
    local.start()
    _await(lambda: Attempt.objects.count() == 0)
    threads = threading.active_count()
    began, cpu_began = time.perf_counter(), time.process_time()
    coordinator.create(pipeline="noop", given={"texts": [text] * options.tasks}, owner=owner)
    most, at_once = 0, 0.0
    if options.wait:
        most = _await(lambda: _present(options.peer) >= options.tasks)
        at_once = time.perf_counter() - began
        httpx2.post(f"{options.peer}/go")
    most = max(most, _await(lambda: Workflow.objects.filter(state="completed").exists()))
    took, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    local.stop()
    result = {
        "seconds_until_all_wait": round(at_once, 3),
        "tasks": options.tasks,
        "seconds": round(took, 3),
        "tasks_per_second": round(options.tasks / took, 1),
        "cpu_ms_per_task": round(1_000 * cpu / options.tasks, 2),
        "threads_before": threads,
        "threads_at_most": most,
    }
    print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--peer", default="", help="where the remote agent is; without it, the local one does the work")
    parser.add_argument("--wait", action="store_true", help="let the agent hold all tasks until it has them all")
    return parser.parse_args()


def _present(peer: str) -> int:
    return int(httpx2.get(f"{peer}/present").json())


def _await(condition: Callable[[], bool]) -> int:
    """Waits for it. Returns how many threads there were at most meanwhile."""
    deadline, most = time.monotonic() + LONGEST_SECONDS, 0
    while time.monotonic() < deadline:
        most = max(most, threading.active_count())
        if condition():
            return most
        threading.Event().wait(POLL_SECONDS)
    raise SystemExit(f"It took longer than {LONGEST_SECONDS:.0f} s.")


if __name__ == "__main__":
    main()
