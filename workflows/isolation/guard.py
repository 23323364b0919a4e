"""Starts the child of an isolated attempt, and ends it with everything that it has started.

    python guard.py DESCRIPTOR          its stdin: a pipe of the runner; DESCRIPTOR: the child's end of the socket pair

When stdin ends, the runner has killed the attempt or has died. A process of its own, because the child may be deaf (busy in
native code, stopped) and the runner dead. Only the standard library: it is up in a moment.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): orphans below become our children, also those with a session of their own
ROUNDS = 100  # of killing, while new processes are started


def main(descriptor: str) -> int:
    """Returns the child's exit status; 128 + n when signal n ended it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    command = [sys.executable, "-m", "workflows.isolation.child", descriptor]
    child = subprocess.Popen(command, pass_fds=[int(descriptor)], stdin=subprocess.DEVNULL)
    os.close(int(descriptor))  # or the runner would not notice that the child is gone
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    status = child.wait()
    _kill_descendants()
    return status if status >= 0 else 128 - status


def _end_with_stdin() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    _kill_descendants()


def _kill_descendants() -> None:
    """Again and again, because they may start others meanwhile."""
    for _ in range(ROUNDS):
        living = _descendants()
        if not living:
            return
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def _descendants() -> list[int]:
    """All processes below this one that live."""
    parents = dict(_parents())
    below = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return sorted(below - {os.getpid()})


def _parents() -> list[tuple[int, int]]:
    """Each living process with its parent (proc(5))."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:  # it is gone
                continue
            if state not in "ZX":
                found.append((int(folder.name), int(parent)))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
