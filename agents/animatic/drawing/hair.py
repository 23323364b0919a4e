"""Hair and beards, from every side; in a head's own coordinates."""

from agents.animatic.drawing import faces
from agents.animatic.drawing.faces import Face
from agents.animatic.drawing.palette import darker, lighter, see_through
from agents.animatic.drawing.svg import circle, ellipse, line, path, rect


def behind(face: Face) -> str:
    """What lies behind the neck and shoulders: long hair, a ponytail."""
    if face.look.outfit == "robot" or face.is_back or face.kind or face.photo:
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
                f"M{-16 + x} -44 C{-58 + x} -46 {-66 + x} 10 {-54 + x} 66 C{-40 + x} 46 {-40 + x} 4 {-24 + x} -16Z",
                hair,
            )
        case "curly":
            return "".join(
                circle(x + dx, dy, 19, hair)
                for dx, dy in ((-34, -16), (-36, 8), (34, -16), (35, 8), (-28, 28), (28, 28))
            )
        case _:
            return ""


def in_front(face: Face, x: float) -> str:
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
            return (
                path(f"M{6 + part} -58 C-32 -62 -48 -34 -43 12 L-41 46 C-34 20 -30 -16 {6 + part} -38Z", hair)
                + path(
                    f"M{4 + part} -58 C34 -60 46 -34 {42 - x * 0.2} 10 L{39 - x * 0.2} 38 C36 8 {30 + part} -20 {4 + part} -38Z",
                    hair,
                )
                + line("M-32 -30 C-24 -46 -10 -52 0 -53", shine, 4)
            )
        case "curly":
            curls = (
                (-36, -14),
                (-33, -30),
                (-22, -44),
                (-6, -51),
                (11, -51),
                (26, -43),
                (35, -28),
                (37, -12),
                (-14, -38),
                (2, -40),
                (18, -37),
            )
            return "".join(
                circle(cx, cy, 13.5, face.hair if n % 2 else lighter(face.hair, 0.1))
                for n, (cx, cy) in enumerate(curls)
            )
        case _:
            cap = path(
                f"M-38 0 C-44 -42 -24 -60 0 -60 C24 -60 44 -42 38 0 C35 -18 {24 + part} -32 {4 + part} -36 "
                f"C{-18 + part} -33 -34 -20 -38 0Z",
                hair,
            )
            bun = circle(-4 - x * 0.8, -63, 18, hair) if face.look.hair_style == "bun" else ""
            return bun + cap + line("M-26 -42 C-12 -53 12 -53 26 -42", shine, 3.5)


def from_behind(face: Face) -> str:
    look = face.look
    skull = "M0 -50 C26 -50 38 -34 38 -8 C38 20 28 46 0 48 C-28 46 -38 20 -38 -8 C-38 -34 -26 -50 0 -50Z"
    ears = ellipse(-38, 4, 6, 11, look.skin) + ellipse(38, 4, 6, 11, look.skin)
    base = ears + path(skull, f"across({face.shade},{look.skin},{face.shade})")
    hair = f"across({darker(face.hair, 0.2)},{lighter(face.hair, 0.08)},{darker(face.hair, 0.3)})"
    nape = "M-40 4 C-48 -44 -26 -61 0 -61 C26 -61 48 -44 40 4 C38 26 26 40 18 44 L-18 44 C-26 40 -38 26 -40 4Z"
    match look.hair_style:
        case "bald":
            return base + (
                path("M-39 -6 C-34 20 34 20 39 -6 C40 30 24 42 0 42 C-24 42 -40 30 -39 -6Z", hair)
                if look.age == "old"
                else ""
            )
        case "long":
            return base + path(
                "M-44 0 C-52 -64 52 -64 44 0 C48 40 50 66 42 92 C20 102 -20 102 -42 92 C-50 66 -48 40 -44 0Z", hair
            )
        case "bun":
            return (
                base
                + path(nape, hair)
                + circle(0, -34, 20, lighter(face.hair, 0.12))
                + circle(0, -34, 10, darker(face.hair, 0.1))
            )
        case "ponytail":
            tail = path("M-9 -30 C-22 0 -20 50 -6 92 C4 100 12 92 14 80 C22 40 20 0 9 -30Z", lighter(face.hair, 0.1))
            return base + path(nape, hair) + tail + rect(-10, -34, 20, 8, look.top, 4)
        case "curly":
            places = [
                (-30, -34),
                (0, -44),
                (30, -34),
                (-38, -8),
                (38, -8),
                (-34, 18),
                (34, 18),
                (-16, 30),
                (16, 30),
                (0, -12),
                (-18, 4),
                (18, 4),
            ]
            return base + path(nape, hair) + "".join(circle(cx, cy, 17, hair) for cx, cy in places)
        case _:
            return base + path(nape, hair)


