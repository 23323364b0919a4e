"""Parses any screenplay into a Screenplay: Fountain, the industry format with indents, "NAME: text", or plain prose.

Our own, because the maintained Fountain parsers (screenplain 0.12, screenplay-tools 0.0.10) read clean Fountain only: an
indented heading, text without blank lines, "NAME: text", lyrics (screenplain) or a Cyrillic name (screenplay-tools) turn
their dialogue into action, and here no line of dialogue may be lost. The rules follow https://fountain.io/syntax.
"""

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from agents.animatic.film import Element, Scene, Screenplay, Setting
from agents.animatic.limits import LONGEST_TITLE, MOST_LINES, MOST_PARAGRAPHS, SPLIT, USUAL, FilmLimits, demand
from agents.animatic.screenplays import fountain
from agents.animatic.screenplays.cues import (
    Cue,
    inline_speakers,
    is_transition,
    looks_like_cue,
    read_cue,
    read_inline,
)
from agents.animatic.screenplays.locations import heading_of, is_heading, place_in, read_heading
from agents.animatic.screenplays.pages import Line, read_page
from agents.animatic.screenplays.people import people_in
from agents.animatic.screenplays.titles import read_front
from agents.animatic.wording import shortened

_PAGE_FURNITURE = re.compile(
    r"(?:\d{1,3}\.?|page \d+\.?|\(?more\)?|\(?continued:?\)?(?: ?\(\d+\))?|={3,})", re.IGNORECASE
)
_SECTION = re.compile(r"#{1,6}\s*[^\W\d].*")
_FORCED_HEADING = re.compile(r"\.(?=[^\W_])(?!\d)")


class _Part(NamedTuple):
    kind: Literal["heading", "transition", "action", "dialogue"]
    text: str
    cue: Cue | None = None


@dataclass(slots=True)
class _Reader:
    """Reads lines into parts; keeps the paragraph and the speaker it is in."""

    speakers: frozenset[str]  # who speaks in "NAME: text" form
    names: frozenset[str]  # who has a cue of the usual form
    is_dense: bool
    parts: list[_Part] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    cue: Cue | None = None
    manner: list[str] = field(default_factory=list)  # an open or finished parenthetical
    is_inline: bool = False  # the speech stands on the line of its name

    def read(self, line: Line) -> None:
        """Takes one line; blank ones end the paragraph."""
        if line.is_after_blank:
            self.close()
        if self._is_furniture(line) or self._read_structure(line) or self._read_cue(line):
            return
        if self.cue and self._read_parenthetical(line.text):
            return
        if self.is_inline and not line.text[:1].islower():  # "ANNA: Hello." fills its line: what follows is action
            self.close()
        self.paragraph.append(self._unforced(line.text))

    def close(self) -> None:
        """Ends the paragraph and the speech."""
        self._flush()
        if self.cue and self.manner:  # a cue with nothing but a parenthetical is something done, not said
            self.parts.append(_Part("action", f"{self.cue.name} {' '.join(self.manner)}"))
        self.cue, self.manner, self.is_inline = None, [], False

    def _flush(self) -> None:
        text = fountain.plain(" ".join(self.paragraph))
        self.paragraph = []
        if not text:
            return
        if self.cue is None:
            self.parts.append(_Part("action", text))
            return
        manner = ", ".join(filter(None, [self.cue.manner, " ".join(self.manner).strip("() ")]))
        self.parts.append(_Part("dialogue", text, Cue(self.cue.name, fountain.plain(manner))))
        self.manner = []

    def _is_furniture(self, line: Line) -> bool:
        if line.text.casefold() == "(more)":
            return True
        return self.cue is None and line.is_after_blank and bool(_PAGE_FURNITURE.fullmatch(line.text))

    def _read_structure(self, line: Line) -> bool:
        """Headings, transitions, sections and forced elements."""
        text = line.text
        is_free = self.cue is None
        if is_free and (_SECTION.fullmatch(text) or (text.startswith("=") and line.is_after_blank)):
            return True
        if text.startswith(">"):
            self._add("action" if text.endswith("<") else "transition", text.strip("><").strip())
        elif is_free and _FORCED_HEADING.match(text):
            self._add("heading", text[1:])
        elif is_heading(text, is_strict=not is_free):
            self._add("heading", text)
        elif is_transition(text) and (is_free or line.is_before_blank) and not self._is_speech_of_capitals(line):
            self._add("transition", text)
        else:
            return False
        return True

    def _is_speech_of_capitals(self, line: Line) -> bool:
        return self.cue is not None and not self.paragraph and not line.is_after_blank

    def _read_cue(self, line: Line) -> bool:
        if self._is_cue(line):
            self.close()
            self.cue = read_cue(line.text)
            return True
        inline = read_inline(line.text)
        if not inline or inline[0].name not in self.speakers or (self.cue and not self._may_take_over(inline[0].name)):
            return False
        self.close()
        self.cue, self.is_inline = inline[0], True
        self.paragraph.append(self._unparenthesised(inline[1]))
        return True

    def _may_take_over(self, name: str) -> bool:
        """Whether one speaks in the middle of another's speech."""
        return name in self.names or (self.is_inline and name in self.speakers)

    def _is_cue(self, line: Line) -> bool:
        if line.is_before_blank or not looks_like_cue(line.text):
            return False
        if line.is_after_blank or line.text.startswith("@"):
            return True
        if read_cue(line.text).name in self.names:
            return bool(self.paragraph) or self.cue is None
        return self.is_dense and self.cue is None

    def _read_parenthetical(self, text: str) -> bool:
        is_open = bool(self.manner) and not self.manner[-1].endswith(")")
        if not is_open and not text.startswith("("):
            return False
        if not is_open and ")" in text and not text.endswith(")"):
            return False
        if self.paragraph:
            self._flush()
        self.manner.append(text)
        return True

    def _unparenthesised(self, text: str) -> str:
        match = re.fullmatch(r"(\([^()]+\))\s+(\S.*)", text)
        if match:
            self.manner.append(match[1])
        return match[2] if match else text

    def _unforced(self, text: str) -> str:
        if self.cue is None and text.startswith("!"):
            return text[1:]
        return text[1:].strip() if text.startswith("~") else text

    def _add(self, kind: Literal["heading", "transition", "action"], text: str) -> None:
        self.close()
        if text:
            self.parts.append(_Part(kind, fountain.plain(text)))


