"""Estimates progress and time left from how long earlier attempts took.

What a task takes is drawn from the latest attempts at its skill on this installation. As long as they are few, from
those of the built-in crew on a reference machine, scaled by a short measurement of this one; for skills without either,
from the recipe's own figure. How far a workflow is, is its working time so far as a share of all of it.
"""

import json
import math
import time
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, median
from typing import Any

from django.conf import settings
from django.db.models import Q

from agents.models import Agent
from agents.registry import registered
from workflows import liveness
from workflows.graph import TaskGraph
from workflows.lifecycle import ACTIVE_STATES, AttemptState, TaskState
from workflows.models import Attempt, Task
from workflows.pipelines.base import Each, Given, Pipeline, Step
from workflows.simulation import Capacity, Rival, Running, StepState, TimeLeft, time_left

Json = dict[str, Any]

HISTORY_ATTEMPTS = 500  # the latest ones; older ones may have run with other settings
ENOUGH_ATTEMPTS = 12  # of a skill: then nothing but history counts
LEAST_ATTEMPTS = 3  # of the slowest skill: below it, nothing is said about time
MIN_SECONDS = 0.01
GUESSED_SPREAD = (0.6, 0.8, 1.0, 1.0, 1.2, 1.6)  # times the recipe's figure
GUESSED_PACES = (0.7, 0.85, 1.0, 1.15, 1.4)  # of whole workflows, as long as few are known
LEAST_PACES = 3
PACE_ATTEMPTS = 5  # a workflow with fewer says nothing about the pace
OWN_PACE_SHARE = 0.2  # when so much of its work is done, a workflow's own pace counts as much as that of earlier ones
CACHE_SECONDS = 2.0
REFERENCE = Path(__file__).with_name("reference_seconds.json")
LOOP_TURNS = 200_000  # about 0.02 s
LOOP_TRIES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a pipeline's tasks on this installation."""

    seconds: dict[str, float]  # by step: what one task takes
    samples: Mapping[str, Sequence[float]]  # by skill, sorted
    paces: Sequence[float]  # of earlier workflows: how many times longer they took than the samples say
    is_enough: bool  # to say something about time
    capacity: Capacity


_known: dict[str, tuple[float, Known]] = {}  # pipeline -> (read at, what)


def known_of(pipeline: Pipeline) -> Known:
    """What is known now. Reads the database at most every CACHE_SECONDS."""
    read_at, known = _known.get(pipeline.name, (-math.inf, None))
    if known is None or time.monotonic() - read_at > CACHE_SECONDS:
        known = _read(pipeline)
        _known[pipeline.name] = (time.monotonic(), known)
    return known


def _read(pipeline: Pipeline) -> Known:
    skills = {step.skill for step in pipeline.steps}
    attempts = Attempt.objects.filter(state=AttemptState.COMPLETED, task__skill__in=skills).order_by("-pk")
    history = attempts.values_list("task__workflow", "task__skill", "seconds")[:HISTORY_ATTEMPTS]
    return known_from(pipeline, [(workflow, skill, took or 0.0) for workflow, skill, took in history], capacity())


def known_from(pipeline: Pipeline, history: Sequence[tuple[object, str, float]], room: Capacity) -> Known:
    """What attempts teach, the latest first: each with its workflow, its skill, and its seconds."""
    own: defaultdict[str, list[float]] = defaultdict(list)
    for _, skill, took in history:
        insort(own[skill], max(took, MIN_SECONDS))
    reference = {step.skill: _reference(step.skill, own) for step in pipeline.steps}
    samples = {step.skill: _samples(step, own[step.skill], reference[step.skill]) for step in pipeline.steps}
    slowest = max(pipeline.steps, key=lambda step: fmean(samples[step.skill])).skill
    return Known(
        seconds={step.name: fmean(samples[step.skill]) for step in pipeline.steps},
        samples=samples,
        paces=_paces(history, samples),
        is_enough=len(own[slowest]) + len(reference[slowest]) >= LEAST_ATTEMPTS,
        capacity=room,
    )


