"""The bodies that HTTP and sockets show of workflows: snapshots, list rows, progress. Reads only."""

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, Manager, OuterRef, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone

from agents.timestamps import iso_or_none, iso_timestamp
from workflows import folding, metrics, progress, queue, waiting
from workflows.artifacts import links
from workflows.artifacts.links import signed_artifact_url
from workflows.events import GrownTask
from workflows.folding import task_body
from workflows.graph import TaskGraph
from workflows.lifecycle import TaskState
from workflows.locking import locked_workflow
from workflows.models import Artifact, Control, LongText, Task, Workflow
from workflows.signals import watchers_asked

Json = dict[str, Any]

UNLOCKED_READS = 5
RERUNS_SHOWN = 20


def workflow_snapshot(workflow: Workflow) -> Json:
    """The snapshot of a workflow, consistent at its `seq`: what GET /api/workflows/{id}/ returns."""
    return _consistent(workflow, _read)


def task_page(workflow: Workflow, *, stage: str, cursor: str) -> Json:
    """A page of a workflow's tasks, consistent at its `seq`; see `folding.task_page`.

    Raises: InvalidInput.
    """
    return _consistent(workflow, lambda current: folding.task_page(current, stage=stage, cursor=cursor))


def _consistent(workflow: Workflow, read: Callable[[Workflow], Json]) -> Json:
    """What `read` makes of the workflow's row as it is now. It has the row's `seq`, and nothing in it is of another one."""
    for _ in range(UNLOCKED_READS):
        body = read(_row(workflow))
        # Reading takes no lock: an event between two of its queries would be seen by the second only.
        if Workflow.objects.filter(pk=workflow.pk, last_seq=body["seq"]).exists():
            return body
    with locked_workflow(workflow.pk):
        return read(_row(workflow))


def _row(workflow: Workflow) -> Workflow:
    return Workflow.objects.select_related("owner").get(pk=workflow.pk)


def _read(workflow: Workflow) -> Json:
    artifacts, is_folded = folding.shown_artifacts(workflow)
    return {
        **workflow_summary(workflow),
        "input": workflow.input,
        "stages": folding.stage_bodies(workflow),
        "artifacts": artifacts,
        "artifacts_folded": is_folded,
        "watchers": watchers(str(workflow.pk)),
        "error": workflow.error,
        "usage": workflow.usage,
        "estimated": workflow.estimated,
        "rerun_of": rerun_of(workflow),
        "reruns": _reruns(workflow),
        **_standstill(workflow),
    }


def _standstill(workflow: Workflow) -> Json:
    """`waiting_for`; and no time left where nobody does the work, whatever was said before."""
    reason = waiting.waiting_for(workflow)
    return {"waiting_for": reason, **({"eta": None} if reason and reason["kind"] == "runner" else {})}


def rerun_of(workflow: Workflow) -> Json | None:
    """Of which workflow it reuses outputs, from which task on it does not, and what it does otherwise."""
    return rerun_body(workflow.rerun_of_id, workflow) if workflow.rerun_of_id else None


def rerun_body(other: UUID, new: Workflow) -> Json:
    """What `new` says of the workflow of which it is a rerun, or that one of `new`: `other` is the one that is linked to."""
    return {"workflow_id": str(other), "task": new.rerun_from, "changes": new.rerun_changes}


def _reruns(workflow: Workflow) -> list[Json]:
    """The owner's reruns of it, the newest last: others may not see those of somebody else."""
    own = workflow.reruns.filter(owner=workflow.owner_id).order_by("-created_at", "-pk")
    newest = own.only("rerun_from", "rerun_changes")[:RERUNS_SHOWN]
    return [rerun_body(rerun.pk, rerun) for rerun in reversed(newest)]


def watchers(workflow_id: str) -> int:
    """How many watch a workflow now, as far as this process knows."""
    answers: list[tuple[Any, Any]] = watchers_asked.send(sender=None, workflow_id=workflow_id)
    return sum(count for _, count in answers)


def workflow_summary(workflow: Workflow) -> Json:
    """A workflow as lists show it."""
    current = _latest_progress(workflow, is_listed=True)
    return {
        "id": str(workflow.pk),
        "pipeline": workflow.pipeline,
        "title": workflow.title,
        "owner": workflow.owner.username,
        "state": workflow.state,
        "progress": current["progress"],
        "stage": current["stage"],
        "message": current["message"],
        "eta": current["eta"],
        "elapsed": current["elapsed"],
        "queue": queue.place_of(workflow),
        "seq": workflow.last_seq,
        "created_at": iso_timestamp(workflow.created_at),
        "started_at": iso_or_none(workflow.started_at),
        "finished_at": iso_or_none(workflow.finished_at),
    }


def workflow_summaries(keys: Sequence[Any]) -> list[Json]:
    """The workflows with these primary keys as lists show them, in this order.

    Each has a picture of it (its poster, or else its newest frame), the size of its files, and whether it asks a person. The number of queries does
    not depend on theirs.
    """
    listed = Workflow.objects.select_related("owner").defer("input", "search_text", "stages")
    picture = Coalesce(_newest("poster"), _newest("frame"))
    found = listed.annotate(picture=picture, stored_bytes=_stored_bytes(), is_asking=_is_asking()).in_bulk(keys)
    links.read_ahead([str(row.pk) for row in found.values() if row.picture])
    return [_list_row(found[key]) for key in keys if key in found]  # one may have been deleted meanwhile


