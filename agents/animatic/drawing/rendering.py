"""Turns vector pictures (svg.py) into pixels."""

import hashlib
import html
import io
import re
import tempfile
from pathlib import Path

import resvg_py
from PIL import Image

from agents.animatic.fonts import FONTS
from agents.animatic.fonts.faces import cut_faces

FONT_FILES = [str(FONTS / f"NotoSans-{cut}.ttf") for cut in ("Regular", "Bold")]
PAINT = re.compile(r'"(down|across|glow)\(([^)"]*)\)"')


def render(content: str, box: tuple[float, float, float, float], width: int, height: int) -> Image.Image:
    """The part of the content that lies in `box` (x, y, width, height), as an RGBA picture.

    Raises: ValueError when it is no SVG.
    """
    gradients: dict[str, str] = {}

    def resolve(paint: re.Match[str]) -> str:
        name = "p" + hashlib.md5(paint[0].encode(), usedforsecurity=False).hexdigest()[:10]
        gradients[name] = _gradient(name, paint[1], paint[2].split(","))
        return f'"url(#{name})"'

    body = PAINT.sub(resolve, content)
    x, y, box_width, box_height = box
    document = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" preserveAspectRatio="none" '
        f'viewBox="{x:.2f} {y:.2f} {box_width:.2f} {box_height:.2f}"><defs>{"".join(gradients.values())}</defs>{body}</svg>'
    )
    png = (
        _with_letters(document)
        if "<text" in body
        else resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True)
    )
    return Image.open(io.BytesIO(png)).convert("RGBA")


def _with_letters(document: str) -> bytes:
    """A picture with text in it, and with faces for what Noto Sans lacks."""
    with tempfile.TemporaryDirectory() as folder:
        faces = [str(face.path) for face in cut_faces(html.unescape(document), Path(folder), styles=("Bold",))]
        return bytes(
            resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True, font_files=[*FONT_FILES, *faces])
        )


def _gradient(name: str, kind: str, colours: list[str]) -> str:
    share = 1 / (len(colours) - 1)
    stops = "".join(
        f'<stop offset="{number * share:.3f}" stop-color="{colour.strip()}"/>' for number, colour in enumerate(colours)
    )
    if kind == "glow":
        return f'<radialGradient id="{name}">{stops}</radialGradient>'
    direction = 'x2="0" y2="1"' if kind == "down" else 'x2="1" y2="0"'
    return f'<linearGradient id="{name}" {direction}>{stops}</linearGradient>'
