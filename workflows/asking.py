"""Why a workflow waits for a person: the question that one of its agents has asked."""

from agents import registry
from agents.timestamps import iso_or_none
from workflows.bodies import WaitingFor
from workflows.lifecycle import TaskState
from workflows.models import Task


def asked(task: Task) -> WaitingFor:
    """What a task in the state `input_required` waits for, as the snapshot's `waiting_for`."""
    question = task.question.partition("\n\n")[0]  # of one that shows something below: what is asked
    text = f"{registry.title_of(task.agent)} asks: {question}"
    return WaitingFor(kind="input", text=text, until=iso_or_none(task.answer_until), agent=task.agent, task=task.key)


def question_of(workflow_id: str) -> WaitingFor | None:
    """The question of a workflow that must be answered first; None when nobody asks."""
    asking = Task.objects.filter(workflow_id=workflow_id, state=TaskState.INPUT_REQUIRED)
    task = asking.order_by("answer_until").defer("output", "item").first()
    return asked(task) if task else None
