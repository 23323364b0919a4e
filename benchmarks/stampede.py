"""Lets 1,000 clients lose their connection and come back all at once: what each costs, and how soon it knows what it missed.

    python -m benchmarks.stampede [--clients 1000] [--no-publish]

All have watched before, with a token and a seq. They vanish without a goodbye, some events happen, and all connect again:
they authenticate, subscribe with `since`, and wait for the answer. Then the same with snapshots, and in many rooms. The servers that
people would pick instead only have to accept as many connections: they know no user and no state.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from benchmarks import reporting
from benchmarks.fanout.candidate import Candidate, Endpoint
from benchmarks.fanout.candidates import CANDIDATES, callboard_handshake
from benchmarks.fanout.chart import bars
from benchmarks.fanout.cores import Cores, allow_many_connections, two_cores
from benchmarks.fanout.handshake import Handshake, Step
from benchmarks.fanout.load import Load
from benchmarks.fanout.running import Running, running

NAME = "stampede"
CHART = reporting.PAGE.parent / "images" / "benchmarks" / "stampede.svg"
MISSED = 20  # events, while the clients are away
SETTLE_SECONDS = 3.0
GHOST_SECONDS = 20.0  # for the server to notice who has gone
GOAL_MILLISECONDS = 1.5
OTHERS = ("stock-uvicorn", "python-socketio", "socketio-node", "websockets")
# From one address, as behind a proxy that is not trusted; clients have many addresses.
ENVIRONMENT = {"REALTIME_CONNECTIONS_PER_ADDRESS": "100000"}

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """In how many rooms they are, and what they know when they come back."""

    label: str
    rooms: int
    has_seq: bool


PLANS = (
    Plan("one room, `since`", 1, has_seq=True),
    Plan("one room, snapshot", 1, has_seq=False),
    Plan("100 rooms, `since`", 100, has_seq=True),
)


def main() -> int:
    """Measures, prints, saves. The exit status says whether all came back, and no ghost stayed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the servers are stopped, too
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--publish", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    cores = two_cores()
    allow_many_connections()
    result: Json = {"machine": reporting.machine(), "clients": options.clients, "ours": [], "others": []}
    with running(replace(CANDIDATES[0], environment=ENVIRONMENT), cores) as run:
        _warm_up(run, callboard_handshake)
        for plan in PLANS:
            result["ours"].append({"label": plan.label, **_stampede(run, plan, options.clients)})
            print(result["ours"][-1], flush=True)
    for candidate in [candidate for candidate in CANDIDATES if candidate.name in OTHERS]:
        if not candidate.missing():
            result["others"].append({"label": candidate.label, **_other(candidate, cores, options.clients)})
            print(result["others"][-1], flush=True)
    result["machine"]["load_at_end"] = reporting.machine()["load_at_start"]
    reporting.save(NAME, result)
    if options.publish:
        CHART.write_text(_chart(result), encoding="utf-8")
        reporting.publish(NAME, _as_text(result))
    return 1 if any(one["errors"] or one["ghosts"] for one in result["ours"]) else 0


def _warm_up(run: Running, handshake: Callable[[Endpoint, str, int, Json], Handshake]) -> None:
    """What a server loads for its first connections does not count."""
    load, rooms = Load(), run.create_rooms(1)
    load.join_all([handshake(run.endpoints[0], rooms[0], number, run.about) for number in range(10)])
    load.close()
    run.wait_until_idle()


def _stampede(run: Running, plan: Plan, clients: int) -> Json:
    rooms, load = run.create_rooms(plan.rooms), Load()
    run.publisher.publish_up_to(1)
    load.join_all(run.handshakes(rooms, clients))
    load.read_for(SETTLE_SECONDS)
    load.close()  # without a close frame
    run.publisher.publish_up_to(1 + MISSED)
    _await_clients(run, 0)
    run.wait_until_idle()
    comebacks = [_comeback(run, rooms[number % len(rooms)], number, plan) for number in range(clients)]
    figures = _join(run, load, comebacks)
    ghosts = _await_clients(run, clients)
    load.close()
    return {**figures, "ghosts": ghosts + _await_clients(run, 0)}


