"""Profiles a delivery: samples Callboard's process with py-spy, and gives each layer its share of the CPU time."""

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
from benchmarks.fanout.candidate import Candidate
from benchmarks.fanout.cores import Cores
from benchmarks.fanout.load import Load
from benchmarks.fanout.running import Running, running
from benchmarks.fanout.workload import Workload

PY_SPY = Path(sys.executable).with_name("py-spy")
SAMPLES_PER_SECOND = 250
CALM_RATE = 100.0  # messages a second: ten would leave too few samples
END_SECONDS = 20.0  # py-spy needs them to write its file

# The files of each layer. A sample counts for the layer of its innermost frame that is listed here.
LAYERS: Final = (
    ("socket write", ("asyncio/selector_events.py",)),
    ("uvicorn and websockets: frames", ("uvicorn/", "websockets/")),
    ("Channels and our consumer", ("channels/", "asgiref/", "realtime/consumers.py")),
    ("encoding", ("realtime/wire/messages.py", "realtime/fanout/publication.py", "realtime/wire/types.py", "msgspec")),
    ("the clients' outboxes", ("realtime/connection/outbox.py", "realtime/connection/client.py")),
    ("counting (metrics, logs)", ("realtime/metrics.py", "prometheus_client/", "logging/")),
    ("signals and the publisher", ("django/dispatch/", "realtime/receivers.py", "realtime/fanout/publisher.py")),
    ("the room", ("realtime/",)),
    ("the benchmark's publisher", ("benchmarks/",)),
    ("the event loop", ("asyncio/", "selectors.py", "uvloop")),
)
REST = "everything else"
THREADS: Final = ("MainThread", "publisher")  # the other threads do no deliveries
WAITING: Final = ("EpollSelector.select", "Condition.wait")

Json = dict[str, Any]


def missing() -> str:
    """Why no profile can be taken here; "" when it can."""
    return "" if PY_SPY.is_file() else "py-spy is not installed (benchmarks/requirements.txt)"


def record(candidate: Candidate, cores: Cores, workload: Workload) -> Json:
    """The share of the CPU time of each layer, in saturation and at CALM_RATE."""
    with running(candidate, cores) as run:
        load = Load()
        load.join_all(run.handshakes(run.create_rooms(1), workload.few))
        with sampling(run) as saturated:
            measures.saturation(run, load, workload)
        run.wait_until_idle()
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
    """Samples the server while the block runs. Afterwards the file holds the stacks, collapsed as flame graphs need them.

    Raises: RuntimeError when py-spy wrote nothing.
    """
    path = run.folder / f"stacks-{time.monotonic_ns()}.txt"
    command = [str(PY_SPY), "record", "--pid", str(run.servers[0].pid), "--rate", str(SAMPLES_PER_SECOND)]
    command += ["--format", "raw", "--full-filenames", "--threads", "--output", str(path)]
    sampler = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield path
    finally:
        sampler.send_signal(signal.SIGINT)
        output, _ = sampler.communicate(timeout=END_SECONDS)
    if not path.is_file():
        raise RuntimeError(f"py-spy wrote no samples: {output.decode()}")


def shares(stacks: str) -> dict[str, float]:
    """The share of each layer in collapsed stacks, the largest first; samples of waiting threads do not count."""
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
