"""Sky and air: sun, moon, stars, clouds, and the layers that fade into the distance."""

from itertools import pairwise
from math import sin

from agents.animatic.drawing.palette import lighter, mix, see_through
from agents.animatic.drawing.scenery import HORIZON, WORLD_HEIGHT, WORLD_WIDTH, Scenery
from agents.animatic.drawing.svg import Point, circle, ellipse, path, polygon, rect


def sky(scene: Scenery, horizon: float = HORIZON) -> None:
    """Everything above the horizon."""
    light = scene.light
    scene.add(rect(0, 0, WORLD_WIDTH, horizon + 60, f"down({light.sky[0]},{light.sky[1]},{light.sky[2]})"))
    weather = scene.setting.weather
    if scene.setting.time_of_day == "night" and weather in ("clear", "cloudy", "snow"):
        _stars(scene, horizon)
    if weather in ("clear", "cloudy", "snow"):
        _sun_or_moon(scene, horizon)
    _clouds(scene, horizon)


def _stars(scene: Scenery, horizon: float) -> None:
    for _ in range(150):
        x, y = scene.chance.uniform(0, WORLD_WIDTH), scene.chance.uniform(0, horizon * 0.8)
        size = scene.chance.choice((1.1, 1.4, 1.8, 2.6))
        scene.add(
            circle(x, y, size, see_through("#eaf1ff", scene.chance.uniform(0.35, 0.95) * (1 - y / horizon * 0.8)))
        )


def _sun_or_moon(scene: Scenery, horizon: float) -> None:
    light = scene.light
    x = WORLD_WIDTH * (0.24 if light.comes_from_left else 0.76)
    match scene.setting.time_of_day:
        case "night":
            y, radius = horizon * 0.26, 46.0
            scene.add(circle(x, y, 300, "glow(#cfe0ff66,#9fc0ff1c,#9fc0ff00)"), circle(x, y, radius, "#f1f3f2"))
            scene.add(
                circle(x - 14, y - 10, 9, "#d8dde2"),
                circle(x + 12, y + 14, 12, "#dde1e4"),
                circle(x + 16, y - 16, 6, "#d8dde2"),
            )
        case "day":
            y = horizon * 0.2
            scene.add(circle(x, y, 420, "glow(#fffbe6cc,#fff6d233,#fff6d200)"), circle(x, y, 52, "#fffdf2"))
        case _:
            y = horizon * 0.86
            scene.add(
                circle(
                    x,
                    y,
                    620,
                    f"glow({see_through(light.key, 0.8)},{see_through(light.key, 0.25)},{see_through(light.key, 0)})",
                )
            )
            scene.add(circle(x, y, 70, "down(#fff3d0,#ffc27a)"))
            scene.glow(x, y, 700, light.key, 0.28)


def _clouds(scene: Scenery, horizon: float) -> None:
    count = {"clear": 4, "cloudy": 9, "rain": 9, "storm": 10, "snow": 7, "fog": 0}[scene.setting.weather]
    for number in range(count):
        share = number / max(1, count)
        y = horizon * (0.1 + 0.62 * share) + scene.chance.uniform(-30, 30)
        x = scene.chance.uniform(-100, WORLD_WIDTH + 100)
        size = (1.25 - share * 0.8) * scene.chance.uniform(0.8, 1.3)
        _cloud(scene, x, y, size, share)


def _cloud(scene: Scenery, x: float, y: float, size: float, low: float) -> None:
    light = scene.light
    heavy = scene.setting.weather in ("rain", "storm")
    top = (
        mix(light.sky[1], "#10141f", 0.35)
        if heavy
        else mix(lighter(light.key, 0.35), light.sky[1], 0.25 + light.darkness * 0.6)
    )
    under = mix(light.sky[2], light.sky[0], 0.35 if not heavy else 0.6)
    width = 260 * size
    puffs = [
        (x + width * (step / 6 - 0.5) * 1.5, y - sin(step / 6 * 3.14) * 46 * size * scene.chance.uniform(0.6, 1.3))
        for step in range(7)
    ]
    outline = f"M{x - width} {y + 16 * size} "
    for (px, py), (nx, ny) in pairwise(puffs):
        outline += f"L{px:.0f} {py:.0f} Q{(px + nx) / 2:.0f} {min(py, ny) - 40 * size:.0f} {nx:.0f} {ny:.0f} "
    outline += f"L{x + width:.0f} {y + 16 * size:.0f} Q{x:.0f} {y + 34 * size:.0f} {x - width:.0f} {y + 16 * size:.0f}Z"
    scene.add(path(outline, f"down({see_through(top, 0.85 - low * 0.3)},{see_through(under, 0.25)})"))


