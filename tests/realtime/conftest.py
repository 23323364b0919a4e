"""Connections to the application in this process, and the sample pipeline whose workflows they watch."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from realtime import server
from tests.tokens import token_of
from tests.websocket_client import InProcessClient, InProcessTransport
from tests.workflows.conftest import alice, run, sample_agent, sample_workflow

__all__ = ["alice", "run", "sample_agent", "sample_workflow"]

Connect = Callable[..., Awaitable[InProcessClient]]


@pytest.fixture
async def connect(transactional_db: None) -> AsyncIterator[Connect]:
    """Connects in this process, as `user` if given, and then receives the welcome unless `receive_welcome` is false."""
    clients: list[InProcessClient] = []

    async def connect(
        user: User | None = None,
        path: str = "/ws/",
        *,
        token: str = "",
        headers: dict[str, str] | None = None,
        subprotocols: list[str] | None = None,
        address: str = "",
        receive_welcome: bool = True,
    ) -> InProcessClient:
        token = token or (token_of(user) if user else "")
        offered = ["callboard.v1", f"bearer.{token}"] if subprotocols is None and token else subprotocols
        client = InProcessClient(InProcessTransport(path, headers=headers, subprotocols=offered, address=address))
        clients.append(client)
        await client.connect()
        if user and receive_welcome:
            await client.receive_until("welcome")
        return client

    yield connect
    for client in clients:
        await client.disconnect()
    await server.stop()


@pytest.fixture
def fast_timers(settings: Settings) -> None:
    """Timers of the server that take seconds take a fraction of one."""
    settings.REALTIME = {
        **settings.REALTIME,
        "TICK_SECONDS": 0.02,
        "RECHECK_SECONDS": 0.05,
        "FIRST_MESSAGE_SECONDS": 0.2,
    }
