"""The little grammar that the storyteller needs: capitals, titles, and what is spoken of again."""

import re

_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "and",
        "or",
        "for",
        "from",
        "with",
        "by",
        "under",
        "her",
        "his",
        "its",
    ]
)
_INDEFINITE = re.compile(r"^(?:an?|some|one|another|every|each|two|three|four|five)\s+", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:the|his|her|their|its|my|your|our)\b", re.IGNORECASE)


def definite(phrase: str) -> str:
    """ "a message" becomes "the message"; names and possessives stay."""
    text = _INDEFINITE.sub("the ", phrase.strip())
    if _DETERMINED.match(text) or text[:1].isupper():
        return text
    return f"the {text}"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def titled(text: str) -> str:
    """Title Case as on a poster: small words stay small."""
    words = text.split()
    return " ".join(
        capital(word) if index in {0, len(words) - 1} or word.casefold() not in _SMALL else word.casefold()
        for index, word in enumerate(words)
    )
