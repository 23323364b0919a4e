"""What is worn on heads. Drawn over the head, which is 100 high around (0, 0)."""

from collections.abc import Callable

from msgspec.structs import replace

from agents.animatic.drawing.faces import Face
from agents.animatic.drawing.palette import brightness, darker, lighter
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect
from agents.animatic.film import Accessory, Look

PROFILE = 0.75  # a turn beyond which a head is seen from the side
COVERING: frozenset[Accessory] = frozenset({"helm", "space_helmet", "hood", "wimple", "bonnet"})
GOLD, STEEL, STRAW, LEATHER = "#dcb44a", "#aeb7c2", "#d9b968", "#5f4128"


def headwear(face: Face) -> str:
    """What the face's owner wears on it."""
    worn = worn_on_head(face.look)
    drawn = HATS[worn](face, hat_colour(face.look)) if worn else ""
    return _eye_patch(face) + drawn if face.look.wears("eye_patch") else drawn


def worn_on_head(look: Look) -> Accessory | None:
    """The first thing on their head, if any."""
    return next((worn for worn in HATS if look.wears(worn)), None)


def tucked_in(look: Look) -> Look:
    """The look without hair that would stand out of a helmet or hood."""
    worn = worn_on_head(look)
    return replace(look, hair_style="short") if worn in COVERING and look.hair_style != "bald" else look


def hat_colour(look: Look) -> str:
    """Its colour: the one that is named, or of its kind, else one that goes with the clothes."""
    own = look.accessory_colour or OWN_COLOURS.get(worn_on_head(look) or "none", "") or look.bottom
    return own if brightness(own) > 0.08 or own in OWN_COLOURS.values() else lighter(own, 0.2)


def _is_profile(face: Face) -> bool:
    return face.turn > PROFILE and not face.is_back


def _hat(face: Face, colour: str) -> str:
    shift = 6 * face.turn
    return (
        path(
            f"M{-34 + shift * 0} -36 C-36 -66 -22 -80 0 -76 C22 -80 36 -66 34 -36Z",
            f"down({lighter(colour, 0.15)},{colour})",
        )
        + path("M-36 -44 Q0 -34 36 -44 L35 -34 Q0 -24 -35 -34Z", darker(colour, 0.45))
        + path(
            f"M{-62 + shift} -34 Q0 -14 {62 + shift} -34 Q{48 + shift} -44 34 -40 Q0 -28 -34 -40 Q{-48 + shift} -44 {-62 + shift} -34Z",
            colour,
        )
    )


def _cap(face: Face, colour: str) -> str:
    shift = 6 * face.turn
    brim = (
        ""
        if face.is_back
        else path(
            f"M{-26 + shift * 6} -30 Q{6 + shift * 6} -42 {34 + shift * 5} -28 Q{8 + shift * 6} -20 {-26 + shift * 6} -30Z",
            darker(colour, 0.35),
        )
    )
    return (
        path("M-40 -24 C-44 -62 44 -62 40 -24 Q0 -40 -40 -24Z", f"down({lighter(colour, 0.15)},{colour})")
        + circle(0, -54, 4, darker(colour, 0.3))
        + brim
    )


def _brimmed(face: Face, colour: str, *, crown: str, wide: float, band: str, curl: float = 8) -> str:
    """A hat with a brim of that half width; `curl` lifts its sides."""
    shift = 6 * face.turn
    brim = path(
        f"M{-wide + shift:.0f} {-34 - curl:.0f} Q{-wide * 0.5 + shift:.0f} -20 {shift:.0f} -20 Q{wide * 0.5 + shift:.0f} -20 {wide + shift:.0f} {-34 - curl:.0f} "
        f"Q{wide * 0.6 + shift:.0f} -36 {shift:.0f} -36 Q{-wide * 0.6 + shift:.0f} -36 {-wide + shift:.0f} {-34 - curl:.0f}Z",
        darker(colour, 0.12),
    )
    ribbon = path("M-38 -46 Q0 -36 38 -46 L37 -32 Q0 -22 -37 -32Z", band)
    return path(crown, f"across({darker(colour, 0.2)},{lighter(colour, 0.14)},{darker(colour, 0.1)})") + ribbon + brim


def _top_hat(face: Face, colour: str) -> str:
    return _brimmed(
        face, colour, crown="M-37 -32 L-41 -112 Q0 -122 41 -112 L37 -32Z", wide=58, band=darker("#7a2f3a", 0.1), curl=4
    )


def _bowler(face: Face, colour: str) -> str:
    return _brimmed(face, colour, crown="M-40 -32 C-44 -84 44 -84 40 -32Z", wide=54, band=darker(colour, 0.5), curl=3)


