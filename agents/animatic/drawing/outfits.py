"""What figures wear: a cut knows how to draw the torso, what hangs below it, and what lies around the neck."""

from dataclasses import dataclass

from agents.animatic.drawing.palette import darker, lighter, mix
from agents.animatic.drawing.svg import Point, circle, ellipse, line, path, rect
from agents.animatic.film import Look

Joints = tuple[Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Torso:
    """Where a torso is and how it is turned."""

    neck: Point
    hips: Point
    shoulder_half: float
    hip_half: float
    turn: float
    is_back: bool

    @property
    def length(self) -> float:
        """From the neck down to the hips."""
        return self.hips[1] - self.neck[1]

    @property
    def shows_front(self) -> bool:
        """Whether buttons and collars can be seen."""
        return not self.is_back

    @property
    def middle(self) -> float:
        """How far the middle line of the chest is moved by the turn."""
        return 0.0 if self.is_back else self.shoulder_half * 0.75 * min(self.turn, 0.8)

    def outline(self, loose: float = 1.0) -> str:
        """The shape of the trunk; `loose` widens waist and hips."""
        (x, y), (hip_x, hip_y) = self.neck, self.hips
        wide, hips = self.shoulder_half, self.hip_half * loose
        waist = (wide * 0.62 + hips * 0.3) * loose
        middle_x, middle_y = (x + hip_x) / 2, (y + hip_y) / 2 + 30
        return (
            f"M{x - 26:.1f} {y + 2:.1f} C{x - wide * 0.7:.1f} {y + 8:.1f} {x - wide * 1.08:.1f} {y + 14:.1f} {x - wide * 1.12:.1f} {y + 52:.1f} "
            f"C{middle_x - waist * 1.12:.1f} {middle_y - 40:.1f} {middle_x - waist:.1f} {middle_y:.1f} {hip_x - hips:.1f} {hip_y + 22:.1f} "
            f"L{hip_x + hips:.1f} {hip_y + 22:.1f} "
            f"C{middle_x + waist:.1f} {middle_y:.1f} {middle_x + waist * 1.12:.1f} {middle_y - 40:.1f} {x + wide * 1.12:.1f} {y + 52:.1f} "
            f"C{x + wide * 1.08:.1f} {y + 14:.1f} {x + wide * 0.7:.1f} {y + 8:.1f} {x + 26:.1f} {y + 2:.1f}Z"
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """One outfit in its colours."""

    look: Look
    sleeve: str
    legs: str
    shoes: str
    is_short_sleeved: bool = False

    def torso(self, body: Torso) -> str:
        """The trunk in its clothes."""
        loose = {"hoodie": 1.18, "coat": 1.12, "robot": 1.15}.get(self.look.outfit, 1.0)
        top = self.look.top
        cloth = path(body.outline(loose), f"across({darker(top, 0.18)},{top},{lighter(top, 0.07)})")
        detail = DETAILS[self.look.outfit](self, body)
        narrow = 0.62 if body.turn > 0.75 and not body.is_back else 1.0  # from the side it is foreshortened
        return cloth + f'<g transform="translate({body.neck[0]:.1f} {body.neck[1]:.1f}) scale({narrow} 1)">{detail}</g>'

    def skirt(self, body: Torso, near_leg: Joints, far_leg: Joints) -> str:
        """What hangs over the legs: a coat's tails, a dress."""
        reach, flare = {"coat": (0.95, 1.25), "dress": (1.12, 1.75), "uniform": (0.18, 1.05)}.get(
            self.look.outfit, (0, 0)
        )
        if not reach:
            return ""
        return _hem(body, near_leg, far_leg, reach, flare, self.look.top)

    def shoulder(self, at: Point, colour: str) -> str:
        """An epaulette, or a robot's joint."""
        match self.look.outfit:
            case "uniform":
                return rect(at[0] - 30, at[1] - 34, 60, 14, mix("#d8b45a", colour, 0.15), 6)
            case "robot":
                return circle(at[0], at[1], 34, f"glow({lighter(colour, 0.5)},{darker(colour, 0.15)})")
            case _:
                return ""

    def neckwear(self, body: Torso) -> str:
        """A scarf or a hood."""
        x, y = body.neck
        if self.look.wears("scarf"):
            return _scarf(x, y, body, self.look.accessory_colour or lighter(self.look.bottom, 0.25))
        if self.look.outfit == "hoodie" and body.is_back:
            return path(
                f"M{x - 62} {y + 6} Q{x} {y - 26} {x + 62} {y + 6} Q{x + 46} {y + 84} {x} {y + 90} Q{x - 46} {y + 84} {x - 62} {y + 6}Z",
                darker(self.look.top, 0.2),
            )
        return ""


def dressed(look: Look) -> Cut:
    """The cut of a look's outfit."""
    if look.outfit == "robot":
        metal = lighter(look.top, 0.12)
        return Cut(look, metal, darker(metal, 0.2), darker(look.bottom, 0.2))
    shoes = darker(mix(look.bottom, "#3a2a22", 0.5), 0.35)
    if look.outfit == "dress":
        return Cut(look, look.top, look.skin, darker(look.bottom, 0.1), is_short_sleeved=True)
    return Cut(
        look, look.top, look.bottom, shoes, is_short_sleeved=look.outfit == "shirt" and look.age in ("child", "young")
    )


def _hem(body: Torso, near_leg: Joints, far_leg: Joints, reach: float, flare: float, colour: str) -> str:
    def along(leg: Joints) -> Point:
        (hip_x, hip_y), (knee_x, knee_y), (ankle_x, ankle_y) = leg
        if reach <= 1:
            return hip_x + (knee_x - hip_x) * reach, hip_y + (knee_y - hip_y) * reach
        below = reach - 1
        return knee_x + (ankle_x - knee_x) * below, knee_y + (ankle_y - knee_y) * below

    (near_x, near_y), (far_x, far_y) = along(near_leg), along(far_leg)
    left, right = sorted(((near_x, near_y), (far_x, far_y)))
    wide, (hip_x, hip_y) = body.hip_half, body.hips
    outline = (
        f"M{hip_x - wide:.1f} {hip_y - 30:.1f} L{hip_x + wide:.1f} {hip_y - 30:.1f} "
        f"Q{hip_x + wide * 1.1:.1f} {(hip_y + right[1]) / 2:.1f} {right[0] + wide * flare * 0.62:.1f} {right[1]:.1f} "
        f"Q{(left[0] + right[0]) / 2:.1f} {max(left[1], right[1]) + 26:.1f} {left[0] - wide * flare * 0.62:.1f} {left[1]:.1f} "
        f"Q{hip_x - wide * 1.1:.1f} {(hip_y + left[1]) / 2:.1f} {hip_x - wide:.1f} {hip_y - 30:.1f}Z"
    )
    folds = "".join(
        line(
            f"M{hip_x + side * wide * 0.3:.1f} {hip_y + 20:.1f} L{(left[0] + right[0]) / 2 + side * wide * flare * 0.5:.1f} {(left[1] + right[1]) / 2 - 8:.1f}",
            darker(colour, 0.22),
            5,
        )
        for side in (-1, 0.15, 1)
    )
    return path(outline, f"across({darker(colour, 0.28)},{colour},{darker(colour, 0.05)})") + folds


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


def _shirt(cut: Cut, body: Torso) -> str:
    top, x = cut.look.top, body.middle
    belt = rect(
        body.hips[0] - body.neck[0] - body.hip_half,
        body.length + 8,
        body.hip_half * 2,
        16,
        darker(cut.look.bottom, 0.45),
    )
    if not body.shows_front:
        return belt + line(f"M0 20 L0 {body.length - 30:.0f}", darker(top, 0.14), 3)
    light = lighter(top, 0.3)
    collar = path(f"M{x * 0.5 - 34:.0f} 0 L{x:.0f} 48 L{x - 30:.0f} 50Z", light) + path(
        f"M{x * 0.5 + 34:.0f} 0 L{x:.0f} 48 L{x + 30:.0f} 46Z", light
    )
    if cut.is_short_sleeved:
        collar = path(
            f"M{x * 0.5 - 32:.0f} 0 Q{x:.0f} 46 {x * 0.5 + 32:.0f} 0 L{x * 0.5 + 26:.0f} -2 Q{x:.0f} 30 {x * 0.5 - 26:.0f} -2Z",
            light,
        )
    buttons = line(f"M{x:.0f} 50 L{x * 0.7:.0f} {body.length:.0f}", darker(top, 0.22), 3)
    return buttons + collar + belt


def _coat(cut: Cut, body: Torso) -> str:
    top, x, long = cut.look.top, body.middle, body.length
    if not body.shows_front:
        return line(f"M0 {long * 0.35:.0f} L0 {long + 20:.0f}", darker(top, 0.3), 4) + rect(
            -body.hip_half, long * 0.72, body.hip_half * 2, 18, darker(top, 0.3)
        )
    under = lighter(mix(cut.look.bottom, "#e8e0d4", 0.55), 0.1)
    shirt = path(f"M{x * 0.5 - 30:.0f} 0 L{x * 0.5 + 30:.0f} 0 L{x:.0f} {long * 0.55:.0f}Z", under)
    lapel = darker(top, 0.24)
    left = path(
        f"M{x * 0.5 - 36:.0f} -4 L{x * 0.5 - 62:.0f} 62 L{x - 36:.0f} 82 L{x:.0f} {long * 0.58:.0f} L{x * 0.5 - 24:.0f} 0Z",
        lapel,
    )
    right = path(
        f"M{x * 0.5 + 36:.0f} -4 L{x * 0.5 + 58:.0f} 62 L{x + 32:.0f} 82 L{x:.0f} {long * 0.58:.0f} L{x * 0.5 + 24:.0f} 0Z",
        darker(top, 0.14),
    )
    buttons = "".join(circle(x + 16, long * share, 6, darker(top, 0.5)) for share in (0.66, 0.84, 1.0))
    return (
        shirt
        + left
        + right
        + line(f"M{x:.0f} {long * 0.58:.0f} L{x * 0.7:.0f} {long + 18:.0f}", darker(top, 0.35), 4)
        + buttons
    )


def _dress(cut: Cut, body: Torso) -> str:
    x = body.middle
    sash = rect(
        body.hips[0] - body.neck[0] - body.hip_half * 1.02,
        body.length - 34,
        body.hip_half * 2.04,
        26,
        cut.look.bottom,
        6,
    )
    neckline = "" if body.is_back else path(f"M{x * 0.5 - 34:.0f} -2 Q{x:.0f} 60 {x * 0.5 + 34:.0f} -2Z", cut.look.skin)
    trim = (
        ""
        if body.is_back
        else line(f"M{x * 0.5 - 34:.0f} 0 Q{x:.0f} 62 {x * 0.5 + 34:.0f} 0", lighter(cut.look.top, 0.35), 5)
    )
    return neckline + trim + sash


def _hoodie(cut: Cut, body: Torso) -> str:
    top, x, long = cut.look.top, body.middle, body.length
    rib = rect(
        body.hips[0] - body.neck[0] - body.hip_half * 1.16, long - 2, body.hip_half * 2.32, 26, darker(top, 0.25), 8
    )
    if not body.shows_front:
        return rib
    hood = path(
        f"M-64 8 Q-40 -34 0 -26 Q40 -34 64 8 Q{x * 0.6 + 34:.0f} 44 {x * 0.6:.0f} 52 Q{x * 0.6 - 34:.0f} 44 -64 8Z",
        darker(top, 0.22),
    )
    inside = path(
        f"M-38 2 Q0 -18 38 2 Q{x * 0.5 + 16:.0f} 32 {x * 0.5:.0f} 36 Q{x * 0.5 - 16:.0f} 32 -38 2Z", cut.look.skin
    )
    pocket = path(
        f"M{x - 46:.0f} {long * 0.68:.0f} L{x + 46:.0f} {long * 0.68:.0f} L{x + 64:.0f} {long * 0.96:.0f} L{x - 64:.0f} {long * 0.96:.0f}Z",
        darker(top, 0.14),
    )
    strings = "".join(
        line(f"M{x * 0.6 + side * 16:.0f} 46 L{x * 0.6 + side * 18:.0f} 112", lighter(top, 0.6), 5) for side in (-1, 1)
    )
    return hood + inside + pocket + strings + rib


def _uniform(cut: Cut, body: Torso) -> str:
    top, x, long = cut.look.top, body.middle, body.length
    belt = rect(body.hips[0] - body.neck[0] - body.hip_half * 1.03, long - 16, body.hip_half * 2.06, 24, "#2a2226", 3)
    if not body.shows_front:
        return belt + line(f"M0 20 L0 {long - 20:.0f}", darker(top, 0.2), 3)
    gold = "#d8b45a"
    collar = path(
        f"M{x * 0.5 - 34:.0f} -6 Q{x * 0.5:.0f} 12 {x * 0.5 + 34:.0f} -6 L{x * 0.5 + 30:.0f} 24 Q{x * 0.5:.0f} 40 {x * 0.5 - 30:.0f} 24Z",
        darker(top, 0.25),
    )
    buttons = "".join(circle(x, long * share, 7, gold) for share in (0.25, 0.42, 0.59, 0.76))
    badge = path(f"M{x + 34:.0f} 66 L{x + 62:.0f} 66 L{x + 62:.0f} 88 L{x + 48:.0f} 102 L{x + 34:.0f} 88Z", gold)
    buckle = rect(x * 0.7 - 15, long - 17, 30, 26, gold, 4)
    return collar + line(f"M{x:.0f} 34 L{x:.0f} {long:.0f}", darker(top, 0.25), 3) + buttons + badge + belt + buckle


def _robot(cut: Cut, body: Torso) -> str:
    top, x, long = cut.look.top, body.middle, body.length
    seams = line(
        f"M{-body.shoulder_half * 0.8:.0f} {long * 0.62:.0f} L{body.shoulder_half * 0.8:.0f} {long * 0.62:.0f}",
        darker(top, 0.35),
        4,
    )
    if not body.shows_front:
        return (
            seams
            + rect(-42, 50, 84, 90, darker(top, 0.3), 12)
            + "".join(rect(-28, 68 + 18 * n, 56, 7, darker(top, 0.55), 3) for n in range(3))
        )
    panel = rect(x - 48, 56, 96, 84, darker(top, 0.28), 14)
    core = ellipse(x, 98, 52, 52, "glow(#7ff3ffaa,#7ff3ff00)") + circle(x, 98, 20, "glow(#ffffff,#7ff3ff,#2f9fc4)")
    return (
        seams
        + panel
        + core
        + "".join(circle(x - 30 + 20 * n, long * 0.75, 5, c) for n, c in enumerate(("#ff6b5e", "#ffd166", "#7ff39a")))
    )


DETAILS = {
    "shirt": _shirt, "coat": _coat, "dress": _dress, "hoodie": _hoodie, "uniform": _uniform, "robot": _robot,
}  # fmt: skip
