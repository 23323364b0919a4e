"""Joins the questions of many to one read of the database.

An answer is never older than its question: who asks while a read is under way waits for the next one, together with all
who ask meanwhile. Nothing is kept afterwards, so what was revoked a moment ago is refused, whichever process revoked it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from realtime.database import in_thread

QUESTIONS_AT_ONCE: Final = 500  # in one read; more wait for their turn
# From the start of a read to that of the next one: the longer, the more have asked, so that a crowd costs few reads.
LEAST_PAUSE_SECONDS: Final = 0.03
MOST_PAUSE_SECONDS: Final = 0.2
PAUSE_SECONDS_PER_QUESTION: Final = 0.002

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Joined(Generic[Question, Answer]):
    """Asks `read` the questions of many. All methods belong to one event loop.

    `read` is called in a thread with one or more questions, and returns the answer to each, in their order: an
    exception, where that is the answer. Up to `at_once` reads are under way, so that a slow one does not hold up all.
    Those who share their `turns` have, together, no more reads under way than it gives; meanwhile more ask.
    """

    def __init__(
        self,
        read: Callable[[Sequence[Question]], Sequence[Answer | Exception]],
        *,
        at_once: int = 1,
        turns: asyncio.Semaphore | None = None,
    ) -> None:
        self._read = read
        self._at_once = at_once
        self._turns = turns or asyncio.Semaphore(at_once)
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._reads = 0  # that are under way; not the number of tasks: one that is about to end reads nothing any more
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references
        self._asking = 0
        self._next_read_at = 0.0  # the loop's time
        self._pause_seconds = LEAST_PAUSE_SECONDS

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return self._asking == 0

    async def ask(self, question: Question) -> Answer:
        """The answer, read after this call. Raises it, where it is an exception."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._reads < self._at_once:
            self._reads += 1
            task = asyncio.create_task(self._answer_all())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._asking += 1
        try:
            return await answer
        finally:
            self._asking -= 1

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                await self._pause()
                async with self._turns:
                    await self._answer_some()
        finally:
            self._reads -= 1

    async def _pause(self) -> None:
        """Until the next read may begin: at once after a quiet time."""
        loop = asyncio.get_running_loop()
        begins_at = max(loop.time(), self._next_read_at)
        self._next_read_at = begins_at + self._pause_seconds
        if begins_at > loop.time():
            await asyncio.sleep(begins_at - loop.time())

    async def _answer_some(self) -> None:
        turn = [self._waiting.popleft() for _ in range(min(len(self._waiting), QUESTIONS_AT_ONCE))]
        if not turn:  # another read has taken them
            return
        self._pause_seconds = min(MOST_PAUSE_SECONDS, max(LEAST_PAUSE_SECONDS, len(turn) * PAUSE_SECONDS_PER_QUESTION))
        try:
            answers = await in_thread(self._read, [question for question, _ in turn])
        except Exception as error:  # noqa: BLE001 - it is raised where the question was asked
            answers = [error] * len(turn)
        for (_, future), answer in zip(turn, answers, strict=True):
            _resolve(future, answer)


def _resolve(future: "asyncio.Future[Answer]", answer: Answer | Exception) -> None:
    if future.done():  # cancelled: who asked has gone
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
