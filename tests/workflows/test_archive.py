"""Everything that a workflow has made as one ZIP file."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.http import StreamingHttpResponse
from django.utils import timezone
from rest_framework.test import APIClient

from agents.contract import ArtifactKind, Job
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows.artifacts import archive, links
from workflows.models import Artifact, Workflow

NOTES = {"send": "a note", "more": ""}


@pytest.fixture
def made(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Workflow:
    """Two words of it came with a note, and a third one with a timeline of one of them."""
    kept: list[str] = []

    def write(job: Job, word: str) -> None:
        path = job.workdir / "note.txt"
        if word in NOTES:
            path.write_text(NOTES[word])
            kept.append(job.keep(path, name="note.txt", kind=ArtifactKind.TEXT, media_type="text/plain"))
        else:
            path.write_text(json.dumps({"media": f"artifact:{kept[0]}", "gone": f"artifact:{'0' * 36}"}))
            job.keep(path, name="timeline.otio", kind=ArtifactKind.TIMELINE, media_type="application/json")

    sample_agent.on_spell = write
    run()
    sample_workflow.refresh_from_db()
    return sample_workflow


def body_of(response: Any) -> bytes:  # noqa: ANN401 - Django's test client has no type for it
    assert isinstance(response, StreamingHttpResponse)

    async def read() -> bytes:
        return b"".join([part async for part in response])

    return async_to_sync(read)()


def opened(response: Any) -> zipfile.ZipFile:  # noqa: ANN401
    made = zipfile.ZipFile(io.BytesIO(body_of(response)))
    assert made.testzip() is None
    return made


def address(workflow: Workflow, what: str = "file/") -> str:
    return f"/api/workflows/{workflow.pk}/archive/{what}"


@pytest.mark.covers("http_get_workflows_workflow_id_archive_file")
def test_all_files_are_in_it_in_a_folder_for_each_task(made: Workflow, alice: User, as_user: AsUser) -> None:
    response = as_user(alice).get(address(made))
    assert response["Content-Disposition"] == f'attachment; filename="{slug_of(made)}.zip"'
    archive = opened(response)
    assert sorted(archive.namelist()) == [
        "spell/1/note.txt",
        "spell/2/note.txt",
        "spell/3/timeline.otio",
        "telegram.txt",  # there is one task only that could have made it
    ]
    assert {archive.read(f"spell/{number}/note.txt").decode() for number in (1, 2)} == set(NOTES.values())


def slug_of(workflow: Workflow) -> str:
    return "-".join(workflow.title.lower().split())


def test_a_timeline_finds_the_files_beside_it(made: Workflow, alice: User, as_user: AsUser) -> None:
    archive = opened(as_user(alice).get(address(made)))
    timeline = json.loads(archive.read("spell/3/timeline.otio"))
    first = Artifact.objects.filter(workflow=made, name="note.txt").select_related("task").earliest("created_at")
    # From where the timeline lies; a name that it cannot know stays.
    assert timeline == {"media": f"../{first.task.key.partition('/')[2]}/note.txt", "gone": f"artifact:{'0' * 36}"}


@pytest.mark.covers("http_get_workflows_workflow_id_archive")
def test_the_page_gets_a_signed_link_to_it(made: Workflow, alice: User, as_user: AsUser, as_nobody: APIClient) -> None:
    told = as_user(alice).get(address(made, "")).json()
    sizes = made.artifacts.values_list("size", flat=True)
    assert (told["files"], told["bytes"]) == (4, sum(sizes))
    assert len(opened(as_nobody.get(told["url"])).namelist()) == 4
    assert as_nobody.get(told["url"].replace("signature=", "signature=x")).status_code == 404
    artifact = made.artifacts.first()
    assert artifact
    of_one = links.signed_artifact_url(str(made.pk), str(artifact.pk)).partition("?")[2]
    assert as_nobody.get(f"{address(made)}?{of_one}").status_code == 404  # a link to one file opens that one only


def test_it_is_only_for_those_who_may_see_the_workflow(
    made: Workflow, bob: User, as_user: AsUser, as_nobody: APIClient
) -> None:
    for what, expected in (("", 401), ("file/", 404)):
        assert as_user(bob).get(address(made, what)).status_code == 404
        assert as_nobody.get(address(made, what)).status_code == expected


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd", "spell/1/-..-etc-passwd"),
        ("C:\\evil.exe", "spell/1/C--evil.exe"),
        (". .", "spell/1/file"),
        ("a\nb", "spell/1/a-b"),
        ("Ünïcode 映画.txt", "spell/1/Ünïcode 映画.txt"),
    ],
)
def test_no_name_leads_out_of_it(made: Workflow, alice: User, as_user: AsUser, name: str, path: str) -> None:
    made.artifacts.filter(task__key="spell/1").update(name=name)
    assert path in opened(as_user(alice).get(address(made))).namelist()


def test_names_that_would_be_the_same_are_kept_apart(made: Workflow, alice: User, as_user: AsUser) -> None:
    task = made.tasks.get(key="spell/1")
    for name, ago in (("a:b", 2), ("a?b", 1), ("A-B", 0)):
        twin = Artifact.objects.get(task=task, name="note.txt")
        twin.pk, twin.name = None, name
        twin.save(force_insert=True)
        Artifact.objects.filter(pk=twin.pk).update(created_at=timezone.now() - timedelta(seconds=ago))
    names = opened(as_user(alice).get(address(made))).namelist()
    assert len({name.lower() for name in names}) == 7


def test_a_file_that_is_gone_breaks_it_off(made: Workflow, alice: User, as_user: AsUser) -> None:
    gone = made.artifacts.get(name="timeline.otio")
    Path(gone.file.path).unlink()
    with pytest.raises(FileNotFoundError):
        body_of(as_user(alice).get(address(made)))


def test_one_who_leaves_in_the_middle_leaves_no_file_open(made: Workflow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    storage: Any = Artifact._meta.get_field("file").storage
    open_range = type(storage).open_range

    def watched(self: object, *given: Any) -> Any:  # noqa: ANN401
        opened.append(open_range(self, *given))
        return opened[-1]

    monkeypatch.setattr(type(storage), "open_range", watched)
    monkeypatch.setattr(archive, "CHUNK_BYTES", 1)

    async def leave() -> None:
        response = archive_of_it
        assert isinstance(response, StreamingHttpResponse)
        parts: Any = response.__aiter__()
        await anext(parts)
        await parts.aclose()

    archive_of_it = archive.archive_response(made)
    asyncio.run(leave())
    assert opened
    assert all(file.closed for file in opened)


@pytest.fixture
def as_nobody() -> APIClient:
    """A client without a token."""
    return APIClient()
