"""Gives each character a look: from the words about them first, the rest by a seeded choice from their name."""

import colorsys
import re
from collections.abc import Sequence
from typing import Literal

from agents.animatic.datafiles import word_set
from agents.animatic.film import Gender, Look
from agents.animatic.seeded_choice import seeded_choice
from agents.animatic.vocabulary import (
    ANIMALS,
    CHILD_WORDS,
    COLOURS,
    FEMALE_NAMES,
    FEMALE_WORDS,
    MALE_NAMES,
    MALE_WORDS,
    OLD_WORDS,
    ROBOTS,
    YOUNG_WORDS,
)

Age = Literal["child", "young", "adult", "old"]

GOLDEN_ANGLE = 0.381966  # of a turn: hues this far apart never come close to one another

SKINS = ("#f3d3bd", "#e6b998", "#d19f7a", "#b67c55", "#8d5a3a", "#68412b", "#f0c8a8", "#a56b46")
HAIRS = ("#2a2320", "#4a3225", "#6e4a2c", "#8c3f22", "#1d1d22", "#b98a4b", "#5a3b2e", "#3b2f2a")
GREY_HAIRS = ("#cfcfd2", "#b4b6bb", "#e4e2dc")
ROBOT_SKIN = "#aab4bd"
ANIMAL_HEIGHT = 0.6

_AGE = re.compile(
    r"(?:\b|\()(?:aged? |in (?:his|her|their) (?:early |mid |late )?)?(\d{1,2})(?:s\b|[ -]years?[ -]old|(?=[,)])|$)"
)
_NUMBERS = {"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip
_NUMBER_WORDS = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})(?=[ -]years?[ -]old)", re.IGNORECASE)
_GARMENTS: dict[str, Literal["coat", "dress", "hoodie", "uniform", "shirt"]] = {
    "coat": "coat", "raincoat": "coat", "jacket": "coat", "cloak": "coat", "cape": "coat", "overcoat": "coat", "parka": "coat",
    "dress": "dress", "gown": "dress", "skirt": "dress", "hoodie": "hoodie", "sweater": "hoodie", "jumper": "hoodie",
    "pullover": "hoodie", "uniform": "uniform", "spacesuit": "uniform", "suit": "uniform", "overalls": "uniform", "shirt": "shirt",
}  # fmt: skip
_UNIFORMED = word_set(
    """astronaut pilot captain police officer soldier guard nurse doctor firefighter conductor chef sheriff policeman
    policewoman engineer mechanic lifeguard postman ranger surgeon"""
)
_OUTDOOR = word_set(
    """keeper fisherman sailor shepherd explorer detective farmer hunter pirate wizard ferryman traveller ranger"""
)
_ACCESSORIES: dict[str, Literal["glasses", "hat", "scarf", "beard", "cap"]] = {
    "glasses": "glasses", "spectacles": "glasses", "librarian": "glasses", "professor": "glasses", "scientist": "glasses",
    "hat": "hat", "cowboy": "hat", "witch": "hat", "wizard": "beard", "scarf": "scarf", "shawl": "scarf", "beard": "beard",
    "bearded": "beard", "cap": "cap", "postman": "cap", "conductor": "cap", "sailor": "cap", "detective": "hat", "magician": "hat",
}  # fmt: skip


def look_of(name: str, description: str, *, position: int) -> Look:
    """The look of a character. `position` is the place in the cast: it keeps the colours of their clothes apart."""
    words = words_of(f"{name} {description}")
    own_words = words_of(description)
    if set(words) & ROBOTS:
        return _robot(name, words, position)
    animal = next((word for word in words if word in ANIMALS), "")
    age = age_of(description, words)
    gender = gender_of(name, own_words)
    hair = seeded_choice(GREY_HAIRS if age == "old" else HAIRS, name, "hair")
    return Look(
        skin=ANIMALS[animal] if animal else seeded_choice(SKINS, name, "skin"),
        hair=ANIMALS[animal] if animal else _colour_before(words, ("hair", "haired")) or hair,
        hair_style="short" if animal else _hair_style(name, words, gender, age),
        top=_clothes_colour(words) or _hue(position, 0.55, 0.62),
        bottom=_hue(position + 2, 0.25, 0.32),
        height=ANIMAL_HEIGHT if animal else _height(name, words, age, gender),
        build=_build(name, words),
        age=age,
        outfit=_outfit(name, words, gender),
        accessory=_accessory(name, words, gender, age),
    )


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
    return "male" if first in MALE_NAMES or first.casefold() in MALE_WORDS else "unknown"


