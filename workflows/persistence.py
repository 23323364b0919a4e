"""Waits for a database that is out of reach for a moment, so that what an agent has done is not lost with it."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections

log = logging.getLogger(__name__)

Result = TypeVar("Result")

FIRST_DELAY_SECONDS = 0.1  # doubled with each try
LONGEST_DELAY_SECONDS = 5.0
# Locked, restarting, unreachable, out of connections or disk: nothing that is wrong with what is written.
OUTAGES = (OperationalError, InterfaceError)


def through_outages(action: Callable[[], Result], *, between: Callable[[], object] = lambda: None) -> Result:
    """The result of `action`, which is tried until the database answers; it must bear being done twice.

    The connection may break after the commit, so the first try may have been successful. `between` is called between
    two tries, and ends them when it raises. Raises: what they raise, except for an outage.
    """
    delay = FIRST_DELAY_SECONDS
    while True:
        try:
            return action()
        except OUTAGES as error:
            log.warning("The database does not answer; trying again in %.1f s: %s", delay, error)
        threading.Event().wait(delay)
        delay = min(2 * delay, LONGEST_DELAY_SECONDS)
        between()
        close_old_connections()  # those that are broken
