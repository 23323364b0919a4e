"""The one way into a workflow's row for whoever changes it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from django.db import transaction

from workflows.errors import TargetNotFound
from workflows.models import Workflow


class _Turn:
    """A lock that lives as long as somebody holds or awaits it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()


_turns: WeakValueDictionary[str, _Turn] = WeakValueDictionary()
_turns_guard = threading.Lock()


@contextmanager
def writing(workflow_id: UUID | str) -> Iterator[Workflow]:
    """A transaction that holds the workflow's row, freshly read.

    The lock of this process is held until after commit, so that what `on_commit` tells the world goes out in
    the order of the events. Other processes wait at the row.

    Raises: TargetNotFound.
    """
    with _turns_guard:
        turn = _turns.setdefault(str(workflow_id), _Turn())
    with turn.lock, transaction.atomic():
        workflow = Workflow.objects.select_for_update().filter(pk=workflow_id).first()
        if workflow is None:
            raise TargetNotFound
        yield workflow
