"""Performs claimed attempts: calls the agent, and hands its outcome to `outcomes`.

The first outcome counts; a late result of an attempt that has ended changes nothing.
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
from django.utils import timezone

from agents import registry
from agents.contract import AgentError, ArtifactKind, Job, JobStopped, Outcome, UnusableInput
from workflows import coordinator, events, outcomes, progress
from workflows.bodies import ArtifactBody
from workflows.claims import LEASE_SECONDS
from workflows.events import record
from workflows.lifecycle import AttemptState
from workflows.models import Artifact, Attempt
from workflows.outcomes import Claim
from workflows.signals import stop_requested
from workflows.snapshots import artifact_body

log = logging.getLogger(__name__)

STOP_POLL_SECONDS = 0.1

_stop_flags: dict[int, threading.Event] = {}  # by attempt that runs in this process; set when it is to stop
_stop_flags_guard = threading.Lock()


def running_here() -> list[int]:
    """The primary keys of the attempts that run in this process."""
    with _stop_flags_guard:
        return list(_stop_flags)


def stop(attempts: list[int]) -> None:
    """Asks those of the attempts that run in this process to stop at their next checkpoint."""
    with _stop_flags_guard:
        flags = [_stop_flags[attempt] for attempt in attempts if attempt in _stop_flags]
    for flag in flags:
        flag.set()


def stop_all(seconds: float) -> bool:
    """Stops the attempts that run in this process at their next checkpoint. Whether all have ended within `seconds`."""
    until = time.monotonic() + seconds
    while (running := running_here()) and time.monotonic() < until:
        stop(running)  # each time: one may have been claimed just before
        time.sleep(STOP_POLL_SECONDS)
    return not running


def _on_stop_requested(attempts: list[int], **_: object) -> None:
    stop(attempts)


stop_requested.connect(_on_stop_requested, dispatch_uid="attempts.stop")


def renew_leases() -> None:
    """Extends the leases of this process's attempts; stops those that another process asked to stop, or ended."""
    mine = running_here()
    if not mine:
        return
    attempts = Attempt.objects.filter(pk__in=mine, state=AttemptState.RUNNING)
    attempts.update(lease_until=timezone.now() + timedelta(seconds=LEASE_SECONDS))
    unasked = set(attempts.filter(stop_requested_at=None).values_list("pk", flat=True))
    stop([attempt for attempt in mine if attempt not in unasked])


def perform(claim: Claim) -> None:
    """Calls the agent and records the outcome. Never raises: an error is the attempt's outcome."""
    with _stop_flag(claim) as should_stop, _workdir() as workdir:
        try:
            outcome = _call(claim, AttemptJob(claim, workdir, should_stop))
        except JobStopped:
            outcomes.interrupted(claim, "paused" if _was_asked_to_stop(claim) else "restart")
        except AgentError as error:
            outcomes.failed(claim, error)
        except Exception:
            log.exception("An agent broke.", extra=_log_fields(claim))
            outcomes.failed(claim, AgentError(f"{claim.agent} broke unexpectedly; the log says why.", retryable=True))
        else:
            outcomes.completed(claim, outcome)


def _log_fields(claim: Claim) -> dict[str, object]:
    """The fields by which a log line about the attempt is found."""
    return {"workflow": claim.workflow, "agent": claim.agent, "task": claim.task, "attempt": claim.number}


def _call(claim: Claim, job: Job) -> Outcome:
    agent = registry.get(claim.agent)
    outcome = agent.perform(job)
    if not isinstance(outcome.output, agent.skill(claim.skill).gives):
        raise AgentError(f"{claim.agent} gave something else than {claim.skill} promises.")
    return outcome


@contextmanager
def _stop_flag(claim: Claim) -> Iterator[threading.Event]:
    should_stop = threading.Event()
    with _stop_flags_guard:
        _stop_flags[claim.attempt] = should_stop
    # A stop between the claim and the line above found no flag to set.
    if _was_asked_to_stop(claim):
        should_stop.set()
    try:
        yield should_stop
    finally:
        with _stop_flags_guard:
            del _stop_flags[claim.attempt]


def _was_asked_to_stop(claim: Claim) -> bool:
    return Attempt.objects.filter(pk=claim.attempt).exclude(stop_requested_at=None).exists()


def work_folder() -> Path:
    """The parent of the attempts' private folders; what a crash leaves there may be deleted."""
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
    """The `Job` that an agent gets: its progress, artifacts and checkpoints are those of the claimed attempt."""

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
        # The file first, outside of the transaction, because it may be large. Without its row nobody refers to it.
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
            for replaced in Artifact.objects.filter(task=attempt.task, name=artifact.name):
                replaced.delete()
                transaction.on_commit(partial(replaced.file.delete, save=False))
            artifact.save(force_insert=True)
            body = ArtifactBody(**{**artifact_body(artifact), "url": ""})
            record(workflow, events.ArtifactReady(artifact=body))

    def fetch(self, artifact_id: str) -> Path:
        self.checkpoint()
        artifact = Artifact.objects.filter(pk=artifact_id, workflow_id=self._claim.workflow).first()
        if artifact is None or not storages["artifacts"].exists(str(artifact.file.name)):
            # UnusableInput, because it is not the agent's fault and must not count against its health.
            raise UnusableInput(f"An artifact that {self._claim.task} needs is missing.")
        try:
            return Path(artifact.file.path)
        except NotImplementedError:  # the storage is not on a local disk
            local = self.workdir / f"{artifact.pk}{artifact.suffix}"
            with artifact.file.open("rb") as remote, local.open("wb") as copy:
                shutil.copyfileobj(remote, copy)
            return local
