"""Pause, resume, cancel and retry over the socket: the answer at once, the outcome to everyone."""

import asyncio
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from agents.contract import Job
from realtime import controls, server
from realtime.database import in_thread
from realtime.rooms import workflow_room
from tests.fixtures.connections import Connect
from tests.fixtures.workflows import Run
from tests.waiting import TIMEOUT_SECONDS
from tests.workflows.sample_pipeline import SampleAgent
from workflows.models import Workflow

Json = dict[str, Any]


class Held:
    """Work of which one task goes on only when the test says so."""

    def __init__(self, sample_agent: SampleAgent, run: Run) -> None:
        self._is_spelling, self._may_go_on = threading.Event(), threading.Event()
        self._run = run
        sample_agent.on_spell = self._spell

    async def start(self) -> asyncio.Task[int]:
        """Starts to work; returns once the task runs."""
        working = asyncio.create_task(asyncio.to_thread(self._run))
        await asyncio.to_thread(self._is_spelling.wait, TIMEOUT_SECONDS)
        return working

    def release(self) -> None:
        """Lets the task go on."""
        self._may_go_on.set()

    def _spell(self, _job: Job, _word: str) -> None:
        self._is_spelling.set()
        assert self._may_go_on.wait(TIMEOUT_SECONDS)


@pytest.fixture
def held(sample_agent: SampleAgent, run: Run) -> Held:
    """Work whose first task is held."""
    return Held(sample_agent, run)


async def test_a_control_may_have_a_reason_which_everyone_in_the_room_gets(
    connect: Connect, alice: User, olga: User, sample_workflow: Workflow
) -> None:
    asking, watching = await connect(alice), await connect(olga)
    await watching.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await asking.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), why="Lunch.")
    while (message := await watching.receive()).get("kind") != "control_requested":
        pass
    assert message["data"]["why"] == "Lunch."


@pytest.mark.covers("send_control")
async def test_the_requester_gets_the_answer_first_then_everyone_in_the_room_the_outcome(
    connect: Connect, alice: User, olga: User, sample_workflow: Workflow
) -> None:
    asking, watching = await connect(alice), await connect(olga)
    for client in (asking, watching):
        await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await asking.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    messages = [await asking.receive()]
    while messages[-1]["type"] != "control_result":
        messages.append(await asking.receive())
    assert [message["type"] for message in messages].count("control_ack") == 1
    result = await watching.receive_until("control_result")
    assert (result["outcome"], result["state"], result["by"], result["request_id"]) == (
        "applied",
        "paused",
        "alice",
        "p1",
    )
    resolved = next(message for message in messages if message.get("kind") == "control_resolved")
    assert result["seq"] == resolved["seq"]


@pytest.mark.covers("receive_control_result")
async def test_a_pause_has_its_result_only_when_nothing_runs_any_more(
    connect: Connect, alice: User, sample_workflow: Workflow, held: Held
) -> None:
    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    working = await held.start()
    await client.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    assert (await client.receive_until("control_ack"))["status"] == "accepted"
    assert "control_result" not in await client.receive_types_until_pong()
    held.release()
    assert (await client.receive_until("control_result"))["state"] == "paused"
    await working


async def test_who_asks_without_watching_learns_the_outcome_too(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice)
    await client.send(type="control", action="cancel", workflow_id=str(sample_workflow.pk), request_id="c1")
    assert (await client.receive())["type"] == "control_ack"
    result = await client.receive()
    assert (result["type"], result["outcome"], result["state"]) == ("control_result", "applied", "cancelled")
    assert await client.receives_nothing()
    assert workflow_room(str(sample_workflow.pk)) not in server.current().hub.rooms()


async def test_who_asks_and_watches_gets_the_result_once_after_the_answer(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice)
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await client.send(type="control", action="cancel", workflow_id=str(sample_workflow.pk), request_id="c1")
    types = [(await client.receive())["type"]]
    while types[-1] != "control_result":
        types.append((await client.receive())["type"])
    assert next(one for one in types if one != "watchers") == "control_ack"
    assert "control_result" not in await client.receive_types_until_pong()


