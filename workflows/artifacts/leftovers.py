"""Deletes files that a process left when it died: written, or half written, but named by no row yet."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils import timezone

from workflows.artifacts import thumbnails
from workflows.lifecycle import AttemptState
from workflows.models import Artifact, Attempt, artifact_storage

log = logging.getLogger(__name__)

LOOK_BACK: Final = timedelta(days=30)  # files of attempts that were lost longer ago are not looked for


def delete_leftovers(*, older_than: timedelta) -> None:
    """Looks through the files of workflows that have lost attempts. A younger file may be about to get its row."""
    storage, before = artifact_storage(), timezone.now() - older_than
    for name in _unknown_files():
        if storage.get_modified_time(name) <= before:
            log.info("Deleting a file that a process left when it died: %s", name)
            storage.delete(name)


def _unknown_files() -> Iterator[str]:
    since = timezone.now() - LOOK_BACK
    lost = Attempt.objects.filter(state=AttemptState.LOST, lease_until__gte=since)
    for workflow_id in set(lost.values_list("task__workflow", flat=True)):
        try:
            _, files = artifact_storage().listdir(str(workflow_id))
        except FileNotFoundError:
            continue  # it has none yet
        # By file, not by workflow: another one may have taken them over.
        known = set(Artifact.objects.filter(file__startswith=f"{workflow_id}/").values_list("file", flat=True))
        known |= {name for file in known for name in thumbnails.names_of(file)}
        yield from {f"{workflow_id}/{file}" for file in files} - known
