"""RUNNER=celery: Celery carries hints, and its workers claim what the hints are about.

A hint says "there is work for this skill"; it goes to the queue that is named like the skill. The worker that gets it
claims and performs until there is nothing left for the skill. There are as many hints as threads that could work at once.
One that comes too late finds nothing, and one that is lost is made up for by the sweep of each worker's heartbeat: late
acknowledgements and visibility time-outs do not matter.
"""

import logging
import threading
from typing import TYPE_CHECKING

from celery import Celery, signals
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from agents import registry
from agents.studio.offline import processes
from workflows import estimates, executions, liveness, recovery
from workflows.claims import CLAIMABLE_STATES
from workflows.connections import keep_connections
from workflows.lifecycle import TaskState
from workflows.liveness import RunnerInfo
from workflows.models import Runner, Task
from workflows.runners import folder, heartbeat, work_loop
from workflows.runners.heartbeat import PeriodicCall, safely
from workflows.signals import work_became_ready

if TYPE_CHECKING:
    from celery.worker.consumer import Consumer

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0  # between two looks of a worker for work that no hint announced (a lost one, the end of a backoff)
HINT_SECONDS = 30.0  # an older hint is dropped: the sweep has sent others since
STOP_SECONDS = 8.0  # how long a stop waits for attempts to reach a checkpoint
CLEARING_STOP_SECONDS = 1.0  # how long it waits for the storage

app = Celery("callboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = {skill: {} for skill in sorted(registry.skills())}  # a worker without -Q serves all


# --- sending hints --------------------------------------------------------------------------------


class HintSender:
    """Sends hints from a thread of its own, so that a transaction never waits for the broker. Begins when first used."""

    def __init__(self) -> None:
        self._workflows: set[str] = set()  # "": any
        self._guard = threading.Lock()
        self._sending = threading.Lock()
        self._has_news = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, workflow_id: str) -> None:
        """Tasks of this workflow may be ready."""
        with self._guard:
            self._workflows.add(workflow_id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="celery-hints", daemon=True)
                self._thread.start()
        self._has_news.set()

    def _run(self) -> None:
        keep_connections()
        while True:
            self._has_news.wait()
            self._has_news.clear()
            safely(self.flush)

    def flush(self) -> None:
        """Sends what waits, now; when it returns, nothing is under way."""
        with self._sending:
            with self._guard:
                workflows, self._workflows = self._workflows, set()
            if workflows:
                send_hints(Q() if "" in workflows else Q(workflow_id__in=workflows))


def send_hints(of: Q) -> None:
    """Sends hints for each skill that some of these tasks are ready for: one a task, as far as there are threads for it."""
    now, runners = timezone.now(), list(liveness.live().filter(kind=Runner.Kind.CELERY))
    due = Q(not_before=None) | Q(not_before__lte=now)
    ready = Task.objects.filter(of, due, state=TaskState.READY, workflow__state__in=CLAIMABLE_STATES)
    for skill, count in ready.order_by().values_list("skill").annotate(count=Count("pk")):
        threads = sum(runner.threads for runner in runners if runner.serves(skill))
        for _ in range(min(count, max(threads, 1))):
            perform_ready.apply_async((skill,), queue=registry.skill_id_of(skill), expires=HINT_SECONDS, retry=False)


_sender = HintSender()


def _on_work_ready(workflow_id: str, **_: object) -> None:
    _sender.add(workflow_id)


def connect() -> None:
    """Has hints sent whenever work became ready."""
    work_became_ready.connect(_on_work_ready, dispatch_uid="celery.hints")


# --- in a Celery worker ---------------------------------------------------------------------------


class CeleryRunner:
    """The runner of a Celery worker: its heartbeat; the worker's own threads perform the attempts."""

    def __init__(self, skills: frozenset[str] | None, threads: int) -> None:
        name = folder.runner_name()
        self.info = RunnerInfo(name=name, kind=Runner.Kind.CELERY, threads=threads, skills=skills)
        self._sign_of_life = folder.runner_lock(name)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="runner-heartbeat", daemon=True)

    def start(self) -> None:
        """Returns at once."""
        self._thread.start()

    def perform(self, skill: str) -> int:
        """Performs attempts until there is nothing for the skill. Returns how many."""
        keep_connections()
        return work_loop.perform_all(self.info.name, frozenset({registry.skill_id_of(skill)}), self._stopping)

    def request_stop(self) -> None:
        """Stops running attempts at their next checkpoint. Returns at once."""
        self._stopping.set()

    def join(self) -> None:
        """Waits for its end, STOP_SECONDS at most."""
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        keep_connections()
        safely(self._begin)
        clearing = heartbeat.start_clearing(self._stopping)
        heartbeat.beat([*heartbeat.calls_of(self.info), PeriodicCall(SWEEP_SECONDS, self._sweep)], self._stopping)
        clearing.join(CLEARING_STOP_SECONDS)
        if executions.stop_all(STOP_SECONDS):
            safely(self._sign_out)
        heartbeat.close_connections()

    def _begin(self) -> None:
        self._sign_of_life.take()
        liveness.sign_in(self.info)
        registry.sync()
        estimates.machine_slowness()  # measures it now, outside of any transaction
        recovery.join(dead=folder.dead_runners())

    def _sign_out(self) -> None:
        liveness.sign_out(self.info.name)
        self._sign_of_life.delete()

    def _sweep(self) -> None:
        if executions.in_threads() < self.info.threads:
            skills = self.info.skills
            send_hints(Q() if skills is None else Q(skill__in=skills))


_runner: CeleryRunner | None = None


def _perform_ready(skill: str) -> int:
    """Performs what there is for the skill. Returns how many attempts."""
    if _runner is None:
        raise RuntimeError("Start the worker with the pool 'threads': its other processes have no heartbeat.")
    return _runner.perform(skill)


perform_ready = app.task(name="callboard.perform_ready", ignore_result=True)(_perform_ready)


def _on_worker_ready(sender: "Consumer", **_: object) -> None:
    global _runner
    queues, known = frozenset(sender.app.amqp.queues.consume_from), frozenset(registry.skills())
    _runner = CeleryRunner(None if queues >= known else queues, sender.controller.concurrency)
    _runner.start()
    log.info("A Celery worker has started: %s, queues: %s.", _runner.info.name, ", ".join(sorted(queues)))


def _on_worker_shutting_down(**_: object) -> None:
    if _runner:
        _runner.request_stop()


def _on_worker_shutdown(**_: object) -> None:
    if _runner:
        _runner.request_stop()
        _runner.join()
        processes.close()
    connection.close()


signals.worker_ready.connect(_on_worker_ready)
signals.worker_shutting_down.connect(_on_worker_shutting_down)
signals.worker_shutdown.connect(_on_worker_shutdown)
