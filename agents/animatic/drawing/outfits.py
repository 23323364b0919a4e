"""How each outfit is cut: what is on the trunk, what hangs below it, what covers arms, legs and hands, what lies around the neck."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from agents.animatic.drawing import costumes, garments
from agents.animatic.drawing.palette import darker, lighter, mix
from agents.animatic.drawing.svg import Point, circle, line, path, rect
from agents.animatic.drawing.torsos import Joints, Torso, hem
from agents.animatic.film import Look, Outfit

STRAIGHT_SLEEVES, WIDE_SLEEVES, PADDED = (31, 26, 20), (33, 36, 40), (38, 34, 30)  # shoulder, elbow, wrist


class Apron(NamedTuple):
    """A second piece of cloth over the legs."""

    reach: float
    wide: float
    colour: str  # "top" for the outfit's own, one shade darker


@dataclass(frozen=True, slots=True)
class Pattern:
    """How an outfit is cut. Colours are "#rrggbb", or those of the look: "top", "bottom", "skin"; "cloth": that of the trunk."""

    detail: Callable[[Look, Torso], str]
    loose: float = 1.0
    skirt: tuple[float, float] | None = None  # how far it reaches (1.0 the knees, 2.0 the ankles), how wide it swings
    apron: Apron | None = None
    cloth: str = "top"
    sleeves: str = ""  # "" as the cloth
    legs: str = "bottom"
    shoes: str = ""  # "" that go with the legs
    gloves: str = ""  # "" bare hands
    sleeve_widths: tuple[float, float, float] = STRAIGHT_SLEEVES
    shoulders: str = ""  # "epaulette", "joint", "plate", "puff"
    has_short_sleeves: bool = False


PATTERNS: dict[Outfit, Pattern] = {
    "shirt": Pattern(garments.shirt),
    "coat": Pattern(garments.coat, loose=1.12, skirt=(0.95, 1.25)),
    "dress": Pattern(garments.dress, skirt=(1.12, 1.75), legs="skin", has_short_sleeves=True),
    "hoodie": Pattern(garments.hoodie, loose=1.18),
    "uniform": Pattern(garments.uniform, skirt=(0.18, 1.05), shoulders="epaulette"),
    "robot": Pattern(garments.robot, loose=1.15, shoulders="joint"),
    "tunic": Pattern(costumes.tunic, loose=1.06, skirt=(0.7, 1.3), shoes="#4a3020"),
    "gown": Pattern(costumes.gown, legs="cloth", skirt=(1.94, 2.3), sleeve_widths=WIDE_SLEEVES, shoulders="puff"),
    "robe": Pattern(costumes.robe, legs="cloth", loose=1.14, skirt=(1.9, 1.75), sleeve_widths=WIDE_SLEEVES),
    "royal": Pattern(costumes.royal, legs="cloth", loose=1.16, skirt=(1.94, 2.3), sleeve_widths=WIDE_SLEEVES),
    "armour": Pattern(
        costumes.armour, loose=1.08, skirt=(0.34, 1.25), apron=Apron(0.62, 0.62, "top"), cloth=costumes.STEEL, legs="#9aa3af", shoes="#7d8692",
        gloves="#8b95a1", shoulders="plate",
    ),
    "frock_coat": Pattern(costumes.frock_coat, loose=1.06, skirt=(1.02, 1.45)),
    "waistcoat": Pattern(costumes.waistcoat, sleeves=costumes.LINEN, shoes="#33241c"),
    "long_dress": Pattern(costumes.long_dress, legs="cloth", skirt=(1.96, 2.9), apron=Apron(1.96, 2.9, ""), shoulders="puff"),
    "jumpsuit": Pattern(costumes.jumpsuit, legs="top", shoes="#2b2f3a"),
    "high_collar": Pattern(costumes.high_collar, skirt=(0.5, 1.1), shoes="#20232c"),
    "suit": Pattern(costumes.suit, loose=1.04, skirt=(0.2, 1.06), legs="top"),
    "apron": Pattern(costumes.apron, apron=Apron(0.86, 1.0, costumes.LINEN)),
    "white_coat": Pattern(costumes.white_coat, loose=1.1, skirt=(0.9, 1.2), cloth="#f0f3f5"),
    "chef": Pattern(costumes.chef, loose=1.06, skirt=(0.16, 1.06), cloth="#f4f5f6"),
    "scrubs": Pattern(costumes.scrubs, loose=1.06, skirt=(0.2, 1.06), legs="top", shoes="#e9ebee", has_short_sleeves=True),
    "overalls": Pattern(costumes.overalls, shoes="#4a3626"),
    "turnout": Pattern(costumes.turnout, loose=1.16, skirt=(0.4, 1.2), legs="top", shoes="#26262c", sleeve_widths=PADDED),
    "spacesuit": Pattern(
        costumes.spacesuit, loose=1.24, cloth="#e9edf1", legs="#e1e6eb", shoes="#8f9aa6", gloves="#8f9aa6", sleeve_widths=PADDED,
    ),
    "wedding_dress": Pattern(costumes.wedding_dress, legs="cloth", skirt=(1.98, 3.0), cloth="#f7f3ec", sleeves="skin"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cut:
    """One outfit in its colours."""

    look: Look
    pattern: Pattern
    cloth: str
    sleeve: str
    legs: str
    shoes: str
    is_short_sleeved: bool = False

    @property
    def hands(self) -> str:
        """The colour of hands, or of the gloves on them."""
        return self.pattern.gloves or self.look.skin

    def torso(self, body: Torso) -> str:
        """The trunk in its clothes."""
        top = self.cloth
        cloth = path(body.outline(self.pattern.loose), f"across({darker(top, 0.18)},{top},{lighter(top, 0.07)})")
        detail = self.pattern.detail(self.look, body)
        narrow = 0.62 if body.turn > 0.75 and not body.is_back else 1.0  # from the side it is foreshortened
        return cloth + f'<g transform="translate({body.neck[0]:.1f} {body.neck[1]:.1f}) scale({narrow} 1)">{detail}</g>'

    def skirt(self, body: Torso, near_leg: Joints, far_leg: Joints) -> str:
        """What hangs over the legs: a coat's tails, a dress, an apron."""
        legs, drawn = (near_leg, far_leg), ""
        if self.pattern.skirt:
            drawn = hem(body, legs, *self.pattern.skirt, self.cloth)
            if self.pattern.legs == "cloth":  # who sits in it has it on the thighs
                drawn = "".join(_along(leg, darker(self.cloth, 0.12)) for leg in legs) + drawn
        return drawn + self._apron(body, legs)

    def _apron(self, body: Torso, legs: tuple[Joints, Joints]) -> str:
        apron = self.pattern.apron
        if not apron:
            return ""
        if not apron.colour:  # a flounce
            return hem(body, legs, 1.45, 2.25, lighter(self.cloth, 0.1))
        colour = darker(self.look.top, 0.08) if apron.colour == "top" else apron.colour
        return "" if body.is_back else hem(body, legs, apron.reach, apron.wide, colour)

    def shoulder(self, at: Point, colour: str) -> str:
        """An epaulette, a robot's joint, a plate of armour, a puffed sleeve."""
        match self.pattern.shoulders:
            case "epaulette":
                return rect(at[0] - 30, at[1] - 34, 60, 14, mix("#d8b45a", colour, 0.15), 6)
            case "joint":
                return circle(at[0], at[1], 34, f"glow({lighter(colour, 0.5)},{darker(colour, 0.15)})")
            case "plate":
                return circle(at[0], at[1] + 4, 38, f"glow({lighter(colour, 0.45)},{colour},{darker(colour, 0.25)})")
            case "puff":
                return circle(at[0], at[1] + 12, 39, f"glow({lighter(colour, 0.16)},{colour},{darker(colour, 0.12)})")
            case _:
                return ""

    def behind(self, body: Torso, near_leg: Joints, far_leg: Joints) -> str:
        """A cloak as it is seen behind the body."""
        if not self.look.wears("cloak"):
            return ""
        return _cloak(body, (near_leg, far_leg), self._cloak_colour())

    def neckwear(self, body: Torso) -> str:
        """A scarf, a hood, a judge's jabot, the clasp of a cloak."""
        x, y = body.neck
        drawn = ""
        if self.look.wears("cloak"):
            drawn = _clasped(x, y, body, self._cloak_colour())
        if self.look.wears("jabot") and body.shows_front:
            drawn += _jabot(x + body.middle * 0.6, y)
        if self.look.wears("scarf"):
            return drawn + _scarf(x, y, body, self.look.accessory_colour or lighter(self.look.bottom, 0.25))
        if self.look.outfit == "hoodie" and body.is_back:
            return path(
                f"M{x - 62} {y + 6} Q{x} {y - 26} {x + 62} {y + 6} Q{x + 46} {y + 84} {x} {y + 90} Q{x - 46} {y + 84} {x - 62} {y + 6}Z",
                darker(self.look.top, 0.2),
            )
        return drawn

    def _cloak_colour(self) -> str:
        return self.look.accessory_colour or mix(darker(self.look.bottom, 0.1), "#6b3a34", 0.35)


