"""What all benchmarks share: percentiles, Markdown tables, the JSON results, and the sections of docs/benchmarks.md."""

import json
import math
import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
PAGE_HEAD = """# Benchmarks

Measured on the running product; every section names the command that writes it. Figures depend on the machine: run
them on yours.
"""

BUSY_LOAD = 1.0  # before a benchmark begins

Row = Sequence[str]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all values lie (nearest rank).

    Raises: ValueError without values.
    """
    if not values:
        raise ValueError("There are no values.")
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * share) - 1)]


def table(head: Row, rows: Sequence[Row]) -> str:
    """A Markdown table, aligned to be readable as text, too. The first column is left-aligned, the others right-aligned."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [head, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])], *rows]
    return "\n".join("| " + " | ".join(_cells(line, widths)) + " |" for line in lines)


def _cells(line: Row, widths: Sequence[int]) -> list[str]:
    first, *others = zip(line, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def machine() -> dict[str, Any]:
    """The machine, and its load average at the start."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "cores": os.cpu_count(),
        "processor": model.group(1) if model else platform.machine(),
        "python": platform.python_version(),
        "load_at_start": round(os.getloadavg()[0], 2),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def about_machine(machine: dict[str, Any]) -> str:
    """A sentence about the machine and how busy it was: the figures of a busy one are worse than it could do."""
    loads = f"load average {machine['load_at_start']} before it began, {machine['load_at_end']} at the end"
    is_busy = machine["load_at_start"] > BUSY_LOAD
    busy = "; **busy with other work**, so that every figure is worse than on an idle machine" if is_busy else ""
    about = (
        f"{machine['cores']} cores, {machine['processor']}, Python {machine['python']}, {machine['measured_at'][:10]}"
    )
    return f"Machine: {about}; {loads}{busy}."


def save(name: str, result: dict[str, Any]) -> Path:
    """Writes the result to benchmarks/results/NAME.json; returns the path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return path


def publish(name: str, text: str) -> None:
    """Puts the section into docs/benchmarks.md, in place of the one that is there."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else PAGE_HEAD
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = f"{opening}\n{text.strip()}\n{closing}"
    former = re.compile(f"{re.escape(opening)}.*?{re.escape(closing)}", re.DOTALL)
    page = former.sub(lambda _: section, page) if former.search(page) else f"{page.rstrip()}\n\n{section}\n"
    PAGE.write_text(page, encoding="utf-8")
