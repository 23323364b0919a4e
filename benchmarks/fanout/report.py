"""Saves the figures in benchmarks/results; writes the section of docs/benchmarks.md and its charts from them."""

import json
from typing import Any

from benchmarks import reporting
from benchmarks.fanout import chart
from benchmarks.fanout.candidate import Candidate
from benchmarks.fanout.candidates import CANDIDATES

NAME = "fanout"
BEFORE = "fanout_before"
BEFORE_COMMIT = "commit 67e799b"
PROFILE = "fanout_profile"
CEILING = "raw-write"
SINGLE, PAIR, DEFLATED = "callboard-uvicorn", "callboard-valkey", "callboard-deflate"
IMAGES = reporting.ROOT / "docs" / "images" / "benchmarks"
BEFORE_SUFFIX = ", before coalescing"

Json = dict[str, Any]


def save(name: str, candidate: Candidate, measured: Json) -> None:
    """Saves the figures of a candidate beside those of the others."""
    saved = load(name)
    saved[candidate.name] = {"label": candidate.label, **measured}
    order = [one.name for one in CANDIDATES]
    reporting.save(name, dict(sorted(saved.items(), key=lambda item: order.index(item[0]))))


def load(name: str) -> Json:
    """The figures that are saved under this name; {} when there are none."""
    path = reporting.RESULTS / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def summary(measured: Json) -> str:
    """The most important figures, in one line."""
    if reason := measured.get("skipped"):
        return f"skipped, {reason}"
    few, many, crowd = measured["few"], measured["many"], measured["crowd"]
    return (
        f"{few['saturation']['deliveries_per_second']:,} / {many['saturation']['deliveries_per_second']:,} deliveries/s, "
        f"p50 {few['latency']['p50']} ms, p99 {few['latency']['p99']} ms, "
        f"{crowd['watchers']} connected in {crowd['seconds']} s, {crowd['bytes_per_connection'] / 1000:.0f} kB each, "
        f"{_lost(measured)} lost; the load generator was busy {100 * few['saturation']['load_share']:.0f} %"
    )


def publish() -> None:
    """Writes the section of docs/benchmarks.md and its charts from the saved figures."""
    measured, before = load(NAME), load(BEFORE)
    _draw(measured, before)
    reporting.publish(NAME, section(measured, before, load(PROFILE)))


def section(measured: Json, before: Json, profile: Json) -> str:
    """The section of docs/benchmarks.md."""
    parts = [INTRODUCTION, _saturation(measured, before), _calm(measured, before)]
    parts += [_ours(measured[SINGLE])] if SINGLE in measured else []
    parts += [_pair(measured[SINGLE], measured[PAIR])] if {SINGLE, PAIR} <= measured.keys() else []
    parts += [_compression(measured[SINGLE], measured[DEFLATED])] if {SINGLE, DEFLATED} <= measured.keys() else []
    parts += [_profile(profile)] if profile else []
    return "\n\n".join([*parts, _conditions(measured)])


INTRODUCTION = """## Fan-out: what a delivery costs

`python -m benchmarks.fanout` (with `benchmarks/requirements.txt`; Node, nginx with nchan where they are installed). The
server has one core, the load generator (all watchers) another one; one candidate at a time. All send the same events of about 240 bytes.
A delivery is one message received by one watcher; each message of a batch counts. Callboard is the whole application:
every watcher is authenticated and subscribed, every rate limit is on, and unless the label says otherwise a thread
publishes, as the coordinator does."""

SATURATION_HEAD = [
    "in saturation",
    "100 watchers, /s",
    "500 watchers, /s",
    "per CPU second, 100",
    "per CPU second, 500",
    "lost",
    "out of order",
    "lost of a burst",
    "load generator busy",
]
CALM_HEAD = [
    "at 100 × 10/s",
    "p50, ms",
    "p99, ms",
    "max, ms",
    "CPU at 100 × 1/s",
    "kB per connection",
    "1,000 connect, s",
]


def _measured(measured: Json, before: Json) -> list[tuple[str, Json]]:
    """The label and the figures of each candidate; those from before a change follow those of now."""
    rows = []
    for name, one in measured.items():
        if "few" in one and name != CEILING:
            rows.append((one["label"], one))
            if "few" in before.get(name, {}):
                rows.append((_plain(one["label"]) + BEFORE_SUFFIX, before[name]))
    return rows


