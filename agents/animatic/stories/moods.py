"""Finds the mood of an idea: its genre, its tone, and which kind of story (arc) it is.

To add a genre or a tone, add its table to genres.toml or tones.toml; to add an arc, see arcs/.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents.animatic.datafiles import read_toml, word_set
from agents.animatic.seeded_choice import seeded_choice
from agents.animatic.stories.arcs import ARCS
from agents.animatic.stories.worlds import DEFAULT_GENRE, WORLDS

GENRE_BONUS = 0.9  # words


class Genre(NamedTuple):
    """What there is to know about a genre."""

    words: frozenset[str]  # of an idea that speak for it
    tone: str  # of its films where no word says another
    arcs: tuple[str, ...]  # that suit it
    is_by_night: bool  # where the idea names no time


class Tone(NamedTuple):
    """What there is to know about a tone."""

    words: frozenset[str]  # of an idea or a requirement that speak for it
    is_bright: bool  # whether its films take the bright beats of an arc, and end well


GENRES = {
    name: Genre(word_set(table["words"]), table["tone"], tuple(table["arcs"]), table.get("is_by_night", False))
    for name, table in read_toml(__file__, "genres.toml").items()
}
TONES = {
    name: Tone(word_set(table["words"]), table.get("is_bright", False))
    for name, table in read_toml(__file__, "tones.toml").items()
}
BRIGHT_TONES = frozenset(name for name, tone in TONES.items() if tone.is_bright)


def genre_of(words: Sequence[str], world: str) -> str:
    """The genre that most words of the idea speak for."""
    return _most(words, GENRES) or (WORLDS[world].genre if world else DEFAULT_GENRE)


def tone_of(words: Sequence[str], genre: str) -> str:
    """The tone that most words speak for, else the usual one of the genre."""
    return _most(words, TONES) or GENRES[genre].tone


def wished_tone(requirement: str) -> str:
    """The tone that a maker insists on ("a hopeful ending"), or ""."""
    return _most(re.findall(r"[\w-]+", requirement.casefold()), TONES)


def arc_of(words: Sequence[str], genre: str, text: str) -> str:
    """The kind of story: the arc that most words of the idea speak for; one that suits the genre has the advantage."""
    suiting = GENRES[genre].arcs
    counts = {name: sum(word in arc.words for word in words) for name, arc in ARCS.items()}
    scores = {name: count + GENRE_BONUS * (name in suiting) for name, count in counts.items() if count}
    return max(scores, key=lambda name: scores[name]) if scores else seeded_choice(suiting, text, "arc")


def _most(words: Sequence[str], records: Mapping[str, Genre | Tone]) -> str:
    """The record with the most of the words in its list; of equals the first; "" when there is none."""
    counts = {name: sum(1 for word in words if word in record.words) for name, record in records.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
