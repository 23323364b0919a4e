"""What is measured of one candidate, in order: connecting first, while its memory is fresh; then load; then idling."""

from collections.abc import Callable
from typing import Any

from benchmarks.fanout import measures
from benchmarks.fanout.candidate import Candidate
from benchmarks.fanout.cores import Cores
from benchmarks.fanout.load import Load
from benchmarks.fanout.running import Running, running
from benchmarks.fanout.workload import Workload
from benchmarks.reporting import machine

LATENCY_RATE = 10.0  # messages a second
IDLE_RATE = 1.0

Json = dict[str, Any]
ShowStep = Callable[[str], None]


class MeasurementFailed(Exception):
    """A candidate could not be measured: the error, and the end of its server's output."""


def measure(candidate: Candidate, cores: Cores, workload: Workload, show_step: ShowStep) -> Json:
    """All figures of this candidate; `show_step` is told what is being measured.

    Raises: MeasurementFailed.
    """
    about = machine()
    with running(candidate, cores) as run:
        try:
            figures = _figures(run, workload, lambda step: show_step(f"{candidate.label}: {step} …"))
        except Exception as error:
            raise MeasurementFailed(f"{error!r}\n{run.output()}") from error
    return {"machine": about, **figures}


def _figures(run: Running, workload: Workload, show_step: ShowStep) -> Json:
    load, figures = Load(), Json()
    show_step(f"{workload.crowd} watchers connect")
    figures["crowd"] = measures.crowd(run, load, workload)
    if run.candidate.is_ours:
        show_step(f"{workload.held} watchers stay connected")
        figures["held"] = measures.hold(run, load, workload)
    _clear(run, load)
    figures["few"] = _with_few_watchers(run, load, workload, show_step)
    show_step(f"saturation with {workload.many} watchers")
    watchers = workload.many * run.candidate.processes
    load.join_all(run.handshakes(run.create_rooms(1), watchers))
    figures["many"] = {"watchers": watchers, "saturation": measures.saturation(run, load, workload)}
    _clear(run, load)
    if run.candidate.is_charted:
        show_step("scaling with the number of watchers")
        figures["by_watchers"] = measures.by_watchers(run, load, workload)
        show_step("scaling with the number of rooms")
        figures["by_rooms"] = measures.by_rooms(run, load, workload)
    return figures


def _with_few_watchers(run: Running, load: Load, workload: Workload, show_step: ShowStep) -> Json:
    watchers = workload.few * run.candidate.processes
    load.join_all(run.handshakes(run.create_rooms(1), watchers))
    figures: Json = {"watchers": watchers}
    show_step(f"saturation with {workload.few} watchers")
    figures["saturation"] = measures.saturation(run, load, workload)
    show_step(f"a burst of {workload.burst} messages")
    figures["burst"] = measures.burst(run, load, workload.burst)
    show_step("latency")
    figures["latency"] = measures.latency(run, load, LATENCY_RATE, workload.latency)
    show_step("CPU at one message a second")
    figures["idle"] = measures.idle(run, load, IDLE_RATE, workload.idle)
    _clear(run, load)
    return figures


def _clear(run: Running, load: Load) -> None:
    load.close()
    run.wait_until_idle()