def dressed(look: Look) -> Cut:
    """The cut of a look's outfit."""
    pattern = PATTERNS[look.outfit]
    if look.outfit == "robot":
        metal = lighter(look.top, 0.12)
        return Cut(look, pattern, look.top, metal, darker(metal, 0.2), darker(look.bottom, 0.2))
    own = {"top": look.top, "bottom": look.bottom, "skin": look.skin}
    cloth = own.get(pattern.cloth, pattern.cloth)
    legs = (own | {"cloth": cloth}).get(pattern.legs, pattern.legs)
    shoes = pattern.shoes or darker(mix(look.bottom, "#3a2a22", 0.5), 0.35)
    if look.outfit == "dress":
        shoes = darker(look.bottom, 0.1)
    return Cut(
        look,
        pattern,
        cloth,
        own.get(pattern.sleeves, pattern.sleeves) or cloth,
        legs,
        shoes,
        is_short_sleeved=pattern.has_short_sleeves or garments.bares_arms(look),
    )


def _along(leg: Joints, colour: str) -> str:
    (hip_x, hip_y), (knee_x, knee_y), _ = leg
    return line(f"M{hip_x:.1f} {hip_y:.1f} L{knee_x:.1f} {knee_y:.1f}", colour, 116)


def _cloak(body: Torso, legs: tuple[Joints, Joints], colour: str) -> str:
    """From the shoulders to the calves."""
    (x, y), wide = body.neck, body.shoulder_half
    left, right = sorted((leg[1][0] + (leg[2][0] - leg[1][0]) * 0.5, leg[1][1] + (leg[2][1] - leg[1][1]) * 0.5) for leg in legs)  # fmt: skip
    low = max(left[1], right[1])
    return path(
        f"M{x - 30:.1f} {y - 4:.1f} Q{x - wide * 1.25:.1f} {y + 10:.1f} {x - wide * 1.3:.1f} {y + 80:.1f} "
        f"L{min(left[0], body.hips[0]) - 150:.1f} {low:.1f} Q{(left[0] + right[0]) / 2:.1f} {low + 46:.1f} {max(right[0], body.hips[0]) + 120:.1f} {low:.1f} "
        f"L{x + wide * 1.3:.1f} {y + 80:.1f} Q{x + wide * 1.25:.1f} {y + 10:.1f} {x + 30:.1f} {y - 4:.1f}Z",
        f"across({darker(colour, 0.3)},{darker(colour, 0.08)},{darker(colour, 0.3)})",
    )


