"""Estimates progress and time left from how long earlier attempts took.

A task weighs what one of its skill takes on this installation: the mean of its latest attempts, drawn towards the
recipe's own figure as long as they are few. The recipe's figures are for a quiet machine of 2 cores; how much slower
or faster the latest attempts of all skills were (the pace) corrects them for skills that have not been tried yet.
Time left is work left shared among the attempts that run at once, but never less than the longest chain of steps;
the range comes from how much attempts of a skill differ.
"""

import math
import time
from collections import defaultdict
from dataclasses import dataclass
from statistics import pstdev
from typing import Any

from django.conf import settings

from workflows.graph import TaskGraph
from workflows.lifecycle import AttemptState, TaskState
from workflows.models import Attempt
from workflows.pipelines.base import Each, Given, Pipeline, Step

Json = dict[str, Any]

HISTORY_ATTEMPTS = 500  # the latest ones; older ones may have run with other settings
RECIPE_ATTEMPTS = 2.0  # the recipe's figure is weighted like so many attempts
GUESSED_SPREAD = 0.5  # standard deviation as a share of the mean, until there is history
MIN_SPREAD = 0.15
MIN_SECONDS = 0.01
P90_DEVIATIONS = 1.2816  # the 90 % quantile of the normal distribution
COSTS_CACHE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What one task of a step takes: mean and standard deviation, in seconds."""

    mean: float
    deviation: float


_costs: dict[str, tuple[float, dict[str, Cost]]] = {}  # pipeline -> (read at, by step)


def costs(pipeline: Pipeline) -> dict[str, Cost]:
    """The cost of each step, by its name. Reads the history at most every COSTS_CACHE_SECONDS."""
    read_at, known = _costs.get(pipeline.name, (-math.inf, {}))
    if time.monotonic() - read_at > COSTS_CACHE_SECONDS:
        history = _history(pipeline)
        pace = _pace(pipeline, history)
        known = {step.name: _cost(step.seconds * pace, history.get(step.skill, [])) for step in pipeline.steps}
        _costs[pipeline.name] = (time.monotonic(), known)
    return known


def _history(pipeline: Pipeline) -> dict[str, list[float]]:
    """Seconds of the latest completed attempts, by skill."""
    attempts = Attempt.objects.filter(
        state=AttemptState.COMPLETED, task__skill__in={step.skill for step in pipeline.steps}
    )
    seconds: dict[str, list[float]] = {}
    for skill, took in attempts.order_by("-pk").values_list("task__skill", "seconds")[:HISTORY_ATTEMPTS]:
        seconds.setdefault(skill, []).append(took or 0.0)
    return seconds


def _pace(pipeline: Pipeline, history: dict[str, list[float]]) -> float:
    """How many times longer attempts took than their recipe says."""
    planned = {step.skill: step.seconds for step in pipeline.steps}
    all_planned = sum(planned[skill] * len(took) for skill, took in history.items())
    all_taken = sum(sum(took) for took in history.values())
    # Weights the recipe like one run of its longest step: a few quick tasks prove nothing.
    trust = max(planned.values())
    return (all_taken + trust) / (all_planned + trust)


def _cost(guess: float, took: list[float]) -> Cost:
    mean = (guess * RECIPE_ATTEMPTS + sum(took)) / (RECIPE_ATTEMPTS + len(took))
    spread = pstdev(took) if len(took) > 1 else mean * GUESSED_SPREAD
    return Cost(max(mean, MIN_SECONDS), max(spread, mean * MIN_SPREAD))


def expected_count(graph: TaskGraph, step: Step, given: Json) -> float:
    """How many tasks a step is expected to have in the end."""
    if step.each is None:
        return 1
    parent = graph.pipeline.by_name[step.each.step]
    finished = graph.count(TaskState.COMPLETED, parent.name)
    to_come = max(0.0, expected_count(graph, parent, given) - finished)
    return len(graph.by_step[step.name]) + to_come * _expected_items(step.each, given)


def _expected_items(each: Each, given: Json) -> float:
    match each.expected:
        case Given(field):
            return float(given[field])
        case number:
            return float(number)


@dataclass(frozen=True, slots=True)
class Work:
    """The work that a step has left."""

    left: float  # tasks, the running ones in part
    cost: Cost


@dataclass(frozen=True, slots=True)
class Outlook:
    """A workflow's progress (0.0-1.0), and the time that it will still take."""

    fraction: float
    eta_p50: float  # seconds
    eta_p90: float


def outlook(graph: TaskGraph, given: Json, known: dict[str, Cost], fractions: dict[str, float]) -> Outlook:
    """Weighs done against expected work. `known` are the `costs`; `fractions` says how far running tasks are, by key."""
    total = done = 0.0
    work: dict[str, Work] = {}
    in_part: defaultdict[str, float] = defaultdict(float)
    for key, fraction in fractions.items():
        in_part[graph.by_key[key].step] += fraction
    for step in graph.pipeline.steps:
        expected = expected_count(graph, step, given)
        finished = graph.count(TaskState.COMPLETED, step.name) + in_part[step.name]
        total += expected * known[step.name].mean
        done += finished * known[step.name].mean
        work[step.name] = Work(max(0.0, expected - finished), known[step.name])
    p50 = _time_left(graph.pipeline, work)
    variance = sum(each.left * each.cost.deviation**2 for each in work.values())
    spread = max(P90_DEVIATIONS * math.sqrt(variance), MIN_SPREAD * p50)
    return Outlook(done / total if total else 0.0, p50, p50 + spread)


def _time_left(pipeline: Pipeline, work: dict[str, Work]) -> float:
    shared = sum(each.left * each.cost.mean for each in work.values()) / settings.RUNNER_THREADS
    longest: dict[str, float] = {}

    def chain(name: str) -> float:
        if name not in longest:
            own = min(1.0, work[name].left) * work[name].cost.mean
            longest[name] = own + max((chain(other) for other in pipeline.by_name[name].waits_for()), default=0.0)
        return longest[name]

    return max(shared, max(chain(step.name) for step in pipeline.steps))
