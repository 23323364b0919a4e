"""The backdrops: every kind of place that can be painted, and the only list of words for places.

To add one, write a function that paints it, under `@inside` or `@outside`, in one of the modules of this folder. That
is all: the name of the function is its name, and the decorator holds its words.

    @inside(
        worlds={"village": "barn*, stable"},   # words that an idea may use, by the world that they suggest (worlds.toml)
        also="hayloft, cow shed*",             # further words by which the name of a place is recognised
    )
    def barn(scene: Scenery) -> None:

A word is whole ("den" is not in "Denmark street"), unless an asterisk allows any ending ("school*": "schoolyard").
Whether a word of `worlds` stands for a room or a landscape where nothing else says so, is told by the decorator.

The first backdrop that fits the name of a place is taken: the modules in the order below, each from top to bottom. What
is special stands ahead of what is general. The painters make vector strings only: to know the words costs no pictures.
"""

from types import ModuleType

from agents.animatic.drawing.backdrops import (
    countryside,
    daily_rooms,
    fallbacks,
    general_rooms,
    landmarks,
    public_rooms,
    space,
    special_rooms,
    town,
    waterside,
)
from agents.animatic.drawing.backdrops.record import Backdrop, Fallback

ROOMS = (special_rooms, daily_rooms, public_rooms, general_rooms)
LANDSCAPES = (space, waterside, landmarks, countryside, town)


def _in(*modules: ModuleType) -> tuple[Backdrop, ...]:
    return tuple(found for module in modules for found in vars(module).values() if isinstance(found, Backdrop))


BACKDROPS = _in(*ROOMS, *LANDSCAPES)
FALLBACKS: tuple[Fallback, ...] = (fallbacks.ANY_ROOM, fallbacks.ANY_LANDSCAPE)