def _saturation(measured: Json, before: Json) -> str:
    rows = [[label, *_saturated(one)] for label, one in _measured(measured, before)]
    text = f"""![Deliveries a second](images/benchmarks/fanout.svg)

{reporting.table(SATURATION_HEAD, rows)}

The publisher may be ahead of the slowest watcher by 900 messages with Callboard (which disconnects a client with more than 1,000 waiting), by 50 with the
Channels tutorial (which drops what exceeds 100), by 200 with the others. The burst is 500 messages at once to 100 watchers.
Callboard joins the messages that a room gets within 10 to 50 ms into one frame, encoded once for all its watchers; the others write a frame for every message and watcher. That
makes the difference; it is small where messages come one by one (below). Deliveries per CPU second count the CPU time of the server's process alone (nginx with its worker). Where they are far higher than deliveries per second, the server was
waiting: for the watchers, or because a busy room coalesces for up to 50 ms and no watcher may be more than 900 messages behind."""
    if before:
        text += f" Before coalescing: {BEFORE_COMMIT}, measured with this benchmark and the same libraries (uvloop among them), copied into it (`--keep-as {BEFORE}`)."
    if ceiling := measured.get(CEILING, {}).get("few"):
        most = ceiling["saturation"]["deliveries_per_second"]
        text += (
            f" From a server that only writes bytes, the load generator takes {most:,} deliveries a second: "
            "where it was busy for more than 80 % of the time, it was the limit, not the server."
        )
    return text


def _saturated(one: Json) -> list[str]:
    few, many = one["few"]["saturation"], one["many"]["saturation"]
    return [
        f"{few['deliveries_per_second']:,}",
        f"{many['deliveries_per_second']:,}",
        _each(few["deliveries_per_cpu_second"]),
        _each(many["deliveries_per_cpu_second"]),
        f"{_lost(one):,}",
        f"{few['disordered'] + many['disordered']:,}",
        f"{one['few']['burst']['lost_percent']:.0f} %",
        f"{100 * max(few['load_share'], many['load_share']):.0f} %",
    ]


def _each(figures: list[int]) -> str:
    return " + ".join(f"{figure:,}" for figure in figures)


def _lost(one: Json) -> int:
    return int(one["few"]["saturation"]["lost"] + one["many"]["saturation"]["lost"])


def _calm(measured: Json, before: Json) -> str:
    rows = []
    for label, one in _measured(measured, before):
        latency, crowd, share = one["few"]["latency"], one["crowd"], one["few"]["idle"]["cpu_share"]
        milliseconds = [f"{latency[figure]:.1f}" for figure in ("p50", "p99", "max")]
        seconds = f"{crowd['seconds']:.1f}" + (f" ({crowd['error_count']} failed)" if crowd["error_count"] else "")
        kilobytes = f"{crowd['bytes_per_connection'] / 1000:.0f}"
        rows.append([label, *milliseconds, f"{100 * share:.2f} %", kilobytes, seconds])
    return f"""{reporting.table(CALM_HEAD, rows)}

Latency: from before the message is handed to the server's publisher until the watcher has received it; events and progress in
turn. CPU: the share of one core at one message a second to each of 100 watchers. Memory: of each of 1,000 idle connections."""


def _ours(one: Json) -> str:
    held = one.get("held")
    text = f"**Many connections.** {one['crowd']['watchers']:,} watchers connected within {one['crowd']['seconds']:.1f} s, at most 40 handshakes at once, each authenticated and subscribed; "
    text += f"{one['crowd']['error_count']} errors; {one['crowd']['cpu_milliseconds_each']:.1f} ms of CPU each."
    if held:
        text += f" Of {held['watchers']:,} idle connections, {held['alive']:,} were open in the end."
    if "by_watchers" in one:
        text += """

**Scaling.** CPU at ten messages a second to every watcher of one room (dashed: the line of least squares); and at 500 messages a
second in turn to rooms of two watchers each, minus the CPU of the same connections while nothing is published. These are
single runs: from run to run a point of the second chart may differ by half.

![CPU by the number of watchers](images/benchmarks/fanout-watchers.svg)

![CPU by the number of rooms](images/benchmarks/fanout-rooms.svg)"""
    return text


