"""The CPU time of a process and of all its descendants that are alive, from /proc."""

import os
from collections import defaultdict
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """User and system time, in seconds."""
    children: dict[int, list[int]] = defaultdict(list)
    ticks: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = entry.joinpath("stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended
        children[int(fields[1])].append(int(entry.name))
        ticks[int(entry.name)] = int(fields[11]) + int(fields[12])
    pending, total = [root], 0
    while pending:
        pid = pending.pop()
        total += ticks.get(pid, 0)
        pending += children[pid]
    return total / TICKS_PER_SECOND
