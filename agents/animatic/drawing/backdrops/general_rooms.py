"""Rooms with a wide sense: workshop, library, cave, living room. Looked at last."""

from agents.animatic.drawing import furniture as f
from agents.animatic.drawing.backdrops.record import inside
from agents.animatic.drawing.rooms import (
    pendant,
    picture,
    rug,
    shell,
    table_lamp,
    view_through,
    window,
)
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import line, path, polygon, rect

WALLS = ("#b9a78c", "#7f9a94", "#a8846c", "#8a93a8", "#b08f8f", "#9aa07e")


@inside(
    worlds={
        "village": "greenhouse, forge, windmill",
        "workshop": "workshop, smithy, clockmaker's",
        "sea": "boathouse",
        "castle": "tower",
    },
    also="blacksmith, smith, shed, tool shed, toolshed, clock shop, watchmaker's, clockmaker's shop, carpenter's shop, shoemaker's, potter's studio, pottery, sawmill, lumber mill, darkroom, woodshed, studio workshop, armory, armoury, clock tower, dressmaker's, sewing room, sweatshop",
)
def workshop(scene: Scenery) -> None:
    """A bench with tools."""
    shell(scene, "#8f7458", "#7a6450")
    scene.add(
        *(rect(190, 90 + 92 * n, 1620, 5, scene.on("#5f4a38")) for n in range(8)),
        *(rect(-10, 60 + 0 * n, 2020, 46, scene.on("#4a3628")) for n in range(1)),
    )
    window(scene, 1150, 200, 340, 280, frame="#6b5240", bars=2)
    f.pegboard(scene, 380, 270, 640)
    f.bench_with(scene, 330, FLOOR + 20, 1050, flasks=False)
    scene.add(
        rect(
            1480,
            FLOOR - 210,
            200,
            220,
            f"across({scene.on('#5a3f2c')},{scene.on('#9a6f48')},{scene.on('#4a3426')})",
            30,
        ),
        *(rect(1476, FLOOR - 210 + dy, 208, 16, scene.on("#3a3640")) for dy in (30, 160)),
    )
    pendant(scene, 760, 160, 1.0, "#4a5a50")


@inside(
    worlds={
        "school": "library",
        "home": "study",
    },
    also="librar*, archive, archives, reading room, stacks, bookcase, scriptorium, records room, record room, map room",
)
def library(scene: Scenery) -> None:
    """Walls of books."""
    shell(scene, "#6f5a48", "#6f4a34")
    for x in (230, 560, 1180, 1510):
        f.bookshelf(scene, x, FLOOR, 290, 700)
    window(scene, 900, 130, 230, 520, frame="#7a5a3f", bars=1)
    scene.add(
        line(f"M1420 {FLOOR} L1330 130 M1480 {FLOOR} L1390 130", scene.on("#b98a54"), 11),
        *(
            line(
                f"M{1414 - 13 * n} {FLOOR - 60 - 90 * n} L{1472 - 13 * n} {FLOOR - 60 - 90 * n}", scene.on("#b98a54"), 9
            )
            for n in range(7)
        ),
    )
    rug(scene, 1000, FLOOR + 150, 640, "#7a3f44")
    f.table(scene, 820, FLOOR + 110, 500)
    table_lamp(scene, 700, FLOOR - 80, 0.9)
    scene.add(
        *(rect(880 + 6 * n, FLOOR - 84 - 22 * (n + 1), 120 - 12 * n, 20, scene.on(f.BOOKS[n]), 3) for n in range(3))
    )


@inside(
    worlds={
        "wild": "cave, den, cavern",
    },
    also="mine, grotto, nest, ice cave, gold mine, lair, burrow, coal mine, underground lake, chasm",
)
def cave(scene: Scenery) -> None:
    """Rock all around, light from the mouth."""
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, f"down({scene.on('#2c2a38')},{scene.on('#4a4450')})"))
    scene.add(path("M720 820 Q690 420 860 320 Q1000 250 1160 330 Q1310 440 1290 820Z", view_through(scene)))
    scene.glow(1000, 560, 620, scene.light.key, 0.55)
    for step, colour in enumerate(("#5a5260", "#453f4e", "#302b3a")):
        spread = 260 + step * 250
        scene.add(
            f'<path fill-rule="evenodd" fill="{scene.on(colour)}" d="M-10 -10 L2010 -10 L2010 1140 L-10 1140Z M{1000 - spread} 900 Q{960 - spread} {520 - step * 60} {1000 - spread * 0.5} {330 - step * 110} L{1000 - spread * 0.3} {400 - step * 100} L{1000 - spread * 0.12} {280 - step * 90} L{1000 + spread * 0.2} {370 - step * 110} L{1000 + spread * 0.46} {300 - step * 90} Q{1040 + spread} {560 - step * 70} {1000 + spread} 900 Q1000 {940 + step * 30} {1000 - spread} 900Z"/>'
        )
    scene.add(
        path(
            f"M-10 930 Q500 850 1000 880 T2010 930 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z",
            f"down({scene.on('#6a6068')},{scene.on('#2a2630')})",
        )
    )
    for x in (330, 1640):
        scene.add(
            polygon([(x - 40, 940), (x, 760), (x + 20, 820), (x + 46, 700), (x + 80, 950)], "down(#a8f0ff,#3f7fb0)")
        )
        scene.glow(x + 20, 840, 300, "#6fd8ff", 0.5)


@inside(
    worlds={"home": "living-room"},
    also="living, living room, lounge, parlour, parlor, sitting room, drawing room, family room, front room, common room, sunroom, tv room, day room, rec room, salotto, fireside",
    things="fire",
)
def living(scene: Scenery) -> None:
    """Sofa, fire, books."""
    shell(scene, scene.chance.choice(WALLS), "#8a6244", panel=scene.chance.random() < 0.5)
    window(scene, 800, 200, 420, 360, curtains=scene.chance.choice(("#7a4a4a", "#4a6a6a", "#6a5a80")), bars=2)
    f.bookshelf(scene, 260, FLOOR, 330, 560)
    f.fireplace(scene, 1530, FLOOR + 6)
    picture(scene, 1440, 200, 180, 130)
    rug(scene, 1000, FLOOR + 130, 620, scene.chance.choice(("#a8484a", "#3f6a80", "#6f7a4a")))
    f.sofa(scene, 980, FLOOR + 50, 560, scene.chance.choice(("#5a7a70", "#8a5f50", "#5f6a8a")))
    scene.add(rect(616, FLOOR - 130, 84, 140, scene.on("#6b4a34"), 4))
    table_lamp(scene, 658, FLOOR - 130, 1.1)
    f.plant(scene, 1270, FLOOR + 16, 1.1)


@inside(
    worlds={
        "home": (
            "apartment, house, home, mansion, дом, комната, haus, zimmer, wohnung, maison, casa, habitación, квартира, "
            "wohnzimmer, salon"
        ),
        "city": "flat",
        "village": "cottage, farmhouse",
        "wild": "hut",
    },
    also="dwelling, lighthouse, villa, bungalow, penthouse, townhouse, manor, lodge, shack, mobile home, building, place, duplex, condo, brownstone, estate, residence, foster home, nursing home, retirement home, manor house",
    is_general=True,
    things="fire",
)
def dwelling(scene: Scenery) -> None:
    """A home of which no room is named: its living room."""
    living.paint(scene)
