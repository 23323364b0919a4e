"""Heads: skull, face, hair and what is worn on them. The head's middle is (0, 0), its height 100."""

from dataclasses import dataclass

from agents.studio.film import Look
from agents.studio.offline.drawing.palette import brightness, darker, lighter, mix, see_through
from agents.studio.offline.drawing.poses import Expression
from agents.studio.offline.drawing.svg import circle, ellipse, line, path, rect

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


def head_behind(face: Face) -> str:
    """What lies behind the neck and shoulders: long hair, a ponytail."""
    if face.look.outfit == "robot" or face.is_back:
        return ""
    hair = darker(face.hair, 0.3)
    x = -16 * face.turn
    match face.look.hair_style:
        case "long":
            return path(
                f"M{-43 + x} -8 C{-50 + x} -62 {48 - x} -62 {42 + x * 0.6} -8 C{44 + x} 30 {46 + x} 56 {36 + x} 86 "
                f"C{16 + x} 94 {-24 + x} 94 {-42 + x} 84 C{-52 + x} 56 {-46 + x} 30 {-43 + x} -8Z",
                f"down({face.hair},{hair})",
            )
        case "ponytail":
            return path(
                f"M{-16 + x} -44 C{-58 + x} -46 {-66 + x} 10 {-54 + x} 66 C{-40 + x} 46 {-40 + x} 4 {-24 + x} -16Z", hair
            )
        case "curly":
            return "".join(
                circle(x + dx, dy, 19, hair) for dx, dy in ((-34, -16), (-36, 8), (34, -16), (35, 8), (-28, 28), (28, 28))
            )
        case _:
            return ""


def head(face: Face) -> str:
    """The head itself."""
    if face.look.outfit == "robot":
        return _robot_head(face)
    if face.is_back:
        return _from_behind(face) + _headwear(face)
    if face.turn > 0.75:
        return _profile(face) + _headwear(face)
    return _towards_us(face) + _headwear(face)


def _towards_us(face: Face) -> str:
    look, x = face.look, 26 * face.turn
    jaw = {"slim": 22, "average": 25, "broad": 29}[look.build] + (4 if look.age == "child" else 0)
    skull = path(
        f"M0 -50 C26 -50 38 -34 38 -8 C38 14 {jaw + 6} 36 {jaw * 0.55 + x * 0.3:.1f} 47 C{6 + x * 0.4:.1f} 51 {-6 + x * 0.2:.1f} 51 "
        f"{-jaw * 0.55:.1f} 46 C{-jaw - 6} 36 -38 14 -38 -8 C-38 -34 -26 -50 0 -50Z",
        f"across({look.skin},{look.skin},{face.shade})" if face.turn == 0 else f"across({face.shade},{look.skin},{look.skin})",
    )
    near_ear = _ear(-37 + x * 0.75, face)
    far_ear = _ear(37, face) if face.turn < 0.2 else ""
    ears = near_ear + far_ear
    under_fringe = ellipse(x * 0.5, -30, 33, 14, see_through(face.shade, 0.35)) if look.hair_style != "bald" else ""
    return (
        (ears if face.turn < 0.2 else "")
        + skull
        + (ears if face.turn >= 0.2 else "")
        + under_fringe
        + _cheeks(face, x)
        + _eyes(face, x)
        + _nose(face, x)
        + _mouth(face, x * 1.05, 29)
        + _age_lines(face, x)
        + _beard(face, x)
        + _hair_in_front(face, x)
        + _glasses(face, x)
    )


def _ear(x: float, face: Face) -> str:
    return ellipse(x, 4, 7, 11, face.look.skin) + ellipse(x, 4, 3.5, 6.5, see_through(face.shade, 0.8))


def _cheeks(face: Face, x: float) -> str:
    strength = 0.5 if face.look.age == "child" or face.expression == "happy" else 0.28
    colour = mix(face.look.skin, "#e0304a", 0.4)
    fill = f"glow({see_through(colour, strength)},{see_through(colour, 0)})"
    return ellipse(x - 20, 17, 13, 10, fill) + ellipse(x * 0.8 + 20, 17, 12, 10, fill)


