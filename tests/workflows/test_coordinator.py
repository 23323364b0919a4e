"""From start to end: what the coordinator does with a workflow when nobody interferes, and when agents fail."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings

from agents.contract import AgentError, Job, Outcome, UnusableInput
from agents.errors import TargetNotFound
from agents.models import Agent
from tests.fixtures.workflows import Kinds, Run, facts_of
from tests.workflows.rows import set_columns
from tests.workflows.sample_pipeline import SampleAgent, Words
from workflows import attempts, claims, coordinator, snapshots, transitions
from workflows.errors import CrewNotReady, InvalidInput, TooManyWorkflows, UnknownPipeline
from workflows.models import Artifact, Task, Workflow


def test_a_workflow_runs_from_its_input_to_its_last_task(sample_workflow: Workflow, run: Run) -> None:
    assert run() == 5  # cut, three words, join
    sample_workflow.refresh_from_db()
    assert (sample_workflow.state, sample_workflow.progress) == ("completed", 1.0)
    assert sample_workflow.tasks.values_list("output__text", flat=True).get(key="join") == "s-e-n-d m-o-r-e l-i-g-h-t"
    with Artifact.objects.get(workflow=sample_workflow).file.open() as file:
        assert file.read() == b"s-e-n-d m-o-r-e l-i-g-h-t"


def test_the_event_log_tells_the_whole_story_in_order(sample_workflow: Workflow, run: Run, kinds: Kinds) -> None:
    run()
    assert kinds(sample_workflow) == [
        "workflow_started",
        "stage_started",
        "task_started",
        "task_finished",
        "plan_grew",
        "stage_finished",
        "stage_started",
        *["task_started", "task_finished"] * 3,
        "stage_finished",
        "stage_started",
        "task_started",
        "artifact_ready",
        "task_finished",
        "stage_finished",
        "workflow_completed",
    ]
    assert list(sample_workflow.events.values_list("seq", flat=True)) == list(
        range(1, sample_workflow.events.count() + 1)
    )


def test_the_plan_grows_by_one_task_for_each_item(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    assert [task.key for task in sample_workflow.tasks.order_by("position")] == [
        "cut",
        "join",
        "spell/1",
        "spell/2",
        "spell/3",
    ]


def test_a_fan_out_of_nothing_still_comes_to_its_end(sample_agent: SampleAgent, alice: User, run: Run) -> None:
    empty = coordinator.create(pipeline="telegram", given={"text": " "}, owner=alice)
    run()
    empty.refresh_from_db()
    assert empty.state == "completed"


def test_a_stage_with_nothing_to_do_is_completed_too(
    sample_agent: SampleAgent, alice: User, run: Run, kinds: Kinds
) -> None:
    empty = coordinator.create(pipeline="telegram", given={"text": " "}, owner=alice)
    run()
    assert snapshots.workflow_snapshot(empty)["state"] == "completed"
    assert {stage["state"] for stage in snapshots.workflow_snapshot(empty)["stages"]} == {"completed"}
    assert kinds(empty).count("stage_finished") == 3


def test_tasks_that_do_not_wait_for_each_other_are_in_flight_together(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    taken = [claims.claim_next("test") for _ in range(4)]
    assert sorted(claim.task for claim in taken if claim) == ["spell/1", "spell/2", "spell/3"]
    assert taken[3] is None  # join waits for all of them


def test_the_workflow_with_the_least_in_flight_is_served_first(sample_agent: SampleAgent, alice: User) -> None:
    first, second = (coordinator.create(pipeline="telegram", given={"text": "a b c"}, owner=alice) for _ in range(2))
    for claim in [claims.claim_next("test") for _ in range(2)]:
        assert claim
        attempts.perform(claim)  # now each of them has three tasks that are ready
    served = [claim.workflow for _ in range(4) if (claim := claims.claim_next("test"))]
    assert served == [str(first.pk), str(second.pk)] * 2


def test_workflows_with_equally_much_in_flight_are_served_in_the_order_of_their_creation(
    sample_agent: SampleAgent, alice: User
) -> None:
    created = [coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice) for _ in range(6)]
    served = [claim.workflow for _ in created if (claim := claims.claim_next("test"))]
    assert served == [str(workflow.pk) for workflow in created]


def test_a_snapshot_is_consistent_even_when_an_event_comes_between_its_queries(
    sample_workflow: Workflow, run: Run
) -> None:
    left = [lambda: run(limit=1)]

    def disturb(execute: Callable[..., object], sql: str, *details: object) -> object:
        if left and "workflows_task" in sql:
            left.pop()()
        return execute(sql, *details)

    with connection.execute_wrapper(disturb):
        snapshot = snapshots.workflow_snapshot(sample_workflow)
    assert not left
    later = snapshots.workflow_snapshot(sample_workflow)
    assert snapshot == {**later, "elapsed": snapshot["elapsed"]}  # time goes on


def test_an_agent_gets_no_more_work_than_its_max_concurrent(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    Agent.objects.filter(name="clerk").update(max_concurrent=2)
    taken = [claims.claim_next("test") for _ in range(3)]
    assert [bool(claim) for claim in taken] == [True, True, False]


def test_a_passing_fault_is_tried_again_and_does_not_show_in_the_end(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, kinds: Kinds
) -> None:
    faults = iter([AgentError("The line is busy.", retryable=True)])

    def fail_once(_job: Job, word: str) -> None:
        if word == "more" and (fault := next(faults, None)):
            raise fault

    sample_agent.on_spell = fail_once
    run()
    waiting = sample_workflow.tasks.get(key="spell/2")
    assert waiting.state == "ready"
    assert waiting.not_before is not None
    assert sample_workflow.events.get(kind="task_retrying").data["error"]["message"] == "The line is busy."
    set_columns(Task.objects.filter(pk=waiting.pk), not_before=None)  # the wait is over
    run()
    sample_workflow.refresh_from_db()
    assert (sample_workflow.state, sample_workflow.error) == ("completed", None)
    assert "task_failed" not in kinds(sample_workflow)


def test_a_fault_that_does_not_pass_fails_the_task_and_the_rest_goes_on(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def refuse(_job: Job, word: str) -> None:
        if word == "more":
            raise AgentError("I do not spell that word.")

    sample_agent.on_spell = refuse
    run()
    sample_workflow.refresh_from_db()
    assert sample_workflow.error
    assert (sample_workflow.state, sample_workflow.error["message"]) == ("failed", "I do not spell that word.")
    assert sample_agent.spelt == ["send", "light"]
    assert sample_workflow.stages == {"Cut": "completed", "Spell": "failed", "Join": "pending"}


def test_an_unusable_input_fails_the_task_but_does_not_make_the_agent_unhealthy(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def refuse(_job: Job, word: str) -> None:
        raise UnusableInput(f"{word} is no word.")

    sample_agent.on_spell = refuse
    run()
    sample_workflow.refresh_from_db()
    row = Agent.objects.get(name=sample_agent.name)
    assert sample_workflow.state == "failed"
    assert (row.error_count, row.status) == (3, "idle")


def test_passing_faults_have_a_limit(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> None:
    def break_down(_job: Job, word: str) -> None:
        if word == "more":
            raise AgentError("The line is busy.", retryable=True)

    sample_agent.on_spell = break_down
    for _ in range(3):
        run()
        set_columns(sample_workflow.tasks.all(), not_before=None)
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "failed"
    assert sample_workflow.tasks.get(key="spell/2").attempt_count == 3


def test_an_agent_that_breaks_unexpectedly_does_not_show_its_insides(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(_job: Job, _word: str) -> None:
        raise RuntimeError("secret insides")

    sample_agent.on_spell = crash
    run()
    events = str(list(sample_workflow.events.values_list("data", flat=True)))
    assert "clerk broke unexpectedly" in events
    assert "secret insides" not in events
    assert "secret insides" in caplog.text


def test_an_agent_that_gives_something_else_than_it_promised_fails_the_task(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_agent, "_spell", lambda _job, word: Outcome(Words([word])))
    run()
    failure = sample_workflow.events.filter(kind="task_failed").earliest("seq")
    assert failure.data["error"]["message"] == "clerk gave something else than spell promises."


def test_bad_input_is_refused_with_a_sentence_for_each_field(sample_agent: SampleAgent, alice: User) -> None:
    given = {"idea": " ", "scenes": 13, "director": "me"}
    with pytest.raises(InvalidInput) as refusal:
        coordinator.create(pipeline="idea2video", given=given, owner=alice)
    assert refusal.value.fields == {
        "idea": "Idea is missing: please write something.",
        "scenes": "Scenes must be at most 12.",
        "director": "Director is not a field of this pipeline's input.",
    }
    assert not Workflow.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"idea": "x" * 5_000}, "Idea is too long: 5,000 characters of at most 4,000. Shorten it."),
        ({"idea": 7}, "Idea must be a text."),
        ({}, "Idea is missing: please write something."),
        ({"idea": "a\0b"}, "Idea is not readable text: it looks like a binary file."),
        ({"idea": "ok", "scenes": "three"}, "Scenes must be a whole number."),
        ({"idea": "ok", "scenes": 0}, "Scenes must be at least 1."),
        ([], "The input must be an object."),
    ],
)
def test_bad_input_is_refused_with_what_to_change(
    sample_agent: SampleAgent, alice: User, given: object, words: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        coordinator.create(pipeline="idea2video", given=given, owner=alice)
    assert refusal.value.message == words


def test_binary_noise_is_no_screenplay(sample_agent: SampleAgent, alice: User) -> None:
    noise = bytes(range(256)).decode("latin-1") * 20
    with pytest.raises(InvalidInput, match="binary file"):
        coordinator.create(pipeline="script2video", given={"script": noise}, owner=alice)


def test_an_unknown_pipeline_is_refused(alice: User) -> None:
    with pytest.raises(UnknownPipeline):
        coordinator.create(pipeline="alchemy", given={}, owner=alice)


@pytest.mark.covers("error_crew_not_ready")
def test_a_missing_setting_of_an_agent_is_reported_when_the_workflow_is_created(
    sample_agent: SampleAgent, alice: User
) -> None:
    sample_agent.lacks = "TELEGRAPH_KEY is not set."
    with pytest.raises(CrewNotReady, match="TELEGRAPH_KEY is not set"):
        coordinator.create(pipeline="telegram", given={"text": "x"}, owner=alice)


def test_a_disabled_agent_is_reported_when_the_workflow_is_created(sample_agent: SampleAgent, alice: User) -> None:
    Agent.objects.filter(name="clerk").update(is_enabled=False)
    with pytest.raises(CrewNotReady):
        coordinator.create(pipeline="telegram", given={"text": "x"}, owner=alice)


@override_settings(ACTIVE_WORKFLOWS_PER_USER=1)
@pytest.mark.covers("error_too_many_workflows")
def test_one_person_may_not_have_any_number_of_active_workflows(
    sample_workflow: Workflow, alice: User, run: Run
) -> None:
    with pytest.raises(TooManyWorkflows):
        coordinator.create(pipeline="telegram", given={"text": "x"}, owner=alice)
    run()
    assert coordinator.create(pipeline="telegram", given={"text": "x"}, owner=alice).state == "pending"


def test_advancing_again_changes_nothing(sample_workflow: Workflow, run: Run) -> None:
    run(limit=2)
    before = facts_of(sample_workflow)
    with transitions.transition(sample_workflow.pk):
        pass
    assert facts_of(sample_workflow) == before


def test_a_task_of_a_switched_off_agent_waits_until_it_is_back(sample_workflow: Workflow, run: Run) -> None:
    Agent.objects.filter(name="clerk").update(is_enabled=False)
    assert run() == 0
    Agent.objects.filter(name="clerk").update(is_enabled=True)
    assert run() == 5


def test_a_workflow_that_does_not_exist_cannot_be_changed(transactional_db: None) -> None:
    with pytest.raises(TargetNotFound), transitions.transition(uuid4()):
        pass
