"""Rooms that many people pass through: corridor, café, church, train."""

from agents.animatic.drawing import furniture as f
from agents.animatic.drawing.backdrops.record import inside
from agents.animatic.drawing.palette import darker, lighter, see_through
from agents.animatic.drawing.rooms import (
    pendant,
    shadow_under,
    shell,
    view_through,
    window,
)
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect

WALLS = ("#b9a78c", "#7f9a94", "#a8846c", "#8a93a8", "#b08f8f", "#9aa07e")


@inside(
    worlds={
        "city": "skyscraper, corridor",
        "desert": "tomb, pyramid",
        "castle": "dungeon",
        "home": "hallway, hall",
    },
    also=(
        "stairs, stairway, stairwell, staircase, stair, tunnel, passage, passageway, vault, bunker, sewer, sewers, bank vault, "
        "landing, ventilation shaft, air duct, shaft, catacombs, catacomb, secret passage, backstage, maze, labyrinth, asylum, "
        "upstairs, downstairs, entryway, entrance, doorway, front door, fire escape, walkway, gangway, mine shaft, elevator shaft, crypt, corridors, gangways, silo, duct, inner sanctum"
    ),
    things="door",
)
def corridor(scene: Scenery) -> None:
    """A passage that runs away from us."""
    wall, ambient = scene.chance.choice(WALLS), scene.on
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, ambient(darker(wall, 0.3))))
    scene.add(
        polygon(
            [(0, -200), (740, 330), (740, 820), (0, 1300)],
            f"across({ambient(darker(wall, 0.1))},{ambient(darker(wall, 0.45))})",
        ),
        polygon(
            [(2000, -200), (1260, 330), (1260, 820), (2000, 1300)],
            f"across({ambient(darker(wall, 0.5))},{ambient(darker(wall, 0.2))})",
        ),
    )
    scene.add(
        polygon([(0, -200), (2000, -200), (1260, 330), (740, 330)], ambient(darker(wall, 0.55))),
        polygon([(0, 1300), (740, 820), (1260, 820), (2000, 1300)], f"down({ambient('#4a4a52')},{ambient('#8a8078')})"),
    )
    scene.add(
        rect(740, 330, 520, 490, ambient(lighter(wall, 0.1))),
        rect(880, 440, 240, 380, ambient("#5a4436")),
        rect(900, 460, 200, 360, ambient("#7a5c46")),
        circle(1080, 660, 9, ambient("#d9b25a")),
    )
    for side in (-1, 1):
        for near, far in ((0.12, 0.36), (0.52, 0.7), (0.8, 0.9)):
            one, two = [1000 + side * (1000 - 740 * t) for t in (near, far)]
            tops, feet = [180 + 290 * t for t in (near, far)], [1300 - 480 * t for t in (near, far)]
            scene.add(
                polygon([(one, tops[0]), (two, tops[1]), (two, feet[1]), (one, feet[0])], ambient("#5a4a42")),
                polygon(
                    [
                        (one - side * 12, tops[0] + 22),
                        (two + side * 6, tops[1] + 10),
                        (two + side * 6, feet[1]),
                        (one - side * 12, feet[0]),
                    ],
                    ambient("#74604f"),
                ),
            )
    for t in (0.25, 0.6, 0.88):
        y, wide = -200 + 530 * t + 12, 150 * (1 - t) + 34
        scene.add(ellipse(1000, y, wide, wide * 0.2, "#fff2cf"))
        scene.glow(1000, y + 30, wide * 4.5, "#ffe0a8", 0.45 if scene.is_dark else 0.25)


@inside(
    worlds={
        "city": "bar, pub",
        "village": "inn, tavern",
        "kitchen": "restaurant, cafe, café, coffeehouse, diner, pizzeria, teahouse, кафе, canteen, cantina",
    },
    also=(
        "cafeteria, barroom, barber, coffee, coffee shop, coffee bar, saloon, barber shop, barbershop, hair salon, beauty salon, "
        "hotel bar, bistro, brasserie, tea room, tea house, coffee house, snack bar, ice cream parlor, ice cream parlour, "
        "food court, roadside diner, steakhouse, sushi bar, pizza place, pizza parlor, juke joint, beer hall, beer garden, wine bar, "
        "truck stop, break room, bakery café, eatery, grill, deli, delicatessen, taproom, roadhouse, diner booth, public house"
    ),
)
def cafe(scene: Scenery) -> None:
    """A bar with lamps and stools."""
    shell(scene, scene.chance.choice(("#6f5248", "#4f6462", "#7a6a58")), "#7a5840", panel=True)
    for row in range(3):
        f.bottles(scene, 620, 300 + row * 105, 620)
    window(scene, 1390, 200, 330, 330, frame="#5a4436", bars=1)
    scene.add(
        rect(280, 210, 240, 280, scene.on("#20262a"), 6),
        *(line(f"M310 {256 + 40 * n} L{480 - 34 * (n % 3)} {256 + 40 * n}", "#e9e4d4aa", 5) for n in range(6)),
    )
    f.counter(scene, 520, FLOOR + 40, 860, "#5a3f30", tall=270, top="#b98a5a")
    for x in (640, 850, 1060, 1270):
        f.stool(scene, x, FLOOR + 90)
    for x in (640, 950, 1260):
        pendant(scene, x, 220, 0.72, "#c28a3f")
    f.table(scene, 1590, FLOOR + 160, 300, 180)
    f.chair(scene, 1410, FLOOR + 160)


