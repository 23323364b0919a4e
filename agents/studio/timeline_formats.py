"""Writes a timeline (OpenTimelineIO) in the formats of other editing programs, by the adapters that are installed.

Nothing is loaded before it is needed: what is here runs in a process for texts, since a timeline may come from anybody.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from agents.animatic.errors import UnusableText
from agents.animatic.progress import Report

OTIO: Final = "application/vnd.pixar.opentimelineio+json"  # the media type of a timeline


@dataclass(frozen=True, slots=True)
class Adapter:
    """What writes a format: its name in OpenTimelineIO, its module, and the package that has it."""

    name: str
    module: str
    package: str


ADAPTERS: Final = {
    "fcpxml": Adapter("fcpx_xml", "otio_fcpx_xml_adapter", "otio-fcpx-xml-adapter"),
    "edl": Adapter("cmx_3600", "otio_cmx3600_adapter", "otio-cmx3600-adapter"),
}


def missing_package(format_name: str) -> str:
    """The package that has to be installed to write this format; "" when it is there."""
    adapter = ADAPTERS[format_name]
    return "" if find_spec(adapter.module) else adapter.package


def written(timeline: bytes, format_name: str, *, report: Report) -> str:  # noqa: ARG001 - a text process gives one
    """The timeline in one of `ADAPTERS`.

    Raises: UnusableText, for what is no timeline, or none that can be written so.
    """
    import opentimelineio as otio  # noqa: PLC0415 - 26 MB, for who wants it

    try:
        read = otio.adapters.read_from_string(timeline.decode(), "otio_json")
        # What an adapter raises depends on what it stumbles over.
        return str(otio.adapters.write_to_string(_fitted(read, format_name), ADAPTERS[format_name].name))
    except Exception as error:
        raise UnusableText("This timeline cannot be written in that format.") from error


def _fitted(timeline: Any, format_name: str) -> Any:  # noqa: ANN401 - it ships no types
    """The timeline without what the format cannot hold."""
    if format_name == "edl":  # of the film's sounds, which lie on more tracks, it has room for two
        for track in list(timeline.audio_tracks()):
            timeline.tracks.remove(track)
    for clip in timeline.find_clips():
        clip.name = clip.name.replace("'", "\u2019")  # the adapter of FCPXML looks names up between quotation marks
    return timeline
