"""From an idea or a screenplay to a film that plays, shown live."""

import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import opentimelineio as otio
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Picture, Start, Visit
from tests.samples import DIALOGUE, SHORT_SCRIPT
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

FILM_MS = 300_000  # a film of three scenes, on a busy machine
USUAL_SCENES = 3
SCENE_S = 60  # the story decides how many shots a scene has
DRAIN_MS = 180_000  # until what is in flight has ended, on a busy machine
IDEA = (
    "On the last night before her lighthouse is switched off for good, the keeper Mara finds a letter in a bottle. "
    "A young sailor, Tomas, knocks at the door in the storm and asks for light."
)


@pytest.fixture
def scenes(request: pytest.FixtureRequest) -> int:
    """How many scenes the film of an idea has: more only for the pictures of the documentation."""
    return USUAL_SCENES if request.config.getoption("--screenshots") else 1


def state(page: Page, word: str) -> Locator:
    """Where the page shows that the workflow is in this state."""
    return page.get_by_text(f"The workflow is {word}", exact=True)


def test_a_maker_watches_an_idea_become_a_film_and_takes_it_home(
    visit: Visit, picture: Picture, scenes: int, tmp_path: Path
) -> None:
    page = visit(who="alice")
    page.get_by_role("link", name="Idea2Video").click()
    page.get_by_label("Your idea").fill(IDEA)
    for _ in range(USUAL_SCENES - scenes):
        page.get_by_role("slider", name="Scenes").press("ArrowLeft")
    expect(page.get_by_text(f"Scenes: {scenes}")).to_be_visible()
    picture(page, "idea2video")
    page.get_by_role("button", name="Make the video").click()

    expect(page.get_by_role("button", name=re.compile("^Plan Completed"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Storyboard Completed"))).to_be_visible(timeout=FILM_MS)
    frame = page.get_by_role("button", name=re.compile("^Enlarge shot")).first
    expect(frame).to_be_visible(timeout=FILM_MS)
    expect(frame.locator("img")).to_have_js_property("complete", True)
    assert frame.locator("img").evaluate("image => image.naturalWidth") > 0

    pause_and_look_from_elsewhere(page, visit)
    picture(page, "workflow-paused")
    page.get_by_role("button", name="Resume").click()
    expect(state(page, "running")).to_be_attached()
    expect(page.get_by_role("button", name=f"Enlarge shot {scenes}.2")).to_be_visible(timeout=FILM_MS)
    picture(page, "workflow-running")

    expect(state(page, "completed")).to_be_attached(timeout=FILM_MS)
    assert 7 * scenes <= play_a_little(page) <= SCENE_S * scenes
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the video").click()
    film = tmp_path / "film.mp4"
    download.value.save_as(film)
    assert film.read_bytes()[4:8] == b"ftyp"
    takes_along(page, tmp_path)
    page.locator("video").evaluate("video => { video.currentTime = 6; }")
    expect(page.locator("video")).to_have_js_property("seeking", False)
    picture(page, "workflow-completed")


def takes_along(page: Page, folder: Path) -> None:
    """Each file of the menu can be saved; the timelines name what lies in the ZIP file."""
    saved = {}
    page.get_by_role("button", name="Take along", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Everything")).to_be_visible()
    for number, name in enumerate(page.get_by_role("menuitem").evaluate_all("all => all.map(each => each.ariaLabel)")):
        if number:
            page.get_by_role("button", name="Take along", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=name).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        saved[path.suffix] = path
    assert set(saved) == {
        f".{name}" for name in ["mp4", "srt", "vtt", "pdf", "fountain", "fdx", "otio", "fcpxml", "edl", "zip"]
    }
    assert len({path.stem for path in saved.values()}) == 1  # all have the name of the film
    with zipfile.ZipFile(saved[".zip"]) as archive:
        assert archive.testzip() is None
        files = set(archive.namelist())
        assert {"captions.srt", "captions.vtt", "chapters.vtt", "timeline.fcpxml", "timeline.edl"} < files
        assert archive.read("timeline.otio") == saved[".otio"].read_bytes()
        timeline = otio.adapters.read_from_file(str(saved[".otio"]))
        media = {str(clip.media_reference.target_url) for clip in timeline.find_clips()}
        assert "clip/1.1/clip.mp4" in media
        assert media < files


def pause_and_look_from_elsewhere(page: Page, visit: Visit) -> None:
    """Paused means: it stays so after a reload, and another browser shows the same."""
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Finish these, then pause").click()
    expect(state(page, "paused")).to_be_attached(timeout=DRAIN_MS)
    percent = page.get_by_role("progressbar", name="Progress of the whole workflow")
    shown = percent.get_attribute("aria-valuenow")
    page.reload()
    expect(state(page, "paused")).to_be_attached()
    expect(percent).to_have_attribute("aria-valuenow", str(shown))
    elsewhere = visit(who="alice")
    elsewhere.goto(page.url)
    expect(state(elsewhere, "paused")).to_be_attached()
    expect(elsewhere.get_by_role("progressbar", name="Progress of the whole workflow")).to_have_attribute(
        "aria-valuenow", str(shown)
    )


def play_a_little(page: Page) -> float:
    """Plays the film until it has moved; returns how long it is, in seconds."""
    video = page.locator("video")
    expect(video).to_have_js_property("readyState", 4)
    video.evaluate("async video => { video.muted = true; await video.play(); }")
    moved = "video => new Promise(done => video.ontimeupdate = () => video.currentTime > 0.5 && done())"
    video.evaluate(moved)
    video.evaluate("video => video.pause()")
    return float(video.evaluate("video => video.duration"))


def test_every_character_and_line_of_a_screenplay_is_in_the_film(
    visit: Visit, picture: Picture, server: Server
) -> None:
    page = visit("/script2video", who="bob")
    page.get_by_role("button", name="Load an example").click()
    expect(page.get_by_role("heading", name="2 scenes")).to_be_visible()
    expect(page.get_by_role("heading", name="2 speaking characters")).to_be_visible()
    picture(page, "script2video")
    page.get_by_label("Your screenplay").fill(DIALOGUE)  # the film of the example takes twice as long
    expect(page.get_by_role("heading", name="1 scene", exact=True)).to_be_visible()
    page.get_by_role("button", name="Make the video").click()

    expect(state(page, "completed")).to_be_attached(timeout=FILM_MS)
    cast = page.get_by_role("region", name="Cast")
    for name in ("ADA", "LEO"):
        expect(cast.get_by_text(re.compile(name, re.IGNORECASE)).first).to_be_visible()
    page.get_by_role("button", name="Take along", exact=True).click()
    captions = page.get_by_role("menuitem", name="Captions, WebVTT").get_attribute("href")
    assert captions
    spoken = " ".join(page.request.get(server.url + captions).text().split())
    lines = ("Is this the boat to the island?", "Somebody has to know the way.", "Then teach me.")
    places = [spoken.find(line) for line in lines]
    assert places == sorted(places)
    assert places[0] >= 0
    printed = page.get_by_role("menuitem", name="Storyboard, PDF").get_attribute("href")
    assert page.request.get(f"{server.url}{printed}").body().startswith(b"%PDF")
    page.keyboard.press("Escape")
    assert play_a_little(page) > 5


def test_a_cancelled_workflow_stops_and_keeps_what_is_finished(visit: Visit, start: Start) -> None:
    page = visit(f"/workflows/{start(scenes=3)}", who="alice")
    expect(page.get_by_role("button", name=re.compile("^Script Completed"))).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel the workflow").click()
    expect(page.get_by_text("This workflow was cancelled.")).to_be_visible(timeout=DRAIN_MS)
    expect(page.get_by_role("button", name=re.compile("^Plan Completed"))).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_a_failed_task_shows_why_and_can_be_retried(
    visit: Visit, picture: Picture, start: Start, server: Server
) -> None:
    workflow = start(script=SHORT_SCRIPT)
    page = visit(f"/workflows/{workflow}", who="alice")
    lost = first_frame(server, workflow)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Stop now").click()
    expect(state(page, "paused")).to_be_attached(timeout=DRAIN_MS)

    # The disk loses a picture: the clip that needs it fails with the reason.
    away = lost.rename(server.data_dir / lost.name)
    page.get_by_role("button", name="Resume").click()
    expect(state(page, "failed")).to_be_attached(timeout=FILM_MS)
    expect(page.get_by_text(re.compile("is missing")).first).to_be_visible()
    picture(page, "workflow-failed")

    away.rename(lost)
    page.get_by_role("button", name=re.compile("^Retry")).first.click()
    expect(state(page, "completed")).to_be_attached(timeout=FILM_MS)


def first_frame(server: Server, workflow: str) -> Path:
    """Waits for the first chosen frame; returns its file."""
    return first_file(server, workflow, "frames/", "image/jpeg")


def file_of(server: Server, artifact: str) -> Path:
    """Where the artifact is on the disk: a chosen frame is the same file as the take."""
    with closing(sqlite3.connect(server.data_dir / "callboard.sqlite3")) as database:
        query = "SELECT file FROM workflows_artifact WHERE id = ?"
        (file,) = database.execute(query, [artifact.replace("-", "")]).fetchone()
    return server.data_dir / "media" / str(file)


def first_file(server: Server, workflow: str, task: str, media_type: str) -> Path:
    """Waits for the first file of this type that a task with such a key makes."""
    seq = 0
    with server.client("alice") as http:
        while True:
            news = http.get(f"/api/workflows/{workflow}/events/", params={"after": seq, "wait": 25}).json()
            made = [event["data"]["artifact"] for event in news["events"] if event["kind"] == "artifact_ready"]
            for artifact in made:
                if artifact["task"].startswith(task) and artifact["media_type"] == media_type:
                    return file_of(server, artifact["id"])
            seq = news["seq"]