def _clasped(x: float, y: float, body: Torso, colour: str) -> str:
    wide = body.shoulder_half
    if body.is_back:
        return ""
    cape = path(
        f"M{x - 34:.1f} {y - 10:.1f} Q{x - wide * 1.2:.1f} {y + 4:.1f} {x - wide * 1.24:.1f} {y + 86:.1f} Q{x - wide * 0.6:.1f} {y + 70:.1f} {x:.1f} {y + 34:.1f} "
        f"Q{x + wide * 0.6:.1f} {y + 70:.1f} {x + wide * 1.24:.1f} {y + 86:.1f} Q{x + wide * 1.2:.1f} {y + 4:.1f} {x + 34:.1f} {y - 10:.1f} Q{x:.1f} {y + 18:.1f} {x - 34:.1f} {y - 10:.1f}Z",
        colour,
    )
    return cape + circle(x + body.middle * 0.5, y + 30, 13, "#d8b45a")


def _jabot(x: float, y: float) -> str:
    """Two white bands."""
    return path(
        f"M{x - 24:.1f} {y - 2:.1f} L{x + 24:.1f} {y - 2:.1f} L{x + 34:.1f} {y + 92:.1f} L{x + 6:.1f} {y + 96:.1f} L{x:.1f} {y + 20:.1f} "
        f"L{x - 6:.1f} {y + 96:.1f} L{x - 34:.1f} {y + 92:.1f}Z",
        "#f7f6f2",
    )


def _scarf(x: float, y: float, body: Torso, colour: str) -> str:
    end = (
        ""
        if body.is_back
        else path(f"M{x + 6} {y + 10} L{x + 44} {y + 6} L{x + 52} {y + 150} L{x + 18} {y + 154}Z", darker(colour, 0.15))
    )
    fringe = (
        "" if body.is_back else "".join(rect(x + 19 + 9 * n, y + 150, 5, 16, darker(colour, 0.3)) for n in range(4))
    )
    ring = path(
        f"M{x - 54} {y - 14} Q{x} {y + 14} {x + 54} {y - 14} Q{x + 64} {y + 20} {x + 46} {y + 34} Q{x} {y + 58} {x - 46} {y + 34} Q{x - 64} {y + 20} {x - 54} {y - 14}Z",
        f"down({lighter(colour, 0.12)},{colour})",
    )
    return fringe + end + ring + line(f"M{x - 46} {y + 10} Q{x} {y + 36} {x + 46} {y + 10}", darker(colour, 0.2), 4)
