"""The lock on one workflow: everything that changes a workflow, its tasks or its events runs inside it."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from uuid import UUID
from weakref import WeakValueDictionary

from django.db import transaction

from agents.errors import TargetNotFound
from workflows import statements
from workflows.models import Workflow

# The columns that a transition may change.
ADVANCED_COLUMNS = (
    *("title", "state", "stages", "last_seq", "slow_start", "error", "started_at", "finished_at"),
    *("progress", "stage", "message", "eta_p10", "eta_p50", "eta_p90", "eta_at", "late_after"),
    *("working_seconds", "working_since", "usage"),
)

# Without the input, which may be a whole screenplay and is seldom needed.
COLUMNS = statements.columns(Workflow, but={"input", "search_text"})

# By workflow, each as long as a thread holds or awaits it.
_process_locks: WeakValueDictionary[str, AbstractContextManager[bool]] = WeakValueDictionary()
_process_locks_guard = threading.Lock()


@contextmanager
def locked_workflow(workflow_id: UUID | str) -> Iterator[Workflow]:
    """A transaction that holds the lock on the workflow's row. Yields the workflow, freshly read.

    Threads of this process also wait for each other until after commit, so that the signals sent by `on_commit` go
    out in the order of the events. Other processes wait at the row only.

    Raises: TargetNotFound.
    """
    with _process_locks_guard:
        process_lock = _process_locks.setdefault(str(workflow_id), threading.RLock())
    with process_lock, transaction.atomic():
        workflow = statements.locked(Workflow, workflow_id, COLUMNS)
        if workflow is None:
            raise TargetNotFound
        workflow.new_events, workflow.first_new_seq, workflow.graph = [], workflow.last_seq + 1, None
        workflow.follow_up, workflow.has_new_work, workflow.frees_agent = None, False, False
        workflow.read = {name: getattr(workflow, name) for name in ADVANCED_COLUMNS}
        workflow.read["stages"] = deepcopy(workflow.stages)
        yield workflow
