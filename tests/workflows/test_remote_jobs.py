"""Agents that wait for another system share an event loop: many jobs at once, none of which holds a thread of the runner."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from agents import registry
from agents.contract import AgentError, AsyncAgent, InputRequired, Job, Outcome, typed_skill
from tests.waiting import wait_for
from tests.workflows.sample_pipeline import SampleAgent, SpellInput, Spelt
from workflows import attempts, claims, coordinator, executions, outcomes, remote_jobs
from workflows.lifecycle import AttemptState
from workflows.models import Attempt, Workflow
from workflows.runners.local import LocalRunner

JOBS = 60


class FarAgent(AsyncAgent):
    """Spells words when `may_go_on` is set; what else it does is said by the word."""

    name = "far"
    description = "Spells, elsewhere."
    max_concurrent = 1_000
    skills = (typed_skill("spell", "Spell", "Spells a word out.", SpellInput, Spelt),)

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.threads: set[str] = set()
        self.present = self.most = 0
        self.seen: list[tuple[str, str]] = []  # words with the remote task that was there at the beginning
        self.ids: list[str] = []
        self.withdrawn: list[str] = []
        self.refusals = 0  # how often `withdraw` fails

    async def perform_async(self, job: Job) -> Outcome:
        word = job.input["word"]
        self.threads.add(threading.current_thread().name)
        self.seen.append((word, job.remote_task))
        self.ids.append(job.attempt_id)
        if not job.remote_task:
            await asyncio.to_thread(job.set_remote_task, f"remote-{word}")
        if word == "ask" and not job.answers:
            raise InputRequired("Well?")
        if word == "fail":
            raise AgentError("No ink.")
        self.present += 1
        self.most = max(self.most, self.present)
        try:
            while not self.may_go_on.is_set():
                job.progress(0.5, f"Spelling {word}")
                await asyncio.sleep(0.02)  # the other system works
        finally:
            self.present -= 1
        return Outcome(Spelt("-".join(word)))

    async def withdraw(self, remote_task: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise AgentError("It does not answer.", retryable=True)
        self.withdrawn.append(remote_task)


@pytest.fixture
def far(sample_agent: SampleAgent) -> Iterator[FarAgent]:
    """The only one who spells."""
    agent = FarAgent()
    sample_agent.skills = tuple(skill for skill in sample_agent.skills if skill.id != "spell")
    registry.register(agent)
    registry.sync()
    yield agent
    registry.unregister(agent.name)


@pytest.fixture
def runner(far: FarAgent) -> Iterator[LocalRunner]:
    """A runner with one thread."""
    runner = LocalRunner(1)
    runner.start()
    yield runner
    far.may_go_on.set()
    runner.stop()


def start(alice: User, text: str) -> Workflow:
    return coordinator.create(pipeline="telegram", given={"text": text}, owner=alice)


def wait_for_state(workflow: Workflow, state: str) -> None:
    wait_for(lambda: Workflow.objects.get(pk=workflow.pk).state == state)


def wait_for_event(workflow: Workflow, kind: str) -> None:
    wait_for(lambda: workflow.events.filter(kind=kind).exists())


def test_many_jobs_at_once_hold_no_thread_of_the_runner(far: FarAgent, runner: LocalRunner, alice: User) -> None:
    workflow = start(alice, " ".join(f"word{number}" for number in range(JOBS)))
    wait_for(lambda: far.most == JOBS)
    assert len(far.threads) == 1
    assert executions.in_threads() == 0
    far.may_go_on.set()
    wait_for_state(workflow, "completed")
    assert Attempt.objects.filter(task__workflow=workflow, agent="far", state=AttemptState.COMPLETED).count() == JOBS


def test_the_progress_of_such_a_job_is_shown(far: FarAgent, runner: LocalRunner, alice: User) -> None:
    workflow = start(alice, "send")
    wait_for(lambda: workflow.tasks.filter(key="spell/1", progress__gt=0).exists())
    far.may_go_on.set()
    wait_for_state(workflow, "completed")


def test_a_cancel_tells_the_other_system_before_it_is_done(far: FarAgent, runner: LocalRunner, alice: User) -> None:
    workflow = start(alice, "send")
    wait_for(lambda: far.present == 1)
    coordinator.control(workflow=workflow, by=alice, action="cancel")
    wait_for_state(workflow, "cancelled")
    assert far.withdrawn == ["remote-send"]


def test_who_cannot_be_told_at_once_is_told_later(far: FarAgent, runner: LocalRunner, alice: User) -> None:
    far.refusals = 2
    workflow = start(alice, "send")
    wait_for(lambda: far.present == 1)
    coordinator.control(workflow=workflow, by=alice, action="cancel")
    wait_for_state(workflow, "cancelled")
    for _ in range(2):
        wait_for(lambda: Attempt.objects.filter(is_to_withdraw=True).exists() or bool(far.withdrawn))
        remote_jobs.withdraw_left()
    wait_for(lambda: far.withdrawn == ["remote-send"])
    assert not Attempt.objects.filter(is_to_withdraw=True).exists()


def test_what_failed_here_is_withdrawn_there(far: FarAgent, runner: LocalRunner, alice: User) -> None:
    workflow = start(alice, "fail")
    wait_for_state(workflow, "failed")
    assert far.withdrawn == ["remote-fail"]


def test_a_runner_that_ends_leaves_the_job_there_and_the_next_goes_on_with_it(
    far: FarAgent, runner: LocalRunner, alice: User
) -> None:
    workflow = start(alice, "send")
    wait_for(lambda: far.present == 1)
    runner.stop()
    assert not far.withdrawn
    assert not Attempt.objects.filter(state=AttemptState.RUNNING).exists()
    far.may_go_on.set()
    successor = LocalRunner(1)
    successor.start()
    wait_for_state(workflow, "completed")
    successor.stop()
    assert far.seen == [("send", ""), ("send", "remote-send")]
    assert far.ids[0] == far.ids[1]


def test_an_answer_goes_into_the_same_job_there(far: FarAgent, runner: LocalRunner, alice: User) -> None:
    far.may_go_on.set()
    workflow = start(alice, "ask")
    wait_for_event(workflow, "input_required")
    coordinator.control(workflow=workflow, by=alice, action="answer", answer="Yes")
    wait_for_state(workflow, "completed")
    assert far.seen == [("ask", ""), ("ask", "remote-ask")]
    assert not far.withdrawn


def test_a_cancel_of_a_question_withdraws_the_job_there(far: FarAgent, runner: LocalRunner, alice: User) -> None:
    workflow = start(alice, "ask")
    wait_for_event(workflow, "input_required")
    coordinator.control(workflow=workflow, by=alice, action="cancel")
    wait_for_state(workflow, "cancelled")
    remote_jobs.withdraw_left()
    wait_for(lambda: far.withdrawn == ["remote-ask"])


def test_a_job_that_exceeds_its_limit_is_ended_and_withdrawn(
    far: FarAgent, runner: LocalRunner, alice: User, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.TASK_TIME_LIMIT", 0.5)
    workflow = start(alice, "send")
    wait_for_event(workflow, "task_retrying")
    assert "remote-send" in far.withdrawn
    far.may_go_on.set()
    wait_for_state(workflow, "completed")


def test_what_another_agent_goes_on_with_is_withdrawn_where_it_was_left(
    far: FarAgent, sample_agent: SampleAgent, alice: User
) -> None:
    workflow = start(alice, "send")
    cut = claims.claim_next("test")
    assert cut
    attempts.perform(cut)
    left = claims.claim_next("test")
    assert left
    assert left.agent == "far"
    Attempt.objects.filter(pk=left.attempt).update(remote_task="remote-send")
    outcomes.interrupted(left, "restart")
    sample_agent.skills = SampleAgent.skills
    registry.sync()
    registry.set_enabled(["far"], is_enabled=False)
    again = claims.claim_next("test")
    assert again
    assert (again.agent, again.remote_task) == ("clerk", "")
    assert again.attempt_id != left.attempt_id
    remote_jobs.withdraw_left()
    wait_for(lambda: far.withdrawn == ["remote-send"])
    assert workflow.tasks.get(key="spell/1").state == "running"
