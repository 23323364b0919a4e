"""Pause, resume, cancel and retry over the socket: the answer at once, the outcome to everyone."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from agents.contract import Job
from realtime import controls, server
from realtime.database import in_thread
from realtime.rooms import workflow_room
from tests.realtime.inprocess_client import Wire
from tests.workflows.sample_pipeline import SampleAgent
from workflows.models import Workflow

Dial = Callable[..., Awaitable[Wire]]
Run = Callable[..., int]
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
        await asyncio.to_thread(self._is_spelling.wait, 10)
        return working

    def release(self) -> None:
        """Lets the task go on."""
        self._may_go_on.set()

    def _spell(self, _job: Job, _word: str) -> None:
        self._is_spelling.set()
        assert self._may_go_on.wait(10)


@pytest.fixture
def held(sample_agent: SampleAgent, run: Run) -> Held:
    """Work whose first task is held."""
    return Held(sample_agent, run)


def same(request_id: str) -> Callable[[Json], bool]:
    return lambda message: message["request_id"] == request_id


async def test_says_control_and_gets_the_answer_first_then_everyone_in_the_room_the_outcome(
    dial: Dial, alice: User, olga: User, sample_workflow: Workflow
) -> None:
    asking, watching = await dial(alice), await dial(olga)
    for wire in (asking, watching):
        await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await asking.say(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    messages = [await asking.hear()]
    while messages[-1]["type"] != "control_result":
        messages.append(await asking.hear())
    assert [message["type"] for message in messages].count("control_ack") == 1
    result = await watching.hear_until("control_result")
    assert (result["outcome"], result["state"], result["by"], result["request_id"]) == (
        "applied",
        "paused",
        "alice",
        "p1",
    )
    resolved = next(message for message in messages if message.get("kind") == "control_resolved")
    assert result["seq"] == resolved["seq"]


async def test_hears_control_result_only_when_nothing_runs_any_more(
    dial: Dial, alice: User, sample_workflow: Workflow, held: Held
) -> None:
    wire = await dial(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    working = await held.start()
    await wire.say(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    assert (await wire.hear_until("control_ack"))["status"] == "accepted"
    assert "control_result" not in await wire.hear_all_until_pong()
    held.release()
    assert (await wire.hear_until("control_result"))["state"] == "paused"
    await working


async def test_who_asks_without_watching_learns_the_outcome_too(
    dial: Dial, alice: User, sample_workflow: Workflow
) -> None:
    wire = await dial(alice)
    await wire.say(type="control", action="cancel", workflow_id=str(sample_workflow.pk), request_id="c1")
    assert (await wire.hear())["type"] == "control_ack"
    result = await wire.hear()
    assert (result["type"], result["outcome"], result["state"]) == ("control_result", "applied", "cancelled")
    assert await wire.hears_nothing()
    assert workflow_room(str(sample_workflow.pk)) not in server.current().hub.rooms()


async def test_who_asks_and_watches_gets_the_result_once_after_the_answer(
    dial: Dial, alice: User, sample_workflow: Workflow
) -> None:
    wire = await dial(alice)
    await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await wire.say(type="control", action="cancel", workflow_id=str(sample_workflow.pk), request_id="c1")
    types = [(await wire.hear())["type"]]
    while types[-1] != "control_result":
        types.append((await wire.hear())["type"])
    assert next(one for one in types if one != "watchers") == "control_ack"
    assert "control_result" not in await wire.hear_all_until_pong()


async def test_who_asks_and_then_watches_gets_the_result_once(
    dial: Dial, alice: User, sample_workflow: Workflow, held: Held
) -> None:
    wire = await dial(alice)
    working = await held.start()
    await wire.say(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    assert (await wire.hear())["type"] == "control_ack"
    await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    held.release()
    await working
    await wire.hear_until("control_result", same("p1"))
    assert "control_result" not in await wire.hear_all_until_pong()


async def test_a_client_that_goes_leaves_no_request_behind(
    dial: Dial, alice: User, sample_workflow: Workflow, held: Held
) -> None:
    wire = await dial(alice)
    working = await held.start()
    await wire.say(type="control", action="pause", workflow_id=str(sample_workflow.pk))
    await wire.hear_until("control_ack")
    assert server.current().hub.rooms() == [workflow_room(str(sample_workflow.pk))]
    await wire.hang_up()
    assert server.current().hub.rooms() == []
    held.release()
    await working


async def test_only_so_many_results_are_awaited_for_one_client(
    dial: Dial, alice: User, sample_workflow: Workflow, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "PENDING_RESULTS", 1)
    wire = await dial(alice)
    working = await held.start()
    for request in ("p1", "p2"):
        await wire.say(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id=request)
        await wire.hear_until("control_ack", same(request))
    held.release()
    await working
    assert (await wire.hear_until("control_result"))["request_id"] == "p2"
    assert await wire.hears_nothing()


async def test_the_same_request_gives_the_same_answer_and_acts_once(
    dial: Dial, alice: User, sample_workflow: Workflow
) -> None:
    wire = await dial(alice)
    answers = []
    for _ in range(2):
        await wire.say(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
        answers.append((await wire.hear_until("control_ack"), await wire.hear_until("control_result")))
    (first_ack, first_result), (second_ack, second_result) = answers
    assert first_ack["status"] == second_ack["status"] == "accepted"
    assert first_result == second_result
    assert await in_thread(sample_workflow.controls.count) == 1


async def test_what_is_so_already_is_a_no_op(dial: Dial, alice: User, sample_workflow: Workflow) -> None:
    wire = await dial(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    await wire.hear_until("subscribed")
    for request in ("p1", "p2"):
        await wire.say(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id=request)
        assert (await wire.hear_until("control_ack", same(request)))["status"] == "accepted"
        outcome = (await wire.hear_until("control_result", same(request)))["outcome"]
        assert outcome == {"p1": "applied", "p2": "no_op"}[request]


async def test_hears_control_ack_rejected_with_a_reason_when_an_action_makes_no_sense(
    dial: Dial, alice: User, sample_workflow: Workflow, run: Run
) -> None:
    await asyncio.to_thread(run)
    wire = await dial(alice)
    await wire.say(type="control", action="resume", workflow_id=str(sample_workflow.pk))
    answer = await wire.hear()
    assert (answer["type"], answer["status"]) == ("control_ack", "rejected")
    assert "completed" in answer["reason"]
    assert answer["request_id"]
    assert await wire.hears_nothing()


async def test_nobody_controls_what_is_not_theirs(dial: Dial, bob: User, sample_workflow: Workflow) -> None:
    wire = await dial(bob)
    for workflow_id in (str(sample_workflow.pk), str(uuid4())):
        answer = await wire.ask(type="control", action="cancel", workflow_id=workflow_id)
        assert answer["error_type"] == "TargetNotFound"
    assert (await in_thread(Workflow.objects.get, pk=sample_workflow.pk)).state == "pending"


async def test_one_who_may_only_watch_may_not_control(dial: Dial, olga: User, sample_workflow: Workflow) -> None:
    await in_thread(olga.user_permissions.filter(codename="control_workflow").delete)
    wire = await dial(olga)
    answer = await wire.ask(type="control", action="cancel", workflow_id=str(sample_workflow.pk))
    assert answer["error_type"] == "PermissionDenied"


async def test_whoever_comes_back_learns_the_outcome_from_the_events(
    dial: Dial, alice: User, sample_workflow: Workflow
) -> None:
    wire = await dial(alice)
    seq = (await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk)))["seq"]
    await wire.say(type="control", action="pause", workflow_id=str(sample_workflow.pk), request_id="p1")
    await wire.hear_until("control_result")
    await wire.hang_up()
    again = await dial(alice)
    await again.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=seq)
    resolved = await again.hear_until("event", lambda event: event["kind"] == "control_resolved")
    assert (resolved["data"]["request_id"], resolved["data"]["outcome"]) == ("p1", "applied")
