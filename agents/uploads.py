"""Makes a picture of ours of one that somebody brings: decoded with bounds, upright, no larger than is needed, without metadata.

Runs in a worker process and imports no Django: what is in the file is nobody's word for it.
"""

import io
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from agents.animatic import pictures
from agents.animatic.errors import UnusableText
from agents.animatic.progress import Report
from agents.pictures import UnusablePicture, opened_picture

LONGEST_SIDE: Final = 1_024  # pixels of what is kept
SHORTEST_SIDE: Final = 64  # less shows no face
MOST_PIXELS: Final = 40_000_000  # of what is brought: what a telephone takes
PAPER: Final = "#ffffff"  # behind what is transparent


class UnusableUpload(UnusableText):
    """The file cannot be used as a picture. The message says why and what to do."""


class Upload(NamedTuple):
    """A picture as it is kept: a JPEG, with its size in pixels."""

    content: bytes
    width: int
    height: int


def read_picture(content: bytes, *, report: Report) -> Upload:
    """The picture of a file (JPEG, PNG or WebP), drawn anew: nothing of the file but its pixels is left.

    Of an animation the first picture.
    Raises: UnusableUpload.
    """
    report(0.0, "Reading the picture")
    try:
        with opened_picture(io.BytesIO(content), most_pixels=MOST_PIXELS) as given:
            given.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a JPEG is decoded in small
            made = _upright(given)
    except UnusablePicture as error:
        raise UnusableUpload(_sentence(str(error))) from None
    except Exception as error:  # decoders raise whatever they like for a damaged file
        if isinstance(error, MemoryError):
            raise
        raise UnusableUpload(_sentence("it is damaged")) from None
    if min(made.size) < SHORTEST_SIDE:
        raise UnusableUpload(f"The picture is too small: each side needs {SHORTEST_SIDE} pixels at least.")
    to = io.BytesIO()
    pictures.write(made, to)
    return Upload(to.getvalue(), *made.size)


def _upright(given: Image.Image) -> Image.Image:
    """RGB pixels alone, turned as the camera was held."""
    turn = given.getexif().get(ORIENTATION, 1)
    given.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    plain = given.convert("RGBA") if given.has_transparency_data else given.convert("RGB")
    turned = ImageOps.exif_transpose(_marked(plain, turn))
    made = Image.new("RGB", turned.size, PAPER)
    made.paste(turned, mask=turned.getchannel("A") if turned.mode == "RGBA" else None)
    return made


ORIENTATION: Final = 0x0112


def _marked(picture: Image.Image, turn: object) -> Image.Image:
    """A copy of the pixels that knows nothing but how it was turned."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    if isinstance(turn, int):
        bare.getexif()[ORIENTATION] = turn
    return bare


def _sentence(why: str) -> str:
    return f"This file cannot be used as a picture: {why}. Choose a JPEG, PNG or WebP of at most {MOST_PIXELS // 1_000_000} megapixels."
