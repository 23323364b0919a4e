"""Gives each character a look: from the words about them first, the rest by a seeded choice from their name."""

import colorsys
import re
from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from agents.animatic.characters.descriptions import HAIR_NOUNS, colour_ahead_of, words_of
from agents.animatic.characters.natures import nature_of
from agents.animatic.characters.wardrobe import clothes_of
from agents.animatic.film import Age, Gender, Look, Outfit, Period
from agents.animatic.screenplays.people import position_of
from agents.animatic.seeded_choice import seeded_choice, seeded_random
from agents.animatic.vocabulary import (
    ALL_ANIMALS,
    CHILD_WORDS,
    COLOURS,
    FEMALE_NAMES,
    FEMALE_WORDS,
    HAIR_COLOURS,
    MALE_NAMES,
    MALE_WORDS,
    OLD_WORDS,
    YOUNG_WORDS,
    Animal,
)

GOLDEN_ANGLE = 0.381966  # of a turn: hues this far apart never come close to one another

SKINS = ("#f3d3bd", "#e6b998", "#d19f7a", "#b67c55", "#8d5a3a", "#68412b", "#f0c8a8", "#a56b46")
HAIRS = ("#2a2320", "#4a3225", "#6e4a2c", "#8c3f22", "#1d1d22", "#b98a4b", "#5a3b2e", "#3b2f2a")
GREY_HAIRS = ("#cfcfd2", "#b4b6bb", "#e4e2dc")
BRIGHT = (0.55, 0.62)  # saturation and lightness of clothes
_DYES: dict[Outfit, tuple[float, float]] = {  # of those that are not as bright
    "tunic": (0.42, 0.42), "gown": (0.45, 0.44), "robe": (0.35, 0.4), "frock_coat": (0.3, 0.32), "waistcoat": (0.42, 0.4), "long_dress": (0.42, 0.44),
    "suit": (0.18, 0.3), "jumpsuit": (0.36, 0.46), "high_collar": (0.34, 0.36),
}  # fmt: skip
ROBOT_SKIN = "#aab4bd"
COATS = ("#8a6a4a", "#7d8088", "#a98f6a", "#5f5a54", "#b59a78")  # of animals whose own colour is not known

_AGE = re.compile(
    r"(?:\b|\()(?:aged? |in (?:his|her|their) (?:early |mid |late )?)?(\d{1,2})(?:s\b|[ -]years?[ -]old|(?=[,)])|$)"
)
AGES_AHEAD: dict[str, Age] = {  # words ahead of a name
    "YOUNG": "young", "TEENAGE": "young", "TEEN": "young", "LITTLE": "child", "BABY": "child", "CHILD": "child", "KID": "child",
    "OLD": "old", "OLDER": "old", "ELDERLY": "old", "ADULT": "adult",
}  # fmt: skip
_AGE_NOW = re.compile(r",? {0,2}\(?(?:NOW|AGED|AT|AGE)? ?(?P<years>\d{1,2})(?=[,).S ]|$)")
_NUMBERS = {"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip
_NUMBER_WORDS = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})(?=[ -]years?[ -]old)", re.IGNORECASE)
_HAIR_PEOPLE = {
    "blonde": "blonde",
    "blond": "blond",
    "brunette": "brunette",
    "redhead": "red",
    "redheaded": "red",
    "ginger": "ginger",
}
_HAIR_STYLES: dict[str, Literal["short", "long", "bun", "curly", "bald", "ponytail"]] = {
    "bald": "bald", "balding": "bald", "shaven": "bald", "shaven-headed": "bald", "curly": "curly", "curls": "curly", "frizzy": "curly",
    "afro": "curly", "curly-haired": "curly", "ponytail": "ponytail", "braid": "ponytail", "braids": "ponytail", "plait": "ponytail",
    "plaits": "ponytail", "pigtails": "ponytail", "bun": "bun", "chignon": "bun", "long-haired": "long", "short-haired": "short",
    "cropped": "short", "crew-cut": "short",
}  # fmt: skip

_WOMENS_WEAR = frozenset(
    {"dress", "gown", "skirt", "blouse", "bikini", "nightgown", "wedding-dress", "blonde", "brunette"}
)


def look_of(name: str, description: str, *, position: int, film: str = "", period: Period = "today") -> Look:
    """The look of a character.

    `position` is the place in the cast: it keeps the colours of their clothes apart. `film` is the title: it has colours of its own.
    `period` is that in which the film plays, mostly: its clothes are worn.
    """
    words = words_of(f"{name} {description}")
    nature = nature_of(name, description)
    if nature.kind == "robot":
        return _robot(name, words, position, film)
    if nature.kind == "animal":
        return _animal(name, description, nature.animal, position, film, period)
    return _person(name, description, position, film, period)


