"""Pictures in small, as WebP: made when they are first asked for, and kept beside the file that they show.

A picture may come from an agent of others: its size is looked at before it is decoded, and few are decoded at a time.
"""

import logging
import threading
from io import BytesIO
from typing import IO, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from PIL import ImageOps

from agents.pictures import UnusablePicture, opened_picture
from workflows.errors import InvalidInput, NoThumbnail, TooBusy
from workflows.models import Artifact, artifact_storage

log = logging.getLogger(__name__)

WIDTHS: Final = (320, 640)  # pixels
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")  # that are decoded; the media type is what an agent says
LARGEST_BYTES: Final = 32 * 1024 * 1024
LARGEST_PIXELS: Final = 40_000_000  # about 8K
QUALITY: Final = 78
AT_ONCE: Final = 2  # decoded by this process
WAIT_SECONDS: Final = 20.0  # for one's turn

_turns = threading.BoundedSemaphore(AT_ONCE)


def thumbnail_response(request: HttpRequest, artifact: Artifact, width: str) -> HttpResponseBase:
    """The response to a GET of a picture with `?width=`.

    Raises: InvalidInput for another width; NoThumbnail for what is no picture; TooBusy.
    """
    if width not in map(str, WIDTHS):
        raise InvalidInput("The width is 320 or 640.", fields={"width": "320 or 640."})
    tag = f'"{artifact.pk}-{width}"'
    is_known = tag in request.headers.get("If-None-Match", "")
    response = HttpResponseNotModified() if is_known else HttpResponse(thumbnail(artifact, int(width)))
    response["ETag"] = tag
    # Its content never changes: a replaced artifact has another id.
    response["Cache-Control"] = "private, max-age=3600, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if not is_known:
        response["Content-Type"] = "image/webp"
    return response


def thumbnail(artifact: Artifact, width: int) -> bytes:
    """A picture at most `width` pixels wide, as WebP.

    Raises: NoThumbnail, TooBusy.
    """
    storage, name = artifact_storage(), thumbnail_name(str(artifact.file.name), width)
    try:
        with storage.open(name) as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        made = _made(artifact, width)
    _keep(storage, name, made, artifact)
    return made


def thumbnail_name(file: str, width: int) -> str:
    """Where the thumbnail of a file is kept."""
    return f"{file}.{width}.webp"


def names_of(file: str) -> list[str]:
    """Where all thumbnails of a file are kept, if there are any."""
    return [thumbnail_name(file, width) for width in WIDTHS]


def delete_of(file: str) -> None:
    """Deletes the thumbnails of a file; there may be none."""
    for name in names_of(file):
        artifact_storage().delete(name)


def _made(artifact: Artifact, width: int) -> bytes:
    if not artifact.media_type.startswith("image/") or artifact.size > LARGEST_BYTES:
        raise NoThumbnail
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise TooBusy
    try:
        with artifact.file.open() as file:
            return _shrunk(file, width)
    except (UnusablePicture, OSError, ValueError) as error:
        log.info("A picture cannot be made small: %s", error, extra={"artifact": str(artifact.pk)})
        raise NoThumbnail from error
    finally:
        _turns.release()


def _shrunk(file: IO[bytes], width: int) -> bytes:
    with opened_picture(file, formats=FORMATS, most_pixels=LARGEST_PIXELS) as picture:
        picture.draft("RGB", (width, width))  # JPEG: decoded small at once
        upright = ImageOps.exif_transpose(picture)
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        small = upright.convert("RGBA" if has_alpha else "RGB")
    small.thumbnail((width, width * LARGEST_PIXELS), reducing_gap=2.0)
    written = BytesIO()
    small.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()


def _keep(storage: Storage, name: str, made: bytes, artifact: Artifact) -> None:
    """Another request may have kept it meanwhile, and the artifact may have been deleted."""
    kept = storage.save(name, ContentFile(made))
    if kept != name or not Artifact.objects.filter(file=artifact.file.name).exists():
        storage.delete(kept)
