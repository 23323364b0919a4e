"""Rooms, painted from the back wall to the front."""

from collections.abc import Callable

from agents.animatic.drawing import furniture as f
from agents.animatic.drawing import halls
from agents.animatic.drawing.palette import darker, lighter, see_through
from agents.animatic.drawing.rooms import (
    pendant,
    picture,
    rug,
    shadow_under,
    shell,
    table_lamp,
    view_through,
    window,
)
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect

WALLS = ("#b9a78c", "#7f9a94", "#a8846c", "#8a93a8", "#b08f8f", "#9aa07e")


def _wall(scene: Scenery) -> str:
    return scene.chance.choice(WALLS)


def kitchen(scene: Scenery) -> None:
    """Counter, stove, shelves, a table."""
    shell(scene, scene.chance.choice(("#c2b08c", "#8fa89a", "#b9a3a0", "#9fb0b4")), "#9a7454", boards=False)
    scene.add(
        *(rect(190 + n * 60, FLOOR - 330, 56, 106, scene.on("#e6ddcb" if n % 2 else "#d6cab4")) for n in range(27))
    )
    window(scene, 830, 210, 330, 300, curtains="#c9584a")
    f.hanging_pots(scene, 1240, 190)
    f.wall_shelf(scene, 330, 300, 380)
    f.wall_shelf(scene, 330, 420, 380)
    colour = scene.chance.choice(("#4f7a78", "#7a8f6a", "#a8684a", "#4a6488"))
    f.counter(scene, 300, FLOOR + 10, 980, colour)
    f.stove(scene, 1300, FLOOR + 10)
    f.counter(scene, 1520, FLOOR + 10, 260, colour)
    scene.add(
        rect(1010, FLOOR - 262, 150, 54, scene.on("#cdd4d8"), 8),
        line(
            f"M1085 {FLOOR - 262} L1085 {FLOOR - 320} Q1085 {FLOOR - 344} 1114 {FLOOR - 338} L1120 {FLOOR - 316}",
            scene.on("#aab4bc"),
            11,
        ),
    )
    pendant(scene, 700, 200, 0.9, "#a8433f")
    f.table(scene, 640, FLOOR + 150, 520)
    f.chair(scene, 320, FLOOR + 150)
    f.chair(scene, 960, FLOOR + 150, flip=True)


def living(scene: Scenery) -> None:
    """Sofa, fire, books."""
    shell(scene, _wall(scene), "#8a6244", panel=scene.chance.random() < 0.5)
    window(scene, 800, 200, 420, 360, curtains=scene.chance.choice(("#7a4a4a", "#4a6a6a", "#6a5a80")), bars=2)
    f.bookshelf(scene, 260, FLOOR, 330, 560)
    f.fireplace(scene, 1530, FLOOR + 6)
    picture(scene, 1440, 200, 180, 130)
    rug(scene, 1000, FLOOR + 130, 620, scene.chance.choice(("#a8484a", "#3f6a80", "#6f7a4a")))
    f.sofa(scene, 980, FLOOR + 50, 560, scene.chance.choice(("#5a7a70", "#8a5f50", "#5f6a8a")))
    scene.add(rect(616, FLOOR - 130, 84, 140, scene.on("#6b4a34"), 4))
    table_lamp(scene, 658, FLOOR - 130, 1.1)
    f.plant(scene, 1270, FLOOR + 16, 1.1)


def bedroom(scene: Scenery) -> None:
    """A bed under a window."""
    shell(scene, _wall(scene), "#8f6f54")
    window(scene, 900, 190, 360, 340, curtains=scene.chance.choice(("#c9b48a", "#8a9ab8", "#b08a94")))
    f.bed(scene, 560, FLOOR + 70, scene.chance.choice(("#4f6f94", "#9a5a54", "#6a8a6a")))
    scene.add(
        rect(420, FLOOR - 110, 120, 130, scene.on("#6b4a34"), 5), rect(440, FLOOR - 80, 80, 34, scene.on("#8a6448"), 3)
    )
    table_lamp(scene, 480, FLOOR - 110, 1.0)
    picture(scene, 560, 230, 200, 150)
    f.bookshelf(scene, 1420, FLOOR, 260, 420)
    rug(scene, 900, FLOOR + 150, 480, "#7a8aa0")


