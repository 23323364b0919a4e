"""The list of workflows in a real browser: live in several tabs, several at once, by keyboard; what operators see beside it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Start, Visit
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def rows(page: Page, workflow: str) -> Locator:
    return page.locator(f"[role=row][data-workflow='{workflow}']")


def test_what_happens_in_one_tab_is_seen_in_the_other(visit: Visit, start: Start, server: Server) -> None:
    """A new workflow appears; both are cancelled together, and deleted together, after a question."""
    tab = visit("/workflows", who="bob")
    other = tab.context.new_page()
    other.goto(server.url + "/workflows")
    made = [start(who="bob"), start(who="bob")]
    for page in (tab, other):
        for workflow in made:
            expect(rows(page, workflow)).to_be_visible()
    rows(tab, made[1]).focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Shift+ArrowDown")
    expect(tab.get_by_text("2 chosen")).to_be_visible()
    tab.get_by_role("button", name="Cancel", exact=True).click()
    for workflow in made:
        expect(rows(other, workflow)).to_contain_text("Cancelled")
        expect(rows(tab, workflow)).to_contain_text("Cancelled")
    tab.get_by_role("button", name="Delete…").click()
    question = tab.get_by_role("dialog", name="Delete 2 workflows?")
    expect(question).to_contain_text("This cannot be undone")
    question.get_by_role("button", name="Delete").click()
    for page in (tab, other):
        for workflow in made:
            expect(rows(page, workflow)).to_have_count(0)
    with server.client("bob") as http:
        assert {http.get(f"/api/workflows/{workflow}/").status_code for workflow in made} == {404}


def test_a_page_that_shows_a_deleted_workflow_says_so(visit: Visit, start: Start, server: Server) -> None:
    workflow = start(who="bob")
    page = visit(f"/workflows/{workflow}", who="bob")
    with server.client("bob") as http:
        http.post(f"/api/workflows/{workflow}/control/", json={"action": "cancel"}).raise_for_status()
        expect(page.get_by_text("The workflow is cancelled", exact=False).first).to_be_visible()
        http.delete(f"/api/workflows/{workflow}/").raise_for_status()
    expect(page.get_by_role("heading", name="This workflow was deleted")).to_be_visible()


def test_a_search_stands_in_the_address_and_finds_by_the_idea(visit: Visit, start: Start) -> None:
    workflow = start(who="bob")
    page = visit("/workflows", who="bob")
    page.get_by_role("searchbox", name="Search workflows").fill("last TRAM")
    expect(page).to_have_url(re.compile(r"search=last\+TRAM"))
    expect(rows(page, workflow)).to_be_visible()
    page.get_by_role("searchbox", name="Search workflows").fill("submarine")
    expect(page.get_by_role("heading", name="None at the moment")).to_be_visible()


def test_the_link_for_the_phone_holds_no_token(visit: Visit, start: Start, server: Server) -> None:
    workflow = start(who="bob")
    page = visit(f"/workflows/{workflow}", who="bob")
    page.get_by_role("button", name="Continue on the phone").click()
    code = page.get_by_role("dialog", name="Continue on the phone")
    expect(code.get_by_role("img", name=f"QR code of {server.url}/workflows/{workflow}")).to_be_visible()


def test_operators_see_the_installation_and_makers_are_told_that_they_may_not(visit: Visit) -> None:
    operator = visit("/operations", who="olga")
    for part in ("Runners and workers", "Queue", "Workflows", "Connections"):
        expect(operator.get_by_role("region", name=part)).to_be_visible()
    expect(operator.get_by_role("list", name="Health")).to_contain_text("Database")
    maker = visit("/operations", who="alice")
    expect(maker.get_by_role("heading", name="This page is for operators")).to_be_visible()
    expect(maker.get_by_role("link", name="Operations")).to_have_count(0)
