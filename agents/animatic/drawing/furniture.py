"""What stands in rooms. Every piece takes its left edge or middle and the line it stands on."""

from agents.animatic.drawing.palette import darker, lighter
from agents.animatic.drawing.rooms import lamp_light, shadow_under
from agents.animatic.drawing.scenery import Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect

BOOKS = ("#a8433f", "#2f6a7a", "#c99a3f", "#5a6f4a", "#6b4a7a", "#d8c8a8", "#3f4f6f", "#8f5a3a")


def bookshelf(scene: Scenery, x: float, base: float, wide: float, tall: float, wood: str = "#5f4230") -> None:
    """Shelves full of books."""
    scene.add(
        rect(x, base - tall, wide, tall, scene.on(darker(wood, 0.45))),
        rect(x - 12, base - tall - 14, wide + 24, 16, scene.on(lighter(wood, 0.1))),
    )
    rows = max(2, int(tall / 105))
    for number in range(rows):
        bottom = base - 14 - number * (tall - 14) / rows
        _books(scene, x + 12, bottom, wide - 24, (tall - 14) / rows - 22)
        scene.add(rect(x, bottom, wide, 12, scene.on(wood)))
    scene.add(
        rect(x - 10, base - tall, 14, tall, scene.on(wood)),
        rect(x + wide - 4, base - tall, 14, tall, scene.on(darker(wood, 0.2))),
    )


def _books(scene: Scenery, x: float, bottom: float, wide: float, tall: float) -> None:
    at = x
    while at < x + wide - 16:
        thick = scene.chance.uniform(12, 26)
        high = tall * scene.chance.uniform(0.68, 0.98)
        if scene.chance.random() < 0.1:  # a gap, as on real shelves
            at += 30
            continue
        scene.add(rect(at, bottom - high, min(thick, x + wide - at), high, scene.on(scene.chance.choice(BOOKS))))
        at += thick + 2


def table(scene: Scenery, x: float, base: float, wide: float, tall: float = 170, wood: str = "#8a5f3f") -> None:
    """A table seen from the front, x its middle."""
    shadow_under(scene, x, base, wide * 0.7)
    scene.add(
        *(
            rect(x + dx - 10, base - tall, 20, tall, scene.on(darker(wood, 0.3)), 3)
            for dx in (-wide * 0.42, wide * 0.42)
        )
    )
    scene.add(
        polygon(
            [
                (x - wide * 0.47, base - tall - 24),
                (x + wide * 0.47, base - tall - 24),
                (x + wide * 0.52, base - tall),
                (x - wide * 0.52, base - tall),
            ],
            scene.on(lighter(wood, 0.12)),
        ),
        rect(x - wide * 0.52, base - tall, wide * 1.04, 16, scene.on(wood)),
    )


def chair(scene: Scenery, x: float, base: float, wood: str = "#7a5238", *, flip: bool = False) -> None:
    """A wooden chair."""
    back = x + (50 if flip else -50)
    scene.add(
        line(
            f"M{back} {base} L{back + (8 if flip else -8)} {base - 240} M{x + (-46 if flip else 46)} {base} L{x + (-46 if flip else 46)} {base - 116}",
            scene.on(wood),
            13,
        )
    )
    scene.add(
        rect(x - 56, base - 124, 112, 16, scene.on(lighter(wood, 0.1)), 5),
        rect(min(back, back + 10) - 10, base - 236, 20, 90, scene.on(darker(wood, 0.15)), 5),
    )


def counter(
    scene: Scenery, x: float, base: float, wide: float, colour: str, *, tall: float = 220, top: str = "#e6ddcf"
) -> None:
    """Cupboards with a worktop."""
    shadow_under(scene, x + wide / 2, base, wide * 0.55)
    scene.add(
        rect(x, base - tall, wide, tall, f"down({scene.on(colour)},{scene.on(darker(colour, 0.25))})"),
        rect(x - 12, base - tall - 18, wide + 24, 20, scene.on(top), 3),
    )
    count = max(2, int(wide / 150))
    for number in range(count):
        left = x + 10 + number * (wide - 10) / count
        scene.add(
            rect(left, base - tall + 16, wide / count - 20, tall - 44, scene.on(lighter(colour, 0.08)), 4),
            rect(left + wide / count - 40, base - tall + 60, 7, 34, scene.on("#c9a45a"), 3),
        )


