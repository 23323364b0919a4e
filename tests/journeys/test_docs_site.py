"""The documentation's site in a real browser: diagrams are drawn, search finds, and nothing is asked of another server."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.docs.fences import fences
from tests.docs.test_site import build
from tests.prepared_data import ROOT

pytestmark = pytest.mark.journey


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and logs nothing."""

    def log_message(self, *_: object) -> None:
        """Not needed."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of the built site."""
    built = build(tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that fails the test when it asks another server for something."""
    context = browser.new_context()
    page, foreign = context.new_page(), list[str]()
    page.on(
        "request", lambda request: foreign.append(request.url) if not request.url.startswith((site, "data:")) else None
    )
    yield page
    context.close()
    assert foreign == []


def test_diagrams_are_drawn_and_search_finds_without_another_server(page: Page, site: str) -> None:
    for name in {fence.path.stem for fence in fences("mermaid") if fence.path.parent == ROOT / "docs"}:
        page.goto(f"{site}/{name}.html")
        diagrams = [fence for fence in fences("mermaid") if fence.path.stem == name]
        expect(page.locator("div.mermaid")).to_have_count(len(diagrams))
        expect(page.locator("pre.mermaid")).to_have_count(0)
    search = page.get_by_role("textbox", name="Search")
    search.click()
    search.press_sequentially("close code 4101")
    expect(page.get_by_role("heading", name="WebSocket close codes").first).to_be_visible()
