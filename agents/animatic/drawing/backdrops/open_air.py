"""Further landscapes: pool, under water, sky, airfield, road, filling station, car park, cemetery, works, battlefield, stadium, market, orbit, jungle, ice."""

from agents.animatic.drawing import fittings as t
from agents.animatic.drawing import flora, houses
from agents.animatic.drawing.backdrops.record import Ground, outside
from agents.animatic.drawing.palette import mix, see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.skies import ground, mist, ridge, sky, water
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect

PAVING = Ground("#6a6c74", pattern="paving")


@outside(
    worlds={"sea": "swimming pool"},
    also="pool, poolside, pool deck, lido, water park",
    ground=Ground("#5fc4d8", pattern="waves"),
)
def pool(scene: Scenery) -> None:
    """Blue water, loungers, palms."""
    sky(scene)
    flora.hedge(scene, HORIZON + 40)
    for x, size in ((260.0, 620), (1760.0, 700)):
        t.icon(scene, "palm-tree", x, HORIZON + 110, size)
    ground(scene, "#e2d6bd", HORIZON + 50)
    scene.add(
        path(f"M300 870 Q520 790 1000 790 Q1500 790 1700 870 Q1960 990 1900 {WORLD_HEIGHT + 10} L100 {WORLD_HEIGHT + 10} Q40 990 300 870Z", scene.on("#f4f0e6")),
        path(f"M340 880 Q540 812 1000 812 Q1470 812 1660 880 Q1900 990 1850 {WORLD_HEIGHT + 10} L150 {WORLD_HEIGHT + 10} Q100 990 340 880Z", f"down({scene.on('#7fdcec')},{scene.on('#2fa0c8')})"),
    )  # fmt: skip
    for _ in range(30):
        x, y = scene.chance.uniform(360, 1640), scene.chance.uniform(850, 1100)
        scene.add(line(f"M{x:.0f} {y:.0f} q26 -10 52 0 t52 0", "#ffffff77", 4))
    t.parasol(scene, 620, 800, "#e0584f")
    t.parasol(scene, 1380, 800, "#3f86b0")


@outside(
    worlds={"sea": "underwater, reef"},
    also="under water, beneath the sea, under the sea, bottom of the sea, ocean floor, seabed, sea floor, coral reef, depths, deep sea, shipwreck, kelp forest, bottom of the ocean, bottom of the lake, below the surface, atlantis",
    ground=Ground("#1f5a7a", pattern="waves"),
)
def underwater(scene: Scenery) -> None:
    """Light from above, corals, fish."""
    deep = scene.light.darkness
    top, low = mix("#4fc4dc", "#123a5c", deep), mix("#0e4a78", "#050f24", deep)
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, f"down({top},{mix(top, low, 0.6)},{low})"))
    for x, width in ((360, 120), (760, 190), (1180, 140), (1560, 90)):
        scene.add(polygon([(x, -10), (x + width, -10), (x + width * 2.2 - 160, 1000), (x - width - 160, 1000)], "down(#e8fbff44,#e8fbff00)"))  # fmt: skip
    ridge(scene, 940, 190, "#1d5a7a", 0.2, rough=0.5)
    scene.add(path(f"M-10 980 Q420 900 900 970 T2010 950 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z", f"down({mix('#c9b98a', low, 0.45)},{mix('#8a7a5a', low, 0.6)})"))  # fmt: skip
    for x, y, size, name in ((240, 1010, 300, "coral"), (1720, 1020, 360, "coral"), (1180, 1060, 110, "spiral-shell")):
        t.icon(scene, name, x, y, size)
    for x in (470, 560, 1440, 1520):
        scene.add(line(f"M{x} 1010 q-60 -110 10 -220 t-10 -200", mix("#2f8a5a", low, 0.35), 26))
    for x, y, size, name in ((620, 330, 90, "fish"), (740, 400, 70, "fish"), (1380, 460, 110, "tropical-fish"), (1500, 300, 74, "fish"), (320, 560, 120, "jellyfish")):  # fmt: skip
        t.icon(scene, name, x, y, size)
    t.bubbles(scene, 34)


