"""Tells runners in other processes that there is work: PostgreSQL's NOTIFY and LISTEN.

Only a hint: a lost one is made up for by polling. With SQLite nothing is sent, and runners poll.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial

from django.db import Error as DatabaseError
from django.db import connection

from workflows.connections import keep_connections
from workflows.runners.heartbeat import close_connections
from workflows.signals import work_became_ready

log = logging.getLogger(__name__)

CHANNEL = "callboard_work"
WAIT_SECONDS = 1.0  # how soon a listener notices that it is to stop
RECONNECT_SECONDS = 5.0


def notify(**_: object) -> None:
    """Wakes the runners of all processes. Called after commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def connect() -> None:
    """Has `notify` called whenever work became ready, where the database can do that."""
    if connection.vendor == "postgresql":
        work_became_ready.connect(notify, dispatch_uid="notifications.notify")


class Listener:
    """A thread that calls `wake` at each notification, until `stopping` is set; none where the database has none."""

    def __init__(self, wake: Callable[[], None], stopping: threading.Event) -> None:
        self._wake, self._stopping = wake, stopping
        self._thread = threading.Thread(target=self._run, name="runner-listener", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        if connection.vendor == "postgresql":
            self._thread.start()

    def _run(self) -> None:
        keep_connections()
        while not self._stopping.is_set():
            try:
                self._listen()
            except DatabaseError as error:
                log.warning("The runner polls for work; PostgreSQL sends no notifications: %s", error)
                close_connections()
                self._stopping.wait(RECONNECT_SECONDS)
        close_connections()

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        self._wake()  # for what came while nobody listened
        wait = partial(connection.connection.notifies, timeout=WAIT_SECONDS, stop_after=1)
        while not self._stopping.is_set():
            with connection.wrap_database_errors:
                for _ in wait():
                    self._wake()
