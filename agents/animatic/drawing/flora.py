"""What grows or lies in landscapes."""

from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.scenery import WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect


def treeline(scene: Scenery, base: float, size: float, depth: float) -> None:
    """A row of firs."""
    x = -40.0
    while x < WORLD_WIDTH + 80:
        tall = size * scene.chance.uniform(260, 470)
        fir(scene, x, base + 20, tall, depth + scene.chance.uniform(-0.04, 0.04))
        x += size * scene.chance.uniform(70, 130)


def fir(scene: Scenery, x: float, base: float, tall: float, depth: float) -> None:
    """One fir."""
    snowy = scene.setting.weather == "snow"
    top, low = scene.on("#dfe8ee" if snowy else "#3f7a5a", depth), scene.on("#5f7f86" if snowy else "#1f4a3c", depth)
    wide = tall * 0.24
    outline = f"M{x:.0f} {base - tall:.0f} "
    right = "".join(
        f"L{x + wide * (0.3 + 0.23 * n):.0f} {base - tall * (0.74 - 0.22 * n):.0f} L{x + wide * (0.14 + 0.2 * n):.0f} {base - tall * (0.72 - 0.22 * n):.0f} "
        for n in range(4)
    )
    left = "".join(
        f"L{x - wide * (0.14 + 0.2 * n):.0f} {base - tall * (0.72 - 0.22 * n):.0f} L{x - wide * (0.3 + 0.23 * n):.0f} {base - tall * (0.74 - 0.22 * n):.0f} "
        for n in reversed(range(4))
    )
    scene.add(
        rect(x - wide * 0.07, base - tall * 0.1, wide * 0.14, tall * 0.12, scene.on("#4a3426", depth)),
        path(outline + right + left + "Z", f"down({top},{low})"),
    )


def trunk(scene: Scenery, x: float, base: float, size: float) -> None:
    """A near trunk that reaches out of the picture."""
    wide = 52 * size
    bark = f"across({scene.on('#2c221f')},{scene.on('#6a5040')},{scene.on('#231b1c')})"
    scene.add(
        path(
            f"M{x - wide * 0.8} -20 L{x + wide * 0.8} -20 Q{x + wide * 0.7} {base - 260} {x + wide} {base - 60} Q{x + wide * 1.3} {base} {x + wide * 1.9} {base + 20} L{x - wide * 1.9} {base + 20} Q{x - wide * 1.2} {base - 10} {x - wide} {base - 70} Q{x - wide * 0.7} {base - 280} {x - wide * 0.8} -20Z",
            bark,
        )
    )
    for _ in range(7):
        y, dx = scene.chance.uniform(60, base - 160), scene.chance.uniform(-0.6, 0.6) * wide
        scene.add(
            line(f"M{x + dx:.0f} {y:.0f} q6 40 0 {scene.chance.uniform(40, 110):.0f}", scene.on("#241b1a"), 5 * size)
        )


def broad_trees(scene: Scenery, base: float, size: float, depth: float, count: int) -> None:
    """Round trees in a row."""
    for number in range(count):
        x = (number + 0.5) * WORLD_WIDTH / count + scene.chance.uniform(-50, 50)
        if count < 4:
            x = 150 if number % 2 == 0 else 1880
        broad_tree(scene, x, base, size * scene.chance.uniform(0.85, 1.15), depth)


def broad_tree(scene: Scenery, x: float, base: float, size: float, depth: float) -> None:
    """One round tree, lit from one side."""
    snowy = scene.setting.weather == "snow"
    dark, middle, light = ("#6c8894", "#a9bcc8", "#e6eef3") if snowy else ("#24583f", "#37784f", "#6aa65c")
    side = -1 if scene.light.comes_from_left else 1
    scene.add(
        path(
            f"M{x - 16 * size} {base} Q{x - 8 * size} {base - 110 * size} {x - 12 * size} {base - 190 * size} L{x + 12 * size} {base - 190 * size} Q{x + 8 * size} {base - 110 * size} {x + 20 * size} {base}Z",
            scene.on("#4a362a", depth),
        )
    )
    blobs = ((-70, -200, 78), (70, -205, 80), (0, -270, 96), (-34, -180, 70), (40, -300, 62), (-50, -290, 60))
    scene.add(*(circle(x + dx * size, base + dy * size, r * size, scene.on(dark, depth)) for dx, dy, r in blobs))
    scene.add(
        *(
            circle(x + (dx + side * 14) * size, base + (dy - 14) * size, r * 0.8 * size, scene.on(middle, depth))
            for dx, dy, r in blobs
        )
    )
    scene.add(
        *(
            circle(
                x + (dx + side * 34) * size,
                base + (dy - 34) * size,
                r * 0.38 * size,
                see_through(scene.on(light, depth), 0.7),
            )
            for dx, dy, r in blobs[:3]
        )
    )


def grass(scene: Scenery, top: float, colour: str) -> None:
    """Tufts, larger towards us."""
    if scene.setting.weather == "snow":
        colour = "#c9d4de"
    for _ in range(70):
        x, y = scene.chance.uniform(-20, WORLD_WIDTH + 20), scene.chance.uniform(top, WORLD_HEIGHT + 10)
        tall = 12 + (y - top) * 0.22
        blades = " ".join(
            f"M{x + dx * tall * 0.5:.0f} {y:.0f} q{dx * tall * 0.2:.0f} {-tall * 0.6:.0f} {dx * tall * 0.7:.0f} {-tall:.0f}"
            for dx in (-0.8, -0.2, 0.5)
        )
        scene.add(line(blades, scene.on(colour), 2 + tall * 0.05))


