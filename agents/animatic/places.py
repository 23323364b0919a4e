"""Knows places by their words: in which world a story plays there, whether it has a roof, what backdrop it gets.

The words themselves stand with the backdrops (drawing/backdrops), so that the writer and the painter agree.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agents.animatic.datafiles import word_set
from agents.animatic.drawing.backdrops import (
    BACKDROPS,
    FRONT_OF_A_BUILDING,
    INN,
    NEUTRAL_LANDSCAPE,
    NEUTRAL_ROOM,
    SHIP,
    SHIPS_BRIDGE,
    SPACESHIP,
)
from agents.animatic.drawing.backdrops.record import Backdrop
from agents.animatic.film import Period, Setting
from agents.animatic.vocabulary.foreign import place_in_english

REMEMBERED_PLACES = 256
LONGEST_NAME = 300  # characters of a place that are looked at

_PARTS = re.compile(r" [-–—]+ |[,/(:;–—]")  # "DELANEY HOUSE - KITCHEN", "MAIN STREET, DODGE"
# What follows says only where it is: "alley behind the club", "deck of the Marigold".
_WHERE = re.compile(
    r"\b(?:of|by|at|in|on|near|behind|above|below|beneath|under|outside|inside|with|to|over|from|along|across|opposite|beside)\b",
    re.IGNORECASE,
)
_VESSEL = re.compile(
    r"\b(?:ship|ferry|boat|yacht|submarine|galleon|frigate|schooner|steamship|steamer|liner|trawler|barge|tugboat|sailboat|lifeboat)(?:['’]s|s)?\b",
    re.IGNORECASE,
)
# "THE DOG AND WHISTLE", "THE KING'S HEAD": what inns are called.
_INN = re.compile(
    r"the [\w'’]+ (?:(?:and|&) (?:the )?[\w'’]+|arms|head|inn|oak|lion|bull|swan|anchor|horse|stag|boar|crown|bell)",
    re.IGNORECASE,
)
_SHIP = re.compile(r"\bships?\b", re.IGNORECASE)
_FLYING = re.compile(r"\b(?:space|star|alien|mother)[ -]?ships?\b|\b(?:space|orbit|airlock|pod)\b", re.IGNORECASE)


class Place(NamedTuple):
    """What a word for a place says: the world it belongs to (stories/worlds.toml) and whether it has a roof."""

    world: str
    interior: bool


PLACES: dict[str, Place] = {
    word: Place(world, backdrop.interior)
    for backdrop in BACKDROPS
    for world, words in backdrop.worlds.items()
    for word in words
}

LEAST_OF_A_TELLING_WORD = 6  # letters
_AMBIGUOUS = word_set(
    """center centre company stands grounds course courses square harbour level museum-piece vehicle station wagon trailer bridge module
    satellite convertible platform channel carriage engine ground control gallery surface reception arrivals departures agency
    anchor balcony record circle crossing border circus orchestra balloon coffee flight service aircraft airspace assembly ballet
    barber bomber bookcase capsule check-in common complex compound corner country customs dentist depths detention dining dispatch
    emergency exterior facility fitness florist heaven homicide inside interior interrogation landing lecture living lookout meeting
    mercedes mustang outdoors outside parking passage pickup police principal's quarantine quarters server shower sideline sleeper
    solitary stacks stalls storage traffic universe upstairs downstairs visitation wardrobe whaler blacksmith institute line-up
    camper habitat press clouds burrow tractor trolley closet cupboard colony line homeroom entrance parish ministry"""
)
# What else is a place in prose behind "in the", "at the": more words than may be looked for without.
MORE_PLACES: dict[str, bool] = {
    word: backdrop.interior
    for backdrop in reversed(BACKDROPS)
    for word in (*backdrop.words, *backdrop.alone)
    if len(word) >= LEAST_OF_A_TELLING_WORD and word not in PLACES and word not in _AMBIGUOUS and "*" not in word
}


def backdrop_of(setting: Setting) -> Backdrop:
    """The backdrop that fits the name of the place best; the neutral one where none of its words is known."""
    return _backdrop(setting.place[:LONGEST_NAME], setting.interior, setting.period)


def is_known(setting: Setting) -> bool:
    """Whether a word of the place's name is known: otherwise it gets a neutral room or open ground."""
    place = setting.place[:LONGEST_NAME]
    is_named = any(backdrop.fits(place) for backdrop in BACKDROPS) or backdrop_of(setting) is INN
    return is_named or bool(place_in_english(place))


@lru_cache(maxsize=REMEMBERED_PLACES)
def _backdrop(place: str, interior: bool, period: Period) -> Backdrop:  # noqa: FBT001 - lru_cache counts keywords apart
    found = _by_name(place, interior=interior)
    return _aboard(place, found, period) if interior and _VESSEL.search(place) else found


def _aboard(place: str, found: Backdrop, period: Period) -> Backdrop:
    """ "FERRY - CABIN" is no cabin in the woods, and a ship of the future flies."""
    if found is SHIP and period == "future" and _SHIP.search(place):
        return SPACESHIP
    if found is SPACESHIP and period != "future" and not _FLYING.search(place):
        return SHIPS_BRIDGE
    return SHIP if found.name in ("bedroom", NEUTRAL_ROOM.name) else found


def _by_name(place: str, *, interior: bool) -> Backdrop:
    alike = [backdrop for backdrop in BACKDROPS if backdrop.interior == interior]
    others = [backdrop for backdrop in BACKDROPS if backdrop.interior != interior and not backdrop.is_general]
    special, general = _split(alike)
    found = _best(place, special) or _best(place, general)
    if found:
        return found
    found = _best(place, others)
    if not found and interior and _INN.fullmatch(place.strip()):
        return INN
    if not found and (english := place_in_english(place)):
        return _by_name(english, interior=interior)
    if not found:
        return NEUTRAL_ROOM if interior else NEUTRAL_LANDSCAPE
    return found if interior else FRONT_OF_A_BUILDING  # "INT. FOREST" is a forest, "EXT. LABORATORY" a building


def _split(backdrops: list[Backdrop]) -> tuple[list[Backdrop], list[Backdrop]]:
    special = [backdrop for backdrop in backdrops if not backdrop.is_general]
    return special, [backdrop for backdrop in backdrops if backdrop.is_general]


def _best(place: str, backdrops: list[Backdrop]) -> Backdrop | None:
    """The one with the word that ends last in the last part of the name in which there is any; the longest of these."""
    whole = next((backdrop for backdrop in backdrops if place.casefold() in backdrop.alone), None)
    if whole:
        return whole
    for part in _readings(place):
        found = [(backdrop.found_in(part), backdrop) for backdrop in backdrops]
        ranked = [(match, backdrop) for match, backdrop in found if match]
        if ranked:
            return max(ranked, key=lambda one: one[0])[1]
    return None


def _readings(place: str) -> Iterator[str]:
    """The parts of a name in which to look, the most telling first: the last part, of it what is ahead of "of" or "behind"."""
    parts = [part.strip() for part in _PARTS.split(place) if part.strip()]
    for part in [place, *reversed(parts)] if len(parts) < 2 else reversed(parts):
        yield _WHERE.split(part, maxsplit=1)[0]
        yield part
