"""Finds what somebody wears by trade and period, where the text says nothing of it (costumes.toml)."""

from functools import lru_cache
from typing import NamedTuple, get_args

from agents.animatic.characters.natures import called
from agents.animatic.datafiles import read_toml, word_set
from agents.animatic.film import Accessory, Gender, Outfit, Period
from agents.animatic.seeded_choice import seeded_choice

# By period, for men, for women: outfits; then what they may wear besides.
EVERYDAY: dict[Period, tuple[tuple[Outfit, ...], tuple[Outfit, ...]]] = {
    "medieval": (("tunic",), ("gown",)),
    "19th_century": (("frock_coat", "waistcoat", "waistcoat"), ("long_dress",)),
    "future": (("jumpsuit", "high_collar"), ("jumpsuit", "high_collar")),
}
BESIDES: dict[Period, tuple[tuple[Accessory, ...], tuple[Accessory, ...]]] = {
    "medieval": (("none", "hood", "cloak", "none"), ("none", "cloak", "hood", "none")),
    "19th_century": (("top_hat", "bowler", "cap", "none"), ("bonnet", "none", "none")),
    "future": (("none",), ("none",)),
}


class Costume(NamedTuple):
    """What somebody wears. "" for what is left open."""

    outfit: Outfit | None = None
    wears: tuple[Accessory, ...] = ()
    top: str = ""
    bottom: str = ""
    accessory_colour: str = ""


NOTHING = Costume()


class _Record(NamedTuple):
    trades: frozenset[str]
    periods: frozenset[str]
    mens: Costume
    womens: Costume


def costume_of(name: str, description: str, *, period: Period, gender: Gender, is_child: bool = False) -> Costume:
    """By trade, else as people of the period; NOTHING for those of today without a trade that shows."""
    by_trade = _by_trade(called(name, description), period, gender)
    if by_trade and (by_trade.outfit or period == "today"):
        return by_trade
    usual = _of_the_period(name, period, gender, is_child=is_child)
    return usual._replace(wears=by_trade.wears) if by_trade else usual


def _by_trade(words: frozenset[str], period: Period, gender: Gender) -> Costume | None:
    found = next((record for record in _records() if record.trades & words and period in record.periods), None)
    if found is None:
        return None
    return found.womens if gender == "female" else found.mens


def _of_the_period(name: str, period: Period, gender: Gender, *, is_child: bool) -> Costume:
    if period not in EVERYDAY:
        return NOTHING
    is_woman = gender == "female"
    besides = BESIDES[period][is_woman]
    worn = seeded_choice(besides, name, "besides") if not is_child else "none"
    return Costume(seeded_choice(EVERYDAY[period][is_woman], name, "outfit"), (worn,))


@lru_cache(maxsize=1)
def _records() -> tuple[_Record, ...]:
    return tuple(_record(**record) for record in read_toml(__file__, "costumes.toml")["costume"])


def _record(trades: str, outfit: str, periods: str = "", womens: str = "", wears: str = "", top: str = "", bottom: str = "", cloak: str = "") -> _Record:  # fmt: skip
    worn = tuple(one for one in get_args(Accessory) if one in wears.split())
    mens = Costume(_outfit(outfit), worn, top, bottom, cloak)
    without_top_hat = tuple(one for one in worn if one not in ("top_hat", "beard"))
    return _Record(
        trades=word_set(trades),
        periods=word_set(periods) or frozenset(get_args(Period)),
        mens=mens,
        womens=mens._replace(outfit=_outfit(womens) or mens.outfit, wears=without_top_hat),
    )


def _outfit(name: str) -> Outfit | None:
    return next((one for one in get_args(Outfit) if one == name), None)
