"""Things that a shot's words mention. Held ones have their grip at (0, 0), placed ones their foot; 1000 is a grown-up."""

import re
from collections.abc import Callable

from agents.studio.offline.drawing.svg import circle, ellipse, group, line, path, polygon, rect

INK = "#211a26"
GLOW = "glow(#ffe9a8cc,#ffc86244,#ffb34700)"


def _lantern() -> str:
    return (
        ellipse(0, 70, 190, 190, GLOW)
        + line("M-22 26 Q0 -34 22 26", INK, 6)
        + path("M-30 26 L30 26 L24 14 L-24 14Z", "#3b3038")
        + rect(-26, 26, 52, 74, "down(#fff6cf,#ffc04d)", 6)
        + line("M-26 26 L-26 100 M26 26 L26 100 M0 26 L0 100", "#3b3038", 5)
        + rect(-34, 98, 68, 14, "#3b3038", 4)
    )


def _candle() -> str:
    return (
        ellipse(0, -60, 150, 150, GLOW)
        + rect(-11, -40, 22, 74, "down(#fff8e4,#e5cfa4)", 4)
        + path("M0 -86 Q16 -58 0 -42 Q-16 -58 0 -86Z", "down(#fff2b0,#ff9a3c)")
        + ellipse(0, 36, 32, 9, "#b48a4a")
    )


def _letter() -> str:
    return group(
        rect(-52, -40, 104, 76, "#f6efdd", 3)
        + line("M-52 -40 L0 6 L52 -40", "#cbb98f", 4)
        + circle(0, 8, 11, "#b3313a"),
        turn=-10,
    )


def _paper() -> str:
    lines = "".join(line(f"M-30 {-52 + 17 * n} L{28 - 9 * (n % 3)} {-52 + 17 * n}", "#8d86a0", 4) for n in range(6))
    return group(rect(-44, -70, 88, 118, "#f8f3e4", 2) + lines, turn=7)


def _map() -> str:
    folds = polygon([(-90, -52), (-30, -62), (30, -48), (90, -60), (90, 36), (30, 48), (-30, 34), (-90, 44)], "#ecd9a8")
    route = line("M-70 20 Q-40 -36 -8 0 T62 -20", "#b3543a", 5) + line("M56 -28 L70 -12 M70 -28 L56 -12", "#b3313a", 6)
    return folds + line("M-30 -62 L-30 34 M30 -48 L30 48", "#cdb47c", 3) + ellipse(-40, 8, 22, 12, "#9dbd96") + route


def _book() -> str:
    return (
        path("M-76 -26 Q-38 -48 0 -26 Q38 -48 76 -26 L76 36 Q38 18 0 38 Q-38 18 -76 36Z", "#7d2f3b")
        + path("M-70 -32 Q-36 -52 0 -32 L0 30 Q-36 12 -70 30Z", "#f6eedb")
        + path("M70 -32 Q36 -52 0 -32 L0 30 Q36 12 70 30Z", "#e9dec4")
        + "".join(line(f"M-58 {-26 + 13 * n} Q-36 {-38 + 13 * n} -12 {-26 + 13 * n}", "#b9ad92", 2.5) for n in range(4))
    )


def _phone() -> str:
    return (
        ellipse(0, -24, 90, 90, "glow(#9fd8ff88,#9fd8ff00)")
        + rect(-24, -64, 48, 92, "#15161f", 9)
        + rect(-20, -56, 40, 74, "down(#bfe8ff,#5fa8e8)", 4)
    )


def _cup() -> str:
    steam = line("M-10 -50 q-9 -14 0 -26 t0 -26 M10 -50 q-9 -14 0 -26 t0 -26", "#ffffff66", 5)
    return (
        steam
        + line("M24 -22 Q50 -18 44 4 Q38 18 20 14", "#e9e2d4", 8)
        + path("M-28 -36 L28 -36 L22 28 L-22 28Z", "across(#d9cfbd,#faf6ee)")
        + ellipse(0, -36, 28, 8, "#6b4530")
    )