def stove(scene: Scenery, x: float, base: float) -> None:
    """A stove with a pot and a hood; an open hearth in the middle ages."""
    if scene.setting.period == "medieval":
        fireplace(scene, x + 100, base)
        return
    scene.add(
        rect(x, base - 238, 200, 238, f"down({scene.on('#4a4e58')},{scene.on('#2c2e36')})", 6),
        rect(x + 24, base - 150, 152, 110, scene.on("#17181f"), 8),
        rect(x + 34, base - 140, 132, 80, "#ff9a4a66" if scene.is_dark else "#00000000", 6),
    )
    scene.add(*(circle(x + 40 + 40 * n, base - 194, 11, scene.on("#c9cdd3")) for n in range(4)))
    scene.add(
        rect(
            x + 50,
            base - 312,
            104,
            74,
            f"across({scene.on('#8d3f34')},{scene.on('#d0705a')},{scene.on('#7a352c')})",
            10,
        ),
        rect(x + 40, base - 320, 124, 14, scene.on("#a85444"), 6),
    )
    scene.add(
        polygon(
            [(x - 10, base - 540), (x + 210, base - 540), (x + 150, base - 660), (x + 50, base - 660)],
            scene.on("#6f747e"),
        ),
        rect(x + 60, 60, 80, base - 715, scene.on("#5a5f6a")),
    )


def wall_shelf(scene: Scenery, x: float, y: float, wide: float) -> None:
    """A shelf with jars and plates."""
    scene.add(rect(x, y, wide, 13, scene.on("#8a6244")))
    at = x + 14
    while at < x + wide - 44:
        size = scene.chance.uniform(26, 44)
        colour = scene.on(scene.chance.choice(("#d9c6a0", "#7fa3a0", "#c2785a", "#efe9dc", "#8a9a6a")))
        scene.add(
            rect(at, y - size * 1.3, size, size * 1.3, colour, 6),
            rect(at + 3, y - size * 1.3 - 7, size - 6, 9, scene.on("#6b5a4a"), 3),
        )
        at += size + scene.chance.uniform(8, 26)


def hanging_pots(scene: Scenery, x: float, y: float) -> None:
    """Pans on a rail."""
    scene.add(rect(x, y, 330, 8, scene.on("#3a3640")))
    for number, size in enumerate((34, 26, 40, 28)):
        cx = x + 46 + number * 80
        scene.add(
            rect(cx - 4, y, 8, 66, scene.on("#4a4650")),
            circle(cx, y + 66 + size, size, f"glow({scene.on('#e0935a')},{scene.on('#a85f38')})"),
        )


def sofa(scene: Scenery, x: float, base: float, wide: float, colour: str) -> None:
    """A sofa, x its middle."""
    shadow_under(scene, x, base, wide * 0.62)
    cloth, dark = scene.on(colour), scene.on(darker(colour, 0.28))
    scene.add(
        rect(x - wide / 2, base - 250, wide, 200, f"down({scene.on(lighter(colour, 0.12))},{dark})", 34),
        rect(x - wide / 2 + 20, base - 130, wide - 40, 84, f"down({cloth},{dark})", 22),
    )
    scene.add(
        rect(x - wide / 2 - 34, base - 180, 78, 160, f"down({cloth},{dark})", 32),
        rect(x + wide / 2 - 44, base - 180, 78, 160, f"down({cloth},{dark})", 32),
    )
    scene.add(
        line(f"M{x} {base - 128} L{x} {base - 50}", scene.on(darker(colour, 0.4)), 4),
        rect(x - wide * 0.36, base - 214, 96, 84, scene.on("#d9a441"), 16),
        rect(x + wide * 0.2, base - 210, 90, 80, scene.on("#c9d2d0"), 16),
    )


