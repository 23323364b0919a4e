"""Rooms of a special kind: classroom, hospital, stage, spaceship, the top of a lighthouse."""

from agents.animatic.drawing import furniture
from agents.animatic.drawing import furniture as f
from agents.animatic.drawing.backdrops.record import inside
from agents.animatic.drawing.palette import darker, see_through
from agents.animatic.drawing.rooms import (
    pendant,
    shell,
    window,
)
from agents.animatic.drawing.scenery import FLOOR, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, polygon, rect


@inside(
    worlds={
        "school": "school, classroom, university, academy, college, kindergarten, школа, schule*, école*, escuela*",
    },
    also="class, lecture, universit*, школ*, lecture hall, lecture theatre, detention room, schoolroom, art room, exam hall, examination hall, music room, daycare, preschool, high school, middle school, elementary school, homeroom, seminar room",
)
def classroom(scene: Scenery) -> None:
    """A blackboard, windows, desks in rows."""
    shell(scene, "#c2b48e", "#9a7a58")
    scene.add(rect(560, 190, 880, 380, scene.on("#7a5a3f"), 4), rect(580, 208, 840, 344, scene.on("#2f4a40")))
    scene.add(
        *(
            line(f"M{640 + 30 * (n % 2)} {270 + 62 * n} q{120 + 40 * n} -18 {300 + 60 * (n % 3)} 0", "#e9efe488", 6)
            for n in range(4)
        )
    )
    scene.add(
        line("M1180 480 L1330 480 L1255 330Z M1255 330 L1255 480", "#e9efe4aa", 5),
        rect(600, 552, 800, 14, scene.on("#8f6a4a")),
    )
    window(scene, 250, 190, 230, 360, bars=1)
    window(scene, 1530, 190, 230, 360, bars=1)
    furniture.desk(scene, 1250, FLOOR + 20, 420, screen=False)
    scene.add(
        circle(1130, FLOOR - 210, 44, scene.on("#4f86b0")),
        path(f"M1100 {FLOOR - 236} q22 -16 40 0 t-6 36 q-26 4 -34 -36Z", scene.on("#6fa05a")),
    )
    for row, y in enumerate((FLOOR + 110, FLOOR + 250)):
        for number in range(4):
            furniture.table(scene, 330 + number * 450 - row * 20, y, 250 + row * 40, 120 + row * 20, "#b08458")


@inside(
    worlds={
        "hospital": "hospital, clinic, ward, surgery, sickroom, hospice",
    },
    also="infirmary, больниц*, hospital room, intensive care unit, intensive care, icu, maternity ward, recovery room, sanatorium, rehab, patient's room, psych ward, psychiatric ward, emergency, krankenhaus, hôpital",
)
def hospital(scene: Scenery) -> None:
    """Beds, a monitor, curtains."""
    shell(scene, "#b4c9c8", "#a9b8ba", boards=False)
    window(scene, 860, 200, 340, 300, frame="#e9efef", bars=1)
    for x in (300, 1330):
        scene.add(
            rect(x - 60, 120, 470, 10, scene.on("#8f9ca0")),
            path(
                f"M{x - 60} 126 L{x + 90} 126 Q{x + 60} 480 {x + 70} {FLOOR - 20} L{x - 60} {FLOOR - 20}Z",
                f"across({scene.on('#7fb0a8')},{scene.on('#a8d0c8')},{scene.on('#7fb0a8')})",
            ),
        )
    furniture.bed(scene, 420, FLOOR + 60, "#8fb8c8")
    scene.add(
        rect(1150, FLOOR - 420, 190, 150, scene.on("#d9e2e4"), 10),
        rect(1164, FLOOR - 406, 162, 122, "#0f2a2c", 4),
        line(f"M1170 {FLOOR - 340} h40 l12 -40 l16 74 l14 -34 h70", "#5fe08a", 5),
    )
    scene.add(
        rect(1238, FLOOR - 270, 14, 280, scene.on("#9aa6aa")), ellipse(1245, FLOOR + 14, 80, 12, scene.on("#7f8b90"))
    )
    scene.glow(1245, FLOOR - 345, 240, "#5fe0a0", 0.4)
    scene.add(rect(1090, 150, 8, FLOOR - 130, scene.on("#9aa6aa")), rect(1066, 170, 56, 90, "#d9f0f4aa", 12))
    pendant(scene, 620, 90, 0.8, "#d9e2e4")


