"""Rooms of every day: kitchen, bedroom, office, laboratory."""

from agents.animatic.drawing import furniture as f
from agents.animatic.drawing.backdrops.record import inside
from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.rooms import (
    pendant,
    picture,
    rug,
    shell,
    table_lamp,
    window,
)
from agents.animatic.drawing.scenery import FLOOR, Scenery
from agents.animatic.drawing.svg import line, rect

WALLS = ("#b9a78c", "#7f9a94", "#a8846c", "#8a93a8", "#b08f8f", "#9aa07e")


@inside(
    worlds={
        "kitchen": "kitchen, bakery, кухня, küche*, cuisine*, cocina*, bäckerei*, boulangerie*",
    },
    also="galley, кухн*, kitchenette, scullery, restaurant kitchen, cookhouse",
)
def kitchen(scene: Scenery) -> None:
    """Counter, stove, shelves, a table."""
    shell(scene, scene.chance.choice(("#c2b08c", "#8fa89a", "#b9a3a0", "#9fb0b4")), "#9a7454", boards=False)
    scene.add(
        *(rect(190 + n * 60, FLOOR - 330, 56, 106, scene.on("#e6ddcb" if n % 2 else "#d6cab4")) for n in range(27))
    )
    window(scene, 830, 210, 330, 300, curtains="#c9584a")
    f.hanging_pots(scene, 1240, 190)
    f.wall_shelf(scene, 330, 300, 380)
    f.wall_shelf(scene, 330, 420, 380)
    colour = scene.chance.choice(("#4f7a78", "#7a8f6a", "#a8684a", "#4a6488"))
    f.counter(scene, 300, FLOOR + 10, 980, colour)
    f.stove(scene, 1300, FLOOR + 10)
    f.counter(scene, 1520, FLOOR + 10, 260, colour)
    scene.add(
        rect(1010, FLOOR - 262, 150, 54, scene.on("#cdd4d8"), 8),
        line(
            f"M1085 {FLOOR - 262} L1085 {FLOOR - 320} Q1085 {FLOOR - 344} 1114 {FLOOR - 338} L1120 {FLOOR - 316}",
            scene.on("#aab4bc"),
            11,
        ),
    )
    pendant(scene, 700, 200, 0.9, "#a8433f")
    f.table(scene, 640, FLOOR + 150, 520)
    f.chair(scene, 320, FLOOR + 150)
    f.chair(scene, 960, FLOOR + 150, flip=True)


@inside(
    worlds={
        "wild": "cabin, treehouse",
        "school": "dormitory",
        "home": "bedroom, nursery, chambre, спальня",
    },
    also=(
        "bed, schlafzimmer*, спальн*, bedchamber, hotel room, motel room, motel, hotel suite, suite, honeymoon suite, guest room, "
        "master bedroom, kids' room, child's room, children's room, dorm, dorm room, dressing room, barracks, bunkhouse, bunk room, "
        "crew quarters, sleeping quarters, bedsit, boarding house, guest house, houseboat, refuge, servant's room, "
        "servants' quarters, hostel, lodging, maid's room, boudoir, brothel"
    ),
)
def bedroom(scene: Scenery) -> None:
    """A bed under a window."""
    shell(scene, scene.chance.choice(WALLS), "#8f6f54")
    window(scene, 900, 190, 360, 340, curtains=scene.chance.choice(("#c9b48a", "#8a9ab8", "#b08a94")))
    f.bed(scene, 560, FLOOR + 70, scene.chance.choice(("#4f6f94", "#9a5a54", "#6a8a6a")))
    scene.add(
        rect(420, FLOOR - 110, 120, 130, scene.on("#6b4a34"), 5), rect(440, FLOOR - 80, 80, 34, scene.on("#8a6448"), 3)
    )
    table_lamp(scene, 480, FLOOR - 110, 1.0)
    picture(scene, 560, 230, 200, 150)
    f.bookshelf(scene, 1420, FLOOR, 260, 420)
    rug(scene, 900, FLOOR + 150, 480, "#7a8aa0")


@inside(
    worlds={
        "city": "office",
        "workshop": "studio",
    },
    also=(
        "newsroom, headquarters, agency, cubicle, law firm, principal's office, reception office, call center, call centre, desk, "
        "open plan office, oval office, bureau, ministry, newspaper office, tv studio, television studio, recording studio, "
        "recording booth, radio station, radio studio, broadcast booth, sound booth, film studio, editing room, editing suite, "
        "copy room, mail room, mailroom, workspace, consulting room, therapist's office, private office, teachers' lounge, "
        "staff room, faculty lounge, principal's, insurance company, company, radio booth, commentary box, press room, press box, box, center, centre, youth center, community center, call shop, social services"
    ),
)
def office(scene: Scenery) -> None:
    """Desks, screens, blinds."""
    shell(scene, "#a7b0b8", "#7a7f88", boards=False)
    window(scene, 380, 170, 900, 390, frame="#5a626c", bars=4)
    scene.add(*(rect(380, 170 + 26 * n, 900, 7, see_through(scene.on("#e9e6de"), 0.75)) for n in range(9)))
    f.bookshelf(scene, 1440, FLOOR, 320, 520, "#6a6f7a")
    f.plant(scene, 1370, FLOOR + 10, 1.2)
    pendant(scene, 620, 120, 0.8)
    pendant(scene, 1120, 120, 0.8)
    f.desk(scene, 620, FLOOR + 60, 520)
    f.desk(scene, 1180, FLOOR + 100, 500)


@inside(
    worlds={
        "sea": "aquarium",
        "space": "observatory",
        "workshop": "laboratory, lab",
    },
    also="control room, server, server room, reactor, research laboratory, command center, command centre, mission control, control center, operations room, ops room, surveillance room, security room, radar room, research facility, research station, testing room, clean room, quarantine, isolation chamber, data center, nuclear plant, facility, complex, weather station, research base, station lab, testing facility",
)
def lab(scene: Scenery) -> None:
    """Glass and screens."""
    shell(scene, "#8aa0a8", "#9aa8ae", boards=False)
    for number in range(3):
        x = 330 + number * 470
        scene.add(
            rect(x, 190, 380, 240, scene.on("#252f3a"), 10), rect(x + 14, 204, 352, 212, "down(#0f2a38,#12485a)", 6)
        )
        curve = " ".join(f"L{x + 30 + 32 * n} {310 + scene.chance.uniform(-70, 70):.0f}" for n in range(1, 10))
        scene.add(line(f"M{x + 30} 310 {curve}", ("#5fe0c0", "#ffb35c", "#8a9aff")[number], 5))
        scene.glow(x + 190, 310, 330, "#4fc8d8", 0.35)
    f.bench_with(scene, 260, FLOOR + 20, 1480, flasks=True)
