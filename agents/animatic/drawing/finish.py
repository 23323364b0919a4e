"""Light, air and lens, laid over drawn layers with Pillow: what makes them one picture."""

from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from agents.animatic.drawing.palette import Light, channels, mix
from agents.animatic.drawing.scenery import Glow
from agents.animatic.film import Setting

Size = tuple[int, int]
STUDIO = Light(("#ffffff", "#ffffff", "#ffffff"), "#fff8ea", "#ffffff", "#ffffff", 0.0)  # in which portraits are taken


@lru_cache(maxsize=4)
def _vignette(size: Size) -> Image.Image:
    """White in the middle, grey at the corners."""
    oval = Image.radial_gradient("L").resize((int(size[0] * 1.25), int(size[1] * 1.4)), Image.Resampling.BICUBIC)
    left, top = (oval.width - size[0]) // 2, (oval.height - size[1]) // 2
    return oval.crop((left, top, left + size[0], top + size[1])).point(
        [255 - max(0, value - 110) for value in range(256)]
    )


@lru_cache(maxsize=1)
def _spot() -> Image.Image:
    """A soft disc: white in its middle, black at its edge."""
    return Image.radial_gradient("L").point([int(((max(0, 180 - value)) / 180) ** 1.8 * 255) for value in range(256)])


def vignetted(picture: Image.Image, strength: float = 0.6) -> Image.Image:
    """Darker corners."""
    mask = _vignette(picture.size).point([int(255 - (255 - value) * strength) for value in range(256)])
    return ImageChops.multiply(picture, Image.merge("RGB", (mask, mask, mask)))


def glowing(picture: Image.Image, glows: list[Glow], strength: float = 1.0) -> Image.Image:
    """The picture with lights added."""
    for glow in glows:
        radius = int(glow.radius)
        left, top = int(glow.x) - radius, int(glow.y) - radius
        area = (max(0, left), max(0, top), min(picture.width, left + 2 * radius), min(picture.height, top + 2 * radius))
        if area[0] >= area[2] or area[1] >= area[3]:
            continue
        disc = _spot().resize((2 * radius, 2 * radius), Image.Resampling.BILINEAR)
        disc = disc.crop((area[0] - left, area[1] - top, area[2] - left, area[3] - top))
        tint = [
            disc.point([int(value * channel / 255 * glow.strength * strength) for value in range(256)])
            for channel in channels(glow.colour)
        ]
        picture.paste(ImageChops.screen(picture.crop(area), Image.merge("RGB", tint)), area[:2])
    return picture


