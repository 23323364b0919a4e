"""How large a film may be is set for an installation: what is too much is refused at once, with the field and what to do."""

from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from agents.studio.offline import text
from tests.fixtures.people import AsUser
from tests.server import Server

SECONDS = 90  # on a busy machine
LIMITS = {"IDEA_LENGTH": "40", "SCRIPT_LENGTH": "300", "SCENES_PER_FILM": "2", "SHOTS_PER_FILM": "2"}
SCENE = "INT. ROOM - DAY\n\nThey wait.\n\n"
TALK = "ANNA\nIt is late, and nobody has come.\n\nBEN\nThe last train left at ten, I am sure of it.\n\n"


@pytest.mark.django_db
def test_a_script_of_too_many_scenes_is_refused_with_the_field_and_what_to_do(
    alice: User, as_user: AsUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "SECONDS_TO_CHECK", 60.0)  # "at once" must not depend on how busy this machine is
    settings.SCENES_PER_FILM = 2
    refused = as_user(alice).post(
        "/api/workflows/", {"pipeline": "script2video", "input": {"script": SCENE * 3}}, "json"
    )
    assert refused.status_code == 400
    assert refused.json()["error"]["fields"] == {
        "scenes": "The text has 3 scenes; a film takes at most 2. Scenes 1–2 fit: write 1-2 in Scenes."
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
        assert set(refusal(api, "script2video", {"script": SCENE * 3})) == {"scenes"}
        too_many_shots = {"script": SCENE + TALK * 2}
        assert refusal(api, "script2video", too_many_shots) == {
            "script": "The text has 3 shots; a film takes at most 2. Shorten it, or make several films of it."
        }


def refusal(api: httpx2.Client, pipeline: str, given: Mapping[str, object]) -> dict[str, str]:
    answer = api.post("/api/workflows/", json={"pipeline": pipeline, "input": given})
    assert answer.status_code == 400
    fields: dict[str, str] = answer.json()["error"]["fields"]
    return fields


@pytest.mark.django_db
def test_a_script_of_too_many_speaking_parts_is_refused_at_once(
    alice: User, as_user: AsUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "SECONDS_TO_CHECK", 60.0)  # "at once" must not depend on how busy this machine is
    settings.CHARACTERS_PER_FILM = 3
    names = ("ANNA", "BEN", "CLARA", "DORA")
    script = "INT. ROOM - DAY\n\n" + "".join(f"{name}\nNobody has come.\n\n" for name in names)
    refused = as_user(alice).post("/api/workflows/", {"pipeline": "script2video", "input": {"script": script}}, "json")
    assert refused.status_code == 400
    assert "at most 3" in refused.json()["error"]["fields"]["script"]


@pytest.mark.django_db
def test_a_script_that_takes_too_long_to_check_is_left_to_the_first_task(
    alice: User, as_user: AsUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHARACTERS_PER_FILM = 3
    monkeypatch.setattr(text, "SECONDS_TO_CHECK", 0.0)
    given = {"script": SCENE + TALK * 2}
    started = as_user(alice).post("/api/workflows/", {"pipeline": "script2video", "input": given}, "json")
    assert started.status_code == 201


@pytest.mark.django_db
def test_chosen_scenes_become_the_film_and_a_wrong_choice_is_refused_at_its_field(
    alice: User, as_user: AsUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "SECONDS_TO_CHECK", 60.0)
    settings.SCENES_PER_FILM = 2
    given = {"script": SCENE * 5, "scenes": "2-3"}
    started = as_user(alice).post("/api/workflows/", {"pipeline": "script2video", "input": given}, "json")
    assert started.status_code == 201
    for scenes, sentence in (
        ("4-9", "There is no scene 9: the script has 5 scenes, 1 to 5."),
        ("1-4", "The text has 4 scenes; a film takes at most 2. Scenes 1–2 fit: write 1-2 in Scenes."),
        ("x" * 201, "Scenes is too long: 201 characters of at most 200. Shorten it."),
    ):
        body = {"pipeline": "script2video", "input": given | {"scenes": scenes}}
        refused = as_user(alice).post("/api/workflows/", body, "json")
        assert (refused.status_code, refused.json()["error"]["fields"]) == (400, {"scenes": sentence})


@pytest.mark.django_db
def test_markup_of_a_final_draft_document_does_not_count_as_text(
    alice: User, as_user: AsUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "SECONDS_TO_CHECK", 60.0)
    action = "<Paragraph Type='Action'><Text>Dust.</Text></Paragraph>"
    heading = "<Paragraph Type='Scene Heading'><Text>INT. HALL - DAY</Text></Paragraph>"
    document = f"<FinalDraft><Content>{heading}{action * 40}</Content></FinalDraft>"
    settings.SCRIPT_LENGTH = len(document) - 1

    def status(script: str) -> tuple[int, object]:
        body = {"pipeline": "script2video", "input": {"script": script}}
        answer = as_user(alice).post("/api/workflows/", body, "json")
        return answer.status_code, answer.json().get("error", {}).get("fields")

    assert status(document)[0] == 201
    refused = f"Script is too long: {len(document):,} characters of at most {len(document) - 1:,}. Shorten it."
    assert status("They wait. " * (len(document) // 11) + "x" * (len(document) % 11)) == (400, {"script": refused})
    assert status("<?xml version='1.0'?><!DOCTYPE x><FinalDraft/>")[0] == 400
