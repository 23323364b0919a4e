"""What one contestant goes through, in order: the crowd first, while its memory is fresh; then load; then silence."""

from collections.abc import Callable
from typing import Any

from benchmarks.fanout import measures
from benchmarks.fanout.contestant import Contestant
from benchmarks.fanout.cores import Cores
from benchmarks.fanout.load import Load
from benchmarks.fanout.running import Running, running
from benchmarks.fanout.sizes import Sizes
from benchmarks.figures import machine

LATENCY_RATE = 10.0
IDLE_RATE = 1.0

Json = dict[str, Any]
Say = Callable[[str], None]


class Stumbled(Exception):
    """A contestant could not be measured; what went wrong, and what its server has said."""


def run(contestant: Contestant, cores: Cores, sizes: Sizes, say: Say) -> Json:
    """All figures of this contestant.

    Raises: Stumbled.
    """
    about = machine()
    with running(contestant, cores) as present:
        try:
            return {"machine": about, **_figures(present, sizes, lambda what: say(f"{contestant.label}: {what} …"))}
        except Exception as error:
            raise Stumbled(f"{error!r}\n{present.said()}") from error


def _figures(present: Running, sizes: Sizes, say: Say) -> Json:
    load, figures = Load(), Json()
    say(f"{sizes.crowd} watchers come")
    figures["crowd"] = measures.crowd(present, load, sizes)
    if present.contestant.is_ours:
        say(f"{sizes.held} watchers stay")
        figures["held"] = measures.hold(present, load, sizes)
    _clear(present, load)
    figures["few"] = _at_few(present, load, sizes, say)
    say(f"saturation with {sizes.many} watchers")
    load.fill(present.handshakes(present.furnish(1), sizes.many * present.contestant.processes))
    figures["many"] = {
        "watchers": sizes.many * present.contestant.processes,
        "saturation": measures.saturation(present, load, sizes),
    }
    _clear(present, load)
    if present.contestant.is_charted:
        say("with ever more watchers")
        figures["by_watchers"] = measures.by_watchers(present, load, sizes)
        say("with ever more rooms")
        figures["by_rooms"] = measures.by_rooms(present, load, sizes)
    return figures


def _at_few(present: Running, load: Load, sizes: Sizes, say: Say) -> Json:
    load.fill(present.handshakes(present.furnish(1), sizes.few * present.contestant.processes))
    figures: Json = {"watchers": sizes.few * present.contestant.processes}
    say(f"saturation with {sizes.few} watchers")
    figures["saturation"] = measures.saturation(present, load, sizes)
    say(f"a burst of {sizes.burst} messages")
    figures["burst"] = measures.burst(present, load, sizes.burst)
    say("latency")
    figures["latency"] = measures.latency(present, load, LATENCY_RATE, sizes.latency)
    say("nearly nothing to do")
    figures["idle"] = measures.idle(present, load, IDLE_RATE, sizes.idle)
    _clear(present, load)
    return figures


def _clear(present: Running, load: Load) -> None:
    load.leave()
    present.settle()
