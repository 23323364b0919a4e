"""Reads and writes Final Draft documents (.fdx): XML with a paragraph for each heading, action, cue, speech and transition.

Read as a stream, in one pass, with the parser of the standard library. A document type, and with it every entity, is
refused: no document that Final Draft writes has one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape  # as good for XML as those of xml.sax, which load ten megabytes
from xml.parsers import expat

from agents.animatic.errors import UnusableText
from agents.animatic.film import Element, Scene, Screenplay
from agents.animatic.limits import (
    LONGEST_MARKUP,
    LONGEST_READ_SCRIPT,
    MOST_PARAGRAPHS,
    SPLIT,
    demand,
)
from agents.animatic.screenplays.cues import Cue, is_transition, read_cue
from agents.animatic.screenplays.directions import is_direction
from agents.animatic.screenplays.locations import is_heading, label_from, split_heading
from agents.animatic.screenplays.parts import Notes, Part, quoted
from agents.animatic.screenplays.titles import Front, read_title_rows

OPENING = 2_000  # characters in which the root of the document is looked for
DEEPEST = 40  # elements within each other; real documents have about ten

_ROOT = re.compile(r"<FinalDraft[\s>]")
_TEXT = re.compile(r"<Text[^<>]{0,200}>([^<>]{1,500})</Text>")
_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADING, _ACTION, _CHARACTER, _MANNER = "Scene Heading", "Action", "Character", "Parenthetical"
_DIALOGUE, _TRANSITION, _SHOT = "Dialogue", "Transition", "Shot"
_SPOKEN = {_DIALOGUE, "Lyrics", "Singing"}
_SHOWN = {_ACTION, "General", ""}
# Of the paper, not of the film.
_UNSHOWN = {"Cast List", "New Act", "End of Act", "Show/Ep. Title", "Outline Body", "Outline 1", "Outline 2"}
_UNSHOWN |= {"Outline 3", "Outline 4", "Note", "Synopsis", "Centered Header"}
_APART = {"ScriptNote", "SceneProperties", "Header", "Footer", "Macros", "SmartType", "ListItems"}


def is_final_draft(text: str) -> bool:
    """Whether a text is a Final Draft document, or at least XML: told by its beginning."""
    opening = text[:OPENING].lstrip("\ufeff \t\r\n")
    return opening.startswith("<?xml") or (opening.startswith("<") and bool(_ROOT.search(opening)))


def title_ahead(document: str) -> str:
    """The title of a document, or "": looked for in a few thousand characters, without reading it."""
    page = document.find("<TitlePage")
    content = document.find("<Content", page) if page >= 0 else -1
    texts = _TEXT.findall(document[content : content + OPENING]) if content >= 0 else []
    return next((title for text in texts if (title := " ".join(unescape(text).split()))), "")


@dataclass(slots=True)
class _Paragraph:
    kind: str
    line: int
    number: str = ""  # of a scene
    texts: list[str] = field(default_factory=list)
    is_second: bool = False  # of two speeches side by side


@dataclass(slots=True)
class _Document:
    """Takes what the parser finds: the paragraphs of the script, and the rows of the title page."""

    parser: expat.XMLParserType
    path: list[str] = field(default_factory=list)
    open: list[_Paragraph] = field(default_factory=list)
    paragraphs: list[_Paragraph] = field(default_factory=list)
    title_rows: list[str] = field(default_factory=list)
    duals: int = 0  # cues so far in the pair that is open

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.path) >= DEEPEST:
            raise UnusableText("This Final Draft document is nested too deeply to be one. Export it again.")
        if name == "DualDialogue":
            self.duals = 0
        if name == "Paragraph" and not self._is_apart():
            kind = attributes.get("Type", "")
            self.duals += kind == _CHARACTER
            is_second = self.duals > 1 and "DualDialogue" in self.path
            self.open.append(
                _Paragraph(kind, self.parser.CurrentLineNumber, attributes.get("Number", ""), is_second=is_second)
            )
        self.path.append(name)

    def end(self, name: str) -> None:
        self.path.pop()
        if name == "Paragraph" and self.open and not self._is_apart():
            paragraph = self.open.pop()
            if "TitlePage" in self.path:
                self.title_rows += "".join(paragraph.texts).split("\n")
            elif "Content" in self.path:
                self.paragraphs.append(paragraph)

    def text(self, text: str) -> None:
        if self.open and self.path[-1] == "Text" and not self._is_apart():
            self.open[-1].texts.append(text)

    def _is_apart(self) -> bool:
        return not _APART.isdisjoint(self.path)


def read(document: str, notes: Notes) -> tuple[Front, list[Part]]:
    """What its title page says, and its paragraphs.

    Raises: UnusableText when it is no Final Draft document, is broken, declares entities, or is too much.
    """
    demand(len(document), LONGEST_MARKUP, what="characters of markup", advice=SPLIT)
    if not _ROOT.search(document[:OPENING]):
        raise UnusableText("This is XML, but no Final Draft document. Export the screenplay as .fdx or Fountain.")
    found = _parsed(
        document.lstrip("\ufeff \t\r\n"), 1 + document[: -len(document.lstrip("\ufeff \t\r\n"))].count("\n")
    )
    demand(
        sum(len(text) for one in found.paragraphs for text in one.texts),
        LONGEST_READ_SCRIPT,
        what="characters",
        advice=SPLIT,
    )
    demand(len(found.paragraphs), 2 * MOST_PARAGRAPHS, what="paragraphs", advice=SPLIT)
    parts = list(_parts(found.paragraphs, notes))
    if not any(part.text for part in parts):
        raise UnusableText("This Final Draft document holds no script: it has no paragraphs with words.")
    return read_title_rows(found.title_rows), parts


def _parsed(document: str, first_line: int) -> _Document:
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True
    found = _Document(parser)
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(_NOT_IN_XML.sub("", document).encode("utf-8"), True)  # noqa: FBT003 - expat knows no keyword
    except expat.ExpatError as error:
        line = first_line + error.lineno - 1
        raise UnusableText(
            f"This Final Draft document is broken in line {line}: {expat.ErrorString(error.code)}. Export it again."
        ) from None
    return found


def _refuse_document_type(*_declared: object) -> None:
    raise UnusableText(
        "This document declares a document type, which no Final Draft document does. Export it again from Final Draft."
    )


@dataclass(slots=True)
class _Speech:
    """Who speaks at the moment, and how."""

    cue: Cue
    line: int
    manner: str = ""
    is_dual: bool = False
    has_spoken: bool = False


def _parts(paragraphs: list[_Paragraph], notes: Notes) -> Iterator[Part]:
    speech: _Speech | None = None
    unknown: set[str] = set()
    for one in paragraphs:
        text = " ".join("".join(one.texts).split())
        if one.kind in _UNSHOWN or not text or text.upper() == "OMITTED":
            continue
        if one.kind == _MANNER and speech:
            speech.manner = text.strip("() ")
        elif one.kind in _SPOKEN and speech:
            yield _spoken(speech, text, one.line)
        else:
            yield from _silence(speech, notes)
            speech = None
            if one.kind == _CHARACTER:
                speech = _Speech(read_cue(text), one.line, is_dual=one.is_second)
            else:
                yield _other(one, text, unknown, notes)
    yield from _silence(speech, notes)


def _spoken(speech: _Speech, text: str, line: int) -> Part:
    manner = ", ".join(filter(None, [speech.cue.manner, speech.manner]))
    part = Part("dialogue", text, line, Cue(speech.cue.name, manner), is_dual=speech.is_dual and not speech.has_spoken)
    speech.manner, speech.has_spoken = "", True
    return part


def _silence(speech: _Speech | None, notes: Notes) -> Iterator[Part]:
    """What a cue was good for that nobody said anything after."""
    if speech is None or (speech.has_spoken and not speech.manner):
        return
    if not speech.has_spoken:
        name = quoted(speech.cue.name)
        notes.take(speech.line, f"{name} is named as the one who speaks, but says nothing: it is read as action.")
    manner = f" ({speech.manner})" if speech.manner else ""
    yield Part("action", f"{speech.cue.name}{manner}", speech.line)


def _other(one: _Paragraph, text: str, unknown: set[str], notes: Notes) -> Part:
    """A paragraph that is neither cue nor speech."""
    if one.kind == _HEADING or (one.kind == _SHOT and is_heading(text)):
        label = label_from(one.number) or split_heading(text)[1]
        return Part("heading", text, one.line, label=label)
    if one.kind == _TRANSITION or (one.kind in _SHOWN and is_transition(text)):
        return Part("transition", text, one.line)
    if one.kind == _SHOT:
        return Part("camera" if is_direction(text) else "action", text, one.line)
    if one.kind in _SPOKEN or one.kind == _MANNER:
        notes.take(one.line, f"Nobody is named who says {quoted(text)}: it is read as action.")
    elif one.kind not in _SHOWN and one.kind not in unknown:
        unknown.add(one.kind)
        notes.take(one.line, f"Paragraphs of the type {quoted(one.kind)} are not known: they are read as action.")
    return Part("action", text, one.line)


# --- writing --------------------------------------------------------------------------------------


def write(screenplay: Screenplay) -> str:
    """The screenplay as a Final Draft document; reading it again gives the same screenplay, but for its notes."""
    content = "\n".join(row for scene in screenplay.scenes for row in _scene(scene))
    front = [screenplay.title, *(["", "Written by", "", screenplay.author] if screenplay.author else [])]
    title_page = "\n".join(_paragraph("", row, {"Alignment": "Center"}) for row in front)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'
        '<FinalDraft DocumentType="Script" Template="No" Version="5">\n'
        f"<Content>\n{content}\n</Content>\n<TitlePage>\n<Content>\n{title_page}\n</Content>\n</TitlePage>\n</FinalDraft>\n"
    )


def _scene(scene: Scene) -> Iterator[str]:
    yield _paragraph(_HEADING, scene.heading, {"Number": scene.label} if scene.label else {})
    waiting: list[Element] = []
    for element in scene.elements:
        if element.is_dual and waiting:
            yield _dual(waiting[-1], element)
            waiting = []
            continue
        yield from (row for one in waiting for row in _element(one))
        waiting = [element]
    yield from (row for one in waiting for row in _element(one))


def _dual(first: Element, second: Element) -> str:
    rows = "\n".join([*_element(first), *_element(second)])
    return f"<Paragraph>\n<DualDialogue>\n{rows}\n</DualDialogue>\n</Paragraph>"


def _element(element: Element) -> Iterator[str]:
    match element.kind:
        case "dialogue":
            heard, manner = _heard(element.parenthetical)
            yield _paragraph(_CHARACTER, f"{element.character} ({heard})" if heard else element.character)
            if manner:
                yield _paragraph(_MANNER, f"({manner})")
            yield _paragraph(_DIALOGUE, element.text)
        case "transition":
            yield _paragraph(_TRANSITION, element.text)
        case "camera":
            yield _paragraph(_SHOT, element.text)
        case _:
            yield _paragraph(_ACTION, element.text)


def _heard(parenthetical: str) -> tuple[str, str]:
    """ "V.O., whispering" as what stands beside the name, and what stands under it."""
    first, _, rest = parenthetical.partition(", ")
    return (first, rest) if first in ("V.O.", "O.S.") else ("", parenthetical)


def _paragraph(kind: str, text: str, attributes: dict[str, str] | None = None) -> str:
    named = {**({"Type": kind} if kind else {}), **(attributes or {})}
    spelt = "".join(f' {name}="{_escaped(value)}"' for name, value in named.items())
    return f"<Paragraph{spelt}>\n<Text>{_escaped(text)}</Text>\n</Paragraph>"


def _escaped(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))
