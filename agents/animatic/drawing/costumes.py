"""What people wore and will wear, and what trades wear: what is to be seen on the trunk. The neck is at (0, 0)."""

from agents.animatic.drawing.palette import brightness, darker, lighter, mix
from agents.animatic.drawing.svg import circle, ellipse, line, path, rect
from agents.animatic.drawing.torsos import Torso
from agents.animatic.film import Look

GOLD, LEATHER, LINEN, STEEL, ERMINE = "#d8b45a", "#5a3a26", "#efe6d3", "#b4bcc7", "#f4f0e6"


def _belt(body: Torso, colour: str, *, high: float = 22, up: float = 14, buckle: str = "") -> str:
    """A belt around the waist."""
    x = body.hips[0] - body.neck[0]
    band = rect(x - body.hip_half * 1.05, body.length - up, body.hip_half * 2.1, high, colour, 4)
    if not (buckle and body.shows_front):
        return band
    return band + rect(x + body.middle * 0.3 - 15, body.length - up - 3, 30, high + 6, buckle, 5)


def _collar(body: Torso, colour: str, *, wide: float = 34, deep: float = 46) -> str:
    """A round neckline with a rim."""
    x = body.middle
    return line(f"M{x * 0.5 - wide:.0f} 0 Q{x:.0f} {deep} {x * 0.5 + wide:.0f} 0", colour, 9)


def tunic(look: Look, body: Torso) -> str:
    """Laced at the neck, with a leather belt."""
    belt = _belt(body, LEATHER, buckle=GOLD)
    if not body.shows_front:
        return belt
    x, trim = body.middle, lighter(mix(look.bottom, GOLD, 0.4), 0.1)
    slit = path(f"M{x * 0.7 - 13:.0f} 18 L{x * 0.7 + 13:.0f} 18 L{x:.0f} 112Z", LINEN)
    laces = "".join(line(f"M{x * 0.8 - 13 + n * 2:.0f} {34 + 20 * n} L{x * 0.8 + 13 - n * 2:.0f} {46 + 20 * n}", LEATHER, 4) for n in range(3))  # fmt: skip
    strap = line(f"M{x * 0.7 + 10:.0f} {body.length + 6:.0f} q8 40 -2 74", LEATHER, 13)
    return slit + laces + _collar(body, trim, deep=40) + belt + strap


def gown(look: Look, body: Torso) -> str:
    """A square neckline with a trim, and a girdle that hangs down."""
    trim, x, long = mix(GOLD, lighter(look.bottom, 0.2), 0.25), body.middle, body.length
    girdle = _belt(body, trim, high=18, up=26)
    if not body.shows_front:
        return girdle
    neck = path(
        f"M{x * 0.5 - 44:.0f} 0 L{x * 0.9 - 34:.0f} 58 L{x * 0.9 + 34:.0f} 58 L{x * 0.5 + 44:.0f} 0Z", look.skin
    )
    rim = line(f"M{x * 0.5 - 44:.0f} 2 L{x * 0.9 - 34:.0f} 58 L{x * 0.9 + 34:.0f} 58 L{x * 0.5 + 44:.0f} 2", trim, 9)
    panel = path(f"M{x - 30:.0f} 64 L{x + 30:.0f} 64 L{x * 0.6 + 20:.0f} {long - 26:.0f} L{x * 0.6 - 20:.0f} {long - 26:.0f}Z", darker(look.top, 0.16))  # fmt: skip
    ends = line(f"M{x * 0.6:.0f} {long - 16:.0f} L{x * 0.6 - 4:.0f} {long + 130:.0f}", trim, 14)
    return neck + panel + rim + girdle + ends


