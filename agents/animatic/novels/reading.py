"""Reads a book from a file, and finds its chapters."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.animatic.errors import UnusableText
from agents.animatic.novels.epub import decoded, is_epub, read_epub
from agents.animatic.novels.limits import LONGEST_NOVEL, LONGEST_PARAGRAPH, LONGEST_TITLE, MOST_CHAPTERS
from agents.animatic.novels.records import Book
from agents.animatic.progress import Report
from agents.animatic.wording import shortened

LEAST_CHAPTER = 200  # characters; a heading with less below it is a line of the contents, or a part's title
PART_LENGTH = 20_000  # characters of each part, where a book has no chapters
MOST_PARTS = 60
MOST_PARAGRAPHS = 60_000  # "War and Peace" has 12,000
NOISE_SHARE = 0.02  # of characters that nobody can read; with more of them it is no text

_LINE_ENDS = re.compile(r"\r\n?|[\f\v\x85\u2028\u2029]")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_LICENCE_START = re.compile(r"^\*{3} ?START OF [^\n]{0,200}$", re.MULTILINE)
_LICENCE_END = re.compile(r"^(?:\*{3} ?END OF |End of (?:the )?Project )[^\n]{0,200}$", re.MULTILINE)
_FIELD = re.compile(r"^(Title|Author): ([^\n]{1,200})$", re.MULTILINE)
_NUMBER = r"(?:\d{1,3}|[IVXLC]{1,8}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|the \w{3,12})"
_HEADING = re.compile(
    rf"""(?:chapter|part|book|stave|canto|letter|volume|kapitel|teil|buch|chapitre|partie|capítulo|capitolo|глава|часть)
        \s+{_NUMBER}\b[\s.:,—–-]*(?P<named>.{{0,90}})
      | (?P<numbered>[IVXLC]{{1,8}}|\d{{1,3}})\.?(?:[\s—–-]+(?P<rest>[A-Z].{{0,60}}))?
      | (?P<alone>prologue|epilogue|preface|introduction|prolog|epilog)\.?""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter as the book has it."""

    title: str
    paragraphs: list[str]

    @property
    def length(self) -> int:
        """Characters."""
        return sum(map(len, self.paragraphs))


def read_book(data: bytes, *, report: Report) -> Book:
    """A book from the content of a file: plain text, Markdown or EPUB.

    Raises: UnusableText.
    """
    report(0.1, "Reading the book")
    book = read_epub(data) if is_epub(data) else Book(text=_text(decoded(data)))
    report(0.6, "Looking for chapters")
    title, author = title_of(book.text)
    chapters = len(chapters_of(book.text))
    return Book(text=book.text, title=book.title or title, author=book.author or author, chapters=chapters)


def _text(text: str) -> str:
    """Raises: UnusableText."""
    if len(text) > LONGEST_NOVEL:
        raise UnusableText(
            f"This book has {len(text):,} characters; at most {LONGEST_NOVEL:,} are read. Upload a part of it."
        )
    noise = sum(text.count(sign) for sign in ("\0", "\ufffd", *map(chr, range(1, 9))))
    if noise > NOISE_SHARE * len(text) or "\0" in text:
        raise UnusableText("This is no text. Books are read as .txt, .md and .epub.")
    if not any(sign.isalnum() for sign in text):
        raise UnusableText("This file holds no words.")
    return text


def title_of(text: str) -> tuple[str, str]:
    """Title and author, as the head of a plain text says them: "Title: …", or a first short line. "" where it does not."""
    head = text[:5_000]
    fields = {found[1]: found[2].strip() for found in _FIELD.finditer(head)}
    lines = (" ".join(line.strip("#*_ \t\ufeff").split()) for line in head.splitlines() if line.strip("#*_ \t\ufeff"))
    first = next(lines, "")
    is_title = 0 < len(first) <= LONGEST_TITLE and not first.endswith((".", ",", ";")) and not _HEADING.fullmatch(first)
    following = next(lines, "")
    by = following[3:].strip() if following.lower().startswith("by ") and len(following) <= LONGEST_TITLE else ""
    return fields.get("Title", first if is_title else ""), fields.get("Author", by if is_title else "")


def chapters_of(text: str) -> list[Part]:
    """The chapters, without licences and tables of contents; equal parts, where none are marked.

    Raises: UnusableText.
    """
    paragraphs = list(_paragraphs(_without_licence(_LINE_ENDS.sub("\n", text))))
    parts = [part for part in _parts(paragraphs) if part.length >= LEAST_CHAPTER]
    if 2 <= len(parts) <= MOST_CHAPTERS:
        return parts
    body = [paragraph for paragraph in paragraphs if heading_of(paragraph) is None]
    if not body:
        raise UnusableText("The book holds no paragraphs of text.")
    return _equal_parts(body)


def heading_of(paragraph: str) -> str | None:
    """The title of a chapter that this paragraph is the heading of; None when it is none."""
    if paragraph.startswith("#"):
        return _readable(paragraph.lstrip("# ")) or None
    if len(paragraph) > LONGEST_TITLE * 2:
        return None
    return _readable(paragraph) if _HEADING.fullmatch(paragraph.strip("*_ ")) else None


def _readable(title: str) -> str:
    words = shortened(" ".join(title.strip("*_ ").split()), LONGEST_TITLE)
    return words.title() if words.isupper() and len(words) > 8 else words


def _without_licence(text: str) -> str:
    """What stands between the marks of a library, where there are any."""
    start, end = _LICENCE_START.search(text), None
    if start:
        text = text[start.end() :]
    for end in _LICENCE_END.finditer(text):
        return text[: end.start()]
    return text


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs, each on one line. A text without blank lines has one on each line."""
    blocks = _BLANK.split(text)
    if len(blocks) * LONGEST_PARAGRAPH < len(text):
        blocks = text.split("\n")
    if len(blocks) > MOST_PARAGRAPHS:
        blocks = _packed(blocks)
    for block in blocks:
        paragraph = " ".join(block.split())
        if len(paragraph) <= LONGEST_PARAGRAPH:
            if paragraph:
                yield paragraph
        else:
            yield from _pieces(paragraph)


