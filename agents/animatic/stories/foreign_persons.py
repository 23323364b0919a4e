"""Finds who plays in an idea of another language: by the words that its table has for people and animals, and by names.

More careful than the English parser (persons.py): a capital is a name where the table has it as one, behind a word for somebody
("рыбак Иван"), behind "called", or within a sentence where neither a place nor a thing is to be expected.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agents.animatic.film import Gender
from agents.animatic.stories.persons import MOST_PEOPLE, Person, being_of
from agents.animatic.vocabulary import FEMALE_WORDS, MALE_WORDS
from agents.animatic.vocabulary.foreign import (
    Grammar,
    Meaning,
    Word,
    grammar_of,
    meaning_of,
    meanings_of,
    name_in,
    words_in,
)

REMEMBERED_TEXTS = 8
NEAR = 3  # words between an article and its noun
FAR = 3  # words between "a girl" and her name: "по имени"
BEHIND = 2  # words behind a noun that may describe it
SHORTEST_NAME = 2  # letters
_ENDS = frozenset('.!?…:;"“”„«»—–\n')

_PLAIN = frozenset({"girl", "boy", "man", "child"})
_INDEFINITE = frozenset(
    [
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "kein",
        "keine",
        "un",
        "une",
        "una",
        "uno",
        "um",
        "uma",
        "een",
        "en",
        "ett",
        "två",
        "zwei",
        "deux",
        "dos",
        "due",
        "dois",
        "duas",
        "twee",
    ]
)
_AND = frozenset(["und", "et", "y", "e", "ed", "en", "och", "i", "и", "і", "й", "та"])
_NOBODY = Meaning("", "people", "unknown", "", "")


class _Mention(NamedTuple):
    """Somebody in the text: by a noun, a name or both; numbers count words."""

    at: int
    meaning: Meaning | None
    name: str
    gender: Gender
    start: int


class _Text(NamedTuple):
    """A text with its words, and what is between them."""

    text: str
    language: str
    words: list[Word]
    grammar: Grammar

    def gap(self, at: int) -> str:
        """What stands ahead of a word, up to the one before."""
        return self.text[self.words[at - 1].end if at else 0 : self.words[at].start]

    def sign_after(self, at: int) -> str:
        """What stands directly behind a word."""
        return self.text[self.words[at].end : self.words[at].end + 1]

    def is_opening(self, at: int) -> bool:
        """Whether a sentence begins with this word."""
        return at == 0 or bool(_ENDS & set(self.gap(at)))

    def low(self, at: int) -> str:
        """A word in small letters; "" for one that there is not, or that another sentence has."""
        return self.words[at].text.casefold() if 0 <= at < len(self.words) else ""


def foreign_persons_in(text: str, language: str, *, is_story: bool) -> list[Person]:
    """Everybody who plays, in the order of the text. Without `is_story` names may be those of products.

    `language` is one that the vocabulary knows.
    """
    read = _Text(text, language, words_in(text, language), grammar_of(language))
    people: dict[str, Person] = {}
    last: _Mention | None = None
    for mention in _mentions(read, is_story=is_story):
        if last and (owner := _same(read, last, mention, people)):
            key = _key(last)
            _add(people, key, owner, mention, read)
            last = last._replace(at=mention.at, name=last.name or mention.name)
            continue
        key = _key(mention)
        if key not in people:
            people[key] = _meant_again(read, mention, people) or _person(read, mention)
        last = mention
    return list({id(person): person for person in people.values()}.values())[:MOST_PEOPLE]


def phrase_about(name: str, text: str, language: str) -> str:
    """How a text first speaks of somebody of the cast, in its own words: "Ein alter Fischer"; "" where it does not."""
    person = next((person for person in _everybody(text, language) if person.label == name), None)
    return text[person.start : person.end] if person else ""


def described_in_english(name: str, text: str, language: str) -> str:
    """What a text says of somebody of the cast, as "FISCHER is a old man fisherman"; "" where it says nothing that is known."""
    read = _Text(text, language, words_in(text, language), grammar_of(language))
    called = name.casefold().split()
    person = next((person for person in _everybody(text, language) if person.label == name), None)
    found = [] if person is None else [person.described]
    if not found:
        found = [
            _described(read, _Mention(at, meaning, "", "unknown", word.start))
            for at, word in enumerate(read.words)
            if called
            and (meaning := meaning_of(word.text, language, "people", "animals"))
            and _is_meant(called[-1], word.text, language)
        ][:1]
    known = name_in(called[0].capitalize(), language) if called else None
    words = found[0] if found else ""
    if known and not set(words.split()) & (MALE_WORDS | FEMALE_WORDS):
        words = f"{_PERSONS.get(known[1], '')} {words}".strip()
    return f"{name} is a {words}" if words else ""


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _everybody(text: str, language: str) -> tuple[Person, ...]:
    return tuple(foreign_persons_in(text, language, is_story=True))


_PERSONS: dict[Gender, str] = {"male": "man", "female": "woman"}


def _is_meant(called: str, word: str, language: str) -> bool:
    own = {meaning.group for meaning in meanings_of(called.capitalize(), language)}
    return called == word.casefold() or any(meaning.group in own for meaning in meanings_of(word, language))


def _mentions(read: _Text, *, is_story: bool) -> Iterator[_Mention]:
    for at, word in enumerate(read.words):
        being = meaning_of(word.text, read.language, "people", "animals")
        if being and not _is_part_of_name(read, at):
            start = _start_of_phrase(read, at)
            if start is not None:
                yield _Mention(at, being, "", being.gender, start)
        elif is_story and not being and (name := _name_at(read, at)):
            yield _Mention(at, None, name[0], name[1], word.start)


def _is_part_of_name(read: _Text, at: int) -> bool:
    """Whether a word with a capital within a sentence is somebody's name and no noun: "Leo Fischer", "señora Rey"."""
    word = read.words[at].text
    if read.grammar.has_capital_nouns:
        return at > 0 and read.gap(at) == " " and name_in(read.words[at - 1].text, read.language) is not None
    return word[:1].isupper() and not read.is_opening(at)


