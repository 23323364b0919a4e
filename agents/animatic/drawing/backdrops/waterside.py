"""Lighthouse, harbour, sea and beach."""

from agents.animatic.drawing import flora, houses
from agents.animatic.drawing.backdrops.record import Ground, outside
from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.skies import ridge, sky, water
from agents.animatic.drawing.svg import ellipse, line, path, polygon, rect


@outside(
    also="lighthouse, leuchtturm*, phare*, faro*, маяк*",
    ground=Ground("#66755a"),
)
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


@outside(
    worlds={
        "sea": "harbour, harbor, pier, quay, port",
    },
    also="dock, docks, jetty, wharf, marina, boathouse, seaport, fishing village, waterfront, ferry pier, slipway, boat dock",
    things="boat",
    ground=Ground("#8f7658"),
)
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


@outside(
    worlds={
        "sea": "sea, ocean, boat, ship, море*, meer, mar, mer",
    },
    also="deck, raft, sail, storm at sea, open water, open ocean, open sea, ferry, yacht, sailboat, lifeboat, fishing boat, trawler, ship's deck, atlantic, pacific, pirate ship, dinghy, canoe, aircraft carrier, bow, stern, at sea, water",
    things="boat",
    ground=Ground("#1f5a7a", pattern="waves"),
)
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


@outside(
    worlds={
        "sea": (
            "beach, shore, coast, island, bay, lagoon, cliff, cliffs, playa, plage, strand, пляж, берег, остров, île, isla, insel"
        ),
    },
    also="seaside, seashore, coastline, cove, headland, clifftop, cliff top, cliff edge, shoreline, sandbank, coastal path",
    ground=Ground("#e2cd9a", has_surf=True),
)
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
