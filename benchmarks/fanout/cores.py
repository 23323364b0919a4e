"""Chooses the two cores (one for the measured server, one for everything else); reads CPU and memory from /proc."""

import os
import resource
from dataclasses import dataclass
from pathlib import Path

OPEN_FILES = 8192
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cores:
    """The number of the core for the server, and of the one for the load generator."""

    server: int
    load: int


def two_cores() -> Cores:
    """The cores to use; this process moves to the one for the load.

    Raises: SystemExit when there is only one.
    """
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise SystemExit(
            "This benchmark needs two cores: one for the server, one for the load generator. This machine has only one."
        )
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


def process_tree(pid: int) -> list[int]:
    """The process and its children (not theirs)."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of the process so far, as the scheduler has counted it."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def resident_bytes(pid: int) -> int:
    """Resident memory of the process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
