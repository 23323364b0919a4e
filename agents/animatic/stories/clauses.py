"""Turns an idea into sentences that a screenplay can show, one step of the story each."""

import re
from collections.abc import Sequence

from agents.animatic.places import PLACES
from agents.animatic.stories.deeds import PARTICIPLE
from agents.animatic.stories.grammar import PRONOUNS, capital
from agents.animatic.stories.persons import Person
from agents.animatic.vocabulary import ANIMALS, ROBOTS, SPIRITS, TRADES
from agents.animatic.wording import shortened

LONGEST_STEP = 220  # characters of the idea that one step may hold

_SENTENCES = re.compile(r"(?<=[.!?…。！？])\s+|\n+|;\s+")
# Where one sentence tells two steps: ", and together they must...", ", but the sea...", ", until...".
_STEPS = re.compile(
    r",?(?<!\s)\s++(?=(?:and|but)\s+(?:together|then|now|soon|must|has to|have to|finds?|discovers?|learns?|realises|realizes|decides?)\b)"
    r"|,\s+(?=(?:but|so|until|only to|then)\s+\w)|,\s+(?=and\s+(?:she|he|they|it|nobody|everybody)\s)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"^(?:and|but|so|then)\s+(?:then\s+)?", re.IGNORECASE)
_UNTIL = re.compile(r"^(?:until|till)\s+", re.IGNORECASE)
_ONLY_TO = re.compile(r"^only to\s+", re.IGNORECASE)
_VERB_FIRST = re.compile(
    r"^(?:must|has|have|is|are|can|will|cannot|wants?|[a-z]+(?<![sui])s)\b(?!\s+(?:are|is|and|of|must|have)\b)"
)
_RELATIVE = re.compile(r"\s*+,?\s*+who\s+", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:must|has|have|wants?|is|are|was|were|can|will|open|find|fall|run|meet|go|live|[a-z]{2,}(?<![sui])s|[a-z]{2,}ed)\b"
)
_NOUNS = re.compile(
    rf"\b(?:{'|'.join(sorted(TRADES | set(ANIMALS) | ROBOTS | SPIRITS | set(PLACES)))})s\b", re.IGNORECASE
)
_MAIN_VERB = re.compile(
    r"(?<!and)(?<!she)(?<!he)(?<!they)(?<!that)\s*,?\s(?:must|has to|needs to|decides|finds|discovers|learns|meets|gets|falls|[a-z]{3,}(?<![sui])s(?=\s(?:into|out|away|up|his|her|an?|the)\b))\b"
)
_BEGINS = re.compile(r"(?:^|[.!?:])\s*$")
_DETERMINERS = frozenset({"a", "an", "the", "two", "three", "his", "her", "their", "my", "our", "one"})
_ENDS = (".", "!", "?", "…", '"', "”")


def steps_of(idea: str, people: Sequence[Person], *, is_deed: bool) -> tuple[str, ...]:
    """The idea as sentences in order. Its people are introduced by name, in capitals, where it first speaks of them.

    `is_deed`: somebody in it does something, even where no verb is recognised.
    """
    if not is_deed and not _FINITE.search(
        _NOUNS.sub("", idea)
    ):  # a few words, or another language: they are shown, not played
        return (f"Somebody has written on a wall in chalk: “{shortened(idea.rstrip('. '), LONGEST_STEP)}”.",)
    text = _introduce(idea, people)
    steps = [step for sentence in _SENTENCES.split(text) for step in _split(sentence.strip(), people)]
    return tuple(_finished(step) for step in steps if any(sign.isalnum() for sign in step))


def _split(sentence: str, people: Sequence[Person]) -> list[str]:
    first, *others = _STEPS.split(sentence)
    return [first, *(_standing_alone(other, people) for other in others)]


def _standing_alone(clause: str, people: Sequence[Person]) -> str:
    """ "and must choose" becomes "She must choose"."""
    subject = "They" if len(people) > 1 and people[0].many > 1 else capital(PRONOUNS[people[0].gender].they)
    if _ONLY_TO.match(clause):
        return f"All {PRONOUNS[people[0].gender].they} can do is {_ONLY_TO.sub('', clause)}"
    if _UNTIL.match(clause):
        return f"Then {_UNTIL.sub('', clause)}"
    clause = _JOINT.sub("", clause)
    return f"{subject} {clause}" if _VERB_FIRST.match(clause) else capital(clause)


def _introduce(idea: str, people: Sequence[Person]) -> str:
    text = idea
    for person in sorted(people, key=lambda person: -person.start):
        if person.start < 0:
            continue
        phrase, rest = text[person.start : person.end], text[person.end :]
        if person.is_named:
            shown = re.sub(re.escape(person.name), person.name.upper(), phrase, count=1) + rest
        else:
            shown = _named(person, phrase, people) + _rest(
                rest, is_subject=_BEGINS.search(text[: person.start]) is not None
            )
        text = text[: person.start] + shown
    return text


def _named(person: Person, phrase: str, people: Sequence[Person]) -> str:
    """ "A lonely keeper" becomes "MARA, a lonely keeper"; "two sisters" become "MINA and ROSA, two sisters"."""
    first = phrase.split()[0].casefold()
    own = phrase[:1].lower() + phrase[1:] if first in _DETERMINERS else person.intro
    here = people.index(person)
    names = [one.name.upper() for one in people[here : here + person.many]]
    together = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"{together}, {own}"


def _rest(rest: str, *, is_subject: bool) -> str:
    """What follows an introduction, with the comma that closes it.

    At the beginning of a sentence (`is_subject`) "who" goes where it would leave the sentence without its verb.
    """
    inserted = re.match(PARTICIPLE, rest)
    if inserted:
        return f"{inserted[0]},{rest[inserted.end() :]}"
    relative = _RELATIVE.match(rest)
    if not relative:
        return rest if rest[:1] in ",.;:!?" or not rest else f",{rest}"
    first_verb = re.compile(r"\S+").match(rest, relative.end())
    main = _MAIN_VERB.search(re.split(r"[.!?]", rest)[0], first_verb.end() if first_verb else relative.end())
    if main:
        return f" who {rest[relative.end() : main.start()].rstrip(' ,')}, {rest[main.start() :].lstrip(' ,')}"
    return f", {rest[relative.end() :]}" if is_subject else rest


def _finished(step: str) -> str:
    step = re.sub(r",+(?=\s*(?:[.,!?]|$))", "", step.strip(" ,;:"))
    return capital(step if step.endswith(_ENDS) else f"{step}.")
