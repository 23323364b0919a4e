"""The shell of a room: walls, floor, windows, and the light that falls in."""

from agents.animatic.drawing.palette import darker, lighter, mix, see_through
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect

LAMP = "#ffcf8a"


def shell(scene: Scenery, wall: str, floor: str, *, boards: bool = True, panel: bool = False) -> None:
    """Back wall, side walls in perspective, ceiling and floor."""
    wall, floor, panel = _of_its_period(scene, wall, floor, panel=panel)
    near, far = scene.on(wall), scene.on(darker(wall, 0.22))
    scene.add(rect(0, 0, WORLD_WIDTH, FLOOR, f"down({far},{near},{scene.on(darker(wall, 0.1))})"))
    side = scene.on(darker(wall, 0.3))
    bright = scene.on(lighter(wall, 0.05))
    left, right = (bright, side) if not scene.light.comes_from_left else (side, bright)
    scene.add(
        polygon([(-10, -10), (190, 90), (190, FLOOR), (-10, WORLD_HEIGHT)], left),
        polygon([(2010, -10), (1810, 90), (1810, FLOOR), (2010, WORLD_HEIGHT)], right),
    )
    scene.add(polygon([(-10, -10), (2010, -10), (1810, 90), (190, 90)], scene.on(darker(wall, 0.38))))
    _masonry(scene, wall)
    _floor(scene, floor, boards=boards)
    scene.add(rect(190, FLOOR - 20, 1620, 20, scene.on(lighter(wall, 0.2))))
    if panel:
        scene.add(
            rect(190, FLOOR - 290, 1620, 270, scene.on(darker(wall, 0.2))),
            rect(190, FLOOR - 302, 1620, 14, scene.on(lighter(wall, 0.15))),
        )
        scene.add(*(rect(214 + n * 178, FLOOR - 266, 150, 222, scene.on(darker(wall, 0.28)), 4) for n in range(9)))


def _of_its_period(scene: Scenery, wall: str, floor: str, *, panel: bool) -> tuple[str, str, bool]:
    """The colours of wall and floor in the materials of the period, and whether the wall is panelled."""
    match scene.setting.period:
        case "medieval":
            return mix(wall, "#8f8370", 0.65), mix(floor, "#6a5a46", 0.6), False
        case "19th_century":
            return mix(wall, "#7a4f42", 0.35), mix(floor, "#5f3f2c", 0.5), True
        case "future":
            return mix(wall, "#8fa0b8", 0.7), mix(floor, "#4f5a70", 0.7), False
        case _:
            return wall, floor, panel


def _masonry(scene: Scenery, wall: str) -> None:
    """What the period adds to the back wall: stones and beams, a frieze, strips of light."""
    match scene.setting.period:
        case "medieval":
            joint = see_through(scene.on(darker(wall, 0.4)), 0.4)
            for row in range(7):
                y = 96 + row * 104
                scene.add(rect(190, y, 1620, 4, joint), *(rect(190 + n * 180 + (row % 2) * 90, y, 4, 104, joint) for n in range(9)))  # fmt: skip
            scene.add(*(rect(x, 60, 54, 70, scene.on("#4a3424")) for x in range(240, 1800, 300)), rect(190, 84, 1620, 26, scene.on("#5a4230")))  # fmt: skip
        case "19th_century":
            stripe = see_through(scene.on(lighter(wall, 0.3)), 0.22)
            scene.add(*(rect(204 + n * 60, 96, 14, FLOOR - 410, stripe) for n in range(27)))
            scene.add(
                rect(190, 90, 1620, 22, scene.on(lighter(wall, 0.35))), rect(190, 116, 1620, 6, scene.on("#c9a45a"))
            )
        case "future":
            seam = see_through(scene.on(darker(wall, 0.5)), 0.5)
            scene.add(*(rect(190 + n * 270, 90, 5, FLOOR - 90, seam) for n in range(7)))
            scene.add(rect(190, 112, 1620, 12, "#aef4ffcc"), rect(190, FLOOR - 44, 1620, 8, "#5fe0f0aa"))
            scene.glow(1000, 120, 900, "#8fe8ff", 0.22)
        case _:
            pass


