"""Replays recorded films through the estimator, with a clock that stands still between two looks, and compares what was
said about time with what came.

Cold: nothing is known but the samples that come with the product, made from the other films. Warm: the attempts of all
other films are history. A film that is replayed at another speed stands for another machine; a cold start then knows
the speed to within a fifth, as a quick measurement would. A running task is taken to report evenly.

    python -m benchmarks.estimates [--no-publish]
"""

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import fmean, median
from typing import TYPE_CHECKING, Any
from unittest import mock

import django

from benchmarks.reporting import machine, publish, save, table

if TYPE_CHECKING:
    from workflows.estimates import Known
    from workflows.graph import TaskGraph
    from workflows.pipelines.base import Pipeline
    from workflows.simulation import Running

NAME = "estimates"
FILMS = 30
LOOKS = 60  # at each film, evenly spread
THREADS = 4
SPEEDS = (0.6, 1.6)  # of the variants: times the recorded seconds
MEASURING_ERROR = 0.2
AFTER_A_THIRD = 1 / 3
LEAST_COVERAGE, MOST_COVERAGE, ERROR_GOAL, STRAY_GOAL = 0.7, 0.9, 0.25, 0.15

Json = dict[str, Any]


@dataclass
class Film:
    """A film to replay. `speed` is 1.0 for one as it was recorded."""

    number: int
    recorded: Json
    speed: float = 1.0
    tasks: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tasks = [
            {**task, "start": task["start"] * self.speed, "end": task["end"] * self.speed}
            for task in self.recorded["tasks"]
        ]

    @property
    def seconds(self) -> float:
        """How long it took."""
        return float(max(task["end"] for task in self.tasks))


@dataclass
class Look:
    """What was said at a moment, and what came."""

    at: float  # share of the whole time
    left: float
    p10: float
    p50: float
    p90: float
    progress: float
    cost: float  # CPU seconds of the simulation


