"""Operating agents: in the pages and in the admin, in a real browser, with one sign-in for both."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Picture, Start, Visit
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

AGENT = "script_enhancer"


@pytest.fixture
def switched(server: Server) -> Iterator[None]:
    """The agent is in service again after the test."""
    yield
    with server.client("ada") as http:
        again = {"enabled": True, "draining": False, "max_concurrent": 4, "weight": 1}
        http.patch(f"/api/agents/{AGENT}/", json=again).raise_for_status()


def open_menu(page: Page, who: str) -> None:
    page.get_by_role("button", name=f"Account of {who}").click()


def test_staff_go_to_the_administration_without_signing_in_again_and_leave_both_at_once(
    visit: Visit, server: Server
) -> None:
    page = visit(who="ada")
    open_menu(page, "ada")
    page.get_by_role("menuitem", name="Administration").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    page.goto(server.url + "/workflows")
    open_menu(page, "ada")
    with page.expect_response("**/api/auth/logout/"):
        page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.goto(server.url + "/admin/")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_who_is_in_the_administration_goes_on_to_the_pages_and_logs_out_of_both(visit: Visit, server: Server) -> None:
    page = visit("/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("the show must go on")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    page.goto(server.url + "/workflows")
    page.get_by_role("button", name="Continue as ada").click()
    expect(page.get_by_role("button", name="Account of ada")).to_be_visible()
    page.goto(server.url + "/admin/")
    page.get_by_role("button", name="Log out").click()
    page.goto(server.url + "/workflows")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Continue as"))).to_have_count(0)


@pytest.mark.usefixtures("switched")
def test_an_operator_lets_an_agent_drain_and_the_reason_is_shown_to_all_who_watch(
    visit: Visit, picture: Picture
) -> None:
    watcher, page = visit("/agents", who="olga"), visit("/agents", who="ada")
    page.get_by_role("button", name="Script enhancer").click()
    details = page.get_by_role("dialog", name="Script enhancer")
    details.get_by_text("Draining", exact=True).click()
    details.get_by_label("Why").fill("A new dictionary")
    details.get_by_role("button", name="Save").click()
    expect(details.get_by_text("Saved.")).to_be_visible()
    expect(details.get_by_role("region", name="What people changed")).to_contain_text("by ada: A new dictionary")
    picture(page, "agent")
    card = watcher.get_by_role("article", name=AGENT)
    expect(card).to_contain_text("Draining by ada: A new dictionary")
    expect(card).not_to_contain_text("Failing")


def test_the_administration_shows_what_an_agent_did_and_a_workflow_with_its_pictures(
    visit: Visit, start: Start, server: Server
) -> None:
    workflow = start(who="ada")
    page = visit(f"/workflows/{workflow}", who="ada")
    expect(page.get_by_role("button", name=re.compile("^Enlarge shot")).first).to_be_attached(timeout=120_000)
    open_menu(page, "ada")
    page.get_by_role("menuitem", name="Administration").click()
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    page.goto(f"{server.url}/admin/workflows/workflow/{workflow}/change/")
    preview = page.locator("img.callboard-preview").first
    preview.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('img.callboard-preview').naturalWidth > 0")
    box = preview.bounding_box()
    assert box is not None
    assert box["width"] <= 160
    assert box["height"] <= 90
    page.goto(f"{server.url}/admin/agents/agent/?q=storyboard_artist")
    page.get_by_role("link", name="storyboard_artist").click()
    expect(page.get_by_role("img", name=re.compile(r"The last 24 hours: \d+ calls"))).to_be_visible()
