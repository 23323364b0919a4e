"""What people build outdoors."""

from itertools import pairwise

from agents.animatic.drawing.palette import darker, lighter, mix, see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import circle, ellipse, group, line, path, polygon, rect

LIT = "#ffd27a"
WALLS = ("#8f6a5c", "#a98f74", "#7c8691", "#b07a5a", "#6f7f86", "#9a8a9a", "#c2a37c")


def pane(scene: Scenery, depth: float = 0.0) -> str:
    """The colour of a window pane: lit by chance after dark, a mirror of the sky by day."""
    if scene.is_dark and scene.chance.random() < 0.5:
        return mix(scene.chance.choice((LIT, "#ffbe5c", "#ffe6b0")), scene.light.haze, depth * 0.7)
    return scene.on(mix("#2f4258", scene.light.sky[1], 0.3), depth)


def skyline(scene: Scenery, base: float, height: float, depth: float, *, step: int = 120) -> None:
    """Far buildings, side by side: roofs in older times, towers with lights later on."""
    if scene.setting.period in ("medieval", "19th_century"):
        _roofs(scene, base, height * 0.6, depth, step)
        return
    height *= 1.7 if scene.setting.period == "future" else 1.0
    x = -60.0
    while x < WORLD_WIDTH + 40:
        wide, tall = step * scene.chance.uniform(0.6, 1.2), height * scene.chance.uniform(0.4, 1.1)
        colour = scene.on(scene.chance.choice(WALLS), depth)
        scene.add(rect(x, base - tall, wide, tall + 30, f"down({colour},{mix(colour, scene.light.haze, 0.35)})"))
        if scene.chance.random() < 0.3:
            scene.add(rect(x + wide * 0.4, base - tall - 34, 6, 40, colour))
        _small_windows(scene, x, base - tall, wide, tall, depth)
        x += wide + scene.chance.uniform(-4, step * 0.15)


def _roofs(scene: Scenery, base: float, height: float, depth: float, step: int) -> None:
    """Gables, chimneys, and now and then a spire."""
    x = -60.0
    while x < WORLD_WIDTH + 40:
        wide, tall = step * scene.chance.uniform(0.6, 1.0), height * scene.chance.uniform(0.5, 1.0)
        wall = scene.on(scene.chance.choice(("#c9b08a", "#a8845c", "#b59a78", "#9a8a7a")), depth)
        roof = scene.on(scene.chance.choice(("#8a4a3a", "#6a4a44", "#5f5a64")), depth)
        scene.add(rect(x, base - tall, wide, tall + 30, wall))
        is_spire = scene.chance.random() < 0.12
        peak = tall + (height * 1.2 if is_spire else wide * 0.6)
        scene.add(polygon([(x - 6, base - tall), (x + wide / 2, base - peak), (x + wide + 6, base - tall)], roof))
        if not is_spire:
            scene.add(
                rect(x + wide * 0.66, base - tall - wide * 0.5, wide * 0.12, wide * 0.4, scene.on("#6f5a54", depth))
            )
        _small_windows(scene, x, base - tall, wide, tall, depth)
        x += wide + scene.chance.uniform(-4, step * 0.08)


def _small_windows(scene: Scenery, x: float, top: float, wide: float, tall: float, depth: float) -> None:
    size = 9 + (1 - depth) * 12
    for row in range(int((tall - 20) / (size * 2.1))):
        for column in range(int((wide - 12) / (size * 1.7))):
            if scene.chance.random() < 0.72:
                scene.add(
                    rect(
                        x + 10 + column * size * 1.7,
                        top + 16 + row * size * 2.1,
                        size * 0.8,
                        size * 1.2,
                        pane(scene, depth),
                    )
                )


def row(scene: Scenery, *, from_left: bool) -> None:
    """Houses along a street, in perspective: the near ones tower at the picture's edge."""
    edges = (0.0, 300.0, 520.0, 680.0, 790.0, 860.0)
    for near, far in pairwise(edges):
        colour = scene.chance.choice(WALLS)
        _house(scene, near, far, colour, scene.chance.uniform(0.85, 1.12), from_left=from_left)


