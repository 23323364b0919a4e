"""The project as an app: its management commands, and what it does when others say that it is time."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Connects what belongs to no app alone."""

    name = "project"

    def ready(self) -> None:
        from project import retention  # noqa: PLC0415 - models exist only now
        from workflows.signals import clearing_due  # noqa: PLC0415

        clearing_due.connect(retention.forget_expired_logins, dispatch_uid="project.logins")
