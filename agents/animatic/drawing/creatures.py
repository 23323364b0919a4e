"""Draws animals that are characters: the head of an animal on a body that acts like a person, as in picture books."""

from dataclasses import dataclass

from agents.animatic.characters.natures import nature_of
from agents.animatic.drawing import icons
from agents.animatic.drawing.palette import brightness, darker, lighter, mix
from agents.animatic.drawing.svg import circle, ellipse, group, line, path, polygon
from agents.animatic.film import Character
from agents.animatic.vocabulary import ALL_ANIMALS, SILHOUETTES, Animal

INK = "#1d1626"
_SWIMMERS = frozenset({"whale", "dolphin", "octopus", "seal", "shark", "turtle", "swan", "crab", "lobster"})
# The heads that can be drawn. Which animal has which stands in vocabulary/animals.toml.
HEADS = ("fox", "dog", "cat", "bear", "rabbit", "bird", "hoofed", "dragon")


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
    """Which head a character has: one of HEADS, or "" for people, robots and animals that have a body of their own."""
    return ALL_ANIMALS.get(animal_of(character), Animal()).head


def animal_of(character: Character) -> str:
    """Which animal a character is, as the look says; else, for one with a coat, as the words about it tell. "" for others."""
    look = character.look
    if look.animal or look.outfit == "robot" or look.skin != look.hair:
        return look.animal
    return nature_of(character.name, character.description).animal


def body_of(character: Character) -> str:
    """The animal whose whole body is drawn, as an icon or a plain shape; "" where it is a figure with a head."""
    animal = animal_of(character)
    return animal if animal and not kind_of(character) else ""


def body(animal: str, coat: str) -> str:
    """The whole animal, to the right, 1000 high on its feet at (0, 0)."""
    record = ALL_ANIMALS.get(animal, Animal())
    if not record.body:
        return _shape(SILHOUETTES.get(animal, "four_legged"), Fur(coat))
    drawing = icons.icon(record.body, 1000)
    if coat != record.coat:  # "a white horse"
        drawing = icons.tinted(drawing, lambda colour: _as_coat(colour, coat))
    return group(drawing, y=-record.lift * 1000, flip=True)


def is_on_land(animal: str) -> bool:
    """Whether it walks on the ground: it neither flies nor swims."""
    swims_or_flies = animal in _SWIMMERS or ALL_ANIMALS.get(animal, Animal()).lift > 0
    return not swims_or_flies and SILHOUETTES.get(animal, "four_legged") == "four_legged"


def _as_coat(colour: str, coat: str) -> str:
    """A colour of the drawing as a shade of the coat; what is nearly black or white stays, as eyes and teeth."""
    strength = brightness(colour)
    if not 0.2 < strength < 0.95:
        return colour
    return darker(coat, (0.55 - strength) * 0.8) if strength < 0.55 else lighter(coat, (strength - 0.55) * 0.8)


def _shape(kind: str, fur: Fur) -> str:
    """An animal of which only the kind is known."""
    coat, eye = f"down({lighter(fur.coat, 0.12)},{fur.deep})", INK
    match kind:
        case "birds":
            return (
                line("M-40 -160 L-60 0 M40 -170 L30 0", "#c9722a", 22)
                + path("M-420 -420 Q-300 -560 -60 -560 Q120 -820 300 -760 Q420 -700 390 -560 Q340 -260 40 -160 Q-240 -150 -420 -420Z", coat)
                + path("M-300 -440 Q-120 -520 80 -420 Q-40 -260 -240 -300Z", fur.deep)
                + polygon([(384, -680), (520, -640), (386, -610)], "#ef8f2f")
                + circle(300, -680, 24, eye)
            )  # fmt: skip
        case "fish":
            return (
                path("M-200 -460 L-470 -640 L-430 -450 L-470 -270Z", fur.deep)
                + path("M-260 -460 Q-60 -740 220 -640 Q430 -560 470 -450 Q420 -320 200 -270 Q-60 -190 -260 -460Z", coat)
                + path("M0 -650 Q60 -800 220 -760 L180 -640Z M20 -280 Q80 -160 200 -200 L180 -290Z", fur.deep)
                + circle(330, -490, 30, "#ffffff")
                + circle(338, -488, 16, eye)
            )  # fmt: skip
        case "insects":
            legs = "".join(line(f"M{x} -220 Q{x - 60} -160 {x - 90} 0 M{x + 30} -220 Q{x + 80} -150 {x + 90} 0", fur.deep, 20) for x in (-200, 0, 180))  # fmt: skip
            return (
                legs
                + ellipse(-190, -330, 230, 150, coat)
                + ellipse(90, -320, 150, 120, coat)
                + circle(300, -350, 110, coat)
                + line("M340 -440 Q380 -560 470 -580 M300 -450 Q310 -580 380 -630", fur.deep, 16)
                + circle(350, -370, 26, "#ffffff")
                + circle(356, -368, 14, eye)
            )  # fmt: skip
        case _:
            return (
                line("M-330 -520 Q-470 -560 -460 -720", fur.deep, 44)
                + "".join(line(f"M{x} -380 L{x + dx} 0", fur.coat if n % 2 else fur.deep, 84) for n, (x, dx) in enumerate(((-240, -20), (-140, 10), (150, -10), (240, 20))))
                + path("M-350 -480 Q-330 -640 -100 -630 L180 -640 Q340 -640 330 -460 Q320 -300 100 -290 L-180 -290 Q-350 -300 -350 -480Z", coat)
                + path("M190 -560 Q260 -820 380 -830 Q520 -810 560 -680 Q560 -610 440 -610 Q360 -560 330 -470Z", coat)
                + polygon([(300, -800), (330, -940), (400, -820)], fur.deep)
                + circle(440, -730, 22, eye)
                + ellipse(548, -668, 22, 18, eye)
            )  # fmt: skip


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
