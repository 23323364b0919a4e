"""Park and street. Looked at last."""

from agents.animatic.drawing import flora, houses
from agents.animatic.drawing.backdrops.record import Ground, outside
from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, Scenery
from agents.animatic.drawing.skies import ground, mist, sky
from agents.animatic.drawing.svg import ellipse, path, polygon


@outside(
    worlds={
        "city": "park",
        "school": "playground, schoolyard, campus",
        "castle": "courtyard",
    },
    also="parkland, bench, zoo, lawn, quad, botanical garden, public garden, school yard, picnic area, golf course, green, common, promenade, dog run, pond bench",
    things="tree",
    ground=Ground("#6fa052", has_trees=True),
)
def park(scene: Scenery) -> None:
    """Lawns, trees, a bench and a lamp."""
    sky(scene)
    houses.skyline(scene, HORIZON + 10, 220, 0.72)
    flora.broad_trees(scene, HORIZON + 40, 0.75, 0.45, 12)
    mist(scene, HORIZON + 20, 160, 0.35)
    ground(scene, "#6fa052", HORIZON + 40)
    scene.add(
        path(
            f"M760 {HORIZON + 42} Q1100 800 700 900 Q420 980 260 {WORLD_HEIGHT + 10} L1240 {WORLD_HEIGHT + 10} Q1240 960 1300 880 Q1360 790 900 {HORIZON + 42}Z",
            f"down({scene.on('#d9c9a0', 0.35)},{scene.on('#b9a67e')})",
        )
    )
    flora.broad_trees(scene, 880, 1.7, 0.08, 2)
    houses.bench(scene, 1560, 900)
    houses.street_lamp(scene, 1330, 890, 1.0)
    flora.grass(scene, 980, "#5d9148")


@outside(
    worlds={
        "city": (
            "city, street, alley, avenue, downtown, plaza, town, square, crossroads, улица, город*, straße*, strasse*, "
            "stadt*, rue, calle*, ville, ciudad, площадь"
        ),
    },
    also=(
        "улиц*, sidewalk, pavement, lane, boulevard, intersection, corner, crosswalk, alleyway, back alley, city street, "
        "block, side street, main street, curb, kerb, crossing, metropolis, chinatown, slum, ghetto, harlem, brooklyn, "
        "manhattan, london, paris, tokyo, new york, los angeles, berlin, rome, gasse, piazza, row, gate, times square, "
        "uptown, city centre, city center, outskirts, edge of town, skyline, underpass, tunnel entrance"
    ),
    ground=Ground("#6a6c74", pattern="paving"),
)
def street(scene: Scenery) -> None:
    """A street between houses that leads into the distance."""
    sky(scene)
    houses.skyline(scene, HORIZON + 20, 300, 0.62)
    houses.skyline(scene, HORIZON + 30, 420, 0.42, step=190)
    mist(scene, HORIZON, 220, 0.45)
    ground(scene, "#55585f", HORIZON + 20)
    road = scene.on("#3c3f48")
    scene.add(
        polygon(
            [(880, HORIZON + 20), (1120, HORIZON + 20), (1900, WORLD_HEIGHT), (100, WORLD_HEIGHT)],
            f"down({scene.on('#4a4e58', 0.4)},{road})",
        )
    )
    has_lanes = scene.setting.period in ("today", "future")
    for near in (0.05, 0.16, 0.34, 0.62) if has_lanes else ():
        y, size = HORIZON + 30 + near * 400, 1 + near * 9
        scene.add(
            polygon(
                [
                    (1000 - size * 1.6, y),
                    (1000 + size * 1.6, y),
                    (1000 + size * 2.4, y + size * 6),
                    (1000 - size * 2.4, y + size * 6),
                ],
                scene.on("#c9c3a8", 0.1),
            )
        )
    houses.row(scene, from_left=True)
    houses.row(scene, from_left=False)
    for x, size in ((560, 0.62), (1440, 0.62), (250, 1.1), (1760, 1.1)):
        houses.street_lamp(scene, x, HORIZON + 60 + size * 130, size)
    if scene.setting.weather in ("rain", "storm"):
        puddles(scene)


def puddles(scene: Scenery) -> None:
    """Wet ground that mirrors what shines."""
    for _ in range(9):
        x, y = scene.chance.uniform(200, 1800), scene.chance.uniform(840, 1090)
        scene.add(ellipse(x, y, (y - 700) * 0.5, (y - 760) * 0.06, see_through(scene.light.sky[2], 0.3)))
