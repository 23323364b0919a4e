"""Runners show that they are alive; who asks learns when there is none, and which skills none of them serves."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import AsyncClient
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import claims, liveness, metrics, recovery
from workflows.liveness import RunnerInfo
from workflows.models import Attempt, Runner, Workflow
from workflows.outcomes import Claim
from workflows.runners import folder, heartbeat
from workflows.runners.heartbeat import PeriodicCall
from workflows.signals import coordinator_metrics_changed

ALL = RunnerInfo(name="here:1:all", kind="local", threads=4)
SPELLERS = RunnerInfo(name="here:2:spellers", kind="worker", threads=2, skills=frozenset({"spell", "join"}))


def let_die(runner: RunnerInfo) -> None:
    """The runner gives no sign of life any more, and time passes."""
    died_at = timezone.now() - timedelta(seconds=liveness.STALE_SECONDS + 1)
    Runner.objects.filter(name=runner.name).update(last_seen_at=died_at)


def figures() -> tuple[int, bool]:
    """How many runners the coordinator's metrics count, and whether they name the skill `cut` as unserved."""
    present = metrics.coordinator_metrics()
    return present["runners"], "cut" in present["unserved_skills"]


@pytest.mark.usefixtures("sample_agent")
def test_the_metrics_count_the_runners_that_are_alive_and_name_the_skills_that_none_serves() -> None:
    assert figures() == (0, True)
    liveness.sign_in(SPELLERS)
    assert figures() == (1, True)
    assert "spell" not in metrics.coordinator_metrics()["unserved_skills"]
    liveness.sign_in(ALL)
    assert figures() == (2, False)
    let_die(ALL)
    assert figures() == (1, True)
    liveness.sign_out(SPELLERS.name)
    assert figures() == (0, True)


@pytest.mark.usefixtures("sample_agent")
def test_a_runner_that_comes_back_after_it_was_thought_dead_is_alive_again() -> None:
    liveness.sign_in(ALL)
    let_die(ALL)
    liveness.sign_in(ALL)
    assert figures() == (1, False)


@pytest.mark.usefixtures("sample_agent")
def test_a_runner_that_died_long_ago_is_forgotten() -> None:
    for runner in (ALL, SPELLERS):
        liveness.sign_in(runner)
    Runner.objects.filter(name=ALL.name).update(last_seen_at=timezone.now() - timedelta(days=2))
    recovery.clear_away()
    assert [runner.name for runner in Runner.objects.all()] == [SPELLERS.name]


@pytest.mark.parametrize("runner", ["none", "celery"])
async def test_a_server_without_a_runner_of_its_own_is_ready_only_while_there_is_one(
    transactional_db: None, settings: Settings, runner: str
) -> None:
    settings.RUNNER = runner
    answer = await AsyncClient().get("/readyz")
    assert (answer.status_code, answer.json()["runner"]) == (503, "missing")
    await Runner.objects.acreate(
        name="here:1:a", kind="worker", threads=1, started_at=timezone.now(), last_seen_at=timezone.now()
    )
    answer = await AsyncClient().get("/readyz")
    assert (answer.status_code, answer.json()["runner"]) == (200, "ok")


@pytest.mark.parametrize("calls", [heartbeat.calls_of_server, lambda: heartbeat.calls_of(SPELLERS)])
def test_a_runner_whose_process_was_killed_is_dead_at_the_next_heartbeat_of_its_data_folder(
    transactional_db: None, settings: Settings, tmp_path: Path, calls: Callable[[], list[PeriodicCall]]
) -> None:
    settings.DATA_DIR = tmp_path
    killed = folder.runner_lock(ALL.name)
    assert killed.take()
    liveness.sign_in(ALL)
    beat(calls())
    assert liveness.live().filter(name=ALL.name).exists()
    killed.release()  # as the kernel does when the process ends
    beat(calls())
    assert not liveness.live().filter(name=ALL.name).exists()


def beat(calls: list[PeriodicCall]) -> None:
    """Each call once, as when all of them are due."""
    for call in calls:
        call.run_if_due()


