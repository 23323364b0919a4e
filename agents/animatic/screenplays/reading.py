"""Parses any screenplay into a Screenplay: Fountain, the industry format with indents, "NAME: text", or plain prose.

Our own, because the maintained Fountain parsers (screenplain 0.12, screenplay-tools 0.0.10) read clean Fountain only: an
indented heading, text without blank lines, "NAME: text", lyrics (screenplain) or a Cyrillic name (screenplay-tools) turn
their dialogue into action, and here no line of dialogue may be lost. The rules follow https://fountain.io/syntax.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from agents.animatic.film import Screenplay
from agents.animatic.limits import MOST_LINES, MOST_PARAGRAPHS, SPLIT, USUAL, FilmLimits, demand
from agents.animatic.screenplays import final_draft, fountain
from agents.animatic.screenplays.assembly import Draft, finished, scenes_of
from agents.animatic.screenplays.cues import (
    Cue,
    Inline,
    Speakers,
    inline_speakers,
    is_plain_name,
    is_transition,
    looks_like_cue,
    read_cue,
    read_inline,
    transition_ahead,
)
from agents.animatic.screenplays.directions import is_direction
from agents.animatic.screenplays.locations import is_heading, split_heading
from agents.animatic.screenplays.pages import Line, Page, read_page
from agents.animatic.screenplays.parts import Notes, Part, quoted
from agents.animatic.screenplays.titles import read_front

_PAGE_FURNITURE = re.compile(
    r"(?:-? ?\d{1,3} ?-?\.?|page \d+(?: of \d+)?\.?|\(?more\)?|"
    r"(?:\d{1,4}[A-Z]?\s+)?\(?continued:?\)?:?(?: ?\(\d+\))?(?:\s+\d{1,4}[A-Z]?)?|"
    r"(?:\d{1,4}[A-Z]?\.?\s+)?(?:scenes? )?(?:\d{1,4}[A-Z]? )?omitted\.?(?:\s+\d{1,4}[A-Z]?\.?)?|={3,})",
    re.IGNORECASE,
)
_SECTION = re.compile(r"#{1,6}\s*[^\W\d].*")
_FORCED_HEADING = re.compile(r"\.(?=[^\W_])(?!\d)")


@dataclass(slots=True)
class _Reader:
    """Reads lines into parts; keeps the paragraph and the speaker it is in."""

    speakers: Speakers  # who speaks in "NAME: text" form
    names: frozenset[str]  # who has a cue of the usual form
    is_dense: bool
    notes: Notes
    parts: list[Part] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    first_line: int = 1  # of the paragraph
    cue: Cue | None = None
    cue_line: int = 1
    has_spoken: bool = False
    is_dual: bool = False
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
        self._note_lone_cue(line)
        self._take(self._unforced(line.text), line.number)

    def close(self) -> None:
        """Ends the paragraph and the speech."""
        self._flush()
        if self.cue and self.manner:  # a cue with nothing but a parenthetical is something done, not said
            self.parts.append(Part("action", f"{self.cue.name} {' '.join(self.manner)}", self.cue_line))
            if not self.has_spoken:
                self._note_silence(self.cue_line, self.cue.name)
        self.cue, self.manner, self.is_inline, self.has_spoken, self.is_dual = None, [], False, False, False

    def _take(self, text: str, line: int) -> None:
        if not self.paragraph:
            self.first_line = line
        self.paragraph.append(text)

    def _flush(self) -> None:
        text = fountain.plain(" ".join(self.paragraph))
        self.paragraph = []
        if not text:
            return
        if self.cue is None:
            self.parts.append(Part("action", text, self.first_line))
            return
        manner = ", ".join(filter(None, [self.cue.manner, " ".join(self.manner).strip("() ")]))
        cue = Cue(self.cue.name, fountain.plain(manner))
        self.parts.append(Part("dialogue", text, self.first_line, cue, is_dual=self.is_dual and not self.has_spoken))
        self.manner, self.has_spoken = [], True

    def _is_furniture(self, line: Line) -> bool:
        if line.text.casefold() in ("(more)", "(continued)"):
            return True
        return self.cue is None and line.is_after_blank and bool(_PAGE_FURNITURE.fullmatch(line.text))

    def _read_structure(self, line: Line) -> bool:
        """Headings, transitions, sections and forced elements."""
        text = line.text
        is_free = self.cue is None
        if is_free and (_SECTION.fullmatch(text) or (text.startswith("=") and line.is_after_blank)):
            return True
        if text.startswith(">"):
            self._add("action" if text.endswith("<") else "transition", text.strip("><").strip(), line)
        elif is_free and _FORCED_HEADING.match(text):
            self._add_heading(text[1:], line)
        elif is_heading(text, is_strict=not is_free):
            self._add_heading(text, line)
        elif ahead := transition_ahead(text):
            self._add("transition", ahead[0], line)
            self._add_heading(ahead[1], line)
        elif is_transition(text) and (is_free or self._may_end_speech(line)):
            self._add("transition", text, line)
        elif is_direction(text) and (is_free or line.is_after_blank) and read_cue(text).name not in self.names:
            self._add("camera", text, line)
        else:
            return False
        return True

    def _may_end_speech(self, line: Line) -> bool:
        """Whether a line below a speech could be a transition: not the first one, and spelt in capitals."""
        return line.is_before_blank and line.text.isupper() and bool(self.paragraph)

    def _read_cue(self, line: Line) -> bool:
        if self._is_cue(line):
            self.close()
            self.cue, self.cue_line = read_cue(line.text), line.number
            self.is_dual = line.text.rstrip().endswith("^")
            return True
        inline = read_inline(line.text)
        if not inline or not self.speakers.have(inline) or (self.cue and not self._may_take_over(inline)):
            return False
        self.close()
        self.cue, self.cue_line, self.is_inline = inline.cue, line.number, True
        self._take(self._unparenthesised(inline.text), line.number)
        return True

    def _may_take_over(self, inline: Inline) -> bool:
        """Whether one speaks in the middle of another's speech."""
        return inline.cue.name in self.names or (self.is_inline and self.speakers.have(inline))

    def _is_cue(self, line: Line) -> bool:
        if line.is_before_blank:
            return False
        if not looks_like_cue(line.text):
            return line.is_after_blank and is_plain_name(line.text) and read_cue(line.text).name in self.names
        if line.is_after_blank or line.text.startswith("@"):
            return True
        if read_cue(line.text).name in self.names:
            return bool(self.paragraph) or self.cue is None
        return self.is_dense and self.cue is None

    def _note_lone_cue(self, line: Line) -> None:
        """A name that speaks elsewhere, alone in a paragraph."""
        if self.cue or not (line.is_after_blank and line.is_before_blank) or not looks_like_cue(line.text):
            return
        if line.text.startswith("@") or read_cue(line.text).name in self.names:
            self._note_silence(line.number, read_cue(line.text).name)

    def _note_silence(self, line: int, name: str) -> None:
        self.notes.take(line, f"{quoted(name)} is named as the one who speaks, but says nothing: it is read as action.")

    def _read_parenthetical(self, text: str) -> bool:
        is_open = bool(self.manner) and not self.manner[-1].endswith(")")
        if (
            self.is_inline and not is_open and text[1:2].isupper()
        ):  # below "ANNA: Hello." a stage direction, as in a play
            return False
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

    def _add_heading(self, text: str, line: Line) -> None:
        self.close()
        _, label = split_heading(fountain.plain(text))
        self.parts.append(Part("heading", fountain.plain(text), line.number, label=label))

    def _add(self, kind: Literal["transition", "action", "camera"], text: str, line: Line) -> None:
        self.close()
        if text:
            self.parts.append(Part(kind, fountain.plain(text), line.number))


