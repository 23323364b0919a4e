"""Things that fit into a hand. The grip is at (0, 0); 1000 is a grown-up's height."""

from agents.animatic.drawing.svg import circle, ellipse, group, line, path, polygon, rect

INK = "#211a26"
GLOW = "glow(#ffe9a8cc,#ffc86244,#ffb34700)"


def lantern() -> str:
    """A lantern."""
    return (
        ellipse(0, 70, 190, 190, GLOW)
        + line("M-22 26 Q0 -34 22 26", INK, 6)
        + path("M-30 26 L30 26 L24 14 L-24 14Z", "#3b3038")
        + rect(-26, 26, 52, 74, "down(#fff6cf,#ffc04d)", 6)
        + line("M-26 26 L-26 100 M26 26 L26 100 M0 26 L0 100", "#3b3038", 5)
        + rect(-34, 98, 68, 14, "#3b3038", 4)
    )


def candle() -> str:
    """A candle."""
    return (
        ellipse(0, -60, 150, 150, GLOW)
        + rect(-11, -40, 22, 74, "down(#fff8e4,#e5cfa4)", 4)
        + path("M0 -86 Q16 -58 0 -42 Q-16 -58 0 -86Z", "down(#fff2b0,#ff9a3c)")
        + ellipse(0, 36, 32, 9, "#b48a4a")
    )


def letter() -> str:
    """A letter."""
    return group(
        rect(-52, -40, 104, 76, "#f6efdd", 3)
        + line("M-52 -40 L0 6 L52 -40", "#cbb98f", 4)
        + circle(0, 8, 11, "#b3313a"),
        turn=-10,
    )


def paper() -> str:
    """A sheet with writing."""
    lines = "".join(line(f"M-30 {-52 + 17 * n} L{28 - 9 * (n % 3)} {-52 + 17 * n}", "#8d86a0", 4) for n in range(6))
    return group(rect(-44, -70, 88, 118, "#f8f3e4", 2) + lines, turn=7)


def chart() -> str:
    """A map."""
    folds = polygon([(-90, -52), (-30, -62), (30, -48), (90, -60), (90, 36), (30, 48), (-30, 34), (-90, 44)], "#ecd9a8")
    route = line("M-70 20 Q-40 -36 -8 0 T62 -20", "#b3543a", 5) + line("M56 -28 L70 -12 M70 -28 L56 -12", "#b3313a", 6)
    return folds + line("M-30 -62 L-30 34 M30 -48 L30 48", "#cdb47c", 3) + ellipse(-40, 8, 22, 12, "#9dbd96") + route


def book() -> str:
    """A book."""
    return (
        path("M-76 -26 Q-38 -48 0 -26 Q38 -48 76 -26 L76 36 Q38 18 0 38 Q-38 18 -76 36Z", "#7d2f3b")
        + path("M-70 -32 Q-36 -52 0 -32 L0 30 Q-36 12 -70 30Z", "#f6eedb")
        + path("M70 -32 Q36 -52 0 -32 L0 30 Q36 12 70 30Z", "#e9dec4")
        + "".join(line(f"M-58 {-26 + 13 * n} Q-36 {-38 + 13 * n} -12 {-26 + 13 * n}", "#b9ad92", 2.5) for n in range(4))
    )


def phone() -> str:
    """A phone."""
    return (
        ellipse(0, -24, 90, 90, "glow(#9fd8ff88,#9fd8ff00)")
        + rect(-24, -64, 48, 92, "#15161f", 9)
        + rect(-20, -56, 40, 74, "down(#bfe8ff,#5fa8e8)", 4)
    )


def cup() -> str:
    """A cup."""
    steam = line("M-10 -50 q-9 -14 0 -26 t0 -26 M10 -50 q-9 -14 0 -26 t0 -26", "#ffffff66", 5)
    return (
        steam
        + line("M24 -22 Q50 -18 44 4 Q38 18 20 14", "#e9e2d4", 8)
        + path("M-28 -36 L28 -36 L22 28 L-22 28Z", "across(#d9cfbd,#faf6ee)")
        + ellipse(0, -36, 28, 8, "#6b4530")
    )


def sword() -> str:
    """A sword."""
    return group(
        polygon([(-9, -30), (-9, -330), (0, -362), (9, -330), (9, -30)], "across(#f3f7fb,#9aa8b8)")
        + rect(-46, -34, 92, 14, "#c79a3f", 6)
        + rect(-8, -22, 16, 60, "#5a3522", 5)
        + circle(0, 42, 12, "#c79a3f"),
        turn=24,
    )


def key() -> str:
    """A key."""
    return group(
        circle(0, -26, 26, "#d9a53f")
        + circle(0, -26, 13, "#4a3416")
        + rect(-6, -2, 12, 82, "#d9a53f")
        + rect(4, 54, 22, 9, "#d9a53f")
        + rect(4, 70, 16, 9, "#d9a53f"),
        turn=-30,
    )