def main() -> int:
    """Measures, prints, saves. The exit status says whether the goals were reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publish", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    about = machine()
    films = _films()
    recorded = sum(film.speed == 1.0 for film in films)
    results = {
        f"{start}, {group}": _figures(
            [list(_replay(film, films, is_warm=start == "warm")) for film in films if chosen(film)]
        )
        for start in ("cold", "warm")
        for group, chosen in (("all", lambda _: True), ("as recorded", lambda film: film.speed == 1.0))
    }
    text = _as_text(results, recorded, len(films), about)
    print(text)
    save(NAME, {"films": len(films), "recorded": recorded, "results": results, "machine": about})
    if options.publish:
        publish(NAME, text)
    return 0 if all(_reached(results[f"{start}, all"]) for start in ("cold", "warm")) else 1


def _films() -> list[Film]:
    from benchmarks.recordings import recordings  # noqa: PLC0415 - Django must be set up

    films = [Film(number, film) for number, film in enumerate(recordings())]
    stream = Random(1)
    originals = list(films)
    while len(films) < FILMS:
        original = originals[len(films) % len(originals)]
        films.append(Film(original.number, original.recorded, stream.uniform(*SPEEDS)))
    return films


# --- replaying ------------------------------------------------------------------------------------


def _replay(film: Film, films: list[Film], *, is_warm: bool) -> Iterator[Look]:
    from workflows import estimates, pipelines  # noqa: PLC0415
    from workflows.progress import WorkflowProgress  # noqa: PLC0415

    pipeline = pipelines.get(film.recorded["pipeline"])
    known = _known(pipeline, film, films, is_warm=is_warm)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    current = WorkflowProgress(
        workflow_id=f"{film.number}-{film.speed}",
        state="running",
        seq=0,
        graph=_graph(pipeline, film, 0.0)[0],
        given=film.recorded["input"],
        fraction=0.0,
        bound=1.0,
        stage="",
        message="",
        known=known,
        working_since=start,
    )
    for number in range(LOOKS):
        at = film.seconds * number / LOOKS
        current.graph, running, finished = _graph(pipeline, film, at)
        current.fractions = {key: task.fraction for key, task in running.items()}
        began = time.process_time()
        steps = estimates.step_states(current.graph, current.given, running)
        left = estimates.estimate(pipeline, steps, known, finished=finished, seed=current.workflow_id)
        cost = time.process_time() - began
        done = estimates.work_done(current.graph, current.given, known, current.fractions)
        current.take_estimate(left, done, start + timedelta(seconds=at))
        current.fraction = current.estimate()
        yield Look(number / LOOKS, film.seconds - at, left.p10, left.p50, left.p90, current.fraction, cost)


def _graph(
    pipeline: "Pipeline", film: Film, at: float
) -> "tuple[TaskGraph, dict[str, Running], list[tuple[str, float]]]":
    """The graph at a moment, the running tasks, and the skill and seconds of those that are finished."""
    from workflows.graph import Node, TaskGraph, path_of  # noqa: PLC0415
    from workflows.simulation import Running  # noqa: PLC0415

    ends = {task["key"]: task["end"] for task in film.tasks}
    nodes: list[Node] = []
    running: dict[str, Running] = {}
    finished: list[tuple[str, float]] = []
    for number, task in enumerate(film.tasks):
        key = task["key"]
        step = pipeline.by_name[key.partition("/")[0]]
        if step.each:
            path = ".".join(map(str, path_of(key)[:-1]))
            if ends[f"{step.each.step}/{path}" if path else step.each.step] > at:
                continue  # it is not planned yet
        state = "pending"
        if task["end"] <= at:
            state = "completed"
            finished.append((step.skill, task["end"] - task["start"]))
        elif task["start"] <= at:
            state = "running"
            so_far = at - task["start"]
            running[key] = Running(so_far, so_far / (task["end"] - task["start"]))
        nodes.append(Node(number, key, step.name, state, number))
    return TaskGraph(pipeline, nodes), running, finished


def _known(pipeline: "Pipeline", film: Film, films: list[Film], *, is_warm: bool) -> "Known":
    from benchmarks.recordings import reference  # noqa: PLC0415
    from workflows import estimates  # noqa: PLC0415
    from workflows.simulation import Capacity  # noqa: PLC0415

    others = [other for other in films if other.number != film.number and other.speed == 1.0]
    history = [
        (
            other.number,
            pipeline.by_name[task["key"].partition("/")[0]].skill,
            film.speed * (task["end"] - task["start"]),
        )
        for other in others
        for task in other.tasks
        if other.recorded["pipeline"] == pipeline.name
    ]
    error = Random(f"{film.number}{film.speed}").uniform(1 - MEASURING_ERROR, 1 + MEASURING_ERROR)
    shipped = reference([other.recorded for other in others])
    capacity = Capacity(THREADS, {"edit_video": 2})
    with (
        mock.patch.object(estimates, "_reference_seconds", return_value=shipped),
        mock.patch.object(estimates, "machine_slowness", return_value=film.speed * error),
    ):
        return estimates.known_from(pipeline, history if is_warm else [], capacity)


# --- figures --------------------------------------------------------------------------------------


def _figures(replays: list[list[Look]]) -> Json:
    looks = [look for replay in replays for look in replay]
    later = [look for look in looks if look.at >= AFTER_A_THIRD]
    strays = sorted(max(abs(look.progress - look.at) for look in replay) for replay in replays)
    return {
        "coverage": fmean(look.p10 <= look.left <= look.p90 for look in looks),
        "below": fmean(look.left < look.p10 for look in looks),
        "above": fmean(look.left > look.p90 for look in looks),
        "error": median(abs(look.p50 - look.left) / look.left for look in later),
        "bias": median((look.p50 - look.left) / look.left for look in later),
        "stray": strays[-1],
        "median_stray": median(strays),
        "cost_ms": 1_000 * median(look.cost for look in looks),
        "most_cost_ms": 1_000 * max(look.cost for look in looks),
    }


def _reached(figures: Json) -> bool:
    return bool(
        LEAST_COVERAGE <= figures["coverage"] <= MOST_COVERAGE
        and figures["error"] < ERROR_GOAL
        and figures["stray"] <= STRAY_GOAL
    )


def _as_text(results: Json, recorded: int, films: int, about: Json) -> str:
    rows = [
        (
            name,
            f"{each['coverage']:.0%}",
            f"{each['below']:.0%}",
            f"{each['above']:.0%}",
            f"{each['error']:.0%}",
            f"{each['bias']:+.0%}",
            f"{each['stray']:.2f}",
            f"{each['median_stray']:.2f}",
            f"{each['cost_ms']:.1f}",
        )
        for name, each in results.items()
    ]
    head = ("start, films", "p10–p90", "less", "more", "error", "bias", "stray", "median stray", "CPU, ms")
    return f"""## Time left: how far it can be trusted

`python -m benchmarks.estimates`: {recorded} recorded films (`benchmarks/results/films.json`, idea2video, 1 to 5 scenes,
{THREADS} threads) and {films - recorded} of them replayed at other speeds ({SPEEDS[0]} to {SPEEDS[1]} times the seconds), as on other
machines; none is estimated with what itself has taught. {LOOKS} looks at each.

{table(head, rows)}

p10–p90: how often the time that was left lay within it (goal: 70 to 90 %); how often it was less, or more. Error: of p50,
as a share of the time left, median after a third of a film (goal: below 25 %); bias: the same with its sign. Stray: how far
the progress was from the share of time that had passed, at worst, and in the median film (goal: at most 0.15).
Recorded on a machine of {about["cores"]} cores ({about["processor"]}) that was busy with other work, so that the films differ more in pace than on
one of your own.
"""


if __name__ == "__main__":
    raise SystemExit(main())
