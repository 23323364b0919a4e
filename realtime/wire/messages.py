"""Every message of the wire, as a type: the single source for the server, docs/asyncapi.yaml and messages.gen.ts.

Run `manage.py export_protocol` after a change. Timestamps are ISO 8601 in UTC; durations are seconds.
"""

from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct, field

from agents.bodies import AgentStatusBody, Timestamp
from agents.timestamps import now
from realtime.wire.errors import CloseCode, InvalidMessage, InvalidTarget, UnknownMessage
from realtime.wire.types import Limits, Merged, Reason, Ref, RoomName, Target, Words
from workflows.bodies import (
    ANSWER_LENGTH,
    ActionName,
    CoordinatorMetricsBody,
    DisabledAgents,
    Elapsed,
    ErrorTypeName,
    Eta,
    Fraction,
    Json,
    OutcomeName,
    QueuePlace,
    RecordedProgress,
    Runners,
    Seq,
    UnservedSkills,
    WaitingFor,
    Watchers,
    WorkflowPage,
    WorkflowRow,
    WorkflowSnapshot,
    WorkflowStateName,
)

SUBPROTOCOL: Final = "callboard.v1"
BEARER_PREFIX: Final = "bearer."

CLOSE_MEANINGS: Final[dict[CloseCode, str]] = {
    CloseCode.TOKEN_INVALID: "Token missing or invalid. Do not reconnect before there is a new one.",
    CloseCode.FORBIDDEN: "Forbidden origin, or the user is disabled. Do not reconnect.",
    CloseCode.UNSUPPORTED_PROTOCOL: "Unsupported protocol version. Do not reconnect.",
    CloseCode.TOO_SLOW: "Too slow a reader. Back off, reconnect, recover with `since`.",
    CloseCode.NOT_AUTHENTICATED: "Not authenticated in time, or the server could not find out who it was. Back off.",
    CloseCode.RATE_ABUSE: "Too many messages in spite of refusals, or too many connections. Back off.",
    CloseCode.HEARTBEAT_LOST: "Heartbeat lost. Reconnect now.",
    CloseCode.SHUTTING_DOWN: "The server is shutting down. Reconnect now, with jitter.",
    CloseCode.TOKEN_EXPIRED: "The token expired. Renew it, reconnect now.",
    CloseCode.TOO_BIG: "A frame was too big.",
}


# --- client to server -----------------------------------------------------------------------------