def _floor(scene: Scenery, colour: str, *, boards: bool) -> None:
    corners = [(190.0, FLOOR), (1810.0, FLOOR), (2010.0, WORLD_HEIGHT + 10), (-10.0, WORLD_HEIGHT + 10)]
    scene.add(
        polygon(corners, f"down({scene.on(darker(colour, 0.1))},{scene.on(colour)},{scene.on(darker(colour, 0.35))})")
    )
    seam = see_through(scene.on(darker(colour, 0.45)), 0.6)
    for number in range(-12, 13):
        scene.add(line(f"M{1000 + number * 66} {FLOOR} L{1000 + number * 104} {WORLD_HEIGHT}", seam, 2.5))
    if not boards:
        for near in (0.1, 0.26, 0.5, 0.82):
            scene.add(line(f"M0 {FLOOR + 295 * near:.0f} L2000 {FLOOR + 295 * near:.0f}", seam, 2.5))


def view_through(scene: Scenery) -> str:
    """What the sky behind a window looks like."""
    top, middle, low = scene.light.sky
    return f"down({top},{middle},{low})"


def window(
    scene: Scenery,
    x: float,
    y: float,
    wide: float,
    tall: float,
    *,
    frame: str = "#efe6d6",
    bars: int = 1,
    curtains: str = "",
) -> None:
    """A window with what is outside, and the light that it lets in."""
    frame, bars = {"medieval": ("#5a4634", max(bars, 3)), "future": ("#c2ccd8", 0)}.get(
        scene.setting.period, (frame, bars)
    )
    wood = scene.on(frame)
    scene.add(rect(x - 14, y - 14, wide + 28, tall + 28, wood, 3), rect(x, y, wide, tall, view_through(scene)))
    scene.add(
        path(
            f"M{x} {y + tall * 0.78} q{wide * 0.2} {-tall * 0.16} {wide * 0.42} {-tall * 0.03} t{wide * 0.58} {-tall * 0.06} L{x + wide} {y + tall} L{x} {y + tall}Z",
            see_through(scene.light.on("#4a6a62", 0.4), 0.9),
        )
    )
    _outside_weather(scene, x, y, wide, tall)
    for number in range(1, bars + 1):
        scene.add(rect(x + wide * number / (bars + 1) - 4, y, 8, tall, wood))
    if scene.setting.period == "medieval":
        scene.add(*(rect(x, y + tall * share, wide, 6, wood) for share in (0.24, 0.72)))
        scene.add(path(f"M{x - 15} {y - 15} L{x + wide + 15} {y - 15} L{x + wide + 15} {y + wide * 0.3} Q{x + wide * 0.9} {y} {x + wide / 2} {y - 4} Q{x + wide * 0.1} {y} {x - 15} {y + wide * 0.3}Z", wood))  # fmt: skip
    scene.add(
        rect(x, y + tall * 0.46, wide, 0 if scene.setting.period == "future" else 8, wood),
        rect(x - 26, y + tall + 10, wide + 52, 16, scene.on(lighter(frame, 0.2))),
    )
    if curtains:
        _curtains(scene, x, y, wide, tall, scene.on(curtains))
    _window_light(scene, x, y, wide, tall)


def _outside_weather(scene: Scenery, x: float, y: float, wide: float, tall: float) -> None:
    if scene.setting.weather in ("rain", "storm"):
        for _ in range(16):
            px, py = x + scene.chance.uniform(6, wide - 6), y + scene.chance.uniform(6, tall - 50)
            scene.add(line(f"M{px:.0f} {py:.0f} l-5 40", "#dfeaf544", 2.5))
    elif scene.setting.weather == "snow":
        for _ in range(24):
            scene.add(
                circle(x + scene.chance.uniform(4, wide - 4), y + scene.chance.uniform(4, tall - 4), 3.4, "#ffffffcc")
            )
    elif scene.setting.time_of_day == "night":
        scene.add(
            *(
                circle(x + scene.chance.uniform(4, wide - 4), y + scene.chance.uniform(4, tall * 0.6), 1.8, "#ffffffcc")
                for _ in range(12)
            )
        )
        scene.add(circle(x + wide * 0.72, y + tall * 0.24, min(wide, tall) * 0.09, "#f4f4ea"))


