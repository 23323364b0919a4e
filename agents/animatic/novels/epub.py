"""Reads the text of an EPUB: a ZIP file with XHTML documents (https://www.w3.org/TR/epub-33/). Writes no file.

Nothing is parsed as XML: no entity is expanded but HTML's own. What is read is bounded, however small it was compressed.
"""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from urllib.parse import unquote
from zlib import error as ZlibError  # noqa: N812 - it is an exception

from agents.animatic.errors import UnusableText
from agents.animatic.novels.limits import LONGEST_NOVEL
from agents.animatic.novels.records import Book

MOST_ENTRIES: Final = 5_000  # files of the archive
LARGEST_DOCUMENT: Final = 8_000_000  # bytes, as read
LARGEST_BOOK: Final = 40_000_000  # bytes of all documents, as read
MOST_DOCUMENTS: Final = 2_000  # of the spine

CONTAINER: Final = "META-INF/container.xml"
ENCRYPTION: Final = "META-INF/encryption.xml"
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")

# No quantifier spans another "<": reading is linear in the text.
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]{0,60})(?P<rest>[^<>]{0,4000})>")
_ATTRIBUTE = re.compile(r"""([\w:-]{1,60})\s{0,20}=\s{0,20}(?:"([^"]{0,2000})"|'([^']{0,2000})')""")
_MARKUP = re.compile(r"<[!?/A-Za-z][^<>]*>")
_SPACES = re.compile(r"\s+")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "hr",
        "li",
        "blockquote",
        "tr",
        "section",
        "article",
        "pre",
        "dd",
        "dt",
        "td",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_HEADINGS = frozenset(["h1", "h2", "h3"])
_LEFT_OUT = ("head", "script", "style", "svg", "nav", "rt", "rp")


def is_epub(data: bytes) -> bool:
    """Whether it begins like a ZIP file."""
    return data[:4] == b"PK\x03\x04"


def read_epub(data: bytes) -> Book:
    """The documents of the spine, in order, as one text.

    Raises: UnusableText.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _Epub(archive).book()
    except UnusableText:
        raise
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise UnusableText("This EPUB is damaged. Export or download it again.") from error


class _Epub:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = LARGEST_BOOK
        names = archive.namelist()
        if len(names) > MOST_ENTRIES:
            raise UnusableText(f"This EPUB holds {len(names):,} files; a book has at most {MOST_ENTRIES:,}.")
        self._names = frozenset(names)

    def book(self) -> Book:
        """Raises: UnusableText."""
        self._refuse_protected()
        package_path = self._package_path()
        package = self._text(package_path)
        parts, length = [], 0
        for path in _spine(package, posixpath.dirname(package_path)):
            if path in self._names:
                parts.append(text_of(self._text(path)))
                length += len(parts[-1])
            if length > LONGEST_NOVEL:
                raise UnusableText(f"This book has more than {LONGEST_NOVEL:,} characters. Upload a part of it.")
        text = "\n\n".join(part for part in parts if part)
        if not any(sign.isalnum() for sign in text):
            raise UnusableText("This EPUB holds no text: its pages may be pictures.")
        return Book(text=text, title=_element(package, "title"), author=_element(package, "creator"))

    def _package_path(self) -> str:
        paths = [attributes.get("full-path", "") for attributes in _elements(self._text(CONTAINER), "rootfile")]
        found = next((path for path in paths if path in self._names), "")
        if not found:
            raise UnusableText("This is no EPUB: its table of files is missing.")
        return found

    def _refuse_protected(self) -> None:
        if ENCRYPTION not in self._names:
            return
        methods = [each.get("algorithm", "") for each in _elements(self._text(ENCRYPTION), "encryptionmethod")]
        if any(not method.startswith(_FONTS_ONLY) for method in methods):
            raise UnusableText("This EPUB is protected against copying: its text cannot be read.")

    def _text(self, path: str) -> str:
        """What a file of the archive holds, never more than may be read.

        Raises: UnusableText.
        """
        if path not in self._names:
            raise UnusableText("This is no EPUB: its table of files is missing.")
        with self._archive.open(path) as file:
            content = file.read(min(LARGEST_DOCUMENT, self._left) + 1)
        self._left -= len(content)
        if len(content) > LARGEST_DOCUMENT or self._left < 0:
            raise UnusableText("This EPUB unpacks to more than a book can be.")
        return decoded(content)


def decoded(content: bytes) -> str:
    """The text of a file, whatever it is encoded in: UTF-8 or UTF-16 by their marks, else Windows' Latin."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def text_of(document: str) -> str:
    """The paragraphs of an XHTML document, with blank lines between them; headings begin with "# "."""
    document = _without_left_out(_without(document, "<!--", "-->"))
    parts: list[str] = []
    position = 0
    for tag in _TAG.finditer(document):
        parts.append(_flowing(document[position : tag.start()]))
        position = tag.end()
        name = tag["name"].lower()
        if name in _BLOCKS:
            parts.append("\n\n# " if name in _HEADINGS and not tag["close"] else "\n\n")
    parts.append(_flowing(document[position:]))
    plain = html.unescape("".join(parts))
    paragraphs = (" ".join(paragraph.split()) for paragraph in plain.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip("# "))


def _flowing(text: str) -> str:
    """Text between two tags, on one line: only tags begin paragraphs."""
    return _SPACES.sub(" ", _MARKUP.sub("", text))


def _without_left_out(document: str) -> str:
    for name in _LEFT_OUT:
        for opening in (f"<{name}>", f"<{name} "):
            document = _without(document, opening, f"</{name}>")
    return document


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between the marks. One that is never closed stays; nothing nests."""
    kept, position = [], 0
    while (start := text.find(opening, position)) >= 0 and (end := text.find(closing, start)) >= 0:
        kept.append(text[position:start])
        position = end + len(closing)
    return "".join([*kept, text[position:]])


def _spine(package: str, folder: str) -> Iterator[str]:
    """The paths of the documents in reading order, in the archive. A path that leads out of it names nothing there."""
    hrefs = {each.get("id", ""): each.get("href", "") for each in _elements(package, "item")}
    for number, each in enumerate(_elements(package, "itemref")):
        if number >= MOST_DOCUMENTS:
            raise UnusableText(f"This EPUB has more than {MOST_DOCUMENTS:,} parts.")
        if href := hrefs.get(each.get("idref", ""), ""):
            yield posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _elements(document: str, name: str) -> Iterator[dict[str, str]]:
    """The attributes of each element of this name, whatever its prefix."""
    for tag in _TAG.finditer(document):
        if not tag["close"] and tag["name"].lower().rpartition(":")[2] == name:
            yield {
                found[1].lower(): html.unescape(found[2] if found[2] is not None else found[3])
                for found in _ATTRIBUTE.finditer(tag["rest"])
            }


def _element(document: str, name: str) -> str:
    """The text of the first element of this name, or ""."""
    for tag in _TAG.finditer(document):
        if not tag["close"] and tag["name"].lower().rpartition(":")[2] == name:
            end = document.find("<", tag.end())
            return " ".join(html.unescape(document[tag.end() : max(end, tag.end())]).split())[:200]
    return ""