def _person(name: str, description: str, position: int, film: str, period: Period) -> Look:
    words = words_of(f"{name} {description}")
    age = age_of(description, words)
    gender = gender_of(name, words_of(description))
    worn = clothes_of(name, description, period=period, gender=gender, age=age)
    hair = HAIR_COLOURS.get(colour_ahead_of(words, HAIR_NOUNS, HAIR_COLOURS) or _hair_word(words), "")
    return Look(
        skin=seeded_choice(SKINS, name, "skin"),
        hair=hair or seeded_choice(GREY_HAIRS if age == "old" else HAIRS, name, "hair"),
        hair_style=_hair_style(name, words, gender, age),
        top=worn.top or _hue(position, film, *_DYES.get(worn.outfit, BRIGHT)),
        bottom=worn.bottom or _hue(position + 2, film, 0.25, 0.32),
        height=_height(name, words, age, gender),
        build=_build(name, words),
        age=age,
        outfit=worn.outfit,
        accessory=worn.accessories[0],
        also=worn.accessories[1:],
        accessory_colour=worn.accessory_colour,
    )


def _animal(name: str, description: str, animal: str, position: int, film: str, period: Period) -> Look:
    """An animal in its own colour, or in the one that is named: "a white horse"."""
    words = words_of(f"{name} {description}")
    worn = clothes_of(name, description, period=period, gender="unknown", age="child")
    record = ALL_ANIMALS.get(animal, Animal())
    coat = COLOURS.get(colour_ahead_of(words, (animal,), COLOURS), "") or record.coat or seeded_choice(COATS, animal)
    found = set(words)
    size = 1 + 0.2 * bool(found & {"big", "giant", "huge", "large"}) - 0.2 * bool(found & {"small", "little", "tiny"})
    return Look(
        skin=coat,
        hair=coat,
        hair_style="short",
        top=worn.top or _hue(position, film, *_DYES.get(worn.outfit, BRIGHT)),
        bottom=_hue(position + 2, film, 0.25, 0.32),
        height=round(min(1.3, max(0.4, record.height * size)), 2),
        build=_build(name, words),
        age=age_of("", words),
        outfit=worn.outfit,
        accessory=worn.accessories[0],
        accessory_colour=worn.accessory_colour,
        animal=animal,
    )


def aged(look: Look, age: Age) -> Look:
    """The same person at another age: in other hair and of another height."""
    heights = {"child": 0.68, "young": 0.96, "adult": 1.0, "old": 0.95}
    grey = seeded_choice(GREY_HAIRS, look.hair, look.skin)
    hair = grey if age == "old" else look.hair if look.age != "old" else seeded_choice(HAIRS, look.hair, look.skin)
    is_child = age == "child"
    return replace(
        look,
        age=age,
        hair=hair,
        hair_style="short" if look.hair_style == "bald" and age != "old" else look.hair_style,
        height=round(min(1.3, max(0.4, look.height * heights[age] / heights[look.age])), 2),
        accessory="none" if is_child and look.accessory == "beard" else look.accessory,
        also=[worn for worn in look.also if not (is_child and worn == "beard")],
    )


def ages_in(action: str, names: Sequence[str]) -> dict[str, Age]:
    """Who is at another age in a scene, as its action says: "young MARA", "Mara, now 60", "MARA (25)"."""
    text, ages = action.upper(), {}
    for name in names:
        at = position_of(name, text)
        if at < 0:
            continue
        ahead = text[max(0, at - 12) : at].rstrip().rsplit(" ", 1)[-1]
        behind = _AGE_NOW.match(text, at + len(name))
        if behind:
            ages[name] = _age_of_years(int(behind["years"]))
        elif ahead in AGES_AHEAD:
            ages[name] = AGES_AHEAD[ahead]
    return ages


def gender_of(name: str, words: Sequence[str]) -> Gender:
    """As the words about them tell, else as the name does."""
    for word in words:
        if word in FEMALE_WORDS:
            return "female"
        if word in MALE_WORDS:
            return "male"
    first = name.split()[0].title() if name.split() else ""
    if first in FEMALE_NAMES or first.casefold() in FEMALE_WORDS:
        return "female"
    if first in MALE_NAMES or first.casefold() in MALE_WORDS:
        return "male"
    return "female" if set(words) & _WOMENS_WEAR else "unknown"