def robe(look: Look, body: Torso) -> str:
    """Folds, and a rope around the waist; a judge's is closed."""
    x, long = body.middle, body.length
    fold = line(f"M{x:.0f} 26 L{x * 0.7:.0f} {long + 10:.0f}", darker(look.top, 0.3), 5)
    if look.wears("jabot"):
        sides = "".join(line(f"M{x + side * 42:.0f} 20 L{x * 0.7 + side * 48:.0f} {long + 20:.0f}", darker(look.top, 0.35), 6) for side in (-1, 1))  # fmt: skip
        return sides + ("" if body.is_back else fold)
    rope = _belt(body, "#cdb68a", high=12, up=18)
    if body.is_back:
        return rope
    ends = line(f"M{x * 0.6 + 16:.0f} {long - 10:.0f} l6 120 M{x * 0.6 + 30:.0f} {long - 10:.0f} l10 92", "#cdb68a", 9)
    return fold + _collar(body, darker(look.top, 0.3), deep=54) + rope + ends


def royal(_: Look, body: Torso) -> str:
    """A collar of ermine over a robe with a golden border."""
    x, long = body.middle, body.length
    wide = body.shoulder_half
    cape = path(f"M-28 -4 Q{-wide * 1.2:.0f} 8 {-wide * 1.2:.0f} 84 Q0 {126 if body.shows_front else 150} {wide * 1.2:.0f} 84 Q{wide * 1.2:.0f} 8 28 -4Z", ERMINE)  # fmt: skip
    spots = "".join(ellipse(wide * at, 62 + 22 * (n % 2), 4.5, 10, "#2a2326") for n, at in enumerate((-0.95, -0.7, -0.4, 0.4, 0.7, 0.95)))  # fmt: skip
    if not body.shows_front:
        return cape + spots
    border = line(f"M{x - 12:.0f} 100 L{x * 0.6 - 12:.0f} {long + 20:.0f} M{x + 12:.0f} 100 L{x * 0.6 + 12:.0f} {long + 20:.0f}", GOLD, 8)  # fmt: skip
    chain = line(f"M{x * 0.5 - 46:.0f} 18 Q{x:.0f} 152 {x * 0.5 + 46:.0f} 18", GOLD, 8) + circle(x, 92, 17, GOLD) + circle(x, 92, 8, "#b3302f")  # fmt: skip
    return border + cape + spots + chain + _belt(body, GOLD, high=18, up=20)


def armour(look: Look, body: Torso) -> str:
    """A breastplate under a tabard in the wearer's colour."""
    x, long, wide = body.middle, body.length, body.shoulder_half
    gorget = path("M-46 -14 Q0 14 46 -14 L54 26 Q0 54 -54 26Z", "across(#7d8794,#dfe5ec,#98a2ae)")
    tabard = path(f"M{x * 0.6 - wide * 0.62:.0f} 26 L{x * 0.6 + wide * 0.62:.0f} 26 L{x * 0.4 + wide * 0.5:.0f} {long + 26:.0f} L{x * 0.4 - wide * 0.5:.0f} {long + 26:.0f}Z", f"across({darker(look.top, 0.15)},{look.top})")  # fmt: skip
    belt = _belt(body, LEATHER, buckle=GOLD)
    if not body.shows_front:
        return tabard + gorget + belt
    pale = lighter(look.top, 0.62) if brightness(look.top) < 0.6 else darker(look.top, 0.5)
    cross = rect(x * 0.8 - 11, 66, 22, 128, pale) + rect(x * 0.8 - 42, 100, 84, 22, pale)
    return tabard + cross + gorget + belt


def _lapels(look: Look, body: Torso, *, deep: float, under: str, darkest: float = 0.24) -> str:
    """Two lapels over what is under them; `deep` is how far down they reach, of the trunk."""
    x, low, top = body.middle, body.length * deep, look.top
    shirt = path(f"M{x * 0.5 - 32:.0f} -2 L{x * 0.5 + 32:.0f} -2 L{x:.0f} {low:.0f}Z", under)
    left = path(f"M{x * 0.5 - 38:.0f} -4 L{x * 0.5 - 62:.0f} 58 L{x - 34:.0f} 78 L{x:.0f} {low + 8:.0f} L{x * 0.5 - 28:.0f} 0Z", darker(top, darkest))  # fmt: skip
    right = path(f"M{x * 0.5 + 38:.0f} -4 L{x * 0.5 + 58:.0f} 58 L{x + 32:.0f} 78 L{x:.0f} {low + 8:.0f} L{x * 0.5 + 28:.0f} 0Z", darker(top, darkest * 0.6))  # fmt: skip
    return shirt + left + right


