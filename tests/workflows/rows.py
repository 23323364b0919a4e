"""Changes rows behind the coordinator's back: time that has passed, or what another version left."""

from typing import Any

from django.db.models import QuerySet

from workflows import graph_cache
from workflows.models import Task


def set_columns(tasks: QuerySet[Task], **columns: Any) -> None:
    """Sets columns of tasks; what this process knew of their workflows is forgotten, as after a start."""
    for workflow_id in set(tasks.values_list("workflow", flat=True)):
        graph_cache.forget(str(workflow_id))
    tasks.update(**columns)
