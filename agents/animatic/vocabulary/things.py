"""Which words mean which of the drawn things (things.toml), and where a text speaks of them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agents.animatic.datafiles import read_toml, word_set

LONGEST_NAME = 3  # words
NEAR = 3  # words between "a" and the noun that it belongs to

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[.,;:!?]")
_ARTICLES = word_set(
    """a an the his her their my your its our this that these those one two three four five six seven some no every
    each another another's of with without"""
)


class Thing(NamedTuple):
    """What can be drawn as an icon."""

    icon: str  # its name in drawing/icons
    height: float  # where a grown-up has 1000
    is_held: bool  # small enough for a hand


class Mention(NamedTuple):
    """A thing in a text: where it starts, in characters, and its words there."""

    at: int
    thing: Thing
    words: str


class _Entry(NamedTuple):
    thing: Thing
    is_careful: bool  # a verb or something else as well: it counts behind an article only


@lru_cache(maxsize=1)
def _entries() -> dict[str, _Entry]:
    entries: dict[str, _Entry] = {}
    for group in read_toml(__file__, "things.toml").values():
        for row in filter(None, group["icons"].splitlines()):
            name, _, words = row.partition(":")
            thing = Thing(name, group["height"], group.get("held", False))
            for word in words.split(",") if words else [name.replace("-", " ")]:
                plain = word.strip()
                entries[plain.removeprefix("~")] = _Entry(thing, plain.startswith("~"))
    return entries


def icons() -> frozenset[str]:
    """The names of all icons that a word leads to."""
    return frozenset(entry.thing.icon for entry in _entries().values())


def words_for_things() -> dict[str, Thing]:
    """Every word that leads to an icon."""
    return {word: entry.thing for word, entry in _entries().items()}


def things_in(text: str) -> list[Mention]:
    """The things that a text speaks of, each once, in their order there."""
    found: dict[str, Mention] = {}
    for mention in _mentions(text):
        found.setdefault(mention.thing.icon, mention)
    return list(found.values())


def _mentions(text: str) -> Iterator[Mention]:
    tokens = [(match.start(), match[0].casefold()) for match in _TOKEN.finditer(text)]
    skip_to = 0
    for position, (at, _) in enumerate(tokens):
        if position < skip_to:
            continue
        for length in range(LONGEST_NAME, 0, -1):
            name = " ".join(word for _, word in tokens[position : position + length])
            entry = _entry(name)
            if entry and (not entry.is_careful or _is_noun(tokens, position)):
                skip_to = position + length
                yield Mention(at, entry.thing, name)
                break


def _entry(name: str) -> _Entry | None:
    """That of a word, also of its plural: "apples", "watches", "berries"."""
    entries = _entries()
    for ending, instead in (("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("’s", ""), ("'s", "")):
        if name.endswith(ending):
            entry = entries.get(name.removesuffix(ending) + instead)
            # The plural of a verb's noun is the verb: "she watches".
            if entry and not (ending in ("s", "es") and entry.is_careful):
                return entry
    return None


def _is_noun(tokens: list[tuple[int, str]], position: int) -> bool:
    """Whether an article, a number or an owner stands closely ahead."""
    for _, word in reversed(tokens[max(0, position - NEAR) : position]):
        if word in _ARTICLES or word.endswith(("'s", "’s")):
            return True
        if not word[0].isalpha():
            return False
    return False
