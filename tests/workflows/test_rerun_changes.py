"""Run again otherwise: one item is changed, or another picture of it is chosen; everything else is reused."""

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import msgspec
import pytest
from django.contrib.auth.models import User
from msgspec import Meta, Struct

from agents import registry
from agents.contract import Agent, ArtifactId, ArtifactKind, Job, Outcome, Skill, typed_skill
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from workflows import coordinator, pipelines, quotas, snapshots
from workflows.errors import InvalidInput, StillWorking, TooManyWorkflows
from workflows.models import Artifact, Workflow
from workflows.pipelines.base import Each, Given, Item, Output, Outputs, Pipeline, Step

Json = dict[str, Any]
Rerun = Callable[..., Workflow]


class Flower(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a drawing is made for."""

    name: str
    petals: Annotated[int, Meta(ge=3, le=9)]


class Bed(Struct, kw_only=True):
    """The flowers, and how they are drawn."""

    flowers: list[Flower]
    style: str


class Wish(Struct, kw_only=True):
    """What is planted."""

    names: str


class DrawInput(Struct, kw_only=True):
    """What `draw_flower` takes."""

    flower: Flower
    style: str


class Drawings(Struct, kw_only=True):
    """Two tries."""

    pictures: list[ArtifactId]


class PickInput(Struct, kw_only=True):
    """What `pick_drawing` takes."""

    flower: Flower
    drawings: Drawings
    favourite: ArtifactId = ""


class Picked(Struct, kw_only=True):
    """The drawing that is kept, with its words."""

    picture: ArtifactId
    words: str


class BindInput(Struct, kw_only=True):
    """What `bind_book` takes."""

    pages: list[Picked]


class Book(Struct, kw_only=True):
    """All pages as text."""

    text: str


class Gardener(Agent):
    """Draws in words: a drawing is a text file."""

    name = "gardener"
    description = "Plants, draws, picks and binds."
    skills: tuple[Skill, ...] = (
        typed_skill("plant_bed", "Plant", "Plants flowers.", Wish, Bed),
        typed_skill("draw_flower", "Draw", "Draws a flower twice.", DrawInput, Drawings),
        typed_skill("pick_drawing", "Pick", "Picks one of two drawings.", PickInput, Picked),
        typed_skill("bind_book", "Bind", "Binds the drawings.", BindInput, Book),
    )

    def __init__(self) -> None:
        self.performed: list[str] = []

    def perform(self, job: Job) -> Outcome:
        self.performed.append(job.skill)
        match job.skill:
            case "plant_bed":
                return self._plant(job)
            case "draw_flower":
                return self._draw(job, job.read(DrawInput))
            case "pick_drawing":
                given = job.read(PickInput)
                picture = given.favourite or given.drawings.pictures[0]
                return Outcome(Picked(picture=picture, words=f"{job.fetch(picture).read_text()} ({given.flower.name})"))
            case _:
                return Outcome(Book(text="; ".join(page.words for page in job.read(BindInput).pages)))

    def _plant(self, job: Job) -> Outcome:
        bed = Bed(flowers=[Flower(name=name, petals=5) for name in job.read(Wish).names.split()], style="ink")
        path = job.workdir / "bed.json"
        path.write_bytes(msgspec.json.encode(bed))
        job.keep(path, name="bed.json", kind=ArtifactKind.STORYBOARD, media_type="application/json")
        path.write_bytes(b"[]")
        job.keep(path, name="notes.json", kind=ArtifactKind.TEXT, media_type="application/json")
        return Outcome(bed)

    def _draw(self, job: Job, given: DrawInput) -> Outcome:
        pictures = []
        for number in (1, 2):
            path = job.workdir / f"{number}.txt"
            path.write_text(f"{given.flower.petals} petals in {given.style}, try {number}")
            pictures.append(job.keep(path, name=path.name, kind=ArtifactKind.FRAME, media_type="text/plain"))
        return Outcome(Drawings(pictures=pictures))


each_flower = Each("plant", "flowers", expected=2, changeable=("petals", "name"))
BOOK = Pipeline(
    name="herbarium",
    title="Herbarium",
    description="Draws flowers.",
    takes=Wish,
    stages=("Plant", "Draw", "Bind"),
    title_of=lambda given: given.names,
    steps=(
        Step("plant", stage="Plant", skill="plant_bed", takes={"names": Given("names")}, seconds=1),
        Step(
            "draw",
            stage="Draw",
            skill="draw_flower",
            each=each_flower,
            takes={"flower": Item(), "style": Output("plant", "style")},
            seconds=1,
        ),
        Step(
            "pick",
            stage="Draw",
            skill="pick_drawing",
            each=each_flower,
            takes={"flower": Item(), "drawings": Output("draw")},
            seconds=1,
        ),
        Step("bind", stage="Bind", skill="bind_book", takes={"pages": Outputs("pick")}, seconds=1),
    ),
)


@pytest.fixture
def gardener(transactional_db: None) -> Iterator[Gardener]:
    """The only agent with the skills of the pipeline; both are registered during the test."""
    gardener = Gardener()
    registry.register(gardener)
    registry.sync()
    pipelines.register(BOOK)
    yield gardener
    pipelines.unregister(BOOK.name)
    registry.unregister(gardener.name)


@pytest.fixture
def book(gardener: Gardener, alice: User, run: Run) -> Workflow:
    """A completed workflow with three flowers; what is performed from now on is in `gardener.performed`."""
    workflow = coordinator.create(pipeline="herbarium", given={"names": "rose aster iris"}, owner=alice)
    run()
    gardener.performed.clear()
    return workflow


@pytest.fixture
def rerun(book: Workflow, alice: User) -> Rerun:
    """Alice runs her workflow, or another one, again from a task, otherwise."""

    def rerun(from_task: str, changes: object, of: Workflow = book) -> Workflow:
        return coordinator.rerun(workflow=of, by=alice, from_task=from_task, changes=changes)

    return rerun


def text_of(workflow: Workflow) -> list[str]:
    output: Any = workflow.tasks.get(key="bind").output
    return str(output["text"]).split("; ")


def picture(workflow: Workflow, task: str, name: str) -> str:
    return str(workflow.artifacts.get(task__key=task, name=name).pk)


def content(artifact: Artifact) -> bytes:
    with artifact.file.open("rb") as file:
        return bytes(file.read())


def refusal(rerun: Rerun, from_task: str, changes: object) -> Json:
    with pytest.raises(InvalidInput) as refused:
        rerun(from_task, changes)
    assert Workflow.objects.count() == 1
    return refused.value.fields or {}


# --- a changed item ---------------------------------------------------------------------------------


def test_a_changed_item_is_made_anew_and_its_siblings_are_reused(
    book: Workflow, gardener: Gardener, rerun: Rerun, run: Run
) -> None:
    new = rerun("draw/2", {"flower": {"petals": 8}})
    assert run() == 3
    assert gardener.performed == ["draw_flower", "pick_drawing", "bind_book"]
    before = text_of(book)
    assert text_of(new) == [before[0], "8 petals in ink, try 1 (aster)", before[2]]
    for sibling in ("draw/1", "pick/1", "draw/3", "pick/3"):
        files = [set(each.artifacts.filter(task__key=sibling).values_list("file", flat=True)) for each in (book, new)]
        assert files[0] == files[1]


def test_what_the_item_was_fanned_out_by_says_what_it_is_now(book: Workflow, rerun: Rerun) -> None:
    new = rerun("draw/2", {"flower": {"petals": 8}})
    output: Any = new.tasks.get(key="plant").output
    assert [flower["petals"] for flower in output["flowers"]] == [5, 8, 5]
    artifact, original = (each.artifacts.get(name="bed.json") for each in (new, book))
    assert json.loads(content(artifact)) == output
    assert artifact.size == len(content(artifact))
    assert json.loads(content(original))["flowers"][1]["petals"] == 5
    assert new.artifacts.get(name="notes.json").file == book.artifacts.get(name="notes.json").file


def test_only_what_follows_from_the_task_is_done_again_although_the_item_is_changed(
    gardener: Gardener, rerun: Rerun, run: Run
) -> None:
    new = rerun("pick/2", {"flower": {"name": "daisy"}})
    run()
    assert gardener.performed == ["pick_drawing", "bind_book"]
    assert text_of(new)[1] == "5 petals in ink, try 1 (daisy)"
    later = rerun("draw/2", {"flower": {"petals": 3}}, of=new)
    run()
    assert text_of(later)[1] == "3 petals in ink, try 1 (daisy)"


def test_an_input_of_the_item_s_tasks_may_be_another_one(rerun: Rerun, run: Run) -> None:
    new = rerun("draw/1", {"style": "oil"})
    run()
    assert [page.split(",")[0] for page in text_of(new)] == ["5 petals in oil", "5 petals in ink", "5 petals in ink"]
    later = rerun("draw/1", {"flower": {"petals": 4}}, of=new)
    run()
    assert text_of(later)[0] == "4 petals in oil, try 1 (rose)"  # it stays


def test_the_new_workflow_says_what_is_different(book: Workflow, rerun: Rerun) -> None:
    new = rerun("draw/2", {"flower": {"petals": 8}, "style": "oil"})
    told = {"task": "draw/2", "changes": ["style", "petals"]}
    assert snapshots.workflow_snapshot(new)["rerun_of"] == {"workflow_id": str(book.pk), **told}
    assert snapshots.workflow_snapshot(book)["reruns"] == [{"workflow_id": str(new.pk), **told}]


# --- a chosen picture -------------------------------------------------------------------------------


def test_another_picture_is_chosen_of_those_that_there_are(
    book: Workflow, gardener: Gardener, rerun: Rerun, run: Run
) -> None:
    new = rerun("pick/3", {"favourite": picture(book, "draw/3", "2.txt")})
    assert run() == 2
    assert gardener.performed == ["pick_drawing", "bind_book"]
    assert text_of(new) == [*text_of(book)[:2], "5 petals in ink, try 2 (iris)"]


def test_a_choice_outlives_a_rerun_of_something_else_but_not_one_of_what_was_chosen_from(
    book: Workflow, rerun: Rerun, run: Run
) -> None:
    new = rerun("pick/3", {"favourite": picture(book, "draw/3", "2.txt")})
    run()
    other = rerun("draw/1", None, of=new)
    run()
    assert text_of(other)[2] == "5 petals in ink, try 2 (iris)"
    chosen_again = rerun("pick/3", None, of=other)
    run()
    assert text_of(chosen_again)[2] == "5 petals in ink, try 2 (iris)"
    drawn_again = rerun("draw/3", None, of=chosen_again)
    run()
    assert text_of(drawn_again)[2] == "5 petals in ink, try 1 (iris)"


@pytest.mark.parametrize("task", ["draw/2", "pick/3", "plant"])
def test_a_picture_of_anything_else_is_refused(book: Workflow, rerun: Rerun, task: str) -> None:
    foreign = str(book.artifacts.filter(task__key=task).values_list("pk", flat=True).first())
    refused = refusal(rerun, "pick/3", {"favourite": foreign})
    assert refused == {"favourite": "Choose one of what draw/3 has made."}


def test_a_picture_that_would_be_drawn_anew_cannot_be_chosen(book: Workflow, rerun: Rerun) -> None:
    refused = refusal(rerun, "draw/3", {"favourite": picture(book, "draw/3", "2.txt")})
    assert refused == {"favourite": "Choose one of what is finished and not made anew."}


def test_a_picture_of_a_task_that_is_not_finished_cannot_be_chosen(book: Workflow, rerun: Rerun) -> None:
    book.tasks.filter(key="draw/3").update(state="failed")
    refused = refusal(rerun, "pick/3", {"favourite": picture(book, "draw/3", "2.txt")})
    assert refused == {"favourite": "Choose one of what is finished and not made anew."}


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_task", "changes", "fields"),
    [
        ("draw/2", {"flower": {"petals": 12}}, {"petals": "Petals must be at most 9."}),
        ("draw/2", {"flower": {"petals": "many"}}, {"petals": "Petals must be a whole number."}),
        ("draw/2", {"flower": {"scent": "sweet"}}, {"scent": "Of a flower you may change petals, name."}),
        ("draw/2", {"flower": "a rose"}, {"flower": "It must be an object."}),
        (
            "draw/2",
            {"flower": {"name": "x" * 1_001}},
            {"name": "Name is too long: at most 1,000 characters. Shorten it."},
        ),
        ("draw/2", {"style": 5}, {"style": "Style must be a text."}),
        ("draw/2", {"style": "\0"}, {"style": "Style is not readable text: it looks like a binary file."}),
        ("draw/2", {"drawings": {"pictures": []}}, {"drawings": "draw/2 takes no 'drawings' that may be changed."}),
        ("pick/2", {"style": "oil"}, {"style": "pick/2 takes no 'style' that may be changed."}),
        ("plant", {"names": "tulip"}, {"names": "plant takes no 'names' that may be changed."}),
        ("bind", {"pages": []}, {"pages": "bind takes no 'pages' that may be changed."}),
        ("draw/2", ["petals"], {"with": "It must be an object."}),
        ("pick/2", {"favourite": "rose"}, {"favourite": "Choose one of what draw/2 has made."}),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    rerun: Rerun, from_task: str, changes: object, fields: dict[str, str]
) -> None:
    assert refusal(rerun, from_task, changes) == fields


def test_a_file_that_was_written_for_a_rerun_that_failed_is_deleted(
    rerun: Rerun, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(Artifact.objects.values_list("file", flat=True))
    written: list[str] = []
    storage = Artifact._meta.get_field("file").storage
    save = storage.save

    def note(name: str, *arguments: Any, **options: Any) -> str:
        written.append(save(name, *arguments, **options))
        return written[-1]

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(storage, "save", note)
    monkeypatch.setattr(coordinator, "record", fail)
    with pytest.raises(RuntimeError):
        rerun("draw/2", {"flower": {"petals": 8}})
    assert set(Artifact.objects.values_list("file", flat=True)) == before
    assert written
    assert not any(storage.exists(name) for name in written)


# --- while it works ---------------------------------------------------------------------------------


@pytest.fixture
def half_done(gardener: Gardener, alice: User, run: Run) -> Workflow:
    """A workflow that runs: planted and drawn, not picked."""
    workflow = coordinator.create(pipeline="herbarium", given={"names": "rose aster"}, owner=alice)
    run(3)
    gardener.performed.clear()
    return workflow


@pytest.mark.covers("error_still_working")
def test_what_still_works_cannot_be_run_again_and_says_what_to_do(
    half_done: Workflow, alice: User, as_user: AsUser
) -> None:
    answer = as_user(alice).post(f"/api/workflows/{half_done.pk}/rerun/", {"from": "draw/1"})
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["retryable"]) == (409, "StillWorking", True)
    assert "pause it, or cancel it" in error["message"]
    assert Workflow.objects.count() == 1


def test_what_is_paused_can_be_run_again_and_stays_paused(half_done: Workflow, alice: User, run: Run) -> None:
    coordinator.control(workflow=half_done, by=alice, action="pause")
    new = coordinator.rerun(workflow=half_done, by=alice, from_task="draw/1", changes={"flower": {"petals": 8}})
    run()
    assert text_of(new) == ["8 petals in ink, try 1 (rose)", "5 petals in ink, try 1 (aster)"]
    half_done.refresh_from_db()
    assert half_done.state == "paused"


@pytest.mark.parametrize("state", ["pending", "running", "pausing", "cancelling"])
def test_no_state_in_which_something_may_run_allows_it(book: Workflow, rerun: Rerun, state: str) -> None:
    Workflow.objects.filter(pk=book.pk).update(state=state)
    with pytest.raises(StillWorking):
        rerun("draw/1", None)


# --- who may ----------------------------------------------------------------------------------------


def test_a_rerun_by_somebody_else_is_not_shown_to_the_owner(book: Workflow, olga: User) -> None:
    coordinator.rerun(workflow=book, by=olga, from_task="draw/1")
    assert snapshots.workflow_snapshot(book)["reruns"] == []
    assert not book.events.filter(kind="workflow_rerun").exists()


def test_a_refused_rerun_leaves_no_trace(book: Workflow, rerun: Rerun, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise TooManyWorkflows

    monkeypatch.setattr(quotas, "check_new_workflow", refuse)
    seq = book.events.count()
    with pytest.raises(TooManyWorkflows):
        rerun("draw/2", {"flower": {"petals": 8}})
    assert (book.events.count(), Workflow.objects.count()) == (seq, 1)


def test_changes_are_asked_for_over_http(book: Workflow, alice: User, as_user: AsUser, run: Run) -> None:
    body = {"from": "draw/2", "with": {"flower": {"petals": 8}}}
    answer = as_user(alice).post(f"/api/workflows/{book.pk}/rerun/", body)
    assert answer.status_code == 201
    run()
    new = Workflow.objects.get(pk=answer.json()["id"])
    assert text_of(new)[1] == "8 petals in ink, try 1 (aster)"
    refused = as_user(alice).post(f"/api/workflows/{book.pk}/rerun/", {**body, "with": {"flower": {"petals": 99}}})
    assert (refused.status_code, refused.json()["error"]["fields"]) == (400, {"petals": "Petals must be at most 9."})


# --- the film ---------------------------------------------------------------------------------------


def test_of_a_shot_everything_but_its_number_and_its_people_may_be_changed() -> None:
    (step,) = (step for step in pipelines.get("script2video").steps if step.name == "clip")
    assert step.each
    assert {"caption", "description", "size", "seconds"} <= set(step.each.changeable)
    assert not {"id", "scene", "number", "characters", "speaker"} & set(step.each.changeable)
