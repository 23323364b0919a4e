"""The realtime app: delivery, and nothing else."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Delivery: sockets, rooms and their watchers."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "realtime"

    def ready(self) -> None:
        from realtime import receivers  # noqa: F401, PLC0415 - connects its signal receivers
