"""Finds out why nothing of a workflow moves, or something of it does not. Reads only.

The reasons are facts of this moment: runners that are alive, agents that are switched off, unhealthy or busy, tasks that
wait for their retry or for the provider that their agent works with, attempts without a sign of life, or whose runner
has died. A handful of queries for any number of workflows; none of them is made when a task starts or ends.

`text` is the sentence that people read, the same on every screen. Where it ends with "follows", `until` says when: a
screen says "in 12 s" instead, since a sentence that counts down would be another one every second.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from agents import registry
from agents.contract import AsyncAgent, ProviderUnavailable
from agents.registry import Unavailable
from agents.timestamps import iso_timestamp
from workflows import liveness, queue
from workflows.asking import asked
from workflows.bodies import WaitingFor
from workflows.lifecycle import MOVING_STATES, AttemptState, TaskState
from workflows.models import Attempt, Runner, Task, Workflow

Json = dict[str, Any]

RECENT = timedelta(minutes=10)  # longer than an attempt with which an unhealthy agent is tried again
NO_RUNNER = "Nobody runs work: start a worker"
TRIES = ("first", "second", "third", "fourth", "fifth")


def waiting_for(workflow: Workflow) -> Json | None:
    """`waiting_for` of a workflow's snapshot; None when it moves."""
    if workflow.state not in MOVING_STATES:
        return None
    return reasons(Workflow.objects.filter(pk=workflow.pk)).get(workflow.pk)


def reasons(workflows: QuerySet[Workflow]) -> dict[UUID, Json]:
    """`waiting_for` of those of the workflows that wait, by workflow."""
    moving = workflows.filter(state__in=MOVING_STATES).values("pk")
    if not moving.exists():  # nothing is being made: this is asked every two seconds
        return {}
    ready = Task.objects.filter(workflow__in=moving, state=TaskState.READY)
    now = timezone.now()
    here = _Situation.now()
    waits = {workflow: _Waits(running=running) for workflow, running in here.running.items()}
    is_due = Q(not_before=None) | Q(not_before__lte=now)
    due = ready.filter(is_due).values("workflow", "skill").annotate(task=Min("key"), position=Min("position"))
    for row in due.order_by("position"):
        waits.setdefault(row["workflow"], _Waits()).due.append((row["skill"], row["task"]))
    for task in ready.exclude(is_due).order_by("-not_before").defer("output", "item"):
        waits.setdefault(task.workflow_id, _Waits()).retry = task  # the last one is the first to be tried
    asking = Task.objects.filter(workflow__in=moving, state=TaskState.INPUT_REQUIRED)
    for task in asking.order_by("-answer_until").defer("output", "item"):
        waits.setdefault(task.workflow_id, _Waits()).question = task
    wanted = set(moving.filter(pk__in=waits).values_list("pk", flat=True))
    places = queue.places() if wanted else {}
    for workflow in wanted:
        waits[workflow].place = places.get(str(workflow))
    found = ((workflow, here.reason(waiting)) for workflow, waiting in waits.items() if workflow in wanted)
    return {workflow: msgspec.to_builtins(reason) for workflow, reason in found if reason}


@dataclass(slots=True)
class _Waits:
    """What of one workflow runs, and what of it waits."""

    running: list[Attempt] = field(default_factory=list)
    due: list[tuple[str, str]] = field(default_factory=list)  # skill and first task, in the order of the tasks
    retry: Task | None = None  # the next to be tried again
    question: Task | None = None  # the first that waits for an answer
    place: Json | None = None  # in the queue, before its first turn


