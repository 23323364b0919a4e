"""Tells how scenes follow each other: what the transitions of a screenplay ("CUT TO:", "DISSOLVE TO:") mean for the edit."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from agents.animatic.film import Scene, Screenplay

Colour = Literal["black", "white"]

_CUT = re.compile(r"\bCUT\b|\bINTERCUT\b|\bBACK TO\b", re.IGNORECASE)
_WHITE = re.compile(r"\bTO WHITE\b", re.IGNORECASE)
_BLACK = re.compile(r"\bFADE (?:IN|OUT)\b|\bTO BLACK\b", re.IGNORECASE)
_SOFT = re.compile(r"FADE|DISSOLVE|WIPE|IRIS|TO (?:BLACK|WHITE)", re.IGNORECASE)


def scenes_cut_to(screenplay: Screenplay) -> frozenset[int]:
    """The numbers of the scenes that begin with a hard cut, because the script says so. All others are dissolved to.

    The last transition of the scene before counts, or one that stands at the beginning of the scene itself.
    """
    return frozenset(number for number, asked in _asked(screenplay) if _CUT.search(asked) and not _SOFT.search(asked))


def scenes_faded_to(screenplay: Screenplay) -> dict[int, Colour]:
    """The numbers of the scenes to which the film goes through black or white, because the script says "FADE OUT." or "FADE IN:"."""
    faded: dict[int, Colour] = {}
    for number, asked in _asked(screenplay):
        if _WHITE.search(asked):
            faded[number] = "white"
        elif _BLACK.search(asked):
            faded[number] = "black"
    return faded


def _asked(screenplay: Screenplay) -> Iterator[tuple[int, str]]:
    """For each scene but the first its number and what the script says of the way to it; "" where it says nothing."""
    for before, scene in pairwise(screenplay.scenes):
        yield scene.number, _opening(scene) or _closing(before)


def _opening(scene: Scene) -> str:
    first = scene.elements[0] if scene.elements else None
    return first.text if first and first.kind == "transition" else ""


def _closing(scene: Scene) -> str:
    last = scene.elements[-1] if scene.elements else None
    return last.text if last and last.kind == "transition" else ""
