"""One job at a remote agent, from the first message to the outcome: it survives lost lines and restarts on both sides.

What is sent once is never sent twice where that would do the work twice: an earlier remote task is taken up again, and a message
whose fate is not known is repeated (with the same id) only to agents that speak our profile, which recognise it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, cast

from a2a.client import Client
from a2a.types.a2a_pb2 import (
    GetTaskRequest,
    Message,
    SendMessageRequest,
    StreamResponse,
    SubscribeToTaskRequest,
    Task,
    TaskState,
    TaskStatus,
)
from a2a.utils.errors import (
    A2AError,
    InternalError,
    MethodNotFoundError,
    TaskNotFoundError,
    UnsupportedOperationError,
)
from google.protobuf.struct_pb2 import Struct

from agents.contract import AgentError, InputRequired, Job, Outcome, Skill
from agents.remote import messages
from agents.remote.cards import PROGRESS_URI, USAGE_URI, Card
from agents.remote.config import read_config
from agents.remote.errors import Lost, Misbehaved, cleaned
from agents.remote.files import Source
from agents.remote.listening import listening
from agents.remote.patience import Patience
from agents.remote.receiving import Received
from agents.remote.spent import Spent

QUESTION_CHARACTERS = 2_000
TASK_ID_CHARACTERS = 200
UPDATES_PER_ATTEMPT = 100_000
# What those say to a subscription whose task has just ended, or who offer none: the task is looked at instead.
NO_STREAM = (TaskNotFoundError, UnsupportedOperationError, MethodNotFoundError, InternalError)

_FAILED = {
    TaskState.TASK_STATE_FAILED: "It failed",
    TaskState.TASK_STATE_REJECTED: "It refuses the task",
    TaskState.TASK_STATE_AUTH_REQUIRED: "It wants somebody to sign in, which cannot be done from here",
    TaskState.TASK_STATE_CANCELED: "It cancelled the task by itself",
}


class Conversation:
    """The exchange about one job, by one attempt."""

    def __init__(self, job: Job, skill: Skill, *, client: Client, source: Source, card: Card, by_schema: bool) -> None:
        self._job = job
        self._skill = skill
        self._client = client
        self._source = source
        self._card = card
        self._by_schema = by_schema
        self._config = read_config()
        self._patience = Patience()
        self._received = Received(job, skill, source, by_schema=by_schema)
        self._task_id = job.remote_task
        self._context_id = ""
        self._to_send: Message | None = None
        self._is_known = False  # whether this attempt has heard of the remote task
        self._answered: bytes = b""  # the status whose question was answered
        self._fraction = 0.0
        self._updates = 0
        self._said: list[Any] = []  # the parts of a last message
        self._text = ""  # of the final status
        self._spent = Spent(job)

    async def outcome(self) -> Outcome:
        """Has the job done, however often the line breaks.

        Raises: AgentError, InputRequired, JobStopped.
        """
        try:
            return await self._done()
        finally:
            # Also of what failed or was stopped: what was spent is spent.
            await self._spent.count(is_last=True)

    async def _done(self) -> Outcome:
        while True:
            try:
                if await self._follow():
                    return Outcome(await self._received.output(self._said), self._text)
                if self._to_send or not self._task_id:
                    continue
            except Lost as lost:
                self._patience.lost(lost)
            await self._patience.wait()

    async def _follow(self) -> bool:
        """Listens until nothing more comes. Whether the task is done."""
        if not self._task_id and self._to_send is None:
            if USAGE_URI in self._card.extensions:
                await asyncio.to_thread(self._job.check_budget)
            build = messages.first_message
            self._to_send = await asyncio.to_thread(build, self._job, self._skill, by_schema=self._by_schema)
        async with aclosing(self._sent() if self._to_send else self._looked_at()) as updates:
            async for update in updates:
                self._patience.heard()
                self._updates += 1
                if self._updates > UPDATES_PER_ATTEMPT:
                    raise Misbehaved(f"It has sent more than {UPDATES_PER_ATTEMPT:,} updates.")
                if await self._take(update):
                    return True
        return False

    # --- asking ---

    async def _sent(self) -> AsyncGenerator[StreamResponse]:
        """What comes of the message that is to be sent."""
        stream = self._client.send_message(SendMessageRequest(message=self._to_send))
        try:
            async for update in self._heard(stream):
                self._to_send = None
                yield update
        except Lost as lost:
            self._may_repeat(lost)
            raise

    def _may_repeat(self, lost: Lost) -> None:
        """Lets the message be sent again, if it may not have arrived. An answer is if the task then still waits for it.

        Raises: AgentError when the work might then be done twice.
        """
        if self._to_send is None:
            return
        if self._task_id:
            self._to_send, self._answered = None, b""
        elif lost.was_sent and not self._by_schema:
            raise AgentError(f"{lost.why} Whether it works on the task is not known.", retryable=True) from None

    async def _looked_at(self) -> AsyncGenerator[StreamResponse]:
        """The remote task as it is, and what comes after."""
        task = await self._get_task()
        if task is None:
            return
        yield StreamResponse(task=task)
        if self._card.is_streaming and self._to_send is None:
            stream = self._client.subscribe(SubscribeToTaskRequest(id=self._task_id))
            async for update in self._heard(stream, ending=NO_STREAM):
                yield update

    async def _get_task(self) -> Task | None:
        """None: it is unknown over there, and is to be given anew.

        Raises: AgentError when it was lost while this attempt waited for it.
        """
        try:
            async with self._listening(passing=(TaskNotFoundError,)):
                return await self._client.get_task(GetTaskRequest(id=self._task_id, history_length=0))
        except TaskNotFoundError:
            if self._is_known:
                raise AgentError("It does not know the task any more.", retryable=True) from None
            self._task_id = ""
            self._patience.heard()
            return None

    async def _heard(
        self, stream: AsyncIterator[StreamResponse], ending: tuple[type[A2AError], ...] = ()
    ) -> AsyncIterator[StreamResponse]:
        """The updates of a stream, none of which may take longer than SILENCE_SECONDS. Errors that are `ending` end it."""
        async with aclosing(cast("Any", stream)):
            while True:
                try:
                    async with self._listening(passing=ending):
                        update = await anext(stream, None)
                except ending:
                    return
                if update is None:
                    return
                yield update

    def _listening(self, passing: tuple[type[A2AError], ...] = ()) -> AbstractAsyncContextManager[None]:
        return listening(self._config.silence_seconds, secret=self._source.bearer, passing=passing)

    # --- hearing ---

    async def _take(self, update: StreamResponse) -> bool:
        """Takes one update. Whether the task is done.

        Raises: AgentError, InputRequired, Lost, JobStopped.
        """
        self._job.checkpoint()
        await self._count(update)
        match update.WhichOneof("payload"):
            case "task":
                task = update.task
                await self._recognise(task.id, task.context_id)
                self._received.replace(task.artifacts)
                return self._take_status(task.status, task.metadata)
            case "status_update":
                came = update.status_update
                await self._recognise(came.task_id, came.context_id)
                return self._take_status(came.status, came.metadata)
            case "artifact_update":
                await self._recognise(update.artifact_update.task_id, update.artifact_update.context_id)
                await self._received.add(update.artifact_update)
                return False
            case "message":
                self._said = list(update.message.parts)
                return True
            case _:
                raise Misbehaved("It has sent an update without content.")

    async def _count(self, update: StreamResponse) -> None:
        """Counts what the update says that models took, if its agent declares that it says so."""
        kind = update.WhichOneof("payload")
        if kind and USAGE_URI in self._card.extensions:
            self._spent.hear(getattr(update, kind).metadata)
            await self._spent.count()

    async def _recognise(self, task_id: str, context_id: str) -> None:
        """Stores the id of the task when it is first heard of, so that a later attempt finds it.

        Raises: Misbehaved when it is another one than before.
        """
        self._context_id = context_id
        if not self._task_id:
            if not 0 < len(task_id) <= TASK_ID_CHARACTERS or not task_id.isprintable():
                raise Misbehaved("It has given the task no id that can be used.")
            self._task_id = task_id
            await asyncio.to_thread(self._job.set_remote_task, task_id)
        elif task_id != self._task_id:
            raise Misbehaved("It has answered with another task than the one that was asked for.")
        self._is_known = True

    def _take_status(self, status: TaskStatus, metadata: Struct) -> bool:
        text = self._words(status.message)
        match status.state:
            case TaskState.TASK_STATE_COMPLETED:
                self._text, self._said = text, list(status.message.parts)
                return True
            case TaskState.TASK_STATE_INPUT_REQUIRED:
                self._take_question(status)
            case state if state in _FAILED:
                is_odd = state == TaskState.TASK_STATE_CANCELED
                raise AgentError(f"{_FAILED[state]}{': ' + text if text else '.'}", retryable=is_odd)
            case _:
                self._fraction = _fraction(metadata, self._fraction)
                self._job.progress(self._fraction, text)
        return False

    def _take_question(self, status: TaskStatus) -> None:
        """Answers what a person has answered already.

        Raises: InputRequired.
        """
        this, asked = status.SerializeToString(deterministic=True), self._words(status.message, QUESTION_CHARACTERS)
        if this == self._answered:
            return  # the answer has arrived, and was not looked at yet
        question = asked or f"{self._card.name} needs to know more, but does not say what."
        answers = self._job.answers
        if self._answered or not answers or answers[-1].question != question:
            raise InputRequired(question)
        self._answered = this
        self._to_send = messages.answer_message(self._job, task_id=self._task_id, context_id=self._context_id)

    def _words(self, message: Message, characters: int = 500) -> str:
        text = " ".join(part.text for part in message.parts if part.HasField("text"))
        return cleaned(text, secret=self._source.bearer, characters=characters)


def _fraction(metadata: Struct, before: float) -> float:
    stated = messages.json_of(metadata).get(PROGRESS_URI)
    fraction = stated.get("fraction") if isinstance(stated, dict) else None
    return min(max(fraction, 0.0), 1.0) if isinstance(fraction, float) and fraction == fraction else before