def frock_coat(look: Look, body: Torso) -> str:
    """Lapels over a waistcoat and a cravat."""
    x, long = body.middle, body.length
    if not body.shows_front:
        return line(f"M0 {long * 0.5:.0f} L0 {long + 20:.0f}", darker(look.top, 0.35), 5) + circle(-18, long - 8, 7, GOLD) + circle(18, long - 8, 7, GOLD)  # fmt: skip
    vest = lighter(mix(look.bottom, "#c9a878", 0.35), 0.12)
    open_front = path(f"M{x - 34:.0f} 20 L{x + 34:.0f} 20 L{x * 0.8 + 22:.0f} {long - 30:.0f} L{x * 0.8 - 22:.0f} {long - 30:.0f}Z", vest)  # fmt: skip
    buttons = "".join(circle(x * 0.95, long * share, 5, GOLD) for share in (0.42, 0.55, 0.68, 0.81))
    cravat = path(f"M{x * 0.6 - 30:.0f} -8 L{x * 0.6 + 30:.0f} -8 L{x + 24:.0f} 30 L{x:.0f} 92 L{x - 24:.0f} 30Z", "#f4f0e8") + line(f"M{x - 20:.0f} 26 Q{x:.0f} 38 {x + 20:.0f} 26", "#cfc8ba", 5)  # fmt: skip
    seam = line(f"M{x * 0.8:.0f} {long - 30:.0f} L{x * 0.6:.0f} {long + 20:.0f}", darker(look.top, 0.4), 5)
    return open_front + buttons + _lapels(look, body, deep=0.72, under="#00000000", darkest=0.3) + cravat + seam


def waistcoat(look: Look, body: Torso) -> str:
    """Buttoned over a shirt, with a watch chain and a neckerchief."""
    x, long, wide = body.middle, body.length, body.shoulder_half
    collar = path(f"M{x * 0.5 - 36:.0f} -6 L{x:.0f} 30 L{x * 0.5 + 36:.0f} -6 L{x * 0.5 + 44:.0f} 24 L{x:.0f} 74 L{x * 0.5 - 44:.0f} 24Z", LINEN)  # fmt: skip
    sides = "".join(path(f"M{side * wide * 1.02:.0f} 26 Q{side * wide * 0.72:.0f} 70 {side * wide * 0.98:.0f} 150 L{side * wide * 1.2:.0f} 120 L{side * wide * 1.12:.0f} 34Z", LINEN) for side in (-1, 1))  # fmt: skip
    if not body.shows_front:
        return sides + rect(-34, long * 0.72, 68, 10, darker(look.top, 0.35), 3)
    scarf = path(f"M{x * 0.6 - 26:.0f} 2 L{x * 0.6 + 26:.0f} 2 L{x + 30:.0f} 30 L{x:.0f} 22 L{x - 30:.0f} 30Z", darker(look.bottom, 0.05))  # fmt: skip
    buttons = "".join(circle(x, long * share, 6, GOLD) for share in (0.38, 0.54, 0.7, 0.86))
    chain = line(f"M{x:.0f} {long * 0.7:.0f} Q{x + 30:.0f} {long * 0.84:.0f} {x + 58:.0f} {long * 0.72:.0f}", GOLD, 4)
    seam = line(f"M{x:.0f} 74 L{x * 0.8:.0f} {long + 16:.0f}", darker(look.top, 0.32), 4)
    return sides + collar + scarf + seam + buttons + chain


