"""What is built into rooms and stands about in public: basins, benches, shelves of goods, seats, signs, and drawn icons."""

from agents.animatic.drawing import icons
from agents.animatic.drawing.palette import darker, lighter, mix, see_through
from agents.animatic.drawing.rooms import lamp_light, shadow_under
from agents.animatic.drawing.scenery import FLOOR, Scenery
from agents.animatic.drawing.svg import circle, ellipse, group, label, line, path, polygon, rect

GOODS = ("#c2584a", "#d9a441", "#4f86b0", "#6f9a5a", "#8a5fa0", "#e6ddcb", "#3f7a78")


def icon(scene: Scenery, name: str, x: float, base: float, height: float, *, flip: bool = False) -> None:
    """One of the icons in the light of the place, x its middle."""
    drawing = icons.tinted(icons.icon(name, height), scene.on)
    scene.add(group(drawing, x=x, y=base, flip=flip))


def standing(scene: Scenery, name: str, x: float, base: float, height: float, *, flip: bool = False) -> None:
    """An icon that throws a shadow."""
    shadow_under(scene, x, base, height * 0.5)
    icon(scene, name, x, base, height, flip=flip)


def tiles(scene: Scenery, top: float, colour: str, *, bottom: float = FLOOR - 20, size: float = 58) -> None:
    """Tiles on the back wall."""
    row = 0
    y = top
    while y < bottom:
        tall = min(size - 4, bottom - y)
        scene.add(
            *(
                rect(190 + n * size, y, size - 4, tall, scene.on(colour if (n + row) % 5 else lighter(colour, 0.12)))
                for n in range(28)
            )
        )
        y, row = y + size, row + 1


def basin(scene: Scenery, x: float, base: float) -> None:
    """A basin under a mirror."""
    scene.add(
        rect(x - 110, base - 640, 220, 280, scene.on("#8a97a0"), 10),
        rect(x - 98, base - 628, 196, 256, f"across({scene.on('#cfe0e6')},{scene.on('#eef5f7')},{scene.on('#b4c9d1')})", 6),
        rect(x - 26, base - 210, 52, 210, scene.on("#d9dfe2"), 10),
        path(f"M{x - 130} {base - 280} L{x + 130} {base - 280} Q{x + 110} {base - 190} {x} {base - 186} Q{x - 110} {base - 190} {x - 130} {base - 280}Z", f"down({scene.on('#ffffff')},{scene.on('#c2ccd0')})"),
        line(f"M{x} {base - 282} L{x} {base - 326} Q{x} {base - 344} {x + 22} {base - 338}", scene.on("#9aa6ae"), 11),
    )  # fmt: skip
    lamp_light(scene, x, base - 660, 260, 0.5)


def bathtub(scene: Scenery, x: float, base: float, wide: float = 520) -> None:
    """A tub on feet with a shower curtain, x its left end."""
    shadow_under(scene, x + wide / 2, base, wide * 0.6)
    tub = f"M{x} {base - 200} L{x + wide} {base - 200} Q{x + wide - 6} {base - 30} {x + wide - 90} {base - 26} L{x + 90} {base - 26} Q{x + 6} {base - 30} {x} {base - 200}Z"
    scene.add(
        path(tub, f"down({scene.on('#ffffff')},{scene.on('#b9c4ca')})"),
        rect(x - 16, base - 214, wide + 32, 22, scene.on("#f4f7f8"), 11),
        *(circle(x + dx, base - 12, 16, scene.on("#b98f4a")) for dx in (100, wide - 100)),
        rect(x - 20, 150, wide * 0.9, 8, scene.on("#9aa6ae")),
        path(
            f"M{x - 20} 154 L{x + wide * 0.42} 154 Q{x + wide * 0.3} 420 {x + wide * 0.38} {base - 150} L{x - 20} {base - 150}Z",
            f"across({scene.on('#6fa8b0')},{scene.on('#a8d4d8')},{scene.on('#6fa8b0')})",
        ),
    )