def _comeback(run: Running, room: str, number: int, plan: Plan) -> Handshake:
    handshake = callboard_handshake(run.endpoints[0], room, number, run.about)
    if not plan.has_seq:
        return handshake
    subscribe = json.dumps({"type": "subscribe", "target": "workflow", "id": room, "since": 0}, separators=(",", ":"))
    return replace(handshake, steps=(replace(handshake.steps[0], reply=subscribe), Step(b'"type":"subscribed"')))


def _join(run: Running, load: Load, handshakes: list[Handshake]) -> Json:
    cpu = sum(run.cpu_seconds())
    joined = load.join(handshakes, at_once=len(handshakes))
    cpu = sum(run.cpu_seconds()) - cpu
    return {
        "errors": len(joined.errors),
        "error": joined.errors[:1],
        "cpu_milliseconds_each": round(1000 * cpu / len(handshakes), 2),
        "seconds": round(joined.seconds, 2),
        "p50": round(reporting.percentile(joined.seconds_each or [0.0], 0.5), 2),
        "p99": round(reporting.percentile(joined.seconds_each or [0.0], 0.99), 2),
    }


def _await_clients(run: Running, due: int) -> int:
    """Waits until the server has so many clients; returns how many more, or fewer, it has after GHOST_SECONDS."""
    deadline = time.monotonic() + GHOST_SECONDS
    while (wrong := abs(_clients(run) - due)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return wrong


def _clients(run: Running) -> int:
    text = httpx2.get(f"http://127.0.0.1:{run.endpoints[0].port}/metrics", timeout=30, trust_env=False).text
    return next(int(float(line.split()[1])) for line in text.splitlines() if line.startswith("callboard_clients "))


def _other(candidate: Candidate, cores: Cores, clients: int) -> Json:
    with running(candidate, cores) as run:
        _warm_up(run, candidate.handshake)
        load = Load()
        handshakes = run.handshakes(run.create_rooms(1), clients)
        return _join(run, load, handshakes)


# --- report ---------------------------------------------------------------------------------------


def _as_text(result: Json) -> str:
    head = ("who comes back", "CPU each, ms", "first answer, p50, s", "p99, s", "all, s", "errors", "ghosts")
    rows = [*(_row(f"**Callboard**, {one['label']}", one) for one in result["ours"])]
    rows += [_row(f"{one['label']} (connect only)", one) for one in result["others"]]
    return f"""## Stampede: {result["clients"]:,} clients come back at once

`python -m benchmarks.stampede`: {result["clients"]:,} clients vanish without a goodbye, {MISSED} events happen in each room, and all come back at the same moment:
each authenticates with its token and subscribes. First answer: from the first packet until `subscribed` has arrived, with what was missed or a
snapshot. CPU: of the server's process. Ghosts: clients that the server still counts when they have gone, or not when they are there. Who they are, what they
may see and what they missed is read from the database at that moment, once for all who wait (`realtime/joined.py`). The others do none of this: they only accept the
connection. Goal: at most {GOAL_MILLISECONDS:g} ms each, p99 below 2 s.

{reporting.table(head, rows)}

![CPU time of each client that comes back]({CHART.relative_to(reporting.PAGE.parent)})

{reporting.about_machine(result["machine"])}"""


def _row(label: str, one: Json) -> tuple[str, ...]:
    return (
        label,
        f"{one['cpu_milliseconds_each']:.2f}",
        *(f"{one[name]:.2f}" for name in ("p50", "p99", "seconds")),
        str(one["errors"]),
        str(one.get("ghosts", "")),
    )


def _chart(result: Json) -> str:
    rows = [
        (f"Callboard, {one['label']}".replace("`", ""), [one["cpu_milliseconds_each"]], True) for one in result["ours"]
    ]
    rows += [(one["label"], [one["cpu_milliseconds_each"]], False) for one in result["others"]]
    return bars("What each client that comes back costs", "milliseconds of CPU", ["CPU"], rows)


if __name__ == "__main__":
    sys.exit(main())
