"""The tables of workflows: tasks, attempts, events, artifacts, controls and runners."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q

from agents.usage import MODEL_LENGTH
from workflows.lifecycle import Action, AttemptState, PauseMode, TaskState, WorkflowState


def artifact_storage() -> Storage:
    """The storage named `artifacts` in the settings."""
    return storages["artifacts"]


SEARCHED_CHARACTERS = 500  # of a workflow's input


class Workflow(models.Model):
    """One run of a pipeline, owned by a user."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pipeline = models.CharField(max_length=140)  # `agent:<agent>/<skill>` for a task of its own
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="workflows")
    input = models.JSONField()
    search_text = models.CharField(
        max_length=500, blank=True
    )  # the beginning of its input, for lists: `search_text_of`
    # The workflow of which it reuses outputs, and the task with which it begins anew; see `coordinator.rerun`.
    rerun_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="reruns")
    rerun_from = models.CharField(max_length=100, blank=True)
    rerun_changes = models.JSONField(default=list)  # the names of what its tasks get otherwise than before
    state = models.CharField(max_length=12, choices=WorkflowState, default=WorkflowState.PENDING)
    # Stage name -> "pending" | "running" | "completed" | "failed" | "cancelled", in the pipeline's order.
    stages = models.JSONField(default=dict)
    last_seq = models.PositiveBigIntegerField(default=0)
    slow_start = models.PositiveSmallIntegerField(null=True)  # the most attempts at once since a resume; null: no limit
    # Of the present transition, see `transitions.transition`; no columns.
    new_events: "list[Event]"
    first_new_seq: int
    follow_up: "Callable[[Workflow], object] | None"  # what else the present transition does, see `transitions.advance`
    has_new_work: bool  # whether there is more for runners to do after the present transition
    frees_agent: bool  # whether an agent may take a task, of any workflow, after the present transition
    graph: Any  # its TaskGraph, once it is needed: `graph_cache.graph_of`
    read: dict[str, Any]  # the columns as they were read
    error = models.JSONField(null=True)  # {"type", "message"}
    usage = models.JSONField(null=True)  # `bodies.FilmUsage`: what models took for it so far; see `spending`
    budget = models.FloatField(null=True)  # that an operator has set for it; null: BUDGET_PER_FILM
    # The span of the request that created it, where traces are on: see `agents.tracing`.
    traceparent = models.CharField(max_length=55, blank=True, default="", db_default="")

    progress = models.FloatField(default=0.0)
    stage = models.CharField(max_length=64, blank=True)
    message = models.CharField(max_length=500, blank=True)
    # Seconds that were left at `eta_at`.
    eta_p10 = models.FloatField(null=True)
    eta_p50 = models.FloatField(null=True)
    eta_p90 = models.FloatField(null=True)
    eta_at = models.DateTimeField(null=True)
    late_after = models.FloatField(null=True)  # working seconds after which it takes longer than usual
    estimated = models.JSONField(null=True)  # {"p10", "p50", "p90"}: the seconds that were told before it started
    working_seconds = models.FloatField(default=0.0)  # until `working_since`: without pauses, waiting and failures
    working_since = models.DateTimeField(null=True)  # None: it does not work now

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-created_at", "-id", "pipeline"], name="workflow_by_state"),
            # Of lists: their pages are found, and counted, in the index alone. `pipeline`, because lists leave some out.
            models.Index(fields=["-created_at", "-id", "pipeline"], name="workflow_by_age"),
            models.Index(fields=["owner", "-created_at", "-id", "pipeline"], name="workflow_by_owner"),
            models.Index(fields=["finished_at"], condition=Q(finished_at__isnull=False), name="workflow_by_end"),
        ]
        permissions: ClassVar = [("control_workflow", "Can pause, resume, cancel and retry any workflow")]

    def __str__(self) -> str:
        return self.title

    def elapsed(self, now: datetime) -> float:
        """Seconds for which it has worked, until `now`."""
        since = self.working_since
        return self.working_seconds + (max(0.0, (now - since).total_seconds()) if since else 0.0)


