"""What is measured of a candidate: each function connects watchers, has messages published, and counts."""

import select
import time
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage
from typing import Any

from benchmarks.fanout.load import Load
from benchmarks.fanout.running import Running
from benchmarks.fanout.workload import Workload
from benchmarks.reporting import percentile

QUIET_SECONDS = 3.0  # without a message: nothing more is expected
DRAIN_SECONDS = 40.0
PAUSE_SECONDS = 0.5  # for a busy room to become quiet again
# Reading message by message is slower than a fast server: after small reads the load generator waits for more to arrive.
SMALL_READ_BYTES = 4096
SMALL_READ_PAUSE_SECONDS = 0.002

Json = dict[str, Any]


CHART_RATE = 10.0  # messages a second to each watcher
ROUND_ROBIN_RATE = 500.0  # messages a second, each to another room
WATCHERS_PER_ROOM = 2


def saturation(run: Running, load: Load, workload: Workload) -> Json:
    """Deliveries a second at the highest rate that the server takes. The watchers must have joined a new room."""
    flow = _FlowControl(run, load)
    flow.run_for(workload.warm_up)
    before, began, cpu, own = _counts(run, load), time.monotonic(), run.cpu_seconds(), _own_cpu_seconds()
    flow.run_for(workload.saturation)
    seconds = time.monotonic() - began
    delivered = [after - count for after, count in zip(_counts(run, load), before, strict=True)]
    used = [after - count for after, count in zip(run.cpu_seconds(), cpu, strict=True)]
    own_share = (_own_cpu_seconds() - own) / seconds
    _drain(load, flow.granted * len(load.watchers))
    return {
        "deliveries_per_second": round(sum(delivered) / seconds),
        "deliveries_per_cpu_second": [
            round(count / max(cost, 0.01)) for count, cost in zip(delivered, used, strict=True)
        ],
        "cpu_share": round(sum(used) / seconds, 3),
        "load_share": round(own_share, 3),
        "bytes_per_delivery": round(_bytes(load) / max(1, _count(load)), 1),
        **faults(load, flow.granted),
    }


def burst(run: Running, load: Load, size: int) -> Json:
    """Publishes `size` messages at once: the share that is lost, and the milliseconds until the last one."""
    before = load.slowest()
    load.expect_up_to(before + size)
    count = _count(load)
    began = time.monotonic()
    run.publisher.publish_up_to(before + size)
    due = size * len(load.watchers)
    last = _drain(load, count + due)
    return {
        "messages": size,
        "lost_percent": round(100 * (1 - (_count(load) - count) / due), 2),
        "milliseconds": round(1000 * (last - began), 1),
    }


def latency(run: Running, load: Load, rate: float, seconds: float) -> Json:
    """Milliseconds from before publishing until a watcher has received it, at `rate` messages a second."""
    load.read_for(PAUSE_SECONDS)
    count, wire_bytes = _count(load), _bytes(load)
    load.measure_latency()
    run.publisher.publish_at_rate(rate, seconds)
    sent = until_answered(run, load, seconds)["sent"]
    due = sent * len(load.watchers)
    _drain(load, count + due)
    milliseconds = [nanoseconds / 1e6 for nanoseconds in load.latencies]
    return {
        "rate": rate,
        "p50": round(percentile(milliseconds, 0.5), 2),
        "p99": round(percentile(milliseconds, 0.99), 2),
        "max": round(max(milliseconds), 2),
        "bytes_per_delivery": round((_bytes(load) - wire_bytes) / len(milliseconds), 1),
        "lost": due - (_count(load) - count),
    }


def idle(run: Running, load: Load, rate: float, seconds: float) -> Json:
    """The share of a core that the server uses for `rate` messages a second to each watcher."""
    load.measure_latency()
    run.wait_until_idle()
    return {"rate": rate, "cpu_share": round(share(run, lambda: _at_rate(run, load, rate, seconds)), 5)}


def crowd(run: Running, load: Load, workload: Workload) -> Json:
    """Many watchers connect at once: how long that takes, and the memory of a connection. Nothing is published."""
    rooms = run.create_rooms(1)
    load.join_all(run.handshakes(rooms, 10))  # what the server loads for its first connections does not count
    load.close()
    run.wait_until_idle()
    before, cpu = run.resident_bytes(), sum(run.cpu_seconds())
    joining = load.join(run.handshakes(rooms, workload.crowd))
    cpu = sum(run.cpu_seconds()) - cpu
    load.read_for(workload.settle)
    size = run.resident_bytes() - before
    return {
        "watchers": workload.crowd,
        "seconds": round(joining.seconds, 2),
        "errors": joining.errors[:5],
        "error_count": len(joining.errors),
        "cpu_milliseconds_each": round(1000 * cpu / workload.crowd, 2),
        "bytes_per_connection": round(size / workload.crowd),
    }


