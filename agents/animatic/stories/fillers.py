"""Shots for an idea that is shorter than its film: what it names, shown for itself. No people, no plot, no speech of our own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice, product
from typing import NamedTuple

from agents.animatic.film import Plan
from agents.animatic.lengths import seconds_of_shots
from agents.animatic.stories.clauses import Clause, seamed
from agents.animatic.stories.grammar import capital, definite
from agents.animatic.stories.ideas import Premise
from agents.animatic.stories.persons import Person
from agents.animatic.stories.tagging import FINITE, tagged

SHOTS_OF_SCENE, SHOTS_OF_FILM = 2, 3  # at least, as far as the idea names enough
MOST_OF_CLAUSE = 0.7  # that what it names may be
FEW_WORDS = 3  # of a clause: "A haunted house." shows the house
FEWEST_PARTS = 2  # of a sentence that is cut
LONGEST_LOOK = 9.0  # seconds that a shot may take in a film of a wished length

_INDEFINITE = re.compile(r"(?:an?|one|two|three|four|five)\s", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:an?|the|his|her|their|my|our)\s", re.IGNORECASE)
_THERE_IS = re.compile(r"\bthere (?:is|was|are|were|lives|lived)\b")
_ARTICLE = re.compile(r"(?:an?|the|his|her|their|its|my|our|one|two|three|this|another)\s+", re.IGNORECASE)

# Only for scenes that would stay empty otherwise. Each tells no more than that those whom the idea names are there.
_OF_TWO = ("{Who} and {thing}.", "{Who} looks at {thing}.", "{Thing}. And {who}.")
_OF_ONE = ("{Who} waits.", "{Who} looks around.", "{Who} goes on.")
_OF_PLACE = ("{Place}, and nobody else.", "{Place} again.")
_OF_THING = ("{Thing} again.", "{Thing}, close.")


def enough(clauses: list[Clause], premise: Premise, plan: Plan) -> list[Clause]:
    """The clauses, with so many shots besides that every scene has some, and no shot of a film of wished length is too long."""
    wanted = max(SHOTS_OF_FILM, plan.scenes * SHOTS_OF_SCENE)
    if plan.seconds:
        shots = seconds_of_shots(plan.seconds, plan.scenes)
        wanted = max(plan.scenes, round(shots / LONGEST_LOOK))
    clauses = _introduced(clauses, premise, wanted) if premise.is_english else _phrased(clauses, premise, plan.scenes)
    missing = (wanted if plan.seconds else plan.scenes) - len(clauses)
    return _spread(clauses, list(islice(_stock(clauses, premise), missing))) if missing > 0 else clauses


def _introduced(clauses: list[Clause], premise: Premise, wanted: int) -> list[Clause]:
    """People and the place before they are first spoken of, things after."""
    for shown in _named_in(premise):
        if len(clauses) >= wanted:
            break
        at = next((number for number, clause in enumerate(clauses) if shown.bare in clause.text.casefold()), -1)
        if at < 0 or clauses[at].speaker or _is_shown(shown, clauses, at):
            continue
        is_ahead = shown.is_ahead and (shown.is_hero or clauses[at].text.casefold().startswith(shown.phrase.casefold()))
        if is_ahead and shown.is_person:
            clauses[at] = replace(clauses[at], text=_spoken_of_again(clauses[at].text, shown.phrase))
        clauses.insert(at if is_ahead else at + 1, shown.clause(is_ahead=is_ahead))
    return clauses


class _Shown(NamedTuple):
    """Something that the idea names: its words there, and whether it may be shown before it is spoken of."""

    phrase: str  # "A lonely keeper"
    is_ahead: bool = False
    is_hero: bool = False
    is_person: bool = False
    more: str = ""  # "Mara, the keeper"

    @property
    def bare(self) -> str:
        """Without its article, in small letters."""
        return _ARTICLE.sub("", self.phrase).casefold()

    def clause(self, *, is_ahead: bool) -> Clause:
        """A shot of it."""
        is_new = is_ahead and self.is_person
        return _extra(
            self.more or (self.phrase if is_new or not _ARTICLE.match(self.phrase) else definite(self.phrase))
        )


def _is_shown(shown: _Shown, clauses: Sequence[Clause], at: int) -> bool:
    """Whether a clause is hardly more than that, or is about to name it first thing."""
    if any(_ARTICLE.sub("", clause.text).rstrip(".").casefold() == shown.bare for clause in clauses):
        return True
    text = clauses[at].text.casefold()
    is_opening = (
        not shown.is_person
        and shown.is_ahead
        and re.match(rf"\w+ (?:an? |the )?{re.escape(shown.bare)}", text) is not None
    )
    if _THERE_IS.search(text):
        return True
    is_few = not shown.is_person and len(text.split()) <= FEW_WORDS
    return is_opening or is_few or len(shown.bare) > len(text) * MOST_OF_CLAUSE


def _spoken_of_again(text: str, phrase: str) -> str:
    """ "A lonely keeper finds" is "The lonely keeper finds" once a lonely keeper was shown; "a fox who wants" is "the fox wants"."""
    if not _INDEFINITE.match(phrase):
        return text
    at = text.casefold().find(phrase.casefold())
    again = definite(phrase[:1].lower() + phrase[1:])
    rest = text[at + len(phrase) :]
    who = re.match(r"\s+(?:who|that)\s+(?=\w)", rest)
    if who and at == 0 and sum(token.tag in FINITE for token in tagged(rest)) == 1:
        rest = f" {rest[who.end() :]}"
    return f"{text[:at]}{again if at else capital(again)}{rest}"


def _named_in(premise: Premise) -> Iterator[_Shown]:
    """What the idea names, the most telling first."""
    people = [
        _of_person(person, is_hero=number == 0)
        for number, person in enumerate(premise.people)
        if person.many == 1 or number == 0
    ]
    yield from people[:1]
    if premise.is_placed:
        yield _Shown(premise.place_in_text, is_ahead=True, is_hero=True)
    for thing in premise.things:
        yield _Shown(thing)
    yield from people[1:]


def _of_person(person: Person, *, is_hero: bool) -> _Shown:
    phrase = person.phrase if person.is_named else person.described or person.phrase
    more = ""
    if person.is_named and person.described:
        is_apposition = person.noun and _DETERMINED.match(person.described)
        more = f"{person.phrase}, {_low(person.described)}" if is_apposition else f"{person.described} {person.phrase}"
    return _Shown(phrase, is_ahead=True, is_hero=is_hero, is_person=True, more=more)


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]


def _extra(text: str) -> Clause:
    return Clause(f"{capital(text.rstrip('.'))}.", is_extra=True)


def _stock(clauses: Sequence[Clause], premise: Premise) -> Iterator[Clause]:
    """Fillers without end: first those of the people and things, then the idea's own clauses once more."""
    if premise.is_english:
        people = [person.called for person in premise.people]
        things = [definite(thing) if _ARTICLE.match(thing) else thing for thing in premise.things]
        place = premise.place_in_text if premise.is_placed else ""
        for template, thing, who in product(_OF_TWO, things, people):
            yield _extra(template.format(Who=capital(who), who=who, thing=thing, Thing=capital(thing)))
        for template, who in product(_OF_ONE, people):
            yield _extra(template.format(Who=capital(who)))
        for template in _OF_PLACE if place else ():
            yield _extra(template.format(Place=capital(place)))
        for template, thing in product(_OF_THING, things):
            yield _extra(template.format(Thing=capital(thing)))
    told = [clause for clause in clauses if not clause.speaker and not clause.is_extra] or [Clause(premise.idea)]
    yield from (replace(clause, is_extra=True) for clause in cycle(told))


