"""Whole figures: a skeleton bent by a pose, dressed by a look. Feet at (0, 0), a grown-up's height is 1000, up is negative."""

from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians, sin

from agents.animatic.drawing import creatures, hair, props
from agents.animatic.drawing.faces import Face
from agents.animatic.drawing.heads import head
from agents.animatic.drawing.headwear import hat_colour, tucked_in, worn_on_head
from agents.animatic.drawing.outfits import Cut, dressed
from agents.animatic.drawing.palette import darker, lighter
from agents.animatic.drawing.poses import STANDING, Expression, Pose
from agents.animatic.drawing.svg import Point, circle, ellipse, group, path
from agents.animatic.drawing.torsos import Torso
from agents.animatic.film import Look
from agents.animatic.vocabulary import ALL_ANIMALS, Animal

ANIMAL_EYES = 640.0  # where the middle of an animal's head is, of 1000
PROFILE = 0.75  # a turn beyond which the body is seen from the side
UPPER_ARM, LOWER_ARM, UPPER_LEG, LOWER_LEG = 152.0, 140.0, 228.0, 212.0
ANKLE = 32.0
SETTLED = 0.1  # of its height, by which the hips of somebody are lower who sits or kneels
WALKING, RUNNING = 25, 60  # degrees between the upper legs


@dataclass(frozen=True, slots=True)
class Figure:
    """One character as it is to be drawn. It faces right, or left with `faces_left`; turn 0.0 is towards us."""

    look: Look
    pose: Pose = STANDING
    turn: float = 0.5
    is_back: bool = False
    faces_left: bool = False
    expression: Expression = "neutral"
    is_speaking: bool = False
    holds: str = ""
    kind: str = ""  # of animal: which head it has
    body: str = ""  # the animal that is drawn whole instead
    name: str = ""  # of the character
    photo: str = ""  # the address of a picture that is its head, see brought.py

    @property
    def face(self) -> Face:
        """Its head."""
        return Face(
            tucked_in(self.look),
            0.0 if self.is_back else self.turn,
            self.is_back,
            self.expression,
            self.is_speaking,
            are_eyes_closed=self.pose.is_lying,
            kind=self.kind,
            photo=self.photo,
        )


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Where the joints are."""

    head: Point
    head_size: float
    neck: Point
    hips: Point
    shoulder_half: float
    hip_half: float
    near_arm: tuple[Point, Point, Point]
    far_arm: tuple[Point, Point, Point]
    near_leg: tuple[Point, Point, Point]
    far_leg: tuple[Point, Point, Point]


def draw(figure: Figure) -> str:
    """The figure in its own coordinates."""
    if figure.body:
        return _whole_animal(figure)
    bones = skeleton(figure)
    drawn = _assembled(figure, bones)
    if figure.pose.is_lying:
        drawn = group(drawn, x=-430, y=-70, turn=90)
    return group(drawn, scale=figure.look.height, flip=figure.faces_left)


def _whole_animal(figure: Figure) -> str:
    """It rests, moves, runs, looks up or down as its pose says, and rears a little when it speaks."""
    pose = figure.pose
    drawn = creatures.body(figure.body, figure.look.skin)
    if pose.is_lying or pose.drop > SETTLED:
        drawn = f'<g transform="scale(1.06 {0.74 if pose.is_lying else 0.86})">{drawn}</g>'
    else:
        drawn = _in_motion(drawn, figure)
    return group(drawn, scale=figure.look.height, flip=figure.faces_left)


def _in_motion(drawn: str, figure: Figure) -> str:
    """Leaning into its way, off the ground, with dust behind it; or turned up or down as its head would be."""
    pose = figure.pose
    stride = pose.near_leg[0] - pose.far_leg[0]
    lean = pose.lean * 0.5 + pose.tilt * 0.45 - (5 if figure.is_speaking else 0)
    if stride < WALKING:
        return group(drawn, turn=lean)
    lift, slant = (52, -13) if stride > RUNNING else (16, -6)
    dust = "".join(ellipse(-330 - 95 * n, -24 - 16 * n, 74 - 16 * n, 34 - 8 * n, "#d8cfc066") for n in range(3))
    moved = f'<g transform="translate(0 {-lift}) rotate({slant * 0.6:.1f}) skewX({slant})">{drawn}</g>'
    return (dust if stride > RUNNING and creatures.is_on_land(figure.body) else "") + moved


def head_height(look: Look) -> float:
    """The height of a head in figure units: children have larger ones."""
    return {"child": 236.0, "young": 180.0, "adult": 172.0, "old": 176.0}[look.age]


def eye_level(look: Look) -> float:
    """How high above the ground a standing figure's eyes are, in units."""
    record = ALL_ANIMALS.get(look.animal, Animal()) if look.animal else None
    if record and not record.head:
        return (ANIMAL_EYES + record.lift * 1000) * look.height
    return (1000 - head_height(look) * 0.5) * look.height


