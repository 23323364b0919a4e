"""The numbers of the protocol (docs/protocol.md), read from `settings.REALTIME`."""

from django.conf import settings
from msgspec import Struct, convert


class Numbers(Struct, frozen=True, rename="upper"):
    """Durations in seconds, sizes in bytes; what each means stands in the settings."""

    heartbeat_seconds: float
    silence_seconds: float
    first_message_seconds: float
    token_warning_seconds: float
    subscriptions: int
    messages_per_minute: int
    refusals_per_minute: int
    connections_per_user: int
    connections_per_address: int
    frame_bytes: int
    replay_events: int
    outbox_messages: int
    outbox_bytes: int
    write_seconds: float
    recheck_seconds: float
    poll_seconds: float
    drain_seconds: float
    tick_seconds: float
    gather_seconds: float
    gather_busy_seconds: float


def numbers() -> Numbers:
    """The present numbers."""
    return convert(settings.REALTIME, Numbers)