def _straw_hat(face: Face, colour: str) -> str:
    weave = line("M-30 -56 Q0 -48 30 -56", darker(colour, 0.18), 2)
    return _brimmed(face, colour, crown="M-38 -32 C-38 -78 38 -78 38 -32Z", wide=70, band="#8f3f34", curl=-2) + weave


def _cowboy_hat(face: Face, colour: str) -> str:
    crown = "M-36 -32 C-38 -70 -34 -92 -18 -86 Q0 -76 18 -86 C34 -92 38 -70 36 -32Z"
    return _brimmed(face, colour, crown=crown, wide=76, band=darker(colour, 0.5), curl=18)


def _tricorne(face: Face, colour: str) -> str:
    shift = 8 * face.turn
    back = path(f"M-66 -44 Q-40 -92 {shift:.0f} -84 Q40 -92 66 -44Z", darker(colour, 0.3))
    front = path(
        f"M-70 -48 Q-40 -38 {shift:.0f} -22 Q40 -38 70 -48 Q34 -66 {shift:.0f} -62 Q-34 -66 -70 -48Z",
        f"down({lighter(colour, 0.14)},{colour})",
    )
    trim = line(f"M-70 -48 Q-34 -66 {shift:.0f} -62 Q34 -66 70 -48", GOLD, 4)
    skull = "" if face.is_back else circle(shift, -46, 6, "#f1ece0") + rect(shift - 4, -42, 8, 6, "#f1ece0", 2)
    return back + front + trim + skull


def _pointed_hat(face: Face, colour: str) -> str:
    crown = "M-40 -32 Q-16 -78 6 -138 Q14 -156 34 -150 Q22 -138 26 -112 Q32 -70 40 -32Z"
    buckle = "" if face.is_back else rect(-11 + 8 * face.turn, -44, 22, 18, GOLD, 3)
    return _brimmed(face, colour, crown=crown, wide=70, band=darker("#6d4699", 0.2), curl=2) + buckle


def _bonnet(face: Face, colour: str) -> str:
    shade, ribbon = darker(colour, 0.2), "#a8475c"
    if face.is_back:
        crown = path("M-44 10 C-52 -72 52 -72 44 10 Q36 36 0 36 Q-36 36 -44 10Z", f"down({colour},{shade})")
        return crown + line("M-44 8 Q0 30 44 8", ribbon, 7)
    if _is_profile(face):
        crown = path("M22 -50 C-6 -74 -54 -58 -50 -4 Q-46 28 -18 32 Q-6 0 6 -22Z", f"across({shade},{colour})")
        brim = path("M8 -20 Q20 -46 44 -58 Q30 -84 2 -68 Q-8 -40 -18 34 Q-2 26 8 -20Z", lighter(colour, 0.15))
        return crown + brim + line("M-16 30 Q4 50 14 52", ribbon, 6)
    brim = path(
        "M-46 26 C-74 -70 -30 -88 0 -86 C30 -88 74 -70 46 26 C44 -20 34 -50 0 -50 C-34 -50 -44 -20 -46 26Z",
        f"across({shade},{colour},{shade})",
    )
    rim = line("M-46 24 C-44 -20 -34 -50 0 -50 C34 -50 44 -20 46 24", ribbon, 5)
    bow = path("M0 52 L-22 42 L-20 64Z M0 52 L22 42 L20 64Z", ribbon) + line(
        "M-46 24 Q-34 48 0 52 Q34 48 46 24", ribbon, 4
    )
    return brim + rim + bow


def _crown(face: Face, colour: str) -> str:
    shift = 6 * face.turn
    points = [(-40, -34), (-46, -76), (-24, -56), (shift, -86), (24, -56), (46, -76), (40, -34)]
    jewels = "".join(circle(x + shift * 0.5, -42, 4.5, tint) for x, tint in ((-24, "#3f6fb8"), (0, "#b3302f"), (24, "#3f8551")))  # fmt: skip
    tips = "".join(circle(x, y, 5, lighter(colour, 0.3)) for x, y in (points[1], points[3], points[5]))
    body = polygon(points, f"across({darker(colour, 0.2)},{lighter(colour, 0.25)},{colour})")
    return body + path("M-41 -50 Q0 -38 41 -50 L40 -32 Q0 -20 -40 -32Z", colour) + tips + jewels


