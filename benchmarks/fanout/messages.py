"""The messages that are sent: an event and a progress message as Callboard sends them, and the marks by which they
are found in the bytes of a connection, whatever frames are around them.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
TIMESTAMP = "2026-11-23T08:00:00.000Z"
SEQ_PATTERN = rb'"seq": ?(\d+), ?"kind"'
STAMP_PATTERN = rb"stamp=(\d+);"
LONGEST_MARK = 64  # bytes


@dataclass(frozen=True)
class Mark:
    """The pattern to search for, and the bytes at its end."""

    pattern: re.Pattern[bytes]
    closing: bytes


SEQ = Mark(re.compile(SEQ_PATTERN), b'"kind"')
STAMP = Mark(re.compile(STAMP_PATTERN), b";")


def event(room: str, seq: int, stamp: str = "") -> Json:
    """An event of about 240 bytes; `stamp` goes into its data."""
    task = {"task": "frames/1.2", "agent": "camera", "attempt": 1, "started_at": TIMESTAMP}
    return {
        "type": "event",
        "workflow_id": room,
        "seq": seq,
        "kind": "task_started",
        "data": {**task, "message": stamp} if stamp else task,
        "timestamp": TIMESTAMP,
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
        "eta": {"p10": 25.0, "p50": 31.0, "p90": 44.0, "late": False},
        "seq": seq,
        "tasks": {"frames/1.2": 0.4},
        "timestamp": TIMESTAMP,
        "merged": 0,
    }


def stamp() -> str:
    """A mark with the current time: the monotonic clock, which all processes of a machine share, in nanoseconds."""
    return f"stamp={time.monotonic_ns()};"
