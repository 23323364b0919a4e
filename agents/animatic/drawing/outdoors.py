"""Places under the sky, painted from far to near."""

from collections.abc import Callable

from agents.animatic.drawing import flora, houses, space
from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.skies import ground, mist, ridge, sky, water
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect


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
    for near in (0.05, 0.16, 0.34, 0.62):
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


def rooftop(scene: Scenery) -> None:
    """Above the city."""
    sky(scene, HORIZON + 60)
    houses.skyline(scene, HORIZON + 120, 260, 0.7)
    houses.skyline(scene, HORIZON + 160, 400, 0.48, step=150)
    mist(scene, HORIZON + 80, 260, 0.4)
    houses.skyline(scene, HORIZON + 190, 330, 0.26, step=230)
    scene.add(rect(0, 850, WORLD_WIDTH, 300, f"down({scene.on('#6a6670')},{scene.on('#3c3a46')})"))
    scene.add(rect(0, 806, WORLD_WIDTH, 52, scene.on("#7d7680")), rect(0, 800, WORLD_WIDTH, 14, scene.on("#a39aa0")))
    houses.water_tank(scene, 330, 806)
    scene.add(
        rect(1500, 690, 180, 118, scene.on("#5c5763")),
        *(rect(1516, 706 + 18 * n, 148, 8, scene.on("#3f3b48")) for n in range(5)),
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


def beach(scene: Scenery) -> None:
    """Sand, surf and a headland."""
    sky(scene)
    side = -1 if scene.light.comes_from_left else 1
    cliff = [
        (1000 + side * 1010, HORIZON + 30),
        (1000 + side * 1010, 380),
        (1000 + side * 720, 430),
        (1000 + side * 560, 560),
        (1000 + side * 380, 640),
        (1000 + side * 240, HORIZON + 30),
    ]
    water(scene, HORIZON, "#2f7f96", 930)
    scene.add(polygon(cliff, f"down({scene.on('#7d8f6a', 0.35)},{scene.on('#8a7a6a', 0.45)})"))
    scene.add(
        path(
            f"M-10 860 Q420 830 900 876 T2010 850 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z",
            f"down({scene.on('#e2cd9a', 0.15)},{scene.on('#e7cf9c')},{scene.on('#b99a68')})",
        )
    )
    for shift, strength in ((0, 0.9), (14, 0.45), (34, 0.25)):
        scene.add(
            line(
                f"M-10 {856 + shift} Q420 {826 + shift} 900 {872 + shift} T2010 {846 + shift}",
                see_through(scene.on("#ffffff"), strength),
                9 - shift * 0.15,
            )
        )
    for _ in range(16):
        x, y = scene.chance.uniform(40, 1960), scene.chance.uniform(930, 1100)
        scene.add(ellipse(x, y, 14 + (y - 900) * 0.12, 5 + (y - 900) * 0.03, scene.on("#c2a878")))
    flora.dune_grass(scene)


def sea(scene: Scenery) -> None:
    """Nothing but waves, and what carries us."""
    sky(scene)
    water(scene, HORIZON, "#1f5a7a")
    rough = 30 if scene.setting.weather in ("storm", "rain") else 12
    for row in range(6):
        y = HORIZON + 40 + row * row * 11
        lift = rough * (0.5 + row * 0.35)
        outline = f"M-40 {y} " + " ".join(
            f"q{60 + row * 22} {-lift * scene.chance.uniform(0.6, 1.4):.0f} {120 + row * 44} 0" for _ in range(18)
        )
        scene.add(
            path(
                outline + f" L2600 {y + 80} L-40 {y + 80}Z",
                f"down({see_through(scene.on('#5fa3b8', 0.25), 0.75)},{see_through(scene.on('#1d5470'), 0.0)})",
            )
        )
    deck = scene.on("#8a5f3f")
    scene.add(
        path(
            f"M-10 940 Q1000 870 2010 940 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z",
            f"down({deck},{scene.on('#4f3527')})",
        )
    )
    for number in range(-8, 9):
        scene.add(
            line(
                f"M{1000 + number * 115} {905 + abs(number) * 3} L{1000 + number * 190} {WORLD_HEIGHT}",
                scene.on("#4a3122"),
                4,
            )
        )
    scene.add(line("M-10 936 Q1000 866 2010 936", scene.on("#d3ab77"), 16))
    for number in range(-6, 7):
        scene.add(rect(1000 + number * 170 - 8, 770 + abs(number) * 8, 16, 140, scene.on("#6f4a30")))
    scene.add(line("M-10 836 Q1000 730 2010 836", scene.on("#b98a5a"), 17))


def harbour(scene: Scenery) -> None:
    """A quay with boats."""
    sky(scene)
    ridge(scene, HORIZON + 6, 150, "#5f7d8c", 0.6, rough=0.25)
    houses.skyline(scene, HORIZON + 16, 130, 0.4, step=90)
    water(scene, HORIZON + 10, "#2b6a86", 960)
    for x, y, size in ((420, 770, 0.42), (1180, 740, 0.3), (1620, 800, 0.5)):
        houses.moored_boat(scene, x, y, size)
    scene.add(
        rect(0, 890, WORLD_WIDTH, 260, f"down({scene.on('#a08768')},{scene.on('#5c4a3a')})"),
        rect(0, 880, WORLD_WIDTH, 16, scene.on("#c7aa82")),
    )
    for x in range(-60, 2100, 130):
        scene.add(
            line(
                f"M{1000 + (x - 1000) * 0.92:.0f} 896 L{1000 + (x - 1000) * 1.25:.0f} {WORLD_HEIGHT}",
                scene.on("#493a2e"),
                4,
            )
        )
    for x in (240, 820, 1400, 1900):
        scene.add(rect(x, 800, 38, 110, scene.on("#5a4433"), 8), ellipse(x + 19, 802, 19, 8, scene.on("#8a6c50")))
    houses.street_lamp(scene, 1700, 900, 1.15)


def lighthouse(scene: Scenery) -> None:
    """A lighthouse on its rock."""
    sky(scene)
    water(scene, HORIZON, "#245c78", 980)
    x = 1480 if scene.light.comes_from_left else 520
    scene.add(
        path(
            f"M{x - 620} 900 Q{x - 420} 690 {x - 180} 640 Q{x} 590 {x + 200} 640 Q{x + 430} 700 {x + 640} 910Z",
            f"down({scene.on('#6f7a68', 0.15)},{scene.on('#3c4048')})",
        )
    )
    houses.lighthouse_tower(scene, x, 660)
    houses.cottage(scene, x - 250 if x > 1000 else x + 130, 690, 0.8)
    scene.add(
        path(
            f"M-10 920 Q500 840 1000 890 T2010 900 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z",
            f"down({scene.on('#66755a')},{scene.on('#2f3a34')})",
        )
    )
    flora.grass(scene, 960, "#5d7050")


def station(scene: Scenery) -> None:
    """A platform, rails, a waiting train."""
    sky(scene)
    houses.skyline(scene, HORIZON, 200, 0.66)
    mist(scene, HORIZON, 160, 0.4)
    houses.train_outside(scene, 250 if scene.light.comes_from_left else -150, 820)
    scene.add(
        rect(0, 820, WORLD_WIDTH, 46, scene.on("#4a4640")),
        *(line(f"M0 {y} L2000 {y}", scene.on("#9aa0a8"), 6) for y in (838, 856)),
    )
    scene.add(
        rect(0, 866, WORLD_WIDTH, 280, f"down({scene.on('#a7a29a')},{scene.on('#5e5a58')})"),
        rect(0, 866, WORLD_WIDTH, 12, scene.on("#e0cf7a")),
    )
    for x in (150, 780, 1410, 1960):
        scene.add(
            rect(x, 330, 30, 560, scene.on("#39424f")),
            path(f"M{x - 90} 330 L{x + 15} 410 L{x + 120} 330Z", scene.on("#39424f")),
        )
    scene.add(
        path("M-10 250 L2010 250 L2010 338 Q1000 320 -10 338Z", f"down({scene.on('#56606e')},{scene.on('#2f3742')})")
    )
    scene.add(
        circle(1090, 430, 56, scene.on("#2a303a")),
        circle(1090, 430, 46, "#f5efdc"),
        line("M1090 430 L1090 396 M1090 430 L1114 442", "#2a2530", 6),
    )
    houses.bench(scene, 520, 930)
    for x in (460, 1240, 1700):
        scene.glow(x, 350, 300, "#ffdf9e", 0.4 if scene.is_dark else 0.0)


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


def castle(scene: Scenery) -> None:
    """Walls and towers on a hill."""
    sky(scene)
    ridge(scene, HORIZON, 220, "#6a7f92", 0.62, rough=0.5)
    mist(scene, HORIZON - 20, 200, 0.45)
    x = 1300 if scene.light.comes_from_left else 700
    scene.add(
        path(
            f"M{x - 700} {HORIZON + 60} Q{x - 320} {HORIZON - 110} {x} {HORIZON - 130} Q{x + 320} {HORIZON - 110} {x + 700} {HORIZON + 60}Z",
            f"down({scene.on('#5f7a52', 0.3)},{scene.on('#4a6344', 0.2)})",
        )
    )
    houses.castle(scene, x, HORIZON - 90)
    flora.treeline(scene, HORIZON + 70, 0.5, 0.28)
    ground(scene, "#5f7f48", HORIZON + 60)
    scene.add(
        path(
            f"M{x - 30} {HORIZON - 70} Q{x + 160} {HORIZON + 40} 960 {HORIZON + 120} Q700 900 620 {WORLD_HEIGHT + 10} L1340 {WORLD_HEIGHT + 10} Q1120 880 1120 {HORIZON + 140} Q{x + 300} {HORIZON + 40} {x + 30} {HORIZON - 70}Z",
            f"down({scene.on('#b8a884', 0.3)},{scene.on('#8f7d60')})",
        )
    )
    flora.grass(scene, 960, "#54743f")


PLACES: dict[str, Callable[[Scenery], None]] = {
    "street": street, "rooftop": rooftop, "forest": forest, "field": field, "park": park, "river": river,
    "beach": beach, "sea": sea, "harbour": harbour, "lighthouse": lighthouse, "station": station,
    "mountain": mountain, "desert": desert, "castle": castle, "space": space.space,
}  # fmt: skip
