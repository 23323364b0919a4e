"""Run again from here: a new workflow that does one task, and what depends on it, again, and reuses all else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from agents import registry
from agents.contract import AgentError, ArtifactKind, Job, Outcome
from agents.errors import PermissionDenied, TargetNotFound
from callboard_client.apply_message import apply_message
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import JoinInput, SampleAgent, Spelt
from workflows import coordinator, events, snapshots
from workflows.errors import InvalidInput, TooManyWorkflows
from workflows.graph import Node, TaskGraph, key_of, position_of
from workflows.lifecycle import TaskState
from workflows.models import Artifact, Workflow
from workflows.pipelines.script2video import SCRIPT2VIDEO
from workflows.rerun_changes import renewed
from workflows.reruns import depending_on

Json = dict[str, Any]
Rerun = Callable[..., Workflow]


class PictureAgent(SampleAgent):
    """Spells a word by making a file; its output names the artifact, and `join` needs them all."""

    def _spell(self, job: Job, word: str) -> Outcome:
        path = job.workdir / "word.txt"
        path.write_text(word)
        self.spelt.append(word)
        return Outcome(Spelt(job.keep(path, name="word.txt", kind=ArtifactKind.FRAME, media_type="text/plain")))

    def _join(self, job: Job, given: JoinInput) -> Outcome:
        words = [job.fetch(spelt.letters).read_text() for spelt in given.spelt]
        return super()._join(job, JoinInput([Spelt(word) for word in words]))


@pytest.fixture
def rerun(sample_workflow: Workflow, alice: User) -> Rerun:
    """Alice runs her workflow again from a task."""

    def rerun(from_task: str, given: Json | None = None) -> Workflow:
        return coordinator.rerun(workflow=sample_workflow, by=alice, from_task=from_task, given=given)

    return rerun


@pytest.fixture
def done(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Workflow:
    """A workflow that is completed; what is spelt from now on is in `sample_agent.spelt`."""
    run()
    sample_agent.spelt.clear()
    return sample_workflow


@pytest.fixture
def pictures(sample_workflow: Workflow, run: Run) -> PictureAgent:
    """The agent of a workflow that is completed, and made a file for each word."""
    agent = PictureAgent()
    registry.register(agent)
    run()
    agent.spelt.clear()
    return agent


def state_of(workflow: Workflow) -> str:
    return Workflow.objects.get(pk=workflow.pk).state


def text_of(workflow: Workflow) -> str:
    output: Any = workflow.tasks.get(key="join").output
    return str(output["text"])


def test_only_the_task_and_what_depends_on_it_is_done_again(
    done: Workflow, sample_agent: SampleAgent, rerun: Rerun, run: Run
) -> None:
    new = rerun("spell/2")
    assert new.state == "pending"
    assert run() == 2  # the word, and the join
    assert sample_agent.spelt == ["more"]
    assert (state_of(new), text_of(new)) == ("completed", text_of(done))
    assert state_of(done) == "completed"


def test_tasks_that_an_output_asks_for_are_made_anew(done: Workflow, rerun: Rerun, run: Run) -> None:
    new = rerun("cut", {"text": "good night"})
    assert list(new.tasks.values_list("key", flat=True)) == ["cut", "join"]
    run()
    assert text_of(new) == "g-o-o-d n-i-g-h-t"
    assert Workflow.objects.get(pk=new.pk).title == "good night"


def test_a_changed_input_that_would_have_no_effect_is_refused(done: Workflow, rerun: Rerun) -> None:
    with pytest.raises(InvalidInput) as refused:
        rerun("spell/2", {"text": "good night"})
    assert refused.value.fields == {"text": "Text would have no effect: run again from cut."}
    assert Workflow.objects.count() == 1


def test_an_input_that_does_not_fit_is_refused(done: Workflow, rerun: Rerun) -> None:
    with pytest.raises(InvalidInput):
        rerun("cut", {"text": 5})


def test_a_task_that_does_not_exist_is_refused(done: Workflow, rerun: Rerun) -> None:
    with pytest.raises(InvalidInput, match="no task 'spell/9'"):
        rerun("spell/9")


def test_what_the_earlier_workflow_has_not_completed_is_done_too(
    sample_workflow: Workflow, sample_agent: SampleAgent, rerun: Rerun, run: Run
) -> None:
    def refuse(_job: Job, word: str) -> None:
        if word == "light":
            raise AgentError("I do not spell that word.")

    sample_agent.on_spell = refuse
    run()
    assert state_of(sample_workflow) == "failed"
    sample_agent.on_spell = lambda _job, _word: None
    sample_agent.spelt.clear()
    new = rerun("spell/1")
    run()
    assert sample_agent.spelt == ["send", "light"]
    assert state_of(new) == "completed"
    assert state_of(sample_workflow) == "failed"


def test_the_new_workflow_says_where_it_comes_from(done: Workflow, rerun: Rerun) -> None:
    new = rerun("spell/2")
    told = {"task": "spell/2", "changes": []}
    assert snapshots.workflow_snapshot(new)["rerun_of"] == {"workflow_id": str(done.pk), **told}
    done.delete()
    assert snapshots.workflow_snapshot(new)["rerun_of"] is None


def test_the_earlier_workflow_names_the_new_one(done: Workflow, rerun: Rerun) -> None:
    before = snapshots.workflow_snapshot(done)
    assert before["reruns"] == []
    new = rerun("spell/2")
    after = snapshots.workflow_snapshot(done)
    assert after["reruns"] == [{"workflow_id": str(new.pk), "task": "spell/2", "changes": []}]
    apply_message(before, events.as_message(done.events.get(kind="workflow_rerun")))
    assert before["reruns"] == after["reruns"]
    assert state_of(done) == "completed"


def test_its_first_snapshot_and_its_events_make_its_later_snapshot(done: Workflow, rerun: Rerun, run: Run) -> None:
    new = rerun("spell/2")
    state = snapshots.workflow_snapshot(new)
    spelling = next(stage for stage in state["stages"] if stage["name"] == "Spell")
    assert [task["state"] for task in spelling["tasks"]] == ["completed", "pending", "completed"]
    assert state["progress"] > 0
    run()
    for event in new.events.order_by("seq"):
        apply_message(state, events.as_message(event))
    after = snapshots.workflow_snapshot(new)
    for estimate in ("message", "stage", "eta", "elapsed", "queue", "waiting_for"):
        state[estimate] = after[estimate]
    assert state == after


# --- artifacts --------------------------------------------------------------------------------------


def test_artifacts_are_reused_under_ids_of_their_own(
    sample_workflow: Workflow, pictures: PictureAgent, rerun: Rerun, run: Run
) -> None:
    new = rerun("spell/2")
    reused = {artifact.task.key: artifact for artifact in new.artifacts.all()}
    assert set(reused) == {"spell/1", "spell/3"}
    assert new.tasks.get(key="spell/1").output == {"letters": str(reused["spell/1"].pk)}
    original = Artifact.objects.get(task__workflow=sample_workflow, task__key="spell/1")
    assert (original.pk != reused["spell/1"].pk, original.file) == (True, reused["spell/1"].file)
    run()
    assert pictures.spelt == ["more"]
    assert (state_of(new), text_of(new)) == ("completed", "send more light")


@pytest.mark.parametrize("is_older_first", [True, False], ids=["older first", "newer first"])
def test_the_end_of_one_workflow_leaves_the_files_of_the_other(
    sample_workflow: Workflow, pictures: PictureAgent, rerun: Rerun, run: Run, is_older_first: bool
) -> None:
    new = rerun("spell/2")
    run()
    first, last = (sample_workflow, new) if is_older_first else (new, sample_workflow)
    files = [artifact.file for artifact in last.artifacts.all()]
    own = first.artifacts.get(task__key="join").file
    assert len(files) == 4
    first.delete()
    assert all(file.storage.exists(str(file.name)) for file in files)
    assert not own.storage.exists(str(own.name))
    last.delete()
    assert not any(file.storage.exists(str(file.name)) for file in files)


def test_a_workflow_that_was_deleted_meanwhile_is_not_found(done: Workflow, rerun: Rerun) -> None:
    Workflow.objects.filter(pk=done.pk).delete()
    with pytest.raises(TargetNotFound):
        rerun("spell/2")


# --- who may, and how -------------------------------------------------------------------------------


def test_who_may_control_a_workflow_may_run_it_again_as_his_own(done: Workflow, bob: User, olga: User) -> None:
    with pytest.raises(PermissionDenied):
        coordinator.rerun(workflow=done, by=bob, from_task="cut")
    assert coordinator.rerun(workflow=done, by=olga, from_task="cut").owner == olga


def test_a_rerun_counts_like_any_other_new_workflow(done: Workflow, rerun: Rerun, settings: Settings) -> None:
    settings.ACTIVE_WORKFLOWS_PER_USER = 1
    rerun("cut")
    with pytest.raises(TooManyWorkflows):
        rerun("cut")


@pytest.mark.covers("http_post_workflows_workflow_id_rerun")
def test_it_is_asked_for_over_http(done: Workflow, alice: User, bob: User, as_user: AsUser) -> None:
    url = f"/api/workflows/{done.pk}/rerun/"
    answer = as_user(alice).post(url, {"from": "cut", "input": {"text": "a b"}})
    assert answer.status_code == 201
    assert Workflow.objects.get(pk=answer.json()["id"]).input == {"text": "a b"}
    refused = as_user(alice).post(url, {"from": "spell/9"})
    assert (refused.status_code, refused.json()["error"]["fields"]) == (400, {"from": "No such task."})
    assert as_user(alice).post(url, {}).json()["error"]["fields"].keys() == {"from"}
    assert as_user(bob).post(url, {"from": "cut"}).status_code == 404


def test_an_administrator_runs_a_workflow_again_from_the_list(done: Workflow) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    chosen = {"action": "rerun", "task": "spell/2", "_selected_action": [str(done.pk)]}
    page = client.post("/admin/workflows/workflow/", chosen, follow=True).content.decode()
    new = Workflow.objects.get(rerun_of=done)
    assert (new.owner.username, new.rerun_from) == ("ada", "spell/2")
    assert f"/admin/workflows/workflow/{new.pk}/change/" in page
    refused = client.post("/admin/workflows/workflow/", {**chosen, "task": ""}, follow=True).content.decode()
    assert "There is no task" in refused


# --- what depends on what ---------------------------------------------------------------------------


@pytest.fixture
def film() -> TaskGraph:
    """The tasks of a film of two scenes, with two shots each, and a character."""
    paths: dict[int, list[tuple[int, ...]]] = {0: [()], 1: [(1,), (2,)], 2: [(1, 1), (1, 2), (2, 1), (2, 2)]}
    nodes: list[Node] = []
    for step in SCRIPT2VIDEO.steps:
        of_step = [(1,)] if step.name == "portraits" else paths[len(SCRIPT2VIDEO.scope(step))]
        for path in of_step:
            position = position_of(SCRIPT2VIDEO, step, path)
            nodes.append(Node(len(nodes), key_of(step, path), step.name, TaskState.COMPLETED, position))
    return TaskGraph(SCRIPT2VIDEO, nodes)


def test_to_redo_a_shot_only_that_shot_and_the_edit_are_done_again(film: TaskGraph) -> None:
    assert depending_on(film, "candidates/1.2") == {
        "candidates/1.2",
        "frames/1.2",
        "clip/1.2",
        "edit",
        "storyboard_print",
    }


def test_a_new_storyboard_of_a_scene_makes_its_shots_anew_and_no_others(film: TaskGraph) -> None:
    steps = ("speech", "references", "candidates", "frames", "clip")
    shots = {f"{step}/1.{shot}" for step in steps for shot in (1, 2)}
    assert depending_on(film, "storyboard/1") == {"storyboard/1", "ambience/1", *shots, "edit", "storyboard_print"}


def test_another_caption_is_spoken_anew_wherever_the_rerun_begins(film: TaskGraph) -> None:
    for begins in ("clip/1.2", "candidates/1.2"):
        assert renewed(film, begins, {"shot": {"caption": "Nobody had told the gulls.", "seconds": 4}}) == [
            "speech/1.2"
        ]
    for other in (None, {"style": "ink"}, {"shot": {"seconds": 4}}, {"shot": "caption"}, ["caption"]):
        assert renewed(film, "clip/1.2", other) == []
    assert renewed(film, "plan", {"shot": {"caption": "x"}}) == []
    assert depending_on(film, "speech/1.2") == {"speech/1.2", "clip/1.2", "edit", "storyboard_print"}


def test_a_new_portrait_changes_every_shot(film: TaskGraph) -> None:
    redone = depending_on(film, "portraits/1")
    assert {"references/1.1", "clip/2.2", "edit"} <= redone
    assert not redone & {"plan", "screenplay", "characters", "storyboard/1"}


def test_a_new_plan_changes_everything(film: TaskGraph) -> None:
    assert depending_on(film, "plan") == set(film.by_key)
