"""What a remote agent says that its models took is counted once, whatever it says, and however its task ends."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agents.contract import AgentError, AsyncAgent, BudgetReached
from agents.remote import spent
from agents.usage import Usage
from tests.agents.remote.conftest import MakeJob, WatchedJob, remote_agent
from tests.agents.remote.peer import Call, Json, Peer, status_update, task_update

USAGE = "urn:callboard:a2a:usage:1"


@pytest.fixture
def painter(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> AsyncAgent:
    """A peer that declares that it says what its models took."""
    monkeypatch.setattr(spent, "REPORT_SECONDS", 0.0)
    peer.card["capabilities"]["extensions"].append({"uri": USAGE})
    return remote_agent(peer.url, peer.card)


def says(state: str, *models: Any) -> Json:
    update = status_update("t1", state)
    update["statusUpdate"]["metadata"] = {USAGE: {"models": list(models)}}
    return update


def brush(**counts: object) -> Json:
    return {"model": "brush-1", **counts}


async def test_sums_that_are_said_again_and_again_are_counted_once(
    peer: Peer, painter: AsyncAgent, job: WatchedJob
) -> None:
    peer.updates(
        task_update("t1", "WORKING"),
        says("WORKING", brush(pictures=1, prompt_tokens=100)),
        says("WORKING", brush(pictures=1, prompt_tokens=100)),
        says("WORKING", brush(pictures=3, prompt_tokens=150), {"model": "quill", "completion_tokens": 7}),
        says("FAILED", brush(pictures=2, video_seconds=1.5)),  # a sum does not become less
    )
    with pytest.raises(AgentError):
        await painter.perform_async(job)
    assert job.used == [
        Usage(model="brush-1", pictures=1, prompt_tokens=100),
        Usage(model="brush-1", pictures=2, prompt_tokens=50),
        Usage(model="quill", completion_tokens=7),
        Usage(model="brush-1", video_seconds=1.5),
    ]


@dataclass(slots=True)
class SecondJob(WatchedJob):
    """An attempt before it has counted some of the same remote task."""

    before: list[Usage] = field(default_factory=list)

    def usage_counted(self) -> list[Usage]:
        return self.before


async def test_of_a_task_that_is_taken_up_again_only_what_is_new_is_counted(
    peer: Peer, painter: AsyncAgent, tmp_path: Path
) -> None:
    job = SecondJob(
        skill="paint",
        input={"subject": "her"},
        workdir=tmp_path,
        folder=tmp_path,
        remote_task="t1",
        before=[Usage(model="brush-1", pictures=3)],
    )
    again = task_update("t1", "FAILED")["task"]
    again["metadata"] = {USAGE: {"models": [brush(pictures=5)]}}
    peer.on("GetTask", lambda call: call.respond(call.result(again)))
    with pytest.raises(AgentError):
        await painter.perform_async(job)
    assert job.used == [Usage(model="brush-1", pictures=2)]


async def test_what_was_said_before_the_job_was_cancelled_is_counted(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spent, "REPORT_SECONDS", 10_000.0)  # nothing is counted on the way

    async def begins(call: Call) -> None:
        await call.start()
        # What the first update says is heard before its progress is reported, which `told` waits for.
        begun = task_update("t1", "WORKING")
        begun["task"]["metadata"] = {USAGE: {"models": [brush(pictures=4)]}}
        await call.event(begun)
        await call.left.wait()

    peer.on("SendStreamingMessage", begins)
    working = asyncio.create_task(painter.perform_async(job))
    async with asyncio.timeout(30):
        await job.told.wait()
    assert job.used == []
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert job.used == [Usage(model="brush-1", pictures=4)]


async def test_what_is_no_usage_counts_for_nothing(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    odd = [7, {}, {"model": 5}, {"model": ""}, brush(pictures="many", prompt_tokens=-5, video_seconds=True)]
    much = [{"model": f"m{number}" * 99, "pictures": 1e300} for number in range(200)]
    peer.updates(task_update("t1", "WORKING"), says("WORKING", *odd), says("WORKING", *much), says("FAILED", *much))
    with pytest.raises(AgentError):
        await painter.perform_async(job)
    assert 0 < len(job.used) <= spent.MOST_MODELS
    assert all(len(usage.model) <= 100 and usage.pictures == spent.MOST_COUNTED for usage in job.used)


async def test_who_does_not_declare_it_is_not_counted(peer: Peer, make_job: MakeJob) -> None:
    peer.updates(task_update("t1", "WORKING"), says("FAILED", brush(pictures=1)))
    job = make_job()
    with pytest.raises(AgentError):
        await remote_agent(peer.url, peer.card).perform_async(job)
    assert job.used == []


async def test_with_its_budget_reached_no_new_task_is_given_to_an_agent_that_spends(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poor(_job: WatchedJob) -> None:
        raise BudgetReached("The budget of this film is reached.")

    monkeypatch.setattr(WatchedJob, "check_budget", poor)
    with pytest.raises(BudgetReached):
        await painter.perform_async(job)
    assert peer.calls == []
