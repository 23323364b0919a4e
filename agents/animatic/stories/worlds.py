"""The worlds that places belong to: the sea, a school, space. To add one, add its table to worlds.toml."""

from typing import NamedTuple

from agents.animatic.datafiles import read_toml

DEFAULT_GENRE = "drama"


class World(NamedTuple):
    """What a world says of the stories that play in it."""

    genre: str


WORLDS: dict[str, World] = {
    name: World(table.get("genre", DEFAULT_GENRE)) for name, table in read_toml(__file__, "worlds.toml").items()
}
