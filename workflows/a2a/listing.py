"""Pages of tasks, the one that changed last first (A2A 1.0, section 3.1.4)."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from a2a.types.a2a_pb2 import ListTasksRequest, ListTasksResponse, TaskState
from a2a.utils.constants import DEFAULT_LIST_TASKS_PAGE_SIZE
from a2a.utils.task import (
    ListTasksCursor,
    apply_history_length,
    decode_list_tasks_cursor,
    encode_list_tasks_cursor,
    validate_history_length,
    validate_page_size,
)
from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from workflows import access
from workflows.a2a import tasks
from workflows.a2a.errors import invalid
from workflows.a2a.models import A2ATask
from workflows.lifecycle import TaskState as OurTaskState
from workflows.lifecycle import WorkflowState
from workflows.models import Event, Task, Workflow

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def page(user: User, agent: str, asked: ListTasksRequest, base: str) -> ListTasksResponse:
    """A page of the tasks of this agent that the user may see.

    Raises: InvalidParamsError.
    """
    validate_history_length(asked)
    size = asked.page_size if asked.HasField("page_size") else DEFAULT_LIST_TASKS_PAGE_SIZE
    validate_page_size(size)
    matching = _matching(user, agent, asked)
    rows = list(_from(matching, asked.page_token)[: size + 1])
    response = ListTasksResponse(page_size=size, total_size=matching.count())
    for row in rows[:size]:
        try:
            task, _ = tasks.task_of(row, base, with_artifacts=asked.include_artifacts)
        except Workflow.DoesNotExist:  # deleted a moment ago
            continue
        response.tasks.append(apply_history_length(task, asked))
    if len(rows) > size:
        response.next_page_token = _token(rows[size - 1])
    return response


def _matching(user: User, agent: str, asked: ListTasksRequest) -> "QuerySet[A2ATask]":
    latest = Event.objects.filter(workflow=OuterRef("pk")).order_by("-seq").values("created_at")[:1]
    rows = A2ATask.objects.filter(agent=agent, workflow__in=access.visible_to(user))
    rows = rows.annotate(changed_at=Coalesce(Subquery(latest), F("workflow__created_at")))
    if asked.context_id:
        rows = rows.filter(context_id=asked.context_id)
    if asked.status:
        rows = rows.filter(_is_in(asked.status))
    if asked.HasField("status_timestamp_after"):
        rows = rows.filter(changed_at__gte=asked.status_timestamp_after.ToDatetime(tzinfo=UTC))
    return rows.order_by("-changed_at", "-pk")


def _is_in(state: int) -> Q:
    asking = Task.objects.filter(workflow=OuterRef("pk"), state=OurTaskState.INPUT_REQUIRED)
    is_asking = Exists(asking) & Q(workflow__state__in=tasks.ANSWERABLE)
    if state == TaskState.TASK_STATE_INPUT_REQUIRED:
        return Q(is_asking)
    states = [ours for ours in WorkflowState if tasks.STATES[ours] == state]
    return Q(workflow__state__in=states) & ~Q(is_asking)


def _from(rows: "QuerySet[A2ATask]", token: str) -> "QuerySet[A2ATask]":
    if not token:
        return rows
    cursor = decode_list_tasks_cursor(token)
    if cursor is None or cursor.timestamp_ns is None:
        raise invalid("page_token", "This is no page token of ours.")
    try:
        key, changed_at = UUID(cursor.task_id), EPOCH + cursor.timestamp_ns // 1_000 * MICROSECOND
    except (ValueError, OverflowError):
        raise invalid("page_token", "This is no page token of ours.") from None
    return rows.filter(Q(changed_at__lt=changed_at) | Q(changed_at=changed_at, pk__lt=key))


def _token(row: A2ATask) -> str:
    changed_at: datetime = row.changed_at  # type: ignore[attr-defined]
    return encode_list_tasks_cursor(ListTasksCursor((changed_at - EPOCH) // MICROSECOND * 1_000, str(row.pk)))
