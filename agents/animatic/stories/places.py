"""Finds the places of an idea, in English and in the words that the backdrops know: where each part of the story happens."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, zip_longest
from typing import NamedTuple

from agents.animatic.places import MORE_PLACES, PLACES
from agents.animatic.screenplays.locations import words_of
from agents.animatic.stories.grammar import capital
from agents.animatic.stories.tagging import NAME, NOUNS, Token
from agents.animatic.vocabulary.foreign import grammar_of, is_known, meaning_of, meanings_of, place_ahead_in, words_in

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
_BEHIND_PREPOSITION = re.compile(
    r"\b(?P<where>in|at|on|inside|into|across|through|outside|behind|near|from|aboard)\s+(?:an?|the|his|her|their|its)\s+"
    r"(?P<words>[\w'’-]+(?:\s[\w'’-]+){0,2})",
    re.IGNORECASE,
)
_PLAY_ELSEWHERE = frozenset({"opera singer", "opera singers", "cabin boy", "cabin crew", "stage hand", "bar exam"})
_NO_ELEVATOR = re.compile(r"\bg(?:ives?|ave|iving) (?:\w+ )?a lift\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the|his|her|their|its|one|this|my|our)\s+", re.IGNORECASE)
MOST_WORDS_OF_NAME = 3
_NO_DETERMINERS = frozenset(["no", "any", "every", "each", "all", "same", "some"])
_TOWARDS = frozenset(["in", "to", "over", "at", "near", "through", "into", "across"])


class Spot(NamedTuple):
    """A place as the idea names it: "Crowded market", where it is said, and whether it has a roof."""

    name: str
    interior: bool
    at: int
    phrase: str = ""  # "in a crowded market"


NOWHERE = Spot("Somewhere", interior=False, at=0)  # where an idea names no place: nothing is made up


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


def more_spots_in(text: str) -> list[Spot]:
    """The places of which only the backdrops know, behind a preposition and an article: "outside the supermarket"."""
    spots = []
    for match in _BEHIND_PREPOSITION.finditer(text):
        words = match["words"].casefold().split()
        for end in range(len(words), 0, -1):
            place = next((name for at in range(end) if (name := " ".join(words[at:end])) in MORE_PLACES), "")
            if place:
                interior = MORE_PLACES[place] and match["where"].casefold() != "outside"
                spots.append(Spot(capital(" ".join(words[:end])), interior, match.start()))
                break
    return spots


def loose_spots_in(text: str, language: str = "") -> list[Spot]:
    """The places that a text names in any way: "a haunted house"; for texts in other languages, too. No "opera" of "opera singer"."""
    if is_known(language):
        return list(_foreign_spots_in(text, language)) or list(_foreign_towns_in(text, language))
    words = words_of(text)
    return [
        Spot(capital(word), PLACES[word].interior, text.casefold().find(word))
        for word, following in zip_longest(words, words[1:], fillvalue="")
        if word in PLACES
        and f"{word} {following}" not in _PLAY_ELSEWHERE
        and not (word == "lift" and _NO_ELEVATOR.search(text))
    ]


def _foreign_spots_in(text: str, language: str) -> Iterator[Spot]:
    for word in words_in(text, language):
        is_person = meaning_of(word.text, language, "people")
        meaning = place_ahead_in(word.text, language) if is_person else meaning_of(word.text, language, "places")
        if meaning:
            place = PLACES.get(meaning.english)
            yield Spot(capital(meaning.base), place.interior if place else False, word.start)


def _foreign_towns_in(text: str, language: str) -> Iterator[Spot]:
    """Names behind "in", where nouns have no capitals, and towns no cases: "à Lyon"."""
    grammar = grammar_of(language)
    if grammar.has_capital_nouns or not grammar.articles:
        return
    for before, word in pairwise(words_in(text, language)):
        is_name = word.text[0].isupper() and word.text[1:].islower() and not meanings_of(word.text, language)
        if is_name and before.text.casefold() in grammar.spatial and word.text.casefold() not in grammar.no_names:
            yield Spot(word.text, interior=False, at=word.start)


def named_spots_in(text: str, tokens: Sequence[Token]) -> list[Spot]:
    """Towns and countries: names after "in", "to" or "over" ("over Cuba", "in Marrakech")."""
    spots = []
    for at, (before, token) in enumerate(pairwise(tokens), start=1):
        if before.low in _TOWARDS and token.tag == NAME and token.text[0].isupper() and token.text[1:].islower():
            end = token.end
            for following in islice(tokens, at + 1, at + MOST_WORDS_OF_NAME):  # "New York"
                if following.tag != NAME:
                    break
                end = following.end
            spots.append(
                Spot(text[token.start : end], interior=False, at=before.start, phrase=text[before.start : end])
            )
    return spots


def things_in(chunks: Sequence[Sequence[Token]], known: frozenset[str], *, with_bare: bool) -> list[str]:
    """The noun phrases that are no people, places or times: "a message", "the lamp"; `with_bare`: also "flowers"."""
    found: dict[str, str] = {}
    for tokens in chunks:
        head = tokens[-1]
        is_bare = tokens[0].tag not in {"AT0", "DPS", "CRD"} or tokens[0].low in _NO_DETERMINERS
        if is_bare and (head.tag != "NN2" or not (with_bare or len(tokens) > 1)):  # "chess", "love": nothing to be seen
            continue
        if (
            head.tag in NOUNS
            and head.low not in known
            and head.low not in PLACES
            and head.low.removesuffix("s") not in PLACES
        ):
            found.setdefault(head.low, " ".join(token.text for token in tokens))
    return list(found.values())


def world_of(spots: Sequence[Spot]) -> str:
    """The world of the first place, or ""."""
    known = [PLACES[word].world for spot in spots for word in words_of(spot.name) if word in PLACES]
    return known[0] if known else ""
