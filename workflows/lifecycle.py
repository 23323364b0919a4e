"""The state machine: states, legal transitions, and the rules for the actions that people ask for.

Pure: what a rule needs to know is passed in, and nothing here touches the database.
"""

from collections.abc import Mapping

from django.db.models import TextChoices


class WorkflowState(TextChoices):
    """The state of a workflow; its values are those of `state` on the wire."""

    PENDING = "pending"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"


class TaskState(TextChoices):
    """The state of a task. `PENDING` waits for other tasks, `READY` for an agent (both are "pending" on the wire).

    `INPUT_REQUIRED` waits for a person, who has to answer its agent's question.
    """

    PENDING = "pending"
    READY = "ready"
    RUNNING = "running"
    INPUT_REQUIRED = "input_required"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptState(TextChoices):
    """The state of one try at a task.

    `INTERRUPTED`: it stopped because it was asked to; `ABANDONED`: it was asked to, and did not; `LOST`: its process died;
    `INPUT_REQUIRED`: it ended with a question, and the next one gets the answer.
    """

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    ABANDONED = "abandoned"
    LOST = "lost"
    INPUT_REQUIRED = "input_required"


class Action(TextChoices):
    """The actions that a person can ask for."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"
    ANSWER = "answer"


class PauseMode(TextChoices):
    """How to pause. `DRAIN` lets running attempts end; `NOW` stops them at their next checkpoint, to be done again."""

    DRAIN = "drain"
    NOW = "now"


TRANSITIONS: dict[WorkflowState, frozenset[WorkflowState]] = {
    WorkflowState.PENDING: frozenset(
        {WorkflowState.RUNNING, WorkflowState.PAUSING, WorkflowState.CANCELLING, WorkflowState.FAILED}
    ),
    WorkflowState.RUNNING: frozenset(
        {WorkflowState.PAUSING, WorkflowState.CANCELLING, WorkflowState.COMPLETED, WorkflowState.FAILED}
    ),
    WorkflowState.PAUSING: frozenset(
        {
            WorkflowState.PAUSED,
            WorkflowState.RUNNING,
            WorkflowState.CANCELLING,
            WorkflowState.COMPLETED,
            WorkflowState.FAILED,
        }
    ),
    WorkflowState.PAUSED: frozenset({WorkflowState.RUNNING, WorkflowState.CANCELLING}),
    WorkflowState.CANCELLING: frozenset({WorkflowState.CANCELLED}),
    WorkflowState.CANCELLED: frozenset(),
    WorkflowState.COMPLETED: frozenset(),
    WorkflowState.FAILED: frozenset({WorkflowState.RUNNING, WorkflowState.CANCELLING}),
}

ACTIVE_STATES = frozenset(
    {
        WorkflowState.PENDING,
        WorkflowState.RUNNING,
        WorkflowState.PAUSING,
        WorkflowState.PAUSED,
        WorkflowState.CANCELLING,
    }
)
WORKING_STATES = ACTIVE_STATES - {WorkflowState.PAUSED}  # something may run, or begin to
MOVING_STATES = frozenset({WorkflowState.PENDING, WorkflowState.RUNNING})  # in the others it is held, or has ended
FINAL_STATES = frozenset({WorkflowState.CANCELLED, WorkflowState.COMPLETED, WorkflowState.FAILED})
UNFINISHED_TASKS = (TaskState.PENDING, TaskState.READY, TaskState.RUNNING, TaskState.INPUT_REQUIRED)


# An attempt that ended so has left off: a remote agent may still know its job, and the next attempt go on with it.
LEAVING_OFF = (AttemptState.LOST, AttemptState.INTERRUPTED, AttemptState.INPUT_REQUIRED)


def can_transition(current: str, target: WorkflowState) -> bool:
    """Whether a workflow may go from state `current` to state `target`."""
    return target in TRANSITIONS[WorkflowState(current)]


# --- slow start -----------------------------------------------------------------------------------

SLOW_START_FIRST = 1  # attempts at once right after a resume
SLOW_START_LAST = 32  # with more the limit is gone


def next_slow_start(limit: int | None) -> int | None:
    """The most attempts at once of a resumed workflow, after one more of its tasks is completed; None: no limit.

    One more for each completed task doubles it with every round, as TCP's slow start does (RFC 5681, 3.1). What made a
    person pause, or made tasks fail, may not be over: one task finds that out, not all of them at once.
    """
    return None if limit is None or limit >= SLOW_START_LAST else limit + 1


# --- control rules --------------------------------------------------------------------------------


class ControlDecision(TextChoices):
    """What is done with a requested action."""

    APPLY = "apply"
    NO_OP = "no_op"  # accepted, but the workflow is in that state already, or on its way to it
    REJECT = "reject"


# Every state that is not listed rejects the action.
CONTROL_RULES: dict[Action, dict[WorkflowState, ControlDecision]] = {
    Action.PAUSE: {
        WorkflowState.PENDING: ControlDecision.APPLY,
        WorkflowState.RUNNING: ControlDecision.APPLY,
        WorkflowState.PAUSING: ControlDecision.APPLY,
        WorkflowState.PAUSED: ControlDecision.NO_OP,
    },
    Action.RESUME: {
        WorkflowState.PENDING: ControlDecision.NO_OP,
        WorkflowState.RUNNING: ControlDecision.NO_OP,
        WorkflowState.PAUSING: ControlDecision.APPLY,
        WorkflowState.PAUSED: ControlDecision.APPLY,
    },
    Action.CANCEL: {
        WorkflowState.PENDING: ControlDecision.APPLY,
        WorkflowState.RUNNING: ControlDecision.APPLY,
        WorkflowState.PAUSING: ControlDecision.APPLY,
        WorkflowState.PAUSED: ControlDecision.APPLY,
        WorkflowState.CANCELLING: ControlDecision.APPLY,
        WorkflowState.CANCELLED: ControlDecision.NO_OP,
        WorkflowState.FAILED: ControlDecision.APPLY,
    },
    Action.RETRY: {
        WorkflowState.RUNNING: ControlDecision.APPLY,
        WorkflowState.PAUSED: ControlDecision.APPLY,
        WorkflowState.FAILED: ControlDecision.APPLY,
    },
    Action.ANSWER: {
        WorkflowState.RUNNING: ControlDecision.APPLY,
        WorkflowState.PAUSING: ControlDecision.APPLY,
        WorkflowState.PAUSED: ControlDecision.APPLY,
    },
}


def allowed_actions(state: str) -> list[str]:
    """The actions that have an effect on a workflow in this state, in the order of `Action`.

    A retry needs a failed task, too, and an answer one that has a question.
    """
    apply = ControlDecision.APPLY
    return [action.value for action in Action if CONTROL_RULES[action].get(WorkflowState(state)) == apply]


NO_OP_REASONS: dict[Action, str] = {
    Action.PAUSE: "It is paused already.",
    Action.RESUME: "It is running already.",
    Action.CANCEL: "It is cancelled already.",
}
REJECT_REASONS: dict[WorkflowState, str] = {
    WorkflowState.PENDING: "It has not started yet.",
    WorkflowState.RUNNING: "It is running.",
    WorkflowState.PAUSING: "It is being paused: wait until it is, or resume it.",
    WorkflowState.PAUSED: "It is paused.",
    WorkflowState.CANCELLING: "It is being cancelled.",
    WorkflowState.CANCELLED: "It was cancelled: start a new one instead.",
    WorkflowState.COMPLETED: "It is completed: there is nothing left to {action}.",
    WorkflowState.FAILED: "It has failed: retry it or cancel it.",
}


def decide_control(
    action: Action, state: str, *, task: str = "", task_states: Mapping[str, str] | None = None
) -> tuple[ControlDecision, str]:
    """The decision on an action, and the reason as a sentence for a person ("" for `APPLY`).

    `state` is the workflow's. Only a retry and an answer look at tasks: `task` is the key of the one that is meant ("": all
    that failed, or the only one with a question), `task_states` the states of the workflow's tasks by key.
    """
    decision = CONTROL_RULES[action].get(WorkflowState(state), ControlDecision.REJECT)
    if decision == ControlDecision.NO_OP:
        return decision, NO_OP_REASONS[action]
    if decision == ControlDecision.REJECT:
        return decision, REJECT_REASONS[WorkflowState(state)].format(action=action)
    if action == Action.RETRY and (reason := _why_no_retry(task, task_states or {})):
        return ControlDecision.REJECT, reason
    if action == Action.ANSWER and (reason := _why_no_answer(task, task_states or {})):
        return ControlDecision.REJECT, reason
    return decision, ""


def _why_no_answer(task: str, task_states: Mapping[str, str]) -> str:
    """Why there is nothing to answer, or "" when there is."""
    if task and task not in task_states:
        return f"There is no task {task[:100]!r}."
    asking = [key for key, state in task_states.items() if state == TaskState.INPUT_REQUIRED]
    if task:
        return "" if task in asking else f"{task} has not asked anything: it is {task_states[task]}."
    if len(asking) > 1:
        return f"{len(asking)} tasks have a question: say which one you answer."
    return "" if asking else "No task has a question."


def _why_no_retry(task: str, task_states: Mapping[str, str]) -> str:
    """Why there is nothing to retry, or "" when there is."""
    if not task:
        has_failures = TaskState.FAILED in task_states.values()
        return "" if has_failures else "No task has failed: there is nothing to retry."
    if task not in task_states:
        return f"There is no task {task[:100]!r}."
    state = task_states[task]
    return "" if state == TaskState.FAILED else f"{task} has not failed: it is {state}."
