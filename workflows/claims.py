"""Claims attempts: which ready task comes next, and which agent takes it.

Fair by user: the user with the fewest running attempts comes first (of equals not the one whom the thread has just
served), then the workflow with the fewest, then the oldest.
An attempt belongs to one runner as long as its lease lasts.
"""

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from agents import metrics, registry
from agents.contract import Answer
from agents.models import Agent
from agents.registry import Candidate, FreeAgent
from agents.timestamps import iso_timestamp
from workflows import events, progress, statements, transitions
from workflows.bodies import ErrorBody
from workflows.errors import WorkflowBroken
from workflows.events import record
from workflows.graph import Node, input_of
from workflows.graph_cache import graph_of
from workflows.lifecycle import LEAVING_OFF, AttemptState, TaskState, WorkflowState
from workflows.models import Attempt, Task, Workflow
from workflows.outcomes import Claim, fail_task

LEASE_SECONDS = 30.0
CLAIMABLE_STATES = (WorkflowState.PENDING, WorkflowState.RUNNING)


@dataclass(slots=True)
class Load:
    """How many attempts run, in all processes, and how the agents are."""

    by_user: Counter[int] = field(default_factory=Counter)
    by_workflow: Counter[Any] = field(default_factory=Counter)
    slots: dict[str, set[int]] = field(default_factory=dict)  # that are taken, by agent
    agents: dict[str, Candidate] = field(default_factory=dict)
    slow_starts: dict[UUID, int] = field(default_factory=dict)  # by workflow, of those that have one

    @classmethod
    def now(cls, without: int = 0) -> "Load":
        """One query. `without` is the primary key of an attempt that is not counted."""
        load = cls()
        cooled_since = statements.prepared(Agent, "last_error_at", registry.cooled_since())
        for *candidate, attempt, slot, workflow, owner, slow_start in statements.select(LOAD, (cooled_since,)):
            agent = candidate[0]
            load.agents[agent] = Candidate(*candidate)
            if attempt in (None, without):
                continue
            load.by_user[owner] += 1
            load.by_workflow[workflow] += 1
            load.slots.setdefault(agent, set()).add(slot)
            if slow_start is not None:
                load.slow_starts[workflow] = slow_start
        return load

    def turns_of_users(self, served: int | None) -> Counter[int]:
        """The lower, the sooner it is a user's turn; 0 for those who are not in it."""
        turns = Counter({user: 2 * count for user, count in self.by_user.items()})
        if served is not None:
            turns[served] += 1
        return turns

    def at_their_limit(self) -> list[UUID]:
        """The workflows that have as many attempts as they may have so soon after a resume."""
        return [workflow for workflow, limit in self.slow_starts.items() if self.by_workflow[workflow] >= limit]


def running_by_agent(agents: Collection[str]) -> dict[str, int]:
    """How many attempts each of these agents performs now; for `agents.metrics`."""
    running = Attempt.objects.filter(state=AttemptState.RUNNING, agent__in=agents)
    return dict(Counter(running.values_list("agent", flat=True)))


def claim_next(runner: str, skills: Collection[str] | None = None, served: int | None = None) -> Claim | None:
    """The next attempt for `runner` to perform, with one of these skills (None: any).

    `served` is the user whose task the thread has just done: others with as few running attempts come first.
    None when no task is ready, or no agent for it is free.
    """
    load = Load.now()
    free = _free_agents(load, skills)
    refused = load.at_their_limit()  # and the workflows from which something else came in between
    while free and (workflow_id := _next_workflow(free, load, refused, served)):
        if claim := _claim_in(workflow_id, free, runner):
            return claim
        refused.append(workflow_id)
    return None