def _curtains(scene: Scenery, x: float, y: float, wide: float, tall: float, colour: str) -> None:
    for side in (0, 1):
        edge = x - 40 if side == 0 else x + wide + 40
        inner = x + wide * 0.2 if side == 0 else x + wide * 0.8
        scene.add(
            path(
                f"M{edge} {y - 34} L{inner} {y - 34} Q{inner + (edge - inner) * 0.1} {y + tall * 0.5} {inner + (edge - inner) * 0.55} {y + tall + 60} L{edge} {y + tall + 60}Z",
                f"across({darker(colour, 0.25)},{colour},{darker(colour, 0.2)})",
            )
        )
    scene.add(rect(x - 64, y - 46, wide + 128, 14, darker(colour, 0.5), 7))


def _window_light(scene: Scenery, x: float, y: float, wide: float, tall: float) -> None:
    strength = {"day": 0.4, "dawn": 0.5, "dusk": 0.45, "night": 0.2}[scene.setting.time_of_day]
    strength *= {"clear": 1.0, "snow": 0.8, "cloudy": 0.6}.get(scene.setting.weather, 0.4)
    scene.glow(x + wide / 2, y + tall / 2, max(wide, tall) * 1.5, scene.light.key, strength)
    if strength < 0.15:
        return
    lean = 340 if x < 1000 else -340
    ray = f"down({see_through(scene.light.key, strength * 0.5)},{see_through(scene.light.key, 0)})"
    scene.add(
        polygon(
            [(x, y), (x + wide, y), (x + wide * 1.25 + lean, FLOOR + 200), (x - wide * 0.05 + lean, FLOOR + 200)], ray
        )
    )
    scene.add(
        polygon(
            [
                (x + lean, FLOOR + 60),
                (x + wide + lean, FLOOR + 60),
                (x + wide * 1.2 + lean * 1.2, FLOOR + 190),
                (x - wide * 0.1 + lean * 1.2, FLOOR + 190),
            ],
            see_through(scene.light.key, strength * 0.45),
        )
    )


def lamp_light(scene: Scenery, x: float, y: float, radius: float, strength: float = 0.6) -> None:
    """The light of a lamp; by day it is off."""
    if scene.is_dark:
        scene.glow(x, y, radius, LAMP, strength)


def pendant(scene: Scenery, x: float, y: float, size: float = 1.0, colour: str = "#3a3440") -> None:
    """A lamp that hangs from the ceiling."""
    if scene.setting.period != "today":
        _old_or_new_pendant(scene, x, y, size)
        return
    scene.add(rect(x - 3, -10, 6, y + 10, scene.on("#2a262e")))
    scene.add(
        path(
            f"M{x - 66 * size} {y + 50 * size} Q{x - 56 * size} {y - 14 * size} {x} {y - 18 * size} Q{x + 56 * size} {y - 14 * size} {x + 66 * size} {y + 50 * size}Z",
            scene.on(colour),
        )
    )
    scene.add(ellipse(x, y + 50 * size, 60 * size, 9 * size, "#fff1c9" if scene.is_dark else scene.on("#e6dfd0")))
    lamp_light(scene, x, y + 70 * size, 420 * size, 0.55)
    if scene.is_dark:
        scene.add(
            polygon(
                [
                    (x - 60 * size, y + 50 * size),
                    (x + 60 * size, y + 50 * size),
                    (x + 300 * size, FLOOR + 100),
                    (x - 300 * size, FLOOR + 100),
                ],
                "down(#ffd99a40,#ffd99a00)",
            )
        )


