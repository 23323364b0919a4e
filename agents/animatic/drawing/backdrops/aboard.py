"""Inside of ships and boats: the cabin, and the bridge with its wheel."""

import re

from agents.animatic.drawing import fittings as t
from agents.animatic.drawing import furniture as f
from agents.animatic.drawing import standing
from agents.animatic.drawing.backdrops.record import inside
from agents.animatic.drawing.icons import tinted
from agents.animatic.drawing.palette import darker, see_through
from agents.animatic.drawing.rooms import pendant, shell, view_through
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import circle, group, line, path, rect

_SEA = "#2c6e8f"


@inside(
    worlds={"sea": "submarine"},
    also=(
        "ship's cabin, captain's cabin, captain's quarters, commodore's quarters, admiral's quarters, stateroom, berth, "
        "ship's hold, hold, below deck, below decks, lower deck, gun deck, galleon, frigate, pirate ship, sailing ship, steamship, "
        "cruise ship, ocean liner, yacht, sailboat, trawler, fishing boat, ferry, boat, ship, barge, "
        "sonar room, torpedo room, forecastle, steerage, tugboat, schooner, whaler, longship, man-of-war"
    ),
)
def ship(scene: Scenery) -> None:
    """A bunk under portholes, a table with a chart."""
    is_steel = bool(re.search(r"\b(?:submarine|sonar|torpedo)\b", scene.setting.place, re.IGNORECASE))
    wall = "#7a868c" if is_steel else "#9a6f4a"
    shell(scene, wall, "#6a4a34", boards=not is_steel)
    if not is_steel:
        scene.add(*(rect(190, y, 1620, 5, scene.on(darker(wall, 0.35))) for y in range(150, int(FLOOR), 74)))
    for number, x in enumerate((560, 1000, 1440)):
        _porthole(scene, x, 330 if number != 1 else 300)
    scene.add(*(rect(x, -10, 46, 130, scene.on(darker(wall, 0.4))) for x in (330, 760, 1200, 1630)))
    scene.add(rect(150, 96, 1700, 40, scene.on(darker(wall, 0.45))))
    f.bed(scene, 240, FLOOR + 60, "#3f5f8c")
    f.table(scene, 1400, FLOOR + 130, 460)
    chart = path("M1250 0 L1540 -14 L1560 26 L1236 40Z", scene.on("#ecd9a8"))
    route = line("M1290 22 Q1370 -6 1420 14 T1510 2", scene.on("#b3543a"), 5)
    scene.add(group(chart + route, y=FLOOR - 58))
    t.icon(scene, "anchor" if is_steel else "compass", 1710, 420, 120)
    pendant(scene, 1000, 136, 0.55, "#b98f4a")


def _porthole(scene: Scenery, x: float, y: float) -> None:
    """A round window: the sky, the sea, a brass ring with bolts."""
    sea = scene.on(_SEA)
    scene.add(
        circle(x, y, 126, scene.on("#b98f4a")),
        circle(x, y, 98, view_through(scene)),
        path(f"M{x - 98} {y + 12} q24 -14 49 0 t49 0 t49 0 t49 0 A98 98 0 0 1 {x - 98} {y + 12}Z", sea),
        line(f"M{x - 60} {y + 44} q16 -9 32 0 t32 0", see_through("#ffffff", 0.35), 5),
        line(f"M{x - 66} {y - 34} Q{x - 52} {y - 70} {x - 20} {y - 80}", "#ffffff77", 9),
        *(circle(x + dx, y + dy, 9, scene.on("#7a5a28")) for dx, dy in ((0, -112), (112, 0), (0, 112), (-112, 0))),
    )
    scene.glow(x, y, 330, scene.light.key, 0.16)


@inside(
    worlds={"sea": "wheelhouse"},
    also="ship's bridge, bridge of the ship, ferry bridge, pilothouse, pilot house, conn",
    things="ship's wheel",
)
def ships_bridge(scene: Scenery) -> None:
    """The sea through panes, the wheel in the middle, a compass stand."""
    shell(scene, "#8a6a4c", "#6a4a34")
    scene.add(rect(240, 150, 1520, 400, view_through(scene)), rect(240, 400, 1520, 150, scene.on(_SEA)))
    for row in range(3):
        scene.add(*(line(f"M{300 + 240 * n + 70 * row} {430 + 42 * row} q30 -14 60 0 t60 0", see_through("#ffffff", 0.3), 6) for n in range(6)))  # fmt: skip
    bow = path(f"M760 560 Q1000 420 1240 560 L1240 580 L760 580Z", scene.on("#7a5236"))  # noqa: F541
    scene.add(bow, *(rect(x, 140, 26, 420, scene.on("#5a3f2a")) for x in (228, 612, 1360, 1746)))
    scene.add(rect(220, 130, 1560, 28, scene.on("#5a3f2a")), rect(200, 548, 1600, 40, scene.on("#6b4a30")))
    scene.add(group(tinted(standing.ships_wheel(), scene.on), x=1000, y=FLOOR + 120, scale=0.92))
    for x in (500, 1500):
        scene.add(rect(x - 60, FLOOR - 130, 120, 220, scene.on("#6b4a30"), 10), circle(x, FLOOR - 150, 62, scene.on("#b98f4a")), circle(x, FLOOR - 150, 46, scene.on("#f0e8d0")), line(f"M{x} {FLOOR - 186} L{x} {FLOOR - 116}", scene.on("#b3302f"), 7))  # fmt: skip
    scene.add(rect(0, WORLD_HEIGHT - 20, WORLD_WIDTH, 40, scene.on("#3f2c20")))
    scene.glow(1000, 330, 700, scene.light.key, 0.2)
