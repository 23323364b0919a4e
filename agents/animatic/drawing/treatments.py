"""What a style's words do to a finished picture."""

import re
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from agents.animatic.seeded_choice import seeded_random


def treated(picture: Image.Image, style: str) -> Image.Image:
    """The picture in the style that the words ask for; unchanged when none is known."""
    for pattern, treat in TREATMENTS:
        if re.search(pattern, style, re.IGNORECASE):
            return treat(picture)
    return picture


def _noir(picture: Image.Image) -> Image.Image:
    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    curve = [int(255 * min(1.0, max(0.0, (value / 255 - 0.12) * 1.22)) ** 1.12) for value in range(256)]
    return ImageOps.colorize(grey.point(curve), "#06070c", "#f4f1ea", mid="#6b6c74")


def _watercolour(picture: Image.Image) -> Image.Image:
    soft = picture.filter(ImageFilter.ModeFilter(5)) if picture.width < 900 else _flattened(picture)
    light = Image.blend(soft, Image.new("RGB", soft.size, "#fffaf0"), 0.22)
    edges = soft.convert("L").filter(ImageFilter.FIND_EDGES).filter(ImageFilter.GaussianBlur(1.4))
    light.paste("#3a3550", mask=edges.point([min(110, value) for value in range(256)]))
    paper = ImageChops.multiply(_paper(picture.size, depth=16), _blotches(picture.size))
    return _bordered(ImageChops.multiply(ImageEnhance.Color(light).enhance(1.25), paper))


def _flattened(picture: Image.Image) -> Image.Image:
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    return small.filter(ImageFilter.MedianFilter(5)).resize(picture.size, Image.Resampling.BICUBIC)


def _paper(size: tuple[int, int], depth: int) -> Image.Image:
    """A rough paper: white with soft grains down to 255 - depth."""
    width, height = size[0] // 2, size[1] // 2
    grain = Image.frombytes("L", (width, height), seeded_random("paper").randbytes(width * height)).filter(
        ImageFilter.GaussianBlur(0.8)
    )
    grain = ImageOps.autocontrast(grain, cutoff=2).point(
        [255 - int((255 - value) / 255 * depth) for value in range(256)]
    )
    return Image.merge("RGB", [grain.resize(size, Image.Resampling.BICUBIC)] * 3)


