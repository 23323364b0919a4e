"""What a page shows when the connection is bad: it tells so, reconnects by itself, and misses nothing."""

import asyncio
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.conftest import PATIENCE_MS, Picture, Start, Visit
from tests.samples import SHORT_SCRIPT
from tests.server import Server
from tests.websocket_client import connected_client

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

BEFORE_POLLING_ONCE = 5  # attempts that once failed first
FILM_MS = 300_000  # a short film, on a busy machine


def connection(page: Page, word: str, timeout: float = PATIENCE_MS) -> None:
    """Waits until the status in the header shows it."""
    expect(page.get_by_role("status", name=f"Connection: {word}")).to_be_attached(timeout=timeout)


def test_a_page_outlives_the_death_of_its_server(
    visit: Visit, picture: Picture, start: Start, own_server: Server
) -> None:
    page = visit(f"/workflows/{start(script=SHORT_SCRIPT, on=own_server)}", who="alice", on=own_server)
    frame = page.get_by_role("button", name=re.compile("^Enlarge shot")).first
    expect(frame).to_be_visible(timeout=FILM_MS)
    expect(frame.locator("img")).to_have_js_property("complete", True)
    page.evaluate("window.isTheSamePage = true")
    own_server.kill()
    expect(page.get_by_text(re.compile("The connection was lost"))).to_be_visible()
    picture(page, "connection-lost")
    own_server.start()
    connection(page, "Live", timeout=40_000)
    expect(page.get_by_text("The workflow is completed", exact=True)).to_be_attached(timeout=FILM_MS)
    assert page.evaluate("window.isTheSamePage") is True


def test_a_frozen_server_is_noticed_and_does_nothing_that_was_asked_of_it_meanwhile(
    visit: Visit, picture: Picture, start: Start, own_server: Server
) -> None:
    workflow = start(scenes=6, on=own_server)
    page = visit(f"/workflows/{workflow}", who="alice", on=own_server)
    expect(page.get_by_text("The workflow is running", exact=True)).to_be_attached()
    with frozen(own_server):
        expect(page.get_by_text(re.compile("The server does not answer"))).to_be_visible()
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name=re.compile("^Stop now")).click()
        expect(page.get_by_text("Pause was not sent: there was no connection.")).to_be_visible(timeout=60_000)
        picture(page, "server-silent")
    connection(page, "Live", timeout=60_000)
    with own_server.client("alice") as http:
        events = http.get(f"/api/workflows/{workflow}/events/?after=0").raise_for_status().json()["events"]
    assert not [event for event in events if event["kind"] == "control_requested"]
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The workflow is paused", exact=True)).to_be_attached(timeout=FILM_MS)


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Stops the process where it is: its sockets stay open, and nothing is answered."""
    pid = server.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_where_sockets_are_blocked_the_page_asks_for_news_instead(visit: Visit, start: Start, server: Server) -> None:
    page = visit(who="alice")
    attempts: list[str] = []

    def block(socket: WebSocketRoute) -> None:
        attempts.append(socket.url)
        socket.close(code=1011)

    page.context.route_web_socket(re.compile("/ws/"), block)
    page.goto(f"{server.url}/workflows")
    connection(page, "Polling")
    assert len(attempts) < BEFORE_POLLING_ONCE  # it did not wait for so many of them to fail
    workflow = start(script=SHORT_SCRIPT)
    page.goto(f"{server.url}/workflows/{workflow}")
    expect(page.get_by_text("The workflow is running", exact=True)).to_be_attached()
    expect(page.get_by_role("button", name=re.compile("^Storyboard Completed"))).to_be_visible(timeout=FILM_MS)
    with server.client("alice") as http:
        http.post(f"/api/workflows/{workflow}/control/", json={"action": "cancel"}).raise_for_status()
    expect(page.get_by_text("This workflow was cancelled.")).to_be_visible(timeout=FILM_MS)


def test_one_tab_too_many_shows_why_and_connects_as_soon_as_there_is_room(visit: Visit, server: Server) -> None:
    with every_connection_taken(server, "charlie"):
        page = visit("/workflows", who="charlie")
        expect(page.get_by_text(re.compile("Too many tabs are connected with your account"))).to_be_visible()
    page.get_by_role("button", name="Try now").click()
    connection(page, "Live")
    expect(page.get_by_text(re.compile("Too many tabs"))).to_have_count(0)


@contextmanager
def every_connection_taken(server: Server, who: str) -> Iterator[None]:
    """Holds so many connections of a user that one more is refused. In a thread: this one's loop is Playwright's."""
    clients, loop = AsyncExitStack(), asyncio.new_event_loop()
    with ThreadPoolExecutor(1) as thread:
        try:
            connecting = connect_until_refused(clients, server, server.token(who))
            thread.submit(loop.run_until_complete, connecting).result()
            yield
        finally:
            thread.submit(loop.run_until_complete, clients.aclose()).result()
            loop.close()


async def connect_until_refused(clients: AsyncExitStack, server: Server, token: str) -> None:
    received = ""
    while received != "error":
        client = await clients.enter_async_context(connected_client(server, token=token))
        received = (await client.receive())["type"]
