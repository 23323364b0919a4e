"""Lets a server work for a long time, and looks whether anything grows: memory, files, threads, tasks, objects.

    python -m benchmarks.soak --minutes 60 [--no-publish]

Makers make and delete workflows, 20 watchers stay, 10 come and go (half of them without a goodbye), one polls. In the end
all leave; then nothing of them may be left.
"""

import argparse
import asyncio
import json
import math
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import reporting
from benchmarks.crashes.processes import Service, running
from benchmarks.fanout.chart import line
from benchmarks.soak.visitors import Visitors

NAME = "soak"
CHART = reporting.PAGE.parent / "images" / "benchmarks" / "soak.svg"
SAMPLES = 120
WARM_UP_SHARE = 0.4  # of the samples do not count: caches and pools fill
LEAST_SECONDS = 1.0  # between two samples
LEAVE_SECONDS = 30.0  # for the last to be noticed to have gone
FLAT_SHARE = 0.05  # growth while it is measured that is no leak
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# What the server keeps without any client; everything else must be gone.
# The publisher and presence coalesce, two questions are joined, and each thread of the runner remembers its last work.
KEPT = {"Coalescer": 2, "Joined": 2, "Execution": 4}

Json = dict[str, Any]


class Trend(NamedTuple):
    """The line of least squares: the mean, the growth an hour, the standard error of that; over so many hours."""

    mean: float
    per_hour: float
    error: float
    hours: float

    @property
    def is_flat(self) -> bool:
        """Whether it does not grow, as far as these samples can tell (95 %)."""
        return (self.per_hour - 2 * self.error) * self.hours <= FLAT_SHARE * max(self.mean, 1.0)


def trend(points: Sequence[tuple[float, float]]) -> Trend:
    """Of (seconds, value), at least three of them."""
    count = len(points)
    mean_x, mean_y = (sum(values) / count for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    hours = (points[-1][0] - points[0][0]) / 3600
    return Trend(mean_y, 3600 * slope, 3600 * math.sqrt(rest / (count - 2) / spread), hours)


def main() -> int:
    """Soaks, prints, saves. The exit status says whether everything was flat, and nothing was left."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # stops what it has started
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--publish", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    about = reporting.machine()
    with tempfile.TemporaryDirectory(prefix="callboard-soak-") as folder:
        measured = asyncio.run(_soak(Path(folder), 60 * options.minutes))
    about["load_at_end"] = reporting.machine()["load_at_start"]
    result = {"machine": about, "minutes": options.minutes, **measured}
    reporting.save(NAME, result)
    print(_as_text(result))
    if options.publish:
        CHART.write_text(_chart(result), encoding="utf-8")
        reporting.publish(NAME, _as_text(result))
    return 0 if all(one["is_flat"] for one in result["trends"].values()) and not result["left"] else 1


async def _soak(folder: Path, seconds: float) -> Json:
    every, census = max(LEAST_SECONDS, seconds / SAMPLES), folder / "census.jsonl"
    password = secrets.token_urlsafe(16)
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.soak.settings",
        "SOAK_CENSUS": str(census),
        "SOAK_SECONDS": str(every),
        "RUNNER": "local",
        "CALLBOARD_ADMIN_PASSWORD": password,
        "REALTIME_CONNECTIONS_PER_USER": "1000",
        "WORKFLOWS_PER_HOUR": "100000",
    }
    with running(Service("server", ("script.serve",), folder, environment)) as server:
        await asyncio.to_thread(server.wait_until_it_answers)
        visitors = Visitors(server.url, password)
        visiting = asyncio.create_task(visitors.run())
        samples = await _sample(server.pid, seconds, every, visiting)
        visitors.over.set()
        await visiting
        await asyncio.sleep(LEAVE_SECONDS + 2 * every)
        lines = [json.loads(text) for text in census.read_text().splitlines()]
    began = time.time() - 2 * seconds  # any moment before: only differences count
    tasks = [(one["at"] - began, one["tasks"]) for one in lines if one["at"] <= samples[-1]["at"]]
    series = {name: [(one["at"] - began, one[name]) for one in samples] for name in ("MiB", "files", "threads")}
    left = {name: count for name, count in lines[-1]["objects"].items() if count > KEPT.get(name, 0)}
    return {
        "done": dict(visitors.done),
        "failed": dict(visitors.failed),
        "trends": {name: _trend_body(points) for name, points in {**series, "tasks": tasks}.items()},
        "memory": [(round(at - series["MiB"][0][0]), value) for at, value in series["MiB"]],
        "left": left,
        "tasks_left": lines[-1]["tasks"],
    }


async def _sample(pid: int, seconds: float, every: float, visiting: "asyncio.Task[None]") -> list[Json]:
    samples, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        await asyncio.wait([visiting], timeout=every)
        if visiting.done():
            visiting.result()
        samples.append(_state_of(pid))
    return samples


def _state_of(pid: int) -> Json:
    place = Path(f"/proc/{pid}")
    pages = int(place.joinpath("statm").read_text().split()[1])
    count: Callable[[str], int] = lambda name: sum(1 for _ in place.joinpath(name).iterdir())  # noqa: E731
    return {
        "at": time.time(),
        "MiB": round(pages * PAGE_BYTES / 2**20, 2),
        "files": count("fd"),
        "threads": count("task"),
    }


def _trend_body(points: Sequence[tuple[float, float]]) -> Json:
    found = trend(points[int(WARM_UP_SHARE * len(points)) :])
    return {**found._asdict(), "is_flat": found.is_flat, "first": points[0][1], "last": points[-1][1]}


# --- report ---------------------------------------------------------------------------------------


def _as_text(result: Json) -> str:
    head = ("what", "at first", "mean", "in the end", "growth an hour", "± (95 %)", "flat")
    rows = [_row(name, one) for name, one in result["trends"].items()]
    done = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in sorted(result["done"].items()))
    failed = ", ".join(f"{name} {count}" for name, count in result["failed"].items()) or "nothing"
    left = ", ".join(f"{name} {count}" for name, count in result["left"].items()) or "none"
    return f"""## Soak: whether anything grows

`python -m benchmarks.soak --minutes {result["minutes"]:g}`: makers make and delete workflows, 20 watchers stay, 10 come and go (half of them vanish), one polls.
Each line is the regression of the samples of the server's process after the first {WARM_UP_SHARE:.0%}, in which caches and pools fill; flat: they grow by at most
{FLAT_SHARE:.0%} meanwhile, as far as the samples can tell.

{reporting.table(head, rows)}

Done: {done}. Failed: {failed}. Objects of clients and work that were left when all had gone: {left}.

![Memory of the server]({CHART.relative_to(reporting.PAGE.parent)})

{reporting.about_machine(result["machine"])}"""


def _row(name: str, one: Json) -> tuple[str, ...]:
    label = {"MiB": "memory, MiB"}.get(name, name)
    numbers = (one["first"], one["mean"], one["last"], one["per_hour"], 2 * one["error"])
    return (label, *(f"{number:,.1f}" for number in numbers), "yes" if one["is_flat"] else "**no**")


def _chart(result: Json) -> str:
    return line("Memory of the server", "minutes", "MiB", [(at / 60, value) for at, value in result["memory"][1:]])


if __name__ == "__main__":
    sys.exit(main())