def _blotches(size: tuple[int, int]) -> Image.Image:
    """Where the pigment pooled: large soft clouds between white and light grey."""
    noise = Image.frombytes("L", (32, 18), seeded_random("blotches").randbytes(32 * 18)).filter(
        ImageFilter.GaussianBlur(1)
    )
    clouds = (
        ImageOps.autocontrast(noise)
        .resize(size, Image.Resampling.BICUBIC)
        .point([216 + value * 39 // 255 for value in range(256)])
    )
    return Image.merge("RGB", [clouds] * 3)


def _bordered(picture: Image.Image) -> Image.Image:
    """Paint that ends before the paper does."""
    width, height = picture.size
    chance = seeded_random("border")
    mask = Image.new("L", (width // 4, height // 4))
    pen = ImageDraw.Draw(mask)
    pen.rectangle((9, 9, width // 4 - 10, height // 4 - 10), fill=255)
    for _ in range(90):
        x, y = chance.choice(
            (
                (chance.uniform(6, width / 4 - 6), chance.choice((9, height / 4 - 9))),
                (chance.choice((9, width / 4 - 9)), chance.uniform(6, height / 4 - 6)),
            )
        )
        size = chance.uniform(2, 8)
        pen.ellipse((x - size, y - size * 0.7, x + size, y + size * 0.7), fill=chance.choice((0, 255)))
    mask = mask.filter(ImageFilter.GaussianBlur(2)).resize(picture.size, Image.Resampling.BICUBIC)
    return Image.composite(picture, Image.new("RGB", picture.size, "#fbf6ea"), mask)


def _oil(picture: Image.Image) -> Image.Image:
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    strokes = small.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.ModeFilter(5))
    paint = ImageEnhance.Color(strokes.resize(picture.size, Image.Resampling.BICUBIC)).enhance(1.35)
    relief = strokes.convert("L").filter(ImageFilter.EMBOSS).resize(picture.size, Image.Resampling.BICUBIC)
    return Image.blend(paint, ImageChops.overlay(paint, Image.merge("RGB", [relief] * 3)), 0.6)


def _pencil(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    halo = (
        grey.resize((grey.width // 4, grey.height // 4), Image.Resampling.BOX)
        .filter(ImageFilter.GaussianBlur(3))
        .resize(grey.size, Image.Resampling.BICUBIC)
    )
    lines = ImageChops.subtract(halo, grey).point([max(0, 255 - int(value * 4.2)) for value in range(256)])
    tone = grey.point([178 + int(value * 0.34) if value < 226 else 255 for value in range(256)])
    drawing = ImageChops.multiply(ImageChops.multiply(lines, tone), _paper(picture.size, depth=30).getchannel(0))
    sketch = ImageOps.colorize(drawing, "#2a2530", "#fdf9ef")
    return Image.blend(sketch, ImageChops.multiply(sketch, picture), 0.14)


def _comic(picture: Image.Image) -> Image.Image:
    flat = ImageOps.posterize(ImageEnhance.Color(picture).enhance(1.45), 3)
    flat = Image.blend(flat, picture, 0.25)
    edges = picture.convert("L").filter(ImageFilter.GaussianBlur(1.2)).filter(ImageFilter.FIND_EDGES)
    ink = edges.point([0 if value < 14 else min(255, (value - 14) * 9) for value in range(256)])
    dark = picture.convert("L").point([255 if value < 90 else 0 for value in range(256)])
    flat.paste(
        "#1a1626", mask=ImageChops.multiply(_dots(picture.size), dark).point([value // 4 for value in range(256)])
    )
    flat.paste("#14101c", mask=ink)
    return ImageEnhance.Contrast(flat).enhance(1.12)


def _dots(size: tuple[int, int]) -> Image.Image:
    tile = Image.new("L", (12, 12))
    ImageDraw.Draw(tile).ellipse((2, 2, 9, 9), fill=255)
    sheet = Image.new("L", size)
    for y in range(0, size[1], 12):
        for x in range(0, size[0], 12):
            sheet.paste(tile, (x + (6 if (y // 12) % 2 else 0), y))
    return sheet


def _pastel(picture: Image.Image) -> Image.Image:
    soft = Image.blend(picture, Image.new("RGB", picture.size, "#ffeef0"), 0.32)
    return ImageChops.multiply(ImageEnhance.Color(soft).enhance(1.15), _paper(picture.size, depth=9))


def _neon(picture: Image.Image) -> Image.Image:
    dark = ImageEnhance.Contrast(ImageEnhance.Color(picture).enhance(1.5)).enhance(1.2)
    duo = ImageOps.colorize(picture.convert("L"), "#0b0630", "#8ff6ff", mid="#a3229e", midpoint=150)
    mixed = Image.blend(dark, duo, 0.42)
    small = mixed.resize((picture.width // 8, picture.height // 8), Image.Resampling.BOX).filter(
        ImageFilter.GaussianBlur(5)
    )
    bloom = small.point([max(0, value - 120) for value in range(256)] * 3).resize(
        picture.size, Image.Resampling.BICUBIC
    )
    return ImageChops.screen(mixed, bloom)


def _vintage(picture: Image.Image) -> Image.Image:
    faded = ImageEnhance.Color(picture).enhance(0.45)
    sepia = ImageOps.colorize(picture.convert("L"), "#2a1c14", "#fbeccb", mid="#a07a50")
    return Image.blend(faded, sepia, 0.55)


def _bright(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(ImageEnhance.Color(picture).enhance(1.4)).enhance(1.06)


def _gloomy(picture: Image.Image) -> Image.Image:
    cold = Image.blend(ImageEnhance.Color(picture).enhance(0.55), Image.new("RGB", picture.size, "#16202c"), 0.22)
    return ImageEnhance.Contrast(cold).enhance(1.15)


# Whole words, or their beginnings: "pink" is no ink.
TREATMENTS: tuple[tuple[str, Callable[[Image.Image], Image.Image]], ...] = (
    (r"\b(?:noir\b|black.and.white|b&w|monochrom)", _noir),
    (r"\b(?:water ?colou?r|aquarell|gouache|painterly|storybook|picture.?book)", _watercolour),
    (r"\b(?:oils?\b|oil.paint|impressionis|van gogh)", _oil),
    (r"\b(?:pencil|sketch|charcoal|drawn\b|graphite|inks?\b)", _pencil),
    (r"\b(?:comic|graphic novel|manga|pop.?art|cartoon)", _comic),
    (r"\b(?:neon|cyber|synthwave|vapou?r|retro.?wave)", _neon),
    (r"\b(?:pastel|soft|dream|gentle)", _pastel),
    (r"\b(?:vintage|sepia|retro|old film|silent|western\b)", _vintage),
    (r"\b(?:horror|gothic|grim|bleak|gloom|dark)", _gloomy),
    (r"\b(?:anime\b|vivid|bright|colou?rful|pixar|children|ghibli)", _bright),
)
