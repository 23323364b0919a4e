"""How instants are written wherever a program reads them: API, socket messages, event payloads, JSON logs."""

from datetime import UTC, datetime


def iso_timestamp(instant: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond, ending in Z: "2026-11-23T08:07:09.773Z". `instant` must be aware."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(instant: datetime | None) -> str | None:
    """The same; None for None."""
    return iso_timestamp(instant) if instant else None


def now() -> str:
    """This moment, as `iso_timestamp` writes it."""
    return iso_timestamp(datetime.now(UTC))
