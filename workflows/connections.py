"""Persistent database connections for long-lived threads.

Django closes a connection after each request, or each call of `close_old_connections`. In a thread that lives on,
opening it again would cost more than most queries.
"""

import threading
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

_thread = threading.local()


def keep_connections() -> None:
    """Makes the connections of this thread persistent from now on. Broken ones are still replaced (`conn_health_checks`)."""
    _thread.keeps_connections = True


@receiver(connection_created)
def _keep(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if getattr(_thread, "keeps_connections", False):
        connection.close_at = None