def _phrased(clauses: list[Clause], premise: Premise, wanted: int) -> list[Clause]:
    """Sentences of another language in their phrases, the longest first."""
    while len(clauses) < wanted:
        at = max(range(len(clauses)), key=lambda number: len(clauses[number].text) * (not clauses[number].speaker))
        parts = seamed(clauses[at].text, premise.language)
        parts = parts if len(parts) > 1 else clauses[at].text.split()
        if len(parts) < FEWEST_PARTS or clauses[at].speaker:
            break
        clauses[at : at + 1] = [replace(clauses[at], text=part) for part in _halves(parts)]
    return clauses


def _halves(parts: list[str]) -> list[str]:
    """Two pieces of about the same length."""
    whole = sum(map(len, parts))
    cut = min(range(1, len(parts)), key=lambda at: abs(2 * sum(map(len, parts[:at])) - whole))
    return [f"{' '.join(parts[:cut])}…", " ".join(parts[cut:])]


def _spread(clauses: list[Clause], extras: Sequence[Clause]) -> list[Clause]:
    """The extras behind the clauses, evenly; the last clause stays the last where there are several."""
    room = len(clauses) - 1 if sum(not clause.is_extra for clause in clauses) > 1 else len(clauses)
    room = max(1, room)
    spread: list[Clause] = []
    for number, clause in enumerate(clauses):
        spread.append(clause)
        spread.extend(extra for at, extra in enumerate(extras) if at * room // max(1, len(extras)) == number)
    return spread