def _house(scene: Scenery, near: float, far: float, colour: str, tall: float, *, from_left: bool) -> None:
    def x(at: float) -> float:
        return at if from_left else WORLD_WIDTH - at

    def scale(at: float) -> float:
        return (1000 - at) / 1000

    def y(at: float, height: float) -> float:
        return HORIZON + 20 + (1 - height) * 330 * scale(at) - height * 0  # feet at 0, rising with height

    depth = near / 1000 * 0.45
    top = 3.05 * tall
    light_side = from_left != scene.light.comes_from_left
    wall = scene.on(lighter(colour, 0.08) if light_side else darker(colour, 0.28), depth)
    scene.add(
        polygon(
            [(x(near), y(near, top)), (x(far), y(far, top)), (x(far), y(far, 0)), (x(near), y(near, 0))],
            f"down({wall},{mix(wall, scene.on('#2a2430', depth), 0.35)})",
        )
    )
    scene.add(
        polygon(
            [
                (x(near), y(near, top)),
                (x(far), y(far, top)),
                (x(far), y(far, top - 0.1)),
                (x(near), y(near, top - 0.1)),
            ],
            lighter(wall, 0.12),
        )
    )
    span = far - near
    for floor in (0.95, 1.65, 2.35):
        for share in (0.16, 0.58):
            one, two = near + span * share, near + span * (share + 0.26)
            glass = pane(scene, depth)
            scene.add(
                polygon(
                    [
                        (x(one), y(one, floor + 0.42)),
                        (x(two), y(two, floor + 0.42)),
                        (x(two), y(two, floor)),
                        (x(one), y(one, floor)),
                    ],
                    glass,
                )
            )
    _shop(scene, near, far, x, y, depth)


def _shop(scene: Scenery, near: float, far: float, x, y, depth: float) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    span = far - near
    one, two, door = near + span * 0.1, near + span * 0.6, near + span * 0.68
    glass = mix(LIT, scene.light.haze, depth * 0.6) if scene.is_dark else scene.on("#5f7f90", depth)
    awning = scene.on(scene.chance.choice(("#b8433f", "#2f7f7a", "#d09a3a", "#4a5f9a")), depth)
    scene.add(
        polygon([(x(one), y(one, 0.62)), (x(two), y(two, 0.62)), (x(two), y(two, 0.1)), (x(one), y(one, 0.1))], glass)
    )
    scene.add(
        polygon(
            [
                (x(near + span * 0.06), y(near, 0.78)),
                (x(two + span * 0.05), y(two, 0.78)),
                (x(two + span * 0.08), y(two, 0.6)),
                (x(near + span * 0.02), y(near, 0.6)),
            ],
            awning,
        )
    )
    scene.add(
        polygon(
            [
                (x(door), y(door, 0.6)),
                (x(near + span * 0.9), y(near + span * 0.9, 0.6)),
                (x(near + span * 0.9), y(near + span * 0.9, 0)),
                (x(door), y(door, 0)),
            ],
            scene.on("#3a2c2e", depth),
        )
    )
    if scene.is_dark:
        scene.glow(x(one), y(one, 0.2), 260 * (1 - depth), "#ffbf6a", 0.3)


def street_lamp(scene: Scenery, x: float, base: float, size: float) -> None:
    """A lamp post; it burns after dark. A torch in the middle ages, a bent mast today, a rod of light later on."""
    if scene.setting.period != "19th_century":
        _lamp_of_other_times(scene, x, base, size)
        return
    iron = scene.on("#23262f")
    scene.add(
        rect(x - 5 * size, base - 330 * size, 10 * size, 330 * size, iron),
        rect(x - 13 * size, base - 22 * size, 26 * size, 22 * size, iron, 3),
    )
    scene.add(
        polygon(
            [
                (x - 15 * size, base - 330 * size),
                (x + 15 * size, base - 330 * size),
                (x + 21 * size, base - 384 * size),
                (x - 21 * size, base - 384 * size),
            ],
            "#fff0c2" if scene.is_dark else scene.on("#cfd6d8"),
        )
    )
    scene.add(
        polygon([(x - 25 * size, base - 384 * size), (x + 25 * size, base - 384 * size), (x, base - 410 * size)], iron)
    )
    if scene.is_dark:
        scene.glow(x, base - 356 * size, 330 * size, "#ffcf85", 0.75)
        scene.add(ellipse(x, base, 190 * size, 34 * size, "glow(#ffcf8566,#ffcf8500)"))


