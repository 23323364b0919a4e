"""A real browser in front of a real server; things are found by role and name."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.cast import PASSWORD
from tests.server import FRONTEND_DIST, ROOT, Server

IMAGES = ROOT / "docs" / "images"
DESK = {"width": 1440, "height": 900}
PATIENCE_MS = 30_000  # on a busy machine: other tests run beside these
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]

# What a page's Content-Security-Policy forbids is an error in the page, which fails the test.
VIOLATION_IS_ERROR = """
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile }) => {
  setTimeout(() => { throw new Error(`Forbidden by ${effectiveDirective}: ${blockedURI} in ${sourceFile}`); });
});
"""

Visit = Callable[..., Page]
Picture = Callable[..., None]
Start = Callable[..., str]

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as it is installed here."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def pages_are_built() -> None:
    """The journeys need the pages."""
    assert (FRONTEND_DIST / "index.html").is_file(), f"Build the pages first (script/setup); none in {FRONTEND_DIST}."


@pytest.fixture
def visit(pages_are_built: None, browser: Browser, server: Server) -> Iterator[Visit]:
    """Opens an address in a browser of its own, signed in where a name is given. An error in a page fails the test."""
    contexts: list[BrowserContext] = []
    broken: list[str] = []

    def visit(path: str = "/", *, who: str = "", on: Server = server, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESK, "color_scheme": "dark", **options})
        context.add_init_script(VIOLATION_IS_ERROR)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(on.url + path)
        if who:
            sign_in(page, who)
            expect(page.get_by_role("button", name=f"Account of {who}")).to_be_visible()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not broken


@pytest.fixture
def start(server: Server) -> Iterator[Start]:
    """Starts a film over HTTP, of an idea or of `script`, and returns its id; what is left of it in the end is cancelled."""
    started: list[tuple[Server, str, str]] = []

    def start(*, who: str = "alice", scenes: int = 1, script: str = "", on: Server = server) -> str:
        idea = {"pipeline": "idea2video", "input": {"idea": "A baker waits for the last tram", "scenes": scenes}}
        wanted = {"pipeline": "script2video", "input": {"script": script}} if script else idea
        with on.client(who) as http:
            workflow = str(http.post("/api/workflows/", json=wanted).raise_for_status().json()["id"])
        started.append((on, who, workflow))
        return workflow

    yield start
    for on, who, workflow in started:
        if on.process is not None:
            with on.client(who) as http:
                answer = http.post(f"/api/workflows/{workflow}/control/", json={"action": "cancel"})
                assert answer.is_success or answer.status_code == 404  # a journey may have deleted it


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    """Takes a picture for the documentation, when asked to with --screenshots."""

    def picture(page: Page, name: str, *, whole: bool = False) -> None:
        if request.config.getoption("--screenshots"):
            IMAGES.mkdir(exist_ok=True)
            page.wait_for_function(
                "() => document.fonts.ready.then(() => [...document.images].every((image) => image.complete))"
            )
            page.screenshot(path=IMAGES / f"{name}.png", full_page=whole, animations="disabled")

    return picture


def sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    """Fills in the form."""
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
