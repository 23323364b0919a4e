"""The bodies that HTTP and sockets send of agents.

The only description of them: docs/asyncapi.yaml, the OpenAPI document and the front end's types are made of it.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from agents.choices import one_of
from agents.models import LEAST_WEIGHT, MOST_CONCURRENT, MOST_WEIGHT, WHY_LENGTH, Agent
from agents.timestamps import now

Json = dict[str, Any]
AgentStatusName = Annotated[str, one_of("AgentState", Agent.Status.values)]
JOBS = "Those of its jobs that you may see, at most 100. Null in `agent_status` messages, which all watchers share."
Timestamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


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


class AgentJob(Struct, kw_only=True, frozen=True):
    """What an agent has in hand: a task of a workflow."""

    workflow_id: str
    task: str


class AgentStatusFields(Struct, kw_only=True):
    """The fields that a status and the page of one agent share."""

    agent_name: str
    status: AgentStatusName
    metrics: AgentMetrics
    kind: Literal["crew", "a2a"]
    description: str
    is_enabled: bool
    in_flight: int
    max_concurrent: int
    last_error: str
    last_seen_at: Timestamp | None
    enabled: bool = True
    draining: Annotated[bool, Meta(description="It finishes what it has, and gets no new work.")] = False
    weight: Annotated[float, Meta(description="Its share of the work, beside others with the same skill.")] = 1.0
    by: Annotated[str, Meta(description='Who switched it off, or lets it drain; "" otherwise.')] = ""
    reason: Annotated[str, Meta(description='"disabled by olga: a new GPU"; "" while it gets work.')] = ""
    jobs: Annotated[list[AgentJob] | None, Meta(description=JOBS)] = None
    timestamp: Timestamp = field(default_factory=now)


class AgentStatusBody(AgentStatusFields, kw_only=True):
    """One agent at this moment. `last_error` is "" when nothing went wrong yet."""

    skills: list[SkillName]


class Skill(SkillName, kw_only=True, frozen=True):
    """What an agent can do, with the JSON Schemas of its input and output."""

    tags: list[str]
    input_schema: Json
    output_schema: Json


class AgentMinute(Struct, kw_only=True, frozen=True):
    """What an agent did in one minute, or longer period of a history, that began at `minute`. Durations in seconds.

    `p50` and `p95`: what half, and 95 % of the calls took at most, to 9 %; null where it is not known.
    """

    minute: datetime
    calls: int
    errors: int
    total_seconds: float
    max_seconds: float
    p50: float | None = None
    p95: float | None = None


class AgentSwitch(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Changes an agent: at least one of the first four. `why` is kept, and shown to those whose work waits for it."""

    enabled: bool | UnsetType = UNSET
    draining: bool | UnsetType = UNSET
    max_concurrent: Annotated[int, Meta(ge=1, le=MOST_CONCURRENT)] | UnsetType = UNSET
    weight: Annotated[float, Meta(ge=LEAST_WEIGHT, le=MOST_WEIGHT)] | UnsetType = UNSET
    why: Annotated[str, Meta(max_length=WHY_LENGTH, pattern=r"^[^\x00]*$")] = ""


class AgentChange(Struct, kw_only=True, frozen=True):
    """What a person did to an agent: `what` in words ("disabled"), who (a username) and why."""

    what: str
    by: str
    why: str
    at: datetime


class AgentRegistration(Struct, kw_only=True, frozen=True):
    """Registers a remote agent. It signs in there with a token: of an environment variable, or `credential`."""

    url: Annotated[str, Meta(description="Where it is: its card is at .well-known/agent-card.json below.")]
    name: Annotated[str, Meta(description='Its name here; "": the one of its card.')] = ""
    bearer_env: Annotated[str, Meta(description="The name of an environment variable of the server.")] = ""
    credential: Annotated[str, Meta(description="Stored encrypted, and shown nowhere.")] = ""
    max_concurrent: Annotated[int, Meta(ge=1, le=10_000, description="How many tasks it may get at once.")] = 4


class AgentDetail(AgentStatusFields, kw_only=True):
    """One agent: its status, its skills with their schemas, and its last hour, minute by minute, oldest first.

    `changes` are the latest that people made to it, the newest first.
    """

    skills: list[Skill]
    samples: list[AgentMinute]
    changes: list[AgentChange]


class AgentHistory(Struct, kw_only=True, frozen=True):
    """What an agent did in the last `hours`: as a whole, and in samples of so many `seconds`, oldest first.

    Periods in which it did nothing are left out.
    """

    agent_name: str
    hours: int
    seconds: int
    calls: int
    errors: int
    p50: float | None
    p95: float | None
    samples: list[AgentMinute]