class FromClient(Struct, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """Base of what a client may send."""


class Subscribe(FromClient, tag="subscribe"):
    """Watch a room. `id` is a workflow's id, an agent's name or "*" for all agents; workflows and coordinator need none."""

    target: Target
    id: Annotated[Words, Meta(description="Workflow id, agent name, or *.")] = ""
    since: Annotated[Seq | None, Meta(description="The last seq seen; later events are replayed.")] = None
    ref: Ref | None = None


class Unsubscribe(FromClient, tag="unsubscribe"):
    """Stop watching a room."""

    target: Target
    id: Words = ""
    ref: Ref | None = None


class ControlRequest(FromClient, tag="control"):
    """Ask for an action on a workflow. `mode` matters to pause, `task` to retry ("": all failed ones) and to answer.

    `answer` is that to the question of `task` ("": of the only one that has a question).
    """

    action: Literal["pause", "resume", "cancel", "retry", "answer"]
    workflow_id: Words
    request_id: Annotated[Words, Meta(description="The client's own id; the same one again acts once.")] = ""
    mode: Literal["drain", "now"] = "drain"
    task: Words = ""
    answer: Annotated[str, Meta(max_length=ANSWER_LENGTH)] = ""
    why: Reason = ""
    ref: Ref | None = None


class Authenticate(FromClient, tag="authenticate"):
    """The access token: as first message, or later to renew it in place."""

    token: Annotated[str, Meta(max_length=8192)]
    ref: Ref | None = None


class ClientPing(FromClient, tag="ping", forbid_unknown_fields=False):
    """Are you there? Always answered with a pong."""


class ClientPong(FromClient, tag="pong", forbid_unknown_fields=False):
    """The answer to the server's ping."""


ClientMessage = Subscribe | Unsubscribe | ControlRequest | Authenticate | ClientPing | ClientPong


# --- server to client -----------------------------------------------------------------------------


class FromServer(Struct, kw_only=True, tag_field="type"):
    """Base of what the server sends."""


class WelcomeMessage(FromServer, tag="welcome"):
    """You are in."""

    client_id: str
    heartbeat_seconds: float
    limits: Limits
    token_expires_at: Timestamp
    protocol: Literal["callboard.v1"] = SUBPROTOCOL
    timestamp: Timestamp = field(default_factory=now)


class AuthenticatedMessage(FromServer, tag="authenticated"):
    """The new token counts. `revoked` are the rooms that it may no longer watch."""

    token_expires_at: Timestamp
    revoked: list[RoomName] = []
    ref: Ref | None = None
    timestamp: Timestamp = field(default_factory=now)


class TokenExpiringMessage(FromServer, tag="token_expiring"):
    """Renew the token within `expires_in` seconds, or the connection is closed with 4203."""

    expires_in: float
    timestamp: Timestamp = field(default_factory=now)


class SubscribedToWorkflow(FromServer, tag="subscribed"):
    """You watch a workflow. Recovered: the missed events follow; otherwise here is the snapshot."""

    id: str
    seq: Seq
    recovered: bool
    snapshot: WorkflowSnapshot | None
    ref: Ref | None = None
    target: Literal["workflow"] = "workflow"
    timestamp: Timestamp = field(default_factory=now)


class SubscribedToAgents(FromServer, tag="subscribed"):
    """You watch one agent, or with id "*" all of them."""

    id: str
    snapshot: list[AgentStatusBody]
    ref: Ref | None = None
    target: Literal["agent"] = "agent"
    seq: Seq = 0
    recovered: bool = False
    timestamp: Timestamp = field(default_factory=now)


class SubscribedToCoordinator(FromServer, tag="subscribed"):
    """You watch the coordinator."""

    snapshot: CoordinatorMetricsBody
    id: str = ""
    ref: Ref | None = None
    target: Literal["coordinator"] = "coordinator"
    seq: Seq = 0
    recovered: bool = False
    timestamp: Timestamp = field(default_factory=now)


class SubscribedToWorkflows(FromServer, tag="subscribed"):
    """You watch the list of the workflows that you may see. The snapshot is its first page, the newest first."""

    snapshot: WorkflowPage
    id: str = ""
    ref: Ref | None = None
    target: Literal["workflows"] = "workflows"
    seq: Seq = 0
    recovered: bool = False
    timestamp: Timestamp = field(default_factory=now)


SubscribedMessage = SubscribedToWorkflow | SubscribedToWorkflows | SubscribedToAgents | SubscribedToCoordinator


class UnsubscribedMessage(FromServer, tag="unsubscribed"):
    """You no longer watch this room."""

    target: Target
    id: str
    ref: Ref | None = None
    timestamp: Timestamp = field(default_factory=now)


class ProgressMessage(FromServer, tag="progress"):
    """Where a workflow stands now; only the newest counts. `tasks`: the fractions of the running ones, by key."""

    workflow_id: str
    state: WorkflowStateName
    progress: Fraction
    stage: str
    message: str
    eta: Eta | None
    seq: Seq
    waiting_for: WaitingFor | None = None
    elapsed: Elapsed = 0.0
    queue: QueuePlace | None = None
    tasks: dict[str, float] = {}
    timestamp: Timestamp = field(default_factory=now)
    merged: Merged = 0


class EventMessage(FromServer, tag="event", omit_defaults=True):
    """A durable, numbered fact. `data` is the payload of its kind (workflows/events.py).

    The last of those that were committed together has `progress`: how far the workflow was then.
    """

    workflow_id: str
    seq: Seq
    kind: str
    data: Json
    timestamp: Timestamp
    progress: RecordedProgress | None = None


class AgentStatusMessage(AgentStatusBody, kw_only=True, tag_field="type", tag="agent_status"):
    """How an agent is; only the newest of each agent counts."""

    merged: Merged = 0


class CoordinatorMetricsMessage(FromServer, tag="coordinator_metrics"):
    """How the coordinator is; only the newest counts."""

    total_messages: int
    total_workflows: int
    registered_agents: int
    healthy_agents: int
    active_workflows: int
    runners: Runners = 0
    unserved_skills: UnservedSkills = []
    disabled_agents: DisabledAgents = 0
    timestamp: Timestamp = field(default_factory=now)
    merged: Merged = 0


class WatchersMessage(FromServer, tag="watchers"):
    """How many clients watch a workflow now; only the newest counts."""

    workflow_id: str
    watchers: Watchers
    timestamp: Timestamp = field(default_factory=now)
    merged: Merged = 0


class WorkflowListedMessage(FromServer, tag="workflow_listed"):
    """A row of the list: of a new workflow, or of one that has changed. Only the newest of each workflow counts."""

    workflow: WorkflowRow
    timestamp: Timestamp = field(default_factory=now)
    merged: Merged = 0


class WorkflowUnlistedMessage(FromServer, tag="workflow_unlisted"):
    """A workflow was deleted. To those who watch the list, and to those who watch the workflow."""

    workflow_id: str
    timestamp: Timestamp = field(default_factory=now)
    merged: Merged = 0


class ControlAckMessage(FromServer, tag="control_ack"):
    """Whether the action was accepted; says nothing of its effect yet."""

    request_id: str
    workflow_id: str
    action: ActionName
    status: Literal["accepted", "rejected"]
    reason: str = ""
    ref: Ref | None = None
    timestamp: Timestamp = field(default_factory=now)


class ControlResultMessage(FromServer, tag="control_result"):
    """The action has really taken effect, or not; goes to everyone in the room."""

    request_id: str
    workflow_id: str
    action: ActionName
    outcome: OutcomeName
    state: WorkflowStateName
    seq: Seq
    by: str
    reason: str = ""
    timestamp: Timestamp = field(default_factory=now)


class ErrorMessage(FromServer, tag="error"):
    """Something you asked for cannot be. `retry_after` in seconds."""

    message: str
    error_type: ErrorTypeName
    retryable: bool = False
    retry_after: float | None = None
    ref: Ref | None = None
    timestamp: Timestamp = field(default_factory=now)


class PingMessage(FromServer, tag="ping"):
    """Are you there? `tops`: the newest seq of each watched workflow, by room ("workflow:<id>")."""

    tops: dict[str, int]
    timestamp: Timestamp = field(default_factory=now)


class PongMessage(FromServer, tag="pong"):
    """The answer to your ping."""

    timestamp: Timestamp = field(default_factory=now)


class BatchMessage(FromServer, tag="batch"):
    """Several messages in one frame, in order; never nested."""

    messages: list[Raw]


LatestWins = (
    ProgressMessage
    | AgentStatusMessage
    | CoordinatorMetricsMessage
    | WatchersMessage
    | WorkflowListedMessage
    | WorkflowUnlistedMessage
)

SERVER_MESSAGES: Final[tuple[type[Struct], ...]] = (
    WelcomeMessage,
    AuthenticatedMessage,
    TokenExpiringMessage,
    SubscribedToWorkflow,
    SubscribedToWorkflows,
    SubscribedToAgents,
    SubscribedToCoordinator,
    UnsubscribedMessage,
    ProgressMessage,
    EventMessage,
    AgentStatusMessage,
    CoordinatorMetricsMessage,
    WatchersMessage,
    WorkflowListedMessage,
    WorkflowUnlistedMessage,
    ControlAckMessage,
    ControlResultMessage,
    ErrorMessage,
    PingMessage,
    PongMessage,
    BatchMessage,
)
CLIENT_MESSAGES: Final[tuple[type[Struct], ...]] = (
    Subscribe,
    Unsubscribe,
    ControlRequest,
    Authenticate,
    ClientPing,
    ClientPong,
)


class EventsPage(Struct, kw_only=True, frozen=True):
    """What the polling fallback answers: events after the one asked for, the present progress, the newest seq."""

    events: list[EventMessage]
    progress: ProgressMessage
    seq: Seq


# --- reading and writing --------------------------------------------------------------------------


class _Envelope(Struct):
    type: str
    ref: Any = None


Message = TypeVar("Message")

_CLIENT_TYPES: Final = frozenset(str(message.__struct_config__.tag) for message in CLIENT_MESSAGES)
_envelopes: Final = msgspec.json.Decoder(_Envelope)
_client_messages: Final = msgspec.json.Decoder(ClientMessage)
_encoder: Final = msgspec.json.Encoder()


def encode(message: Struct) -> str:
    """The message as JSON text."""
    return _encoder.encode(message).decode()


def decode(text: str) -> ClientMessage:
    """A client's message.

    Raises: UnknownMessage for a type that is not of this protocol; InvalidTarget; InvalidMessage, saying what is wrong.
    """
    envelope = _read(_envelopes, text, ref=None)
    ref = envelope.ref if isinstance(envelope.ref, str) and len(envelope.ref) <= 100 else None
    if envelope.type not in _CLIENT_TYPES:
        raise UnknownMessage(envelope.type[:100], ref=ref)
    message: ClientMessage = _read(_client_messages, text, ref=ref)
    return message


def _read(decoder: "msgspec.json.Decoder[Message]", text: str, ref: str | None) -> Message:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        if str(error).startswith("Invalid enum value") and str(error).endswith("`$.target`"):
            raise InvalidTarget("The target must be workflow, workflows, agent or coordinator.", ref=ref) from None
        raise InvalidMessage(f"The message does not fit: {error}.", ref=ref) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidMessage(f"The message is not JSON: {error}.", ref=ref) from None
