"""A small vocabulary for vector pictures: shapes are strings, paints are spelt where they are used.

A paint is a colour ("#rrggbb" or "#rrggbbaa") or one of `down(...)`, `across(...)`, `glow(...)` with colours
inside; `render` turns these into gradients. Nothing that a person typed gets in but through `escaped`.
"""

import hashlib
import io
import re
from collections.abc import Iterable

import resvg_py
from PIL import Image

from agents.animatic.fonts import FONTS

FONT_FILES = [str(FONTS / f"NotoSans-{cut}.ttf") for cut in ("Regular", "Bold")]
PAINT = re.compile(r'"(down|across|glow)\(([^)"]*)\)"')
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]")

Point = tuple[float, float]


def escaped(text: str) -> str:
    """Text that may stand in XML: control characters are gone, markup is harmless."""
    text = UNPRINTABLE.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def path(outline: str, fill: str) -> str:
    """A filled shape."""
    return f'<path d="{outline}" fill="{fill}"/>'


def line(outline: str, colour: str, width: float, *, butt: bool = False) -> str:
    """A stroke with round ends."""
    ends = "" if butt else ' stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{outline}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"{ends}/>'


def rect(x: float, y: float, width: float, height: float, fill: str, round_by: float = 0) -> str:
    """A rectangle, from its upper left corner."""
    corner = f' rx="{round_by:.1f}"' if round_by else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{corner}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    """An ellipse around (x, y)."""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """A disc around (x, y)."""
    return ellipse(x, y, radius, radius, fill)


def polygon(points: Iterable[Point], fill: str) -> str:
    """A shape with straight sides."""
    return path("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z", fill)


def group(content: str, *, x: float = 0, y: float = 0, scale: float = 1, flip: bool = False, turn: float = 0) -> str:
    """The content moved, then turned (degrees), then scaled and mirrored."""
    across = -scale if flip else scale
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f}) scale({across:.4f} {scale:.4f})">{content}</g>'


def label(text: str, x: float, y: float, size: float, colour: str) -> str:
    """Centred text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Noto Sans" font-weight="700" font-size="{size:.1f}" '
        f'text-anchor="middle" letter-spacing="{size * 0.12:.1f}" fill="{colour}">{escaped(text)}</text>'
    )


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
    fonts = FONT_FILES if "<text" in body else None
    png = resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True, font_files=fonts)
    return Image.open(io.BytesIO(png)).convert("RGBA")


def _gradient(name: str, kind: str, colours: list[str]) -> str:
    share = 1 / (len(colours) - 1)
    stops = "".join(
        f'<stop offset="{number * share:.3f}" stop-color="{colour.strip()}"/>' for number, colour in enumerate(colours)
    )
    if kind == "glow":
        return f'<radialGradient id="{name}">{stops}</radialGradient>'
    direction = 'x2="0" y2="1"' if kind == "down" else 'x2="1" y2="0"'
    return f'<linearGradient id="{name}" {direction}>{stops}</linearGradient>'