def _pair(single: Json, pair: Json) -> str:
    few, many = (_shares(single[size], pair[size]) for size in ("few", "many"))
    return f"""**Two processes and Valkey**, with as many watchers each, both on one core: per CPU second of its own, the first process (which publishes,
encodes for the channel layer, and receives its own messages from it) delivers {few[0]:.0f} % of what one process without Redis does with 100 watchers,
the second one {few[1]:.0f} %; with 500 watchers {many[0]:.0f} % and {many[1]:.0f} %."""


def _shares(single: Json, pair: Json) -> list[float]:
    """Percent of what a single process delivers per CPU second."""
    alone = single["saturation"]["deliveries_per_cpu_second"][0]
    return [100 * figure / alone for figure in pair["saturation"]["deliveries_per_cpu_second"]]


def _compression(plain: Json, deflated: Json) -> str:
    rates = [one["few"]["saturation"]["deliveries_per_cpu_second"][0] for one in (plain, deflated)]
    sizes = [one["few"]["latency"]["bytes_per_delivery"] for one in (plain, deflated)]
    memory = [one["crowd"]["bytes_per_connection"] / 1000 for one in (plain, deflated)]
    return f"""**Compression** (`REALTIME_COMPRESSION`, uvicorn): {100 * rates[1] / rates[0]:.0f} % of the deliveries per CPU second and {memory[1]:.0f} kB
instead of {memory[0]:.0f} kB per connection, for {sizes[1]:.0f} instead of {sizes[0]:.0f} bytes per message on the wire at 100 × 10/s (these messages are more alike
than those of a film, and compress better). Off by default."""


def _profile(profile: Json) -> str:
    saturated, calm = profile["saturation"], profile["calm"]
    rows = [[layer, f"{100 * share:.0f} %", f"{100 * calm.get(layer, 0):.0f} %"] for layer, share in saturated.items()]
    head = ["where the CPU time goes", "in saturation", f"at {profile['calm_rate']:.0f} messages a second"]
    return f"""**Where the time of a delivery goes.** `python -m benchmarks.fanout --profile`: samples of Callboard's process (py-spy),
with {profile["watchers"]} watchers. Each sample counts for the innermost layer of its stack. uvloop is native code, which py-spy cannot look into:
its work, above all the socket write, counts for the layer that called it.

{reporting.table(head, rows)}"""


def _conditions(measured: Json) -> str:
    skipped = [f"{one['label']}: skipped, {one['skipped']}." for one in measured.values() if "skipped" in one]
    about = [one["machine"] for one in measured.values() if "machine" in one]
    loads = [one["load_at_start"] for one in about]
    if not about:
        return "\n".join(skipped)
    first = about[0]
    text = (
        f"Machine: {first['cores']} cores, {first['processor']}, Python {first['python']}, {first['measured_at'][:10]}; "
        f"load average before each candidate {min(loads)}–{max(loads)} (the benchmark itself adds up to 2)."
    )
    return "\n".join([*skipped, text])


def _draw(measured: Json, before: Json) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    rows = []
    for label, one in _measured(measured, before):
        values = [one[size]["saturation"]["deliveries_per_second"] for size in ("few", "many")]
        rows.append((_plain(label), values, "Callboard" in label and BEFORE_SUFFIX not in label))
    rows.sort(key=lambda row: -max(row[1]))
    title = "Deliveries a second, one core, in saturation"
    _write("fanout", chart.bars(title, "deliveries a second (logarithmic)", ["100 watchers", "500 watchers"], rows))
    ours = measured.get(SINGLE, {})
    for field, title in (
        ("watchers", "CPU at ten messages a second to every watcher"),
        ("rooms", "CPU at 500 messages a second, spread over rooms of two watchers"),
    ):
        if points := [(point[field], _percent(point)) for point in ours.get(f"by_{field}", [])]:
            drawn = chart.line(title, field, "% of a core", points, is_logarithmic=field == "rooms")
            _write(f"fanout-{field}", drawn)


def _percent(point: Json) -> float:
    return float(100 * (point["cpu_share"] - point.get("quiet_share", 0.0)))


def _write(name: str, svg: str) -> None:
    (IMAGES / f"{name}.svg").write_text(svg, encoding="utf-8")


def _plain(label: str) -> str:
    return label.replace("**", "")
