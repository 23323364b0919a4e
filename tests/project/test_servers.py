"""Starting and stopping, with uvicorn in this process; tests/realtime/test_stopping.py has whole servers."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from channels.routing import ProtocolTypeRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from pytest_django import Settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from project.servers import DaphneSockets, Lifespan
from realtime import server as realtime_server
from realtime.routing import socket_application
from tests.realtime.inprocess_client import PATIENCE, token_of
from tests.server import free_port


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


async def close_code(socket: ClientConnection) -> int | None:
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                await socket.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


async def connected(server: uvicorn.Server, user: User) -> ClientConnection:
    protocols = [Subprotocol("callboard.v1"), Subprotocol(f"bearer.{token_of(user)}")]
    socket = await connect(f"ws://127.0.0.1:{server.config.port}/ws/", subprotocols=protocols, proxy=None)
    assert "welcome" in str(await socket.recv())
    return socket


async def started(server: uvicorn.Server) -> "asyncio.Task[None]":
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.01)
    return serving


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_the_sockets_with_4202_and_then_stops_the_server(
    server: uvicorn.Server, alice: User, number: signal.Signals
) -> None:
    serving = await started(server)
    socket = await connected(server, alice)
    signal.raise_signal(number)
    assert await close_code(socket) == 4202
    await asyncio.wait_for(serving, PATIENCE)
    assert realtime_server.running() is None


async def test_a_second_signal_does_not_wait_for_the_sockets_to_close(
    server: uvicorn.Server, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realtime_server, "DRAIN_STEP_SECONDS", 60.0)
    settings.REALTIME = {**settings.REALTIME, "DRAIN_SECONDS": 120}
    serving = await started(server)
    sockets = [await connected(server, alice) for _ in range(2)]
    signal.raise_signal(signal.SIGTERM)
    first, waiting = await asyncio.wait(
        [asyncio.create_task(close_code(socket)) for socket in sockets], return_when="FIRST_COMPLETED"
    )
    assert {one.result() for one in first} == {4202}
    signal.raise_signal(signal.SIGTERM)
    assert {await one for one in waiting} == {1012}  # uvicorn's own
    await asyncio.wait_for(serving, PATIENCE)


@pytest.fixture
async def sockets(transactional_db: None) -> AsyncIterator[DaphneSockets]:
    """The sockets as daphne serves them."""
    yield DaphneSockets(socket_application)
    await realtime_server.stop()


async def welcomed(sockets: DaphneSockets, user: User) -> WebsocketCommunicator:
    headers = [(b"authorization", f"Bearer {token_of(user)}".encode())]
    client = WebsocketCommunicator(sockets, "/ws/", headers=headers)
    assert (await client.connect(PATIENCE))[0]
    assert "welcome" in await client.receive_from(PATIENCE)
    return client


async def test_where_daphne_cancels_first_the_close_frame_gets_out_before_it_stops(
    sockets: DaphneSockets, alice: User
) -> None:
    client = await welcomed(sockets, alice)
    client.future.cancel()
    stopping = asyncio.create_task(sockets.stop())
    assert "ShuttingDown" in await client.receive_from(PATIENCE)
    assert (await client.receive_output(PATIENCE))["code"] == 4202
    assert not stopping.done()  # before the client has answered, it may not be there yet
    await client.send_input({"type": "websocket.disconnect", "code": 4202})
    await asyncio.wait_for(stopping, PATIENCE)


async def test_a_client_that_does_not_answer_the_close_is_not_waited_for_long(
    sockets: DaphneSockets, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REALTIME = {**settings.REALTIME, "DRAIN_SECONDS": 0}
    monkeypatch.setattr(realtime_server, "CLOSING_SECONDS", 0.1)
    client = await welcomed(sockets, alice)
    client.future.cancel()
    await asyncio.wait_for(sockets.stop(), PATIENCE)
    await asyncio.wait([client.future], timeout=PATIENCE)
    assert client.future.cancelled()


async def test_daphne_closes_with_4009_where_it_may_not_close_with_1009(sockets: DaphneSockets, alice: User) -> None:
    client = await welcomed(sockets, alice)
    await client.send_input({"type": "websocket.receive", "text": "x" * 70_000})
    assert "InvalidMessage" in await client.receive_from(PATIENCE)
    assert (await client.receive_output(PATIENCE))["code"] == 4009
    await asyncio.wait([client.future], timeout=PATIENCE)
