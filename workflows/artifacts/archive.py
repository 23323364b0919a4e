"""Everything that a workflow has made, as one ZIP file that is made while it is sent: nothing is written, and no thread is held.

The files are not compressed, because pictures and video are already. A task's folder is named after its key; what a task
that there is only one of has made (the film, its captions) lies at the top. In a `timeline` the artifacts that it names
become paths, so that an editing program that opens it finds the clips; beside it lies the same for other programs.
"""

import asyncio
import posixpath
import re
import zipfile
from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.core.files.storage import storages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from agents.contract import ArtifactKind
from agents.studio.timeline_formats import OTIO
from workflows.artifacts import timelines
from workflows.artifacts.names import file_name
from workflows.models import Artifact, Workflow

CHUNK_BYTES: Final = 256 * 1024
LARGE_BYTES: Final = 2**31 - 1  # from here on an entry needs the fields of ZIP64
FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')  # in names of files, on one system or another


class Entry(NamedTuple):
    """A file of the archive."""

    path: str
    artifact: Artifact


def entries_of(workflow: Workflow) -> list[Entry]:
    """All files, in the order in which they were made."""
    taken: set[str] = set()
    entries = []
    for artifact in workflow.artifacts.select_related("task").order_by("created_at"):
        path = _path(artifact, taken)
        taken.add(path.lower())
        entries.append(Entry(path, artifact))
    return entries


def paths_of(workflow: Workflow) -> dict[str, str]:
    """Where in the archive each artifact lies, by its id."""
    return {str(entry.artifact.pk): entry.path for entry in entries_of(workflow)}


def _path(artifact: Artifact, taken: set[str]) -> str:
    parts = artifact.task.key.split("/")
    path = "/".join(map(_safe, [*(parts if len(parts) > 1 else []), artifact.name]))
    if path.lower() in taken:  # two tasks at the top have files of one name, or two names differ by what is not allowed
        path = "/".join(map(_safe, [*parts, f"{artifact.pk}-{artifact.name}"]))
    return path


def archive_response(workflow: Workflow) -> HttpResponseBase:
    """The ZIP file."""
    response = StreamingHttpResponse(_in_threads(_zipped(entries_of(workflow))))
    response["Content-Type"] = "application/octet-stream"  # as every file that is only ever saved
    name = file_name(workflow, "zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _safe(name: str) -> str:
    """The name as every system takes it; it leads nowhere else."""
    return FORBIDDEN.sub("-", name).strip(". ") or "file"


class _Sink:
    """What `zipfile` writes to; it cannot seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What was written since."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _zipped(entries: Iterable[Entry]) -> Generator[bytes]:
    """The archive, part by part. What was deleted meanwhile breaks it off: a hole would not be noticed."""
    sink, entries = _Sink(), list(entries)
    paths = {str(entry.artifact.pk): entry.path for entry in entries}
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload] # all that it calls is there
        for path, artifact in entries:
            info = _info(path, artifact)
            with archive.open(info, "w", force_zip64=artifact.size > LARGE_BYTES) as file:
                for chunk in _content(artifact, path, paths):
                    file.write(chunk)
                    if part := sink.taken():
                        yield part
            for other, content in _alternatives(artifact, path, paths):
                archive.writestr(_info(other, artifact), content)
    yield sink.taken()


def _info(path: str, artifact: Artifact) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _when(artifact.created_at))
    info.external_attr = 0o644 << 16
    return info


def _content(artifact: Artifact, path: str, paths: dict[str, str]) -> Iterator[bytes]:
    if not artifact.size:  # some storages have no range of nothing
        return
    storage: Any = storages["artifacts"]
    with storage.open_range(artifact.file.name, 0, artifact.size) as file:
        if _is_read_as_a_whole(artifact):
            yield timelines.with_paths(file.read(artifact.size), posixpath.dirname(path), paths)
            return
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _is_read_as_a_whole(artifact: Artifact) -> bool:
    return artifact.kind == ArtifactKind.TIMELINE and artifact.size <= timelines.READ_BYTES


def _alternatives(artifact: Artifact, path: str, paths: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Of a timeline: it as other programs open it, by path."""
    if artifact.media_type != OTIO or not _is_read_as_a_whole(artifact):
        return
    timeline = b"".join(_content(artifact, path, paths))
    for name, content in timelines.alternatives(timeline):
        other = f"{posixpath.splitext(path)[0]}.{name}"
        if other not in paths.values():
            yield other, content


def _when(moment: datetime) -> tuple[int, int, int, int, int, int]:
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)


async def _in_threads(parts: Generator[bytes]) -> AsyncIterator[bytes]:
    step: asyncio.Future[bytes] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, parts, b""))
            # A client may leave now: what the thread has open must be closed all the same.
            if not (part := await asyncio.shield(step)):
                return
            yield part
    finally:
        if step is not None:
            await asyncio.wait([step])
        await asyncio.to_thread(parts.close)
