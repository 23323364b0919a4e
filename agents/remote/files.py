"""Files that an agent gives, from its answer or from a link: bounded in size, of a type that is allowed, and of what they say."""

import asyncio
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import urljoin

import httpx
from a2a.types.a2a_pb2 import Artifact, Part
from django.utils.text import slugify

from agents.contract import ArtifactKind, Job
from agents.remote import network
from agents.remote.cards import SKILLS_URI, origin
from agents.remote.config import read_config
from agents.remote.errors import Misbehaved, UnusableCard, cleaned
from agents.remote.listening import listening
from agents.remote.messages import json_of

NAME_CHARACTERS = 80
KIND = re.compile(r"[a-z][a-z0-9_-]{0,31}")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
UNKNOWN_TYPE = "application/octet-stream"
# How a file of these types begins: at which byte, with what; one of them. Of other types nothing can be said.
_BEGINNINGS: dict[str, tuple[tuple[int, bytes], ...]] = {
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    "image/webp": ((8, b"WEBP"),),
    "video/mp4": ((4, b"ftyp"),),
    "video/webm": ((0, b"\x1a\x45\xdf\xa3"),),
    "audio/wav": ((8, b"WAVE"),),
    "audio/ogg": ((0, b"OggS"),),
    "application/pdf": ((0, b"%PDF-"),),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Who gives: where it is registered, and what it takes to sign in there."""

    url: str
    bearer: str = ""


async def write_down(parts: Sequence[Part], path: Path) -> str:
    """Writes the bytes of parts that belong together to `path`. Returns the media type that they state."""
    size = sum(len(part.raw) for part in parts)
    if size > read_config().artifact_bytes:
        raise too_large()
    await asyncio.to_thread(path.write_bytes, b"".join(part.raw for part in parts))
    return parts[0].media_type


async def download(part: Part, path: Path, *, source: Source, job: Job) -> str:
    """Fetches what the part links to. Returns the media type that it states.

    Raises: AgentError, Lost, JobStopped.
    """
    config, url = read_config(), urljoin(source.url, part.url)
    try:
        is_at_home = origin(url) == origin(source.url)
    except UnusableCard:
        raise Misbehaved("It links to a file with something that is no URL.") from None
    bearer = source.bearer if is_at_home else ""
    async with (
        network.http_client(most_bytes=config.artifact_bytes, bearer=bearer) as http,
        listening(config.download_seconds, secret=bearer),
        http.stream("GET", url) as answer,
    ):
        answer.raise_for_status()
        await _save(answer, path, job)
        return part.media_type or answer.headers.get("content-type", "")


async def _save(answer: httpx.Response, path: Path, job: Job) -> None:
    # Opened for each piece: a file that a thread has just opened for a caller who gave up would stay open.
    await asyncio.to_thread(path.write_bytes, b"")
    async for chunk in answer.aiter_bytes():
        job.checkpoint()
        await asyncio.to_thread(_append, path, chunk)


def _append(path: Path, chunk: bytes) -> None:
    with path.open("ab") as file:
        file.write(chunk)


def too_large() -> Misbehaved:
    """The error for a file that is larger than a file may be."""
    return Misbehaved(f"It has sent a file of more than {read_config().artifact_bytes:,} bytes.")


def checked_type(path: Path, stated: str, file_name: str) -> str:
    """The media type of the file, by what is stated of it, or else by its name.

    Raises: Misbehaved when it is not allowed, or is not what the file holds.
    """
    media_type = stated.partition(";")[0].strip().lower() or mimetypes.guess_type(file_name)[0] or UNKNOWN_TYPE
    allowed = read_config().media_types
    if not MEDIA_TYPE.fullmatch(media_type) or not any(fnmatch(media_type, pattern) for pattern in allowed):
        raise Misbehaved(
            f"It has sent a file of the type {cleaned(media_type)}, which REMOTE_MEDIA_TYPES does not allow."
        )
    beginnings = _BEGINNINGS.get(media_type, ())
    with path.open("rb") as file:
        head = file.read(16)
    if beginnings and not any(head[at:].startswith(begin) for at, begin in beginnings):
        raise Misbehaved(f"It has sent a file as {media_type} that is something else.")
    return media_type


def kind_of(artifact: Artifact, media_type: str) -> str:
    """What the artifact is to a person: what the agent says, or else what its type says."""
    stated = json_of(artifact.metadata).get(SKILLS_URI)
    kind = stated.get("kind") if isinstance(stated, dict) else None
    if isinstance(kind, str) and KIND.fullmatch(kind):
        return kind
    group = media_type.partition("/")[0]
    return group if group in {"image", "video", "audio", "text"} else ArtifactKind.FILE


def file_name(stated: str, media_type: str) -> str:
    """A file name of harmless characters, with a suffix: "front.png"."""
    suffix = Path(stated.lower()).suffix
    if not SUFFIX.fullmatch(suffix):
        suffix = mimetypes.guess_extension(media_type) or ".bin"
    return (slugify(Path(stated).stem)[:NAME_CHARACTERS].strip("-_") or "file") + suffix
