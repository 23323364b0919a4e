"""Reads a book that somebody brings, in a text process: what is in the file is nobody's word for it."""

from agents.animatic.novels.reading import read_book
from agents.animatic.novels.records import Book
from agents.animatic.progress import unheard
from agents.studio.offline.processes import text_work


def book_of(data: bytes) -> Book:
    """The book in a file: plain text, Markdown or EPUB. May take some seconds.

    Raises: UnusableInput when it is none, or too much; AgentError (retryable) when the process died or the machine is too busy.
    """
    return text_work(read_book, data, report=unheard)
