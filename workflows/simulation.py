"""Simulates how the rest of a workflow may go: how long its tasks take is drawn at random from how long such tasks took.

A plan is a list of units, one task each, or several tasks of a step where there are many. It is scheduled once with the
median durations, as the coordinator would; then many times in the same order with durations that are drawn. No database.
"""

import heapq
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median

from workflows.pipelines.base import Output, Outputs, Pipeline, Step

RUNS = 100
LEAST_RUNS = 25
PLACEMENTS = 2_000  # of units in all runs: about 3 ms
UNITS_LIMIT = 60  # of a plan; above it, units hold several tasks
MIN_SECONDS = 0.01
OVERDUE_SHARE = 0.25  # a task that takes longer than any before is expected to take so much of its time once more


@dataclass(frozen=True, slots=True)
class Running:
    """A task that runs: for how many seconds, and how far it is (0.0-1.0)."""

    seconds: float
    fraction: float


@dataclass(frozen=True, slots=True)
class StepState:
    """How far a step is. `expected` is the number of its tasks in the end."""

    expected: int
    finished: int
    running: tuple[Running, ...] = ()


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much may run at once: in all, and of each skill."""

    threads: int
    by_skill: Mapping[str, int] = field(default_factory=dict)

    def of(self, skill: str) -> int:
        """How many tasks of this skill may run at once."""
        return max(1, min(self.threads, self.by_skill.get(skill, self.threads)))


@dataclass(frozen=True, slots=True)
class Rival:
    """Tasks of other workflows that are ready or run, and take capacity from this one."""

    skill: str
    count: int


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Seconds: with a probability of 10, 50 and 90 % it is no more."""

    p10: float
    p50: float
    p90: float

    def after(self, seconds: float) -> "TimeLeft":
        """What is left so many seconds later."""
        return TimeLeft(*(max(0.0, left - seconds) for left in (self.p10, self.p50, self.p90)))


@dataclass(slots=True)
class _Unit:
    skill: str
    priority: int
    tasks: int
    running: Running | None
    waits_for: list[int]  # numbers of other units
    draws: list[float] = field(default_factory=list)  # the duration in each run
    typical: float = 0.0