@outside(
    worlds={"space": "sky"},
    also="skies, clouds, above the clouds, in the air, mid-air, midair, heaven, air, airspace, stratosphere, hot air balloon",
    ground=Ground("#8fb8cf"),
)
def heavens(scene: Scenery) -> None:
    """Nothing but air: clouds above and below."""
    sky(scene, WORLD_HEIGHT)
    for row in range(4):
        y = 700 + row * 120
        colour = mix(scene.light.haze, "#ffffff", 0.45 - scene.light.darkness * 0.4)
        outline = f"M-60 {WORLD_HEIGHT + 20} L-60 {y} " + " ".join(f"q{70 + row * 16} {-scene.chance.uniform(60, 150):.0f} {140 + row * 32} 0" for _ in range(16))  # fmt: skip
        scene.add(path(f"{outline} L2400 {WORLD_HEIGHT + 20}Z", f"down({see_through(colour, 0.95)},{see_through(scene.light.sky[2], 0.5)})"))  # fmt: skip


@outside(
    worlds={"city": "airfield"},
    also="airport, runway, tarmac, landing strip, airstrip, hangar, helipad, heliport, launch pad, launchpad, spaceport, apron",
    ground=PAVING,
)
def airfield(scene: Scenery) -> None:
    """A runway, a plane, a tower."""
    sky(scene)
    ridge(scene, HORIZON + 10, 110, "#5c7f86", 0.65, rough=0.2)
    scene.add(polygon([(1580, HORIZON + 20), (1660, HORIZON + 20), (1650, 400), (1590, 400)], scene.on("#b9b4a8", 0.3)), rect(1556, 340, 128, 66, scene.on("#4f6f80", 0.2), 8))  # fmt: skip
    scene.add(rect(120, HORIZON - 110, 480, 140, scene.on("#8a939a", 0.35)), path(f"M120 {HORIZON - 110} Q360 {HORIZON - 230} 600 {HORIZON - 110}Z", scene.on("#a3abb0", 0.35)))  # fmt: skip
    ground(scene, "#8a9a62", HORIZON + 20)
    scene.add(polygon([(900, HORIZON + 22), (1100, HORIZON + 22), (1800, WORLD_HEIGHT), (200, WORLD_HEIGHT)], scene.on("#5a5d64", 0.1)))  # fmt: skip
    scene.add(*(polygon([(1000 - 4 * n, HORIZON + 20 + n * n * 14), (1000 + 4 * n, HORIZON + 20 + n * n * 14), (1000 + 5 * n, HORIZON + 34 + n * n * 18), (1000 - 5 * n, HORIZON + 34 + n * n * 18)], scene.on("#f1ece0")) for n in range(1, 6)))  # fmt: skip
    t.icon(scene, "airplane-departure" if scene.is_dark else "airplane", 430, 480, 330)
    if scene.is_dark:
        for n in range(6):
            for side in (-1, 1):
                scene.glow(1000 + side * (110 + n * 120), HORIZON + 40 + n * 68, 60 + n * 10, "#ffd27a", 0.7)