def age_of(description: str, words: Sequence[str]) -> Age:
    """As a number ("(34)", "60s") or a word tells."""
    number = _AGE.search(_NUMBER_WORDS.sub(lambda match: str(_NUMBERS[match[0].casefold()]), description))
    if number:
        years = int(number[1])
        return "child" if years < 13 else "young" if years < 27 else "adult" if years < 60 else "old"
    found = set(words)
    if found & OLD_WORDS:
        return "old"
    if found & CHILD_WORDS:
        return "child"
    return "young" if found & YOUNG_WORDS else "adult"


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, as the choices here look at them."""
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", text.casefold())


def _robot(name: str, words: Sequence[str], position: int) -> Look:
    metal = next((COLOURS[word] for word in words if word in COLOURS), "")
    is_small = bool({"small", "little", "tiny", "child", "pocket"} & set(words))
    return Look(
        skin=ROBOT_SKIN,
        hair=ROBOT_SKIN,
        hair_style="bald",
        top=metal or _hue(position, 0.4, 0.62),
        bottom=_hue(position + 2, 0.12, 0.42),
        height=0.65 if is_small else seeded_choice((0.75, 0.85, 0.95), name, "height"),
        build=seeded_choice(("average", "broad"), name, "build"),
        age="adult",
        outfit="robot",
    )


def _hair_style(
    name: str, words: Sequence[str], gender: Gender, age: Age
) -> Literal["short", "long", "bun", "curly", "bald", "ponytail"]:
    for style in ("bald", "curly", "ponytail", "bun"):
        if style in words:
            return style
    if "long-haired" in words:
        return "long"
    if gender == "female":
        return "bun" if age == "old" else seeded_choice(("long", "curly", "ponytail", "bun"), name, "style")
    if age == "old" and gender == "male":
        return seeded_choice(("bald", "short"), name, "style")
    return seeded_choice(("short", "curly", "short"), name, "style")


def _height(name: str, words: Sequence[str], age: Age, gender: Gender) -> float:
    base = {"child": 0.68, "young": 0.96, "adult": 1.0, "old": 0.95}[age]
    base += 0.1 * ("tall" in words) - 0.1 * bool({"short", "small", "tiny"} & set(words)) - 0.03 * (gender == "female")
    if {"giant", "troll", "golem"} & set(words):
        base = 1.25
    return round(base + seeded_choice((-0.03, 0.0, 0.03), name, "height"), 2)


def _build(name: str, words: Sequence[str]) -> Literal["slim", "average", "broad"]:
    found = set(words)
    if found & {"broad", "heavy", "big", "strong", "stout", "burly", "fat", "giant", "huge", "muscular"}:
        return "broad"
    if found & {"slim", "thin", "slender", "skinny", "lean", "frail", "ballerina", "dancer"}:
        return "slim"
    return seeded_choice(("slim", "average", "average", "broad"), name, "build")


def _outfit(
    name: str, words: Sequence[str], gender: Gender
) -> Literal["shirt", "coat", "dress", "hoodie", "uniform", "robot"]:
    worn = next((_GARMENTS[word] for word in words if word in _GARMENTS), None)
    if worn:
        return worn
    found = set(words)
    if found & _UNIFORMED:
        return "uniform"
    if found & _OUTDOOR:
        return "coat"
    if found & {"queen", "princess", "ballerina", "witch", "fairy"}:
        return "dress"
    return seeded_choice(
        ("shirt", "dress", "hoodie", "coat") if gender == "female" else ("shirt", "hoodie", "coat"), name, "outfit"
    )


def _accessory(
    name: str, words: Sequence[str], gender: Gender, age: Age
) -> Literal["none", "glasses", "hat", "scarf", "beard", "cap"]:
    worn = next((_ACCESSORIES[word] for word in words if word in _ACCESSORIES), None)
    if worn:
        return worn
    if age == "child" or set(words) & set(ANIMALS):
        return "none"
    if gender == "male" and age == "old":
        return seeded_choice(("beard", "glasses", "hat"), name, "accessory")
    return seeded_choice(("none", "none", "glasses", "scarf", "none"), name, "accessory")


def _clothes_colour(words: Sequence[str]) -> str:
    return _colour_before(words, tuple(_GARMENTS)) or _colour_before(words, ("scarf", "hat", "cap"))


def _colour_before(words: Sequence[str], nouns: Sequence[str]) -> str:
    """ "a red woollen coat": the colour at most two words ahead of one of the nouns."""
    for index, word in enumerate(words):
        if word in nouns or any(word.endswith(f"-{noun}") for noun in nouns):
            near = [*words[max(0, index - 2) : index], *word.split("-")]
            found = next((COLOURS[colour] for colour in reversed(near) if colour in COLOURS), "")
            if found:
                return found
    return ""


def _hue(position: int, saturation: float, lightness: float) -> str:
    """The colour of this place in the cast."""
    red, green, blue = colorsys.hls_to_rgb((0.02 + position * GOLDEN_ANGLE) % 1.0, lightness * 0.8, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