def _list_row(workflow: Any) -> Json:  # noqa: ANN401 - a Workflow with the columns above
    poster = _link_to(str(workflow.pk), workflow.picture)
    return {
        **workflow_summary(workflow),
        "poster": poster,
        "stored_bytes": workflow.stored_bytes,
        "is_asking": workflow.is_asking,
    }


def _is_asking() -> Exists:
    return Exists(Task.objects.filter(workflow=OuterRef("pk"), state=TaskState.INPUT_REQUIRED))


def _stored_bytes() -> CombinedExpression:
    return _bytes_of(Artifact.objects) + _bytes_of(LongText.objects)


def _bytes_of(kept: "Manager[Artifact] | Manager[LongText]") -> Coalesce:
    sizes = kept.filter(workflow=OuterRef("pk")).order_by().values("workflow")
    return Coalesce(Subquery(sizes.annotate(bytes=Sum("size")).values("bytes")), 0)


def pictures(workflow_ids: Collection[str]) -> dict[str, str | None]:
    """A link to the newest picture of each of these workflows. Three queries."""
    rows = Workflow.objects.filter(pk__in=workflow_ids).order_by()
    found = list(rows.values_list("pk", Coalesce(_newest("poster"), _newest("frame"))))
    links.read_ahead([str(key) for key, picture in found if picture])
    return {str(key): _link_to(str(key), picture) for key, picture in found}


def _newest(kind: str) -> Subquery:
    artifacts = Artifact.objects.filter(workflow=OuterRef("pk"), kind=kind).order_by("-created_at")
    return Subquery(artifacts.values("pk")[:1])


def _link_to(workflow_id: str, artifact: UUID | None) -> str | None:
    return signed_artifact_url(workflow_id, str(artifact)) if artifact else None


def progress_message(workflow: Workflow) -> Json:
    """The current `progress` message: the newest in this process's memory, or what the database has."""
    return {**_latest_progress(workflow), **_standstill(workflow)}


def _latest_progress(workflow: Workflow, *, is_listed: bool = False) -> Json:
    """The current `progress` message, but `waiting_for` may be out of date; in a list without the tasks that run."""
    latest = progress.latest_message(str(workflow.pk), row=workflow.progress)
    if latest and latest["seq"] >= workflow.last_seq:
        return {**latest, "queue": queue.place_of(workflow)}
    return {
        "type": "progress",
        "workflow_id": str(workflow.pk),
        "state": workflow.state,
        "progress": round(workflow.progress, 4),
        "stage": workflow.stage,
        "message": workflow.message,
        "eta": _eta(workflow),
        "elapsed": round(workflow.elapsed(timezone.now()), 1),
        "queue": queue.place_of(workflow),
        "seq": workflow.last_seq,
        "merged": 0,
        "waiting_for": None,
        "tasks": {} if is_listed else _fractions(workflow),
        "timestamp": iso_timestamp(timezone.now()),
    }


def _fractions(workflow: Workflow) -> dict[str, float]:
    return dict(workflow.tasks.filter(state=TaskState.RUNNING).order_by().values_list("key", "progress"))


def _eta(workflow: Workflow) -> Json | None:
    left = progress.time_left_of(workflow)
    if left is None or workflow.eta_at is None or workflow.state not in progress.TIMED_STATES:
        return None
    now = timezone.now()
    is_late = workflow.late_after is not None and workflow.elapsed(now) > workflow.late_after
    return progress.eta_body(left.after((now - workflow.eta_at).total_seconds()), is_late=is_late)


def control_result(control: Control) -> Json | None:
    """The `control_result` message of an action, or None as long as it has none (under way, or rejected).

    Made of the row alone, so that a repeated request is answered like the first one.
    """
    if control.resolved_seq is None or control.resolved_at is None:
        return None
    return {
        "type": "control_result",
        "request_id": control.request_id,
        "workflow_id": str(control.workflow_id),
        "action": control.action,
        "outcome": control.outcome,
        "state": control.resolved_state,
        "seq": control.resolved_seq,
        "by": control.by.username,
        "reason": control.resolved_reason,
        "timestamp": iso_timestamp(control.resolved_at),
    }


def grown_bodies(graph: TaskGraph, grown: list[Task]) -> list[GrownTask]:
    """New tasks (already in the graph), each with its position among the tasks of its stage, from 0."""
    in_order = sorted(grown, key=lambda task: (graph.pipeline.stages.index(task.stage), task.position))
    return [
        GrownTask(stage=task.stage, position=graph.index_in_stage(task.stage, task.position), task=task_body(task))
        for task in in_order
    ]


def coordinator_metrics() -> Json:
    """The `coordinator_metrics` message."""
    return {"type": "coordinator_metrics", **metrics.coordinator_metrics(), "timestamp": iso_timestamp(timezone.now())}
