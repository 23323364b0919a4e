"""The bodies that HTTP and sockets send of workflows.

The only description of them: docs/asyncapi.yaml, the OpenAPI document and the front end's types are made of it.
Payloads of events are in `workflows.events`.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from agents.bodies import Timestamp
from agents.choices import ERROR_TYPE, one_of
from workflows.lifecycle import Action, PauseMode, TaskState, WorkflowState

Json = dict[str, Any]
ANSWER_LENGTH = 10_000  # characters of an answer to an agent's question
ErrorTypeName = Annotated[str, ERROR_TYPE]
WorkflowStateName = Annotated[str, one_of("WorkflowState", WorkflowState.values)]
# A task that is ready is sent as pending.
TaskStateName = Annotated[str, one_of("TaskState", (state for state in TaskState.values if state != TaskState.READY))]
ActionName = Annotated[str, one_of("Action", Action.values)]
Runners = Annotated[int, Meta(ge=0, description="Runners that are alive: nothing is done when there is none.")]
DisabledAgents = Annotated[int, Meta(ge=0, description="Agents that a person has switched off; healthy ones, too.")]
UnservedSkills = Annotated[list[str], Meta(description="Skills that pipelines need and no living runner serves.")]
PauseModeName = Annotated[str, one_of("PauseMode", PauseMode.values)]
OutcomeName = Annotated[str, one_of("Outcome", ("applied", "no_op", "failed", "superseded"))]
RetryReason = Annotated[str, one_of("RetryReason", ("error", "paused", "restart", "lost", "asked"))]
WaitingKind = Annotated[str, one_of("WaitingKind", ("queue", "agent", "provider", "runner", "input", "retry"))]

Id = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
Seq = Annotated[
    int,
    Meta(
        ge=0,
        le=2**63 - 1,
        description="Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first.",
    ),
]
Fraction = Annotated[float, Meta(description="0.0-1.0. Never goes back; 1.0 only when completed.")]
Elapsed = Annotated[float, Meta(description="Seconds for which it has worked: without waiting, pauses and failures.")]
Watchers = Annotated[int, Meta(ge=0, description="Sockets that watch a workflow, in all server processes.")]


class Eta(Struct, kw_only=True, frozen=True):
    """Seconds: in 1 of 10 cases it is less than p10, as likely less as more than p50, in 9 of 10 less than p90.

    `late` says that it takes longer than 9 of 10 would have.
    """

    p10: float
    p50: float
    p90: float
    late: bool = False


class StartsIn(Struct, kw_only=True, frozen=True):
    """Seconds until it starts, in the same way."""

    p10: float
    p50: float
    p90: float


class Duration(Struct, kw_only=True, frozen=True):
    """How long it takes, in the same way."""

    p10: float
    p50: float
    p90: float


class Forecast(Struct, kw_only=True, frozen=True):
    """What a workflow with this input will take."""

    scenes: Annotated[int | None, Meta(description="Null where there are none, or it cannot be known before.")]
    shots: Annotated[int | None, Meta(description="Null where there are none, or it cannot be known before.")]
    film_seconds: Annotated[
        float | None, Meta(description="How long the film will be, without its cards. Null where that is not known.")
    ]
    seconds: Annotated[Duration | None, Meta(description="Until it is ready. Null while too little is known.")]
    remarks: Annotated[
        list[str],
        Meta(description="What of the input could not be read as it seems to be meant: sentences, each with its line."),
    ]


class QueuePlace(Struct, kw_only=True, frozen=True):
    """The place among the workflows that wait for their turn, from 1, and when that may come; null: not known."""

    position: int
    starts_in: StartsIn | None


class WaitingFor(Struct, kw_only=True, frozen=True):
    """Why nothing of a workflow moves, or something of it does not.

    `text` is a sentence for people. Where it ends with "follows" (a try), `until` says when, for those who count down.
    """

    kind: WaitingKind
    text: str
    until: Annotated[Timestamp | None, Meta(description="When it goes on by itself, where that is known.")] = None
    agent: str | None = None
    task: Annotated[str | None, Meta(description="The key of the task that waits, or of the first of them.")] = None


class RecordedProgress(Struct, kw_only=True, frozen=True):
    """How far a workflow was when an event was committed: as the `progress` message that was sent then."""

    progress: Fraction
    stage: str
    message: str
    eta: Eta | None
    elapsed: Elapsed
    waiting_for: WaitingFor | None = None
    tasks: dict[str, float] = {}


class ErrorBody(Struct, kw_only=True, frozen=True):
    """What went wrong, for people."""

    type: ErrorTypeName
    message: str
    retryable: bool = False


class UsageBody(Struct, kw_only=True, frozen=True):
    """What models took so far: all calls, also those of attempts that failed."""

    calls: Annotated[int, Meta(ge=0)] = 0
    prompt_tokens: Annotated[int, Meta(ge=0)] = 0
    completion_tokens: Annotated[int, Meta(ge=0)] = 0
    pictures: Annotated[int, Meta(ge=0)] = 0
    video_seconds: Annotated[float, Meta(ge=0)] = 0.0
    speech_characters: Annotated[int, Meta(ge=0)] = 0
    cost: Annotated[float | None, Meta(description="Null where the server knows no prices.")] = None
    currency: Annotated[str, Meta(description="Of the cost: three letters (ISO 4217).")] = ""
    unpriced_calls: Annotated[
        int, Meta(ge=0, description="Calls that the cost leaves out: it is not known of them.")
    ] = 0


class FilmUsage(UsageBody, kw_only=True, frozen=True):
    """What models took for a whole workflow so far. `budget`: what it may cost, in the same currency, if that is limited."""

    budget: float | None = None


class TaskBody(Struct, kw_only=True, frozen=True):
    """A task as snapshots show it."""

    key: str
    skill: str
    agent: str
    state: TaskStateName
    progress: float
    attempt: int
    started_at: Timestamp | None
    finished_at: Timestamp | None
    error: ErrorBody | None
    question: Annotated[str, Meta(description='What its agent has asked; "" unless it waits for an answer.')] = ""
    title: Annotated[
        str, Meta(description='What it is for, by name: "MARA" of a portrait; "" where there is none.')
    ] = ""
    usage: Annotated[UsageBody | None, Meta(description="Null while no model was called for it.")] = None


class FoldedTasks(Struct, kw_only=True, frozen=True):
    """What `tasks` of a stage leaves out. `counts`: all of its tasks by state. `steps`: the skill of each of its steps.

    A task's key begins with its step. Those that run are never left out.
    """

    counts: dict[TaskStateName, int]
    steps: dict[str, str]


class StageBody(Struct, kw_only=True, frozen=True):
    """A stage as snapshots show it. `folded`: null when `tasks` are all of its tasks."""

    name: str
    state: TaskStateName
    progress: float
    tasks: list[TaskBody]
    folded: FoldedTasks | None = None


class StageTask(Struct, kw_only=True, frozen=True):
    """A task and its stage."""

    stage: str
    task: TaskBody


class TaskPage(Struct, kw_only=True, frozen=True):
    """Some tasks of a workflow, as they were at `seq`. `next`: the cursor of the page after this one, if there is one."""

    tasks: list[StageTask]
    next: str | None
    seq: Seq


class ArtifactBody(Struct, kw_only=True, frozen=True):
    """An artifact as snapshots show it. `url` is signed when it is sent, and never stored."""

    id: Id
    name: str
    kind: str
    media_type: str
    task: str
    url: str = ""


class WorkflowFields(Struct, kw_only=True, frozen=True):
    """The fields that snapshots and rows of lists share."""

    id: Id
    pipeline: str
    title: str
    owner: str
    state: WorkflowStateName
    progress: Fraction
    stage: str
    message: str
    eta: Eta | None
    elapsed: Elapsed
    queue: QueuePlace | None
    seq: Seq
    created_at: Timestamp
    started_at: Timestamp | None
    finished_at: Timestamp | None


class Rerun(Struct, kw_only=True, frozen=True):
    """The other workflow of two of which one reuses outputs of the other, and the task that was begun anew with."""

    workflow_id: Id
    task: str
    changes: Annotated[list[str], Meta(description="What was done otherwise: `caption`, `style`, `take` …")] = []


class WorkflowSnapshot(WorkflowFields, kw_only=True, frozen=True):
    """All that one screen needs of a workflow; exactly what GET /api/workflows/{id}/ returns."""

    input: Json
    stages: list[StageBody]
    artifacts: list[ArtifactBody]
    watchers: Watchers
    error: ErrorBody | None
    waiting_for: WaitingFor | None = None
    estimated: Annotated[Duration | None, Meta(description="What was told before it started, of `elapsed`.")] = None
    rerun_of: Annotated[Rerun | None, Meta(description="The earlier one that it reuses outputs of.")] = None
    reruns: Annotated[
        list[Rerun], Meta(description="Later ones of its owner that reuse its outputs; the newest 20.")
    ] = []
    usage: Annotated[FilmUsage | None, Meta(description="Of all its tasks; null while no model was called.")] = None
    artifacts_folded: Annotated[bool, Meta(description="Some artifacts are left out: frames, clips and portraits.")] = (
        False
    )


class ArtifactPage(Struct, kw_only=True, frozen=True):
    """Some artifacts of a workflow. `next`: the cursor of the page after this one, if there is one."""

    artifacts: list[ArtifactBody]
    next: str | None


class Archive(Struct, kw_only=True, frozen=True):
    """All files of a workflow as one ZIP file: a signed link to it, how many they are, and what they take together."""

    url: str
    files: Annotated[int, Meta(ge=0)]
    bytes: Annotated[int, Meta(ge=0)]


class Export(Struct, kw_only=True, frozen=True):
    """A file that can be taken along: a signed link to it, and the name that it is saved under.

    `episode` is null where it is of the whole workflow, otherwise its number, and `title` its title. `bytes` is null where
    the file is made on the way; of the ZIP file it is what its files take.
    """

    format: str
    episode: Annotated[int, Meta(ge=0)] | None
    title: str
    name: str
    bytes: Annotated[int, Meta(ge=0)] | None
    url: str


class Exports(Struct, kw_only=True, frozen=True):
    """All that can be taken along now."""

    exports: list[Export]


class WorkflowRow(WorkflowFields, kw_only=True, frozen=True):
    """A workflow as lists show it."""

    poster: Annotated[str | None, Meta(description="Link to its poster, or else to its newest frame.")]
    stored_bytes: Annotated[
        int, Meta(ge=0, description="Of its files; those that it shares with another run, too.")
    ] = 0
    is_asking: Annotated[bool, Meta(description="One of its tasks waits for a person's answer.")] = False


class WorkflowPage(Struct, kw_only=True, frozen=True):
    """A page of workflows. `count` is that of all pages; `next` and `previous` are the URLs of the pages beside it."""

    count: int
    next: str | None
    previous: str | None
    results: list[WorkflowRow]


class StepBody(Struct, kw_only=True, frozen=True):
    """A kind of task. The key of a task begins with the name of its step, and has numbers where it is one of a fan-out."""

    name: str
    stage: str
    skill: str
    after: Annotated[list[str], Meta(description="The steps that it takes from: of each the task of the same item.")]
    after_all: Annotated[list[str], Meta(description="The steps of which it waits for all tasks.")]
    each: Annotated[str | None, Meta(description="The step whose output says how many tasks there are of it.")]


class StoredBytes(Struct, kw_only=True, frozen=True):
    """What the files of a user's workflows and the user's own pictures take, and may take. A file that two workflows share counts for both."""

    stored_bytes: Annotated[int, Meta(ge=0)]
    limit_bytes: Annotated[int, Meta(ge=0)]


class PictureBody(Struct, kw_only=True, frozen=True):
    """A picture that was brought, as it is kept: `width` and `height` in pixels."""

    id: Id
    width: Annotated[int, Meta(ge=1)]
    height: Annotated[int, Meta(ge=1)]
    bytes: Annotated[int, Meta(ge=1)]


class AgentWorkItem(Struct, kw_only=True, frozen=True):
    """A task that an agent performs, or has failed at: since when, or when, and why. `picture` is its workflow's newest."""

    workflow_id: Id
    title: str
    task: str
    at: Timestamp
    problem: str
    picture: str | None


