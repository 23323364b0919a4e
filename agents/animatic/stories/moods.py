"""Finds the mood of an idea: its genre and its tone. To add one, add its table to genres.toml or tones.toml."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents.animatic.datafiles import read_toml, word_set
from agents.animatic.stories.worlds import DEFAULT_GENRE, WORLDS


class Genre(NamedTuple):
    """What there is to know about a genre."""

    words: frozenset[str]  # of an idea that speak for it
    tone: str  # of its films where no word says another
    is_by_night: bool  # where the idea names no time


class Tone(NamedTuple):
    """What there is to know about a tone."""

    words: frozenset[str]  # of an idea or a requirement that speak for it


GENRES = {
    name: Genre(word_set(table["words"]), table["tone"], table.get("is_by_night", False))
    for name, table in read_toml(__file__, "genres.toml").items()
}
TONES = {name: Tone(word_set(table["words"])) for name, table in read_toml(__file__, "tones.toml").items()}


def genre_of(words: Sequence[str], world: str) -> str:
    """The genre that most words of the idea speak for."""
    return _most(words, GENRES) or (WORLDS[world].genre if world else DEFAULT_GENRE)


def tone_of(words: Sequence[str], genre: str) -> str:
    """The tone that most words speak for, else the usual one of the genre."""
    return _most(words, TONES) or GENRES[genre].tone


def wished_tone(requirement: str) -> str:
    """The tone that a maker insists on ("a hopeful ending"), or ""."""
    return _most(re.findall(r"[\w-]+", requirement.casefold()), TONES)


def _most(words: Sequence[str], records: Mapping[str, Genre | Tone]) -> str:
    """The record with the most of the words in its list; of equals the first; "" when there is none."""
    counts = {name: sum(1 for word in words if word in record.words) for name, record in records.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