def office(scene: Scenery) -> None:
    """Desks, screens, blinds."""
    shell(scene, "#a7b0b8", "#7a7f88", boards=False)
    window(scene, 380, 170, 900, 390, frame="#5a626c", bars=4)
    scene.add(*(rect(380, 170 + 26 * n, 900, 7, see_through(scene.on("#e9e6de"), 0.75)) for n in range(9)))
    f.bookshelf(scene, 1440, FLOOR, 320, 520, "#6a6f7a")
    f.plant(scene, 1370, FLOOR + 10, 1.2)
    pendant(scene, 620, 120, 0.8)
    pendant(scene, 1120, 120, 0.8)
    f.desk(scene, 620, FLOOR + 60, 520)
    f.desk(scene, 1180, FLOOR + 100, 500)


def lab(scene: Scenery) -> None:
    """Glass and screens."""
    shell(scene, "#8aa0a8", "#9aa8ae", boards=False)
    for number in range(3):
        x = 330 + number * 470
        scene.add(
            rect(x, 190, 380, 240, scene.on("#252f3a"), 10), rect(x + 14, 204, 352, 212, "down(#0f2a38,#12485a)", 6)
        )
        curve = " ".join(f"L{x + 30 + 32 * n} {310 + scene.chance.uniform(-70, 70):.0f}" for n in range(1, 10))
        scene.add(line(f"M{x + 30} 310 {curve}", ("#5fe0c0", "#ffb35c", "#8a9aff")[number], 5))
        scene.glow(x + 190, 310, 330, "#4fc8d8", 0.35)
    f.bench_with(scene, 260, FLOOR + 20, 1480, flasks=True)


def workshop(scene: Scenery) -> None:
    """A bench with tools."""
    shell(scene, "#8f7458", "#7a6450")
    scene.add(
        *(rect(190, 90 + 92 * n, 1620, 5, scene.on("#5f4a38")) for n in range(8)),
        *(rect(-10, 60 + 0 * n, 2020, 46, scene.on("#4a3628")) for n in range(1)),
    )
    window(scene, 1150, 200, 340, 280, frame="#6b5240", bars=2)
    f.pegboard(scene, 380, 270, 640)
    f.bench_with(scene, 330, FLOOR + 20, 1050, flasks=False)
    scene.add(
        rect(
            1480,
            FLOOR - 210,
            200,
            220,
            f"across({scene.on('#5a3f2c')},{scene.on('#9a6f48')},{scene.on('#4a3426')})",
            30,
        ),
        *(rect(1476, FLOOR - 210 + dy, 208, 16, scene.on("#3a3640")) for dy in (30, 160)),
    )
    pendant(scene, 760, 160, 1.0, "#4a5a50")


def corridor(scene: Scenery) -> None:
    """A passage that runs away from us."""
    wall, ambient = _wall(scene), scene.on
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, ambient(darker(wall, 0.3))))
    scene.add(
        polygon(
            [(0, -200), (740, 330), (740, 820), (0, 1300)],
            f"across({ambient(darker(wall, 0.1))},{ambient(darker(wall, 0.45))})",
        ),
        polygon(
            [(2000, -200), (1260, 330), (1260, 820), (2000, 1300)],
            f"across({ambient(darker(wall, 0.5))},{ambient(darker(wall, 0.2))})",
        ),
    )
    scene.add(
        polygon([(0, -200), (2000, -200), (1260, 330), (740, 330)], ambient(darker(wall, 0.55))),
        polygon([(0, 1300), (740, 820), (1260, 820), (2000, 1300)], f"down({ambient('#4a4a52')},{ambient('#8a8078')})"),
    )
    scene.add(
        rect(740, 330, 520, 490, ambient(lighter(wall, 0.1))),
        rect(880, 440, 240, 380, ambient("#5a4436")),
        rect(900, 460, 200, 360, ambient("#7a5c46")),
        circle(1080, 660, 9, ambient("#d9b25a")),
    )
    for side in (-1, 1):
        for near, far in ((0.12, 0.36), (0.52, 0.7), (0.8, 0.9)):
            one, two = [1000 + side * (1000 - 740 * t) for t in (near, far)]
            tops, feet = [180 + 290 * t for t in (near, far)], [1300 - 480 * t for t in (near, far)]
            scene.add(
                polygon([(one, tops[0]), (two, tops[1]), (two, feet[1]), (one, feet[0])], ambient("#5a4a42")),
                polygon(
                    [
                        (one - side * 12, tops[0] + 22),
                        (two + side * 6, tops[1] + 10),
                        (two + side * 6, feet[1]),
                        (one - side * 12, feet[0]),
                    ],
                    ambient("#74604f"),
                ),
            )
    for t in (0.25, 0.6, 0.88):
        y, wide = -200 + 530 * t + 12, 150 * (1 - t) + 34
        scene.add(ellipse(1000, y, wide, wide * 0.2, "#fff2cf"))
        scene.glow(1000, y + 30, wide * 4.5, "#ffe0a8", 0.45 if scene.is_dark else 0.25)