def age_of(description: str, words: Sequence[str]) -> Age:
    """As a number ("(34)", "60s") or a word tells."""
    number = _AGE.search(_NUMBER_WORDS.sub(lambda match: str(_NUMBERS[match[0].casefold()]), description))
    if number:
        return _age_of_years(int(number[1]))
    found = set(words)
    if found & OLD_WORDS:
        return "old"
    if found & CHILD_WORDS:
        return "child"
    return "young" if found & YOUNG_WORDS else "adult"


def _age_of_years(years: int) -> Age:
    return "child" if years < 13 else "young" if years < 27 else "adult" if years < 60 else "old"


def _robot(name: str, words: Sequence[str], position: int, film: str) -> Look:
    metal = next((COLOURS[word] for word in words if word in COLOURS), "")
    is_small = bool({"small", "little", "tiny", "child", "pocket"} & set(words))
    return Look(
        skin=ROBOT_SKIN,
        hair=ROBOT_SKIN,
        hair_style="bald",
        top=metal or _hue(position, film, 0.4, 0.62),
        bottom=_hue(position + 2, film, 0.12, 0.42),
        height=0.65 if is_small else seeded_choice((0.75, 0.85, 0.95), name, "height"),
        build=seeded_choice(("average", "broad"), name, "build"),
        age="adult",
        outfit="robot",
    )


def _hair_style(
    name: str, words: Sequence[str], gender: Gender, age: Age
) -> Literal["short", "long", "bun", "curly", "bald", "ponytail"]:
    named = next((_HAIR_STYLES[word] for word in words if word in _HAIR_STYLES), None)
    if named:
        return named
    before_hair = {word for at, word in enumerate(words) if HAIR_NOUNS[0] in words[at + 1 : at + 4]}
    if {"shaved", "shaven"} & set(words) and "head" in words:
        return "bald"
    if before_hair & {"long", "flowing"}:
        return "long"
    if before_hair & {"short"}:
        return "short"
    if gender == "female":
        return "bun" if age == "old" else seeded_choice(("long", "curly", "ponytail", "bun"), name, "style")
    if age == "old" and gender == "male":
        return seeded_choice(("bald", "short"), name, "style")
    return seeded_choice(("short", "curly", "short"), name, "style")


def _height(name: str, words: Sequence[str], age: Age, gender: Gender) -> float:
    base = {"child": 0.68, "young": 0.96, "adult": 1.0, "old": 0.95}[age]
    is_short = bool({"small", "tiny", "petite"} & set(words)) or ("short" in words and "hair" not in words)
    base += 0.1 * ("tall" in words) - 0.1 * is_short - 0.03 * (gender == "female")
    if {"giant", "troll", "golem"} & set(words):
        base = 1.25
    return round(base + seeded_choice((-0.03, 0.0, 0.03), name, "height"), 2)


def _build(name: str, words: Sequence[str]) -> Literal["slim", "average", "broad"]:
    found = set(words)
    if found & {
        "broad",
        "heavy",
        "big",
        "strong",
        "stout",
        "burly",
        "fat",
        "giant",
        "huge",
        "muscular",
        "plump",
        "chubby",
        "overweight",
        "stocky",
        "heavyset",
        "round",
        "portly",
        "broad-shouldered",
    }:
        return "broad"
    if found & {
        "slim",
        "thin",
        "slender",
        "skinny",
        "lean",
        "frail",
        "ballerina",
        "dancer",
        "lanky",
        "gaunt",
        "bony",
        "willowy",
        "slight",
        "wiry",
    }:
        return "slim"
    return seeded_choice(("slim", "average", "average", "broad"), name, "build")


def _hair_word(words: Sequence[str]) -> str:
    """ "a blonde woman": the colour of the hair where no hair is named."""
    return next((_HAIR_PEOPLE[word] for word in words if word in _HAIR_PEOPLE), "")


def _hue(position: int, film: str, saturation: float, lightness: float) -> str:
    """The colour of this place in the cast. Each film starts at another hue, and is brighter or more muted than the next."""
    start, strength, shade = 0.02, 1.0, 0.8
    if film:
        chance = seeded_random("palette", film)
        start, strength, shade = chance.random(), chance.uniform(0.6, 1.1), chance.uniform(0.68, 0.92)
    hue = (start + position * GOLDEN_ANGLE) % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, lightness * shade, min(1.0, saturation * strength))
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
