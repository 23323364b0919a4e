"""Signed links to artifacts, because <img> and <video> send no Authorization header.

A link holds its expiry and an HMAC over it, and opens one artifact only. The expiry is rounded up to ten minutes,
so that a page that asks again mostly gets the same URL, which the browser has in its cache.
"""

import re
import time
from functools import lru_cache

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

LINK_SECONDS = 3_600
ROUND_SECONDS = 600
SECONDS = re.compile(r"[0-9]{1,15}")  # of longer ones Python refuses to make numbers


def signed_artifact_url(workflow_id: str, artifact_id: str) -> str:
    """The path and query of a URL that opens the artifact for at least an hour."""
    expires = (int(time.time()) + LINK_SECONDS) // ROUND_SECONDS * ROUND_SECONDS + ROUND_SECONDS
    signature = _signature(workflow_id, artifact_id, expires)
    return f"/api/workflows/{workflow_id}/artifacts/{artifact_id}/?expires={expires}&signature={signature}"


def is_signed(workflow_id: str, artifact_id: str, expires: str, signature: str) -> bool:
    """Whether the signature is ours, for this artifact, and has not expired."""
    if not SECONDS.fullmatch(expires) or int(expires) < time.time():
        return False
    return constant_time_compare(signature, _signature(workflow_id, artifact_id, int(expires)))


def _signature(workflow_id: str, artifact_id: str, expires: int) -> str:
    return _signer(settings.SECRET_KEY).signature(f"{workflow_id}/{artifact_id}/{expires}")


@lru_cache(maxsize=1)
def _signer(key: str) -> Signer:
    """Kept, because a snapshot may have hundreds of links."""
    return Signer(key=key, salt="workflows.links")
