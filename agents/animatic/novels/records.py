"""What the crew of a novel hands from one to the next. All text is the book's own, but for what a person has edited."""

from typing import Annotated, Literal

from msgspec import Meta, field

from agents.animatic.film import Film, Gender, TimeOfDay, Weather

Age = Literal["child", "young", "adult", "old"]


class Book(Film, frozen=True):
    """A book as plain text: paragraphs with blank lines between them, headings as Markdown ("# Chapter 1")."""

    text: str
    title: str = ""  # as the file says it; "" where it does not
    author: str = ""
    chapters: int = 0  # that were found in it


class Name(Film, frozen=True):
    """One form in which the book names a person: "Anne", "Anne Shirley", "Mrs. Lynde"."""

    form: str
    mentions: int
    first_chapter: int
    female: int = 0  # how often the words beside it speak of a woman, or of a man
    male: int = 0
    evidence: list[str] = field(default_factory=list)  # sentences that say what this person is like


class Chapter(Film, frozen=True):
    """A chapter, compressed: its most telling sentences, and the passages that a film may be made of."""

    number: Annotated[int, Meta(ge=1)]
    title: str
    length: int  # characters of the whole chapter
    summary: list[str]
    passages: list[str]  # whole paragraphs, in the book's order


class CompressedNovel(Film, frozen=True):
    """A book of any length, cut down to what a film can hold."""

    title: str
    author: str
    length: int  # characters of the whole book
    chapters: list[Chapter]
    names: list[Name]  # most mentioned first


class Event(Film, frozen=True):
    """Something that happens: where, when, who, and the passages that tell it."""

    number: Annotated[int, Meta(ge=1)]
    chapter: int
    what: str  # the sentence that tells most of it
    who: list[str]  # the people's names, as in `NovelCharacter.name`
    place: str
    interior: bool
    time_of_day: TimeOfDay
    weather: Weather
    weight: float  # how much of a scene it would make
    passages: list[str]


class Events(Film, frozen=True):
    """All events of a book, in its order."""

    events: list[Event]


class NovelCharacter(Film, frozen=True):
    """One person of the book, under one name throughout."""

    name: str  # as in the film: "ANNE"
    aliases: list[str]  # all forms in which the book names this person
    description: str
    gender: Gender = "unknown"
    age: Age = "adult"
    mentions: int = 0


class Episode(Film, frozen=True):
    """One film of the series. Its scenes are numbered on from those of the episode before."""

    number: Annotated[int, Meta(ge=1)]
    title: str
    summary: str
    chapters: list[int]
    events: list[int]  # one scene each
    first_scene: Annotated[int, Meta(ge=1)]


class GlobalInformation(Film, frozen=True):
    """What is true of the whole book: its people and places, and the episodes that are made of it."""

    title: str
    author: str
    characters: list[NovelCharacter]
    places: list[str]
    episodes: list[Episode]


class KnownCharacter(Film, frozen=True):
    """How a character is to look, whatever the screenplay says."""

    name: str
    description: str
    gender: Gender = "unknown"
    age: Age = "adult"