@outside(
    worlds={"road": "road, highway, roadside, motorway"},
    also="roadblock, police roadblock, toll plaza, freeway, interstate, country road, dirt road, mountain road, desert highway, turnpike, route, hard shoulder, rest stop, truck stop, car, cars, truck, van, taxi, bus, police car, lorry, traffic, overpass, off-ramp, toll booth, border, border checkpoint, checkpoint, frontier, caravan, motorhome",
    ground=PAVING,
)
def highway(scene: Scenery) -> None:
    """A road that runs to the horizon through open country."""
    sky(scene)
    ridge(scene, HORIZON - 10, 240, "#6f86a0", 0.62, rough=0.5)
    ridge(scene, HORIZON + 30, 100, "#6f8a5c", 0.4, rough=0.2)
    is_dry = "desert" in scene.setting.place.casefold()
    ground(scene, "#d9a866" if is_dry else "#8f9a5a", HORIZON + 30)
    earth = scene.setting.period in ("medieval", "19th_century")
    road = ("#b09468", "#8a7250") if earth else ("#62656d", "#43464e")
    scene.add(polygon([(970, HORIZON + 32), (1030, HORIZON + 32), (1640, WORLD_HEIGHT), (360, WORLD_HEIGHT)], f"down({scene.on(road[0], 0.35)},{scene.on(road[1])})"))  # fmt: skip
    if not earth:
        scene.add(*(polygon([(1000 - 3 * n, HORIZON + 30 + n * n * 14), (1000 + 3 * n, HORIZON + 30 + n * n * 14), (1000 + 4 * n, HORIZON + 44 + n * n * 18), (1000 - 4 * n, HORIZON + 44 + n * n * 18)], scene.on("#efe6c8")) for n in range(1, 6)))  # fmt: skip
    for x, size in ((330, 1.0), (640, 0.55), (800, 0.3)):
        y = HORIZON + 40 + size * 150
        scene.add(rect(x - 7 * size, y - 420 * size, 14 * size, 420 * size, scene.on("#4a3a30")), rect(x - 70 * size, y - 400 * size, 140 * size, 10 * size, scene.on("#4a3a30")))  # fmt: skip
    flora.grass(scene, 1000, "#c2a35a" if is_dry else "#7f8f48")


@outside(
    worlds={"road": "petrol station, gas station"},
    also="filling station, service station, pump, pumps, gas pumps, petrol pump",
    ground=PAVING,
)
def filling_station(scene: Scenery) -> None:
    """A roof on posts, pumps, a lit shop."""
    sky(scene)
    ridge(scene, HORIZON + 10, 120, "#5c7f86", 0.6, rough=0.3)
    ground(scene, "#6a6c74", HORIZON + 20)
    scene.add(rect(1180, 480, 620, 330, scene.on("#c9c4b8")), rect(1160, 456, 660, 40, scene.on("#b3302f")), rect(1220, 560, 320, 190, houses.LIT if scene.is_dark else scene.on("#8fb0c0")), rect(1600, 580, 130, 230, scene.on("#4f6f80")))  # fmt: skip
    scene.add(rect(240, 300, 860, 76, f"down({scene.on('#f4f0e6')},{scene.on('#c9c4b8')})"), rect(240, 340, 860, 26, scene.on("#b3302f")), rect(330, 376, 34, 500, scene.on("#d9d4c8")), rect(980, 376, 34, 500, scene.on("#d9d4c8")))  # fmt: skip
    for x in (520, 820):
        t.standing(scene, "fuel-pump", x, 890, 270)
    scene.add(rect(300, 880, 760, 20, scene.on("#b8b4aa")))
    if scene.is_dark:
        scene.add(polygon([(280, 376), (1060, 376), (1200, 960), (140, 960)], "down(#fff4cc55,#fff4cc08)"))
        scene.glow(670, 420, 620, "#fff0c0", 0.55)
        scene.glow(1380, 650, 420, "#ffd27a", 0.4)


@outside(
    worlds={"city": "parking lot"},
    also="parking, car park, parking garage, parking structure, lot, loading dock, junkyard, scrapyard, used car lot, drive-in",
    ground=PAVING,
)
def car_park(scene: Scenery) -> None:
    """White lines, cars, a lamp."""
    sky(scene)
    houses.skyline(scene, HORIZON + 20, 260, 0.55)
    mist(scene, HORIZON, 160, 0.35)
    ground(scene, "#5f6168", HORIZON + 20)
    for number in range(-5, 6):
        scene.add(line(f"M{1000 + number * 150} 760 L{1000 + number * 230} 920", scene.on("#e6e2d4"), 8))
    names = ("automobile", "pickup-truck", "sport-utility-vehicle", "automobile", "minibus")
    for number, x in enumerate((240.0, 560.0, 1340.0, 1700.0)):
        name = scene.chance.choice(names)
        t.standing(scene, name, x, 850 + (number % 2) * 20, 270, flip=bool(number % 2))
    houses.street_lamp(scene, 960, 800, 1.15)
    if scene.setting.weather in ("rain", "storm"):
        for _ in range(9):
            x, y = scene.chance.uniform(200, 1800), scene.chance.uniform(900, 1090)
            scene.add(ellipse(x, y, (y - 700) * 0.5, (y - 760) * 0.06, see_through(scene.light.sky[2], 0.3)))


