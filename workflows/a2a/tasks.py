"""A workflow as the protocol's Task. Reads only."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from a2a.types import a2a_pb2
from a2a.types.a2a_pb2 import Message, Part, Role, TaskState, TaskStatus
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Value

from workflows import pipelines, progress, spending
from workflows.a2a import profile
from workflows.a2a.models import A2ATask
from workflows.artifacts.links import signed_artifact_url
from workflows.errors import UnknownPipeline
from workflows.lifecycle import CONTROL_RULES, FINAL_STATES, Action, WorkflowState
from workflows.lifecycle import TaskState as OurTaskState
from workflows.locking import locked_workflow
from workflows.models import Artifact, Event, Task, Workflow

UNLOCKED_READS: Final = 5
ARTIFACTS_LIMIT: Final = 2_000  # of one task; the files of a longer film can be read page by page over our own API

STATES: Final = {
    WorkflowState.PENDING: TaskState.TASK_STATE_SUBMITTED,
    WorkflowState.RUNNING: TaskState.TASK_STATE_WORKING,
    WorkflowState.PAUSING: TaskState.TASK_STATE_WORKING,
    WorkflowState.PAUSED: TaskState.TASK_STATE_WORKING,
    WorkflowState.CANCELLING: TaskState.TASK_STATE_WORKING,
    WorkflowState.CANCELLED: TaskState.TASK_STATE_CANCELED,
    WorkflowState.COMPLETED: TaskState.TASK_STATE_COMPLETED,
    WorkflowState.FAILED: TaskState.TASK_STATE_FAILED,
}
ANSWERABLE: Final = frozenset(CONTROL_RULES[Action.ANSWER])
ENDED: Final = frozenset(STATES[state] for state in FINAL_STATES)
INTERRUPTED: Final = frozenset({TaskState.TASK_STATE_INPUT_REQUIRED})
SETTLED: Final = ENDED | INTERRUPTED  # a message that waits is answered

Json = dict[str, Any]


def task_of(row: A2ATask, base: str, *, with_artifacts: bool = True) -> tuple[a2a_pb2.Task, int]:
    """The task as it is now, and the seq at which it is so. `base` is where links begin: "https://example.org".

    Raises: Workflow.DoesNotExist when it was deleted meanwhile.
    """
    for _ in range(UNLOCKED_READS):
        workflow = Workflow.objects.get(pk=row.pk)
        task = _read(row, workflow, base, with_artifacts=with_artifacts)
        # Reading takes no lock: an event between two of its queries would be seen by the second only.
        if Workflow.objects.filter(pk=row.pk, last_seq=workflow.last_seq).exists():
            return task, workflow.last_seq
    with locked_workflow(row.pk):
        workflow = Workflow.objects.get(pk=row.pk)
        return _read(row, workflow, base, with_artifacts=with_artifacts), workflow.last_seq


def _read(row: A2ATask, workflow: Workflow, base: str, *, with_artifacts: bool) -> a2a_pb2.Task:
    state, text = _state_and_text(workflow)
    fraction, _ = progress_of(workflow)
    task = a2a_pb2.Task(
        id=str(workflow.pk),
        context_id=row.context_id,
        status=status(row, state, text, _changed_at(workflow), workflow.last_seq),
        history=[_kept_message(row, kept, base) for kept in row.history],
        metadata={profile.PROGRESS: {"fraction": fraction}, **usage_of(workflow)},
    )
    if with_artifacts:
        task.artifacts.extend(_artifacts(row, workflow, base))
    return task


def _state_and_text(workflow: Workflow) -> tuple[TaskState, str]:
    state = WorkflowState(workflow.state)
    if asking := question_of(workflow):
        return TaskState.TASK_STATE_INPUT_REQUIRED, asking.question
    match state:
        case WorkflowState.COMPLETED:
            return STATES[state], outcome_of(workflow)
        case WorkflowState.FAILED:
            return STATES[state], (workflow.error or {}).get("message", "")
        case WorkflowState.CANCELLED:
            return STATES[state], "It was cancelled."
        case WorkflowState.PAUSED:
            return STATES[state], "It is paused."
        case _:
            return STATES[state], progress_of(workflow)[1]


def question_of(workflow: Workflow) -> Task | None:
    """Its first task that waits for an answer; None where an answer would not be taken."""
    if workflow.state not in ANSWERABLE:
        return None
    return workflow.tasks.filter(state=OurTaskState.INPUT_REQUIRED).order_by("position").first()


def outcome_of(workflow: Workflow) -> str:
    """What the agent said in the end, as a sentence."""
    finished = Event.objects.filter(workflow=workflow, kind="task_finished").order_by("-seq").first()
    return str(finished.data["message"]) if finished else ""


def progress_of(workflow: Workflow) -> tuple[float, str]:
    """How far it is, 0.0 to 1.0, and what it is doing: as this process knows it, or as the database has it."""
    latest = progress.latest_message(str(workflow.pk), row=workflow.progress)
    if latest and latest["seq"] >= workflow.last_seq:
        return float(latest["progress"]), str(latest["message"])
    return round(workflow.progress, 4), workflow.message


def usage_of(workflow: Workflow) -> Json:
    """The metadata that says what models took so far; none where none was called."""
    if not workflow.usage:
        return {}
    counted = [
        {name: count for name, count in msgspec.structs.asdict(usage).items() if count}
        for usage in spending.used_by(workflow)
    ]
    return {profile.USAGE: {"models": counted}}


def _changed_at(workflow: Workflow) -> datetime:
    latest = Event.objects.filter(workflow=workflow).order_by("-seq").values_list("created_at", flat=True).first()
    return latest or workflow.created_at


def status(row: A2ATask, state: TaskState, text: str, at: datetime, number: int | str) -> TaskStatus:
    """A status with a message of the agent, or without one where there is nothing to say. `number` tells messages apart."""
    task_status = TaskStatus(state=state, timestamp=at)
    if text:
        task_status.message.CopyFrom(
            Message(
                message_id=f"{row.pk}-{number}",
                context_id=row.context_id,
                task_id=str(row.pk),
                role=Role.ROLE_AGENT,
                parts=[Part(text=text)],
            )
        )
    return task_status


def _kept_message(row: A2ATask, kept: Json, base: str) -> Message:
    parts = []
    for part in kept["parts"]:
        artifact = part.get("artifact")
        rest = {name: value for name, value in part.items() if name != "artifact"}
        parts.append({**rest, "url": base + signed_artifact_url(str(row.pk), artifact)} if artifact else rest)
    message: Message = ParseDict({**kept, "parts": parts}, Message(), ignore_unknown_fields=True)
    return message


# --- what was made --------------------------------------------------------------------------------


def _artifacts(row: A2ATask, workflow: Workflow, base: str) -> Iterable[a2a_pb2.Artifact]:
    files = Artifact.objects.filter(workflow=workflow).exclude(pk__in=row.inputs).order_by("created_at", "pk")
    for file in files[:ARTIFACTS_LIMIT]:
        described = {"id": str(file.pk), "name": file.name, "kind": file.kind, "media_type": file.media_type}
        yield file_artifact(row, described, base)
    if workflow.state == WorkflowState.COMPLETED:
        yield output_artifact(workflow)


def file_artifact(row: A2ATask, described: Json, base: str) -> a2a_pb2.Artifact:
    """A file that an agent kept, as an artifact with a signed link. `described` has the fields of an ArtifactBody."""
    url = base + signed_artifact_url(str(row.pk), described["id"])
    return a2a_pb2.Artifact(
        artifact_id=described["id"],
        name=described["name"],
        parts=[Part(url=url, filename=described["name"], media_type=described["media_type"])],
        metadata={profile.SKILLS: {"kind": described["kind"]}},
        extensions=[profile.SKILLS],
    )


def output_artifact(workflow: Workflow) -> a2a_pb2.Artifact:
    """The result, as data: what the only last step gave, or else by step what the last ones gave."""
    data = ParseDict(_output(workflow), Value())
    return a2a_pb2.Artifact(
        artifact_id=profile.OUTPUT, name="Result", parts=[Part(data=data, media_type="application/json")]
    )


def _output(workflow: Workflow) -> object:
    try:
        steps = pipelines.get(workflow.pipeline).steps
    except UnknownPipeline:  # its agent is gone; what a pipeline of one step gave is still there
        steps = ()
    taken_from = {name for step in steps for name in step.waits_for()}
    last = [step.name for step in steps if step.name not in taken_from]
    tasks = workflow.tasks.filter(step__in=last) if last else workflow.tasks.all()
    outputs: dict[str, list[object]] = {}
    for step, output in tasks.order_by("position").values_list("step", "output"):
        outputs.setdefault(step, []).append(output)
    single = {step: given[0] if len(given) == 1 else given for step, given in outputs.items()}
    return next(iter(single.values())) if len(single) == 1 else single
