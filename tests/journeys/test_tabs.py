"""Several tabs of one person: one socket for all of them, and none misses anything when the tab that has it is closed."""

import re

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.journeys.conftest import Start, Visit
from tests.journeys.test_connection import FILM_MS, connection
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


def test_two_tabs_share_a_socket_and_the_second_goes_on_when_the_first_is_closed(
    visit: Visit, start: Start, server: Server
) -> None:
    workflow = start(scenes=2)
    first = visit(f"/workflows/{workflow}", who="alice")
    second, sockets = another_tab(first)
    second.goto(first.url)
    connection(second, "Live")
    second.get_by_role("button", name="Pause").click()
    second.get_by_role("button", name=re.compile("^Stop now")).click()
    for page in (first, second):
        expect(page.get_by_text("The workflow is paused", exact=True)).to_be_attached(timeout=FILM_MS)
    assert not sockets

    with second.expect_websocket():
        first.close()
    with server.client("alice") as http:
        http.post(f"/api/workflows/{workflow}/control/", json={"action": "resume"}).raise_for_status()
    expect(second.get_by_text("The workflow is running", exact=True)).to_be_attached()
    connection(second, "Live")


def test_signing_out_in_one_tab_signs_out_the_other(visit: Visit) -> None:
    first = visit("/workflows", who="alice")
    second, sockets = another_tab(first)
    second.goto(first.url)
    connection(second, "Live")
    second.get_by_role("button", name="Account of alice").click()
    second.get_by_role("menuitem", name="Sign out").click()
    expect(first.get_by_role("button", name="Sign in")).to_be_visible()
    assert not sockets


def another_tab(page: Page) -> tuple[Page, list[WebSocket]]:
    """An empty tab beside the page, and the sockets that it opens."""
    tab, sockets = page.context.new_page(), list[WebSocket]()
    tab.on("websocket", lambda socket: sockets.append(socket))
    return tab, sockets
