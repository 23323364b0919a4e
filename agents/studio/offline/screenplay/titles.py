"""Reads what stands ahead of the first scene: a Fountain title page, or a title and an author in the middle of a page."""

import re
from typing import NamedTuple

from agents.studio.offline.locations import is_heading
from agents.studio.offline.screenplay.cues import is_transition, looks_like_cue, read_inline
from agents.studio.offline.screenplay.fountain import plain

LONGEST_FRONT = 12  # lines
LONGEST_TITLE = 80  # characters

_KEYS = "title|credit|authors?|written by|source|draft date|date|contact|copyright|notes|revision|format|episode|series|language"
_ENTRY = re.compile(rf"(?P<key>{_KEYS})\s*:\s*(?P<value>.*)", re.IGNORECASE)
_BY = re.compile(
    r"(?:(?:screenplay |story |script )?(?:written )?by|von|par|por|автор)\b[:\s]*(?P<name>.*)", re.IGNORECASE
)


class Front(NamedTuple):
    """What the first page says."""

    title: str = ""
    author: str = ""


def read_front(text: str) -> tuple[Front, str]:
    """The front page and the rest of the text."""
    text = text.lstrip("\n")
    first = text.split("\n", 1)[0].strip()
    if _ENTRY.fullmatch(first):
        return _title_page(text)
    return _typed_front(text)


def _title_page(text: str) -> tuple[Front, str]:
    page, _, body = text.partition("\n\n")
    entries: dict[str, list[str]] = {}
    key = ""
    rows = page.split("\n")
    for number, row in enumerate(rows):
        match = _ENTRY.fullmatch(row.strip())
        if match:
            key = match["key"].casefold()
            entries.setdefault(key, []).append(match["value"])
        elif row[:1].isspace():
            entries[key].append(row)
        else:  # somebody forgot the blank line after the title page
            body = "\n".join([*rows[number:], "", body])
            break
    author = entries.get("author") or entries.get("authors") or entries.get("written by") or []
    return Front(_one(entries.get("title", [])), _one(author)), body


def _one(rows: list[str]) -> str:
    return " ".join(plain(row) for row in rows if row.strip())


def _typed_front(text: str) -> tuple[Front, str]:
    """A title in capitals, alone above the first heading, with "by" and a name under it."""
    rows = text.split("\n")
    heading = next((number for number, row in enumerate(rows[:40]) if is_heading(row.strip())), 0)
    above = [row.strip() for row in rows[:heading] if row.strip() and not is_transition(row.strip())]
    if not above or len(above) > LONGEST_FRONT or not _is_title(above[0], alone=len(above) == 1):
        return Front(), text
    by = [match for row in above[1:] if (match := _BY.fullmatch(row))]
    if len(above) > 1 and not by:
        return Front(), text
    author = by[0]["name"] or above[above.index(by[0].string) + 1 :][:1] if by else ""
    return Front(
        plain(above[0].strip("\"“”'")), plain(author if isinstance(author, str) else "".join(author))
    ), "\n".join(rows[heading:])


def _is_title(row: str, *, alone: bool) -> bool:
    if len(row) > LONGEST_TITLE or row.startswith(("!", "@", ".", ">")) or read_inline(row):
        return False
    return row.isupper() or not (alone and row.endswith((".", "!", "?"))) or (not alone and looks_like_cue(row))
