"""Hints over Celery, on a broker in memory: each says for which skill there is work. Real workers: test_topology.py."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from queue import Empty

import pytest
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from tests.fixtures.workflows import Run
from tests.waiting import TIMEOUT_SECONDS
from workflows import coordinator, liveness
from workflows.liveness import RunnerInfo
from workflows.models import Attempt, Runner, Workflow
from workflows.runners import celery

Hints = Callable[[str], int]


@pytest.fixture(scope="module", autouse=True)
def _broker() -> Iterator[None]:
    """A broker in memory."""
    celery.app.conf.broker_url = "memory://"
    yield
    celery.app.close()


@pytest.fixture(autouse=True)
def _all_sent(transactional_db: None, _broker: None) -> Iterator[None]:
    """No hint of this test comes in the next one."""
    yield
    celery._sender.flush()


@pytest.fixture
def hints() -> Hints:
    """How many hints wait in the queue of a skill; takes them."""

    def hints(skill: str) -> int:
        with celery.app.connection_for_read() as connection:
            queue, count = connection.SimpleQueue(skill), 0
            try:
                while True:
                    assert queue.get_nowait().payload[0] == [skill]
                    count += 1
            except Empty:
                return count
            finally:
                queue.close()

    for skill in ("cut", "spell", "join"):
        hints(skill)
    return hints


def test_a_hint_goes_to_the_queue_of_each_skill_that_there_is_work_for(
    hints: Hints, sample_workflow: Workflow, run: Run
) -> None:
    celery.send_hints(Q())
    assert (hints("cut"), hints("spell")) == (1, 0)
    run(limit=1)
    celery.send_hints(Q(workflow_id=sample_workflow.pk))
    assert (hints("cut"), hints("spell")) == (0, 1)  # one, although three words are to be spelt


def test_there_are_as_many_hints_as_threads_that_could_perform_the_ready_tasks(
    hints: Hints, sample_workflow: Workflow, run: Run
) -> None:
    run(limit=1)
    liveness.sign_in(RunnerInfo("spellers", Runner.Kind.CELERY, threads=2, skills=frozenset({"spell"})))
    liveness.sign_in(RunnerInfo("joiners", Runner.Kind.CELERY, threads=8, skills=frozenset({"join"})))
    celery.send_hints(Q())
    assert hints("spell") == 2
    liveness.sign_in(RunnerInfo("all", Runner.Kind.CELERY, threads=8))
    celery.send_hints(Q())
    assert hints("spell") == 3  # there are no more words


def test_no_hint_is_sent_for_work_that_waits(hints: Hints, sample_workflow: Workflow, alice: User, run: Run) -> None:
    sample_workflow.tasks.filter(key="cut").update(not_before=timezone.now() + timedelta(minutes=1))
    celery.send_hints(Q())
    sample_workflow.tasks.filter(key="cut").update(not_before=None)
    run(limit=1)
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    celery.send_hints(Q())
    assert (hints("cut"), hints("spell")) == (0, 0)


def test_a_worker_that_gets_a_hint_performs_all_that_there_is_and_finds_nothing_at_the_second(
    sample_workflow: Workflow, run: Run
) -> None:
    run(limit=1)
    runner = celery.CeleryRunner(frozenset({"spell"}), threads=1)
    assert [runner.perform("spell"), runner.perform("spell")] == [3, 0]
    assert set(Attempt.objects.filter(task__step="spell").values_list("runner", flat=True)) == {runner.info.name}


def test_a_worker_sweeps_for_hints_that_were_lost_and_shows_that_it_is_alive_until_it_stops(
    hints: Hints, sample_workflow: Workflow
) -> None:
    runner = celery.CeleryRunner(frozenset({"cut", "spell"}), threads=1)
    runner.start()
    with celery.app.connection_for_read() as connection:
        queue = connection.SimpleQueue("cut")
        assert queue.get(timeout=TIMEOUT_SECONDS).payload[0] == ["cut"]
        queue.close()
    assert [(row.kind, row.skills) for row in Runner.objects.all()] == [("celery", ["cut", "spell"])]
    runner.request_stop()
    runner.join()
    assert not Runner.objects.exists()


def test_work_that_became_ready_is_announced_without_waiting_for_the_broker(
    hints: Hints, sample_workflow: Workflow
) -> None:
    sender = celery.HintSender()
    sender.add(str(sample_workflow.pk))
    with celery.app.connection_for_read() as connection:
        queue = connection.SimpleQueue("cut")
        assert queue.get(timeout=TIMEOUT_SECONDS).payload[0] == ["cut"]
        queue.close()
