"""Pause, resume, cancel and retry over the socket: the answer at once, the outcome to everyone."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User

from agents.contract import Job
from realtime import station
from realtime.database import in_thread
from realtime.rooms import workflow_room
from tests.realtime.wire import Wire
from tests.workflows.sample_pipeline import SampleAgent as Clerk
from workflows.models import Workflow

Dial = Callable[..., Awaitable[Wire]]
Run = Callable[..., int]
Json = dict[str, Any]


def same(request_id: str) -> Callable[[Json], bool]:
    return lambda message: message["request_id"] == request_id


async def test_says_control_and_gets_the_answer_first_then_everyone_in_the_room_the_outcome(
    dial: Dial, alice: User, olga: User, telegram: Workflow
) -> None:
    asking, watching = await dial(alice), await dial(olga)
    for wire in (asking, watching):
        await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk))
    await asking.say(type="control", action="pause", workflow_id=str(telegram.pk), request_id="p1")
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
    dial: Dial, alice: User, telegram: Workflow, clerk: Clerk, run: Run
) -> None:
    is_spelling, may_go_on = threading.Event(), threading.Event()

    def hold(_job: Job, _word: str) -> None:
        is_spelling.set()
        assert may_go_on.wait(10)

    clerk.on_spell = hold
    wire = await dial(alice, path=f"/ws/workflow/{telegram.pk}")
    working = asyncio.create_task(asyncio.to_thread(run))
    await asyncio.to_thread(is_spelling.wait, 10)
    await wire.say(type="control", action="pause", workflow_id=str(telegram.pk), request_id="p1")
    assert (await wire.hear_until("control_ack"))["status"] == "accepted"
    assert "control_result" not in await wire.hear_all_until_pong()
    may_go_on.set()
    assert (await wire.hear_until("control_result"))["state"] == "paused"
    await working


async def test_an_asker_who_does_not_watch_learns_the_outcome_too(dial: Dial, alice: User, telegram: Workflow) -> None:
    wire = await dial(alice)
    await wire.say(type="control", action="cancel", workflow_id=str(telegram.pk), request_id="c1")
    assert (await wire.hear())["type"] == "control_ack"
    result = await wire.hear()
    assert (result["type"], result["outcome"], result["state"]) == ("control_result", "applied", "cancelled")
    assert await wire.hears_nothing()
    assert workflow_room(str(telegram.pk)) not in station.here().hub.rooms()


async def test_the_same_request_gives_the_same_answer_and_acts_once(
    dial: Dial, alice: User, telegram: Workflow
) -> None:
    wire = await dial(alice)
    answers = []
    for _ in range(2):
        await wire.say(type="control", action="pause", workflow_id=str(telegram.pk), request_id="p1")
        answers.append((await wire.hear_until("control_ack"), await wire.hear_until("control_result")))
    (first_ack, first_result), (second_ack, second_result) = answers
    assert first_ack["status"] == second_ack["status"] == "accepted"
    assert first_result == second_result
    assert await in_thread(telegram.controls.count) == 1


async def test_what_is_so_already_is_a_no_op(dial: Dial, alice: User, telegram: Workflow) -> None:
    wire = await dial(alice, path=f"/ws/workflow/{telegram.pk}")
    await wire.hear_until("subscribed")
    for request in ("p1", "p2"):
        await wire.say(type="control", action="pause", workflow_id=str(telegram.pk), request_id=request)
        assert (await wire.hear_until("control_ack", same(request)))["status"] == "accepted"
        outcome = (await wire.hear_until("control_result", same(request)))["outcome"]
        assert outcome == {"p1": "applied", "p2": "no_op"}[request]


async def test_hears_control_ack_rejected_with_a_reason_when_an_action_makes_no_sense(
    dial: Dial, alice: User, telegram: Workflow, run: Run
) -> None:
    await asyncio.to_thread(run)
    wire = await dial(alice)
    await wire.say(type="control", action="resume", workflow_id=str(telegram.pk))
    answer = await wire.hear()
    assert (answer["type"], answer["status"]) == ("control_ack", "rejected")
    assert "completed" in answer["reason"]
    assert answer["request_id"]
    assert await wire.hears_nothing()


async def test_nobody_controls_what_is_not_theirs(dial: Dial, bob: User, telegram: Workflow) -> None:
    wire = await dial(bob)
    for workflow_id in (str(telegram.pk), str(uuid4())):
        answer = await wire.ask(type="control", action="cancel", workflow_id=workflow_id)
        assert answer["error_type"] == "TargetNotFound"
    assert (await in_thread(Workflow.objects.get, pk=telegram.pk)).state == "pending"


async def test_one_who_may_only_watch_may_not_control(dial: Dial, olga: User, telegram: Workflow) -> None:
    await in_thread(olga.user_permissions.filter(codename="control_workflow").delete)
    wire = await dial(olga)
    answer = await wire.ask(type="control", action="cancel", workflow_id=str(telegram.pk))
    assert answer["error_type"] == "PermissionDenied"


async def test_whoever_comes_back_learns_the_outcome_from_the_events(
    dial: Dial, alice: User, telegram: Workflow
) -> None:
    wire = await dial(alice)
    seq = (await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk)))["seq"]
    await wire.say(type="control", action="pause", workflow_id=str(telegram.pk), request_id="p1")
    await wire.hear_until("control_result")
    await wire.hang_up()
    again = await dial(alice)
    await again.ask(type="subscribe", target="workflow", id=str(telegram.pk), since=seq)
    resolved = await again.hear_until("event", lambda event: event["kind"] == "control_resolved")
    assert (resolved["data"]["request_id"], resolved["data"]["outcome"]) == ("p1", "applied")
