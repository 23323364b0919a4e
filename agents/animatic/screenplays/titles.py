"""Reads what stands ahead of the first scene: a Fountain title page, or a title and an author in the middle of a page."""

import re
from typing import NamedTuple

from agents.animatic.screenplays.cues import is_transition, read_inline
from agents.animatic.screenplays.fountain import GONE, plain, unmarked
from agents.animatic.screenplays.locations import is_heading

LONGEST_FRONT = 12  # lines
MOST_FRONT_ROWS = 40  # in which the first heading is looked for
LONGEST_TITLE = 80  # characters
MOST_WORDS_OF_NAME = 5

_KEYS = (
    "title|titel|titre|título|titolo|название|credit|authors?|autor|auteur|autore|автор|written by|source|draft date|date|contact|copyright|notes|revision|version|draft|format|"
    "episode|series|language|based on|story by|directed by|director|producer|company|studio|phone|e-?mail|address|font"
)
# By the first letters of a key: what is kept of it.
_KEPT = {"titl": "title", "tite": "title", "titr": "title", "títu": "title", "tito": "title", "назв": "title"}
_KEPT |= {"auth": "author", "auto": "author", "aute": "author", "writ": "author", "авто": "author"}
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
    text = text.lstrip(f"\n{GONE}")
    first = text.split("\n", 1)[0].replace(GONE, "").strip()
    if _ENTRY.fullmatch(unmarked(first)):
        return _title_page(text)
    return _typed_front(text)


def _title_page(text: str) -> tuple[Front, str]:
    page, _, body = text.partition("\n\n")
    entries: dict[str, list[str]] = {}
    key = ""
    rows = page.split("\n")
    for number, row in enumerate(rows):
        seen = row.replace(GONE, "")
        match = _ENTRY.fullmatch(unmarked(seen.strip()))
        if match:
            key = _KEPT.get(match["key"].casefold()[:4], "")
            entries.setdefault(key, []).append(match["value"])
        elif seen[:1].isspace() or not seen:
            entries[key].append(seen)
        else:  # somebody forgot the blank line after the title page
            body = "\n".join([*rows[number:], "", body])
            break
    author = entries.get("author", [])
    return Front(" ".join(_values(entries.get("title", []))), ", ".join(_values(author))), body


def read_title_rows(rows: list[str]) -> Front:
    """What the rows of a title page say that has no keys: the title first, then the author after "by"."""
    seen = [text for row in rows if (text := " ".join(row.split()))]
    if not seen:
        return Front()
    return Front(plain(seen[0].strip("\"“”'")), plain(_author(seen[1:])))


def _values(rows: list[str]) -> list[str]:
    """The values of a key: each on a line of its own, or one behind the key."""
    return [value for row in rows if (value := plain(row))]


def _typed_front(text: str) -> tuple[Front, str]:
    """A title alone above the first heading, perhaps with "by" and a name under it."""
    rows = text.split("\n")
    seen = [unmarked(row.replace(GONE, "").strip()) for row in rows[:MOST_FRONT_ROWS]]
    heading = next((number for number, row in enumerate(seen) if is_heading(row)), 0)
    above = [row for row in seen[:heading] if row and not is_transition(row)]
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
    if len(row) > LONGEST_TITLE or row.startswith(("!", "@", ".", ">", "(")):
        return False
    if (inline := read_inline(row)) and not inline.is_loose:
        return False
    long_words = [word for word in row.split() if len(word) > 3]
    is_in_quotes = row[:1] in '"“' and row[-1:] in '"”'
    return row.isupper() or is_in_quotes or (bool(long_words) and all(word[:1].isupper() for word in long_words))
