"""Finds the people (and robots, and foxes) in an idea: their names, what they are, and how the idea describes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agents.animatic.characters.looks import gender_of
from agents.animatic.datafiles import word_set
from agents.animatic.seeded_choice import seeded_choice
from agents.animatic.stories.grammar import article_for
from agents.animatic.vocabulary import (
    ANIMAL_NAMES,
    ANIMALS,
    FEMALE_NAMES,
    MALE_NAMES,
    ROBOT_NAMES,
    ROBOTS,
    SPIRITS,
    TIMES,
    TRADES,
)

Being = Literal["human", "robot", "animal", "spirit"]

LONGEST_LINK = 60  # characters between a name and the words that belong to it (" known as “")

_HEADS = sorted(TRADES | set(ANIMALS) | ROBOTS | SPIRITS, key=len, reverse=True)
_HEADS_SET = frozenset(_HEADS)
_SUFFIXES = r"[a-z-]{3,}(?:ist|eer|maker|keeper|woman|man|smith|master|wright|herd)"
_PHRASE = re.compile(
    rf"(?:(?P<article>\b(?:an?|the|two|three|his|her|their|one|my|our)\s+)|(?:^|(?<=[.!?;]\s)))"
    rf"(?P<adjectives>(?:(?!(?:and|who|that|of|in|on|with|to|from|is|are|the|an?|when|after|while|if|his|her|their|its|my|as|where|but|two|three|one|every|each|must|can|will|has|have|had|to|not|be|for|into)\b)[\w'’-]+,?\s+){{0,4}}?)"
    rf"(?P<head>(?:{'|'.join(map(re.escape, _HEADS))}|{_SUFFIXES})(?:s|es)?)\b(?!['’]s)(?!-)(?!\s+(?:shop|house|train|ship|boat|{'|'.join(map(re.escape, _HEADS))})\b)",
    re.IGNORECASE,
)
_AGENT = re.compile(
    r"(?P<article>\b(?:an?|the)\s+)(?P<adjectives>(?:[a-z'’-]+\s+){0,3}?)(?P<head>[a-z]{3,}(?:er|or|ian|ant|ess))"
    r"(?=\s+(?:who|must|wants|tries|has|is|can|[a-z]+(?<!s)s)\b)",
    re.IGNORECASE,
)
_WORD_OF_NAME = r"[^\W\d_a-zа-яё][^\W\d_]*(?:[’'-][^\W\d_]+){0,4}"
_CAPITALS = re.compile(rf"(?<![\w’'])(?:(?:Dr|Mr|Mrs|Ms)\.\s)?{_WORD_OF_NAME}(?:\s{_WORD_OF_NAME}){{0,2}}(?!\w)")
_NO_AGENTS = word_set(
    """letter river water winter summer paper flower computer tower corner number border power answer mirror door floor error terror
    colour color order finger diner weather ladder hammer shower feather layer timer meter motor tractor elevator harbor harbour
    plant planet dinner copper silver danger wonder murder disaster adventure ever never over under after together paper poster
    chapter character illness darkness happiness dress compass glass"""
)
_NOT_NAMES = word_set(
    """a an the in on at when while after before during every once one two three this that these those it he she they
    we i his her their my our your who what where why how if and but or so yet as from to with without for of by
    into under over behind then there monday tuesday wednesday thursday friday saturday sunday january february
    march april may june july august september october november december christmas halloween easter earth mars venus
    jupiter saturn neptune mercury pluto sun moon europe africa asia america england france germany russia spain
    italy japan china india london paris berlin tokyo moscow rome madrid york venice english french german russian
    god internet tv ai usa uk will must can love life death time summer winter spring autumn tonight today tomorrow
    yesterday suddenly finally meanwhile together lonely young old tiny little brave make tell create write story
    film movie video short about set night day dawn dusk morning evening no not all some many most each hope"""
)
_PLACE_WORDS = re.compile(
    r"\b(?:in|at|on|to|from|of|near|through|across|into|over|around|toward|towards)\s+$", re.IGNORECASE
)
_NAMED = re.compile(
    r"\s*(?:,?\s*(?:called|named|whose name is|nicknamed|known as)\s+[\"“]?|,?\s+|,\s+|\s*\(\s*)", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"\s*(?:,?\s*(?:an?|the)\s|,\s|and\s+[A-Z]|(?:must|is|has|wants|can|will|who|discovers|finds|learns|meets|lives)\b|[a-z]+s\s)"
)
_IS = re.compile(r"\s*(?:,\s*|\s+|\s+is\s+|\s+was\s+|\s*[-–—(]\s*)", re.IGNORECASE)


_NAMED_BEFORE = re.compile(r"(?:called|named|nicknamed|whose name is|known as)\s+[\"“]?$", re.IGNORECASE)
_PRONOUN_AFTER = re.compile(r"\b(?:she|her|he|his|him)\b", re.IGNORECASE)
_ENGLISH = re.compile(
    r"\b(?:the|an?|and|of|who|is|to|her|his|with|must|for|from|by)\b", re.IGNORECASE
)  # German writes every noun like a name
_COUNTS = {"two": 2, "three": 3}
_DIES = re.compile(
    r"\s+(?:dies|died|is dead|has died|passes away|passed away|is gone|is murdered)\b|['’]s\s+(?:death|funeral|ashes)\b"
)
_KNOWN = frozenset(FEMALE_NAMES) | frozenset(MALE_NAMES)


@dataclass(frozen=True, slots=True)
class Person:
    """One person (or robot, animal, spirit) of a story."""

    name: str  # "Mara"
    noun: str = ""  # "lighthouse keeper"
    intro: str = ""  # "a lonely lighthouse keeper"
    being: Being = "human"
    gender: Literal["female", "male", "thing"] = "female"
    is_named: bool = True  # by the idea
    start: int = -1  # where the idea first names them
    end: int = -1
    many: int = 1  # "two sisters"


@dataclass(slots=True)
class _Found:
    start: int
    end: int
    name: str = ""
    article: str = ""
    adjectives: str = ""
    head: str = ""


def persons_in(idea: str) -> list[Person]:
    """Everybody whom an idea speaks of, in its order, those without a name included under a name that fits."""
    alive = (match for match in _PHRASE.finditer(idea) if not _is_gone(match, idea) and not _is_crowd(match))
    phrases = [_phrase(match) for match in alive] or [
        _phrase(match) for match in _AGENT.finditer(idea) if match["head"].casefold() not in _NO_AGENTS
    ]
    names = [found for match in _CAPITALS.finditer(idea) if (found := _name(match, idea))]
    people: dict[str, Person] = {}
    for found in sorted(_linked(names, phrases, idea), key=lambda found: found.start):
        person = _person(found, idea, taken=frozenset(people))
        people.setdefault(person.name, person)
    return list(people.values())


def invented_person(noun_phrase: str, seed: str, *, taken: frozenset[str]) -> Person:
    """A person whom the idea does not name: "a ferryman" gets a name by lot from the seed, none of `taken`."""
    article, _, noun = noun_phrase.partition(" ")
    found = _Found(-1, -1, article=article, head=noun.split()[-1], adjectives=" ".join(noun.split()[:-1]))
    return _person(found, f"{seed}/{noun_phrase}", taken=taken)


def _is_crowd(match: re.Match[str]) -> bool:
    """ "the goats" are many, and nobody in particular; "two goats" are two characters."""
    head, article = match["head"].casefold(), (match["article"] or "").strip().casefold()
    return head not in _HEADS_SET and head.endswith("s") and article not in _COUNTS


def _is_gone(match: re.Match[str], idea: str) -> bool:
    """Whether the idea says that this person is dead when the story begins, and so has no part in it."""
    return bool(_DIES.match(idea, match.end())) or bool(
        re.search(r"\b(?:late|dead|deceased)\b", match["adjectives"], re.IGNORECASE)
    )


def _phrase(match: re.Match[str]) -> _Found:
    return _Found(
        match.start(),
        match.end(),
        article=(match["article"] or "").strip(),
        adjectives=match["adjectives"].strip(),
        head=match["head"],
    )


def _name(match: re.Match[str], idea: str) -> _Found | None:
    words = match[0].split()
    start = match.start()
    while words and words[0].casefold() in _NOT_NAMES | TIMES.keys():
        start += len(words[0]) + 1
        words = words[1:]
    while words and words[-1].casefold() in _NOT_NAMES:
        words.pop()
    name = " ".join(words)
    if (
        not words
        or len(name) < 2
        or idea.startswith(("'s", "’s"), start + len(name))
        or not _is_person(name, idea, start)
    ):
        return None
    head = words[0] if len(words) > 1 and words[0].casefold() in _HEADS_SET else ""
    return _Found(start, start + len(name), name=name.removeprefix(head).strip(), head=head)


def _is_person(name: str, idea: str, start: int) -> bool:
    end = start + len(name)
    if name.split()[-1].title() in _KNOWN or name.split()[0].title() in _KNOWN:
        return True
    if _NAMED_BEFORE.search(idea, max(0, start - LONGEST_LINK), start):
        return True
    if name.split()[-1].casefold() in _HEADS_SET and len(name.split()) == 1:
        return False
    is_in_place = _PLACE_WORDS.search(idea, max(0, start - LONGEST_LINK), start)
    if is_in_place or not (_ENGLISH.search(idea) or not name.isascii()):
        return False
    is_opening = idea[:start].rstrip()[-1:] in '.!?:\n"“'
    return bool(_SUBJECT.match(idea, end)) if is_opening else True


def _linked(names: list[_Found], phrases: list[_Found], idea: str) -> list[_Found]:
    """Names and phrases that mean the same person, joined: "a robot called Pip", "Mara the keeper", "old Tomas"."""
    used: set[int] = set()
    for name in names:
        for number, phrase in enumerate(phrases):
            if number in used or (name.head and name.start > phrase.start):
                continue
            if name.start <= phrase.start and phrase.end <= name.end:
                used.add(number)
                continue
            is_ahead = _is_link(_NAMED, idea, phrase.end, name.start)
            is_behind = _is_link(_IS, idea, name.end, phrase.start) and phrase.article
            if is_ahead and phrase.article.casefold() in _COUNTS:  # "two friends, Hugo and Marek": a phrase for both
                used.add(number)
                for one in names[names.index(name) : names.index(name) + _COUNTS[phrase.article.casefold()]]:
                    one.article, one.adjectives, one.head = "a", phrase.adjectives, phrase.head
                break
            if is_ahead or is_behind:
                used.add(number)
                name.article, name.adjectives, name.head = phrase.article, phrase.adjectives, phrase.head
                name.start, name.end = min(name.start, phrase.start), max(name.end, phrase.end)
                break
    phrases = _apposed(phrases, used, idea)
    known = {name.head.casefold() for name in names if name.head}
    rest = [
        phrase
        for number, phrase in enumerate(phrases)
        if number not in used and not (phrase.article.casefold() == "the" and phrase.head.casefold() in known)
    ]
    return _first_of_each(names) + _first_of_each(rest)


def _is_link(words: re.Pattern[str], idea: str, start: int, end: int) -> bool:
    return start <= end <= start + LONGEST_LINK and words.fullmatch(idea, start, end) is not None


def _apposed(phrases: list[_Found], used: set[int], idea: str) -> list[_Found]:
    """ "my grandfather, a retired driver, builds": the second phrase only says more of the first."""
    for number in range(1, len(phrases)):
        before, phrase = phrases[number - 1], phrases[number]
        is_enclosed = idea[before.end : phrase.start] == ", " and idea.startswith(",", phrase.end)
        if is_enclosed and phrase.article.casefold() in {"a", "an"}:
            used.add(number)
            before.end, before.adjectives, before.head = phrase.end, phrase.adjectives, phrase.head
    return phrases


def _first_of_each(found: list[_Found]) -> list[_Found]:
    first: dict[str, _Found] = {}
    for one in found:
        first.setdefault(one.name or one.head.casefold(), one)
    return list(first.values())


def _person(found: _Found, seed: str, *, taken: frozenset[str]) -> Person:
    head = found.head.casefold()
    is_many = found.article.casefold() in _COUNTS
    single = head if head in _HEADS_SET else re.sub(r"e?s$" if head.endswith("ses") else r"s$", "", head)
    being = _being(single)
    words = f"{found.adjectives} {single}".casefold().replace(",", " ").split()
    gender = _gender(found.name, words, being, seed, found.end)
    adjectives = "" if found.article.casefold() in _COUNTS and not found.adjectives else found.adjectives
    noun = " ".join(f"{adjectives} {single}".split())
    noun = re.sub(r"^(?:two|three) ", "", noun)
    name = found.name or _invented(being, gender, f"{seed}/{noun}", taken)
    intro = f"{article_for(noun)} {noun}" if single else ""
    if is_many:
        intro = f"{found.article.casefold()} {found.adjectives} {found.head}".replace("  ", " ")
    return Person(
        name=name if not name.isupper() else name.title(),
        noun=noun,
        intro=intro,
        being=being,
        gender=gender,
        is_named=bool(found.name),
        start=found.start,
        end=found.end,
        many=_COUNTS.get(found.article.casefold(), 1),
    )


def _being(head: str) -> Being:
    if head in ROBOTS:
        return "robot"
    if head in ANIMALS:
        return "animal"
    return "spirit" if head in SPIRITS else "human"


def _gender(name: str, words: list[str], being: Being, seed: str, end: int) -> Literal["female", "male", "thing"]:
    known = gender_of(name, words)
    if known != "unknown":
        return known
    if being in {"robot", "animal"}:
        return "thing"
    pronoun = _PRONOUN_AFTER.search(re.split(r"[.!?]", seed[max(end, 0) :])[0])
    if pronoun:
        return "female" if pronoun[0].casefold() in {"she", "her"} else "male"
    if name.endswith(("a", "ie", "elle", "а", "я")):
        return "female"
    return seeded_choice(("female", "male"), seed, name, words)


def _invented(being: Being, gender: str, seed: str, taken: frozenset[str]) -> str:
    if being == "robot":
        names: Sequence[str] = ROBOT_NAMES
    elif being == "animal":
        names = ANIMAL_NAMES
    else:
        names = (FEMALE_NAMES if gender == "female" else MALE_NAMES)[:20]
    free = [name for name in names if name not in taken] or names
    return seeded_choice(free, seed)
