"""Deletes workflows that have ended, with all that belongs to them: because somebody asks, or because they ended long ago.

What another workflow reuses stays with that one: see `artifacts/deletion.py`.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from accounts import audit
from agents.errors import PermissionDenied, TargetNotFound
from workflows import access, graph_cache, progress
from workflows.errors import WorkflowActive
from workflows.lifecycle import ACTIVE_STATES
from workflows.locking import locked_workflow
from workflows.models import Workflow
from workflows.signals import workflow_deleted

log = logging.getLogger(__name__)

EXPIRED_AT_ONCE: Final = 100  # whose keys are read together; each is deleted in a transaction of its own


def delete(*, workflow: Workflow, by: User) -> None:
    """Deletes a workflow that has ended: its tasks, events and files.

    Raises: PermissionDenied, TargetNotFound, WorkflowActive.
    """
    if not access.may_delete(by, workflow):
        raise PermissionDenied("You may watch this workflow, but not delete it.")
    with locked_workflow(workflow.pk) as current:
        if current.state in ACTIVE_STATES:
            raise WorkflowActive
        current.delete()
    audit.record("deleted", user=by.get_username(), subject=f"workflow {workflow.pk}")
    log.info("A workflow was deleted.", extra={"workflow": str(workflow.pk), "user": by.pk})


def delete_expired(stopping: threading.Event) -> None:
    """Deletes the workflows that ended more than RETENTION_DAYS ago, the oldest first, until `stopping` is set."""
    if not settings.RETENTION_DAYS:
        return
    before = timezone.now() - timedelta(days=settings.RETENTION_DAYS)
    for key in _ended(before):
        if stopping.is_set():
            return
        try:
            _delete_expired(key, before)
        except Exception:  # it is left for the next time; the others must not wait for it
            log.exception("A workflow that ended long ago could not be deleted.", extra={"workflow": str(key)})


def _delete_expired(key: UUID, before: datetime) -> None:
    with suppress(TargetNotFound), locked_workflow(key) as current:  # another runner may have been quicker
        # Somebody may have retried it meanwhile.
        if current.state not in ACTIVE_STATES and current.finished_at and current.finished_at < before:
            current.delete()
            log.info("A workflow that ended long ago was deleted.", extra={"workflow": str(key)})


def _ended(before: datetime) -> Iterator[UUID]:
    """The keys of the workflows that ended before, a page at a time."""
    ended = Workflow.objects.filter(finished_at__lt=before).order_by("finished_at", "pk")
    after: datetime | None = None
    while page := list(
        (ended.filter(finished_at__gt=after) if after else ended).values_list("pk", "finished_at")[:EXPIRED_AT_ONCE]
    ):
        yield from (key for key, _ in page)
        after = page[-1][1]


@receiver(post_delete, sender=Workflow, dispatch_uid="deletion.announce")
def _announce(instance: Workflow, **_: Any) -> None:
    workflow_id, owner_id = str(instance.pk), instance.owner_id

    def announce() -> None:  # not a partial: Django needs its name to log an error
        progress.forget(workflow_id)
        graph_cache.forget(workflow_id)
        workflow_deleted.send_robust(sender=Workflow, workflow_id=workflow_id, owner_id=owner_id)

    transaction.on_commit(announce, robust=True)