def time_left(
    pipeline: Pipeline,
    steps: Mapping[str, StepState],
    samples: Mapping[str, Sequence[float]],
    capacity: Capacity,
    *,
    paces: Sequence[float] = (1.0,),
    rivals: Sequence[Rival] = (),
    seed: str = "",
) -> TimeLeft:
    """How long the steps will still take. `samples` are sorted seconds of earlier tasks, at least one for each skill.

    `paces` says how many times longer whole workflows took than such samples say: one is drawn for each run. The same
    `seed` gives the same draws, so that the result changes only as the work does.
    """
    units = _units(pipeline, steps)
    if not units:
        return TimeLeft(0.0, 0.0, 0.0)
    runs = max(LEAST_RUNS, min(RUNS, PLACEMENTS // len(units)))
    _draw(units, samples, _spread(paces, runs, seed), seed)
    order = _Dispatcher(units, capacity).run()
    waits = _rival_seconds(rivals, samples, capacity)
    lasting = sorted(_run(units, order, capacity, number) for number in range(runs))
    delay = min(waits, median(lasting)) if waits else 0.0  # turns are taken: it waits no longer than it works
    return TimeLeft(*(lasting[min(runs - 1, int(share * runs))] + delay for share in (0.1, 0.5, 0.9)))


# --- the plan -------------------------------------------------------------------------------------


def _units(pipeline: Pipeline, steps: Mapping[str, StepState]) -> list[_Unit]:
    pending = sum(max(0, state.expected - state.finished - len(state.running)) for state in steps.values())
    size = -(-pending // UNITS_LIMIT) or 1
    units: list[_Unit] = []
    by_step: dict[str, list[int]] = {}  # the number of the unit of each task; -1 when it is finished
    for priority, step in enumerate(pipeline.steps):
        numbers: list[int] = [-1] * steps[step.name].finished
        for running in steps[step.name].running:
            numbers.append(len(units))
            units.append(_Unit(step.skill, priority, 1, running, []))
        count = steps[step.name].expected
        while len(numbers) < count:
            tasks = min(size, count - len(numbers))
            waits_for = _waits_for(step, by_step, (len(numbers), len(numbers) + tasks - 1), count)
            numbers += [len(units)] * tasks
            units.append(_Unit(step.skill, priority, tasks, None, waits_for))
        by_step[step.name] = numbers
    return units


def _waits_for(step: Step, by_step: Mapping[str, list[int]], tasks: tuple[int, int], count: int) -> list[int]:
    """The units that tasks of a step wait for; which one belongs to the same item follows from the place."""
    needed: set[int] = set()
    sources = [*step.takes.values(), *([Output(step.each.step)] if step.each else [])]
    for source in sources:
        match source:
            case Outputs(other):
                needed.update(by_step.get(other, ()))
            case Output(other) if others := by_step.get(other):
                needed.update(others[min(len(others) - 1, task * len(others) // count)] for task in tasks)
            case _:
                pass
    return sorted(needed - {-1})


# --- durations ------------------------------------------------------------------------------------


def _spread(paces: Sequence[float], runs: int, seed: str) -> list[float]:
    """A pace for each run: evenly from all, in an order of the seed's."""
    ranked = sorted(paces)
    drawn = [ranked[int((number + 0.5) / runs * len(ranked))] for number in range(runs)]
    Random(seed).shuffle(drawn)  # noqa: S311 - no secret
    return drawn


def _draw(units: list[_Unit], samples: Mapping[str, Sequence[float]], paces: Sequence[float], seed: str) -> None:
    streams: dict[int, Random] = {}
    typical_pace = median(paces)
    for unit in reversed(units):  # from the last one: those that are still to come get the same draws as before
        stream = streams.get(unit.priority)
        if stream is None:
            stream = streams[unit.priority] = Random(f"{seed}{unit.priority}")  # noqa: S311 - no secret
        known = samples[unit.skill]
        draw = stream.random
        if unit.running:
            unit.draws = [_rest(unit.running, known, pace, draw()) for pace in paces]
            unit.typical = median(unit.draws)
        else:
            last = len(known)
            unit.draws = [max(MIN_SECONDS, known[int(draw() * last)] * pace) * unit.tasks for pace in paces]
            unit.typical = known[last // 2] * typical_pace * unit.tasks


def _rest(running: Running, known: Sequence[float], pace: float, draw: float) -> float:
    """How long a running task still takes: as one that took longer, and as what it has reported suggests."""
    first = bisect_right(known, running.seconds / pace)
    if first < len(known):
        usual = known[first + int(draw * (len(known) - first))] * pace - running.seconds
    else:
        usual = running.seconds * OVERDUE_SHARE * (0.5 + draw)
    if running.fraction <= 0.0:
        return max(MIN_SECONDS, usual)
    reported = running.seconds * (1.0 - running.fraction) / running.fraction
    return max(MIN_SECONDS, running.fraction * reported + (1.0 - running.fraction) * usual)


# --- scheduling -----------------------------------------------------------------------------------


class _Dispatcher:
    """Starts units as the coordinator starts tasks: of those that could start, by step, then by item."""

    def __init__(self, units: list[_Unit], capacity: Capacity) -> None:
        self._units = units
        self._missing = [len(unit.waits_for) for unit in units]
        self._following: list[list[int]] = [[] for _ in units]
        self._free = {unit.skill: capacity.of(unit.skill) for unit in units}
        self._threads = capacity.threads
        self._ready: dict[str, list[tuple[int, int]]] = {}  # heaps of priority and number, by skill
        self._ends: list[tuple[float, int]] = []  # a heap of those that run
        self._now = 0.0
        self.order: list[int] = []
        for number, unit in enumerate(units):
            for other in unit.waits_for:
                self._following[other].append(number)

    def run(self) -> list[int]:
        """The order in which the units start when each takes its typical time."""
        for number, unit in enumerate(self._units):
            if unit.running:
                self._start(number)
            elif not self._missing[number]:
                self._enter(number)
        self._start_all()
        while self._ends:
            self._end(*heapq.heappop(self._ends))
            self._start_all()
        return self.order

    def _enter(self, number: int) -> None:
        unit = self._units[number]
        heapq.heappush(self._ready.setdefault(unit.skill, []), (unit.priority, number))

    def _start_all(self) -> None:
        while self._threads > 0:
            able = [(*heap[0], skill) for skill, heap in self._ready.items() if heap and self._free[skill] > 0]
            if not able:
                return
            _, number, skill = min(able)
            heapq.heappop(self._ready[skill])
            self._start(number)

    def _start(self, number: int) -> None:
        self._free[self._units[number].skill] -= 1
        self._threads -= 1
        self.order.append(number)
        heapq.heappush(self._ends, (self._now + self._units[number].typical, number))

    def _end(self, now: float, ended: int) -> None:
        self._now = now
        self._free[self._units[ended].skill] += 1
        self._threads += 1
        for other in self._following[ended]:
            self._missing[other] -= 1
            if not self._missing[other]:
                self._enter(other)


def _run(units: list[_Unit], order: list[int], capacity: Capacity, run: int) -> float:
    """How long it takes in one run."""
    ends = [0.0] * len(units)
    threads = [0.0] * capacity.threads
    slots: dict[str, list[float]] = {}
    for number in order:
        unit = units[number]
        at = threads[0]
        for other in unit.waits_for:
            if ends[other] > at:
                at = ends[other]
        if (places := capacity.of(unit.skill)) < capacity.threads:
            of_skill = slots.setdefault(unit.skill, [0.0] * places)
            at = max(at, of_skill[0])
            heapq.heapreplace(of_skill, at + unit.draws[run])
        ends[number] = at + unit.draws[run]
        heapq.heapreplace(threads, ends[number])
    return max(ends)


def _rival_seconds(rivals: Sequence[Rival], samples: Mapping[str, Sequence[float]], capacity: Capacity) -> float:
    """How long all threads would be busy with the work of others."""
    busy = 0.0
    for rival in rivals:
        if known := samples.get(rival.skill):
            busy += rival.count * known[len(known) // 2]
    return busy / capacity.threads


def starts_in(
    position: int, rests: Sequence[Sequence[float]], firsts: Sequence[float], threads: int, seed: str
) -> TimeLeft:
    """When the one at `position` (from 1) of those that wait gets a thread.

    `rests` holds, for each thread that is busy, what it may still take; `firsts` what a first task takes.
    """
    stream = Random(seed)  # noqa: S311 - no secret
    starts = []
    for _ in range(RUNS):
        free = [0.0] * max(0, threads - len(rests)) + [rest[int(stream.random() * len(rest))] for rest in rests]
        heapq.heapify(free)
        for _ in range(position - 1):
            heapq.heapreplace(free, free[0] + firsts[int(stream.random() * len(firsts))])
        starts.append(free[0])
    starts.sort()
    return TimeLeft(*(starts[min(RUNS - 1, int(share * RUNS))] for share in (0.1, 0.5, 0.9)))