def in_profile(face: Face) -> str:
    hair = f"across({darker(face.hair, 0.25)},{face.hair},{lighter(face.hair, 0.12)})"
    crown = "M33 -24 C36 -46 12 -64 -12 -60 C-40 -56 -52 -26 -44 4"
    match face.look.hair_style:
        case "bald":
            return (
                path("M-40 -16 C-44 4 -34 24 -18 30 C-16 16 -14 4 -16 -8Z", face.hair) if face.look.age == "old" else ""
            )
        case "long":
            return path(f"{crown} C-46 40 -50 62 -44 88 C-28 96 -8 92 0 82 C-8 56 -4 30 0 8 C2 -8 10 -22 33 -24Z", hair)
        case "bun":
            return circle(-40, -44, 18, hair) + path(
                f"{crown} C-42 16 -36 26 -26 30 C-18 20 -12 6 -8 -8 C0 -22 16 -26 33 -24Z", hair
            )
        case "ponytail":
            tail = path("M-36 -34 C-74 -34 -76 20 -64 72 C-54 60 -48 20 -34 -10Z", darker(face.hair, 0.15))
            return tail + path(f"{crown} C-42 16 -36 26 -26 30 C-18 20 -12 6 -8 -8 C0 -22 16 -26 33 -24Z", hair)
        case "curly":
            places = [
                (26, -34),
                (12, -46),
                (-6, -50),
                (-24, -44),
                (-37, -30),
                (-42, -12),
                (-40, 6),
                (-34, 22),
                (-20, -26),
                (0, -34),
                (-24, -4),
            ]
            return "".join(
                circle(cx, cy, 15, face.hair if n % 2 else lighter(face.hair, 0.1)) for n, (cx, cy) in enumerate(places)
            )
        case _:
            return path(
                f"{crown} C-42 18 -34 30 -24 32 C-16 22 -12 8 -12 -6 C-6 -4 0 -10 2 -16 C12 -18 24 -16 33 -24Z", hair
            )


def beard(face: Face, x: float) -> str:
    if not face.look.wears("beard"):
        return ""
    hair, x = darker(face.hair, 0.12), x * 0.6
    beard = (
        f"M-38 0 C-36 20 -32 52 {x} 62 C{30 + x * 0.3} 54 38 20 38 0 C34 14 26 20 {16 + x} 21 "
        f"Q{x * 1.6} 15 {-16 + x} 21 C-26 20 -34 14 -38 0Z"
    )
    return path(beard, f"down({face.hair},{hair})") + faces.mouth(face, x * 1.7, 31)


def beard_in_profile(face: Face) -> str:
    if not face.look.wears("beard"):
        return ""
    return path(
        "M-8 4 C-6 24 2 44 14 58 C28 64 40 54 38 38 L30 34 Q24 30 30 24 L38 22 Q26 16 16 22 C6 22 -4 16 -8 4Z",
        face.hair,
    ) + line("M36 29 L28 29", darker(face.hair, 0.5), 2)