async def test_who_asks_and_then_watches_gets_the_result_once(
    connect: Connect, alice: User, sample_workflow: Workflow, held: Held
) -> None:
    client = await connect(alice)
    working = await held.start()
    await client.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    assert (await client.receive())["type"] == "control_ack"
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    held.release()
    await working
    await client.receive_until("control_result", request_id="p1")
    assert "control_result" not in await client.receive_types_until_pong()


async def test_a_client_that_goes_leaves_no_request_behind(
    connect: Connect, alice: User, sample_workflow: Workflow, held: Held
) -> None:
    client = await connect(alice)
    working = await held.start()
    await client.send(type="control", action="pause", workflow_id=str(sample_workflow.pk))
    await client.receive_until("control_ack")
    assert server.current().hub.rooms() == [workflow_room(str(sample_workflow.pk))]
    await client.disconnect()
    assert server.current().hub.rooms() == []
    held.release()
    await working


async def test_only_so_many_results_are_awaited_for_one_client(
    connect: Connect, alice: User, sample_workflow: Workflow, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "PENDING_RESULTS", 1)
    client = await connect(alice)
    working = await held.start()
    for request in ("p1", "p2"):
        await client.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id=request)
        await client.receive_until("control_ack", request_id=request)
    held.release()
    await working
    assert (await client.receive_until("control_result"))["request_id"] == "p2"
    assert await client.receives_nothing()


async def test_the_same_request_gives_the_same_answer_and_acts_once(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice)
    answers = []
    for _ in range(2):
        await client.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
        answers.append((await client.receive_until("control_ack"), await client.receive_until("control_result")))
    (first_ack, first_result), (second_ack, second_result) = answers
    assert first_ack["status"] == second_ack["status"] == "accepted"
    assert first_result == second_result
    assert await in_thread(sample_workflow.controls.count) == 1


async def test_what_is_so_already_is_a_no_op(connect: Connect, alice: User, sample_workflow: Workflow) -> None:
    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    await client.receive_until("subscribed")
    for request in ("p1", "p2"):
        await client.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id=request)
        assert (await client.receive_until("control_ack", request_id=request))["status"] == "accepted"
        outcome = (await client.receive_until("control_result", request_id=request))["outcome"]
        assert outcome == {"p1": "applied", "p2": "no_op"}[request]


@pytest.mark.covers("receive_control_ack")
async def test_an_action_that_makes_no_sense_is_rejected_with_a_reason(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run
) -> None:
    await asyncio.to_thread(run)
    client = await connect(alice)
    await client.send(type="control", action="resume", workflow_id=str(sample_workflow.pk))
    answer = await client.receive()
    assert (answer["type"], answer["status"]) == ("control_ack", "rejected")
    assert "completed" in answer["reason"]
    assert answer["request_id"]
    assert await client.receives_nothing()


async def test_a_workflow_of_another_user_cannot_be_controlled(
    connect: Connect, bob: User, sample_workflow: Workflow
) -> None:
    client = await connect(bob)
    for workflow_id in (str(sample_workflow.pk), str(uuid4())):
        answer = await client.request(type="control", action="cancel", workflow_id=workflow_id)
        assert answer["error_type"] == "TargetNotFound"
    assert (await in_thread(Workflow.objects.get, pk=sample_workflow.pk)).state == "pending"


async def test_one_who_may_only_watch_may_not_control(connect: Connect, olga: User, sample_workflow: Workflow) -> None:
    await in_thread(olga.user_permissions.filter(codename="control_workflow").delete)
    client = await connect(olga)
    answer = await client.request(type="control", action="cancel", workflow_id=str(sample_workflow.pk))
    assert answer["error_type"] == "PermissionDenied"


async def test_after_a_reconnect_the_outcome_is_among_the_events(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice)
    seq = (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))["seq"]
    await client.send(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    await client.receive_until("control_result")
    await client.disconnect()
    again = await connect(alice)
    await again.request(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=seq)
    resolved = await again.receive_until("event", kind="control_resolved")
    assert (resolved["data"]["request_id"], resolved["data"]["outcome"]) == ("p1", "applied")
