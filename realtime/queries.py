"""What realtime reads from the database: events to replay, snapshots, counts. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.db.models import Count
from django.utils import timezone

from agents import metrics
from agents.bodies import AgentStatusBody
from agents.models import Agent
from realtime.rooms import EVERY_AGENT
from realtime.wire.messages import WatchersMessage
from workflows import listing, liveness, snapshots, spending
from workflows.bodies import CoordinatorMetricsBody, WorkflowPage, WorkflowRow, WorkflowSnapshot
from workflows.events import as_message
from workflows.lifecycle import ACTIVE_STATES
from workflows.models import Event, Workflow

Json = dict[str, Any]
MOST_MODELS = 100  # in the metrics


class DatabaseCounts(msgspec.Struct, frozen=True):
    """How many agents, workflows and live runners there are, by status, state and kind; what does not work."""

    agents: dict[str, int]
    unhealthy_agents: int
    agents_out_of_service: int  # by the will of a person
    workflows: dict[str, int]
    runners: dict[str, int]
    unserved_skills: int
    models: dict[str, dict[str, float]] = {}  # by their names, what they took in all films so far


def events_after(workflow_id: str, seq: int, most: int) -> list[Json]:
    """The next events of a workflow after `seq`, at most `most`, as watchers get them."""
    events = Event.objects.filter(workflow_id=workflow_id, seq__gt=seq).order_by("seq")[:most]
    return [as_message(event) for event in events]


def last_seqs(workflow_ids: Iterable[str]) -> dict[str, int]:
    """The newest seq of each of these workflows that exist."""
    found = Workflow.objects.filter(pk__in=list(workflow_ids)).values_list("pk", "last_seq")
    return {str(workflow_id): seq for workflow_id, seq in found}


def workflow_snapshot(workflow_id: str) -> WorkflowSnapshot:
    """A workflow as one screen needs it.

    Raises: Workflow.DoesNotExist.
    """
    return msgspec.convert(snapshots.workflow_snapshot(Workflow.objects.get(pk=workflow_id)), WorkflowSnapshot)


def first_page(watcher: User) -> WorkflowPage:
    """The first page of the list of what the watcher may see."""
    return msgspec.convert(listing.first_page(watcher), WorkflowPage)


def list_rows(workflow_ids: Collection[str], owners: Collection[int] | None) -> list[tuple[int, WorkflowRow]]:
    """The rows of these workflows, each with the id of its owner; see `listing.rows`."""
    return [(owner, msgspec.convert(row, WorkflowRow)) for owner, row in listing.rows(workflow_ids, owners)]


def lately_changed(seconds: float, most: int) -> list[str]:
    """The workflows that are active, or ended within so many seconds."""
    since = timezone.now() - timedelta(seconds=seconds)
    active = Workflow.objects.filter(state__in=ACTIVE_STATES).order_by("-created_at").values_list("pk", flat=True)
    ended = Workflow.objects.filter(finished_at__gte=since).order_by("-finished_at").values_list("pk", flat=True)
    return [str(key) for key in {*active[:most], *ended[:most]}]


def agent_statuses(name: str, watcher: User) -> list[AgentStatusBody]:
    """The status of the agent of this name, or with "*" of every agent, as the watcher may see it.

    Raises: Agent.DoesNotExist.
    """
    rows = Agent.objects.all() if name == EVERY_AGENT else [Agent.objects.get(name=name)]
    return msgspec.convert(metrics.statuses(rows, watcher), list[AgentStatusBody])


def coordinator_metrics() -> CoordinatorMetricsBody:
    """The metrics of the coordinator."""
    return msgspec.convert(snapshots.coordinator_metrics(), CoordinatorMetricsBody)


def replays(workflow_id: str, sinces: Collection[int], most: int) -> dict[int, list[Json]]:
    """By `since` the events after it, then the present progress. Left out is that after which not all are known, or more than `most`.

    Raises: Workflow.DoesNotExist.
    """
    if not sinces:
        return {}
    workflow = Workflow.objects.get(pk=workflow_id)
    last = workflow.last_seq
    near = [since for since in sinces if 0 <= last - since <= most]
    if not near:
        return {}
    events = {event["seq"]: event for event in events_after(workflow_id, min(near), last - min(near))}
    progress = snapshots.progress_message(workflow)
    complete = [since for since in near if all(seq in events for seq in range(since + 1, last + 1))]
    return {since: [*(events[seq] for seq in range(since + 1, last + 1)), progress] for since in complete}


def watchers(workflow_id: str) -> WatchersMessage:
    """The message with the number of clients that watch a workflow now."""
    return WatchersMessage(workflow_id=workflow_id, watchers=snapshots.watchers(workflow_id))


def page(workflow_id: str, after: int, most: int) -> Json:
    """The events after `after`, at most `most`; the present progress; the seq that the next page starts after."""
    progress = snapshots.progress_message(Workflow.objects.get(pk=workflow_id))
    # Up to where the progress stands and not beyond: what happened between the two reads is for the next page.
    events = events_after(workflow_id, after, min(most, max(0, progress["seq"] - after)))
    return {"events": events, "progress": progress, "seq": events[-1]["seq"] if events else progress["seq"]}


def database_counts() -> DatabaseCounts:
    """How many agents, workflows and runners there are."""
    runners = list(liveness.live())
    agents = (
        Agent.objects.order_by()
        .values_list("status")
        .annotate(Count("pk"), failing=Count("pk", filter=Agent.FAILING), out=Count("pk", filter=~Agent.IN_SERVICE))
    )
    return DatabaseCounts(
        agents={status: count for status, count, _, _ in agents},
        unhealthy_agents=sum(failing for _, _, failing, _ in agents),
        agents_out_of_service=sum(out for _, _, _, out in agents),
        workflows=dict(Workflow.objects.order_by().values_list("state").annotate(Count("pk"))),
        runners=dict(Counter(runner.kind for runner in runners)),
        unserved_skills=len(liveness.unserved_skills(runners)),
        models=spending.totals(MOST_MODELS),
    )
