"""Tells who speaks: character cues ("MARA (V.O.) ^"), speeches on one line ("MARA: Come in."), and how names are spelt."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from agents.animatic.datafiles import word_set
from agents.animatic.screenplays.directions import is_direction
from agents.animatic.screenplays.locations import is_heading, time_of_day

LONGEST_CUE = 40  # characters
LONGEST_CUE_LINE = 200  # with what stands in parentheses beside the name; a longer line is no cue
LONGEST_CASELESS = 8

_EXTENSION = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
LONGEST_PLAIN_NAME = 25
LOOSE_SHARE = 0.4  # of the lines are speeches where people write "Anna - Hello."
FEWEST_LOOSE = 3

_INLINE = re.compile(
    r"@?[\"“„«]?(?P<name>[^\W\d_][^:()\n]{0,30}?)[\"”“»]?\s*+(?P<extension>\([^()]*+\))?"
    r"\s*+(?::\s++|(?P<dash>(?<=\s)[-–—]{1,2}\s++|(?<=[\w).])[–—]\s*+))(?P<text>\S.*)"
)
_PLAIN_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]{1,2}[^\W\d_]+){0,2}\.?(?:\s*\([^()]{1,30}\))?:?")
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
_TYPED_TRANSITION = re.compile(
    r"(?:(?:smash|hard|match|jump|quick|time|flash) )?cut(?: back)? to(?: black| white)?[:.]?|(?:smash|jump|match) cut[:.]?|"
    r"(?:slow |quick |cross[ -]?)?(?:dissolve|fade)(?: to(?: black| white)?| in| out| up)[:.]?|wipe to[:.]?|iris (?:in|out)[:.]?|"
    r"back to(?: scene)?:|intercut(?: with| between)?:|the end\.?",
    re.IGNORECASE,
)
_TRANSITION_AHEAD = re.compile(r"(?P<transition>[^:]{0,40}\b(?:TO|IN):)\s+(?P<heading>\S.*)", re.IGNORECASE)
# Capitalised words before a colon that are no names.
_NO_NAMES = word_set(
    """title titles super superimpose chyron insert note montage later cut fade dissolve caption subtitle text scene
    act sfx sound music angle on close pov intercut flashback end credits credit author draft date source contact
    series"""
)

_NO_FIRST_WORDS = word_set(
    """a an the he she it they we i you and but then so or if when while as in on at to from with for my his her their our
    your this that these those there here now not no yes what who why how where der die das ein eine er sie es wir und le
    la les un une il elle el los ich"""
)
_SMALL_WORDS = frozenset({"of", "the", "de", "von", "van", "and", "la"})


class Cue(NamedTuple):
    """Who speaks, and how: `manner` is what stood in parentheses beside the name ("V.O.")."""

    name: str
    manner: str = ""


class Inline(NamedTuple):
    """A speech on the line of its name. `is_loose`: of a form that is one only by habit ("Anna - Hello.", "anna: Hello.")."""

    cue: Cue
    text: str
    is_loose: bool = False


class Speakers(NamedTuple):
    """Who speaks on the line of the name: of the usual form, and of a loose one."""

    usual: frozenset[str]
    loose: frozenset[str]

    def have(self, inline: Inline) -> bool:
        """Whether this line is a speech."""
        return inline.cue.name in (self.loose if inline.is_loose else self.usual)


def is_transition(line: str) -> bool:
    """Whether a line of its own is a transition ("CUT TO:", "Fade out.")."""
    return bool(_TRANSITION.fullmatch(line) or _TYPED_TRANSITION.fullmatch(line))


def transition_ahead(line: str) -> tuple[str, str] | None:
    """ "CUT TO: INT. KITCHEN - DAY" as the transition and the heading."""
    match = _TRANSITION_AHEAD.fullmatch(line)
    if not match or not is_transition(match["transition"]) or not is_heading(match["heading"]):
        return None
    return match["transition"], match["heading"]


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
    name = re.split(r"[(\[]", line)[0]
    if _EXTENSION.sub(" ", line[len(name) :]).strip(" ^:)]"):  # "MARA (softly) - Come in."
        return False
    name = name.rstrip(" ^:")
    if not _is_in_capitals(name) or len(name) > LONGEST_CUE:
        return False
    if name.endswith(_NO_LAST_SIGNS) or name.startswith(_NO_FIRST_SIGNS):
        return False
    return not is_transition(line) and not is_heading(line) and not is_direction(line)


def is_plain_name(line: str) -> bool:
    """Whether a line that is not in capitals could be the name of a character who speaks next."""
    if len(line) > LONGEST_CUE_LINE or not _PLAIN_NAME.fullmatch(line):
        return False
    name = line.split("(")[0].rstrip(" :")
    first = name.split()[0].casefold().strip(".")
    if name.isupper() or len(name) > LONGEST_PLAIN_NAME or first in _NO_NAMES or first in _NO_FIRST_WORDS:
        return False
    return not is_transition(line) and not is_heading(line)


def read_inline(line: str) -> Inline | None:
    """ "MARA (softly): Come in." as the cue and the speech; None when it is not of this form."""
    match = _INLINE.fullmatch(line)
    if not match:
        return None
    name = match["name"].strip()
    words = name.split()
    if not words or len(words) > 4 or words[0].casefold().strip(".") in _NO_NAMES:
        return None
    is_usual = all(_is_name_word(word) for word in words)
    if not is_usual and not (len(words) == 1 and words[0] not in _NO_FIRST_WORDS and is_plain_name(words[0])):
        return None
    if is_transition(line) or is_heading(line) or is_direction(line):
        return None
    cue = read_cue(f"{name} {match['extension'] or ''}")
    return Inline(cue, match["text"], is_loose=bool(match["dash"]) or not is_usual)


def inline_speakers(lines: Sequence[str]) -> Speakers:
    """Who speaks in "NAME: text" form: capitals always count, Title Case when the form is a habit; dashes, when it is a strong one."""
    found = [(inline, line) for line in lines if (inline := read_inline(line))]
    usual = [(inline.cue.name, line) for inline, line in found if not inline.is_loose]
    in_capitals = {name for name, line in usual if _is_in_capitals(line.split(":")[0].split("(")[0].strip())}
    times = Counter(name for name, _ in usual)
    if len(times) >= 2 and len(usual) >= 2:
        speakers = frozenset(times)
    else:
        speakers = frozenset(in_capitals | {name for name, count in times.items() if count >= 2})
    return Speakers(speakers, _loose_speakers([inline for inline, _ in found if inline.is_loose], len(lines)))


def _loose_speakers(found: Sequence[Inline], lines: int) -> frozenset[str]:
    times = Counter(inline.cue.name for inline in found if not _is_moment(inline.text))
    is_habit = times.total() >= min(FEWEST_LOOSE, lines) and times.total() >= LOOSE_SHARE * lines and len(times) >= 2
    return frozenset(times) if is_habit else frozenset()


def _is_moment(text: str) -> bool:
    """ "KITCHEN - NIGHT" is a place."""
    return len(text.split()) <= 2 and time_of_day(text) is not None


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
