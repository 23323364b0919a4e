"""Knows places by their words: in which world a story plays there, whether it has a roof, what backdrop it gets.

The words themselves stand with the backdrops (drawing/backdrops), so that the writer and the painter agree.
"""

from functools import lru_cache
from typing import NamedTuple

from agents.animatic.drawing.backdrops import BACKDROPS, FALLBACKS
from agents.animatic.drawing.backdrops.record import Backdrop, Fallback
from agents.animatic.film import Setting
from agents.animatic.seeded_choice import seeded_random

REMEMBERED_PLACES = 256


class Place(NamedTuple):
    """What a word for a place says: the world it belongs to (stories/worlds.toml) and whether it has a roof."""

    world: str
    interior: bool


_RECORDS: tuple[Backdrop | Fallback, ...] = (*BACKDROPS, *FALLBACKS)
PLACES: dict[str, Place] = {
    word: Place(world, record.interior)
    for record in _RECORDS
    for world, words in record.worlds.items()
    for word in words
}


def backdrop_of(setting: Setting) -> Backdrop:
    """The first backdrop that fits the place's name; else a fallback, always the same for that name."""
    return _backdrop(setting.place, setting.interior)


@lru_cache(maxsize=REMEMBERED_PLACES)
def _backdrop(place: str, interior: bool) -> Backdrop:  # noqa: FBT001 - lru_cache counts keywords apart
    candidates = {backdrop.name: backdrop for backdrop in BACKDROPS if backdrop.interior == interior}
    found = next((backdrop for backdrop in candidates.values() if backdrop.fits(place)), None)
    if found:
        return found
    (fallback,) = (one for one in FALLBACKS if one.interior == interior)
    return candidates[seeded_random("kind", place).choice(fallback.among)]
