"""Houses from outside, with their trade written on them: a home, a shop or bar, a large public building."""

from agents.animatic.drawing import fittings as t
from agents.animatic.drawing import flora, houses
from agents.animatic.drawing.backdrops.record import Ground, outside
from agents.animatic.drawing.palette import darker, lighter
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.skies import ground, mist, sky
from agents.animatic.drawing.svg import circle, line, path, polygon, rect

LONGEST_SIGN = 16  # characters


@outside(
    worlds={"city": "suburb"},
    also="house front, cottage, farmhouse, house, home, villa, mansion, manor, bungalow, porch, front porch, front door, doorstep, driveway, front yard, verandah, veranda, hut, cabin, lodge, shack, residence, estate, trailer park, suburban street, suburbia, cul-de-sac, neighborhood, neighbourhood, motel, inn, ranch house, apartment, flat, dacha, treehouse",
    ground=Ground("#6f9a52", has_trees=True),
)
def home(scene: Scenery) -> None:
    """A house with a porch, a path and a tree."""
    sky(scene)
    flora.broad_trees(scene, HORIZON + 30, 0.6, 0.5, 14)
    mist(scene, HORIZON + 10, 140, 0.35)
    ground(scene, "#6f9a52", HORIZON + 30)
    wall = scene.chance.choice(("#d9c9a8", "#c2a08a", "#a8b8b4", "#cfc4b4"))
    roof = scene.chance.choice(("#6b4a42", "#4f5564", "#7a4638"))
    x, base = 560.0, 880.0
    scene.add(
        rect(x, base - 400, 880, 400, f"down({scene.on(wall)},{scene.on(darker(wall, 0.2))})"),
        polygon([(x - 60, base - 390), (x + 110, base - 640), (x + 770, base - 640), (x + 940, base - 390)], f"down({scene.on(lighter(roof, 0.08))},{scene.on(darker(roof, 0.2))})"),
        rect(x + 660, base - 720, 76, 150, scene.on(darker(roof, 0.1))),
    )  # fmt: skip
    if scene.setting.period == "medieval":
        beam = scene.on("#4a3424")
        scene.add(*(rect(x + dx, base - 400, 20, 400, beam) for dx in (0, 214, 430, 646, 860)), rect(x, base - 210, 880, 20, beam), *(line(f"M{x + dx} {base - 390} L{x + dx + 196} {base - 210}", beam, 16) for dx in (16, 662)))  # fmt: skip
    for dx, dy in ((70, 330), (250, 330), (540, 330), (720, 330), (90, 170), (690, 170)):
        scene.add(rect(x + dx - 8, base - dy - 8, 116, 126, scene.on("#f1ece0")), rect(x + dx, base - dy, 100, 110, houses.LIT if scene.is_dark and dx % 40 else houses.pane(scene)), rect(x + dx + 46, base - dy, 8, 110, scene.on("#f1ece0")))  # fmt: skip
    scene.add(rect(x + 370, base - 200, 140, 200, scene.on(scene.chance.choice(("#8f3f3a", "#3f6a5a", "#4a5f8a"))), 4), circle(x + 490, base - 96, 8, scene.on("#d9b25a")))  # fmt: skip
    scene.add(polygon([(x + 250, base - 226), (x + 630, base - 226), (x + 580, base - 296), (x + 300, base - 296)], scene.on(darker(roof, 0.1))), *(rect(x + dx, base - 226, 18, 226, scene.on("#efe8da")) for dx in (270, 594)), rect(x + 240, base - 16, 400, 24, scene.on("#b8a890")))  # fmt: skip
    scene.add(path(f"M{x + 380} {base + 6} Q{x + 330} 980 700 {WORLD_HEIGHT + 10} L1240 {WORLD_HEIGHT + 10} Q{x + 560} 980 {x + 500} {base + 6}Z", f"down({scene.on('#c9b894')},{scene.on('#a3906c')})"))  # fmt: skip
    flora.broad_tree(scene, 300, 930, 1.5, 0.05)
    flora.fence(scene, 930)
    if scene.is_dark:
        scene.glow(x + 440, base - 160, 360, "#ffcf85", 0.5)


