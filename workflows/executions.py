"""The attempts that this process performs now: what stops them, and what shows that their agents are alive."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from agents.contract import AgentError, JobStopped, Skill
from workflows.outcomes import Claim
from workflows.signals import stop_requested

STOP_POLL_SECONDS = 0.1


class Execution:
    """One attempt in the hands of a thread of this process. Its methods may be called from any thread.

    How it ends is decided once: by the thread (`settle`) or by the watchdog (`give_up`), the first of the two.
    """

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.thread: threading.Thread | None = threading.current_thread()  # None: it shares an event loop
        self.started_at = time.monotonic()
        self.signed_at = self.started_at  # the last call of a method of the job
        self.stop_asked_at: float | None = None
        self.killed_at: float | None = None
        self.time_limit = self.silence_limit = float("inf")  # seconds; set once the agent is called
        self.kill_error: AgentError | None = None
        self.unstored: Callable[[], object] | None = None  # records the outcome of an attempt that was given up
        self.is_given_up = False
        self.is_stalled = False  # a `task_stalled` was recorded
        self.has_settled = False
        self._kill: Callable[[], None] | None = None
        self._on_stop: Callable[[], None] | None = None
        self._calls = 0
        self._has_ended = threading.Event()
        self._guard = threading.Lock()

    def limit(self, skill: Skill) -> None:
        """Sets the limits of the skill, unless the settings override them."""
        self.time_limit = settings.TASK_TIME_LIMIT or skill.time_limit
        self.silence_limit = settings.TASK_SILENCE_LIMIT or skill.silence_limit

    # --- stopping ---

    @property
    def is_to_stop(self) -> bool:
        """Whether it was asked to stop."""
        return self.stop_asked_at is not None

    def ask_to_stop(self) -> None:
        """Lets the next call of a method of its job raise JobStopped. Asked again, it gets no more time."""
        with self._guard:
            is_first, self.stop_asked_at = self.stop_asked_at is None, self.stop_asked_at or time.monotonic()
        if is_first and self._on_stop:
            self._on_stop()

    def call_when_stopped(self, stop: Callable[[], None]) -> None:
        """From now on `stop`, which does not block, is called when it is asked to stop; at once if it was."""
        with self._guard:
            self._on_stop = stop
            is_late = self.stop_asked_at is not None
        if is_late:
            stop()

    def may_be_killed(self, kill: Callable[[], None]) -> None:
        """From now on `kill`, which does not block, ends the agent, and with it the wait of the thread."""
        self._kill = kill

    @property
    def can_be_killed(self) -> bool:
        """Whether its agent runs in a process of its own."""
        return self._kill is not None

    def kill(self, error: AgentError | None) -> None:
        """Kills the agent; `error` is then the outcome, None when it was asked to stop."""
        with self._guard:
            self.kill_error, self.killed_at = error, time.monotonic()
        if self._kill:
            self._kill()

    @property
    def stopping_seconds(self) -> float:
        """Seconds since it was asked to stop; 0.0 when it was not."""
        return 0.0 if self.stop_asked_at is None else time.monotonic() - self.stop_asked_at

    @property
    def dying_seconds(self) -> float:
        """Seconds since it was killed; 0.0 when it was not."""
        return 0.0 if self.killed_at is None else time.monotonic() - self.killed_at

    # --- signs of life ---

    def sign(self) -> None:
        """The agent is alive."""
        self.signed_at = time.monotonic()

    def checkpoint(self) -> None:
        """A sign of life.

        Raises: JobStopped when it was asked to stop.
        """
        self.sign()
        if self.is_to_stop:
            raise JobStopped

    @contextmanager
    def call(self) -> Iterator[None]:
        """A call of the agent that may take long here, in the storage or the database: until its end it is not silent.

        Raises: JobStopped when it was asked to stop.
        """
        self.checkpoint()
        with self._guard:
            self._calls += 1
        try:
            yield
        finally:
            with self._guard:
                self._calls -= 1
            self.sign()

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started_at

    @property
    def silent_seconds(self) -> float:
        """Seconds since the last sign of life."""
        return 0.0 if self._calls else time.monotonic() - self.signed_at

    # --- the end ---

    def join(self, seconds: float) -> None:
        """Waits for its end, so long at most."""
        self._has_ended.wait(seconds)

    def close(self) -> None:
        """Nobody has to do with it any more."""
        self._has_ended.set()

    def settle(self) -> bool:
        """The agent has come to an end. False when the attempt was given up before: then its result does not count."""
        with self._guard:
            self.has_settled = not self.is_given_up
            return self.has_settled

    def give_up(self, record: Callable[[], object]) -> bool:
        """Takes the attempt away from its thread; `record` stores its outcome. False when the agent has just come to an end."""
        self.ask_to_stop()
        with self._guard:
            if self.has_settled or self.is_given_up:
                return False
            self.is_given_up, self.unstored = True, record
            return True

    @property
    def is_ours(self) -> bool:
        """Whether its outcome is still to be stored by this process."""
        return not self.is_given_up or self.unstored is not None


STOPS_AHEAD = 1_000  # that are remembered; other stops get through with the next renewal of the leases

_executions: dict[int, Execution] = {}  # by attempt
_stopped_ahead: deque[int] = deque(maxlen=STOPS_AHEAD)  # attempts that were not open when they were asked to stop
_guard = threading.Lock()


@contextmanager
def opened(claim: Claim) -> Iterator[Execution]:
    """The execution of the attempt, for as long as a thread has to do with it."""
    execution = Execution(claim)
    with _guard:
        _executions[claim.attempt] = execution
        is_to_stop = claim.attempt in _stopped_ahead
    if is_to_stop:  # between the claim and now
        execution.ask_to_stop()
    try:
        yield execution
    finally:
        with _guard:
            del _executions[claim.attempt]
        execution.close()


def present() -> list[Execution]:
    """All of this process, with those that were given up and whose threads have not come back."""
    with _guard:
        return list(_executions.values())


def running_here() -> list[int]:
    """The primary keys of the attempts that this process answers for: their leases are to be renewed."""
    return [execution.claim.attempt for execution in present() if execution.is_ours]


def stuck() -> list[int]:
    """The primary keys of the attempts that were given up and have ended, but whose threads have not come back."""
    return [execution.claim.attempt for execution in present() if not execution.is_ours]


def stuck_threads() -> int:
    """How many threads hang in an agent that was given up."""
    return sum(execution.is_given_up and execution.thread is not None for execution in present())


def in_threads() -> int:
    """How many attempts hold a thread of this process."""
    return sum(execution.thread is not None for execution in present())


def without_threads() -> list[Execution]:
    """The attempts that share an event loop."""
    return [execution for execution in present() if execution.thread is None]


def stop_all(seconds: float) -> bool:
    """Stops what runs in this process at its next checkpoint. Whether all has ended within `seconds`."""
    until = time.monotonic() + seconds
    while (running := running_here()) and time.monotonic() < until:
        stop(running)  # each time: one may have been claimed just before
        time.sleep(STOP_POLL_SECONDS)
    return not running


def stop(attempts: list[int]) -> None:
    """Asks those of the attempts that run in this process, or are about to, to stop at their next checkpoint."""
    with _guard:
        here = [_executions[attempt] for attempt in attempts if attempt in _executions]
        _stopped_ahead.extend(attempt for attempt in attempts if attempt not in _executions)
    for execution in here:
        execution.ask_to_stop()


def _on_stop_requested(attempts: list[int], **_: object) -> None:
    stop(attempts)


stop_requested.connect(_on_stop_requested, dispatch_uid="executions.stop")