def long_dress(look: Look, body: Torso) -> str:
    """A high collar with a brooch, a row of buttons, a narrow waist."""
    x, long = body.middle, body.length
    sash = _belt(body, darker(look.bottom, 0.05), high=26, up=40)
    lace = lighter(mix(look.top, "#fff6e8", 0.75), 0.1)
    collar = path("M-36 -16 Q0 4 36 -16 L42 16 Q0 40 -42 16Z", lace)
    if not body.shows_front:
        bow = path(f"M-8 {long - 28:.0f} L-60 {long - 56:.0f} L-54 {long + 4:.0f}Z M8 {long - 28:.0f} L60 {long - 56:.0f} L54 {long + 4:.0f}Z", darker(look.bottom, 0.2))  # fmt: skip
        return collar + sash + bow
    yoke = path(f"M{x * 0.6 - 46:.0f} 20 Q{x:.0f} 120 {x * 0.6 + 46:.0f} 20 Q{x * 0.6:.0f} 50 {x * 0.6 - 46:.0f} 20Z", lace)  # fmt: skip
    buttons = "".join(circle(x, long * share, 5, lace) for share in (0.34, 0.46, 0.58, 0.7))
    brooch = ellipse(x * 0.7, 22, 12, 14, GOLD) + ellipse(x * 0.7, 22, 7, 9, "#7a3a4a")
    return yoke + line(f"M{x:.0f} 80 L{x * 0.8:.0f} {long - 40:.0f}", darker(look.top, 0.25), 3) + buttons + collar + brooch + sash  # fmt: skip


def jumpsuit(look: Look, body: Torso) -> str:
    """A zip, piping that glows, a badge."""
    x, long, wide = body.middle, body.length, body.shoulder_half
    glow, dark = "#7ff3ff", darker(look.top, 0.35)
    yoke = path(f"M-44 -8 Q0 12 44 -8 L{wide:.0f} 30 L{wide * 0.96:.0f} 74 Q{x:.0f} 112 {-wide * 0.96:.0f} 74 L{-wide:.0f} 30Z", dark)  # fmt: skip
    piping = line(f"M{-wide * 0.96:.0f} 76 Q{x:.0f} 114 {wide * 0.96:.0f} 76", glow, 5)
    belt = _belt(body, dark, high=18)
    collar = path("M-40 -18 Q0 0 40 -18 L44 14 Q0 34 -44 14Z", lighter(dark, 0.1))
    if not body.shows_front:
        return yoke + piping + collar + rect(-30, 120, 60, 76, dark, 10) + belt
    zipper = line(f"M{x * 0.8:.0f} 16 L{x * 0.8:.0f} {long:.0f}", lighter(look.top, 0.45), 4)
    badge = circle(x + 46, 122, 15, glow) + circle(x + 46, 122, 8, dark)
    return yoke + piping + zipper + collar + badge + belt + circle(x * 0.5, long - 5, 9, glow)


def high_collar(look: Look, body: Torso) -> str:
    """Closed at the side, with a collar that stands up."""
    x, long, wide = body.middle, body.length, body.shoulder_half
    collar = path("M-46 -40 L-38 22 Q0 40 38 22 L46 -40 Q22 -14 0 -12 Q-22 -14 -46 -40Z", darker(look.top, 0.3))
    if not body.shows_front:
        return path("M-46 -44 L-40 20 Q0 34 40 20 L46 -44 Q0 -58 -46 -44Z", darker(look.top, 0.3)) + line(f"M0 30 L0 {long:.0f}", darker(look.top, 0.2), 4)  # fmt: skip
    trim = lighter(mix(look.bottom, "#9fe8f0", 0.6), 0.15)
    flap = path(f"M{x * 0.5 - 38:.0f} 16 Q{x:.0f} 40 {x * 0.5 + 38:.0f} 16 L{wide * 0.86:.0f} 60 L{x * 0.5 + 40:.0f} {long + 14:.0f} L{x * 0.5 - 70:.0f} {long + 14:.0f} L{-wide * 0.4:.0f} 60Z", darker(look.top, 0.14))  # fmt: skip
    edge = line(f"M{x * 0.5 + 38:.0f} 18 L{wide * 0.86:.0f} 60 L{x * 0.5 + 40:.0f} {long + 14:.0f}", trim, 7)
    clasps = "".join(rect(x * 0.5 + 46 + 20 * share, long * (1 - share) - 8, 22, 10, trim, 4) for share in (0.25, 0.45, 0.65))  # fmt: skip
    return flap + edge + clasps + collar


