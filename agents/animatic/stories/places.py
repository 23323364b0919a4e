"""Finds the places of an idea, in English and in the words that the backdrops know: where each part of the story happens."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.animatic.places import PLACES
from agents.animatic.screenplays.locations import words_of
from agents.animatic.stories.grammar import capital
from agents.animatic.stories.tagging import NAME, NOUNS, Token
from agents.animatic.stories.worlds import WORLDS

NOWHERE = "Somewhere"  # where an idea names no place: the painter has a neutral set for what it does not know

_PLACE_WORDS = "|".join(sorted(map(re.escape, PLACES), key=len, reverse=True))
_PREPOSITIONS = (
    "in|at|on|inside|to|into|of|from|near|through|across|aboard|under|beneath|outside|behind|by|around|over|up|down|off"
)
_PLACE = re.compile(
    rf"\b(?:{_PREPOSITIONS})\s+"
    rf"(?P<phrase>(?:an?|the|his|her|their|its|one|this|my|our)\s+(?:[\w'’-]+\s+){{0,2}}?(?P<word>(?:{_PLACE_WORDS})s?))\b"
    rf"|\b(?:in|at|on|inside|near|through|across|aboard)\s+(?P<bare>(?:[\w'’-]+\s+)?(?P<bare_word>(?:{_PLACE_WORDS})s?))\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|his|her|their|its|one|this|my|our)\s+", re.IGNORECASE)
_TOWARDS = frozenset("in to over at near through into across".split())


class Spot(NamedTuple):
    """A place as the idea names it: "Crowded market", where it is said, and whether it has a roof."""

    name: str
    interior: bool
    at: int
    phrase: str = ""  # "in a crowded market"


def spots_in(text: str) -> list[Spot]:
    """The places that a text names with "in", "at", "on"..., in order."""
    spots = []
    for match in _PLACE.finditer(text):
        word = (match["word"] or match["bare_word"]).casefold()
        known = PLACES.get(word) or PLACES.get(word.removesuffix("s"))
        name = _ARTICLE.sub("", match["phrase"] or match["bare"]).strip().casefold()
        if known:
            spots.append(Spot(capital(name), known.interior, match.start(), match[0]))
    return spots


def loose_spots_in(text: str) -> list[Spot]:
    """The places that a text names in any way: "a haunted house"; for texts in other languages, too."""
    return [
        Spot(capital(word), PLACES[word].interior, text.casefold().find(word))
        for word in words_of(text)
        if word in PLACES
    ]


def named_spots_in(text: str, tokens: Sequence[Token]) -> list[Spot]:
    """Towns and countries: names after "in", "to" or "over" ("over Cuba", "in Marrakech")."""
    spots = []
    for before, token in zip(tokens, tokens[1:], strict=False):
        if before.low in _TOWARDS and token.tag == NAME and token.text[0].isupper() and token.text[1:].islower():
            spots.append(Spot(token.text, False, before.start, text[before.start : token.end]))  # noqa: FBT003 - a field
    return spots


def things_in(chunks: Sequence[Sequence[Token]], known: frozenset[str]) -> list[str]:
    """The noun phrases that are no people, places or times: "a message", "the lamp"."""
    found: dict[str, str] = {}
    for tokens in chunks:
        head = tokens[-1]
        is_bare = tokens[0].tag not in {"AT0", "DPS", "DT0", "CRD"}
        if is_bare and head.tag != "NN2":  # "chess", "love": nothing to be seen
            continue
        if (
            head.tag in NOUNS
            and head.low not in known
            and head.low not in PLACES
            and head.low.removesuffix("s") not in PLACES
        ):
            found.setdefault(head.low, " ".join(token.text for token in tokens))
    return list(found.values())


def usual_spot(words: Sequence[str]) -> Spot:
    """Where a story plays that names no place: where its words lean to ("sailor": a harbour), else somewhere."""
    leaning = next((world for world in WORLDS.values() if world.hints & set(words)), None)
    if leaning:
        name, interior = leaning.places[0]
        return Spot(name, interior, 0)
    return Spot(NOWHERE, False, 0)  # noqa: FBT003 - a field


def world_of(spots: Sequence[Spot]) -> str:
    """The world of the first place, or ""."""
    known = [PLACES[word].world for spot in spots for word in words_of(spot.name) if word in PLACES]
    return known[0] if known else ""