def shelves_of_goods(scene: Scenery, x: float, base: float, wide: float, tall: float) -> None:
    """A shelf as shops have."""
    scene.add(rect(x, base - tall, wide, tall, scene.on("#5a6068")))
    rows = max(2, int(tall / 130))
    for number in range(rows):
        bottom = base - 12 - number * tall / rows
        at = x + 12
        while at < x + wide - 40:
            thick, high = scene.chance.uniform(28, 56), tall / rows * scene.chance.uniform(0.45, 0.8)
            thick = min(thick, x + wide - 12 - at)
            scene.add(rect(at, bottom - high, thick, high, scene.on(scene.chance.choice(GOODS)), 4))
            at += thick + 5
        scene.add(rect(x - 6, bottom, wide + 12, 12, scene.on("#e6e2d8")))


def bars(scene: Scenery, x: float, y: float, wide: float, tall: float) -> None:
    """Bars of a cell."""
    iron = f"across({scene.on('#23262d')},{scene.on('#6a717c')},{scene.on('#23262d')})"
    scene.add(*(rect(x + n * 62, y, 18, tall, iron) for n in range(int(wide / 62) + 1)))
    scene.add(*(rect(x - 10, y + tall * share, wide + 20, 16, scene.on("#2c3038")) for share in (0.08, 0.5, 0.94)))


def cabinet(scene: Scenery, x: float, base: float, tall: float = 420) -> None:
    """A cabinet for files, x its left edge."""
    shadow_under(scene, x + 80, base, 130)
    scene.add(rect(x, base - tall, 160, tall, f"across({scene.on('#7a8288')},{scene.on('#a9b1b6')})", 4))
    drawers = int(tall / 105)
    scene.add(
        *(rect(x + 10, base - tall + 10 + n * tall / drawers, 140, tall / drawers - 14, scene.on("#8f979c"), 3) for n in range(drawers)),
        *(rect(x + 55, base - tall + 34 + n * tall / drawers, 50, 9, scene.on("#4a5056"), 4) for n in range(drawers)),
    )  # fmt: skip


def seat_row(scene: Scenery, x: float, base: float, count: int, colour: str, size: float = 1.0) -> None:
    """Seats side by side, from behind or before: of an airport, a plane, a cinema."""
    for number in range(count):
        left = x + number * 150 * size
        scene.add(
            rect(left, base - 250 * size, 130 * size, 190 * size, f"down({scene.on(lighter(colour, 0.15))},{scene.on(darker(colour, 0.3))})", 26 * size),
            rect(left - 6 * size, base - 96 * size, 142 * size, 60 * size, scene.on(colour), 14 * size),
            rect(left + 56 * size, base - 40 * size, 18 * size, 40 * size, scene.on("#3a3f48")),
        )  # fmt: skip


def sign(scene: Scenery, text: str, x: float, y: float, *, size: float = 46, colour: str = "#26384f") -> None:
    """A sign with a word, x its middle; lit after dark."""
    wide = len(text) * size * 0.84 + size * 1.6
    scene.add(
        rect(x - wide / 2, y, wide, size * 1.9, scene.on(colour) if not scene.is_dark else colour, 8),
        rect(x - wide / 2 + 5, y + 5, wide - 10, size * 1.9 - 10, see_through("#ffffff", 0.1), 6),
        group(
            label(text, 0, 0, size, "#fff3d0" if scene.is_dark else scene.on("#fbf6ea")),
            x=x,
            y=y + size * 1.3,
            flip=scene.is_mirrored,
        ),
    )
    if scene.is_dark:
        scene.glow(x, y + size, wide * 0.8, "#ffd9a0", 0.4)


def monitor_wall(scene: Scenery, x: float, y: float, columns: int, rows: int) -> None:
    """Screens side by side."""
    for row in range(rows):
        for column in range(columns):
            left, top = x + column * 200, y + row * 140
            tone = scene.chance.choice(("#1c4a5a", "#23563f", "#4a3a5a", "#5a4a2a"))
            scene.add(
                rect(left, top, 186, 126, "#1b1f27", 6),
                rect(left + 8, top + 8, 170, 110, f"down({lighter(tone, 0.3)},{tone})", 3),
            )
            scene.add(*(rect(left + 20, top + 24 + 22 * n, scene.chance.uniform(40, 130), 7, "#ffffff77") for n in range(4)))  # fmt: skip
    scene.glow(x + columns * 100, y + rows * 70, columns * 130, "#7fc8e8", 0.35)


