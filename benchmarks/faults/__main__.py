"""Hits each part in the middle of a film's worth of work, and looks at what becomes of work, watchers, and words.

    python -m benchmarks.faults [--only WORDS] [--no-publish]

Two web servers, a worker, PostgreSQL and Valkey. A workflow prints a book (benchmarks/crashes: its SHA-256 is known beforehand); one
watcher follows it over the socket and connects again when it is cut off, and somebody asks the API what it says. Once the first
pages are printed the fault begins; after its seconds it ends.
"""

import argparse
import os
import re
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import databases
from benchmarks.crashes.processes import running
from benchmarks.faults.parts import Slowed, Undo, World, fill, send, silent_connections
from benchmarks.reporting import about_machine, machine, publish, save, table

NAME = "faults"
ASK_SECONDS = 0.5  # between two questions of what the API says
ANSWER_SECONDS = 5.0
WORKFLOW_SECONDS = 240.0
WATCHER_SECONDS = 20.0
GOAL_SECONDS = 30.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """`begin` does it and returns what ends it. `words`: one of what is said meanwhile must match; "": nothing has to be said."""

    what: str
    part: str
    seconds: float
    begin: Callable[[World], Undo]
    words: str = ""

    @property
    def label(self) -> str:
        """As the table shows it."""
        return f"{self.part}: {self.what}"


def _killed(part: str) -> Callable[[World], Undo]:
    def begin(world: World) -> Undo:
        hit = getattr(world, part)
        hit.kill()
        start: Undo = hit.start
        return start

    return begin


def _stopped(part: str) -> Callable[[World], Undo]:
    def begin(world: World) -> Undo:
        pid = getattr(world, part).pid
        send(pid, signal.SIGSTOP)
        return lambda: send(pid, signal.SIGCONT)

    return begin


def _slowed(part: str) -> Callable[[World], Undo]:
    return lambda world: Slowed(getattr(world, part).pid).end


def _delayed(part: str, seconds: float) -> Callable[[World], Undo]:
    def begin(world: World) -> Undo:
        proxy = getattr(world, part).proxy
        proxy.delay = seconds
        return lambda: setattr(proxy, "delay", 0.0)

    return begin


def _web_filled(world: World) -> Undo:
    silent = silent_connections(world.web.port, 200)

    def close() -> None:
        for one in silent:
            one.close()

    return close


def _valkey_filled(world: World) -> Undo:
    world.valkey.configure(maxmemory="1", **{"maxmemory-policy": "noeviction"})
    return lambda: world.valkey.configure(maxmemory="0")


def _postgres_filled(world: World) -> Undo:
    import psycopg  # noqa: PLC0415 - only where it is needed

    held: list[Any] = []
    try:
        while len(held) < 500:
            held.append(psycopg.connect(world.postgres.url, connect_timeout=2))
    except psycopg.OperationalError:
        pass  # that is the last one
    return lambda: [one.close() for one in held]


def _disk_filled(world: World) -> Undo:
    filler = fill(world.disk)
    return lambda: filler.unlink(missing_ok=True)


def _jump(seconds: str) -> Callable[[World], Undo]:
    def begin(world: World) -> Undo:
        world.clock.jump(seconds)
        return lambda: world.clock.jump("+0")

    return begin


def _press(state: str) -> Callable[[World], Undo]:
    def begin(world: World) -> Undo:
        world.press.write_text(state)
        return lambda: world.press.unlink(missing_ok=True)

    return begin


NOBODY = r"Nobody runs work|worker is gone"
FAULTS = (
    Fault("killed", "web", 0.0, _killed("web"), r"no answer"),
    Fault("stopped", "web", 10.0, _stopped("web"), r"no answer"),
    Fault("slowed", "web", 10.0, _slowed("web")),
    Fault("filled with silent connections", "web", 10.0, _web_filled),
    Fault("killed, started after 20 s", "worker", 20.0, _killed("worker"), NOBODY),
    Fault("stopped", "worker", 25.0, _stopped("worker"), NOBODY),
    Fault("slowed", "worker", 10.0, _slowed("worker")),
    Fault("killed, started after 5 s", "Valkey", 5.0, _killed("valkey")),
    Fault("stopped", "Valkey", 10.0, _stopped("valkey")),
    Fault("filled", "Valkey", 10.0, _valkey_filled),
    Fault("slowed (0.2 s a packet)", "Valkey", 10.0, _delayed("valkey", 0.2)),
    Fault("killed, started after 5 s", "PostgreSQL", 5.0, _killed("postgres"), r"50\d|no answer"),
    Fault("stopped", "PostgreSQL", 10.0, _stopped("postgres"), r"50\d|no answer"),
    Fault("filled with connections", "PostgreSQL", 10.0, _postgres_filled),
    Fault("slowed (50 ms a packet)", "PostgreSQL", 10.0, _delayed("postgres", 0.05)),
    Fault("full", "disk", 3.0, _disk_filled, r"space"),
    Fault("slow: no sign of life", "agent", 25.0, _press("slow"), r"no sign of life"),
    Fault("does not answer", "provider", 4.0, _press("down"), r"press does not answer"),
    Fault("reads nothing", "watcher", 10.0, lambda _: lambda: None),
    # The last ones: what a jump leaves behind must not spoil the others.
    Fault("+1 h", "clock", 10.0, _jump("+3600")),
    Fault("-1 h", "clock", 10.0, _jump("-3600")),
)


