"""Writes the cut down as OpenTimelineIO, so that Resolve, Premiere, Kdenlive and others open it (https://opentimelineio.readthedocs.io).

A track of pictures, a clip for each shot, without the captions that the film has burnt in; dissolves are transitions. A fade is a
dissolve to one frame of black (a gap) or white, and one from it: of fades through a colour OTIO knows nothing. Speech,
ambience, effects and music have tracks of their own, as they were recorded: levels and fades are the film's. Media are
named by their artifacts, `artifact:ID`: whoever hands the timeline on puts in where the files are. The cards come from
the film itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import (
    Clip,
    ExternalReference,
    FreezeFrame,
    Gap,
    GeneratorReference,
    Marker,
    Timeline,
    Track,
    Transition,
)

from agents.animatic.film import FRAMES_PER_SECOND, Shot
from agents.animatic.screenplays.transitions import Colour
from agents.studio.captions import Cue

FADE_FRAMES = 12
COLOUR_FRAMES = 1  # of nothing but the colour, between two fades
MEDIA_PREFIX = "artifact:"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the film with one picture source, counted in frames.

    `start` and `end` are in the film; `dissolve` is how much of the beginning overlaps the stretch before. With `fade` it comes out of
    that colour, and the stretch before goes into it.
    """

    start: int
    end: int
    dissolve: int
    shot: Shot | None = None  # None: a card
    media: str = ""  # the artifact of its clip
    media_frames: int = 0  # how long that is; held on its last frame where that is too short
    fade: Colour | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound in the film, counted in frames; it is repeated where its media are shorter."""

    name: str
    media: str
    media_frames: int
    start: int
    frames: int


def as_otio(
    title: str,
    stretches: Sequence[Stretch],
    cues: Sequence[Cue],
    *,
    film: str,
    heard: Sequence[tuple[str, Sequence[Heard]]] = (),
) -> str:
    """The cut as a file that ends in .otio. `film` is the artifact of the finished film; `heard` are tracks by their names."""
    timeline = Timeline(name=title, global_start_time=_time(0))
    track = Track(name="Shots", kind=otio.schema.TrackKind.Video)
    length = stretches[-1].end
    ends = [*(following.start for following in stretches[1:]), length]
    for number, (stretch, end) in enumerate(zip(stretches, ends, strict=True)):
        if stretch.shot and stretch.dissolve:
            track.append(_dissolve(stretch.dissolve))
        if stretch.fade:
            track.extend(_fade(stretch.fade, track))
        if stretch.shot:
            track.extend(_clips(stretch.shot, stretch, end - stretch.start))
        else:
            name = "The End" if number else "Title"
            track.append(_clip(name, film, length, stretch.start, end - stretch.start))
    track.markers.extend(_marker(cue) for cue in cues)
    timeline.tracks.append(track)
    timeline.tracks.extend(audio for name, sounds in heard for audio in _audio_tracks(name, sounds))
    return str(otio.adapters.write_to_string(timeline, "otio_json", indent=2))


def _audio_tracks(name: str, sounds: Sequence[Heard]) -> list[Track]:
    """The sounds, on as few tracks as it takes for none to lie over another."""
    tracks: list[Track] = []
    ends: list[int] = []
    for sound in sounds:
        free = next((number for number, end in enumerate(ends) if end <= sound.start), len(ends))
        if free == len(ends):
            ends.append(0)
            tracks.append(Track(name=f"{name} {free + 1}" if free else name, kind=otio.schema.TrackKind.Audio))
        if pause := sound.start - ends[free]:
            tracks[free].append(Gap(source_range=TimeRange(_time(0), _time(pause))))
        tracks[free].extend(_repeated(sound))
        ends[free] = sound.start + sound.frames
    return tracks


def _repeated(sound: Heard) -> list[Clip]:
    """The sound, as often as it takes."""
    lengths = [sound.media_frames] * (sound.frames // sound.media_frames)
    if rest := sound.frames % sound.media_frames:
        lengths.append(rest)
    return [_clip(sound.name, sound.media, sound.media_frames, 0, length) for length in lengths]


def _clips(shot: Shot, stretch: Stretch, frames: int) -> list[Clip]:
    """The shot, and its last frame for as long as it is held."""
    first = (
        COLOUR_FRAMES if stretch.fade and stretch.media_frames > COLOUR_FRAMES else 0
    )  # it is seen in its colour alone
    frames -= first
    moving = min(frames, stretch.media_frames - first)
    clips = [_clip(f"Shot {shot.id}", stretch.media, stretch.media_frames, first, moving)]
    if held := frames - moving:
        clips.append(
            _clip(f"Shot {shot.id}, held", stretch.media, stretch.media_frames, stretch.media_frames - 1, held)
        )
        clips[-1].effects.append(FreezeFrame())
    clips[0].metadata["callboard"] = {"shot": shot.id, "description": shot.description}
    return clips


def _clip(name: str, artifact: str, available: int, start: int, frames: int) -> Clip:
    media = ExternalReference(target_url=MEDIA_PREFIX + artifact, available_range=TimeRange(_time(0), _time(available)))
    return Clip(name=name, media_reference=media, source_range=TimeRange(_time(start), _time(frames)))


def _fade(colour: Colour, track: Track) -> list[Gap | Clip | Transition]:
    """The way from the last clip of the track into a colour, and out of it again."""
    room = track[-1].source_range.duration.value if len(track) else 0
    span = TimeRange(_time(0), _time(COLOUR_FRAMES))
    solid = GeneratorReference(generator_kind="SolidColor", parameters={"color": colour}, available_range=span)
    filled = (
        Gap(source_range=span) if colour == "black" else Clip(name="White", media_reference=solid, source_range=span)
    )
    return [
        _transition(f"Fade to {colour}", min(FADE_FRAMES, room), 0),
        filled,
        _transition(f"Fade from {colour}", 0, FADE_FRAMES),
    ]


def _transition(name: str, before: int, after: int) -> Transition:
    kind = otio.schema.TransitionTypes.SMPTE_Dissolve
    return Transition(name=name, transition_type=kind, in_offset=_time(before), out_offset=_time(after))


def _dissolve(frames: int) -> Transition:
    # It begins with the later shot, and lasts on: what is before the cut stays whole.
    return _transition("Dissolve", 0, frames)


def _marker(cue: Cue) -> Marker:
    words = " ".join(cue.lines)
    start, end = (round(seconds * FRAMES_PER_SECOND) for seconds in (cue.start, cue.end))
    return Marker(
        name=f"{cue.speaker}: {words}" if cue.speaker else words,
        marked_range=TimeRange(_time(start), _time(end - start)),
        color=otio.schema.MarkerColor.YELLOW,
    )


def _time(frames: int) -> RationalTime:
    return RationalTime(frames, FRAMES_PER_SECOND)
