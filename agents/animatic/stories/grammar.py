"""The little English grammar that the storyteller needs: infinitives, articles, pronouns, capitals."""

import re
from typing import NamedTuple

IRREGULAR = {
    "has": "have", "is": "be", "are": "be", "was": "be", "were": "be", "does": "do", "goes": "go", "found": "find", "lost": "lose",
    "met": "meet", "built": "build", "stole": "steal", "fell": "fall", "went": "go", "came": "come", "made": "make", "had": "have",
    "wrote": "write", "left": "leave", "kept": "keep", "fought": "fight", "ran": "run", "won": "win", "got": "get", "dies": "die",
    "lies": "lie", "ties": "tie",
}  # fmt: skip
GERUNDS = {
    "flying": "fly", "dancing": "dance", "becoming": "become", "making": "make", "writing": "write", "riding": "ride", "leaving": "leave",
    "winning": "win", "running": "run", "swimming": "swim", "baking": "bake", "saving": "save", "living": "live", "having": "have",
    "seeing": "see", "being": "be", "driving": "drive", "taking": "take", "giving": "give", "getting": "get", "escaping": "escape",
    "finding": "find", "stopping": "stop", "cutting": "cut", "hiding": "hide", "sculpting": "sculpt", "proving": "prove",
    "composing": "compose", "racing": "race", "moving": "move", "skating": "skate", "diving": "dive", "solving": "solve",
}  # fmt: skip

# her: possessive ahead of a noun, object elsewhere.
_POSSESSIVE = re.compile(
    r"\b(?:his|their|her(?=\s+(?!and\b|to\b|for\b|with\b|from\b|in\b|on\b|at\b|by\b|before\b)[a-z]))\b", re.I
)
_REFLEXIVE = re.compile(r"\b(?:himself|herself|themselves)\b", re.IGNORECASE)


class Pronouns(NamedTuple):
    """How the story refers to a person."""

    they: str
    them: str
    their: str
    themself: str


PRONOUNS = {
    "female": Pronouns("she", "her", "her", "herself"),
    "male": Pronouns("he", "him", "his", "himself"),
    "thing": Pronouns("it", "it", "its", "itself"),
}


def infinitive(verb: str) -> str:
    """ "finds" becomes "find", "carries" "carry"; what is no third person stays as it is."""
    word = verb.casefold()
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if re.search(r"(?:sh|ch|ss|x|zz|o)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def from_gerund(verb: str) -> str:
    """ "flying" becomes "fly"."""
    word = verb.casefold()
    return GERUNDS.get(word) or re.sub(r"ing$", "", word)


def definite(phrase: str) -> str:
    """ "a message" becomes "the message"; names and possessives stay."""
    text = re.sub(r"^(?:an?|some|one|this|that|another|every|each)\s+", "the ", phrase.strip(), flags=re.IGNORECASE)
    if re.match(r"(?:the|his|her|their|its|my|your|our)\b", text, re.IGNORECASE) or text[:1].isupper():
        return text
    return f"the {text}"


def addressed(text: str, owner: str, *, self_word: str) -> str:
    """Possessives turned for the one who speaks: "find her brother" as "find my brother" (`owner` is "my" or "your")."""
    return _REFLEXIVE.sub(self_word, _POSSESSIVE.sub(owner, text))


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def article_for(phrase: str) -> str:
    """ "a" or "an", as the sound of the first letter asks."""
    return (
        "an" if re.match(r"(?:[aeiou](?!ni|se|ne\b)|hour|honest|heir|umbrella|under)", phrase, re.IGNORECASE) else "a"
    )


def titled(text: str) -> str:
    """Title Case as on a poster: small words stay small."""
    small = {
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
    }
    words = text.split()
    return " ".join(
        capital(word) if index in {0, len(words) - 1} or word.casefold() not in small else word.casefold()
        for index, word in enumerate(words)
    )
