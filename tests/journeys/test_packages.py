"""From the form of a pipeline that another package brings to the music that it makes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Picture, Visit
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

TUNE_MS = 120_000  # on a busy machine
SECONDS = 9


@pytest.fixture
def with_composer(tmp_path: Path, composer: Path) -> Iterator[Server]:
    """A server where the composer is installed."""
    with Server(tmp_path, {"PYTHONPATH": os.fspath(composer)}) as server:
        yield server


def test_a_maker_starts_a_tune_and_hears_it(visit: Visit, picture: Picture, with_composer: Server) -> None:
    page = visit("/workflows", who="alice", on=with_composer)
    page.get_by_role("link", name="More").click()
    page.get_by_role("link", name="Tune").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Title").fill("Low tide")
    page.get_by_role("combobox", name="Mood").select_option("Sad")
    page.get_by_role("slider", name="Length").press("Home")
    page.get_by_role("slider", name="Length").press("ArrowRight")
    expect(page.get_by_text(f"Length: {SECONDS}")).to_be_visible()
    picture(page, "tune-form")
    page.get_by_role("button", name="Start").click()

    expect(page.get_by_text("The audio is ready")).to_be_visible(timeout=TUNE_MS)
    expect(page.get_by_role("region", name="Shots")).to_have_count(0)
    tune = page.get_by_label("tune.m4a", exact=True)
    expect(tune).to_have_js_property("readyState", 4)
    assert tune.evaluate("tune => tune.duration") == pytest.approx(SECONDS, abs=0.2)
    tune.evaluate(
        "async tune => { tune.muted = true; await tune.play();"
        " await new Promise(done => tune.ontimeupdate = () => tune.currentTime > 0.2 && done()); tune.pause(); }"
    )
    picture(page, "tune", whole=True)
    with page.expect_popup() as sheet:
        page.get_by_role("link", name="lead-sheet.txt", exact=True).click()
    expect(sheet.value.get_by_text("beats a minute")).to_be_visible()