async def test_prometheus_counts_runners_by_kind_and_skills_without_one(transactional_db: None) -> None:
    before = (await AsyncClient().get("/metrics")).content.decode()
    assert 'callboard_runners{kind="worker"} 0.0' in before
    assert "callboard_unserved_skills 0.0" not in before
    await Runner.objects.acreate(
        name="here:1:a", kind="worker", threads=1, started_at=timezone.now(), last_seen_at=timezone.now()
    )
    after = (await AsyncClient().get("/metrics")).content.decode()
    assert 'callboard_runners{kind="worker"} 1.0' in after
    assert "callboard_unserved_skills 0.0" in after


@pytest.fixture
def announced(sample_agent: SampleAgent, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The messages of `coordinator_metrics_changed`."""
    monkeypatch.setattr(metrics, "_last_sent", [])
    monkeypatch.setattr(metrics, "RECHECK_SECONDS", 0.0)
    announced: list[dict[str, Any]] = []

    def listen(message: dict[str, Any], **_: object) -> None:
        announced.append(message)

    coordinator_metrics_changed.connect(listen)
    yield announced
    coordinator_metrics_changed.disconnect(listen)


def test_watchers_of_the_coordinator_learn_that_the_last_runner_has_died(announced: list[dict[str, Any]]) -> None:
    liveness.sign_in(ALL)
    metrics.announce_if_due()
    let_die(ALL)
    metrics.announce_if_due()
    assert [message["runners"] for message in announced] == [1, 0]


# --- attempts of dead runners ---------------------------------------------------------------------


@pytest.fixture
def claimed(sample_workflow: Workflow, run: Run) -> Claim:
    """An attempt at the first word that the runner SPELLERS works on."""
    run(limit=1)
    liveness.sign_in(SPELLERS)
    claim = claims.claim_next(SPELLERS.name)
    assert claim
    return claim


def test_the_attempts_of_a_dead_runner_are_lost_before_their_lease_runs_out(
    claimed: Claim, sample_workflow: Workflow, run: Run
) -> None:
    let_die(SPELLERS)
    recovery.recover_lost()
    assert Attempt.objects.get(pk=claimed.attempt).state == "lost"
    run()
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "completed"


def test_a_runner_that_joins_others_leaves_the_attempts_of_those_that_live(claimed: Claim) -> None:
    recovery.join(dead=[])
    assert Attempt.objects.get(pk=claimed.attempt).state == "running"


def test_a_runner_that_joins_others_takes_up_what_a_dead_one_left(claimed: Claim) -> None:
    let_die(SPELLERS)
    recovery.join(dead=[])
    assert Attempt.objects.get(pk=claimed.attempt).state == "lost"


def test_a_runner_that_is_known_to_have_died_is_not_waited_for(claimed: Claim) -> None:
    recovery.join(dead=[SPELLERS.name])
    assert Attempt.objects.get(pk=claimed.attempt).state == "lost"
    assert figures()[0] == 0


def test_a_folder_names_each_of_its_runners_once_after_its_process_died(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    living, dying = folder.runner_lock("living"), folder.runner_lock("dying")
    assert living.take()
    assert dying.take()
    assert folder.dead_runners() == []
    dying.release()  # as the kernel does when the process ends
    assert folder.dead_runners() == ["dying"]
    assert folder.dead_runners() == []
    living.delete()
    assert folder.dead_runners() == []


def test_the_only_runner_of_a_folder_clears_away_the_rows_of_those_before_it(claimed: Claim) -> None:
    recovery.take_over(data_folder_id="here", runner="here:3:new")
    assert not Runner.objects.exists()


# --- skills ---------------------------------------------------------------------------------------


def test_a_runner_claims_only_tasks_for_the_skills_that_it_serves(sample_workflow: Workflow, run: Run) -> None:
    assert claims.claim_next("here", frozenset({"spell", "join"})) is None
    run(limit=1)
    claim = claims.claim_next("here", frozenset({"spell", "join"}))
    assert claim
    assert claim.skill == "spell"
    assert claims.claim_next("here", frozenset({"cut"})) is None