def lit(layer: Image.Image, light: Light, *, is_indoors: bool, width: float) -> Image.Image:
    """Figures in the light of their place: its colour, a shadow side, a bright rim. `width` is that of the rim in pixels."""
    alpha = layer.getchannel("A")
    tint = mix(light.ambient, "#ffffff", 0.42 if not is_indoors else 0.46)
    body = ImageChops.multiply(layer.convert("RGB"), Image.new("RGB", layer.size, channels(tint)))
    side = 1 if light.comes_from_left else -1
    small = alpha.resize((layer.width // 4, layer.height // 4), Image.Resampling.BILINEAR)
    reach = max(3, int(width * 2.2))
    shadow = ImageChops.subtract(small, _moved(small, -side * reach, -reach // 2)).filter(
        ImageFilter.GaussianBlur(reach * 0.8)
    )
    shadow = shadow.resize(layer.size, Image.Resampling.BILINEAR).point([int(value * 0.62) for value in range(256)])
    body.paste(channels(mix(light.ambient, "#1a1230", 0.72)), mask=shadow)
    rim = ImageChops.subtract(alpha, _moved(alpha, side * int(width), int(width * 0.5))).filter(
        ImageFilter.GaussianBlur(max(1.0, width * 0.3))
    )
    rim = rim.point([int(value * (0.34 + 0.3 * light.darkness)) for value in range(256)])
    body.paste(channels(mix(light.key, "#ffffff", 0.25)), mask=rim)
    body.putalpha(alpha)
    return body


def _moved(mask: Image.Image, dx: int, dy: int) -> Image.Image:
    moved = Image.new("L", mask.size)
    moved.paste(mask, (dx, dy))
    return moved


def shadowed(picture: Image.Image, feet: list[tuple[float, float, float]], strength: float) -> Image.Image:
    """Soft shadows on the ground at (x, y), of a half width in pixels."""
    scale = 4
    mask = Image.new("L", (picture.width // scale, picture.height // scale))
    pen = ImageDraw.Draw(mask)
    for x, y, half in feet:
        pen.ellipse(
            ((x - half) / scale, (y - half * 0.16) / scale, (x + half) / scale, (y + half * 0.2) / scale),
            fill=int(200 * strength),
        )
    widest = max((half for _, _, half in feet), default=0)
    mask = mask.filter(ImageFilter.GaussianBlur(max(1.0, widest / scale * 0.14))).resize(
        picture.size, Image.Resampling.BILINEAR
    )
    picture.paste((10, 8, 22), mask=mask)
    return picture


def weathered(
    picture: Image.Image, setting: Setting, light: Light, chance: Random, *, scale: float = 1.0
) -> Image.Image:
    """Rain, snow or fog between us and the scene; `scale` times as large."""
    match setting.weather:
        case "rain" | "storm":
            return _rained(picture, chance, scale, drops=420 if setting.weather == "storm" else 260)
        case "snow":
            return _snowed(picture, chance, scale)
        case "fog":
            return _fogged(picture, light)
        case _:
            return picture


def _rained(picture: Image.Image, chance: Random, scale: float, drops: int) -> Image.Image:
    mask = Image.new("L", picture.size)
    pen = ImageDraw.Draw(mask)
    for _ in range(drops):
        x, y, near = chance.uniform(-60, picture.width), chance.uniform(-80, picture.height), chance.random()
        length = (26 + 70 * near) * scale
        pen.line((x, y, x - length * 0.22, y + length), fill=int(38 + 70 * near), width=1 + int(near * 2.2 * scale))
    picture.paste((214, 226, 240), mask=mask)
    return picture


def _snowed(picture: Image.Image, chance: Random, scale: float) -> Image.Image:
    mask = Image.new("L", picture.size)
    pen = ImageDraw.Draw(mask)
    for _ in range(260):
        x, y, near = chance.uniform(0, picture.width), chance.uniform(0, picture.height), chance.random() ** 3
        size = (1.5 + near * 9) * scale
        pen.ellipse((x - size, y - size, x + size, y + size), fill=int(230 - near * 90))
    picture.paste((255, 255, 255), mask=mask.filter(ImageFilter.GaussianBlur(1.2 * scale)))
    return picture


def _fogged(picture: Image.Image, light: Light) -> Image.Image:
    rising = (
        Image.linear_gradient("L")
        .resize(picture.size)
        .point([20 + int(95 * max(0.0, 1 - abs(value - 165) / 110)) for value in range(256)])
    )
    picture.paste(channels(light.haze), mask=rising)
    return picture


def struck(picture: Image.Image, chance: Random, *, scale: float = 1.0) -> Image.Image:
    """Lightning in the upper half, and its light on everything; `scale` times as large."""
    mask = Image.new("L", picture.size)
    pen = ImageDraw.Draw(mask)
    x, y = chance.uniform(0.15, 0.85) * picture.width, -10.0
    while y < picture.height * 0.4:
        next_x, next_y = x + chance.uniform(-60, 60) * scale, y + chance.uniform(30, 80) * scale
        pen.line((x, y, next_x, next_y), fill=255, width=round(4 * scale))
        if chance.random() < 0.3:
            aside, below = chance.uniform(-140, 140) * scale, 90 * scale
            pen.line((next_x, next_y, next_x + aside, next_y + below), fill=170, width=round(2 * scale))
        x, y = next_x, next_y
    halo = mask.resize((picture.width // 8, picture.height // 8), Image.Resampling.BOX).filter(
        ImageFilter.GaussianBlur(7)
    )
    picture.paste((176, 196, 255), mask=halo.point([min(150, value * 3) for value in range(256)]).resize(picture.size))
    picture.paste((244, 248, 255), mask=mask.filter(ImageFilter.GaussianBlur(1)))
    return Image.blend(picture, Image.new("RGB", picture.size, (168, 186, 235)), 0.1)


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    """Out of focus. Strong blurs work on a smaller copy: nobody can tell, and it is quick."""
    if radius < 0.5:
        return picture
    if radius < 4:
        return picture.filter(ImageFilter.GaussianBlur(radius))
    small = picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(radius / 4)).resize(picture.size, Image.Resampling.BICUBIC)
