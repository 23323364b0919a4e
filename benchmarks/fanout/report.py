"""The figures as JSON in benchmarks/results, and as a section of docs/benchmarks.md."""

import json
from typing import Any

from benchmarks import figures as results
from benchmarks.fanout.contestant import Contestant
from benchmarks.fanout.contestants import CONTESTANTS

NAME = "fanout"
BEFORE = "fanout_before"
HEAD = [
    "server, one core",
    "100 watchers, /s",
    "500 watchers, /s",
    "per CPU second",
    "lost",
    "burst lost",
    "p50, ms",
    "p99, ms",
    "max, ms",
    "kB a connection",
    "CPU at 100 × 1/s",
]

Json = dict[str, Any]


def keep(name: str, contestant: Contestant, measured: Json) -> None:
    """Adds these figures to those that are kept already."""
    kept = _kept(name)
    kept[contestant.name] = {"label": contestant.label, **measured}
    order = [one.name for one in CONTESTANTS]
    results.keep(name, dict(sorted(kept.items(), key=lambda item: order.index(item[0]))))


def in_short(measured: Json) -> str:
    """The most important figures in a line."""
    if reason := measured.get("skipped"):
        return f"skipped, {reason}"
    few, many, crowd = measured["few"], measured["many"], measured["crowd"]
    return (
        f"{few['saturation']['deliveries_per_second']:,} / {many['saturation']['deliveries_per_second']:,} deliveries/s, "
        f"p50 {few['latency']['p50']} ms, p99 {few['latency']['p99']} ms, "
        f"{crowd['watchers']} came in {crowd['seconds']} s, {crowd['bytes_per_connection'] / 1000:.0f} kB each; "
        f"{few['saturation']['lost'] + many['saturation']['lost']} lost"
    )


def publish() -> None:
    """Writes the section."""
    results.publish(NAME, _section(_kept(NAME), _kept(BEFORE)))


def _kept(name: str) -> Json:
    path = results.RESULTS / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _section(measured: Json, before: Json) -> str:
    rows = [_row(one["label"], one) for one in measured.values() if "few" in one]
    rows += [_row(f"{one['label']}, before the room gathered", one) for one in before.values() if "few" in one]
    return f"""## Fan-out

`python -m benchmarks.fanout`

{results.table(HEAD, rows)}
"""


def _row(label: str, one: Json) -> list[str]:
    few, many = one["few"], one["many"]
    saturated, latency = few["saturation"], few["latency"]
    return [
        label,
        f"{saturated['deliveries_per_second']:,}",
        f"{many['saturation']['deliveries_per_second']:,}",
        f"{saturated['deliveries_per_cpu_second'][0]:,}",
        f"{saturated['lost'] + many['saturation']['lost']:,}",
        f"{few['burst']['lost_percent']:.1f} %",
        f"{latency['p50']:.1f}",
        f"{latency['p99']:.1f}",
        f"{latency['max']:.1f}",
        f"{one['crowd']['bytes_per_connection'] / 1000:.0f}",
        f"{100 * few['idle']['cpu_share']:.2f} %",
    ]