def bed(scene: Scenery, x: float, base: float, colour: str) -> None:
    """A bed from the side, x its head end."""
    shadow_under(scene, x + 300, base, 420)
    scene.add(
        rect(x - 20, base - 330, 34, 330, scene.on("#6b4a34"), 8),
        rect(x + 640, base - 210, 28, 210, scene.on("#6b4a34"), 8),
        rect(x, base - 130, 650, 90, scene.on("#5a3f2e"), 6),
    )
    scene.add(
        path(
            f"M{x + 10} {base - 120} L{x + 10} {base - 180} Q{x + 320} {base - 220} {x + 644} {base - 176} L{x + 644} {base - 110}Z",
            scene.on("#ece6da"),
        )
    )
    scene.add(
        path(
            f"M{x + 210} {base - 196} Q{x + 430} {base - 250} {x + 650} {base - 186} L{x + 656} {base - 60} L{x + 200} {base - 70}Z",
            f"down({scene.on(lighter(colour, 0.1))},{scene.on(darker(colour, 0.3))})",
        ),
        rect(x + 22, base - 236, 160, 66, scene.on("#f8f4ea"), 28),
    )


def fireplace(scene: Scenery, x: float, base: float) -> None:
    """A fireplace; it burns when it is dark or cold."""
    burns = scene.is_dark or scene.setting.weather == "snow"
    scene.add(
        rect(x - 190, base - 380, 380, 380, f"down({scene.on('#8f7f78')},{scene.on('#5a4f50')})", 6),
        rect(x - 220, base - 410, 440, 40, scene.on("#6b4a34"), 4),
        path(
            f"M{x - 120} {base} L{x - 120} {base - 190} Q{x} {base - 290} {x + 120} {base - 190} L{x + 120} {base}Z",
            "#140f14",
        ),
    )
    scene.add(
        line(f"M{x - 80} {base - 14} L{x + 70} {base - 34} M{x - 70} {base - 34} L{x + 80} {base - 14}", "#4a2f22", 22)
    )
    if burns:
        scene.add(
            path(
                f"M{x} {base - 180} Q{x + 70} {base - 90} {x + 64} {base - 30} L{x - 64} {base - 30} Q{x - 70} {base - 80} {x - 30} {base - 120} Q{x - 20} {base - 90} {x - 6} {base - 90} Q{x - 20} {base - 140} {x} {base - 180}Z",
                "down(#ffe08a,#ff7a2e)",
            )
        )
        scene.glow(x, base - 90, 560, "#ff9a4a", 0.75)


def desk(scene: Scenery, x: float, base: float, wide: float, *, screen: bool = True) -> None:
    """A desk with a monitor, x its middle."""
    shadow_under(scene, x, base, wide * 0.6)
    scene.add(
        rect(x - wide / 2, base - 190, wide, 18, scene.on("#a07a58"), 3),
        rect(x - wide / 2 + 12, base - 172, 150, 172, scene.on("#7a5a42")),
        rect(x + wide / 2 - 30, base - 172, 18, 172, scene.on("#6b4e3a")),
    )
    scene.add(*(rect(x - wide / 2 + 62, base - 150 + 54 * n, 50, 8, scene.on("#d9c9a8"), 4) for n in range(3)))
    if screen and scene.setting.period in ("medieval", "19th_century"):
        _papers(scene, x, base - 190)
    elif screen:
        scene.add(
            rect(x - 10, base - 230, 20, 42, scene.on("#2a2c34")),
            rect(x - 110, base - 370, 220, 144, scene.on("#22242c"), 8),
            rect(x - 100, base - 360, 200, 124, "down(#a8e0f5,#3f86b0)", 3),
        )
        scene.add(*(rect(x - 84, base - 344 + 20 * n, 60 + 26 * (n % 3), 8, "#ffffffaa") for n in range(5)))
        scene.glow(x, base - 300, 240, "#8fd0f0", 0.35)


