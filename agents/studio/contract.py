"""What the crew may ask of a studio. Each of the four has an offline and an OpenAI-compatible provider.

All methods block, and raise AgentError (with `retryable`) when they cannot. `Report` is both progress and
checkpoint: providers call it at least every 0.25 s of work, and let pass whatever it raises.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agents.animatic.film import (
    Cast,
    Character,
    FilmFormat,
    Plan,
    PortraitView,
    Reference,
    Scene,
    SceneOutline,
    SceneScript,
    Screenplay,
    Shot,
    Story,
    Storyboard,
)
from agents.animatic.novels.records import CompressedNovel, Episode, Event, Events, GlobalInformation
from agents.animatic.progress import Report
from agents.animatic.sound.voices import Voice


class TextStudio(Protocol):
    """Writes and reads words."""

    def missing(self) -> str:
        """What it lacks to work, or ""."""
        ...

    def plan_idea(
        self, idea: str, *, requirement: str, style: str, scenes: int, seconds: float = 0.0, report: Report
    ) -> Plan:
        """The kind of film that an idea asks for; `seconds`: how long it is to be, 0 where nothing is said of that besides the idea."""
        ...

    def plan_script(self, script: str, *, requirement: str, style: str, scenes: str = "", report: Report) -> Plan:
        """The kind of film that a screenplay is, or the chosen scenes of it ("12-20, 35"; "" for all)."""
        ...

    def story(self, idea: str, plan: Plan, *, report: Report) -> Story:
        """A story with exactly `plan.scenes` outlines."""
        ...

    def scene_script(self, story: Story, outline: SceneOutline, plan: Plan, *, report: Report) -> SceneScript:
        """One scene as Fountain text."""
        ...

    def screenplay(self, script: str, *, title: str, scenes: str = "", report: Report) -> Screenplay:
        """Any screenplay, Fountain or Final Draft text, normalised, or the chosen scenes of it. No character and no line of dialogue is lost or reordered."""
        ...

    def cast(self, screenplay: Screenplay, *, plan: Plan | None = None, style: str, report: Report) -> Cast:
        """All who speak or act, each with a look that tells them apart."""
        ...

    def storyboard(
        self, scene: Scene, cast: Cast, *, plan: Plan, film_format: FilmFormat = "16:9", report: Report
    ) -> Storyboard:
        """The shots of a scene, staged for that format; every line of its dialogue is in exactly one shot, in order."""
        ...

    def compressed_novel(self, novel: str, *, report: Report) -> CompressedNovel:
        """A book, cut down to what a film can hold: its chapters, each with a summary, and passages in the book's own words."""
        ...

    def events(self, novel: CompressedNovel, *, report: Report) -> Events:
        """What happens in a book, in its order."""
        ...

    def global_information(
        self, novel: CompressedNovel, events: Events, *, episodes: int, scenes: int, report: Report
    ) -> GlobalInformation:
        """Who is who in a book, and at most so many episodes of at most so many scenes, an event each."""
        ...

    def plan_novel(self, information: GlobalInformation, *, requirement: str, style: str, report: Report) -> Plan:
        """The kind of film that a book is; title and scenes are those of the information."""
        ...

    def novel_scenes(
        self, episode: Episode, events: Sequence[Event], information: GlobalInformation, *, report: Report
    ) -> list[Scene]:
        """The scenes of an episode, one for each of its events, numbered from its `first_scene`. Nobody speaks but its characters."""
        ...


@dataclass(frozen=True, slots=True)
class OwnPictures:
    """The maker's own pictures that belong to what is drawn: faces by the names of characters, and those for the style."""

    faces: Mapping[str, Path] = field(default_factory=dict)
    styles: Sequence[Path] = ()


NO_PICTURES = OwnPictures()


class ImageStudio(Protocol):
    """Draws."""

    def missing(self) -> str:
        """What it lacks to work, or ""."""
        ...

    def refuses_pictures(self) -> str:
        """Why it cannot keep to pictures of the maker's own, as a sentence; "" when it can. Then it is given none."""
        ...

    def portrait(
        self,
        character: Character,
        view: PortraitView,
        *,
        style: str,
        to: Path,
        report: Report,
        own: OwnPictures = NO_PICTURES,
    ) -> None:
        """A portrait as a JPEG of 640x800 at `to`."""
        ...

    def frame(
        self,
        shot: Shot,
        *,
        is_last: bool,
        variant: int,
        cast: list[Character],
        references: list[tuple[Reference, Path]],
        style: str,
        to: Path,
        report: Report,
        own: OwnPictures = NO_PICTURES,
    ) -> None:
        """The first or last frame of a shot as a JPEG in the shape of the film, and at least in its size, at `to`; variants differ visibly."""
        ...


class VideoStudio(Protocol):
    """Makes pictures move."""

    def missing(self) -> str:
        """What it lacks to work, or ""."""
        ...

    def clip(self, shot: Shot, *, first: Path, last: Path | None, style: str, to: Path, report: Report) -> float:
        """The shot as an MP4 at `to` (in the size of the film, 24 fps, H.264, yuv420p, no sound, no captions). Returns its seconds."""
        ...


@dataclass(frozen=True, slots=True)
class ToSay:
    """A line to be spoken. `pace` is a multiple of the voice's own."""

    text: str
    voice: Voice
    language: str  # ISO 639-1
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Recording:
    """A spoken line, as a WAV file (mono, 16 bit). `words`: when its words begin, as (place in the text, seconds), if known."""

    path: Path
    seconds: float
    words: Sequence[tuple[int, float]] = ()


class SpeechStudio(Protocol):
    """Speaks."""

    def missing(self) -> str:
        """What it lacks to work, or ""."""
        ...

    def speak(self, lines: Sequence[ToSay], *, folder: Path, report: Report) -> list[Recording]:
        """A recording in `folder` of each line, without silence before and after it."""
        ...
