"""Log formatters: as text or as JSON, with the same fields, and with secrets redacted.

A record carries fields through `extra=`, and has those of `agents.log_context`. Only those in FIELDS are shown, because what libraries add (Django: the whole
request) may hold signed URLs.
"""

import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from agents import log_context
from agents.timestamps import iso_timestamp

FIELDS: Final = (
    *("client", "user", "room", "workflow", "agent", "stage", "task", "attempt", "seq", "action", "request_id"),
    *("subject", "status", "outcome", "reason", "error_type", "close_code", "seconds", "messages"),
    *("method", "route", "milliseconds", "http_request"),
)
REDACTED: Final = "***"
MIN_SECRET_LENGTH: Final = 6  # characters; shorter ones would match parts of ordinary words

# JWTs, whatever follows "Bearer", API keys, passwords in URLs, signatures of links.
_SECRET: Final = re.compile(
    r"\beyJ[\w-]{8,}(?:\.[\w-]+)*|(?<=bearer )[^\s\"']+|\bsk-[\w-]{8,}|(?<=://)[^/\s@\"']+(?=@)"
    r"|(?<=[?&]signature=)[^\s&\"']+|(?<=[?&]token=)[^\s&\"']+",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(r"[\w.:@/*+-]+")


class Lines(logging.Formatter):
    """Base of both formatters. `secrets` are values that are redacted wherever they occur."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if len(secret) >= MIN_SECRET_LENGTH]

    def without_secrets(self, text: str) -> str:
        """The text with every secret replaced by REDACTED."""
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return _SECRET.sub(REDACTED, text)


class TextLines(Lines):
    """Time, level, logger, message, then `key=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and below it the traceback if there is one."""
        return self.without_secrets(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line itself."""
        pairs = [f"{name}={_quoted(value)}" for name, value in fields(record).items()]
        return " ".join([super().formatMessage(record), *pairs])


class JsonLines(Lines):
    """One object a line: time, level, logger, message, the fields, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "time": iso_timestamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        redacted = {
            name: self.without_secrets(value) if isinstance(value, str) else value for name, value in line.items()
        }
        return msgspec.json.encode(redacted).decode()


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """The fields that the record carries, and those of the present work, in the order of FIELDS, as strings and numbers."""
    present = log_context.current()
    found = {name: getattr(record, name, None) for name in FIELDS}
    found |= {name: present.get(name) for name, value in found.items() if value is None}
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in found.items()
        if value is not None
    }


def _quoted(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else msgspec.json.encode(text).decode()