def parse(script: str, *, title: str = "", limits: FilmLimits = USUAL) -> Screenplay:
    """The screenplay in a text. No character and no line of dialogue is lost or reordered.

    Raises: UnusableText when the text is empty, is not text, or is too much for a film.
    """
    front, body = read_front(fountain.readable(script))
    scenes = _scenes(_parts(body))
    demand(len(scenes), limits.scenes, what="scenes", advice=SPLIT)
    noted = fountain.noted_cast(script)
    named = shortened(title.strip() or front.title or "Untitled", LONGEST_TITLE)
    return Screenplay(
        title=named,
        author=shortened(front.author, LONGEST_TITLE),
        scenes=people_in(scenes, most=limits.characters, noted=noted),
    )


def _parts(body: str) -> list[_Part]:
    page = read_page(body)
    demand(len(page.lines), MOST_LINES, what="lines", advice=SPLIT)
    reader = _Reader(inline_speakers([line.text for line in page.lines]), page.names, page.is_dense)
    for line in page.lines:
        reader.read(line)
    reader.close()
    demand(len(reader.parts), MOST_PARAGRAPHS, what="paragraphs and lines of dialogue", advice=SPLIT)
    return reader.parts


def _scenes(parts: list[_Part]) -> list[Scene]:
    """Each heading opens a scene; what stands ahead of the first one gets a scene of its own."""
    groups: list[tuple[str, list[_Part]]] = [("", [])]
    for part in parts:
        if part.kind == "heading":
            groups.append((part.text, []))
        else:
            groups[-1][1].append(part)
    if len(groups) > 1 and all(part.kind == "transition" for part in groups[0][1]):  # FADE IN:
        opening = groups.pop(0)[1]
        groups[0][1][:0] = opening
    scenes: list[Scene] = []
    for number, (heading, inside) in enumerate(groups, start=1):
        scenes.append(_scene(number, heading, inside, scenes[-1].setting if scenes else None))
    return scenes


def _scene(number: int, heading: str, parts: list[_Part], before: Setting | None) -> Scene:
    action = " ".join(part.text for part in parts if part.kind == "action")
    if heading:
        spelt, setting = read_heading(heading, action=action, before=before)
    else:
        setting = place_in(action or " ".join(part.text for part in parts))
        spelt = heading_of(setting)
    return Scene(
        number=number, heading=spelt, setting=setting, elements=[_element(part) for part in parts], characters=[]
    )


def _element(part: _Part) -> Element:
    if part.kind == "dialogue" and part.cue:
        return Element(kind="dialogue", text=part.text, character=part.cue.name, parenthetical=part.cue.manner)
    return Element(kind="transition" if part.kind == "transition" else "action", text=part.text)
