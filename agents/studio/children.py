"""Starts programs of others as children: low priority, no secrets, gone when this process is.

A child runs in its own session at the lowest sensible priority, and dies with this process (where util-linux is there).
"""

import os
import selectors
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

NICENESS = 15
TICK_SECONDS = 0.1  # how often progress is reported and a stop request is noticed


@cache
def prefix() -> tuple[str, ...]:
    """What the command is started through: it ends with this process, and runs at a lower priority."""
    setpriv, nice = shutil.which("setpriv"), shutil.which("nice")
    dies_with_us = (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()
    steps_back = (nice, "-n", str(NICENESS)) if nice else ()
    return dies_with_us + steps_back


@contextmanager
def started(
    command: Sequence[str], folder: Path | None, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A running child that is gone at the end, whatever happens. Its own session: Ctrl-C is ours to pass on.

    `folder` is where it runs. Of our own environment it gets as little as possible: our secrets are not its business.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **environment},
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()  # nothing happens to one that has ended


def output(child: subprocess.Popen[bytes]) -> Iterator[tuple[bool, bytes]]:
    """What the child says, as (is it progress, bytes); b"" when it said nothing for a tick. Ends with the child."""
    assert child.stdout is not None  # noqa: S101 - opened as pipes
    assert child.stderr is not None  # noqa: S101
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ, data=True)
        selector.register(child.stderr, selectors.EVENT_READ, data=False)
        while selector.get_map():
            ready = selector.select(TICK_SECONDS)
            if not ready:
                yield False, b""
            for key, _ in ready:
                chunk = os.read(key.fd, 65_536)
                if chunk:
                    yield key.data, chunk
                else:
                    selector.unregister(key.fileobj)
