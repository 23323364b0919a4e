"""Faces: eyes, brows, nose and mouth, from the front and from the side. A head's middle is (0, 0), its height 100."""

from dataclasses import dataclass

from agents.animatic.drawing.palette import darker, mix, see_through
from agents.animatic.drawing.poses import Expression
from agents.animatic.drawing.svg import circle, ellipse, line, path
from agents.animatic.film import Look

INK = "#1d1626"


@dataclass(frozen=True, slots=True)
class Face:
    """How a head is turned and what it shows. `turn`: 0.0 towards us, 0.5 three-quarter, 1.0 profile to the right."""

    look: Look
    turn: float = 0.0
    is_back: bool = False
    expression: Expression = "neutral"
    is_speaking: bool = False
    are_eyes_closed: bool = False
    kind: str = ""  # of animal, see creatures.py
    photo: str = ""  # the address of a picture that is the head instead, see brought.py

    @property
    def hair(self) -> str:
        """The colour of the hair, greyed by age."""
        return mix(self.look.hair, "#d4d4da", 0.65) if self.look.age == "old" else self.look.hair

    @property
    def shade(self) -> str:
        """The skin in shadow: redder, not only darker."""
        return mix(self.look.skin, "#6b2434", 0.28)


# Brows: (height of the inner end, height of the outer end); eyes: how far open.
BROWS: dict[Expression, tuple[float, float]] = {
    "neutral": (-19, -18),
    "happy": (-22, -19),
    "sad": (-25, -15),
    "angry": (-13, -22),
    "surprised": (-28, -26),
    "afraid": (-28, -20),
}

EYES: dict[Expression, float] = {
    "neutral": 1.0, "happy": 0.85, "sad": 0.75, "angry": 0.75, "surprised": 1.35, "afraid": 1.3,
}  # fmt: skip


def ear(x: float, face: Face) -> str:
    return ellipse(x, 4, 7, 11, face.look.skin) + ellipse(x, 4, 3.5, 6.5, see_through(face.shade, 0.8))


def cheeks(face: Face, x: float) -> str:
    strength = 0.5 if face.look.age == "child" or face.expression == "happy" else 0.28
    colour = mix(face.look.skin, "#e0304a", 0.4)
    fill = f"glow({see_through(colour, strength)},{see_through(colour, 0)})"
    return ellipse(x - 20, 17, 13, 10, fill) + ellipse(x * 0.8 + 20, 17, 12, 10, fill)


def eyes(face: Face, x: float) -> str:
    size = {"child": 1.25, "young": 1.08, "adult": 1.0, "old": 0.92}[face.look.age]
    near, far = x - 17 + 2 * face.turn, x + 17 - 8 * face.turn
    narrow = 1 - 0.35 * face.turn
    return _eye(face, near, size, 1.0, outer=-1) + _eye(face, far, size, narrow, outer=1)


def _eye(face: Face, x: float, size: float, narrow: float, *, outer: int) -> str:
    width, gaze = 8.2 * size * narrow, 2.4 * face.turn
    height = 6.6 * size * EYES[face.expression]
    brow = _brow(face, x, narrow, outer)
    if face.are_eyes_closed:
        return brow + line(f"M{x - width:.1f} 3 Q{x:.1f} {8:.1f} {x + width:.1f} 3", INK, 2.2)
    lid_y = 1 - height
    eye = (
        ellipse(x, 1, width, height, "#f7f3ee")
        + ellipse(x, 1 - height * 0.5, width * 0.9, height * 0.5, "#b9a9a044")
        + circle(x + gaze, 1.4, 5 * size, _iris(face.look))
        + circle(x + gaze, 1.4, 2.7 * size, "#120d16")
        + circle(x + gaze + 1.7 * size, -0.6, 1.5 * size, "#ffffff")
    )
    lid = line(
        f"M{x - width - 0.6:.1f} {1 - height * 0.15:.1f} Q{x:.1f} {lid_y - height * 0.75:.1f} {x + width + 0.6:.1f} {1 - height * 0.15:.1f}",
        INK,
        2.4,
    )
    smile = ""
    if face.expression == "happy":
        smile = path(
            f"M{x - width - 1:.1f} 9 Q{x:.1f} 1.5 {x + width + 1:.1f} 9 L{x + width + 1:.1f} 12 L{x - width - 1:.1f} 12Z",
            face.look.skin,
        )
    return eye + lid + smile + brow