def suit(look: Look, body: Torso) -> str:
    """A jacket over a shirt with a tie."""
    x, long = body.middle, body.length
    if not body.shows_front:
        return line(f"M0 {long * 0.45:.0f} L0 {long + 18:.0f}", darker(look.top, 0.3), 4)
    tie = path(f"M{x - 10:.0f} 24 L{x + 10:.0f} 24 L{x + 5:.0f} 40 L{x + 13:.0f} {long * 0.5:.0f} L{x:.0f} {long * 0.56:.0f} L{x - 13:.0f} {long * 0.5:.0f} L{x - 5:.0f} 40Z", _tie_colour(look))  # fmt: skip
    collar = path(f"M{x * 0.5 - 32:.0f} -6 L{x:.0f} 26 L{x - 22:.0f} 46Z M{x * 0.5 + 32:.0f} -6 L{x:.0f} 26 L{x + 22:.0f} 46Z", "#ffffff")  # fmt: skip
    buttons = "".join(circle(x * 0.9 + 8, long * share, 6, darker(look.top, 0.5)) for share in (0.72, 0.88))
    seam = line(f"M{x:.0f} {long * 0.6:.0f} L{x * 0.7:.0f} {long + 18:.0f}", darker(look.top, 0.35), 4)
    return _lapels(look, body, deep=0.6, under="#f2f0ec") + tie + collar + seam + buttons


def _tie_colour(look: Look) -> str:
    """One that is seen on a white shirt."""
    return mix(look.bottom, "#8f2638", 0.55)


def apron(look: Look, body: Torso) -> str:
    """A bib over a shirt."""
    x, long = body.middle, body.length
    if not body.shows_front:
        strings = path(f"M-6 {long - 10:.0f} L-50 {long - 34:.0f} L-46 {long + 14:.0f}Z M6 {long - 10:.0f} L50 {long - 34:.0f} L46 {long + 14:.0f}Z", LINEN)  # fmt: skip
        return _belt(body, LINEN, high=10, up=14) + strings
    collar = path(f"M{x * 0.5 - 34:.0f} 0 L{x:.0f} 44 L{x - 30:.0f} 48Z M{x * 0.5 + 34:.0f} 0 L{x:.0f} 44 L{x + 30:.0f} 48Z", lighter(look.top, 0.3))  # fmt: skip
    straps = line(f"M{x * 0.6 - 44:.0f} 6 L{x - 50:.0f} 110 M{x * 0.6 + 44:.0f} 6 L{x + 50:.0f} 110", LINEN, 13)
    bib = path(f"M{x - 56:.0f} 106 L{x + 56:.0f} 106 L{x * 0.5 + body.hip_half:.0f} {long + 16:.0f} L{x * 0.5 - body.hip_half:.0f} {long + 16:.0f}Z", f"across({darker(LINEN, 0.1)},{LINEN})")  # fmt: skip
    return collar + straps + bib + _belt(body, darker(LINEN, 0.12), high=10)