def _start_of_phrase(read: _Text, at: int) -> int | None:
    """Where the noun phrase begins that ends with this noun; None where no article says that it is somebody."""
    first = at
    for before in range(at - 1, max(-1, at - 1 - NEAR), -1):
        if read.is_opening(before + 1):
            break
        low = read.low(before)
        if low in read.grammar.articles:
            return read.words[before].start
        is_adjective = meaning_of(low, read.language, "adjectives") is not None
        if read.grammar.has_endings_for_articles and not is_adjective:
            break
        if not is_adjective and (meanings_of(low, read.language) or read.words[before].text[:1].isupper()):
            break
        first = before if is_adjective and first == before + 1 else first
    is_free = not read.grammar.articles or read.grammar.has_endings_for_articles
    if is_free or read.is_opening(first) or _follows_somebody(read, first):
        return read.words[first].start
    return None


def _follows_somebody(read: _Text, at: int) -> bool:
    """ "Vater und Tochter"."""
    return (
        at >= 2
        and len(read.low(at - 1)) <= 3
        and meaning_of(read.words[at - 2].text, read.language, "people", "animals") is not None
    )


def _name_at(read: _Text, at: int) -> tuple[str, Gender] | None:
    """The name that begins with this word, in full, and whose it is."""
    word = read.words[at].text
    if not _may_be_name(read, at):
        return None
    known = name_in(word, read.language)
    if not known and not (_is_announced(read, at) or _is_among_people(read, at)):
        return None
    name = known[0] if known else word
    following = read.words[at + 1].text if at + 1 < len(read.words) and read.gap(at + 1) == " " else ""
    is_full = following[:1].isupper() and following[1:].islower() and not read.grammar.has_capital_nouns
    return (f"{name} {following}" if is_full else name), known[1] if known else "unknown"


def _may_be_name(read: _Text, at: int) -> bool:
    word, low = read.words[at].text, read.low(at)
    if not (word[:1].isupper() and word[1:].islower() and len(word) >= SHORTEST_NAME) or low in read.grammar.no_names:
        return False
    if low in read.grammar.articles | read.grammar.spatial | read.grammar.unclear:
        return False
    return not _is_second_name(read, at)


def _is_second_name(read: _Text, at: int) -> bool:
    """ "Ana Torres": the second word belongs to the name before."""
    if at == 0 or read.gap(at) != " " or read.grammar.has_capital_nouns:
        return False
    before = read.words[at - 1].text
    is_name = before[:1].isupper() and not meanings_of(before, read.language)
    return is_name and (not read.is_opening(at - 1) or name_in(before, read.language) is not None)


def _is_announced(read: _Text, at: int) -> bool:
    """Whether "called" or a word for somebody stands ahead: "namens Ida", "der Fischer Hinnerk", "панночка Ївга"."""
    if read.is_opening(at):
        return False
    before = read.low(at - 1)
    if before in read.grammar.called:
        return True
    is_noun = meanings_of(read.words[at].text, read.language) != ()
    being = meaning_of(read.words[at - 1].text, read.language, "people", "animals")
    return not is_noun and read.gap(at) == " " and being is not None


def _is_among_people(read: _Text, at: int) -> bool:
    """Whether a capital within a sentence can only be a name: not in German, nor behind an article or "in"."""
    if read.grammar.has_capital_nouns or read.is_opening(at) or meanings_of(read.words[at].text, read.language):
        return False
    before = read.low(at - 1)
    if read.words[at - 1].text[:1].isupper() and read.gap(at) == " ":  # "Tour Eiffel"
        return False
    if before in read.grammar.unclear:  # "Paul et Virginie", but not "de Virginie"
        return before in _AND and at > 1 and name_in(read.words[at - 2].text, read.language) is not None
    return before not in read.grammar.spatial | read.grammar.articles


