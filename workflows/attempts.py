"""Carries out one attempt: claim it, call the agent, report what came of it.

An attempt belongs to one runner as long as its lease lasts. Whatever ends it first counts; a late result of an
attempt that is over changes nothing.
"""

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from agents import metrics, registry
from agents.contract import AgentError, ArtifactKind, Job, JobStopped, Outcome, UnusableInput
from agents.timestamps import iso_timestamp
from workflows import coordinator, events, outcomes, pipelines, progress
from workflows.events import record
from workflows.graph import TaskGraph, input_of
from workflows.lifecycle import AttemptState, TaskState, WorkflowState
from workflows.models import Artifact, Attempt, Task, Workflow
from workflows.outcomes import Claim
from workflows.signals import stop_requested
from workflows.snapshots import artifact_body

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
CANDIDATES_LIMIT = 50  # ready tasks of one workflow that are looked at for one claim
TAKES_WORK = (WorkflowState.PENDING, WorkflowState.RUNNING)


# --- claiming -------------------------------------------------------------------------------------


def claim_next(runner: str) -> Claim | None:
    """The next attempt for `runner` to carry out, or None when there is nothing to do, or nobody free to do it."""
    if not Task.objects.filter(state=TaskState.READY).exists():  # mostly so, and cheap to ask every second
        return None
    agents: dict[str, str | None] = {}
    for task in _candidates():
        if task.skill not in agents:
            agents[task.skill] = _agent_for(task.skill)
        agent = agents[task.skill]
        if agent and (claim := _claim(task, agent, runner)):
            return claim
    return None


def _candidates() -> Iterator[Task]:
    """Ready tasks, those of the workflow with the least in flight first, and in it by stage.

    By stage and not by shot, because frames should be seen before clips are paid for.
    """
    in_flight = Count("tasks", filter=Q(tasks__state=TaskState.RUNNING))
    workflows = Workflow.objects.filter(state__in=TAKES_WORK).annotate(in_flight=in_flight)
    for workflow in workflows.order_by("in_flight", "created_at"):
        order = pipelines.get(workflow.pipeline).index
        ready = workflow.tasks.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()), state=TaskState.READY)
        chosen = ready.defer("item", "output").order_by("position")[:CANDIDATES_LIMIT]
        yield from sorted(chosen, key=lambda task: order[task.step])


def _agent_for(skill: str) -> str | None:
    try:
        return registry.choose(skill)
    except registry.NoAgentForSkill:
        return None  # switched off meanwhile: the task waits until somebody is there again


def _claim(candidate: Task, agent: str, runner: str) -> Claim | None:
    with coordinator.transition(candidate.workflow_id) as workflow:
        is_ours = workflow.state in TAKES_WORK and workflow.tasks.filter(pk=candidate.pk, state=TaskState.READY).update(
            state=TaskState.RUNNING
        )
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


# --- performing -----------------------------------------------------------------------------------

_under_way: dict[int, threading.Event] = {}  # attempts of this process -> set when they are to stop
_under_way_guard = threading.Lock()


def under_way() -> list[int]:
    """The attempts that this process carries out now."""
    with _under_way_guard:
        return list(_under_way)


def stop(attempts: list[int]) -> None:
    """Lets those of the attempts that run here stop at their next checkpoint."""
    with _under_way_guard:
        flags = [_under_way[attempt] for attempt in attempts if attempt in _under_way]
    for flag in flags:
        flag.set()


def _on_stop_requested(attempts: list[int], **_: object) -> None:
    stop(attempts)


stop_requested.connect(_on_stop_requested, dispatch_uid="attempts.stop")


def renew_leases() -> None:
    """Says that this process lives, and stops what was asked to stop, or was lost, in another process."""
    mine = under_way()
    if not mine:
        return
    attempts = Attempt.objects.filter(pk__in=mine, state=AttemptState.RUNNING)
    attempts.update(lease_until=timezone.now() + timedelta(seconds=LEASE_SECONDS))
    unasked = set(attempts.filter(stop_requested_at=None).values_list("pk", flat=True))
    stop([attempt for attempt in mine if attempt not in unasked])