def ridge(
    scene: Scenery,
    base: float,
    height: float,
    colour: str,
    depth: float,
    *,
    rough: float = 0.5,
    foot: float = WORLD_HEIGHT,
) -> None:
    """A line of hills or mountains; rough 0.0 is rolling, 1.0 jagged."""
    steps = 9 + int(rough * 14)
    points: list[Point] = []
    for step in range(steps + 1):
        wave = sin(step * 1.7 + scene.chance.uniform(0, 1.6)) * 0.5 + 0.5
        lift = height * (wave * (1 - rough * 0.3) + scene.chance.uniform(-0.3, 0.35) * rough)
        points.append((step * WORLD_WIDTH / steps * 1.04 - 40, base - lift))
    body = f"down({scene.on(colour, depth * 0.85)},{scene.on(colour, min(1.0, depth + 0.22))})"
    corners: list[Point] = [(WORLD_WIDTH + 60, foot), (-60, foot)]
    if rough > 0.5:
        scene.add(polygon([*points, *corners], body))
        return
    curve = f"M{points[0][0]:.0f} {points[0][1]:.0f} "
    for (x, y), (nx, ny) in pairwise(points):
        curve += f"C{(x + nx) / 2:.0f} {y:.0f} {(x + nx) / 2:.0f} {ny:.0f} {nx:.0f} {ny:.0f} "
    scene.add(path(curve + f"L{WORLD_WIDTH + 60} {foot} L-60 {foot}Z", body))


def mist(scene: Scenery, y: float, height: float, strength: float = 0.5) -> None:
    """A band of haze between two layers."""
    haze = scene.light.haze
    scene.add(
        rect(
            0,
            y - height / 2,
            WORLD_WIDTH,
            height,
            f"down({see_through(haze, 0)},{see_through(haze, strength)},{see_through(haze, 0)})",
        )
    )


def ground(scene: Scenery, colour: str, top: float = HORIZON) -> None:
    """The ground, darker towards us."""
    far, near = scene.on(colour, 0.45), scene.on(mix(colour, "#0c1020", 0.32))
    scene.add(rect(0, top, WORLD_WIDTH, WORLD_HEIGHT - top + 40, f"down({far},{scene.on(colour, 0.1)},{near})"))


def water(scene: Scenery, top: float, colour: str = "#2c6e8f", bottom: float = WORLD_HEIGHT + 40) -> None:
    """A sheet of water that mirrors the sky, with ripples and a path of light."""
    light = scene.light
    scene.add(
        rect(
            0,
            top,
            WORLD_WIDTH,
            bottom - top,
            f"down({mix(light.sky[2], scene.on(colour), 0.35)},{mix(light.sky[1], scene.on(colour), 0.6)},{scene.on(mix(colour, '#081426', 0.45))})",
        )
    )
    shine_x = WORLD_WIDTH * (0.24 if light.comes_from_left else 0.76)
    for step in range(46):
        near = (step / 46) ** 1.5
        y = top + 8 + (bottom - top) * near
        x = scene.chance.uniform(0, WORLD_WIDTH)
        width = 40 + near * 220
        is_shine = step % 3 == 0 and scene.setting.weather in ("clear", "cloudy", "snow")
        if is_shine:
            x = shine_x + scene.chance.uniform(-60, 60) * (1 + near * 3)
        scene.add(
            ellipse(
                x,
                y,
                width,
                1.5 + near * 6,
                see_through(lighter(light.key, 0.2) if is_shine else light.sky[2], 0.55 if is_shine else 0.2),
            )
        )
