"""The SDK's request handler on our coordinator, for every agent that is served."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from a2a.server.context import ServerCallContext
from a2a.server.events import Event
from a2a.server.request_handlers.request_handler import RequestHandler, validate_request_params
from a2a.types.a2a_pb2 import (
    AgentCard,
    CancelTaskRequest,
    DeleteTaskPushNotificationConfigRequest,
    GetExtendedAgentCardRequest,
    GetTaskPushNotificationConfigRequest,
    GetTaskRequest,
    ListTaskPushNotificationConfigsRequest,
    ListTaskPushNotificationConfigsResponse,
    ListTasksRequest,
    ListTasksResponse,
    Message,
    SendMessageRequest,
    SubscribeToTaskRequest,
    Task,
    TaskPushNotificationConfig,
)
from a2a.utils.errors import PushNotificationNotSupportedError, TaskNotFoundError, UnsupportedOperationError
from a2a.utils.task import apply_history_length, validate_history_length
from django.contrib.auth.models import User

from workflows.a2a import commands, feeds, listing, tasks
from workflows.a2a.errors import translated
from workflows.a2a.models import A2ATask
from workflows.a2a.served import Served
from workflows.a2a.threads import in_thread
from workflows.a2a.updates import with_base
from workflows.lifecycle import FINAL_STATES
from workflows.models import Workflow

CANCEL_SECONDS: Final = 5.0  # that the answer to a cancel waits for the work to stop

CALLER: Final = "caller"  # in the state of a context


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks whom: the user, the agent, and the address that the user has for this server."""

    user: User
    agent: Served
    base: str


def _caller(context: ServerCallContext) -> Caller:
    caller: Caller = context.state[CALLER]
    return caller


class CoordinatorHandler(RequestHandler):
    """Each method is one operation of the protocol (A2A 1.0, section 3.1)."""

    # --- messages -------------------------------------------------------------------------------

    @validate_request_params
    async def on_message_send(self, params: SendMessageRequest, context: ServerCallContext) -> Task | Message:
        """Begins a task or answers its question, and waits until there is nothing to wait for, unless told not to."""
        caller = _caller(context)
        with translated():
            row = await self._sent(params, caller)
            is_patient = not params.configuration.return_immediately
            task = await self._settled(row, caller) if is_patient else await _read(row, caller)
            return apply_history_length(task, params.configuration)

    @validate_request_params
    async def on_message_send_stream(
        self, params: SendMessageRequest, context: ServerCallContext
    ) -> AsyncGenerator[Event]:
        """The same, with the task and its updates until it ends or asks something."""
        caller = _caller(context)
        with translated():
            row = await self._sent(params, caller)
            async with aclosing(self._updates(row, caller, until=tasks.SETTLED)) as stream:
                async for event in stream:
                    yield apply_history_length(event, params.configuration) if isinstance(event, Task) else event

    async def _sent(self, params: SendMessageRequest, caller: Caller) -> A2ATask:
        validate_history_length(params.configuration)
        if params.configuration.HasField("task_push_notification_config"):
            raise PushNotificationNotSupportedError
        return await in_thread(commands.send, caller.user, caller.agent, params.message)

    async def _settled(self, row: A2ATask, caller: Caller) -> Task:
        """The task once it has ended, or asks something."""
        async with aclosing(self._updates(row, caller, until=tasks.SETTLED)) as stream:
            async for _ in stream:
                pass
        return await _read(row, caller)

    async def _updates(self, row: A2ATask, caller: Caller, *, until: frozenset[int]) -> AsyncGenerator[Any]:
        """The task, and then its updates, up to one with a state in `until`."""
        async with feeds.here().following(row) as followed:
            task, seq = await _read_at(row, caller)
            yield task
            if task.status.state in until:
                return
            async for news in followed:
                if news.seq > seq or (news.is_progress and news.seq == seq):
                    yield with_base(news.update, caller.base)
                    if news.state in until:
                        return

    # --- tasks ----------------------------------------------------------------------------------

    @validate_request_params
    async def on_get_task(self, params: GetTaskRequest, context: ServerCallContext) -> Task | None:
        """The task as it is."""
        caller = _caller(context)
        with translated():
            validate_history_length(params)
            row = await in_thread(commands.found, caller.user, caller.agent.name, params.id)
            return apply_history_length(await _read(row, caller), params)

    @validate_request_params
    async def on_list_tasks(self, params: ListTasksRequest, context: ServerCallContext) -> ListTasksResponse:
        """A page of tasks."""
        caller = _caller(context)
        with translated():
            return await in_thread(listing.page, caller.user, caller.agent.name, params, caller.base)

    @validate_request_params
    async def on_cancel_task(self, params: CancelTaskRequest, context: ServerCallContext) -> Task | None:
        """Asks for the end of a task, and waits a little for it."""
        caller = _caller(context)
        with translated():
            row = await in_thread(commands.cancel, caller.user, caller.agent.name, params.id)
            try:
                async with asyncio.timeout(CANCEL_SECONDS):
                    return await self._settled(row, caller)
            except TimeoutError:
                return await _read(row, caller)

    @validate_request_params
    async def on_subscribe_to_task(
        self, params: SubscribeToTaskRequest, context: ServerCallContext
    ) -> AsyncGenerator[Event]:
        """The task, and its updates until it ends."""
        caller = _caller(context)
        with translated():
            row = await in_thread(commands.found, caller.user, caller.agent.name, params.id)
            if row.workflow.state in FINAL_STATES:
                raise UnsupportedOperationError("The task has ended: there will be no updates of it. Get it instead.")
            async with aclosing(self._updates(row, caller, until=tasks.ENDED)) as stream:
                async for event in stream:
                    yield event

    # --- what is not supported, and says so (section 3.3.4) -----------------------------------------

    async def on_create_task_push_notification_config(
        self, _params: TaskPushNotificationConfig, _context: ServerCallContext
    ) -> TaskPushNotificationConfig:
        """Refused."""
        raise PushNotificationNotSupportedError

    async def on_get_task_push_notification_config(
        self, _params: GetTaskPushNotificationConfigRequest, _context: ServerCallContext
    ) -> TaskPushNotificationConfig:
        """Refused."""
        raise PushNotificationNotSupportedError

    async def on_list_task_push_notification_configs(
        self, _params: ListTaskPushNotificationConfigsRequest, _context: ServerCallContext
    ) -> ListTaskPushNotificationConfigsResponse:
        """Refused."""
        raise PushNotificationNotSupportedError

    async def on_delete_task_push_notification_config(
        self, _params: DeleteTaskPushNotificationConfigRequest, _context: ServerCallContext
    ) -> None:
        """Refused."""
        raise PushNotificationNotSupportedError

    async def on_get_extended_agent_card(
        self, _params: GetExtendedAgentCardRequest, _context: ServerCallContext
    ) -> AgentCard:
        """Refused: the public card says everything."""
        raise UnsupportedOperationError("There is no extended card: the public one says everything.")


async def _read(row: A2ATask, caller: Caller) -> Task:
    task, _ = await _read_at(row, caller)
    return task


async def _read_at(row: A2ATask, caller: Caller) -> tuple[Task, int]:
    try:
        return await in_thread(tasks.task_of, row, caller.base)
    except Workflow.DoesNotExist:
        raise TaskNotFoundError("The task was deleted.") from None
