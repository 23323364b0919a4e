"""A server that stops: everybody hears 4202, one after the other, and nothing is lost."""

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
from tests.realtime.conftest import Dial
from tests.realtime.sample_server import SampleServer
from tests.realtime.socket_client import Watch, watching

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


async def parting(watch: Watch) -> Parting:
    return Parting(await watch.close_code(), time.monotonic())


def last_seen(watch: Watch) -> int:
    return watch.seqs[-1] if watch.seqs else watch.start


async def test_close_4202_shutting_down_comes_to_all_one_after_the_other_and_no_event_is_lost(
    sample_server: SampleServer,
) -> None:
    workflow_id, token = sample_server.create_workflow("alice"), sample_server.token("alice")
    async with AsyncExitStack() as stack:
        wires = [watching(sample_server, f"/ws/workflow/{workflow_id}", token) for _ in range(SOCKETS)]
        watches = [await stack.enter_async_context(wire) for wire in wires]
        for watch in watches:
            await watch.hear_until(lambda message: bool(message["type"] == "progress"))
        stopping = asyncio.create_task(asyncio.to_thread(sample_server.stop))
        sample_server.let_go()  # there is work done, and recorded, while the sockets are closed
        partings = [asyncio.create_task(parting(watch)) for watch in watches]
        await asyncio.wait(partings, return_when=asyncio.FIRST_COMPLETED)
        async with watching(sample_server, token=token) as late:
            assert await late.close_code() == 4202
        ends = await asyncio.gather(*partings)
        assert await stopping in (0, -signal.SIGTERM)
    assert {end.code for end in ends} == {4202}
    moments = sorted(end.at for end in ends)
    assert 0.3 < moments[-1] - moments[0] < 3
    assert moments[SOCKETS // 2] - moments[0] > 0.1
    await asyncio.to_thread(sample_server.start)
    token = sample_server.token("alice")
    for watch in watches[::10]:
        async with watching(sample_server, token=token) as again:
            await again.say(type="subscribe", target="workflow", id=workflow_id, since=last_seen(watch))
            progress = await again.hear_until(lambda message: message.get("progress") == 1.0)
            assert again.seqs == list(range(last_seen(watch) + 1, progress["seq"] + 1))


async def test_many_clients_are_drained_within_the_time_that_is_set(
    dial: Dial, alice: User, settings: Settings
) -> None:
    settings.REALTIME = {**settings.REALTIME, "DRAIN_SECONDS": 0.05, "CONNECTIONS_PER_USER": 100}
    wires = [await dial(alice) for _ in range(40)]
    started = time.monotonic()
    await server.current().drain()
    assert time.monotonic() - started < 0.39  # at 10 ms each
    assert {await wire.hear_close() for wire in wires} == {4202}