def white_coat(look: Look, body: Torso) -> str:
    """A doctor's or scientist's, open over a shirt of their own."""
    x, long = body.middle, body.length
    shade = "#c9d2da"
    if not body.shows_front:
        return _belt(body, shade, high=14, up=40)
    shirt = path(f"M{x * 0.5 - 34:.0f} -4 L{x * 0.5 + 34:.0f} -4 L{x * 0.8 + 14:.0f} {long + 18:.0f} L{x * 0.8 - 14:.0f} {long + 18:.0f}Z", look.top)  # fmt: skip
    lapels = path(f"M{x * 0.5 - 38:.0f} -4 L{x * 0.5 - 64:.0f} 60 L{x - 34:.0f} 82 L{x - 6:.0f} {long * 0.62:.0f} L{x * 0.5 - 28:.0f} 0Z M{x * 0.5 + 38:.0f} -4 L{x * 0.5 + 62:.0f} 60 L{x + 34:.0f} 82 L{x + 6:.0f} {long * 0.62:.0f} L{x * 0.5 + 28:.0f} 0Z", shade)  # fmt: skip
    pocket = rect(x + 38, 120, 38, 44, shade, 4) + rect(x + 46, 106, 6, 26, "#3a5fa8", 3)
    low = rect(x * 0.6 - 78, long * 0.72, 48, 8, shade, 3) + rect(x * 0.6 + 30, long * 0.72, 48, 8, shade, 3)
    return shirt + lapels + pocket + low


def chef(look: Look, body: Torso) -> str:
    """Two rows of buttons and a neckerchief."""
    x, long = body.middle, body.length
    if not body.shows_front:
        return line(f"M0 30 L0 {long:.0f}", "#d3d6da", 4)
    flap = line(f"M{x * 0.6 - 34:.0f} 10 L{x - 42:.0f} 60 L{x * 0.7 - 42:.0f} {long + 16:.0f}", "#c3c9d0", 5)
    buttons = "".join(circle(x * 0.9 + side * 26, long * share, 7, "#4a4f58") for share in (0.28, 0.45, 0.62, 0.79) for side in (-1, 1))  # fmt: skip
    scarf = path(f"M{x * 0.6 - 38:.0f} -6 Q{x:.0f} 22 {x * 0.6 + 38:.0f} -6 L{x + 34:.0f} 26 L{x + 6:.0f} 36 L{x + 16:.0f} 76 L{x - 4:.0f} 40 L{x - 34:.0f} 26Z", look.top)  # fmt: skip
    return flap + buttons + scarf


def scrubs(look: Look, body: Torso) -> str:
    """A neck in the form of a V, a pocket with a watch."""
    x = body.middle
    if not body.shows_front:
        return ""
    neck = path(f"M{x * 0.5 - 34:.0f} -4 L{x:.0f} 78 L{x * 0.5 + 34:.0f} -4Z", look.skin)
    rim = line(f"M{x * 0.5 - 34:.0f} -2 L{x:.0f} 80 L{x * 0.5 + 34:.0f} -2", darker(look.top, 0.22), 9)
    pocket = rect(x + 30, 112, 44, 52, darker(look.top, 0.14), 5) + circle(x + 40, 108, 9, "#f4f4f2")
    return neck + rim + pocket


def overalls(look: Look, body: Torso) -> str:
    """A bib with straps over a shirt."""
    x, long, cloth = body.middle, body.length, look.bottom
    seam = lighter(cloth, 0.25)
    if not body.shows_front:
        straps = line(f"M-48 8 L0 {long * 0.5:.0f} L48 8 M0 {long * 0.5:.0f} L0 {long:.0f}", cloth, 22)
        return straps + _belt(body, cloth, high=44, up=30)
    straps = line(f"M{x * 0.5 - 52:.0f} 8 L{x - 48:.0f} 128 M{x * 0.5 + 52:.0f} 8 L{x + 48:.0f} 128", cloth, 22)
    bib = path(f"M{x - 62:.0f} 118 L{x + 62:.0f} 118 L{x * 0.5 + body.hip_half * 1.08:.0f} {long + 24:.0f} L{x * 0.5 - body.hip_half * 1.08:.0f} {long + 24:.0f}Z", f"across({darker(cloth, 0.15)},{cloth})")  # fmt: skip
    pocket = rect(x - 34, 150, 68, 58, darker(cloth, 0.18), 6) + line(f"M{x - 34:.0f} 164 L{x + 34:.0f} 164", seam, 3)
    buttons = circle(x - 48, 128, 9, GOLD) + circle(x + 48, 128, 9, GOLD)
    return straps + bib + pocket + buttons + line(f"M{x * 0.6 - 70:.0f} {long - 4:.0f} L{x * 0.6 + 70:.0f} {long - 4:.0f}", seam, 3)  # fmt: skip


