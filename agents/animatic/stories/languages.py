"""Tells in which language a text is written, by its script or by its little words; and where its sentences may be cut.

Our own, because detectors trained on long texts are unsure of one sentence, and are larger than the rest of the animatic.
To add a language with Latin letters, add its table to languages.toml.
"""

import re
from typing import NamedTuple

from agents.animatic.datafiles import read_toml, word_set

LETTERS_READ = 4_000
LETTER_WEIGHT = 0.7  # of one special letter against one little word

# The first script that a fair share of the letters belongs to; kana before Han: Japanese has both.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
SCRIPT_SHARE = 0.15  # of all letters; a Latin text may quote a word
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_WORD = re.compile(r"[^\W\d_]+")


class Language(NamedTuple):
    """What is known of a language."""

    words: frozenset[str]
    letters: str
    seams: frozenset[str]


LANGUAGES = {
    code: Language(word_set(table["words"]), table["letters"], word_set(table["seams"]))
    for code, table in read_toml(__file__, "languages.toml").items()
}
_NOT_KNOWN = Language(frozenset(), "", frozenset())


def language_of(text: str) -> str:
    """The language as ISO 639-1; "" where nothing tells it."""
    letters = [sign for sign in text[:LETTERS_READ] if sign.isalpha()]
    sample = "".join(letters)
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) > SCRIPT_SHARE * len(sample):
            return "uk" if code == "ru" and _UKRAINIAN.search(sample) else code
    words = _WORD.findall(text[:LETTERS_READ].casefold())
    scores = {code: _score(words, sample, language) for code, language in LANGUAGES.items()}
    best = max(scores, key=lambda code: scores[code])  # of equals the first: English
    return best if scores[best] else ""


def seams_of(language: str) -> frozenset[str]:
    """The words before which a sentence of this language may be cut."""
    return LANGUAGES.get(language, _NOT_KNOWN).seams


def _score(words: list[str], letters: str, language: Language) -> float:
    special = sum(letter in language.letters for letter in letters.casefold()) if language.letters else 0
    return sum(word in language.words for word in words) + LETTER_WEIGHT * special
