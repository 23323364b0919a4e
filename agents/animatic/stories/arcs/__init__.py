"""The kinds of story that the offline writer can tell: one text file for each in this folder, beats in their order.

    words: lost search map            the words of an idea that call for this arc
    goal: find {thing}                what the hero wants where the idea does not say
    [setup | rank 1 | start]          a beat; films with n scenes get the n lowest ranks; where it plays
    [ending if dark | rank 2 | back]  a beat for dark tones only (or `if bright`)
    = {hero} sets out to {goal}.      the scene in a sentence
    {Hero} packs in a hurry.          action
    HERO (softly): I will be back.    dialogue, of HERO or FRIEND
    or                                begins another version of the same beat

Fields in braces are filled in by storytelling.py.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agents.animatic.datafiles import word_set

Spot = Literal["start", "near", "away", "far", "deep", "back"]
SPOTS: tuple[Spot, ...] = ("start", "near", "away", "far", "deep", "back")
INTERLUDES = "interludes"

_HEADER = re.compile(r"\[(?P<name>[\w -]+?)(?: if (?P<mood>bright|dark))? \| rank (?P<rank>\d+) \| (?P<spot>\w+)\]")
_SPEECH = re.compile(r"(?P<who>HERO|FRIEND)(?: \((?P<manner>[^)]+)\))?: (?P<text>.+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a beat: action, or the speech of HERO or FRIEND."""

    text: str
    who: str = ""
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One way to tell a beat."""

    summary: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One beat of an arc: a step of the story that makes one scene."""

    name: str
    mood: str  # "bright", "dark" or "": any
    rank: int
    spot: Spot
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """A kind of story."""

    name: str
    words: frozenset[str]  # of an idea that call for it
    goal: str  # an infinitive
    turns: tuple[Turn, ...]


def read_arc(name: str, text: str) -> Arc:
    """An arc from the text of its file.

    Raises: ValueError when the file is not of the form described above.
    """
    head, *sections = re.split(r"\n(?=\[)", text.strip())
    facts = dict(row.split(": ", 1) for row in head.split("\n") if ": " in row)
    return Arc(
        name,
        word_set(facts.get("words", "")),
        facts.get("goal", ""),
        tuple(_turn(name, section) for section in sections),
    )


def _turn(arc: str, section: str) -> Turn:
    header, _, body = section.partition("\n")
    match = _HEADER.fullmatch(header)
    if not match or match["spot"] not in SPOTS:
        raise ValueError(f"{arc}: not a beat: {header}")
    spot = next(spot for spot in SPOTS if spot == match["spot"])
    versions = tuple(_version(part) for part in re.split(r"\nor\n", body.strip()))
    return Turn(match["name"], match["mood"] or "", int(match["rank"]), spot, versions)


def _version(text: str) -> Version:
    summary, *rows = [row for row in text.split("\n") if row.strip()]
    return Version(summary.removeprefix("= "), tuple(_row(row) for row in rows))


def _row(text: str) -> Row:
    match = _SPEECH.fullmatch(text)
    return Row(match["text"], match["who"], match["manner"] or "") if match else Row(text)


def _read_all() -> dict[str, Arc]:
    files = sorted(Path(__file__).parent.glob("*.txt"))
    return {file.stem: read_arc(file.stem, file.read_text(encoding="utf-8")) for file in files}


_ALL = _read_all()
ARCS = {name: arc for name, arc in _ALL.items() if name != INTERLUDES}
INTERLUDE_TURNS = _ALL[INTERLUDES].turns
