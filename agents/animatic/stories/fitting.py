"""Makes the words of a film fit into the length that is wished: the least telling go first, then the longest are shortened."""

from collections.abc import Sequence
from dataclasses import replace

from agents.animatic.film import Plan
from agents.animatic.lengths import SPOKEN_CHARACTERS_PER_SECOND, seconds_of_shots, seconds_to_say
from agents.animatic.stories.clauses import Clause
from agents.animatic.wording import shortened

SHORTEST_TEXT = 24  # characters to which a caption may be shortened
LONGEST_TELLING = 90  # characters; more than a caption holds tells little
SPARE = 0.96  # of the time may be filled with words: scenes are never cut evenly to the letter


def fitting(clauses: list[Clause], plan: Plan, *, most: int) -> list[Clause]:
    """The clauses that fit, in their order. Every scene keeps one at least; `most` is how many there may be."""
    while len(clauses) > most:
        clauses = _without_least(clauses, len(clauses) - most)
    if not plan.seconds:
        return clauses
    room = seconds_of_shots(plan.seconds, plan.scenes) * SPARE
    while len(clauses) > plan.scenes and _needed(clauses) > room:
        clauses = _without_least(clauses, 1)
    while (surplus := _needed(clauses) - room) > 0:
        long = max(clauses, key=lambda clause: len(clause.text))
        cut = _shorter(long, surplus)
        if len(cut.text) >= len(long.text):
            break
        clauses = [cut if clause is long else clause for clause in clauses]
    return clauses


def _shorter(clause: Clause, surplus: float) -> Clause:
    """The clause with `surplus` seconds less of words, but with some of them."""
    longest = max(SHORTEST_TEXT, len(clause.text) - int(surplus * SPOKEN_CHARACTERS_PER_SECOND) - 1)
    return replace(clause, text=shortened(clause.text, longest))


def _needed(clauses: Sequence[Clause]) -> float:
    return sum(seconds_to_say(clause.text) for clause in clauses)


def _without_least(clauses: list[Clause], count: int) -> list[Clause]:
    """Without the least telling: extras first, then what stands in the middle and is very short or very long."""
    worths = {number: _worth(clause, number, len(clauses)) for number, clause in enumerate(clauses)}
    going = set(sorted(worths, key=lambda number: worths[number])[:count])
    return [clause for number, clause in enumerate(clauses) if number not in going]


def _worth(clause: Clause, number: int, count: int) -> float:
    edge = 3.0 if number in {0, count - 1} else 0.0
    long = len(clause.text)
    return (
        edge - clause.is_extra * 2.0 + bool(clause.speaker) + min(long, 50) / 50 - max(0, long - LONGEST_TELLING) / 50
    )