def _peaked_cap(face: Face, colour: str) -> str:
    shift = 6 * face.turn
    dome = path(
        "M-40 -40 C-62 -62 -50 -80 0 -80 C50 -80 62 -62 40 -40 Q0 -52 -40 -40Z",
        f"down({lighter(colour, 0.14)},{colour})",
    )
    band = path("M-41 -42 Q0 -54 41 -42 L39 -26 Q0 -38 -39 -26Z", darker(colour, 0.4))
    if face.is_back:
        return dome + band
    peak = path(
        f"M{-34 + shift} -30 Q{shift * 3} -44 {34 + shift * 3} -28 Q{shift * 4} -14 {-34 + shift} -30Z", "#1b1b22"
    )
    return dome + band + peak + circle(shift * 2, -54, 7, GOLD)


def _chef_hat(_: Face, colour: str) -> str:
    puffs = circle(-26, -84, 24, colour) + circle(26, -84, 24, colour) + circle(0, -96, 28, colour)
    folds = line("M-16 -46 L-20 -80 M4 -46 L4 -88 M20 -48 L24 -78", darker(colour, 0.14), 3)
    return puffs + path("M-38 -30 L-40 -84 L40 -84 L38 -30 Q0 -40 -38 -30Z", f"across({darker(colour, 0.12)},{colour})") + folds  # fmt: skip


def _hard_hat(face: Face, colour: str) -> str:
    shift = 6 * face.turn
    dome = path("M-44 -26 C-48 -78 48 -78 44 -26 Q0 -40 -44 -26Z", f"down({lighter(colour, 0.3)},{colour})")
    ridge = line(f"M{shift} -66 L{shift} -40", darker(colour, 0.18), 9)
    brim = path(
        f"M{-50 + shift} -24 Q{shift} -46 {54 + shift * 2} -22 Q{shift} -32 {-50 + shift} -24Z", darker(colour, 0.2)
    )
    return dome + ridge + brim


def _steel_helmet(face: Face, colour: str) -> str:
    strap = "" if face.is_back else line("M-36 -14 Q-30 34 -6 48", LEATHER, 4)
    return strap + path(
        "M-50 -18 C-54 -76 54 -76 50 -18 Q44 -26 0 -32 Q-44 -26 -50 -18Z",
        f"down({lighter(colour, 0.22)},{darker(colour, 0.15)})",
    )


def _helm(face: Face, colour: str) -> str:
    """A knight's, open at the face, with a plume."""
    plume = path("M-4 -66 Q-10 -110 -58 -104 Q-86 -96 -88 -58 Q-70 -84 -44 -78 Q-24 -76 -4 -60Z", face.look.top)
    metal = f"across({darker(colour, 0.3)},{lighter(colour, 0.4)},{darker(colour, 0.15)})"
    if face.is_back:
        return path("M-46 24 C-56 -82 56 -82 46 24 Q40 52 0 54 Q-40 52 -46 24Z", metal) + plume
    if _is_profile(face):
        shell = path("M34 -30 C30 -84 -56 -82 -50 2 Q-48 44 -22 54 L14 56 Q4 30 -6 6 Q-2 -14 34 -30Z", metal)
        return plume + shell + line("M34 -30 Q-2 -14 -6 6 Q4 30 14 56", darker(colour, 0.4), 4)
    x = 10 * face.turn
    shell = path(
        f"M-46 30 C-60 -86 60 -86 46 30 Q40 54 {20 + x * 0.4:.0f} 58 C{32 + x * 0.3:.0f} 30 {36 + x * 0.3:.0f} -6 {30 + x:.0f} -22 "
        f"Q{x:.0f} -34 {-30 + x:.0f} -22 C{-36 + x:.0f} -6 {-32 + x:.0f} 30 {-20 + x:.0f} 58 Q-40 54 -46 30Z",
        metal,
    )
    rim = line(
        f"M{20 + x * 0.4:.0f} 58 C{32 + x * 0.3:.0f} 30 {36 + x * 0.3:.0f} -6 {30 + x:.0f} -22 Q{x:.0f} -34 {-30 + x:.0f} -22 "
        f"C{-36 + x:.0f} -6 {-32 + x:.0f} 30 {-20 + x:.0f} 58",
        darker(colour, 0.42),
        4,
    )
    return plume + shell + rim + line(f"M{x:.0f} -72 L{x:.0f} -30", darker(colour, 0.25), 4)


def _space_helmet(face: Face, colour: str) -> str:
    shell = circle(0, -4, 70, colour)
    if face.is_back:
        return shell + rect(-34, 24, 68, 18, darker(colour, 0.3), 8)
    x = 10 * face.turn
    glass = circle(x, -4, 62, "#bfe6ff38") + line(
        f"M{x - 44:.0f} -24 Q{x - 34:.0f} -50 {x - 8:.0f} -56", "#ffffffbb", 6
    )
    ring = f'<circle cx="0" cy="-4" r="66" fill="none" stroke="{colour}" stroke-width="9"/>'
    return glass + ring + path("M-52 40 Q0 78 52 40 L46 62 Q0 88 -46 62Z", darker(colour, 0.25))


