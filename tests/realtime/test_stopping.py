"""A server that stops closes every connection with 4202, one after the other, and no event is lost."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from realtime import server
from tests.fixtures.connections import Connect
from tests.realtime.sample_server import SampleServer
from tests.websocket_client import SocketClient, connected_client

SOCKETS = 50


class Parting(NamedTuple):
    """How a connection ended, and when (monotonic)."""

    code: int
    at: float


@pytest.fixture(params=["uvicorn", "daphne"])
def sample_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SampleServer]:
    """A running server with the sample agent, which waits."""
    environment = {"SAMPLE_SERVER": request.param, "REALTIME_CONNECTIONS_PER_USER": "100"}
    server = SampleServer(tmp_path, environment)
    server.start()
    server.invite_the_cast()
    yield server
    server.stop()


async def parting(client: SocketClient) -> Parting:
    return Parting(await client.receive_close(), time.monotonic())


@pytest.mark.covers("close_4202_shutting_down")
async def test_a_stopping_server_closes_all_one_after_the_other_and_no_event_is_lost(
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
        partings = [asyncio.create_task(parting(client)) for client in clients]
        await asyncio.wait(partings, return_when=asyncio.FIRST_COMPLETED)
        async with connected_client(sample_server, token=token) as late:
            assert await late.receive_close() == 4202
        ends = await asyncio.gather(*partings)
        assert await stopping in (0, -signal.SIGTERM)
    assert {end.code for end in ends} == {4202}
    moments = sorted(end.at for end in ends)
    assert 0.3 < moments[-1] - moments[0] < 3
    assert moments[SOCKETS // 2] - moments[0] > 0.1
    await asyncio.to_thread(sample_server.start)
    token = sample_server.token("alice")
    for client in clients[::10]:
        async with connected_client(sample_server, token=token) as again:
            await again.send(type="subscribe", target="workflow", id=workflow_id, since=client.last_seq)
            progress = await again.receive_until("progress", progress=1.0)
            assert again.seqs == list(range(client.last_seq + 1, progress["seq"] + 1))


async def test_many_clients_are_drained_within_the_time_that_is_set(
    connect: Connect, alice: User, settings: Settings
) -> None:
    settings.REALTIME = {**settings.REALTIME, "DRAIN_SECONDS": 0.05, "CONNECTIONS_PER_USER": 100}
    clients = [await connect(alice) for _ in range(40)]
    started = time.monotonic()
    await server.current().drain()
    assert time.monotonic() - started < 0.39  # at 10 ms each
    assert {await client.receive_close() for client in clients} == {4202}
