"""The workflows app: what work there is, and how far it is."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Workflows, their tasks, events and artifacts."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "workflows"