def _papers(scene: Scenery, x: float, top: float) -> None:
    """What lay on desks before screens: papers, an inkwell with a quill, a candle."""
    scene.add(
        polygon([(x - 110, top), (x - 20, top), (x - 34, top - 12), (x - 96, top - 12)], scene.on("#f1e8cf")),
        *(rect(x - 10 + 4 * n, top - 16 * (n + 1), 96 - 8 * n, 14, scene.on(BOOKS[n]), 3) for n in range(3)),
        rect(x + 110, top - 30, 34, 30, scene.on("#2a2c3a"), 6),
        path(f"M{x + 124} {top - 26} Q{x + 170} {top - 90} {x + 190} {top - 130} Q{x + 140} {top - 100} {x + 124} {top - 26}Z", scene.on("#f4efe2")),
    )  # fmt: skip
    lamp_light(scene, x, top - 60, 260, 0.5)


def plant(scene: Scenery, x: float, base: float, size: float = 1.0) -> None:
    """A plant in a pot."""
    for dx, dy in ((-70, -190), (-30, -250), (20, -262), (66, -200), (84, -130), (-88, -124)):
        scene.add(
            path(
                f"M{x} {base - 70 * size} Q{x + dx * 0.2 * size} {base + dy * size} {x + dx * size} {base + dy * size} Q{x + dx * 0.9 * size} {base + (dy * 0.5) * size} {x} {base - 70 * size}Z",
                scene.on("#3f7a52" if dx < 0 else "#2f6244"),
            )
        )
    scene.add(
        polygon(
            [
                (x - 46 * size, base - 84 * size),
                (x + 46 * size, base - 84 * size),
                (x + 34 * size, base),
                (x - 34 * size, base),
            ],
            f"across({scene.on('#c2714a')},{scene.on('#8a4a32')})",
        )
    )


def door(scene: Scenery, x: float, base: float, colour: str = "#7a5a44", *, tall: float = 520) -> None:
    """A door in the back wall."""
    scene.add(
        rect(x - 14, base - tall - 14, 268, tall + 14, scene.on(lighter(colour, 0.25))),
        rect(x, base - tall, 240, tall, f"across({scene.on(darker(colour, 0.15))},{scene.on(colour)})"),
    )
    scene.add(
        *(
            rect(x + dx, base - tall + dy, 84, high, scene.on(darker(colour, 0.22)), 4)
            for dx in (26, 130)
            for dy, high in ((30, 190), (260, 220))
        ),
        circle(x + 216, base - tall * 0.48, 11, scene.on("#d9b25a")),
    )


def bench_with(scene: Scenery, x: float, base: float, wide: float, *, flasks: bool) -> None:
    """A work bench: glass in a laboratory, tools in a workshop."""
    top = "#d5dde2" if flasks else "#9a6f48"
    counter(scene, x, base, wide, "#8fa3ad" if flasks else "#6f4f38", tall=200, top=top)
    for number in range(int(wide / 110)):
        at = x + 50 + number * 108
        if flasks:
            _flask(scene, at, base - 218, number)
        else:
            _tool(scene, at, base - 218, number)


def _flask(scene: Scenery, x: float, base: float, number: int) -> None:
    liquid = ("#5fe0c0", "#ff8a6a", "#8a9aff", "#ffd166")[number % 4]
    scene.add(
        path(
            f"M{x - 11} {base - 96} L{x + 11} {base - 96} L{x + 11} {base - 58} L{x + 40} {base} L{x - 40} {base} L{x - 11} {base - 58}Z",
            "#eaf6fa66",
        ),
        path(f"M{x - 24} {base - 32} L{x + 24} {base - 32} L{x + 40} {base} L{x - 40} {base}Z", liquid),
    )
    scene.glow(x, base - 20, 90, liquid, 0.3)