@inside(
    worlds={
        "village": "church, chapel",
        "castle": "temple, cathedral, monastery",
    },
    also="abbey, confessional, synagogue, mosque, convent, nave, vestry, sacristy, altar, shrine, cloister, church hall, funeral home, funeral parlor, funeral parlour, mausoleum, wedding chapel, bell tower, monastery cell",
)
def church(scene: Scenery) -> None:
    """A nave with coloured windows."""
    shell(scene, "#8d8894", "#77707a", boards=False)
    for x in (330, 1490):
        _arch_window(scene, x, 150, 190, 470)
    _arch_window(scene, 870, 90, 260, 540)
    for x in (250, 600, 1320, 1670):
        scene.add(
            rect(x, -10, 76, FLOOR + 30, f"across({scene.on('#6a6674')},{scene.on('#b5b0ba')},{scene.on('#5a5666')})"),
            rect(x - 16, FLOOR, 108, 36, scene.on("#8a8592")),
        )
    scene.add(
        rect(800, FLOOR - 140, 400, 160, scene.on("#c9bda8"), 3),
        rect(780, FLOOR - 152, 440, 20, scene.on("#efe8da")),
        rect(990, FLOOR - 290, 20, 140, scene.on("#d9b25a")),
        rect(950, FLOOR - 254, 100, 20, scene.on("#d9b25a")),
    )
    for x in (850, 1150):
        scene.add(rect(x - 7, FLOOR - 210, 14, 58, "#f5ecd8"), ellipse(x, FLOOR - 222, 7, 14, "#ffcf6a"))
        scene.glow(x, FLOOR - 220, 180, "#ffcf85", 0.6)
    scene.add(
        polygon([(900, FLOOR + 20), (1100, FLOOR + 20), (1260, WORLD_HEIGHT), (740, WORLD_HEIGHT)], scene.on("#9a3f46"))
    )
    for y, wide in ((FLOOR + 110, 420), (FLOOR + 220, 520)):
        f.pew(scene, 830 - wide, y, wide - 60)
        f.pew(scene, 1230, y, wide - 60)


def _arch_window(scene: Scenery, x: float, y: float, wide: float, tall: float) -> None:
    arch = f"M{x} {y + tall} L{x} {y + wide * 0.6} Q{x + wide * 0.06} {y + wide * 0.2} {x + wide / 2} {y} Q{x + wide * 0.94} {y + wide * 0.2} {x + wide} {y + wide * 0.6} L{x + wide} {y + tall}Z"
    scene.add(path(arch, view_through(scene)))
    for row in range(5):
        for column in range(3):
            colour = scene.chance.choice(("#d0453f", "#3f7fd0", "#e0a83f", "#4fa86a", "#8a5fc0"))
            scene.add(
                rect(
                    x + 10 + column * (wide - 14) / 3,
                    y + wide * 0.55 + row * (tall - wide * 0.6) / 5,
                    (wide - 44) / 3,
                    (tall - wide * 0.6) / 5 - 9,
                    see_through(colour, 0.72),
                    4,
                )
            )
    scene.add(circle(x + wide / 2, y + wide * 0.34, wide * 0.16, "#e0a83fbb"), line(arch, scene.on("#4a4652"), 12))
    scene.glow(x + wide / 2, y + tall / 2, tall * 0.9, "#ffd9a8", 0.35)


@inside(
    worlds={
        "rails": "train, carriage, compartment, wagon",
    },
    also="train compartment, train car, railcar, dining car, sleeper, sleeping car, subway car, subway train, orient express, boxcar, freight car, locomotive, train carriage, sleeping compartment, metro car, railway carriage",
)
def train(scene: Scenery) -> None:
    """A compartment with the country rushing by."""
    shell(scene, scene.chance.choice(("#7a5444", "#4f6468", "#6a5a48")), "#5a4a44")
    for number in range(3):
        x = 290 + number * 500
        window(scene, x, 220, 420, 330, frame="#b98f5a", bars=0)
        scene.add(
            *(
                rect(
                    x + scene.chance.uniform(0, 200),
                    440 + 18 * n,
                    scene.chance.uniform(120, 220),
                    6,
                    see_through(scene.light.haze, 0.5),
                )
                for n in range(5)
            )
        )
    scene.add(
        rect(190, 130, 1620, 40, scene.on("#5a4436")),
        *(
            rect(x, 84, w, 56, scene.on(c), 10)
            for x, w, c in ((360, 170, "#8a5a38"), (580, 120, "#4a5a6a"), (1180, 190, "#a8433f"))
        ),
    )
    for x in (420, 1000, 1580):
        shadow_under(scene, x, FLOOR + 60, 260)
        scene.add(
            rect(x - 170, FLOOR - 300, 340, 260, f"down({scene.on('#a8443f')},{scene.on('#6b2a2e')})", 40),
            rect(x - 180, FLOOR - 80, 360, 110, f"down({scene.on('#b8524a')},{scene.on('#5a2428')})", 26),
            line(f"M{x} {FLOOR - 290} L{x} {FLOOR + 20}", scene.on("#5a2428"), 5),
        )
    pendant(scene, 1000, 110, 0.6, "#d9b25a")
