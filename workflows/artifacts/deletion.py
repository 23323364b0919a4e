"""Deletes the file of each artifact whose row was deleted: replaced, or with its workflow or owner. Connects itself."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from workflows.models import Artifact


@receiver(post_delete, sender=Artifact, dispatch_uid="artifacts.deletion")
def _delete_file(instance: Artifact, **_: Any) -> None:
    # After commit: a deletion that is rolled back must leave the file.
    transaction.on_commit(partial(instance.file.delete, save=False), robust=True)
