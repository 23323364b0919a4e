"""Where each running workflow stands now, in this process's memory; the newest value counts.

Agents report as often as they like. Reports are passed on at most PROGRESS_TICKS_PER_SECOND times a second per
workflow, a first one at once, the last one always; and written to the database at most once a second.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from agents.timestamps import iso_timestamp
from workflows import estimates
from workflows.graph import TaskGraph
from workflows.lifecycle import FINAL_STATES, TaskState, WorkflowState
from workflows.models import Task, Workflow
from workflows.signals import progress_reported

Json = dict[str, Any]

# A report that has to wait for its turn waits 1/20 s at most, and is with the watchers within 0.1 s.
PROGRESS_TICKS_PER_SECOND = 20
BURST_TICKS = 10  # a workflow that was quiet may send these at once
BEFORE_COMPLETION = 0.999  # 1.0 is only for a completed workflow
MESSAGE_LENGTH = 500

WORDS = {
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
class Standing:
    """One workflow's present: what its last transaction left, and what its agents have said since."""

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
    outlook: estimates.Outlook | None = None
    tokens: float = BURST_TICKS
    refilled_at: float = 0.0
    is_unsent: bool = False
    is_unsaved: bool = False
    reported_at: str = ""

    def reckon(self) -> None:
        """Brings fraction and time left up to date. The fraction never goes back."""
        self.outlook = estimates.outlook(self.graph, self.given, self.costs, self.fractions)
        is_completed = self.state == WorkflowState.COMPLETED
        self.fraction = 1.0 if is_completed else max(self.fraction, min(self.outlook.fraction, BEFORE_COMPLETION))

    def take_token(self) -> bool:
        """Whether a tick may be passed on now."""
        now = time.monotonic()
        self.tokens = min(BURST_TICKS, self.tokens + (now - self.refilled_at) * PROGRESS_TICKS_PER_SECOND)
        self.refilled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

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
            "tasks": {key: round(fraction, 3) for key, fraction in self.fractions.items()},
            "timestamp": self.reported_at,
        }


def eta_body(state: str, outlook: estimates.Outlook | None) -> Json | None:
    """Time left as snapshots and messages show it; none when nothing is going on."""
    if outlook is None or state not in (WorkflowState.PENDING, WorkflowState.RUNNING):
        return None
    return {"p50": round(outlook.eta_p50, 1), "p90": round(outlook.eta_p90, 1)}


_standings: dict[str, Standing] = {}
_guard = threading.RLock()
_something_waits = threading.Event()


def settle(workflow: Workflow, graph: TaskGraph) -> None:
    """Takes over what a transaction is about to make true, and puts the figures on the workflow's row (unsaved)."""
    with _guard:
        standing = _standings.get(str(workflow.pk)) or _new_standing(workflow, graph)
        if standing.state != workflow.state or not standing.message:
            standing.message = words_for(workflow)
        standing.state, standing.seq, standing.graph = workflow.state, workflow.last_seq, graph
        running = {node.key for node in graph.nodes if node.state == TaskState.RUNNING}
        standing.fractions = {key: standing.fractions.get(key, 0.0) for key in running}
        standing.stage = stage_of(graph) or standing.stage
        standing.costs = estimates.costs(graph.pipeline)
        standing.reckon()
        _write_onto(workflow, standing)
        _standings[standing.workflow_id] = standing


def _new_standing(workflow: Workflow, graph: TaskGraph) -> Standing:
    return Standing(
        workflow_id=str(workflow.pk),
        state=workflow.state,
        seq=workflow.last_seq,
        graph=graph,
        given=workflow.input,
        fraction=workflow.progress,
        stage=workflow.stage,
        message=workflow.message,
    )


def words_for(workflow: Workflow) -> str:
    """What to say of a workflow when it comes into a state."""
    if workflow.state == WorkflowState.FAILED and workflow.error:
        return str(workflow.error["message"])[:MESSAGE_LENGTH]
    return WORDS[WorkflowState(workflow.state)]


def stage_of(graph: TaskGraph) -> str:
    """The earliest stage on which somebody works, or "" when nobody does."""
    working = {graph.pipeline.by_name[node.step].stage for node in graph.nodes if node.state == TaskState.RUNNING}
    return next((stage for stage in graph.pipeline.stages if stage in working), "")


def _write_onto(workflow: Workflow, standing: Standing) -> None:
    for column, value in _columns(standing).items():
        setattr(workflow, column, value)


