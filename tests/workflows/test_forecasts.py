"""What is told before the start: counted where it can be, and kept, so that the end can be held against it."""

from collections.abc import Iterator, Sequence

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from pytest_django.fixtures import Settings

from agents.animatic.counting import size_of_idea, size_of_script
from agents.studio import film_size
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, estimates, snapshots
from workflows.models import Workflow
from workflows.simulation import Capacity

IDEA = "A baker waits for the last tram"
SCRIPT = "INT. BAKERY - NIGHT\n\nANNA\nIt is late.\n\nEXT. STOP - NIGHT\n\nANNA\nThere it is.\n"


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody has asked, and history is read anew."""
    monkeypatch.setattr(estimates, "_known", {})
    monkeypatch.setattr(film_size, "SECONDS_TO_COUNT", 60.0)  # this machine may be busy
    cache.clear()
    yield
    cache.clear()


def estimate(api: object, pipeline: str, given: object) -> tuple[int, dict[str, object]]:
    answer = api.post(f"/api/pipelines/{pipeline}/estimate/", {"input": given})  # type: ignore[attr-defined]
    return answer.status_code, answer.json()


@pytest.mark.covers("http_post_pipelines_name_estimate")
def test_the_shots_of_an_idea_are_counted_and_not_guessed(alice: User, as_user: AsUser) -> None:
    status, told = estimate(as_user(alice), "idea2video", {"idea": IDEA, "scenes": 1})
    assert status == 200
    counted = size_of_idea(IDEA, scenes=1, requirement="", style="", report=lambda *_: None)
    assert told["shots"] == counted.shots == 3
    assert isinstance(told["seconds"], dict)
    assert 0 < told["seconds"]["p10"] <= told["seconds"]["p50"] <= told["seconds"]["p90"]


def test_the_shots_of_a_screenplay_are_counted(alice: User, as_user: AsUser) -> None:
    _, told = estimate(as_user(alice), "script2video", {"script": SCRIPT})
    assert told["shots"] == size_of_script(SCRIPT, requirement="", style="", report=lambda *_: None).shots


def test_what_a_text_model_will_write_cannot_be_counted(alice: User, as_user: AsUser, settings: Settings) -> None:
    settings.STUDIO_TEXT = "openai"
    _, told = estimate(as_user(alice), "idea2video", {"idea": IDEA})
    assert told["shots"] is None


def test_an_input_that_does_not_fit_is_refused_as_it_is_when_it_is_started(alice: User, as_user: AsUser) -> None:
    status, refusal = estimate(as_user(alice), "idea2video", {"idea": ""})
    assert (status, refusal["error"]["fields"].keys()) == (400, {"idea"})  # type: ignore[index]


def test_a_film_of_more_shots_takes_longer(alice: User, as_user: AsUser) -> None:
    short, long = (
        estimate(as_user(alice), "idea2video", {"idea": IDEA, "scenes": scenes})[1]["seconds"] for scenes in (1, 12)
    )
    assert short["p50"] < long["p50"]  # type: ignore[index]


def test_what_was_told_is_kept_with_the_workflow(alice: User, olga: User, as_user: AsUser) -> None:
    given = {"idea": IDEA, "scenes": 1}
    _, told = estimate(as_user(alice), "idea2video", given)
    workflow = coordinator.create(pipeline="idea2video", given=given, owner=alice)
    assert snapshots.workflow_snapshot(workflow)["estimated"] == told["seconds"]
    hers = coordinator.create(pipeline="idea2video", given=given, owner=olga)
    assert hers.estimated  # she has not asked: as far as it is known without reading the text
    assert hers.estimated != told["seconds"]


def test_where_nothing_can_be_counted_the_latest_workflows_say_how_many_there_are(
    sample_agent: SampleAgent, alice: User, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_after(words: str) -> float:
        Workflow.objects.all().delete()
        for _ in range(estimates.LEAST_ATTEMPTS):
            coordinator.create(pipeline="telegram", given={"text": words}, owner=alice)
        run()
        second = dict.fromkeys(("cut", "spell", "join"), 1.0)
        samples: dict[str, Sequence[float]] = {skill: [took] for skill, took in second.items()}
        known = estimates.Known(second, samples, (1.0,), is_enough=True, capacity=Capacity(1))
        monkeypatch.setattr(estimates, "known_of", lambda _pipeline: known)
        monkeypatch.setattr(estimates, "rivals_of", lambda _workflow: [])
        told = coordinator.create(pipeline="telegram", given={"text": "x"}, owner=alice).estimated
        monkeypatch.undo()
        return float((told or {})["p50"])

    assert told_after("a b c d e f g h") == 10.0  # to cut, eight words, to join
    assert told_after("a b") == 4.0


def test_too_little_is_known_of_a_new_pipeline_to_tell_a_time(sample_workflow: Workflow) -> None:
    assert snapshots.workflow_snapshot(sample_workflow)["estimated"] is None


def test_a_pipeline_that_does_not_exist_has_no_estimate(alice: User, as_user: AsUser) -> None:
    assert estimate(as_user(alice), "opera", {})[0] == 404


def test_the_scenes_and_the_length_of_what_is_chosen_are_told(alice: User, as_user: AsUser) -> None:
    _, whole = estimate(as_user(alice), "script2video", {"script": SCRIPT})
    _, chosen = estimate(as_user(alice), "script2video", {"script": SCRIPT, "scenes": "2"})
    assert (whole["scenes"], chosen["scenes"]) == (2, 1)
    assert 0 < chosen["film_seconds"] < whole["film_seconds"]  # type: ignore[operator]
    assert whole["remarks"] == []


def test_what_could_not_be_read_is_told_with_its_line(alice: User, as_user: AsUser) -> None:
    _, told = estimate(as_user(alice), "script2video", {"script": f"{SCRIPT}\nINT.\n\nDust. */"})
    assert told["remarks"] == [
        "Line 11: The heading “INT.” does not name a place: write one, as in INT. KITCHEN - DAY.",
        "Line 13: “*/” stands alone here: it is read as a part of the text.",
    ]


def test_of_a_film_that_cannot_be_counted_nothing_is_told_but_the_time(
    alice: User, as_user: AsUser, settings: Settings
) -> None:
    settings.STUDIO_TEXT = "openai"
    _, told = estimate(as_user(alice), "script2video", {"script": SCRIPT})
    assert (told["scenes"], told["shots"], told["film_seconds"], told["remarks"]) == (None, None, None, [])
