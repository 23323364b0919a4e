"""Reads descriptions of people word by word: garments, hair, and the colours that belong to them."""

import re
from collections.abc import Mapping, Sequence

from agents.animatic.film import Accessory, Outfit, Period

GARMENTS: dict[str, Outfit] = {
    "coat": "coat", "raincoat": "coat", "jacket": "coat", "overcoat": "coat", "parka": "coat", "anorak": "coat",
    "dress": "dress", "skirt": "dress", "hoodie": "hoodie", "sweater": "hoodie", "jumper": "hoodie",
    "pullover": "hoodie", "cardigan": "hoodie", "sweatshirt": "hoodie", "nightgown": "dress", "kimono": "dress",
    "blazer": "coat", "trenchcoat": "coat", "blouse": "shirt", "t-shirt": "shirt", "top": "shirt", "vest": "shirt", "tuxedo": "suit",
    "jumpsuit": "jumpsuit", "dungarees": "overalls", "overalls": "overalls", "scrubs": "scrubs", "armour": "armour", "armor": "armour",
    "uniform": "uniform", "spacesuit": "spacesuit", "space-suit": "spacesuit", "suit": "suit", "shirt": "shirt", "gown": "gown",
    "ballgown": "gown", "robe": "robe", "robes": "robe", "toga": "robe", "cassock": "robe", "tunic": "tunic",
    "doublet": "tunic", "jerkin": "tunic", "waistcoat": "waistcoat", "frock-coat": "frock_coat", "tail-coat": "frock_coat",
    "tailcoat": "frock_coat", "corset": "long_dress", "crinoline": "long_dress", "apron": "apron", "lab-coat": "white_coat",
    "wedding-dress": "wedding_dress", "wedding-gown": "wedding_dress", "bathrobe": "coat", "dressing-gown": "coat",
}  # fmt: skip
# Which of them were worn otherwise in another period.
IN_ITS_PERIOD: dict[tuple[Outfit, Period], Outfit] = {
    ("suit", "19th_century"): "frock_coat", ("suit", "future"): "high_collar", ("dress", "medieval"): "gown",
    ("dress", "19th_century"): "long_dress", ("gown", "19th_century"): "long_dress", ("shirt", "medieval"): "tunic",
}  # fmt: skip
_JOINED = re.compile(
    r"\b(top|cowboy|straw|hard|bowler|pointed|pointy|peaked|wedding|lab|frock|tail|space|dressing|chef’s|chef's|witch’s|witch's) (hat|cap|dress|gown|coat|suit)\b"
)
LEGWEAR = ("trousers", "pants", "jeans", "shorts", "leggings", "slacks", "breeches")
HEADWEAR = (
    "hat",
    "cap",
    "scarf",
    "bonnet",
    "beret",
    "shawl",
    "cloak",
    "cape",
    "hood",
    "crown",
    "veil",
    "helmet",
    "bowler",
    "tricorne",
)
HAIR_NOUNS = ("hair", "haired", "curls", "ponytail", "braids", "braid", "bun", "locks", "plaits", "beard")
ACCESSORIES: dict[str, Accessory] = {
    "glasses": "glasses", "spectacles": "glasses", "bespectacled": "glasses", "sunglasses": "glasses", "hat": "hat", "bonnet": "bonnet",
    "stetson": "cowboy_hat", "cowboy-hat": "cowboy_hat", "fedora": "hat", "bowler-hat": "bowler", "top-hat": "top_hat",
    "straw-hat": "straw_hat", "hard-hat": "hard_hat", "pointed-hat": "pointed_hat", "pointy-hat": "pointed_hat", "witch-hat": "pointed_hat",
    "chef-hat": "chef_hat", "peaked-cap": "peaked_cap", "crown": "crown", "tiara": "crown", "tricorne": "tricorne", "cloak": "cloak",
    "cape": "cloak", "hood": "hood", "hooded": "hood", "cowl": "hood", "veil": "veil", "wimple": "wimple", "eyepatch": "eye_patch",
    "eye-patch": "eye_patch", "helmet": "hard_hat", "scarf": "scarf", "shawl": "scarf", "beard": "beard", "bearded": "beard",
    "moustache": "beard", "mustache": "beard", "goatee": "beard", "cap": "cap", "beret": "cap",
}  # fmt: skip
_WORN = frozenset((*GARMENTS, *LEGWEAR, *HEADWEAR, *HAIR_NOUNS))


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, as the choices here look at them."""
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", _JOINED.sub(_joined, text.casefold()))


def _joined(match: re.Match[str]) -> str:
    """ "a witch's hat" as one word, as "top hat" is."""
    return f"{match[1].removesuffix('’s').removesuffix(chr(39) + 's')}-{match[2]}"


def colour_ahead_of(words: Sequence[str], nouns: Sequence[str], colours: Mapping[str, str]) -> str:
    """ "a red woollen coat": the colour at most three words ahead of one of the nouns, none of another noun between; "" for none."""
    for index, word in enumerate(words):
        if word in nouns or any(word.endswith(f"-{noun}") for noun in nouns):
            near = [*words[max(0, index - 3) : index], *word.split("-")]
            for colour in reversed(near):
                if colour in colours:
                    return colour
                if colour in _WORN and colour not in nouns:
                    break
    return ""
