"""Turns a page into lines that know their surroundings: blank lines before and after, double spacing and markup undone."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from agents.animatic.screenplays.cues import is_plain_name, looks_like_cue, read_cue, read_inline
from agents.animatic.screenplays.fountain import GONE, unmarked
from agents.animatic.screenplays.locations import is_heading

DENSE_SHARE = 0.1  # fewer blank lines than this share: nobody left any between the paragraphs
FEWEST_LINES = 4  # from which on a habit of spacing shows
FEWEST_BULLETS = 2  # ahead of speeches or headings: then all are taken off
QUOTED_SHARE = 0.6  # of the lines begin with ">": a mail
RIGHT_MARGIN = 30  # spaces ahead of a number: that of a page

_BULLET = re.compile(r"(?:[•◦‣▪●·]|[-*+–](?=\s))\s*(?P<text>\S.*)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(?P<text>\S.*)")
_QUOTE = re.compile(r"\s*>\s?")
_SURE_BULLET = re.compile(r"[•◦‣▪●]\s*(?P<text>\S.*)")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(?P<text>\S.*)")
_QUOTED_CUE = re.compile(r"(?P<open>[\[(])(?P<text>[^\[\]()]{2,80})[\])]")
_PAGE_NUMBER = re.compile(rf"\s{{{RIGHT_MARGIN},}}\d{{1,3}}\.?\s*")
_RULE = re.compile(r"[-*_–—]{3,}")


class Row(NamedTuple):
    """One line of the script, with its number from 1."""

    number: int
    text: str  # with its indent


class Line(NamedTuple):
    """One line that is not blank."""

    text: str
    is_after_blank: bool
    is_before_blank: bool
    number: int = 1  # in the script


class Page(NamedTuple):
    """All lines of a script, and who has a cue of the usual form in it."""

    lines: list[Line]
    names: frozenset[str]
    is_dense: bool  # no blank lines between the paragraphs


def read_page(body: str, *, first_line: int = 1) -> Page:
    """The lines of a script. `first_line` is the number of the body's first one."""
    rows = _single_spaced(_rows(body, first_line))
    is_blank = [not row.text.strip() for row in rows]
    lines = [
        Line(
            row.text.strip(),
            is_blank[index - 1] if index else True,
            is_blank[index + 1] if index + 1 < len(rows) else True,
            row.number,
        )
        for index, row in enumerate(rows)
        if not is_blank[index]
    ]
    blanks = sum(1 for line in lines if line.is_after_blank)
    is_dense = len(lines) >= FEWEST_LINES and blanks <= 1 + DENSE_SHARE * len(lines)
    return Page(lines, _names(lines, is_dense=is_dense), is_dense)


def _rows(body: str, number: int) -> list[Row]:
    typed = body.split("\n")
    texts = _unquoted_mail([row.replace(GONE, "") for row in typed])
    has_bullets = sum(_is_bulleted(text.strip()) for text in texts) >= FEWEST_BULLETS
    rows = []
    for row, text in zip(typed, texts, strict=True):
        rows.append(Row(number, _plain_row(text, has_bullets=has_bullets)))
        number += 1 + row.count(GONE)
    return rows


def _unquoted_mail(texts: list[str]) -> list[str]:
    """The rows without the ">" that a mail puts ahead of all of them."""
    filled = sum(bool(text.strip()) for text in texts)
    is_mail = filled >= FEWEST_LINES and sum(bool(_QUOTE.match(text)) for text in texts) > QUOTED_SHARE * filled
    return [_QUOTE.sub("", text, count=1) for text in texts] if is_mail else texts


def _is_bulleted(text: str) -> bool:
    """Whether a line with a bullet is a speech or a heading without it."""
    return bool(_BULLET.fullmatch(text)) and _unwrapped(text) != text


def _plain_row(row: str, *, has_bullets: bool) -> str:
    """A row as it would be typed in a screenplay: without bullets, Markdown and the number of the page."""
    text = row.strip()
    if not text or _PAGE_NUMBER.fullmatch(row) or _RULE.fullmatch(text):
        return row if not text else ""
    bare = _unwrapped(unmarked(text))
    bullet = (_BULLET if has_bullets else _SURE_BULLET).fullmatch(bare)
    if bullet:
        bare = _unwrapped(unmarked(bullet["text"]))
    return row if bare == text else bare


def _unwrapped(text: str) -> str:
    """ "- ANNA: Hello." and "## [Scene 2]" without what a chat puts around them."""
    for pattern in (_BULLET, _NUMBERED, _MARKDOWN_HEADING):
        if match := pattern.fullmatch(text):
            inside = unmarked(match["text"])
            is_scene = pattern is not _NUMBERED and is_heading(_unquoted(inside))
            inline = read_inline(inside) if pattern is not _MARKDOWN_HEADING else None
            if is_scene or (inline and not inline.is_loose):
                text = inside
    return _unquoted(text)


def _unquoted(text: str) -> str:
    match = _QUOTED_CUE.fullmatch(text)
    return match["text"].strip() if match and is_heading(match["text"].strip()) else text


def _single_spaced(rows: list[Row]) -> list[Row]:
    """A page typed with a blank line after every line, without them where they part a name from its speech."""
    texts = [row.text for row in rows if row.text.strip()]
    if len(texts) < FEWEST_LINES or _touching(rows) or not _repeated_names(texts):
        return _joined_by_spaces(rows)
    names = _repeated_names(texts)
    kept: list[Row] = []
    for row in rows:
        last = kept[-1].text.strip() if kept else ""
        follows_name = last != "" and read_cue(last).name in names
        follows_manner = last.startswith("(") and last.endswith(")")
        if row.text.strip() or not ((follows_name and looks_like_cue(last)) or follows_manner):
            kept.append(row)
    return kept


def _joined_by_spaces(rows: list[Row]) -> list[Row]:
    """Two spaces on an otherwise blank line keep a speech together (Fountain): such lines vanish."""
    return [row for row in rows if row.text != "  "]


def _touching(rows: Sequence[Row]) -> bool:
    return any(row.text.strip() and after.text.strip() for row, after in pairwise(rows))


def _repeated_names(texts: Iterable[str]) -> frozenset[str]:
    counted = Counter(read_cue(text.strip()).name for text in texts if looks_like_cue(text.strip()))
    return frozenset(name for name, count in counted.items() if count >= 2)


def _names(lines: list[Line], *, is_dense: bool) -> frozenset[str]:
    in_capitals = frozenset(
        read_cue(line.text).name
        for line, after in pairwise(lines)
        if not line.is_before_blank
        and looks_like_cue(line.text)
        and (line.is_after_blank or (is_dense and not after.text.isupper()))
    )
    return in_capitals or _names_in_small_letters(lines)


def _names_in_small_letters(lines: list[Line]) -> frozenset[str]:
    """Who speaks where nobody set the names in capitals: at least two, above a line each, at least one of them twice."""
    counted = Counter(
        read_cue(line.text).name
        for line in lines
        if line.is_after_blank and not line.is_before_blank and is_plain_name(line.text)
    )
    return frozenset(counted) if len(counted) >= 2 and max(counted.values()) >= 2 else frozenset()
