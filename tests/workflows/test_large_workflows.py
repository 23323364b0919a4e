"""A workflow of thousands of tasks: its snapshot stays small, and its tasks can be read page by page."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.contract import AgentError
from callboard_client.apply_message import add_artifacts, add_tasks, apply_message
from realtime.database import in_thread
from tests.contract.scenes import Scene
from tests.fixtures.connections import Connect
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import claims, coordinator, folding, graph_cache, snapshots
from workflows.events import as_message
from workflows.models import Artifact, Workflow

Json = dict[str, Any]


def planned(owner: User, run: Run, words: int) -> Workflow:
    """A running workflow with one task for each of so many words."""
    text = " ".join(["word"] * words)
    workflow = coordinator.create(pipeline="telegram", given={"text": text}, owner=owner)
    run(1)
    return workflow


def stage_of(snapshot: Json, name: str) -> Json:
    return next(stage for stage in snapshot["stages"] if stage["name"] == name)


@pytest.mark.usefixtures("sample_agent")
def test_a_snapshot_of_5000_tasks_is_small_and_shows_what_runs_has_failed_and_comes_next(
    alice: User, run: Run, as_user: AsUser
) -> None:
    workflow = planned(alice, run, 5_000)
    tasks = workflow.tasks.filter(step="spell").order_by("position")
    last = list(tasks.values_list("key", flat=True))[-3:]
    tasks.exclude(key__in=last).filter(position__lt=tasks[4_900].position).update(state="completed", progress=1.0)
    tasks.filter(key=last[0]).update(state="failed")
    graph_cache.forget(str(workflow.pk))  # the rows were changed behind its back
    claims.claim_next("test")
    answer = as_user(alice).get(f"/api/workflows/{workflow.pk}/")
    assert len(answer.content) < 150_000
    spell = stage_of(answer.json(), "Spell")
    assert spell["folded"]["counts"] == {"completed": 4_900, "failed": 1, "running": 1, "pending": 98}
    assert Counter(task["state"] for task in spell["tasks"] if task["state"] != "completed") == {
        "failed": 1,
        "running": 1,
        "pending": 98,
    }
    assert sum(len(stage["tasks"]) for stage in answer.json()["stages"]) == folding.TASKS_SHOWN
    assert spell["progress"] == round(4_900 / 5_000, 4)


@pytest.mark.usefixtures("sample_agent")
def test_the_queries_of_a_snapshot_and_of_a_page_do_not_depend_on_how_many_tasks_there_are(
    alice: User, run: Run, as_user: AsUser
) -> None:
    api = as_user(alice)
    queries = {}
    for words in (600, 2_400):
        workflow = planned(alice, run, words)
        coordinator.control(workflow=workflow, by=alice, action="pause")  # so that nothing is said about waiting
        for path in ("", "tasks/?stage=Spell"):
            with CaptureQueriesContext(connection) as captured:
                assert api.get(f"/api/workflows/{workflow.pk}/{path}").status_code == 200
            queries[words, path] = len(captured)
    assert queries[600, ""] == queries[2_400, ""] <= 12
    assert queries[600, "tasks/?stage=Spell"] == queries[2_400, "tasks/?stage=Spell"] <= 7


@pytest.mark.usefixtures("sample_agent")
def test_a_plan_that_grows_by_thousands_of_tasks_is_told_in_events_that_fit_into_a_message(
    alice: User, run: Run
) -> None:
    workflow = coordinator.create(pipeline="telegram", given={"text": "word " * 1_200}, owner=alice)
    snapshot = snapshots.workflow_snapshot(workflow)
    run(1)
    grown = [event for event in workflow.events.order_by("seq") if event.kind == "plan_grew"]
    assert [len(event.data["tasks"]) for event in grown] == [500, 500, 200]
    for event in grown:
        apply_message(snapshot, as_message(event))
    assert [task["key"] for task in stage_of(snapshot, "Spell")["tasks"]] == [
        f"spell/{number}" for number in range(1, 1_201)
    ]


@pytest.mark.usefixtures("sample_agent")
def test_a_snapshot_of_500_tasks_leaves_nothing_out(alice: User, run: Run) -> None:
    workflow = planned(alice, run, 498)
    stages = snapshots.workflow_snapshot(workflow)["stages"]
    assert [(len(stage["tasks"]), stage["folded"]) for stage in stages] == [(1, None), (498, None), (1, None)]


@pytest.mark.usefixtures("sample_agent")
@pytest.mark.covers("http_get_workflows_workflow_id_tasks")
def test_pages_hold_each_task_once_in_the_order_of_the_film(alice: User, run: Run, as_user: AsUser) -> None:
    workflow = planned(alice, run, 250)
    api = as_user(alice)
    for stage in ("", "Spell"):
        pages: list[Json] = []
        while not pages or pages[-1]["next"]:
            cursor = pages[-1]["next"] if pages else ""
            pages.append(api.get(f"/api/workflows/{workflow.pk}/tasks/", {"stage": stage, "cursor": cursor}).json())
        keys = [each["task"]["key"] for page in pages for each in page["tasks"]]
        tasks = workflow.tasks.filter(stage=stage) if stage else workflow.tasks.all()
        assert keys == list(tasks.order_by("position").values_list("key", flat=True))
        assert len(pages[0]["tasks"]) == folding.PAGE_TASKS
        assert {page["seq"] for page in pages} == {Workflow.objects.get(pk=workflow.pk).last_seq}


def test_who_may_see_a_workflow_may_see_its_tasks_and_nobody_else(
    sample_workflow: Workflow, alice: User, bob: User, as_user: AsUser
) -> None:
    path = f"/api/workflows/{sample_workflow.pk}/tasks/"
    assert as_user(alice).get(path).status_code == 200
    assert as_user(bob).get(path).status_code == 404
    assert as_user(None).get(path).status_code == 401
    bob.user_permissions.set(Permission.objects.filter(codename="view_workflow"))
    assert as_user(User.objects.get(pk=bob.pk)).get(path).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"), [("stage=Nowhere", "stage"), ("cursor=zzz", "cursor"), (f"cursor={'9' * 50}-1", "cursor")]
)
def test_a_page_that_cannot_be_is_an_error_that_names_the_field(
    sample_workflow: Workflow, alice: User, as_user: AsUser, query: str, field: str
) -> None:
    refused = as_user(alice).get(f"/api/workflows/{sample_workflow.pk}/tasks/?{query}")
    assert (refused.status_code, set(refused.json()["error"]["fields"])) == (400, {field})


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots show three tasks."""
    monkeypatch.setattr(folding, "TASKS_SHOWN", 3)