def _iris(look: Look) -> str:
    colours = ("#4a2f1d", "#3d5a4a", "#3b5f87", "#5a3a22", "#2e2a33")
    return colours[sum(map(ord, look.hair + look.top)) % len(colours)]


def _brow(face: Face, x: float, narrow: float, outer: int) -> str:
    inner_y, outer_y = BROWS[face.expression]
    reach = 10 * narrow
    colour = darker(face.hair, 0.35) if face.look.hair_style != "bald" else darker(mix(face.look.skin, INK, 0.4), 0.2)
    arch = min(inner_y, outer_y) - (2 if face.expression == "angry" else 4)
    return line(
        f"M{x + outer * reach:.1f} {outer_y + 2} Q{x:.1f} {arch} {x - outer * reach * 0.9:.1f} {inner_y + 2}",
        colour,
        3.6,
    )


def nose(face: Face, x: float) -> str:
    shade = see_through(face.shade, 0.95)
    if face.turn < 0.2:
        return line("M-4 15 Q0 20 5 15", shade, 2.2) + path("M1 -4 L6 13 Q3 17 0 16Z", see_through(face.shade, 0.35))
    return line(f"M{x + 3:.1f} -3 L{x + 10:.1f} 13 Q{x + 8:.1f} 18 {x:.1f} 17", shade, 2.4)


def mouth(face: Face, x: float, y: float) -> str:
    lips = mix(mix(face.look.skin, "#a8283c", 0.5), INK, 0.15)
    if face.is_speaking:
        return _open_mouth(face, x, y, lips)
    match face.expression:
        case "happy":
            return path(
                f"M{x - 12} {y - 3} Q{x} {y + 4} {x + 12} {y - 3} Q{x} {y + 13} {x - 12} {y - 3}Z", "#fdf6f0"
            ) + line(f"M{x - 13} {y - 4} Q{x} {y + 4} {x + 13} {y - 4} Q{x} {y + 14} {x - 13} {y - 4}", lips, 2.2)
        case "sad":
            return line(f"M{x - 9} {y + 4} Q{x} {y - 4} {x + 9} {y + 4}", lips, 2.8)
        case "angry":
            return line(f"M{x - 10} {y + 4} Q{x - 2} {y - 3} {x + 10} {y + 2}", lips, 3.2)
        case "surprised":
            return ellipse(x, y + 2, 6, 8, "#4a141f") + ellipse(x, y + 6, 4, 3, "#c4545f")
        case "afraid":
            return path(f"M{x - 9} {y + 5} Q{x} {y - 8} {x + 9} {y + 5} Q{x} {y + 2} {x - 9} {y + 5}Z", "#4a141f")
        case _:
            return line(f"M{x - 9} {y} Q{x} {y + 3} {x + 9} {y - 1}", lips, 2.6)