class LongText(models.Model):
    """A text of a workflow's input that is as long as a book: `Workflow.input` has its beginning only. See `long_texts`."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="long_texts")
    field = models.CharField(max_length=64)
    text = models.TextField()
    size = models.PositiveBigIntegerField(default=0, db_default=0)  # in bytes, as UTF-8: counted with its owner's files

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workflow", "field"], name="long_text_once_per_field")]

    def __str__(self) -> str:
        return f"{self.field} of {self.workflow_id}"


def search_text_of(given: dict[str, Any]) -> str:
    """What a search finds a workflow by, besides its title: the beginning of each text of its input, casefolded."""
    texts = (value[:SEARCHED_CHARACTERS] for value in given.values() if isinstance(value, str))
    return " ".join(" ".join(texts).casefold().split())[:SEARCHED_CHARACTERS]


class Task(models.Model):
    """One piece of work for one skill. Its key is its step's name, and of a fan-out its item: `frames/1.2`."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=100)
    step = models.CharField(max_length=64)
    stage = models.CharField(max_length=64)
    skill = models.CharField(max_length=130)  # its id, or `<agent>/<id>` where only this agent will do
    position = models.PositiveBigIntegerField()  # order among the tasks of its stage
    title = models.CharField(max_length=100, blank=True, default="")  # of what it was fanned out for, for people
    item = models.JSONField(null=True)  # what it was fanned out for
    given = models.JSONField(default=dict)  # of its input, what a rerun says itself: it goes before what others gave
    output = models.JSONField(null=True)
    state = models.CharField(max_length=16, choices=TaskState, default=TaskState.PENDING)
    progress = models.FloatField(default=0.0)
    agent = models.CharField(max_length=64, blank=True)
    attempt_count = models.PositiveIntegerField(default=0)
    # Both since the start, or since the last retry that a user asked for.
    failure_count = models.PositiveIntegerField(default=0)
    loss_count = models.PositiveIntegerField(default=0)  # attempts whose process died
    changed_seq = models.PositiveBigIntegerField(default=0)  # an event of the transition that changed it last
    not_before = models.DateTimeField(null=True)  # a ready task waits until then: backoff
    error = models.JSONField(null=True)  # {"type", "message", "retryable"}
    usage = models.JSONField(null=True)  # `bodies.UsageBody`: of all its attempts
    question = models.TextField(blank=True)  # what its agent has asked, while it waits for an answer
    answer_until = models.DateTimeField(null=True)  # it fails when nobody has answered by then
    answers = models.JSONField(default=list)  # [{"question", "answer"}], oldest first, since the last retry by a user
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["workflow", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workflow", "key"], name="task_key_once_per_workflow")]
        indexes: ClassVar = [
            models.Index(fields=["workflow", "skill"], condition=Q(state=TaskState.READY), name="task_ready"),
            models.Index(fields=["workflow", "changed_seq"], name="task_by_change"),
            models.Index(fields=["workflow", "stage", "position"], name="task_by_stage"),  # pages of large workflows
            models.Index(fields=["workflow"], condition=Q(state=TaskState.INPUT_REQUIRED), name="task_asking"),
        ]

    def __str__(self) -> str:
        return self.key


class Attempt(models.Model):
    """One try at a task: which agent and runner, its lease, and its outcome."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    agent = models.CharField(max_length=64)
    slot = models.PositiveSmallIntegerField(default=0)  # which of the agent's `max_concurrent` it takes
    runner = models.CharField(max_length=64)  # the name of the process that performs it
    state = models.CharField(max_length=16, choices=AttemptState, default=AttemptState.RUNNING)
    stop_requested_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)  # its agent has given no sign of life for long, see `standstill`
    # After its end: an attempt that was given up keeps its lease, renewed by its runner, until its thread comes back.
    lease_until = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    error = models.JSONField(null=True)
    usage = models.JSONField(null=True)  # by the name of the model `bodies.UsageBody`
    remote_task = models.CharField(max_length=200, blank=True)  # by what name a remote agent knows it
    # The number of the first of a row of attempts that go on with the same job: each but the last one has left off.
    series = models.PositiveIntegerField(default=1)
    # The remote agent may still work on it, although nobody waits for it any more: it is to be told so.
    is_to_withdraw = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["task", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "number"], name="attempt_number_once_per_task"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state=AttemptState.RUNNING), name="one_running_attempt_per_task"
            ),
            # Capacity: two processes that claim for the same agent at once cannot take the same slot.
            models.UniqueConstraint(
                fields=["agent", "slot"], condition=Q(state=AttemptState.RUNNING), name="one_attempt_per_slot"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "lease_until"], name="attempt_by_lease"),
            models.Index(fields=["is_to_withdraw"], condition=Q(is_to_withdraw=True), name="attempt_to_withdraw"),
        ]

    def __str__(self) -> str:
        return f"{self.task}, attempt {self.number}"


class ModelTotals(models.Model):
    """What a model took in all films so far, also in those that were deleted. Written by `workflows.spending` only."""

    model = models.CharField(max_length=MODEL_LENGTH, unique=True)
    calls = models.PositiveBigIntegerField(default=0)
    prompt_tokens = models.PositiveBigIntegerField(default=0)
    completion_tokens = models.PositiveBigIntegerField(default=0)
    pictures = models.PositiveBigIntegerField(default=0)
    video_seconds = models.FloatField(default=0.0)
    speech_characters = models.PositiveBigIntegerField(default=0)
    cost = models.FloatField(default=0.0)  # at the prices of each call

    class Meta:
        ordering: ClassVar = ["model"]

    def __str__(self) -> str:
        return self.model


class Event(models.Model):
    """A durable, numbered fact of a workflow. `data` is one of the payloads in `workflows.events`."""

    # Without an index of its own, as one of those below begins with it.
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="events", db_index=False)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=32)
    data = models.JSONField()
    # How far the workflow was after the transition of which this is the last event; null for all others.
    progress = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["workflow", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workflow", "seq"], name="event_seq_once_per_workflow")
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "id"], name="event_by_kind")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


def artifact_path(artifact: "Artifact", _name: str) -> str:
    """The path of an artifact's file in its storage. Made of ids, never of a name that somebody chose."""
    return f"{artifact.workflow_id}/{artifact.id}{artifact.suffix}"


class Artifact(models.Model):
    """A file that a task produced: a script, a frame, a clip, the video. A workflow that reuses it has a row of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="artifacts", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="artifacts")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=64)
    media_type = models.CharField(max_length=128)
    file = models.FileField(storage=artifact_storage, upload_to=artifact_path, max_length=200)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["workflow", "created_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "name"], name="artifact_name_once_per_task")]
        indexes: ClassVar = [
            models.Index(fields=["file"], name="artifact_by_file"),
            # The newest picture of a workflow, and the bytes that a user has stored, are found in the index alone.
            models.Index(fields=["workflow", "kind", "created_at", "size"], name="artifact_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def suffix(self) -> str:
        """The file's ending, from its name: ".png", or "" when it has none."""
        _, dot, ending = self.name.rpartition(".")
        return f".{ending}" if dot and ending.isalnum() else ""


def picture_path(picture: "Picture", _name: str) -> str:
    """The path of a picture's file: in a folder of its own, like the files of a workflow. Made of its id only."""
    return f"{picture.pk}/picture{picture.suffix}"


class Picture(models.Model):
    """A picture that a user has brought along, as a face or for its style. Written by `workflows.pictures` only.

    It stays as long as a workflow uses it; one that none has used yet, for a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pictures")
    file = models.FileField(storage=artifact_storage, upload_to=picture_path, max_length=200)
    size = models.PositiveBigIntegerField()  # bytes
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    workflows = models.ManyToManyField(Workflow, through="PictureUse", related_name="pictures")

    suffix = ".jpg"  # see `agents.animatic.pictures`

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="picture_by_age")]

    def __str__(self) -> str:
        return str(self.pk)


class PictureUse(models.Model):
    """A workflow uses a picture."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="uses")
    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="picture_uses")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["picture", "workflow"], name="picture_once_per_workflow")
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} in {self.workflow_id}"