@inside(
    worlds={
        "stage": "theatre, theater, opera, circus, cinema, ballroom, stage, conservatory",
    },
    also="concert hall, auditorium, opera house, movie theater, movie theatre, movie house, screening room, playhouse, music hall, school stage, assembly hall, backstage area, wings, orchestra pit, balcony, circus ring, big top, banquet stage, projection booth, projection room, vaudeville house, cabaret, town theatre, ballet",
)
def stage(scene: Scenery) -> None:
    """Red curtains, spotlights, boards, the first rows."""
    scene.add(rect(0, 0, WORLD_WIDTH, WORLD_HEIGHT + 10, f"down({scene.on('#2a1420')},{scene.on('#4a1f2c')})"))
    for number in range(14):
        x = 300.0 + number * 100
        scene.add(
            rect(x, 60, 104, FLOOR - 40, f"across({scene.on('#6b1a28')},{scene.on('#b8323f')},{scene.on('#5a1622')})")
        )
    for x, flip in ((0.0, 1), (WORLD_WIDTH, -1)):
        scene.add(
            path(
                f"M{x} -10 L{x + flip * 420} -10 Q{x + flip * 380} 460 {x + flip * 170} 620 L{x + flip * 240} {FLOOR + 60} L{x} {FLOOR + 60}Z",
                f"across({scene.on('#8f1f30')},{scene.on('#d0404a')},{scene.on('#7a1a28')})",
            )
        )
        scene.add(line(f"M{x + flip * 172} 618 q{flip * 40} 26 {flip * 70} 4", scene.on("#e0b24a"), 16))
    scene.add(
        path(
            "M-10 -10 L2010 -10 L2010 110 "
            + " ".join(f"Q{1910 - 200 * n} 200 {1810 - 200 * n} 110" for n in range(10))
            + "Z",
            f"down({scene.on('#8f1f30')},{scene.on('#c0363f')})",
        )
    )
    scene.add(
        polygon(
            [(60, FLOOR), (1940, FLOOR), (2040, WORLD_HEIGHT - 60), (-40, WORLD_HEIGHT - 60)],
            f"down({scene.on('#8a5a38')},{scene.on('#b8804f')})",
        )
    )
    scene.add(
        *(
            line(f"M{1000 + n * 90} {FLOOR} L{1000 + n * 116} {WORLD_HEIGHT - 60}", scene.on("#5f3c26"), 4)
            for n in range(-11, 12)
        )
    )
    for x, lean in ((620.0, 250), (1380.0, -250)):
        scene.add(
            polygon(
                [(x - 20, -10), (x + 20, -10), (x + lean + 300, FLOOR + 130), (x + lean - 300, FLOOR + 130)],
                "down(#fff3c866,#fff3c80a)",
            )
        )
    scene.add(ellipse(1000, FLOOR + 120, 520, 70, "glow(#fff3c8aa,#fff3c844,#fff3c800)"))
    scene.glow(1000, FLOOR, 700, "#ffe9b8", 0.35)
    scene.add(rect(-10, WORLD_HEIGHT - 62, WORLD_WIDTH + 20, 80, scene.on(darker("#5a2a24", 0.3))))
    scene.add(
        *(
            path(f"M{40 + n * 150} {WORLD_HEIGHT + 10} a52 62 0 0 1 104 0Z", see_through("#0c060c", 0.9))
            for n in range(13)
        )
    )


