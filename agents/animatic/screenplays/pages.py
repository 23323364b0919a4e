"""Turns a page into lines that know their surroundings: indent, blank lines before and after, double spacing undone."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from agents.animatic.screenplays.cues import looks_like_cue, read_cue

DENSE_SHARE = 0.1  # fewer blank lines than this share: nobody left any between the paragraphs
FEWEST_LINES = 4  # from which on a habit of spacing shows


class Line(NamedTuple):
    """One line that is not blank."""

    text: str
    is_after_blank: bool
    is_before_blank: bool


class Page(NamedTuple):
    """All lines of a script, and who has a cue of the usual form in it."""

    lines: list[Line]
    names: frozenset[str]
    is_dense: bool  # no blank lines between the paragraphs


def read_page(body: str) -> Page:
    """The lines of a script."""
    rows = _single_spaced(body.split("\n"))
    lines = [
        Line(row.strip(), not rows[index - 1].strip() if index else True, not _next(rows, index).strip())
        for index, row in enumerate(rows)
        if row.strip()
    ]
    blanks = sum(1 for line in lines if line.is_after_blank)
    is_dense = len(lines) >= FEWEST_LINES and blanks <= 1 + DENSE_SHARE * len(lines)
    return Page(lines, _names(lines, is_dense=is_dense), is_dense)


def _next(rows: list[str], index: int) -> str:
    return rows[index + 1] if index + 1 < len(rows) else ""


def _single_spaced(rows: list[str]) -> list[str]:
    """A page typed with a blank line after every line, without them where they part a name from its speech."""
    texts = [row for row in rows if row.strip()]
    if len(texts) < FEWEST_LINES or _touching(rows) or not _repeated_names(texts):
        return _joined_by_spaces(rows)
    names = _repeated_names(texts)
    kept: list[str] = []
    for row in rows:
        follows_name = bool(kept) and kept[-1].strip() != "" and read_cue(kept[-1].strip()).name in names
        follows_manner = bool(kept) and kept[-1].strip().startswith("(") and kept[-1].strip().endswith(")")
        if row.strip() or not ((follows_name and looks_like_cue(kept[-1].strip())) or follows_manner):
            kept.append(row)
    return kept


def _joined_by_spaces(rows: list[str]) -> list[str]:
    """Two spaces on an otherwise blank line keep a speech together (Fountain): such lines vanish."""
    return [row for row in rows if row != "  "]


def _touching(rows: list[str]) -> bool:
    return any(row.strip() and after.strip() for row, after in pairwise(rows))


def _repeated_names(texts: Iterable[str]) -> frozenset[str]:
    counted = Counter(read_cue(text.strip()).name for text in texts if looks_like_cue(text.strip()))
    return frozenset(name for name, count in counted.items() if count >= 2)


def _names(lines: list[Line], *, is_dense: bool) -> frozenset[str]:
    return frozenset(
        read_cue(line.text).name
        for line, after in pairwise(lines)
        if not line.is_before_blank
        and looks_like_cue(line.text)
        and (line.is_after_blank or (is_dense and not after.text.isupper()))
    )
