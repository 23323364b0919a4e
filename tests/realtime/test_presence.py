"""How many watch a workflow: in its snapshot and live, in all processes together."""

import asyncio
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.contrib.auth.models import User

from realtime import server
from realtime.database import in_thread
from realtime.fanout import presence
from realtime.rooms import EVERYONE, workflow_room
from tests.fixtures.connections import Connect
from tests.waiting import until
from tests.websocket_client import InProcessClient
from workflows.models import Workflow
from workflows.snapshots import workflow_snapshot

Json = dict[str, Any]


async def enter(connect: Connect, user: User, workflow: Workflow) -> InProcessClient:
    client = await connect(user, path=f"/ws/workflow/{workflow.pk}")
    await client.receive_until("subscribed")
    return client


async def watchers_of(client: InProcessClient, count: int) -> Json:
    return await client.receive_until("watchers", watchers=count)


async def tell(workflow: Workflow, count: int, *, process: str = "another", is_whole: bool = False) -> None:
    """As another process does."""
    counts = {str(workflow.pk): count} if count else {}
    message = {"type": "watchers", "process": process, "counts": counts, "is_whole": is_whole, "sender": process}
    await get_channel_layer().group_send(EVERYONE, message)


@pytest.mark.covers("receive_watchers")
async def test_watchers_receive_how_many_they_are(
    connect: Connect, alice: User, olga: User, sample_workflow: Workflow
) -> None:
    first = await enter(connect, alice, sample_workflow)
    message = await watchers_of(first, 1)
    assert message["workflow_id"] == str(sample_workflow.pk)
    second = await enter(connect, olga, sample_workflow)
    await watchers_of(first, 2)
    await watchers_of(second, 2)
    await second.send(type="unsubscribe", target="workflow", id=str(sample_workflow.pk))
    await watchers_of(first, 1)


async def test_who_hangs_up_is_counted_no_longer(connect: Connect, alice: User, sample_workflow: Workflow) -> None:
    first, second = await enter(connect, alice, sample_workflow), await enter(connect, alice, sample_workflow)
    await watchers_of(first, 2)
    await second.disconnect()
    await watchers_of(first, 1)


async def test_the_snapshot_has_the_number_of_watchers(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await enter(connect, alice, sample_workflow)
    await watchers_of(client, 1)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    assert answer["snapshot"]["watchers"] == 1
    assert (await in_thread(workflow_snapshot, sample_workflow))["watchers"] == 1


async def test_a_subscribe_with_since_is_answered_with_the_number_of_watchers_though_it_did_not_change(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await enter(connect, alice, sample_workflow)
    await tell(sample_workflow, 2)
    await watchers_of(client, 3)
    answer = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=0)
    assert answer["recovered"] is True
    assert [(await client.receive())["type"] for _ in range(2)] == ["progress", "watchers"]
    assert await client.receives_nothing()


async def test_subscribing_twice_counts_once(connect: Connect, alice: User, sample_workflow: Workflow) -> None:
    client = await enter(connect, alice, sample_workflow)
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    hub = server.current().hub
    assert len(hub.watchers(workflow_room(str(sample_workflow.pk)))) == 1
    await until(lambda: server.current().presence.watchers(str(sample_workflow.pk)) == 1)


def test_a_process_without_sockets_knows_of_no_watchers(sample_workflow: Workflow) -> None:
    assert workflow_snapshot(sample_workflow)["watchers"] == 0


async def test_watchers_of_other_processes_count_too(connect: Connect, alice: User, sample_workflow: Workflow) -> None:
    client = await enter(connect, alice, sample_workflow)
    await tell(sample_workflow, 5)
    await watchers_of(client, 6)
    await tell(sample_workflow, 2, process="a third one")
    await watchers_of(client, 8)
    await tell(sample_workflow, 0, is_whole=True)
    await watchers_of(client, 3)


async def test_each_process_tells_the_others(connect: Connect, alice: User, sample_workflow: Workflow) -> None:
    reported: list[Json] = []
    await connect(alice)
    present = server.current()
    present.presence._report = reported.append
    client = await enter(connect, alice, sample_workflow)
    await watchers_of(client, 1)
    assert reported[0]["counts"] == {str(sample_workflow.pk): 1}
    present.presence.renew()
    assert reported[-1] == {**reported[0], "is_whole": True}
    await client.disconnect()
    await until(lambda: reported[-1]["counts"] == {str(sample_workflow.pk): 0})


async def test_a_process_that_died_counts_for_nothing_after_a_while(
    connect: Connect, alice: User, sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await enter(connect, alice, sample_workflow)
    await tell(sample_workflow, 5)
    await watchers_of(client, 6)
    server.current().presence.renew()
    assert server.current().presence.watchers(str(sample_workflow.pk)) == 6
    monkeypatch.setattr(presence, "SILENT_HEARTBEATS", 0)
    await asyncio.sleep(0)
    server.current().presence.renew()
    await watchers_of(client, 1)


async def test_while_many_come_and_go_the_newest_number_arrives(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await enter(connect, alice, sample_workflow)
    for count in range(1, 300):
        await tell(sample_workflow, count)
    await watchers_of(client, 300)
