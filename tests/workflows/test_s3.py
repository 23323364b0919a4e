"""Artifacts in S3: kept, fetched by later tasks, streamed whole and in parts, and deleted, against a real server."""

import importlib
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import AsyncClient
from pytest_django.fixtures import Settings

from agents.contract import ArtifactKind, Job
from project import settings as project_settings
from tests.fixtures.workflows import Run
from tests.tokens import token_of
from tests.workflows.sample_pipeline import SampleAgent
from workflows.artifacts.leftovers import delete_leftovers
from workflows.models import Artifact, Attempt, Workflow

FILM = bytes(range(256)) * 2_000  # more than one chunk


@pytest.fixture
def _bucket(s3: dict[str, str], settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Artifacts go to S3."""
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = importlib.reload(project_settings).STORAGES
    storage: Any = storages["artifacts"]
    monkeypatch.setattr(Artifact._meta.get_field("file"), "storage", storage)
    yield
    storage.connection.meta.client.close()


@pytest.fixture
def film(_bucket: None, sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Artifact:
    """A file that a task kept and another one fetched."""
    kept: list[str] = []
    fetched: list[bytes] = []

    def relay(job: Job, word: str) -> None:
        if word == "send":
            path = job.workdir / "film.mp4"
            path.write_bytes(FILM)
            kept.append(job.keep(path, name="film.mp4", kind=ArtifactKind.VIDEO, media_type="video/mp4"))
        elif not fetched:
            fetched.append(job.fetch(kept[0]).read_bytes())

    sample_agent.on_spell = relay
    run()
    assert fetched == [FILM]
    return Artifact.objects.get(pk=kept[0])


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("", 200, FILM),
        ("bytes=1000-1999", 206, FILM[1000:2000]),
        ("bytes=300000-", 206, FILM[300_000:]),
        ("bytes=-7", 206, FILM[-7:]),
        (f"bytes={len(FILM)}-", 416, b""),
    ],
)
async def test_a_film_in_s3_is_streamed_whole_or_the_part_that_was_asked_for(
    film: Artifact, alice: User, asked: str, status: int, part: bytes
) -> None:
    url = f"/api/workflows/{film.workflow_id}/artifacts/{film.pk}/"
    headers = {"Authorization": f"Bearer {token_of(alice)}", **({"Range": asked} if asked else {})}
    answer: Any = await AsyncClient().get(url, headers=headers)
    content = b"".join([chunk async for chunk in answer]) if answer.streaming else answer.content
    assert (answer.status_code, content) == (status, part)


async def test_a_film_in_s3_is_in_the_archive(film: Artifact, alice: User) -> None:
    url = f"/api/workflows/{film.workflow_id}/archive/file/"
    answer: Any = await AsyncClient().get(url, headers={"Authorization": f"Bearer {token_of(alice)}"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join([chunk async for chunk in answer])))
    assert archive.read("spell/1/film.mp4") == FILM


def test_a_deleted_film_is_gone_from_the_bucket(film: Artifact) -> None:
    storage, name = film.file.storage, str(film.file.name)
    assert storage.exists(name)
    film.file.delete(save=False)
    assert not storage.exists(name)


def test_a_film_that_was_never_recorded_is_deleted_from_the_bucket_and_the_others_stay(film: Artifact) -> None:
    storage, left = film.file.storage, f"{film.workflow_id}/left.mp4"
    storage.save(left, ContentFile(FILM))
    Attempt.objects.filter(task__step="join").update(state="lost")
    delete_leftovers(older_than=timedelta(hours=1))
    assert storage.exists(left)
    delete_leftovers(older_than=timedelta(seconds=-60))
    assert (storage.exists(left), storage.exists(str(film.file.name))) == (False, True)
