"""Claims attempts: which ready task comes next, and which agent takes it.

An attempt belongs to one runner as long as its lease lasts.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from agents import metrics, registry
from agents.timestamps import iso_timestamp
from workflows import coordinator, events, pipelines
from workflows.events import record
from workflows.graph import TaskGraph, input_of
from workflows.lifecycle import TaskState, WorkflowState
from workflows.models import Attempt, Task, Workflow
from workflows.outcomes import Claim

LEASE_SECONDS = 30.0
CANDIDATES_LIMIT = 50  # ready tasks of one workflow that are considered for one claim
CLAIMABLE_STATES = (WorkflowState.PENDING, WorkflowState.RUNNING)


def claim_next(runner: str, skills: frozenset[str] | None = None) -> Claim | None:
    """The next attempt for `runner` to perform, or None when no task is ready or no agent for it is free.

    `skills` are the ids of the skills that the runner serves; None means all.
    """
    if not ready_tasks(skills).exists():  # mostly so, and cheap to ask every second
        return None
    agents: dict[str, str | None] = {}
    for task in _candidates(skills):
        if task.skill not in agents:
            agents[task.skill] = _agent_for(task.skill)
        agent = agents[task.skill]
        if agent and (claim := _claim(task, agent, runner)):
            return claim
    return None


def ready_tasks(skills: frozenset[str] | None) -> QuerySet[Task]:
    """The tasks that are ready for one of these skills, also those of workflows that are paused or wait for a retry."""
    ready = Task.objects.filter(state=TaskState.READY)
    return ready if skills is None else ready.filter(skill__in=skills)


def _candidates(skills: frozenset[str] | None) -> Iterator[Task]:
    """Ready tasks: workflows with the fewest running tasks first, and in a workflow by step.

    By step and not by shot, so that people see all frames before clips are paid for.
    """
    in_flight = Count("tasks", filter=Q(tasks__state=TaskState.RUNNING))
    workflows = Workflow.objects.filter(state__in=CLAIMABLE_STATES).annotate(in_flight=in_flight)
    for workflow in workflows.order_by("in_flight", "created_at"):
        order = pipelines.get(workflow.pipeline).index
        ready = ready_tasks(skills).filter(Q(not_before=None) | Q(not_before__lte=timezone.now()), workflow=workflow)
        chosen = ready.defer("item", "output").order_by("position")[:CANDIDATES_LIMIT]
        yield from sorted(chosen, key=lambda task: order[task.step])


def _agent_for(skill: str) -> str | None:
    try:
        return registry.choose(skill)
    except registry.NoAgentForSkill:
        return None  # disabled meanwhile: the task waits until there is an agent for its skill again


def _claim(candidate: Task, agent: str, runner: str) -> Claim | None:
    with coordinator.transition(candidate.workflow_id) as workflow:
        is_ours = workflow.state in CLAIMABLE_STATES and workflow.tasks.filter(
            pk=candidate.pk, state=TaskState.READY
        ).update(state=TaskState.RUNNING)
        if not is_ours:
            return None
        task = workflow.tasks.get(pk=candidate.pk)
        task.workflow = workflow
        attempt = _begin(task, agent, runner)
        pipeline = pipelines.get(workflow.pipeline)
        return Claim(
            attempt=attempt.pk,
            workflow=str(workflow.pk),
            task=task.key,
            skill=task.skill,
            agent=agent,
            number=attempt.number,
            input=input_of(task, pipeline, TaskGraph.load(workflow, pipeline)),
            started_at=time.monotonic(),
        )


def _begin(task: Task, agent: str, runner: str) -> Attempt:
    now, workflow = timezone.now(), task.workflow
    if workflow.state == WorkflowState.PENDING:
        coordinator.set_state(workflow, WorkflowState.RUNNING)
        workflow.started_at = now
        record(workflow, events.WorkflowStarted(started_at=iso_timestamp(now)))
    coordinator.set_stage(workflow, task.stage, TaskState.RUNNING)
    task.attempt_count += 1
    task.agent, task.started_at, task.finished_at, task.error, task.progress = agent, now, None, None, 0.0
    task.save(update_fields=["attempt_count", "agent", "started_at", "finished_at", "error", "progress"])
    record(
        workflow,
        events.TaskStarted(task=task.key, agent=agent, attempt=task.attempt_count, started_at=iso_timestamp(now)),
    )
    metrics.call_started(agent)
    return Attempt.objects.create(
        task=task,
        number=task.attempt_count,
        agent=agent,
        runner=runner,
        started_at=now,
        lease_until=now + timedelta(seconds=LEASE_SECONDS),
    )
