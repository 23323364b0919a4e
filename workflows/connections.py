"""Database connections of threads that live long: they keep theirs.

Django closes a connection after each piece of work, because a thread that serves a request does not live longer. To open
one anew costs more than most questions that are asked.
"""

import threading
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

_thread = threading.local()


def keep_connections() -> None:
    """From now on this thread keeps its connections. Those that broke are still replaced (`conn_health_checks`)."""
    _thread.keeps_connections = True


@receiver(connection_created)
def _keep(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if getattr(_thread, "keeps_connections", False):
        connection.close_at = None
