"""A small vocabulary for vector pictures: shapes are strings, paints are spelt where they are used.

A paint is a colour ("#rrggbb" or "#rrggbbaa") or one of `down(...)`, `across(...)`, `glow(...)` with colours
inside; rendering.py turns these into gradients. Nothing that a person typed gets in but through `escaped`.
"""

import re
from collections.abc import Iterable

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


def image(address: str, x: float, y: float, width: float, height: float) -> str:
    """A picture of ours, as a data URL, stretched to a rectangle."""
    return (
        f'<image href="{address}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        'preserveAspectRatio="none"/>'
    )


def label(text: str, x: float, y: float, size: float, colour: str) -> str:
    """Centred text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Noto Sans" font-weight="700" font-size="{size:.1f}" '
        f'text-anchor="middle" letter-spacing="{size * 0.12:.1f}" fill="{colour}">{escaped(text)}</text>'
    )