@outside(
    worlds={"village": "cemetery, graveyard"},
    also="churchyard, grave, graves, gravesite, graveside, burial ground, tomb, mausoleum, crypt",
    ground=Ground("#5f7f48", has_trees=True),
)
def cemetery(scene: Scenery) -> None:
    """Stones in the grass, bare trees, a chapel far away."""
    sky(scene)
    ridge(scene, HORIZON + 10, 130, "#5c7f86", 0.65, rough=0.2)
    t.icon(scene, "church", 1480, HORIZON + 40, 250)
    mist(scene, HORIZON + 20, 200, 0.5)
    ground(scene, "#64804c", HORIZON + 30)
    for row, (y, size) in enumerate(((HORIZON + 70, 0.4), (HORIZON + 140, 0.65), (HORIZON + 250, 1.0))):
        for number in range(6 - row):
            x = 180 + number * (330 + row * 70) + (row % 2) * 120
            tall, wide = 190 * size * scene.chance.uniform(0.8, 1.15), 116 * size
            stone = f"across({scene.on('#8f9094')},{scene.on('#b9b8b4')})"
            if (number + row) % 3:
                scene.add(path(f"M{x} {y} L{x} {y - tall + wide / 2} A{wide / 2} {wide / 2} 0 0 1 {x + wide} {y - tall + wide / 2} L{x + wide} {y}Z", stone))  # fmt: skip
            else:
                scene.add(rect(x + wide * 0.36, y - tall, wide * 0.28, tall, stone), rect(x, y - tall * 0.76, wide, wide * 0.26, stone))  # fmt: skip
            scene.add(ellipse(x + wide / 2, y + 2, wide * 0.8, 9 * size, see_through(scene.on("#2f4228"), 0.5)))
    for x, lean in ((140, 1), (1880, -1)):
        scene.add(line(f"M{x} 900 Q{x + lean * 20} 640 {x + lean * 10} 420 M{x + lean * 12} 640 L{x + lean * 150} 470 M{x + lean * 12} 560 L{x - lean * 110} 400 M{x + lean * 10} 430 L{x + lean * 90} 280", scene.on("#3a2f2c"), 30))  # fmt: skip
    flora.grass(scene, 980, "#54743f")


@outside(
    worlds={"workshop": "construction site"},
    also="building site, works, quarry, scaffolding, oil field, industrial estate, shipyard, dockyard, container yard, rail yard, railyard, depot, scrap yard, landfill, dump, mine, pit, excavation, dig site, archaeological dig, dam",
    ground=Ground("#a08a68"),
)
def works(scene: Scenery) -> None:
    """A crane, beams, a heap of sand, barriers."""
    sky(scene)
    houses.skyline(scene, HORIZON + 20, 220, 0.62)
    mist(scene, HORIZON, 180, 0.4)
    ground(scene, "#a08a68", HORIZON + 20)
    steel = scene.on("#8f6a3f", 0.15)
    scene.add(*(rect(820 + 150 * n, 360, 18, HORIZON - 320, steel) for n in range(5)), *(rect(820, 360 + 110 * n, 620, 16, steel) for n in range(4)))  # fmt: skip
    t.icon(scene, "building-construction", 420, HORIZON + 110, 720)
    scene.add(
        path("M1240 880 Q1420 700 1600 720 Q1760 760 1860 880Z", f"down({scene.on('#d9bb84')},{scene.on('#a8875a')})")
    )
    t.crates(scene, 240, 960, 3)
    for x in (900, 1120):
        t.standing(scene, "construction", x, 940, 180)


