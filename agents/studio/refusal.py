"""Hands a text that the animatic refuses back to the maker."""

from collections.abc import Iterator
from contextlib import contextmanager

from agents.animatic.errors import UnusableText
from agents.contract import UnusableInput


@contextmanager
def refusing_unusable_text() -> Iterator[None]:
    """Turns UnusableText into UnusableInput: the maker's text is at fault, not the agent that reads it.

    Raises: UnusableInput.
    """
    try:
        yield
    except UnusableText as error:
        raise UnusableInput(str(error)) from error
