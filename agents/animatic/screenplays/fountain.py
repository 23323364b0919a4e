"""Cleans screenplay text before it is parsed, and writes a Screenplay back as Fountain (https://fountain.io/syntax)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from agents.animatic.errors import UnusableText
from agents.animatic.film import Element, Scene, Screenplay
from agents.animatic.limits import LONGEST_READ_SCRIPT, LONGEST_WORD, SPLIT, demand
from agents.animatic.screenplays.cues import is_transition, looks_like_cue, read_inline
from agents.animatic.screenplays.locations import is_heading
from agents.animatic.screenplays.people import unfound_people

SPACES = "Put spaces between its words."
NOISE_SHARE = 0.05  # more characters than this that nobody can read: not text

_BLANK_LINE = re.compile(r"(\n(?=[ \t]*\n))")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=\S)((?:(?!\1).)+?)(?<=\S)(?<!\\)\1")
_CAST_NOTE = re.compile(r"\[\[Cast: (?P<names>[^\[\]\n]{1,600})\]\]")
_ESCAPED = re.compile(r"\\([*_\\])")
_FORCING = (".", "@", "!", ">", "~", "#", "=", "(", "[")
_LINE_ENDS = re.compile(r"\r\n?|[\f\v\x85\u2028\u2029]")


def readable(script: str) -> str:
    """The text with plain line ends and without byte-order marks, comments and notes.

    Raises: UnusableText when it is empty, is not text, or is too much.
    """
    demand(len(script), LONGEST_READ_SCRIPT, what="characters", advice=SPLIT)
    demand(max(map(len, script.split()), default=0), LONGEST_WORD, what="characters without a space", advice=SPACES)
    text = _LINE_ENDS.sub("\n", script.replace("\ufeff", "")).expandtabs(4)
    noise = {sign: count for sign, count in Counter(text).items() if sign != "\n" and _is_noise(sign)}
    if sum(noise.values()) > NOISE_SHARE * len(text):
        raise UnusableText(
            "This does not look like text: paste the screenplay itself, or upload it as a plain text file."
        )
    text = text.translate(dict.fromkeys(map(ord, noise)))
    if not any(sign.isalnum() for sign in text):
        raise UnusableText(
            "The script holds no words. Paste a screenplay with at least one line of action or dialogue."
        )
    return _without_notes(_without(text, "/*", "*/"))


def _without_notes(text: str) -> str:
    """A note may go over several lines, but not over a blank one."""
    return "".join(_without(part, "[[", "]]") for part in _BLANK_LINE.split(text))


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between the marks; one that is never closed stays. Linear, and nothing nests."""
    kept, position = [], 0
    while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        kept.append(text[position:start])
        position = end + len(closing)
    return "".join([*kept, text[position:]])


def plain(text: str) -> str:
    """One paragraph without emphasis marks and surplus spaces."""
    text = " ".join(text.split())
    for _ in range(3):  # bold inside italics inside underline
        text, count = _EMPHASIS.subn(r"\2", text)
        if not count:
            break
    return _ESCAPED.sub(r"\1", text)


def write(screenplay: Screenplay) -> str:
    """The screenplay as Fountain text; parsing it again gives the same screenplay."""
    lines = [f"Title: {screenplay.title}"]
    if screenplay.author:
        lines.append(f"Author: {screenplay.author}")
    unfound = unfound_people(screenplay.scenes)
    notes = [cast_note(unfound)] if unfound else []
    return "\n\n".join(["\n".join(lines), *notes, *(write_scene(scene) for scene in screenplay.scenes)]) + "\n"


def cast_note(names: Sequence[str]) -> str:
    """A Fountain note that names characters who never speak: `noted_cast` finds them again."""
    return f"[[Cast: {', '.join(names)}]]"


def noted_cast(script: str) -> frozenset[str]:
    """The characters whom notes name."""
    return frozenset(
        name
        for match in _CAST_NOTE.finditer(script)
        for part in match["names"].split(",")
        if (name := part.strip().upper())
    )


def write_scene(scene: Scene) -> str:
    """One scene as Fountain text."""
    forced = "" if is_heading(scene.heading) else "."
    return "\n\n".join([f"{forced}{scene.heading}", *(_written(element) for element in scene.elements)])


def _written(element: Element) -> str:
    text = _escaped(element.text)
    if element.kind == "transition":
        return f"> {text}"
    if element.kind == "action":
        return f"!{text}" if _would_be_misread(text) else text
    is_plain_cue = looks_like_cue(element.character) and not element.character.startswith(_FORCING)
    cue = element.character if is_plain_cue else f"@{element.character}"
    forced = "~" if text.startswith(_FORCING) or is_heading(text) else ""
    return "\n".join([cue, *([f"({element.parenthetical})"] if element.parenthetical else []), forced + text])


def _would_be_misread(action: str) -> bool:
    """Whether an action, left as it is, would be read as something else."""
    is_other = looks_like_cue(action) or is_transition(action) or is_heading(action) or read_inline(action)
    return bool(is_other) or action.startswith(_FORCING) or not action.endswith((".", "!", "?", "…"))


def _escaped(text: str) -> str:
    return re.sub(r"([*_\\])", r"\\\1", text)


def _is_noise(sign: str) -> bool:
    return sign == "\ufffd" or (unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"})