def _eyes(face: Face, x: float) -> str:
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
        f"M{x + outer * reach:.1f} {outer_y + 2} Q{x:.1f} {arch} {x - outer * reach * 0.9:.1f} {inner_y + 2}", colour, 3.6
    )


def _nose(face: Face, x: float) -> str:
    shade = see_through(face.shade, 0.95)
    if face.turn < 0.2:
        return line("M-4 15 Q0 20 5 15", shade, 2.2) + path("M1 -4 L6 13 Q3 17 0 16Z", see_through(face.shade, 0.35))
    return line(f"M{x + 3:.1f} -3 L{x + 10:.1f} 13 Q{x + 8:.1f} 18 {x:.1f} 17", shade, 2.4)


def _mouth(face: Face, x: float, y: float) -> str:
    lips = mix(mix(face.look.skin, "#a8283c", 0.5), INK, 0.15)
    if face.is_speaking:
        return _open_mouth(face, x, y, lips)
    match face.expression:
        case "happy":
            return path(f"M{x - 12} {y - 3} Q{x} {y + 4} {x + 12} {y - 3} Q{x} {y + 13} {x - 12} {y - 3}Z", "#fdf6f0") + line(
                f"M{x - 13} {y - 4} Q{x} {y + 4} {x + 13} {y - 4} Q{x} {y + 14} {x - 13} {y - 4}", lips, 2.2
            )
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
    wide, tall = {"happy": (13, 13), "angry": (13, 11), "surprised": (9, 14), "sad": (9, 9)}.get(face.expression, (10, 10))
    corner = {"sad": 3, "angry": 2, "afraid": 3}.get(face.expression, -3)
    outline = f"M{x - wide} {y + corner} Q{x} {y - 4} {x + wide} {y + corner} Q{x + wide * 0.6} {y + tall} {x} {y + tall} Q{x - wide * 0.6} {y + tall} {x - wide} {y + corner}Z"
    teeth = path(
        f"M{x - wide * 0.75} {y + 0.5} Q{x} {y - 3} {x + wide * 0.75} {y + 0.5} L{x + wide * 0.6} {y + 3} Q{x} {y + 1.5} {x - wide * 0.6} {y + 3}Z",
        "#fbf5ef",
    )
    return path(outline, "#4a141f") + ellipse(x, y + tall * 0.75, wide * 0.5, tall * 0.25, "#c4545f") + teeth + line(outline, lips, 1.8)


def _age_lines(face: Face, x: float) -> str:
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


def _beard(face: Face, x: float) -> str:
    if face.look.accessory != "beard":
        return ""
    hair, x = darker(face.hair, 0.12), x * 0.6
    beard = (
        f"M-38 0 C-36 20 -32 52 {x} 62 C{30 + x * 0.3} 54 38 20 38 0 C34 14 26 20 {16 + x} 21 "
        f"Q{x * 1.6} 15 {-16 + x} 21 C-26 20 -34 14 -38 0Z"
    )
    return path(beard, f"down({face.hair},{hair})") + _mouth(face, x * 1.7, 31)


def _glasses(face: Face, x: float) -> str:
    if face.look.accessory != "glasses":
        return ""
    near, far, narrow = x - 17, x + 17 - 6 * face.turn, 1 - 0.2 * face.turn

    def lens(at: float, width: float) -> str:
        return (
            f'<rect x="{at - width:.1f}" y="-11" width="{2 * width:.1f}" height="23" rx="9" fill="#ffffff22" '
            f'stroke="{INK}" stroke-width="2.6"/>'
        )

    return lens(near, 13.5) + lens(far, 13.5 * narrow) + line(f"M{near + 13:.1f} -2 L{far - 13 * narrow:.1f} -2", INK, 2.4) + line(
        f"M{near - 13:.1f} -3 L-38 -4", INK, 2.2
    )


