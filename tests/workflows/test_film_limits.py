"""How large a film may be is set for an installation: what is too much is refused, at once or by the first task."""

import time
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from tests.fixtures.people import AsUser
from tests.server import Server

SECONDS = 90  # for a first task, on a busy machine
LIMITS = {"IDEA_LENGTH": "40", "SCRIPT_LENGTH": "300", "SCENES_PER_FILM": "2", "SHOTS_PER_FILM": "2"}
SCENE = "INT. ROOM - DAY\n\nThey wait.\n\n"
TALK = "ANNA\nIt is late, and nobody has come.\n\nBEN\nThe last train left at ten, I am sure of it.\n\n"


@pytest.mark.django_db
def test_a_script_of_too_many_scenes_is_refused_with_the_field_and_what_to_do(
    alice: User, as_user: AsUser, settings: Settings
) -> None:
    settings.SCENES_PER_FILM = 2
    refused = as_user(alice).post(
        "/api/workflows/", {"pipeline": "script2video", "input": {"script": SCENE * 3}}, "json"
    )
    assert refused.status_code == 400
    assert refused.json()["error"]["fields"] == {
        "script": "Screenplay has 3 scenes; a film takes at most 2. Shorten it, or make several films of it."
    }
    commented = {"script": f"{SCENE * 2}/* {SCENE} */"}
    assert (
        as_user(alice).post("/api/workflows/", {"pipeline": "script2video", "input": commented}, "json").status_code
        == 201
    )


@pytest.mark.timeout(2 * SECONDS)
def test_all_processes_of_an_installation_keep_to_its_limits(tmp_path: Path) -> None:
    with Server(tmp_path, environment=LIMITS) as server, server.client("alice") as api:
        too_long = {"idea": "A lighthouse keeper finds a message in a bottle."}
        assert refusal(api, "idea2video", too_long) == {
            "idea": "Idea is too long: 48 characters of at most 40. Shorten it."
        }
        assert refusal(api, "idea2video", {"idea": "A keeper", "scenes": 3}) == {"scenes": "Scenes must be at most 2."}
        assert set(refusal(api, "script2video", {"script": "They wait. " * 30})) == {"script"}
        assert set(refusal(api, "script2video", {"script": SCENE * 3})) == {"script"}
        started = api.post("/api/workflows/", json={"pipeline": "script2video", "input": {"script": SCENE + TALK * 2}})
        assert failure(api, started.json()["id"]) == (
            "The text has 3 shots; a film takes at most 2. Shorten it, or make several films of it."
        )


def refusal(api: httpx2.Client, pipeline: str, given: Mapping[str, object]) -> dict[str, str]:
    answer = api.post("/api/workflows/", json={"pipeline": pipeline, "input": given})
    assert answer.status_code == 400
    fields: dict[str, str] = answer.json()["error"]["fields"]
    return fields


def failure(api: httpx2.Client, workflow: str) -> str:
    """The message with which the workflow fails."""
    deadline, after = time.monotonic() + SECONDS, 0
    while time.monotonic() < deadline:
        page = api.get(f"/api/workflows/{workflow}/events/", params={"after": after, "wait": 25}, timeout=40).json()
        for event in page["events"]:
            if event["kind"] == "workflow_failed":
                return str(event["data"]["error"]["message"])
        after = page["seq"]
    raise AssertionError("It has not failed in time.")
