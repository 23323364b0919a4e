"""Typed readers of environment variables. A bad value raises ImproperlyConfigured, which names variable and value."""

import math
import os
import re
import stat
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

from agents.prices import EXPECTED, Prices, read_prices

Number = TypeVar("Number", int, float)

_YES = frozenset({"1", "true", "yes", "on"})
_ORIGIN = re.compile(r"https?://[^\s/*?#@;'\"]+")
_NO = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str = "") -> str:
    """The variable's value, without surrounding blanks."""
    return os.environ.get(name, default).strip()


def secret(name: str) -> str:
    """Like `text`; its value never appears in an error. Empty when unset."""
    return text(name)


def flag(name: str, *, default: bool) -> bool:
    """A boolean: yes, no, true, false, on, off, 1 or 0."""
    value = text(name, "yes" if default else "no").lower()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise _invalid(name, value, "yes or no")


def whole(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number, not below `least` and not above `most`."""
    number = _number(name, int, default, least, "a whole number")
    if most is not None and number > most:
        raise _invalid(name, str(number), f"a whole number, at most {most}")
    return number


def seconds(name: str, default: float, *, least: float = 0.0) -> float:
    """A duration in seconds."""
    return _number(name, float, default, least, "a number of seconds")


def amount(name: str, default: float) -> float:
    """An amount of money, 0 or more; finite."""
    number = _number(name, float, default, 0.0, "an amount of money")
    if not math.isfinite(number):
        raise _invalid(name, str(number), "an amount of money")
    return number


def currency(name: str, default: str) -> str:
    """The three letters of a currency (ISO 4217)."""
    value = text(name, default)
    if not re.fullmatch("[A-Z]{3}", value):
        raise _invalid(name, value, 'the three letters of a currency, like "USD"')
    return value


def prices(name: str) -> Prices:
    """What models cost, see `agents.prices`."""
    try:
        return read_prices(words(name))
    except ValueError as error:
        raise _invalid(name, str(error), f"{EXPECTED}, each price of a model once") from None


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    """One of `options`."""
    value = text(name, default)
    if value not in options:
        raise _invalid(name, value, "one of " + ", ".join(options))
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks and empty entries are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origins(name: str) -> list[str]:
    """A comma-separated list of origins as browsers send them: a scheme, a host, perhaps a port; nothing else."""
    return [_origin(name, word) for word in words(name)]


def _origin(name: str, word: str) -> str:
    origin = word.lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin):
        raise _invalid(name, word, 'origins like "https://example.org"')
    return origin


def ancestors(name: str) -> list[str]:
    """Sources for the directive frame-ancestors of a Content-Security-Policy; none for "none"."""
    named = words(name, "none")
    if named in (["none"], ["*"]):
        return [] if named == ["none"] else named
    return [f"'{word}'" if word == "self" else _origin(name, word) for word in named]


def apps(name: str) -> list[str]:
    """A comma-separated list of Django apps: dotted names of packages that can be imported, or of their AppConfigs."""
    named = words(name)
    for app in named:
        if not _is_importable(app.partition(".")[0]):
            raise _invalid(name, app, "the names of Django apps that are installed")
    return named


def _is_importable(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ValueError, ImportError):
        return False


def folder(name: str, default: Path) -> Path:
    """An absolute path to a folder; it need not exist yet."""
    return Path(text(name) or default).expanduser().resolve()


def private_folder(name: str, default: Path) -> Path:
    """Likewise, made if it is not there; nobody but its user may look into it. A shared one (/tmp) stays as it is."""
    path = folder(name, default)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.stat()
    if found.st_uid == os.getuid() and not found.st_mode & stat.S_ISVTX and found.st_mode & 0o077:
        path.chmod(0o700)
    return path


def _number(name: str, kind: Callable[[str], Number], default: Number, least: Number, expected: str) -> Number:
    value = text(name, str(default))
    try:
        number = kind(value)
    except ValueError:
        raise _invalid(name, value, expected) from None
    if number < least:
        raise _invalid(name, value, f"{expected}, at least {least}")
    return number


def _invalid(name: str, value: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}; expected {expected}.")


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file `path`; if there is none, it is made and written there, readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(made := make())
    return made
