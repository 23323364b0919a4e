"""Measures API calls and admin pages with 20,000 workflows and 600,000 events in the database.

Fills a fresh database, calls everything through Django's test client, and says which call is slower than its limit.

    python -m benchmarks.large_installation [--workflows 20000] [--postgresql] [--folder KEPT] [--no-publish]
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import databases
from benchmarks.reporting import machine, publish, save, table

NAME = "large_installation"

Json = dict[str, Any]


def main() -> int:
    """Measures, prints, saves. The exit status says whether every call was quicker than its limit."""
    options = _options()
    with ExitStack() as stack:
        folder = options.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="callboard-benchmark-"))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "DATA_DIR": str(Path(folder, "data")),
            "LOG_LEVEL": "ERROR",
            "ACTIVE_WORKFLOWS_PER_USER": "100000",
            "WORKFLOWS_PER_HOUR": "100000",
        }
        if options.postgresql:
            os.environ["DATABASE_URL"] = stack.enter_context(databases.postgresql(Path(folder)))
        result = _measure(options.workflows)
    database = "PostgreSQL" if options.postgresql else "SQLite"
    text = _as_text(result, database)
    name = f"{NAME}_{database.lower()}"
    print(f"\n{text}\n\nSaved to {save(name, result)}.")
    if options.publish:
        publish(name, text)
    return 0 if all(call["p95_ms"] <= call["limit_ms"] for call in result["calls"]) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=20_000)
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    parser.add_argument("--folder", help="keeps the filled database there, or measures the one that is there")
    parser.add_argument(
        "--publish", action=argparse.BooleanOptionalAction, default=True, help="write docs/benchmarks.md, too"
    )
    return parser.parse_args()


def _measure(workflows: int) -> Json:
    import django  # noqa: PLC0415 - the settings are known only now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from benchmarks.large_installation import calls, filling  # noqa: PLC0415

    about = machine()
    call_command("migrate", verbosity=0)
    if not filling.is_filled(workflows):
        began = time.monotonic()
        filling.fill(workflows)
        print(f"Filled in {time.monotonic() - began:.0f} s.", flush=True)
    return {
        "machine": about,
        "rows": filling.counts(),
        "load_before": round(os.getloadavg()[0], 1),
        "calls": [*calls.measured()],
        "load_after": round(os.getloadavg()[0], 1),
    }


def _as_text(result: Json, database: str) -> str:
    head = ("call", "by", "best, ms", "p50, ms", "p95, ms", "CPU, ms", "limit, ms", "queries")
    rows = [
        (
            f"`{call['shown']}`",
            call["who"],
            f"{call['best_ms']:.1f}",
            f"{call['p50_ms']:.1f}",
            f"{call['p95_ms']:.1f}",
            f"{call['cpu_ms']:.1f}",
            str(call["limit_ms"]),
            str(call["queries"]),
        )
        for call in result["calls"]
    ]
    about, count = result["machine"], result["rows"]
    is_server = database == "PostgreSQL"
    return f"""## A large installation, on {database}

`python -m benchmarks.large_installation{" --postgresql" if is_server else ""}`: {count["workflow"]:,} workflows with {count["event"]:,} events,
{count["task"]:,} tasks and {count["artifact"]:,} artifacts; one workflow with {count["largest"]:,} tasks; each call through Django's test client, without the network.
CPU is the mean of the process{", without the database's" if is_server else " with SQLite in it"}; best is the quickest of 20 calls. These two depend little on what else the
machine does.
{_judged(result["calls"])}

{table(head, rows)}

Machine: {about["cores"]} cores, {about["processor"]}, Python {about["python"]}, {about["measured_at"][:10]}, shared with other work: load average {result["load_before"]} before, {result["load_after"]} after."""


def _judged(calls: list[Json]) -> str:
    slow, costly, never = (
        _named(call for call in calls if call[figure] > call["limit_ms"]) for figure in ("p95_ms", "cpu_ms", "best_ms")
    )
    if not slow:
        return "Every p95 is within its limit."
    return (
        f"With this load the p95 of {len(slow)} of {len(calls)} addresses is over its limit. "
        f"Over it by CPU: {', '.join(costly) or 'none'}; by the quickest call: {', '.join(never) or 'none'}."
    )


def _named(calls: Iterable[Json]) -> list[str]:
    return list(dict.fromkeys(f"`{call['shown']}`" for call in calls))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    sys.exit(main())
