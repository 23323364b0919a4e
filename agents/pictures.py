"""Pictures of others, opened with a bound: a small file may say that it holds billions of pixels."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from PIL import Image

FORMATS: Final = ("PNG", "JPEG", "WEBP")
MOST_PIXELS: Final = 50_000_000


class UnusablePicture(Exception):
    """It is no PNG, JPEG or WebP, or it is damaged."""

    def __init__(self, why: str = "it is no PNG, JPEG or WebP, or it is damaged") -> None:
        super().__init__(why)


@contextmanager
def opened_picture(
    source: Path | IO[bytes], *, formats: Collection[str] = FORMATS, most_pixels: int = MOST_PIXELS
) -> Iterator[Image.Image]:
    """The picture, while the block runs. Its size is looked at before anything is decoded.

    Raises: UnusablePicture, also for what decoding it in the block finds.
    """
    try:
        with Image.open(source, formats=tuple(formats)) as picture:
            if picture.width * picture.height > most_pixels:
                raise UnusablePicture("it is too large")
            yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusablePicture("it is too large") from None
    except (OSError, SyntaxError, ValueError):  # UnidentifiedImageError is an OSError
        raise UnusablePicture from None
