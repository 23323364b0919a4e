"""What is said about time: from history, as a range, only when enough is known, and as the agents could do it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SAMPLE_PIPELINE, SampleAgent
from workflows import claims, coordinator, estimates, liveness, pipelines, queue, snapshots
from workflows.graph import TaskGraph
from workflows.liveness import RunnerInfo
from workflows.models import Attempt, Runner, Workflow
from workflows.simulation import Capacity, Rival, Running, StepState, TimeLeft, time_left

Json = dict[str, Any]

STEPS = {"cut": StepState(1, 1), "spell": StepState(8, 0), "join": StepState(1, 0)}
STEADY = {"cut": [1.0], "spell": [2.0], "join": [3.0]}
VARIED = {"cut": [1.0], "spell": [1.0, 2.0, 3.0, 6.0], "join": [3.0, 4.0]}


class World:
    """Stops the clocks; time passes when the test says so."""

    def __init__(self) -> None:
        self.instant, self.start = time.monotonic(), timezone.now()
        self.passed = 0.0

    def monotonic(self) -> float:
        """Takes the place of time.monotonic."""
        return self.instant + self.passed

    def now(self) -> datetime:
        """Takes the place of timezone.now."""
        return self.start + timedelta(seconds=self.passed)

    def pass_time(self, seconds: float) -> None:
        """So much later."""
        self.passed += seconds


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Stops time.monotonic and timezone.now."""
    world = World()
    monkeypatch.setattr(time, "monotonic", world.monotonic)
    monkeypatch.setattr(timezone, "now", world.now)
    return world


def shown(workflow: Workflow) -> Json:
    """Its snapshot."""
    return snapshots.workflow_snapshot(workflow)


# --- simulation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("threads", "seconds"), [(1, 19.0), (2, 11.0), (4, 7.0), (100, 5.0)])
def test_tasks_share_the_threads_and_wait_for_what_they_take(threads: int, seconds: float) -> None:
    left = time_left(SAMPLE_PIPELINE, STEPS, STEADY, Capacity(threads))
    assert left == TimeLeft(seconds, seconds, seconds)


def test_no_more_tasks_of_a_skill_run_at_once_than_its_agents_take() -> None:
    left = time_left(SAMPLE_PIPELINE, STEPS, STEADY, Capacity(4, {"spell": 2}))
    assert left.p50 == 11.0


def test_the_range_comes_from_how_much_tasks_and_workflows_differ() -> None:
    narrow = time_left(SAMPLE_PIPELINE, STEPS, VARIED, Capacity(2), seed="w")
    wide = time_left(SAMPLE_PIPELINE, STEPS, VARIED, Capacity(2), paces=(0.5, 1.0, 2.0), seed="w")
    assert narrow.p10 < narrow.p50 < narrow.p90
    assert wide.p90 - wide.p10 > narrow.p90 - narrow.p10


def test_the_same_workflow_gets_the_same_estimate() -> None:
    first, again = (time_left(SAMPLE_PIPELINE, STEPS, VARIED, Capacity(2), seed="w") for _ in range(2))
    assert first == again


def test_a_running_task_takes_what_is_left_of_it() -> None:
    steps = {**STEPS, "spell": StepState(8, 7, (Running(1.5, 0.75),))}
    assert time_left(SAMPLE_PIPELINE, steps, STEADY, Capacity(2)).p50 == pytest.approx(3.5)


def test_a_task_that_takes_longer_than_any_before_is_not_expected_to_end_at_once() -> None:
    steps = {**STEPS, "spell": StepState(8, 7, (Running(40.0, 0.0),))}
    assert time_left(SAMPLE_PIPELINE, steps, STEADY, Capacity(2)).p50 > 6.0


def test_work_of_others_takes_time() -> None:
    alone = time_left(SAMPLE_PIPELINE, STEPS, STEADY, Capacity(2))
    shared = time_left(SAMPLE_PIPELINE, STEPS, STEADY, Capacity(2), rivals=[Rival("spell", 4)])
    assert shared.p50 == alone.p50 + 4.0


def test_many_tasks_are_simulated_together() -> None:
    steps = {**STEPS, "spell": StepState(10_000, 0)}
    assert time_left(SAMPLE_PIPELINE, steps, STEADY, Capacity(4)).p50 == pytest.approx(5_003, rel=0.02)


def test_of_a_workflow_that_is_done_nothing_is_left() -> None:
    done = {name: StepState(state.expected, state.expected) for name, state in STEPS.items()}
    assert time_left(SAMPLE_PIPELINE, done, STEADY, Capacity(1)) == TimeLeft(0.0, 0.0, 0.0)


# --- history --------------------------------------------------------------------------------------


@pytest.fixture
def took(
    world: World, sample_workflow: Workflow, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, float], None]:
    """Writes ten attempts at a task into history, each of so many seconds."""
    run()

    def took(key: str, seconds: float) -> None:
        monkeypatch.setattr(estimates, "_known", {})
        now, task = timezone.now(), sample_workflow.tasks.get(key=key)
        for number in range(2, 12):
            Attempt.objects.create(
                task=task,
                number=number,
                agent="clerk",
                runner="test",
                state="completed",
                seconds=seconds,
                lease_until=now,
                started_at=now,
            )

    return took


