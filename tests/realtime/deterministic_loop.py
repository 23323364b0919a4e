"""An event loop in which nothing happens unless the test lets it: time, threads and the network stand still.

So each run of a model-based test is the same as the last one, and every interleaving can be had without a sleep.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, TypeVar

from channels.layers import BaseChannelLayer

from realtime.rooms import workflow_room
from tests.fixtures.clock import Clock

Json = dict[str, Any]
Found = TypeVar("Found")

QUIET_TURNS = 3  # of the loop, in which no task had anything to do: a timer that is due shows only in the next one
MOMENT = 0.1  # seconds


class Thread(Executor):
    """One thread; the loop stands still while it works."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)

    def do(self, job: Callable[[], Found]) -> Found:
        """What the job returns or raises."""
        return self._pool.submit(job).result()

    def end(self, last: Callable[[], object]) -> None:
        """Does one last thing."""
        self.do(last)
        self._pool.shutdown()


class StepwiseExecutor(Executor):
    """Takes the place of the threads that query the database.

    Queries that bring a watcher up to date wait twice for the test: before they are executed, and before their result is
    delivered. All others are executed and answered at once.
    """

    SLOW: ClassVar = {"up_to_date", "events_after", "last_seqs"}

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.executed: list[Callable[[], None]] = []

    def submit(self, job: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Keeps the job for later, or does it."""
        future: Future[Any] = Future()
        self.waiting.append((future, partial(job, *given, **named)))
        _, *_, query = job.args  # type: ignore[attr-defined] # as asgiref wraps it
        while isinstance(query, partial):
            query = query.func
        if query.__name__ not in self.SLOW:
            self.execute(-1)
            self.deliver(-1)
        return future

    def execute(self, index: int) -> None:
        """Does one of the waiting jobs; its result is not delivered yet."""
        future, job = self.waiting.pop(index)
        try:
            self.executed.append(partial(future.set_result, self._thread.do(job)))
        except Exception as error:  # noqa: BLE001 - the caller gets it
            self.executed.append(partial(future.set_exception, error))

    def deliver(self, index: int) -> None:
        """Delivers one result, unless its caller has given up."""
        with suppress(InvalidStateError):
            self.executed.pop(index)()


class Network:
    """The channel layer as another process sees it: what it sends is on its way until the test says what becomes of it."""

    def __init__(self, here: BaseChannelLayer) -> None:
        self._here = here
        self.under_way: list[tuple[str, Json]] = []

    async def group_send(self, group: str, message: Json) -> None:
        """Sets out, when it is for a workflow's room."""
        if group.startswith(workflow_room("").group):
            self.under_way.append((group, message))

    async def deliver(self, index: int, *, again: bool = False) -> None:
        """One message arrives; `again`: and will another time."""
        group, message = self.under_way[index] if again else self.under_way.pop(index)
        await self._here.group_send(group, message)


class DeterministicLoop:
    """The loop. `go_on` is called in it when no task has anything to do; it returns whether that gave one something."""

    def __init__(self, clock: Clock, go_on: Callable[[], bool]) -> None:
        self._clock = clock
        self._go_on = go_on
        self.loop = asyncio.new_event_loop()

    def do(self, job: Callable[[], Found]) -> Found:
        """What the job returns, called in the loop; then runs until no task has anything to do at this moment."""

        async def in_loop() -> Found:
            return job()

        return self.run(in_loop())

    def run(self, job: Coroutine[Any, Any, Found]) -> Found:
        """The same with a coroutine."""
        found = self.loop.run_until_complete(job)
        self.loop.run_until_complete(self._settle())
        return found

    def pass_time(self, seconds: float) -> None:
        """So much later. What was due meanwhile is late; but not what waited for a moment only, such as the next joined read."""
        for part in (min(MOMENT, seconds), max(0.0, seconds - MOMENT)):
            self._clock.pass_time(part)
            self.loop.run_until_complete(self._settle())

    def end(self, last: Coroutine[Any, Any, None]) -> None:
        """Does one last thing, however long it takes, and leaves nothing behind."""
        task = self.loop.create_task(last)
        while not task.done():
            self.pass_time(1.0)
        for left in asyncio.all_tasks(self.loop):
            left.cancel()
        self.loop.run_until_complete(self._quiet())
        self.loop.close()

    async def _settle(self) -> None:
        await self._quiet()
        while self._go_on():
            await self._quiet()

    async def _quiet(self) -> None:
        turns = 0
        while turns < QUIET_TURNS:
            await asyncio.sleep(0)
            turns = 0 if self.loop._ready else turns + 1  # type: ignore[attr-defined]
