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
from tests.realtime.conftest import Dial
from tests.realtime.inprocess_client import Wire, until
from workflows.models import Workflow
from workflows.snapshots import workflow_snapshot

Json = dict[str, Any]


async def enter(dial: Dial, user: User, workflow: Workflow) -> Wire:
    wire = await dial(user, path=f"/ws/workflow/{workflow.pk}")
    await wire.hear_until("subscribed")
    return wire


async def watchers_of(wire: Wire, count: int) -> Json:
    return await wire.hear_until("watchers", lambda message: message["watchers"] == count)


async def tell(workflow: Workflow, count: int, *, process: str = "another", is_whole: bool = False) -> None:
    """As another process does."""
    counts = {str(workflow.pk): count} if count else {}
    message = {"type": "watchers", "process": process, "counts": counts, "is_whole": is_whole, "sender": process}
    await get_channel_layer().group_send(EVERYONE, message)


async def test_hears_watchers_and_how_many_they_are(
    dial: Dial, alice: User, olga: User, sample_workflow: Workflow
) -> None:
    first = await enter(dial, alice, sample_workflow)
    message = await watchers_of(first, 1)
    assert message["workflow_id"] == str(sample_workflow.pk)
    second = await enter(dial, olga, sample_workflow)
    await watchers_of(first, 2)
    await watchers_of(second, 2)
    await second.say(type="unsubscribe", target="workflow", id=str(sample_workflow.pk))
    await watchers_of(first, 1)


async def test_who_hangs_up_is_counted_no_longer(dial: Dial, alice: User, sample_workflow: Workflow) -> None:
    first, second = await enter(dial, alice, sample_workflow), await enter(dial, alice, sample_workflow)
    await watchers_of(first, 2)
    await second.hang_up()
    await watchers_of(first, 1)


async def test_the_snapshot_has_the_number_of_watchers(dial: Dial, alice: User, sample_workflow: Workflow) -> None:
    wire = await enter(dial, alice, sample_workflow)
    await watchers_of(wire, 1)
    answer = await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    assert answer["snapshot"]["watchers"] == 1
    assert (await in_thread(workflow_snapshot, sample_workflow))["watchers"] == 1


async def test_who_comes_back_with_since_is_told_the_number_though_it_did_not_change(
    dial: Dial, alice: User, sample_workflow: Workflow
) -> None:
    wire = await enter(dial, alice, sample_workflow)
    await tell(sample_workflow, 2)
    await watchers_of(wire, 3)
    answer = await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk), since=0)
    assert answer["recovered"] is True
    assert [(await wire.hear())["type"] for _ in range(2)] == ["progress", "watchers"]
    assert await wire.hears_nothing()


async def test_subscribing_twice_counts_once(dial: Dial, alice: User, sample_workflow: Workflow) -> None:
    wire = await enter(dial, alice, sample_workflow)
    await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    hub = server.current().hub
    assert len(hub.watchers(workflow_room(str(sample_workflow.pk)))) == 1
    await until(lambda: server.current().presence.watchers(str(sample_workflow.pk)) == 1)


def test_a_process_without_sockets_knows_of_no_watchers(sample_workflow: Workflow) -> None:
    assert workflow_snapshot(sample_workflow)["watchers"] == 0


async def test_watchers_of_other_processes_count_too(dial: Dial, alice: User, sample_workflow: Workflow) -> None:
    wire = await enter(dial, alice, sample_workflow)
    await tell(sample_workflow, 5)
    await watchers_of(wire, 6)
    await tell(sample_workflow, 2, process="a third one")
    await watchers_of(wire, 8)
    await tell(sample_workflow, 0, is_whole=True)
    await watchers_of(wire, 3)


async def test_each_process_tells_the_others(dial: Dial, alice: User, sample_workflow: Workflow) -> None:
    told: list[Json] = []
    await dial(alice)
    present = server.current()
    present.presence._report = told.append
    wire = await enter(dial, alice, sample_workflow)
    await watchers_of(wire, 1)
    assert told[0]["counts"] == {str(sample_workflow.pk): 1}
    present.presence.renew()
    assert told[-1] == {**told[0], "is_whole": True}
    await wire.hang_up()
    await until(lambda: told[-1]["counts"] == {str(sample_workflow.pk): 0})


async def test_a_process_that_died_counts_for_nothing_after_a_while(
    dial: Dial, alice: User, sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = await enter(dial, alice, sample_workflow)
    await tell(sample_workflow, 5)
    await watchers_of(wire, 6)
    server.current().presence.renew()
    assert server.current().presence.watchers(str(sample_workflow.pk)) == 6
    monkeypatch.setattr(presence, "SILENT_HEARTBEATS", 0)
    await asyncio.sleep(0)
    server.current().presence.renew()
    await watchers_of(wire, 1)


async def test_while_many_come_and_go_the_newest_number_arrives(
    dial: Dial, alice: User, sample_workflow: Workflow
) -> None:
    wire = await enter(dial, alice, sample_workflow)
    for count in range(1, 300):
        await tell(sample_workflow, count)
    await watchers_of(wire, 300)
