"""Tells which of two things a word means, by other words in the same shot (senses.toml)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agents.animatic.datafiles import read_toml, word_set

ANY_ENDING = "*"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class Meant(NamedTuple):
    """What a word means where it stands: from `start` to `end`, in characters. `thing` is "" for nothing that could be drawn."""

    start: int
    end: int
    thing: str


class _Sense(NamedTuple):
    whole: frozenset[str]
    beginnings: tuple[str, ...]
    counts_place: bool
    thing: str

    def fits(self, near: frozenset[str], around: frozenset[str]) -> bool:
        """Whether one of the words near it, or of the name of the place, belongs to this sense."""
        words = near | around if self.counts_place else near
        return bool(self.whole & words) or any(word.startswith(self.beginnings) for word in words)


def meant_in(text: str, *, where: str) -> Iterator[Meant]:
    """The words of the text that have another sense here than usual. `where` is the name of the place."""
    found = [(match.start(), match.end(), match[0].casefold()) for match in _WORD.finditer(text)]
    around = frozenset(match[0].casefold() for match in _WORD.finditer(where))
    for number, (start, end, word) in enumerate(found):
        senses = _senses().get(word) or _senses().get(word.removesuffix("s"))
        if senses:
            near = frozenset(other for at, (_, _, other) in enumerate(found) if at != number) - {word}
            yield from [Meant(start, end, sense.thing) for sense in senses if sense.fits(near, around)][:1]


@lru_cache(maxsize=1)
def _senses() -> dict[str, list[_Sense]]:
    senses: dict[str, list[_Sense]] = {}
    for record in read_toml(__file__, "senses.toml")["sense"]:
        near = word_set(record["near"])
        open_ended = tuple(word.removesuffix(ANY_ENDING) for word in sorted(near) if word.endswith(ANY_ENDING))
        whole = frozenset(word for word in near if not word.endswith(ANY_ENDING))
        for word in record["words"].split():
            senses.setdefault(word, []).append(_Sense(whole, open_ended, record.get("place", False), record["thing"]))
    return senses


def things() -> frozenset[str]:
    """All that a sense leads to."""
    return frozenset(sense.thing for senses in _senses().values() for sense in senses) - {""}
