"""Signed links to artifacts, because <img> and <video> send no Authorization header.

A link holds its expiry and an HMAC over it, and opens one artifact only, one file that is taken along, or the archive of all. The expiry is rounded up to ten minutes,
so that a page that asks again mostly gets the same URL, which the browser has in its cache.

All who may see a workflow get the same links. When its owner's sign-ins all end, or those of somebody who sees the
workflows of all, the links of before end, too: the signature covers an epoch, which goes up then.
"""

import re
import time
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.crypto import constant_time_compare

from accounts.models import LinksEpoch
from workflows.models import Workflow

ARCHIVE = "archive"  # in the place of an artifact's id
LINK_SECONDS = 3_600
ROUND_SECONDS = 600
EPOCH_SECONDS = 2.0  # for which links of a workflow are made without asking the database again
EPOCHS_KEPT = 10_000

_epochs: dict[str, tuple[int, float]] = {}  # of workflows, and until when they are believed
SECONDS = re.compile(r"[0-9]{1,15}")  # of longer ones Python refuses to make numbers


def signed_artifact_url(workflow_id: str, artifact_id: str) -> str:
    """The path and query of a URL that opens the artifact for at least an hour."""
    return f"/api/workflows/{workflow_id}/artifacts/{artifact_id}/?{_signed_query(workflow_id, artifact_id)}"


def signed_archive_url(workflow_id: str) -> str:
    """The path and query of a URL that opens all that the workflow has made, as a ZIP file."""
    return f"/api/workflows/{workflow_id}/archive/file/?{_signed_query(workflow_id, ARCHIVE)}"


def signed_export_url(workflow_id: str, format_name: str, episode: str) -> str:
    """The path and query of a URL that opens what is taken along in this format; `episode` is a number, or ""."""
    given = f"format={format_name}" + (f"&episode={episode}" if episode else "")
    query = _signed_query(workflow_id, export_name(format_name, episode))
    return f"/api/workflows/{workflow_id}/export/?{given}&{query}"


def export_name(format_name: str, episode: str) -> str:
    """What such a link is signed for, in the place of an artifact's id."""
    return f"export/{format_name}/{episode}"


def _signed_query(workflow_id: str, what: str) -> str:
    expires = (int(time.time()) + LINK_SECONDS) // ROUND_SECONDS * ROUND_SECONDS + ROUND_SECONDS
    return f"expires={expires}&signature={_signature(workflow_id, what, expires, _believed_epoch(workflow_id))}"


def is_signed(workflow_id: str, artifact_id: str, expires: str, signature: str) -> bool:
    """Whether the signature is ours, for this artifact (or ARCHIVE), and has not expired."""
    if not SECONDS.fullmatch(expires) or int(expires) < time.time():
        return False
    epoch = _read_epochs([workflow_id]).get(workflow_id, 0)
    return constant_time_compare(signature, _signature(workflow_id, artifact_id, int(expires), epoch))


def _signature(workflow_id: str, artifact_id: str, expires: int, epoch: int) -> str:
    return _signer(settings.SECRET_KEY).signature(
        f"{workflow_id}/{artifact_id}/{expires}" + (f"/{epoch}" if epoch else "")
    )


def read_ahead(workflow_ids: Collection[str]) -> None:
    """Lets links of all these workflows be made with the two queries of this one."""
    now = time.monotonic()
    unknown = [key for key in workflow_ids if _epochs.get(key, (0, 0.0))[1] <= now]
    if len(_epochs) + len(unknown) > EPOCHS_KEPT:
        _epochs.clear()
    read = _read_epochs(unknown)
    _epochs.update({key: (read.get(key, 0), now + EPOCH_SECONDS) for key in unknown})


def _believed_epoch(workflow_id: str) -> int:
    read_ahead([workflow_id])
    return _epochs.get(workflow_id, (0, 0.0))[0]


def _read_epochs(workflow_ids: Collection[str]) -> dict[str, int]:
    if not workflow_ids:
        return {}
    # Two reads by primary key: one query with subqueries takes Django longer to put together.
    owners = dict(Workflow.objects.filter(pk__in=workflow_ids).order_by().values_list("pk", "owner_id"))
    epochs = dict(LinksEpoch.objects.filter(pk__in={LinksEpoch.ALL, *owners.values()}).values_list("pk", "number"))
    of_all = epochs.get(LinksEpoch.ALL, 0)
    return {str(key): of_all + epochs.get(owner, 0) for key, owner in owners.items()}


@receiver(post_save, sender=LinksEpoch, dispatch_uid="links.forget_epochs")
def _forget_epochs(**_: Any) -> None:
    transaction.on_commit(_epochs.clear)


@lru_cache(maxsize=1)
def _signer(key: str) -> Signer:
    """Kept, because a snapshot may have hundreds of links."""
    return Signer(key=key, salt="workflows.links")
