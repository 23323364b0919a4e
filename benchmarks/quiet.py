"""Measures what rooms cost in which little happens, and how soon the little arrives, beside what people would pick instead.

    python -m benchmarks.quiet [--only callboard-uvicorn,nchan] [--rounds 3] [--no-publish]

100 watchers of one room: nothing at all, one message a second, ten a second. One candidate after the other, and all again
in each round, so that other work on the machine meets all of them; the best round counts.
"""

import argparse
import signal
import sys
from typing import Any

from benchmarks import reporting
from benchmarks.fanout import measures
from benchmarks.fanout.candidate import Candidate
from benchmarks.fanout.candidates import CANDIDATES
from benchmarks.fanout.chart import bars
from benchmarks.fanout.cores import Cores, allow_many_connections, two_cores
from benchmarks.fanout.load import Load
from benchmarks.fanout.running import running

NAME = "quiet"
CHART = reporting.PAGE.parent / "images" / "benchmarks" / "quiet.svg"
WATCHERS = 100
SECONDS = 10.0
OTHERS = ("stock-uvicorn", "python-socketio", "socketio-node", "websockets", "nchan")

Json = dict[str, Any]


def main() -> int:
    """Measures, prints, saves."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the servers are stopped, too
    known = [candidate for candidate in CANDIDATES if candidate.name in ("callboard-uvicorn", *OTHERS)]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(candidate.name for candidate in known))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--publish", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    chosen = [one for one in known if one.name in options.only.split(",") and not one.missing()]
    cores = two_cores()
    allow_many_connections()
    result: Json = {"machine": reporting.machine(), "rounds": options.rounds, "candidates": []}
    measured: dict[str, list[Json]] = {one.name: [] for one in chosen}
    for _ in range(options.rounds):
        for one in chosen:
            measured[one.name].append(_measure(one, cores))
            print(one.name, measured[one.name][-1], flush=True)
    for one in chosen:
        rounds = measured[one.name]
        best = {name: min(figures[name] for figures in rounds) for name in rounds[0]}
        result["candidates"].append({"name": one.name, "label": one.label, **best})
    result["machine"]["load_at_end"] = reporting.machine()["load_at_start"]
    reporting.save(NAME, result)
    if options.publish:
        CHART.write_text(_chart(result), encoding="utf-8")
        reporting.publish(NAME, _as_text(result))
    return 0


def _measure(candidate: Candidate, cores: Cores) -> Json:
    """Shares of a core, and milliseconds."""
    with running(candidate, cores) as run:
        load = Load()
        load.join_all(run.handshakes(run.create_rooms(1), WATCHERS))
        load.measure_latency()
        run.wait_until_idle()
        silent = measures.share(run, lambda: load.read_for(SECONDS))
        calm = measures.idle(run, load, 1.0, SECONDS)["cpu_share"]
        latency = measures.latency(run, load, 10.0, SECONDS)
        return {"silent": round(silent, 5), "calm": calm, "p50": latency["p50"], "p99": latency["p99"]}


# --- report ---------------------------------------------------------------------------------------


def _as_text(result: Json) -> str:
    head = ("100 watchers", "CPU, nothing sent", "CPU, 1 message/s", "p50 at 10/s, ms", "p99 at 10/s, ms")
    return f"""## Quiet rooms: what it costs when little happens

`python -m benchmarks.quiet`: 100 watchers of one room, the best of {result["rounds"]} rounds. CPU: the share of one core that the server's processes use for everything,
with Callboard also its runner, which looks for work and says that it is alive. Latency as above. Goals: at most 0.3 % at one message a
second, p50 at most 1.0 ms.

{reporting.table(head, [_row(one) for one in result["candidates"]])}

![CPU in quiet rooms]({CHART.relative_to(reporting.PAGE.parent)})

{reporting.about_machine(result["machine"])}"""


def _row(one: Json) -> tuple[str, ...]:
    return (one["label"], f"{one['silent']:.2%}", f"{one['calm']:.2%}", f"{one['p50']:.2f}", f"{one['p99']:.2f}")


def _chart(result: Json) -> str:
    rows = [
        (one["label"].replace("*", ""), [100 * one["calm"], 100 * one["silent"]], "callboard" in one["name"])
        for one in result["candidates"]
    ]
    return bars("100 watchers", "% of a core", ["one message a second", "nothing sent"], rows)


if __name__ == "__main__":
    sys.exit(main())
