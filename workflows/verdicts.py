"""What the present makes of an action: act, say that it is so already, or refuse with a reason."""

from workflows.lifecycle import Action, TaskState, Verdict, WorkflowState, verdict_on
from workflows.models import Workflow

__all__ = ["Verdict", "on"]

_ALREADY = {
    Action.PAUSE: "It is paused already.",
    Action.RESUME: "It is running already.",
    Action.CANCEL: "It is cancelled already.",
}
_REFUSED = {
    WorkflowState.COMPLETED: "It is completed: there is nothing left to {action}.",
    WorkflowState.CANCELLED: "It was cancelled: start a new one instead.",
    WorkflowState.FAILED: "It has failed: retry it or cancel it.",
    WorkflowState.CANCELLING: "It is being cancelled.",
    WorkflowState.PENDING: "It has not started yet.",
    WorkflowState.PAUSING: "It is being paused: wait until it is, or resume it.",
    WorkflowState.RUNNING: "It is running.",
    WorkflowState.PAUSED: "It is paused.",
}


def on(action: Action, workflow: Workflow, task: str) -> tuple[Verdict, str]:
    """The verdict and, unless it is to act, the reason in words."""
    verdict = verdict_on(action, workflow.state)
    if verdict == Verdict.ALREADY:
        return verdict, _ALREADY[action]
    if verdict == Verdict.REFUSE:
        return verdict, _REFUSED[WorkflowState(workflow.state)].format(action=action)
    if action == Action.RETRY and (reason := _nothing_to_retry(workflow, task)):
        return Verdict.REFUSE, reason
    return verdict, ""


def _nothing_to_retry(workflow: Workflow, key: str) -> str:
    if not key:
        has_failures = workflow.tasks.filter(state=TaskState.FAILED).exists()
        return "" if has_failures else "No task has failed: there is nothing to retry."
    task = workflow.tasks.filter(key=key).first()
    if task is None:
        return f"There is no task {key[:100]!r}."
    return "" if task.state == TaskState.FAILED else f"{key} has not failed: it is {task.state}."