def _lamp_of_other_times(scene: Scenery, x: float, base: float, size: float) -> None:
    top = base - 384 * size
    match scene.setting.period:
        case "medieval":
            scene.add(rect(x - 8 * size, base - 260 * size, 16 * size, 260 * size, scene.on("#4a3424")), path(f"M{x} {base - 350 * size} Q{x + 30 * size} {base - 290 * size} {x + 16 * size} {base - 254 * size} L{x - 16 * size} {base - 254 * size} Q{x - 30 * size} {base - 290 * size} {x} {base - 350 * size}Z", "down(#ffe08a,#ff7a2e)"))  # fmt: skip
            scene.glow(x, base - 290 * size, 300 * size, "#ff9a4a", 0.7 if scene.is_dark else 0.2)
            return
        case "future":
            scene.add(rect(x - 7 * size, top, 14 * size, base - top, scene.on("#8a97ac"), 6), rect(x - 9 * size, top, 18 * size, 220 * size, "#aef4ff", 8))  # fmt: skip
            scene.glow(x, top + 110 * size, 300 * size, "#7fe8ff", 0.6 if scene.is_dark else 0.25)
            return
        case _:
            pass
    side = 1 if x < WORLD_WIDTH / 2 else -1
    steel = scene.on("#4a505a")
    scene.add(line(f"M{x} {base} L{x} {top + 40 * size} Q{x} {top - 20 * size} {x + side * 70 * size} {top - 20 * size}", steel, 10 * size), rect(min(x + side * 56 * size, x + side * 116 * size), top - 28 * size, 60 * size, 14 * size, steel, 5))  # fmt: skip
    if scene.is_dark:
        scene.add(ellipse(x + side * 86 * size, top - 12 * size, 28 * size, 6 * size, "#fff4d8"))
        scene.glow(x + side * 86 * size, top, 330 * size, "#ffdfa8", 0.7)
        scene.add(ellipse(x + side * 86 * size, base, 190 * size, 34 * size, "glow(#ffdfa866,#ffdfa800)"))


def bench(scene: Scenery, x: float, base: float) -> None:
    """A park bench."""
    wood, iron = scene.on("#8a5a38"), scene.on("#2a2c33")
    for y in (-118, -96, -74, -46):
        scene.add(rect(x - 140, base + y, 280, 15, wood, 3))
    scene.add(*(rect(x + dx, base - 120, 11, 122, iron) for dx in (-116, 106)))


def water_tank(scene: Scenery, x: float, base: float) -> None:
    """A tank on legs, as roofs have."""
    wood = f"across({scene.on('#4a3a34')},{scene.on('#8a6a54')},{scene.on('#4a3a34')})"
    scene.add(
        line(
            f"M{x - 70} {base} L{x - 56} {base - 120} M{x + 70} {base} L{x + 56} {base - 120} M{x - 66} {base - 20} L{x + 58} {base - 110}",
            scene.on("#33302f"),
            9,
        )
    )
    scene.add(
        rect(x - 86, base - 290, 172, 176, wood, 6),
        polygon([(x - 98, base - 288), (x + 98, base - 288), (x, base - 352)], scene.on("#5a5560")),
    )


def farm(scene: Scenery, x: float, base: float) -> None:
    """A barn and a windmill."""
    red, shade = scene.on("#a8463a", 0.22), scene.on("#6f2f2f", 0.22)
    scene.add(
        rect(x - 120, base - 130, 240, 150, f"down({red},{shade})"),
        polygon(
            [(x - 136, base - 128), (x - 90, base - 190), (x, base - 226), (x + 90, base - 190), (x + 136, base - 128)],
            scene.on("#5d4a4a", 0.22),
        ),
    )
    scene.add(
        rect(x - 34, base - 84, 68, 104, scene.on("#5a2a2a", 0.2)),
        line(
            f"M{x - 34} {base - 84} L{x + 34} {base + 18} M{x + 34} {base - 84} L{x - 34} {base + 18}",
            scene.on("#d8c0a0", 0.25),
            5,
        ),
    )
    scene.add(rect(x - 15, base - 178, 30, 30, pane(scene, 0.2)))
    mill = x - 330
    scene.add(
        polygon(
            [(mill - 34, base + 10), (mill - 20, base - 190), (mill + 20, base - 190), (mill + 34, base + 10)],
            scene.on("#d8cdb8", 0.25),
        )
    )
    blades = "".join(
        group(
            polygon([(-6, 0), (6, 0), (22, -150), (-4, -150)], scene.on("#8a7a68", 0.25)),
            x=mill,
            y=base - 190,
            turn=24 + 90 * n,
        )
        for n in range(4)
    )
    scene.add(polygon([(mill - 26, base - 188), (mill + 26, base - 188), (mill, base - 226)], shade), blades)


