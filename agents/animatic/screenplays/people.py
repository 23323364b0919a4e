"""Finds who is in each scene: all who speak, and all whom the action names."""

import re
from collections import Counter
from collections.abc import Sequence, Set

import msgspec

from agents.animatic.datafiles import word_set
from agents.animatic.film import Scene
from agents.animatic.limits import demand
from agents.animatic.vocabulary.foreign import forms_of

MOST_SILENT = 12  # people who never speak

_JOINT = re.compile(r"&|/|\+|,|\bAND\b|\bWITH\b")
_INTRODUCED = re.compile(
    r"\b(?P<name>[^\W\d_a-z]{2,40}(?:['’-][^\W\d_a-z]{1,40}){0,4}(?: [^\W\d_a-z]{2,40}){0,2})(?=\s{0,4}\(\s{0,4}[\w~])"
    r"|\b(?P<named>[^\W\d_a-z]{2,40}(?: [^\W\d_a-z]{2,40}){0,2})(?=, (?:an?|the|in (?:his|her|their)|early|mid|late|\d))"
)
_ORDINALS = ("FIRST ", "SECOND ", "THIRD ", "FOURTH ", "FIFTH ")
_PLURALS = {"MOUSE": "MICE", "GOOSE": "GEESE", "MAN": "MEN", "CHILD": "CHILDREN", "F": "VES", "RY": "RIES", "BY": "BIES", "PY": "PIES",
    "DY": "DIES", "CH": "CHES", "X": "XES", "SS": "SSES"}  # fmt: skip
_ARTICLES = frozenset({"A", "AN", "THE"})
# What screenplays set in capitals though it is no character.
_SOUNDS = word_set(
    """BANG CRASH BOOM SUPER TITLE INSERT CUT FADE POV CLOSE ANGLE WIDE LATER THUD RING SLAM SOUND MUSIC OS VO INT EXT
    DAY NIGHT TV LED USB USA UK EU BBC FBI CIA NASA DNA"""
)


def people_in(scenes: list[Scene], *, most: int, noted: Set[str] = frozenset()) -> list[Scene]:
    """The scenes with `characters` filled in, in the order in which they first appear. `noted` play though they never speak.

    Raises: UnusableText when more than `most` speak.
    """
    speakers = {element.character for scene in scenes for element in scene.elements if element.character}
    voiced = single_voices(speakers)
    demand(len(voiced), most, what="characters who speak", advice="Give the lines to fewer of them.")
    known = voiced | {name for name in _silent(scenes) - noted if not any(_is_same(name, other) for other in voiced)}
    mention = _mention_of(known)
    return [
        msgspec.structs.replace(scene, characters=_present(scene, known | noted, mention, sorted(noted)))
        for scene in scenes
    ]


def unfound_people(scenes: Sequence[Scene]) -> list[str]:
    """The characters of scenes whom their text alone does not tell: they neither speak nor are introduced in capitals."""
    named = dict.fromkeys(name for scene in scenes for name in scene.characters)
    speakers = {element.character for scene in scenes for element in scene.elements if element.character}
    found = single_voices(speakers) | _silent(list(scenes))
    return [name for name in named if name not in found]


def voices(name: str, known: Set[str]) -> list[str]:
    """ "MARA AND PIP" is two people when both are known by themselves."""
    parts = [stripped for part in _JOINT.split(name) if (stripped := part.strip())]
    return parts if len(parts) > 1 and all(part in known for part in parts) else [name]


def position_of(name: str, text: str) -> int:
    """Where the name first stands in the text, as words of their own; -1 where it does not. Both are spelt alike.

    The FIRST SISTER stands in "TWO SISTERS", too.
    """
    at = _find(name, text)
    if at < 0 and name.startswith(_ORDINALS):
        noun = name.split()[-1]
        places = (_find(plural, text) for plural in (_plural(noun), f"{noun}S"))  # WOLVES, but CHEFS
        return next((place for place in places if place >= 0), -1)
    return at if at >= 0 else _find_form(name, text)


def _find_form(name: str, text: str) -> int:
    """Where the name stands in another form, as other languages bend it: ДЕВОЧКА in "ДЕВОЧКУ"."""
    forms = forms_of(name.split()[0]) if name.strip() else None
    match = forms.search(text) if forms else None
    return match.start() if match else -1


def _plural(noun: str) -> str:
    return next((noun.removesuffix(one) + many for one, many in _PLURALS.items() if noun.endswith(one)), f"{noun}S")


def _find(name: str, text: str) -> int:
    at = text.find(name)
    while at >= 0 and (_is_in_word(text[at - 1 : at]) or _is_in_word(text[at + len(name) : at + len(name) + 1])):
        at = text.find(name, at + 1)
    return at


def _is_in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


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


def _present(scene: Scene, known: Set[str], mention: re.Pattern[str] | None, noted: Sequence[str]) -> list[str]:
    present: dict[str, None] = {}
    for element in scene.elements:
        if element.character:
            present.update(dict.fromkeys(voices(element.character, known)))
        elif mention or noted:
            found = [match[0].upper() for match in mention.finditer(element.text)] if mention else []
            present.update(dict.fromkeys(found))
            present.update(dict.fromkeys(_noted_in(element.text.upper(), noted)))
    return list(present)


def _noted_in(text: str, noted: Sequence[str]) -> list[str]:
    """Those of the noted whom the text names in capitals or not, in its order."""
    places = {name: place for name in noted if (place := position_of(name, text)) >= 0}
    return sorted(places, key=lambda name: places[name])