def cafe(scene: Scenery) -> None:
    """A bar with lamps and stools."""
    shell(scene, scene.chance.choice(("#6f5248", "#4f6462", "#7a6a58")), "#7a5840", panel=True)
    for row in range(3):
        f.bottles(scene, 620, 300 + row * 105, 620)
    window(scene, 1390, 200, 330, 330, frame="#5a4436", bars=1)
    scene.add(
        rect(280, 210, 240, 280, scene.on("#20262a"), 6),
        *(line(f"M310 {256 + 40 * n} L{480 - 34 * (n % 3)} {256 + 40 * n}", "#e9e4d4aa", 5) for n in range(6)),
    )
    f.counter(scene, 520, FLOOR + 40, 860, "#5a3f30", tall=270, top="#b98a5a")
    for x in (640, 850, 1060, 1270):
        f.stool(scene, x, FLOOR + 90)
    for x in (640, 950, 1260):
        pendant(scene, x, 220, 0.72, "#c28a3f")
    f.table(scene, 1590, FLOOR + 160, 300, 180)
    f.chair(scene, 1410, FLOOR + 160)


def church(scene: Scenery) -> None:
    """A nave with coloured windows."""
    shell(scene, "#8d8894", "#77707a", boards=False)
    for x in (330, 1490):
        _arch_window(scene, x, 150, 190, 470)
    _arch_window(scene, 870, 90, 260, 540)
    for x in (250, 600, 1320, 1670):
        scene.add(
            rect(x, -10, 76, FLOOR + 30, f"across({scene.on('#6a6674')},{scene.on('#b5b0ba')},{scene.on('#5a5666')})"),
            rect(x - 16, FLOOR, 108, 36, scene.on("#8a8592")),
        )
    scene.add(
        rect(800, FLOOR - 140, 400, 160, scene.on("#c9bda8"), 3),
        rect(780, FLOOR - 152, 440, 20, scene.on("#efe8da")),
        rect(990, FLOOR - 290, 20, 140, scene.on("#d9b25a")),
        rect(950, FLOOR - 254, 100, 20, scene.on("#d9b25a")),
    )
    for x in (850, 1150):
        scene.add(rect(x - 7, FLOOR - 210, 14, 58, "#f5ecd8"), ellipse(x, FLOOR - 222, 7, 14, "#ffcf6a"))
        scene.glow(x, FLOOR - 220, 180, "#ffcf85", 0.6)
    scene.add(
        polygon([(900, FLOOR + 20), (1100, FLOOR + 20), (1260, WORLD_HEIGHT), (740, WORLD_HEIGHT)], scene.on("#9a3f46"))
    )
    for y, wide in ((FLOOR + 110, 420), (FLOOR + 220, 520)):
        f.pew(scene, 830 - wide, y, wide - 60)
        f.pew(scene, 1230, y, wide - 60)


def _arch_window(scene: Scenery, x: float, y: float, wide: float, tall: float) -> None:
    arch = f"M{x} {y + tall} L{x} {y + wide * 0.6} Q{x + wide * 0.06} {y + wide * 0.2} {x + wide / 2} {y} Q{x + wide * 0.94} {y + wide * 0.2} {x + wide} {y + wide * 0.6} L{x + wide} {y + tall}Z"
    scene.add(path(arch, view_through(scene)))
    for row in range(5):
        for column in range(3):
            colour = scene.chance.choice(("#d0453f", "#3f7fd0", "#e0a83f", "#4fa86a", "#8a5fc0"))
            scene.add(
                rect(
                    x + 10 + column * (wide - 14) / 3,
                    y + wide * 0.55 + row * (tall - wide * 0.6) / 5,
                    (wide - 44) / 3,
                    (tall - wide * 0.6) / 5 - 9,
                    see_through(colour, 0.72),
                    4,
                )
            )
    scene.add(circle(x + wide / 2, y + wide * 0.34, wide * 0.16, "#e0a83fbb"), line(arch, scene.on("#4a4652"), 12))
    scene.glow(x + wide / 2, y + tall / 2, tall * 0.9, "#ffd9a8", 0.35)