class Control(models.Model):
    """An action that a user asked for, with its answer and its result.

    The same `request_id` of the same user is the same request: it is answered again from this row.
    """

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="controls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    request_id = models.CharField(max_length=100)
    action = models.CharField(max_length=8, choices=Action)
    mode = models.CharField(max_length=8, choices=PauseMode, default=PauseMode.DRAIN)
    task = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)  # to the question of the task
    why = models.CharField(max_length=500, blank=True)  # the person's own reason
    status = models.CharField(max_length=8)  # "accepted" | "rejected"
    reason = models.CharField(max_length=500, blank=True)  # why it was rejected or changes nothing
    # The result, with the values of its `control_resolved` event.
    outcome = models.CharField(max_length=12, blank=True)  # "" until it has taken effect
    resolved_state = models.CharField(max_length=12, choices=WorkflowState, blank=True)  # of the workflow then
    resolved_seq = models.PositiveBigIntegerField(null=True)  # of the event
    resolved_reason = models.CharField(max_length=500, blank=True)
    resolved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["workflow", "created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workflow", "by", "request_id"], name="request_id_once_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.by}"


class Runner(models.Model):
    """A process that performs attempts, with its last sign of life. Written by `workflows.liveness` only."""

    class Kind(models.TextChoices):
        LOCAL = "local", "in a server or command"
        WORKER = "worker"
        CELERY = "celery"

    name = models.CharField(max_length=64, unique=True)  # as in `Attempt.runner`
    host = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=Kind)
    skills = models.JSONField(null=True)  # the ids of those that it serves, sorted; null: all
    threads = models.PositiveIntegerField()
    # By the clock of the database.
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["started_at", "name"]

    def __str__(self) -> str:
        return self.name

    def serves(self, skill: str) -> bool:
        """Whether it performs tasks that need the skill with this id."""
        return self.skills is None or skill.rpartition("/")[2] in self.skills


from workflows.a2a.models import A2ATask  # noqa: E402, F401 - Django looks for models here
