"""Tells what a character is: a person, a robot, or which animal, by the noun that says so and not by any that is near.

"A clockmaker with a robot" is a person, "a dog walker" as well, and so is Captain Wolf; "a wolf pup" is a wolf.
"""

import re
from typing import Literal, NamedTuple

from agents.animatic.datafiles import word_set
from agents.animatic.vocabulary import (
    ALL_ANIMALS,
    FEMALE_NAMES,
    FEMALE_WORDS,
    MALE_NAMES,
    MALE_WORDS,
    ROBOTS,
    SILHOUETTES,
    TRADES,
)

LONGEST_PHRASE = 6  # words between "a" and the noun that it ends with
_VAGUE = frozenset(
    {"creature", "animal", "beast", "pet", "thing", "friend", "hero", "companion", "being", "one", "star"}
)
YOUNG_ONES = frozenset(
    {"cub", "pup", "calf", "foal", "chick", "hatchling", "baby", "duckling", "gosling", "fawn", "tadpole"}
)
TITLES = word_set(
    """mr mrs ms miss dr doctor captain professor detective inspector officer sergeant agent king queen prince
    princess lord lady sir uncle aunt father mother sister brother judge chief general colonel major commander private
    nurse president"""
)

_HONORIFICS = word_set("mr mrs ms miss")
STOPS = frozenset(",.;!?()")
_ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "our", "my", "its", "one", "this"})
_CALLED = frozenset({"called", "named", "nicknamed"})
# What ends a phrase: "a lonely clockmaker | with a robot".
_ENDS = word_set(
    """with who whom whose which that in on at by from of for to and or but as is was has wears wearing dressed
    carrying holding named called stands sits walks runs looks lives works comes enters into over under near beside
    behind until while when then her his their"""
)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[,;:.!?()–—]")


class Nature(NamedTuple):
    """What somebody is. `animal` is a word of the vocabulary, for animals only."""

    kind: Literal["person", "robot", "animal"]
    animal: str = ""


PERSON = Nature("person")
ROBOT = Nature("robot")


def nature_of(name: str, description: str) -> Nature:
    """By the noun that the description gives the name, else by the last word of the name itself, else a person."""
    for phrase, is_whole in _phrases(name, description):
        found = _of_phrase(phrase, is_whole=is_whole)
        if found:
            return found
    words = _words(name)
    if not words or words[0] in TITLES or _has_title(words, description):
        return PERSON
    return _of_noun(words) or PERSON


def called(name: str, description: str) -> frozenset[str]:
    """The words for what somebody is: those of the name, where it is no first name and surname, of its title, and of the phrases about it.

    Of "MARA, a retired police officer with a dog" these are mara, retired, police, officer.
    """
    words = _words(name)
    is_proper = len(words) > 1 and (words[0] in _HONORIFICS or words[0].title() in {*FEMALE_NAMES, *MALE_NAMES})
    tokens = [match[0].casefold() for match in _TOKEN.finditer(description)]
    at = _find(tokens, words)
    if at and tokens[at - 1] in _CALLED:  # "a cat named Duchess"
        words = []
    titles = [token for token in tokens[max(0, (at or 0) - 1) : at or 0] if token in TITLES or token in TRADES]
    phrases = [word for phrase, _ in _phrases(name, description) for word in phrase]
    return frozenset([*(words[:1] if is_proper else words), *titles, *phrases])


def _has_title(words: list[str], description: str) -> bool:
    """Whether the description calls the name by a title: "Captain WOLF loses his ship"."""
    tokens = [match[0].casefold() for match in _TOKEN.finditer(description)]
    at = _find(tokens, words)
    return bool(at) and any(token in TITLES for token in tokens[max(0, (at or 0) - 2) : at])


