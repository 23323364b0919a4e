"""Rooms that films are full of: bathroom, shop, gym, court, police, cell, bar, lobby, hall of a castle, garage, barn, museum."""

from agents.animatic.drawing import fittings as t
from agents.animatic.drawing import furniture as f
from agents.animatic.drawing.backdrops.record import inside
from agents.animatic.drawing.palette import darker, lighter, see_through
from agents.animatic.drawing.rooms import pendant, picture, rug, shadow_under, shell, table_lamp, window
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect

WALLS = ("#b9a78c", "#7f9a94", "#a8846c", "#8a93a8", "#b08f8f", "#9aa07e")


@inside(
    worlds={"home": "bathroom"},
    also="bath, toilet, restroom, washroom, powder room, shower, showers, shower room, ladies room, mens room, men's room, ladies' room, lavatory, loo, badezimmer, salle de bain, baño, ванная, sauna, steam room, ensuite",
)
def bathroom(scene: Scenery) -> None:
    """Tub, basin, toilet, tiles."""
    shell(scene, scene.chance.choice(("#9fb8bd", "#c9b9a8", "#a9bba6")), "#b7bdbf", boards=False)
    t.tiles(scene, 430, scene.chance.choice(("#e8eef0", "#cfe2e4", "#efe6dc")))
    window(scene, 1180, 170, 240, 220, frame="#eef2f2")
    t.bathtub(scene, 260, FLOOR + 40)
    t.basin(scene, 1000, FLOOR + 20)
    t.standing(scene, "toilet", 1340, FLOOR + 50, 380)
    scene.add(rect(1560, 300, 180, 300, scene.on("#d9c9b4"), 6), *(rect(1572, 316 + 70 * n, 156, 54, scene.on(c), 8) for n, c in enumerate(("#c2584a", "#efe6dc", "#4f86b0", "#efe6dc"))))  # fmt: skip
    rug(scene, 860, FLOOR + 150, 300, "#6fa0a8")


@inside(
    worlds={"city": "fire station, police station"},
    also="police, precinct, squad room, bullpen, sheriff's office, station house, stationhouse, homicide, detective bureau, detectives' room, police headquarters, evidence room, dispatch, guard house, guardroom, checkpoint, security office, firehouse, customs",
)
def police(scene: Scenery) -> None:
    """Desks, a board with photographs and threads, a wanted man, a flag."""
    shell(scene, "#93a0a6", "#6f747a", boards=False)
    window(scene, 260, 190, 300, 330, frame="#5a626c", bars=2)
    scene.add(rect(700, 180, 560, 360, scene.on("#a8804f"), 4), rect(714, 194, 532, 332, scene.on("#c9a06a")))
    spots = [(760, 240), (900, 300), (1060, 230), (1150, 380), (840, 430), (990, 410)]
    scene.add(line("M" + " L".join(f"{x + 40} {y + 20}" for x, y in spots), scene.on("#b3302f"), 4))
    scene.add(*(rect(x, y, 84, 66, scene.on(c)) for (x, y), c in zip(spots, ("#f1ece0", "#d9e2e8", "#f1ece0", "#efe0b8", "#d9e2e8", "#f1ece0"), strict=True)))  # fmt: skip
    scene.add(*(circle(x + 42, y + 30, 16, scene.on("#8a6a54")) for x, y in spots[:4]))
    t.sign(scene, "POLICE", 980, 92, size=34, colour="#1f3f78")
    for x in (1410, 1590):
        t.cabinet(scene, x, FLOOR + 10)
    pendant(scene, 600, 120, 0.8)
    pendant(scene, 1300, 120, 0.8)
    f.desk(scene, 560, FLOOR + 90, 480)
    f.desk(scene, 1220, FLOOR + 120, 480)


@inside(
    also="interrogation room, interrogation, interview room, questioning room, visiting room, visitation, visitors' room, observation room, line-up"
)
def interrogation(scene: Scenery) -> None:
    """A bare room: a table, two chairs, a mirror, one lamp."""
    shell(scene, "#7d878c", "#5d6266", boards=False)
    scene.add(
        rect(560, 240, 880, 320, scene.on("#3a434a"), 4),
        rect(576, 256, 848, 288, f"across({scene.on('#4f606a')},{scene.on('#8fa3ad')},{scene.on('#4f606a')})"),
    )
    f.door(scene, 1540, FLOOR, "#5f6a70")
    pendant(scene, 1000, 250, 1.2, "#3a3f46")
    scene.glow(1000, 420, 760, "#fff0cf", 0.6)
    f.chair(scene, 640, FLOOR + 110, "#5a6068")
    f.table(scene, 1000, FLOOR + 120, 560, 190, "#8a8f94")
    f.chair(scene, 1360, FLOOR + 110, "#5a6068", flip=True)