def train(scene: Scenery) -> None:
    """A compartment with the country rushing by."""
    shell(scene, scene.chance.choice(("#7a5444", "#4f6468", "#6a5a48")), "#5a4a44")
    for number in range(3):
        x = 290 + number * 500
        window(scene, x, 220, 420, 330, frame="#b98f5a", bars=0)
        scene.add(
            *(
                rect(
                    x + scene.chance.uniform(0, 200),
                    440 + 18 * n,
                    scene.chance.uniform(120, 220),
                    6,
                    see_through(scene.light.haze, 0.5),
                )
                for n in range(5)
            )
        )
    scene.add(
        rect(190, 130, 1620, 40, scene.on("#5a4436")),
        *(
            rect(x, 84, w, 56, scene.on(c), 10)
            for x, w, c in ((360, 170, "#8a5a38"), (580, 120, "#4a5a6a"), (1180, 190, "#a8433f"))
        ),
    )
    for x in (420, 1000, 1580):
        shadow_under(scene, x, FLOOR + 60, 260)
        scene.add(
            rect(x - 170, FLOOR - 300, 340, 260, f"down({scene.on('#a8443f')},{scene.on('#6b2a2e')})", 40),
            rect(x - 180, FLOOR - 80, 360, 110, f"down({scene.on('#b8524a')},{scene.on('#5a2428')})", 26),
            line(f"M{x} {FLOOR - 290} L{x} {FLOOR + 20}", scene.on("#5a2428"), 5),
        )
    pendant(scene, 1000, 110, 0.6, "#d9b25a")


def spaceship(scene: Scenery) -> None:
    """A bridge before the stars."""
    shell(scene, "#56617a", "#4a5266", boards=False)
    view = "M420 560 L520 180 Q1000 110 1480 180 L1580 560 Q1000 640 420 560Z"
    scene.add(path(view, "down(#04060f,#141a44,#3a2460)"))
    for _ in range(90):
        x, y = scene.chance.uniform(520, 1480), scene.chance.uniform(190, 560)
        scene.add(circle(x, y, scene.chance.choice((1.2, 1.8, 2.8)), "#ffffffcc"))
    planet = 1260 if scene.light.comes_from_left else 760
    scene.add(
        circle(planet, 350, 130, "across(#8fd0e8,#3f78b0,#122048)"),
        ellipse(planet, 350, 220, 26, "#bfe0f044"),
        line(view, scene.on("#8a97b4"), 22),
    )
    scene.glow(planet, 350, 420, "#7fb8ff", 0.45)
    scene.add(
        *(
            rect(x, -10, 44, FLOOR + 20, f"across({scene.on('#3a4356')},{scene.on('#8a97b0')},{scene.on('#2c3446')})")
            for x in (300, 1656)
        ),
        rect(190, 640, 1620, 10, "#5fe0f0aa"),
    )
    for x in (520, 1000, 1480):
        f.console(scene, x, FLOOR + 50, 400)
    scene.add(
        *(
            line(f"M{1000 + side * 260} {FLOOR + 60} L{1000 + side * 480} {WORLD_HEIGHT}", "#5fe0f088", 7)
            for side in (-1, 1)
        )
    )


def library(scene: Scenery) -> None:
    """Walls of books."""
    shell(scene, "#6f5a48", "#6f4a34")
    for x in (230, 560, 1180, 1510):
        f.bookshelf(scene, x, FLOOR, 290, 700)
    window(scene, 900, 130, 230, 520, frame="#7a5a3f", bars=1)
    scene.add(
        line(f"M1420 {FLOOR} L1330 130 M1480 {FLOOR} L1390 130", scene.on("#b98a54"), 11),
        *(
            line(
                f"M{1414 - 13 * n} {FLOOR - 60 - 90 * n} L{1472 - 13 * n} {FLOOR - 60 - 90 * n}", scene.on("#b98a54"), 9
            )
            for n in range(7)
        ),
    )
    rug(scene, 1000, FLOOR + 150, 640, "#7a3f44")
    f.table(scene, 820, FLOOR + 110, 500)
    table_lamp(scene, 700, FLOOR - 80, 0.9)
    scene.add(
        *(rect(880 + 6 * n, FLOOR - 84 - 22 * (n + 1), 120 - 12 * n, 20, scene.on(f.BOOKS[n]), 3) for n in range(3))
    )


