"""The coordinator in figures, and telling the world when they changed."""

import threading
from typing import Any

from django.db.models import Sum

from agents.models import Agent
from workflows.lifecycle import ACTIVE_STATES
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed

Json = dict[str, Any]

_last_told: list[Json] = []
_guard = threading.Lock()


def coordinator_metrics() -> Json:
    """The `coordinator_metrics` message, without its timestamp. A message is a job given to an agent."""
    agents = Agent.objects.all()
    return {
        "total_messages": agents.aggregate(sum=Sum("message_count"))["sum"] or 0,
        "total_workflows": Workflow.objects.count(),
        "registered_agents": agents.count(),
        "healthy_agents": agents.exclude(status__in=(Agent.Status.ERROR, Agent.Status.OFFLINE)).count(),
        "active_workflows": Workflow.objects.filter(state__in=ACTIVE_STATES).count(),
    }


def announce() -> None:
    """Tells the world if anything changed since it was told last. Called once a second by the runner's pulse."""
    present = coordinator_metrics()
    with _guard:
        if [present] == _last_told:
            return
        _last_told[:] = [present]
    coordinator_metrics_changed.send_robust(sender=Workflow, message=present)