def banner(scene: Scenery, x: float, top: float, colour: str) -> None:
    """A long banner on a wall."""
    scene.add(
        polygon(
            [(x - 50, top), (x + 50, top), (x + 50, top + 300), (x, top + 350), (x - 50, top + 300)],
            f"down({scene.on(colour)},{scene.on(darker(colour, 0.3))})",
        ),
        circle(x, top + 130, 28, scene.on("#d9b25a")),
        rect(x - 62, top - 10, 124, 14, scene.on("#8a6a3a"), 6),
    )


def wall_torch(scene: Scenery, x: float, y: float) -> None:
    """A burning torch in its ring."""
    scene.add(
        polygon([(x - 14, y), (x + 14, y), (x + 6, y + 110), (x - 6, y + 110)], scene.on("#4a3324")),
        path(f"M{x} {y - 80} Q{x + 34} {y - 24} {x + 18} {y + 6} L{x - 18} {y + 6} Q{x - 34} {y - 20} {x} {y - 80}Z", "down(#ffe08a,#ff7a2e)"),
    )  # fmt: skip
    scene.glow(x, y - 30, 360, "#ff9a4a", 0.6 if scene.is_dark else 0.35)


def crates(scene: Scenery, x: float, base: float, count: int) -> None:
    """Wooden boxes, piled up."""
    for number in range(count):
        left, bottom = x + (number % 3) * 150 + (number // 3) * 60, base - (number // 3) * 140
        scene.add(rect(left, bottom - 140, 142, 140, f"down({scene.on('#b08452')},{scene.on('#7a5634')})"))
        scene.add(line(f"M{left + 6} {bottom - 134} L{left + 136} {bottom - 6} M{left + 6} {bottom - 70} L{left + 136} {bottom - 70}", scene.on("#5f4228"), 9))  # fmt: skip


def straw(scene: Scenery, x: float, base: float, wide: float) -> None:
    """A heap of hay."""
    scene.add(
        path(
            f"M{x} {base} Q{x + wide * 0.1} {base - wide * 0.36} {x + wide * 0.45} {base - wide * 0.4} Q{x + wide * 0.9} {base - wide * 0.38} {x + wide} {base}Z",
            f"down({scene.on('#e0b95a')},{scene.on('#a8813a')})",
        )
    )
    for _ in range(22):
        at, up = scene.chance.uniform(x + wide * 0.1, x + wide * 0.9), scene.chance.uniform(10, wide * 0.3)
        scene.add(line(f"M{at:.0f} {base - up:.0f} l{scene.chance.uniform(-30, 30):.0f} -22", scene.on("#f0d48a"), 4))


def parasol(scene: Scenery, x: float, base: float, colour: str) -> None:
    """A sunshade over a lounger."""
    cloth = scene.on(colour)
    scene.add(
        rect(x - 6, base - 380, 12, 380, scene.on("#e6ddcb")),
        path(f"M{x - 210} {base - 330} Q{x} {base - 520} {x + 210} {base - 330}Z", cloth),
        path(f"M{x - 70} {base - 352} Q{x} {base - 440} {x} {base - 424} L{x + 70} {base - 340} Z", mix(cloth, scene.on("#ffffff"), 0.4)),
        polygon([(x - 190, base - 30), (x + 60, base - 30), (x + 140, base - 120), (x + 150, base - 108), (x + 76, base - 10), (x - 190, base - 10)], scene.on("#f1ece0")),
    )  # fmt: skip


def bubbles(scene: Scenery, count: int) -> None:
    """Bubbles that rise."""
    for _ in range(count):
        x, y, size = scene.chance.uniform(60, 1940), scene.chance.uniform(80, 1000), scene.chance.uniform(5, 20)
        scene.add(
            circle(x, y, size, "#e8fbff44"),
            ellipse(x - size * 0.3, y - size * 0.3, size * 0.3, size * 0.2, "#ffffffaa"),
        )
