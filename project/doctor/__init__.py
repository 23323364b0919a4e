"""Looks whether this installation is well: each finding is a line that says what to do. Nothing is changed, and no secret is shown.

`installation` looks at settings, files and disk, `services` at what this process talks to.
"""

import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

import msgspec
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections

from project.logs import TextLines

Level = Literal["ok", "warning", "error"]

CHECK_SECONDS: Final = 15.0  # for one check; each call within has a shorter time-out of its own


class Finding(msgspec.Struct, frozen=True):
    """What was found, and what to do about it ("" where all is well)."""

    level: Level
    subject: str
    found: str
    advice: str = ""


Check = Callable[[], Iterator[Finding]]


def ok(subject: str, found: str) -> Finding:
    """All is well."""
    return Finding("ok", subject, found)


def warning(subject: str, found: str, advice: str) -> Finding:
    """It works, but somebody should know."""
    return Finding("warning", subject, found, advice)


def error(subject: str, found: str, advice: str) -> Finding:
    """It does not work."""
    return Finding("error", subject, found, advice)


def examined(checks: dict[str, Check]) -> Iterator[Finding]:
    """The findings of all checks, by subject; one that breaks or does not come back is a finding itself."""
    logging: dict[str, Any] = settings.LOGGING
    clean = TextLines(logging["formatters"]["line"]["secrets"]).without_secrets
    for subject, check in checks.items():
        for finding in _within_time(subject, check):
            yield Finding(finding.level, finding.subject, clean(finding.found), clean(finding.advice))


def _within_time(subject: str, check: Check) -> list[Finding]:
    found: list[Finding] = []
    thread = threading.Thread(target=_look, args=(subject, check, found), daemon=True)
    thread.start()
    thread.join(CHECK_SECONDS)
    if thread.is_alive():
        return [*found, error(subject, f"no answer within {CHECK_SECONDS:.0f} s", "Look why it hangs.")]
    return found


def _look(subject: str, check: Check, found: list[Finding]) -> None:
    try:
        for finding in check():
            found.append(finding)  # noqa: PERF402 - what was found before it broke counts
    except Exception as problem:  # noqa: BLE001 - it is a finding
        first_line = (str(problem).strip().splitlines() or [""])[0]
        advice = (
            "First the database has to work."
            if isinstance(problem, DatabaseError)
            else "Look at its setting and the network."
        )
        found.append(error(subject, f"{type(problem).__name__}: {first_line}"[:300], advice))
    finally:
        connections.close_all()
