"""The workflows app: workflows, their tasks, events and artifacts."""

from django.apps import AppConfig
from django.conf import settings


class WorkflowsConfig(AppConfig):
    """Registers the pipelines, the logging of events and the waking of runners when Django starts."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "workflows"

    def ready(self) -> None:
        # Only here: registering checks the skills of agents, which the agents app has just made known.
        from agents import entry_points, metrics, work  # noqa: PLC0415
        from workflows import agent_work, claims, deletion, event_logging, pictures, pipelines, sqlite  # noqa: F401, PLC0415 - some connect themselves
        from workflows.artifacts import deletion as file_deletion  # noqa: F401, PLC0415 - connects itself
        from workflows.pipelines.idea2video import IDEA2VIDEO  # noqa: PLC0415
        from workflows.pipelines.novel2video import NOVEL2VIDEO  # noqa: PLC0415
        from workflows.pipelines.script2video import SCRIPT2VIDEO  # noqa: PLC0415
        from workflows.runners import notifications  # noqa: PLC0415

        metrics.use_running_counts(claims.running_by_agent)
        work.use(agent_work)
        pipelines.register(IDEA2VIDEO)
        pipelines.register(SCRIPT2VIDEO)
        pipelines.register(NOVEL2VIDEO)
        entry_points.load(entry_points.PIPELINES, pipelines.use_pipeline)
        notifications.connect()
        sqlite.checkpoint_at_exit()
        if settings.RUNNER == "celery":
            from workflows.runners import celery  # noqa: PLC0415 - only where it is used

            celery.connect()
