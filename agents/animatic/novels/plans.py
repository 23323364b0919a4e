"""The plan of a book's films as text that people read and edit, and what such an edit makes of the plan.

    Title: The Lamp at Skerry
    Episode 1: The Storm
    What happens, in a sentence or two.
    Character 1: ANNE (female, child)
    A thin girl with red hair.

The numbers say which episode or character of the plan is meant: one that is missing is left out, and their order is that
of the answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from msgspec.structs import replace

from agents.animatic.errors import UnusableText
from agents.animatic.film import Gender
from agents.animatic.novels.limits import LONGEST_TITLE
from agents.animatic.novels.names import LONGEST_DESCRIPTION
from agents.animatic.novels.records import Age, Episode, GlobalInformation, NovelCharacter
from agents.animatic.progress import Report
from agents.animatic.wording import shortened

AGREED: Final = frozenset({"yes", "ok", "okay", "y", "go", "go on", "fine", "agreed", "ja", "oui", "sí", "si"})
INTRODUCTION: Final = "Here is the plan of the films. Answer “yes” to draw it, or send it back as you want it."
LONGEST_NAME = 40
LONGEST_SUMMARY = 400

_HEAD = re.compile(r"(?P<kind>Title|Episode|Character)(?: (?P<number>\d{1,3}))?:(?P<rest>.*)", re.IGNORECASE)
_TRAITS = re.compile(r"(?P<name>[^()]{0,200})\((?P<traits>[^()]{0,60})\)\s*")


@dataclass(slots=True)
class _Block:
    """A line with a number, and the lines below it."""

    kind: str
    number: int
    rest: str
    below: list[str]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.below).split())


def written(information: GlobalInformation) -> str:
    """The plan as text."""
    lines = [f"Title: {information.title}", ""]
    for episode in information.episodes:
        lines += [f"Episode {episode.number}: {episode.title}", _below(episode.summary), ""]
    for number, one in enumerate(information.characters, start=1):
        lines += [f"Character {number}: {one.name} ({one.gender}, {one.age})", _below(one.description), ""]
    return "\n".join(lines).strip()


def _below(text: str) -> str:
    """A line of the book that would begin an entry of the plan, so that it begins none."""
    return f"– {text}" if _HEAD.fullmatch(text) else text


def question(information: GlobalInformation) -> str:
    """The plan as a question to its owner."""
    return f"{INTRODUCTION}\n\n{written(information)}"


def edited(information: GlobalInformation, answer: str, *, report: Report) -> GlobalInformation:
    """The plan as the answer wants it.

    Raises: UnusableText, with a sentence that says what cannot be understood.
    """
    report(0.9, "Reading the answer")
    if answer.strip(" .!\n").casefold() in AGREED:
        return information
    blocks = _blocks(answer)
    episodes = _episodes(information, [block for block in blocks if block.kind == "episode"])
    characters = [_character(information, block) for block in blocks if block.kind == "character"]
    title = next((block.rest for block in blocks if block.kind == "title" and block.rest), information.title)
    _refuse_doubles([character.name for character in characters])
    return replace(information, title=shortened(title, LONGEST_TITLE), episodes=episodes, characters=characters)


def _blocks(answer: str) -> list[_Block]:
    blocks: list[_Block] = []
    for line in answer.splitlines():
        if head := _HEAD.fullmatch(line.strip()):
            blocks.append(_Block(head["kind"].casefold(), int(head["number"] or 0), head["rest"].strip(), []))
        elif blocks:
            blocks[-1].below.append(line)
    if not blocks:
        raise UnusableText(
            "Answer “yes”, or send the whole plan back with your changes, its lines “Episode 1: …” included."
        )
    return blocks


def _episodes(information: GlobalInformation, blocks: Sequence[_Block]) -> list[Episode]:
    """Those of the answer, numbered anew.

    Raises: UnusableText.
    """
    if not blocks:
        raise UnusableText("The plan has no episode left: keep at least one.")
    by_number = {episode.number: episode for episode in information.episodes}
    _refuse_doubles([f"Episode {block.number}" for block in blocks])
    episodes: list[Episode] = []
    first_scene = 1
    for number, block in enumerate(blocks, start=1):
        before = by_number.get(block.number)
        if before is None:
            raise UnusableText(f"There is no episode {block.number}: the plan has {len(by_number)}.")
        title, summary = shortened(block.rest, LONGEST_TITLE), shortened(block.text, LONGEST_SUMMARY)
        title = title or before.title
        episodes.append(replace(before, number=number, title=title, summary=summary, first_scene=first_scene))
        first_scene += len(before.events)
    return episodes


def _character(information: GlobalInformation, block: _Block) -> NovelCharacter:
    """Raises: UnusableText."""
    if not 1 <= block.number <= len(information.characters):
        raise UnusableText(f"There is no character {block.number}: the plan has {len(information.characters)}.")
    before = information.characters[block.number - 1]
    traits = _TRAITS.fullmatch(block.rest)
    name = " ".join((traits["name"] if traits else block.rest).upper().split())[:LONGEST_NAME] or before.name
    said = [word.strip().casefold() for word in traits["traits"].split(",")] if traits else []
    genders: dict[str, Gender] = {gender: gender for gender in get_args(Gender)}
    ages: dict[str, Age] = {age: age for age in get_args(Age)}
    if unknown := [word for word in said if word not in genders and word not in ages]:
        raise UnusableText(f"{name} is {unknown[0]!r}: say one of {', '.join([*genders, *ages])}.")
    return replace(
        before,
        name=name,
        description=shortened(block.text, 2 * LONGEST_DESCRIPTION),
        gender=next((genders[word] for word in said if word in genders), before.gender),
        age=next((ages[word] for word in said if word in ages), before.age),
    )


def _refuse_doubles(names: Sequence[str]) -> None:
    """Raises: UnusableText."""
    double = next((name for number, name in enumerate(names) if name in names[:number]), "")
    if double:
        raise UnusableText(f"{double} stands in the plan twice.")