@outside(
    also="bar, pub, restaurant, cafe, café, shop, store, diner, bakery, tavern, saloon, nightclub, club, coffee shop, pharmacy, supermarket, grocery store, gas station store, barber shop, bookshop, bookstore, pawn shop, laundromat, salon, bistro, pizzeria, butcher's, flower shop, mall, casino, market hall, jewelry store, music store, convenience store, liquor store",
    ground=Ground("#8a8680", pattern="paving"),
)
def shopfront(scene: Scenery) -> None:
    """A lit window under an awning, a door, the trade on a sign."""
    sky(scene)
    houses.skyline(scene, HORIZON + 60, 330, 0.5)
    ground(scene, "#8a8680", HORIZON + 60)
    wall = scene.chance.choice(("#8f6a5c", "#7c8691", "#a98f74", "#6f7f86"))
    scene.add(rect(260, 60, 1480, 820, f"down({scene.on(lighter(wall, 0.06))},{scene.on(darker(wall, 0.25))})"))
    scene.add(rect(240, 40, 1520, 40, scene.on(lighter(wall, 0.25))))
    for x in (340, 640, 940, 1240, 1540):
        scene.add(rect(x - 10, 110, 160, 210, scene.on(lighter(wall, 0.3))), rect(x, 120, 140, 190, houses.pane(scene)))
    glass = f"down({houses.LIT},#e8a860)" if scene.is_dark else f"down({scene.on('#a8c4d0')},{scene.on('#5f7f90')})"
    scene.add(rect(330, 500, 620, 330, scene.on("#3a2f2c")), rect(346, 516, 588, 280, glass), rect(636, 516, 10, 280, scene.on("#3a2f2c")))  # fmt: skip
    scene.add(rect(1100, 480, 220, 400, scene.on("#3a2c2e")), rect(1120, 500, 180, 250, glass, 4), circle(1284, 700, 10, scene.on("#d9b25a")))  # fmt: skip
    colour = scene.chance.choice(("#b8433f", "#2f7f7a", "#d09a3a", "#4a5f9a"))
    for number in range(8):
        x = 316 + number * 82
        scene.add(polygon([(x, 440), (x + 82, 440), (x + 90, 540), (x - 8, 540)], scene.on(colour if number % 2 else "#f1e8d8")))  # fmt: skip
    t.sign(scene, trade(scene), 1000, 344, size=54, colour=darker(colour, 0.4))
    scene.add(rect(0, 880, WORLD_WIDTH, 50, scene.on("#b0aaa0")), rect(0, 930, WORLD_WIDTH, 220, f"down({scene.on('#55585f')},{scene.on('#3c3f48')})"))  # fmt: skip
    houses.street_lamp(scene, 1560, 900, 1.2)
    if scene.is_dark:
        scene.glow(640, 660, 560, "#ffcf85", 0.5)