def _same(read: _Text, last: _Mention, mention: _Mention, people: dict[str, Person]) -> Person | None:
    """Who of them is meant by both of two mentions that stand together: "der Fischer Jan", "Jan, ein Fischer"."""
    between = read.text[read.words[last.at].end : read.words[mention.at].start]
    owner = people.get(_key(last))
    if owner is None or bool(_ENDS & set(between)) or _key(mention) in people:
        return None
    if last.meaning and not last.name and mention.name:  # "a girl called Ida"
        little = [read.low(at) for at in range(last.at + 1, mention.at)]
        is_close = not little and "," not in between
        is_called = len(little) <= FAR and bool(set(little) & read.grammar.called)
        is_apposition = not little and read.sign_after(mention.at) in {",", ")"}
        return owner if is_close or is_called or is_apposition else None
    if last.name and not last.meaning and mention.meaning:  # "Ida, a baker"
        return owner if read.sign_after(last.at) in {",", "("} and _is_next(read, last, mention) else None
    return None


def _meant_again(read: _Text, mention: _Mention, people: dict[str, Person]) -> Person | None:
    """ "the girl" after "his granddaughter": the only one so far who may be meant."""
    meaning = mention.meaning
    if meaning is None or meaning.english not in _PLAIN or not _is_definite(read, mention):
        return None
    gender = _gender(meaning)
    others = {id(person): person for person in people.values() if person.being == "human" and person.gender == gender}
    return next(iter(others.values())) if len(others) == 1 else None


def _is_definite(read: _Text, mention: _Mention) -> bool:
    first = read.text[mention.start : read.words[mention.at].end].split()[0].casefold()
    if first in _INDEFINITE or not read.grammar.articles:
        return False
    is_ended = read.grammar.has_endings_for_articles and read.low(mention.at) != (mention.meaning or _NOBODY).base
    return is_ended or first in read.grammar.articles


def _is_next(read: _Text, last: _Mention, mention: _Mention) -> bool:
    """Whether nothing but the phrase of the second stands behind the first."""
    first = last.at + len(last.name.split())
    return mention.start <= read.words[min(first, mention.at)].start


def _key(mention: _Mention) -> str:
    return mention.meaning.group if mention.meaning else mention.name.casefold().split()[0]


def _person(read: _Text, mention: _Mention) -> Person:
    word = read.words[mention.at]
    end = read.words[mention.at + len(mention.name.split()) - 1].end if mention.name else word.end
    meaning = mention.meaning
    spelt = _spelt(read, word, meaning) if meaning else mention.name
    return Person(
        label=spelt.upper(),
        head=meaning.english.split()[-1] if meaning else "",
        noun=spelt if meaning else "",
        phrase=read.text[mention.start : end],
        start=mention.start,
        end=end,
        being=being_of(meaning.english.split()[-1]) if meaning else "human",
        gender=_gender(meaning) if meaning else mention.gender,
        is_named=not meaning,
        described=_described(read, mention),
    )


def _spelt(read: _Text, word: Word, meaning: Meaning) -> str:
    """The noun by which somebody is named: as spelt, except in languages that bend nouns."""
    is_bent = not read.grammar.articles or read.grammar.has_endings_for_articles or read.grammar.has_capital_nouns
    return meaning.base if is_bent else word.text


def _gender(meaning: Meaning) -> Gender:
    if meaning.gender != "unknown" or meaning.kind == "animals":
        return meaning.gender
    head = meaning.english.split()[-1]
    return "female" if head in FEMALE_WORDS else "male" if head in MALE_WORDS else "unknown"


def _add(people: dict[str, Person], key: str, person: Person, mention: _Mention, read: _Text) -> None:
    """What a second mention says of somebody."""
    other = _person(read, mention)
    if other.is_named:
        person.label, person.phrase, person.is_named = other.label, other.phrase, True
        person.gender = person.gender if person.gender != "unknown" else other.gender
    else:
        person.head, person.noun, person.being = other.head, other.noun, other.being
        person.described = f"{person.described} {other.described}".strip()
        person.gender = other.gender if other.gender != "unknown" else person.gender
    person.end = max(person.end, other.end)
    people[key] = people[_key(mention)] = person


def _described(read: _Text, mention: _Mention) -> str:
    """In English: how old and how tall, whether man or woman, and what: "old man keeper"."""
    ahead = [word.text for word in read.words if mention.start <= word.start < read.words[mention.at].start]
    if mention.meaning is None:
        ahead = [read.words[mention.at - 1].text] if mention.at and read.gap(mention.at) == " " else []
    behind = (
        []
        if read.grammar.has_capital_nouns
        else [word.text for word in read.words[mention.at + 1 : mention.at + 1 + BEHIND]]
    )
    adjectives = [
        found.english for word in (*ahead, *behind) if (found := meaning_of(word, read.language, "adjectives"))
    ]
    gender = _gender(mention.meaning) if mention.meaning else mention.gender
    noun = mention.meaning.english if mention.meaning else ""
    return " ".join(filter(None, [*adjectives, _PERSONS.get(gender, ""), noun]))
