"""The surface of the moon or of another planet, under a black sky with stars."""

import re

from agents.animatic.drawing.backdrops.record import Ground, outside
from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.skies import ridge
from agents.animatic.drawing.svg import circle, ellipse, line, path, rect

MOON = r"\b(moon|lunar|mond|lune|luna|луна)"
Soil = tuple[str, str, str]  # far, near, nearest
GREY: Soil = ("#a8a8b4", "#6a6a78", "#2c2c3a")
RED: Soil = ("#a5727f", "#6a4262", "#2f1d3c")


@outside(
    worlds={
        "space": "mars, moon, planet, asteroid, venus, jupiter, saturn, луна, mond, lune, luna",
    },
    also="crater, alien planet, lunar surface, surface, moon base, mars colony, colony, red planet, lunar base",
    ground=Ground("#7a5068"),
)
def space(scene: Scenery) -> None:
    """The surface of another world; from the moon one sees the Earth."""
    is_moon = bool(re.search(MOON, scene.setting.place, re.IGNORECASE))
    soil = GREY if is_moon else RED
    scene.add(
        rect(
            0,
            0,
            WORLD_WIDTH,
            WORLD_HEIGHT,
            "down(#04050d,#0c1030,#1c2450)" if is_moon else "down(#05060f,#14143a,#3a2358)",
        )
    )
    for _ in range(220):
        x, y = scene.chance.uniform(0, WORLD_WIDTH), scene.chance.uniform(0, 760)
        strength = scene.chance.uniform(0.4, 1)
        scene.add(circle(x, y, scene.chance.choice((1.0, 1.5, 2.4)), see_through("#f0f4ff", strength)))
    x = 1430.0 if scene.light.comes_from_left else 560.0
    (_earth if is_moon else _ringed)(scene, x)
    ridge(scene, HORIZON + 20, 150, soil[0], 0.25, rough=0.7)
    scene.add(rect(0, HORIZON + 10, WORLD_WIDTH, 500, f"down({','.join(soil)})"))
    _craters(scene, soil)


def _earth(scene: Scenery, x: float) -> None:
    scene.add(
        circle(x, 290, 380, "glow(#8fc8ff77,#7fb4ff22,#7fb4ff00)"),
        circle(x, 290, 160, "across(#9fdcf4,#3f86c8,#10224c)"),
    )
    scene.add(path(f"M{x - 110} 210 q50 -50 110 -40 q30 30 -10 60 q-60 10 -50 60 q-50 10 -50 -80Z", "#6fae6acc"))
    scene.add(path(f"M{x + 10} 300 q60 -20 90 20 q-10 70 -60 90 q-50 -40 -30 -110Z", "#5f9a5eaa"))
    scene.add(
        *(
            ellipse(x + dx, y, wide, 11, "#ffffffb0")
            for dx, y, wide in ((-40, 200, 60), (20, 262, 84), (-50, 350, 66), (40, 400, 50))
        )
    )


def _ringed(scene: Scenery, x: float) -> None:
    scene.add(
        circle(x, 280, 420, "glow(#7fb4ff55,#7fb4ff22,#7fb4ff00)"),
        circle(x, 280, 190, "across(#e8b48a,#b0627a,#3a2358)"),
    )
    bands = "".join(ellipse(x, 250 + 34 * n, 186 - abs(n - 1) * 34, 7, "#ffffff1c") for n in range(3))
    ring = line(f"M{x - 330} 280 A330 62 0 0 0 {x + 330} 280", "#f3d9b4aa", 15)
    scene.add(
        f'<g transform="rotate(-18 {x} 280)">{bands}{ring}</g>', circle(x - 640, 170, 44, "across(#dfe6f0,#5d6a8a)")
    )


def _craters(scene: Scenery, soil: Soil) -> None:
    for _ in range(14):
        x, y = scene.chance.uniform(0, WORLD_WIDTH), scene.chance.uniform(HORIZON + 50, 1090)
        size = 20 + (y - HORIZON) * 0.28
        scene.add(
            ellipse(x, y, size, size * 0.24, see_through(soil[2], 0.7)),
            ellipse(x, y + size * 0.06, size * 0.9, size * 0.17, see_through(soil[0], 0.35)),
        )
