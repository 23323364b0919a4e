"""Recorded films: when each task of a film started and finished. Written from the database of an installation.

`python -m benchmarks.recordings` records every completed film of the database in DATA_DIR; with `--reference` it also
writes the samples that come with the product (workflows/reference_seconds.json).
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from statistics import quantiles
from typing import Any

import django

from benchmarks.reporting import RESULTS, ROOT

RECORDINGS = RESULTS / "films.json"
REFERENCE = ROOT / "workflows" / "reference_seconds.json"
SAMPLES = 12  # of a skill

Json = dict[str, Any]


def recordings() -> list[Json]:
    """The films that were recorded."""
    films: list[Json] = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    return films


def record() -> list[Json]:
    """The completed films: seconds since the first attempt, in the order in which they were made."""
    from workflows.models import Attempt, Workflow  # noqa: PLC0415 - Django must be set up

    films = []
    for workflow in Workflow.objects.filter(state="completed").order_by("created_at"):
        attempts = Attempt.objects.filter(task__workflow=workflow, state="completed").order_by("started_at")
        begin = min(attempt.started_at for attempt in attempts)
        tasks = [
            {
                "key": attempt.task.key,
                "start": round((attempt.started_at - begin).total_seconds(), 3),
                "end": round((attempt.finished_at - begin).total_seconds(), 3),  # type: ignore[operator]
            }
            for attempt in attempts.select_related("task")
        ]
        films.append({"pipeline": workflow.pipeline, "input": workflow.input, "tasks": tasks})
    return films


def reference(films: list[Json]) -> Json:
    """Evenly spread samples of each skill, and what the measuring loop takes here."""
    from workflows import pipelines  # noqa: PLC0415
    from workflows.estimates import measure_loop  # noqa: PLC0415

    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for film in films:
        steps = pipelines.get(film["pipeline"]).by_name
        for task in film["tasks"]:
            seconds[steps[task["key"].partition("/")[0]].skill].append(task["end"] - task["start"])
    return {
        "loop_seconds": round(measure_loop(), 5),
        "skills": {skill: _spread(sorted(took)) for skill, took in sorted(seconds.items())},
    }


def _spread(ranked: list[float]) -> list[float]:
    if len(ranked) <= SAMPLES:
        return [round(seconds, 3) for seconds in ranked]
    return [round(seconds, 3) for seconds in quantiles(ranked, n=SAMPLES + 1, method="inclusive")]


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Writes the files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    films = record()
    RESULTS.mkdir(exist_ok=True)
    _write(RECORDINGS, films)
    if "--reference" in arguments:
        REFERENCE.write_text(json.dumps(reference(films), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
