"""Measures the latency of progress messages while the machine is busy making a film.

Starts a real server, signs in, starts idea2video and watches it twice at the same time: over the socket, and by polling
the REST API every second. Server and watcher read the same clock; `timestamp` is taken where the agent reports, in whole
milliseconds rounded down, so that latencies come out up to 1 ms too long.

    python -m benchmarks.progress_latency [--scenes 3] [--idea "…"] [--film FILE] [--no-publish]
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx2

from agents.studio import ffmpeg
from benchmarks.reporting import machine, percentile, publish, save, table
from benchmarks.server import Server, running_server
from benchmarks.watchers import Poller, SocketWatcher, Update, unix_time

NAME = "progress_latency"
IDEA = "A lighthouse keeper and her brother relight the lamp in the worst storm of the century"
LONGEST_SECONDS = 900.0
POLL_SECONDS = 1.0
GOAL_SECONDS = 0.1  # p99 of progress, from being reported to being received
SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}

Json = dict[str, Any]


def main() -> int:
    """Measures, prints, saves. The exit status says whether the goal was reached."""
    options = _options()
    about = machine()
    with running_server() as server:
        print(f"Making “{options.idea}” in {options.scenes} scenes…", flush=True)
        result = asyncio.run(asyncio.wait_for(_measure(server, options), LONGEST_SECONDS))
        result |= {"memory_mebibytes": asdict(server.memory), "machine": about}
    text = _as_text(result)
    print(f"\n{text}\n")
    print(f"Saved to {save(NAME, result)}.")
    if options.publish:
        publish(NAME, text)
    return 0 if result["socket"]["progress"]["p99"] <= GOAL_SECONDS and result["state"] == "completed" else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idea", default=IDEA)
    parser.add_argument("--scenes", type=int, default=3)
    parser.add_argument("--film", type=Path, help="where to save the film")
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    return parser.parse_args()


async def _measure(server: Server, options: argparse.Namespace) -> Json:
    """Makes one film and watches it until it is over."""
    token = server.token()
    watcher = SocketWatcher(server.socket_url, token)
    poller = Poller(server.url, token, POLL_SECONDS)
    async with asyncio.TaskGroup() as tasks, _client(server, token) as client:
        workflow: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        watching = tasks.create_task(watcher.watch(workflow))
        await watcher.connected.wait()
        began = time.monotonic()
        request = {"pipeline": "idea2video", "input": {"idea": options.idea, "scenes": options.scenes}}
        made = (await client.post("/api/workflows/", json=request)).raise_for_status().json()
        workflow.set_result(made["id"])
        polling = tasks.create_task(poller.watch(made["id"]))
        await watching
        total = time.monotonic() - began
        await polling
        snapshot = (await client.get(f"/api/workflows/{made['id']}/")).raise_for_status().json()
        film = await _film(client, snapshot)
    if options.film and film:
        options.film.write_bytes(film)
    return {
        "state": watcher.state,
        "seconds_from_post_to_completed": round(total, 1),
        "film_seconds": _length(film),
        "scenes": options.scenes,
        "poll_every_seconds": POLL_SECONDS,
        "polls": len(poller.polls),
        "stage_seconds": _stage_seconds(snapshot),
        **_latencies(watcher.updates, poller),
    }


def _client(server: Server, token: str) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=60, trust_env=False)


async def _film(client: httpx2.AsyncClient, snapshot: Json) -> bytes:
    """The finished film; b"" when there is none."""
    urls = [artifact["url"] for artifact in snapshot["artifacts"] if artifact["kind"] == "video"]
    return (await client.get(urls[0])).raise_for_status().content if urls else b""


def _length(film: bytes) -> float:
    """The length of the film in seconds, as ffmpeg reads it; 0.0 when there is none."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(film)
        file.flush()
        output = subprocess.run(
            [ffmpeg.executable(), "-i", file.name], capture_output=True, text=True, check=False
        ).stderr
    found = re.search(r"Duration: (\d+):(\d+):([\d.]+)", output)
    hours, minutes, seconds = found.groups() if found else (0, 0, 0)
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 1)


def _stage_seconds(snapshot: Json) -> dict[str, float]:
    """Seconds from the first start to the last end of each stage's tasks; stages overlap."""
    seconds = {}
    for stage in snapshot["stages"]:
        tasks = [task for task in stage["tasks"] if task["started_at"] and task["finished_at"]]
        if tasks:
            first = min(unix_time(task["started_at"]) for task in tasks)
            seconds[stage["name"]] = round(max(unix_time(task["finished_at"]) for task in tasks) - first, 1)
    return seconds


def _latencies(updates: list[Update], poller: Poller) -> Json:
    socket, polling = {}, {}
    for kind in ("progress", "event"):
        of_kind = [one for one in updates if one.kind == kind]
        socket[kind] = _summary([one.latency for one in of_kind])
        polling[kind] = _summary(poller.staleness(of_kind))
    progress = [one for one in updates if one.kind == "progress"]
    return {"socket": socket, "polling": {**polling, "progress_seen": poller.seen(progress)}}


def _summary(seconds: list[float]) -> dict[str, float]:
    return {"count": len(seconds), **{name: round(percentile(seconds, share), 4) for name, share in SHARES.items()}}


def _as_text(result: Json) -> str:
    """The section of docs/benchmarks.md."""
    about, memory, polling = result["machine"], result["memory_mebibytes"], result["polling"]
    rows = [
        _row("progress, over the socket", result["socket"]["progress"]),
        _row("events, over the socket", result["socket"]["event"]),
        _row(f"progress, polled every {result['poll_every_seconds']:.0f} s", polling["progress"]),
        _row(f"events, polled every {result['poll_every_seconds']:.0f} s", polling["event"]),
    ]
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in result["stage_seconds"].items())
    return f"""## Progress while a film is being made

`python -m benchmarks.{NAME}`: one server process, SQLite, in-memory channel layer; idea2video with
{result["scenes"]} scenes; one watcher on the socket and one that polls, in the same run. Milliseconds from an agent's report
until the watcher has received it.

{table(["what", "count", *(f"{name}, ms" for name in SHARES)], rows)}

The poller saw {polling["progress_seen"]} of {result["socket"]["progress"]["count"]} progress messages; the others were replaced by newer ones between two polls.
From POST to completed: {result["seconds_from_post_to_completed"]:.1f} s for a film of {result["film_seconds"]} s (stages, which overlap, in seconds: {stages}).
Peak memory: {memory["server"]:.0f} MiB of the server, {memory["with_children"]:.0f} MiB with its drawing and encoding processes.
Machine: {about["cores"]} cores, {about["processor"]}, Python {about["python"]}, {about["measured_at"][:10]}; {_other_work(about)}."""


def _other_work(about: Json) -> str:
    load = f"load {about['load_at_start']} before it began"
    return (
        f"busy with other work ({load}), so that every figure is worse than on an idle machine"
        if about["load_at_start"] > 1
        else load
    )


def _row(name: str, summary: dict[str, float]) -> list[str]:
    return [name, f"{summary['count']:,.0f}", *(f"{summary[share] * 1000:,.1f}" for share in SHARES)]


if __name__ == "__main__":
    sys.exit(main())
