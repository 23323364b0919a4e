"""What clients ask for, done by the coordinator. Blocking: each function is one call from a thread."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from a2a.types.a2a_pb2 import Message
from a2a.utils.errors import TaskNotCancelableError, TaskNotFoundError, UnsupportedOperationError
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from workflows import access, coordinator
from workflows.a2a import inputs, tasks
from workflows.a2a.errors import invalid
from workflows.a2a.inputs import File, Reading
from workflows.a2a.models import A2ATask
from workflows.a2a.served import Served
from workflows.lifecycle import FINAL_STATES, Action
from workflows.models import Artifact, Workflow

HISTORY_LIMIT: Final = 100  # messages that are kept of one task: its first, and its latest


def found(user: User, agent: str, task_id: str) -> A2ATask:
    """The task of this agent, if the user may see it.

    Raises: TaskNotFoundError, also for one that is another's: nobody learns that it exists.
    """
    with suppress(ValueError):
        visible = access.visible_to(user).filter(pk=UUID(task_id))
        if row := A2ATask.objects.filter(agent=agent, workflow__in=visible).select_related("workflow").first():
            return row
    raise TaskNotFoundError("There is no such task, or it is not yours to see.")


def send(user: User, agent: Served, message: Message) -> A2ATask:
    """Begins a task, or answers the question of the one that the message names.

    Raises: errors of the protocol, and those of the coordinator.
    """
    inputs.check(message)
    return _go_on(user, agent, message) if message.task_id else _begin(user, agent, message)


# --- a new task -----------------------------------------------------------------------------------


def _begin(user: User, agent: Served, message: Message) -> A2ATask:
    if earlier := _repeated(user, agent, message):
        return earlier
    reading, workflow_id = inputs.read(message, agent), uuid4()
    row = A2ATask(
        workflow_id=workflow_id,
        owner=user,
        agent=agent.name,
        context_id=message.context_id or str(uuid4()),
        message_id=message.message_id if inputs.is_recognised_again(message) else None,
        inputs=[str(file.id) for file in reading.files],
    )
    message.context_id, message.task_id = row.context_id, str(workflow_id)
    row.history = [inputs.said(message, reading.files)]
    try:
        return _created(user, reading, row)
    except IntegrityError:
        if earlier := _repeated(user, agent, message):  # the same message came twice at once
            return earlier
        raise


def _repeated(user: User, agent: Served, message: Message) -> A2ATask | None:
    if not inputs.is_recognised_again(message):
        return None
    return A2ATask.objects.filter(owner=user, agent=agent.name, message_id=message.message_id).first()


def _created(user: User, reading: Reading, row: A2ATask) -> A2ATask:
    artifacts: list[Artifact] = []
    try:
        # The files first, outside of the transaction, because they may be large. Without its row nobody refers to one.
        artifacts.extend(_stored(row, file) for file in reading.files)
        coordinator.create(
            pipeline=reading.offer.pipeline,
            given=reading.given,
            owner=user,
            workflow_id=row.workflow_id,
            beside=partial(_write_rows, row, artifacts),
        )
    except BaseException:
        for artifact in artifacts:
            artifact.file.delete(save=False)
        raise
    return row


def _stored(row: A2ATask, file: File) -> Artifact:
    artifact = Artifact(id=file.id, name=file.name, kind="file", media_type=file.media_type, size=len(file.content))
    artifact.workflow_id = row.workflow_id
    artifact.file.save(file.name, ContentFile(file.content), save=False)
    return artifact


def _write_rows(row: A2ATask, artifacts: Iterable[Artifact], workflow: Workflow) -> None:
    first = workflow.tasks.order_by("position")[0]
    for artifact in artifacts:
        artifact.task = first
        artifact.save(force_insert=True)
    row.save(force_insert=True)


# --- a task that there is -------------------------------------------------------------------------


def _go_on(user: User, agent: Served, message: Message) -> A2ATask:
    row = found(user, agent.name, message.task_id)
    if message.context_id and message.context_id != row.context_id:
        raise invalid("message.context_id", "The task belongs to another context.")
    if any(kept["messageId"] == message.message_id for kept in row.history):
        return row  # it came before
    if row.workflow.state in FINAL_STATES:
        raise UnsupportedOperationError("The task has ended, and takes no more messages: begin a new one.")
    asking = tasks.question_of(row.workflow)
    if asking is None:
        raise UnsupportedOperationError("The task is being worked on, and has asked nothing: wait, or cancel it.")
    answer = inputs.answer_of(message)
    control = coordinator.control(workflow=row.workflow, by=user, action=Action.ANSWER, task=asking.key, answer=answer)
    if control.status == "rejected":
        raise UnsupportedOperationError(control.reason)
    _remember(row, asking.question, message)
    return row


def _remember(row: A2ATask, question: str, message: Message) -> None:
    """Adds the question and its answer to what was said."""
    message.context_id, message.task_id = row.context_id, str(row.pk)
    with transaction.atomic():
        kept = A2ATask.objects.select_for_update().get(pk=row.pk)
        asked = {
            "messageId": f"{row.pk}-question-{len(kept.history)}",
            "contextId": row.context_id,
            "taskId": str(row.pk),
            "role": "ROLE_AGENT",
            "parts": [{"text": question}],
        }
        history = [*kept.history, asked, inputs.said(message, [])]
        row.history = [history[0], *history[1:][-(HISTORY_LIMIT - 1) :]]
        A2ATask.objects.filter(pk=row.pk).update(history=row.history)


def cancel(user: User, agent: str, task_id: str) -> A2ATask:
    """Asks for the end of a task.

    Raises: TaskNotFoundError, TaskNotCancelableError, and those of the coordinator.
    """
    row = found(user, agent, task_id)
    if row.workflow.state in FINAL_STATES:
        raise TaskNotCancelableError(f"The task has ended: it is {row.workflow.state}.")
    control = coordinator.control(workflow=row.workflow, by=user, action=Action.CANCEL)
    if control.status == "rejected":
        raise TaskNotCancelableError(control.reason)
    return row
