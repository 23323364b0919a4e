"""What people wear today, and robots: what is to be seen on the trunk. The neck is at (0, 0)."""

from agents.animatic.drawing.palette import darker, lighter, mix
from agents.animatic.drawing.svg import circle, ellipse, line, path, rect
from agents.animatic.drawing.torsos import Torso
from agents.animatic.film import Look


def bares_arms(look: Look) -> bool:
    """Whether the sleeves of a shirt are short."""
    return look.outfit == "shirt" and look.age in ("child", "young")


def shirt(look: Look, body: Torso) -> str:
    top, x = look.top, body.middle
    belt = rect(
        body.hips[0] - body.neck[0] - body.hip_half,
        body.length + 8,
        body.hip_half * 2,
        16,
        darker(look.bottom, 0.45),
    )
    if not body.shows_front:
        return belt + line(f"M0 20 L0 {body.length - 30:.0f}", darker(top, 0.14), 3)
    light = lighter(top, 0.3)
    collar = path(f"M{x * 0.5 - 34:.0f} 0 L{x:.0f} 48 L{x - 30:.0f} 50Z", light) + path(
        f"M{x * 0.5 + 34:.0f} 0 L{x:.0f} 48 L{x + 30:.0f} 46Z", light
    )
    if bares_arms(look):
        collar = path(
            f"M{x * 0.5 - 32:.0f} 0 Q{x:.0f} 46 {x * 0.5 + 32:.0f} 0 L{x * 0.5 + 26:.0f} -2 Q{x:.0f} 30 {x * 0.5 - 26:.0f} -2Z",
            light,
        )
    buttons = line(f"M{x:.0f} 50 L{x * 0.7:.0f} {body.length:.0f}", darker(top, 0.22), 3)
    return buttons + collar + belt


def coat(look: Look, body: Torso) -> str:
    top, x, long = look.top, body.middle, body.length
    if not body.shows_front:
        return line(f"M0 {long * 0.35:.0f} L0 {long + 20:.0f}", darker(top, 0.3), 4) + rect(
            -body.hip_half, long * 0.72, body.hip_half * 2, 18, darker(top, 0.3)
        )
    under = lighter(mix(look.bottom, "#e8e0d4", 0.55), 0.1)
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


def dress(look: Look, body: Torso) -> str:
    x = body.middle
    sash = rect(
        body.hips[0] - body.neck[0] - body.hip_half * 1.02,
        body.length - 34,
        body.hip_half * 2.04,
        26,
        look.bottom,
        6,
    )
    neckline = "" if body.is_back else path(f"M{x * 0.5 - 34:.0f} -2 Q{x:.0f} 60 {x * 0.5 + 34:.0f} -2Z", look.skin)
    trim = (
        ""
        if body.is_back
        else line(f"M{x * 0.5 - 34:.0f} 0 Q{x:.0f} 62 {x * 0.5 + 34:.0f} 0", lighter(look.top, 0.35), 5)
    )
    return neckline + trim + sash


def hoodie(look: Look, body: Torso) -> str:
    top, x, long = look.top, body.middle, body.length
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
        f"M-38 2 Q0 -18 38 2 Q{x * 0.5 + 16:.0f} 32 {x * 0.5:.0f} 36 Q{x * 0.5 - 16:.0f} 32 -38 2Z", look.skin
    )
    pocket = path(
        f"M{x - 46:.0f} {long * 0.68:.0f} L{x + 46:.0f} {long * 0.68:.0f} L{x + 64:.0f} {long * 0.96:.0f} L{x - 64:.0f} {long * 0.96:.0f}Z",
        darker(top, 0.14),
    )
    strings = "".join(
        line(f"M{x * 0.6 + side * 16:.0f} 46 L{x * 0.6 + side * 18:.0f} 112", lighter(top, 0.6), 5) for side in (-1, 1)
    )
    return hood + inside + pocket + strings + rib


def uniform(look: Look, body: Torso) -> str:
    top, x, long = look.top, body.middle, body.length
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


def robot(look: Look, body: Torso) -> str:
    top, x, long = look.top, body.middle, body.length
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
