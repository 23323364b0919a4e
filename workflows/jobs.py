"""The job that an agent gets: its progress, artifacts and checkpoints are those of the attempt."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import Error as DatabaseError

from agents.contract import Job, JobStopped, UnusableInput
from agents.usage import Usage
from workflows import events, progress, spending, transitions
from workflows.bodies import ArtifactBody
from workflows.events import record
from workflows.executions import Execution
from workflows.folding import artifact_body
from workflows.lifecycle import AttemptState
from workflows.models import Artifact, Attempt, Picture
from workflows.persistence import through_outages

Result = TypeVar("Result")

KIND_LENGTH = 64


def work_folder() -> Path:
    """The parent of the attempts' private folders; what a crash leaves there may be deleted."""
    return Path(settings.DATA_DIR) / "work"


class AttemptJob(Job):
    """The `Job` of an attempt that this process performs."""

    def __init__(self, execution: Execution) -> None:
        self.skill = execution.claim.skill
        self.input: Mapping[str, Any] = execution.claim.input
        self.attempt, self.attempt_id = execution.claim.number, execution.claim.attempt_id
        self.answers, self.remote_task = execution.claim.answers, execution.claim.remote_task
        self.execution = execution
        self._claim = execution.claim
        self._workdir: Path | None = None
        self._fetched: dict[Path, _Fetched] = {}
        self._guard = threading.Lock()
        self._counting = threading.Lock()
        self._calls = 0  # of models, that were reported

    @property
    def workdir(self) -> Path:  # type: ignore[override]
        """Made when it is first asked for: many agents need none."""
        with self._guard:
            if self._workdir is None:
                work_folder().mkdir(parents=True, exist_ok=True)
                self._workdir = Path(tempfile.mkdtemp(dir=work_folder()))
            return self._workdir

    def close(self) -> None:
        """Deletes the folder."""
        with self._guard:
            if self._workdir is not None:
                shutil.rmtree(self._workdir, ignore_errors=True)

    def checkpoint(self) -> None:
        self.execution.checkpoint()

    def progress(self, fraction: float, message: str = "") -> None:
        self.checkpoint()
        progress.report(self._claim.workflow, self._claim.task, fraction, message, attempt=self.attempt)

    def keep(self, path: Path, *, name: str, kind: str, media_type: str) -> str:
        with self.execution.call():
            artifact = Artifact(
                name=name, kind=str(kind)[:KIND_LENGTH], media_type=media_type, size=path.stat().st_size
            )
            artifact.workflow_id = self._claim.workflow
            if shared := self._stored_already(path):
                artifact.file.name = shared
            else:
                # The file first, outside of the transaction, because it may be large. Without its row nobody refers to it.
                with path.open("rb") as file:
                    artifact.file.save(name, File(file), save=False)
            try:
                self._patiently(partial(self._keep_row, artifact, is_shared=bool(shared)))
            except BaseException:
                if _has_row(artifact):  # only something after the commit failed
                    return str(artifact.pk)
                if not shared:
                    artifact.file.delete(save=False)
                raise
            return str(artifact.pk)

    def _stored_already(self, path: Path) -> str:
        """The name in the storage of what is kept again as it was fetched; "" for anything else."""
        fetched = self._fetched.get(path)
        return fetched.name if fetched and fetched.is_unchanged(path) else ""

    def _keep_row(self, artifact: Artifact, *, is_shared: bool) -> None:
        with transitions.transition(self._claim.workflow) as workflow:
            attempt = Attempt.objects.select_related("task").get(pk=self._claim.attempt)
            if attempt.state != AttemptState.RUNNING:
                raise JobStopped
            if Artifact.objects.filter(pk=artifact.pk).exists():
                return  # the connection broke after the commit
            # Under the lock of its workflow: from now on the file stays as long as this row.
            if is_shared and not Artifact.objects.filter(file=artifact.file.name).exists():
                raise _missing(self._claim.task)
            artifact.task = attempt.task
            for replaced in Artifact.objects.filter(task=attempt.task, name=artifact.name):
                replaced.delete()
            artifact.save(force_insert=True)
            body = ArtifactBody(**{**artifact_body(artifact), "url": ""})
            record(workflow, events.ArtifactReady(artifact=body))

    def set_remote_task(self, remote_task: str) -> None:
        with self.execution.call():
            mine = Attempt.objects.filter(pk=self._claim.attempt)
            self._patiently(partial(mine.update, remote_task=remote_task))
            self.remote_task = remote_task

    def check_budget(self) -> None:
        with self.execution.call():
            self._patiently(partial(spending.check_budget, self._claim.workflow))

    def report_usage(self, usage: Usage) -> None:
        with self._counting:  # so that the number of a call says whether it was counted
            self._calls += 1
            # Also when it is to stop, or was given up: no checkpoint.
            recorded = partial(spending.record_usage, self._claim, usage, self._calls)
            through_outages(recorded, between=self.execution.sign)
            self.execution.sign()

    def usage_counted(self) -> list[Usage]:
        return through_outages(
            partial(spending.counted_for, self._claim, self.remote_task), between=self.execution.sign
        )

    def _patiently(self, action: Callable[[], Result]) -> Result:
        return through_outages(action, between=self.checkpoint)

    def fetch(self, artifact_id: str) -> Path:
        with self.execution.call():
            found = Artifact.objects.filter(pk=artifact_id, workflow_id=self._claim.workflow)
            artifact = self._patiently(found.first)
            if artifact is None and (brought := self._patiently(partial(_picture, self._claim.workflow, artifact_id))):
                return self._local_copy(brought)
            if artifact is None or not storages["artifacts"].exists(str(artifact.file.name)):
                raise _missing(self._claim.task)
            path = self._local_copy(artifact)
            self._fetched[path] = _Fetched.of(str(artifact.file.name), path)
            return path

    def _local_copy(self, artifact: Artifact | Picture) -> Path:
        try:
            return Path(artifact.file.path)
        except NotImplementedError:  # the storage is not on a local disk
            local = self.workdir / f"{artifact.pk}{artifact.suffix}"
            with artifact.file.open("rb") as remote, local.open("wb") as copy:
                shutil.copyfileobj(remote, copy)
            return local


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A file of the storage as it was when it was fetched."""

    name: str
    size: int
    changed_at: int

    @classmethod
    def of(cls, name: str, path: Path) -> "_Fetched":
        """That file at this moment."""
        state = path.stat()
        return cls(name, state.st_size, state.st_mtime_ns)

    def is_unchanged(self, path: Path) -> bool:
        """Whether nobody has written to it since."""
        return self == self.of(self.name, path)


def _picture(workflow_id: UUID | str, picture_id: str) -> Picture | None:
    """A picture that a user has brought along and this workflow uses; None where there is none, or its file is lost."""
    picture = Picture.objects.filter(pk=picture_id, uses__workflow_id=workflow_id).first()
    return picture if picture and storages["artifacts"].exists(str(picture.file.name)) else None


def _missing(task: str) -> UnusableInput:
    """UnusableInput, because it is not the agent's fault and must not count against its health."""
    return UnusableInput(f"An artifact that {task} needs is missing.")


def _has_row(artifact: Artifact) -> bool:
    """Whether the artifact is in the database; yes where that cannot be found out, because then its file must stay."""
    try:
        return Artifact.objects.filter(pk=artifact.pk).exists()
    except DatabaseError:
        return True
