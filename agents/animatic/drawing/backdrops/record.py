"""What there is to know about a backdrop, in one record: its words, the worlds they belong to, and how it is painted."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from agents.animatic.drawing.scenery import Scenery

Painter = Callable[[Scenery], None]
WordsByWorld = dict[str, tuple[str, ...]]

ANY_ENDING = "*"


@dataclass(frozen=True, slots=True)
class Ground:
    """A landscape from straight above."""

    colour: str  # "#rrggbb"
    pattern: Literal["patches", "paving", "waves"] = "patches"
    has_trees: bool = False
    has_surf: bool = False


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A kind of place that can be painted. `words` are words or phrases; "schul*" stands for all that begins so."""

    name: str  # "kitchen"; with `interior` it tells backdrops apart
    interior: bool
    paint: Painter
    words: tuple[str, ...]
    worlds: WordsByWorld  # those of the words that tell in which world a story plays
    alone: tuple[str, ...]  # what means this place only if it is the whole name
    things: frozenset[str]  # what is painted with it anyway (see props.PLACED)
    ground: Ground
    is_general: bool  # taken only where no other fits: a house, a room
    pattern: re.Pattern[str] = field(repr=False)

    def fits(self, place: str) -> bool:
        """Whether the name of a place speaks of this kind."""
        return self.found_in(place) is not None

    def found_in(self, place: str) -> tuple[int, int] | None:
        """Where the last of its words ends in the name of a place, and how long it is; None where there is none."""
        if place.casefold() in self.alone:
            return len(place), len(place)
        found = [match.span() for match in self.pattern.finditer(place)]
        return (found[-1][1], found[-1][1] - found[-1][0]) if found else None


def inside(
    *,
    worlds: Mapping[str, str] | None = None,
    also: str = "",
    alone: str = "",
    things: str = "",
    is_general: bool = False,
) -> Callable[[Painter], Backdrop]:
    """Makes a function that paints a room a Backdrop. All words are separated by commas; see the package."""
    return _backdrop(
        interior=True,
        worlds=worlds or {},
        also=also,
        alone=alone,
        things=things,
        ground=Ground("#000000"),
        is_general=is_general,
    )


def outside(
    *,
    ground: Ground,
    worlds: Mapping[str, str] | None = None,
    also: str = "",
    alone: str = "",
    things: str = "",
    is_general: bool = False,
) -> Callable[[Painter], Backdrop]:
    """Makes a function that paints a landscape a Backdrop. All words are separated by commas; see the package."""
    return _backdrop(
        interior=False,
        worlds=worlds or {},
        also=also,
        alone=alone,
        things=things,
        ground=ground,
        is_general=is_general,
    )


def listed(text: str) -> tuple[str, ...]:
    """ "gold mine, den" as ("gold mine", "den")."""
    return tuple(entry.strip() for entry in text.split(",") if entry.strip())


def plain(word: str) -> str:
    """ "schul*" as "schul"."""
    return word.removesuffix(ANY_ENDING)


def listed_by_world(worlds: Mapping[str, str]) -> WordsByWorld:
    """The words of each world, without their asterisks."""
    return {world: tuple(plain(word) for word in listed(words)) for world, words in worlds.items()}


def _backdrop(
    *,
    interior: bool,
    worlds: Mapping[str, str],
    also: str,
    alone: str,
    things: str,
    ground: Ground,
    is_general: bool,
) -> Callable[[Painter], Backdrop]:
    only = listed(alone)
    words = tuple(word for text in (*worlds.values(), also) for word in listed(text) if word not in only)

    def made(paint: Painter) -> Backdrop:
        return Backdrop(
            name=paint.__name__,
            interior=interior,
            paint=paint,
            words=words,
            worlds=listed_by_world(worlds),
            alone=only,
            things=frozenset(listed(things)),
            ground=ground,
            is_general=is_general,
            pattern=_pattern(words),
        )

    return made


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: -len(word))
    spelt = (
        re.escape(plain(word)) + (r"\w*" if word.endswith(ANY_ENDING) else r"(?:e?s|['’]s?)?(?!\w)")
        for word in longest_first
    )
    return re.compile(rf"\b(?:{'|'.join(spelt)})", re.IGNORECASE)
