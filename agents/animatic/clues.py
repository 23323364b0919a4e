"""Tells what kind of place it is of which the name says nothing, by what stands there and who works there (vocabulary/clues.toml)."""

import re
from functools import lru_cache

from msgspec.structs import replace

from agents.animatic.datafiles import read_toml, word_set
from agents.animatic.film import Setting
from agents.animatic.places import is_known
from agents.animatic.vocabulary import FOLDER

FEWEST_CLUES = 2  # different words
_WORD = re.compile(r"[^\W\d_]+")


def told_by(setting: Setting, action: str) -> Setting:
    """The setting with the kind of place added to its name where no word of it is known: "The Zone" is "The Zone, forest".

    As it is where the action does not tell, or tells of two kinds alike.
    """
    if is_known(setting):
        return setting
    words = {match[0].casefold() for match in _WORD.finditer(action)}
    words |= {word.removesuffix("s") for word in words}
    counted = sorted(((len(clues & words), kind) for kind, clues in _clues(setting.interior).items()), reverse=True)
    (most, kind), (next_most, _) = counted[:2]
    if most < FEWEST_CLUES or most == next_most:
        return setting
    return replace(setting, place=f"{setting.place}, {kind}")


def kinds(interior: bool) -> list[str]:  # noqa: FBT001 - as Setting has it
    """The kinds of place that can be told."""
    return list(_clues(interior))


@lru_cache(maxsize=2)
def _clues(interior: bool) -> dict[str, frozenset[str]]:  # noqa: FBT001 - lru_cache counts keywords apart
    lists: dict[str, str] = read_toml(FOLDER, "clues.toml")["inside" if interior else "outside"]
    return {kind: frozenset(word.removesuffix("s") for word in word_set(words)) for kind, words in lists.items()}
