"""The current progress of running workflows, in this process's memory; only the newest value counts.

Agents report as often as they like. Reports are sent at most PROGRESS_TICKS_PER_SECOND times a second per workflow
(the first at once, the last always), and written to the database at most once a second.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from agents.timestamps import iso_timestamp
from agents.token_bucket import TokenBucket
from workflows import estimates
from workflows.graph import TaskGraph
from workflows.lifecycle import FINAL_STATES, TaskState, WorkflowState
from workflows.models import Task, Workflow
from workflows.signals import progress_reported

Json = dict[str, Any]

# A report that exceeds the rate waits at most 1/20 s, so watchers have it within 0.1 s.
PROGRESS_TICKS_PER_SECOND = 20
BURST_TICKS = 10  # the bucket's size: an idle workflow may send so many at once
BEFORE_COMPLETION = 0.999  # 1.0 is only for a completed workflow
MESSAGE_LENGTH = 500

STATE_MESSAGES = {
    WorkflowState.PENDING: "Waiting for its turn",
    WorkflowState.RUNNING: "Under way",
    WorkflowState.PAUSING: "Pausing: what is in flight comes to its end",
    WorkflowState.PAUSED: "Paused: nothing is running",
    WorkflowState.CANCELLING: "Cancelling: what is in flight is being stopped",
    WorkflowState.CANCELLED: "Cancelled",
    WorkflowState.COMPLETED: "The video is ready",
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
    fraction: float
    stage: str
    message: str
    costs: dict[str, estimates.Cost] = field(default_factory=dict)  # by step
    fractions: dict[str, float] = field(default_factory=dict)  # of running tasks, by key
    attempts: dict[str, int] = field(default_factory=dict)  # the numbers of their attempts
    outlook: estimates.Outlook | None = None
    waiting_for: Json | None = None  # see `waiting`
    waiting_mark: tuple[str, int] | None = None  # state and attempt of the task that it names
    rate_limit: TokenBucket = field(
        default_factory=lambda: TokenBucket(per_second=PROGRESS_TICKS_PER_SECOND, size=BURST_TICKS)
    )
    has_unsent: bool = False
    has_unsaved: bool = False
    reported_at: str = ""

    def update_estimate(self) -> None:
        """Updates `outlook` and `fraction`. The fraction never goes back."""
        self.outlook = estimates.outlook(self.graph, self.given, self.costs, self.fractions)
        is_completed = self.state == WorkflowState.COMPLETED
        self.fraction = 1.0 if is_completed else max(self.fraction, min(self.outlook.fraction, BEFORE_COMPLETION))

    def message_body(self) -> Json:
        """The `progress` message."""
        return {
            "type": "progress",
            "workflow_id": self.workflow_id,
            "state": self.state,
            "progress": round(self.fraction, 4),
            "stage": self.stage,
            "message": self.message,
            "eta": eta_body(self.state, self.outlook),
            "seq": self.seq,
            "merged": 0,
            "waiting_for": self.waiting_for,
            "tasks": {key: round(fraction, 3) for key, fraction in self.fractions.items()},
            "timestamp": self.reported_at,
        }


def eta_body(state: str, outlook: estimates.Outlook | None) -> Json | None:
    """`eta` of snapshots and messages, in seconds; None unless the workflow is pending or running."""
    if outlook is None or state not in (WorkflowState.PENDING, WorkflowState.RUNNING):
        return None
    return {"p50": round(outlook.eta_p50, 1), "p90": round(outlook.eta_p90, 1)}


_by_workflow: dict[str, WorkflowProgress] = {}
_guard = threading.RLock()
_has_waiting = threading.Event()


def update(workflow: Workflow, graph: TaskGraph) -> None:
    """Takes over the state that a transaction is about to commit, and sets the progress columns of `workflow` (unsaved)."""
    with _guard:
        current = _by_workflow.get(str(workflow.pk)) or _from_row(workflow, graph)
        if current.state != workflow.state or not current.message:
            current.message = _state_message(workflow)
        current.fractions = _fractions(current, graph)
        current.state, current.seq, current.graph = workflow.state, workflow.last_seq, graph
        if not _still_waits(current):
            current.waiting_for = None
        current.fraction = max(current.fraction, workflow.progress)  # another process may be further
        current.stage = _running_stage(graph) or current.stage
        current.costs = estimates.costs(graph.pipeline)
        current.update_estimate()
        _set_columns(workflow, current)
        _by_workflow[current.workflow_id] = current


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
    if reason is None or current.state not in (WorkflowState.PENDING, WorkflowState.RUNNING):
        return False
    is_idle_reason = reason["kind"] in ("queue", "retry")
    return _mark(current, reason) == current.waiting_mark and not (is_idle_reason and current.graph.running)


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


def _from_row(workflow: Workflow, graph: TaskGraph) -> WorkflowProgress:
    """The progress that the database has. `workflow` may hold changes that are not saved yet."""
    saved_state = Workflow.objects.values_list("state", flat=True).get(pk=workflow.pk)
    return WorkflowProgress(
        workflow_id=str(workflow.pk),
        state=saved_state,  # so that `update` notices that the state has changed
        seq=workflow.last_seq,
        graph=graph,
        given=workflow.input,
        fraction=workflow.progress,
        stage=workflow.stage,
        message=workflow.message,
    )


def _state_message(workflow: Workflow) -> str:
    """The message that is shown when a workflow enters a state."""
    if workflow.state == WorkflowState.FAILED and workflow.error:
        return str(workflow.error["message"])[:MESSAGE_LENGTH]
    return STATE_MESSAGES[WorkflowState(workflow.state)]


def _running_stage(graph: TaskGraph) -> str:
    """The earliest stage with a running task, or "" when there is none."""
    running = {graph.pipeline.by_name[node.step].stage for node in graph.running.values()}
    return next((stage for stage in graph.pipeline.stages if stage in running), "")


def _set_columns(workflow: Workflow, current: WorkflowProgress) -> None:
    for column, value in _columns(current).items():
        setattr(workflow, column, value)


def announce(workflow_id: str) -> None:
    """Sends the current progress after a commit, and forgets workflows that have ended."""
    with _guard:
        current = _by_workflow.get(workflow_id)
        if current is None:
            return
        current.reported_at = iso_timestamp(timezone.now())
        message = current.message_body()
        current.has_unsent = False
        if current.state in FINAL_STATES:
            del _by_workflow[workflow_id]
    progress_reported.send_robust(sender=Workflow, workflow_id=workflow_id, message=message)


def report(workflow_id: str, key: str, fraction: float, message: str, *, attempt: int) -> None:
    """Takes an agent's report: how far the task `key` is (0.0-1.0), and a message for people. No database access.

    It is ignored unless it comes from the task's present attempt: the thread of an earlier one may still run.
    """
    with _guard:
        current = _by_workflow.get(workflow_id)
        if current is None or current.attempts.get(key) != attempt:
            return
        current.fractions[key] = max(current.fractions[key], min(max(fraction, 0.0), 1.0))
        _take_message(current, current.graph.by_key[key].step, message)
        current.has_unsent = current.has_unsaved = True
        current.reported_at = iso_timestamp(timezone.now())
        tick = _tick(current)
        if tick is None:
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
    current.update_estimate()
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
    with _guard:
        messages = [(current.workflow_id, _tick(current)) for current in _by_workflow.values()]
        if not any(current.has_unsent for current in _by_workflow.values()):
            _has_waiting.clear()
    for workflow_id, message in messages:
        _send(workflow_id, message)


def save() -> None:
    """Writes what changed since the last call to the database. Called once a second by the runner's heartbeat."""
    with _guard:
        changed = [current for current in _by_workflow.values() if current.has_unsaved]
        for current in changed:
            current.has_unsaved = False
        rows = [(current.workflow_id, _columns(current), dict(current.fractions)) for current in changed]
    for workflow_id, columns, fractions in rows:
        # Only ever forward: a transaction may have written a newer value meanwhile.
        Workflow.objects.filter(pk=workflow_id, progress__lte=columns["progress"], state=columns.pop("state")).update(
            **columns
        )
        _save_tasks(workflow_id, fractions.items())


def _columns(current: WorkflowProgress) -> Json:
    eta = eta_body(current.state, current.outlook) or {"p50": None, "p90": None}
    return {
        "state": current.state,
        "progress": current.fraction,
        "stage": current.stage,
        "message": current.message,
        "eta_p50": eta["p50"],
        "eta_p90": eta["p90"],
    }


def _save_tasks(workflow_id: str, fractions: Iterable[tuple[str, float]]) -> None:
    running = Task.objects.filter(workflow_id=workflow_id, state=TaskState.RUNNING)
    for key, fraction in fractions:
        running.filter(key=key, progress__lt=fraction).update(progress=fraction)


def latest_message(workflow_id: str) -> Json | None:
    """The newest `progress` message, or None when this process has none: then the database has the newest."""
    with _guard:
        current = _by_workflow.get(workflow_id)
        if current is None:
            return None
        current.reported_at = current.reported_at or iso_timestamp(timezone.now())
        return current.message_body()


def forget(workflow_id: str) -> None:
    """Drops what a rolled-back transaction left in memory; the next transaction starts from the database."""
    with _guard:
        _by_workflow.pop(workflow_id, None)