def _samples(step: Step, own: Sequence[float], reference: Sequence[float]) -> Sequence[float]:
    if len(own) >= ENOUGH_ATTEMPTS or (len(own) >= LEAST_ATTEMPTS and not reference):
        return own
    if known := sorted([*own, *own, *reference]):
        return known
    return [step.seconds * share for share in GUESSED_SPREAD]


def _paces(history: Iterable[tuple[object, str, float]], samples: dict[str, Sequence[float]]) -> Sequence[float]:
    usual = {skill: fmean(seconds) for skill, seconds in samples.items()}
    taken: defaultdict[object, float] = defaultdict(float)
    expected: defaultdict[object, float] = defaultdict(float)
    count: Counter[object] = Counter()
    for workflow, skill, took in history:
        if skill in usual:
            taken[workflow] += took
            expected[workflow] += usual[skill]
            count[workflow] += 1
    paces = [taken[each] / expected[each] for each in taken if count[each] >= PACE_ATTEMPTS]
    return paces if len(paces) >= LEAST_PACES else GUESSED_PACES


def capacity() -> Capacity:
    """How much may run at once: as many as the live runners have threads, and of each skill as many as its agents take."""
    enabled = dict(Agent.objects.filter(Agent.IN_SERVICE).values_list("name", "max_concurrent"))
    by_skill: Counter[str] = Counter()
    for agent in registered():
        for skill in agent.skills:
            for asked in (skill.id, f"{agent.name}/{skill.id}"):
                by_skill[asked] += enabled.get(agent.name, 0)
    runners = list(liveness.live())
    serving = {skill: sum(runner.threads for runner in runners if runner.serves(skill)) for skill in by_skill}
    # Without a runner (it starts in a moment, or another setting is yet to be made) as with one.
    threads = sum(runner.threads for runner in runners) or settings.RUNNER_THREADS
    return Capacity(threads, {skill: min(count, serving[skill] or threads) for skill, count in by_skill.items()})


# --- the reference machine ------------------------------------------------------------------------


def _reference(skill: str, own: dict[str, list[float]]) -> Sequence[float]:
    """What the built-in crew takes for a skill on this machine, as far as is known without having seen it."""
    known = _reference_seconds()["skills"]
    studios = {settings.STUDIO_TEXT, settings.STUDIO_IMAGES, settings.STUDIO_VIDEO, settings.STUDIO_SPEECH}
    is_built_in = studios - {"off", "flite"} == {"offline"}
    if skill not in known or not is_built_in:
        return ()
    # Where skills have been tried, how they compare says more than the measurement.
    ratios = [median(took) / median(known[name]) for name, took in own.items() if took and name in known]
    slower = median(ratios) if len(ratios) >= LEAST_ATTEMPTS else machine_slowness()
    return [seconds * slower for seconds in known[skill]]


@cache
def _reference_seconds() -> Json:
    content: Json = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return content


@cache
def machine_slowness() -> float:
    """How many times slower this machine is than the reference machine. Measured once (0.1 s), and kept in DATA_DIR."""
    kept = Path(settings.DATA_DIR) / "machine.json"
    try:
        seconds = float(json.loads(kept.read_text(encoding="utf-8"))["loop_seconds"])
    except (OSError, ValueError, LookupError, TypeError):
        seconds = measure_loop()
        with suppress(OSError):  # then it is measured again by the next process
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps({"loop_seconds": seconds}), encoding="utf-8")
    return seconds / float(_reference_seconds()["loop_seconds"])


def measure_loop() -> float:
    """Seconds that a small loop takes here: the best of a few tries."""
    return min(_loop() for _ in range(LOOP_TRIES))


def _loop() -> float:
    began, total = time.perf_counter(), 0
    for number in range(LOOP_TURNS):
        total += number % 7
    return time.perf_counter() - began


