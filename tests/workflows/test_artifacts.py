"""Artifacts: whole or not there, replaced by name, and only of the workflow at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from agents.contract import AgentError, ArtifactKind, FolderJob, Job
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows.artifacts.storage import AtomicFileSystemStorage
from workflows.models import Artifact, Attempt, Workflow


def keep(job: Job, text: str) -> str:
    path = job.workdir / "note.txt"
    path.write_text(text)
    return job.keep(path, name="note.txt", kind=ArtifactKind.SCRIPT, media_type="text/plain")


def test_an_artifact_of_the_same_name_replaces_the_former_and_its_file(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def twice(job: Job, word: str) -> None:
        if word == "send":
            keep(job, "first")
            keep(job, "second")

    sample_agent.on_spell = twice
    run(limit=2)
    artifact = Artifact.objects.get(workflow=sample_workflow)
    with artifact.file.open() as file:
        assert file.read() == b"second"
    folder = Path(artifact.file.path).parent
    assert [path.name for path in folder.iterdir()] == [f"{artifact.pk}.txt"]


def test_a_later_task_reads_what_an_earlier_one_kept(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    kept: list[str] = []
    read: list[str] = []

    def relay(job: Job, word: str) -> None:
        if word == "send":
            kept.append(keep(job, "a note"))
        elif not read:
            read.append(job.fetch(kept[0]).read_text())

    sample_agent.on_spell = relay
    run()
    assert read == ["a note"]


def test_an_artifact_of_another_workflow_is_out_of_reach(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, tmp_path: Path
) -> None:
    def reach(job: Job, _word: str) -> None:
        job.fetch("11111111-1111-4111-8111-111111111111")

    sample_agent.on_spell = reach
    run()
    errors = [str(error) for error in sample_workflow.tasks.values_list("error", flat=True) if error]
    assert any("is missing" in error for error in errors)


def test_a_lost_attempt_can_keep_no_artifact(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> None:
    def lose(job: Job, word: str) -> None:
        Attempt.objects.filter(state="running").update(state="lost")
        keep(job, f"too late for {word}")

    sample_agent.on_spell = lose
    run(limit=2)
    assert not Artifact.objects.exists()
    assert not list((Path(settings.DATA_DIR) / "media" / str(sample_workflow.pk)).glob("*"))


def test_a_write_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    class Torn(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"half of"
            raise OSError("The disk is full.")

    storage = AtomicFileSystemStorage(location=tmp_path)
    with pytest.raises(OSError, match="full"):
        storage.save("film.mp4", Torn(b""))
    assert list(tmp_path.iterdir()) == []


def test_the_storage_of_artifacts_is_the_one_of_the_settings() -> None:
    assert isinstance(storages["artifacts"], AtomicFileSystemStorage)


def test_a_standalone_job_reports_a_missing_artifact(tmp_path: Path) -> None:
    job = FolderJob(skill="spell", input={}, workdir=tmp_path, folder=tmp_path)
    with pytest.raises(AgentError, match="missing"):
        job.fetch("nothing.txt")