def stone_bridge(scene: Scenery, base: float) -> None:
    """Three arches over the water."""
    stone = f"down({scene.on('#a79a8a', 0.15)},{scene.on('#6a6468', 0.1)})"
    arches = " ".join(f"M{x - 150} {base + 30} A150 140 0 0 1 {x + 150} {base + 30}Z" for x in (480, 1000, 1520))
    scene.add(
        f'<path fill-rule="evenodd" d="M-10 {base - 130} Q1000 {base - 260} 2010 {base - 130} L2010 {base + 30} L-10 {base + 30}Z {arches}" fill="{stone}"/>'
    )
    scene.add(line(f"M-10 {base - 136} Q1000 {base - 266} 2010 {base - 136}", scene.on("#c2b5a2", 0.12), 18))


def moored_boat(scene: Scenery, x: float, base: float, size: float) -> None:
    """A boat at anchor, with its mirror image."""
    colour = scene.chance.choice(("#b8433f", "#2f6a8a", "#3f7a5a", "#d09a3a"))
    hull = path(
        "M-240 -70 Q0 -40 260 -90 Q230 20 170 30 L-170 30 Q-220 10 -240 -70Z",
        f"down({scene.on(colour)},{scene.on(darker(colour, 0.5))})",
    )
    cabin = (
        rect(-110, -150, 150, 100, scene.on("#efe6d2"), 6)
        + rect(-90, -130, 40, 40, pane(scene))
        + rect(-30, -130, 40, 40, pane(scene))
    )
    mast = line("M80 -60 L80 -460 M80 -440 L-90 -150 M80 -440 L220 -90", scene.on("#4a3a30"), 8)
    scene.add(
        ellipse(x, base + 34 * size, 280 * size, 26 * size, see_through(scene.on("#0c1a28"), 0.5)),
        group(mast + cabin + hull + line("M-236 -62 Q0 -34 254 -82", scene.on("#f1e8d4"), 12), x=x, y=base, scale=size),
    )


def lighthouse_tower(scene: Scenery, x: float, base: float) -> None:
    """The tower; after dark its beam sweeps the sky."""
    top = base - 410
    if scene.is_dark or scene.light.darkness > 0.2:
        for side in (-1, 1):
            scene.add(
                polygon(
                    [(x, top - 26), (x + side * 1700, top - 190), (x + side * 1700, top + 150)],
                    f"across({see_through('#fff1c4', 0.0 if side < 0 else 0.6)},{see_through('#fff1c4', 0.6 if side < 0 else 0.0)})",
                )
            )
        scene.glow(x, top - 26, 360, "#ffe9b0", 0.9)
    shade = f"across({scene.on('#f4efe6') if scene.light.comes_from_left else scene.on('#9a97a4')},{scene.on('#e9e2d6')},{scene.on('#8f8c9c') if scene.light.comes_from_left else scene.on('#f4efe6')})"
    scene.add(polygon([(x - 78, base + 20), (x - 50, top + 30), (x + 50, top + 30), (x + 78, base + 20)], shade))
    for share in (0.16, 0.5, 0.84):
        y, half = base + 20 - (base - top) * share, 78 - 28 * share
        scene.add(
            polygon(
                [(x - half, y), (x + half, y), (x + half - 5, y - 70), (x - half + 5, y - 70)],
                f"across({scene.on('#c2413a')},{scene.on('#a8322f')},{scene.on('#6b2229')})",
            )
        )
    scene.add(
        rect(x - 66, top + 18, 132, 16, scene.on("#33303a")),
        rect(x - 36, top - 60, 72, 80, "#fff3c8" if scene.is_dark else scene.on("#bcd6e0"), 4),
    )
    scene.add(
        line(
            f"M{x - 18} {top - 60} L{x - 18} {top + 18} M{x + 18} {top - 60} L{x + 18} {top + 18}",
            scene.on("#33303a"),
            5,
        ),
        path(f"M{x - 46} {top - 58} Q{x} {top - 120} {x + 46} {top - 58}Z", scene.on("#8f2b2b")),
    )
    scene.add(
        *(rect(x - 11, base - 40 - n * 150, 22, 36, pane(scene), 10) for n in range(3)),
        path(
            f"M{x - 24} {base + 20} L{x - 24} {base - 36} Q{x} {base - 62} {x + 24} {base - 36} L{x + 24} {base + 20}Z",
            scene.on("#4a2f26"),
        ),
    )


