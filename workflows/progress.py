"""The current progress of the workflows that this process works on, in its memory; only the newest value counts.

Agents report as often as they like. Reports are sent at most PROGRESS_TICKS_PER_SECOND times a second per workflow
(the first at once, the last always), and written to the database at most once a second.

A workflow's progress never goes back, whichever process sends it. Its row is a bound: nothing larger is sent before the
row has it (`_reserve` writes it RESERVED_AHEAD at once, so that not each report is written). So a process that takes
over starts from a value that no watcher has seen more than. Processes that work on one workflow at the same time take
over the row's value with each transaction and each save. A process without an attempt of the workflow keeps nothing.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from agents.timestamps import iso_timestamp
from agents.token_bucket import TokenBucket
from workflows import asking, estimates
from workflows.estimates import Known
from workflows.graph import TaskGraph
from workflows.lifecycle import FINAL_STATES, MOVING_STATES, TaskState, WorkflowState
from workflows.models import Task, Workflow
from workflows.signals import progress_reported
from workflows.simulation import Running, TimeLeft

Json = dict[str, Any]

# A report that exceeds the rate waits at most 1/20 s, so watchers have it within 0.1 s.
PROGRESS_TICKS_PER_SECOND = 20
BURST_TICKS = 10  # the bucket's size: an idle workflow may send so many at once
BEFORE_COMPLETION = 0.999  # 1.0 is only for a completed workflow
MESSAGE_LENGTH = 500
ESTIMATE_SECONDS = 1.0  # between two simulations of a workflow
LATE_UNTIL = 0.33  # up to this progress the usual time is estimated; then it stands
WORKING_STATES = frozenset({WorkflowState.RUNNING, WorkflowState.PAUSING, WorkflowState.CANCELLING})
TIMED_STATES = frozenset({WorkflowState.RUNNING, WorkflowState.PAUSING})  # with an ETA
RESERVED_AHEAD = 0.02  # a share of the whole: about a write for each half second of a short film

ASKS = "Waiting for your answer"
STATE_MESSAGES = {
    WorkflowState.PENDING: "Waiting for its turn",
    WorkflowState.RUNNING: "Under way",
    WorkflowState.PAUSING: "Pausing: what is in flight comes to its end",
    WorkflowState.PAUSED: "Paused: nothing is running",
    WorkflowState.CANCELLING: "Cancelling: what is in flight is being stopped",
    WorkflowState.CANCELLED: "Cancelled",
    WorkflowState.COMPLETED: "Everything is ready",
    WorkflowState.FAILED: "Failed",
}


@dataclass(slots=True)
class WorkflowProgress:
    """One workflow's progress: what its last transaction left, and what its agents have reported since."""

    workflow_id: str
    state: str
    seq: int
    graph: TaskGraph
    given: Json
    fraction: float  # nothing larger was sent by this process
    bound: float  # what the row has: nothing larger may be sent
    stage: str
    message: str
    elapsed_before: float = 0.0  # working seconds until `working_since`
    working_since: datetime | None = None
    late_after: float | None = None
    left: TimeLeft | None = None  # at `left_at`
    left_at: datetime | None = None
    known: Known | None = None
    anchor: tuple[float, float] = (0.0, 0.0)  # share of the work that was done, and progress then
    began: dict[str, float] = field(default_factory=dict)  # time.monotonic() when the running tasks were first seen
    fractions: dict[str, float] = field(default_factory=dict)  # of running tasks, by key
    attempts: dict[str, int] = field(default_factory=dict)  # the numbers of their attempts
    mine: set[str] = field(default_factory=set)  # those that this process performs
    committing: float = 0.0  # the fraction that a transaction is about to write
    waiting_for: Json | None = None  # see `waiting`
    waiting_mark: tuple[str, int] | None = None  # state and attempt of the task that it names
    rate_limit: TokenBucket = field(
        default_factory=lambda: TokenBucket(per_second=PROGRESS_TICKS_PER_SECOND, size=BURST_TICKS)
    )
    has_unsent: bool = False
    has_unsaved: bool = False
    is_held_back: bool = False  # by `bound`
    reported_at: str = ""

    def estimate(self) -> float:
        """How far it is: as far as at the last simulation, and what was done since. Never before what was sent."""
        if self.state == WorkflowState.COMPLETED:
            return 1.0
        if self.known is None:
            return self.fraction
        done_then, fraction_then = self.anchor
        done = estimates.work_done(self.graph, self.given, self.known, self.fractions)
        since = max(0.0, done - done_then) / max(1.0 - done_then, 1e-9)
        return max(self.fraction, min(fraction_then + (1.0 - fraction_then) * since, BEFORE_COMPLETION))

    def elapsed(self, now: datetime) -> float:
        """Working seconds."""
        since = self.working_since
        return self.elapsed_before + (max(0.0, (now - since).total_seconds()) if since else 0.0)

    def running(self) -> dict[str, Running]:
        """The running tasks."""
        now = time.monotonic()
        return {key: Running(now - self.began.get(key, now), done) for key, done in self.fractions.items()}

    def is_timed(self) -> bool:
        """Whether a time left may be told: while something runs, and once enough is known."""
        is_moving = self.state in TIMED_STATES and bool(self.graph.running)
        return is_moving and self.known is not None and self.known.is_enough

    def is_due(self, now: datetime) -> bool:
        """Whether it is time for a simulation."""
        return self.left_at is None or not 0 <= (now - self.left_at).total_seconds() < ESTIMATE_SECONDS

    def take_estimate(self, left: TimeLeft, done: float, now: datetime) -> None:
        """Takes over what a simulation says; `done` is the share of the work that was done then."""
        self.left, self.left_at = left, now
        elapsed = self.elapsed(now)
        whole = elapsed + left.p50
        self.anchor = (done, min(elapsed / whole if whole else 0.0, BEFORE_COMPLETION))
        if self.late_after is None or self.fraction < LATE_UNTIL:
            self.late_after = elapsed + left.p90

    def wanted_bound(self) -> float:
        """What the row is to have, so that what is estimated now, and a little more, may be sent."""
        wanted = self.estimate()
        return max(self.bound, wanted) if wanted <= self.bound else min(wanted + RESERVED_AHEAD, BEFORE_COMPLETION)

    def take_over(self, row: float) -> None:
        """Takes over the progress that the row has: another process may have sent it."""
        self.fraction, self.bound = max(self.fraction, row), max(self.bound, row)

    def times(self, now: datetime) -> Json:
        """`eta` and `elapsed` of messages."""
        eta, elapsed = None, self.elapsed(now)
        if self.is_timed() and self.left and self.left_at:
            left = self.left.after((now - self.left_at).total_seconds())
            eta = eta_body(left, is_late=self.late_after is not None and elapsed > self.late_after)
        return {"eta": eta, "elapsed": round(elapsed, 1)}

    def message_body(self) -> Json:
        """The `progress` message."""
        return {
            "type": "progress",
            "workflow_id": self.workflow_id,
            "state": self.state,
            "progress": round(self.fraction, 4),
            "stage": self.stage,
            "message": self.message,
            **self.times(timezone.now()),
            "queue": None,  # it has its turn
            "seq": self.seq,
            "merged": 0,
            "waiting_for": self.waiting_for,
            "tasks": {key: round(self.fractions[key], 3) for key in self.fractions if key in self.mine},
            "timestamp": self.reported_at,
        }