def _hood(face: Face, colour: str) -> str:
    return _wrapped(face, colour, colour)


def _wimple(face: Face, colour: str) -> str:
    return _wrapped(face, colour, "#f4f1ea")


def _veil(face: Face, colour: str) -> str:
    """A bride's: it falls behind her and leaves the face free."""
    if face.is_back:
        return path("M-40 -34 C-40 -66 40 -66 40 -34 Q70 60 78 150 L-78 150 Q-70 60 -40 -34Z", colour + "d8")
    side = path("M-38 -40 Q-66 20 -74 130 L-46 130 Q-46 40 -34 -10Z", colour + "c8")
    far = "" if _is_profile(face) else path("M38 -40 Q64 20 70 130 L46 130 Q46 40 36 -10Z", colour + "a8")
    flowers = "".join(circle(-30 + 15 * n, -46 - 6 * (2 - abs(n - 2)), 8, "#fff8f2" if n % 2 else "#f0d3d6") for n in range(5))  # fmt: skip
    return side + far + flowers


def _wrapped(face: Face, colour: str, inner: str) -> str:
    """Cloth around the whole head, with a rim about the face."""
    cloth = f"across({darker(colour, 0.3)},{colour},{darker(colour, 0.2)})"
    if face.is_back:
        return path("M-48 30 C-64 -106 64 -106 48 30 Q62 60 64 80 L-64 80 Q-62 60 -48 30Z", cloth)
    if _is_profile(face):
        drawn = path(
            "M34 -32 C28 -84 -60 -82 -54 10 Q-60 56 -56 80 L14 78 Q22 62 20 50 Q-2 30 -6 2 Q2 -20 34 -32Z", cloth
        )
        return drawn + line("M34 -32 Q2 -20 -6 2 Q-2 30 20 50", inner, 9)
    x = 10 * face.turn
    opening = (
        f"M{x:.0f} 56 C{32 + x:.0f} 50 {40 + x * 0.6:.0f} 8 {34 + x * 0.8:.0f} -16 Q{24 + x:.0f} -40 {x:.0f} -40 Q{-24 + x:.0f} -40 {-34 + x:.0f} -16 "
        f"C{-40 + x:.0f} 8 {-32 + x:.0f} 50 {x:.0f} 56Z"
    )
    shape = f"M-48 34 C-64 -104 64 -104 48 34 Q60 58 60 78 L-60 78 Q-60 58 -48 34Z {opening}"
    drawn = f'<path d="{shape}" fill="{cloth}" fill-rule="evenodd"/>'
    return drawn + line(opening, inner if inner != colour else darker(colour, 0.3), 8 if inner != colour else 5)


def _eye_patch(face: Face) -> str:
    if face.is_back:
        return line("M-38 -14 Q0 -22 38 -14", "#1b1820", 4)
    x = 24 if _is_profile(face) else 17 + 26 * face.turn * 0.9
    return line(f"M-38 -22 Q0 -26 {x:.0f} -8 Q36 -16 38 -18", "#1b1820", 3.5) + ellipse(x, -4, 11, 12, "#1b1820")


OWN_COLOURS: dict[Accessory, str] = {
    "top_hat": "#26262e", "bowler": "#33312f", "straw_hat": STRAW, "cowboy_hat": "#8a6240", "tricorne": "#2c2a33", "pointed_hat": "#3a2f55",
    "bonnet": "#efe3cf", "crown": GOLD, "peaked_cap": "#26355f", "chef_hat": "#f7f7f5", "hard_hat": "#e0b83a", "steel_helmet": "#5f6a4a",
    "helm": STEEL, "space_helmet": "#dfe5ea", "hood": "#5a4a3a", "wimple": "#24222a", "veil": "#ffffff",
}  # fmt: skip
# The first that somebody wears is drawn.
HATS: dict[Accessory, Callable[[Face, str], str]] = {
    "hat": _hat, "cap": _cap, "space_helmet": _space_helmet, "helm": _helm, "steel_helmet": _steel_helmet, "hard_hat": _hard_hat,
    "crown": _crown, "top_hat": _top_hat, "bowler": _bowler, "bonnet": _bonnet, "straw_hat": _straw_hat, "cowboy_hat": _cowboy_hat,
    "tricorne": _tricorne, "pointed_hat": _pointed_hat, "peaked_cap": _peaked_cap, "chef_hat": _chef_hat, "hood": _hood,
    "wimple": _wimple, "veil": _veil,
}  # fmt: skip