def perform(claim: Claim) -> None:
    """Calls the agent and reports the outcome. Never raises: whatever goes wrong is the attempt's outcome."""
    with _listening(claim) as should_stop, _workdir() as workdir:
        try:
            outcome = _call(claim, AttemptJob(claim, workdir, should_stop))
        except JobStopped:
            outcomes.interrupted(claim, "paused" if _was_asked_to_stop(claim) else "restart")
        except AgentError as error:
            outcomes.failed(claim, error)
        except Exception:
            log.exception("An agent broke.", extra=_facts(claim))
            outcomes.failed(claim, AgentError(f"{claim.agent} broke unexpectedly; the log says why.", retryable=True))
        else:
            outcomes.completed(claim, outcome)


def _facts(claim: Claim) -> dict[str, object]:
    """What the log says of an attempt."""
    return {"workflow": claim.workflow, "agent": claim.agent, "task": claim.task, "attempt": claim.number}


def _call(claim: Claim, job: Job) -> Outcome:
    agent = registry.get(claim.agent)
    outcome = agent.perform(job)
    if not isinstance(outcome.output, agent.skill(claim.skill).gives):
        raise AgentError(f"{claim.agent} gave something else than {claim.skill} promises.")
    return outcome


@contextmanager
def _listening(claim: Claim) -> Iterator[threading.Event]:
    should_stop = threading.Event()
    with _under_way_guard:
        _under_way[claim.attempt] = should_stop
    # It may have been asked between its claim and the line above.
    if _was_asked_to_stop(claim):
        should_stop.set()
    try:
        yield should_stop
    finally:
        with _under_way_guard:
            del _under_way[claim.attempt]


def _was_asked_to_stop(claim: Claim) -> bool:
    return Attempt.objects.filter(pk=claim.attempt).exclude(stop_requested_at=None).exists()


def work_folder() -> Path:
    """Where attempts have their private folders; whatever is left there after a crash is rubbish."""
    return Path(settings.DATA_DIR) / "work"


@contextmanager
def _workdir() -> Iterator[Path]:
    work_folder().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=work_folder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class AttemptJob(Job):
    """A job whose progress, artifacts and checkpoints are those of an attempt."""

    def __init__(self, claim: Claim, workdir: Path, should_stop: threading.Event) -> None:
        self.skill = claim.skill
        self.input: Mapping[str, Any] = claim.input
        self.workdir = workdir
        self.attempt = claim.number
        self._claim = claim
        self._should_stop = should_stop

    def checkpoint(self) -> None:
        if self._should_stop.is_set():
            raise JobStopped

    def progress(self, fraction: float, message: str = "") -> None:
        self.checkpoint()
        progress.report(self._claim.workflow, self._claim.task, fraction, message)

    def keep(self, path: Path, *, name: str, kind: ArtifactKind, media_type: str) -> str:
        self.checkpoint()
        artifact = Artifact(name=name, kind=kind.value, media_type=media_type, size=path.stat().st_size)
        artifact.workflow_id = self._claim.workflow
        # The file first, and outside of the transaction: it may be large, and without its row it counts for nothing.
        with path.open("rb") as file:
            artifact.file.save(name, File(file), save=False)
        try:
            self._keep_row(artifact)
        except BaseException:
            artifact.file.delete(save=False)
            raise
        return str(artifact.pk)

    def _keep_row(self, artifact: Artifact) -> None:
        with coordinator.transition(self._claim.workflow) as workflow:
            attempt = Attempt.objects.select_related("task").get(pk=self._claim.attempt)
            if attempt.state != AttemptState.RUNNING:
                raise JobStopped
            artifact.task = attempt.task
            for former in Artifact.objects.filter(task=attempt.task, name=artifact.name):
                former.delete()
                transaction.on_commit(partial(former.file.delete, save=False))
            artifact.save(force_insert=True)
            body = events.ArtifactBody(**{**artifact_body(artifact), "url": ""})
            record(workflow, events.ArtifactReady(artifact=body))

    def fetch(self, artifact_id: str) -> Path:
        self.checkpoint()
        artifact = Artifact.objects.filter(pk=artifact_id, workflow_id=self._claim.workflow).first()
        if artifact is None or not storages["artifacts"].exists(str(artifact.file.name)):
            # Not the agent's fault: it must not count against its health.
            raise UnusableInput(f"An artifact that {self._claim.task} needs is missing.")
        try:
            return Path(artifact.file.path)
        except NotImplementedError:  # a storage that is not this machine's disk
            local = self.workdir / f"{artifact.pk}{artifact.suffix}"
            with artifact.file.open("rb") as remote, local.open("wb") as copy:
                shutil.copyfileobj(remote, copy)
            return local
