"""The agents app: who does the work."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class AgentsConfig(AppConfig):
    """Agents, their registry and their metrics."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "agents"

    def ready(self) -> None:
        """Registers the crew and the agents of installed packages, and gives them rows as soon as there is a table."""
        from agents import entry_points, registry, tracing  # noqa: PLC0415 - needs models, which are only there now

        tracing.start()
        registry.register_crew()
        entry_points.load(entry_points.AGENTS, entry_points.use_agent)
        checks.register(entry_points.broken_entry_points)
        post_migrate.connect(_sync, sender=self)


def _sync(**_: Any) -> None:
    from agents import registry  # noqa: PLC0415

    registry.sync()
