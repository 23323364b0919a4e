"""Cleans screenplay text before it is parsed, and writes a Screenplay back as Fountain (https://fountain.io/syntax)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from agents.animatic.errors import UnusableText
from agents.animatic.film import Element, Scene, Screenplay
from agents.animatic.limits import LONGEST_READ_SCRIPT, LONGEST_WORD, SPLIT, demand
from agents.animatic.screenplays.cues import is_transition, looks_like_cue, read_inline
from agents.animatic.screenplays.directions import is_direction
from agents.animatic.screenplays.locations import is_heading
from agents.animatic.screenplays.parts import Notes
from agents.animatic.screenplays.people import unfound_people

SPACES = "Put spaces between its words."
NOISE_SHARE = 0.05  # more characters than this that nobody can read: not text

_BLANK_LINE = re.compile(r"(\n(?=[ \t]?\n))")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=\S)((?:(?!\1).)+?)(?<=\S)(?<!\\)\1")
_CAST_NOTE = re.compile(r"\[\[Cast: (?P<names>[^\[\]\n]{1,600})\]\]")
_ESCAPED = re.compile(r"\\([*_\\])")
_FORCING = (".", "@", "!", ">", "~", "#", "=", "(", "[")
_LINE_ENDS = re.compile(r"\r\n?|[\f\v\x85\u2028\u2029]")
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u00ad"))  # byte-order mark, spaces without width, soft hyphen
GONE = "\ue000"  # for private use: no text that is read has it


def readable(script: str, notes: Notes) -> str:
    """The text with plain line ends and without byte-order marks, comments and notes. GONE stands for each line end in those.

    Raises: UnusableText when it is empty, is not text, or is too much.
    """
    demand(len(script), LONGEST_READ_SCRIPT, what="characters", advice=SPLIT)
    demand(max(map(len, script.split()), default=0), LONGEST_WORD, what="characters without a space", advice=SPACES)
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", script.translate(_UNSEEN))).expandtabs(4)
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
    return _without_notes(_without(text, "/*", "*/", notes), notes)


def line_of(text: str, at: int) -> int:
    """The line of the script, from 1, in which a character of the readable text stands."""
    return 1 + text.count("\n", 0, at) + text.count(GONE, 0, at)


def _without_notes(text: str, notes: Notes) -> str:
    """A note may go over several lines, but not over a blank one, unless that holds two spaces."""
    parts = []
    line = 1
    for part in _BLANK_LINE.split(text):
        parts.append(_without(part, "[[", "]]", notes, first_line=line))
        line = line_of(part, len(part)) + line - 1
    return "".join(parts)


def _without(text: str, opening: str, closing: str, notes: Notes, *, first_line: int = 1) -> str:
    """The text without what stands between the marks; one that is never closed stays. Linear, and nothing nests."""
    kept: list[str] = []
    position, line = 0, first_line
    while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        _note_alone(text[position:start], closing, line, notes)
        taken = text[start:end]
        kept += [text[position:start], GONE * (taken.count("\n") + taken.count(GONE))]
        line += line_of(text[position:end], end - position) - 1
        position = end + len(closing)
    rest = text[position:]
    for mark in (opening, closing):
        _note_alone(rest, mark, line, notes)
    return "".join([*kept, rest])


def _note_alone(text: str, mark: str, line: int, notes: Notes) -> None:
    if (at := text.find(mark)) >= 0:
        notes.take(line + line_of(text, at) - 1, f"“{mark}” stands alone here: it is read as a part of the text.")


def unmarked(line: str) -> str:
    """A line without the emphasis that it begins with: "**ANNA:** Hello." becomes "ANNA: Hello."."""
    while line[:1] in ("*", "_") and line:
        bare, count = _EMPHASIS.subn(r"\2", line, count=1)
        if not count or bare == line or not line.startswith(("*", "_")) or not _EMPHASIS.match(line):
            break
        line = bare
    return line


def plain(text: str) -> str:
    """One paragraph without emphasis marks and surplus spaces."""
    text = " ".join(text.split())
    for _ in range(3):  # bold inside italics inside underline
        text, count = _EMPHASIS.subn(r"\2", text)
        if not count:
            break
    return _ESCAPED.sub(r"\1", text)


def write(screenplay: Screenplay) -> str:
    """The screenplay as Fountain text; parsing it again gives the same screenplay, but for its notes."""
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
    label = f" #{scene.label}#" if scene.label else ""
    return "\n\n".join([f"{forced}{scene.heading}{label}", *(_written(element) for element in scene.elements)])


def _written(element: Element) -> str:
    text = _escaped(element.text)
    match element.kind:
        case "transition":
            return f"> {text}"
        case "camera":
            return text
        case "action":
            return f"!{text}" if _would_be_misread(text) else text
        case "dialogue":
            return _speech(element, text)
        case _:
            assert_never(element.kind)


def _speech(element: Element, text: str) -> str:
    is_plain_cue = looks_like_cue(element.character) and not element.character.startswith(_FORCING)
    cue = element.character if is_plain_cue else f"@{element.character}"
    dual = " ^" if element.is_dual else ""
    forced = "~" if text.startswith(_FORCING) or is_heading(text) else ""
    manner = [f"({element.parenthetical})"] if element.parenthetical else []
    return "\n".join([cue + dual, *manner, forced + text])


def _would_be_misread(action: str) -> bool:
    """Whether an action, left as it is, would be read as something else."""
    tests = (looks_like_cue, is_transition, is_heading, is_direction, read_inline)
    return (
        any(test(action) for test in tests) or action.startswith(_FORCING) or not action.endswith((".", "!", "?", "…"))
    )


def _escaped(text: str) -> str:
    return re.sub(r"([*_\\])", r"\\\1", text)


def _is_noise(sign: str) -> bool:
    return sign == "\ufffd" or (unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"})
