"""What a workflow can be taken along as, in one format or another: the file, its name, and why there is none."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import opentimelineio as otio
import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from agents.animatic.film import Setting, Shot
from agents.contract import ArtifactKind, Job
from agents.studio import timeline_formats
from agents.studio.timeline import Heard, Stretch, as_otio
from agents.studio.timeline_formats import OTIO
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from tests.workflows.test_archive import body_of, opened
from workflows.models import Artifact, Workflow

Json = dict[str, Any]
EPISODES = {"send": 1, "more": 2, "light": 3}  # each word of the telegram as an episode
KEPT = (
    ("film.mp4", ArtifactKind.VIDEO, "video/mp4"),
    ("captions.srt", ArtifactKind.SUBTITLES, "application/x-subrip"),
    ("captions.vtt", ArtifactKind.CAPTIONS, "text/vtt"),
)


def timeline_of(clip: str, film: str) -> str:
    """A film of a shot, with more tracks of sound than an EDL takes, one of them with a name that adapters stumble over."""
    shot = Shot(
        id="1.1",
        scene=1,
        number=1,
        size="wide",
        angle="eye_level",
        move="hold",
        seconds=2.0,
        setting=Setting(place="Office", interior=True),
        description="",
        first_frame="",
        last_frame="",
        characters=[],
    )
    stretches = [Stretch(0, 24, 0), Stretch(24, 72, 12, shot, clip, 40), Stretch(72, 90, 0)]
    heard = [(name, [Heard(f"{name}'s", clip, 24, 30, 40)]) for name in ("Speech", "Ambience", "Music")]
    return as_otio("Telegram", stretches, [], film=film, heard=heard)


@pytest.fixture
def series(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Workflow:
    """A series of three, of which the first has a timeline, and all share a screenplay and a storyboard."""

    def write(job: Job, word: str) -> None:
        ids = {}
        for name, kind, media_type in KEPT:
            path = job.workdir / name
            path.write_text(f"{name} of {word}")
            ids[name] = job.keep(path, name=name, kind=kind, media_type=media_type)
        if EPISODES[word] == 1:
            path = job.workdir / "timeline.otio"
            path.write_text(timeline_of(ids["film.mp4"], ids["film.mp4"]))
            job.keep(path, name=path.name, kind=ArtifactKind.TIMELINE, media_type=OTIO)

    sample_agent.on_spell = write
    run()
    sample_workflow.refresh_from_db()
    whole = sample_workflow.artifacts.get(name="telegram.txt")
    for name, kind in (
        ("screenplay.fountain", ArtifactKind.SCRIPT),
        ("screenplay.fdx", ArtifactKind.SCRIPT),
        ("script-notes.txt", ArtifactKind.SCRIPT),
        ("storyboard.json", ArtifactKind.STORYBOARD),
        ("storyboard.pdf", ArtifactKind.STORYBOARD),
    ):
        whole.pk, whole.name, whole.kind = None, name, kind
        whole.save(force_insert=True)
    sample_workflow.tasks.filter(key="spell/2").update(title="Über den Fluß")
    sample_workflow.title = "Das Telegramm – ein „Film“"
    sample_workflow.save(update_fields=["title"])
    return sample_workflow


def address(workflow: Workflow, query: str = "") -> str:
    return f"/api/workflows/{workflow.pk}/export/{query}"


def refusal(client: APIClient, workflow: Workflow, query: str) -> tuple[int, str]:
    answer = client.get(address(workflow, query))
    error = answer.json()["error"]
    return answer.status_code, " ".join([error["message"], *(error.get("fields") or {}).values()])


@pytest.mark.covers("http_get_workflows_workflow_id_export")
def test_each_format_comes_as_a_file_with_the_name_of_the_film(series: Workflow, alice: User, as_user: AsUser) -> None:
    slug, second = "das-telegramm-ein-film", "das-telegramm-ein-film-2-%C3%BCber-den-flu%C3%9F"
    for query, name, content in (
        ("?format=mp4", f'"{slug}-1.mp4"', b"film.mp4 of send"),  # the first, where none is named
        ("?format=srt&episode=2", f"utf-8''{second}.srt", b"captions.srt of more"),
        ("?format=vtt&episode=2", f"utf-8''{second}.vtt", b"captions.vtt of more"),
        ("?format=fountain&episode=2", f'"{slug}.fountain"', None),  # of all episodes
        ("?format=fdx", f'"{slug}.fdx"', None),
        ("?format=pdf", f'"{slug}.pdf"', None),
        ("?format=zip", f'"{slug}.zip"', None),
        ("?format=otio&episode=1", f'"{slug}-1.otio"', None),
        ("?format=fcpxml", f'"{slug}-1.fcpxml"', None),
        ("?format=edl", f'"{slug}-1.edl"', None),
    ):
        response = as_user(alice).get(address(series, query))
        assert response.status_code == 200, (query, response)
        assert response["Content-Disposition"].startswith("attachment; filename"), query
        assert response["Content-Disposition"].endswith(f"={name}"), (query, response["Content-Disposition"])
        if content:
            assert body_of(response) == content, query


def test_what_is_not_there_is_told_in_a_sentence(
    series: Workflow, alice: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for query, status, words in (
        ("?format=aaf", 400, "mp4, srt, vtt, pdf, fountain, fdx, otio, fcpxml, edl, zip"),
        ("?format=srt&episode=two", 400, "An episode is a number"),
        (f"?format=srt&episode={'9' * 5_000}", 400, "An episode is a number"),
        ("?format=srt&episode=4", 404, "no such file of episode 4"),
        ("?format=otio&episode=2", 404, "no such file of episode 2"),
    ):
        got, said = refusal(as_user(alice), series, query)
        assert (got, words in said) == (status, True), (query, got, said)
    monkeypatch.setattr(timeline_formats, "find_spec", lambda _: None)
    assert refusal(as_user(alice), series, "?format=edl") == (
        409,
        "The server lacks what writes this format: the Python package otio-cmx3600-adapter.",
    )
    formats = {each["format"] for each in as_user(alice).get(address(series)).json()["exports"]}
    assert formats == {"mp4", "srt", "vtt", "pdf", "fountain", "fdx", "otio", "zip"}


@pytest.mark.covers("error_not_exportable")
def test_before_there_is_anything_it_says_when(sample_workflow: Workflow, alice: User, as_user: AsUser) -> None:
    for query, words in (
        ("?format=srt", "Not yet: the captions come when the film is cut."),
        ("?format=fdx", "Not yet: the screenplay comes when its scenes are put together."),
        ("?format=zip", "Not yet: there is something to take along when a file is made."),
    ):
        assert refusal(as_user(alice), sample_workflow, query) == (409, words)
    assert as_user(alice).get(address(sample_workflow)).json() == {"exports": []}


def test_the_list_has_a_link_that_opens_one_file_only(
    series: Workflow, alice: User, bob: User, as_user: AsUser
) -> None:
    told = as_user(alice).get(address(series)).json()["exports"]
    nobody = APIClient()
    found = {(each["format"], each["episode"]): each for each in told}
    assert [key for key in found if key[0] == "srt"] == [("srt", 1), ("srt", 2), ("srt", 3)]
    assert found["srt", 2]["title"] == "Über den Fluß"
    assert found["srt", 2]["bytes"] == len("captions.srt of more")
    assert found["fdx", None]["bytes"] is not None
    assert found["otio", 1]["bytes"] is None
    for each in told:
        assert nobody.get(each["url"]).status_code == 200, each
    link = found["srt", 2]["url"]
    for changed in (("format=srt", "format=vtt"), ("episode=2", "episode=1"), ("&episode=2", "")):
        assert nobody.get(link.replace(*changed)).status_code == 404, changed
    signature = link.partition("&episode=2&")[2]
    for other in ("archive/file/", "export/"):
        assert nobody.get(f"/api/workflows/{series.pk}/{other}?{signature}").status_code in (401, 404)
    assert nobody.get(f"/api/workflows/{series.pk}/archive/file/?format=srt&episode=2&{signature}").status_code == 404
    assert as_user(bob).get(address(series, "?format=srt")).status_code == 404


def test_a_timeline_names_files_as_they_lie_in_the_zip_and_converts_with_what_each_format_holds(
    series: Workflow, alice: User, as_user: AsUser
) -> None:
    made = {
        name: as_user(alice).get(address(series, f"?format={name}")).content.decode()
        for name in ("otio", "fcpxml", "edl")
    }
    clips = list(otio.adapters.read_from_string(made["otio"], "otio_json").find_clips())
    path = "spell/1/film.mp4"
    assert {clip.media_reference.target_url for clip in clips} == {path}
    root = ET.fromstring(made["fcpxml"])
    assert {asset.get("src") for asset in root.iter("asset")} == {path}
    spine = root.find("./project/sequence/spine")
    assert spine is not None
    assert len(spine.findall(".//audio")) == 3 * 2  # a sound that is repeated, on three tracks
    assert [line for line in made["edl"].splitlines() if line.startswith("* FROM CLIP: ")] != []
    assert " A" not in {line[:3] for line in made["edl"].splitlines()}
    archive = opened(as_user(alice).get(address(series, "?format=zip")))
    assert {f"spell/1/timeline.{ending}" for ending in ("otio", "fcpxml", "edl")} <= set(archive.namelist())
    assert b'src="film.mp4"' in archive.read("spell/1/timeline.fcpxml")  # from where it lies
    assert path in archive.namelist()


def test_what_is_no_timeline_is_refused_and_left_out_of_the_zip(series: Workflow, alice: User, as_user: AsUser) -> None:
    broken = Artifact.objects.get(workflow=series, name="timeline.otio")
    with broken.file.open("wb") as file:
        broken.size = file.write(json.dumps({"OTIO_SCHEMA": "Timeline.1", "tracks": 7}).encode())
    broken.save(update_fields=["size"])
    assert refusal(as_user(alice), series, "?format=fcpxml")[0] == 409
    names = opened(as_user(alice).get(address(series, "?format=zip"))).namelist()
    assert [name for name in names if name.startswith("spell/1/timeline")] == ["spell/1/timeline.otio"]
