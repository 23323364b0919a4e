"""What messages are made of: names, numbers, moments, and the bodies of snapshots."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from agents.timestamps import iso_timestamp
from workflows.events import ArtifactBody, ErrorBody, StageBody

Json = dict[str, Any]
Target = Literal["workflow", "agent", "coordinator"]
WorkflowStateName = Literal["pending", "running", "pausing", "paused", "cancelling", "cancelled", "completed", "failed"]
AgentStatusName = Literal["idle", "busy", "error", "offline"]
ActionName = Literal["pause", "resume", "cancel", "retry"]
OutcomeName = Literal["applied", "no_op", "failed", "superseded"]

# No NUL: PostgreSQL cannot keep one.
Words = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$")]
Ref = Annotated[Words, Meta(description="The client's own mark on this request; comes back with its answer.")]
Seq = Annotated[
    int,
    Meta(
        ge=0,
        le=2**63 - 1,
        description="Numbers a workflow's events: 1, 2, 3… without holes; 0 before the first.",
    ),
]
Merged = Annotated[int, Meta(description="How many older ones of the same thing this one replaced on its way.")]
Watchers = Annotated[int, Meta(ge=0, description="Sockets that watch a workflow, in all server processes.")]
Fraction = Annotated[float, Meta(description="0.0-1.0. Never goes back; 1.0 only when completed.")]


def now() -> str:
    """The present moment as it stands in messages: to the millisecond, ending in Z."""
    return iso_timestamp(datetime.now(UTC))


def moment(seconds: float) -> str:
    """A moment in seconds since the epoch, as it stands in messages."""
    return iso_timestamp(datetime.fromtimestamp(seconds, UTC))


class Limits(Struct, kw_only=True, frozen=True):
    """What one client may do."""

    subscriptions: int
    messages_per_minute: int


class Eta(Struct, kw_only=True, frozen=True):
    """Seconds that are left: as likely less as more (p50), and almost surely not more (p90)."""

    p50: float
    p90: float


class RoomName(Struct, kw_only=True, frozen=True):
    """A room as clients name it."""

    target: Target
    id: str = ""


class AgentMetrics(Struct, kw_only=True, frozen=True):
    """How an agent has been doing. `error_rate` is 0.0-1.0, `avg_execution_time` in seconds."""

    message_count: int
    error_count: int
    error_rate: float
    avg_execution_time: float
    is_healthy: bool


class SkillName(Struct, kw_only=True, frozen=True):
    """What an agent can do, in words."""

    id: str
    name: str
    description: str


class AgentStatusBody(Struct, kw_only=True):
    """One agent at this moment. `last_error` is "" when nothing went wrong yet."""

    agent_name: str
    status: AgentStatusName
    metrics: AgentMetrics
    kind: Literal["crew", "a2a"]
    description: str
    skills: list[SkillName]
    is_enabled: bool
    in_flight: int
    max_concurrent: int
    last_error: str
    last_seen_at: str | None
    timestamp: str = field(default_factory=now)


class CoordinatorMetricsBody(Struct, kw_only=True, frozen=True):
    """The coordinator at this moment."""

    total_messages: int
    total_workflows: int
    registered_agents: int
    healthy_agents: int
    active_workflows: int


class WorkflowSnapshot(Struct, kw_only=True, frozen=True):
    """All that one screen needs of a workflow; exactly what GET /api/workflows/{id}/ returns."""

    id: str
    pipeline: str
    title: str
    owner: str
    state: WorkflowStateName
    progress: Fraction
    stage: str
    message: str
    eta: Eta | None
    seq: Seq
    input: Json
    stages: list[StageBody]
    artifacts: list[ArtifactBody]
    watchers: Watchers
    error: ErrorBody | None
    created_at: str
    started_at: str | None
    finished_at: str | None
