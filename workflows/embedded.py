"""What the embed page shows of a workflow: where it stands, in a sentence, and its newest frames or its film. Reads only."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from workflows import snapshots
from workflows.artifacts.links import signed_artifact_url
from workflows.lifecycle import FINAL_STATES, TaskState, WorkflowState
from workflows.models import Artifact, Workflow
from workflows.progress import STATE_MESSAGES

FRAMES: Final = 5  # the newest is large
FRAME_WIDTH: Final = 640  # pixels, see `artifacts.thumbnails`
RUNNING_SECONDS: Final = 5  # after which the page asks anew; a person waits for the next picture
WAITING_SECONDS: Final = 15  # likewise, while nothing is being done

Json = dict[str, Any]


def page(workflow: Workflow) -> Json:
    """The context of the template workflows/embed.html."""
    now = snapshots.progress_message(workflow)
    is_moving = workflow.state == WorkflowState.RUNNING and _is_worked_on(workflow, now)
    state = WorkflowState.PENDING if workflow.state == WorkflowState.RUNNING and not is_moving else workflow.state
    reason = now["waiting_for"]
    return {
        "workflow": workflow,
        "state": WorkflowState(state),
        "percent": int(now["progress"] * 100),
        "sentence": _sentence(workflow, now, is_moving=is_moving),
        "aside": reason["text"] if reason and is_moving else "",
        "time": _time(workflow, now["eta"] if is_moving else None),
        "film": _link(workflow, "video"),
        "poster": _link(workflow, "poster"),
        "frames": _frames(workflow),
        "refresh": None if workflow.state in FINAL_STATES else RUNNING_SECONDS if is_moving else WAITING_SECONDS,
    }


def _is_worked_on(workflow: Workflow, now: Json) -> bool:
    """Whether one of its tasks runs, by somebody who is there."""
    reason = now["waiting_for"]
    is_alone = reason is not None and reason["kind"] == "runner"
    return not is_alone and workflow.tasks.filter(state=TaskState.RUNNING).exists()


def _sentence(workflow: Workflow, now: Json, *, is_moving: bool) -> str:
    match workflow.state:
        case WorkflowState.COMPLETED:
            return "The film is finished."
        case WorkflowState.CANCELLED:
            return "It was cancelled."
        case WorkflowState.FAILED:
            return workflow.error["message"] if workflow.error else "It failed."
        case WorkflowState.PAUSED:
            return "Nothing is being done until somebody resumes it."
        case WorkflowState.PAUSING | WorkflowState.CANCELLING:
            return str(now["message"])
        case _:
            return _doing(now) if is_moving else _waiting(workflow, now)


def _doing(now: Json) -> str:
    """What is being done, and how far its agent says it is."""
    said = now["message"] if now["message"] != STATE_MESSAGES[WorkflowState.RUNNING] else ""
    return ": ".join(filter(None, (now["stage"], said)))


def _waiting(workflow: Workflow, now: Json) -> str:
    """Why nothing is being done, though nobody has paused it."""
    if now["waiting_for"]:
        return str(now["waiting_for"]["text"])
    return "About to start" if workflow.state == WorkflowState.PENDING else "Getting the next step ready"


def _time(workflow: Workflow, eta: Json | None) -> str:
    """ "took 2:41", or "about 3 min left"; "" where nothing can be said."""
    if workflow.state in FINAL_STATES:
        return f"took {_clock(workflow.elapsed(timezone.now()))}" if workflow.started_at else ""
    if eta is None:
        return ""
    left = eta["p50"]
    return f"about {round(left / 60)} min left" if left >= 90 else f"about {max(5, round(left / 5) * 5)} s left"


def _clock(seconds: float) -> str:
    hours, minutes, rest = str(timedelta(seconds=int(seconds))).split(":")[-3:]
    return f"{hours}:{minutes}:{rest}" if int(hours) else f"{int(minutes)}:{rest}"


def _link(workflow: Workflow, kind: str) -> str | None:
    newest = workflow.artifacts.filter(kind=kind).order_by("-created_at").values_list("pk", flat=True).first()
    return signed_artifact_url(str(workflow.pk), str(newest)) if newest else None


def _frames(workflow: Workflow) -> list[Json]:
    newest: list[Artifact] = list(workflow.artifacts.filter(kind="frame").order_by("-created_at")[:FRAMES])
    return [
        {
            "url": f"{signed_artifact_url(str(workflow.pk), str(frame.pk))}&width={FRAME_WIDTH}",
            "name": frame.name.removesuffix(frame.suffix),
        }
        for frame in newest
    ]
