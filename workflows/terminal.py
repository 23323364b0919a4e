"""Renders a workflow's snapshot for the terminal."""

from typing import Any

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

Json = dict[str, Any]

STATE_MARKS = {
    "pending": ("·", "dim"),
    "running": ("▶", "cyan"),
    "completed": ("✓", "green"),
    "failed": ("✗", "red"),
    "cancelled": ("-", "yellow"),
}
BAR_COLUMNS = 32


def rendered(snapshot: Json) -> RenderableType:
    """Progress bars of the workflow and its stages, the current message, the time left, and errors of tasks."""
    return Group(_head(snapshot), _stages(snapshot["stages"]), *_problems(snapshot))


def _head(snapshot: Json) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_row(Text(snapshot["title"], style="bold"), Text(snapshot["state"], style="cyan"))
    table.add_row(_bar(snapshot["progress"]), f"{snapshot['progress']:>4.0%}  {time_left(snapshot['eta'])}")
    table.add_row(Text(snapshot["message"], style="dim"))
    return table


def _stages(stages: list[Json]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for stage in stages:
        mark, style = STATE_MARKS[stage["state"]]
        done = sum(task["state"] == "completed" for task in stage["tasks"])
        count = f"{done} of {len(stage['tasks'])}" if stage["tasks"] else ""
        table.add_row(Text(mark, style=style), stage["name"], _bar(stage["progress"]), Text(count, style="dim"))
    return table


def _problems(snapshot: Json) -> list[RenderableType]:
    failed = [task for stage in snapshot["stages"] for task in stage["tasks"] if task["error"]]
    return [Text(f"{task['key']}: {task['error']['message']}", style="red") for task in failed]


def _bar(fraction: float) -> ProgressBar:
    return ProgressBar(total=1.0, completed=fraction, width=BAR_COLUMNS)


def time_left(eta: Json | None) -> str:
    """The time left in words ("about 20-35 s left"), or "" when it is unknown."""
    if not eta:
        return ""
    low, high = round(eta["p50"]), round(eta["p90"])
    return f"about {low}-{high} s left" if high > low else f"about {low} s left"