def skeleton(figure: Figure) -> Skeleton:
    """The joints of the figure in its pose."""
    look, pose = figure.look, figure.pose
    tall = head_height(look) * (1.0 if not figure.kind else 1.12)
    from_front = figure.turn < 0.2 or figure.is_back
    narrow = {0: 1.0, 1: 0.9, 2: 0.58}[0 if from_front else 1 if figure.turn < PROFILE else 2]
    build = {"slim": 0.88, "average": 1.0, "broad": 1.22}[look.build] * (0.86 if look.age == "child" else 1.0)
    shoulder_half, hip_half = 104 * build * narrow, 74 * build * (0.75 + 0.25 * narrow)
    hips = (0.0, -(UPPER_LEG + LOWER_LEG + ANKLE) + pose.drop * 1000)
    trunk = 1000 - tall * 1.12 + hips[1] - pose.drop * 1000
    neck = _from(hips, 180 - pose.lean, trunk)
    bend = 0.3 if from_front else 1.0
    shoulders = [
        (neck[0] + side * shoulder_half * 0.86, neck[1] + 45) for side in ((-0.2, 0.2) if narrow < 0.7 else (-1, 1))
    ]
    stance = [(hips[0] + side * hip_half * (0.2 if narrow < 0.7 else 0.52), hips[1]) for side in (-1, 1)]
    mirrored = -1 if from_front else 1
    return Skeleton(
        head=_from(neck, 180 - pose.lean - pose.tilt * (0.4 if from_front else 1), tall * 0.56),
        head_size=tall,
        neck=neck,
        hips=hips,
        shoulder_half=shoulder_half,
        hip_half=hip_half,
        near_arm=_limb(shoulders[0], (pose.near_arm[0] * mirrored, pose.near_arm[1] * mirrored), UPPER_ARM, LOWER_ARM),
        far_arm=_limb(shoulders[1], pose.far_arm, UPPER_ARM, LOWER_ARM),
        near_leg=_limb(stance[0], (pose.near_leg[0] * bend, pose.near_leg[1] * bend), UPPER_LEG, LOWER_LEG),
        far_leg=_limb(stance[1], (pose.far_leg[0] * bend, pose.far_leg[1] * bend), UPPER_LEG, LOWER_LEG),
    )


def _from(start: Point, angle: float, length: float) -> Point:
    return start[0] + sin(radians(angle)) * length, start[1] + cos(radians(angle)) * length


def _limb(start: Point, angles: tuple[float, float], upper: float, lower: float) -> tuple[Point, Point, Point]:
    middle = _from(start, angles[0], upper)
    return start, middle, _from(middle, angles[1], lower)