@inside(
    worlds={"city": "prison, jail"},
    also="cell, prison cell, jail cell, holding cell, holding pen, cell block, lockup, brig, cage, death row, stockade, solitary, solitary confinement, detention, drunk tank, padded cell",
)
def cell(scene: Scenery) -> None:
    """Bars, a bunk, a small window far up."""
    shell(scene, "#7f7f80", "#5f6062", boards=False)
    for row in range(7):
        scene.add(*(rect(190 + n * 150 + (row % 2) * 75 - 75, 96 + row * 104, 144, 98, see_through(scene.on("#6b6c70"), 0.5)) for n in range(12)))  # fmt: skip
    window(scene, 900, 150, 220, 150, frame="#5a5d63", bars=3)
    scene.add(rect(330, FLOOR - 150, 560, 34, scene.on("#5a4a3c"), 6), rect(340, FLOOR - 190, 540, 46, scene.on("#8a8f86"), 16), rect(350, FLOOR - 226, 130, 46, scene.on("#d9d6cc"), 20), line(f"M350 {FLOOR - 116} L350 {FLOOR + 10} M870 {FLOOR - 116} L870 {FLOOR + 10}", scene.on("#3a3d44"), 14))  # fmt: skip
    t.standing(scene, "toilet", 1340, FLOOR + 20, 300)
    scene.add(*(line(f"M{1120 + 18 * n} 420 l0 60", scene.on("#d9d6cc"), 5) for n in range(4)), line("M1110 470 L1190 428", scene.on("#d9d6cc"), 5))  # fmt: skip
    t.bars(scene, 1520, 70, 300, FLOOR - 20)
    t.bars(scene, 180, 70, 130, FLOOR - 20)


@inside(
    worlds={"city": "courtroom"},
    also="court, court room, courthouse, tribunal, supreme court, judge's chambers, senate, parliament, assembly, council chamber, senate chamber, town hall, hearing room, witness stand",
)
def court(scene: Scenery) -> None:
    """The bench of the judge, flags, rails."""
    shell(scene, "#8a6a4c", "#6f4f3a", panel=True)
    for x in (420, 1580):
        scene.add(rect(x - 40, 70, 80, FLOOR - 80, f"across({scene.on('#b8a890')},{scene.on('#e6dcc8')},{scene.on('#a89880')})"), rect(x - 56, 60, 112, 34, scene.on("#d9ccb4")))  # fmt: skip
    scene.add(circle(1000, 260, 96, scene.on("#d9b25a")), circle(1000, 260, 82, scene.on("#6f4a2e")))
    t.icon(scene, "balance-scale", 1000, 326, 140)
    scene.add(rect(640, FLOOR - 330, 720, 330, f"down({scene.on('#8f5f3c')},{scene.on('#4f3220')})", 6), rect(610, FLOOR - 356, 780, 34, scene.on("#b0784a"), 5), *(rect(680 + 170 * n, FLOOR - 280, 130, 230, scene.on("#7a4f32"), 4) for n in range(4)))  # fmt: skip
    scene.add(rect(930, FLOOR - 560, 140, 210, f"down({scene.on('#6b2a2e')},{scene.on('#3f1a1e')})", 30))
    for x, colour in ((540, "#2f5fa8"), (1460, "#b3302f")):
        scene.add(rect(x - 5, FLOOR - 560, 10, 560, scene.on("#d9b25a")), path(f"M{x} {FLOOR - 550} Q{x + 90} {FLOOR - 500} {x + 70} {FLOOR - 300} L{x} {FLOOR - 320}Z", scene.on(colour)))  # fmt: skip
    f.table(scene, 480, FLOOR + 170, 460, 150, "#6f4a30")
    f.table(scene, 1520, FLOOR + 170, 460, 150, "#6f4a30")


