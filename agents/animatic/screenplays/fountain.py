"""Cleans screenplay text before it is parsed, and writes a Screenplay back as Fountain (https://fountain.io/syntax)."""

import re
import unicodedata

from agents.animatic.errors import UnusableText
from agents.animatic.film import Element, Scene, Screenplay
from agents.animatic.screenplays.cues import is_transition, looks_like_cue, read_inline
from agents.animatic.screenplays.locations import is_heading

NOISE_SHARE = 0.05  # more characters than this that nobody can read: not text

_BONEYARD = re.compile(r"/\*.*?\*/", re.DOTALL)
_NOTE = re.compile(r"\[\[(?:(?!\n[ \t]*\n|\]\]).)*\]\]", re.DOTALL)
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=\S)((?:(?!\1).)+?)(?<=\S)(?<!\\)\1")
_ESCAPED = re.compile(r"\\([*_\\])")
_FORCING = (".", "@", "!", ">", "~", "#", "=", "(", "[")
_LINE_ENDS = re.compile(r"\r\n?|[\f\v\x85\u2028\u2029]")


def readable(script: str) -> str:
    """The text with plain line ends and without byte-order marks, comments and notes.

    Raises: UnusableText when it is empty or is not text.
    """
    text = _LINE_ENDS.sub("\n", script.replace("\ufeff", "")).expandtabs(4)
    noise = sum(1 for sign in text if sign != "\n" and _is_noise(sign))
    if text and noise / len(text) > NOISE_SHARE:
        raise UnusableText(
            "This does not look like text: paste the screenplay itself, or upload it as a plain text file."
        )
    text = "".join(sign for sign in text if sign == "\n" or not _is_noise(sign)) if noise else text
    if not any(sign.isalnum() for sign in text):
        raise UnusableText(
            "The script holds no words. Paste a screenplay with at least one line of action or dialogue."
        )
    return _NOTE.sub("", _BONEYARD.sub("", text))


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
    return "\n\n".join(["\n".join(lines), *(write_scene(scene) for scene in screenplay.scenes)]) + "\n"


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