def hold(run: Running, load: Load, workload: Workload) -> Json:
    """More watchers connect, and nothing is published: how many are still connected in the end."""
    rooms = run.create_rooms(1)
    joining = load.join(run.handshakes(rooms, workload.held - len(load.watchers), first=len(load.watchers)))
    load.send_keepalives()
    load.read_for(workload.hold)
    return {
        "watchers": workload.held,
        "errors": joining.errors[:5],
        "alive": sum(watcher.is_open for watcher in load.watchers),
    }


def by_watchers(run: Running, load: Load, workload: Workload) -> list[Json]:
    """The share of a core for growing numbers of watchers in one room, at CHART_RATE messages a second to each."""
    rooms, points = run.create_rooms(1), list[Json]()
    for watchers in workload.watchers:
        load.join_all(run.handshakes(rooms, watchers - len(load.watchers), first=len(load.watchers)))
        load.send_keepalives()
        load.measure_latency()
        run.wait_until_idle()
        used = share(run, lambda: _at_rate(run, load, CHART_RATE, workload.step))
        points.append({"watchers": watchers, "cpu_share": round(used, 5)})
    load.close()
    return points


def by_rooms(run: Running, load: Load, workload: Workload) -> list[Json]:
    """The share of a core for the same messages and deliveries a second, spread over growing numbers of rooms.

    `quiet_share` is what the connections cost while nothing is published.
    """
    points = []
    for rooms in workload.rooms:
        load.join_all(run.handshakes(run.create_rooms(rooms), rooms * WATCHERS_PER_ROOM))
        load.measure_latency()
        run.wait_until_idle()
        quiet = share(run, lambda: load.read_for(workload.step))
        used = share(run, lambda: _round_robin(run, load, workload.step))
        points.append({"rooms": rooms, "quiet_share": round(quiet, 5), "cpu_share": round(used, 5)})
        load.close()
        run.wait_until_idle()
    return points


def share(run: Running, work: Callable[[], None]) -> float:
    """The share of a core that the server uses during `work`."""
    began, cpu = time.monotonic(), sum(run.cpu_seconds())
    work()
    return (sum(run.cpu_seconds()) - cpu) / (time.monotonic() - began)


def _at_rate(run: Running, load: Load, rate: float, seconds: float) -> None:
    run.publisher.publish_at_rate(rate, seconds)
    until_answered(run, load, seconds)


def _round_robin(run: Running, load: Load, seconds: float) -> None:
    run.publisher.publish_round_robin(ROUND_ROBIN_RATE, seconds)
    until_answered(run, load, seconds)


class _FlowControl:
    """Lets the publisher go as far as the slowest watcher and the candidate's window more."""

    def __init__(self, run: Running, load: Load) -> None:
        self.granted = 0
        self._run = run
        self._load = load
        self._window = run.candidate.window

    def run_for(self, seconds: float) -> None:
        """Publishes and reads for so many seconds."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._grant(self._load.slowest() + self._window)
            if 0 < self._load.poll(0.05) < SMALL_READ_BYTES:
                time.sleep(SMALL_READ_PAUSE_SECONDS)

    def _grant(self, seq: int) -> None:
        if seq - self.granted >= max(1, self._window // 10):
            self._load.expect_up_to(seq)
            self._run.publisher.publish_up_to(seq)
            self.granted = seq


def until_answered(run: Running, load: Load, seconds: float) -> Json:
    """Reads until the publisher has published for so many seconds; returns its answer."""
    deadline = time.monotonic() + seconds + DRAIN_SECONDS
    while not select.select([run.publisher], [], [], 0)[0]:
        load.poll(0.02)
        if time.monotonic() > deadline:
            raise TimeoutError(f"{run.candidate.label} did not publish in time.")
    return run.publisher.answer()


def _drain(load: Load, due: int) -> float:
    """Reads until `due` messages have arrived or nothing more arrives; returns the time of the last arrival."""
    deadline = time.monotonic() + DRAIN_SECONDS
    last, size = time.monotonic(), _bytes(load)
    while _count(load) < due and time.monotonic() < min(deadline, last + QUIET_SECONDS):
        load.poll(0.01)
        if _bytes(load) > size:
            last, size = time.monotonic(), _bytes(load)
    return last


def faults(load: Load, published: int) -> Json:
    """What must not be: messages that did not arrive, came twice or in another order, and connections that were closed."""
    missing = sum(len(watcher.missing) + max(0, published - watcher.expected + 1) for watcher in load.watchers)
    return {
        "lost": missing,
        "disordered": sum(watcher.disordered for watcher in load.watchers),
        "repeated": sum(watcher.repeated for watcher in load.watchers),
        "closed": sum(not watcher.is_open for watcher in load.watchers),
    }


def _count(load: Load) -> int:
    return sum(watcher.count for watcher in load.watchers)


def _bytes(load: Load) -> int:
    return sum(watcher.wire_bytes for watcher in load.watchers)


def _counts(run: Running, load: Load) -> list[int]:
    """How many messages have been received from each server process."""
    by_port = dict.fromkeys((endpoint.port for endpoint in run.endpoints), 0)
    for watcher in load.watchers:
        by_port[watcher.handshake.port] += watcher.count
    return list(by_port.values())


def _own_cpu_seconds() -> float:
    usage = getrusage(RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
