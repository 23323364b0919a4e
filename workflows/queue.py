"""The workflows that wait for their turn: at which place, and when it may come. Reads only."""

import math
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from workflows import estimates, pipelines, simulation
from workflows.errors import UnknownPipeline
from workflows.lifecycle import AttemptState, WorkflowState
from workflows.models import Attempt, Workflow
from workflows.progress import seconds_body
from workflows.simulation import starts_in

Json = dict[str, Any]

READ_SECONDS = 1.0  # between two reads of the queue
ORDINALS = ("Next", "Second", "Third")

_places: tuple[float, dict[str, Json]] = (-math.inf, {})


def place_of(workflow: Workflow) -> Json | None:
    """`queue` of snapshots and messages: None unless it waits for its first turn and all threads are taken."""
    if workflow.state != WorkflowState.PENDING:
        return None
    return places().get(str(workflow.pk))


def places() -> dict[str, Json]:
    """The places of all pending workflows. Reads the database at most every READ_SECONDS."""
    global _places
    read_at, read = _places
    if not 0 <= time.monotonic() - read_at < READ_SECONDS:
        read = _read()
        _places = (time.monotonic(), read)
    return read


def sentence(place: Json) -> str:
    """A place for people: "Third in the queue, starts in about 4 min"."""
    position, starts = place["position"], place["starts_in"]
    where = ORDINALS[position - 1] if position <= len(ORDINALS) else f"Number {position:,}"
    when = f", starts in {in_words(starts['p50'])}" if starts else ""
    return f"{where} in the queue{when}"


def in_words(seconds: float) -> str:
    """A time to wait, rounded the more coarsely the longer it is: "about 35 s", "about 1½ min"."""
    if seconds <= 5:
        return "a few seconds"
    if seconds <= 60:
        return f"about {math.ceil(seconds / 5) * 5} s"
    if seconds <= 5 * 60:
        whole, half = divmod(round(seconds / 30), 2)
        return f"about {whole}{'½' if half else ''} min"
    return f"about {round(seconds / 60)} min" if seconds < 90 * 60 else f"about {round(seconds / 3600)} h"


def _read() -> dict[str, Json]:
    running = Attempt.objects.filter(state=AttemptState.RUNNING)
    attempts = list(
        running.values_list("task__skill", "started_at", "task__workflow__pipeline", "task__workflow__owner")
    )
    threads = estimates.capacity().threads
    if len(attempts) < threads:
        return {}
    by_owner: dict[int, int] = {}
    for *_, owner in attempts:
        by_owner[owner] = by_owner.get(owner, 0) + 1
    pending = Workflow.objects.filter(state=WorkflowState.PENDING).only("pk", "pipeline", "owner", "created_at")
    # As `claims` takes them: the user with the fewest running attempts first, then the oldest.
    waiting = sorted(pending, key=lambda each: (by_owner.get(each.owner_id, 0), each.created_at, each.pk))
    rests = [_rest(skill, started, pipeline) for skill, started, pipeline, _ in attempts]
    return {str(each.pk): _place(number, each, rests, threads) for number, each in enumerate(waiting, start=1)}


def _place(position: int, workflow: Workflow, rests: Sequence[Sequence[float] | None], threads: int) -> Json:
    known = [rest for rest in rests if rest]
    firsts = _seconds(workflow.pipeline)
    if len(known) < len(rests) or not firsts:
        return {"position": position, "starts_in": None}
    left = starts_in(position, known, firsts, threads, str(workflow.pk))
    return {"position": position, "starts_in": seconds_body(left)}


def _seconds(pipeline: str) -> Sequence[float]:
    """What tasks of a pipeline take; empty when too little is known."""
    try:
        recipe = pipelines.get(pipeline)
    except UnknownPipeline:
        return ()
    known = estimates.known_of(recipe)
    return sorted(known.seconds.values()) if known.is_enough else ()


def _rest(skill: str, started: datetime, pipeline: str) -> Sequence[float] | None:
    """What a running attempt may still take; None when too little is known."""
    try:
        known = estimates.known_of(pipelines.get(pipeline))
    except UnknownPipeline:
        return None
    so_far = (timezone.now() - started).total_seconds()
    longer = [seconds - so_far for seconds in known.samples.get(skill, ()) if seconds > so_far]
    return (longer or [so_far * simulation.OVERDUE_SHARE]) if known.is_enough else None
