"""A workflow as it was: from its first event to its last, by hand, by a link, and played."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Picture, Start, Visit
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def seq_in(page: Page) -> int:
    return int(page.get_by_role("slider", name="Moment of the replay").input_value())


def stopped_film(start: Start, visit: Visit, server: Server) -> tuple[Page, str]:
    """The page of a film that was paused when its storyboard was drawn."""
    workflow = start()
    page = visit(f"/workflows/{workflow}?view=activity", who="alice")
    expect(page.get_by_text("Storyboard is done")).to_be_visible(timeout=120_000)
    with server.client("alice") as http:
        http.post(f"/api/workflows/{workflow}/control/", json={"action": "pause", "mode": "now"}).raise_for_status()
    expect(page.get_by_text("The workflow is paused")).to_be_attached(timeout=60_000)
    return page, workflow


def test_a_replay_goes_to_any_moment_by_key_and_ends_with_what_is_now(
    visit: Visit, start: Start, server: Server, picture: Picture
) -> None:
    page, _ = stopped_film(start, visit, server)
    progress = page.get_by_role("progressbar").first.get_attribute("aria-valuenow")
    page.get_by_role("link", name="Replay").click()
    slider = page.get_by_role("slider", name="Moment of the replay")
    expect(slider).to_be_focused()
    expect(page.get_by_text("The workflow is running")).to_be_attached()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_disabled()
    expect(page.get_by_text("This is a replay: go back to now to control the workflow.")).to_be_visible()
    slider.press("Home")
    expect(page.get_by_text("The workflow is waiting")).to_be_attached()
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("The workflow started; event 1 of "))
    expect(page).to_have_url(re.compile("[?&]at=1$"))
    for _ in range(20):
        slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("[?&]at=21$"))
    picture(page, "replay")
    slider.press("End")
    expect(page.get_by_text("The workflow is paused")).to_be_attached()
    assert page.get_by_role("progressbar").first.get_attribute("aria-valuenow") == progress
    page.get_by_role("link", name="Back to now").click()
    expect(page).not_to_have_url(re.compile("at="))
    expect(page.get_by_role("button", name="Resume")).to_be_enabled()


def test_a_link_leads_to_a_moment_and_the_replay_plays_on_from_there(
    visit: Visit, start: Start, server: Server
) -> None:
    page, workflow = stopped_film(start, visit, server)
    page.get_by_label("Events, newest first").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile("view=activity&at=1$"))
    page.goto(f"{server.url}/workflows/{workflow}?view=graph&at=4")
    expect(page.get_by_role("button", name=re.compile("^Plan \\d of 1: "))).to_be_visible()
    assert seq_in(page) == 4
    page.get_by_text("16×").click()
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => Number(document.querySelector('input[type=range]').value) > 20")
    page.get_by_role("button", name=re.compile("^(Pause the replay|Play)$")).click()
    page.get_by_role("link", name="Timeline").click()
    expect(page.get_by_role("application")).to_be_visible()