def test_weights_come_from_how_long_tasks_took_before(took: Callable[[str, float], None]) -> None:
    took("spell/1", 40.0)
    assert estimates.known_of(SAMPLE_PIPELINE).seconds["spell"] > 25  # drawn from 1 s towards 40 s


def test_what_is_expected_counts_until_it_is_known(sample_workflow: Workflow, run: Run) -> None:
    spell = SAMPLE_PIPELINE.by_name["spell"]
    assert estimates.expected_count(TaskGraph.load(sample_workflow, SAMPLE_PIPELINE), spell, sample_workflow.input) == 3
    run(limit=1)
    assert estimates.expected_count(TaskGraph.load(sample_workflow, SAMPLE_PIPELINE), spell, sample_workflow.input) == 3


def test_nothing_is_said_about_time_until_the_slowest_skill_was_performed_three_times(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, alice: User
) -> None:
    run(limit=2)  # the first word
    assert claims.claim_next("test")
    assert shown(sample_workflow)["eta"] is None


def test_the_built_in_crew_is_known_before_it_has_done_anything() -> None:
    for name in ("idea2video", "script2video"):
        assert estimates.known_from(pipelines.get(name), [], Capacity(4)).is_enough


@pytest.mark.django_db
def test_the_machine_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    estimates.machine_slowness.cache_clear()
    first = estimates.machine_slowness()
    estimates.machine_slowness.cache_clear()
    monkeypatch.setattr(estimates, "measure_loop", lambda: 1e9)
    assert estimates.machine_slowness() == first


# --- what watchers see ----------------------------------------------------------------------------


@pytest.fixture
def experienced(took: Callable[[str, float], None], alice: User) -> Workflow:
    """A pending workflow of three words; ten attempts at spelling took 2 seconds each."""
    took("spell/1", 2.0)
    took("join", 2.0)
    liveness.sign_in(RunnerInfo("test", Runner.Kind.LOCAL, threads=1))
    return coordinator.create(pipeline="telegram", given={"text": "send more light"}, owner=alice)


def test_time_left_is_a_range_and_shrinks_as_time_passes(experienced: Workflow, run: Run, world: World) -> None:
    run(limit=1)
    assert claims.claim_next("test")
    first = shown(experienced)["eta"]
    assert 0 < first["p10"] <= first["p50"] <= first["p90"]
    world.pass_time(0.5)
    assert shown(experienced)["eta"]["p50"] == pytest.approx(first["p50"] - 0.5, abs=0.11)


def test_a_workflow_that_takes_longer_than_usual_says_so(experienced: Workflow, run: Run, world: World) -> None:
    run(limit=1)
    assert claims.claim_next("test")
    assert shown(experienced)["eta"]["late"] is False
    world.pass_time(600)
    assert shown(experienced)["eta"]["late"] is True


def test_elapsed_counts_the_time_at_work_and_not_what_is_paused(
    sample_workflow: Workflow, sample_agent: SampleAgent, run: Run, world: World
) -> None:
    sample_agent.on_spell = lambda _job, _word: world.pass_time(2.0)
    world.pass_time(100.0)
    assert shown(sample_workflow)["elapsed"] == 0.0
    run(limit=2)
    assert shown(sample_workflow)["elapsed"] == 2.0
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action="pause")
    world.pass_time(50.0)
    assert shown(sample_workflow)["elapsed"] == 2.0
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action="resume")
    run()
    world.pass_time(50.0)
    assert shown(sample_workflow)["elapsed"] == 6.0


def test_while_a_workflow_drains_its_time_runs_on(experienced: Workflow, run: Run, world: World) -> None:
    run(limit=1)
    assert claims.claim_next("test")
    coordinator.control(workflow=experienced, by=experienced.owner, action="pause")
    before = shown(experienced)
    world.pass_time(0.5)
    after = shown(experienced)
    assert after["elapsed"] == before["elapsed"] + 0.5
    assert after["eta"]["p50"] < before["eta"]["p50"]


def test_who_waits_knows_its_place_and_when_it_may_start(
    experienced: Workflow, alice: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "RUNNER_THREADS", 1)
    waiting = []
    for text in ("more", "light"):
        world.pass_time(1.0)
        waiting.append(coordinator.create(pipeline="telegram", given={"text": text}, owner=alice))
    assert claims.claim_next("test")
    monkeypatch.setattr(queue, "_places", (-1e9, {}))
    assert shown(experienced)["queue"] is None
    places = [shown(each)["queue"] for each in waiting]
    assert [place["position"] for place in places] == [1, 2]
    assert places[0]["starts_in"]["p50"] < places[1]["starts_in"]["p50"]


def test_nobody_waits_while_a_thread_is_free(sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_places", (-1e9, {}))
    assert shown(sample_workflow)["queue"] is None