def parse(script: str, *, title: str = "", limits: FilmLimits = USUAL) -> Screenplay:
    """The screenplay in a text. No character and no line of dialogue is lost or reordered.

    Raises: UnusableText when the text is empty, is not text, or is too much for a film.
    """
    draft = read(script, title=title)
    return finished(draft, draft.scenes, limits)


def read(script: str, *, title: str = "") -> Draft:
    """All that a script says, however long: the scenes of a film can be chosen from it.

    Raises: UnusableText when the text is empty, is not text, or is too much to be read.
    """
    notes = Notes()
    if final_draft.is_final_draft(script):
        front, parts = final_draft.read(script, notes)
    else:
        text = fountain.readable(script, notes)
        front, body = read_front(text)
        page = read_page(body, first_line=fountain.line_of(text, len(text) - len(body)))
        parts = _parts(page, notes)
    demand(len(parts), MOST_PARAGRAPHS, what="paragraphs and lines of dialogue", advice=SPLIT)
    scenes = scenes_of(parts, notes)
    return Draft(
        title=title.strip() or front.title or "Untitled",
        author=front.author,
        scenes=scenes,
        notes=notes,
        noted=fountain.noted_cast(script),
    )


def _parts(page: Page, notes: Notes) -> list[Part]:
    demand(len(page.lines), MOST_LINES, what="lines", advice=SPLIT)
    reader = _Reader(inline_speakers([line.text for line in page.lines]), page.names, page.is_dense, notes)
    for line in page.lines:
        reader.read(line)
    reader.close()
    return reader.parts
