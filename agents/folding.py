"""JSON and long texts in pages of the admin: what is short stands there, what is long opens on demand."""

import json
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

SHORT: Final = 80  # characters that stand in a line
MOST: Final = 20_000  # characters that are shown of one value


def folded(label: str, value: object) -> SafeString:
    """The value, as JSON unless it is a text, in an element that opens; `label` says what it is."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    cut = f"\n… {len(text) - MOST:,} more characters" if len(text) > MOST else ""
    return format_html(
        '<details class="callboard-folded"><summary>{}</summary><pre>{}{}</pre></details>', label, text[:MOST], cut
    )


def brief(value: object) -> SafeString | str:
    """The value in a line if it is short, else folded under its beginning; "-" when there is none."""
    if value in (None, "", {}, []):
        return "-"
    line = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(line) <= SHORT and "\n" not in line:
        return format_html("<code>{}</code>", line)
    return folded(" ".join(line[:SHORT].split()) + " …", value)
