"""What a text model is asked for: only what it may decide. Everything else is kept from what was parsed."""

import re
from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from agents.animatic.film import (
    CameraMove,
    Gender,
    Look,
    SceneOutline,
    ShotAngle,
    ShotSize,
    TimeOfDay,
    Weather,
)
from agents.animatic.novels.records import Age
from agents.studio.openai.schema import UnfitAnswer

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class PlanAnswer(Struct):
    """The kind of film."""

    title: str
    logline: str
    genre: str
    tone: str
    time: str
    place: str


class StoryAnswer(Struct):
    """The story in prose, and its scenes in outline."""

    title: str
    text: str
    outlines: list[SceneOutline]


class ParagraphAnswer(Struct):
    """One paragraph of a scene; `character` and `parenthetical` only with dialogue."""

    kind: Literal["action", "dialogue", "transition"]
    text: str
    character: str = ""
    parenthetical: str = ""


class SceneAnswer(Struct):
    """The paragraphs of one scene, in order."""

    elements: list[ParagraphAnswer]


class Manner(Struct):
    """How a line is said, in a word or two; `line` counts the scene's lines of dialogue from 1."""

    line: int
    parenthetical: str


class SceneNote(Struct):
    """What a scene leaves unsaid."""

    number: int
    weather: Weather
    manners: list[Manner]


class ScriptNotes(Struct):
    """What a screenplay leaves unsaid."""

    title: str
    scenes: list[SceneNote]


class CharacterNote(Struct):
    """Who a character is and how they look. Colours are "#rrggbb"."""

    name: str
    description: str
    look: Look


class CastNotes(Struct):
    """All characters that were asked for."""

    characters: list[CharacterNote]


class ShotNote(Struct):
    """How a shot is filmed. `first_frame` and `last_frame` are descriptions for an image model."""

    id: str
    size: ShotSize
    angle: ShotAngle
    move: CameraMove
    description: str
    first_frame: str
    last_frame: str


class BoardNotes(Struct):
    """Every shot that was asked for."""

    shots: list[ShotNote]


def demand_words(**fields: str) -> None:
    """Raises UnfitAnswer when one of the fields is blank."""
    for name, text in fields.items():
        if not text.strip():
            raise UnfitAnswer(f"{name} is empty")


def demand_all(kind: str, wanted: Sequence[str], given: Collection[str]) -> None:
    """Raises UnfitAnswer when something that was asked for is not there."""
    lacking = [name for name in wanted if name not in given]
    if lacking:
        raise UnfitAnswer(f"{kind} missing: {', '.join(lacking)}")


def demand_colours(name: str, look: Look) -> None:
    """Raises UnfitAnswer when a colour is not "#rrggbb"."""
    worn = [look.accessory_colour] if look.accessory_colour else []
    for part in (look.skin, look.hair, look.top, look.bottom, *worn):
        if not _COLOUR.fullmatch(part):
            raise UnfitAnswer(f"a colour of {name} is {part[:20]!r} instead of #rrggbb")


# --- of a book ------------------------------------------------------------------------------------


class ChapterNote(Struct):
    """A chapter in short, and the numbers of those of its passages that a film needs."""

    chapter: int
    summary: list[str]
    passages: list[int]


class ChapterNotes(Struct):
    """Every chapter that was shown."""

    chapters: list[ChapterNote]


class EventNote(Struct):
    """Something that happens in the passages from `first` to `last`. `weight`: 1-10, how much of a scene it makes."""

    first: int
    last: int
    what: str
    who: list[str]
    place: str
    interior: bool
    time_of_day: TimeOfDay
    weather: Weather
    weight: int


class EventNotes(Struct):
    """What happens in the passages that were shown, in their order."""

    events: list[EventNote]


class PersonNote(Struct):
    """One person of the book; `aliases` are all other forms in which the book names them."""

    name: str
    aliases: list[str]
    description: str
    gender: Gender
    age: Age


class EpisodeNote(Struct):
    """One film of the series; `events` are the numbers of those that become its scenes."""

    title: str
    summary: str
    events: list[int]


class SeriesAnswer(Struct):
    """Who is in the book, and the episodes that are made of it."""

    characters: list[PersonNote]
    episodes: list[EpisodeNote]


class BookSceneAnswer(Struct):
    """The paragraphs of a scene that is taken from a book, in order."""

    elements: list[ParagraphAnswer]


def demand_range(kind: str, numbers: Sequence[int], most: int) -> None:
    """Raises UnfitAnswer when a number is not between 1 and `most`."""
    wrong = [number for number in numbers if not 1 <= number <= most]
    if wrong:
        raise UnfitAnswer(f"there is no {kind} {wrong[0]}: they are numbered from 1 to {most}")