def ferns(scene: Scenery) -> None:
    """Dark leaves at the lower corners, which give depth."""
    for x, flip in ((0, 1), (150, 1), (2000, -1), (1830, -1)):
        for angle in range(4):
            dx, dy = flip * (80 + angle * 70), -210 + angle * 52
            scene.add(
                path(
                    f"M{x} {WORLD_HEIGHT + 20} Q{x + dx * 0.3} {WORLD_HEIGHT + dy} {x + dx} {WORLD_HEIGHT + dy} Q{x + dx * 0.7} {WORLD_HEIGHT + dy * 0.4} {x} {WORLD_HEIGHT + 20}Z",
                    scene.on("#15302a"),
                )
            )


def reeds(scene: Scenery, base: float) -> None:
    """Reeds at the water."""
    for _ in range(26):
        x = scene.chance.uniform(20, 560)
        tall = scene.chance.uniform(90, 190)
        lean = scene.chance.uniform(-26, 30)
        scene.add(
            line(f"M{x:.0f} {base + 40} q4 {-tall * 0.6:.0f} {lean:.0f} {-tall:.0f}", scene.on("#4c6b3a"), 5),
            ellipse(x + lean, base + 34 - tall, 6, 20, scene.on("#6b4a30")),
        )


def dune_grass(scene: Scenery) -> None:
    """Long grass in the corners of a beach."""
    for x in [*range(0, 340, 16), *range(1700, 2010, 16)]:
        tall = scene.chance.uniform(80, 190)
        scene.add(
            line(
                f"M{x} {WORLD_HEIGHT + 10} q{scene.chance.uniform(-10, 30):.0f} {-tall * 0.7:.0f} {scene.chance.uniform(10, 70):.0f} {-tall:.0f}",
                scene.on("#8a9a5a" if x % 3 else "#6f8450"),
                4,
            )
        )


def hedge(scene: Scenery, base: float) -> None:
    """A far hedge."""
    for x in range(-20, 2040, 44):
        scene.add(
            ellipse(x, base + 8, scene.chance.uniform(26, 44), scene.chance.uniform(16, 34), scene.on("#4f7a45", 0.36))
        )


def fence(scene: Scenery, base: float) -> None:
    """A wooden fence."""
    wood, shade = scene.on("#9a7a58"), scene.on("#6b5240")
    for y in (base - 62, base - 30):
        scene.add(rect(-10, y, WORLD_WIDTH + 20, 10, wood))
    for x in range(30, 2000, 150):
        scene.add(rect(x, base - 92 + scene.chance.uniform(-6, 6), 20, 112, f"across({wood},{shade})", 4))


def cactus(scene: Scenery, x: float, base: float, size: float) -> None:
    """A saguaro."""
    green = f"across({scene.on('#2f5f45')},{scene.on('#5f9a68')},{scene.on('#2a5540')})"
    scene.add(rect(x - 24 * size, base - 290 * size, 48 * size, 300 * size, green, 24 * size))
    for side, lift in ((-1, 150), (1, 190)):
        elbow = x + side * 78 * size
        scene.add(
            line(
                f"M{x} {base - (lift - 40) * size} L{elbow} {base - (lift - 40) * size} L{elbow} {base - (lift + 50) * size}",
                scene.on("#44805a"),
                34 * size,
            )
        )


def rocks(scene: Scenery, top: float) -> None:
    """Stones in front."""
    for _ in range(9):
        x, y = scene.chance.uniform(0, WORLD_WIDTH), scene.chance.uniform(top, WORLD_HEIGHT)
        size = 16 + (y - top) * 0.5
        light, dark = scene.on("#a39a90"), scene.on("#55505a")
        scene.add(
            polygon(
                [
                    (x - size, y),
                    (x - size * 0.7, y - size * 0.7),
                    (x, y - size),
                    (x + size * 0.8, y - size * 0.6),
                    (x + size * 1.1, y),
                ],
                f"down({light},{dark})",
            )
        )


def snow_peak(scene: Scenery, x: float, top: float, wide: float) -> None:
    """A high mountain with a white head."""
    base = 720.0
    scene.add(
        polygon(
            [(x, top), (x + wide, base), (x - wide, base)],
            f"down({scene.on('#7c8aa8', 0.35)},{scene.on('#7c8aa8', 0.7)})",
        )
    )
    side = -1 if scene.light.comes_from_left else 1
    scene.add(
        polygon(
            [(x, top), (x - side * wide, base), (x - side * wide * 0.1, base), (x + side * wide * 0.08, top + 240)],
            see_through(scene.on("#2a3556", 0.3), 0.5),
        )
    )
    height = base - top
    white = [
        (x, top),
        (x + wide * 0.36, top + height * 0.36),
        (x + wide * 0.2, top + height * 0.31),
        (x + wide * 0.1, top + height * 0.42),
        (x - wide * 0.04, top + height * 0.3),
        (x - wide * 0.18, top + height * 0.42),
        (x - wide * 0.36, top + height * 0.36),
    ]
    scene.add(polygon(white, f"across({scene.on('#ffffff', 0.1)},{scene.on('#dfe8f4', 0.3)})"))
