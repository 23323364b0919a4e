"""What a workflow will take, told before it starts: how many shots, how long. What was told is kept with the workflow.

Where the input can be counted (see `Pipeline.outlook_of`), it is; else what earlier workflows of the pipeline had counts.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import Count

from workflows import estimates, pipelines
from workflows.lifecycle import TaskState, WorkflowState
from workflows.models import Task, Workflow
from workflows.pipelines import inputs
from workflows.pipelines.base import Each, Given, Pipeline, Step
from workflows.progress import seconds_body
from workflows.simulation import StepState, time_left

Json = dict[str, Any]

TOLD_SECONDS = 3_600  # for which it is known what was told; the form may stay open longer, then it is told anew
LATEST_WORKFLOWS = 20  # that say how many entries a list usually has


def tell(*, pipeline: str, given: object, to: User) -> Json:
    """What is told of it: see `workflows.bodies.Forecast`.

    Raises: UnknownPipeline, InvalidInput.
    """
    recipe = pipelines.get(pipeline)
    checked = inputs.checked(recipe, given)
    forecast = _forecast(recipe, checked)
    cache.set(_key(recipe, checked, to), forecast["seconds"], TOLD_SECONDS)
    return forecast


def told(recipe: Pipeline, checked: msgspec.Struct | Json, to: User) -> Json | None:
    """The seconds that this person was told of this input; where nobody asked, an estimate that reads no text."""
    key = _key(recipe, checked, to)
    return cache.get(key) or _seconds(recipe, msgspec.to_builtins(checked), {})


def _key(recipe: Pipeline, checked: msgspec.Struct | Json, to: User) -> str:
    digest = hashlib.sha256(msgspec.json.encode(checked, order="deterministic")).hexdigest()
    return f"forecast:{to.pk}:{recipe.name}:{digest}"


def _forecast(recipe: Pipeline, checked: msgspec.Struct | Json) -> Json:
    given, outlook = msgspec.to_builtins(checked), recipe.outlook_of(checked)
    return {
        "scenes": outlook.counts.get("scenes"),
        "shots": outlook.counts.get("shots"),
        "film_seconds": outlook.film_seconds,
        "seconds": _seconds(recipe, given, outlook.counts),
        "remarks": list(outlook.remarks),
    }


def _seconds(recipe: Pipeline, given: Json, counts: Mapping[str, int]) -> Json | None:
    known = estimates.known_of(recipe)
    if not known.is_enough:
        return None
    expected = _expected(recipe, given, counts)
    steps = {name: StepState(expected=math.ceil(count), finished=0) for name, count in expected.items()}
    rivals = estimates.rivals_of("")
    left = time_left(recipe, steps, known.samples, known.capacity, paces=known.paces, rivals=rivals, seed=recipe.name)
    return seconds_body(left)


def _expected(recipe: Pipeline, given: Json, counts: Mapping[str, int]) -> dict[str, float]:
    """How many tasks each step will have."""
    expected: dict[str, float] = {}
    usual = _usual(recipe) if not counts else {}

    def count(step: Step) -> float:
        if step.each is None:
            return 1.0
        if step.each.field in counts:
            return counts[step.each.field]
        return count(recipe.by_name[step.each.step]) * usual.get(step.name, _declared(step.each, given))

    for step in recipe.steps:
        expected[step.name] = count(step)
    return expected


def _declared(each: Each, given: Json) -> float:
    match each.expected:
        case Given(field):
            return float(given[field])
        case number:
            return float(number)


def _usual(recipe: Pipeline) -> dict[str, float]:
    """By step: how many tasks of it the latest workflows had for each task that it fans out from. Two queries."""
    completed = Workflow.objects.filter(pipeline=recipe.name, state=WorkflowState.COMPLETED)
    latest = list(completed.order_by("-created_at").values_list("pk", flat=True)[:LATEST_WORKFLOWS])
    rows = Task.objects.filter(workflow__in=latest, state=TaskState.COMPLETED).order_by().values_list("step")
    tasks = dict(rows.annotate(Count("pk")))
    fanned_out = [step for step in recipe.steps if step.each and not isinstance(step.each.expected, Given)]
    return {
        step.name: tasks[step.name] / tasks[step.each.step]
        for step in fanned_out
        if step.each and tasks.get(step.name) and tasks.get(step.each.step)
    }
