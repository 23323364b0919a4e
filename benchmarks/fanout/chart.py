"""Bar and line charts as SVG, for light and dark pages."""

import math
from collections.abc import Callable, Sequence
from html import escape

STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #57606a; }
.title { font-size: 15px; font-weight: 600; }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.ours { font-weight: 600; }
.grid { stroke: #8c959f; stroke-opacity: .35; }
.one { fill: #0969da; } .two { fill: #54aeff; }
.line { stroke: #0969da; stroke-width: 2; fill: none; }
.ideal { stroke: #8c959f; stroke-width: 1.5; stroke-dasharray: 5 5; fill: none; }
@media (prefers-color-scheme: dark) { text { fill: #c9d1d9; } .one { fill: #4493f8; } .two { fill: #1f5fae; } .line { stroke: #4493f8; } }
</style>"""
WIDTH = 860
LABELS = 330  # pixels left of the bars
BAR, GAP = 11, 12

Scale = Callable[[float], float]
Point = tuple[float, float]


def bars(title: str, axis: str, series: Sequence[str], rows: Sequence[tuple[str, Sequence[float], bool]]) -> str:
    """Horizontal bars on a logarithmic scale: each row is a label, a value for each series, and whether it is Callboard."""
    values = [value for _, found, _ in rows for value in found if value > 0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    step = len(series) * BAR + GAP
    top, bottom = 66, 66 + len(rows) * step

    def x_of(value: float) -> float:
        return LABELS + (math.log10(max(value, 10**low)) - low) / (high - low) * (WIDTH - LABELS - 80)

    parts = [_text(WIDTH / 2, 22, title, "title middle"), *_legend(series)]
    for power in range(low, high + 1):
        parts.append(_grid(x_of(10**power), top - 8, x_of(10**power), bottom))
        parts.append(_text(x_of(10**power), bottom + 18, _short(10**power), "middle"))
    parts.append(_text(x_of(10 ** ((low + high) / 2)), bottom + 40, axis, "middle"))
    for number, (label, found, is_ours) in enumerate(rows):
        y = top + number * step
        ours = " ours" if is_ours else ""
        parts.append(_text(LABELS - 10, y + len(series) * BAR / 2 + 4, label, "end" + ours))
        for row, value in enumerate(found):
            parts += _bar(y + row * BAR, LABELS, x_of(value), ("one", "two")[row], _short(value) if value else "–")
    return _svg(bottom + 52, parts)


def _bar(y: float, left: float, right: float, colour: str, value: str) -> list[str]:
    box = f'<rect x="{left}" y="{y:.1f}" width="{right - left:.1f}" height="{BAR - 1}" class="{colour}"/>'
    return [box, f'<text x="{right + 5:.1f}" y="{y + BAR - 2:.1f}" style="font-size:10px">{value}</text>']


def _legend(series: Sequence[str]) -> list[str]:
    parts = []
    for number, name in enumerate(series):
        x = LABELS + number * 150
        parts.append(f'<rect x="{x}" y="36" width="12" height="12" class="{("one", "two")[number]}"/>')
        parts.append(_text(x + 18, 47, name))
    return parts


def line(title: str, x_axis: str, y_axis: str, points: Sequence[Point], *, is_logarithmic: bool = False) -> str:
    """Points joined by a line; on a linear scale with the line of least squares, dashed."""
    left, right, top, bottom = 90, WIDTH - 40, 50, 330
    steepest = _rounded_up(max(y for _, y in points))
    widest = max(x for x, _ in points)
    least = min(x for x, _ in points)

    def across(x: float) -> float:
        if is_logarithmic:
            return left + math.log(x / least) / math.log(widest / least) * (right - left)
        return left + x / widest * (right - left)

    def up(y: float) -> float:
        return bottom - max(0.0, y) / steepest * (bottom - top)

    parts = [_text(WIDTH / 2, 22, title, "title middle"), _text(WIDTH / 2, bottom + 44, x_axis, "middle")]
    parts.append(
        f'<text transform="translate(24 {(top + bottom) / 2}) rotate(-90)" class="middle">{escape(y_axis)}</text>'
    )
    for fifth in range(6):
        height = steepest * fifth / 5
        parts += [_grid(left, up(height), right, up(height)), _text(left - 8, up(height) + 4, f"{height:g}", "end")]
    for x in _without_crowding([x for x, _ in points], across):
        parts.append(_text(across(x), bottom + 20, f"{x:,.0f}", "middle"))
    if not is_logarithmic:
        parts.append(_path([(across(x), up(y)) for x, y in _straight(points)], "ideal"))
    parts.append(_path([(across(x), up(y)) for x, y in points], "line"))
    parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="4" class="one"/>' for x, y in points]
    return _svg(bottom + 56, parts)


def dots(title: str, axis: str, rows: Sequence[tuple[str, Sequence[float]]], *, goal: float) -> str:
    """A dot for each value, on a scale from 0 to beyond the goal, which is a dashed line. Each row is a label and its values."""
    top, step = 56, 30
    bottom, right = top + len(rows) * step, WIDTH - 40
    widest = 1.1 * max(goal, *(value for _, values in rows for value in values))

    def x_of(value: float) -> float:
        return LABELS + value / widest * (right - LABELS)

    parts = [_text(WIDTH / 2, 22, title, "title middle"), _text((LABELS + right) / 2, bottom + 40, axis, "middle")]
    for tick in range(0, int(widest) + 1, 5):
        parts.append(_grid(x_of(tick), top - 8, x_of(tick), bottom))
        parts.append(_text(x_of(tick), bottom + 18, str(tick), "middle"))
    parts.append(_path([(x_of(goal), top - 8), (x_of(goal), bottom)], "ideal"))
    for number, (label, values) in enumerate(rows):
        y = top + (number + 0.5) * step
        parts.append(_text(LABELS - 10, y + 4, label, "end"))
        parts += [f'<circle cx="{x_of(value):.1f}" cy="{y:.1f}" r="5" class="one" opacity=".5"/>' for value in values]
    return _svg(bottom + 52, parts)


def _straight(points: Sequence[Point]) -> list[Point]:
    """The ends of the line of least squares."""
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    ends = (min(x for x, _ in points), max(x for x, _ in points))
    return [(x, mean_y + slope * (x - mean_x)) for x in ends]


def _without_crowding(values: Sequence[float], across: Scale) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or across(value) - across(kept[-1]) > 40:
            kept.append(value)
    return kept


def _rounded_up(value: float) -> float:
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(step * power for step in (1, 2, 2.5, 5, 10) if value <= step * power * 1.0001)


def _short(value: float) -> str:
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="grid"/>'


def _path(points: Sequence[Point], kind: str) -> str:
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" class="{kind}"/>'


def _svg(height: float, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">'
    return "\n".join([head, STYLE, *parts, "</svg>", ""])