@inside(
    worlds={"city": "shop", "kitchen": "patisserie, panadería"},
    also="store, tattoo parlor, tattoo parlour, tattoo studio, supermarket, grocery, grocery store, convenience store, drugstore, pharmacy, aisle, mall, shopping mall, department store, boutique, bookshop, bookstore, pawn shop, pawnshop, antique shop, toy store, jewelry store, jeweller's, hardware store, flower shop, florist, post office, gift shop, pet shop, butcher's, kiosk, laundromat, dry cleaner, dry cleaners, market, gas station, petrol station, service station, showroom, tailor's, music store, record store, liquor store, box office, ticket office, auction house, stockroom, bodega, newsstand, stand, stall, booth shop, bridal shop, hobby shop, pharmacy counter, checkout, beauty parlor, beauty parlour, bakery shop",
)
def shop(scene: Scenery) -> None:
    """Shelves of goods, a counter with a till, a window to the street."""
    shell(scene, scene.chance.choice(("#b7a98f", "#9fb0a8", "#b3a0a8")), "#a89a86", boards=False)
    window(scene, 1330, 200, 420, 360, frame="#6b5240", bars=1)
    t.shelves_of_goods(scene, 250, FLOOR, 420, 620)
    t.shelves_of_goods(scene, 720, FLOOR, 420, 620)
    f.counter(scene, 1160, FLOOR + 90, 560, scene.chance.choice(("#7a5238", "#4f6f78", "#7a4a4a")), tall=230)
    scene.add(rect(1300, FLOOR - 230, 150, 72, scene.on("#3a3f48"), 8), polygon([(1310, FLOOR - 230), (1440, FLOOR - 230), (1424, FLOOR - 290), (1326, FLOOR - 290)], scene.on("#5a626c")), rect(1340, FLOOR - 282, 70, 34, "#a8e0c0", 3))  # fmt: skip
    for x in (520, 1000, 1480):
        pendant(scene, x, 110, 0.7, "#c28a3f")
    t.crates(scene, 300, FLOOR + 160, 2)


@inside(
    worlds={"school": "gym"},
    also="gymnasium, fitness, fitness studio, locker room, locker rooms, boxing ring, dojo, yoga studio, dance studio, ballet studio, weight room, sports hall, changing room, changing rooms, basketball court, training room, rehearsal room, bowling alley, ice rink, skating rink",
)
def gym(scene: Scenery) -> None:
    """Wall bars, a basket, mats and weights."""
    shell(scene, "#c2b79a", "#b98a54")
    window(scene, 260, 130, 420, 190, frame="#e9e2d4", bars=3)
    window(scene, 1320, 130, 420, 190, frame="#e9e2d4", bars=3)
    for x in (280, 500):
        scene.add(rect(x, 380, 16, FLOOR - 380, scene.on("#7a5238")), rect(x + 180, 380, 16, FLOOR - 380, scene.on("#7a5238")), *(rect(x, 400 + 52 * n, 190, 12, scene.on("#b07c4c"), 6) for n in range(8)))  # fmt: skip
    scene.add(rect(880, 200, 240, 170, scene.on("#f4f0e6"), 4), rect(950, 270, 100, 74, "none"), line("M950 344 L950 274 L1050 274 L1050 344", scene.on("#b3302f"), 7), ellipse(1000, 372, 52, 13, scene.on("#d9742b")), path("M952 376 L974 470 L1026 470 L1048 376 Q1000 396 952 376Z", see_through(scene.on("#ffffff"), 0.55)))  # fmt: skip
    scene.add(*(line(f"M{x} {FLOOR + 150} Q1000 {FLOOR - 40} {2000 - x} {FLOOR + 150}", scene.on("#f1e6d0"), 6) for x in (300, 520)))  # fmt: skip
    scene.add(rect(1240, FLOOR - 70, 420, 90, f"down({scene.on('#3f6fa0')},{scene.on('#2a4a70')})", 14))
    for x in (1300, 1480):
        scene.add(rect(x, FLOOR - 120, 130, 14, scene.on("#4a4f58")), *(circle(x + dx, FLOOR - 113, 34, scene.on("#2a2d34")) for dx in (0, 130)))  # fmt: skip
    t.standing(scene, "basketball", 1180, FLOOR + 120, 90)