def umbrella() -> str:
    """An umbrella."""
    dome = path(
        "M-250 -330 C-230 -520 230 -520 250 -330 Q208 -368 166 -330 Q124 -368 83 -330 Q42 -368 0 -330 Q-42 -368 -83 -330 Q-124 -368 -166 -330 Q-208 -368 -250 -330Z",
        "down(#d1495b,#8f2740)",
    )
    return (
        line("M0 -440 L0 30 Q0 56 24 52", INK, 8)
        + dome
        + line("M0 -476 Q-60 -420 -83 -334 M0 -476 Q60 -420 83 -334", "#7a2037", 4)
    )


def flower() -> str:
    """A flower."""
    petals = "".join(group(ellipse(0, -22, 13, 22, "#ef5d76"), y=-84, turn=72 * n) for n in range(5))
    return (
        line("M0 40 Q-8 -30 0 -84", "#4f8a4b", 7)
        + path("M-3 -10 Q-44 -26 -50 -56 Q-14 -50 -3 -10Z", "#5fa257")
        + petals
        + circle(0, -84, 12, "#ffd166")
    )


def guitar() -> str:
    """A guitar."""
    return group(
        rect(-9, -270, 18, 210, "#4a2c1d", 3)
        + rect(-17, -312, 34, 48, "#33201a", 6)
        + path(
            "M0 -80 C58 -84 62 -20 46 0 C92 30 76 124 0 124 C-76 124 -92 30 -46 0 C-62 -20 -58 -84 0 -80Z",
            "glow(#e9a25a,#b8692f,#8a4520)",
        )
        + circle(0, 6, 24, "#2b1a14")
        + line("M-4 -264 L-4 84 M4 -264 L4 84", "#f1e3c8", 2)
        + rect(-24, 78, 48, 9, "#33201a"),
        turn=58,
    )


def ball() -> str:
    """A ball."""
    return circle(0, 0, 52, "glow(#ff9a8a,#e04c4c,#8f2538)") + line("M-46 -12 Q0 18 46 -12", "#ffffffaa", 6)


def camera() -> str:
    """A camera."""
    return (
        rect(-52, -40, 104, 70, "#2b2b35", 10)
        + rect(-20, -56, 40, 20, "#2b2b35", 5)
        + circle(0, -4, 27, "#11131b")
        + circle(0, -4, 18, "glow(#9fd8ff,#2b4a78)")
    )


def torch() -> str:
    """A flashlight and its beam."""
    return (
        path("M40 -14 L420 -150 L420 120 L40 16Z", "across(#fff3c4aa,#fff3c400)")
        + rect(-44, -14, 76, 28, "#3a3f4a", 8)
        + rect(26, -20, 20, 42, "#5b6270", 5)
    )


def bag() -> str:
    """A bag."""
    return (
        line("M-34 6 Q0 -60 34 6", "#5a3a26", 9)
        + rect(-66, 4, 132, 96, "down(#a9713f,#6f4526)", 14)
        + rect(-66, 32, 132, 9, "#5a3a26")
        + rect(-11, 26, 22, 24, "#d9a53f", 4)
    )


def photo() -> str:
    """A photo."""
    return group(
        rect(-50, -64, 100, 122, "#f7f1e4", 3)
        + rect(-40, -54, 80, 78, "down(#8fb7cf,#d8b98f)")
        + circle(-10, -18, 14, "#5a4038")
        + path("M-34 24 Q-10 -12 14 24Z", "#5a4038"),
        turn=8,
    )


def bottle() -> str:
    """A bottle."""
    return path(
        "M-12 -90 L12 -90 L12 -50 Q30 -38 30 -16 L30 66 L-30 66 L-30 -16 Q-30 -38 -12 -50Z",
        "across(#2f6b56,#6fb394,#2f6b56)",
    ) + rect(-30, -4, 60, 40, "#efe4c8")


def wrench() -> str:
    """A wrench."""
    return group(
        rect(-8, -130, 16, 150, "#8d99a8", 6)
        + path("M-26 -168 L-8 -138 L8 -138 L26 -168 L30 -140 L14 -112 L-14 -112 L-30 -140Z", "#a9b5c2"),
        turn=20,
    )


def crystal() -> str:
    """A crystal."""
    return (
        ellipse(0, -40, 170, 170, "glow(#a8f0ffbb,#7fd8ff33,#7fd8ff00)")
        + polygon([(0, -120), (38, -60), (22, 26), (-22, 26), (-38, -60)], "down(#e8fdff,#5fc4ea)")
        + polygon([(0, -120), (0, 26), (-22, 26), (-38, -60)], "#ffffff55")
    )


def box() -> str:
    """A box with a lid."""
    return (
        rect(-58, -34, 116, 80, "down(#b8793f,#7a4a28)", 6)
        + path("M-62 -34 Q0 -84 62 -34Z", "#9a6132")
        + rect(-62, -38, 124, 11, "#5a3a1e")
        + rect(-12, -32, 24, 26, "#e0b24a", 4)
    )


def pistol() -> str:
    """A pistol."""
    return group(
        rect(-14, -44, 130, 30, "down(#5a616c,#2a2e36)", 6)
        + polygon([(-14, -20), (26, -20), (10, 52), (-32, 46)], "#4a3426")
        + line("M28 -14 Q50 8 22 14", "#2a2e36", 6),
        turn=-6,
    )
