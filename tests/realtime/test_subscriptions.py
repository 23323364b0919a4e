"""Entering rooms: what one sees first, what one missed, and that nothing is lost between the two."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from realtime.database import in_thread
from tests.realtime.wire import Wire
from workflows import snapshots
from workflows.models import Workflow

Dial = Callable[..., Awaitable[Wire]]
Run = Callable[..., int]
Json = dict[str, Any]


async def test_without_since_one_gets_the_snapshot_that_http_gives(dial: Dial, alice: User, telegram: Workflow) -> None:
    wire = await dial(alice)
    answer = await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk))
    snapshot = await in_thread(snapshots.workflow_snapshot, telegram)
    assert (answer["type"], answer["recovered"], answer["seq"]) == ("subscribed", False, snapshot["seq"])
    assert answer["snapshot"] == snapshot


async def test_a_watcher_sees_every_event_in_order_as_it_happens(
    dial: Dial, alice: User, telegram: Workflow, run: Run
) -> None:
    wire = await dial(alice)
    answer = await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk))
    await asyncio.to_thread(run)
    seqs = []
    kind = ""
    while kind != "workflow_completed":
        event = await wire.hear_until("event")
        kind = event["kind"]
        seqs.append(event["seq"])
    assert seqs == list(range(answer["seq"] + 1, answer["seq"] + 1 + len(seqs)))


async def test_with_since_the_missed_events_are_replayed_and_then_the_present_progress(
    dial: Dial, alice: User, telegram: Workflow, run: Run
) -> None:
    await asyncio.to_thread(run)
    wire = await dial(alice)
    answer = await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk), since=3)
    top = await in_thread(lambda: Workflow.objects.get(pk=telegram.pk).last_seq)
    assert (answer["recovered"], answer["snapshot"], answer["seq"]) == (True, None, top)
    replayed = [await wire.hear() for _ in range(top - 3)]
    assert [event["seq"] for event in replayed] == list(range(4, top + 1))
    progress = await wire.hear()
    assert (progress["type"], progress["progress"], progress["seq"]) == ("progress", 1.0, top)


async def test_since_the_present_replays_nothing(dial: Dial, alice: User, telegram: Workflow) -> None:
    wire = await dial(alice)
    seq = (await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk)))["seq"]
    answer = await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk), since=seq)
    assert (answer["recovered"], answer["seq"]) == (True, seq)
    assert (await wire.hear())["type"] == "progress"


@pytest.mark.parametrize("since", [10_000, 2**63 - 1])
async def test_a_since_from_the_future_gets_a_snapshot(dial: Dial, alice: User, telegram: Workflow, since: int) -> None:
    wire = await dial(alice)
    answer = await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk), since=since)
    assert answer["recovered"] is False
    assert answer["snapshot"]["id"] == str(telegram.pk)


async def test_nobody_elses_workflow_exists(dial: Dial, bob: User, telegram: Workflow) -> None:
    wire = await dial(bob)
    for target in (str(telegram.pk), str(uuid4())):
        answer = await wire.ask(type="subscribe", target="workflow", id=target)
        assert (answer["type"], answer["error_type"]) == ("error", "TargetNotFound")


async def test_an_operator_watches_any_workflow(dial: Dial, olga: User, telegram: Workflow) -> None:
    wire = await dial(olga)
    answer = await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk))
    assert answer["snapshot"]["owner"] == "alice"


async def test_what_happens_while_one_subscribes_is_heard_once(
    dial: Dial, alice: User, telegram: Workflow, run: Run
) -> None:
    wires = [await dial(alice) for _ in range(3)]
    working = asyncio.create_task(asyncio.to_thread(run))
    starts = [(await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk)))["seq"] for wire in wires]
    await working
    top = await in_thread(lambda: Workflow.objects.get(pk=telegram.pk).last_seq)
    for wire, start in zip(wires, starts, strict=True):
        expected = list(range(start + 1, top + 1))
        assert [(await wire.hear_until("event"))["seq"] for _ in expected] == expected


async def test_subscribing_again_counts_once(dial: Dial, alice: User, telegram: Workflow) -> None:
    wire = await dial(alice)
    for _ in range(12):
        answer = await wire.ask(type="subscribe", target="workflow", id=str(telegram.pk))
        assert answer["type"] == "subscribed"


async def test_an_eleventh_room_is_refused(dial: Dial, alice: User, telegram: Workflow) -> None:
    first = telegram.pk
    others = [await in_thread(_copy, telegram) for _ in range(10)]
    wire = await dial(alice)
    answers = [await wire.ask(type="subscribe", target="workflow", id=str(pk)) for pk in [first, *others]]
    assert [answer["type"] for answer in answers] == ["subscribed"] * 10 + ["error"]
    assert answers[-1]["error_type"] == "SubscriptionLimitExceeded"
    await wire.ask(type="unsubscribe", target="workflow", id=str(first))
    assert (await wire.ask(type="subscribe", target="workflow", id=str(others[-1])))["type"] == "subscribed"


def _copy(workflow: Workflow) -> str:
    copy = Workflow.objects.get(pk=workflow.pk)
    copy.pk, copy.last_seq = uuid4(), 0
    copy.save(force_insert=True)
    return str(copy.pk)
