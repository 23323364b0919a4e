"""Heads put together: people, robots and animals, with what they wear on them."""

from agents.animatic.drawing import creatures, faces, hair
from agents.animatic.drawing.faces import EYES, Face
from agents.animatic.drawing.headwear import headwear
from agents.animatic.drawing.palette import darker, lighter, see_through
from agents.animatic.drawing.svg import circle, ellipse, group, image, line, path, rect

PHOTO_HEIGHT, PAPER_EDGE = 126.0, 2.2  # a puppet's head is a little large
NOD = -4.0  # degrees


def head(face: Face) -> str:
    """The head itself."""
    if face.photo and not face.is_back:
        return _photo(face)
    if face.look.outfit == "robot":
        return _robot_head(face)
    if face.kind:
        return _creature(face) + headwear(face)
    if face.is_back:
        return hair.from_behind(face) + headwear(face)
    if face.turn > 0.75:
        return _profile(face) + headwear(face)
    return _towards_us(face) + headwear(face)


def _photo(face: Face) -> str:
    """A picture, cut out as an oval on paper; narrower from the side, nodding where it speaks."""
    narrow = 1 - 0.16 * min(1.0, face.turn)
    high, wide = PHOTO_HEIGHT, PHOTO_HEIGHT * narrow
    top = 54 - high
    cut_out = ellipse(0, top + high / 2, wide * 0.38 + PAPER_EDGE, high / 2 + PAPER_EDGE, "#f6f1e7") + image(
        face.photo, -wide / 2, top, wide, high
    )
    return group(cut_out, turn=NOD if face.is_speaking else 0)


def _towards_us(face: Face) -> str:
    look, x = face.look, 26 * face.turn
    jaw = {"slim": 22, "average": 25, "broad": 29}[look.build] + (4 if look.age == "child" else 0)
    skull = path(
        f"M0 -50 C26 -50 38 -34 38 -8 C38 14 {jaw + 6} 36 {jaw * 0.55 + x * 0.3:.1f} 47 C{6 + x * 0.4:.1f} 51 {-6 + x * 0.2:.1f} 51 "
        f"{-jaw * 0.55:.1f} 46 C{-jaw - 6} 36 -38 14 -38 -8 C-38 -34 -26 -50 0 -50Z",
        f"across({look.skin},{look.skin},{face.shade})"
        if face.turn == 0
        else f"across({face.shade},{look.skin},{look.skin})",
    )
    near_ear = faces.ear(-37 + x * 0.75, face)
    far_ear = faces.ear(37, face) if face.turn < 0.2 else ""
    ears = near_ear + far_ear
    under_fringe = ellipse(x * 0.5, -30, 33, 14, see_through(face.shade, 0.35)) if look.hair_style != "bald" else ""
    return (
        (ears if face.turn < 0.2 else "")
        + skull
        + (ears if face.turn >= 0.2 else "")
        + under_fringe
        + faces.cheeks(face, x)
        + faces.eyes(face, x)
        + faces.nose(face, x)
        + faces.mouth(face, x * 1.05, 29)
        + faces.age_lines(face, x)
        + hair.beard(face, x)
        + hair.in_front(face, x)
        + faces.glasses(face, x)
    )


def _profile(face: Face) -> str:
    look = face.look
    chin = 0 if look.age != "child" else -3
    skull = path(
        "M-6 -50 C16 -52 31 -40 33 -22 L34 -12 C33 -7 34 -3 38 4 L44 13 C45 17 41 19 36 19 L38 25 L35 28 L37 32 "
        f"C36 36 33 37 {34 + chin} 42 C{33 + chin} 50 20 51 10 48 C0 46 -8 38 -14 30 C-40 24 -46 -10 -38 -28 C-30 -46 -16 -50 -6 -50Z",
        f"across({face.shade},{look.skin},{look.skin})",
    )
    eye = faces.profile_eye(face)
    mouth = faces.profile_mouth(face)
    blush = ellipse(18, 17, 10, 8, f"glow({see_through('#e0304a', 0.25)},#e0304a00)")
    return (
        skull
        + blush
        + eye
        + mouth
        + faces.ear(-6, face)
        + hair.beard_in_profile(face)
        + hair.in_profile(face)
        + faces.profile_glasses(face)
    )


def _robot_head(face: Face) -> str:
    shell, glow = face.look.top, "#7ff3ff"
    metal = f"down({lighter(shell, 0.55)},{lighter(shell, 0.2)},{darker(shell, 0.25)})"
    antenna = line("M0 -46 L0 -66", darker(shell, 0.3), 4) + circle(0, -69, 6, "#ff6b5e")
    skull = (
        rect(-42, -48, 84, 92, metal, 26)
        + rect(-50, -10, 10, 28, darker(shell, 0.3), 5)
        + rect(40, -10, 10, 28, darker(shell, 0.3), 5)
    )
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


def _creature(face: Face) -> str:
    fur = creatures.Fur(face.look.skin)
    ears = creatures.ears(face.kind, fur, face.turn)
    round_skull = "M0 -50 C30 -50 44 -30 43 -4 C42 26 26 47 0 47 C-26 47 -42 26 -43 -4 C-44 -30 -30 -50 0 -50Z"
    coat = path(round_skull, f"across({darker(fur.coat, 0.12)},{fur.coat},{lighter(fur.coat, 0.12)})")
    if face.is_back:
        return ears + coat
    if face.turn > 0.75:
        return (
            ears
            + coat
            + faces.profile_eye(face)
            + creatures.profile_muzzle(face.kind, fur, is_speaking=face.is_speaking)
        )
    x = 26 * face.turn
    mask = (
        ellipse(x - 17, 3, 17, 18, fur.pale) + ellipse(x + 16, 3, 15, 18, fur.pale)
        if face.kind in ("bird", "fox")
        else ""
    )
    muzzle = creatures.muzzle(face.kind, fur, face.turn, is_speaking=face.is_speaking)
    return ears + coat + mask + faces.eyes(face, x) + muzzle + faces.glasses(face, x)
