"""Knows the words of other languages for people, animals, places and things, by what they are in English: what the pictures know.

A table for each language lies in languages/. A row is an English word and the words for it: first those for a man (or for anything
that is neither), after ";" those for a woman; "/" parts words that are not for the same; the forms of one word follow each other. An
asterisk stands for any ending ("рыбак*") or, in languages that join their words, any beginning ("*wärter"). To add a language, add its
table: nothing else names it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from agents.animatic.datafiles import read_toml, word_set
from agents.animatic.film import Gender
from agents.animatic.stories.languages import language_of

Kind = Literal["adjectives", "people", "animals", "places", "things", "effects"]

KINDS: tuple[Kind, ...] = ("adjectives", "people", "animals", "places", "things", "effects")
LANGUAGES = frozenset(path.stem for path in (Path(__file__).parent / "languages").glob("*.toml"))
LONGEST_ENDING = 4  # letters that an asterisk stands for
LONGEST_BEGINNING = 24
SHORTEST_STEM = 3
SHORTEST_PLACE = 5  # at the beginning of a joined word
REMEMBERED_WORDS = 4_096
LONGEST_READ = 4_000  # characters of a text

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+){0,3}")
_ELIDING = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+){0,3}|(?<=[^\W\d_])['’]")
# How names bend in languages that bend them; in Latin letters only where no other language has such endings.
_NAME_ENDINGS = {"pl": ("ę", "ą", "owi", "em", "iem")}


class Meaning(NamedTuple):
    """What a word means. `group` is the same for all forms of a word; `base` is the form to name it by."""

    english: str
    kind: Kind
    gender: Gender
    group: str
    base: str


class Grammar(NamedTuple):
    """The little words of a language by which people are told from places."""

    articles: frozenset[str]
    called: frozenset[str]  # "a girl named"
    spatial: frozenset[str]  # after which a capital is a place
    unclear: frozenset[str]  # after which it may be one
    no_names: frozenset[str]
    has_capital_nouns: bool
    has_endings_for_articles: bool


class Word(NamedTuple):
    """A word of a text, where it stands."""

    text: str
    start: int
    end: int


class _Row(NamedTuple):
    english: str
    kind: Kind
    gender: Gender
    group: str
    forms: tuple[str, ...]  # in full
    spelt: tuple[str, ...]  # as in the table


class _Table(NamedTuple):
    grammar: Grammar
    whole: dict[str, list[_Row]]
    stems: dict[str, list[_Row]]  # "рыбак*"
    ends: dict[str, list[_Row]]  # "*wärter"
    names: dict[str, Gender]
    name_stems: dict[str, str]
    elides: bool


def is_known(language: str) -> bool:
    """Whether there is a table for a language (ISO 639-1)."""
    return language in LANGUAGES


def grammar_of(language: str) -> Grammar:
    """The little words of a language that is known."""
    return _table(language).grammar


def rows_of(language: str) -> list[tuple[Kind, str]]:
    """All rows of a table but those for adjectives: of which kind each is, and the English word."""
    record = read_toml(__file__, f"languages/{language}.toml")
    return [(kind, english) for kind in KINDS if kind != "adjectives" for english in record[kind]]


def words_in(text: str, language: str) -> list[Word]:
    """The words of a text; what is left out before an apostrophe ("l'étoile") is a word of its own."""
    pattern = _ELIDING if _table(language).elides else _WORD
    return [Word(match[0], match.start(), match.end()) for match in pattern.finditer(text) if match[0] not in "'’"]


@lru_cache(maxsize=REMEMBERED_WORDS)
def meanings_of(word: str, language: str) -> tuple[Meaning, ...]:
    """What a word means, the likeliest first; nothing where it is not known. In German a noun has a capital."""
    found = _meanings(word.casefold(), language)
    if word[:1].islower() and _table(language).grammar.has_capital_nouns:
        return tuple(meaning for meaning in found if meaning.kind in ("adjectives", "effects"))
    return found


def place_ahead_in(word: str, language: str) -> Meaning | None:
    """The place that a joined word begins with: the lighthouse of "Leuchtturmwärter"."""
    low = word.casefold()
    for end in range(len(low) - SHORTEST_STEM, SHORTEST_PLACE - 1, -1) if _table(language).ends else ():
        found = [row for row in _table(language).whole.get(low[:end], []) if row.kind == "places"]
        if found:
            return _meaning(found[0], low[:end])
    return None


def _meanings(low: str, language: str) -> tuple[Meaning, ...]:
    table = _table(language)
    if low in table.whole:
        return tuple(_meaning(row, low) for row in table.whole[low])
    for cut in range(min(LONGEST_ENDING, len(low) - SHORTEST_STEM) + 1):
        if (stem := low[: len(low) - cut]) in table.stems:
            return tuple(_meaning(row, low) for row in table.stems[stem])
    for cut in range(2, min(LONGEST_BEGINNING, len(low) - SHORTEST_STEM) + 1):
        if low[cut:] in table.ends:  # a joined word is a word of its own
            return tuple(
                Meaning(row.english, row.kind, row.gender, f"{language} {low.removesuffix('s')}", low)
                for row in table.ends[low[cut:]]
            )
    return ()


def meaning_of(word: str, language: str, *kinds: Kind) -> Meaning | None:
    """What a word means that is of one of these kinds."""
    return next((meaning for meaning in meanings_of(word, language) if meaning.kind in kinds), None)


@lru_cache(maxsize=REMEMBERED_WORDS)
def name_in(word: str, language: str) -> tuple[str, Gender] | None:
    """The first name that a word is a form of ("Ивана": "Иван"), and whose it is; None where it is none that is known."""
    table, low = _table(language), word.casefold()
    if low in table.names:
        return word, table.names[low]
    if table.grammar.articles:
        base = low.removesuffix("s")  # "Annas Bruder"
        return (word[:-1], table.names[base]) if base in table.names and table.grammar.has_capital_nouns else None
    endings = _NAME_ENDINGS.get(language)
    for cut in range(1, min(SHORTEST_STEM, len(low) - 2) + 1):
        stem, ending = low[:-cut], low[-cut:]
        if stem in table.name_stems and (endings is None or ending in endings):
            name = table.name_stems[stem]
            return name.capitalize(), table.names[name]
    return None


@lru_cache(maxsize=REMEMBERED_WORDS)
def forms_of(word: str) -> re.Pattern[str] | None:
    """Finds the other forms of a word for somebody, or of a name, in the languages that bend them; None where there are none."""
    forms = {form for language in sorted(LANGUAGES) if _bends(language) for form in _forms(word.casefold(), language)}
    if not forms - {word.casefold()}:
        return None
    spelt = (re.escape(form.rstrip("*")) + rf"\w{{0,{LONGEST_ENDING}}}" * form.endswith("*") for form in sorted(forms))
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})(?!\w)", re.IGNORECASE)


def _bends(language: str) -> bool:
    grammar = grammar_of(language)
    return grammar.has_capital_nouns or grammar.has_endings_for_articles or not grammar.articles


def _forms(low: str, language: str) -> set[str]:
    table, found = _table(language), set()
    rows = table.whole.get(low, [])
    found |= {
        form for row in rows if row.kind in ("people", "animals") for form in row.spelt if not form.startswith("*")
    }
    if not rows and any(meaning.kind in ("people", "animals") for meaning in _meanings(low, language)):
        found |= {low, f"{low}s"}  # a joined word, or a form that an asterisk stands for
    if low in table.names and not table.grammar.articles:
        stem = next(stem for stem, name in table.name_stems.items() if name == low)
        endings = _NAME_ENDINGS.get(language)
        found |= {f"{stem}{ending}" for ending in endings} if endings else {f"{stem}*"}
    return found


def in_english(text: str, *kinds: Kind, language: str = "") -> str:
    """The text itself where it is in English; else what its known words of these kinds mean, in their order: "the letter, the key"."""
    language = language or language_of(text[:LONGEST_READ])
    if not is_known(language):
        return text
    found = [
        meaning.english if meaning.kind in ("effects", "adjectives") else f"the {meaning.english}"
        for word in words_in(text[:LONGEST_READ], language)
        for meaning in meanings_of(word.text, language)
        if meaning.kind in kinds
    ]
    return ", ".join(found)


def place_in_english(name: str) -> str:
    """What the last known word of a place's name means, in whichever language; "" where none is known."""
    for word in reversed(_WORD.findall(name[:LONGEST_READ])):
        for language in sorted(LANGUAGES):
            if (len(word) >= SHORTEST_STEM or word == name) and (meaning := meaning_of(word, language, "places")):
                return meaning.english
    return ""


