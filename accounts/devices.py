"""What a User-Agent header says of a device, in words for a person: "Firefox on Linux"."""

import re
from typing import Final

# The first that matches: most browsers also name those that they are made of.
BROWSERS: Final = (
    (r"\bEdgA?/", "Edge"),
    (r"\bOPR/", "Opera"),
    (r"\b(Firefox|FxiOS)/", "Firefox"),
    (r"(Chrome|CriOS)/", "Chrome"),
    (r"\bVersion/.* Safari/", "Safari"),
)
SYSTEMS: Final = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bMac OS X\b", "macOS"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bLinux\b", "Linux"),
)
NAME_LENGTH: Final = 40


def device_name(user_agent: str) -> str:
    """A browser and its system; for a program its own name; "" where nothing is said."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.split(r"[/\s(]", user_agent.strip(), maxsplit=1)[0][:NAME_LENGTH]


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, user_agent)), "")