class AgentWork(Struct, kw_only=True, frozen=True):
    """What an agent does now, the longest first, and has failed at in the last week, the newest first. Of what you may see."""

    running: list[AgentWorkItem]
    failures: list[AgentWorkItem]


class PipelineBody(Struct, kw_only=True, frozen=True):
    """A recipe that a workflow can be made from."""

    name: str
    title: str
    description: str
    stages: list[str]
    input_schema: Annotated[Json, Meta(description="JSON Schema (2020-12) of the input of a new workflow.")]
    lacks: Annotated[
        list[str], Meta(description="Why none can be started now, one sentence each: skills, agents, settings.")
    ] = []
    steps: Annotated[list[StepBody], Meta(description="The graph of its tasks, in the order of the recipe.")] = []


class CreatedWorkflow(Struct, kw_only=True, frozen=True):
    """The id of the new workflow."""

    id: Id


class ControlAnswer(Struct, kw_only=True, frozen=True):
    """Whether an action was accepted, and why not. `outcome` is "" until it has taken effect."""

    request_id: str
    status: Literal["accepted", "rejected"]
    reason: str
    outcome: OutcomeName | Literal[""]


class CoordinatorMetricsBody(Struct, kw_only=True, frozen=True):
    """The coordinator at this moment."""

    total_messages: int
    total_workflows: int
    registered_agents: int
    healthy_agents: int
    active_workflows: int
    runners: Runners
    unserved_skills: UnservedSkills
    disabled_agents: DisabledAgents = 0


class CoordinatorMetrics(
    CoordinatorMetricsBody, kw_only=True, frozen=True, tag_field="type", tag="coordinator_metrics"
):
    """The coordinator's metrics, as the `coordinator_metrics` message has them."""

    timestamp: Timestamp
