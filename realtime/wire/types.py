"""What messages are made of besides the bodies of workflows and agents: rooms, limits, texts, timestamps."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from agents.timestamps import iso_timestamp

Target = Literal["workflow", "workflows", "agent", "coordinator"]

# No NUL: PostgreSQL cannot keep one.
Words = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$")]
Ref = Annotated[Words, Meta(description="The client's own mark on this request; comes back with its answer.")]
Reason = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=r"^[^\x00]*$",
        description="Why a person asks for it, for everyone who watches; kept in the event log.",
    ),
]
Merged = Annotated[int, Meta(description="How many older ones of the same thing this one replaced on its way.")]


def moment(seconds: float) -> str:
    """A moment in seconds since the epoch, as it stands in messages."""
    return iso_timestamp(datetime.fromtimestamp(seconds, UTC))


class Limits(Struct, kw_only=True, frozen=True):
    """What one client may do."""

    subscriptions: int
    messages_per_minute: int


class RoomName(Struct, kw_only=True, frozen=True):
    """A room as clients name it."""

    target: Target
    id: str = ""
