"""River, forest, mountain, desert and field."""

from agents.animatic.drawing import flora, houses
from agents.animatic.drawing.backdrops.record import Ground, outside
from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, Scenery
from agents.animatic.drawing.skies import ground, mist, ridge, sky, water
from agents.animatic.drawing.svg import path, polygon


@outside(
    worlds={
        "city": "bridge",
        "wild": "river, lake, swamp, waterfall, marsh, riverbank, река, fluss, río, rivière",
    },
    also="pond, stream, canal, creek, brook, bayou, riverside, lakeside, embankment, weir, dam wall, wetlands, ford, lakeshore, rapids, river bank",
    ground=Ground("#5f8a4a", has_trees=True),
)
def river(scene: Scenery) -> None:
    """A river under a bridge."""
    sky(scene)
    ridge(scene, HORIZON, 190, "#5c7a86", 0.62, rough=0.3)
    flora.broad_trees(scene, HORIZON + 30, 0.6, 0.5, 16)
    mist(scene, HORIZON + 10, 150, 0.45)
    water(scene, HORIZON + 26, "#3d7480")
    houses.stone_bridge(scene, HORIZON + 110)
    bank = f"down({scene.on('#6f8f4c')},{scene.on('#3f5a36')})"
    scene.add(
        path(
            f"M-10 {HORIZON + 130} Q420 {HORIZON + 170} 620 960 Q700 1040 1100 1060 L2010 1040 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z",
            bank,
        )
    )
    flora.reeds(scene, 950)
    flora.grass(scene, 1030, "#557f40")


@outside(
    worlds={
        "wild": "forest, woods, wood, clearing, trail, лес, wald*, forêt*, bosque*, selva",
    },
    also="grove, tree, path, camp, camping, campsite, campfire, campground, woodland, thicket, treeline, undergrowth, base camp, glade, footpath, forest road, summer camp, bamboo forest",
    things="tree",
    ground=Ground("#4c6b3c", has_trees=True),
)
def forest(scene: Scenery) -> None:
    """Between tall trees."""
    sky(scene)
    for depth, base, size in ((0.75, HORIZON + 20, 0.55), (0.55, HORIZON + 40, 0.8), (0.34, HORIZON + 80, 1.1)):
        flora.treeline(scene, base, size, depth)
        mist(scene, base, 180, 0.5)
    ground(scene, "#4c6b3c", HORIZON + 70)
    scene.add(
        path(
            f"M900 {HORIZON + 80} Q1080 {HORIZON + 160} 900 900 Q760 1000 560 {WORLD_HEIGHT + 10} L1500 {WORLD_HEIGHT + 10} Q1300 960 1180 880 Q1080 780 980 {HORIZON + 80}Z",
            f"down({scene.on('#9a8a66', 0.4)},{scene.on('#6f5f48')})",
        )
    )
    light_shafts(scene)
    for x, size in ((120, 1.5), (380, 1.05), (1640, 1.15), (1900, 1.6)):
        flora.trunk(scene, x, 900 + size * 60, size)
    flora.grass(scene, 880, "#3f6a3a")
    flora.ferns(scene)


def light_shafts(scene: Scenery) -> None:
    """Rays that fall through the leaves."""
    if scene.light.darkness > 0.6 or scene.setting.weather not in ("clear", "cloudy", "snow"):
        return
    lean = 260 if scene.light.comes_from_left else -260
    for x, width in ((520, 90), (820, 150), (1180, 110), (1460, 70)):
        scene.add(
            polygon(
                [(x, -10), (x + width, -10), (x + width * 1.6 + lean, 960), (x - width * 0.4 + lean, 960)],
                f"down({see_through(scene.light.key, 0.34)},{see_through(scene.light.key, 0.0)})",
            )
        )


