"""The rules for actions, without a database: every action in every state has one decision and a reason."""

import pytest

from workflows.lifecycle import Action, ControlDecision, WorkflowState, decide_control

APPLY, NO_OP, REJECT = ControlDecision.APPLY, ControlDecision.NO_OP, ControlDecision.REJECT

DECISIONS = {
    #             pause   resume  cancel  retry  answer
    "pending": (APPLY, NO_OP, APPLY, REJECT, REJECT),
    "running": (APPLY, NO_OP, APPLY, APPLY, APPLY),
    "pausing": (APPLY, APPLY, APPLY, REJECT, APPLY),
    "paused": (NO_OP, APPLY, APPLY, APPLY, APPLY),
    "cancelling": (REJECT, REJECT, APPLY, REJECT, REJECT),
    "cancelled": (REJECT, REJECT, NO_OP, REJECT, REJECT),
    "completed": (REJECT, REJECT, REJECT, REJECT, REJECT),
    "failed": (REJECT, REJECT, APPLY, APPLY, REJECT),
}


@pytest.mark.parametrize("state", WorkflowState.values)
def test_every_action_has_a_decision_in_every_state(state: str) -> None:
    tasks = {"cut": "failed", "join": "input_required"}
    assert tuple(decide_control(action, state, task_states=tasks)[0] for action in Action) == DECISIONS[state]


@pytest.mark.parametrize("state", WorkflowState.values)
@pytest.mark.parametrize("action", Action)
def test_an_action_that_is_not_applied_has_a_reason(state: str, action: Action) -> None:
    decision, reason = decide_control(action, state, task_states={"cut": "failed", "join": "input_required"})
    assert bool(reason) is (decision != APPLY)
    assert "{" not in reason


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("", "No task has failed: there is nothing to retry."),
        ("cut", "cut has not failed: it is completed."),
        ("spell/1", "spell/1 has not failed: it is running."),
        ("spell/9", "There is no task 'spell/9'."),
    ],
)
def test_a_retry_of_what_has_not_failed_is_rejected(task: str, reason: str) -> None:
    states = {"cut": "completed", "spell/1": "running"}
    assert decide_control(Action.RETRY, "running", task=task, task_states=states) == (REJECT, reason)


def test_a_retry_of_a_task_that_failed_is_applied_whatever_the_others_do() -> None:
    states = {"cut": "completed", "spell/1": "failed"}
    assert decide_control(Action.RETRY, "running", task="spell/1", task_states=states) == (APPLY, "")
