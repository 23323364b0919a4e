"""Which things a shot's words mention, and how to get them drawn."""

import re
from collections.abc import Callable

from agents.animatic.drawing import handheld, standing
from agents.animatic.drawing.svg import line, rect

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
    "phone": (r"phones?|smartphones?|mobile|telephone|texts|radio|walkie", handheld.phone),
    "cup": (r"cups?|mugs?|coffee|tea|cocoa|soup|drinks?", handheld.cup),
    "sword": (r"swords?|blades?|knife|knives|daggers?", handheld.sword),
    "key": (r"keys?", handheld.key),
    "umbrella": (r"umbrellas?|parasol", handheld.umbrella),
    "flower": (r"flowers?|roses?|tulips?|bouquet|blossoms?|seeds?|seedlings?", handheld.flower),
    "guitar": (r"guitars?|violins?|banjo|lute|ukulele", handheld.guitar),
    "ball": (r"balls?|football|apples?|orange", handheld.ball),
    "camera": (r"cameras?", handheld.camera),
    "torch": (r"torch(es)?|flashlights?", handheld.torch),
    "bag": (r"bags?|suitcases?|briefcases?|backpacks?|luggage|basket", handheld.bag),
    "photo": (r"photos?|photographs?|portraits?|picture", handheld.photo),
    "bottle": (r"bottles?|wine|potions?|medicine", handheld.bottle),
    "wrench": (r"wrench|spanner|hammers?|tools?|screwdriver", handheld.wrench),
    "crystal": (r"crystals?|gems?|jewels?|diamonds?|orb|stones?|amulet", handheld.crystal),
    "box": (r"box(es)?|gifts?|presents?|parcels?|packages?", handheld.box),
}  # fmt: skip

PLACED: Things = {
    "boat": (r"(sail|fishing |rowing )?boats?|dinghy|ships?|canoe", standing.boat),
    "car": (r"cars?|taxi|van|truck", standing.car),
    "dog": (r"dogs?|pupp(y|ies)|hound|wolf|fox", standing.dog),
    "cat": (r"cats?|kittens?", standing.cat),
    "bird": (r"birds?|gulls?|seagulls?|doves?|ravens?|owl|pigeon", standing.bird),
    "telescope": (r"telescopes?", standing.telescope),
    "tree": (r"trees?|oak|willow", standing.tree),
    "piano": (r"pianos?|organ", standing.piano),
    "chest": (r"chests?|trunks?|crates?|treasure", standing.chest),
    "fire": (r"fires?|campfire|bonfire|flames?|burning", standing.fire),
    "robot": (r"robots?|androids?|drones?|machine", standing.robot),
    "bicycle": (r"bicycles?|bikes?", standing.bicycle),
    "rocket": (r"rockets?|spaceships?|shuttle", standing.rocket),
    "door": (r"doors?|doorway|gate", standing.door),
}  # fmt: skip


def seat() -> str:
    """A stool to sit on."""
    legs = line("M-74 -196 L-92 0 M74 -196 L92 0 M-84 -70 L84 -70", "#4f3728", 20)
    return legs + rect(-104, -222, 208, 36, "down(#a8784f,#6f4a32)", 14)


def draw(name: str) -> str:
    """The thing of that name.

    Raises: KeyError.
    """
    return (HELD.get(name) or PLACED[name])[1]()


def mentioned(words: str, among: Things) -> list[str]:
    """The things that the words mention, in their order there."""
    found = {name: re.search(rf"\b({pattern})\b", words, re.IGNORECASE) for name, (pattern, _) in among.items()}
    return sorted((name for name, match in found.items() if match), key=lambda name: found[name].start())  # type: ignore[union-attr]