def _assembled(figure: Figure, bones: Skeleton) -> str:
    cut = dressed(figure.look)
    tilt = figure.pose.lean + figure.pose.tilt * (0.4 if figure.turn < 0.2 else 1)
    torso = Torso(bones.neck, bones.hips, bones.shoulder_half, bones.hip_half, figure.turn, figure.is_back)
    face = figure.face

    def placed(content: str) -> str:
        return group(content, x=bones.head[0], y=bones.head[1], scale=bones.head_size / 100, turn=tilt)

    far_arm = _arm(figure, bones.far_arm, cut, is_far=figure.turn >= 0.2 and not figure.is_back)
    near_arm = _arm(figure, bones.near_arm, cut, is_far=False)
    legs = _leg(figure, bones.far_leg, cut, is_far=True) + _leg(figure, bones.near_leg, cut, is_far=False)
    held = _held(figure, bones)
    cloak = cut.behind(torso, bones.near_leg, bones.far_leg)
    behind = placed(hair.behind(face)) + (
        creatures.tail(figure.kind, creatures.Fur(figure.look.skin), bones.hips) if figure.kind else ""
    )
    neck = _neck(figure, bones)
    body = legs + cut.skirt(torso, bones.near_leg, bones.far_leg) + cut.torso(torso)
    if figure.is_back:
        return (
            held
            + far_arm
            + near_arm
            + neck
            + body
            + cloak
            + (behind if figure.kind else "")
            + cut.neckwear(torso)
            + placed(head(face))
        )
    return cloak + behind + far_arm + neck + body + cut.neckwear(torso) + placed(head(face)) + held + near_arm


def _neck(figure: Figure, bones: Skeleton) -> str:
    if figure.look.outfit == "robot":
        return tapered([bones.head, bones.neck], [18, 22], "#4a4f5e")
    skin, width = figure.look.skin, bones.head_size * 0.15
    return tapered(
        [bones.head, (bones.neck[0], bones.neck[1] + 22)], [width, width * 1.25], figure.face.shade
    ) + tapered(
        [(bones.neck[0], bones.neck[1] + 14), (bones.neck[0], bones.neck[1] + 30)], [width * 1.2, width * 1.4], skin
    )


def _arm(figure: Figure, joints: tuple[Point, Point, Point], cut: Cut, *, is_far: bool) -> str:
    size = {"slim": 0.86, "average": 1.0, "broad": 1.18}[figure.look.build]
    colour, skin, hands = cut.sleeve, figure.look.skin, cut.hands
    if is_far:
        colour, skin, hands = darker(colour, 0.3), darker(skin, 0.22), darker(hands, 0.22)
    shoulder, elbow, wrist = joints
    hand = _hand(joints, hands, size, figure.look.outfit == "robot")
    upper, middle, lower = (width * size for width in cut.pattern.sleeve_widths)
    edge = tapered(
        [(x + 5, y + 4) for x, y in joints], [upper, middle + size, lower + 2 * size], darker(colour, 0.4) + "88"
    )
    sleeve = tapered([shoulder, elbow, wrist], [upper, middle, lower], colour)
    if cut.is_short_sleeved:
        cuff = (elbow[0] * 0.75 + shoulder[0] * 0.25, elbow[1] * 0.75 + shoulder[1] * 0.25)
        sleeve = tapered([shoulder, elbow, wrist], [25 * size, 20 * size, 15 * size], skin) + tapered(
            [shoulder, cuff], [31 * size, 27 * size], colour
        )
    return hand + ("" if is_far else edge) + sleeve + cut.shoulder(shoulder, colour)


def _hand(joints: tuple[Point, Point, Point], skin: str, size: float, is_robot: bool) -> str:  # noqa: FBT001
    _, elbow, wrist = joints
    length = hypot(wrist[0] - elbow[0], wrist[1] - elbow[1]) or 1
    along = ((wrist[0] - elbow[0]) / length, (wrist[1] - elbow[1]) / length)
    palm = (wrist[0] + along[0] * 20, wrist[1] + along[1] * 20)
    tips = (wrist[0] + along[0] * 46 * size, wrist[1] + along[1] * 46 * size)
    thumb = (palm[0] - along[1] * 20 + along[0] * 10, palm[1] + along[0] * 20 + along[1] * 10)
    skin = "#5a6072" if is_robot else skin
    return (
        tapered([wrist, palm], [15 * size, 17 * size], skin)
        + tapered([palm, tips], [17 * size, 11 * size], lighter(skin, 0.03))
        + tapered([palm, thumb], [9 * size, 6 * size], skin)
    )


