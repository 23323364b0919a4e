"""From a book to films: the plan is shown and edited before anything is drawn, and each episode becomes a film of its own."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents import registry
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from workflows import coordinator, pipelines
from workflows.graph import TaskGraph, input_of
from workflows.long_texts import BEGINNING
from workflows.models import LongText, Workflow

SKERRY = (Path(__file__).parents[1] / "fixtures" / "skerry.txt").read_text(encoding="utf-8")
LONGEST = 2_000_000
FILM_SECONDS = 240  # on a busy machine; two episodes of a scene each take 20
Json = dict[str, Any]


@pytest.fixture
def crew(transactional_db: None) -> None:
    """The built-in agents are known to the database."""
    registry.sync()


def begin(owner: User, novel: str = SKERRY, **wishes: object) -> Workflow:
    return coordinator.create(pipeline="novel2video", given={"novel": novel, **wishes}, owner=owner)


def reply(workflow: Workflow, text: str) -> None:
    by = workflow.owner
    answered = coordinator.control(workflow=workflow, by=by, action="answer", task="information", answer=text)
    assert answered.status == "accepted", answered.reason


def question_of(workflow: Workflow) -> str:
    task = workflow.tasks.get(key="information")
    assert task.state == "input_required", (task.state, task.error)
    return task.question


def output(workflow: Workflow, key: str) -> Json:
    made: Any = workflow.tasks.get(key=key).output
    return dict(made)


EDITED = """Title: Twelve Seconds
Episode 3: The Rescue
They row to the wreck.
Episode 1: The Night of the Storm
A girl keeps the light.
Character 1: NORA (female, old)
An old woman in a green dress.
Character 3: MR MARLOW (male, old)
"""


@pytest.mark.timeout(2 * FILM_SECONDS)
def test_a_book_becomes_a_film_for_each_episode_of_the_plan_as_it_was_edited(crew: None, alice: User, run: Run) -> None:
    workflow = begin(alice, episodes=3, scenes=1)
    run()
    asked = question_of(workflow)
    assert "Episode 1: The Storm" in asked
    assert "Character 1: ANNE (female, child)" in asked
    assert not workflow.artifacts.exists()  # nothing is drawn before the plan is agreed to
    reply(workflow, EDITED)
    run()
    workflow.refresh_from_db()
    assert (workflow.state, workflow.title) == ("completed", "Twelve Seconds"), workflow.error
    films = workflow.artifacts.filter(kind="video").order_by("task__key")
    assert [film.name for film in films] == [
        "twelve-seconds-1-the-rescue.mp4",
        "twelve-seconds-2-the-night-of-the-storm.mp4",
    ]
    assert all(Path(film.file.path).read_bytes()[4:8] == b"ftyp" for film in films)
    assert [output(workflow, key)["plan"]["logline"] for key in ("episode/1", "episode/2")] == [
        "They row to the wreck.",
        "A girl keeps the light.",
    ]
    (nora,) = (one for one in output(workflow, "characters")["characters"] if one["name"] == "NORA")
    assert (nora["description"], nora["gender"], nora["look"]["age"], nora["look"]["outfit"]) == (
        "An old woman in a green dress.",
        "female",
        "old",
        "dress",
    )
    assert workflow.artifacts.filter(kind="script").count() == 1
    assert "ANNE" not in str(output(workflow, "screenplay")).upper()


def test_everybody_is_cast_once_for_all_episodes(crew: None, alice: User, run: Run) -> None:
    workflow = begin(alice, episodes=3, scenes=2)
    run()
    reply(workflow, "Yes")
    while not workflow.tasks.filter(key="characters", state="completed").exists():
        assert run(1), workflow.tasks.exclude(error=None).values_list("key", "error")
    scenes = output(workflow, "screenplay")["scenes"]
    assert [scene["number"] for scene in scenes] == list(range(1, len(scenes) + 1))
    cast = [one["name"] for one in output(workflow, "characters")["characters"]]
    assert sorted(cast) == sorted(set(cast))
    assert {"ANNE", "TOM", "MR MARLOW"} <= set(cast)
    assert sum("ANNE" in scene["characters"] for scene in scenes) >= 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Rather make it funny.", "send the whole plan back"),
        ("Episode 9: The End\nAll is well.", "There is no episode 9: the plan has 3."),
        ("Title: Skerry", "The plan has no episode left"),
        ("Episode 1: A\nEpisode 1: B", "Episode 1 stands in the plan twice."),
        ("Episode 1: A\nCharacter 1: ANNE (female, huge)", "ANNE is 'huge': say one of"),
        ("Episode 1: A\nCharacter 1: ANNE\nCharacter 2: Anne", "ANNE stands in the plan twice."),
    ],
)
def test_an_answer_that_is_no_plan_is_asked_for_again_with_what_is_wrong(
    crew: None, alice: User, run: Run, answer: str, words: str
) -> None:
    workflow = begin(alice)
    run()
    reply(workflow, answer)
    run()
    assert words in question_of(workflow)
    reply(workflow, "yes")
    run(1)
    assert workflow.tasks.get(key="information").state == "completed"


def test_the_longest_book_is_in_no_snapshot_and_in_no_row_that_is_read_at_every_step(
    crew: None, alice: User, as_user: AsUser
) -> None:
    novel = (SKERRY * 300)[:LONGEST]
    new = {"pipeline": "novel2video", "input": {"novel": novel}}
    created = as_user(alice).post("/api/workflows/", new, "json")
    assert created.status_code == 201, created.json()
    workflow = Workflow.objects.get(pk=created.json()["id"])
    snapshot = as_user(alice).get(f"/api/workflows/{workflow.pk}/")
    assert len(snapshot.content) < 20_000
    assert snapshot.json()["input"]["novel"].startswith("The Lamp at Skerry")
    assert len(workflow.input["novel"]) <= BEGINNING
    with CaptureQueriesContext(
        connection,
    ) as queries:
        graph = TaskGraph.load(workflow, pipelines.get("novel2video"))
        given = input_of(graph.by_key["novel"], workflow, graph)
    assert given["novel"] == novel
    assert sum("longtext" in query["sql"] for query in queries) == 1

    size = len(novel.encode())
    assert as_user(alice).get("/api/workflows/storage/").json()["stored_bytes"] == size
    assert as_user(alice).get("/api/workflows/").json()["results"][0]["stored_bytes"] == size
    coordinator.control(workflow=workflow, by=alice, action="cancel")
    assert as_user(alice).delete(f"/api/workflows/{workflow.pk}/").status_code == 204
    assert not LongText.objects.exists()
    assert as_user(alice).get("/api/workflows/storage/").json()["stored_bytes"] == 0


def test_a_book_that_is_too_long_is_refused_with_its_length(crew: None, alice: User, as_user: AsUser) -> None:
    new = {"pipeline": "novel2video", "input": {"novel": "a " * (LONGEST // 2 + 1)}}
    refused = as_user(alice).post("/api/workflows/", new, "json")
    assert refused.status_code == 400
    assert "2,000,002 characters of at most 2,000,000" in refused.json()["error"]["fields"]["novel"]


def test_a_rerun_has_the_whole_book_of_the_one_before(crew: None, alice: User, run: Run) -> None:
    workflow = begin(alice, episodes=1, scenes=1)
    run()
    coordinator.control(workflow=workflow, by=alice, action="cancel")
    workflow.refresh_from_db()
    assert workflow.state == "cancelled"
    given = {**workflow.input, "episodes": 2}
    again = coordinator.rerun(workflow=workflow, by=alice, from_task="draft", given=given)
    assert LongText.objects.get(workflow=again).text == SKERRY
    run()
    assert "Episode 2:" in question_of(again)
    other = coordinator.rerun(
        workflow=workflow, by=alice, from_task="novel", given={**given, "novel": SKERRY.replace("Anne", "Berta")}
    )
    run()
    assert "BERTA" in question_of(other)