def eta_body(left: TimeLeft, *, is_late: bool) -> Json:
    """`eta` of snapshots and messages, in seconds."""
    return {**seconds_body(left), "late": is_late}


def seconds_body(left: TimeLeft) -> Json:
    """The quantiles, in tenths of a second."""
    return {"p10": round(left.p10, 1), "p50": round(left.p50, 1), "p90": round(left.p90, 1)}


_by_workflow: dict[str, WorkflowProgress] = {}
_mine: dict[str, dict[str, int]] = {}  # the attempts that this process performs: by workflow, task -> number
_guard = threading.RLock()
_has_waiting = threading.Event()


def perform_here(workflow_id: str, key: str, attempt: int) -> None:
    """Says that this process performs the attempt: its reports count. To be called after the commit of the claim."""
    with _guard:
        _mine.setdefault(workflow_id, {})[key] = attempt


def update(workflow: Workflow, graph: TaskGraph) -> None:
    """Takes over the state that a transaction is about to commit, and sets the progress columns of `workflow` (unsaved)."""
    with _guard:
        current = _by_workflow.get(str(workflow.pk)) or _from_row(workflow, graph)
        if current.state != workflow.state or not current.message:
            current.message = _state_message(workflow)
        if _only_asks(graph) and workflow.state == WorkflowState.RUNNING:
            current.message = ASKS
        elif current.message == ASKS:
            current.message = _state_message(workflow)
        current.fractions = _fractions(current, graph)
        _keep_time(current, workflow)
        current.state, current.seq, current.graph = workflow.state, workflow.last_seq, graph
        if not _still_waits(current):
            current.waiting_for = None
        _tell_question(current)
        current.stage = _running_stage(graph) or current.stage
        current.known = estimates.known_of(graph.pipeline)
        _simulate_if_due(current)
        current.committing = max(current.estimate(), workflow.progress)
        columns = {**_columns(current), "progress": current.committing}
        for column, value in columns.items():
            setattr(workflow, column, value)
        _by_workflow[current.workflow_id] = current


