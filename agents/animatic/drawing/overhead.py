"""Shots from straight above: the ground as a map, figures as heads and shoulders with long shadows."""

from PIL import Image

from agents.animatic.drawing import acting, creatures, finish, poses, svg
from agents.animatic.drawing.figures import from_above
from agents.animatic.drawing.framing import WIDE, canvas_of, present_in
from agents.animatic.drawing.painting import painted
from agents.animatic.drawing.palette import darker, lighter, see_through
from agents.animatic.drawing.rendering import render
from agents.animatic.drawing.scenery import Scenery
from agents.animatic.drawing.svg import circle, ellipse, line, path, rect
from agents.animatic.film import Character, Shot
from agents.animatic.places import backdrop_of
from agents.animatic.seeded_choice import seeded_random

WIDTH, HEIGHT = WIDE.width, WIDE.height  # of the ground; what is not wide sees the middle of it
PERSON = 330.0  # units that one takes up, from elbow to elbow


def photographed(shot: Shot, cast: list[Character], *, is_last: bool, variant: int) -> Image.Image:
    """The shot from above."""
    scene = painted(shot.setting)
    ground = _boards(scene) if shot.setting.interior else _terrain(scene)
    canvas = canvas_of(shot)
    seen = HEIGHT * canvas.width / canvas.height  # of the ground's width
    box, size = ((WIDTH - seen) / 2, 0.0, seen, float(HEIGHT)), canvas.size
    picture = render(ground, box, *size).convert("RGB")
    scale = {"extreme_wide": 0.36, "wide": 0.6, "full": 0.85}.get(shot.size, 1.25)
    people = present_in(shot, cast)[:6]
    if not canvas.is_wide:
        scale = min(scale, 0.9 * seen / (PERSON * max(1, len(people))))
    spots = [
        _spot(shot, number, len(people), scale, seen, is_last=is_last, variant=variant) for number in range(len(people))
    ]
    slant = 1 if scene.light.comes_from_left else -1
    shade = "".join(
        svg.group(ellipse(70, 0, 170, 70, "#0a0816"), x=x, y=y, scale=scale, flip=slant < 0, turn=24 * slant)
        for x, y, _ in spots
    )
    if shade:
        small = render(shade, box, size.width // 4, size.height // 4).getchannel("A")
        mask = finish.blurred(small, 2 * canvas.scale).resize(size)
        picture.paste((10, 8, 22), mask=mask.point([int(value * 0.5) for value in range(256)]))
    figures = "".join(
        svg.group(_from_above(person), x=x, y=y, scale=scale * 1.5, turn=turn)
        for person, (x, y, turn) in zip(people, spots, strict=True)
    )
    layer = render(figures, box, *size)
    layer = finish.lit(layer, scene.light, is_indoors=shot.setting.interior, width=5 * canvas.scale)
    picture.paste(layer, mask=layer.getchannel("A"))
    return picture


def _from_above(person: Character) -> str:
    """A whole animal lies flat on the map, as on its side: from above it could not be told."""
    animal = creatures.body_of(person)
    if not animal:
        return from_above(person.look)
    return svg.group(creatures.body(animal, person.look.skin), y=150, scale=0.35 * person.look.height)


def _spot(
    shot: Shot, number: int, count: int, scale: float, seen: float, *, is_last: bool, variant: int
) -> tuple[float, float, float]:
    gap = min(seen * 0.8 / max(1, count), 420 * scale + 120)
    x = WIDTH / 2 + (number - (count - 1) / 2) * gap + (variant * 60 - 30)
    y = HEIGHT / 2 + (40 if number % 2 else -30)
    turn = {True: -70.0, False: 70.0}[x < WIDTH / 2] if count > 1 else -50.0
    moved = acting.MOVING.get(poses.pose_for(shot.description) or "", 0.0) * seen * 0.6
    return x + (moved if is_last else -moved) * 0.5, y, turn


def _boards(scene: Scenery) -> str:
    chance = seeded_random("boards", scene.setting.place)
    wood = chance.choice(("#9a7454", "#8a6a50", "#7a7f88", "#a88a68"))
    drawn = [
        rect(
            0,
            0,
            WIDTH,
            HEIGHT,
            f"across({scene.on(lighter(wood, 0.1))},{scene.on(wood)},{scene.on(darker(wood, 0.3))})",
        )
    ]
    for row in range(10):
        drawn.append(rect(0, row * 92, WIDTH, 3, see_through(scene.on(darker(wood, 0.5)), 0.7)))
        drawn.extend(
            rect(chance.uniform(0, WIDTH), row * 92, 3, 92, see_through(scene.on(darker(wood, 0.5)), 0.7))
            for _ in range(3)
        )
    cloth = chance.choice(("#a8484a", "#3f6a80", "#6f7a4a"))
    drawn.append(
        ellipse(800, 460, 560, 330, scene.on(darker(cloth, 0.2)))
        + ellipse(800, 460, 510, 290, scene.on(cloth))
        + ellipse(800, 460, 380, 200, scene.on(lighter(cloth, 0.2)))
    )
    table = scene.on("#7a5640")
    drawn.append(
        rect(90, 70, 330, 210, "#00000055", 14)
        + rect(80, 56, 330, 210, table, 12)
        + rect(96, 72, 298, 178, scene.on("#8f6849"), 8)
    )
    drawn.append(
        rect(1260, 640, 270, 210, "#00000055", 30)
        + rect(1250, 626, 270, 210, scene.on("#5a7a70"), 34)
        + rect(1274, 650, 222, 90, scene.on("#6f9186"), 22)
    )
    return "".join(drawn)


def _terrain(scene: Scenery) -> str:
    chance = seeded_random("terrain", scene.setting.place)
    ground = backdrop_of(scene.setting).ground
    colour = ground.colour if scene.setting.weather != "snow" else "#dfe6ee"
    drawn = [
        rect(
            0,
            0,
            WIDTH,
            HEIGHT,
            f"across({scene.on(lighter(colour, 0.1))},{scene.on(colour)},{scene.on(darker(colour, 0.25))})",
        )
    ]
    if ground.pattern == "paving":
        drawn.extend(
            line(
                f"M{x} 0 L{x} {HEIGHT} M0 {x * HEIGHT / WIDTH:.0f} L{WIDTH} {x * HEIGHT / WIDTH:.0f}",
                see_through(scene.on(darker(colour, 0.35)), 0.6),
                3,
            )
            for x in range(0, WIDTH, 130)
        )
        return "".join(drawn)
    for _ in range(130):
        x, y, size = chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT), chance.uniform(8, 40)
        tone = lighter(colour, 0.14) if chance.random() < 0.5 else darker(colour, 0.18)
        if ground.pattern == "waves":
            drawn.append(
                line(
                    f"M{x:.0f} {y:.0f} q{size:.0f} -12 {size * 2:.0f} 0 t{size * 2:.0f} 0",
                    see_through(scene.on(lighter(colour, 0.4)), 0.5),
                    4,
                )
            )
        else:
            drawn.append(ellipse(x, y, size, size * 0.7, see_through(scene.on(tone), 0.55)))
    if ground.has_trees:
        for _ in range(9):
            x, y = chance.choice((chance.uniform(0, 300), chance.uniform(1300, 1600))), chance.uniform(0, HEIGHT)
            drawn.append(
                circle(x + 16, y + 22, 110, "#00000044")
                + circle(x, y, 104, scene.on("#2a6145"))
                + circle(x - 20, y - 24, 66, scene.on("#3a7d54"))
                + circle(x - 30, y - 34, 30, scene.on("#5aa06a"))
            )
    if ground.has_surf:
        drawn.append(
            path(f"M1100 0 Q1260 240 1140 460 T1200 {HEIGHT} L{WIDTH} {HEIGHT} L{WIDTH} 0Z", scene.on("#2f7f96"))
            + line(f"M1100 0 Q1260 240 1140 460 T1200 {HEIGHT}", scene.on("#ffffff"), 16)
        )
    return "".join(drawn)
