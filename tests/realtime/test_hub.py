"""The hub and the channel layer: what comes from other processes, and what the layer may do wrong."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from channels.layers import BaseChannelLayer, InMemoryChannelLayer, get_channel_layer
from django.contrib.auth.models import User
from django.dispatch import Signal
from pytest_django import Settings

from agents.signals import agent_status_changed
from realtime import queries, server
from realtime.database import in_thread
from realtime.fanout.publication import Publication, event_publication, from_layer, metrics_publication, to_layer
from realtime.receivers import BackgroundPublisher
from realtime.rooms import COORDINATOR, EVERYONE, workflow_room
from realtime.wire.batch import Batch
from tests.fixtures.connections import Connect
from tests.fixtures.workflows import Run
from tests.tokens import token_of
from tests.waiting import TIMEOUT_SECONDS
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed, event_recorded, progress_reported

Json = dict[str, Any]

METRICS: Json = {
    "total_messages": 1,
    "total_workflows": 2,
    "registered_agents": 3,
    "healthy_agents": 3,
    "active_workflows": 1,
}


class LatePoll:
    """A watcher that is no client."""

    def receive(self, batch: Batch) -> None:
        """Takes it."""


@pytest.fixture(params=["in memory", "valkey pub/sub", "valkey"])
def layer(request: pytest.FixtureRequest, settings: Settings) -> BaseChannelLayer:
    """Each channel layer that Callboard may run on."""
    if request.param != "in memory":
        kind = "pubsub.RedisPubSubChannelLayer" if "pub/sub" in request.param else "core.RedisChannelLayer"
        hosts = [{"address": request.getfixturevalue("valkey")}]
        settings.CHANNEL_LAYERS = {"default": {"BACKEND": f"channels_redis.{kind}", "CONFIG": {"hosts": hosts}}}
    return get_channel_layer()


def from_elsewhere(publication: Publication) -> Json:
    return {"type": "publications", "sender": "another process", "publications": to_layer([publication])}


async def test_what_another_process_publishes_is_received(
    connect: Connect, olga: User, layer: BaseChannelLayer
) -> None:
    client = await connect(olga, path="/ws/coordinator")
    await client.receive_until("subscribed")
    await layer.group_send(COORDINATOR.group, from_elsewhere(metrics_publication({**METRICS, "total_messages": 9})))
    assert (await client.receive_until("coordinator_metrics"))["total_messages"] == 9


async def test_what_this_process_publishes_is_received_once(
    connect: Connect, olga: User, layer: BaseChannelLayer
) -> None:
    client = await connect(olga, path="/ws/coordinator")
    await client.receive_until("subscribed")
    await asyncio.to_thread(coordinator_metrics_changed.send_robust, sender=None, message=METRICS)
    assert (await client.receive_until("coordinator_metrics"))["total_workflows"] == 2
    await server.current().publisher.flush()
    # Through the layer, after everything that was sent before it.
    await layer.group_send(COORDINATOR.group, from_elsewhere(metrics_publication({**METRICS, "total_messages": 9})))
    assert (await client.receive_until("coordinator_metrics"))["total_messages"] == 9


async def test_missing_events_are_read_from_the_database(
    connect: Connect,
    alice: User,
    sample_workflow: Workflow,
    run: Run,
    layer: BaseChannelLayer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    seq = (await client.receive_until("subscribed"))["seq"]
    with monkeypatch.context() as patch:
        patch.setattr("realtime.fanout.publisher.Publisher.publish", lambda *_: None)
        await asyncio.to_thread(run)
    last = (await in_thread(queries.events_after, str(sample_workflow.pk), seq, 1000))[-1]
    await layer.group_send(workflow_room(str(sample_workflow.pk)).group, from_elsewhere(event_publication(last)))
    received = [(await client.receive_until("event"))["seq"] for _ in range(last["seq"] - seq)]
    assert received == list(range(seq + 1, last["seq"] + 1))


async def test_a_logout_elsewhere_closes_the_sockets_here(
    connect: Connect, alice: User, layer: BaseChannelLayer
) -> None:
    client = await connect(token=token_of(alice, login="laptop"))
    await client.receive_until("welcome")
    await server.current().hub.bridge.renew()
    await layer.group_send(EVERYONE, {"type": "login.ended", "login": "laptop"})
    assert await client.receive_close() == 4001


async def test_a_logout_elsewhere_closes_no_socket_of_another_login(connect: Connect, alice: User) -> None:
    others = [await connect(token=token_of(alice, login=login)) for login in ("desk", "phone")]
    stranger, mine = await connect(), await connect(token=token_of(alice, login="laptop"))
    for client in (*others, mine):
        await client.receive_until("welcome")
    await get_channel_layer().group_send(EVERYONE, {"type": "login.ended", "login": "laptop"})
    assert await mine.receive_close() == 4001
    for client in (*others, stranger):
        assert await client.receives_nothing()


async def test_a_watcher_that_is_not_ahead_of_its_room_costs_no_read(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, room = await connect(alice), workflow_room(str(sample_workflow.pk))
    await client.request(type="subscribe", target="workflow", id=room.id)
    await asyncio.to_thread(run)
    last = (await in_thread(queries.events_after, room.id, 0, 1000))[-1]["seq"]
    await client.receive_until("event", seq=last)
    reads: list[object] = []

    def count(*given: object) -> list[Json]:
        reads.append(given)
        return []

    monkeypatch.setattr(queries, "events_after", count)
    hub, late = server.current().hub, LatePoll()
    for seq in (last - 1, last):
        await hub.join(late, room)
        await hub.activate(late, room, seq)
    assert reads == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "unheard.of"},
        {"type": "publications"},
        {"type": "publications", "publications": "text"},
        {"type": "publications", "publications": b"\xc1"},
        {"type": "publications", "publications": msgspec.msgpack.encode([{"rooms": 7}])},
        {
            "type": "publications",
            "publications": msgspec.msgpack.encode([{"rooms": ["workflow:x"], "text": "{}", "seq": "one"}]),
        },
        {"type": "login.ended"},
    ],
)
async def test_a_malformed_message_of_the_layer_changes_nothing(
    connect: Connect, olga: User, message: Json, caplog: pytest.LogCaptureFixture
) -> None:
    client = await connect(olga, path="/ws/coordinator")
    await client.receive_until("subscribed")
    layer = get_channel_layer()
    await layer.group_send(COORDINATOR.group, message)
    await layer.group_send(COORDINATOR.group, from_elsewhere(metrics_publication(METRICS)))
    assert (await client.receive_until("coordinator_metrics"))["total_workflows"] == 2
    assert "ignored" in caplog.text


async def test_a_layer_that_fails_is_listened_to_again(
    connect: Connect, olga: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    receive = InMemoryChannelLayer.receive
    failures = iter([ConnectionError("gone"), ConnectionError("still gone")])

    async def flaky(self: InMemoryChannelLayer, channel: str) -> Json:
        if failure := next(failures, None):
            raise failure
        return dict(await receive(self, channel))

    monkeypatch.setattr(InMemoryChannelLayer, "receive", flaky)
    monkeypatch.setattr("realtime.fanout.layer.RETRY_SECONDS", 0.01)
    client = await connect(olga, path="/ws/coordinator")
    await client.receive_until("subscribed")
    await get_channel_layer().group_send(COORDINATOR.group, from_elsewhere(metrics_publication(METRICS)))
    assert (await client.receive_until("coordinator_metrics"))["total_workflows"] == 2
    assert caplog.text.count("listening again") == 2


async def test_a_layer_that_takes_no_members_delays_no_watcher(
    connect: Connect, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(InMemoryChannelLayer, "group_add", refuse)
    monkeypatch.setattr(InMemoryChannelLayer, "group_discard", refuse)
    client = await connect(olga, path="/ws/coordinator")
    assert (await client.receive())["type"] == "subscribed"
    coordinator_metrics_changed.send_robust(sender=None, message=METRICS)
    assert (await client.receive_until("coordinator_metrics"))["total_workflows"] == 2
    assert (await client.request(type="unsubscribe", target="coordinator"))["type"] == "unsubscribed"


async def test_a_layer_that_forgot_its_members_is_joined_again(connect: Connect, olga: User) -> None:
    client = await connect(olga, path="/ws/coordinator")
    await client.receive_until("subscribed")
    layer = get_channel_layer()
    layer.groups.clear()
    await server.current().hub.bridge.renew()
    await layer.group_send(COORDINATOR.group, from_elsewhere(metrics_publication(METRICS)))
    assert (await client.receive_until("coordinator_metrics"))["total_workflows"] == 2


async def test_a_room_that_is_left_and_entered_again_is_still_a_member(connect: Connect, olga: User) -> None:
    client = await connect(olga)
    for _ in range(5):
        await client.request(type="subscribe", target="coordinator")
        await client.send(type="unsubscribe", target="coordinator")
    await client.request(type="subscribe", target="coordinator")
    await get_channel_layer().group_send(COORDINATOR.group, from_elsewhere(metrics_publication(METRICS)))
    assert (await client.receive_until("coordinator_metrics"))["total_workflows"] == 2


async def test_an_event_whose_predecessors_are_nowhere_is_passed_on_in_the_end(
    connect: Connect, alice: User, sample_workflow: Workflow, caplog: pytest.LogCaptureFixture
) -> None:
    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    await client.receive_until("subscribed")
    message = {
        "workflow_id": str(sample_workflow.pk),
        "seq": 900,
        "kind": "workflow_paused",
        "data": {},
        "timestamp": "",
    }
    event_recorded.send_robust(sender=None, workflow_id=str(sample_workflow.pk), message={"type": "event", **message})
    assert (await client.receive_until("event"))["seq"] == 900
    assert "cannot be found anywhere" in caplog.text


async def test_a_database_that_fails_for_a_moment_loses_no_event(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = queries.events_after
    failures = iter([OSError("gone")])

    def flaky(*given: Any) -> list[Json]:
        if failure := next(failures, None):
            raise failure
        return read(*given)

    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    seq = (await client.receive_until("subscribed"))["seq"]
    with monkeypatch.context() as patch:
        patch.setattr("realtime.fanout.publisher.Publisher.publish", lambda *_: None)
        await asyncio.to_thread(run)
    monkeypatch.setattr(queries, "events_after", flaky)
    monkeypatch.setattr("realtime.fanout.hub.RETRY_SECONDS", 0.01)
    top = await in_thread(lambda: Workflow.objects.get(pk=sample_workflow.pk).last_seq)
    await server.current().hub.catch_up(workflow_room(str(sample_workflow.pk)), top)
    received = [(await client.receive_until("event"))["seq"] for _ in range(top - seq)]
    assert received == list(range(seq + 1, top + 1))


@pytest.fixture
def outpost(valkey: str, settings: Settings) -> Iterator[None]:
    """This process serves no sockets, but others may."""
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [valkey]}}}
    yield
    if BackgroundPublisher.current is not None:
        BackgroundPublisher.current.close()
        BackgroundPublisher.current = None


async def test_a_process_without_sockets_publishes_from_a_thread_of_its_own(outpost: None) -> None:
    assert server.running() is None
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(COORDINATOR.group, channel)
    for number in range(20):
        message = {**METRICS, "total_messages": number}
        await asyncio.to_thread(coordinator_metrics_changed.send_robust, sender=None, message=message)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        received: list[Publication] = []
        while len(received) < 20:
            received += from_layer((await layer.receive(channel))["publications"])
    assert [f'"total_messages":{number},' in publication.text for number, publication in enumerate(received)] == [
        True
    ] * 20
    await layer.flush()


def test_a_process_without_listeners_publishes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    coordinator_metrics_changed.send_robust(sender=None, message=METRICS)
    assert BackgroundPublisher.current is None
    assert caplog.text == ""


@pytest.mark.parametrize(
    "signal", [event_recorded, progress_reported, agent_status_changed, coordinator_metrics_changed]
)
async def test_an_invalid_layer_message_is_logged_and_does_no_harm(
    connect: Connect, alice: User, signal: Signal, caplog: pytest.LogCaptureFixture
) -> None:
    client = await connect(alice)
    with caplog.at_level(logging.ERROR):
        signal.send(sender=None, message={"nonsense": True}, body={"nonsense": True}, workflow_id="x", agent_name="x")
    assert "could not be published" in caplog.text
    assert await client.receives_nothing()
