"""Agents of others, which know nothing of our extensions: over both bindings of A2A, streaming or not."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from agents.contract import Answer, AsyncAgent, InputRequired
from agents.remote import cards
from tests.agents.remote import sdk_agent
from tests.agents.remote.conftest import MakeJob, remote_agent
from tests.agents.remote.peer import PNG
from tests.agents.remote.sdk_agent import Sketcher

Served = tuple[str, Sketcher]


@pytest.fixture(
    params=[("JSONRPC", True), ("JSONRPC", False), ("HTTP+JSON", True), ("HTTP+JSON", False)],
    ids=["JSON-RPC, streaming", "JSON-RPC, polling", "REST, streaming", "REST, polling"],
)
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """An agent on the SDK's own server."""
    binding, is_streaming = request.param
    with sdk_agent.running(binding=binding, is_streaming=is_streaming) as served:
        yield served


async def _agent(served: Served) -> AsyncAgent:
    url, _ = served
    return remote_agent(url, await cards.fetch(url))


async def test_a_skill_without_schemas_takes_a_text_and_files_and_gives_text_data_and_files(
    served: Served, make_job: MakeJob
) -> None:
    agent, job = await _agent(served), make_job("sketch", input={"text": "a lighthouse"})
    outcome = await agent.perform_async(job)
    assert outcome.output == {
        "text": "A sketch of a lighthouse",
        "data": {"strokes": 12},
        "files": ["image-sketch.png"],
    }
    assert outcome.message == "There you are."
    assert (job.folder / "image-sketch.png").read_bytes() == PNG
    assert isinstance(outcome.output, dict)
    assert isinstance(outcome.output["data"]["strokes"], int)
    assert json.dumps(agent.skills[0].input_schema)


async def test_an_agent_that_only_says_something_has_said_its_output(served: Served, make_job: MakeJob) -> None:
    agent = await _agent(served)
    outcome = await agent.perform_async(make_job("sketch", input={"text": "say"}))
    assert outcome.output == {"text": "Nothing to draw.", "data": None, "files": []}


async def test_files_go_out_with_the_text(served: Served, make_job: MakeJob) -> None:
    agent = await _agent(served)
    job = make_job("sketch", input={"text": "like this", "files": ["model.png"]})
    (job.folder / "model.png").write_bytes(PNG)
    assert (await agent.perform_async(job)).output["text"] == "A sketch of like this"  # type: ignore[index]


async def test_a_question_is_asked_and_its_answer_heard(served: Served, make_job: MakeJob) -> None:
    agent, (_, sketcher) = await _agent(served), served
    first = make_job("sketch", input={"text": "ask me"})
    with pytest.raises(InputRequired, match=r"^Which colour\?$"):
        await agent.perform_async(first)
    answers = [Answer("Which colour?", "green")]
    second = make_job("sketch", input={"text": "ask me"}, remote_task=first.remote_task, answers=answers)
    assert (await agent.perform_async(second)).output["text"] == "A sketch of green"  # type: ignore[index]
    assert sketcher.heard == ["ask me", "green"]


async def test_what_is_withdrawn_is_cancelled_there_and_a_second_time_is_no_error(
    served: Served, make_job: MakeJob
) -> None:
    agent, (_, sketcher) = await _agent(served), served
    job = make_job("sketch", input={"text": "wait"})
    working = asyncio.create_task(agent.perform_async(job))
    await asyncio.wait_for(job.told.wait(), 30)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    await agent.withdraw(job.remote_task)
    await agent.withdraw(job.remote_task)
    assert sketcher.cancelled == [job.remote_task]


async def test_after_our_restart_the_same_task_is_taken_up(served: Served, make_job: MakeJob) -> None:
    agent, (_, sketcher) = await _agent(served), served
    first = make_job("sketch", input={"text": "wait"})
    working = asyncio.create_task(agent.perform_async(first))
    await asyncio.wait_for(first.told.wait(), 30)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    second = make_job("sketch", input={"text": "wait"}, remote_task=first.remote_task)
    again = asyncio.create_task(agent.perform_async(second))
    await asyncio.wait_for(second.told.wait(), 30)
    again.cancel()
    with pytest.raises(asyncio.CancelledError):
        await again
    assert sketcher.heard == ["wait"]
