"""A client that does not read is closed with 4101; meanwhile the others receive everything, and memory stays flat."""

import logging
import os
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest

from tests.realtime.sample_server import SampleServer
from tests.websocket_client import SocketClient, connected_client

log = logging.getLogger(__name__)

LONG = "x" * 200_000  # so long is each answer to a subscribe
ANSWERS = 90  # 18 MB
TICKS = 40
# What cuts it off: a write that is blocked for too long, or too much that waits.
WAYS = {
    "a blocked write": {"REALTIME_WRITE_SECONDS": "1", "REALTIME_OUTBOX_BYTES": "1000000000"},
    "an overflow": {"REALTIME_WRITE_SECONDS": "600"},
}


@pytest.fixture(params=WAYS)
def sample_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SampleServer]:
    """A server with the sample agent, which waits."""
    with SampleServer(tmp_path, {"REALTIME_TICK_SECONDS": "0.2", **WAYS[request.param]}) as server:
        yield server


@pytest.mark.covers("close_4101_too_slow")
async def test_a_reader_that_is_too_slow_is_closed_and_delays_no_other(sample_server: SampleServer) -> None:
    workflow_id, token = sample_server.create_workflow("alice", LONG), sample_server.token("alice")
    path = f"/ws/workflow/{workflow_id}"
    async with (
        connected_client(sample_server, path, token) as swift,
        connected_client(sample_server, path, token, max_queue=1) as slow,
    ):
        await swift.receive_until("progress")
        before = resident_bytes(sample_server.pid)
        for _ in range(ANSWERS):
            await slow.send(type="subscribe", target="workflow", id=workflow_id)
        # Twenty ticks a second are sent. The promise is 100 ms more, which only a quiet machine can keep: written down.
        log.info("The longest gap between two ticks: %.3f s.", await longest_gap(swift))
        while not await has_refused_one(sample_server):  # a slow machine needs longer for that many answers
            await swift.receive_until("progress")
        assert resident_bytes(sample_server.pid) - before < 60_000_000
        sample_server.let_go()
        await swift.receive_every_event_until("workflow_completed")
        assert await slow.receive_close() == 4101
    async with connected_client(sample_server, token=token) as again:
        await again.send(type="subscribe", target="workflow", id=workflow_id, since=slow.subscribed_seq)
        await again.receive_every_event_until("workflow_completed")
        assert again.seqs[0] == slow.subscribed_seq + 1


async def has_refused_one(server: SampleServer) -> bool:
    """Whether the server has given up a client as too slow; the client learns it only when it reads."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        metrics = (await client.get(f"{server.url}/metrics")).text
    return 'callboard_refusals_total{error_type="TooSlow"} 1.0' in metrics


async def longest_gap(client: SocketClient) -> float:
    """Between two of the next ticks, in seconds."""
    heard_at = [time.monotonic()]
    while len(heard_at) <= TICKS:
        await client.receive_until("progress")
        heard_at.append(time.monotonic())
    return max(later - earlier for earlier, later in pairwise(heard_at))


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