# --- how much there is to do ----------------------------------------------------------------------


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


def work_done(graph: TaskGraph, given: Json, known: Known, fractions: dict[str, float]) -> float:
    """The share of the work that is done (0.0-1.0). `fractions` says how far running tasks are, by key."""
    total = done = 0.0
    in_part: defaultdict[str, float] = defaultdict(float)
    for key, fraction in fractions.items():
        in_part[graph.by_key[key].step] += fraction
    for step in graph.pipeline.steps:
        total += expected_count(graph, step, given) * known.seconds[step.name]
        done += (graph.count(TaskState.COMPLETED, step.name) + in_part[step.name]) * known.seconds[step.name]
    return done / total if total else 0.0


def step_states(graph: TaskGraph, given: Json, running: dict[str, Running]) -> dict[str, StepState]:
    """How far the steps are. `running` are the running tasks, by key."""
    of_step: defaultdict[str, list[Running]] = defaultdict(list)
    for key, task in running.items():
        of_step[graph.by_key[key].step].append(task)
    return {
        step.name: StepState(
            expected=math.ceil(expected_count(graph, step, given)),
            finished=graph.count(TaskState.COMPLETED, step.name),
            running=tuple(of_step[step.name]),
        )
        for step in graph.pipeline.steps
    }


def estimate(
    pipeline: Pipeline,
    steps: dict[str, StepState],
    known: Known,
    *,
    finished: Iterable[tuple[str, float]],
    rivals: Sequence[Rival] = (),
    seed: str,
) -> TimeLeft:
    """The time left. `finished` are the workflow's own attempts so far: skill and seconds."""
    paces = _own_paces(pipeline, steps, known, finished)
    return time_left(pipeline, steps, known.samples, known.capacity, paces=paces, rivals=rivals, seed=seed)


def _own_paces(
    pipeline: Pipeline, steps: dict[str, StepState], known: Known, finished: Iterable[tuple[str, float]]
) -> list[float]:
    """The paces to draw from: those of earlier workflows, drawn towards its own as more of it is done."""
    usual = {step.skill: known.seconds[step.name] for step in pipeline.steps}
    taken = expected = 0.0
    for skill, took in finished:
        taken, expected = taken + took, expected + usual[skill]
    if not taken or not expected:
        return list(known.paces)
    total = sum(steps[step.name].expected * known.seconds[step.name] for step in pipeline.steps)
    trust = expected / (expected + OWN_PACE_SHARE * total)
    return [pace ** (1.0 - trust) * (taken / expected) ** trust for pace in known.paces]


def finished_of(workflow: str) -> list[tuple[str, float]]:
    """The latest completed attempts of a workflow, HISTORY_ATTEMPTS at most: skill and seconds."""
    attempts = Attempt.objects.filter(task__workflow_id=workflow, state=AttemptState.COMPLETED).order_by("-pk")
    latest = attempts.values_list("task__skill", "seconds")[:HISTORY_ATTEMPTS]
    return [(skill, took or 0.0) for skill, took in latest]


def rivals_of(workflow: str) -> list[Rival]:
    """The ready and running tasks of other workflows."""
    return [Rival(skill, count) for other, skill, count in _present_tasks() if other != workflow]


_present: tuple[float, list[tuple[str, str, int]]] = (-math.inf, [])


def _present_tasks() -> list[tuple[str, str, int]]:
    """The ready and running tasks of all workflows by skill. Reads the database at most every CACHE_SECONDS."""
    global _present
    read_at, present = _present
    if time.monotonic() - read_at > CACHE_SECONDS:
        tasks = Task.objects.filter(
            Q(state=TaskState.READY) | Q(state=TaskState.RUNNING), workflow__state__in=ACTIVE_STATES
        )
        counts = Counter((str(other), skill) for other, skill in tasks.values_list("workflow", "skill"))
        present = [(other, skill, count) for (other, skill), count in counts.items()]
        _present = (time.monotonic(), present)
    return present
