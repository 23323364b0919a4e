"""A workflow on somebody else's page: the link is made in the pages, the frame needs no script."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Start, Visit
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

FILM_MS = 300_000  # until a film of one scene is there, on a busy machine


class Studio:
    """The site of somebody else, with one page; every port is an origin of its own."""

    def __init__(self) -> None:
        studio, self.html = self, ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = studio.html.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def studios() -> Iterator[tuple[Studio, Studio]]:
    """Two sites."""
    made = Studio(), Studio()
    yield made
    for studio in made:
        studio.server.shutdown()
        studio.server.server_close()


@pytest.fixture
def embedding(tmp_path: Path, studios: tuple[Studio, Studio]) -> Iterator[Server]:
    """A server that lets the first of them frame its workflows."""
    with Server(tmp_path, environment={"EMBED_ANCESTORS": studios[0].url}) as server:
        yield server


def code_of_a_frame(page: Page) -> str:
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share this workflow")
    dialog.get_by_role("button", name="Make the links").click()
    return dialog.get_by_role("textbox", name="For a page: a frame").input_value()


def test_a_film_is_watched_to_its_end_in_a_frame_of_another_origin_without_a_script(
    visit: Visit, start: Start, browser: Browser, embedding: Server, studios: tuple[Studio, Studio]
) -> None:
    workflow = start(on=embedding)
    page = visit(f"/workflows/{workflow}", who="alice", on=embedding)
    allowed, strange = studios
    allowed.html = strange.html = f"<h1>Our studio</h1>{code_of_a_frame(page)}"

    context = browser.new_context(java_script_enabled=False, viewport={"width": 700, "height": 700})
    guest = context.new_page()
    guest.goto(allowed.url)
    frame = guest.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    expect(frame.get_by_role("progressbar")).to_be_visible()
    expect(frame.locator("video")).to_be_visible(timeout=FILM_MS)
    expect(frame.get_by_text("The film is finished.")).to_be_visible()

    guest.goto(strange.url)
    expect(guest.get_by_role("heading", name="Our studio")).to_be_visible()
    expect(guest.frame_locator("iframe").locator("video, progress, h1")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frame_fits_where_there_are_320_pixels(
    visit: Visit, start: Start, browser: Browser, embedding: Server, scheme: Literal["light", "dark"]
) -> None:
    workflow = start(on=embedding)
    with embedding.client("alice") as http:
        link = http.post(f"/api/workflows/{workflow}/tokens/", json={}).json()["embed_url"]
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    is_dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert is_dark is (scheme == "dark")
    context.close()
