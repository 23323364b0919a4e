"""The realtime app: delivery, and nothing else."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Sockets, rooms and who hears what."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "realtime"

    def ready(self) -> None:
        from realtime import receivers  # noqa: F401, PLC0415 - connects its signal receivers
