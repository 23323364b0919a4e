"""The main journeys in Firefox. Playwright drives only a Firefox of its own; Puppeteer drives the one that is installed."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import PASSWORD
from tests.journeys.conftest import Start
from tests.node import run_in_node
from tests.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

JOURNEY_SECONDS = 600  # a film, on a busy machine


@pytest.fixture
def firefox() -> str:
    """Firefox as it is installed here."""
    names = [os.environ.get("FIREFOX", ""), "firefox-esr", "firefox"]
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        pytest.skip("there is no Firefox here")
    return found


@pytest.fixture
def put_back(server: Server) -> Iterator[None]:
    """The agent that a journey switches is in service again after it."""
    yield
    with server.client("ada") as http:
        http.patch("/api/agents/script_enhancer/", json={"enabled": True, "draining": False}).raise_for_status()


@pytest.mark.usefixtures("pages_are_built", "put_back")
@pytest.mark.parametrize(
    "journey",
    [
        "a film is made of an idea, watched live, and plays",
        "what one tab pauses is paused in the other",
        "an operator switches an agent off, and who watches sees why",
        "a replay shows a moment, and goes back to now",
        "the workflow of somebody else is not there",
    ],
)
def test_in_firefox(journey: str, firefox: str, server: Server, start: Start, tmp_path: Path) -> None:
    # Long enough that it is still being made when both tabs are open, on a busy machine, too.
    workflow = "" if "film" in journey or "agent" in journey else start(scenes=12)
    parameters = json.dumps({"password": PASSWORD, "workflow": workflow})
    run_in_node(tmp_path, "firefox.mjs", journey, server.url, parameters, seconds=JOURNEY_SECONDS, FIREFOX=firefox)
