"""Pause, resume, cancel and retry: what they do to work in flight, and what is answered to whom."""

from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.models import User

from agents.contract import AgentError, Job, UnusableInput
from agents.errors import PermissionDenied
from tests.fixtures.workflows import Kinds, Run
from tests.workflows.rows import set_columns
from tests.workflows.sample_pipeline import SampleAgent
from workflows import attempts, claims, coordinator, snapshots
from workflows.errors import InvalidControl
from workflows.events import as_message
from workflows.models import Attempt, Control, Workflow
from workflows.outcomes import FAILURES_LIMIT, Claim
from workflows.signals import progress_reported


def state_of(workflow: Workflow) -> str:
    return Workflow.objects.get(pk=workflow.pk).state


@pytest.fixture
def ask(sample_workflow: Workflow, alice: User) -> Callable[..., Control]:
    """Alice asks for something."""

    def ask(action: str, **options: str) -> Control:
        control = coordinator.control(workflow=sample_workflow, by=alice, action=action, **options)
        control.refresh_from_db()
        return control

    return ask


@pytest.fixture
def failed(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Workflow:
    """A workflow that failed at one of its words; now the word could be spelt."""

    def refuse(_job: Job, word: str) -> None:
        if word == "more":
            raise AgentError("I do not spell that word.")

    sample_agent.on_spell = refuse
    run()
    sample_agent.on_spell = lambda _job, _word: None
    return sample_workflow


Ask = Callable[..., Control]


def asking(ask: Ask, action: str, **options: str) -> None:
    """Asks in the middle of a job."""
    ask(action, **options)


def test_a_paused_workflow_starts_no_new_task(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=1)
    ask("pause")
    assert state_of(sample_workflow) == "paused"
    assert run() == 0


def test_a_draining_pause_lets_what_is_in_flight_end_and_only_then_is_in_effect(
    sample_workflow: Workflow, sample_agent: SampleAgent, ask: Ask, run: Run
) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    asked = ask("pause", mode="drain")
    assert (asked.status, asked.outcome, state_of(sample_workflow)) == ("accepted", "", "pausing")
    assert sample_workflow.events.get(kind="workflow_pausing").data == {"mode": "drain", "in_flight": [claim.task]}
    attempts.perform(claim)
    asked.refresh_from_db()
    assert (asked.outcome, state_of(sample_workflow)) == ("applied", "paused")
    assert sample_agent.spelt == ["send"]


def test_a_pause_now_stops_an_attempt_that_was_claimed_but_has_not_begun(
    sample_workflow: Workflow, sample_agent: SampleAgent, ask: Ask, run: Run
) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim is not None
    ask("pause", mode="now")
    assert state_of(sample_workflow) == "pausing"
    attempts.perform(claim)
    assert sample_agent.spelt == []
    assert state_of(sample_workflow) == "paused"
    assert sample_workflow.tasks.get(key=claim.task).state == "ready"


def test_a_pause_now_stops_what_is_in_flight_to_be_done_again(
    sample_workflow: Workflow, sample_agent: SampleAgent, ask: Ask, run: Run
) -> None:
    run(limit=1)
    sample_agent.on_spell = lambda _job, _word: asking(ask, "pause", mode="now")
    run(limit=1)
    assert state_of(sample_workflow) == "paused"
    assert sample_agent.spelt == []
    assert sample_workflow.events.get(kind="task_retrying").data["reason"] == "paused"
    sample_agent.on_spell = lambda _job, _word: None
    ask("resume")
    run()
    assert state_of(sample_workflow) == "completed"
    assert sample_agent.spelt == ["send", "more", "light"]


def test_a_resume_during_a_pause_supersedes_it(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    pause = ask("pause")
    resume = ask("resume")
    pause.refresh_from_db()
    assert (pause.outcome, resume.outcome, state_of(sample_workflow)) == ("superseded", "applied", "running")
    assert claim
    attempts.perform(claim)
    run()
    assert state_of(sample_workflow) == "completed"


@pytest.fixture
def long(sample_workflow: Workflow, alice: User, run: Run, ask: Ask) -> Workflow:
    """A workflow with many words to spell, which was paused and resumed; nothing runs."""
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    long = coordinator.create(pipeline="telegram", given={"text": "word " * 50}, owner=alice)
    run(limit=1)
    for action in ("pause", "resume"):
        coordinator.control(workflow=long, by=alice, action=action)
    return long


def claim_all() -> list[Claim]:
    """All that can be claimed now."""
    return list(iter(lambda: claims.claim_next("test"), None))


def test_a_resumed_workflow_starts_one_task_then_twice_as_many_each_time(long: Workflow) -> None:
    at_once = []
    while claimed := claim_all():
        at_once.append(len(claimed))
        for claim in claimed:
            attempts.perform(claim)
    assert at_once[:5] == [1, 2, 4, 8, 16]
    assert state_of(long) == "completed"


def test_a_resumed_workflow_does_not_hold_up_the_others(long: Workflow, alice: User) -> None:
    other = coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    assert {claim.workflow for claim in claim_all()} == {str(long.pk), str(other.pk)}


def test_two_processes_do_not_start_more_than_the_limit_of_a_resumed_workflow(
    long: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = claims.Load.now()  # of another process, which has not seen the first claim
    assert claims.claim_next("here")
    slots = claims.Load.now().slots
    stale.slots = slots
    monkeypatch.setattr(claims.Load, "now", lambda: stale)
    assert claims.claim_next("there") is None


def test_what_fails_does_not_let_a_resumed_workflow_start_more(long: Workflow, sample_agent: SampleAgent) -> None:
    def refuse(_job: Job, _word: str) -> None:
        raise UnusableInput("The line is busy.", retryable=True)

    sample_agent.on_spell = refuse
    for _ in range(3):
        (claim,) = claim_all()
        attempts.perform(claim)


def test_a_retry_of_a_failed_workflow_starts_with_one_task(failed: Workflow, ask: Ask) -> None:
    ask("retry")
    assert len(claim_all()) == 1


def test_a_workflow_that_was_never_paused_has_no_limit(sample_workflow: Workflow, run: Run) -> None:
    run(limit=1)
    assert len(claim_all()) == 3


def test_a_cancel_stops_what_is_in_flight_and_nothing_starts_any_more(
    sample_workflow: Workflow, sample_agent: SampleAgent, ask: Ask, run: Run
) -> None:
    run(limit=1)
    sample_agent.on_spell = lambda _job, _word: asking(ask, "cancel")
    run()
    assert state_of(sample_workflow) == "cancelled"
    assert sample_agent.spelt == []
    assert set(sample_workflow.tasks.exclude(key="cut").values_list("state", flat=True)) == {"cancelled"}
    assert Attempt.objects.get(task__key="spell/1").state == "interrupted"
    assert Control.objects.get(action="cancel").outcome == "applied"


def test_a_workflow_that_waits_for_its_turn_is_cancelled_at_once(sample_workflow: Workflow, ask: Ask) -> None:
    assert ask("cancel").outcome == "applied"
    assert state_of(sample_workflow) == "cancelled"


def test_a_cancel_that_is_asked_for_again_while_it_is_under_way_has_the_same_outcome(
    sample_workflow: Workflow, ask: Ask, run: Run, kinds: Kinds
) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    asked = [ask("cancel"), ask("cancel")]
    assert [control.status for control in asked] == ["accepted", "accepted"]
    assert claim
    attempts.perform(claim)
    assert list(sample_workflow.controls.values_list("outcome", flat=True)) == ["applied", "applied"]
    assert kinds(sample_workflow).count("workflow_cancelling") == 1


def test_asking_again_to_stop_does_not_give_an_attempt_more_time(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    attempt = Attempt.objects.filter(pk=claim.attempt)
    ask("pause", mode="now")
    asked_at = attempt.get().stop_requested_at
    ask("cancel")
    assert asked_at is not None
    assert attempt.get().stop_requested_at == asked_at


def test_what_is_in_flight_in_other_workflows_is_not_stopped(sample_workflow: Workflow, alice: User, ask: Ask) -> None:
    other = coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    taken = [claims.claim_next("test") for _ in range(2)]
    ask("cancel")
    stopped = Attempt.objects.exclude(stop_requested_at=None)
    assert [attempt.task.workflow for attempt in stopped] == [sample_workflow]
    for claim in taken:
        assert claim
        attempts.perform(claim)
    assert (state_of(sample_workflow), state_of(other)) == ("cancelled", "running")


def test_a_cancelled_workflow_shows_nothing_in_flight(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    ticks: list[dict[str, object]] = []

    def listen(message: dict[str, object], **_: object) -> None:
        ticks.append(message)

    run(limit=1)
    claim = claims.claim_next("test")
    progress_reported.connect(listen)
    ask("cancel")
    assert claim
    attempts.perform(claim)
    progress_reported.disconnect(listen)
    assert [(tick["state"], tick["tasks"]) for tick in ticks] == [("cancelling", {"spell/1": 0.0}), ("cancelled", {})]


def test_a_cancel_during_a_pause_supersedes_it(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    pause = ask("pause")
    ask("cancel")
    pause.refresh_from_db()
    assert (pause.outcome, state_of(sample_workflow)) == ("superseded", "cancelling")
    assert claim
    attempts.perform(claim)
    assert state_of(sample_workflow) == "cancelled"


def test_a_pause_that_comes_too_late_is_superseded_by_completion(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=4)
    claim = claims.claim_next("test")
    pause = ask("pause")
    assert claim
    attempts.perform(claim)
    pause.refresh_from_db()
    assert (pause.outcome, state_of(sample_workflow)) == ("superseded", "completed")


def test_a_retry_does_only_what_failed_and_what_waits_for_it(
    failed: Workflow, sample_agent: SampleAgent, ask: Ask, run: Run
) -> None:
    assert ask("retry").outcome == "applied"
    assert (state_of(failed), Workflow.objects.get(pk=failed.pk).error) == ("running", None)
    retrying = failed.events.get(kind="task_retrying").data
    assert (retrying["task"], retrying["reason"]) == ("spell/2", "asked")
    run()
    assert state_of(failed) == "completed"
    assert sample_agent.spelt == ["send", "light", "more"]


def test_a_retry_may_name_one_task(failed: Workflow, ask: Ask, run: Run) -> None:
    assert ask("retry", task="spell/2").outcome == "applied"
    run()
    assert state_of(failed) == "completed"


def test_a_retry_that_was_asked_for_gives_a_task_all_its_tries_again(
    sample_workflow: Workflow, sample_agent: SampleAgent, ask: Ask, run: Run
) -> None:
    def refuse(_job: Job, _word: str) -> None:
        raise UnusableInput("The line is busy.", retryable=True)  # its agent stays healthy

    def states_of_its_tries() -> list[str]:
        states = []
        for _ in range(FAILURES_LIMIT):
            set_columns(task, not_before=None)  # the wait is over
            run(limit=1)
            states.append(task.get().state)
        return states

    sample_agent.on_spell = refuse
    run(limit=1)
    task = sample_workflow.tasks.filter(key="spell/1")
    sample_workflow.tasks.exclude(key="spell/1").filter(step="spell").update(state="cancelled")
    assert states_of_its_tries() == ["ready", "ready", "failed"]
    ask("retry", task="spell/1")
    assert states_of_its_tries() == ["ready", "ready", "failed"]


def test_a_request_id_may_be_a_hundred_characters_long(ask: Ask) -> None:
    assert ask("pause", request_id="x" * 100).status == "accepted"


@pytest.mark.parametrize(
    ("task", "reason"),
    [("spell/9", "There is no task 'spell/9'."), ("spell/1", "spell/1 has not failed: it is completed.")],
)
def test_a_retry_of_what_has_not_failed_is_refused(failed: Workflow, ask: Ask, task: str, reason: str) -> None:
    refused = ask("retry", task=task)
    assert (refused.status, refused.reason) == ("rejected", reason)
    assert state_of(failed) == "failed"


def test_a_failed_workflow_can_be_cancelled(failed: Workflow, ask: Ask) -> None:
    ask("cancel")
    assert state_of(failed) == "cancelled"
    assert failed.tasks.get(key="spell/2").state == "failed"  # history is not rewritten


@pytest.mark.parametrize("action", ["pause", "resume", "cancel", "retry"])
def test_what_makes_no_sense_is_refused_with_a_reason(
    sample_workflow: Workflow, ask: Ask, run: Run, action: str
) -> None:
    run()
    refused = ask(action)
    assert (refused.status, refused.outcome) == ("rejected", "")
    assert "completed" in refused.reason
    assert "control_requested" not in sample_workflow.events.values_list("kind", flat=True)


def test_an_action_without_effect_is_a_no_op_with_a_message(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=1)
    assert ask("resume").outcome == "no_op"
    ask("pause")
    assert ask("pause").outcome == "no_op"
    ask("cancel")
    assert ask("cancel").outcome == "no_op"


def test_the_same_request_id_gives_the_same_answer_and_acts_once(
    sample_workflow: Workflow, ask: Ask, run: Run, kinds: Kinds
) -> None:
    run(limit=1)
    first = ask("pause", request_id="r1")
    ask("resume", request_id="r2")
    assert ask("pause", request_id="r1").pk == first.pk
    assert state_of(sample_workflow) == "running"
    assert kinds(sample_workflow).count("workflow_pausing") == 1


def test_the_same_request_id_of_another_user_is_another_request(
    sample_workflow: Workflow, alice: User, olga: User, run: Run
) -> None:
    run(limit=1)
    first = coordinator.control(workflow=sample_workflow, by=alice, action="pause", request_id="r1")
    second = coordinator.control(workflow=sample_workflow, by=olga, action="resume", request_id="r1")
    assert (first.action, second.action, state_of(sample_workflow)) == ("pause", "resume", "running")
    assert [first.by, second.by] == [alice, olga]


def test_a_repeated_request_has_the_result_of_its_event_in_its_row(
    sample_workflow: Workflow, alice: User, run: Run
) -> None:
    run(limit=1)
    claim = claims.claim_next("test")
    assert claim
    ask = partial(coordinator.control, workflow=sample_workflow, by=alice, action="pause", request_id="r1")
    assert snapshots.control_result(ask()) is None  # it has not taken effect yet
    attempts.perform(claim)
    event = as_message(sample_workflow.events.get(kind="control_resolved"))
    same = {name: event[name] for name in ("workflow_id", "seq", "timestamp")}
    assert snapshots.control_result(ask()) == {"type": "control_result", **same, **event["data"]}


def test_an_action_that_takes_effect_at_once_has_its_result_in_the_first_answer(
    sample_workflow: Workflow, alice: User, run: Run
) -> None:
    run(limit=1)
    paused, again = (coordinator.control(workflow=sample_workflow, by=alice, action="pause") for _ in range(2))
    outcomes = [
        result and (result["outcome"], result["state"]) for result in map(snapshots.control_result, (paused, again))
    ]
    assert outcomes == [("applied", "paused"), ("no_op", "paused")]


def test_a_rejected_action_has_no_result(sample_workflow: Workflow, alice: User, run: Run) -> None:
    run()
    assert snapshots.control_result(coordinator.control(workflow=sample_workflow, by=alice, action="pause")) is None


def test_the_outcome_is_an_event_too(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=1)
    ask("pause", request_id="r1")
    asked, resolved = sample_workflow.events.filter(kind__startswith="control_")
    assert asked.data == {"request_id": "r1", "action": "pause", "mode": "drain", "task": "", "by": "alice", "why": ""}
    assert resolved.data == {
        "request_id": "r1",
        "action": "pause",
        "outcome": "applied",
        "state": "paused",
        "by": "alice",
        "reason": "",
    }


def test_a_person_may_say_why_and_the_event_log_keeps_it(sample_workflow: Workflow, ask: Ask, run: Run) -> None:
    run(limit=1)
    assert ask("pause", why="  The customer has called.  ").why == "The customer has called."
    assert sample_workflow.events.get(kind="control_requested").data["why"] == "The customer has called."


@pytest.mark.parametrize("why", ["x" * 501, "\0"])
def test_a_reason_that_is_too_long_or_unreadable_is_refused(ask: Ask, why: str) -> None:
    with pytest.raises(InvalidControl, match="at most 500 characters"):
        ask("pause", why=why)


def test_only_the_owner_and_operators_may_control(sample_workflow: Workflow, bob: User, olga: User) -> None:
    with pytest.raises(PermissionDenied):
        coordinator.control(workflow=sample_workflow, by=bob, action="cancel")
    assert coordinator.control(workflow=sample_workflow, by=olga, action="cancel").status == "accepted"


@pytest.mark.parametrize(
    "request_",
    [{"action": "explode"}, {"action": "pause", "mode": "soon"}, {"action": "pause", "request_id": "x" * 101}],
)
@pytest.mark.covers("error_invalid_control")
def test_an_unknown_action_is_no_control(sample_workflow: Workflow, alice: User, request_: dict[str, str]) -> None:
    with pytest.raises(InvalidControl):
        coordinator.control(workflow=sample_workflow, by=alice, **request_)


def test_a_failed_task_of_a_running_workflow_can_be_retried_at_once(
    sample_workflow: Workflow, sample_agent: SampleAgent, ask: Ask, run: Run
) -> None:
    def refuse(_job: Job, word: str) -> None:
        if word == "send":
            raise AgentError("No.")

    sample_agent.on_spell = refuse
    run(limit=2)
    assert state_of(sample_workflow) == "running"
    sample_agent.on_spell = lambda _job, _word: None
    ask("retry", task="spell/1")
    run()
    assert state_of(sample_workflow) == "completed"
