"""The backdrop of a shot: a painted place, seen through the camera's frame."""

from dataclasses import replace
from functools import lru_cache

from PIL import Image

from agents.animatic.drawing import svg
from agents.animatic.drawing.rendering import render
from agents.animatic.drawing.scenery import WORLD_WIDTH, Glow, Scenery, scenery_of
from agents.animatic.film import Setting
from agents.animatic.places import backdrop_of

Box = tuple[float, float, float, float]


@lru_cache(maxsize=16)
def painted(setting: Setting) -> Scenery:
    """The whole place as vectors."""
    scene = scenery_of(setting)
    backdrop_of(setting).paint(scene)
    return _mirrored(scene) if scene.is_mirrored else scene


def _mirrored(scene: Scenery) -> Scenery:
    """The other way round; words on signs are written so that they can be read then (fittings.sign)."""
    return replace(
        scene,
        drawn=[svg.group("".join(scene.drawn), x=WORLD_WIDTH, flip=True)],
        glows=[replace(glow, x=WORLD_WIDTH - glow.x) for glow in scene.glows],
        light=replace(scene.light, comes_from_left=not scene.light.comes_from_left),
    )


@lru_cache(maxsize=8)
def photographed(setting: Setting, box: Box, width: int, height: int) -> Image.Image:
    """The part of the place that lies in the box, as RGB. Do not change it: it is shared."""
    return render("".join(painted(setting).drawn), box, width, height).convert("RGB")


def glows_in(setting: Setting, box: Box, width: int) -> list[Glow]:
    """The place's lights, in the picture's pixels."""
    x, y, wide, _ = box
    zoom = width / wide
    return [
        Glow((glow.x - x) * zoom, (glow.y - y) * zoom, glow.radius * zoom, glow.colour, glow.strength)
        for glow in painted(setting).glows
        if glow.strength > 0
    ]
