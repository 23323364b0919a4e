"""Finds who is in each scene: all who speak, and all whom the action names."""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from agents.animatic.datafiles import word_set
from agents.animatic.film import Scene

MOST_SILENT = 12  # people who never speak

_JOINT = re.compile(r"\s*(?:&|/|\+|,|\bAND\b|\bWITH\b)\s*")
_INTRODUCED = re.compile(
    r"\b(?P<name>[^\W\d_a-z]{2,}(?:['’-][^\W\d_a-z]+)*(?: [^\W\d_a-z]{2,}){0,2})(?=\s*\(\s*[\w~])"
    r"|\b(?P<named>[^\W\d_a-z]{2,}(?: [^\W\d_a-z]{2,}){0,2})(?=, (?:an?|the|in (?:his|her|their)|early|mid|late|\d))"
)
_ARTICLES = frozenset({"A", "AN", "THE"})
# What screenplays set in capitals though it is no character.
_SOUNDS = word_set(
    """BANG CRASH BOOM SUPER TITLE INSERT CUT FADE POV CLOSE ANGLE WIDE LATER THUD RING SLAM SOUND MUSIC OS VO INT EXT
    DAY NIGHT TV LED USB USA UK EU BBC FBI CIA NASA DNA"""
)


def people_in(scenes: list[Scene]) -> list[Scene]:
    """The scenes with `characters` filled in, in the order in which they first appear."""
    speakers = {element.character for scene in scenes for element in scene.elements if element.character}
    voiced = single_voices(speakers)
    known = voiced | {name for name in _silent(scenes) if not any(_is_same(name, other) for other in voiced)}
    mention = _mention_of(known)
    return [msgspec.structs.replace(scene, characters=_present(scene, known, mention)) for scene in scenes]


def voices(name: str, known: Iterable[str]) -> list[str]:
    """ "MARA AND PIP" is two people when both are known by themselves."""
    parts = [part for part in _JOINT.split(name) if part]
    return parts if len(parts) > 1 and set(parts) <= set(known) else [name]


def single_voices(speakers: set[str]) -> set[str]:
    """The speakers without those who are several at once."""
    return {name for name in speakers if voices(name, speakers) == [name]}


def _is_same(full: str, short: str) -> bool:
    """The action introduces NORA BELL, whom the dialogue calls NORA."""
    return set(short.split()) <= set(full.split())


def _silent(scenes: list[Scene]) -> set[str]:
    found: Counter[str] = Counter()
    for scene in scenes:
        for element in scene.elements:
            if element.kind == "action" and not element.text.isupper():
                found.update(_introduced(element.text))
    return {name for name, _ in found.most_common(MOST_SILENT)}


def _introduced(text: str) -> list[str]:
    names = [match["name"] or match["named"] for match in _INTRODUCED.finditer(text)]
    plain = [" ".join(word for word in name.split() if word not in _ARTICLES) for name in names]
    return [name for name in plain if name and not set(name.split()) & _SOUNDS]


def _mention_of(known: set[str]) -> re.Pattern[str] | None:
    spelt = sorted((form for name in known for form in {name, name.title(), name.capitalize()}), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(form) for form in spelt)})(?!\w)") if spelt else None


def _present(scene: Scene, known: set[str], mention: re.Pattern[str] | None) -> list[str]:
    present: dict[str, None] = {}
    for element in scene.elements:
        if element.character:
            present.update(dict.fromkeys(voices(element.character, known)))
        elif mention:
            present.update(dict.fromkeys(found.upper() for found in mention.findall(element.text)))
    return list(present)
