"""A book comes as a file, and its text goes back: plain text, Markdown or EPUB. Hostile files are refused in a sentence."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.fixtures.people import AsUser

SKERRY = (Path(__file__).parents[1] / "fixtures" / "skerry.txt").read_text(encoding="utf-8")
Json = dict[str, Any]
pytestmark = pytest.mark.django_db

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
PACKAGE = """<?xml version="1.0"?><!DOCTYPE package [<!ENTITY a "aaaaaaaaaa">]>
<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The Lamp &amp; the Sea</dc:title><dc:creator>A. Nobody</dc:creator></metadata>
<manifest><item id="one" href="text/one.xhtml"/><item id="two" href='text/two.xhtml'/><item id="bad" href="{href}"/></manifest>
<spine><itemref idref="one"/><itemref idref="two"/><itemref idref="bad"/></spine></package>"""
PAGE = "<html><head><title>No</title><style>p > a {{}}</style></head><body><h2>{title}</h2>{body}<script>alert(1)</script></body></html>"


def epub(files: Mapping[str, str | bytes] | None = None, href: str = "../../etc/passwd") -> bytes:
    """An EPUB of two chapters, with more files, or other ones."""
    paragraphs = [f"<p>{part.strip()}</p>" for part in SKERRY.split("\n\n")]
    content: dict[str, str | bytes] = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE.format(href=href),
        "OEBPS/text/one.xhtml": PAGE.format(title="The Storm", body="".join(paragraphs[2:12])),
        "OEBPS/text/two.xhtml": PAGE.format(title="The <i>Stranger</i>", body="".join(paragraphs[16:26])),
        **(files or {}),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return written.getvalue()


def send(client: Client, data: bytes) -> tuple[int, Json]:
    answer = client.post("/api/books/", data, content_type="application/octet-stream")
    return answer.status_code, answer.json()


@pytest.mark.covers("http_post_books")
def test_a_text_comes_back_with_title_author_and_chapters(alice: User, as_user: AsUser) -> None:
    for data in (SKERRY.encode(), SKERRY.encode("utf-16"), "\ufeff".encode() + SKERRY.encode()):
        status, book = send(as_user(alice), data)
        assert status == 200, book
        assert (book["title"], book["author"], book["chapters"]) == (
            "The Lamp at Skerry",
            "by Nobody in Particular"[3:],
            3,
        )


def test_the_documents_of_an_epub_come_in_the_order_of_its_spine_as_plain_paragraphs(
    alice: User, as_user: AsUser
) -> None:
    status, book = send(as_user(alice), epub())
    assert status == 200, book
    assert (book["title"], book["author"], book["chapters"]) == ("The Lamp & the Sea", "A. Nobody", 2)
    assert book["text"].startswith("# The Storm\n\n")
    assert "\n\n# The Stranger\n\n" in book["text"]
    assert "alert" not in book["text"]
    assert "<" not in book["text"]


def test_only_who_is_signed_in_may_send_one(client: Client) -> None:
    assert send(client, b"Once upon a time.")[0] == 401


ENTITIES = "<!DOCTYPE html [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20)) + "]>"
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "The file is empty."),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0" * 100, "This is no text"),
    "blanks": (b" \n" * 100, "This file holds no words."),
    "a text that is too long": (b"a " * 1_000_001, "2,000,002 characters; at most 2,000,000"),
    "half an archive": (epub()[:2_000], "This EPUB is damaged"),
    "another archive": (epub({"META-INF/container.xml": "<container/>"}), "This is no EPUB"),
    "a file that unpacks to much": (epub({"OEBPS/text/one.xhtml": b"a" * 100_000_000}), "unpacks to more than a book"),
    "many files that unpack to much": (
        epub(
            {
                "OEBPS/text/one.xhtml": b"<p>" + b" " * 7_900_000,
                "OEBPS/book.opf": PACKAGE.format(href="x").replace(
                    "</spine>", '<itemref idref="one"/>' * 9 + "</spine>"
                ),
            }
        ),
        "unpacks to more than a book",
    ),
    "ten thousand files": (epub({f"OEBPS/{number}": "" for number in range(10_000)}), "holds 10,004 files"),
    "a protected book": (
        epub(
            {"META-INF/encryption.xml": '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>'}
        ),
        "protected against copying",
    ),
    "pages that are pictures": (
        epub(dict.fromkeys(("OEBPS/text/one.xhtml", "OEBPS/text/two.xhtml"), "<img src='a.png'/>")),
        "holds no text",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_book_is_refused_in_a_sentence(alice: User, as_user: AsUser, name: str) -> None:
    data, words = BAD[name]
    status, answer = send(as_user(alice), data)
    assert status == 400, answer
    assert words in answer["error"]["fields"]["book"]


def test_entities_of_a_document_are_not_expanded_and_no_path_leads_out_of_the_archive(
    alice: User, as_user: AsUser
) -> None:
    page = ENTITIES + "<html><body><h1>One</h1><p>&e19; " + "It was a dark night. " * 50 + "</p></body></html>"
    for href in ("../../../../etc/passwd", "/etc/passwd", "..%2f..%2fetc%2fpasswd", "file:///etc/passwd"):
        status, book = send(as_user(alice), epub({"OEBPS/text/one.xhtml": page}, href=href))
        assert status == 200, book
        assert "root:" not in book["text"]
        assert len(book["text"]) < 10_000


@pytest.mark.parametrize("unit", ["<", "<a", "<p>", "<!--", "&", "<p a='", "<script>", "</p><h1>"])
def test_markup_that_is_made_to_hurt_is_read_in_time(alice: User, as_user: AsUser, unit: str) -> None:
    page = f"<p>{SKERRY}</p>" + unit * (3_000_000 // len(unit))
    status, book = send(as_user(alice), epub({"OEBPS/text/one.xhtml": page}))
    assert status in {200, 400}
    assert "too long to read" not in str(book)
