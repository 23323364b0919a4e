"""Where a trunk is, and cloth that hangs from it over the legs."""

from dataclasses import dataclass

from agents.animatic.drawing.palette import darker
from agents.animatic.drawing.svg import Point, line, path

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


def hem(body: Torso, legs: tuple[Joints, Joints], reach: float, flare: float, colour: str) -> str:
    """Cloth from the hips down. `reach` 1.0 is as far as the knees, 2.0 the ankles; `flare` widens its lower edge."""
    near_leg, far_leg = legs

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
