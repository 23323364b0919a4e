"""Deletes the file of each artifact whose row was deleted: replaced, or with its workflow or owner; and its thumbnails.

A file that another workflow reuses stays until the last row that names it is deleted. Connects itself.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from workflows.artifacts import thumbnails
from workflows.models import Artifact


@receiver(post_delete, sender=Artifact, dispatch_uid="artifacts.deletion")
def _delete_file(instance: Artifact, **_: Any) -> None:
    def delete_file() -> None:  # not a partial: Django needs its name to log an error
        # After commit: of two deletions at once the later one finds no other row, and whoever reuses a file holds the
        # lock on the workflow that it takes it from.
        if not Artifact.objects.filter(file=instance.file.name).exists():
            thumbnails.delete_of(str(instance.file.name))
            instance.file.delete(save=False)

    # A deletion that is rolled back must leave the file; and one that fails must not keep events from being sent.
    transaction.on_commit(delete_file, robust=True)