@inside(
    worlds={"sea": "indoor pool"},
    also="pool, swimming pool, public baths, swimming baths, spa, thermal bath, aquatic center",
)
def pool(scene: Scenery) -> None:
    """A basin with lanes under a glass wall."""
    shell(scene, "#9fc4c9", "#d9e2e0", boards=False)
    for number in range(4):
        window(scene, 260 + number * 390, 150, 320, 420, frame="#e6eeee", bars=1)
    water = f"down({scene.on('#6fd0e0')},{scene.on('#2f9ec0')},{scene.on('#1f7aa8')})"
    scene.add(
        polygon([(330, FLOOR + 20), (1670, FLOOR + 20), (1960, WORLD_HEIGHT + 10), (40, WORLD_HEIGHT + 10)], water)
    )
    for number in range(-2, 3):
        scene.add(line(f"M{1000 + number * 250} {FLOOR + 22} L{1000 + number * 360} {WORLD_HEIGHT}", scene.on("#e8584a" if number % 2 else "#f4f0e6"), 10))  # fmt: skip
    for _ in range(26):
        x, y = scene.chance.uniform(380, 1620), scene.chance.uniform(FLOOR + 40, WORLD_HEIGHT)
        scene.add(line(f"M{x:.0f} {y:.0f} q30 -10 60 0 t60 0", "#ffffff66", 4))
    scene.add(*(rect(x, FLOOR - 30, 90, 56, scene.on("#e6eeee"), 6) for x in (430, 680, 930, 1180, 1430)))
    t.icon(scene, "ring-buoy", 1760, 640, 130)
    scene.glow(1000, FLOOR + 150, 700, "#7fe0f0", 0.3)


@inside(
    worlds={"city": "nightclub, disco"},
    also="club, night club, dance floor, strip club, casino, jazz club, speakeasy, casino floor, karaoke bar, arcade, concert hall backstage, rave",
)
def nightclub(scene: Scenery) -> None:
    """A dark hall with coloured lights and a ball of mirrors."""
    shell(scene, "#3a2a4a", "#241c34", boards=False)
    for x, colour in ((420, "#ff4a9a"), (760, "#4ac8ff"), (1240, "#ffd14a"), (1600, "#7a4aff")):
        scene.add(rect(x - 26, 70, 52, 60, "#1b1626", 10), polygon([(x - 20, 130), (x + 20, 130), (x + 260, FLOOR + 200), (x - 260, FLOOR + 200)], f"down({colour}66,{colour}08)"))  # fmt: skip
        scene.glow(x, 150, 260, colour, 0.5)
        scene.glow(x, FLOOR + 120, 360, colour, 0.3)
    scene.add(rect(998, -10, 4, 120, "#55506a"))
    t.icon(scene, "mirror-ball", 1000, 270, 190)
    for row in range(2):
        f.bottles(scene, 300, 420 + row * 110, 420)
    f.counter(scene, 260, FLOOR + 20, 520, "#4a2a5a", tall=250, top="#d95aa8")
    for x in (340, 500, 660):
        f.stool(scene, x, FLOOR + 60)
    t.icon(scene, "loudspeaker", 1680, FLOOR + 20, 200)
    scene.add(rect(1180, FLOOR - 160, 380, 170, "down(#5a3a7a,#2a1c3c)", 12), *(circle(1260 + 210 * n, FLOOR - 170, 70, "#1b1626") + circle(1260 + 210 * n, FLOOR - 170, 16, "#d95aa8") for n in range(2)))  # fmt: skip


@inside(
    worlds={"city": "lobby, hotel, bank"},
    also="foyer, reception, hotel lobby, waiting room, entrance hall, vestibule, concierge, front desk, atrium, embassy, consulate, office lobby, bank lobby, trading floor",
)
def lobby(scene: Scenery) -> None:
    """A long desk, a lift, plants, a carpet."""
    shell(scene, scene.chance.choice(("#b8a27f", "#a79aa0", "#9aa6a0")), "#c9c2b4", boards=False)
    for x in (300, 1640):
        scene.add(rect(x, 60, 74, FLOOR - 60, f"across({scene.on('#cfc4b0')},{scene.on('#f4ecdc')},{scene.on('#b8ac98')})"), rect(x - 14, FLOOR - 30, 102, 40, scene.on("#d9cdb8")))  # fmt: skip
    scene.add(rect(1270, 330, 280, FLOOR - 330, scene.on("#8f8a84"), 4), rect(1286, 346, 122, FLOOR - 346, f"across({scene.on('#c9a45a')},{scene.on('#efd79a')})"), rect(1412, 346, 122, FLOOR - 346, f"across({scene.on('#efd79a')},{scene.on('#c9a45a')})"))  # fmt: skip
    scene.add(rect(560, 240, 520, 240, scene.on("#6f5238"), 4), *(rect(580 + 62 * n, 260 + 70 * row, 50, 56, scene.on("#8f6f4c"), 3) for n in range(8) for row in range(3)))  # fmt: skip
    f.counter(scene, 500, FLOOR + 30, 640, "#6a4630", tall=260, top="#e6d3a8")
    t.icon(scene, "bellhop-bell", 960, FLOOR - 246, 70)
    table_lamp(scene, 600, FLOOR - 248, 0.8)
    for x in (620, 1020):
        pendant(scene, x, 130, 0.9, "#c9a45a")
    rug(scene, 1000, FLOOR + 160, 620, "#7a2f3a")
    f.plant(scene, 420, FLOOR + 20, 1.3)
    f.plant(scene, 1600, FLOOR + 20, 1.3)


