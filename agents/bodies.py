"""The bodies that HTTP and sockets send of agents.

The only description of them: docs/asyncapi.yaml, the OpenAPI document and the front end's types are made of it.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from agents.choices import one_of
from agents.models import WHY_LENGTH, Agent
from agents.timestamps import now

Json = dict[str, Any]
AgentStatusName = Annotated[str, one_of("AgentState", Agent.Status.values)]
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
    by: Annotated[str, Meta(description='Who switched it off; "" while it is on.')] = ""
    reason: Annotated[str, Meta(description="Why it is off.")] = ""
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
    """What an agent did in one minute. Durations in seconds."""

    minute: datetime
    calls: int
    errors: int
    total_seconds: float
    max_seconds: float


class AgentSwitch(Struct, kw_only=True, frozen=True):
    """Switches an agent on or off; `why` is shown to those whose work waits for it."""

    enabled: bool
    why: Annotated[str, Meta(max_length=WHY_LENGTH, pattern=r"^[^\x00]*$")] = ""


class AgentRegistration(Struct, kw_only=True, frozen=True):
    """Registers a remote agent. It signs in there with a token: of an environment variable, or `credential`."""

    url: Annotated[str, Meta(description="Where it is: its card is at .well-known/agent-card.json below.")]
    name: Annotated[str, Meta(description='Its name here; "": the one of its card.')] = ""
    bearer_env: Annotated[str, Meta(description="The name of an environment variable of the server.")] = ""
    credential: Annotated[str, Meta(description="Stored encrypted, and shown nowhere.")] = ""
    max_concurrent: Annotated[int, Meta(ge=1, le=10_000, description="How many tasks it may get at once.")] = 4


class AgentDetail(AgentStatusFields, kw_only=True):
    """One agent: its status, its skills with their schemas, and its last hour, minute by minute, oldest first."""

    skills: list[Skill]
    samples: list[AgentMinute]