def _hair_in_front(face: Face, x: float) -> str:
    hair = f"down({lighter(face.hair, 0.16)},{face.hair},{darker(face.hair, 0.15)})"
    shine = see_through(lighter(face.hair, 0.45), 0.4)
    part = x * 0.5
    match face.look.hair_style:
        case "bald":
            tufts = ellipse(-38 + x * 0.3, -4, 5, 14, face.hair) + (ellipse(38, -4, 5, 14, face.hair) if x == 0 else "")
            return (tufts if face.look.age == "old" else "") + ellipse(-10, -40, 14, 5, "#ffffff33")
        case "short":
            return path(
                f"M-39 2 C-47 -42 -24 -62 6 -60 C34 -59 46 -36 39 2 C37 -8 36 -16 31 -24 "
                f"C{18 + part} -16 {-4 + part} -22 {-18 + part} -34 C-26 -26 -33 -14 -34 0 C-35 6 -38 6 -39 2Z",
                hair,
            ) + line("M-24 -46 C-10 -54 12 -54 24 -46", shine, 4)
        case "long":
            return path(
                f"M{6 + part} -58 C-32 -62 -48 -34 -43 12 L-41 46 C-34 20 -30 -16 {6 + part} -38Z", hair
            ) + path(f"M{4 + part} -58 C34 -60 46 -34 {42 - x * 0.2} 10 L{39 - x * 0.2} 38 C36 8 {30 + part} -20 {4 + part} -38Z", hair) + line(
                "M-32 -30 C-24 -46 -10 -52 0 -53", shine, 4
            )
        case "curly":
            curls = ((-36, -14), (-33, -30), (-22, -44), (-6, -51), (11, -51), (26, -43), (35, -28), (37, -12), (-14, -38), (2, -40), (18, -37))
            return "".join(circle(cx, cy, 13.5, face.hair if n % 2 else lighter(face.hair, 0.1)) for n, (cx, cy) in enumerate(curls))
        case _:
            cap = path(
                f"M-38 0 C-44 -42 -24 -60 0 -60 C24 -60 44 -42 38 0 C35 -18 {24 + part} -32 {4 + part} -36 "
                f"C{-18 + part} -33 -34 -20 -38 0Z",
                hair,
            )
            bun = circle(-4 - x * 0.8, -63, 18, hair) if face.look.hair_style == "bun" else ""
            return bun + cap + line("M-26 -42 C-12 -53 12 -53 26 -42", shine, 3.5)


def _from_behind(face: Face) -> str:
    look = face.look
    skull = "M0 -50 C26 -50 38 -34 38 -8 C38 20 28 46 0 48 C-28 46 -38 20 -38 -8 C-38 -34 -26 -50 0 -50Z"
    ears = ellipse(-38, 4, 6, 11, look.skin) + ellipse(38, 4, 6, 11, look.skin)
    base = ears + path(skull, f"across({face.shade},{look.skin},{face.shade})")
    hair = f"across({darker(face.hair, 0.2)},{lighter(face.hair, 0.08)},{darker(face.hair, 0.3)})"
    nape = "M-40 4 C-48 -44 -26 -61 0 -61 C26 -61 48 -44 40 4 C38 26 26 40 18 44 L-18 44 C-26 40 -38 26 -40 4Z"
    match look.hair_style:
        case "bald":
            return base + (path("M-39 -6 C-34 20 34 20 39 -6 C40 30 24 42 0 42 C-24 42 -40 30 -39 -6Z", hair) if look.age == "old" else "")
        case "long":
            return base + path("M-44 0 C-52 -64 52 -64 44 0 C48 40 50 66 42 92 C20 102 -20 102 -42 92 C-50 66 -48 40 -44 0Z", hair)
        case "bun":
            return base + path(nape, hair) + circle(0, -34, 20, lighter(face.hair, 0.12)) + circle(0, -34, 10, darker(face.hair, 0.1))
        case "ponytail":
            tail = path("M-9 -30 C-22 0 -20 50 -6 92 C4 100 12 92 14 80 C22 40 20 0 9 -30Z", lighter(face.hair, 0.1))
            return base + path(nape, hair) + tail + rect(-10, -34, 20, 8, look.top, 4)
        case "curly":
            places = [(-30, -34), (0, -44), (30, -34), (-38, -8), (38, -8), (-34, 18), (34, 18), (-16, 30), (16, 30), (0, -12), (-18, 4), (18, 4)]
            return base + path(nape, hair) + "".join(circle(cx, cy, 17, hair) for cx, cy in places)
        case _:
            return base + path(nape, hair)