@outside(
    worlds={
        "wild": "mountain, mountains, valley, hill, canyon, volcano, summit, peak, горы, гора, berg, montagne, montaña",
        "sea": "fjord",
    },
    also="snow, ridge, pass, mountainside, hillside, hilltop, slope, slopes, gorge, ravine, mountaintop, ski resort, highlands, foothills, plateau, rocks, mountain pass, mountain hut, alps, himalayas, everest, crevasse, rim, lookout, lookout point, viewpoint, vista point",
    ground=Ground("#8a90a0", has_trees=True),
)
def mountain(scene: Scenery) -> None:
    """Peaks behind peaks."""
    sky(scene)
    ridge(scene, HORIZON - 40, 430, "#7387a8", 0.66, rough=0.85)
    flora.snow_peak(scene, 640, 130, 520)
    flora.snow_peak(scene, 1380, 210, 430)
    mist(scene, HORIZON - 30, 240, 0.55)
    ridge(scene, HORIZON + 60, 180, "#4f6b6f", 0.36, rough=0.6)
    flora.treeline(scene, HORIZON + 90, 0.45, 0.28)
    is_white = scene.setting.weather == "snow"
    ground(scene, "#dfe6ee" if is_white else "#6c7a58", HORIZON + 100)
    scene.add(
        path(
            f"M-10 900 Q300 830 560 900 Q800 960 1100 900 Q1500 830 2010 930 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z",
            f"down({scene.on('#f3f6fa' if is_white else '#7d8a60')},{scene.on('#b9c6d6' if is_white else '#46543c')})",
        )
    )
    flora.rocks(scene, 930)


@outside(
    worlds={
        "wild": "savannah",
        "desert": "desert, oasis, outback, sahara, dunes",
    },
    also="dune, pyramid, sand, sands, wasteland, mesa, savanna, badlands, salt flat, salt flats, dry lake, caravan route, ghost town",
    ground=Ground("#e0a866"),
)
def desert(scene: Scenery) -> None:
    """Dunes and mesas."""
    sky(scene)
    for x, width, top in ((300, 240, 500), (620, 150, 560), (1560, 320, 470)):
        scene.add(
            path(
                f"M{x - width} {HORIZON + 20} L{x - width * 0.72} {top + 30} L{x - width * 0.6} {top} L{x + width * 0.62} {top} L{x + width * 0.74} {top + 40} L{x + width} {HORIZON + 20}Z",
                f"down({scene.on('#c46a45', 0.4)},{scene.on('#c98058', 0.6)})",
            )
        )
    ground(scene, "#e0a866", HORIZON + 10)
    ridge(scene, 840, 110, "#e6b473", 0.15, rough=0.05)
    ridge(scene, 960, 120, "#d99a58", 0.02, rough=0.05)
    for x, size in ((260, 1.0), (1710, 1.3), (1240, 0.5)):
        flora.cactus(scene, x, 880 + size * 50, size)
    flora.rocks(scene, 1010)


@outside(
    worlds={
        "wild": "meadow",
        "village": (
            "village, farm, field, fields, garden, orchard, vineyard, countryside, backyard, yard, well, "
            "деревня, dorf*, pueblo*, garten, jardin, jardín, сад, поле"
        ),
    },
    also=(
        "деревн*, country, prairie, barn, ranch, cornfield, wheat field, farmyard, farmland, pasture, paddock, "
        "back yard, back garden, barnyard, stable, stables, corral, greenhouse, hayfield, plantation, rice paddy, rice paddies, rice field, paddy field, terraced fields, allotment, steppe, windmill"
    ),
    ground=Ground("#a8a04e", has_trees=True),
)
def field(scene: Scenery) -> None:
    """Open country with a farm."""
    sky(scene)
    ridge(scene, HORIZON + 10, 130, "#5c7f86", 0.65, rough=0.2)
    ridge(scene, HORIZON + 50, 90, "#6f9a55", 0.42, rough=0.15)
    houses.farm(scene, 1420 if scene.light.comes_from_left else 560, HORIZON + 30)
    flora.hedge(scene, HORIZON + 40)
    ground(scene, "#a8a04e", HORIZON + 50)
    for number in range(-9, 10):
        scene.add(
            polygon(
                [
                    (1000 + number * 26, HORIZON + 52),
                    (1000 + number * 26 + 10, HORIZON + 52),
                    (1000 + number * 300 + 110, WORLD_HEIGHT),
                    (1000 + number * 300, WORLD_HEIGHT),
                ],
                see_through(scene.on("#6d7a38"), 0.4),
            )
        )
    flora.fence(scene, 900)
    flora.grass(scene, 980, "#8f9a42")
