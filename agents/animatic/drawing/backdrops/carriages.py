"""Inside of what moves: car, bus, aeroplane, helicopter, stagecoach; and the halls where one waits for them."""

from agents.animatic.drawing import fittings as t
from agents.animatic.drawing import houses
from agents.animatic.drawing.backdrops.record import inside
from agents.animatic.drawing.palette import see_through
from agents.animatic.drawing.rooms import pendant, shell, view_through
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.skies import ground, ridge, sky
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect


@inside(
    worlds={"road": "car, truck, van, taxi, lorry"},
    also="patrol car, police car, squad car, cab, limo, limousine, pickup, jeep, suv, sedan, ambulance, hearse, back seat, backseat, front seat, driver's seat, delivery van, police van, convertible, buggy, tractor, moving vehicle, vehicle, auto, wagen, voiture, coche, stagecoach, coach, horse carriage, mercedes, ford, chevy, cadillac, mustang, minivan, tow truck, getaway car",
    things="steering wheel",
)
def car(scene: Scenery) -> None:
    """The windscreen with the road, the wheel and the seats; before there were cars, the inside of a coach."""
    if scene.setting.period in ("medieval", "19th_century"):
        _coach(scene)
        return
    _road_ahead(scene)
    roof = scene.on("#3a3d46")
    scene.add(
        f'<path fill-rule="evenodd" fill="{roof}" d="M-10 -10 L2010 -10 L2010 1140 L-10 1140Z M330 640 L470 190 Q1000 120 1530 190 L1670 640Z"/>',
        polygon([(330, 640), (470, 190), (440, 186), (290, 650)], scene.on("#23252c")),
        polygon([(1670, 640), (1530, 190), (1560, 186), (1710, 650)], scene.on("#23252c")),
        path("M20 620 L20 250 Q120 180 360 190 L250 620Z", see_through(scene.light.sky[1], 0.9)),
        path("M1980 620 L1980 250 Q1880 180 1640 190 L1750 620Z", see_through(scene.light.sky[1], 0.9)),
        rect(900, 196, 200, 62, scene.on("#15161c"), 22),
        rect(910, 204, 180, 46, f"across({scene.on('#8fa8b8')},{scene.on('#c9dbe4')})", 16),
        path(f"M-10 700 Q300 620 1000 610 Q1700 620 2010 700 L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z", f"down({scene.on('#4a4d58')},{scene.on('#1d1f26')})"),
        rect(880, 680, 240, 130, scene.on("#15171d"), 14),
        rect(896, 694, 208, 66, "down(#7fd0e8,#2f7a9a)", 6),
        *(circle(930 + 46 * n, 786, 12, scene.on("#8a909a")) for n in range(4)),
        *(ellipse(x, 700, 70, 26, scene.on("#23252c")) for x in (520, 1480)),
    )  # fmt: skip
    for ring, colour in ((150, "#15161c"), (126, "#2c2e37")):
        scene.add(f'<ellipse cx="540" cy="820" rx="{ring * 1.15:.0f}" ry="{ring}" fill="none" stroke="{scene.on(colour)}" stroke-width="30"/>')  # fmt: skip
    scene.add(
        line("M390 830 L690 830 M540 830 L540 950", scene.on("#23252c"), 30), circle(540, 826, 44, scene.on("#15161c"))
    )
    for x in (330, 1330):
        scene.add(path(f"M{x - 40} {WORLD_HEIGHT + 10} Q{x - 20} 930 {x + 60} 920 L{x + 280} 920 Q{x + 360} 930 {x + 380} {WORLD_HEIGHT + 10}Z", f"down({scene.on('#6a5548')},{scene.on('#3a2f2a')})"))  # fmt: skip
    scene.glow(1000, 730, 260, "#7fd0e8", 0.35 if scene.is_dark else 0.0)


def _road_ahead(scene: Scenery) -> None:
    sky(scene, 560)
    ridge(scene, 560, 90, "#5c7f86", 0.6, rough=0.3)
    if scene.chance.random() < 0.5:
        houses.skyline(scene, 570, 180, 0.5)
    ground(scene, "#6a7a58", 560)
    scene.add(polygon([(970, 560), (1030, 560), (1700, WORLD_HEIGHT), (300, WORLD_HEIGHT)], scene.on("#4a4d55", 0.1)))
    scene.add(*(polygon([(998 - n * 3, 566 + n * n * 9), (1002 + n * 3, 566 + n * n * 9), (1003 + n * 4, 572 + n * n * 12), (997 - n * 4, 572 + n * n * 12)], scene.on("#e9e2c4")) for n in range(1, 5)))  # fmt: skip
    if scene.is_dark:
        scene.add(polygon([(940, 580), (1060, 580), (1500, 800), (500, 800)], "glow(#fff4cc88,#fff4cc00)"))