def turnout(look: Look, body: Torso) -> str:
    """A firefighter's coat, with bands that shine."""
    x, long, wide = body.middle, body.length, body.shoulder_half
    bands = "".join(rect(-wide * reach, y, wide * 2 * reach, 26, "#e8d44a", 2) + rect(-wide * reach, y + 9, wide * 2 * reach, 8, "#eef0f2") for reach, y in ((1.02, 118), (0.84, long - 20)))  # fmt: skip
    collar = path("M-48 -14 Q0 6 48 -14 L56 24 Q0 48 -56 24Z", darker(look.top, 0.35))
    if not body.shows_front:
        return bands + collar
    clasps = "".join(rect(x - 17, long * share, 34, 12, "#c9ced4", 4) for share in (0.22, 0.55, 0.76))
    return line(f"M{x:.0f} 30 L{x:.0f} {long + 16:.0f}", darker(look.top, 0.45), 6) + bands + clasps + collar


def spacesuit(look: Look, body: Torso) -> str:
    """A ring for the helmet, a box of switches, a stripe in the wearer's colour."""
    x, long, wide = body.middle, body.length, body.shoulder_half
    ring = ellipse(0, 2, 66, 22, "#8f9aa6") + ellipse(0, -3, 56, 16, "#5f6a76")
    if not body.shows_front:
        pack = rect(-wide * 0.82, 34, wide * 1.64, 230, "down(#eef1f4,#b3bcc6)", 26)
        return ring + pack + rect(-wide * 0.5, 80, wide, 14, look.top, 6)
    box = rect(x * 0.8 - 62, 122, 124, 92, "down(#dfe4ea,#aab4bf)", 14)
    switches = "".join(circle(x * 0.8 - 38 + 25 * n, 150, 8, colour) for n, colour in enumerate(("#c94a3f", "#3f8fc9", "#e0b83a", "#5fa85a")))  # fmt: skip
    screen = rect(x * 0.8 - 44, 172, 88, 26, "#26303c", 6)
    hose = line(f"M{x * 0.8 + 62:.0f} 168 q44 20 20 96", "#9aa5b1", 15)
    patch = rect(x * 0.6 - wide * 0.82, 62, 52, 32, look.top, 5)
    return hose + box + switches + screen + patch + ring + _belt(body, "#9aa5b1", high=18) + rect(x - 4, long - 12, 8, 14, "#5f6a76")  # fmt: skip


def wedding_dress(look: Look, body: Torso) -> str:
    """A heart-shaped neckline under lace."""
    x = body.middle
    sash = _belt(body, "#e3d9cc", high=20, up=34)
    if not body.shows_front:
        return sash + "".join(circle(0, 40 + 30 * n, 6, "#d9cfc2") for n in range(7))
    neck = path(f"M{x * 0.5 - 62:.0f} 2 L{x - 40:.0f} 52 Q{x - 18:.0f} 40 {x:.0f} 62 Q{x + 18:.0f} 40 {x + 40:.0f} 52 L{x * 0.5 + 62:.0f} 2Z", look.skin)  # fmt: skip
    lace = line(f"M{x - 40:.0f} 52 Q{x - 18:.0f} 40 {x:.0f} 62 Q{x + 18:.0f} 40 {x + 40:.0f} 52", "#d9cfc2", 7)
    pearls = "".join(circle(x * 0.6 - 30 + 12 * n, 10 + 5 * (2.5 - abs(n - 2.5)), 5, "#fffaf0") for n in range(6))
    return neck + lace + pearls + sash
