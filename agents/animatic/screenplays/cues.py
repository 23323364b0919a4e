"""Tells who speaks: character cues ("MARA (V.O.) ^"), speeches on one line ("MARA: Come in."), and how names are spelt."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from agents.animatic.datafiles import word_set
from agents.animatic.screenplays.locations import is_heading

LONGEST_CUE = 40  # characters
LONGEST_CUE_LINE = 200  # with what stands in parentheses beside the name; a longer line is no cue
LONGEST_CASELESS = 8

_EXTENSION = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
_INLINE = re.compile(r"@?(?P<name>[^\W\d_][^:()\n]{0,30}?)\s*+(?P<extension>\([^()]*+\))?\s*+:\s++(?P<text>\S.*)")
_CONTINUED = re.compile(r"(?:cont(?:['’`.]?d|inued|inuing|\.)?|forts\.?|suite|weiter|продолжение)\.?", re.I)
_NO_FIRST_SIGNS = ("!", "(", '"', "“", "-", "–", "—", "…")
_NO_LAST_SIGNS = ("!", "?", ",", ";", "…", "...", "--", '"', "”")
_OFF_SCREEN = {
    "vo": "V.O.",
    "voiceover": "V.O.",
    "os": "O.S.",
    "oc": "O.S.",
    "offscreen": "O.S.",
    "off": "O.S.",
    "зк": "V.O.",
}
_TRANSITION = re.compile(
    r"(?:[^a-zа-я]*\bTO:|(?:FADE|IRIS|DISSOLVE|WIPE) (?:IN|OUT|UP|TO BLACK)[:.]?|(?:SMASH |HARD )?CUT TO[^a-z]*|"
    r"(?:CUT|FADE) TO (?:BLACK|WHITE)[:.]?|CROSS ?FADE[:.]?|(?:THE )?END(?: CREDITS)?\.?|TITLE CARD[:.]?)"
)
# Capitalised words before a colon that are no names.
_NO_NAMES = word_set(
    """title titles super superimpose chyron insert note montage later cut fade dissolve caption subtitle text scene
    act sfx sound music angle on close pov intercut flashback end credits credit author draft date source contact
    series"""
)


_SMALL_WORDS = frozenset({"of", "the", "de", "von", "van", "and", "la"})


class Cue(NamedTuple):
    """Who speaks, and how: `manner` is what stood in parentheses beside the name ("V.O.")."""

    name: str
    manner: str = ""


def is_transition(line: str) -> bool:
    """Whether a line of its own is a transition ("CUT TO:")."""
    return bool(_TRANSITION.fullmatch(line))


def read_cue(line: str) -> Cue:
    """The one spelling of a name, without (CONT'D) and the mark of dual dialogue."""
    text = line.removeprefix("@").removesuffix("^").strip().rstrip(":").strip()
    manners = [_manner(found) for found in _EXTENSION.findall(text)]
    name = " ".join(_EXTENSION.sub(" ", text).upper().split()).strip(" :^@()[]")
    return Cue(name or "VOICE", ", ".join(manner for manner in manners if manner))


def looks_like_cue(line: str) -> bool:
    """Whether a line could be the name of a character who speaks next."""
    if len(line) > LONGEST_CUE_LINE:
        return False
    if line.startswith("@"):
        return len(line) > 1
    name = re.split(r"[(\[]", line)[0].rstrip(" ^:")
    if not _is_in_capitals(name) or len(name) > LONGEST_CUE:
        return False
    if name.endswith(_NO_LAST_SIGNS) or name.startswith(_NO_FIRST_SIGNS):
        return False
    return not is_transition(line) and not is_heading(line)


def read_inline(line: str) -> tuple[Cue, str] | None:
    """ "MARA (softly): Come in." as the cue and the speech; None when it is not of this form."""
    match = _INLINE.fullmatch(line)
    if not match:
        return None
    name = match["name"].strip()
    words = name.split()
    if len(words) > 4 or words[0].casefold().strip(".") in _NO_NAMES or not all(_is_name_word(word) for word in words):
        return None
    if is_transition(line) or is_heading(line):
        return None
    return read_cue(f"{name} {match['extension'] or ''}"), match["text"]


def inline_speakers(lines: Sequence[str]) -> frozenset[str]:
    """The names that speak in "NAME: text" form: capitals always count, Title Case when the form is a habit."""
    found = [(inline[0].name, line) for line in lines if (inline := read_inline(line))]
    in_capitals = {name for name, line in found if _is_in_capitals(line.split(":")[0].split("(")[0].strip())}
    times = Counter(name for name, _ in found)
    if len(times) >= 2 and len(found) >= 2:
        return frozenset(times)
    return frozenset(in_capitals | {name for name, count in times.items() if count >= 2})


def _is_in_capitals(name: str) -> bool:
    """Scripts without capitals (中文) count when the name is short."""
    return name.isupper() or (
        name.lower() == name.upper() and len(name) <= LONGEST_CASELESS and any(map(str.isalpha, name))
    )


def _is_name_word(word: str) -> bool:
    return (
        _is_in_capitals(word)
        or word[:1].isupper()
        or word[:1] in "#&"
        or word.casefold() in _SMALL_WORDS
        or word[:1].isdigit()
    )


def _manner(extension: str) -> str:
    if _CONTINUED.fullmatch(extension.strip()):
        return ""
    letters = re.sub(r"[^a-zа-я]", "", extension.casefold())
    return _OFF_SCREEN.get(letters, extension.strip())