def _profile(face: Face) -> str:
    look = face.look
    chin = 0 if look.age != "child" else -3
    skull = path(
        "M-6 -50 C16 -52 31 -40 33 -22 L34 -12 C33 -7 34 -3 38 4 L44 13 C45 17 41 19 36 19 L38 25 L35 28 L37 32 "
        f"C36 36 33 37 {34 + chin} 42 C{33 + chin} 50 20 51 10 48 C0 46 -8 38 -14 30 C-40 24 -46 -10 -38 -28 C-30 -46 -16 -50 -6 -50Z",
        f"across({face.shade},{look.skin},{look.skin})",
    )
    eye = _profile_eye(face)
    mouth = _profile_mouth(face)
    blush = ellipse(18, 17, 10, 8, f"glow({see_through('#e0304a', 0.25)},#e0304a00)")
    return skull + blush + eye + mouth + _ear(-6, face) + _profile_beard(face) + _profile_hair(face) + _profile_glasses(face)


def _profile_eye(face: Face) -> str:
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


def _profile_mouth(face: Face) -> str:
    lips = mix(mix(face.look.skin, "#a8283c", 0.5), INK, 0.15)
    if face.is_speaking or face.expression == "surprised":
        return path("M38 23 Q28 24 23 30 Q28 37 36 36 L33 29Z", "#4a141f") + path("M37 24 L29 26 L35 28Z", "#fbf5ef")
    end = {"happy": 24, "sad": 33, "angry": 31, "afraid": 32}.get(face.expression, 28)
    return line(f"M36 28 Q30 29 23 {end}", lips, 2.6)


def _profile_beard(face: Face) -> str:
    if face.look.accessory != "beard":
        return ""
    return path("M-8 4 C-6 24 2 44 14 58 C28 64 40 54 38 38 L30 34 Q24 30 30 24 L38 22 Q26 16 16 22 C6 22 -4 16 -8 4Z", face.hair) + line(
        "M36 29 L28 29", darker(face.hair, 0.5), 2
    )


def _profile_glasses(face: Face) -> str:
    if face.look.accessory != "glasses":
        return ""
    return f'<rect x="14" y="-10" width="20" height="21" rx="8" fill="#ffffff22" stroke="{INK}" stroke-width="2.4"/>' + line("M14 -2 L-6 0", INK, 2.2)


def _profile_hair(face: Face) -> str:
    hair = f"across({darker(face.hair, 0.25)},{face.hair},{lighter(face.hair, 0.12)})"
    crown = "M33 -24 C36 -46 12 -64 -12 -60 C-40 -56 -52 -26 -44 4"
    match face.look.hair_style:
        case "bald":
            return path("M-40 -16 C-44 4 -34 24 -18 30 C-16 16 -14 4 -16 -8Z", face.hair) if face.look.age == "old" else ""
        case "long":
            return path(
                f"{crown} C-46 40 -50 62 -44 88 C-28 96 -8 92 0 82 C-8 56 -4 30 0 8 C2 -8 10 -22 33 -24Z", hair
            )
        case "bun":
            return circle(-40, -44, 18, hair) + path(f"{crown} C-42 16 -36 26 -26 30 C-18 20 -12 6 -8 -8 C0 -22 16 -26 33 -24Z", hair)
        case "ponytail":
            tail = path("M-36 -34 C-74 -34 -76 20 -64 72 C-54 60 -48 20 -34 -10Z", darker(face.hair, 0.15))
            return tail + path(f"{crown} C-42 16 -36 26 -26 30 C-18 20 -12 6 -8 -8 C0 -22 16 -26 33 -24Z", hair)
        case "curly":
            places = [(26, -34), (12, -46), (-6, -50), (-24, -44), (-37, -30), (-42, -12), (-40, 6), (-34, 22), (-20, -26), (0, -34), (-24, -4)]
            return "".join(circle(cx, cy, 15, face.hair if n % 2 else lighter(face.hair, 0.1)) for n, (cx, cy) in enumerate(places))
        case _:
            return path(f"{crown} C-42 18 -34 30 -24 32 C-16 22 -12 8 -12 -6 C-6 -4 0 -10 2 -16 C12 -18 24 -16 33 -24Z", hair)