@inside(
    worlds={"city": "elevator, lift"},
    also="elevator car, lift car, freight elevator",
)
def elevator(scene: Scenery) -> None:
    """Steel walls, a rail, buttons, closed doors."""
    shell(scene, "#8d939a", "#4f5258", boards=False)
    scene.add(rect(520, 130, 470, FLOOR - 130, f"across({scene.on('#8a9098')},{scene.on('#cfd5da')})"), rect(1010, 130, 470, FLOOR - 130, f"across({scene.on('#cfd5da')},{scene.on('#8a9098')})"), rect(996, 130, 8, FLOOR - 130, scene.on("#3a3d44")))  # fmt: skip
    scene.add(rect(860, 60, 280, 56, "#15171c", 8), *(circle(900 + 40 * n, 88, 10, "#ffb35c" if n == 3 else "#4a3a24") for n in range(6)))  # fmt: skip
    scene.add(rect(1560, 400, 90, 270, scene.on("#b9bfc5"), 10), *(circle(1586 + 38 * (n % 2), 432 + 42 * (n // 2), 13, "#fff2c4" if n == 5 else scene.on("#e6e9eb")) for n in range(12)))  # fmt: skip
    scene.add(rect(220, 600, 280, 18, scene.on("#d9dee2"), 9))
    scene.glow(1000, 130, 700, "#fff4dc", 0.4)


@inside(
    worlds={"castle": "castle, palace, throne, great hall, fortress, замок, schloss, burg, château, castillo"},
    also="throne room, banquet hall, knights' hall, royal chamber, keep, citadel, longhouse, king's chamber, queen's chamber, royal court",
)
def great_hall(scene: Scenery) -> None:
    """Stone, banners, torches, a throne."""
    shell(scene, "#8a8378", "#6f675c", boards=False)
    for row in range(7):
        scene.add(*(rect(190 + n * 170 + (row % 2) * 85 - 85, 96 + row * 104, 162, 96, see_through(scene.on(scene.chance.choice(("#7a7368", "#9a9286", "#827a70"))), 0.55)) for n in range(11)))  # fmt: skip
    for x in (620, 1380):
        scene.add(path(f"M{x - 70} 560 L{x - 70} 260 Q{x} 130 {x + 70} 260 L{x + 70} 560Z", f"down({','.join(scene.light.sky)})"), line(f"M{x} 190 L{x} 560 M{x - 70} 380 L{x + 70} 380", scene.on("#4a443c"), 8))  # fmt: skip
        scene.glow(x, 380, 300, scene.light.key, 0.35)
    scene.add(*(polygon([(190, 90 + 0 * n), (1810, 90), (1810, 120), (190, 120)], scene.on("#4a3424")) for n in range(1)), *(polygon([(x, 90), (x + 40, 90), (x + 120, 260), (x + 96, 260)], scene.on("#5a4230")) for x in (300, 1560)))  # fmt: skip
    t.banner(scene, 400, 180, "#9c1c31")
    t.banner(scene, 1600, 180, "#26355f")
    scene.add(
        polygon([(800, FLOOR + 20), (1200, FLOOR + 20), (1340, WORLD_HEIGHT), (660, WORLD_HEIGHT)], scene.on("#9c2c38"))
    )
    scene.add(rect(760, FLOOR - 40, 480, 50, scene.on("#a39a8c")), rect(700, FLOOR, 600, 40, scene.on("#948b7e")))
    scene.add(path(f"M900 {FLOOR - 40} L900 {FLOOR - 420} Q1000 {FLOOR - 520} 1100 {FLOOR - 420} L1100 {FLOOR - 40}Z", f"down({scene.on('#d9b25a')},{scene.on('#8a6428')})"), rect(926, FLOOR - 400, 148, 250, scene.on("#8f1f30"), 20), rect(880, FLOOR - 170, 240, 60, scene.on("#a82f3c"), 14))  # fmt: skip
    for x in (820, 1180):
        t.wall_torch(scene, x, 420)
    f.table(scene, 420, FLOOR + 150, 460, 170, "#5f4228")
    f.table(scene, 1580, FLOOR + 150, 460, 170, "#5f4228")


@inside(
    worlds={"village": "barn, stable"},
    also="stables, cowshed, cow shed, hayloft, sty, sheepfold, kennel, henhouse, chicken coop, coop, granary, grain silo, animal shelter, zoo, aviary, farm, ranch, paddock",
)
def barn(scene: Scenery) -> None:
    """Beams, hay, stalls."""
    shell(scene, "#8a6442", "#7a6248")
    scene.add(*(rect(190 + n * 108, 96, 100, FLOOR - 110, see_through(scene.on("#7a5638" if n % 2 else "#946c48"), 0.6)) for n in range(15)))  # fmt: skip
    window(scene, 880, 150, 240, 200, frame="#5f4228")
    scene.add(rect(190, 90, 1620, 44, scene.on("#4f3826")), *(polygon([(x, 130), (x + 34, 130), (x + d, 330), (x + d - 30, 330)], scene.on("#5a4030")) for x, d in ((500, -120), (1466, 150))))  # fmt: skip
    for x in (560, 1400):
        scene.add(rect(x, 96, 46, FLOOR - 80, f"across({scene.on('#4f3826')},{scene.on('#8a6442')})"))
    scene.add(*(rect(200, FLOOR - 260 + 84 * n, 350, 26, scene.on("#6f4f34")) for n in range(3)), *(rect(1450, FLOOR - 260 + 84 * n, 350, 26, scene.on("#6f4f34")) for n in range(3)))  # fmt: skip
    t.straw(scene, 640, FLOOR + 20, 460)
    t.straw(scene, 1480, FLOOR + 120, 420)
    scene.add(line(f"M1240 {FLOOR + 10} L1310 {FLOOR - 330}", scene.on("#8a5f3f"), 13), line(f"M1290 {FLOOR - 420} L1304 {FLOOR - 330} M1322 {FLOOR - 424} L1312 {FLOOR - 330} M1354 {FLOOR - 414} L1320 {FLOOR - 330}", scene.on("#5a6068"), 8))  # fmt: skip
    t.wall_torch(scene, 470, 470) if scene.setting.period == "medieval" else pendant(scene, 1000, 420, 0.7, "#4a4038")


@inside(
    worlds={"workshop": "garage, warehouse, factory", "village": "mill"},
    also="freezer, walk-in freezer, cold store, auto shop, car workshop, hangar, depot, loading dock, loading bay, factory floor, assembly line, plant, power plant, storage unit, storage room, storage, storeroom, engine room, boiler room, machine room, foundry, basement garage, parking garage, car park, underground garage, cargo hold, cargo bay, slaughterhouse, cannery, meat locker, distillery, brewery, print shop, printing house",
)
def warehouse(scene: Scenery) -> None:
    """A hall of steel with crates, barrels and a rolling door."""
    shell(scene, "#7d8488", "#6a6c6e", boards=False)
    scene.add(*(rect(190 + n * 54, 96, 26, FLOOR - 110, see_through(scene.on("#6c7378"), 0.6)) for n in range(30)))
    for x in (320, 1360):
        window(scene, x, 130, 320, 150, frame="#4a5158", bars=3)
    scene.add(rect(760, 330, 480, FLOOR - 330, scene.on("#4a5158")), *(rect(776, 346 + 42 * n, 448, 34, scene.on("#9aa3a8")) for n in range(12)))  # fmt: skip
    t.crates(scene, 250, FLOOR + 20, 5)
    t.crates(scene, 1430, FLOOR + 60, 2)
    for x in (1300, 1390):
        t.standing(scene, "oil-drum", x, FLOOR + 30, 230)
    for x in (560, 1000, 1440):
        pendant(scene, x, 140, 0.9, "#3f474d")
    t.standing(scene, "toolbox", 700, FLOOR + 140, 120)


@inside(
    worlds={"stage": "museum, gallery"},
    also="art gallery, exhibition, exhibition hall, artist's studio, atelier, natural history museum, planetarium",
)
def museum(scene: Scenery) -> None:
    """Paintings, a statue, a glass case, a bench."""
    shell(scene, scene.chance.choice(("#b9b2a4", "#8f6a5c", "#7a8a90")), "#a8845c")
    for x, wide, tall in ((300, 240, 300), (640, 320, 220), (1080, 220, 300), (1420, 300, 230)):
        picture(scene, x, 210, wide, tall)
        scene.glow(x + wide / 2, 300, wide, "#fff0d0", 0.3)
    scene.add(rect(1450, FLOOR - 190, 170, 210, scene.on("#d9d3c6")))
    t.icon(scene, "moai", 1535, FLOOR - 180, 300)
    scene.add(rect(360, FLOOR - 150, 300, 170, scene.on("#6f5a44")), rect(360, FLOOR - 330, 300, 180, "#cfe8f055", 4))
    t.icon(scene, "amphora", 510, FLOOR - 150, 150)
    scene.add(rect(820, FLOOR + 60, 360, 40, scene.on("#6a3f3a"), 12), *(rect(x, FLOOR + 96, 20, 60, scene.on("#3a2f2c")) for x in (850, 1130)))  # fmt: skip


@inside(
    worlds={"home": "dining room"},
    also="dining hall, dining, mess hall, mess, banquet, breakfast room, conference room, meeting room, boardroom, war room, situation room, briefing room, meeting, council room",
)
def table_room(scene: Scenery) -> None:
    """A long table with chairs on all sides."""
    shell(scene, scene.chance.choice(WALLS), "#7a5a42", panel=True)
    window(scene, 380, 170, 300, 350, curtains=scene.chance.choice(("#7a4a4a", "#4a6a6a", "#8a7a4a")))
    window(scene, 1320, 170, 300, 350, curtains=scene.chance.choice(("#7a4a4a", "#4a6a6a", "#8a7a4a")))
    picture(scene, 880, 200, 240, 170)
    pendant(scene, 1000, 190, 1.3, "#c9a45a")
    for x in (500, 760, 1240, 1500):
        f.chair(scene, x, FLOOR + 50, flip=x > 1000)
    f.table(scene, 1000, FLOOR + 130, 1160, 180, "#7a4f34")
    for number, name in enumerate(("fork-and-knife-with-plate", "wine-glass", "potted-plant", "wine-glass", "fork-and-knife-with-plate")):  # fmt: skip
        t.icon(scene, name, 620 + number * 190, FLOOR - 62, 92)


@inside(
    worlds={"city": "attic, basement, cellar"},
    also="loft, crawl space, crawlspace, root cellar, wine cellar, closet, wardrobe, cupboard, storage closet, laundry room, utility room, pantry, boxroom",
)
def attic(scene: Scenery) -> None:
    """A low room full of old things."""
    shell(scene, "#7a6450", "#6a5240")
    for side in (-1, 1):
        scene.add(polygon([(1000 + side * 1010, -10), (1000 + side * 260, -10), (1000 + side * 820, 560), (1000 + side * 1010, 640)], scene.on("#5a4434")), *(line(f"M{1000 + side * (300 + 180 * n)} -10 L{1000 + side * (760 + 90 * n)} {440 + 60 * n}", scene.on("#3f2f24"), 18) for n in range(3)))  # fmt: skip
    window(scene, 890, 170, 220, 220, frame="#5f4a38")
    t.crates(scene, 340, FLOOR + 30, 3)
    t.standing(scene, "luggage", 900, FLOOR + 40, 260)
    t.standing(scene, "teddy-bear", 1060, FLOOR + 60, 150)
    f.bookshelf(scene, 1330, FLOOR, 260, 380)
    t.icon(scene, "spider-web", 300, 300, 190)
    t.icon(scene, "framed-picture", 1180, FLOOR + 20, 230)
    pendant(scene, 700, 230, 0.45, "#4a4038")


@inside(
    worlds={"wild": "tent"},
    also="yurt, wigwam, teepee, tipi, circus tent, field hospital, medical tent, command tent, marquee, igloo",
)
def tent(scene: Scenery) -> None:
    """Canvas walls, a pole, a cot."""
    cloth = scene.chance.choice(("#c9a878", "#8a9a78", "#b8846a"))
    scene.add(rect(0, 0, 2000, WORLD_HEIGHT + 10, scene.on(darker(cloth, 0.2))))
    for number in range(10):
        x = -60 + number * 212
        scene.add(polygon([(1000, -220), (x, 900), (x + 212, 900)], scene.on(lighter(cloth, 0.1) if number % 2 else darker(cloth, 0.12))))  # fmt: skip
    scene.add(polygon([(1000, 120), (860, FLOOR + 20), (1140, FLOOR + 20)], f"down({','.join(scene.light.sky)})"))
    scene.glow(1000, 600, 420, scene.light.key, 0.35)
    scene.add(path(f"M-10 {FLOOR + 10} L2010 {FLOOR + 10} L2010 {WORLD_HEIGHT + 10} L-10 {WORLD_HEIGHT + 10}Z", f"down({scene.on('#8a7454')},{scene.on('#5a4a38')})"))  # fmt: skip
    scene.add(rect(640, -10, 24, FLOOR + 40, scene.on("#6f4f34")), rect(1336, -10, 24, FLOOR + 40, scene.on("#6f4f34")))
    scene.add(rect(280, FLOOR - 90, 420, 30, scene.on("#5f4a38"), 8), path(f"M280 {FLOOR - 90} Q480 {FLOOR - 160} 700 {FLOOR - 96}Z", scene.on("#7a8a6a")), line(f"M320 {FLOOR - 60} L380 {FLOOR + 30} M380 {FLOOR - 60} L320 {FLOOR + 30} M600 {FLOOR - 60} L660 {FLOOR + 30} M660 {FLOOR - 60} L600 {FLOOR + 30}", scene.on("#4a3628"), 11))  # fmt: skip
    rug(scene, 1080, FLOOR + 150, 460, "#8f4a3a")
    t.standing(scene, "backpack", 1500, FLOOR + 40, 220)
    scene.add(line("M1000 -10 L1000 240", scene.on("#3a2f28"), 4))
    t.icon(scene, "diya-lamp", 1000, 330, 120)
    scene.glow(1000, 270, 460, "#ffc87a", 0.6 if scene.is_dark else 0.2)


@inside(
    also="morgue, mortuary, autopsy room, operating room, operating theatre, operating theater, surgery room, cryo chamber, cryo room, examination room, delivery room, vet, vet's office, dentist, dentist's office, doctor's office, doctor's surgery, clinic room, treatment room, medbay, med bay, sick bay, medical bay, trauma room, emergency room, emergency ward"
)
def surgery(scene: Scenery) -> None:
    """A table under a big lamp, steel, screens."""
    shell(scene, "#a9c0c4", "#b4c0c2", boards=False)
    t.tiles(scene, 360, "#dfeaec")
    scene.add(rect(996, -10, 8, 130, scene.on("#8a969c")), ellipse(1000, 170, 190, 56, scene.on("#d9e2e6")), *(ellipse(1000 + dx, 186, 44, 15, "#fffbe6") for dx in (-110, 0, 110)))  # fmt: skip
    scene.add(polygon([(860, 190), (1140, 190), (1320, FLOOR), (680, FLOOR)], "down(#fffbe655,#fffbe605)"))
    scene.glow(1000, 220, 460, "#fff8e0", 0.5)
    t.monitor_wall(scene, 1350, 240, 2, 1)
    f.counter(scene, 250, FLOOR + 10, 420, "#8fb0b8", tall=230, top="#e9eff1")
    for name, x in (("alembic", 330), ("test-tube", 430), ("syringe", 530), ("microscope", 610)):
        t.icon(scene, name, x, FLOOR - 238, 90)
    shadow_under(scene, 1000, FLOOR + 60, 420)
    scene.add(rect(700, FLOOR - 130, 600, 40, scene.on("#cfd9dc"), 12), rect(716, FLOOR - 158, 568, 40, scene.on("#7fb4c0"), 16), rect(960, FLOOR - 92, 80, 150, scene.on("#8f9ca2")), rect(860, FLOOR + 46, 280, 20, scene.on("#7a868c"), 8))  # fmt: skip


@inside(
    worlds={"home": "room"},
    also="chamber, quarters, interior, inside, back room, spare room, unit",
    is_general=True,
)
def plain_room(scene: Scenery) -> None:
    """A room of which nothing is known: a window, a chair, a lamp."""
    shell(scene, scene.chance.choice(WALLS), "#8f7458")
    window(scene, 860, 190, 320, 360, curtains="#c9b48a" if scene.chance.random() < 0.5 else "")
    f.door(scene, 1440, FLOOR, "#8a6a50")
    rug(scene, 960, FLOOR + 140, 420, scene.chance.choice(("#7a8aa0", "#a07a6a", "#7a9a80")))
    f.chair(scene, 640, FLOOR + 60)
    scene.add(rect(380, FLOOR - 130, 130, 140, scene.on("#6b4a34"), 4))
    table_lamp(scene, 445, FLOOR - 130, 1.0)
