"""The backdrops: every kind of place that can be painted, and the only list of words for places.

To add one, write a function that paints it, under `@inside` or `@outside`, in one of the modules of this folder. That
is all: the name of the function is its name, and the decorator holds its words.

    @inside(
        worlds={"village": "barn, stable"},    # words that an idea may use, by the world that they suggest (worlds.toml)
        also="hayloft, cow shed",              # further words by which the name of a place is recognised
    )
    def barn(scene: Scenery) -> None:

A word is whole ("den" is not in "Denmark street") and stands for its plural, too; an asterisk allows any ending, for
languages that bend or join their words ("schul*": "Schulhof"). Whether a word of `worlds` stands for a room or a landscape where nothing else says so, is told by the decorator.

Which backdrop a place gets is told by places.py: the last word that is known decides, as in "police station", and the longer
of two that end there. `is_general=True` steps back behind all others: "Delaney house, kitchen" is a kitchen. Of two
backdrops that fit alike the first is taken: the modules in the order below, each from top to bottom. The painters make
vector strings only: to know the words costs no pictures.
"""

from types import ModuleType

from agents.animatic.drawing.backdrops import (
    aboard,
    buildings,
    carriages,
    countryside,
    daily_rooms,
    furnished_rooms,
    general_rooms,
    landmarks,
    open_air,
    public_rooms,
    space,
    special_rooms,
    town,
    waterside,
)
from agents.animatic.drawing.backdrops.record import Backdrop

ROOMS = (special_rooms, daily_rooms, furnished_rooms, carriages, aboard, public_rooms, general_rooms)
LANDSCAPES = (space, waterside, landmarks, open_air, countryside, town, buildings)


def _in(*modules: ModuleType) -> tuple[Backdrop, ...]:
    return tuple(found for module in modules for found in vars(module).values() if isinstance(found, Backdrop))


BACKDROPS = _in(*ROOMS, *LANDSCAPES)
NEUTRAL_ROOM, NEUTRAL_LANDSCAPE = furnished_rooms.plain_room, open_air.open_ground  # where nothing is known
FRONT_OF_A_BUILDING = buildings.building  # of a house that is known from inside only
INN = public_rooms.cafe
SHIP, SHIPS_BRIDGE, SPACESHIP = aboard.ship, aboard.ships_bridge, special_rooms.spaceship
