"""Starting and stopping, with uvicorn in this process; tests/realtime/test_stopping.py has whole servers."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from channels.routing import ProtocolTypeRouter
from django.contrib.auth.models import User
from pytest_django import Settings

from project.servers import DaphneSockets, Lifespan
from realtime import server as realtime_server
from realtime.routing import socket_application
from tests.server import free_port
from tests.tokens import token_of
from tests.waiting import TIMEOUT_SECONDS
from tests.websocket_client import (
    AnyTransport,
    InProcessClient,
    InProcessTransport,
    SocketClient,
    SocketTransport,
    WebsocketClient,
)


@pytest.fixture
def _harmless_signals() -> Iterator[None]:
    """Uvicorn raises a signal again once it has stopped; here it must end nothing."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, reaction in before.items():
        signal.signal(number, reaction)


@pytest.fixture
async def server(transactional_db: None, _harmless_signals: None) -> uvicorn.Server:
    """A server that is about to start."""
    application = ProtocolTypeRouter({"websocket": socket_application, "lifespan": Lifespan()})
    return uvicorn.Server(
        uvicorn.Config(application, port=free_port(), lifespan="on", ws="websockets-sansio", log_config=None)
    )


async def connected(server: uvicorn.Server, user: User) -> SocketClient:
    offered = ["callboard.v1", f"bearer.{token_of(user)}"]
    return await welcomed(SocketTransport(f"ws://127.0.0.1:{server.config.port}/ws/", subprotocols=offered))


async def connected_through(application: DaphneSockets, user: User) -> InProcessClient:
    headers = {"authorization": f"Bearer {token_of(user)}"}
    return await welcomed(InProcessTransport(headers=headers, application=application))


async def welcomed(transport: AnyTransport) -> WebsocketClient[AnyTransport]:
    client = WebsocketClient(transport)
    await client.connect()
    assert (await client.receive())["type"] == "welcome"
    return client


async def started(server: uvicorn.Server) -> "asyncio.Task[None]":
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not server.started:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.01)
    return serving


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_the_sockets_with_4202_and_then_stops_the_server(
    server: uvicorn.Server, alice: User, number: signal.Signals
) -> None:
    serving = await started(server)
    client = await connected(server, alice)
    signal.raise_signal(number)
    assert await client.receive_close() == 4202
    await asyncio.wait_for(serving, TIMEOUT_SECONDS)
    assert realtime_server.running() is None


async def test_a_second_signal_does_not_wait_for_the_sockets_to_close(
    server: uvicorn.Server, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realtime_server, "DRAIN_STEP_SECONDS", 60.0)
    settings.REALTIME = {**settings.REALTIME, "DRAIN_SECONDS": 120}
    serving = await started(server)
    clients = [await connected(server, alice) for _ in range(2)]
    signal.raise_signal(signal.SIGTERM)
    first, waiting = await asyncio.wait(
        [asyncio.create_task(client.receive_close()) for client in clients], return_when="FIRST_COMPLETED"
    )
    assert {one.result() for one in first} == {4202}
    signal.raise_signal(signal.SIGTERM)
    assert {await one for one in waiting} == {1012}  # uvicorn's own
    await asyncio.wait_for(serving, TIMEOUT_SECONDS)


@pytest.fixture
async def sockets(transactional_db: None) -> AsyncIterator[DaphneSockets]:
    """The sockets as daphne serves them."""
    yield DaphneSockets(socket_application)
    await realtime_server.stop()


async def test_where_daphne_cancels_first_the_close_frame_gets_out_before_it_stops(
    sockets: DaphneSockets, alice: User
) -> None:
    client = await connected_through(sockets, alice)
    client.transport.consumer.cancel()
    stopping = asyncio.create_task(sockets.stop())
    assert (await client.receive())["error_type"] == "ShuttingDown"
    assert await client.receive_close() == 4202
    assert not stopping.done()  # before the client has answered, it may not be there yet
    await client.disconnect()
    await asyncio.wait_for(stopping, TIMEOUT_SECONDS)


async def test_a_client_that_does_not_answer_the_close_is_not_waited_for_long(
    sockets: DaphneSockets, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REALTIME = {**settings.REALTIME, "DRAIN_SECONDS": 0}
    monkeypatch.setattr(realtime_server, "CLOSING_SECONDS", 0.1)
    client = await connected_through(sockets, alice)
    client.transport.consumer.cancel()
    await asyncio.wait_for(sockets.stop(), TIMEOUT_SECONDS)
    await asyncio.wait([client.transport.consumer], timeout=TIMEOUT_SECONDS)
    assert client.transport.consumer.cancelled()


async def test_daphne_closes_with_4009_where_it_may_not_close_with_1009(sockets: DaphneSockets, alice: User) -> None:
    client = await connected_through(sockets, alice)
    await client.send_frame("x" * 70_000)
    assert (await client.receive())["error_type"] == "InvalidMessage"
    assert await client.receive_close() == 4009
    await asyncio.wait([client.transport.consumer], timeout=TIMEOUT_SECONDS)