def _headwear(face: Face) -> str:
    colour = face.look.bottom if brightness(face.look.bottom) > 0.08 else lighter(face.look.bottom, 0.2)
    shift = 6 * face.turn
    match face.look.accessory:
        case "hat":
            return (
                path(f"M{-34 + shift * 0} -36 C-36 -66 -22 -80 0 -76 C22 -80 36 -66 34 -36Z", f"down({lighter(colour, 0.15)},{colour})")
                + path("M-36 -44 Q0 -34 36 -44 L35 -34 Q0 -24 -35 -34Z", darker(colour, 0.45))
                + path(f"M{-62 + shift} -34 Q0 -14 {62 + shift} -34 Q{48 + shift} -44 34 -40 Q0 -28 -34 -40 Q{-48 + shift} -44 {-62 + shift} -34Z", colour)
            )
        case "cap":
            brim = "" if face.is_back else path(f"M{-26 + shift * 6} -30 Q{6 + shift * 6} -42 {34 + shift * 5} -28 Q{8 + shift * 6} -20 {-26 + shift * 6} -30Z", darker(colour, 0.35))
            return path("M-40 -24 C-44 -62 44 -62 40 -24 Q0 -40 -40 -24Z", f"down({lighter(colour, 0.15)},{colour})") + circle(0, -54, 4, darker(colour, 0.3)) + brim
        case _:
            return ""


def _robot_head(face: Face) -> str:
    shell, glow = face.look.top, "#7ff3ff"
    metal = f"down({lighter(shell, 0.55)},{lighter(shell, 0.2)},{darker(shell, 0.25)})"
    antenna = line("M0 -46 L0 -66", darker(shell, 0.3), 4) + circle(0, -69, 6, "#ff6b5e")
    skull = rect(-42, -48, 84, 92, metal, 26) + rect(-50, -10, 10, 28, darker(shell, 0.3), 5) + rect(40, -10, 10, 28, darker(shell, 0.3), 5)
    if face.is_back:
        return antenna + skull + "".join(rect(-22, y, 44, 5, darker(shell, 0.45), 2) for y in (-10, 2, 14))
    x = 22 * min(face.turn, 0.7)
    visor = rect(-34 + x * 0.6, -24, 68 - x * 0.4, 42, "#141a2a", 19)
    return antenna + skull + visor + _robot_eyes(face, x, glow) + _robot_mouth(face, x, glow)


def _robot_eyes(face: Face, x: float, glow: str) -> str:
    height = 10 * EYES[face.expression] if not face.are_eyes_closed else 2
    slant = {"angry": 14, "sad": -14, "afraid": -10}.get(face.expression, 0)
    return "".join(
        f'<g transform="rotate({side * -slant} {x + side * 15} -4)">'
        + ellipse(x + side * 15, -4, 16, 16, f"glow({see_through(glow, 0.55)},{see_through(glow, 0)})")
        + (
            line(f"M{x + side * 15 - 8} 0 Q{x + side * 15} -12 {x + side * 15 + 8} 0", glow, 4.5)
            if face.expression == "happy"
            else ellipse(x + side * 15, -4, 7, height * 0.8, glow)
        )
        + "</g>"
        for side in (-1, 1)
    )


def _robot_mouth(face: Face, x: float, glow: str) -> str:
    if not face.is_speaking:
        bend = {"happy": 6, "sad": -5, "angry": -3}.get(face.expression, 0)
        return line(f"M{x - 12} 31 Q{x} {31 + bend} {x + 12} 31", "#141a2a", 4)
    return "".join(rect(x - 17 + 8 * n, 31 - tall / 2, 5, tall, glow, 2) for n, tall in enumerate((6, 13, 9, 15, 7)))
