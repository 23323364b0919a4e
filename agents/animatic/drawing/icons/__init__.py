"""Seven hundred drawings of things, animals and vehicles: Fluent Emoji by Microsoft (MIT, see LICENSE), made by script/icons.

Which words mean which of them stands in vocabulary/things.toml. The file is read when the first one is drawn.
"""

import json
import lzma
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from agents.animatic.drawing.svg import group

FILE = Path(__file__).parent / "icons.json.xz"
SIDE = 32.0  # of every drawing, in its own units
FOOT = 1.2  # how far above its lower edge most of them stand
COLOUR = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])")


@lru_cache(maxsize=1)
def _bodies() -> dict[str, str]:
    with lzma.open(FILE) as file:
        bodies: dict[str, str] = json.load(file)
    return bodies


def names() -> frozenset[str]:
    """What can be drawn."""
    return frozenset(_bodies())


@lru_cache(maxsize=256)
def icon(name: str, height: float) -> str:
    """The drawing, `height` units tall, its foot at (0, 0). Animals and vehicles look to the left.

    Raises: KeyError.
    """
    scale = height / SIDE
    return group(_bodies()[name], x=-height / 2, y=-(SIDE - FOOT) * scale, scale=scale)


def tinted(drawing: str, on: Callable[[str], str]) -> str:
    """The drawing with all of its colours in another light."""
    return COLOUR.sub(lambda colour: on(_long(colour[0])), drawing)


def _long(colour: str) -> str:
    """ "#fa0" as "#ffaa00"."""
    return colour if len(colour) == len("#rrggbb") else "#" + "".join(sign * 2 for sign in colour[1:])
