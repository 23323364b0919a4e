"""The coordinator in figures, and telling the world when they changed."""

import threading
from typing import Any

from django.db.models import Count, Q, Sum

from agents.models import Agent
from workflows.lifecycle import ACTIVE_STATES
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed

Json = dict[str, Any]

_last_told: list[Json] = []
_guard = threading.Lock()


def coordinator_metrics() -> Json:
    """The `coordinator_metrics` message, without its timestamp. A message is a job given to an agent."""
    is_healthy = ~Q(status__in=(Agent.Status.ERROR, Agent.Status.OFFLINE))
    # One query for each table, so that the figures of one fit each other.
    agents = Agent.objects.aggregate(
        messages=Sum("message_count", default=0), registered=Count("pk"), healthy=Count("pk", filter=is_healthy)
    )
    workflows = Workflow.objects.aggregate(total=Count("pk"), active=Count("pk", filter=Q(state__in=ACTIVE_STATES)))
    return {
        "total_messages": agents["messages"],
        "total_workflows": workflows["total"],
        "registered_agents": agents["registered"],
        "healthy_agents": agents["healthy"],
        "active_workflows": workflows["active"],
    }


def announce() -> None:
    """Tells the world if anything changed since it was told last. Called once a second by the runner's pulse."""
    present = coordinator_metrics()
    with _guard:
        if [present] == _last_told:
            return
        _last_told[:] = [present]
    coordinator_metrics_changed.send_robust(sender=Workflow, message=present)