def _sword() -> str:
    return group(
        polygon([(-9, -30), (-9, -330), (0, -362), (9, -330), (9, -30)], "across(#f3f7fb,#9aa8b8)")
        + rect(-46, -34, 92, 14, "#c79a3f", 6)
        + rect(-8, -22, 16, 60, "#5a3522", 5)
        + circle(0, 42, 12, "#c79a3f"),
        turn=24,
    )


def _key() -> str:
    return group(
        circle(0, -26, 26, "#d9a53f")
        + circle(0, -26, 13, "#4a3416")
        + rect(-6, -2, 12, 82, "#d9a53f")
        + rect(4, 54, 22, 9, "#d9a53f")
        + rect(4, 70, 16, 9, "#d9a53f"),
        turn=-30,
    )


def _umbrella() -> str:
    dome = path(
        "M-250 -330 C-230 -520 230 -520 250 -330 Q208 -368 166 -330 Q124 -368 83 -330 Q42 -368 0 -330 Q-42 -368 -83 -330 Q-124 -368 -166 -330 Q-208 -368 -250 -330Z",
        "down(#d1495b,#8f2740)",
    )
    return (
        line("M0 -440 L0 30 Q0 56 24 52", INK, 8)
        + dome
        + line("M0 -476 Q-60 -420 -83 -334 M0 -476 Q60 -420 83 -334", "#7a2037", 4)
    )


def _flower() -> str:
    petals = "".join(group(ellipse(0, -22, 13, 22, "#ef5d76"), y=-84, turn=72 * n) for n in range(5))
    return (
        line("M0 40 Q-8 -30 0 -84", "#4f8a4b", 7)
        + path("M-3 -10 Q-44 -26 -50 -56 Q-14 -50 -3 -10Z", "#5fa257")
        + petals
        + circle(0, -84, 12, "#ffd166")
    )


def _guitar() -> str:
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


def _ball() -> str:
    return circle(0, 0, 52, "glow(#ff9a8a,#e04c4c,#8f2538)") + line("M-46 -12 Q0 18 46 -12", "#ffffffaa", 6)


def _camera() -> str:
    return (
        rect(-52, -40, 104, 70, "#2b2b35", 10)
        + rect(-20, -56, 40, 20, "#2b2b35", 5)
        + circle(0, -4, 27, "#11131b")
        + circle(0, -4, 18, "glow(#9fd8ff,#2b4a78)")
    )


def _torch() -> str:
    return (
        path("M40 -14 L420 -150 L420 120 L40 16Z", "across(#fff3c4aa,#fff3c400)")
        + rect(-44, -14, 76, 28, "#3a3f4a", 8)
        + rect(26, -20, 20, 42, "#5b6270", 5)
    )


def _bag() -> str:
    return (
        line("M-34 6 Q0 -60 34 6", "#5a3a26", 9)
        + rect(-66, 4, 132, 96, "down(#a9713f,#6f4526)", 14)
        + rect(-66, 32, 132, 9, "#5a3a26")
        + rect(-11, 26, 22, 24, "#d9a53f", 4)
    )


def _photo() -> str:
    return group(
        rect(-50, -64, 100, 122, "#f7f1e4", 3)
        + rect(-40, -54, 80, 78, "down(#8fb7cf,#d8b98f)")
        + circle(-10, -18, 14, "#5a4038")
        + path("M-34 24 Q-10 -12 14 24Z", "#5a4038"),
        turn=8,
    )


def _bottle() -> str:
    return path(
        "M-12 -90 L12 -90 L12 -50 Q30 -38 30 -16 L30 66 L-30 66 L-30 -16 Q-30 -38 -12 -50Z",
        "across(#2f6b56,#6fb394,#2f6b56)",
    ) + rect(-30, -4, 60, 40, "#efe4c8")


def _wrench() -> str:
    return group(
        rect(-8, -130, 16, 150, "#8d99a8", 6)
        + path("M-26 -168 L-8 -138 L8 -138 L26 -168 L30 -140 L14 -112 L-14 -112 L-30 -140Z", "#a9b5c2"),
        turn=20,
    )


