"""Tells the service manager how this process is, by systemd's protocol (sd_notify(3)). Does nothing where there is none."""

import os
import socket
import time
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"
SIGNS_PER_LIMIT = 3  # so often within WatchdogSec=, so that one may come late


def tell(*assignments: str) -> None:
    """Sends assignments: READY, "STATUS=…". Never raises: a service manager that does not listen is no reason to end."""
    if not (address := os.environ.get("NOTIFY_SOCKET", "")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.settimeout(0)  # a full socket is not waited for
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.send("\n".join(assignments).encode())


class SignOfLife:
    """Says that this process lives, as often as WatchdogSec= of its unit asks for it."""

    def __init__(self) -> None:
        self._every_seconds = _limit_seconds() / SIGNS_PER_LIMIT
        self._next = time.monotonic()

    def show_if_due(self) -> None:
        """To be called from where a process that hangs would not come: within its loop."""
        if self._every_seconds and time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every_seconds
            tell(ALIVE)


def _limit_seconds() -> float:
    """After so long without a sign of life the service manager restarts this process; 0 where it does not watch."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    is_meant = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(
        os.getpid()
    )  # not the parent whose variables we have
    return int(microseconds) / 1_000_000 if is_meant and microseconds.isdigit() else 0.0