def _old_or_new_pendant(scene: Scenery, x: float, y: float, size: float) -> None:
    """A ring of candles, a lamp of brass and glass, or a disc of light."""
    lit, iron = scene.is_dark, scene.on("#2a262e")
    wide = 90 * size
    match scene.setting.period:
        case "medieval":
            scene.add(line(f"M{x} -10 L{x} {y - 20} L{x - wide} {y + 30 * size} M{x} {y - 20} L{x + wide} {y + 30 * size}", iron, 5))  # fmt: skip
            scene.add(ellipse(x, y + 34 * size, wide, 14 * size, scene.on("#5a4230")))
            for dx in (-0.8, -0.3, 0.3, 0.8):
                scene.add(rect(x + dx * wide - 5, y - 4 * size, 10, 34 * size, scene.on("#efe4c8")), ellipse(x + dx * wide, y - 14 * size, 6 * size, 12 * size, "#ffd27a" if lit else "#00000000"))  # fmt: skip
        case "19th_century":
            scene.add(
                rect(x - 3, -10, 6, y, scene.on("#b98f4a")), ellipse(x, y, 20 * size, 26 * size, scene.on("#b98f4a"))
            )
            for dx in (-0.6, 0.6):
                scene.add(line(f"M{x} {y} Q{x + dx * wide} {y + 40 * size} {x + dx * wide} {y + 8 * size}", scene.on("#b98f4a"), 7), circle(x + dx * wide, y - 14 * size, 26 * size, "#ffe2a8" if lit else scene.on("#e9e2d0")))  # fmt: skip
        case _:
            scene.add(rect(x - 2, -10, 4, y + 10, iron), ellipse(x, y + 20 * size, wide, 16 * size, scene.on("#c2ccd8")), ellipse(x, y + 26 * size, wide * 0.9, 11 * size, "#d9fbff"))  # fmt: skip
            scene.glow(x, y + 40 * size, 300 * size, "#9feaff", 0.4)
    lamp_light(scene, x, y + 40 * size, 420 * size, 0.55)


def table_lamp(scene: Scenery, x: float, base: float, size: float = 1.0) -> None:
    """A lamp with a shade; a candle in older times."""
    if scene.setting.period in ("medieval", "19th_century"):
        scene.add(rect(x - 9 * size, base - 110 * size, 18 * size, 90 * size, scene.on("#efe4c8")), ellipse(x, base - 14 * size, 34 * size, 14 * size, scene.on("#b98f4a")))  # fmt: skip
        scene.add(ellipse(x, base - 126 * size, 9 * size, 18 * size, "#ffd27a" if scene.is_dark else "#00000000"))
        lamp_light(scene, x, base - 120 * size, 340 * size, 0.7)
        return
    shade = "down(#ffe9bd,#ffc677)" if scene.is_dark else scene.on("#e9d9b8")
    scene.add(
        rect(x - 6 * size, base - 90 * size, 12 * size, 90 * size, scene.on("#5a4438")),
        ellipse(x, base, 36 * size, 8 * size, scene.on("#5a4438")),
    )
    scene.add(
        polygon(
            [
                (x - 36 * size, base - 170 * size),
                (x + 36 * size, base - 170 * size),
                (x + 60 * size, base - 84 * size),
                (x - 60 * size, base - 84 * size),
            ],
            shade,
        )
    )
    lamp_light(scene, x, base - 120 * size, 380 * size, 0.7)


def rug(scene: Scenery, x: float, y: float, wide: float, colour: str) -> None:
    """A rug on the floor."""
    scene.add(
        ellipse(x, y, wide, wide * 0.13, scene.on(darker(colour, 0.15))),
        ellipse(x, y, wide * 0.9, wide * 0.11, scene.on(colour)),
        ellipse(x, y, wide * 0.66, wide * 0.075, scene.on(mix(colour, "#f2e4c8", 0.4))),
    )


def picture(scene: Scenery, x: float, y: float, wide: float, tall: float) -> None:
    """A framed landscape."""
    scene.add(
        rect(x - 9, y - 9, wide + 18, tall + 18, scene.on("#6b4a2e"), 2),
        rect(x, y, wide, tall, f"down({scene.on('#9ec4d6')},{scene.on('#e9d2a4')})"),
    )
    scene.add(
        path(
            f"M{x} {y + tall} L{x} {y + tall * 0.7} Q{x + wide * 0.3} {y + tall * 0.4} {x + wide * 0.55} {y + tall * 0.7} T{x + wide} {y + tall * 0.55} L{x + wide} {y + tall}Z",
            scene.on("#5f7f5a"),
        )
    )


def shadow_under(scene: Scenery, x: float, y: float, wide: float) -> None:
    """The soft shadow that ties furniture to the floor."""
    scene.add(ellipse(x, y, wide, 20, "glow(#00000077,#00000033,#00000000)"))