def main() -> int:
    """Hits, prints, saves. The exit status says whether all was right after every fault."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # stops what it has started
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="faults whose name contains this, such as Valkey")
    parser.add_argument("--publish", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    result: Json = {"machine": machine(), "faults": []}
    with tempfile.TemporaryDirectory(prefix="callboard-faults-") as folder, ExitStack() as stack:
        for one in _hit_all(Path(folder), stack, [fault for fault in FAULTS if options.only in fault.label]):
            print(f"{one['label']}: {one}", flush=True)
            result["faults"].append(one)
    result["machine"]["load_at_end"] = machine()["load_at_start"]
    if not options.only:
        save(NAME, result)
        if options.publish:
            publish(NAME, _as_text(result))
    return 1 if any(one["flaws"] for one in result["faults"]) else 0


def _hit_all(folder: Path, stack: ExitStack, faults: list[Fault]) -> Iterator[Json]:
    password = secrets.token_urlsafe(16)
    shared = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.crashes.settings",
        "RUNNER": "none",
        "RUNNER_THREADS": "4",
        "ACCESS_TOKEN_SECONDS": "86400",
        "WORKFLOWS_PER_HOUR": "1000",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CALLBOARD_ADMIN_PASSWORD": password,
    }
    world = World(folder, stack, shared)
    direct = databases.empty_database(world.postgres.url)
    world.web = world.service("web", "script.serve", database=direct)
    world.other = world.service("other", "script.serve", database=direct)
    world.worker = world.service("worker", "manage", "worker", database=direct)
    for service in (world.web, world.other, world.worker):
        stack.enter_context(running(service))
        if service is not world.worker:
            service.wait_until_it_answers()
    # This process reads the database itself, past the proxy: trial.py sets Django up for it.
    os.environ.update(shared, DATABASE_URL=direct, DATA_DIR=str(folder / "web"), MEDIA_DIR=str(world.disk))
    from benchmarks.faults.visit import Visit  # noqa: PLC0415

    visit = Visit(world, password)
    for fault in faults:
        reason = world.no_disk if fault.part == "disk" else ""
        if fault.part == "clock" and not world.clock.environment:
            reason = "libfaketime is not installed"
        about = {"label": fault.label, "seconds": fault.seconds}
        yield {**about, "skipped": reason, "flaws": []} if reason else {**visit.hit(fault), **about}


# --- report ---------------------------------------------------------------------------------------


def _as_text(result: Json) -> str:
    head = (
        "fault",
        "lasts, s",
        "completed",
        "done twice",
        "holes",
        "watcher complete",
        "goes on after, s",
        "what people read",
    )
    return f"""## Faults: what becomes of the work, and what people read

`python -m benchmarks.faults`: two web servers, a worker, PostgreSQL and Valkey; each fault begins in the middle of a workflow (22 tasks, a book whose SHA-256
is known beforehand) and ends after its seconds. Completed: with the right book. Done twice: attempts at a task that had been completed. Holes: in the numbers of
the events. Watcher complete: a client over the socket, which connects again when it is cut off, received every event exactly once and in order. Goes on after:
seconds from the end of the fault until the next event; 0: it went on meanwhile. What people read: what the API said while it lasted, where it was
anything but that work goes on. Goal: nothing lost, nothing twice, at most {GOAL_SECONDS:.0f} s.

{table(head, [_row(one) for one in result["faults"]])}

{about_machine(result["machine"])}"""


def _row(one: Json) -> tuple[str, ...]:
    if one.get("skipped"):
        return (one["label"], "", "", "", "", "", "", f"not tried: {one['skipped']}")
    words = " · ".join(re.sub(r"\s+", " ", word)[:110] for word in one["words"][:3])
    flaws = f" **Wrong: {', '.join(one['flaws'])}.**" if one["flaws"] else ""
    return (
        one["label"],
        f"{one['seconds']:g}",
        "yes" if one["is_right"] and one["state"] == "completed" else one["state"],
        str(one["done_twice"]),
        "yes" if one["has_holes"] else "none",
        "yes" if one["watched"] else "no",
        f"{one['goes_on_after']:.1f}" if one["goes_on_after"] is not None else "–",
        (words or "nothing") + flaws,
    )


if __name__ == "__main__":
    sys.exit(main())
