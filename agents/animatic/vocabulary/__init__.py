"""The words that the animatic knows: times, weathers, beings, trades, people, names, colours (words.toml), and animals.

To add a word, add it to its list in words.toml. To add an animal, add its line to animals.toml. Words for places stand
with the backdrops (drawing/backdrops), those for genres and worlds with the stories.
"""

from typing import NamedTuple, get_args

from agents.animatic.datafiles import read_toml, word_set
from agents.animatic.film import Period, TimeOfDay, Weather


class Animal(NamedTuple):
    """What there is to know about a kind of animal."""

    coat: str = ""  # "#rrggbb"; "" for one to which the writer gives no part
    head: str = ""  # how its head is drawn (drawing/creatures.py)
    body: str = ""  # the icon that it is drawn as, whole (drawing/icons); "" for one with a head, or a plain shape
    height: float = 0.6  # of its body, where a grown-up has 1.0
    lift: float = 0.0  # how far above the ground it flies


FOLDER = __file__  # beside which the other lists of words stand
_FILE = read_toml(__file__, "words.toml")
_PEOPLE: dict[str, str] = _FILE["people"]
_NAMES: dict[str, str] = _FILE["names"]

TIMES: dict[str, TimeOfDay] = {word: time for time in get_args(TimeOfDay) for word in _FILE["times"][time].split()}
UNTIMED = word_set(_FILE["times"]["untimed"])
WEATHERS: dict[str, Weather] = {
    word: weather for weather in get_args(Weather) for word in _FILE["weathers"].get(weather, "").split()
}

ALL_ANIMALS = {name: Animal(**record) for name, record in read_toml(__file__, "animals.toml").items()}
ANIMALS = {name: animal.coat for name, animal in ALL_ANIMALS.items() if animal.coat}  # those that have parts in stories
SILHOUETTES: dict[str, str] = {  # animals that are plain shapes -> the kind of the shape
    word: kind for kind, words in _FILE["silhouettes"].items() for word in words.split()
}
ROBOTS = word_set(_FILE["beings"]["robots"])
SPIRITS = word_set(_FILE["beings"]["spirits"])
CREATURES = frozenset(ALL_ANIMALS) | word_set(_FILE["beings"]["animals"])
TRADES = word_set(_FILE["beings"]["trades"])

MALE_WORDS = word_set(_PEOPLE["male"])
FEMALE_WORDS = word_set(_PEOPLE["female"])
OLD_WORDS = word_set(_PEOPLE["old"])
CHILD_WORDS = word_set(_PEOPLE["child"])
YOUNG_WORDS = word_set(_PEOPLE["young"])

COLOURS: dict[str, str] = _FILE["colours"]
HAIR_COLOURS: dict[str, str] = _FILE["hair_colours"]
PERIODS: dict[str, Period] = {
    word.strip(): period
    for period in get_args(Period)
    for word in _FILE["periods"].get(period, "").replace("\n", " ").split(",")
    if word.strip()
}


def _names(kind: str) -> tuple[str, ...]:
    """In the order of the list, each once."""
    return tuple(dict.fromkeys(_NAMES[kind].split()))


FEMALE_NAMES = _names("female")
MALE_NAMES = _names("male")
ROBOT_NAMES = _names("robot")
ANIMAL_NAMES = _names("animal")
