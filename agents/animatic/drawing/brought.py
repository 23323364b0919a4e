"""Pictures that the maker has brought along, in a drawn film: a face becomes a figure's head, a style its colours.

A head is cut out as paper puppets have it: an oval, the same in every shot, mirrored where the figure looks to the left.
From behind and from straight above the head is drawn, in the colours of the picture.
"""

import base64
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import structs
from PIL import Image, ImageDraw, ImageFilter, ImageStat

from agents.animatic.drawing.figures import Figure
from agents.animatic.drawing.framing import View
from agents.animatic.drawing.palette import brightness, channels, darker, hex_colour
from agents.animatic.film import Character

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS: Final = 40_000_000  # of a picture; ours have a million
HEAD_PIXELS: Final = 512  # of a side of the cut-out
OVAL_WIDTH: Final = 0.76  # of its height, which is the whole side: the form shows the same oval
HEADROOM: Final = 0.12  # of what a tall picture has too much, above its square
STYLE_SHARE: Final = 0.72  # how much of the hue comes from the picture
CURVE_SHARE: Final = 0.22  # and of light and dark
TONES: Final = 5

CHEEKS = (0.36, 0.5, 0.64, 0.7)  # left, top, right, bottom: shares of a side
CROWN = (0.38, 0.04, 0.62, 0.12)


@dataclass(frozen=True, slots=True)
class Brought:
    """Files: faces, each with the name of the character, and pictures for the style."""

    faces: tuple[tuple[str, str], ...] = ()
    styles: tuple[str, ...] = ()


NOTHING = Brought()


# --- faces ----------------------------------------------------------------------------------------


def dressed_up(cast: Iterable[Character], brought: Brought) -> list[Character]:
    """The cast, in which those with a picture are people with hair and skin as there."""
    faces = dict(brought.faces)
    return [_like(character, faces[character.name]) if character.name in faces else character for character in cast]


def with_heads(view: View, brought: Brought) -> View:
    """The arrangement with the pictures as heads."""
    faces = dict(brought.faces)
    return replace(view, figures=[replace(placed, figure=with_head(placed.figure, faces)) for placed in view.figures])


def with_head(figure: Figure, faces: Mapping[str, str]) -> Figure:
    """The figure with its picture as its head, if it has one."""
    path = faces.get(figure.name)
    return replace(figure, photo=head_of(path).address) if path else figure


@dataclass(frozen=True, slots=True)
class Head:
    """A head, cut out: as an address within a vector picture; and its colours, "" where it shows none that skin has."""

    address: str
    skin: str
    hair: str


def head_of(path: str) -> Head:
    """The head in a picture file."""
    return _head(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _head(path: str, _changed_at: int) -> Head:
    with _opened(path) as given:
        square = _square(given.convert("RGB")).resize((HEAD_PIXELS, HEAD_PIXELS), Image.Resampling.LANCZOS)
    skin, hair = _colour(square, CHEEKS), _colour(square, CROWN)
    square.putalpha(_oval())
    to = io.BytesIO()
    square.save(to, "PNG", compress_level=1)
    address = f"data:image/png;base64,{base64.b64encode(to.getvalue()).decode()}"
    return Head(address, skin if _is_skin(skin) else "", hair)


@contextmanager
def _opened(path: str) -> Iterator[Image.Image]:
    """A picture file, which over A2A may be anybody's.

    Raises: ValueError, OSError.
    """
    try:
        with Image.open(path, formats=FORMATS) as given:
            if given.width * given.height > MOST_PIXELS:
                raise ValueError("a picture of yours is too large")
            yield given
    except Image.DecompressionBombError:
        raise ValueError("a picture of yours is too large") from None


def _square(picture: Image.Image) -> Image.Image:
    """Its middle; of a tall picture rather the upper part."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, int((picture.height - side) * HEADROOM)
    return picture.crop((left, top, left + side, top + side))


@lru_cache(maxsize=1)
def _oval() -> Image.Image:
    """White where the head is, with a soft edge."""
    inset = (1 - OVAL_WIDTH) / 2 * HEAD_PIXELS
    mask = Image.new("L", (HEAD_PIXELS, HEAD_PIXELS))
    ImageDraw.Draw(mask).ellipse((inset, 3, HEAD_PIXELS - inset, HEAD_PIXELS - 4), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(1.6))


def _colour(square: Image.Image, area: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = (round(share * HEAD_PIXELS) for share in area)
    return hex_colour(*ImageStat.Stat(square.crop((left, top, right, bottom))).median)


def _is_skin(colour: str) -> bool:
    red, green, blue = channels(colour)
    return red > green > blue and red > blue + 12 and 0.1 < brightness(colour) < 0.95


def _like(character: Character, path: str) -> Character:
    head, look = head_of(path), character.look
    skin = head.skin or look.skin
    hair = head.hair if head.hair != skin else darker(head.hair, 0.1)
    return structs.replace(character, look=structs.replace(look, skin=skin, hair=hair, animal=""))


# --- style ----------------------------------------------------------------------------------------


def graded(picture: Image.Image, brought: Brought) -> Image.Image:
    """The picture in the colours of the first picture for the style."""
    if not brought.styles:
        return picture
    path = brought.styles[0]
    tones = tones_of(path, Path(path).stat().st_mtime_ns)
    light, blue, red = picture.convert("YCbCr").split()
    toned_light, toned_blue, toned_red = _toned(light, tones).convert("YCbCr").split()
    return Image.merge(
        "YCbCr",
        (
            Image.blend(light, toned_light, CURVE_SHARE),
            Image.blend(blue, toned_blue, STYLE_SHARE),
            Image.blend(red, toned_red, STYLE_SHARE),
        ),
    ).convert("RGB")


@lru_cache(maxsize=8)
def tones_of(path: str, _changed_at: int) -> tuple[str, ...]:
    """Its main colours, from dark to light."""
    with _opened(path) as given:
        small = given.convert("RGB").resize((96, 96), Image.Resampling.BOX)
    palette = small.quantize(TONES, Image.Quantize.MEDIANCUT).convert("RGB").getcolors(TONES * 4) or []
    colours = {hex_colour(*colour) for _, colour in palette if isinstance(colour, tuple)}
    return tuple(sorted(colours, key=lambda colour: (brightness(colour), colour)))


def _toned(light: Image.Image, tones: tuple[str, ...]) -> Image.Image:
    """Each shade of grey in the colour that is as bright, between the main ones."""
    places = [0.0, *(255 * brightness(tone) for tone in tones), 255.0]
    colours = [channels(tone) for tone in (darker(tones[0], 0.6), *tones, "#ffffff")]
    tables = [
        [round(_between(value, places, [colour[channel] for colour in colours])) for value in range(256)]
        for channel in range(3)
    ]
    return Image.merge("RGB", [light.point(table) for table in tables])


def _between(value: float, places: list[float], heights: list[int]) -> float:
    """Linear, between the places on both sides."""
    upper = next((number for number, place in enumerate(places) if place >= value and number), len(places) - 1)
    low, high = places[upper - 1], places[upper]
    share = (value - low) / (high - low) if high > low else 1.0
    return heights[upper - 1] + (heights[upper] - heights[upper - 1]) * min(1.0, max(0.0, share))
