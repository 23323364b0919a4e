"""The workflows app: what work there is, and how far it is."""

from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    """Workflows, their tasks, events and artifacts."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "workflows"

    def ready(self) -> None:
        # Here, because the agents whose skills are checked are known only now.
        from workflows import chronicle, pipelines  # noqa: F401, PLC0415 - the chronicle connects itself
        from workflows.pipelines.idea2video import IDEA2VIDEO  # noqa: PLC0415
        from workflows.pipelines.script2video import SCRIPT2VIDEO  # noqa: PLC0415

        pipelines.register(IDEA2VIDEO)
        pipelines.register(SCRIPT2VIDEO)
