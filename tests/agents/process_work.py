"""Work for the worker processes, in a module without Django, so that they are quick to import it."""

import os
from pathlib import Path

from agents.animatic.errors import UnusableText
from agents.animatic.progress import Report


def spin(*, report: Report) -> None:
    """Computes for ever."""
    report(0.5, "Spinning")
    while True:
        pass


def devour(*, report: Report) -> int:
    """Takes all the memory that it can get."""
    return len([bytes(64 * 1024 * 1024) for _ in range(1_000_000)])


def refuse(*, report: Report) -> None:
    """Finds fault with the text."""
    raise UnusableText("Nobody can read this.")


def process_id(*, report: Report) -> int:
    """The number of the process."""
    report(0.25, "Looking at the badge")
    return os.getpid()


def wait_for_the_end(pipe: Path, *, report: Report) -> bytes:
    """Blocks for as long as the pipe has a writer."""
    report(0.1, "Waiting")
    return pipe.read_bytes()
