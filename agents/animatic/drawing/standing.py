"""Things that stand on the ground, or fly above it. The foot is at (0, 0); 1000 is a grown-up's height."""

from agents.animatic.drawing import handheld
from agents.animatic.drawing.svg import circle, ellipse, group, line, path, polygon, rect

INK = "#211a26"


def boat() -> str:
    """A boat."""
    return (
        path(
            "M-420 -120 Q-300 -100 0 -96 Q300 -100 440 -150 Q390 10 270 20 L-280 20 Q-390 0 -420 -120Z",
            "down(#b5643c,#5f2f24)",
        )
        + line("M-414 -112 Q0 -74 434 -140", "#f0d9ac", 14)
        + line("M-360 -56 Q0 -22 390 -76", "#3f2019", 5)
        + line("M-40 -90 L-40 -560", "#5a3a26", 16)
        + path("M-24 -560 Q220 -420 240 -170 Q100 -140 -24 -150Z", "across(#f6eedd,#cfc2aa)")
        + path("M-56 -520 Q-220 -360 -230 -170 L-56 -150Z", "#e3d6bf")
    )


def car() -> str:
    """A car."""
    wheels = "".join(circle(x, -62, 66, "#15131a") + circle(x, -62, 34, "#8d93a0") for x in (-250, 250))
    return (
        path(
            "M-450 -90 Q-450 -210 -330 -226 Q-230 -360 -70 -366 L90 -366 Q210 -356 290 -236 Q440 -220 450 -90Z",
            "down(#e0584f,#8f2b34)",
        )
        + path("M-270 -236 Q-200 -326 -80 -330 L-30 -330 L-30 -236Z", "#bfe0ee")
        + path("M0 -330 L84 -330 Q170 -322 230 -236 L0 -236Z", "#a3cbdd")
        + ellipse(438, -180, 150, 90, "glow(#fff1b8bb,#fff1b800)")
        + ellipse(430, -180, 20, 26, "#fff7d8")
        + rect(-456, -110, 912, 30, "#5a2029", 14)
        + wheels
    )


def dog() -> str:
    """A dog."""
    return (
        path("M-150 -230 Q-214 -290 -206 -340", "none")
        + line("M-148 -220 Q-206 -250 -206 -322", "#a8703f", 26)
        + path(
            "M-160 -240 Q-60 -280 80 -250 Q130 -240 120 -150 Q40 -120 -150 -140 Q-180 -190 -160 -240Z",
            "down(#c48a52,#9a6234)",
        )
        + "".join(rect(x, -170, 34, 170, "#a8703f", 14) for x in (-150, -104, 44, 86))
        + ellipse(140, -290, 66, 58, "#c48a52")
        + rect(160, -296, 84, 48, "#c48a52", 22)
        + circle(240, -284, 13, INK)
        + circle(158, -308, 9, INK)
        + path("M100 -340 Q70 -330 78 -240 Q112 -250 128 -310Z", "#7a4a26")
    )


def fox() -> str:
    """A fox."""
    return _recoloured({"#a8703f": "#b5562a", "#c48a52": "#d9742f", "#9a6234": "#a84c22", "#7a4a26": "#4a2a1e"})


def wolf() -> str:
    """A wolf."""
    return _recoloured({"#a8703f": "#6a6f78", "#c48a52": "#8f959e", "#9a6234": "#5f646d", "#7a4a26": "#3f444c"})


def _recoloured(colours: dict[str, str]) -> str:
    """The dog in another coat."""
    drawn = dog()
    for own, other in colours.items():
        drawn = drawn.replace(own, other)
    return drawn


def cat() -> str:
    """A cat."""
    return (
        line("M-96 -30 Q-190 -40 -176 -160 Q-170 -196 -140 -186", "#4a4552", 24)
        + path("M-110 0 Q-120 -170 0 -190 Q90 -170 84 0Z", "down(#6a6474,#3f3a48)")
        + circle(30, -220, 66, "#5d5768")
        + polygon([(-26, -262), (-20, -330), (22, -280)], "#5d5768")
        + polygon([(42, -282), (84, -326), (88, -256)], "#5d5768")
        + ellipse(12, -226, 11, 14, "#ffe27a")
        + ellipse(56, -226, 11, 14, "#ffe27a")
        + ellipse(13, -226, 4, 12, INK)
        + ellipse(57, -226, 4, 12, INK)
        + path("M28 -202 L42 -202 L35 -193Z", "#e58c98")
    )


def bird() -> str:
    """A bird."""
    return group(
        path("M0 0 Q-70 -70 -160 -40 Q-80 -30 -30 20 Q60 40 120 -10 Q170 -60 150 -90 Q70 -70 0 0Z", "#f2efe9")
        + path("M100 6 L170 -4 L112 22Z", "#f0a63c")
        + circle(92, -4, 5, INK),
        y=-620,
    )


def telescope() -> str:
    """A telescope."""
    legs = line("M0 -300 L-130 0 M0 -300 L130 0 M0 -300 L10 0", "#5a3f2a", 16)
    tube = group(
        rect(-170, -32, 230, 64, "down(#e0b866,#8a5c28)", 8)
        + rect(50, -44, 190, 88, "down(#efcb80,#9a6a30)", 10)
        + rect(-220, -20, 60, 40, "#3b3038", 6),
        y=-320,
        turn=-34,
    )
    return legs + tube


def tree() -> str:
    """A tree."""
    crown = "".join(
        circle(x, y, r, c)
        for x, y, r, c in (
            (-150, -700, 190, "#2f6b4a"),
            (150, -680, 200, "#2a6145"),
            (0, -860, 230, "#3a7d54"),
            (-40, -640, 170, "#347350"),
            (-60, -900, 120, "#4f9a66"),
        )
    )
    return path("M-50 0 Q-20 -260 -36 -520 L40 -520 Q24 -260 66 0Z", "across(#4a3226,#7a5640)") + crown


