"""The beginning and the whole log make the present: so any moment of a workflow can be shown as it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from callboard_client.apply_message import apply_message
from realtime.queries import events_after
from tests.contract.scenes import SCENES, Scene, failed_and_retried, from_start_to_end
from tests.fixtures.people import AsUser
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, folding, snapshots
from workflows.models import Event, Workflow

Json = dict[str, Any]

# Who watches now; what is left, and has passed, at this moment; what is found out anew each time.
NOT_OF_THE_LOG = ("watchers", "queue", "eta", "elapsed", "waiting_for")
REPORTS = ("progress", "message")  # which agents send between events


@pytest.fixture
def scene(sample_agent: SampleAgent, alice: User) -> Iterator[Scene]:
    """A scenario with a pending workflow."""
    scene = Scene(sample_agent, alice)
    yield scene
    scene.end()


@pytest.fixture(params=SCENES, ids=lambda act: act.__name__)
def played(request: pytest.FixtureRequest, scene: Scene) -> Workflow:
    """A workflow in which much has happened."""
    request.param(scene)
    return Workflow.objects.get(pk=scene.workflow.pk)


def replayed(workflow: Workflow, as_user: AsUser, *, at: int | None = None) -> Json:
    """The workflow as it was after the event `at`, from what HTTP says."""
    client = as_user(workflow.owner)
    state: Json = client.get(f"/api/workflows/{workflow.pk}/beginning/").json()
    assert (state["seq"], state["state"]) == (0, "pending")
    last = Workflow.objects.get(pk=workflow.pk).last_seq if at is None else at
    for message in events_after(str(workflow.pk), 0, last):
        apply_message(state, message)
    return state


def shown(snapshot: Json, *, but: tuple[str, ...] = ()) -> Json:
    """What of a snapshot can be known of any moment. Links are signed anew each time."""
    facts = {name: value for name, value in snapshot.items() if name not in (*NOT_OF_THE_LOG, *but)}
    return {**facts, "artifacts": [{**each, "url": ""} for each in snapshot["artifacts"]]}


def present(workflow: Workflow) -> Json:
    return snapshots.workflow_snapshot(workflow)


@pytest.mark.covers("http_get_workflows_workflow_id_beginning")
def test_the_whole_log_makes_the_present_snapshot(played: Workflow, as_user: AsUser) -> None:
    assert shown(replayed(played, as_user)) == shown(present(played))


def test_each_moment_is_shown_as_it_was(scene: Scene, as_user: AsUser) -> None:
    moments: list[Json] = []
    scene.agent.on_spell = lambda _job, _word: moments.append(scene.snapshot())
    from_start_to_end(scene)
    assert [moment["state"] for moment in moments] == ["running"] * 3
    for moment in moments:
        then = replayed(scene.workflow, as_user, at=moment["seq"])
        assert shown(then, but=REPORTS) == shown(moment, but=REPORTS)
        assert then["progress"] <= moment["progress"]


def test_the_time_left_is_recorded_as_it_was_announced(scene: Scene, as_user: AsUser) -> None:
    from_start_to_end(scene)
    announced = [message for message in scene.messages if message["type"] == "progress"]
    at, by_seq = replayed(scene.workflow, as_user), {message["seq"]: message for message in announced}
    assert at["elapsed"] == pytest.approx(announced[-1]["elapsed"], abs=0.5)
    recorded = Event.objects.filter(workflow=scene.workflow).exclude(progress=None)
    assert recorded.count() == len(by_seq)
    for event in recorded:
        first = next(message for message in announced if message["seq"] == event.seq)
        assert event.progress
        assert event.progress["progress"] == first["progress"]
        assert event.progress["message"] == first["message"]


def test_what_a_workflow_reuses_is_there_from_the_beginning(scene: Scene, as_user: AsUser) -> None:
    from_start_to_end(scene)
    again = coordinator.rerun(workflow=scene.workflow, by=scene.owner, from_task="spell/2")
    scene.work()
    done = [
        task["key"]
        for stage in replayed(again, as_user, at=0)["stages"]
        for task in stage["tasks"]
        if task["progress"] == 1
    ]
    assert done == ["cut", "spell/1", "spell/3"]
    assert shown(replayed(again, as_user)) == shown(present(again))


def test_of_a_folded_workflow_all_tasks_are_there(
    scene: Scene, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed_and_retried(scene)
    whole = present(scene.workflow)
    monkeypatch.setattr(folding, "TASKS_SHOWN", 1)
    assert shown(replayed(scene.workflow, as_user))["stages"] == whole["stages"]


def test_a_beginning_is_for_who_may_see_the_workflow(scene: Scene, bob: User, as_user: AsUser) -> None:
    assert as_user(bob).get(f"/api/workflows/{scene.workflow.pk}/beginning/").status_code == 404
