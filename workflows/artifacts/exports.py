"""What a workflow is taken along as: a file that it has made, one that is made of its timeline on the way, or all as a ZIP file.

Films come alone, or as the episodes of a series: then the task that cut one is called `edit/2`, and what it made is of episode 2.
In a timeline the artifacts that it names become their paths in the ZIP file: it finds them in the folder where that was unpacked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from agents.contract import ArtifactKind
from agents.errors import TargetNotFound
from agents.studio.timeline_formats import ADAPTERS, missing_package
from workflows.artifacts import archive, timelines
from workflows.artifacts.downloads import download_response
from workflows.artifacts.links import signed_archive_url, signed_export_url
from workflows.artifacts.names import file_name
from workflows.bodies import Export
from workflows.errors import InvalidInput, NotExportable
from workflows.lifecycle import FINAL_STATES
from workflows.models import Artifact, Workflow

ZIP: Final = "zip"
NUMBER: Final = re.compile(r"[0-9]{1,4}")
EPISODE: Final = re.compile(r".+/([0-9]{1,4})")  # the key of a task that there is one of for each episode


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of artifact whose name ends so. `what` and `comes` are for people: what it is, and when it is there."""

    kind: ArtifactKind
    ending: str
    what: str
    comes: str


_FILM: Final = "when the film is cut"
_SCRIPT: Final = "when its scenes are put together"
_TIMELINE: Final = Format(ArtifactKind.TIMELINE, "otio", "the timeline comes", _FILM)
FORMATS: Final = {
    "mp4": Format(ArtifactKind.VIDEO, "mp4", "the film comes", _FILM),
    "srt": Format(ArtifactKind.SUBTITLES, "srt", "the captions come", _FILM),
    "vtt": Format(ArtifactKind.CAPTIONS, "vtt", "the captions come", _FILM),
    "pdf": Format(ArtifactKind.STORYBOARD, "pdf", "the storyboard is printed", "when all shots are filmed"),
    "fountain": Format(ArtifactKind.SCRIPT, "fountain", "the screenplay comes", _SCRIPT),
    "fdx": Format(ArtifactKind.SCRIPT, "fdx", "the screenplay comes", _SCRIPT),
    "otio": _TIMELINE,
    **dict.fromkeys(ADAPTERS, _TIMELINE),
}
NAMES: Final = (*FORMATS, ZIP)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that was made; `episode` is None where it is of the whole workflow."""

    artifact: Artifact
    episode: int | None

    @property
    def title(self) -> str:
        return self.artifact.task.title if self.episode is not None else ""


def exports_of(workflow: Workflow) -> list[Export]:
    """All that there is now, by format and episode, each with a signed link."""
    found = [
        _export(workflow, name, each)
        for name in FORMATS
        if not _is_lacking(name)
        for each in sorted(_found(workflow, name), key=lambda each: each.episode or 0)
    ]
    entries = archive.entries_of(workflow)
    if entries:
        size = sum(entry.artifact.size for entry in entries)
        url = signed_archive_url(str(workflow.pk))
        found.append(Export(format=ZIP, episode=None, title="", name=file_name(workflow, ZIP), bytes=size, url=url))
    return found


def _export(workflow: Workflow, name: str, found: _Found) -> Export:
    is_as_it_was_made = FORMATS[name] is not _TIMELINE
    return Export(
        format=name,
        episode=found.episode,
        title=found.title,
        name=_name(workflow, name, found),
        bytes=found.artifact.size if is_as_it_was_made else None,
        url=signed_export_url(str(workflow.pk), name, "" if found.episode is None else str(found.episode)),
    )


def _name(workflow: Workflow, name: str, found: _Found) -> str:
    return file_name(workflow, name, episode=found.episode, episode_title=found.title)


def _is_lacking(name: str) -> bool:
    return name in ADAPTERS and bool(missing_package(name))


def _found(workflow: Workflow, name: str) -> Iterator[_Found]:
    """The newest file of each episode."""
    wanted = FORMATS[name]
    artifacts = workflow.artifacts.filter(kind=wanted.kind, name__iendswith=f".{wanted.ending}").select_related("task")
    newest = {_episode(artifact): artifact for artifact in artifacts.order_by("created_at")}
    return (_Found(artifact, episode) for episode, artifact in newest.items())


def _episode(artifact: Artifact) -> int | None:
    match = EPISODE.fullmatch(artifact.task.key)
    return int(match[1]) if match else None


def export_response(request: HttpRequest, workflow: Workflow, name: str, episode: str) -> HttpResponseBase:
    """The file, to be saved. `episode`, "" or a number, counts where there is a file for each; "" is the first that is there.

    Raises: InvalidInput for what there never is; NotExportable for what there is not yet, or cannot be made here;
    TargetNotFound for what this workflow did not make.
    """
    if name not in NAMES:
        raise InvalidInput("There is no such format.", fields={"format": f"One of {', '.join(NAMES)}."})
    if episode and not NUMBER.fullmatch(episode):
        raise InvalidInput("An episode is a number.", fields={"episode": "From 1."})
    if name == ZIP:
        if not workflow.artifacts.exists():
            raise _absence(workflow, "there is something to take along", "when a file is made", "It has made nothing.")
        return archive.archive_response(workflow)
    found = _wanted(workflow, name, episode)
    if FORMATS[name] is _TIMELINE:
        return _attached(_timeline(workflow, name, found.artifact), _name(workflow, name, found))
    return download_response(request, found.artifact, save_as=_name(workflow, name, found))


def _wanted(workflow: Workflow, name: str, episode: str) -> _Found:
    found = sorted(_found(workflow, name), key=lambda each: each.episode or 0)
    fitting = [each for each in found if not episode or each.episode in (None, int(episode))]
    if fitting:
        return fitting[0]
    wanted = FORMATS[name]
    which = f" of episode {episode}" if episode and found else ""
    raise _absence(workflow, wanted.what, wanted.comes, f"It has made no such file{which}: {name}.")


def _absence(workflow: Workflow, what: str, comes: str, never: str) -> NotExportable | TargetNotFound:
    """Why there is nothing: it may yet come, or it has ended without."""
    if workflow.state in FINAL_STATES:
        return TargetNotFound(never)
    return NotExportable(f"Not yet: {what} {comes}.", retryable=True)


def _timeline(workflow: Workflow, name: str, artifact: Artifact) -> bytes:
    """The timeline, in this format, with paths in the place of artifacts.

    Raises: NotExportable.
    """
    if artifact.size > timelines.READ_BYTES:
        raise NotExportable("This timeline is too long. The ZIP file has it as it is.")
    storage: Any = storages["artifacts"]
    with storage.open_range(artifact.file.name, 0, artifact.size) as file:
        made: bytes = file.read(artifact.size)
    timeline = timelines.with_paths(made, "", archive.paths_of(workflow))
    return timelines.converted(timeline, name) if name in ADAPTERS else timeline


def _attached(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")  # as every file that is only ever saved
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