def _coach(scene: Scenery) -> None:
    shell(scene, "#6b3a34", "#4a3228")
    for x in (420, 1180):
        scene.add(rect(x - 16, 214, 432, 352, scene.on("#b98f4a"), 60), rect(x, 230, 400, 320, view_through(scene), 46))
        scene.add(path(f"M{x} 520 q120 -90 220 -30 t180 -30 L{x + 400} 550 L{x} 550Z", see_through(scene.on("#4f6f4a", 0.2), 0.9)))  # fmt: skip
        scene.add(polygon([(x - 30, 190), (x + 90, 190), (x + 20, 560), (x - 30, 580)], scene.on("#8f2f3a")), polygon([(x + 430, 190), (x + 310, 190), (x + 380, 560), (x + 430, 580)], scene.on("#8f2f3a")))  # fmt: skip
    for x in (230, 1250):
        scene.add(rect(x, FLOOR - 200, 520, 120, f"down({scene.on('#8f3f44')},{scene.on('#5a2428')})", 30), rect(x - 10, FLOOR - 90, 540, 130, scene.on("#6b2a2e"), 24))  # fmt: skip
    pendant(scene, 1000, 150, 0.5, "#b98f4a")


@inside(
    worlds={"road": "bus, caravan, motorhome"},
    also="school bus, tour bus, minibus, tram, trolley, camper, camper van, trailer, rv",
)
def bus(scene: Scenery) -> None:
    """Rows of seats, windows, poles."""
    shell(scene, "#b9b49c", "#5a5d62", boards=False)
    for x in (240, 640, 1040, 1440):
        scene.add(rect(x - 8, 182, 336, 316, scene.on("#4a4f58"), 26), rect(x, 190, 320, 300, view_through(scene), 22))
        scene.add(*(rect(x + scene.chance.uniform(0, 160), 420 + 16 * n, scene.chance.uniform(60, 140), 7, see_through(scene.light.haze, 0.6)) for n in range(4)))  # fmt: skip
    scene.add(rect(190, 120, 1620, 16, scene.on("#d9a441"), 8))
    for x in (420, 1000, 1580):
        scene.add(rect(x - 8, 96, 16, FLOOR - 90, scene.on("#e0b04a"), 8))
    for x in (560, 860, 1160):
        scene.add(path(f"M{x} 130 l-16 60 l40 0 Z", scene.on("#efe6d2")))
    t.seat_row(scene, 250, FLOOR + 30, 10, scene.chance.choice(("#3f6f9a", "#8a3f44", "#4f7a5a")))


@inside(
    worlds={"space": "cockpit"},
    also="plane, airplane, aeroplane, aircraft, airplane cabin, private jet, jet, airliner, economy class, first class, business class, helicopter, chopper, fuselage, flight deck, bomber",
)
def aeroplane(scene: Scenery) -> None:
    """Small round windows, rows of seats, lockers; in a cockpit the panes and the dials."""
    if any(word in scene.setting.place.casefold() for word in ("cockpit", "helicopter", "chopper", "flight deck")):
        _cockpit(scene)
        return
    shell(scene, "#c9cfd2", "#5f6a78", boards=False)
    scene.add(
        path("M190 240 Q1000 150 1810 240 L1810 120 L190 120Z", f"down({scene.on('#e6eaec')},{scene.on('#b4bcc0')})")
    )
    scene.add(*(rect(220 + 320 * n, 130, 300, 90, scene.on("#d9dfe2"), 14) for n in range(5)))
    for number in range(8):
        x = 260 + number * 196
        scene.add(rect(x - 8, 322, 116, 166, scene.on("#e9edef"), 54), rect(x, 330, 100, 150, view_through(scene), 48))
        scene.add(ellipse(x + 50, 440, 44, 15, "#ffffff99"))
    t.seat_row(scene, 240, FLOOR + 40, 10, "#3f5f8f")
    scene.glow(1000, 240, 700, "#fff4dc", 0.3)


