"""Which things a shot's words mention, and how to get them drawn: by hand where we can, else as icons.

The name of a thing is its name below, or ICON with the name of an icon.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from agents.animatic.drawing import handheld, icons, standing
from agents.animatic.drawing.svg import group, label, line, rect
from agents.animatic.vocabulary.foreign import in_english
from agents.animatic.vocabulary.senses import meant_in
from agents.animatic.vocabulary.things import Thing, things_in, words_for_things
from agents.animatic.wording import shortened

ICON = "icon:"
CARD = "card:"
GRIP = 0.4  # where an icon is held, of its height
LEAST_OF_VEHICLES = 1000.0  # how tall these are (things.toml), where a grown-up has as much
CARD_SIGNS = 26  # of the label on a card

Things = dict[str, tuple[str, Callable[[], str]]]  # name -> (words for it, how it is drawn)

# What gives light: (how far up from its grip or foot, radius, colour).
SHINING: dict[str, tuple[float, float, str]] = {
    "lantern": (-60, 620, "#ffc46b"),
    "candle": (70, 460, "#ffc46b"),
    "torch": (0, 420, "#fff3c4"),
    "phone": (20, 260, "#9fd8ff"),
    "crystal": (40, 420, "#7fe0ff"),
    "fire": (140, 900, "#ff9a4a"),
}

HELD: Things = {
    "lantern": (r"lanterns?|lamps?|oil lamp", handheld.lantern),
    "candle": (r"candles?|match(es)?", handheld.candle),
    "letter": (r"letters?|envelopes?|postcards?|invitation", handheld.letter),
    "map": (r"maps?|charts?|blueprints?", handheld.chart),
    "book": (r"books?|diary|diaries|journals?|notebooks?|logbooks?|novel", handheld.book),
    "paper": (r"papers?|notes?|documents?|pages?|poems?|telegrams?|contracts?|scrolls?|drawings?|newspapers?", handheld.paper),
    "phone": (r"phones?|smartphones?|mobile|telephone|texts|walkie-talkie", handheld.phone),
    "cup": (r"cups?|mugs?|coffee|tea|cocoa|drinks?", handheld.cup),
    "sword": (r"swords?|blades?", handheld.sword),
    "key": (r"keys?", handheld.key),
    "umbrella": (r"umbrellas?|parasol", handheld.umbrella),
    "flower": (r"flowers?|roses?|tulips?|bouquet|blossoms?|seeds?|seedlings?", handheld.flower),
    "guitar": (r"guitars?|lute|ukulele", handheld.guitar),
    "ball": (r"balls?", handheld.ball),
    "camera": (r"cameras?", handheld.camera),
    "torch": (r"torch(es)?|flashlights?", handheld.torch),
    "bag": (r"bags?|suitcases?|briefcases?|backpacks?|luggage|basket", handheld.bag),
    "photo": (r"photos?|photographs?|portraits?|picture", handheld.photo),
    "bottle": (r"bottles?|wine|potions?|medicine", handheld.bottle),
    "wrench": (r"wrench|spanner|tools?", handheld.wrench),
    "crystal": (r"crystals?|gems?|jewels?|diamonds?|orb|amulet", handheld.crystal),
    "pistol": (r"guns?|pistols?|revolvers?|rifles?|shotguns?", handheld.pistol),
    "box": (r"box(es)?", handheld.box),
}  # fmt: skip

PLACED: Things = {
    "boat": (r"(sail|life|fishing |rowing )?boats?|dinghy|ships?|canoe", standing.boat),
    "car": (r"cars?|automobiles?|sedan|limousine", standing.car),
    "dog": (r"dogs?|pupp(y|ies)|hounds?", standing.dog),
    "fox": (r"fox(es)?|coyotes?|jackals?", standing.fox),
    "wolf": (r"wol(f|ves)|husk(y|ies)", standing.wolf),
    "cat": (r"cats?|kittens?", standing.cat),
    "bird": (r"birds?|gulls?|seagulls?", standing.bird),
    "telescope": (r"telescopes?", standing.telescope),
    "tree": (r"trees?|oak|willow", standing.tree),
    "piano": (r"pianos?|organ", standing.piano),
    "chest": (r"chests?|crates?|treasure", standing.chest),
    "fire": (r"fires?|campfire|bonfire|flames?|burning", standing.fire),
    "robot": (r"robots?|androids?|drones?|machine", standing.robot),
    "bicycle": (r"bicycles?|bikes?", standing.bicycle),
    "rocket": (r"rockets?|spaceships?|shuttle", standing.rocket),
    "door": (r"doors?|doorway|gate", standing.door),
    "ship's wheel": (r"ship's wheel|ship’s wheel|ship wheel", standing.ships_wheel),
    "steering wheel": (r"steering wheel", standing.steering_wheel),
}  # fmt: skip

USUAL_HEIGHTS = {
    "boat": 560.0, "car": 370.0, "dog": 360.0, "fox": 360.0, "wolf": 360.0, "cat": 330.0, "bird": 700.0, "tree": 1000.0, "piano": 640.0,
    "door": 900.0, "ship's wheel": 700.0, "steering wheel": 540.0, "rocket": 760.0, "bicycle": 470.0, "chest": 280.0, "umbrella": 500.0, "sword": 400.0, "guitar": 420.0,
}  # fmt: skip


def seat() -> str:
    """A stool to sit on."""
    legs = line("M-74 -196 L-92 0 M74 -196 L92 0 M-84 -70 L84 -70", "#4f3728", 20)
    return legs + rect(-104, -222, 208, 36, "down(#a8784f,#6f4a32)", 14)


def draw(name: str) -> str:
    """The thing of that name: a small one at its grip, a large one on its foot.

    Raises: KeyError.
    """
    if name.startswith(ICON):
        return _icon(name.removeprefix(ICON))
    if name.startswith(CARD):
        return _card(name.removeprefix(CARD))
    return (HELD.get(name) or PLACED[name])[1]()


def height_of(name: str) -> float:
    """How tall it is drawn, about; 1000 is a grown-up."""
    if name.startswith(ICON):
        return _by_icon()[name.removeprefix(ICON)].height
    return USUAL_HEIGHTS.get(name, 560.0 if name in PLACED else 170.0)


def is_held(name: str) -> bool:
    """Whether it fits into a hand, and hangs at its grip."""
    return (
        name in HELD or name.startswith(CARD) or (name.startswith(ICON) and _by_icon()[name.removeprefix(ICON)].is_held)
    )


def is_vehicle(name: str) -> bool:
    """Whether it is too large for any room: a bus, a palm tree, a comet."""
    return name in ("car", "boat", "rocket") or (name.startswith(ICON) and height_of(name) >= LEAST_OF_VEHICLES)


def mentioned(words: str, among: Things) -> list[str]:
    """The things that the words mention, in their order there."""
    return [name for _, _, name in _by_hand(words, among)]


def things_mentioned(words: str, *, where: str = "") -> list[str]:
    """All things that the words mention, drawn by hand or as icons, in their order there. `where` is the name of the place."""
    return list(_things_mentioned(words, where))


@lru_cache(maxsize=512)
def _things_mentioned(words: str, where: str) -> tuple[str, ...]:
    words = in_english(words, "things")
    meant = list(meant_in(words, where=where))
    decided = [range(start, end) for start, end, _ in meant]
    drawn = [one for one in _by_hand(words, {**HELD, **PLACED}) if not any(one[0] in place for place in decided)]
    taken = [*decided, *(range(start, end) for start, end, _ in drawn)]
    found = [(start, name) for start, _, name in [*meant, *drawn] if name]
    found.extend(
        (mention.at, ICON + mention.thing.icon)
        for mention in things_in(words)
        if not any(mention.at in place for place in taken)
    )
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def card_for(words: str) -> str:
    """The name of a card that says the words, for what cannot be drawn."""
    return CARD + shortened(words, CARD_SIGNS)


def _by_hand(words: str, among: Things) -> list[tuple[int, int, str]]:
    found = [(_pattern(name).search(words), name) for name in among]
    return sorted((match.start(), match.end(), name) for match, name in found if match)


@lru_cache(maxsize=64)
def _pattern(name: str) -> re.Pattern[str]:
    words, _ = HELD.get(name) or PLACED[name]
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _by_icon() -> dict[str, Thing]:
    return {thing.icon: thing for thing in words_for_things().values()}


def _icon(name: str) -> str:
    thing = _by_icon()[name]
    drawing = icons.icon(name, thing.height)
    return group(drawing, y=thing.height * GRIP) if thing.is_held else drawing


def _card(words: str) -> str:
    """A card with words on it, as prop makers write them."""
    size = min(30.0, 250.0 / max(4, len(words)))
    return (
        rect(-132, -92, 270, 190, "#00000044", 10)
        + rect(-135, -95, 270, 190, "down(#fbf6e8,#e9dfc4)", 10)
        + rect(-123, -83, 246, 166, "#00000012", 6)
        + rect(-108, 46, 216, 3, "#b3a98c")
        + label(words.upper(), 0, size * 0.3, size, "#4a4038")
    )
