"""The worlds that stories play in: where one can go there, what it looks and sounds like, what stands in the way, who lives there.

To add one, add its table to worlds.toml, which says what belongs into it.
"""

from typing import Any, NamedTuple

from agents.animatic.datafiles import read_toml, word_set

DEFAULT_GENRE = "drama"


class World(NamedTuple):
    """Building blocks for scenes in one kind of place."""

    places: tuple[tuple[str, bool], ...]  # name and whether it has a roof
    indoors: tuple[str, ...]  # what one sees and hears there, in whole sentences
    outdoors: tuple[str, ...]
    obstacle: str  # a noun phrase with "the"
    thing: str  # what a story turns on where the idea names nothing
    helpers: tuple[str, ...]  # a trade, with its article
    hints: frozenset[str]  # words of an idea that lean to it
    genre: str  # that it suggests where no word does


def _world(table: dict[str, Any]) -> World:
    return World(
        places=tuple((place["name"], place["interior"]) for place in table["places"]),
        indoors=tuple(table["indoors"]),
        outdoors=tuple(table["outdoors"]),
        obstacle=table["obstacle"],
        thing=table["thing"],
        helpers=tuple(table["helpers"]),
        hints=word_set(table.get("hints", "")),
        genre=table.get("genre", DEFAULT_GENRE),
    )


_FILE = read_toml(__file__, "worlds.toml")
USUAL_WORLDS: tuple[str, ...] = tuple(_FILE.pop("usual"))
WORLDS: dict[str, World] = {name: _world(table) for name, table in _FILE.items()}

WEATHER_INDOORS = {
    "rain": "Rain runs down the glass.", "snow": "Snow has shut the window with white.", "fog": "Behind the window there is nothing but grey.",
    "storm": "The storm shakes the shutters.", "cloudy": "Grey light, no shadows.",
}  # fmt: skip
WEATHER_OUTDOORS = {
    "rain": "Rain falls in long grey threads.", "snow": "Snow falls and swallows every sound.", "fog": "Fog. Things have edges only when one touches them.",
    "storm": "The storm tears at everything that is not tied down.", "cloudy": "Low clouds hurry over the land.",
}  # fmt: skip
