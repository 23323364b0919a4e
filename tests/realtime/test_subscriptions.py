"""Entering rooms: what one sees first, what one missed, and that nothing is lost between the two."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from realtime.database import in_thread
from tests.fixtures.connections import Connect
from tests.fixtures.workflows import Run
from tests.waiting import TIMEOUT_SECONDS
from workflows import snapshots
from workflows.models import Workflow

Json = dict[str, Any]


@pytest.mark.covers("send_subscribe")
async def test_a_subscribe_without_since_gives_the_snapshot_that_http_gives(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    snapshot = await in_thread(snapshots.workflow_snapshot, sample_workflow)
    assert (answer["type"], answer["recovered"], answer["seq"]) == ("subscribed", False, snapshot["seq"])
    assert answer["snapshot"] == snapshot


@pytest.mark.covers("receive_event")
async def test_events_come_in_order_as_they_happen(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run
) -> None:
    client = await connect(alice)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await asyncio.to_thread(run)
    seqs = []
    kind = ""
    while kind != "workflow_completed":
        event = await client.receive_until("event")
        kind = event["kind"]
        seqs.append(event["seq"])
    assert seqs == list(range(answer["seq"] + 1, answer["seq"] + 1 + len(seqs)))


@pytest.mark.covers("receive_subscribed")
async def test_after_a_subscribe_with_since_come_the_missed_events_and_then_the_present_progress(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run
) -> None:
    await asyncio.to_thread(run)
    client = await connect(alice)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=3)
    top = await in_thread(lambda: Workflow.objects.get(pk=sample_workflow.pk).last_seq)
    assert (answer["recovered"], answer["snapshot"], answer["seq"]) == (True, None, top)
    replayed = [await client.receive() for _ in range(top - 3)]
    assert [event["seq"] for event in replayed] == list(range(4, top + 1))
    progress = await client.receive()
    assert (progress["type"], progress["progress"], progress["seq"]) == ("progress", 1.0, top)


@pytest.mark.covers("receive_progress")
async def test_with_nothing_to_replay_the_present_progress_comes(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice)
    seq = (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))["seq"]
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=seq)
    assert (answer["recovered"], answer["seq"]) == (True, seq)
    assert (await client.receive())["type"] == "progress"


@pytest.mark.parametrize("since", [10_000, 2**63 - 1])
async def test_a_since_from_the_future_gets_a_snapshot(
    connect: Connect, alice: User, sample_workflow: Workflow, since: int
) -> None:
    client = await connect(alice)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=since)
    assert answer["recovered"] is False
    assert answer["snapshot"]["id"] == str(sample_workflow.pk)


@pytest.mark.covers("error_target_not_found")
async def test_a_workflow_of_another_user_is_not_found(connect: Connect, bob: User, sample_workflow: Workflow) -> None:
    client = await connect(bob)
    for target in (str(sample_workflow.pk), str(uuid4())):
        answer = await client.request(type="subscribe", target="workflow", id=target)
        assert (answer["type"], answer["error_type"]) == ("error", "TargetNotFound")


async def test_an_operator_watches_any_workflow(connect: Connect, olga: User, sample_workflow: Workflow) -> None:
    client = await connect(olga)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    assert answer["snapshot"]["owner"] == "alice"


async def test_what_happens_during_a_subscribe_is_received_once(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run
) -> None:
    clients = [await connect(alice) for _ in range(3)]
    working = asyncio.create_task(asyncio.to_thread(run))
    starts = [
        (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))["seq"]
        for client in clients
    ]
    await working
    top = await in_thread(lambda: Workflow.objects.get(pk=sample_workflow.pk).last_seq)
    for client, start in zip(clients, starts, strict=True):
        expected = list(range(start + 1, top + 1))
        assert [(await client.receive_until("event"))["seq"] for _ in expected] == expected


@pytest.mark.covers("limit_subscriptions")
async def test_the_same_room_counts_once_towards_the_limit(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice)
    for _ in range(12):
        answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
        assert answer["type"] == "subscribed"


@pytest.mark.covers("error_subscription_limit_exceeded")
async def test_an_eleventh_room_is_refused(connect: Connect, alice: User, sample_workflow: Workflow) -> None:
    first = sample_workflow.pk
    others = [await in_thread(_copy, sample_workflow) for _ in range(10)]
    client = await connect(alice)
    answers = [await client.request(type="subscribe", target="workflow", id=str(pk)) for pk in [first, *others]]
    assert [answer["type"] for answer in answers] == ["subscribed"] * 10 + ["error"]
    assert answers[-1]["error_type"] == "SubscriptionLimitExceeded"
    await client.request(type="unsubscribe", target="workflow", id=str(first))
    assert (await client.request(type="subscribe", target="workflow", id=str(others[-1])))["type"] == "subscribed"


def _copy(workflow: Workflow) -> str:
    copy = Workflow.objects.get(pk=workflow.pk)
    copy.pk, copy.last_seq = uuid4(), 0
    copy.save(force_insert=True)
    return str(copy.pk)


@pytest.mark.covers("limit_replay_events")
async def test_with_too_much_to_replay_there_is_a_snapshot_and_never_a_part(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run, settings: Settings
) -> None:
    settings.REALTIME = {**settings.REALTIME, "REPLAY_EVENTS": 5}
    await asyncio.to_thread(run)
    top = await in_thread(lambda: Workflow.objects.get(pk=sample_workflow.pk).last_seq)
    client = await connect(alice)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=top - 6)
    assert (answer["recovered"], answer["seq"], answer["snapshot"]["seq"]) == (False, top, top)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=top - 5)
    assert (answer["recovered"], answer["snapshot"]) == (True, None)
    assert [(await client.receive_until("event"))["seq"] for _ in range(5)] == list(range(top - 4, top + 1))


@pytest.mark.covers("receive_batch")
async def test_an_answer_and_what_was_missed_come_in_order_in_one_batch(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run
) -> None:
    await asyncio.to_thread(run)
    client = await connect(alice)
    await client.send(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=3)
    batch = json.loads((await client.transport.communicator.receive_output(TIMEOUT_SECONDS))["text"])
    assert batch["type"] == "batch"
    seq = batch["messages"][0]["seq"]
    types = [message["type"] for message in batch["messages"][: seq - 1]]
    assert types == ["subscribed", *["event"] * (seq - 3), "progress"]
    assert [message["seq"] for message in batch["messages"][1 : seq - 2]] == list(range(4, seq + 1))
