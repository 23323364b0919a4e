"""An agent may ask a person something: the task waits for the answer, and holds nothing and nobody up meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from agents.contract import AgentError, Answer, InputRequired, Job
from agents.models import Agent
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Kinds, Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, recovery, snapshots, waiting
from workflows.errors import InvalidControl
from workflows.lifecycle import Action
from workflows.models import Attempt, Workflow
from workflows.signals import progress_reported

QUESTION = "Which colour?"
Json = dict[str, Any]


@pytest.fixture
def asking(sample_agent: SampleAgent) -> SampleAgent:
    """Asks for a colour before it spells "more"; `answers` has what it was told."""

    def ask(job: Job, word: str) -> None:
        if word == "more" and not job.answers:
            raise InputRequired(QUESTION)

    sample_agent.on_spell = ask
    return sample_agent


def answer(workflow: Workflow, by: User, text: str = "Red", task: str = "spell/2") -> tuple[str, str]:
    control = coordinator.control(workflow=workflow, by=by, action="answer", task=task, answer=text)
    return control.status, control.reason


def task_of(workflow: Workflow, key: str = "spell/2") -> dict[str, Any]:
    stages = snapshots.workflow_snapshot(workflow)["stages"]
    return next(
        {name: task[name] for name in ("state", "question")}
        for stage in stages
        for task in stage["tasks"]
        if task["key"] == key
    )


def test_a_task_whose_agent_asks_something_waits_with_the_question_and_the_others_go_on(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, kinds: Kinds
) -> None:
    run()
    sample_workflow.refresh_from_db()
    assert task_of(sample_workflow) == {"state": "input_required", "question": QUESTION}
    assert sorted(asking.spelt) == ["light", "send"]
    assert sample_workflow.state == "running"
    asked = sample_workflow.events.get(kind="input_required").data
    assert (asked["task"], asked["agent"], asked["question"]) == ("spell/2", "clerk", QUESTION)
    assert "task_failed" not in kinds(sample_workflow)


def test_what_it_waits_for_goes_out_with_the_question(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    heard: list[Json] = []

    def listen(message: Json, **_: object) -> None:
        heard.append(message)

    progress_reported.connect(listen)
    run()
    sample_workflow.refresh_from_db()
    told = heard[-1]
    assert told["seq"] == sample_workflow.last_seq
    assert (told["waiting_for"]["text"], told["waiting_for"]["task"]) == (f"Clerk asks: {QUESTION}", "spell/2")
    assert told["waiting_for"] == waiting.waiting_for(sample_workflow)  # as whoever looks later gets it
    kept = sample_workflow.events.get(kind="input_required").progress
    assert kept
    assert kept["waiting_for"] == told["waiting_for"]  # in a replay, too
    answer(sample_workflow, alice)
    progress_reported.disconnect(listen)
    assert heard[-1]["waiting_for"] is None


def test_the_next_attempt_gets_the_answer_and_the_workflow_comes_to_its_end(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Answer] = []
    ask = asking.on_spell

    def note(job: Job, word: str) -> None:
        told.extend(job.answers)
        ask(job, word)

    asking.on_spell = note
    run()
    assert answer(sample_workflow, alice) == ("accepted", "")
    given = sample_workflow.events.get(kind="input_given").data
    assert given == {"task": "spell/2", "question": QUESTION, "answer": "Red", "by": "alice"}
    assert task_of(sample_workflow) == {"state": "pending", "question": ""}
    run()
    sample_workflow.refresh_from_db()
    assert (sample_workflow.state, told) == ("completed", [Answer(QUESTION, "Red")])


def test_an_agent_that_asks_is_not_failing_and_not_busy(
    asking: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    run()
    row = Agent.objects.get(name="clerk")
    assert (row.status, row.error_count, row.in_flight) == ("idle", 0, 0)


def test_the_page_says_who_asks_what_until_when(asking: SampleAgent, sample_workflow: Workflow, run: Run) -> None:
    run()
    waiting = snapshots.workflow_snapshot(sample_workflow)["waiting_for"]
    assert (waiting["kind"], waiting["text"], waiting["task"]) == ("input", f"Clerk asks: {QUESTION}", "spell/2")
    assert waiting["until"]


def test_the_progress_says_that_only_an_answer_is_waited_for_and_gives_no_time_left(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    run()
    shown = snapshots.workflow_snapshot(sample_workflow)
    assert (shown["message"], shown["eta"]) == ("Waiting for your answer", None)
    answer(sample_workflow, alice)
    assert snapshots.workflow_snapshot(sample_workflow)["message"] == "Under way"


def test_no_time_counts_as_work_while_only_a_person_is_waited_for(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    run()
    sample_workflow.refresh_from_db()
    assert sample_workflow.working_since is None
    answer(sample_workflow, alice)
    sample_workflow.refresh_from_db()
    assert sample_workflow.working_since is not None


def test_a_paused_workflow_takes_the_answer_and_goes_on_with_it_after_the_resume(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    run()
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "paused"
    assert answer(sample_workflow, alice)[0] == "accepted"
    assert run() == 0
    coordinator.control(workflow=sample_workflow, by=alice, action="resume")
    run()
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "completed"


def test_a_cancel_ends_a_task_with_a_question(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    run()
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "cancelled"
    assert task_of(sample_workflow) == {"state": "cancelled", "question": ""}
    assert answer(sample_workflow, alice)[0] == "rejected"


def test_a_workflow_does_not_fail_while_a_person_is_still_asked(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    ask = asking.on_spell

    def stumble(job: Job, word: str) -> None:
        if word == "send":
            raise AgentError("No ink.")
        ask(job, word)

    asking.on_spell = stumble
    run()
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "running"
    answer(sample_workflow, alice)
    run()
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "failed"


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("spell/1", "spell/1 has not asked anything: it is completed."),
        ("spell/9", "There is no task 'spell/9'."),
    ],
)
def test_an_answer_to_what_was_not_asked_is_rejected(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User, task: str, reason: str
) -> None:
    run()
    assert answer(sample_workflow, alice, task=task) == ("rejected", reason)


def test_the_only_question_need_not_be_named(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    run()
    assert answer(sample_workflow, alice, task="") == ("accepted", "")
    assert answer(sample_workflow, alice, task="") == ("rejected", "No task has a question.")


@pytest.mark.parametrize("text", ["", "  \n", "a" * 10_001, "\x00\x01"])
def test_an_answer_that_says_nothing_or_too_much_is_refused(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User, text: str
) -> None:
    run()
    with pytest.raises(InvalidControl):
        answer(sample_workflow, alice, text)
    assert task_of(sample_workflow)["state"] == "input_required"


def test_a_question_that_nobody_answers_in_time_fails_its_task_with_a_sentence(
    asking: SampleAgent, sample_workflow: Workflow, run: Run
) -> None:
    run()
    recovery.fail_unanswered()
    assert task_of(sample_workflow)["state"] == "input_required"
    sample_workflow.tasks.filter(key="spell/2").update(answer_until=timezone.now() - timedelta(seconds=1))
    recovery.fail_unanswered()
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "failed"
    assert sample_workflow.error == {
        "type": "AgentError",
        "message": f"Nobody has answered in time: {QUESTION}",
        "retryable": False,
    }


def test_after_a_retry_the_agent_asks_again(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    run()
    answer(sample_workflow, alice)

    def fail(_job: Job, _word: str) -> None:
        raise AgentError("No ink.")

    ask, asking.on_spell = asking.on_spell, fail
    run()
    asking.on_spell = ask
    coordinator.control(workflow=sample_workflow, by=alice, action="retry")
    run()
    assert task_of(sample_workflow) == {"state": "input_required", "question": QUESTION}


def test_an_answer_comes_over_http(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, as_user: AsUser, alice: User
) -> None:
    run()
    url = f"/api/workflows/{sample_workflow.pk}/control/"
    asked = {"action": "answer", "task": "spell/2", "answer": "Blue"}
    response = as_user(alice).post(url, asked, format="json")
    assert (response.status_code, response.json()["status"], response.json()["outcome"]) == (200, "accepted", "applied")
    assert sample_workflow.tasks.get(key="spell/2").answers == [{"question": QUESTION, "answer": "Blue"}]


def test_the_job_after_a_question_is_the_same_job_and_after_a_failure_another(
    asking: SampleAgent, sample_workflow: Workflow, run: Run, alice: User
) -> None:
    ids: list[str] = []
    ask = asking.on_spell

    def note(job: Job, word: str) -> None:
        if word == "more":
            ids.append(job.attempt_id)
            if len(ids) == 2:
                raise AgentError("No ink.")
        ask(job, word)

    asking.on_spell = note
    run()
    answer(sample_workflow, alice)
    run()
    coordinator.control(workflow=sample_workflow, by=alice, action=Action.RETRY)
    run()
    assert ids[0] == ids[1] != ids[2]
    assert Attempt.objects.filter(task__key="spell/2").count() == 3