def _crystal() -> str:
    return (
        ellipse(0, -40, 170, 170, "glow(#a8f0ffbb,#7fd8ff33,#7fd8ff00)")
        + polygon([(0, -120), (38, -60), (22, 26), (-22, 26), (-38, -60)], "down(#e8fdff,#5fc4ea)")
        + polygon([(0, -120), (0, 26), (-22, 26), (-38, -60)], "#ffffff55")
    )


def _heart_box() -> str:
    return (
        rect(-58, -34, 116, 80, "down(#b8793f,#7a4a28)", 6)
        + path("M-62 -34 Q0 -84 62 -34Z", "#9a6132")
        + rect(-62, -38, 124, 11, "#5a3a1e")
        + rect(-12, -32, 24, 26, "#e0b24a", 4)
    )


# --- placed -----------------------------------------------------------------------------------------


def _boat() -> str:
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


def _car() -> str:
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


def _dog() -> str:
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


def _cat() -> str:
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


def _bird() -> str:
    return (
        path("M0 0 Q-70 -70 -160 -40 Q-80 -30 -30 20 Q60 40 120 -10 Q170 -60 150 -90 Q70 -70 0 0Z", "#f2efe9")
        + path("M100 6 L170 -4 L112 22Z", "#f0a63c")
        + circle(92, -4, 5, INK)
    )


def _telescope() -> str:
    legs = line("M0 -300 L-130 0 M0 -300 L130 0 M0 -300 L10 0", "#5a3f2a", 16)
    tube = group(
        rect(-170, -32, 230, 64, "down(#e0b866,#8a5c28)", 8)
        + rect(50, -44, 190, 88, "down(#efcb80,#9a6a30)", 10)
        + rect(-220, -20, 60, 40, "#3b3038", 6),
        y=-320,
        turn=-34,
    )
    return legs + tube


def _tree() -> str:
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


def _piano() -> str:
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


def _chest() -> str:
    return group(_heart_box(), y=-90, scale=2.4)


def _fire() -> str:
    return (
        ellipse(0, -120, 480, 420, "glow(#ffb34799,#ff7a2e44,#ff5a1e00)")
        + path(
            "M0 -330 Q90 -210 100 -110 Q104 0 0 0 Q-104 0 -100 -110 Q-80 -160 -50 -190 Q-40 -130 -16 -130 Q-40 -240 0 -330Z",
            "down(#ffd76a,#ff6a2a)",
        )
        + path("M6 -190 Q54 -110 50 -60 Q46 0 4 0 Q-44 0 -44 -60 Q-36 -110 6 -190Z", "down(#fff6c8,#ffc14d)")
        + line("M-130 0 L120 -40 M-120 -44 L130 0", "#4a2f22", 30)
    )


def _robot() -> str:
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


def _bicycle() -> str:
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


def _rocket() -> str:
    return (
        ellipse(0, 0, 220, 120, "glow(#ffd76acc,#ff7a2e00)")
        + path("M-110 -60 L-210 30 L-100 -10Z M110 -60 L210 30 L100 -10Z", "#b3313a")
        + path("M0 -760 Q150 -560 110 -20 L-110 -20 Q-150 -560 0 -760Z", "across(#9fb0c2,#f4f7fa,#b7c4d2)")
        + circle(0, -440, 56, "#37516e")
        + circle(0, -440, 40, "glow(#d8f3ff,#5fa8d8)")
    )


def _door() -> str:
    return (
        rect(-170, -900, 340, 900, "#3a2a26")
        + rect(-146, -876, 292, 876, "across(#7a4f35,#a06b45,#6b452e)", 4)
        + rect(-110, -820, 220, 330, "#6b452e88", 4)
        + rect(-110, -430, 220, 360, "#6b452e88", 4)
        + circle(112, -430, 17, "#e0b24a")
    )


# What gives light: (how far up from its grip or foot, radius, colour).
SHINING: dict[str, tuple[float, float, str]] = {
    "lantern": (-60, 620, "#ffc46b"),
    "candle": (70, 460, "#ffc46b"),
    "torch": (0, 420, "#fff3c4"),
    "phone": (20, 260, "#9fd8ff"),
    "crystal": (40, 420, "#7fe0ff"),
    "fire": (140, 900, "#ff9a4a"),
}


