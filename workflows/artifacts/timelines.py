"""Timelines (OpenTimelineIO) as they are handed on: with paths in the place of artifacts, and in other programs' formats."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from agents.animatic.progress import unheard
from agents.contract import AgentError, UnusableInput
from agents.studio.offline.processes import text_work
from agents.studio.timeline_formats import ADAPTERS, missing_package, written
from workflows.errors import NotExportable

READ_BYTES: Final = 64 * 1024 * 1024  # a longer one stays as it is: it is read as a whole
CONVERTED_BYTES: Final = 16 * 1024 * 1024  # that are written in other formats, at most
REFERENCE: Final = re.compile(rb"artifact:([0-9a-f-]{36})")


def with_paths(timeline: bytes, folder: str, paths: Mapping[str, str]) -> bytes:
    """The timeline with the paths, from its own folder, of the artifacts that it names; `paths` has them by their ids."""

    def path_of(found: re.Match[bytes]) -> bytes:
        path = paths.get(found[1].decode())
        # As a part of a URL, and of a string in JSON.
        return quote(posixpath.relpath(path, folder)).encode() if path else found[0]

    return REFERENCE.sub(path_of, timeline)


def converted(timeline: bytes, name: str) -> bytes:
    """The timeline in one of `ADAPTERS`.

    Raises: NotExportable.
    """
    if package := missing_package(name):
        raise NotExportable(f"The server lacks what writes this format: the Python package {package}.")
    if len(timeline) > CONVERTED_BYTES:
        raise NotExportable("This timeline is too long to be written in that format.")
    try:
        return text_work(written, timeline, name, report=unheard).encode()
    except UnusableInput as error:
        raise NotExportable(error.message) from error
    except AgentError as error:
        raise NotExportable(error.message, retryable=True) from error


def alternatives(timeline: bytes) -> Iterator[tuple[str, bytes]]:
    """The timeline in all formats in which it can be written here, by their names."""
    for name in ADAPTERS:
        try:
            yield name, converted(timeline, name)
        except NotExportable:
            continue  # it is one more way to open it: the archive has the timeline itself
