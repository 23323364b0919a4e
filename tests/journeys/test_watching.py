"""People who have the same workflow open see how many they are."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Start, Visit
from tests.journeys.test_pages import PHONE
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def watching(page: Page) -> Locator:
    """What the page says of those who watch as well; nothing while it is the only one."""
    return page.get_by_text(re.compile(r"^\d+ watching"))


def title(page: Page) -> Locator:
    """That of the film, which replaces its idea as soon as it has one."""
    return page.get_by_role("article").get_by_role("heading", level=1)


def place_of_the_title(page: Page) -> object:
    """Where it stands: nothing may jump because somebody comes or goes."""
    box = title(page).bounding_box()
    return box and (box["x"], box["y"])


def test_two_people_see_each_other_come_and_go(visit: Visit, start: Start, server: Server) -> None:
    address = f"/workflows/{start()}"
    owner = visit(address, who="alice")
    expect(title(owner)).to_be_visible()
    expect(watching(owner)).to_have_count(0)
    alone = place_of_the_title(owner)

    operator = visit(address, who="olga")
    for page in (owner, operator):
        expect(watching(page)).to_have_text("2 watching this workflow at this moment, this page included")
    phone = visit(address, who="alice", **PHONE)
    expect(watching(phone)).to_have_text(re.compile("^3 "))
    expect(watching(owner)).to_have_text(re.compile("^3 "))
    assert place_of_the_title(owner) == alone

    phone.close()
    expect(watching(operator)).to_have_text(re.compile("^2 "))
    operator.goto(f"{server.url}/workflows")
    expect(watching(owner)).to_have_count(0)
    assert place_of_the_title(owner) == alone


def test_who_may_not_watch_is_not_counted(visit: Visit, start: Start) -> None:
    address = f"/workflows/{start()}"
    owner = visit(address, who="alice")
    expect(title(owner)).to_be_visible()
    stranger = visit(address, who="bob")
    expect(stranger.get_by_role("heading", name="There is no such workflow")).to_be_visible()
    second = visit(address, who="alice")
    expect(watching(second)).to_have_text(re.compile("^2 "))
    expect(watching(owner)).to_have_text(re.compile("^2 "))
