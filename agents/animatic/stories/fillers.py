"""Shots for an idea that is shorter than its film: what it names, shown for itself. No people, no plot, no speech of our own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice, product

from agents.animatic.film import Plan
from agents.animatic.lengths import seconds_of_shots
from agents.animatic.stories.clauses import Clause, seamed
from agents.animatic.stories.grammar import capital, definite
from agents.animatic.stories.ideas import Premise
from agents.animatic.stories.persons import Person

SHOTS_OF_SCENE = 2  # at least, as far as the idea names enough
LONGEST_LOOK = 9.0  # seconds that a shot may take in a film of a wished length

# Only for scenes that would stay empty otherwise. Each tells no more than that those whom the idea names are there.
_OF_TWO = ("{Who} and {thing}.", "{Who} looks at {thing}.", "{Thing}. And {who}.")
_OF_ONE = ("{Who} waits.", "{Who} looks around.", "{Who} goes on.")
_OF_PLACE = ("{Place}, and nobody else.", "{Place} again.")
_OF_THING = ("{Thing} again.", "{Thing}, close.")


def enough(clauses: list[Clause], premise: Premise, plan: Plan) -> list[Clause]:
    """The clauses, with so many shots besides that every scene has some, and no shot of a film of wished length is too long."""
    wanted = plan.scenes * SHOTS_OF_SCENE
    if plan.seconds:
        shots = seconds_of_shots(plan.seconds, plan.scenes)
        wanted = max(plan.scenes, round(shots / LONGEST_LOOK))
    clauses = _introduced(clauses, premise, wanted) if premise.is_english else _phrased(clauses, premise, wanted)
    missing = (wanted if plan.seconds else plan.scenes) - len(clauses)
    return _spread(clauses, list(islice(_stock(clauses, premise), missing))) if missing > 0 else clauses


def _introduced(clauses: list[Clause], premise: Premise, wanted: int) -> list[Clause]:
    """People and the place before they are first spoken of, things after."""
    for extra, is_ahead in _named_in(premise):
        if len(clauses) >= wanted:
            break
        core = extra.text.rstrip(".").casefold()
        bare = re.sub(r"^(?:an?|the|his|her|their|my|our|its|one|two|three)\s", "", core)
        at = next((number for number, clause in enumerate(clauses) if bare in clause.text.casefold()), -1)
        if at < 0 or any(clause.text.rstrip(".").casefold() in {core, bare} for clause in clauses) or clauses[at].speaker:
            continue
        if len(bare) > len(clauses[at].text) * 0.7:
            continue
        if is_ahead:
            clauses[at] = replace(clauses[at], text=_spoken_of_again(clauses[at].text, extra.text.rstrip(".")))
        clauses.insert(at if is_ahead else at + 1, extra)
    return clauses


def _spoken_of_again(text: str, phrase: str) -> str:
    """ "A lonely keeper finds" is "The lonely keeper finds" when a shot before has shown a lonely keeper."""
    again = re.sub(re.escape(phrase), lambda _: definite(phrase), text, count=1, flags=re.IGNORECASE)
    return capital(again) if text[:1].isupper() else again


def _named_in(premise: Premise) -> Iterator[tuple[Clause, bool]]:
    """What the idea names, the most telling first; with whether it is shown before it is spoken of."""
    people, things = premise.people, premise.things
    if people:
        yield _extra(_introduction(people[0])), True
    if premise.is_placed:
        yield _extra(definite(premise.spots[0].name[:1].lower() + premise.spots[0].name[1:])), True
    for thing in things:
        yield _extra(definite(thing)), False
    for person in people[1:]:
        if person.many == 1:
            yield _extra(_introduction(person)), True


def _extra(text: str) -> Clause:
    return Clause(f"{capital(text.rstrip('.'))}.", is_extra=True)


def _introduction(person: Person) -> str:
    if person.is_named:
        return person.phrase
    return person.described or person.phrase


def _stock(clauses: Sequence[Clause], premise: Premise) -> Iterator[Clause]:
    """Fillers without end: first those of the people and things, then the idea's own clauses once more."""
    if premise.is_english:
        people = [person.called for person in premise.people]
        things = [definite(thing) for thing in premise.things]
        place = definite(premise.spots[0].name.casefold()) if premise.is_placed else ""
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
        if len(parts) < 2 or clauses[at].speaker:
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
    room = max(1, len(clauses) - 1)
    spread: list[Clause] = []
    for number, clause in enumerate(clauses):
        spread.append(clause)
        spread.extend(extra for at, extra in enumerate(extras) if at * room // max(1, len(extras)) == number)
    return spread
