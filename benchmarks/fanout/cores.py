"""The two cores: one for the server that is measured, one for all the rest; and what a process costs, from /proc."""

import os
import resource
from dataclasses import dataclass
from pathlib import Path

OPEN_FILES = 8192
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cores:
    """Which core serves, and which one makes the load."""

    server: int
    load: int


def two_cores() -> Cores:
    """The cores to use; this process moves to the one for the load.

    Raises: SystemExit when there is only one.
    """
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise SystemExit("This benchmark needs two cores: one for the server, one for the load. Here is only one.")
    cores = Cores(server=allowed[0], load=allowed[1])
    os.sched_setaffinity(0, {cores.load})
    return cores


def allow_many_connections() -> None:
    """Raises the limit of open files; child processes inherit it.

    Raises: SystemExit when the system does not allow so many.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard not in (resource.RLIM_INFINITY,) and hard < OPEN_FILES:
        raise SystemExit(f"At most {hard} open files are allowed here (ulimit -Hn); {OPEN_FILES} are needed.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def family(pid: int) -> list[int]:
    """The process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def cpu_seconds(pid: int) -> float:
    """What the threads of the process have used of any core so far, as the scheduler has counted it."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def resident_bytes(pid: int) -> int:
    """What the process holds in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
