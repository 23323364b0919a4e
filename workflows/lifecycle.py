"""The legal transitions, as tables. Whoever changes a state asks here first; nothing here touches the database."""

from django.db.models import TextChoices


class WorkflowState(TextChoices):
    """Where a workflow stands; the wire values of `state`."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"


class TaskState(TextChoices):
    """Where a task stands. `PENDING` waits for other tasks, `READY` for an agent."""

    PENDING = "pending"
    READY = "ready"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptState(TextChoices):
    """How one try at a task went. `INTERRUPTED`: somebody asked it to stop; `LOST`: its process died."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    LOST = "lost"


class Action(TextChoices):
    """What a person may ask of a workflow."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"


class PauseMode(TextChoices):
    """`DRAIN` lets what is in flight end; `NOW` stops it at its next checkpoint, to be done again."""

    DRAIN = "drain"
    NOW = "now"


W = WorkflowState

TRANSITIONS: dict[WorkflowState, frozenset[WorkflowState]] = {
    W.PENDING: frozenset({W.RUNNING, W.PAUSING, W.CANCELLING, W.FAILED}),
    W.RUNNING: frozenset({W.PAUSING, W.CANCELLING, W.COMPLETED, W.FAILED}),
    W.PAUSING: frozenset({W.PAUSED, W.RUNNING, W.CANCELLING, W.COMPLETED, W.FAILED}),
    W.PAUSED: frozenset({W.RUNNING, W.CANCELLING}),
    W.CANCELLING: frozenset({W.CANCELLED}),
    W.CANCELLED: frozenset(),
    W.COMPLETED: frozenset(),
    W.FAILED: frozenset({W.RUNNING, W.CANCELLING}),
}

ACTIVE_STATES = frozenset({W.PENDING, W.RUNNING, W.PAUSING, W.PAUSED, W.CANCELLING})
FINAL_STATES = frozenset({W.CANCELLED, W.COMPLETED, W.FAILED})
UNFINISHED_TASKS = (TaskState.PENDING, TaskState.READY, TaskState.RUNNING)


def may_become(now: str, target: WorkflowState) -> bool:
    """Whether a workflow in state `now` may go to `target`."""
    return target in TRANSITIONS[WorkflowState(now)]


class Verdict(TextChoices):
    """What the present state makes of an action."""

    ACT = "act"
    ALREADY = "already"  # it is so already, or on its way: `no_op`
    REFUSE = "refuse"


A, V = Action, Verdict

VERDICTS: dict[Action, dict[WorkflowState, Verdict]] = {
    A.PAUSE: {W.PENDING: V.ACT, W.RUNNING: V.ACT, W.PAUSING: V.ACT, W.PAUSED: V.ALREADY},
    A.RESUME: {W.PAUSING: V.ACT, W.PAUSED: V.ACT, W.RUNNING: V.ALREADY, W.PENDING: V.ALREADY},
    A.CANCEL: {
        W.PENDING: V.ACT,
        W.RUNNING: V.ACT,
        W.PAUSING: V.ACT,
        W.PAUSED: V.ACT,
        W.FAILED: V.ACT,
        W.CANCELLING: V.ACT,
        W.CANCELLED: V.ALREADY,
    },
    A.RETRY: {W.RUNNING: V.ACT, W.FAILED: V.ACT, W.PAUSED: V.ACT},
}


def verdict_on(action: Action, state: str) -> Verdict:
    """Whether to act, to say that it is so already, or to refuse."""
    return VERDICTS[action].get(WorkflowState(state), Verdict.REFUSE)