def cottage(scene: Scenery, x: float, base: float, size: float) -> None:
    """A small house."""
    wall = f"down({scene.on('#e6dccb')},{scene.on('#a89c90')})"
    body = (
        rect(0, -90, 190, 100, wall)
        + polygon([(-18, -86), (95, -166), (208, -86)], scene.on("#5f4a4a"))
        + rect(140, -160, 24, 50, scene.on("#6f5550"))
    )
    body += (
        rect(24, -66, 36, 40, pane(scene), 2)
        + rect(130, -66, 36, 40, LIT if scene.is_dark else pane(scene), 2)
        + rect(78, -60, 34, 70, scene.on("#4f3a32"), 3)
    )
    scene.add(group(body, x=x, y=base, scale=size))


def castle(scene: Scenery, x: float, base: float) -> None:
    """Towers, walls and a gate."""
    stone = f"across({scene.on('#a8a09a', 0.2)},{scene.on('#7a7680', 0.25)})"
    for dx, wide, tall in ((0, 190, 330), (-230, 120, 250), (230, 120, 270), (-90, 90, 400), (110, 84, 440)):
        left = x + dx - wide / 2
        scene.add(rect(left, base - tall, wide, tall + 30, stone))
        scene.add(
            *(
                rect(left - 6 + n * (wide + 12) / 5, base - tall - 22, (wide + 12) / 8, 26, scene.on("#a09894", 0.22))
                for n in range(5)
            )
        )
        scene.add(rect(left + wide / 2 - 8, base - tall * 0.7, 16, 44, pane(scene, 0.1), 8))
        if tall > 300 and wide < 100:
            scene.add(
                polygon(
                    [
                        (left - 12, base - tall - 10),
                        (left + wide + 12, base - tall - 10),
                        (left + wide / 2, base - tall - 150),
                    ],
                    scene.on("#5a4a6a", 0.2),
                ),
                line(f"M{left + wide / 2} {base - tall - 150} l0 -50", scene.on("#3a3440"), 4),
                polygon(
                    [
                        (left + wide / 2, base - tall - 200),
                        (left + wide / 2 + 50, base - tall - 186),
                        (left + wide / 2, base - tall - 170),
                    ],
                    scene.on("#c2413a"),
                ),
            )
    scene.add(
        rect(x - 290, base - 130, 580, 160, stone),
        *(rect(x - 290 + n * 44, base - 152, 26, 26, scene.on("#a09894", 0.22)) for n in range(14)),
    )
    scene.add(
        path(
            f"M{x - 46} {base + 30} L{x - 46} {base - 50} A46 46 0 0 1 {x + 46} {base - 50} L{x + 46} {base + 30}Z",
            scene.on("#2f2830", 0.1),
        )
    )


def train_outside(scene: Scenery, x: float, base: float) -> None:
    """Carriages at a platform."""
    colour = scene.chance.choice(("#7a2f38", "#2f5a6a", "#3f6a4a"))
    for number in range(3):
        left = x + number * 780
        scene.add(
            rect(
                left,
                base - 330,
                760,
                300,
                f"down({scene.on(lighter(colour, 0.12))},{scene.on(darker(colour, 0.35))})",
                26,
            ),
            rect(left, base - 120, 760, 14, scene.on("#e6cf9a")),
            rect(left + 20, base - 350, 720, 30, scene.on("#4a4c55"), 14),
        )
        scene.add(
            *(
                rect(left + 120 + 110 * n, base - 280, 84, 110, LIT if scene.is_dark else pane(scene), 10)
                for n in range(5)
            )
        )
        scene.add(
            rect(left + 36, base - 280, 62, 250, scene.on(darker(colour, 0.5)), 6),
            *(circle(left + wx, base - 16, 34, scene.on("#22232a")) for wx in (130, 230, 530, 630)),
        )
        if scene.is_dark:
            scene.glow(left + 400, base - 220, 420, "#ffc878", 0.3)
