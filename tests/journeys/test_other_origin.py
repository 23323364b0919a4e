"""The example app on another origin, with the packages of the front end installed as others install them."""

import os
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Picture, Start, Visit
from tests.server import ROOT, Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

APP = Path(os.environ.get("CALLBOARD_REACT_APP") or ROOT / "var" / "react-app" / "dist")
FILM_MS = 300_000  # a short film, on a busy machine


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def app() -> Iterator[str]:
    """The origin of the app: another port is another origin."""
    assert (APP / "index.html").is_file(), f"Build the example app first (script/setup --dev); none in {APP}."
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=os.fspath(APP))) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()


@pytest.fixture
def open_server(app: str, tmp_path: Path) -> Iterator[Server]:
    """A server that allows the app."""
    with Server(tmp_path, {"ALLOWED_ORIGINS": app}) as server:
        yield server


def enter(page: Page, app: str, server: Server, fields: dict[str, str]) -> None:
    """Fills in the app's form."""
    page.goto(app)
    for label, value in {"Server": server.url, **fields}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Enter").click()


def test_an_app_on_another_origin_shows_a_film_as_it_is_made_and_controls_it(
    visit: Visit, picture: Picture, start: Start, open_server: Server, app: str
) -> None:
    start(scenes=2, on=open_server)
    page = visit("/healthz", on=open_server)
    enter(page, app, open_server, {"Username": "alice", "Password": PASSWORD})
    page.get_by_role("list", name="Films").get_by_role("button").click()
    film = page.get_by_role("region")
    expect(film).to_contain_text("Running")
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    frame = page.get_by_role("img", name="The newest frame")
    expect(frame).to_be_visible(timeout=FILM_MS)
    expect(frame).to_have_js_property("complete", value=True)
    assert frame.evaluate("frame => frame.naturalWidth") > 0
    picture(page, "react-app")
    page.get_by_role("button", name="pause").click()
    expect(film).to_contain_text("Paused", timeout=FILM_MS)
    expect(page.get_by_role("list", name="What happens")).to_contain_text("workflow paused")
    page.get_by_role("button", name="resume").click()
    expect(film).to_contain_text("Running")


def test_an_app_whose_origin_is_not_allowed_is_kept_out(visit: Visit, server: Server, app: str) -> None:
    page = visit("/healthz")
    enter(page, app, server, {"Username": "alice", "Password": PASSWORD})
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
