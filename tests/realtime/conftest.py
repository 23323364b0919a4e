"""Connections to the application in this process, and the sample pipeline whose workflows they watch."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from realtime import server
from tests.realtime.inprocess_client import Wire, token_of
from tests.workflows.conftest import alice, run, sample_agent, sample_workflow

__all__ = ["alice", "run", "sample_agent", "sample_workflow"]

Dial = Callable[..., Awaitable[Wire]]


@pytest.fixture
async def dial(transactional_db: None) -> AsyncIterator[Dial]:
    """Connects, as `user` or as nobody yet. The greeting of a user is heard already, unless `greet` is false."""
    wires: list[Wire] = []

    async def dial(
        user: User | None = None,
        path: str = "/ws/",
        *,
        token: str = "",
        headers: dict[str, str] | None = None,
        subprotocols: list[str] | None = None,
        address: str = "",
        greet: bool = True,
    ) -> Wire:
        token = token or (token_of(user) if user else "")
        offered = ["callboard.v1", f"bearer.{token}"] if subprotocols is None and token else subprotocols or []
        wire = Wire(path, headers or {}, offered, address)
        wires.append(wire)
        await wire.open()
        if user and greet:
            await wire.hear_until("welcome")
        return wire

    yield dial
    for wire in wires:
        await wire.hang_up()
    await server.stop()


@pytest.fixture
def brisk(settings: Settings) -> None:
    """All that takes its time in life takes a moment."""
    settings.REALTIME = {
        **settings.REALTIME,
        "TICK_SECONDS": 0.02,
        "RECHECK_SECONDS": 0.05,
        "FIRST_MESSAGE_SECONDS": 0.2,
    }