def piano() -> str:
    """A piano."""
    keys = "".join(rect(-300 + 40 * n, -350, 36, 40, "#f5f1e8") for n in range(15)) + "".join(
        rect(-274 + 40 * n, -350, 20, 24, INK) for n in range(14) if n % 7 not in (2, 6)
    )
    return (
        rect(-340, -640, 680, 280, "down(#3a2420,#1f1412)", 8)
        + rect(-340, -370, 680, 60, "#2a1a17", 6)
        + keys
        + rect(-330, -310, 60, 310, "#1f1412")
        + rect(270, -310, 60, 310, "#1f1412")
    )


def chest() -> str:
    """A chest."""
    return group(handheld.box(), y=-90, scale=2.4)


def fire() -> str:
    """A camp fire."""
    return (
        ellipse(0, -120, 480, 420, "glow(#ffb34799,#ff7a2e44,#ff5a1e00)")
        + path(
            "M0 -330 Q90 -210 100 -110 Q104 0 0 0 Q-104 0 -100 -110 Q-80 -160 -50 -190 Q-40 -130 -16 -130 Q-40 -240 0 -330Z",
            "down(#ffd76a,#ff6a2a)",
        )
        + path("M6 -190 Q54 -110 50 -60 Q46 0 4 0 Q-44 0 -44 -60 Q-36 -110 6 -190Z", "down(#fff6c8,#ffc14d)")
        + line("M-130 0 L120 -40 M-120 -44 L130 0", "#4a2f22", 30)
    )


def robot() -> str:
    """A robot."""
    return (
        rect(-70, -60, 40, 60, "#4f5a6b", 8)
        + rect(30, -60, 40, 60, "#4f5a6b", 8)
        + rect(-100, -260, 200, 210, "down(#b9c7d6,#74859a)", 40)
        + rect(-84, -400, 168, 150, "down(#dbe5ee,#93a3b5)", 50)
        + rect(-64, -362, 128, 72, "#162032", 34)
        + ellipse(-28, -326, 15, 18, "#7ff3ff")
        + ellipse(28, -326, 15, 18, "#7ff3ff")
        + line("M0 -400 L0 -448", "#74859a", 9)
        + circle(0, -456, 14, "#ff6b5e")
        + circle(0, -160, 28, "glow(#ffffff,#7ff3ff,#2f9fc4)")
        + line("M-104 -220 Q-160 -160 -130 -90 M104 -220 Q160 -160 130 -90", "#74859a", 28)
    )


def bicycle() -> str:
    """A bicycle."""
    wheels = "".join(
        f'<circle cx="{x}" cy="-150" r="140" fill="none" stroke="{INK}" stroke-width="14"/>' for x in (-230, 230)
    )
    return (
        wheels
        + line(
            "M-230 -150 L-70 -380 L150 -380 L230 -150 M-70 -380 L20 -150 L150 -380 M20 -150 L-230 -150 M150 -380 L140 -460 L200 -470",
            "#3f8fb0",
            18,
        )
        + rect(-120, -416, 100, 24, INK, 10)
    )


def rocket() -> str:
    """A rocket."""
    return (
        ellipse(0, 0, 220, 120, "glow(#ffd76acc,#ff7a2e00)")
        + path("M-110 -60 L-210 30 L-100 -10Z M110 -60 L210 30 L100 -10Z", "#b3313a")
        + path("M0 -760 Q150 -560 110 -20 L-110 -20 Q-150 -560 0 -760Z", "across(#9fb0c2,#f4f7fa,#b7c4d2)")
        + circle(0, -440, 56, "#37516e")
        + circle(0, -440, 40, "glow(#d8f3ff,#5fa8d8)")
    )


def door() -> str:
    """A door in its frame."""
    return (
        rect(-170, -900, 340, 900, "#3a2a26")
        + rect(-146, -876, 292, 876, "across(#7a4f35,#a06b45,#6b452e)", 4)
        + rect(-110, -820, 220, 330, "#6b452e88", 4)
        + rect(-110, -430, 220, 360, "#6b452e88", 4)
        + circle(112, -430, 17, "#e0b24a")
    )


def ships_wheel() -> str:
    """A ship's wheel on its stand."""
    spokes = "".join(
        group(rect(-13, -262, 26, 262, "#8a5a34", 12) + circle(0, -258, 19, "#a9713f"), y=-420, turn=45 * n)
        for n in range(8)
    )
    rim = "".join(
        f'<circle cx="0" cy="-420" r="{radius}" fill="none" stroke="{colour}" stroke-width="{wide}"/>'
        for radius, colour, wide in ((178, "#6b4228", 46), (178, "#a9713f", 26), (178, "#d8b45a", 5))
    )
    stand = path("M-90 0 L-46 -420 L46 -420 L90 0Z", "across(#4a2f1e,#7a5236,#4a2f1e)")
    return stand + spokes + rim + circle(0, -420, 50, "#6b4228") + circle(0, -420, 26, "#d8b45a")


def steering_wheel() -> str:
    """A car's steering wheel on its column."""
    ring = "".join(
        f'<circle cx="0" cy="-360" r="170" fill="none" stroke="{colour}" stroke-width="{wide}"/>'
        for colour, wide in (("#15161c", 40), ("#3a3d48", 18))
    )
    return (
        path("M-40 0 L-24 -340 L24 -340 L40 0Z", "#26282f")
        + line("M-160 -356 L160 -356 M0 -350 L0 -210", "#23252c", 34)
        + ring
        + circle(0, -356, 56, "#1b1d24")
        + circle(0, -356, 22, "#8a909a")
    )