def _tool(scene: Scenery, x: float, base: float, number: int) -> None:
    match number % 3:
        case 0:
            scene.add(
                rect(x - 44, base - 54, 88, 54, scene.on("#b8433f"), 6),
                line(f"M{x - 26} {base - 54} Q{x} {base - 90} {x + 26} {base - 54}", scene.on("#3a3640"), 7),
            )
        case 1:
            scene.add(
                rect(x - 30, base - 14, 60, 14, scene.on("#8d99a8")),
                rect(x - 12, base - 46, 24, 34, scene.on("#6f7c8c")),
                rect(x - 46, base - 62, 92, 18, scene.on("#a9b5c2"), 4),
            )
        case _:
            scene.add(
                *(rect(x - 34 + 22 * n, base - 40 - 12 * n, 16, 40 + 12 * n, scene.on(BOOKS[n]), 3) for n in range(3))
            )


def pegboard(scene: Scenery, x: float, y: float, wide: float) -> None:
    """Tools on the wall."""
    scene.add(rect(x, y, wide, 210, scene.on("#a88a62"), 4))
    steel, wood = scene.on("#c3ccd6"), scene.on("#7a4a2e")
    for number in range(int(wide / 72)):
        at = x + 40 + number * 70
        head = (
            rect(at - 24, y + 36, 48, 24, steel, 3)
            if number % 2
            else circle(at, y + 48, 22, steel) + circle(at, y + 48, 11, scene.on("#a88a62"))
        )
        scene.add(rect(at - 6, y + 50, 12, 120, wood if number % 2 else steel, 5), head)


def console(scene: Scenery, x: float, base: float, wide: float) -> None:
    """A control panel with lights, x its middle."""
    scene.add(
        polygon(
            [
                (x - wide * 0.5, base),
                (x - wide * 0.42, base - 170),
                (x + wide * 0.42, base - 170),
                (x + wide * 0.5, base),
            ],
            f"down({scene.on('#5a6478')},{scene.on('#252b3a')})",
        )
    )
    scene.add(
        polygon(
            [
                (x - wide * 0.42, base - 170),
                (x - wide * 0.36, base - 250),
                (x + wide * 0.36, base - 250),
                (x + wide * 0.42, base - 170),
            ],
            scene.on("#3a4356"),
        )
    )
    for number in range(int(wide / 60)):
        at = x - wide * 0.36 + 30 + number * 48
        scene.add(
            rect(at, base - 232, 36, 44, "#4fd8e8aa" if number % 3 else "#ffb35caa", 4),
            circle(at + 18, base - 130, 8, ("#ff6b5e", "#7ff39a", "#ffd166")[number % 3]),
        )
    scene.glow(x, base - 210, wide * 0.6, "#5fd8f0", 0.35)


def pew(scene: Scenery, x: float, base: float, wide: float) -> None:
    """A church bench from behind."""
    scene.add(
        rect(x, base - 120, wide, 120, f"down({scene.on('#6f4a32')},{scene.on('#3a2720')})", 4),
        rect(x - 8, base - 132, wide + 16, 16, scene.on("#8f6444"), 5),
    )


def stool(scene: Scenery, x: float, base: float) -> None:
    """A bar stool."""
    scene.add(
        line(
            f"M{x - 34} {base} L{x - 16} {base - 160} M{x + 34} {base} L{x + 16} {base - 160} M{x - 26} {base - 60} L{x + 26} {base - 60}",
            scene.on("#2f2a30"),
            9,
        ),
        ellipse(x, base - 166, 48, 15, scene.on("#b0483f")),
    )


def bottles(scene: Scenery, x: float, base: float, wide: float) -> None:
    """A row of bottles, lit from behind."""
    scene.add(rect(x, base, wide, 12, scene.on("#6b4a34")))
    at = x + 14
    while at < x + wide - 26:
        colour, tall = (
            scene.on(scene.chance.choice(("#3f8a6a", "#c98a3f", "#7a3f5a", "#d9e0e4", "#4a6fa0"))),
            scene.chance.uniform(60, 92),
        )
        scene.add(
            rect(at, base - tall * 0.62, 24, tall * 0.62, colour, 5), rect(at + 8, base - tall, 8, tall * 0.5, colour)
        )
        at += scene.chance.uniform(32, 52)
    lamp_light(scene, x + wide / 2, base - 30, wide * 0.5, 0.25)
