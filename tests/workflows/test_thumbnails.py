"""Pictures in small: for whom the picture is, made once, gone with it, and never more work than a server can take."""

import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from PIL import Image
from rest_framework.test import APIClient

from agents.contract import Job
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator
from workflows.artifacts import leftovers, thumbnails
from workflows.artifacts.links import signed_artifact_url
from workflows.models import Artifact, Workflow

Keep = Callable[..., Artifact]


@pytest.fixture
def keep(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Keep:
    """Lets the agent keep a file of this content."""

    def keep(content: bytes, name: str = "frame.png", media_type: str = "image/png") -> Artifact:
        def keep_it(job: Job, _word: str) -> None:
            path = job.workdir / "made"
            path.write_bytes(content)
            job.keep(path, name=name, kind="frame", media_type=media_type)

        sample_agent.on_spell = keep_it
        run(limit=2)
        sample_agent.on_spell = lambda _job, _word: None
        return Artifact.objects.get(workflow=sample_workflow)

    return keep


def a_picture(size: tuple[int, int] = (1600, 900), kind: str = "PNG") -> bytes:
    """A picture with some detail."""
    written = BytesIO()
    Image.effect_noise((160, 90), 40).resize(size).convert("RGB").save(written, kind)
    return written.getvalue()


def url_of(artifact: Artifact, width: object = 320) -> str:
    return f"{signed_artifact_url(str(artifact.workflow_id), str(artifact.pk))}&width={width}"


def folder_of(artifact: Artifact) -> Path:
    return Path(settings.DATA_DIR) / "media" / str(artifact.workflow_id)


@pytest.mark.parametrize("width", thumbnails.WIDTHS)
def test_a_picture_comes_as_small_as_it_is_asked_for(keep: Keep, width: int) -> None:
    answer = APIClient().get(url_of(keep(a_picture()), width))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    with Image.open(BytesIO(answer.content)) as small:
        assert (small.format, small.size) == ("WEBP", (width, width * 9 // 16))


def test_a_picture_that_is_small_already_is_not_blown_up(keep: Keep) -> None:
    answer = APIClient().get(url_of(keep(a_picture((100, 50)))))
    with Image.open(BytesIO(answer.content)) as small:
        assert small.size == (100, 50)


def test_what_can_be_seen_through_stays_so(keep: Keep) -> None:
    glass, written = Image.new("RGBA", (800, 450), (255, 0, 0, 90)), BytesIO()
    glass.save(written, "PNG")
    answer = APIClient().get(url_of(keep(written.getvalue())))
    with Image.open(BytesIO(answer.content)) as small:
        assert small.mode == "RGBA"


def test_a_browser_that_has_it_does_not_get_it_again(keep: Keep) -> None:
    url = url_of(keep(a_picture()))
    first = APIClient().get(url)
    assert "immutable" in first["Cache-Control"]
    again = APIClient().get(url, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert APIClient().get(url.replace("width=320", "width=640"), HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_it_is_made_once_and_kept_beside_the_picture(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = keep(a_picture())
    first = APIClient().get(url_of(artifact)).content
    monkeypatch.setattr(thumbnails, "_shrunk", lambda *_: pytest.fail("made again"))
    assert APIClient().get(url_of(artifact)).content == first
    assert f"{artifact.pk}.png.320.webp" in [path.name for path in folder_of(artifact).iterdir()]


def test_it_is_deleted_with_its_picture(keep: Keep) -> None:
    artifact = keep(a_picture())
    for width in thumbnails.WIDTHS:
        APIClient().get(url_of(artifact, width))
    folder = folder_of(artifact)
    assert len(list(folder.iterdir())) == 3
    artifact.delete()
    assert list(folder.iterdir()) == []


def test_one_that_is_made_while_its_picture_is_deleted_does_not_stay(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = keep(a_picture())

    def shrink(*_: object) -> bytes:
        Artifact.objects.all().delete()
        return b"small"

    monkeypatch.setattr(thumbnails, "_shrunk", shrink)
    APIClient().get(url_of(artifact))
    assert list(folder_of(artifact).iterdir()) == []


def test_of_two_that_are_made_at_once_one_is_kept(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = keep(a_picture())
    both, shrink = threading.Barrier(2), thumbnails._shrunk

    def together(*given: Any) -> bytes:
        both.wait(timeout=20)
        return shrink(*given)

    monkeypatch.setattr(thumbnails, "_shrunk", together)

    def ask() -> None:
        thumbnails.thumbnail(Artifact.objects.get(pk=artifact.pk), 320)
        connection.close()  # the thread's own

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(list(folder_of(artifact).iterdir())) == 2


def test_a_film_that_is_made_again_shares_them_until_the_last_one_is_deleted(
    keep: Keep, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    artifact = keep(a_picture())
    run()
    again = coordinator.rerun(workflow=sample_workflow, by=alice, from_task="join")
    APIClient().get(url_of(Artifact.objects.get(workflow=again, kind="frame")))
    folder = folder_of(artifact)
    artifact.delete()
    assert any(path.suffix == ".webp" for path in folder.iterdir())
    again.delete()
    assert not any(path.suffix in (".webp", ".png") for path in folder.iterdir())


def test_what_a_dead_process_left_is_not_looked_for_among_them(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = keep(a_picture())
    APIClient().get(url_of(artifact))
    task = artifact.task
    task.attempts.update(state="lost")
    leftovers.delete_leftovers(older_than=leftovers.LOOK_BACK * 0)
    assert len(list(folder_of(artifact).iterdir())) == 2


def test_others_do_not_get_it(keep: Keep, olga: User, alice: User, as_user: AsUser) -> None:
    artifact = keep(a_picture())
    path = f"/api/workflows/{artifact.workflow_id}/artifacts/{artifact.pk}/?width=320"
    assert as_user(alice).get(path).status_code == 200
    assert APIClient().get(path).status_code == 404
    assert APIClient().get(url_of(artifact).replace("signature=", "signature=0")).status_code == 404


@pytest.mark.parametrize("width", ["321", "0", "1600", "x", "٣٢٠"])
def test_there_are_two_sizes_only(keep: Keep, width: str) -> None:
    answer = APIClient().get(url_of(keep(a_picture()), width))
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "InvalidInput")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"INT. KITCHEN - NIGHT", "text/plain"),
        (b"no picture at all", "image/png"),
        (a_picture()[:2_000], "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (a_picture(kind="TIFF"), "image/png"),  # a format with a long history of holes
    ],
    ids=["text", "noise", "torn", "svg", "tiff"],
)
def test_what_is_no_picture_has_none(keep: Keep, content: bytes, media_type: str) -> None:
    answer = APIClient().get(url_of(keep(content, media_type=media_type)))
    assert (answer.status_code, answer.json()["error"]["type"]) == (415, "NoThumbnail")


@pytest.mark.covers("error_no_thumbnail")
def test_a_picture_that_would_fill_the_memory_is_not_decoded(keep: Keep) -> None:
    written = BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")  # 50 kB of file, 400 million pixels
    artifact = keep(written.getvalue())
    assert APIClient().get(url_of(artifact)).status_code == 415


def test_a_file_that_is_too_large_is_not_read(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "LARGEST_BYTES", 100)
    assert APIClient().get(url_of(keep(a_picture()))).status_code == 415


@pytest.mark.covers("error_too_busy")
def test_few_are_made_at_once_and_others_are_asked_to_come_again(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    artifact = keep(a_picture())
    monkeypatch.setattr(thumbnails, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(thumbnails, "_turns", threading.BoundedSemaphore(1))
    with thumbnails._turns:
        refused = APIClient().get(url_of(artifact))
    assert (refused.status_code, refused.json()["error"]["retryable"]) == (503, True)
    assert APIClient().get(url_of(artifact)).status_code == 200
