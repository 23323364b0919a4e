"""Deletes workflows that have ended, with all that belongs to them, because somebody asks. By age: see `retention`.

What another workflow reuses stays with that one: see `artifacts/deletion.py`.
"""

import logging
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts import audit
from agents.errors import PermissionDenied
from workflows import access, graph_cache, progress
from workflows.errors import WorkflowActive
from workflows.lifecycle import ACTIVE_STATES
from workflows.locking import locked_workflow
from workflows.models import Workflow
from workflows.signals import workflow_deleted

log = logging.getLogger(__name__)


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


@receiver(post_delete, sender=Workflow, dispatch_uid="deletion.announce")
def _announce(instance: Workflow, **_: Any) -> None:
    workflow_id, owner_id = str(instance.pk), instance.owner_id

    def announce() -> None:  # not a partial: Django needs its name to log an error
        progress.forget(workflow_id)
        graph_cache.forget(workflow_id)
        workflow_deleted.send_robust(sender=Workflow, workflow_id=workflow_id, owner_id=owner_id)

    transaction.on_commit(announce, robust=True)
