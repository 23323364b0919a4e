"""Station, rooftop and castle."""

from agents.animatic.drawing import flora, houses
from agents.animatic.drawing.backdrops.record import Ground, outside
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.skies import ground, mist, ridge, sky
from agents.animatic.drawing.svg import circle, line, path, rect


@outside(
    worlds={
        "rails": "station, railway, platform, tracks, вокзал, bahnhof, gare, estación",
        "city": "bus station",
    },
    also="track, bus stop, train station, railway station, train yard, level crossing, railroad, train, bus depot, tram stop",
    ground=Ground("#9a968e", pattern="paving"),
)
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


@outside(
    worlds={
        "city": "rooftop, rooftops, крыша",
    },
    also="roof, balcony, terrace, fire escape, ledge, penthouse terrace, top of the tower, top of the building, observation deck",
    ground=Ground("#6f6a74"),
)
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


@outside(
    worlds={
        "castle": "kingdom, ruins",
    },
    also="castle, fortress, palace, tower, temple, monastery, castle walls, ramparts, battlements, drawbridge, moat, keep, citadel, château, schloss, castillo, shrine, pagoda, acropolis, forum, watchtower, guard tower, lookout tower, gatehouse",
    ground=Ground("#8a8890", pattern="paving"),
)
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