def _phrases(name: str, description: str) -> list[tuple[list[str], bool]]:
    """What the description calls the name, in the order of trust: "MARA, a keeper", "a keeper named MARA", "the keeper MARA".

    With each, whether it is whole: the noun that it ends with is what they are ("the old HORSE" ends with the name).
    """
    tokens = [match[0].casefold() for match in _TOKEN.finditer(description)]
    called = _words(name)
    at = _find(tokens, called)
    if at is None:
        return [(_noun_phrase(tokens, 0), True)] if tokens and tokens[0] in _ARTICLES else []
    after = at + len(called)
    return [(_apposition(tokens, after), True), (_led_in(tokens, at), False), (_being(tokens, after), True)]


def _apposition(tokens: list[str], start: int) -> list[str]:
    """ "MARA (34), a tall keeper", "BRAMBLE the hedgehog": the phrase behind a comma or bracket, or "the"."""
    if tokens[start : start + 1] == ["the"]:
        phrase = _noun_phrase(tokens, start)
        known = next((at for at, word in enumerate(phrase) if _known(word)), -1)
        return phrase[: known + 1]
    for position in range(start, min(start + 8, len(tokens))):
        if tokens[position] in _ARTICLES and position > start:
            return _noun_phrase(tokens, position)
        if tokens[position] not in ",()" and tokens[position].isalpha() and position == start:
            return []
        if tokens[position] in ".;!?":
            return []
    return []


def _led_in(tokens: list[str], end: int) -> list[str]:
    """ "a rusty robot called PIP", "the old fox RENARD": what stands ahead of the name."""
    stop = end - 1 if end and tokens[end - 1] in _CALLED else end
    start = max(0, stop - LONGEST_PHRASE)
    ahead = tokens[start:stop]
    cut = max((n for n, token in enumerate(ahead) if token in _ARTICLES or token in STOPS), default=None)
    return ahead[cut + 1 :] if cut is not None and ahead[cut] in _ARTICLES else []


def _being(tokens: list[str], start: int) -> list[str]:
    """ "PIP is a robot"."""
    if start + 1 < len(tokens) and tokens[start] in ("is", "was") and tokens[start + 1] in _ARTICLES:
        return _noun_phrase(tokens, start + 1)
    return []


def _noun_phrase(tokens: list[str], start: int) -> list[str]:
    """The words after the article up to what ends the phrase."""
    phrase: list[str] = []
    for token in tokens[start + 1 : start + 2 + LONGEST_PHRASE]:
        if token in _ENDS or token in _ARTICLES or not token[0].isalpha():
            break
        phrase.append(token)
    return phrase


def _of_phrase(phrase: list[str], *, is_whole: bool) -> Nature | None:
    if not phrase:
        return None
    found = _of_noun(phrase)
    if found:
        return found
    if phrase[-1] in TRADES or phrase[-1] in MALE_WORDS or phrase[-1] in FEMALE_WORDS:
        return PERSON
    return (
        None if phrase[-1] in _VAGUE or not is_whole else PERSON
    )  # "dog walker", "bouncer": whatever else a noun may be


def _of_noun(words: list[str]) -> Nature | None:
    """What the last word of a phrase is; of "wolf cub" and "robot dog" the word that counts."""
    last = words[-1]
    if last in YOUNG_ONES and len(words) > 1 and _known(words[-2]) == "animal":
        return Nature("animal", _singular(words[-2]))
    known = _known(last)
    if known == "animal":
        is_metal = any(word in ROBOTS for word in words[:-1])
        return ROBOT if is_metal else Nature("animal", _singular(last))
    return ROBOT if known == "robot" else None


def _known(word: str) -> str:
    if word in ROBOTS:
        return "robot"
    return "animal" if _singular(word) in ALL_ANIMALS or _singular(word) in SILHOUETTES else ""


def _singular(word: str) -> str:
    if word in ALL_ANIMALS or word in SILHOUETTES:
        return word
    return word.removesuffix("s")


def _find(tokens: list[str], words: list[str]) -> int | None:
    if not words:
        return None
    return next((at for at in range(len(tokens) - len(words) + 1) if tokens[at : at + len(words)] == words), None)


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _TOKEN.finditer(text) if match[0][0].isalpha()]
