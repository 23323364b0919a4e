"""The coordinator's metrics, and the signal when they have changed."""

import threading
import time
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.dispatch import receiver

from agents.models import Agent
from agents.signals import agent_status_changed
from workflows import liveness
from workflows.lifecycle import ACTIVE_STATES
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed, event_recorded

RECHECK_SECONDS: Final = 5.0  # at least so often, because other processes change the figures too

Json = dict[str, Any]

_may_have_changed = threading.Event()  # a signal came that may change the figures
_checked_at = 0.0  # monotonic

_last_sent: list[Json] = []  # the last message, once there is one
_guard = threading.Lock()


def coordinator_metrics() -> Json:
    """The `coordinator_metrics` message, without its timestamp. A message is a job given to an agent.

    Those that a person has switched off, or lets drain, are healthy: nothing is wrong with them.
    """
    # One query for each table, so that the figures of one fit each other.
    agents = Agent.objects.aggregate(
        messages=Sum("message_count", default=0),
        registered=Count("pk"),
        off=Count("pk", filter=Q(is_enabled=False)),
        failing=Count("pk", filter=Agent.FAILING),
    )
    # `state`, and not the key, because the index of states is enough for it.
    workflows = Workflow.objects.aggregate(
        total=Count("state"), active=Count("state", filter=Q(state__in=ACTIVE_STATES))
    )
    runners = list(liveness.live())
    return {
        "total_messages": agents["messages"],
        "total_workflows": workflows["total"],
        "registered_agents": agents["registered"],
        "healthy_agents": agents["registered"] - agents["failing"],
        "disabled_agents": agents["off"],
        "active_workflows": workflows["active"],
        "runners": len(runners),
        "unserved_skills": liveness.unserved_skills(runners),
    }


@receiver(event_recorded)
def _on_event(message: Json, **_: object) -> None:
    if str(message.get("kind")).startswith("workflow_"):  # those of tasks change no figure here; there are many
        _may_have_changed.set()


@receiver(agent_status_changed)
def _on_agent_status(**_: object) -> None:
    _may_have_changed.set()


def announce_if_due() -> None:
    """Calls `announce` if the figures may have changed. Called once a second by the heartbeat of a runner, or of a server that has none."""
    global _checked_at
    if _may_have_changed.is_set() or time.monotonic() - _checked_at >= RECHECK_SECONDS:
        _may_have_changed.clear()
        _checked_at = time.monotonic()
        announce()


def announce() -> None:
    """Sends `coordinator_metrics_changed` if anything has changed since it was sent last."""
    current = coordinator_metrics()
    with _guard:
        if [current] == _last_sent:
            return
        _last_sent[:] = [current]
    coordinator_metrics_changed.send_robust(sender=Workflow, message=current)