def recorded(workflow: Workflow) -> Json | None:
    """What `announce` will send after the present transition, for the event log: a `RecordedProgress`, or None if unknown."""
    with _guard:
        current = _by_workflow.get(str(workflow.pk))
        if current is None or current.seq != workflow.last_seq:
            return None
        return {
            "progress": round(max(current.fraction, current.committing), 4),
            "stage": current.stage,
            "message": current.message,
            **current.times(timezone.now()),
            "waiting_for": current.waiting_for,
            "tasks": {key: round(fraction, 3) for key, fraction in current.fractions.items() if fraction},
        }


def _fractions(current: WorkflowProgress, graph: TaskGraph) -> dict[str, float]:
    """How far the running tasks are; 0.0 for an attempt that is new."""
    known, current.attempts = current.attempts, {key: node.attempt for key, node in graph.running.items()}
    return {
        key: current.fractions.get(key, 0.0) if known.get(key) == attempt else 0.0
        for key, attempt in current.attempts.items()
    }


def _still_waits(current: WorkflowProgress) -> bool:
    """Whether what it waited for before the present transition may still be so; if in doubt, it will be found anew."""
    reason = current.waiting_for
    if reason is None or current.state not in MOVING_STATES:
        return False
    is_idle_reason = reason["kind"] in ("queue", "retry")
    return _mark(current, reason) == current.waiting_mark and not (is_idle_reason and current.graph.running)


def _tell_question(current: WorkflowProgress) -> None:
    """Says at once what a person is asked: it goes out with the event. `standstill` finds the other reasons, a little later."""
    is_told = (current.waiting_for or {}).get("kind") == "input"
    if is_told or current.state not in MOVING_STATES or not current.graph.count(TaskState.INPUT_REQUIRED):
        return
    reason = msgspec.to_builtins(asking.question_of(current.workflow_id))
    current.waiting_for, current.waiting_mark = reason, _mark(current, reason)


def _mark(current: WorkflowProgress, reason: Json | None) -> tuple[str, int] | None:
    node = current.graph.by_key.get((reason or {}).get("task") or "")
    return (node.state, node.attempt) if node else None


def set_waiting_for(workflow_id: str, seq: int, reason: Json | None) -> bool:
    """Sends the progress with this reason. False when this process does not have the progress as of event `seq`."""
    with _guard:
        current = _by_workflow.get(workflow_id)
        if current is None or current.seq != seq:
            return False
        current.waiting_for, current.waiting_mark = reason, _mark(current, reason)
    announce(workflow_id)
    return True


def _keep_time(current: WorkflowProgress, workflow: Workflow) -> None:
    """Counts working time, and since when the running tasks run."""
    now, instant = timezone.now(), time.monotonic()
    is_working = workflow.state in WORKING_STATES and not _only_asks(current.graph)
    if is_working and current.working_since is None:
        current.working_since = now
    elif not is_working and current.working_since is not None:
        current.elapsed_before, current.working_since = current.elapsed(now), None
    current.began = {key: current.began.get(key, instant) for key in current.fractions}


def _only_asks(graph: TaskGraph) -> bool:
    """Whether nothing can go on before a person has answered."""
    is_idle = not graph.running and not graph.count(TaskState.READY)
    return is_idle and graph.count(TaskState.INPUT_REQUIRED) > 0


def _simulate_if_due(current: WorkflowProgress) -> None:
    now = timezone.now()
    if current.known is None or current.state not in TIMED_STATES or not current.is_due(now):
        return
    steps = estimates.step_states(current.graph, current.given, current.running())
    left = estimates.estimate(
        current.graph.pipeline,
        steps,
        current.known,
        finished=estimates.finished_of(current.workflow_id),
        rivals=estimates.rivals_of(current.workflow_id),
        seed=current.workflow_id,
    )
    done = estimates.work_done(current.graph, current.given, current.known, current.fractions)
    current.take_estimate(left, done, now)


def _still_mine(current: WorkflowProgress) -> set[str]:
    """Which of the running tasks this process performs. Forgets those whose attempt has ended."""
    mine = _mine.pop(current.workflow_id, {})
    running = {key: number for key, number in mine.items() if current.attempts.get(key) == number}
    if running:
        _mine[current.workflow_id] = running
    return set(running)