def announce(workflow_id: str) -> None:
    """Passes the present on after a transaction; what is over is forgotten."""
    with _guard:
        standing = _standings.get(workflow_id)
        if standing is None:
            return
        standing.reported_at = iso_timestamp(timezone.now())
        message = standing.message_body()
        standing.is_unsent = False
        if standing.state in FINAL_STATES:
            del _standings[workflow_id]
    progress_reported.send_robust(sender=Workflow, workflow_id=workflow_id, message=message)


def report(workflow_id: str, key: str, fraction: float, words: str) -> None:
    """An agent says how far its task is. Cheap: no database."""
    with _guard:
        standing = _standings.get(workflow_id)
        if standing is None or key not in standing.fractions:
            return
        standing.fractions[key] = max(standing.fractions[key], min(max(fraction, 0.0), 1.0))
        _take_words(standing, standing.graph.by_key[key].step, words)
        standing.is_unsent = standing.is_unsaved = True
        standing.reported_at = iso_timestamp(timezone.now())
        message = _tick(standing)
        if message is None:
            _something_waits.set()
    _send(workflow_id, message)


def say(workflow_id: str, step: str, words: str) -> None:
    """A task ended with these words; they go out with the transaction that says so."""
    with _guard:
        if standing := _standings.get(workflow_id):
            _take_words(standing, step, words)


def _take_words(standing: Standing, step: str, words: str) -> None:
    """Words from another stage than the one that is shown would not fit beside its name."""
    is_running = standing.state == WorkflowState.RUNNING
    if words and is_running and standing.graph.pipeline.by_name[step].stage == standing.stage:
        standing.message = words[:MESSAGE_LENGTH]


def _tick(standing: Standing) -> Json | None:
    if not standing.is_unsent or not standing.take_token():
        return None
    standing.reckon()
    standing.is_unsent = False
    return standing.message_body()


def _send(workflow_id: str, message: Json | None) -> None:
    if message:
        progress_reported.send_robust(sender=Workflow, workflow_id=workflow_id, message=message)


def wait_for_reports(seconds: float) -> bool:
    """Blocks until a report waits for its turn, or for `seconds`. Returns whether one does."""
    return _something_waits.wait(seconds)


def flush() -> None:
    """Passes on what had to wait for its turn. Called by the runner's pulse."""
    with _guard:
        messages = [(standing.workflow_id, _tick(standing)) for standing in _standings.values()]
        if not any(standing.is_unsent for standing in _standings.values()):
            _something_waits.clear()
    for workflow_id, message in messages:
        _send(workflow_id, message)


def save() -> None:
    """Writes what changed since the last time. Called once a second by the runner's pulse."""
    with _guard:
        changed = [standing for standing in _standings.values() if standing.is_unsaved]
        for standing in changed:
            standing.is_unsaved = False
        rows = [(standing.workflow_id, _columns(standing), dict(standing.fractions)) for standing in changed]
    for workflow_id, columns, fractions in rows:
        # Only ever forward: a transaction may have written a newer value meanwhile.
        Workflow.objects.filter(pk=workflow_id, progress__lte=columns["progress"], state=columns.pop("state")).update(
            **columns
        )
        _save_tasks(workflow_id, fractions.items())


def _columns(standing: Standing) -> Json:
    eta = eta_body(standing.state, standing.outlook) or {"p50": None, "p90": None}
    return {
        "state": standing.state,
        "progress": standing.fraction,
        "stage": standing.stage,
        "message": standing.message,
        "eta_p50": eta["p50"],
        "eta_p90": eta["p90"],
    }


def _save_tasks(workflow_id: str, fractions: Iterable[tuple[str, float]]) -> None:
    running = Task.objects.filter(workflow_id=workflow_id, state=TaskState.RUNNING)
    for key, fraction in fractions:
        running.filter(key=key, progress__lt=fraction).update(progress=fraction)


def present(workflow_id: str) -> Json | None:
    """The newest `progress` message, or None when this process knows nothing newer than the database."""
    with _guard:
        standing = _standings.get(workflow_id)
        if standing is None:
            return None
        standing.reported_at = standing.reported_at or iso_timestamp(timezone.now())
        return standing.message_body()


def forget(workflow_id: str) -> None:
    """Drops what a rolled-back transaction left, so that the next one starts from the database."""
    with _guard:
        _standings.pop(workflow_id, None)
