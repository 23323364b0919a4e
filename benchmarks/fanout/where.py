"""Where the time of a delivery goes: samples Callboard's process with py-spy, and groups them by what it was doing."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.fanout import measures
from benchmarks.fanout.contestant import Contestant
from benchmarks.fanout.cores import Cores
from benchmarks.fanout.load import Load
from benchmarks.fanout.running import Running, running
from benchmarks.fanout.workload import Workload

SPY = Path(sys.executable).with_name("py-spy")
SAMPLES_PER_SECOND = 250
CALM_RATE = 100.0  # messages a second: ten would leave too few samples
END_SECONDS = 20.0  # for py-spy to write its file

# What a file belongs to; the innermost frame that is listed decides.
LAYERS: Final = (
    ("socket write", ("asyncio/selector_events.py",)),
    ("uvicorn and websockets: frames", ("uvicorn/", "websockets/")),
    ("Channels and our consumer", ("channels/", "asgiref/", "realtime/consumers.py")),
    ("encoding", ("realtime/protocol.py", "realtime/parcels.py", "realtime/bodies.py", "msgspec")),
    ("the clients' outboxes", ("realtime/outbox.py", "realtime/client.py")),
    ("counting (metrics, logs)", ("realtime/metrics.py", "prometheus_client/", "logging/")),
    ("signals and the publisher", ("django/dispatch/", "realtime/broadcaster.py", "realtime/publisher.py")),
    ("the room", ("realtime/",)),
    ("the benchmark's publisher", ("benchmarks/",)),
    ("the event loop", ("asyncio/", "selectors.py", "uvloop")),
)
REST = "everything else"
THREADS: Final = ("MainThread", "publisher")  # the others wait for work of other kinds
WAITING: Final = ("EpollSelector.select", "Condition.wait")

Json = dict[str, Any]


def missing() -> str:
    """Why nothing can be sampled here."""
    return "" if SPY.is_file() else "py-spy is not installed (benchmarks/requirements.txt)"


def profile(contestant: Contestant, cores: Cores, workload: Workload) -> Json:
    """The shares of the CPU time in saturation, and at a calm rate."""
    with running(contestant, cores) as run:
        load = Load()
        load.fill(run.handshakes(run.create_rooms(1), workload.few))
        with sampling(run) as saturated:
            measures.saturation(run, load, workload)
        run.settle()
        with sampling(run) as calm:
            measures.latency(run, load, CALM_RATE, workload.latency)
        return {
            "watchers": workload.few,
            "calm_rate": CALM_RATE,
            "saturation": shares(saturated.read_text()),
            "calm": shares(calm.read_text()),
        }


@contextmanager
def sampling(run: Running) -> Iterator[Path]:
    """Samples the server meanwhile; afterwards the stacks are in the file, one a line, as flame graphs take them."""
    path = run.folder / f"stacks-{time.monotonic_ns()}.txt"
    command = [str(SPY), "record", "--pid", str(run.servers[0].pid), "--rate", str(SAMPLES_PER_SECOND)]
    command += ["--format", "raw", "--full-filenames", "--threads", "--output", str(path)]
    spy = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield path
    finally:
        spy.send_signal(signal.SIGINT)
        said, _ = spy.communicate(timeout=END_SECONDS)
    if not path.is_file():
        raise RuntimeError(f"py-spy has nothing: {said.decode()}")


def shares(stacks: str) -> dict[str, float]:
    """The share of each layer, the largest first; threads that wait do not count."""
    counts: Counter[str] = Counter()
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        thread, *frames = stack.split(";")
        if any(name in thread for name in THREADS) and not frames[-1].startswith(WAITING):
            counts[_layer(frames)] += int(count)
    return {layer: round(count / counts.total(), 4) for layer, count in counts.most_common()}


def _layer(frames: list[str]) -> str:
    for frame in reversed(frames):
        for layer, paths in LAYERS:
            if any(path in frame for path in paths):
                return layer
    return REST