def _from_row(workflow: Workflow, graph: TaskGraph) -> WorkflowProgress:
    """The progress that the database has. `workflow` may hold changes that are not saved yet."""
    saved_state = Workflow.objects.values_list("state", flat=True).get(pk=workflow.pk)
    running = workflow.tasks.filter(state=TaskState.RUNNING).values_list("key", "progress", "attempt_count")
    return WorkflowProgress(
        workflow_id=str(workflow.pk),
        state=saved_state,  # so that `update` notices that the state has changed
        seq=workflow.last_seq,
        graph=graph,
        given=workflow.input,
        fraction=workflow.progress,
        bound=workflow.progress,
        stage=workflow.stage,
        message=workflow.message,
        fractions={key: fraction for key, fraction, _ in running},
        attempts={key: number for key, _, number in running},
        elapsed_before=workflow.working_seconds,
        working_since=workflow.working_since,
        late_after=workflow.late_after,
        left=time_left_of(workflow),
        left_at=workflow.eta_at,
    )


def time_left_of(workflow: Workflow) -> TimeLeft | None:
    """The time left that the row has, as it was at `eta_at`."""
    if workflow.eta_p10 is None or workflow.eta_p50 is None or workflow.eta_p90 is None:
        return None
    return TimeLeft(workflow.eta_p10, workflow.eta_p50, workflow.eta_p90)


def _state_message(workflow: Workflow) -> str:
    """The message that is shown when a workflow enters a state."""
    if workflow.state == WorkflowState.FAILED and workflow.error:
        return str(workflow.error["message"])[:MESSAGE_LENGTH]
    return STATE_MESSAGES[WorkflowState(workflow.state)]


def _running_stage(graph: TaskGraph) -> str:
    """The earliest stage with a running task, or "" when there is none."""
    running = {graph.pipeline.by_name[node.step].stage for node in graph.running.values()}
    return next((stage for stage in graph.pipeline.stages if stage in running), "")


def announce(workflow_id: str) -> None:
    """Sends the current progress after a commit. Forgets the workflow if no attempt of it runs in this process."""
    with _guard:
        current = _by_workflow.get(workflow_id)
        if current is None:
            return
        current.take_over(current.committing)
        current.mine = _still_mine(current)
        current.reported_at = iso_timestamp(timezone.now())
        message = current.message_body()
        current.has_unsent = current.is_held_back = False
        if current.state in FINAL_STATES or not current.mine:
            del _by_workflow[workflow_id]
    progress_reported.send_robust(sender=Workflow, workflow_id=workflow_id, message=message)


def report(workflow_id: str, key: str, fraction: float, message: str, *, attempt: int) -> None:
    """Takes an agent's report: how far the task `key` is (0.0-1.0), and a message for people. No database access.

    It is ignored unless it comes from the task's present attempt: the thread of an earlier one may still run.
    """
    with _guard:
        current = _by_workflow.get(workflow_id)
        if current is None or key not in current.mine or current.attempts[key] != attempt:
            return
        current.fractions[key] = max(current.fractions[key], min(max(fraction, 0.0), 1.0))
        _take_message(current, current.graph.by_key[key].step, message)
        current.has_unsent = current.has_unsaved = True
        current.reported_at = iso_timestamp(timezone.now())
        tick = _tick(current)
        if tick is None or current.is_held_back:
            _has_waiting.set()
    _send(workflow_id, tick)


def set_message(workflow_id: str, step: str, message: str) -> None:
    """Takes the message with which a task of `step` ended; it is sent after the commit of the present transaction."""
    with _guard:
        if current := _by_workflow.get(workflow_id):
            _take_message(current, step, message)


def _take_message(current: WorkflowProgress, step: str, message: str) -> None:
    """Takes the message if it is of the stage that is shown: beside the name of another one it would mislead."""
    is_running = current.state == WorkflowState.RUNNING
    if message and is_running and current.graph.pipeline.by_name[step].stage == current.stage:
        current.message = message[:MESSAGE_LENGTH]


def _tick(current: WorkflowProgress) -> Json | None:
    if not current.has_unsent or not current.rate_limit.take():
        return None
    wanted = current.estimate()
    current.fraction = max(current.fraction, min(wanted, current.bound))
    current.is_held_back = wanted > current.bound
    current.has_unsent = False
    return current.message_body()


def _send(workflow_id: str, message: Json | None) -> None:
    if message:
        progress_reported.send_robust(sender=Workflow, workflow_id=workflow_id, message=message)


