"""Sends many messages for a long time to many watchers: whether all arrive, once and in order, and how soon.

    python -m benchmarks.load [--minutes 10] [--no-publish]

Two loads, one after the other, on one server with SQLite and the in-memory layer: 100 watchers of one workflow at 1,000
events a second, and 2,000 watchers of 200 workflows at 5 events a second in each, the workflows in turn. The server has
one core, the watchers have the other one.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks import reporting
from benchmarks.fanout import measures
from benchmarks.fanout.candidates import CANDIDATES
from benchmarks.fanout.chart import line
from benchmarks.fanout.cores import allow_many_connections, two_cores
from benchmarks.fanout.load import Load, Watcher
from benchmarks.fanout.messages import STAMP
from benchmarks.fanout.running import Running, running

NAME = "load"
CHART = reporting.PAGE.parent / "images" / "benchmarks" / "load.svg"
PARTS = 20  # of the time: the chart has the 99th percentile of each
DRAIN_SECONDS = 15.0
BUCKETS_PER_MILLISECOND = 10
GOAL_P99 = 10.0  # milliseconds

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How many watch, and how many events a second each room gets."""

    watchers: int
    rooms: int
    rate: float


PLANS = (Plan(watchers=100, rooms=1, rate=1000.0), Plan(watchers=2000, rooms=200, rate=5.0))


class Latencies:
    """Milliseconds, counted in buckets: there are too many to keep each."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def add(self, milliseconds: float) -> None:
        """Counts one."""
        self._counts[int(milliseconds * BUCKETS_PER_MILLISECOND)] += 1

    def share(self, share: float) -> float:
        """The value below which this share of all lies, rounded up to its bucket; 0.0 without any."""
        left = share * self._counts.total()
        for bucket in sorted(self._counts):
            left -= self._counts[bucket]
            if left <= 0:
                return (bucket + 1) / BUCKETS_PER_MILLISECOND
        return 0.0


class TimedLoad(Load):
    """A load that checks every seq, and takes the time of what arrives, too: of all messages that one read brings whole."""

    def __init__(self) -> None:
        super().__init__()
        self.timed = Latencies()
        self.parts: list[Latencies] = []

    def begin_part(self) -> None:
        """What arrives from now on is a part of its own, too."""
        self.parts.append(Latencies())

    def _scan(self, watcher: Watcher, received: bytearray | bytes, end: int) -> None:
        before = len(watcher.tail)  # that was looked at already
        super()._scan(watcher, received, end)
        now = time.monotonic_ns()
        for stamp in STAMP.pattern.findall(received, before, end):
            milliseconds = (now - int(stamp)) / 1e6
            self.timed.add(milliseconds)
            self.parts[-1].add(milliseconds)


def main() -> int:
    """Measures, prints, saves. The exit status says whether nothing was lost; latency depends on the machine."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the server is stopped, too
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="of each load")
    parser.add_argument("--publish", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    cores = two_cores()
    allow_many_connections()
    result: Json = {"machine": reporting.machine(), "minutes": options.minutes, "loads": []}
    for plan in PLANS:
        with running(CANDIDATES[0], cores) as run:
            figures = _measure(run, plan, 60 * options.minutes)
        print(f"{_title(plan)}: {figures}", flush=True)
        result["loads"].append({**asdict(plan), **figures})
    result["machine"]["load_at_end"] = reporting.machine()["load_at_start"]
    reporting.save(NAME, result)
    if options.publish:
        CHART.write_text(_chart(result), encoding="utf-8")
        reporting.publish(NAME, _as_text(result))
    return 1 if any(load["lost"] or load["repeated"] or load["disordered"] for load in result["loads"]) else 0


def _measure(run: Running, plan: Plan, seconds: float) -> Json:
    load = TimedLoad()
    load.begin_part()
    rooms = run.create_rooms(plan.rooms)
    load.join_all(run.handshakes(rooms, plan.watchers))
    load.expect_up_to(round(plan.rate * seconds))
    run.wait_until_idle()
    cpu, began = sum(run.cpu_seconds()), time.monotonic()
    for part in _parts(seconds):
        load.begin_part()
        run.publisher.publish_events_at_rate(plan.rate, part)
        measures.until_answered(run, load, part)
        load.send_keepalives()
    elapsed = time.monotonic() - began
    cpu = sum(run.cpu_seconds()) - cpu
    published = sum(round(plan.rate * part) for part in _parts(seconds))
    _drain(load, published)
    return {
        "published": published * plan.rooms,
        "deliveries": sum(watcher.count for watcher in load.watchers),
        **measures.faults(load, published),
        "cpu_share": round(cpu / elapsed, 3),
        "p50": load.timed.share(0.5),
        "p99": load.timed.share(0.99),
        "max": load.timed.share(1.0),
        "p99_of_parts": [part.share(0.99) for part in load.parts[1:]],
    }


def _parts(seconds: float) -> Iterator[float]:
    yield from [seconds / PARTS] * PARTS


def _drain(load: Load, published: int) -> None:
    deadline = time.monotonic() + DRAIN_SECONDS
    while load.slowest() < published and time.monotonic() < deadline:
        load.poll(0.05)


# --- report ---------------------------------------------------------------------------------------


def _title(load: Plan) -> str:
    return f"{load.watchers:,} watchers, {load.rooms:,} rooms × {load.rate:,.0f}/s"


def _as_text(result: Json) -> str:
    head = ("load", "published", "deliveries", "lost", "twice", "out of order", "p50, ms", "p99, ms", "max, ms", "CPU")
    return f"""## Load: many messages for a long time

`python -m benchmarks.load`: {result["minutes"]:g} minutes of each load. Every watcher is authenticated, and every event has to arrive once and in order;
of several rooms, one gets its event after the other. The
server has one core, all watchers together another one. Latency: from before an event is handed to the server's publisher
until the watcher has read it. Goal: nothing lost, p99 below {GOAL_P99:g} ms.

{reporting.table(head, [_row(load) for load in result["loads"]])}

![The 99th percentile while it lasts]({CHART.relative_to(reporting.PAGE.parent)})

{reporting.about_machine(result["machine"])}"""


def _row(load: Json) -> tuple[str, ...]:
    plan = Plan(load["watchers"], load["rooms"], load["rate"])
    counts = (load[name] for name in ("published", "deliveries", "lost", "repeated", "disordered"))
    milliseconds = (f"{load[name]:,.1f}" for name in ("p50", "p99", "max"))
    return (_title(plan), *(f"{count:,}" for count in counts), *milliseconds, f"{load['cpu_share']:.0%}")


def _chart(result: Json) -> str:
    minutes, parts = result["minutes"], result["loads"][0]["p99_of_parts"]
    points = [((number + 1) * minutes / PARTS, value) for number, value in enumerate(parts)]
    return line("100 watchers × 1,000 events a second", "minutes", "p99, ms", points)


if __name__ == "__main__":
    sys.exit(main())
