"""The JSON of requests: only what every database, and every later reader, can hold.

Python reads more than that: nesting that its own writer cannot follow, lone surrogates that no encoding knows, NUL that
PostgreSQL refuses, numbers beyond the range of a float.
"""

import math
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MOST_LEVELS: Final = 64
LARGEST_WHOLE: Final = 2**63


class StorableJSON(JSONParser):
    """REST framework's parser, which refuses what could not be stored."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - any JSON
        """The decoded body.

        Raises: ParseError.
        """
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(f"JSON may be nested {MOST_LEVELS} levels deep at most.") from None
        for problem in _problems(body):
            raise ParseError(problem)
        return body


def _problems(body: object) -> Iterator[str]:
    level, following = [body], 0
    while level:
        following += 1
        if following > MOST_LEVELS:
            yield f"JSON may be nested {MOST_LEVELS} levels deep at most."
        for value in level:
            if problem := _problem(value):
                yield problem
        level = [inner for value in level for inner in _inner(value)]


def _inner(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _problem(value: object) -> str:
    match value:
        case str() if "\0" in value:
            return "Text may not hold the character NUL."
        case str() if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            return "Text may not hold half of a character (a lone surrogate)."
        case bool():
            return ""
        case int() if not -LARGEST_WHOLE < value < LARGEST_WHOLE:
            return "A number is too large."
        case float() if not math.isfinite(value):
            return "A number is too large."
        case _:
            return ""
