"""Reads what stands ahead of the first scene: a Fountain title page, or a title and an author in the middle of a page."""

import re
from typing import NamedTuple

from agents.animatic.screenplays.cues import is_transition, read_inline
from agents.animatic.screenplays.fountain import plain
from agents.animatic.screenplays.locations import is_heading

LONGEST_FRONT = 12  # lines
LONGEST_TITLE = 80  # characters
MOST_WORDS_OF_NAME = 5

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
    """A title alone above the first heading, perhaps with "by" and a name under it."""
    rows = text.split("\n")
    heading = next((number for number, row in enumerate(rows[:40]) if is_heading(row.strip())), 0)
    above = [row.strip() for row in rows[:heading] if row.strip() and not is_transition(row.strip())]
    if not above or len(above) > LONGEST_FRONT or not _is_title(above[0]):
        return Front(), text
    author = _author(above[1:])
    if len(above) > 1 and not author:
        return Front(), text
    return Front(plain(above[0].strip("\"“”'")), plain(author)), "\n".join(rows[heading:])


def _author(rows: list[str]) -> str:
    """The name after "by", on the same line or the next one."""
    for row, after in zip(rows, [*rows, ""][1:], strict=True):
        match = _BY.fullmatch(row)
        name = (match["name"] or after) if match else ""
        if (
            name
            and len(name.split()) <= MOST_WORDS_OF_NAME
            and name[:1].isupper()
            and not name.endswith((".", "!", "?"))
        ):
            return name
    return ""


def _is_title(row: str) -> bool:
    """In capitals, in quotes, or With Every Long Word Capitalised."""
    if len(row) > LONGEST_TITLE or row.startswith(("!", "@", ".", ">", "(")) or read_inline(row):
        return False
    long_words = [word for word in row.split() if len(word) > 3]
    is_in_quotes = row[:1] in '"“' and row[-1:] in '"”'
    return row.isupper() or is_in_quotes or (bool(long_words) and all(word[:1].isupper() for word in long_words))