@dataclass(slots=True)
class _Situation:
    """What of the whole installation may keep a task waiting."""

    running: dict[UUID, list[Attempt]]  # attempts, by workflow
    unavailable: dict[str, Unavailable]  # by skill
    runners: list[Runner]
    without_provider: dict[
        str, Json
    ]  # the error of the last failure, by unhealthy agent, where its provider was to blame

    @classmethod
    def now(cls) -> "_Situation":
        """Three queries; one more while an agent is unhealthy."""
        running: dict[UUID, list[Attempt]] = {}
        slots: dict[str, set[int]] = {}
        for attempt in (
            Attempt.objects.filter(state=AttemptState.RUNNING)
            .select_related("task")
            .defer("task__output", "task__item")
        ):
            running.setdefault(attempt.task.workflow_id, []).append(attempt)
            slots.setdefault(attempt.agent, set()).add(attempt.slot)
        unavailable = registry.unavailable(slots)
        return cls(running, unavailable, list(liveness.live()), _without_provider(unavailable.values()))

    def reason(self, waits: _Waits) -> WaitingFor | None:
        """The most telling reason: what does not go on by itself comes first. When something runs, a queue is nothing to tell."""
        question = [asked(waits.question)] if waits.question else []
        stuck = next(chain(question, self._stalled(waits.running), self._held_up(waits.due)), None)
        runners = {runner.name for runner in self.runners}
        if stuck or any(attempt.runner in runners for attempt in waits.running):
            return stuck
        if waits.running:
            return self._orphaned(waits.running[0])
        if waits.due:
            return self._queue(waits)
        return _retry(waits.retry) if waits.retry else None

    def _stalled(self, running: Collection[Attempt]) -> Iterator[WaitingFor]:
        for attempt in running:
            if attempt.silent_since:
                since = f"{attempt.silent_since:%H:%M:%S} UTC"
                text = f"{registry.title_of(attempt.agent)}: no sign of life since {since}"
                yield WaitingFor(kind="agent", text=text, agent=attempt.agent, task=attempt.task.key)

    def _orphaned(self, attempt: Attempt) -> WaitingFor:
        text = "Its worker is gone: another one takes over" if self.runners else NO_RUNNER
        return WaitingFor(kind="runner", text=text, agent=attempt.agent, task=attempt.task.key)

    def _held_up(self, due: Collection[tuple[str, str]]) -> Iterator[WaitingFor]:
        for skill, task in due:
            if not self.runners:
                yield WaitingFor(kind="runner", text=NO_RUNNER, task=task)
            elif not any(runner.serves(skill) for runner in self.runners):
                text = f"Nobody who runs work does {_name(skill)}: start a worker that does"
                yield WaitingFor(kind="runner", text=text, task=task)
            elif (why := self.unavailable.get(skill)) and not why.is_busy:
                yield self._out_of_action(why, task)

    def _out_of_action(self, why: Unavailable, task: str) -> WaitingFor:
        kind, text = "agent", f"Waiting for {why.text}"
        if why.is_unhealthy and (error := self.without_provider.get(why.agent)):
            kind, text = "provider", _first_sentence(error)
        if why.until:
            text += ", next try follows"
        return WaitingFor(kind=kind, text=text, until=_iso(why.until), agent=why.agent, task=task)

    def _queue(self, waits: _Waits) -> WaitingFor | None:
        """None when it can start at any moment."""
        due = waits.due
        if waits.place:
            return WaitingFor(kind="queue", text=queue.sentence(waits.place), task=due[0][1])
        busy = [(task, self.unavailable[skill]) for skill, task in due if skill in self.unavailable]
        if len(busy) == len(due):
            task, why = busy[0]
            return WaitingFor(kind="queue", text=f"Waiting for {why.text}", agent=why.agent, task=task)
        remote = {agent.name for agent in registry.registered() if isinstance(agent, AsyncAgent)}
        attempts = sum(one.agent not in remote for running in self.running.values() for one in running)
        if attempts >= sum(runner.threads for runner in self.runners):
            return WaitingFor(kind="queue", text="Waiting for its turn: everyone who runs work is busy", task=due[0][1])
        return None


def _retry(task: Task) -> WaitingFor:
    failed = task.attempts.filter(number=task.attempt_count).values_list("error", flat=True).first()
    number = task.failure_count
    which = f"{TRIES[number]} try" if number < len(TRIES) else f"try {number + 1}"
    kind, why = "retry", f"{registry.title_of(task.agent)}: {_first_sentence(failed)}"
    if _is_of_provider(failed):
        kind, why = "provider", _first_sentence(failed)
    text = f"{why}, {which} follows"
    return WaitingFor(kind=kind, text=text, until=_iso(task.not_before), agent=task.agent, task=task.key)


def _without_provider(unavailable: Iterable[Unavailable]) -> dict[str, Json]:
    agents = {why.agent for why in unavailable if why.is_unhealthy}
    if not agents:
        return {}
    # Their last failures are not older than the breaker is open. By lease, for which there is an index.
    since = timezone.now() - registry.COOL_DOWN - RECENT
    failures = Attempt.objects.filter(state=AttemptState.FAILED, lease_until__gte=since, agent__in=agents)
    last = dict(failures.order_by("finished_at").values_list("agent", "error"))
    return {agent: error for agent, error in last.items() if error and _is_of_provider(error)}


def _is_of_provider(error: Json | None) -> bool:
    return (error or {}).get("type") == ProviderUnavailable.error_type


def _first_sentence(error: Json | None) -> str:
    """What went wrong; what to do about it, which may follow, is for who runs the server."""
    return str((error or {}).get("message", "")).partition(". ")[0].rstrip(".") or "it failed"


def _name(skill_id: str) -> str:
    skill = registry.skill_named(skill_id)
    return f"\u201c{skill.name}\u201d" if skill else skill_id


def _iso(moment: datetime | None) -> str | None:
    return iso_timestamp(moment) if moment else None
