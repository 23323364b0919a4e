"""Agents that make a book: small, but real work in the processor, in files and in a process of its own.

The text follows from a seed, so that whoever ordered the book knows its SHA-256: a page that a crash has damaged, left out
or put into the book twice shows.
"""

import hashlib
import lzma
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, ProviderUnavailable, typed_skill

PARTS = 15  # of a page; after each there is a checkpoint
PART_WORDS = 5_000
XZ = "application/x-xz"
PRESS_SECONDS = 0.2  # between two looks at the press


class Order(Struct):
    """What the pipeline starts from."""

    seed: int
    pages: int


class Page(Struct):
    """A page that is to be printed."""

    seed: int
    number: int


class Pages(Struct):
    """What `lay_out` gives."""

    pages: list[Page]


class Printed(Struct):
    """A page that is printed: its artifact, and the SHA-256 of its text."""

    artifact: str
    sha256: str


class Book(Struct):
    """The whole book."""

    artifact: str
    sha256: str


class PageWish(Struct):
    """What `print_page` takes."""

    page: Page


class Proof(Struct):
    """What `proofread` takes and gives."""

    printed: Printed


class Proofs(Struct):
    """What `bind` takes."""

    proofs: list[Proof]


def parts(page: Page) -> Iterator[bytes]:
    """The text of a page, in parts."""
    writer = random.Random(f"{page.seed}/{page.number}")
    for _ in range(PARTS):
        yield " ".join(f"{writer.getrandbits(20):x}" for _ in range(PART_WORDS)).encode()


def pages(order: Order) -> list[Page]:
    """The pages of a book."""
    return [Page(order.seed, number) for number in range(order.pages)]


def sha256_of_book(order: Order) -> str:
    """What the book must come out as."""
    digest = hashlib.sha256()
    for page in pages(order):
        for part in parts(page):
            digest.update(part)
    return digest.hexdigest()


class Printer(Agent):
    """Lays out and prints, several pages at once."""

    name = "printer"
    description = "Lays out and prints pages."
    skills = (
        typed_skill("lay_out", "Lay out", "Says which pages there are.", Order, Pages),
        typed_skill("print_page", "Print a page", "Writes the text of a page into a file.", PageWish, Printed),
    )

    def perform(self, job: Job) -> Outcome:
        if job.skill == "lay_out":
            return Outcome(Pages(pages(job.read(Order))))
        _use_press(job)
        page, digest, path = job.read(PageWish).page, hashlib.sha256(), job.workdir / "page.xz"
        with lzma.open(path, "wb") as file:
            for number, part in enumerate(parts(page), 1):
                digest.update(part)
                file.write(part)
                job.progress(number / PARTS, f"Part {number} of {PARTS}")
        kept = job.keep(path, name=f"page-{page.number}.xz", kind=ArtifactKind.SCRIPT, media_type=XZ)
        return Outcome(Printed(kept, digest.hexdigest()))


def _use_press(job: Job) -> None:
    """The provider of the printers is a file: with "slow" in it the press gives no sign, with "down" it does not answer."""
    press = Path(os.environ.get("CALLBOARD_BENCHMARK_PRESS", os.devnull))
    while (state := press.read_text() if press.is_file() else "") == "slow":
        time.sleep(PRESS_SECONDS)
    if state == "down":
        raise ProviderUnavailable("The press does not answer")
    job.checkpoint()


class Proofreader(Agent):
    """Compares the file with what the printer said of it."""

    name = "proofreader"
    description = "Reads printed pages again."
    skills = (typed_skill("proofread", "Proofread", "Compares a page with its checksum.", Proof, Proof),)

    def perform(self, job: Job) -> Outcome:
        proof = job.read(Proof)
        digest = hashlib.sha256(_text(job.fetch(proof.printed.artifact)))
        if digest.hexdigest() != proof.printed.sha256:
            raise AgentError("A page is damaged.")
        return Outcome(proof)


class Binder(Agent):
    """Binds pages to a book, in a process of its own."""

    name = "binder"
    description = "Binds the pages to a book."
    skills = (typed_skill("bind", "Bind", "Joins all pages.", Proofs, Book),)
    is_isolated = True

    def perform(self, job: Job) -> Outcome:
        proofs, digest, path = job.read(Proofs).proofs, hashlib.sha256(), job.workdir / "book.txt"
        with path.open("wb") as book:
            for number, proof in enumerate(proofs, 1):
                text = _text(job.fetch(proof.printed.artifact))
                digest.update(text)
                book.write(text)
                job.progress(number / len(proofs), f"Page {number} of {len(proofs)}")
        kept = job.keep(path, name="book.txt", kind=ArtifactKind.SCRIPT, media_type="text/plain")
        return Outcome(Book(kept, digest.hexdigest()))


def _text(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes())


CREW: tuple[Agent, ...] = (Printer(), Proofreader(), Binder())