@outside(
    also="hospital, school, university, bank, hotel, office, building, buildings, office building, apartment building, apartment block, tenement, courthouse, court, police station, precinct, headquarters, museum, library, theatre, theater, opera, opera house, cinema, embassy, parliament, city hall, town hall, prison, jail, penitentiary, factory, warehouse, laboratory, research facility, clinic, academy, college, high school, gallery, skyscraper, tower block, station house, fire station, post office, asylum, orphanage, institute, white house, pentagon, power plant, mill, refinery, studio, church hall, lincoln center, nursing home, hospice, dormitory, ministry, shelter, animal shelter, center, centre, facility, complex, compound, plant, terminal, ferry terminal, subway entrance, stock exchange, morgue, nightclub entrance",
    ground=Ground("#8f8c88", pattern="paving"),
)
def building(scene: Scenery) -> None:
    """Steps, columns and windows; what it is stands over the door."""
    sky(scene)
    houses.skyline(scene, HORIZON + 40, 260, 0.62)
    flora.broad_trees(scene, HORIZON + 60, 0.6, 0.4, 10)
    ground(scene, "#8f8c88", HORIZON + 60)
    stone = scene.chance.choice(("#c9bda4", "#a9adb2", "#b59a84"))
    front = f"down({scene.on(lighter(stone, 0.1))},{scene.on(darker(stone, 0.18))})"
    scene.add(rect(330, 120, 1340, 740, front), rect(300, 96, 1400, 44, scene.on(lighter(stone, 0.2))))
    for row, y in enumerate((190, 350)):
        for number in range(8):
            x = 400 + number * 156
            scene.add(rect(x - 6, y - 6, 102, 122, scene.on(lighter(stone, 0.25))), rect(x, y, 90, 110, houses.pane(scene, 0.05 * row)))  # fmt: skip
    for number in (0, 1, 6, 7):
        x = 400 + number * 156
        scene.add(rect(x - 6, 584, 102, 162, scene.on(lighter(stone, 0.25))), rect(x, 590, 90, 150, houses.pane(scene)))
    scene.add(polygon([(690, 540), (1310, 540), (1000, 430)], scene.on(lighter(stone, 0.16))), rect(690, 540, 620, 26, scene.on(lighter(stone, 0.3))))  # fmt: skip
    scene.add(rect(720, 566, 560, 280, scene.on(darker(stone, 0.35))), rect(900, 620, 200, 226, scene.on("#4a3428")), rect(994, 620, 12, 226, scene.on("#2f2019")))  # fmt: skip
    for x in (730, 850, 1110, 1230):
        scene.add(rect(x, 566, 44, 280, f"across({scene.on(darker(stone, 0.1))},{scene.on(lighter(stone, 0.4))},{scene.on(darker(stone, 0.2))})"))  # fmt: skip
    for number in range(4):
        scene.add(rect(680 - number * 40, 840 + number * 22, 640 + number * 80, 22, scene.on(lighter(stone, 0.25 - number * 0.06))))  # fmt: skip
    t.sign(scene, trade(scene), 1000, 470, size=44, colour="#2c3644")
    houses.street_lamp(scene, 480, 930, 1.0)
    houses.street_lamp(scene, 1520, 930, 1.0)
    if scene.setting.weather in ("rain", "storm"):
        scene.add(rect(0, 960, WORLD_WIDTH, 4, "#ffffff22"))


@outside(
    also="church, chapel, cathedral, abbey, convent, village church, mosque, synagogue, minster, basilica, parish, vicarage, rectory",
    ground=Ground("#6f8f58", has_trees=True),
)
def church(scene: Scenery) -> None:
    """A church with its tower on a green."""
    sky(scene)
    flora.broad_trees(scene, HORIZON + 40, 0.7, 0.45, 12)
    mist(scene, HORIZON + 20, 160, 0.35)
    ground(scene, "#6f8f58", HORIZON + 40)
    stone = f"down({scene.on('#cfc6b4')},{scene.on('#9a9284')})"
    scene.add(
        rect(640, 470, 620, 370, stone),
        polygon([(600, 480), (950, 300), (1300, 480)], scene.on("#5f5a66")),
        rect(1180, 240, 200, 600, f"across({scene.on('#d9d0be')},{scene.on('#a39a8a')})"),
        polygon([(1156, 250), (1280, -60), (1404, 250)], scene.on("#4f4a5a")),
        line("M1280 -60 L1280 -130 M1256 -104 L1304 -104", scene.on("#d9b25a"), 9),
        circle(1280, 340, 42, scene.on("#f4eedd")),
        line("M1280 340 L1280 312 M1280 340 L1298 350", scene.on("#3a3440"), 6),
        path("M1240 840 L1240 690 Q1280 630 1320 690 L1320 840Z", scene.on("#5a3f2e")),
    )  # fmt: skip
    for x in (700, 830, 960, 1090):
        scene.add(path(f"M{x} 740 L{x} 600 Q{x + 32} 540 {x + 64} 600 L{x + 64} 740Z", houses.LIT if scene.is_dark else scene.on("#3f5a7a")))  # fmt: skip
    scene.add(path(f"M1240 846 Q1180 960 900 {WORLD_HEIGHT + 10} L1460 {WORLD_HEIGHT + 10} Q1340 960 1322 846Z", scene.on("#c2b18c")))  # fmt: skip
    flora.broad_tree(scene, 380, 930, 1.4, 0.05)
    flora.grass(scene, 1000, "#5f7f48")


def trade(scene: Scenery) -> str:
    """What stands over the door: the last known word of the place's name; "" in a script that the font of signs may lack."""
    place = scene.setting.place
    for backdrop in (shopfront, building):
        found = backdrop.found_in(place)
        if found:
            end, length = found
            word = place[end - length : end].upper()
            return word if word.isascii() and len(word) <= LONGEST_SIGN else ""
    return ""
