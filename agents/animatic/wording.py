"""Fits text into a number of characters."""

import re
from collections.abc import Callable

from agents.animatic.sentences import sentences_of

_CLAUSE_END = re.compile(r"(?<=[,;:–—])\s+|(?<!\s)\s++(?=(?:and|but|or|because|und|et|y|и)\s)")
_SPACE = re.compile(r"\s+")
_CUTS: tuple[Callable[[str], list[str]], ...] = (sentences_of, _CLAUSE_END.split, _SPACE.split)  # the best first


def shortened(text: str, longest: int) -> str:
    """The text, cut between words with an ellipsis where it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–—-") + "…"


def pieces_of(text: str, longest: int) -> list[str]:
    """The text in pieces of at most `longest` characters, cut at sentences, else clauses, else words."""
    for cut in _CUTS:
        if len(text) <= longest:
            break
        pieces = _packed(cut(text), longest)
        if len(pieces) > 1:
            return [
                small for piece in pieces for small in (pieces_of(piece, longest) if len(piece) > longest else [piece])
            ]
    return [text]


def _packed(parts: list[str], longest: int) -> list[str]:
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + 1 + len(part) <= longest:
            packed[-1] = f"{packed[-1]} {part}"
        else:
            packed.append(part)
    return packed
