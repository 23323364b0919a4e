"""Draws animals that are characters: the head of an animal on a body that acts like a person, as in picture books."""

import re
from dataclasses import dataclass

from agents.animatic.drawing.palette import brightness, darker, lighter, mix
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon
from agents.animatic.film import Character
from agents.animatic.vocabulary import ALL_ANIMALS

INK = "#1d1626"
# The heads that can be drawn; where the words about a character mention two animals, the earlier one counts. Which animal has
# which head stands in vocabulary/animals.toml.
HEADS = ("fox", "dog", "cat", "bear", "rabbit", "bird", "hoofed", "dragon")


def _mentions(head: str) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name, animal in ALL_ANIMALS.items() if animal.head == head)
    return re.compile(rf"\b(?:{names})\b", re.IGNORECASE)


_MENTIONS = {head: _mentions(head) for head in HEADS}


@dataclass(frozen=True, slots=True)
class Fur:
    """The colours of an animal."""

    coat: str

    @property
    def pale(self) -> str:
        """Muzzle and belly."""
        return lighter(mix(self.coat, "#fff4e2", 0.55), 0.1)

    @property
    def deep(self) -> str:
        """Ears and shadows."""
        return darker(self.coat, 0.35)


def kind_of(character: Character) -> str:
    """Which head a character has: one of HEADS, or "" for people and robots."""
    look = character.look
    if look.outfit == "robot" or look.skin != look.hair:
        return ""
    words = f"{character.name} {character.description.split('.')[0][:60]}"
    return next((head for head, pattern in _MENTIONS.items() if pattern.search(words)), "")


def ears(kind: str, fur: Fur, turn: float) -> str:
    """What stands up from the head; drawn behind it."""
    shift = -10 * turn
    inner = mix(fur.coat, "#f0a8a0", 0.55)
    match kind:
        case "fox" | "cat":
            tall = 30 if kind == "fox" else 20
            return "".join(
                polygon([(x - 17 + shift, -22), (x + side * 8 + shift, -54 - tall), (x + 17 + shift, -22)], fur.coat)
                + polygon(
                    [(x - 9 + shift, -26), (x + side * 7 + shift, -44 - tall), (x + 9 + shift, -26)],
                    inner if kind == "cat" else fur.deep,
                )
                for x, side in ((-26, -1), (26, 1))
            )
        case "dog":
            return "".join(
                path(
                    f"M{x + shift} -40 Q{x + side * 34 + shift} -44 {x + side * 26 + shift} 14 Q{x + side * 6 + shift} 20 {x - side * 2 + shift} -14Z",
                    fur.deep,
                )
                for x, side in ((-28, -1), (28, 1))
            )
        case "bear":
            return "".join(circle(x + shift, -42, 19, fur.coat) + circle(x + shift, -42, 11, inner) for x in (-31, 31))
        case "rabbit":
            return "".join(
                ellipse(x + shift, -84, 13, 46, fur.coat) + ellipse(x + shift, -82, 6.5, 36, inner) for x in (-19, 19)
            )
        case "hoofed":
            horns = "".join(
                line(
                    f"M{x + shift} -44 Q{x + side * 8 + shift} -66 {x + side * 2 + shift} -80",
                    mix("#d8c4a0", fur.coat, 0.2),
                    8,
                )
                for x, side in ((-15, -1), (15, 1))
            )
            return horns + "".join(
                path(
                    f"M{x + shift} -26 Q{x + side * 34 + shift} -42 {x + side * 40 + shift} -16 Q{x + side * 18 + shift} -6 {x + shift} -12Z",
                    fur.deep,
                )
                for x, side in ((-30, -1), (30, 1))
            )
        case "dragon":
            return "".join(
                polygon([(x - 8 + shift, -40), (x + shift, -66), (x + 8 + shift, -40)], fur.deep)
                for x in (-24, -8, 8, 24)
            )
        case _:
            return path(
                f"M{-8 + shift} -46 Q{-20 + shift} -70 {-4 + shift} -66 Q{4 + shift} -84 {10 + shift} -64 Q{24 + shift} -66 {12 + shift} -46Z",
                fur.deep,
            )


