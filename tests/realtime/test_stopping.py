"""A server that stops closes every connection with 4202, one after the other, and no event is lost."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from websockets.exceptions import InvalidHandshake

from realtime import server
from tests.fixtures.clock import Clock
from tests.fixtures.connections import Connect
from tests.realtime.sample_server import SampleServer
from tests.websocket_client import connected_client

SOCKETS = 50
CLIENTS = 40


@pytest.fixture(params=["uvicorn", "daphne"])
def sample_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SampleServer]:
    """A running server with the sample agent, which waits."""
    environment = {"SAMPLE_SERVER": request.param, "REALTIME_CONNECTIONS_PER_USER": "100"}
    with SampleServer(tmp_path, environment) as server:
        yield server


@pytest.mark.covers("close_4202_shutting_down")
async def test_a_stopping_server_closes_every_connection_and_no_event_is_lost(
    sample_server: SampleServer,
) -> None:
    workflow_id, token = sample_server.create_workflow("alice"), sample_server.token("alice")
    async with AsyncExitStack() as stack:
        path = f"/ws/workflow/{workflow_id}"
        clients = [
            await stack.enter_async_context(connected_client(sample_server, path, token)) for _ in range(SOCKETS)
        ]
        for client in clients:
            await client.receive_until("progress")
        stopping = asyncio.create_task(asyncio.to_thread(sample_server.stop))
        sample_server.let_go()  # there is work done, and recorded, while the sockets are closed
        closing = [asyncio.create_task(client.receive_close()) for client in clients]
        await asyncio.wait(closing, return_when=asyncio.FIRST_COMPLETED)
        with suppress(OSError, InvalidHandshake):  # it may have stopped meanwhile
            async with connected_client(sample_server, token=token) as late:
                assert await late.receive_close() == 4202
        assert {*await asyncio.gather(*closing)} == {4202}
        assert await stopping in (0, -signal.SIGTERM)
    await asyncio.to_thread(sample_server.start)
    token = sample_server.token("alice")
    for client in clients[::10]:
        async with connected_client(sample_server, token=token) as again:
            await again.send(type="subscribe", target="workflow", id=workflow_id, since=client.last_seq)
            progress = await again.receive_until("progress", progress=1.0)
            assert again.seqs == list(range(client.last_seq + 1, progress["seq"] + 1))


@pytest.mark.parametrize(("drain_seconds", "step"), [(5.0, server.DRAIN_STEP_SECONDS), (0.05, 0.05 / CLIENTS)])
async def test_clients_are_closed_one_after_the_other_within_the_time_that_is_set(
    connect: Connect,
    alice: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    drain_seconds: float,
    step: float,
) -> None:
    settings.REALTIME = {**settings.REALTIME, "DRAIN_SECONDS": drain_seconds, "CONNECTIONS_PER_USER": 100}
    clients = [await connect(alice) for _ in range(CLIENTS)]
    present, clock, closed_at = server.current(), Clock(), list[float]()

    async def sleep(seconds: float) -> None:
        clock.pass_time(seconds)
        closed_at.append(clock.now())

    with monkeypatch.context() as patch:
        patch.setattr(server, "time", SimpleNamespace(monotonic=clock.now))
        patch.setattr(server, "asyncio", SimpleNamespace(sleep=sleep, wait=asyncio.wait))
        await present.drain()
    assert closed_at == pytest.approx([Clock().now() + number * step for number in range(CLIENTS)])
    assert {await client.receive_close() for client in clients} == {4202}


async def test_a_client_that_connects_while_the_server_stops_is_closed_too(connect: Connect, alice: User) -> None:
    await connect(alice)
    await server.current().drain()
    late = await connect(alice, receive_welcome=False)
    assert await late.receive_close() == 4202