async def test_the_snapshot_of_the_socket_is_folded_as_that_of_http_is(
    sample_workflow: Workflow, alice: User, connect: Connect, run: Run, folded: None
) -> None:
    await in_thread(run, 1)
    socket = await connect(alice, f"/ws/workflow/{sample_workflow.pk}")
    sent = (await socket.receive_until("subscribed"))["snapshot"]
    fetched = await in_thread(snapshots.workflow_snapshot, sample_workflow)
    assert sent["stages"] == fetched["stages"]
    assert any(stage["folded"] for stage in sent["stages"])


@pytest.fixture
def scene(sample_agent: SampleAgent, alice: User) -> Iterator[Scene]:
    """A workflow with its messages, after its plan has grown."""
    scene = Scene(sample_agent, alice)
    scene.work(1)
    scene.messages.clear()
    yield scene
    scene.end()


@pytest.fixture
def known(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Json:
    """A snapshot that shows one task, and of the three words none."""
    with monkeypatch.context() as context:
        context.setattr(folding, "TASKS_SHOWN", 1)
        snapshot = scene.snapshot()
    assert stage_of(snapshot, "Spell")["folded"]["counts"] == {"pending": 3}
    return snapshot


def take_messages(known: Json, scene: Scene) -> None:
    for message in scene.messages:
        apply_message(known, message)
    scene.messages.clear()


def assert_fits(known: Json, fresh: Json) -> None:
    """`fresh` leaves nothing out."""
    for stage, now in zip(known["stages"], fresh["stages"], strict=True):
        states = Counter(task["state"] for task in now["tasks"])
        counts = stage["folded"]["counts"] if stage["folded"] else Counter(task["state"] for task in stage["tasks"])
        assert {state: count for state, count in counts.items() if count} == states
        assert (stage["state"], stage["progress"]) == (now["state"], now["progress"])
        tasks = {task["key"]: task for task in now["tasks"]}
        assert stage["tasks"] == [tasks[task["key"]] for task in stage["tasks"]]


def test_events_keep_a_folded_snapshot_right(scene: Scene, known: Json) -> None:
    def refuse(_job: object, word: str) -> None:
        if word == "more":
            raise AgentError("The word is not to be had.")

    def forgive() -> None:
        scene.agent.on_spell = lambda _job, _word: None

    scene.agent.on_spell = refuse
    for act in (
        *(partial(scene.work, 1), partial(scene.work, 1), partial(scene.control, "pause")),
        *(partial(scene.control, "resume"), scene.work, partial(scene.control, "retry")),
        *(forgive, partial(scene.work, 1), partial(scene.control, "cancel")),
    ):
        act()
        take_messages(known, scene)
        assert_fits(known, scene.snapshot())
    assert known["state"] == "cancelled"


def test_a_failed_task_that_is_folded_away_is_counted_when_it_is_retried(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_job: object, _word: str) -> None:
        raise AgentError("The word is not to be had.")

    scene.agent.on_spell = refuse
    scene.work()
    scene.messages.clear()
    monkeypatch.setattr(folding, "TASKS_SHOWN", 1)
    known = scene.snapshot()
    scene.control("retry")
    take_messages(known, scene)
    assert stage_of(known, "Spell")["folded"]["counts"] == {"failed": 0, "pending": 3}


def test_the_tasks_of_a_page_take_part_from_then_on(scene: Scene, known: Json) -> None:
    add_tasks(known, snapshots.task_page(scene.workflow, stage="", cursor=""))
    scene.work()
    take_messages(known, scene)
    fresh = scene.snapshot()
    assert [stage["tasks"] for stage in known["stages"]] == [stage["tasks"] for stage in fresh["stages"]]


@pytest.fixture
def illustrated(sample_workflow: Workflow, run: Run) -> Workflow:
    """A completed workflow with its telegram, and later with ten frames."""
    run()
    task = sample_workflow.tasks.get(key="join")
    rows = [
        Artifact(
            workflow=sample_workflow, task=task, name=f"frame-{n}.png", kind="frame", media_type="image/png", size=1
        )
        for n in range(10)
    ]
    for row in rows:
        row.file.name = str(row.pk)
        row.save(force_insert=True)
    return sample_workflow


def names(artifacts: list[Json]) -> list[str]:
    return [artifact["name"] for artifact in artifacts]


@pytest.mark.covers("http_get_workflows_workflow_id_artifacts")
def test_of_many_artifacts_a_snapshot_shows_the_newest_and_pages_have_all(
    illustrated: Workflow, alice: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "ARTIFACTS_SHOWN", 4)
    monkeypatch.setattr(folding, "PAGE_ARTIFACTS", 5)
    api = as_user(alice)
    snapshot = api.get(f"/api/workflows/{illustrated.pk}/").json()
    # The script is older than all frames, and there is but one.
    assert names(snapshot["artifacts"]) == ["telegram.txt", "frame-7.png", "frame-8.png", "frame-9.png"]
    assert snapshot["artifacts_folded"]
    pages: list[Json] = []
    while not pages or pages[-1]["next"]:
        cursor = pages[-1]["next"] if pages else ""
        pages.append(api.get(f"/api/workflows/{illustrated.pk}/artifacts/", {"cursor": cursor}).json())
        add_artifacts(snapshot, pages[-1])
    everything = ["telegram.txt", *(f"frame-{n}.png" for n in range(10))]
    assert [name for page in pages for name in names(page["artifacts"])] == everything
    assert sorted(names(snapshot["artifacts"])) == sorted(everything)


def test_few_artifacts_are_all_there(illustrated: Workflow) -> None:
    snapshot = snapshots.workflow_snapshot(illustrated)
    assert (len(snapshot["artifacts"]), snapshot["artifacts_folded"]) == (11, False)


def test_who_may_see_a_workflow_may_see_its_artifacts_and_nobody_else(
    illustrated: Workflow, alice: User, bob: User, as_user: AsUser
) -> None:
    path = f"/api/workflows/{illustrated.pk}/artifacts/"
    assert as_user(alice).get(path).status_code == 200
    assert as_user(bob).get(path).status_code == 404
    for cursor in ("zzz", "2026-01-01T00:00:00_x", f"2026-01-01T00:00:00_{illustrated.pk}"):
        assert set(as_user(alice).get(path, {"cursor": cursor}).json()["error"]["fields"]) == {"cursor"}