def muzzle(kind: str, fur: Fur, turn: float, *, is_speaking: bool) -> str:
    """Snout or beak, and the mouth; over a face without nose and mouth."""
    x = 30 * turn
    if kind == "bird":
        return _beak(x, is_speaking=is_speaking)
    size = {"fox": (20, 17), "dog": (24, 20), "hoofed": (25, 23), "bear": (23, 19), "dragon": (28, 18)}.get(
        kind, (18, 14)
    )
    jaw = ellipse(x, 34 if is_speaking else 30, size[0] * 0.7, size[1] * 0.75, fur.pale)
    mouth = (
        path(f"M{x - 11} 31 Q{x} 27 {x + 11} 31 Q{x + 8} 46 {x} 46 Q{x - 8} 46 {x - 11} 31Z", "#4a141f")
        + ellipse(x, 42, 6, 4, "#d8606c")
        if is_speaking
        else line(f"M{x - 11} 31 Q{x - 5} 37 {x} 31 Q{x + 5} 37 {x + 11} 31", INK, 2.2)
    )
    nose_colour = INK if brightness(fur.coat) > 0.2 else "#5a4a52"
    nose = ellipse(x + 4 * turn, 14, 8 if kind != "rabbit" else 5, 5.5, nose_colour) + ellipse(
        x + 4 * turn - 2, 12.5, 2.5, 1.5, "#ffffff99"
    )
    if kind in ("hoofed", "dragon"):
        nose = ellipse(x - 8, 18, 3.5, 4.5, fur.deep) + ellipse(x + 8, 18, 3.5, 4.5, fur.deep)
    whiskers = (
        line(
            f"M{x - 16} 22 L{x - 40} 17 M{x - 16} 26 L{x - 40} 28 M{x + 16} 22 L{x + 40} 17 M{x + 16} 26 L{x + 40} 28",
            "#ffffff88",
            1.4,
        )
        if kind in ("cat", "rabbit", "fox")
        else ""
    )
    return jaw + ellipse(x, 22, *size, fur.pale) + whiskers + mouth + line(f"M{x} 18 L{x} 30", INK, 1.8) + nose


def _beak(x: float, *, is_speaking: bool) -> str:
    lower = path(f"M{x - 13} 20 Q{x + 4} {46 if is_speaking else 34} {x + 15} 20Z", "#c9722a")
    return (
        lower
        + path(
            f"M{x - 15} 12 Q{x} 2 {x + 15} 12 Q{x + 12} 26 {x + 6} 32 Q{x - 10} 26 {x - 15} 12Z",
            "down(#ffc14d,#ef8f2f)",
        )
        + circle(x - 4, 12, 1.6, "#8a4a1a")
    )


def profile_muzzle(kind: str, fur: Fur, *, is_speaking: bool) -> str:
    """The snout from the side, to the right."""
    if kind == "bird":
        drop = 12 if is_speaking else 0
        return path(f"M26 18 L{62 - drop * 0.4} {24 + drop} L28 32Z", "#c9722a") + path(
            "M26 2 Q52 4 72 22 L28 24Z", "down(#ffc14d,#ef8f2f)"
        )
    long = {"fox": 70, "dog": 64, "hoofed": 72, "dragon": 74, "bear": 56}.get(kind, 52)
    jaw = path(
        f"M16 28 L{long - 8} {40 if is_speaking else 30} Q{long - 14} {50 if is_speaking else 40} 14 42Z",
        darker(fur.pale, 0.12),
    )
    tongue = path(f"M24 30 L{long - 14} 30 L{long - 18} 38Z", "#7a2430") if is_speaking else ""
    top = path(f"M14 -4 Q34 0 {long} 12 Q{long + 5} 22 {long - 5} 27 L14 32Z", fur.pale)
    return jaw + tongue + top + ellipse(long - 1, 14, 6, 5, INK)


def tail(kind: str, fur: Fur, hips: tuple[float, float]) -> str:
    """What hangs behind the body; the figure faces right."""
    x, y = hips
    match kind:
        case "fox":
            return path(
                f"M{x - 30} {y} C{x - 190} {y + 20} {x - 250} {y - 130} {x - 200} {y - 200} C{x - 150} {y - 130} {x - 120} {y - 60} {x - 20} {y - 40}Z",
                fur.coat,
            ) + path(
                f"M{x - 226} {y - 130} Q{x - 236} {y - 170} {x - 200} {y - 200} Q{x - 182} {y - 164} {x - 170} {y - 140}Z",
                fur.pale,
            )
        case "cat" | "dragon":
            return line(f"M{x - 20} {y} C{x - 160} {y + 60} {x - 190} {y - 60} {x - 170} {y - 150}", fur.coat, 26)
        case "dog" | "hoofed":
            return line(f"M{x - 20} {y} Q{x - 120} {y - 10} {x - 140} {y - 90}", fur.coat, 26)
        case "rabbit" | "bear":
            return circle(x - 70, y - 6, 38, fur.pale)
        case _:
            return ""
