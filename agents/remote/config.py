"""The bounds and time-outs of everything that is asked of a remote agent, read from `settings.REMOTE`."""

from django.conf import settings
from msgspec import Struct, convert


class Config(Struct, frozen=True, rename="upper"):
    """Durations in seconds, sizes in bytes; what each means stands in the settings."""

    connect_seconds: float
    silence_seconds: float
    lost_seconds: float
    poll_seconds: float
    download_seconds: float
    time_limit: float
    check_seconds: float
    offline_seconds: float
    message_bytes: int
    artifact_bytes: int
    task_bytes: int
    media_types: list[str]
    bearer_envs: list[str]


def read_config() -> Config:
    """The present config."""
    return convert(settings.REMOTE, Config)
