"""The messages that are sent: an event and a progress message as Callboard sends them, and the marks that tell them.

A mark is looked for in what comes over the wire, whatever frames are around it.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
MOMENT = "2026-11-23T08:00:00.000Z"
SEQ_PATTERN = rb'"seq": ?(\d+), ?"kind"'
STAMP_PATTERN = rb"stamp=(\d+);"
LONGEST_MARK = 64  # bytes


@dataclass(frozen=True)
class Mark:
    """What to look for, and the bytes with which it closes."""

    pattern: re.Pattern[bytes]
    closing: bytes


SEQ = Mark(re.compile(SEQ_PATTERN), b'"kind"')
STAMP = Mark(re.compile(STAMP_PATTERN), b";")


def event(room: str, seq: int, stamp: str = "") -> Json:
    """An event of about 240 bytes; `stamp` goes into its data."""
    task = {"task": "frames/1.2", "agent": "camera", "attempt": 1, "started_at": MOMENT}
    return {
        "type": "event",
        "workflow_id": room,
        "seq": seq,
        "kind": "task_started",
        "data": {**task, "message": stamp} if stamp else task,
        "timestamp": MOMENT,
    }


def progress(room: str, seq: int, stamp: str = "") -> Json:
    """A progress message of about 250 bytes."""
    return {
        "type": "progress",
        "workflow_id": room,
        "state": "running",
        "progress": 0.42,
        "stage": "Frames",
        "message": stamp or "Frame 4 of 10",
        "eta": {"p50": 31.0, "p90": 44.0},
        "seq": seq,
        "tasks": {"frames/1.2": 0.4},
        "timestamp": MOMENT,
        "merged": 0,
    }


def stamp() -> str:
    """The present moment of the clock that all processes of a machine share, in nanoseconds."""
    return f"stamp={time.monotonic_ns()};"
