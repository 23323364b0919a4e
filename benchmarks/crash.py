"""Kills the server's process at random moments: what is lost, what is done twice, how soon it goes on.

Each time a process with the local runner performs a workflow of short tasks, gets SIGKILL in the middle, and is started
anew on the same database.

    python -m benchmarks.crash [--kills 20] [--no-publish]
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.reporting import ROOT, machine, percentile, publish, save, table

NAME = "crash"
TASKS = 40
TASK_SECONDS = 0.05
LONGEST_SECONDS = 180.0
POLL_SECONDS = 0.02
SEED = 1

Json = dict[str, Any]


def main() -> int:
    """Measures, prints, saves. The exit status says whether every workflow was completed, and nothing was done twice."""
    options = _options()
    if options.work:
        return _work()
    about = machine()
    with tempfile.TemporaryDirectory(prefix="callboard-benchmark-") as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "project.settings", "DATA_DIR": folder, "LOG_LEVEL": "ERROR"}
        result: Json = {"machine": about, "kills": [*_kills(options.kills)]}
    text = _as_text(result)
    print(f"\n{text}\n\nSaved to {save(NAME, result)}.")
    if options.publish:
        publish(NAME, text)
    return 0 if all(each["is_complete"] and not each["done_twice"] for each in result["kills"]) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)  # the process that is killed
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    return parser.parse_args()


def _work() -> int:
    """Runs attempts until it is killed."""
    from benchmarks.throughput.candidates import callboard  # noqa: PLC0415 - sets Django up

    class Slow(callboard.Idle):
        """Takes TASK_SECONDS for each task."""

        def perform(self, job: Any) -> Any:  # noqa: ANN401
            time.sleep(TASK_SECONDS)
            return super().perform(job)

    from agents import registry  # noqa: PLC0415
    from workflows import pipelines  # noqa: PLC0415
    from workflows.runners import local  # noqa: PLC0415

    registry.register(Slow())
    pipelines.register(callboard.FAN_OUT)
    local.start()
    signal.pause()
    return 0


def _kills(count: int) -> Iterator[Json]:
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from agents import registry  # noqa: PLC0415
    from benchmarks.throughput.candidates import callboard  # noqa: PLC0415 - the settings are known only now
    from workflows import coordinator, pipelines  # noqa: PLC0415

    registry.register(callboard.Idle())
    pipelines.register(callboard.FAN_OUT)
    call_command("migrate", verbosity=0)
    registry.sync()
    owner = User.objects.create(username="benchmark")
    chance = random.Random(SEED)
    for number in range(count):
        workflow = coordinator.create(pipeline="noop", given={"tasks": TASKS}, owner=owner)
        wanted = chance.randrange(1, TASKS)
        kill = {"number": number, "killed_after": wanted, **_kill(workflow, wanted, chance.random() * TASK_SECONDS)}
        print(kill, flush=True)
        yield kill


def _kill(workflow: Any, wanted: int, delay: float) -> Json:  # noqa: ANN401
    """One crash, after so many completed tasks and some seconds more."""
    from workflows.models import Attempt  # noqa: PLC0415

    attempts = Attempt.objects.filter(task__workflow=workflow)
    first = _start()
    _await(lambda: attempts.filter(state="completed").count() >= wanted)
    time.sleep(delay)
    first.kill()
    first.wait()
    finished, last = set(attempts.filter(state="completed").values_list("task", flat=True)), attempts.latest("pk").pk
    began = time.monotonic()
    second = _start()
    try:
        _await(lambda: attempts.filter(pk__gt=last).exists())
        recovered = time.monotonic() - began
        _await(lambda: _state(workflow) in ("completed", "failed"))
    finally:
        second.kill()
        second.wait()
    again = attempts.filter(pk__gt=last, task__in=finished).count()
    done = attempts.filter(state="completed")
    return {
        "is_complete": _state(workflow) == "completed" and done.count() == TASKS + 2,
        "done_twice": again + done.count() - done.values("task").distinct().count(),
        "lost_attempts": attempts.filter(state="lost").count(),
        "recovery_seconds": round(recovered, 2),
    }


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "benchmarks.crash", "--work"], cwd=ROOT)


def _state(workflow: Any) -> str:  # noqa: ANN401
    workflow.refresh_from_db(fields=["state"])
    return str(workflow.state)


def _await(is_so: Any) -> None:  # noqa: ANN401
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit(f"Nothing happened for {LONGEST_SECONDS:.0f} s.")
        time.sleep(POLL_SECONDS)


def _as_text(result: Json) -> str:
    kills, about = result["kills"], result["machine"]
    seconds = [each["recovery_seconds"] for each in kills]
    shares = {"p50": 0.5, "p90": 0.9, "max": 1.0}
    rows = [
        ("workflows completed", f"{sum(each['is_complete'] for each in kills)} of {len(kills)}"),
        ("finished tasks that were done again", str(sum(each["done_twice"] for each in kills))),
        ("attempts that were lost, and tried again", str(sum(each["lost_attempts"] for each in kills))),
        *((f"seconds until it went on, {name}", f"{percentile(seconds, share):.1f}") for name, share in shares.items()),
    ]
    return f"""## Crashes

`python -m benchmarks.crash`: SIGKILL to the process with the local runner at a random moment of a workflow of {TASKS} tasks of {TASK_SECONDS} s,
{len(kills)} times, on SQLite; then it is started anew. The time until the first new attempt includes the start of Python and Django.

{table(("what", "result"), rows)}

Machine: {about["cores"]} cores, {about["processor"]}, Python {about["python"]}, {about["measured_at"][:10]}; load before {about["load_at_start"]}."""


if __name__ == "__main__":
    sys.exit(main())
