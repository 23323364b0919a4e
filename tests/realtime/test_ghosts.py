"""A client that has gone, in whatever way, is in no room and is not counted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from django.contrib.auth.models import User
from pytest_django import Settings

from realtime import queries, server
from realtime.database import in_thread
from realtime.fanout.publication import event_publication, to_layer
from realtime.rooms import EVERYONE, workflow_room
from realtime.wire import messages
from tests.fixtures.connections import Connect
from tests.fixtures.workflows import Run
from tests.realtime.sample_server import SampleServer
from tests.waiting import until
from tests.websocket_client import connected_client
from workflows.models import Workflow


@pytest.fixture
def sample_server(tmp_path: Path) -> Iterator[SampleServer]:
    """A server that closes clients that are silent for a while, with the sample agent, which waits."""
    numbers = {
        "REALTIME_HEARTBEAT_SECONDS": "0.3",
        "REALTIME_SILENCE_SECONDS": "4",
        "REALTIME_TICK_SECONDS": "0.1",
        "REALTIME_MESSAGES_PER_MINUTE": "10000",
    }
    with SampleServer(tmp_path, numbers) as server:
        yield server


async def test_one_whose_line_broke_without_a_word_is_no_ghost(sample_server: SampleServer) -> None:
    workflow_id, token = sample_server.create_workflow("alice"), sample_server.token("alice")
    path = f"/ws/workflow/{workflow_id}"
    async with (
        connected_client(sample_server, path, token, answers_pings=True) as stays,
        connected_client(sample_server, path, token) as breaks,
    ):
        await stays.receive_until("watchers", watchers=2)
        breaks.transport.socket.transport.abort()
        await stays.receive_until("watchers", watchers=1)


async def test_one_who_is_silent_is_no_ghost_after_the_heartbeat(sample_server: SampleServer) -> None:
    workflow_id, token = sample_server.create_workflow("alice"), sample_server.token("alice")
    path = f"/ws/workflow/{workflow_id}"
    async with (
        connected_client(sample_server, path, token, answers_pings=True) as stays,
        connected_client(sample_server, path, token, max_queue=1),
    ):
        await stays.receive_until("watchers", watchers=2)
        await stays.receive_until("watchers", watchers=1)


async def test_a_consumer_that_dies_of_an_exception_leaves_no_ghost(
    connect: Connect, alice: User, sample_workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_text: str) -> messages.ClientMessage:
        raise RuntimeError("broken")

    stays, dies = [await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}") for _ in range(2)]
    await stays.receive_until("watchers", watchers=2)
    with monkeypatch.context() as patch:
        patch.setattr(messages, "decode", broken)
        await dies.send(type="ping")
        await until(dies.transport.consumer.done)
    assert isinstance(dies.transport.consumer.exception(), RuntimeError)
    assert len(server.current().hub.watchers(workflow_room(str(sample_workflow.pk)))) == 1
    await stays.receive_until("watchers", watchers=1)


async def test_what_a_full_layer_drops_is_read_from_the_database(
    connect: Connect,
    alice: User,
    sample_workflow: Workflow,
    run: Run,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.REALTIME = {**settings.REALTIME, "HEARTBEAT_SECONDS": 0.2}
    layer = InMemoryChannelLayer(capacity=1)
    monkeypatch.setitem(channel_layers.backends, "default", layer)
    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    seq = (await client.receive_until("subscribed"))["seq"]
    with monkeypatch.context() as patch:
        patch.setattr("realtime.fanout.publisher.Publisher.publish", lambda *_: None)  # it is done in another process
        await in_thread(run)
    for message in await in_thread(queries.events_after, str(sample_workflow.pk), seq, 1000):
        publication = to_layer([event_publication(message)])
        await layer.group_send(
            workflow_room(str(sample_workflow.pk)).group, {"type": "publications", "publications": publication}
        )
    seqs = [(await client.receive_until("event"))["seq"] for _ in range(message["seq"] - seq)]
    assert seqs == list(range(seq + 1, message["seq"] + 1))


async def test_a_listener_that_raises_is_logged_and_the_next_layer_message_is_received(
    connect: Connect,
    alice: User,
    sample_workflow: Workflow,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_message: dict[str, Any]) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("realtime.fanout.layer.RETRY_SECONDS", 0.01)
    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    await client.receive_until("subscribed")
    server.current().hub.bridge.listeners["breaks"] = broken
    layer = channel_layers["default"]
    await layer.group_send(EVERYONE, {"type": "breaks"})
    await until(lambda: "listening again" in caplog.text)
    counts = {"type": "watchers", "process": "another", "counts": {str(sample_workflow.pk): 6}, "is_whole": False}
    await layer.group_send(EVERYONE, counts)
    await client.receive_until("watchers", watchers=7)