def wait_for_reports(seconds: float) -> bool:
    """Blocks until a report waits to be sent, at most for `seconds`. Returns whether one waits."""
    return _has_waiting.wait(seconds)


def flush() -> None:
    """Sends the reports that had to wait, as far as the rate allows. Called by the runner's heartbeat."""
    _reserve()
    with _guard:
        messages = [(current.workflow_id, _tick(current)) for current in _by_workflow.values()]
        waits = any(current.has_unsent or current.is_held_back for current in _by_workflow.values())
        if not waits:
            _has_waiting.clear()
    for workflow_id, message in messages:
        _send(workflow_id, message)


def _reserve() -> None:
    """Raises the bounds that hold something back."""
    with _guard:
        held_back = [current for current in _by_workflow.values() if current.is_held_back]
        for current in held_back:
            current.is_held_back, current.has_unsent = False, True
        wanted = [(current, current.wanted_bound()) for current in held_back]
    for current, bound in wanted:
        _raise_bound(current, bound)


def _raise_bound(current: WorkflowProgress, bound: float) -> None:
    """Writes the bound to the row, only ever forward; if the row is further, takes over what it has."""
    row = Workflow.objects.filter(pk=current.workflow_id).exclude(state__in=FINAL_STATES)
    is_raised = row.filter(progress__lte=bound).update(progress=bound)
    further = bound if is_raised else row.values_list("progress", flat=True).first()
    with _guard:
        if further is None:  # another process has ended or deleted it
            _by_workflow.pop(current.workflow_id, None)
        elif is_raised:
            current.bound = max(current.bound, bound)
        else:
            current.take_over(further)


def save() -> None:
    """Writes what changed since the last call to the database. Called once a second by the runner's heartbeat."""
    with _guard:
        changed = [current for current in _by_workflow.values() if current.has_unsaved]
        for current in changed:
            current.has_unsaved = False
            _simulate_if_due(current)
        rows = [(current, current.wanted_bound(), _columns(current), _fractions_here(current)) for current in changed]
    for current, bound, columns, fractions in rows:
        _raise_bound(current, bound)
        # Another process may have written a newer state, or be further.
        row = Workflow.objects.filter(pk=current.workflow_id, state=columns.pop("state"), progress__lte=bound)
        row.update(**columns)
        _save_tasks(current.workflow_id, fractions.items())
        _read_others(current)


def _fractions_here(current: WorkflowProgress) -> dict[str, float]:
    return {key: fraction for key, fraction in current.fractions.items() if key in current.mine}


def _read_others(current: WorkflowProgress) -> None:
    """Reads how far the tasks are that other processes perform."""
    others = [key for key in current.attempts if key not in current.mine]
    if not others:
        return
    running = Task.objects.filter(workflow_id=current.workflow_id, state=TaskState.RUNNING, key__in=others)
    fractions = list(running.values_list("key", "progress"))
    with _guard:
        for key, fraction in fractions:
            if key in current.fractions and key not in current.mine:
                current.fractions[key] = max(current.fractions[key], fraction)


def _columns(current: WorkflowProgress) -> Json:
    left = current.left if current.is_timed() else None
    return {
        "state": current.state,
        "stage": current.stage,
        "message": current.message,
        "eta_p10": left.p10 if left else None,
        "eta_p50": left.p50 if left else None,
        "eta_p90": left.p90 if left else None,
        "eta_at": current.left_at if left else None,
        "late_after": current.late_after,
        "working_seconds": current.elapsed_before,
        "working_since": current.working_since,
    }


def _save_tasks(workflow_id: str, fractions: Iterable[tuple[str, float]]) -> None:
    running = Task.objects.filter(workflow_id=workflow_id, state=TaskState.RUNNING)
    for key, fraction in fractions:
        running.filter(key=key, progress__lt=fraction).update(progress=fraction)


def latest_message(workflow_id: str, *, row: float = 0.0) -> Json | None:
    """The newest `progress` message, or None when this process has none: then the database has the newest.

    `row` is the progress that the database has. Another process may have shown it: from now on this one shows no less.
    """
    with _guard:
        current = _by_workflow.get(workflow_id)
        if current is None:
            return None
        current.take_over(row)
        current.reported_at = current.reported_at or iso_timestamp(timezone.now())
        return current.message_body()


def forget(workflow_id: str) -> None:
    """Drops what a rolled-back transaction left in memory; the next transaction starts from the database."""
    with _guard:
        _by_workflow.pop(workflow_id, None)


@receiver(post_delete, sender=Workflow, dispatch_uid="progress.forget")
def _forget_deleted(instance: Workflow, **_: Any) -> None:
    forget(str(instance.pk))
