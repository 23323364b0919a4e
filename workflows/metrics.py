"""The coordinator in figures, and telling the world when they changed."""

import threading
import time
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.dispatch import receiver

from agents.models import Agent
from agents.signals import agent_status_changed
from workflows.lifecycle import ACTIVE_STATES
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed, event_recorded

LOOK_SECONDS: Final = 10.0  # at least so often, for what other processes change

Json = dict[str, Any]

_stirred = threading.Event()  # something happened here that may show in the figures
_looked_at = 0.0  # monotonic

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


@receiver([event_recorded, agent_status_changed])
def _stir(**_: object) -> None:
    _stirred.set()


def announce_now_and_then() -> None:
    """Announces when there may be something new. Called once a second by the runner's pulse: mostly it is nothing."""
    global _looked_at
    if _stirred.is_set() or time.monotonic() - _looked_at >= LOOK_SECONDS:
        _stirred.clear()
        _looked_at = time.monotonic()
        announce()


def announce() -> None:
    """Tells the world if anything changed since it was told last."""
    present = coordinator_metrics()
    with _guard:
        if [present] == _last_told:
            return
        _last_told[:] = [present]
    coordinator_metrics_changed.send_robust(sender=Workflow, message=present)