def _meaning(row: _Row, low: str) -> Meaning:
    return Meaning(row.english, row.kind, row.gender, row.group, _base(row.forms, low))


def _shared(one: str, other: str) -> int:
    """With how many of the same letters two words begin."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _base(forms: tuple[str, ...], low: str) -> str:
    """The form to name it by: "брат" of "брату"; forms that look nothing alike are other words for the same."""
    earlier = forms[: forms.index(low)] if low in forms else forms
    alike = (form for form in earlier if _shared(form, low) >= max(SHORTEST_STEM, len(form) - 2))
    return next(alike, "") or (low if low in forms else next((form for form in forms if form[:1] == low[:1]), low))


@lru_cache(maxsize=len(LANGUAGES))
def _table(language: str) -> _Table:
    record = read_toml(__file__, f"languages/{language}.toml")
    whole: dict[str, list[_Row]] = {}
    stems: dict[str, list[_Row]] = {}
    ends: dict[str, list[_Row]] = {}
    for kind in KINDS:
        for english, words in record[kind].items():
            for row, forms in _rows(language, kind, english, words):
                for form in forms:
                    kept, bare = (stems, form[:-1]) if form.endswith("*") else (whole, form)
                    kept, bare = (ends, form[1:]) if form.startswith("*") else (kept, bare)
                    kept.setdefault(bare, []).append(row)
    names: dict[str, Gender] = dict.fromkeys(record["male"].casefold().split(), "male")
    names |= dict.fromkeys(record["female"].casefold().split(), "female")
    return _Table(
        Grammar(
            articles=word_set(record["articles"]),
            called=word_set(record["called"]),
            spatial=word_set(record["spatial"]),
            unclear=word_set(record["unclear"]),
            no_names=word_set(record["no_names"]),
            has_capital_nouns=record.get("nouns_have_capitals", False),
            has_endings_for_articles=record.get("endings_are_articles", False),
        ),
        whole,
        stems,
        ends,
        names,
        {name[:-1] if name[-1] in "аяьйоae" and len(name) > SHORTEST_STEM else name: name for name in names},
        record.get("elides", False),
    )


def _rows(language: str, kind: Kind, english: str, words: str) -> Iterator[tuple[_Row, list[str]]]:
    male, _, female = words.casefold().partition(";")
    has_genders = ";" in words
    genders: tuple[tuple[str, Gender], ...] = ((male, "male" if has_genders else "unknown"), (female, "female"))
    for listed, gender in genders:
        for number, group in enumerate(listed.split("/")):
            forms = group.split()
            full = tuple(form for form in forms if "*" not in form)
            yield (
                _Row(english, kind, gender, f"{language} {kind} {english} {gender} {number}", full, tuple(forms)),
                forms,
            )
