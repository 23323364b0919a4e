"""The agents app: who does the work."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Agents, their registry and their metrics."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "agents"