@outside(
    worlds={"castle": "battlefield"},
    also="trench, trenches, no man's land, front line, front lines, frontline, military base, army base, military camp, army camp, barracks, base, outpost, fort, encampment, war zone, minefield, gallows, refugee camp, fortification, siege, firing range, parade ground, prison yard, prison camp, labor camp, internment camp",
    ground=Ground("#7a6a50"),
)
def battlefield(scene: Scenery) -> None:
    """Churned earth, tents, palisades and smoke."""
    sky(scene)
    ridge(scene, HORIZON + 10, 150, "#6a7a80", 0.62, rough=0.5)
    for x in (300.0, 640.0, 1500.0):
        scene.add(path(f"M{x} {HORIZON} q-70 -160 20 -280 t-30 -260 q110 120 60 280 t10 260Z", see_through(mix(scene.light.haze, "#3a3640", 0.5), 0.5)))  # fmt: skip
    ground(scene, "#84704f", HORIZON + 20)
    for x, size in ((420.0, 0.8), (760.0, 0.6), (1420.0, 0.9)):
        base = HORIZON + 60 + size * 60
        cloth = scene.on("#a39a72" if scene.setting.period != "medieval" else "#d9c9a0", 0.15)
        scene.add(polygon([(x - 170 * size, base), (x, base - 250 * size), (x + 170 * size, base)], cloth), polygon([(x - 30 * size, base), (x, base - 170 * size), (x + 36 * size, base)], scene.on("#3a3228", 0.1)))  # fmt: skip
    for number in range(22):
        x = number * 96.0 - 20
        scene.add(polygon([(x, 930), (x + 34, 930), (x + 34, 800), (x + 17, 760), (x, 800)], f"across({scene.on('#4a3828')},{scene.on('#7a5c40')})") if number % 7 not in (3, 4) else "")  # fmt: skip
    for _ in range(9):
        x, y = scene.chance.uniform(80, 1920), scene.chance.uniform(950, 1090)
        scene.add(
            ellipse(x, y, 70, 15, scene.on("#4f4230")), ellipse(x, y + 4, 56, 9, see_through(scene.light.sky[2], 0.35))
        )


@outside(
    worlds={"stage": "stadium, arena, pitch"},
    also="football field, soccer field, baseball field, bleachers, grandstand, stands, sports field, playing field, race track, racetrack, running track, colosseum, amphitheatre, amphitheater, touchline, sideline, rodeo, bullring",
    ground=Ground("#5f9a4a"),
)
def stadium(scene: Scenery) -> None:
    """Stands full of people, lights, a striped pitch."""
    sky(scene)
    scene.add(path(f"M-10 {HORIZON + 30} L-10 380 Q1000 250 2010 380 L2010 {HORIZON + 30}Z", scene.on("#6a6f7a", 0.2)))
    for row in range(9):
        y = 400 + row * 34
        scene.add(*(circle(20 + n * 40 + (row % 2) * 20, y - 46 * (1 - abs(n - 25) / 25), 11, scene.on(scene.chance.choice(("#c2584a", "#e6ddcb", "#4f86b0", "#d9a441", "#5a4a44")), 0.15)) for n in range(50)))  # fmt: skip
    for x in (240, 1760):
        scene.add(rect(x - 9, 120, 18, 380, scene.on("#4a4f58")), rect(x - 90, 60, 180, 80, scene.on("#2c3038"), 6), *(circle(x - 62 + 41 * n, 100, 15, "#fffbe6") for n in range(4)))  # fmt: skip
        scene.glow(x, 100, 420, "#fff8dc", 0.6 if scene.is_dark else 0.15)
    ground(scene, "#5f9a4a", HORIZON + 30)
    for number in range(0, 12, 2):
        scene.add(polygon([(number * 170, HORIZON + 30), (number * 170 + 170, HORIZON + 30), (number * 280 - 360, WORLD_HEIGHT), (number * 280 - 640, WORLD_HEIGHT)], see_through(scene.on("#7ab85c"), 0.45)))  # fmt: skip
    scene.add(
        line(f"M0 {HORIZON + 90} L2000 {HORIZON + 90} M420 {HORIZON + 90} L180 {WORLD_HEIGHT}", scene.on("#f4f0e6"), 8)
    )
    t.icon(scene, "goal-net", 1400, HORIZON + 110, 230)