@inside(
    worlds={
        "space": "spaceship, starship, spacecraft, airlock, shuttle, rocket, space station, spacestation",
    },
    also="bridge, command deck, capsule, module, spaceship bridge, control deck, escape pod, pod, moon base, lunar base, mothership, dome, habitat, alien ship, satellite, holodeck, escape capsule, crew deck, observation deck",
)
def spaceship(scene: Scenery) -> None:
    """A bridge before the stars."""
    shell(scene, "#56617a", "#4a5266", boards=False)
    view = "M420 560 L520 180 Q1000 110 1480 180 L1580 560 Q1000 640 420 560Z"
    scene.add(path(view, "down(#04060f,#141a44,#3a2460)"))
    for _ in range(90):
        x, y = scene.chance.uniform(520, 1480), scene.chance.uniform(190, 560)
        scene.add(circle(x, y, scene.chance.choice((1.2, 1.8, 2.8)), "#ffffffcc"))
    planet = 1260 if scene.light.comes_from_left else 760
    scene.add(
        circle(planet, 350, 130, "across(#8fd0e8,#3f78b0,#122048)"),
        ellipse(planet, 350, 220, 26, "#bfe0f044"),
        line(view, scene.on("#8a97b4"), 22),
    )
    scene.glow(planet, 350, 420, "#7fb8ff", 0.45)
    scene.add(
        *(
            rect(x, -10, 44, FLOOR + 20, f"across({scene.on('#3a4356')},{scene.on('#8a97b0')},{scene.on('#2c3446')})")
            for x in (300, 1656)
        ),
        rect(190, 640, 1620, 10, "#5fe0f0aa"),
    )
    for x in (520, 1000, 1480):
        f.console(scene, x, FLOOR + 50, 400)
    scene.add(
        *(
            line(f"M{1000 + side * 260} {FLOOR + 60} L{1000 + side * 480} {WORLD_HEIGHT}", "#5fe0f088", 7)
            for side in (-1, 1)
        )
    )


@inside(
    worlds={
        "sea": "lighthouse, маяк*, leuchtturm*, phare*, faro*",
    },
    also="lantern room, lamp room, lighthouse top, lighthouse tower, lighthouse gallery, light room",
    alone="lighthouse",
)
def lighthouse(scene: Scenery) -> None:
    """The lantern room: glass all around, the great lens in the middle."""
    shell(scene, "#6a6f78", "#5a5a62", boards=False)
    for number in range(5):
        window(scene, 250 + number * 310, 120, 260, 460, frame="#39404c", bars=1)
    scene.add(
        rect(900, FLOOR - 150, 200, 190, f"across({scene.on('#4a4e58')},{scene.on('#a0a6b0')},{scene.on('#3a3e48')})"),
        ellipse(1000, FLOOR + 40, 130, 22, scene.on("#2c3038")),
    )
    scene.add(
        ellipse(1000, FLOOR - 330, 150, 200, "glow(#fffbe6,#ffe0a0,#c9a45acc)"),
        *(ellipse(1000, FLOOR - 330, 150 - abs(n) * 10, 26 + (6 - abs(n)) * 22, "#ffffff22") for n in range(-5, 6, 2)),
    )
    scene.add(
        *(
            line(f"M{1000 - 140} {FLOOR - 330 + dy} Q1000 {FLOOR - 318 + dy} {1140} {FLOOR - 330 + dy}", "#8a6a3f88", 5)
            for dy in (-120, -70, -20, 30, 80, 130)
        )
    )
    scene.add(
        rect(870, FLOOR - 160, 260, 24, scene.on("#b98f4a"), 6),
        path(
            f"M880 {FLOOR - 520} Q1000 {FLOOR - 590} 1120 {FLOOR - 520} L1110 {FLOOR - 500} L890 {FLOOR - 500}Z",
            scene.on("#b98f4a"),
        ),
    )
    scene.glow(1000, FLOOR - 330, 620, "#ffe2a0", 0.8 if scene.is_dark else 0.3)