class FollowUp:
    """The claim of the next attempt in the same transaction that ends one: one lock and one commit for both.

    Only when it is the turn of the same workflow and of the same agent. The slot goes from one attempt to the other, so
    that nobody can be quicker to take it, and the end of the first cannot fail for that reason.
    """

    def __init__(self, ended: Claim, runner: str, skills: Collection[str] | None, stopping: threading.Event) -> None:
        self.claim: Claim | None = None  # what was claimed
        self._ended, self._runner, self._skills, self._stopping = ended, runner, skills, stopping
        self._free: dict[str, FreeAgent] = {}

    def look(self) -> None:
        """Finds out whose turn it will be, unless the runner stops. To be called before the transaction."""
        if self._stopping.is_set():
            return
        load = Load.now(without=self._ended.attempt)
        self._free = _free_agents(load, self._skills)
        owner, at_their_limit = self._ended.owner, load.at_their_limit()
        turn = _next_workflow(self._free, load, at_their_limit, owner) if self._free else None
        # When it is nobody's turn, the end of the attempt may make a task ready.
        if turn not in (None, UUID(self._ended.workflow)):
            self._free = {}

    def take(self, workflow: Workflow) -> None:
        """Claims it, if it is there. To be called in the transaction, once the first attempt has ended."""
        self.claim = None
        if self._free and workflow.state in CLAIMABLE_STATES:
            self.claim = _claim_task(workflow, self._free, self._runner, FreeAgent(self._ended.agent, self._ended.slot))
            workflow.frees_agent = self.claim is None


def _free_agents(load: Load, skills: Collection[str] | None) -> dict[str, FreeAgent]:
    free = registry.free_agents(load.slots, load.agents.values())
    if skills is None:
        return free
    return {skill: agent for skill, agent in free.items() if registry.skill_id_of(skill) in skills}


def _next_workflow(skills: Iterable[str], load: Load, refused: list[UUID], served: int | None) -> UUID | None:
    """The workflow whose turn it is, of those with a ready task for one of the skills."""
    given, passed_over = list(skills), [statements.prepared(Workflow, "pk", workflow_id) for workflow_id in refused]
    by_user, by_workflow = _order("owner_id", load.turns_of_users(served)), _order("id", load.by_workflow)
    sql = NEXT.format(
        skills=_places(given),
        refused=f"AND id NOT IN ({_places(passed_over)})" if passed_over else "",
        order=", ".join([*by_user.sql, *by_workflow.sql, "created_at", "id"]),
    )
    now = statements.prepared(Task, "not_before", timezone.now())
    rows = statements.select(sql, (*given, now, *passed_over, *by_user.values, *by_workflow.values))
    return UUID(str(rows[0][0])) if rows else None


# With the states as literals: only so does SQLite use the partial indexes.
LOAD = """
    SELECT agent.name, agent.status, agent.max_concurrent, agent.message_count, agent.kind, agent.version,
        agent.is_draining, agent.weight,
        agent.last_error_at IS NULL OR agent.last_error_at <= %s,
        attempt.id, attempt.slot, task.workflow_id, workflow.owner_id, workflow.slow_start
    FROM agents_agent agent
    LEFT JOIN workflows_attempt attempt ON attempt.agent = agent.name AND attempt.state = 'running'
    LEFT JOIN workflows_task task ON task.id = attempt.task_id
    LEFT JOIN workflows_workflow workflow ON workflow.id = task.workflow_id
"""
NEXT = """
    SELECT id FROM workflows_workflow workflow
    WHERE state IN ('pending', 'running')
    AND EXISTS (
        SELECT 1 FROM workflows_task task
        WHERE task.workflow_id = workflow.id AND task.state = 'ready' AND task.skill IN ({skills})
        AND (task.not_before IS NULL OR task.not_before <= %s)
    )
    {refused}
    ORDER BY {order}
    LIMIT 1
"""


@dataclass(slots=True)
class _Order:
    """What to order by: how many run of the same user, or of the same workflow. Nothing when nothing runs."""

    sql: list[str]
    values: list[Any]


def _order(column: str, counts: Counter[Any]) -> _Order:
    if not counts:
        return _Order([], [])
    case = f"CASE {column} {'WHEN %s THEN %s ' * len(counts)} ELSE 0 END"
    return _Order([case], [value for entry in counts.items() for value in entry])


