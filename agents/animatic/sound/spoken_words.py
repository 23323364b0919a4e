"""Prepares text to be spoken, and says where in it a caption begins."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate

LONGEST = 1_000  # characters of one line that are spoken; a caption that a person types may be as long

# Markup, which no engine is to act upon, and signs that nobody says.
_UNSAID = frozenset('<>{}[]()\\|/*_#^~=+`"“”„«»@')
# "U.S.", said letter by letter: eSpeak NG 1.52 writes beyond its memory when there are hundreds of such dots.
_DOT_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
_UNSAID_KINDS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk"})


def speakable(text: str) -> str:
    """The text with a blank for each sign that is not said: places in it are the same. "" where nothing is left to say."""
    said = _DOT_BETWEEN_LETTERS.sub(" ", "".join(" " if _is_unsaid(sign) else sign for sign in text[:LONGEST]))
    return said if any(sign.isalnum() for sign in said) else ""


def plain(text: str) -> str:
    """The text with nothing but letters, digits and blanks, at the same places: for an engine that fails on something else."""
    return "".join(sign if sign.isalnum() or unicodedata.combining(sign) else " " for sign in text)


def _is_unsaid(sign: str) -> bool:
    return sign in _UNSAID or unicodedata.category(sign) in _UNSAID_KINDS


def beginnings(text: str, pages: Sequence[Sequence[str]]) -> list[int]:
    """Where in the text each of its pages (captions, each some lines) begins: the place of a character."""
    letters = [sum(len(line.replace(" ", "")) for line in page) for page in pages]
    places = [
        place for place, sign in enumerate(text) if not (sign.isspace() or unicodedata.category(sign) in ("Cc", "Cs"))
    ]
    starts = [0, *accumulate(letters)][: len(pages)]
    return [places[min(start, len(places) - 1)] if places else 0 for start in starts]


def moments(starts: Sequence[int], marks: Sequence[tuple[int, float]], *, length: int, seconds: float) -> list[float]:
    """When each of the places in a text is heard: at the word that begins there.

    `marks` are (place, seconds) of the words, if the engine gives them; without, the time is spread over the `length`.
    """
    if not marks:
        return [seconds * start / max(1, length) for start in starts]
    heard = [next((moment for place, moment in marks if place >= start), seconds) for start in starts]
    return [0.0, *heard[1:]]
