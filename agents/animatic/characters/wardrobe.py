"""Chooses what somebody wears: what the text says, else what goes with trade and period, else by a seeded choice from the name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from agents.animatic.characters.costumes import Costume, costume_of
from agents.animatic.characters.descriptions import (
    ACCESSORIES,
    GARMENTS,
    HEADWEAR,
    IN_ITS_PERIOD,
    LEGWEAR,
    colour_ahead_of,
    words_of,
)
from agents.animatic.characters.natures import called
from agents.animatic.datafiles import word_set
from agents.animatic.film import Accessory, Age, Gender, Outfit, Period
from agents.animatic.seeded_choice import seeded_choice
from agents.animatic.vocabulary import COLOURS

_UNIFORMED = word_set("police guard sheriff lifeguard postman postwoman ranger")
_OUTDOOR = word_set("keeper fisherman sailor explorer detective hunter ferryman traveller ranger")
_ACCESSORIES_OF_TRADES: dict[str, Accessory] = {  # where nothing is named
    "librarian": "glasses", "professor": "glasses", "scientist": "glasses", "witch": "pointed_hat", "wizard": "beard",
    "postman": "cap", "conductor": "cap", "sailor": "cap", "detective": "hat", "magician": "top_hat",
}  # fmt: skip
# What one of a trade wears of this kind: a knight's helmet is no builder's.
_UNSPECIFIC: dict[Accessory, frozenset[Accessory]] = {
    "hard_hat": frozenset({"helm", "steel_helmet", "space_helmet"}),
    "hat": frozenset({"pointed_hat", "cowboy_hat", "straw_hat", "tricorne", "chef_hat", "top_hat", "bowler"}),
    "cap": frozenset({"peaked_cap"}),
}

_ON_HEADS = frozenset(get_args(Accessory)) - {"none", "glasses", "scarf", "beard", "cloak", "jabot", "eye_patch"}


@dataclass(frozen=True, slots=True)
class Clothes:
    """What somebody wears. Colours are "#rrggbb"; "" for one that the film chooses. `accessories` is never empty: ["none"]."""

    outfit: Outfit
    accessories: list[Accessory]
    top: str
    bottom: str
    accessory_colour: str


def clothes_of(name: str, description: str, *, period: Period, gender: Gender, age: Age) -> Clothes:
    """The clothes of a person, or of an animal that acts like one."""
    words = words_of(f"{name} {description}")
    costume = costume_of(name, description, period=period, gender=gender, is_child=age == "child")
    garment = _garment(words, period)
    is_costumed = garment in (None, costume.outfit)
    return Clothes(
        outfit=garment or costume.outfit or _everyday(name, called(name, description), gender),
        accessories=_accessories(name, description, costume, gender, age),
        top=_colour(words, tuple(GARMENTS)) or (costume.top if is_costumed else ""),
        bottom=_colour(words, LEGWEAR) or (costume.bottom if is_costumed else ""),
        accessory_colour=_colour(words, HEADWEAR) or costume.accessory_colour,
    )


def _garment(words: Sequence[str], period: Period) -> Outfit | None:
    """The first that is named, as it was worn then; "on top of the hill" is none."""
    named = (word for word in words if word in GARMENTS and (word != "top" or _colour(words, ("top",))))
    garment = next((GARMENTS[word] for word in named), None)
    return IN_ITS_PERIOD.get((garment, period), garment) if garment else None


def _everyday(name: str, trades: frozenset[str], gender: Gender) -> Outfit:
    if trades & _UNIFORMED:
        return "uniform"
    if trades & _OUTDOOR:
        return "coat"
    if trades & {"ballerina", "fairy"}:
        return "dress"
    return seeded_choice(
        ("shirt", "dress", "hoodie", "coat") if gender == "female" else ("shirt", "hoodie", "coat"), name, "outfit"
    )


def _accessories(name: str, description: str, costume: Costume, gender: Gender, age: Age) -> list[Accessory]:
    """What they wear, first named first; what goes with the trade or the period, or one by a seeded choice, where nothing is named."""
    words = words_of(f"{name} {description}")
    named = {_specific(ACCESSORIES[word], costume): None for word in words if word in ACCESSORIES}
    if gender == "female" and age != "old":
        named.pop("beard", None)
    is_hatted = bool(_ON_HEADS & set(named))
    besides = [worn for worn in costume.wears if worn != "none" and not (is_hatted and worn in _ON_HEADS)]
    if named or costume.wears:
        return list(dict.fromkeys([*named, *besides])) or ["none"]
    trades = called(name, description)
    usual = next((worn for trade, worn in _ACCESSORIES_OF_TRADES.items() if trade in trades), None)
    if usual:
        return [usual]
    if age == "child":
        return ["none"]
    if gender == "male" and age == "old":
        return [seeded_choice(("beard", "glasses", "hat"), name, "accessory")]
    return [seeded_choice(("none", "none", "glasses", "scarf", "none"), name, "accessory")]


def _specific(worn: Accessory, costume: Costume) -> Accessory:
    """ "A knight with a helmet": the one that goes with the trade."""
    return next((one for one in costume.wears if one in _UNSPECIFIC.get(worn, ())), worn)


def _colour(words: Sequence[str], nouns: tuple[str, ...]) -> str:
    return COLOURS.get(colour_ahead_of(words, nouns, COLOURS), "")