def seat() -> str:
    """What somebody sits on."""
    legs = line("M-74 -196 L-92 0 M74 -196 L92 0 M-84 -70 L84 -70", "#4f3728", 20)
    return legs + rect(-104, -222, 208, 36, "down(#a8784f,#6f4a32)", 14)


HELD: dict[str, tuple[str, Callable[[], str]]] = {
    "lantern": (r"lanterns?|lamps?|oil lamp", _lantern),
    "candle": (r"candles?|match(es)?", _candle),
    "letter": (r"letters?|envelopes?|postcards?|invitation", _letter),
    "map": (r"maps?|charts?|blueprints?", _map),
    "book": (r"books?|diary|diaries|journals?|notebooks?|logbooks?|novel", _book),
    "paper": (r"papers?|notes?|documents?|pages?|poems?|telegrams?|contracts?|scrolls?|drawings?|newspapers?", _paper),
    "phone": (r"phones?|smartphones?|mobile|telephone|texts|radio|walkie", _phone),
    "cup": (r"cups?|mugs?|coffee|tea|cocoa|soup|drinks?", _cup),
    "sword": (r"swords?|blades?|knife|knives|daggers?", _sword),
    "key": (r"keys?", _key),
    "umbrella": (r"umbrellas?|parasol", _umbrella),
    "flower": (r"flowers?|roses?|tulips?|bouquet|blossoms?|seeds?|seedlings?", _flower),
    "guitar": (r"guitars?|violins?|banjo|lute|ukulele", _guitar),
    "ball": (r"balls?|football|apples?|orange", _ball),
    "camera": (r"cameras?", _camera),
    "torch": (r"torch(es)?|flashlights?", _torch),
    "bag": (r"bags?|suitcases?|briefcases?|backpacks?|luggage|basket", _bag),
    "photo": (r"photos?|photographs?|portraits?|picture", _photo),
    "bottle": (r"bottles?|wine|potions?|medicine", _bottle),
    "wrench": (r"wrench|spanner|hammers?|tools?|screwdriver", _wrench),
    "crystal": (r"crystals?|gems?|jewels?|diamonds?|orb|stones?|amulet", _crystal),
    "box": (r"box(es)?|gifts?|presents?|parcels?|packages?", _heart_box),
}  # fmt: skip
PLACED: dict[str, tuple[str, Callable[[], str]]] = {
    "boat": (r"(sail|fishing |rowing )?boats?|dinghy|ships?|canoe", _boat),
    "car": (r"cars?|taxi|van|truck", _car),
    "dog": (r"dogs?|pupp(y|ies)|hound|wolf|fox", _dog),
    "cat": (r"cats?|kittens?", _cat),
    "bird": (r"birds?|gulls?|seagulls?|doves?|ravens?|owl|pigeon", _bird),
    "telescope": (r"telescopes?", _telescope),
    "tree": (r"trees?|oak|willow", _tree),
    "piano": (r"pianos?|organ", _piano),
    "chest": (r"chests?|trunks?|crates?|treasure", _chest),
    "fire": (r"fires?|campfire|bonfire|flames?|burning", _fire),
    "robot": (r"robots?|androids?|drones?|machine", _robot),
    "bicycle": (r"bicycles?|bikes?", _bicycle),
    "rocket": (r"rockets?|spaceships?|shuttle", _rocket),
    "door": (r"doors?|doorway|gate", _door),
}  # fmt: skip


def draw(name: str) -> str:
    """The thing of that name.

    Raises: KeyError.
    """
    return (HELD.get(name) or PLACED[name])[1]()


def mentioned(words: str, among: dict[str, tuple[str, Callable[[], str]]]) -> list[str]:
    """The things that the words mention, in their order there."""
    found = {name: re.search(rf"\b({pattern})\b", words, re.IGNORECASE) for name, (pattern, _) in among.items()}
    return sorted((name for name, match in found.items() if match), key=lambda name: found[name].start())  # type: ignore[union-attr]
