"""What depends on the server, through real sockets to real processes: uvicorn and daphne, alone and with Valkey."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.realtime.sample_server import SampleServer
from tests.waiting import TIMEOUT_SECONDS
from tests.websocket_client import connected_client

Json = dict[str, Any]
LIMITS = httpx2.Limits(max_connections=100)


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def sample_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    """A running server with the sample agent, which waits."""
    environment = {
        "SAMPLE_SERVER": request.param,
        "REALTIME_FIRST_MESSAGE_SECONDS": "2",
        "REALTIME_TICK_SECONDS": "0.2",
        "REALTIME_CONNECTIONS_PER_ADDRESS": "3",
        "REALTIME_CONNECTIONS_PER_USER": "70",
    }
    with SampleServer(tmp_path_factory.mktemp("sample_server"), environment) as server:
        yield server


async def test_a_workflow_is_watched_from_its_first_word_to_its_last(sample_server: SampleServer) -> None:
    sample_server.hold()
    workflow_id = sample_server.create_workflow("alice")
    async with connected_client(sample_server, f"/ws/workflow/{workflow_id}", sample_server.token("alice")) as client:
        assert client.subprotocol == "callboard.v1"
        assert (await client.receive())["type"] == "welcome"
        seq = (await client.receive())["seq"]
        messages: list[str] = []
        while sum(message.startswith("Waiting to spell") for message in messages) < 5:
            messages.append((await client.receive_until("progress"))["message"])
        await client.send(type="control", action="pause", workflow_id=workflow_id, request_id="p1", mode="now")
        assert (await client.receive_until("control_ack"))["status"] == "accepted"
        result = await client.receive_until("control_result")
        assert (result["outcome"], result["state"]) == ("applied", "paused")
    sample_server.let_go()
    async with connected_client(sample_server, "/ws/", sample_server.token("alice")) as client:
        await client.send(type="subscribe", target="workflow", id=workflow_id, since=seq)
        await client.send(type="control", action="resume", workflow_id=workflow_id)
        await client.receive_every_event_until("workflow_completed")
        assert client.seqs[0] == seq + 1
        progress = await client.receive_until("progress", progress=1.0)
        assert progress["state"] == "completed"


@pytest.mark.parametrize(
    ("headers", "protocols", "code"),
    [
        ({}, ["callboard.v1", "bearer.nonsense"], 4001),
        ({}, ["callboard.v2"], 4007),
        ({"Origin": "https://evil.example"}, None, 4003),
        ({}, None, 4102),
    ],
)
async def test_a_refusal_is_an_error_and_then_a_close_code(
    sample_server: SampleServer, headers: dict[str, str], protocols: list[str] | None, code: int
) -> None:
    async with connected_client(sample_server, additional_headers=headers, subprotocols=protocols) as client:
        assert (await client.receive())["type"] == "error"
        assert await client.receive_close() == code


async def test_a_frame_over_64_kib_is_closed_with_1009(sample_server: SampleServer) -> None:
    async with connected_client(sample_server, token=sample_server.token("alice")) as client:
        await client.send_frame("x" * 70_000)
        # daphne cannot send 1009
        assert await client.receive_close() == (4009 if "daphne" in sample_server.environment.values() else 1009)


async def test_anonymous_clients_are_counted_by_address_and_a_local_proxy_may_forward_it(
    sample_server: SampleServer,
) -> None:
    async with AsyncExitStack() as stack:
        strangers = [await stack.enter_async_context(connected_client(sample_server)) for _ in range(3)]
        refused = await stack.enter_async_context(connected_client(sample_server))
        assert (await refused.receive())["error_type"] == "ConnectionLimitExceeded"
        assert await refused.receive_close() == 4129
        forwarded = {"X-Forwarded-For": "203.0.113.7"}
        behind = await stack.enter_async_context(connected_client(sample_server, additional_headers=forwarded))
        # uvicorn trusts a proxy on this machine; daphne as it comes trusts none.
        is_trusted = sample_server.environment["SAMPLE_SERVER"] == "uvicorn"
        assert await behind.receive_close() == (4102 if is_trusted else 4129)
        assert {await stranger.receive_close() for stranger in strangers} == {4102}


async def test_an_unknown_route_is_refused(sample_server: SampleServer) -> None:
    with pytest.raises(Exception, match="403"):
        async with connected_client(sample_server, "/ws/elsewhere", sample_server.token("alice")):
            pass


@pytest.mark.covers("close_4202")
async def test_a_server_that_stops_closes_its_sockets_first(sample_server: SampleServer) -> None:
    try:
        async with connected_client(sample_server, token=sample_server.token("alice")) as client:
            await client.receive()
            stopping = asyncio.create_task(asyncio.to_thread(sample_server.stop))
            assert await client.receive_close() == 4202
            assert await stopping in (0, -signal.SIGTERM)
    finally:
        await asyncio.to_thread(sample_server.start)  # the other tests share it


async def test_long_polling_tells_the_same_as_the_socket(sample_server: SampleServer) -> None:
    sample_server.let_go()
    workflow_id = sample_server.create_workflow("alice")
    seqs: list[int] = []
    state = ""
    async with httpx2.AsyncClient(base_url=sample_server.url, trust_env=False, timeout=TIMEOUT_SECONDS) as client:
        headers = {"Authorization": f"Bearer {sample_server.token('alice')}"}
        after = 0
        while state != "completed":
            path = f"/api/workflows/{workflow_id}/events/?after={after}&wait=10"
            page = (await client.get(path, headers=headers)).raise_for_status().json()
            seqs += [event["seq"] for event in page["events"]]
            after, state = page["seq"], page["progress"]["state"]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_many_long_polls_hold_no_thread(sample_server: SampleServer) -> None:
    sample_server.let_go()
    workflow_id = sample_server.create_workflow("alice")
    headers = {"Authorization": f"Bearer {sample_server.token('alice')}"}
    path = f"/api/workflows/{workflow_id}/events/?after=100000&wait=6"
    before = after = threads_of(sample_server.pid)
    async with httpx2.AsyncClient(base_url=sample_server.url, trust_env=False, timeout=60, limits=LIMITS) as client:
        polls = [asyncio.create_task(client.get(path, headers=headers)) for _ in range(60)]
        while not any(poll.done() for poll in polls):
            after = threads_of(sample_server.pid)
            await asyncio.wait(polls, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
        answers = await asyncio.gather(*polls)
    assert {answer.status_code for answer in answers} == {200}
    assert after - before < 12  # eight read the database for everybody


async def test_polls_that_are_broken_off_hold_no_place(sample_server: SampleServer) -> None:
    workflow_id = sample_server.create_workflow("bob")
    headers = {"Authorization": f"Bearer {sample_server.token('bob')}"}
    path = f"/api/workflows/{workflow_id}/events/?after=100000&wait="
    async with httpx2.AsyncClient(base_url=sample_server.url, trust_env=False, timeout=60, limits=LIMITS) as client:
        polls = [asyncio.create_task(client.get(path + "25", headers=headers)) for _ in range(71)]  # one too many
        refused, _ = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        assert [poll.result().json()["error"]["type"] for poll in refused] == ["ConnectionLimitExceeded"]
        for poll in polls:
            poll.cancel()
        await asyncio.wait(polls)
    async with (
        httpx2.AsyncClient(base_url=sample_server.url, trust_env=False, timeout=TIMEOUT_SECONDS) as client,
        asyncio.timeout(TIMEOUT_SECONDS),
    ):
        while (await client.get(path + "0", headers=headers)).status_code != 200:  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.5)


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))
