"""Chooses scenes of a long screenplay: "12-20, 35" are the scenes 12 to 20 and 35, by their numbers in the script."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from agents.animatic.errors import UnfitScenes
from agents.animatic.film import Scene
from agents.animatic.limits import LONGEST_SELECTION

HOW = "Write numbers and ranges, as in 12-20, 35."

_SPLIT = re.compile(r"[,;\s]+")
_AROUND_DASH = re.compile(r"\s*(?:-|–|—|\bto\b)\s*", re.IGNORECASE)
_ENTRY = re.compile(r"#?(?P<first>[0-9A-Z]{1,8})(?:-#?(?P<last>[0-9A-Z]{1,8}))?", re.IGNORECASE)


def choose(scenes: Sequence[Scene], selection: str) -> list[Scene]:
    """The chosen scenes in the order of the script, numbered from 1, each with its number in the script as its label. "" chooses all.

    Scenes go by the script's own numbers where it has any ("12A"), or else by their place.

    Raises: UnfitScenes.
    """
    if not selection.strip():
        return list(scenes)
    if len(selection) > LONGEST_SELECTION:
        raise UnfitScenes(f"Scenes takes at most {LONGEST_SELECTION} characters. {HOW}")
    labels = labels_of(scenes)
    chosen = {place for entry in _entries(selection) for place in _places(entry, labels)}
    return [
        replace(scenes[place], number=number, label=labels[place]) for number, place in enumerate(sorted(chosen), 1)
    ]


def labels_of(scenes: Sequence[Scene]) -> list[str]:
    """By what each scene is chosen: the number that the script gives it, or its place."""
    if any(scene.label for scene in scenes):
        return [scene.label for scene in scenes]
    return [str(place) for place in range(1, len(scenes) + 1)]


def _entries(selection: str) -> list[str]:
    joined = _AROUND_DASH.sub("-", " ".join(selection.split()))
    return [entry for entry in _SPLIT.split(joined.upper()) if entry]


def _places(entry: str, labels: Sequence[str]) -> range:
    """Where the scenes of one entry stand, from 0."""
    match = _ENTRY.fullmatch(entry)
    if not match:
        raise UnfitScenes(f"“{entry[:20]}” in Scenes is neither a number nor a range. {HOW}")
    first = _place(match["first"], labels)
    last = _place(match["last"], labels) if match["last"] else first
    if last < first:
        raise UnfitScenes(f"The range {entry} in Scenes runs backwards. {HOW}")
    return range(first, last + 1)


def _place(label: str, labels: Sequence[str]) -> int:
    wanted = label.lstrip("0") or label
    if wanted in labels:
        return labels.index(wanted)
    numbered = [known for known in labels if known]
    raise UnfitScenes(
        f"There is no scene {label}: the script has {len(labels)} {'scene' if len(labels) == 1 else 'scenes'}, "
        f"{numbered[0]} to {numbered[-1]}."
    )