def _packed(blocks: Iterable[str]) -> list[str]:
    """Tiny paragraphs, several in one: no book has so many."""
    packed: list[str] = []
    kept: list[str] = []
    length = 0
    for block in blocks:
        kept.append(block)
        length += len(block)
        if length >= LEAST_CHAPTER:
            packed.append(" ".join(kept))
            kept, length = [], 0
    return [*packed, " ".join(kept)]


def _pieces(paragraph: str) -> Iterator[str]:
    """A paragraph that is too long, in pieces that end with a sentence where there is one."""
    position = 0
    while position < len(paragraph):
        end = position + LONGEST_PARAGRAPH
        breaks = (
            [found.end() for found in _SENTENCE_END.finditer(paragraph, position, end)] if end < len(paragraph) else []
        )
        end = breaks[-1] if breaks else end
        if piece := paragraph[position:end].strip():
            yield piece
        position = end


def _parts(paragraphs: Iterable[str]) -> list[Part]:
    """One for each heading; what comes before the first is one, too. A heading right after another belongs to it."""
    parts = [Part("", [])]
    for paragraph in paragraphs:
        title = heading_of(paragraph)
        if title is None:
            parts[-1].paragraphs.append(paragraph)
        elif parts[-1].paragraphs or not parts[-1].title:
            parts.append(Part(title, []))
        else:
            parts[-1] = Part(title, [])
    front = parts[0]
    return parts[1:] if len(parts) > 1 and front.length < PART_LENGTH // 4 else parts


def _equal_parts(paragraphs: list[str]) -> list[Part]:
    total = sum(map(len, paragraphs))
    count = min(MOST_PARTS, max(1, round(total / PART_LENGTH)))
    parts: list[Part] = []
    so_far = 0
    for paragraph in paragraphs:
        if not parts or so_far >= total * len(parts) / count:
            parts.append(Part(f"Part {len(parts) + 1}", []))
        parts[-1].paragraphs.append(paragraph)
        so_far += len(paragraph)
    return parts