def _leg(figure: Figure, joints: tuple[Point, Point, Point], cut: Cut, *, is_far: bool) -> str:
    size = {"slim": 0.88, "average": 1.0, "broad": 1.16}[figure.look.build]
    colour, shoe = cut.legs, cut.shoes
    if is_far:
        colour, shoe = darker(colour, 0.28), darker(shoe, 0.25)
    hip, knee, ankle = joints
    leg = tapered([hip, knee, ankle], [48 * size, 36 * size, 25 * size], colour)
    return leg + _shoe(figure, knee, ankle, shoe)


def _shoe(figure: Figure, knee: Point, ankle: Point, colour: str) -> str:
    x, y = ankle
    slope = (ankle[0] - knee[0]) / LOWER_LEG  # a lifted heel points the toes down
    if figure.turn < 0.2 or figure.is_back:
        return path(
            f"M{x - 27:.1f} {y - 8:.1f} Q{x:.1f} {y - 30:.1f} {x + 27:.1f} {y - 8:.1f} L{x + 33:.1f} {y + 32:.1f} L{x - 33:.1f} {y + 32:.1f}Z",
            colour,
        )
    length = 78 if figure.turn >= PROFILE else 64
    sole = path(f"M-30 -22 L24 -22 Q30 2 {length} 8 Q{length + 10} 26 {length + 4} 32 L-32 32 Q-38 4 -30 -22Z", colour)
    return group(sole, x=x, y=y, turn=slope * -62 if slope < 0 else slope * -20)


def _held(figure: Figure, bones: Skeleton) -> str:
    if not figure.holds:
        return ""
    x, y = _grip(bones)
    return group(props.draw(figure.holds), x=x, y=y, scale=1 / figure.look.height)


def _grip(bones: Skeleton) -> Point:
    _, elbow, wrist = bones.near_arm
    reach = (wrist[0] - elbow[0]) / LOWER_ARM, (wrist[1] - elbow[1]) / LOWER_ARM
    return wrist[0] + reach[0] * 34, wrist[1] + reach[1] * 34


def grip(figure: Figure) -> Point:
    """Where what it holds is, as `draw` draws it."""
    x, y = _grip(skeleton(figure))
    across = -figure.look.height if figure.faces_left else figure.look.height
    return x * across, y * figure.look.height


def tapered(joints: list[Point], radii: list[float], colour: str) -> str:
    """A limb with round joints that grows thinner towards its end."""
    parts = [circle(x, y, radius, colour) for (x, y), radius in zip(joints, radii, strict=True)]
    for (start, end), (one, two) in zip(pairwise(joints), pairwise(radii), strict=True):
        length = hypot(end[0] - start[0], end[1] - start[1]) or 1
        across = ((start[1] - end[1]) / length, (end[0] - start[0]) / length)
        parts.append(
            path(
                f"M{start[0] + across[0] * one:.1f} {start[1] + across[1] * one:.1f} "
                f"L{end[0] + across[0] * two:.1f} {end[1] + across[1] * two:.1f} "
                f"L{end[0] - across[0] * two:.1f} {end[1] - across[1] * two:.1f} "
                f"L{start[0] - across[0] * one:.1f} {start[1] - across[1] * one:.1f}Z",
                colour,
            )
        )
    return "".join(parts)


def from_above(look: Look) -> str:
    """The figure seen from overhead: shoulders around a head; it looks to the bottom of the picture."""
    cut, face = dressed(look), Face(look)
    wide = {"slim": 92, "average": 106, "broad": 128}[look.build]
    size = head_height(look) * 0.44
    crown = look.skin if look.hair_style == "bald" else face.hair
    if worn_on_head(look):
        crown = hat_colour(look)
    body = ellipse(0, 0, wide, 56, f"down({lighter(cut.sleeve, 0.1)},{darker(cut.sleeve, 0.25)})")
    arms = circle(-wide + 6, 34, 27, cut.sleeve) + circle(wide - 6, 34, 27, cut.sleeve)
    hands = circle(-wide + 16, 66, 15, look.skin) + circle(wide - 16, 66, 15, look.skin)
    nose = ellipse(0, size * 0.98, size * 0.3, size * 0.2, look.skin)
    crown_light = f"glow({lighter(crown, 0.28)},{crown},{darker(crown, 0.25)})"
    return hands + arms + body + nose + ellipse(0, 6, size * 0.86, size, crown_light)
