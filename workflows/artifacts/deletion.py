"""Deletes the file of each artifact whose row was deleted: replaced, or with its workflow or owner. Connects itself."""

import logging
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from workflows.models import Artifact

log = logging.getLogger(__name__)


@receiver(post_delete, sender=Artifact, dispatch_uid="artifacts.deletion")
def _delete_file(instance: Artifact, **_: Any) -> None:
    def delete_file() -> None:
        try:
            instance.file.delete(save=False)
        except OSError as error:
            log.warning("The file of an artifact cannot be deleted: %s", error)

    transaction.on_commit(delete_file)  # a deletion that is rolled back must leave the file
