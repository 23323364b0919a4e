"""What an A2A task has beyond its workflow."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class A2ATask(models.Model):
    """The A2A side of one workflow that came in over A2A; the id of the task is that of the workflow."""

    workflow = models.OneToOneField(
        "workflows.Workflow", on_delete=models.CASCADE, primary_key=True, related_name="a2a_task"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agent = models.CharField(max_length=64)  # the name under which it was asked for: of an agent, or `coordinator`
    context_id = models.CharField(max_length=128)
    # The id of the first message, where its sender counts on it that the same message makes no second task.
    message_id = models.CharField(max_length=128, null=True)  # noqa: DJ001 - null: no such promise, so not unique
    # ProtoJSON of what was said, oldest first; of a file only the id of the artifact that it became, as `artifact`.
    history = models.JSONField(default=list)
    inputs = models.JSONField(default=list)  # the ids of the artifacts that came with its messages

    class Meta:
        ordering: ClassVar = ["-workflow"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "agent", "message_id"], name="a2a_message_once_per_owner")
        ]
        indexes: ClassVar = [models.Index(fields=["agent", "owner", "context_id"], name="a2a_task_by_context")]

    def __str__(self) -> str:
        return f"{self.agent} {self.workflow_id}"
