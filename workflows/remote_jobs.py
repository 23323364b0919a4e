"""Performs the attempts of agents that wait for other systems: on one event loop, so that none of them holds a thread.

It also tells those agents what nobody waits for any more.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.utils import timezone

from agents import registry
from agents.contract import AgentError, AsyncAgent, JobStopped, Outcome, Skill, checked
from agents.models import Agent
from workflows import attempts, executions, outcomes
from workflows.connections import keep_connections
from workflows.executions import Execution
from workflows.jobs import AttemptJob
from workflows.models import Attempt
from workflows.outcomes import Claim

log = logging.getLogger(__name__)

BLOCKING_CALLS = 8  # to database and storage, at once
WITHDRAWALS = 100  # in one round


class _Loop:
    """An event loop in a thread of its own, which starts when it is first needed."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def submit(self, work: Coroutine[Any, Any, object]) -> None:
        """Runs it there. Returns at once."""
        asyncio.run_coroutine_threadsafe(work, self._running())

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._guard:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threads = ThreadPoolExecutor(BLOCKING_CALLS, "remote-jobs-io", initializer=keep_connections)
                self._loop.set_default_executor(threads)
                threading.Thread(target=self._loop.run_forever, name="remote-jobs", daemon=True).start()
            return self._loop


_loop = _Loop()


def start_if_async(claim: Claim) -> bool:
    """Performs the attempt, if its agent needs no thread for it, and returns at once. Whether it is so."""
    try:
        is_async = isinstance(registry.get(claim.agent), AsyncAgent)
    except registry.AgentNotFound:
        return False  # it was removed just now: the attempt will say so
    if is_async:
        _loop.submit(_perform(claim))
    return is_async


async def _perform(claim: Claim) -> None:
    with attempts.at_work(claim), executions.opened(claim) as execution:
        execution.thread = None
        record = await _outcome(execution)
        if execution.settle():
            await asyncio.to_thread(attempts.store, claim, record)
        else:
            log.warning("%s came back after it was given up.", claim.agent, extra=claim.log_fields)


async def _outcome(execution: Execution) -> Callable[[], None]:
    """Lets the agent do the job. Returns what records the outcome."""
    claim, job = execution.claim, AttemptJob(execution)
    try:
        outcome = await _call(execution, job)
    except asyncio.CancelledError:
        error: Exception = execution.kill_error or JobStopped()
    except Exception as raised:  # noqa: BLE001 - it is the outcome
        error = raised
    else:
        return lambda: outcomes.completed(claim, outcome)
    finally:
        await asyncio.to_thread(job.close)
    if await _is_over(execution, error):
        await _withdraw(claim, job.remote_task)
    return attempts.record_of(execution, error)


async def _call(execution: Execution, job: AttemptJob) -> Outcome:
    agent = registry.get(execution.claim.agent)
    if not isinstance(agent, AsyncAgent):
        raise AgentError(f"{agent.name} was replaced just now.", retryable=True)
    skill = agent.skill(job.skill)
    execution.limit(skill)
    with attempts.agent_span(execution.claim):
        return await _awaited(execution, agent, skill, job)


async def _awaited(execution: Execution, agent: AsyncAgent, skill: Skill, job: AttemptJob) -> Outcome:
    work, loop = asyncio.ensure_future(agent.perform_async(job)), asyncio.get_running_loop()
    execution.may_be_killed(lambda: _cancel_soon(loop, work))
    execution.call_when_stopped(lambda: _cancel_soon(loop, work))
    return checked(agent.name, skill, await work)


def _cancel_soon(loop: asyncio.AbstractEventLoop, work: "asyncio.Future[Outcome]") -> None:
    loop.call_soon_threadsafe(work.cancel)


async def _is_over(execution: Execution, error: Exception) -> bool:
    """Whether nobody waits any more for what the other system does. After a restart of this process the next attempt does."""
    if isinstance(error, JobStopped) and execution.is_to_stop:
        return await asyncio.to_thread(attempts.was_asked_to_stop, execution.claim)
    return isinstance(error, AgentError)


async def _withdraw(claim: Claim, remote_task: str) -> None:
    """Tells the agent, within STOP_GRACE_SECONDS; if that fails, `withdraw_left` tries again."""
    if remote_task and not await _has_withdrawn(claim.agent, remote_task):
        mark = Attempt.objects.filter(pk=claim.attempt).update
        await asyncio.to_thread(mark, is_to_withdraw=True)


async def _has_withdrawn(agent_name: str, remote_task: str) -> bool:
    try:
        agent = registry.get(agent_name)
        if isinstance(agent, AsyncAgent):
            async with asyncio.timeout(settings.STOP_GRACE_SECONDS):
                await agent.withdraw(remote_task)
    except registry.AgentNotFound:
        pass  # it was removed: there is nobody to tell
    except (AgentError, TimeoutError) as error:
        log.info("%s could not be told to stop: %s", agent_name, str(error) or "no answer in time")
        return False
    except Exception:
        log.exception("%s could not be told to stop.", agent_name)
        return False
    return True


def check_agents() -> None:
    """Looks after the remote agents, as far as that is due. Returns at once; called by the runner's heartbeat."""
    if Agent.objects.filter(kind=Agent.Kind.A2A).exists():
        from agents.remote import health  # noqa: PLC0415 - where there is no remote agent, the SDK is not needed

        _loop.submit(health.check_agents())


def withdraw_left() -> None:
    """Tells agents what nobody waits for any more, as far as they have not been told. Called by the runner's heartbeat."""
    left = Attempt.objects.filter(is_to_withdraw=True).exclude(pk__in=executions.running_here())
    for attempt in left.only("agent", "remote_task", "finished_at")[:WITHDRAWALS]:
        # Only one process tells it.
        if Attempt.objects.filter(pk=attempt.pk, is_to_withdraw=True).update(is_to_withdraw=False):
            _loop.submit(_withdraw_one(attempt))


async def _withdraw_one(attempt: Attempt) -> None:
    if await _has_withdrawn(attempt.agent, attempt.remote_task) or _is_old(attempt):
        return
    mark = Attempt.objects.filter(pk=attempt.pk).update
    with suppress(Exception):
        await asyncio.to_thread(mark, is_to_withdraw=True)


def _is_old(attempt: Attempt) -> bool:
    """Whether it ended so long ago that telling the agent is given up."""
    ended = attempt.finished_at or timezone.now()
    return (timezone.now() - ended).total_seconds() > settings.INPUT_SECONDS
