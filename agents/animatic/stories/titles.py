"""Gives a film a title from the words of its idea, as a person would."""

import re
from collections.abc import Sequence

from agents.animatic.stories.clauses import seamed
from agents.animatic.stories.grammar import definite, titled
from agents.animatic.stories.ideas import Premise
from agents.animatic.stories.languages import LANGUAGES
from agents.animatic.stories.persons import Person
from agents.animatic.wording import shortened

LONGEST_TITLE = 52  # characters
MOST_WORDS = 5  # of a thing
FEWEST_WORDS = 2

_WHO_WANTS = re.compile(r"\s+who\s+(?P<wish>(?:\w+\s){1,4}?\w+)(?:[.!?]|$)")
_FULL = re.compile(r"\s+(?:full of|of|in a|made of)\s+(?:(?:the|a|an|his|her|their)\s+)?\w+")


def title_of(premise: Premise) -> str:
    """A title in the language of the idea."""
    if premise.request.title:
        return _fitting(titled(premise.request.title) if premise.is_english else premise.request.title)
    if not premise.is_english:
        return _of_clause(premise)
    if premise.form in {"advertisement", "documentary", "how_to"}:
        return _of_subject(premise)
    people, thing = premise.people, _thing(premise)
    choices = [
        _pair(people),
        _wishing(premise),
        _somebody_and(people, thing),
        _somebody_and(people, thing, is_short=True),
        _alone(people),
    ]
    if not people and len(premise.clauses) == 1 and len(premise.idea) <= LONGEST_TITLE:
        return _of_clause(premise)
    if not people:
        choices = [
            titled(premise.place_in_text) if premise.is_placed and _is_near(premise) else "",
            titled(thing),
        ]
    return next((_fitting(choice) for choice in choices if choice and len(choice) <= LONGEST_TITLE), "") or _of_clause(
        premise
    )


def _is_near(premise: Premise) -> bool:
    """Whether the place is what the idea begins with."""
    return premise.spots[0].at < len(premise.clauses[0].text) if premise.clauses else False


def _pair(people: Sequence[Person]) -> str:
    named = [_first_name(person) for person in people if person.is_named]
    if len(named) >= 2:
        return f"{named[0]} and {named[1]}"
    if people and people[0].many > 1:
        return titled(people[0].described)
    return ""


def _first_name(person: Person) -> str:
    words = person.phrase.split()
    return (
        words[0]
        if "." not in person.phrase and words[0].casefold() not in {"professor", "captain", "doctor"}
        else person.phrase
    )


def _wishing(premise: Premise) -> str:
    """ "A fox who wants to fly" is "The Fox Who Wants to Fly"."""
    hero = premise.people[0] if premise.people else None
    if hero is None or hero.is_named:
        return ""
    match = _WHO_WANTS.match(premise.idea, hero.end)
    return titled(f"{definite(hero.phrase)} who {match['wish']}") if match else ""


def _somebody_and(people: Sequence[Person], thing: str, *, is_short: bool = False) -> str:
    if not people:
        return ""
    described = people[0].noun if is_short else people[0].described
    hero = _first_name(people[0]) if people[0].is_named else titled(definite(described))
    others = [titled(definite(person.described)) for person in people[1:2] if not person.is_named and person.many == 1]
    other = others[0] if others else titled(definite(thing)) if thing else ""
    return f"{hero} and {_small_article(other)}" if other and other != hero else ""


def _small_article(text: str) -> str:
    return re.sub(r"^The\b", "the", text)


def _alone(people: Sequence[Person]) -> str:
    if not people:
        return ""
    person = people[0]
    if person.is_named:
        return f"{person.phrase} the {titled(person.noun)}" if person.noun else person.phrase
    return titled(definite(person.described))


def _thing(premise: Premise) -> str:
    """The first thing, with what belongs to it: "the house full of clocks", "the message in a bottle"."""
    for thing in premise.things:
        at = premise.idea.find(thing)
        more = _FULL.match(premise.idea, at + len(thing)) if at >= 0 else None
        phrase = f"{thing}{more[0]}" if more else thing
        if len(phrase.split()) <= MOST_WORDS + 1:
            return phrase
    return ""


def _of_subject(premise: Premise) -> str:
    """The product, or the subject: what stands ahead of the first comma, colon or full stop."""
    head = re.split(r"[,.:;!?]\s|[.!?]$", premise.idea, maxsplit=1)[0]
    return _fitting(titled(head)) if len(head) <= LONGEST_TITLE else _of_clause(premise)


def _of_clause(premise: Premise) -> str:
    """The beginning of the first clause, cut where its language takes a breath."""
    clause = (premise.clauses[0].text if premise.clauses else premise.idea).strip(' .,;:!?…。、，！？“”"')
    words = clause
    if len(clause) > LONGEST_TITLE:
        words = ""
        if premise.language == "de":
            return _fitting(_first_noun(clause))
        for part in seamed(clause, premise.language or "en"):
            if words and len(words) + len(part) > LONGEST_TITLE:
                break
            words = f"{words} {part}".strip()
    words = shortened(words, LONGEST_TITLE)
    if words.endswith("…"):
        words = _without_loose_ends(words.rstrip("…"), premise.language)
    return _fitting(titled(words) if premise.is_english else words)


def _first_noun(text: str) -> str:
    """In German every noun has a capital: "Ein alter Leuchtturmwärter"."""
    words = text.split()
    end = next((number for number, word in enumerate(words[1:], start=1) if word[:1].isupper()), len(words) - 1)
    return " ".join(words[: end + 1]).strip(" ,;:")


def _without_loose_ends(text: str, language: str) -> str:
    """A title does not end with "the" or "of"."""
    little = LANGUAGES[language].words | LANGUAGES[language].seams if language in LANGUAGES else frozenset()
    words = text.split()
    while len(words) > FEWEST_WORDS and words[-1].casefold().strip(",;:") in little:
        words.pop()
    return " ".join(words)


def _fitting(text: str) -> str:
    return shortened(text.strip(" ,;:–—-"), LONGEST_TITLE)