@outside(
    worlds={"village": "marketplace", "city": "market", "stage": "fairground, carnival, funfair"},
    also="market square, bazaar, souk, fair, stalls, medieval marketplace, village square, tournament, jousting ground, amusement park, theme park, boardwalk, festival",
    ground=PAVING,
)
def market(scene: Scenery) -> None:
    """Stalls under striped awnings before old houses."""
    sky(scene)
    houses.skyline(scene, HORIZON + 30, 330, 0.45, step=170)
    is_fair = any(
        word in scene.setting.place.casefold() for word in ("fun", "fairground", "carnival", "amusement", "theme")
    )
    if is_fair:
        t.icon(scene, "ferris-wheel", 560, HORIZON + 60, 560)
        t.icon(scene, "circus-tent", 1420, HORIZON + 60, 380)
    mist(scene, HORIZON + 20, 140, 0.3)
    ground(scene, "#a39a8a", HORIZON + 40)
    for x, y, size in ((220, 840, 0.85), (700, 800, 0.7), (1300, 800, 0.7), (1760, 850, 0.9)):
        _stall(scene, x, y, size)
    scene.add(*(ellipse(scene.chance.uniform(0, 2000), scene.chance.uniform(900, 1110), 34, 9, see_through(scene.on("#7a7264"), 0.6)) for _ in range(40)))  # fmt: skip


def _stall(scene: Scenery, x: float, base: float, size: float) -> None:
    colour = scene.chance.choice(("#b8433f", "#2f7f7a", "#d09a3a", "#4a5f9a"))
    wide, tall = 360 * size, 400 * size
    scene.add(*(rect(x - wide / 2 + dx, base - tall, 14 * size, tall, scene.on("#6f4f34")) for dx in (0, wide - 14 * size)))  # fmt: skip
    scene.add(
        rect(x - wide / 2, base - 130 * size, wide, 120 * size, f"down({scene.on('#9a7048')},{scene.on('#5f4228')})")
    )
    for number in range(6):
        left = x - wide * 0.58 + number * wide * 1.16 / 6
        scene.add(polygon([(left, base - tall), (left + wide * 1.16 / 6, base - tall), (left + wide * 1.2 / 6, base - tall + 90 * size), (left - 4, base - tall + 90 * size)], scene.on(colour if number % 2 else "#f1e8d8")))  # fmt: skip
    goods = scene.chance.choice((("red-apple", "green-apple", "lemon"), ("bread", "cheese-wedge", "pretzel"), ("fish", "fish", "crab"), ("tomato", "carrot", "eggplant")))  # fmt: skip
    for number in range(5):
        t.icon(scene, goods[number % 3], x - wide * 0.36 + number * wide * 0.18, base - 126 * size, 66 * size)


@outside(
    worlds={"space": "space, orbit, galaxy, космос, weltraum, espace, espacio"},
    also="outer space, deep space, universe, asteroid belt, hyperspace, low orbit, spaceship, starship, space station, spacecraft, nebula, cosmos, void",
    ground=Ground("#0c1030"),
)
def orbit(scene: Scenery) -> None:
    """Stars, a nebula, a planet below."""
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, "down(#03040c,#0a0f2c,#1a1440)"))
    for x, y, size, colour in (
        (500.0, 300.0, 700, "#7a3fa8"),
        (1400.0, 520.0, 800, "#2f5fb0"),
        (1000.0, 200.0, 600, "#a83f7a"),
    ):
        scene.add(circle(x, y, size, f"glow({colour}66,{colour}22,{colour}00)"))
    for _ in range(260):
        x, y = scene.chance.uniform(0, WORLD_WIDTH), scene.chance.uniform(0, 900)
        scene.add(
            circle(x, y, scene.chance.choice((1.0, 1.5, 2.6)), see_through("#f0f4ff", scene.chance.uniform(0.4, 1)))
        )
    scene.add(circle(1000, 2320, 1500, "glow(#7fc8ff88,#3f86d8aa,#1c3f7a)"), circle(1000, 2340, 1420, "down(#5fb4e8,#1f4f8a)"))  # fmt: skip
    for _ in range(12):
        x, wide = scene.chance.uniform(300, 1700), scene.chance.uniform(60, 220)
        scene.add(ellipse(x, 960 + abs(x - 1000) ** 2 * 0.0003 + scene.chance.uniform(0, 90), wide, 12, "#ffffff88"))
    t.icon(scene, "satellite", 420, 330, 150)
    scene.add(circle(1560, 220, 70, "across(#e9e4d8,#8a8894,#23243a)"))
    scene.glow(1000, 900, 900, "#7fc0ff", 0.25)