def lighthouse(scene: Scenery) -> None:
    """The lantern room: glass all around, the great lens in the middle."""
    shell(scene, "#6a6f78", "#5a5a62", boards=False)
    for number in range(5):
        window(scene, 250 + number * 310, 120, 260, 460, frame="#39404c", bars=1)
    scene.add(
        rect(900, FLOOR - 150, 200, 190, f"across({scene.on('#4a4e58')},{scene.on('#a0a6b0')},{scene.on('#3a3e48')})"),
        ellipse(1000, FLOOR + 40, 130, 22, scene.on("#2c3038")),
    )
    scene.add(
        ellipse(1000, FLOOR - 330, 150, 200, "glow(#fffbe6,#ffe0a0,#c9a45acc)"),
        *(ellipse(1000, FLOOR - 330, 150 - abs(n) * 10, 26 + (6 - abs(n)) * 22, "#ffffff22") for n in range(-5, 6, 2)),
    )
    scene.add(
        *(
            line(f"M{1000 - 140} {FLOOR - 330 + dy} Q1000 {FLOOR - 318 + dy} {1140} {FLOOR - 330 + dy}", "#8a6a3f88", 5)
            for dy in (-120, -70, -20, 30, 80, 130)
        )
    )
    scene.add(
        rect(870, FLOOR - 160, 260, 24, scene.on("#b98f4a"), 6),
        path(
            f"M880 {FLOOR - 520} Q1000 {FLOOR - 590} 1120 {FLOOR - 520} L1110 {FLOOR - 500} L890 {FLOOR - 500}Z",
            scene.on("#b98f4a"),
        ),
    )
    scene.glow(1000, FLOOR - 330, 620, "#ffe2a0", 0.8 if scene.is_dark else 0.3)


def cave(scene: Scenery) -> None:
    """Rock all around, light from the mouth."""
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, f"down({scene.on('#2c2a38')},{scene.on('#4a4450')})"))
    scene.add(path("M720 820 Q690 420 860 320 Q1000 250 1160 330 Q1310 440 1290 820Z", view_through(scene)))
    scene.glow(1000, 560, 620, scene.light.key, 0.55)
    for step, colour in enumerate(("#5a5260", "#453f4e", "#302b3a")):
        spread = 260 + step * 250
        scene.add(
            f'<path fill-rule="evenodd" fill="{scene.on(colour)}" d="M-10 -10 L2010 -10 L2010 1140 L-10 1140Z M{1000 - spread} 900 Q{960 - spread} {520 - step * 60} {1000 - spread * 0.5} {330 - step * 110} L{1000 - spread * 0.3} {400 - step * 100} L{1000 - spread * 0.12} {280 - step * 90} L{1000 + spread * 0.2} {370 - step * 110} L{1000 + spread * 0.46} {300 - step * 90} Q{1040 + spread} {560 - step * 70} {1000 + spread} 900 Q1000 {940 + step * 30} {1000 - spread} 900Z"/>'
        )
    scene.add(
        path(
            f"M-10 930 Q500 850 1000 880 T2010 930 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z",
            f"down({scene.on('#6a6068')},{scene.on('#2a2630')})",
        )
    )
    for x in (330, 1640):
        scene.add(
            polygon([(x - 40, 940), (x, 760), (x + 20, 820), (x + 46, 700), (x + 80, 950)], "down(#a8f0ff,#3f7fb0)")
        )
        scene.glow(x + 20, 840, 300, "#6fd8ff", 0.5)


ROOMS: dict[str, Callable[[Scenery], None]] = {
    "classroom": halls.classroom,
    "hospital": halls.hospital,
    "stage": halls.stage,
    "kitchen": kitchen, "living": living, "bedroom": bedroom, "office": office, "lab": lab, "workshop": workshop,
    "corridor": corridor, "cafe": cafe, "church": church, "train": train, "spaceship": spaceship,
    "library": library, "lighthouse": lighthouse, "cave": cave,
}  # fmt: skip
