"""Sends an artifact's file, whole or the part that a Range header asks for (RFC 9110, 14.2), without holding a thread."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from workflows.models import Artifact

CHUNK_BYTES = 256 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")  # no file is so long that it needs more digits
# What a browser may show inline. Any other type that an agent declares is only ever downloaded.
INLINE_MEDIA_TYPES = frozenset(
    {
        *("image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"),
        *("video/mp4", "video/webm"),
        *("audio/mp4", "audio/mpeg", "audio/wav", "audio/ogg", "audio/webm", "audio/flac"),
        *("text/plain", "text/vtt", "application/json"),
    }
)


class RangeNotSatisfiable(Exception):
    """The range lies behind the end of the file."""


def download_response(request: HttpRequest, artifact: Artifact, *, save_as: str = "") -> HttpResponseBase:
    """The response to a GET of an artifact. `?download=1`, or a name in `save_as`, asks the browser to save it."""
    etag = f'"{artifact.pk}"'
    is_partial = request.headers.get("If-Range", etag) == etag
    try:
        requested = _requested_range(request.headers.get("Range", "") if is_partial else "", artifact.size)
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{artifact.size}"})
    start, end = requested or (0, artifact.size - 1)
    response = StreamingHttpResponse(_chunks(artifact, start, end - start + 1), status=206 if requested else 200)
    if requested:
        response["Content-Range"] = f"bytes {start}-{end}/{artifact.size}"
    response["Content-Length"] = end - start + 1
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    # Its content never changes: a replaced artifact has another id.
    response["Cache-Control"] = "private, max-age=3600, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    is_inline = artifact.media_type in INLINE_MEDIA_TYPES
    response["Content-Type"] = artifact.media_type if is_inline else "application/octet-stream"
    as_attachment = bool(save_as or request.GET.get("download")) or not is_inline
    response["Content-Disposition"] = content_disposition_header(as_attachment, save_as or artifact.name) or "inline"
    return response


def _requested_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None for no range, or one of a form that is not supported.

    Raises: RangeNotSatisfiable.
    """
    match = RANGE.fullmatch(header.strip())
    if not match or match.group() == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if start >= size or (not first and int(last) == 0):
        raise RangeNotSatisfiable
    return (start, end) if start <= end else None


async def _chunks(artifact: Artifact, start: int, length: int) -> AsyncIterator[bytes]:
    if length <= 0:
        return
    storage: Any = storages["artifacts"]
    opening = asyncio.ensure_future(asyncio.to_thread(storage.open_range, artifact.file.name, start, length))
    try:
        # A client may leave now: what the thread opens must be closed all the same.
        file = await asyncio.shield(opening)
        while length > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk
    finally:
        await asyncio.to_thread((await opening).close)