@outside(
    worlds={"wild": "jungle"},
    also="rainforest, tropical island, desert island, amazon, mangrove",
    things="tree",
    ground=Ground("#3f6a3a", has_trees=True),
)
def jungle(scene: Scenery) -> None:
    """Palms, vines, broad leaves, light between."""
    sky(scene)
    for depth, base in ((0.7, HORIZON + 10), (0.5, HORIZON + 50)):
        flora.broad_trees(scene, base, 0.9, depth, 14)
        mist(scene, base, 170, 0.45)
    ground(scene, "#45683a", HORIZON + 60)
    for x, base, size in ((200, 900, 840), (520, 830, 640), (1480, 840, 700), (1820, 910, 900)):
        t.icon(scene, "palm-tree", x, base, size, flip=x > 1000)
    for x in (360, 760, 1240, 1660):
        scene.add(line(f"M{x} -10 q{scene.chance.uniform(-60, 60):.0f} 160 {scene.chance.uniform(-30, 30):.0f} 330", scene.on("#2f5a34"), 11))  # fmt: skip
    for x in (60, 340, 1600, 1900):
        for lean in (-90, -30, 40, 100):
            scene.add(path(f"M{x} 1060 Q{x + lean * 0.6} 900 {x + lean * 2} 860 Q{x + lean * 1.4} 960 {x} 1060Z", scene.on("#3f8a4a" if lean > 0 else "#2f6f3f")))  # fmt: skip
    flora.ferns(scene)


@outside(
    worlds={"wild": "arctic, antarctica, tundra, glacier"},
    also="north pole, south pole, ice field, ice floe, snowfield, snowy plain, frozen lake, ice, polar station, iceberg, frozen sea",
    ground=Ground("#dfe8f0"),
)
def ice_field(scene: Scenery) -> None:
    """Ice to the horizon, blue shadows, bergs."""
    sky(scene)
    for x, wide, tall in ((360.0, 240, 210), (1320.0, 380, 300), (1760.0, 180, 150)):
        scene.add(polygon([(x - wide, HORIZON + 30), (x - wide * 0.5, HORIZON - tall * 0.7), (x - wide * 0.1, HORIZON - tall), (x + wide * 0.4, HORIZON - tall * 0.5), (x + wide, HORIZON + 30)], f"down({scene.on('#f4fafc', 0.2)},{scene.on('#8fb8d4', 0.3)})"))  # fmt: skip
    water(scene, HORIZON + 10, "#2c5f86", 800)
    scene.add(path(f"M-10 790 Q300 750 700 800 T1400 780 T2010 800 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z", f"down({scene.on('#f1f6fa')},{scene.on('#b4cbe0')})"))  # fmt: skip
    for _ in range(14):
        x, y = scene.chance.uniform(40, 1960), scene.chance.uniform(840, 1100)
        scene.add(line(f"M{x:.0f} {y:.0f} q{60 + y * 0.05:.0f} -14 {150 + y * 0.08:.0f} 4", scene.on("#9fbcd8"), 6))


@outside(
    also="outdoors, exterior, outside, ground, open ground, plain, plains, land",
    worlds={"wild": "heath, moor, wilderness"},
    ground=Ground("#8f9a5c"),
    is_general=True,
)
def open_ground(scene: Scenery) -> None:
    """Open ground under a large sky: where nothing more is known."""
    sky(scene)
    ridge(scene, HORIZON, 130, "#6a8494", 0.66, rough=0.25)
    ridge(scene, HORIZON + 30, 70, "#7f9a6a", 0.45, rough=0.15)
    mist(scene, HORIZON + 10, 140, 0.4)
    ground(scene, "#98a062", HORIZON + 40)
    scene.add(path(f"M-10 930 Q420 860 900 930 T2010 900 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z", f"down({scene.on('#86924f')},{scene.on('#58663a')})"))  # fmt: skip
    flora.rocks(scene, 1000)
    flora.grass(scene, 990, "#7a8a48")
