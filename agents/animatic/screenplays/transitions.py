"""Tells how scenes follow each other: what the transitions of a screenplay ("CUT TO:", "DISSOLVE TO:") mean for the edit."""

import re

from agents.animatic.film import Scene, Screenplay

_CUT = re.compile(r"\bCUT\b|\bINTERCUT\b|\bBACK TO\b", re.IGNORECASE)
_SOFT = re.compile(r"FADE|DISSOLVE|WIPE|IRIS|TO (?:BLACK|WHITE)", re.IGNORECASE)


def scenes_cut_to(screenplay: Screenplay) -> frozenset[int]:
    """The numbers of the scenes that begin with a hard cut, because the script says so. All others are dissolved to.

    The last transition of the scene before counts, or one that stands at the beginning of the scene itself.
    """
    cut = set()
    before: Scene | None = None
    for scene in screenplay.scenes:
        asked = _opening(scene) or (_closing(before) if before else "")
        if before and _CUT.search(asked) and not _SOFT.search(asked):
            cut.add(scene.number)
        before = scene
    return frozenset(cut)


def _opening(scene: Scene) -> str:
    first = scene.elements[0] if scene.elements else None
    return first.text if first and first.kind == "transition" else ""


def _closing(scene: Scene) -> str:
    last = scene.elements[-1] if scene.elements else None
    return last.text if last and last.kind == "transition" else ""