def _cockpit(scene: Scenery) -> None:
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, scene.on("#2c3038")))
    for left, right in ((300, 960), (1040, 1700)):
        outward = -120 if left < 1000 else 120
        scene.add(polygon([(left, 170), (right, 140), (right, 600), (left + outward, 560)] if outward < 0 else [(left, 140), (right, 170), (right + outward, 560), (left, 600)], view_through(scene)))  # fmt: skip
    for _ in range(7):
        x, y, wide = scene.chance.uniform(320, 1680), scene.chance.uniform(330, 560), scene.chance.uniform(70, 180)
        scene.add(ellipse(x, y, wide, wide * 0.18, "#ffffff88"))
    scene.add(
        polygon(
            [(120, 640), (1880, 640), (1990, WORLD_HEIGHT + 10), (10, WORLD_HEIGHT + 10)],
            f"down({scene.on('#4a505c')},{scene.on('#1b1e25')})",
        )
    )
    for number in range(12):
        x, y = 330 + (number % 6) * 250, 710 + (number // 6) * 130
        scene.add(circle(x, y, 50, "#0f1216"), circle(x, y, 42, "#23303a"), line(f"M{x} {y} l{scene.chance.uniform(-26, 26):.0f} -26", "#7ff39a", 5))  # fmt: skip
    for x in (620, 1380):
        scene.add(rect(x - 10, 850, 20, 160, scene.on("#15171c")), rect(x - 80, 830, 160, 34, scene.on("#15171c"), 16))
    scene.glow(1000, 760, 600, "#7ff3c0", 0.2)


@inside(
    worlds={"city": "airport"},
    also="airport terminal, terminal, departure lounge, departures, arrivals, gate, boarding gate, check-in, security checkpoint, baggage claim, immigration, passport control, duty free, spaceport",
)
def airport(scene: Scenery) -> None:
    """A glass front with planes, rows of seats, the board of flights."""
    shell(scene, "#a8b2b8", "#b8bcbc", boards=False)
    scene.add(rect(250, 170, 1500, 430, view_through(scene)), rect(250, 520, 1500, 80, scene.on("#7a8078", 0.2)))
    t.icon(scene, "small-airplane" if scene.setting.period == "19th_century" else "airplane", 1270, 560, 300, flip=True)
    t.icon(scene, "airplane-departure", 560, 420, 170)
    scene.add(*(rect(x, 160, 14, 450, scene.on("#5a646c")) for x in (244, 620, 996, 1372, 1742)), rect(244, 160, 1512, 14, scene.on("#5a646c")))  # fmt: skip
    scene.add(rect(700, 40, 600, 150, "#15181d", 8), *(rect(724, 58 + 30 * n, 552 - 60 * (n % 2), 14, "#ffcf6a" if n % 2 else "#e6eaec") for n in range(4)))  # fmt: skip
    scene.glow(1000, 380, 700, scene.light.key, 0.25)
    t.seat_row(scene, 330, FLOOR + 60, 4, "#3a4a5a")
    t.seat_row(scene, 1060, FLOOR + 60, 4, "#3a4a5a")
    t.standing(scene, "luggage", 1010, FLOOR + 150, 190)


@inside(
    worlds={"rails": "subway, metro, underground, subway station"},
    also="subway platform, metro station, tube station, subway tunnel, train platform, platform, railway station, train station, station, grand central, ticket hall, concourse, bus station, bus terminal",
)
def platform(scene: Scenery) -> None:
    """A tiled vault, a platform, a train that stands."""
    shell(scene, "#b9b6a8", "#8a8a86", boards=False)
    t.tiles(scene, 150, "#e6e3d4", bottom=440)
    t.sign(scene, "PLATFORM 2", 1000, 200, size=36, colour="#8f2f2f")
    houses.train_outside(scene, 120, FLOOR + 10)
    scene.add(rect(0, FLOOR + 6, WORLD_WIDTH, 22, scene.on("#e0cf7a")), rect(0, FLOOR + 28, WORLD_WIDTH, 300, f"down({scene.on('#a39f98')},{scene.on('#6a6764')})"))  # fmt: skip
    for x in (360, 1000, 1640):
        scene.add(rect(x - 34, 90, 68, FLOOR + 70, f"across({scene.on('#7a8a80')},{scene.on('#c2cfc4')},{scene.on('#6a7a70')})"))  # fmt: skip
        pendant(scene, x + 300, 110, 0.7, "#4a5a54")
    houses.bench(scene, 700, FLOOR + 150)
