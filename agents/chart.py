"""Draws what an agent did as an SVG for the admin: calls and errors as bars, and below how long the calls took.

Colours come from agents/static/agents/admin.css, so that it fits both themes. The figures stand in its description and
in a table, for those who do not see it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.bodies import AgentHistory, AgentMinute

WIDTH, LEFT, TOP, BARS, GAP, LINES = 960, 56, 18, 110, 36, 90
HEIGHT: Final = TOP + BARS + GAP + LINES + 24
LABEL_HOURS: Final = 4
BREAK: Final = timedelta(hours=1)


class Scale:
    """Where a moment and a figure stand in the drawing."""

    def __init__(self, history: AgentHistory, end: datetime) -> None:
        self.span = timedelta(seconds=history.seconds)
        self.start, self.end = end - timedelta(hours=history.hours), end
        self.calls = max((each.calls for each in history.samples), default=0) or 1
        self.seconds = max((each.p95 or 0.0 for each in history.samples), default=0.0) or 1.0

    def x(self, moment: datetime) -> float:
        """From the left."""
        share = (moment - self.start) / (self.end - self.start)
        return round(LEFT + max(0.0, min(1.0, share)) * (WIDTH - LEFT), 1)

    def bar(self, calls: int) -> float:
        """The height of a bar."""
        return round(BARS * calls / self.calls, 1)

    def y(self, seconds: float) -> float:
        """From the top, of a duration."""
        return round(TOP + BARS + GAP + LINES * (1 - min(1.0, seconds / self.seconds)), 1)


def chart(history: AgentHistory, end: datetime) -> SafeString:
    """The drawing of the hours until `end`, with a table of its figures."""
    if not history.calls:
        return format_html("<p>No calls in the last {} hours.</p>", history.hours)
    scale = Scale(history, end)
    parts = [*_frame(scale), *_bars(history.samples, scale), *_lines(history.samples, scale)]
    return format_html(
        '<figure class="callboard-chart"><svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>{}{}</figure>',
        WIDTH,
        HEIGHT,
        _in_words(history),
        format_html_join("", "{}", ((part,) for part in parts)),
        LEGEND,
        _table(history),
    )


LEGEND = format_html(
    '<figcaption><span class="{}">calls</span> <span class="{}">errors</span> <span class="{}">p50</span> '
    '<span class="{}">p95</span> <span>times are in UTC</span></figcaption>',
    *("calls", "errors", "p50", "p95"),
)


def _in_words(history: AgentHistory) -> str:
    return (
        f"The last {history.hours} hours: {history.calls} calls, {history.errors} errors; half of the calls took at most "
        f"{_seconds(history.p50)}, 95 % at most {_seconds(history.p95)}."
    )


def _frame(scale: Scale) -> Iterator[SafeString]:
    """The axes with their figures."""
    for y, text in (
        (TOP, f"{scale.calls}"),
        (TOP + BARS, "0"),
        (scale.y(scale.seconds), _seconds(scale.seconds)),
        (scale.y(0), "0 s"),
    ):
        yield format_html('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>', LEFT, WIDTH, y, y)
        yield format_html('<text x="{}" y="{}" text-anchor="end">{}</text>', LEFT - 8, y + 4, text)
    hour = scale.start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour <= scale.end:
        if hour.hour % LABEL_HOURS == 0:
            x = scale.x(hour)
            yield format_html('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>', x, x, TOP + BARS, TOP + BARS + 5)
            yield format_html('<text x="{}" y="{}" text-anchor="middle">{}</text>', x, TOP + BARS + 20, f"{hour:%H:%M}")
        hour += timedelta(hours=1)


def _bars(samples: Iterable[AgentMinute], scale: Scale) -> Iterator[SafeString]:
    for sample in samples:
        x, right = scale.x(sample.minute), scale.x(sample.minute + scale.span)
        title = f"{sample.minute:%H:%M}: {sample.calls} calls, {sample.errors} errors"
        for css, count in (("calls", sample.calls), ("errors", sample.errors)):
            height = scale.bar(count)
            yield format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
                *(css, x, round(TOP + BARS - height, 1), round(max(1.0, right - x - 1), 1), height, title),
            )


def _lines(samples: Sequence[AgentMinute], scale: Scale) -> Iterator[SafeString]:
    """A line each for p50 and p95, with a dot at each sample; where nothing was called for BREAK the line is broken."""
    for css in ("p95", "p50"):
        last: datetime | None = None
        path = ""
        for sample in samples:
            seconds = getattr(sample, css)
            if seconds is None:
                continue
            x, y = scale.x(sample.minute + scale.span / 2), scale.y(seconds)
            path += f"{'L' if last and sample.minute - last < BREAK else 'M'}{x} {y}"
            last = sample.minute
            yield format_html('<circle class="{}" cx="{}" cy="{}" r="2"/>', css, x, y)
        yield format_html('<path class="{}" d="{}"/>', css, path)


def _table(history: AgentHistory) -> SafeString:
    head = ("From", "Calls", "Errors", "p50", "p95", "Longest")
    rows = (
        (f"{s.minute:%H:%M}", s.calls, s.errors, _seconds(s.p50), _seconds(s.p95), _seconds(s.max_seconds))
        for s in reversed(history.samples)
    )
    cells = format_html_join("", f"<tr>{'<td>{}</td>' * len(head)}</tr>", rows)
    heads = format_html_join("", '<th scope="col">{}</th>', ((each,) for each in head))
    return format_html(
        "<details><summary>As a table</summary><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></details>",
        heads,
        cells,
    )


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:,.0f} s"