def _places(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _claim_in(workflow_id: UUID, free: dict[str, FreeAgent], runner: str) -> Claim | None:
    try:
        with transitions.transition(workflow_id) as workflow:
            return _claim_task(workflow, free, runner) if workflow.state in CLAIMABLE_STATES else None
    except IntegrityError:
        return None  # another process was quicker to take the agent's slot
    except WorkflowBroken:
        with transitions.transition(workflow_id):
            return None  # it has failed now


def _claim_task(
    workflow: Workflow, free: dict[str, FreeAgent], runner: str, only: FreeAgent | None = None
) -> Claim | None:
    """Claims the next task; none when `only` is given and the turn is another agent's."""
    graph = graph_of(workflow)
    if workflow.slow_start is not None and len(graph.running) >= workflow.slow_start:
        return None  # another process was quicker
    node = graph.first_ready(free, timezone.now())
    if node is None:
        return None
    step = graph.pipeline.by_name[node.step]
    agent = free[step.skill]
    if only is not None:
        if agent.name != only.name:
            return None
        agent = only
    try:
        given = input_of(node, workflow, graph)
    except (LookupError, TypeError, ValueError) as error:
        _fail_broken(workflow, node, error)
        return None
    earlier = _earlier(node) if node.attempt else None
    attempt = _begin(workflow, node, step.stage, agent, runner)
    if earlier:
        _continue(earlier, attempt)
    attempt.pk = statements.insert_one(attempt)
    return Claim(
        attempt=attempt.pk,
        workflow=str(workflow.pk),
        owner=workflow.owner_id,
        task=node.key,
        step=node.step,
        skill=registry.skill_id_of(step.skill),
        agent=agent.name,
        slot=agent.slot,
        number=attempt.number,
        series=attempt.series,
        remote_task=attempt.remote_task,
        answers=[Answer(**given) for given in earlier.task.answers] if earlier else (),
        input=given,
        started_at=time.monotonic(),
        traceparent=workflow.traceparent,
    )


def _fail_broken(workflow: Workflow, node: Node, error: Exception) -> None:
    """What the task takes cannot be put together: a row is damaged, or from a version with another pipeline."""
    message = f"What {node.key} needs is missing or damaged ({type(error).__name__})."
    _start(workflow, timezone.now())
    fail_task(workflow, node.key, node.attempt, ErrorBody(type=WorkflowBroken.error_type, message=message))


def _begin(workflow: Workflow, node: Node, stage: str, agent: FreeAgent, runner: str) -> Attempt:
    """Starts the task, and returns its attempt, which is not saved yet."""
    now = timezone.now()
    _start(workflow, now)
    transitions.set_stage(workflow, stage, TaskState.RUNNING)
    node.attempt += 1
    transitions.set_task(
        workflow,
        node.key,
        TaskState.RUNNING,
        attempt_count=node.attempt,
        agent=agent.name,
        started_at=now,
        finished_at=None,
        error=None,
        progress=0.0,
    )
    transaction.on_commit(partial(progress.perform_here, str(workflow.pk), node.key, node.attempt))
    started = iso_timestamp(now)
    record(
        workflow,
        events.TaskStarted(task=node.key, agent=agent.name, attempt=node.attempt, started_at=started),
    )
    transaction.on_commit(partial(metrics.call_started, agent.name))
    return Attempt(
        task_id=node.pk,
        number=node.attempt,
        series=node.attempt,
        agent=agent.name,
        slot=agent.slot,
        runner=runner,
        started_at=now,
        lease_until=Now() + timedelta(seconds=LEASE_SECONDS),
    )


def _earlier(node: Node) -> Attempt | None:
    """The last attempt at the task."""
    attempts = Attempt.objects.filter(task=node.pk, number=node.attempt).select_related("task")
    return attempts.only("state", "agent", "stop_requested_at", "remote_task", "series", "task__answers").first()


def _continue(earlier: Attempt, attempt: Attempt) -> None:
    """Lets the attempt go on with the job that the one before has left off, if it has, and if the agent is the same."""
    was_left = earlier.state in LEAVING_OFF and earlier.stop_requested_at is None
    if was_left and earlier.agent == attempt.agent:
        attempt.series, attempt.remote_task = earlier.series, earlier.remote_task
    elif was_left and earlier.remote_task:
        Attempt.objects.filter(pk=earlier.pk).update(is_to_withdraw=True)


def _start(workflow: Workflow, now: datetime) -> None:
    """Starts the workflow, if this is the first attempt of it; it may have been paused and resumed before."""
    if workflow.state == WorkflowState.PENDING:
        transitions.set_state(workflow, WorkflowState.RUNNING)
    if workflow.started_at is None:
        workflow.started_at = now
        record(workflow, events.WorkflowStarted(started_at=iso_timestamp(now)))
