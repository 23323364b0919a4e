"""The benchmark itself: it must count every message, once. No assertion is about time."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from socket import socketpair
from xml.etree import ElementTree

import pytest

from benchmarks.fanout import chart, profile
from benchmarks.fanout.handshake import Handshake
from benchmarks.fanout.inflate import Inflate
from benchmarks.fanout.load import Load, Watcher
from benchmarks.fanout.messages import event
from tests.server import ROOT

needs_two_cores = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="server and load need a core each")


class ScriptedServer:
    """The server of one watcher of the load generator; sends what the test says."""

    def __init__(self) -> None:
        self.load = Load()
        self.load.expect_up_to(1000)
        watching, self.socket = socketpair()
        watching.setblocking(False)
        self.watcher = Watcher(watching, Handshake(1, "/"))
        self.load.add(self.watcher)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)
        self.load.poll(1.0)


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.load.close()
    server.socket.close()


def sent(*seqs: int) -> bytes:
    return b",".join(json.dumps(event("a-room", seq), separators=(",", ":")).encode() for seq in seqs)


def test_every_message_counts_however_the_stream_is_cut(scripted: ScriptedServer) -> None:
    stream = sent(*range(1, 51))
    for start in range(0, len(stream), 37):
        scripted.send(stream[start : start + 37])
    assert (scripted.watcher.count, scripted.watcher.expected) == (50, 51)
    assert (scripted.watcher.missing, scripted.watcher.disordered, scripted.watcher.repeated) == (set(), 0, 0)


def test_a_lost_a_late_and_a_repeated_message_are_noticed(scripted: ScriptedServer) -> None:
    scripted.send(sent(1, 2, 6, 5, 6, 7))
    assert scripted.watcher.missing == {3, 4}
    assert (scripted.watcher.disordered, scripted.watcher.repeated) == (1, 1)
    assert scripted.watcher.count == 5


def test_a_connection_that_the_server_closes_is_noticed(scripted: ScriptedServer) -> None:
    scripted.socket.close()
    scripted.load.poll(1.0)
    assert not scripted.watcher.is_open


def test_compressed_frames_are_read_wherever_they_are_cut() -> None:
    from websockets.extensions.permessage_deflate import PerMessageDeflate  # noqa: PLC0415
    from websockets.frames import Frame, Opcode  # noqa: PLC0415

    server = PerMessageDeflate(False, False, 15, 15)
    texts = [b"short", b"much longer " * 1000, b"short"]
    stream = b"".join(Frame(Opcode.TEXT, text).serialize(mask=False, extensions=[server]) for text in texts)
    inflate = Inflate()
    received = b"".join(inflate(stream[start : start + 7]) for start in range(0, len(stream), 7))
    assert received == b"".join(texts)


def test_a_sample_counts_for_its_innermost_layer_and_waiting_threads_for_none() -> None:
    stacks = """
thread (0x1): MainThread;run (asyncio/base_events.py:1);send (uvicorn/protocol.py:5);write (asyncio/selector_events.py:9) 3
thread (0x1): MainThread;run (asyncio/base_events.py:1);receive (realtime/fanout/hub.py:5);isinstance (<string>:1) 1
thread (0x1): MainThread;run (asyncio/base_events.py:1);EpollSelector.select (selectors.py:468) 90
thread (0x2): asyncio_0;_worker (concurrent/futures/thread.py:81) 90
""".strip()
    assert profile.shares(stacks) == {"socket write": 0.75, "the room": 0.25}


def test_charts_are_svg_that_can_be_read() -> None:
    rows = [("<Callboard>", [1_000_000.0, 2000.0], True), ("other", [10.0, 0.0], False)]
    bars = ElementTree.fromstring(chart.bars("Title", "axis", ["a", "b"], rows))
    line = ElementTree.fromstring(chart.line("Title", "x", "y", [(10, 1.0), (100, 9.0)]))
    assert "<Callboard>" in "".join(bars.itertext())
    assert "1M" in "".join(bars.itertext())
    assert len(line.findall("{*}circle")) == 2


@needs_two_cores
@pytest.mark.timeout(400)  # a quarter of a minute on a quiet machine
def test_every_watcher_receives_every_message_in_order(tmp_path: Path) -> None:
    results = tmp_path / "fanout"
    command = [sys.executable, "-m", "benchmarks.fanout", "--tiny", "--no-publish", "--keep-as", str(results)]
    ran = subprocess.run(
        [*command, "--only", "callboard-uvicorn"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    measured = json.loads(results.with_suffix(".json").read_text())
    assert set(measured) == {"callboard-uvicorn"}
    figures = measured["callboard-uvicorn"]
    for size in ("few", "many"):
        saturation = figures[size]["saturation"]
        assert saturation["deliveries_per_second"] > 0
        faults = {fault: saturation[fault] for fault in ("lost", "disordered", "repeated", "closed")}
        assert not any(faults.values()), faults
    assert figures["few"]["burst"]["lost_percent"] == 0
    assert figures["few"]["latency"]["lost"] == 0
    assert figures["crowd"]["errors"] == []
    assert figures["held"]["alive"] == figures["held"]["watchers"]