def _open_mouth(face: Face, x: float, y: float, lips: str) -> str:
    wide, tall = {"happy": (13, 13), "angry": (13, 11), "surprised": (9, 14), "sad": (9, 9)}.get(
        face.expression, (10, 10)
    )
    corner = {"sad": 3, "angry": 2, "afraid": 3}.get(face.expression, -3)
    outline = f"M{x - wide} {y + corner} Q{x} {y - 4} {x + wide} {y + corner} Q{x + wide * 0.6} {y + tall} {x} {y + tall} Q{x - wide * 0.6} {y + tall} {x - wide} {y + corner}Z"
    teeth = path(
        f"M{x - wide * 0.75} {y + 0.5} Q{x} {y - 3} {x + wide * 0.75} {y + 0.5} L{x + wide * 0.6} {y + 3} Q{x} {y + 1.5} {x - wide * 0.6} {y + 3}Z",
        "#fbf5ef",
    )
    return (
        path(outline, "#4a141f")
        + ellipse(x, y + tall * 0.75, wide * 0.5, tall * 0.25, "#c4545f")
        + teeth
        + line(outline, lips, 1.8)
    )


def age_lines(face: Face, x: float) -> str:
    if face.look.age != "old":
        return ""
    shade = see_through(face.shade, 0.8)
    return "".join(
        line(outline, shade, 1.6)
        for outline in (
            f"M{x - 14} 20 Q{x - 18} 26 {x - 16} 32",
            f"M{x + 14} 20 Q{x + 18} 26 {x + 16} 32",
            f"M{x - 26} 9 Q{x - 18} 13 {x - 11} 10",
            f"M{x + 11} 10 Q{x + 18} 13 {x + 24} 9",
            f"M{x - 14} -30 Q{x} -33 {x + 14} -30",
        )
    )


def glasses(face: Face, x: float) -> str:
    if not face.look.wears("glasses"):
        return ""
    near, far, narrow = x - 17, x + 17 - 6 * face.turn, 1 - 0.2 * face.turn

    def lens(at: float, width: float) -> str:
        return (
            f'<rect x="{at - width:.1f}" y="-11" width="{2 * width:.1f}" height="23" rx="9" fill="#ffffff22" '
            f'stroke="{INK}" stroke-width="2.6"/>'
        )

    return (
        lens(near, 13.5)
        + lens(far, 13.5 * narrow)
        + line(f"M{near + 13:.1f} -2 L{far - 13 * narrow:.1f} -2", INK, 2.4)
        + line(f"M{near - 13:.1f} -3 L-38 -4", INK, 2.2)
    )


def profile_eye(face: Face) -> str:
    inner, outer = BROWS[face.expression]
    colour = darker(face.hair, 0.35) if face.look.hair_style != "bald" else darker(face.shade, 0.3)
    brow = line(f"M13 {outer + 2} Q22 {min(inner, outer) - 2} 31 {inner + 3}", colour, 3.4)
    height = 6 * EYES[face.expression]
    if face.are_eyes_closed:
        return brow + line("M16 2 Q22 7 28 2", INK, 2.2)
    return (
        ellipse(24, 0, 5.5, height, "#f7f3ee")
        + ellipse(26, 0.5, 3.4, height * 0.75, _iris(face.look))
        + ellipse(26.6, 0.5, 1.9, height * 0.42, "#120d16")
        + line(f"M16 {1 - height * 0.2:.1f} Q22 {-height * 1.5:.1f} 30 {-height * 0.5:.1f}", INK, 2.4)
        + brow
    )


def profile_mouth(face: Face) -> str:
    lips = mix(mix(face.look.skin, "#a8283c", 0.5), INK, 0.15)
    if face.is_speaking or face.expression == "surprised":
        return path("M38 23 Q28 24 23 30 Q28 37 36 36 L33 29Z", "#4a141f") + path("M37 24 L29 26 L35 28Z", "#fbf5ef")
    end = {"happy": 24, "sad": 33, "angry": 31, "afraid": 32}.get(face.expression, 28)
    return line(f"M36 28 Q30 29 23 {end}", lips, 2.6)


def profile_glasses(face: Face) -> str:
    if not face.look.wears("glasses"):
        return ""
    return (
        f'<rect x="14" y="-10" width="20" height="21" rx="8" fill="#ffffff22" stroke="{INK}" stroke-width="2.4"/>'
        + line("M14 -2 L-6 0", INK, 2.2)
    )
