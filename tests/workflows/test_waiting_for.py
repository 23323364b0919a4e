"""Why nothing of a workflow moves, or something of it does not: in snapshots and in messages."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents import registry, switches
from agents.contract import AgentError, Job, ProviderUnavailable
from agents.models import UNHEALTHY_AFTER, Agent
from agents.studio.openai import client
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Kinds, Run
from tests.server import free_port
from tests.workflows.rows import set_columns
from tests.workflows.sample_pipeline import SampleAgent
from workflows import (
    attempts,
    claims,
    coordinator,
    estimates,
    executions,
    liveness,
    outcomes,
    progress,
    queue,
    snapshots,
    standstill,
)
from workflows.liveness import RunnerInfo
from workflows.models import Runner, Workflow
from workflows.outcomes import LONGEST_BACKOFF_SECONDS, OUTAGE_FAILURES_LIMIT
from workflows.signals import progress_reported

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def runner(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> RunnerInfo:
    """A runner that is alive, with a thread."""
    monkeypatch.setattr(standstill, "_announced", {})
    monkeypatch.setattr(queue, "READ_SECONDS", 0.0)  # read anew each time
    runner = RunnerInfo("test", Runner.Kind.LOCAL, threads=1)
    liveness.sign_in(runner)
    return runner


@pytest.fixture
def reason(sample_workflow: Workflow) -> Callable[[], Any]:
    """What the workflow waits for now, as its snapshot says."""
    return lambda: snapshots.workflow_snapshot(sample_workflow)["waiting_for"]


@pytest.fixture
def announced(sample_workflow: Workflow) -> Iterator[list[Any]]:
    """`waiting_for` of each progress message of the workflow."""
    found: list[Any] = []

    def listen(message: Json, **_: object) -> None:
        found.append(message["waiting_for"])

    progress_reported.connect(listen)
    yield found
    progress_reported.disconnect(listen)


Reason = Callable[[], Any]


def waiting_for(workflow: Workflow) -> Json:
    """What a workflow waits for now, as its snapshot says."""
    return dict(snapshots.workflow_snapshot(workflow)["waiting_for"])


def test_a_workflow_that_moves_waits_for_nothing(reason: Reason, run: Run) -> None:
    assert reason() is None
    run(limit=1)
    assert reason() is None
    run()
    assert reason() is None


def test_without_any_runner_nothing_moves(runner: RunnerInfo, reason: Reason) -> None:
    liveness.sign_out(runner.name)
    found = reason()
    assert (found["kind"], found["task"], found["agent"]) == ("runner", "cut", None)
    assert found["text"] == "Nobody runs work: start a worker"


def test_a_skill_that_no_runner_serves_is_named(runner: RunnerInfo, reason: Reason) -> None:
    liveness.sign_out(runner.name)
    liveness.sign_in(RunnerInfo("joiner", Runner.Kind.WORKER, threads=1, skills=frozenset({"join"})))
    assert reason()["kind"] == "runner"
    assert reason()["text"] == "Nobody who runs work does “Cut”: start a worker that does"


def test_an_agent_that_is_switched_off_is_named_with_the_person_and_the_reason(reason: Reason) -> None:
    registry.set_enabled(["clerk"], is_enabled=False, by="olga", why="new glasses")
    assert reason() == {
        "kind": "agent",
        "text": "Waiting for Clerk: switched off by olga (new glasses)",
        "until": None,
        "agent": "clerk",
        "task": "cut",
    }
    registry.set_enabled(["clerk"], is_enabled=True)
    assert reason() is None


def test_an_agent_that_drains_is_named_with_the_person_and_keeps_what_it_has(
    reason: Reason, sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    switches.change(["clerk"], is_draining=True, by="olga", why="new glasses")
    assert (reason() or {})["text"] == "Waiting for Clerk: draining, by olga (new glasses)"
    assert run() == 0
    switches.change(["clerk"], is_draining=False)

    def drain(_job: Job, _word: str) -> None:
        switches.change(["clerk"], is_draining=True)

    sample_agent.on_spell = drain
    assert run() == 2  # what was running comes to its end, and nothing new begins
    assert sample_workflow.tasks.filter(state="completed").count() == 2


def test_an_unhealthy_agent_is_waited_for_until_it_has_cooled_down(reason: Reason) -> None:
    failed_at = timezone.now()
    Agent.objects.filter(name="clerk").update(consecutive_errors=UNHEALTHY_AFTER, last_error_at=failed_at)
    found = reason()
    assert (found["kind"], found["text"]) == (
        "agent",
        "Waiting for Clerk: failed 5 times in a row, next try follows",
    )
    assert found["until"][:19] == (failed_at + registry.COOL_DOWN).isoformat()[:19]


def test_an_agent_that_is_busy_is_queued_for(sample_workflow: Workflow, alice: User, reason: Reason) -> None:
    liveness.sign_in(RunnerInfo("idle", Runner.Kind.WORKER, threads=1))
    Agent.objects.filter(name="clerk").update(max_concurrent=1)
    other = coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    claim = claims.claim_next("test")
    assert claim
    assert claim.workflow == str(sample_workflow.pk)
    assert reason() is None  # it runs itself
    found = snapshots.workflow_snapshot(other)["waiting_for"]
    assert (found["kind"], found["text"], found["task"]) == ("queue", "Waiting for Clerk: busy with other work", "cut")


def test_a_workflow_waits_for_its_turn_while_all_threads_are_busy(
    sample_workflow: Workflow, alice: User, run: Run, reason: Reason
) -> None:
    run(limit=1)
    coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    set_columns(sample_workflow.tasks.filter(state="ready"), not_before=timezone.now() + timedelta(hours=1))
    assert claims.claim_next("test")  # of the other one
    set_columns(sample_workflow.tasks.filter(state="ready"), not_before=None)
    assert (reason()["kind"], reason()["text"]) == ("queue", "Waiting for its turn: everyone who runs work is busy")


def test_a_workflow_that_waits_for_its_first_turn_says_which_place_it_has_and_when_it_starts(
    sample_workflow: Workflow, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert claims.claim_next("test")  # the only thread is taken
    others = [coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice) for _ in range(4)]
    texts = [waiting_for(other)["text"] for other in others]
    assert texts == ["Next in the queue", "Second in the queue", "Third in the queue", "Number 4 in the queue"]
    times = {"p10": 1.0, "p50": 236.0, "p90": 500.0}
    monkeypatch.setattr(queue, "places", lambda: {str(others[2].pk): {"position": 3, "starts_in": times}})
    assert waiting_for(others[2])["text"] == "Third in the queue, starts in about 4 min"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2, "a few seconds"), (33, "about 35 s"), (89, "about 1½ min"), (600, "about 10 min"), (8_000, "about 2 h")],
)
def test_a_time_to_wait_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert queue.in_words(seconds) == words


def test_work_that_died_with_its_runner_is_not_said_to_go_on(
    sample_workflow: Workflow, runner: RunnerInfo, reason: Reason, announced: list[Any]
) -> None:
    assert claims.claim_next("test")
    assert reason() is None
    liveness.declare_dead([runner.name])
    assert reason()["text"] == "Nobody runs work: start a worker"
    assert snapshots.workflow_snapshot(sample_workflow)["eta"] is None
    standstill.announce_reasons()
    assert announced[-1]["kind"] == "runner"
    liveness.sign_in(RunnerInfo("other", Runner.Kind.WORKER, threads=1))
    assert (reason()["kind"], reason()["task"]) == ("runner", "cut")
    assert reason()["text"] == "Its worker is gone: another one takes over"


def test_no_time_left_is_told_while_nothing_runs(
    sample_workflow: Workflow, run: Run, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(estimates.LEAST_ATTEMPTS):  # so that times are known
        coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    run()
    monkeypatch.setattr(estimates, "_known", {})
    run_again = coordinator.create(pipeline="telegram", given={"text": "send more light"}, owner=alice)
    claim = claims.claim_next("test")
    assert claim
    assert snapshots.workflow_snapshot(run_again)["eta"]
    registry.set_enabled(["clerk"], is_enabled=False, by="olga")
    attempts.perform(claim)
    assert run_again.tasks.filter(state="ready").exists()
    for known_here in (True, False):
        if not known_here:
            progress.forget(str(run_again.pk))
        assert snapshots.workflow_snapshot(run_again)["eta"] is None


def test_a_task_that_will_be_tried_again_says_what_went_wrong_and_when_it_is_tried(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, reason: Reason
) -> None:
    def refuse(_job: Job, _word: str) -> None:
        raise AgentError("The provider is out of reach.", retryable=True, retry_after=600)

    sample_agent.on_spell = refuse
    run()
    found = reason()
    assert (found["kind"], found["agent"]) == ("retry", "clerk")
    assert found["text"] == "Clerk: The provider is out of reach, second try follows"
    first = sample_workflow.tasks.exclude(not_before=None).order_by("not_before")[0]
    assert found["task"] == first.key
    assert first.not_before
    assert found["until"][:19] == first.not_before.isoformat()[:19]


def test_a_task_whose_provider_is_out_of_reach_says_so_and_when_it_is_tried_again(
    sample_workflow: Workflow,
    sample_agent: SampleAgent,
    run: Run,
    reason: Reason,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "FIRST_DELAY_SECONDS", 0.01)
    monkeypatch.setattr(outcomes, "FIRST_BACKOFF_SECONDS", 60.0)
    sample_agent.on_spell = ask_a_provider_that_is_not_there(settings)
    run()
    found = reason()
    first = sample_workflow.tasks.exclude(not_before=None).order_by("not_before")[0]
    assert first.not_before
    assert found["until"][:19] == first.not_before.isoformat()[:19]
    assert (found["kind"], found["agent"], found["task"]) == ("provider", "clerk", first.key)
    assert found["text"] == "The provider is unreachable, second try follows"
    failed = sample_workflow.events.filter(kind="task_retrying")[0].data["error"]
    assert failed["type"] == "AgentError"  # the types of errors on the wire stay as they are


def test_while_the_breaker_of_an_agent_is_open_the_provider_that_opened_it_is_named(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, reason: Reason
) -> None:
    def refuse(_job: Job, _word: str) -> None:
        raise ProviderUnavailable("The provider is unreachable. Check the network.", retryable=True)

    sample_agent.on_spell = refuse
    while not_broken("clerk"):
        run()
        set_columns(sample_workflow.tasks.exclude(not_before=None), not_before=timezone.now())
    found = reason()
    assert (found["kind"], found["agent"], found["task"]) == ("provider", "clerk", "spell/1")
    assert found["text"] == "The provider is unreachable, next try follows"
    failed_at = Agent.objects.get(name="clerk").last_error_at
    assert failed_at
    assert found["until"][:19] == (failed_at + registry.COOL_DOWN).isoformat()[:19]


def test_a_provider_is_waited_for_longer_than_an_agent_that_fails_but_not_for_ever(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run
) -> None:
    def refuse(_job: Job, _word: str) -> None:
        raise ProviderUnavailable("The provider is unreachable.")

    sample_agent.on_spell = refuse
    run(limit=1)
    task = sample_workflow.tasks.filter(key="spell/1")
    sample_workflow.tasks.exclude(key="spell/1").filter(step="spell").update(state="cancelled")
    while task.get().state != "failed":
        set_columns(task, not_before=None)  # the wait is over
        Agent.objects.update(consecutive_errors=0)  # that of the breaker, too
        assert run(limit=1)
    waits = [event.data["delay_seconds"] for event in sample_workflow.events.filter(kind="task_retrying")]
    assert len(waits) == OUTAGE_FAILURES_LIMIT - 1
    assert 60.0 < sum(waits) < 130.0
    assert max(waits) <= LONGEST_BACKOFF_SECONDS


def test_a_breaker_that_another_failure_opened_names_no_provider(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, reason: Reason
) -> None:
    failures = iter([ProviderUnavailable("It cannot be reached.", retryable=True)] * (UNHEALTHY_AFTER - 1))

    def refuse(_job: Job, _word: str) -> None:
        raise next(failures, AgentError("It broke.", retryable=True))

    sample_agent.on_spell = refuse
    while not_broken("clerk"):
        run()
        set_columns(sample_workflow.tasks.exclude(not_before=None), not_before=timezone.now())
    assert reason()["kind"] == "agent"


def not_broken(agent: str) -> bool:
    """Whether the breaker of the agent is closed."""
    return Agent.objects.get(name=agent).consecutive_errors < UNHEALTHY_AFTER


def ask_a_provider_that_is_not_there(settings: Settings) -> Callable[[Job, str], None]:
    """What asks a provider, as the studio does, at an address where nobody listens."""
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = f"http://127.0.0.1:{free_port()}/v1", "no-secret"

    def ask(_job: Job, _word: str) -> None:
        client.endpoint().ask(lambda provider: provider.models.list(), waiting=lambda: None)

    return ask


def test_a_workflow_that_a_person_stopped_or_that_has_ended_waits_for_nothing(
    sample_workflow: Workflow, alice: User, reason: Reason
) -> None:
    registry.set_enabled(["clerk"], is_enabled=False)
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    assert reason() is None
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    assert reason() is None


def test_what_polls_gets_it_too(sample_workflow: Workflow, alice: User, as_user: AsUser) -> None:
    registry.set_enabled(["clerk"], is_enabled=False)
    body = as_user(alice).get(f"/api/workflows/{sample_workflow.pk}/").json()
    assert body["waiting_for"]["kind"] == "agent"
    assert snapshots.progress_message(sample_workflow)["waiting_for"] == body["waiting_for"]


# --- messages ---------------------------------------------------------------------------------------


def test_a_reason_is_announced_once_and_so_is_its_end(announced: list[Any]) -> None:
    standstill.announce_reasons()
    registry.set_enabled(["clerk"], is_enabled=False)
    for _ in range(2):
        standstill.announce_reasons()
    registry.set_enabled(["clerk"], is_enabled=True)
    for _ in range(2):
        standstill.announce_reasons()
    assert [found and found["kind"] for found in announced] == ["agent", None]


def test_a_process_that_does_not_know_the_workflow_announces_it_from_the_database(
    sample_workflow: Workflow, announced: list[Any]
) -> None:
    progress.forget(str(sample_workflow.pk))
    registry.set_enabled(["clerk"], is_enabled=False)
    standstill.announce_reasons()
    assert [found["kind"] for found in announced] == ["agent"]


def test_of_what_runs_in_another_process_nothing_is_announced(
    sample_workflow: Workflow, run: Run, announced: list[Any]
) -> None:
    run(limit=1)
    liveness.sign_in(RunnerInfo("elsewhere", Runner.Kind.WORKER, threads=1))
    assert claims.claim_next("elsewhere")
    announced.clear()
    registry.set_enabled(["clerk"], is_enabled=False)
    standstill.announce_reasons()
    assert announced == []
    assert snapshots.workflow_snapshot(sample_workflow)["waiting_for"]["kind"] == "agent"


def test_what_was_announced_is_gone_when_a_person_pauses(
    sample_workflow: Workflow, alice: User, announced: list[Any]
) -> None:
    registry.set_enabled(["clerk"], is_enabled=False)
    standstill.announce_reasons()
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    assert announced[-1] is None


def test_a_wait_in_the_queue_ends_with_the_first_attempt(
    sample_workflow: Workflow, alice: User, announced: list[Any]
) -> None:
    Agent.objects.filter(name="clerk").update(max_concurrent=1)
    coordinator.create(pipeline="telegram", given={"text": "a"}, owner=alice)
    first = claims.claim_next("test")
    assert first
    standstill.announce_reasons()
    assert announced[-1]["kind"] == "queue"
    attempts.perform(first)
    set_columns(sample_workflow.tasks.filter(state="ready"), not_before=timezone.now() + timedelta(hours=1))
    announced.clear()
    assert claims.claim_next("test")
    assert announced == [None]


# --- stalls -----------------------------------------------------------------------------------------


@pytest.fixture
def silent(sample_workflow: Workflow, sample_agent: SampleAgent, run: Run) -> Callable[[Callable[[Job], None]], None]:
    """Performs a task whose agent has been silent for long, and does something in the middle of it."""

    def silent(do: Callable[[Job], None]) -> None:
        def hang(job: Job, _word: str) -> None:
            (execution,) = executions.present()
            execution.signed_at -= standstill.STALLED_SECONDS
            do(job)

        run(limit=1)
        sample_agent.on_spell = hang
        run(limit=1)

    return silent


Silent = Callable[[Callable[[Job], None]], None]


def test_an_agent_without_a_sign_of_life_has_stalled_and_then_goes_on(
    sample_workflow: Workflow, silent: Silent, reason: Reason, kinds: Kinds
) -> None:
    seen: list[Any] = []

    def look(job: Job) -> None:
        for _ in range(2):
            standstill.record_stalls()
        seen.append(reason())
        job.checkpoint()
        standstill.record_stalls()
        seen.append(reason())

    silent(look)
    stalled, after = seen
    assert (stalled["kind"], stalled["agent"], stalled["task"], after) == ("agent", "clerk", "spell/1", None)
    assert stalled["text"].startswith("Clerk: no sign of life since ")
    assert [kind for kind in kinds(sample_workflow) if kind in ("task_stalled", "task_resumed")] == [
        "task_stalled",
        "task_resumed",
    ]


def test_a_stall_is_announced(silent: Silent, announced: list[Any]) -> None:
    def look(_job: Job) -> None:
        standstill.record_stalls()
        standstill.announce_reasons()

    silent(look)
    assert "agent" in [found and found["kind"] for found in announced]
    assert announced[-1] is None


def test_an_attempt_that_was_stalled_and_ended_is_no_reason_any_more(silent: Silent, reason: Reason) -> None:
    silent(lambda _job: standstill.record_stalls())
    assert reason() is None
