"""A message on its way from the receivers of signals to the outboxes: encoded once, with the rooms that it is for."""

import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from realtime.rooms import COORDINATOR, LISTS, Room, agent_rooms, list_rooms, workflow_room
from realtime.wire.messages import (
    AgentStatusMessage,
    ControlResultMessage,
    CoordinatorMetricsMessage,
    EventMessage,
    ProgressMessage,
    WatchersMessage,
    WorkflowListedMessage,
    WorkflowUnlistedMessage,
    encode,
)
from workflows.bodies import WorkflowRow

Json = dict[str, Any]


class Publication(Struct, frozen=True, kw_only=True, array_like=True):
    """A message for the watchers of `rooms` (their names). `text` is its JSON.

    With `seq` it is an event, of which each is sent once and in order. With `key` only the newest of that key counts.
    With `fraction` it is a progress, and that far the workflow is. `result` is the JSON of the control_result that follows a control_resolved event, and `request` (see
    `request_name`) what it is the result of. `about` is the id of the workflow whose row of a list it is, or was.
    """

    rooms: tuple[str, ...]
    type: str
    text: str
    published_at: float = field(default_factory=time.time)  # Unix time
    seq: int | None = None
    key: str | None = None
    request: str = ""
    result: str = ""
    fraction: float | None = None
    about: str = ""


def request_name(by: str, request_id: str) -> str:
    """Names a request within its workflow by its id and the username: the same id of another user is another request."""
    return f"{request_id}\n{by}"


def event_publication(message: Json) -> Publication:
    """The publication of an event message; of a control_resolved, with its control_result.

    Raises: msgspec.ValidationError.
    """
    event = msgspec.convert(message, EventMessage)
    room = workflow_room(event.workflow_id).name
    if event.kind != "control_resolved":
        return Publication(rooms=(room,), type="event", text=encode(event), seq=event.seq)
    result = control_result(event)
    request = request_name(result.by, result.request_id)
    return Publication(
        rooms=(room,), type="event", text=encode(event), seq=event.seq, request=request, result=encode(result)
    )


def control_result(event: EventMessage) -> ControlResultMessage:
    """The control_result that a control_resolved event means."""
    fields = {"workflow_id": event.workflow_id, "seq": event.seq, "timestamp": event.timestamp, **event.data}
    return msgspec.convert({"type": "control_result", **fields}, ControlResultMessage)


def progress_publication(message: Json) -> Publication:
    """The publication of a progress message."""
    progress = msgspec.convert(message, ProgressMessage)
    room = workflow_room(progress.workflow_id).name
    return Publication(
        rooms=(room,),
        type="progress",
        text=encode(progress),
        key="progress:" + progress.workflow_id,
        fraction=progress.progress,
    )


def not_before(publication: Publication, fraction: float) -> Publication:
    """The publication; if it is a progress that is less far than `fraction`, then with that."""
    if publication.fraction is None or publication.fraction >= fraction:
        return publication
    message = msgspec.json.decode(publication.text, type=ProgressMessage)
    text = encode(msgspec.structs.replace(message, progress=fraction))
    return msgspec.structs.replace(publication, text=text, fraction=fraction)


def agent_publication(body: Json) -> Publication:
    """The publication of an agent's status."""
    status = msgspec.convert({**body, "type": "agent_status"}, AgentStatusMessage)
    rooms = tuple(room.name for room in agent_rooms(status.agent_name))
    return Publication(rooms=rooms, type="agent_status", text=encode(status), key=rooms[0])


def metrics_publication(message: Json) -> Publication:
    """The publication of the coordinator's metrics."""
    metrics = msgspec.convert({**message, "type": "coordinator_metrics"}, CoordinatorMetricsMessage)
    return Publication(
        rooms=(COORDINATOR.name,), type="coordinator_metrics", text=encode(metrics), key=COORDINATOR.name
    )


def changed_publication(workflow_id: str) -> Publication:
    """A hint for every process where a list is watched; nobody's message. See lists.py."""
    return Publication(rooms=(LISTS.name,), type="workflow_changed", text=workflow_id)


def listed_publication(owner_id: int, row: WorkflowRow) -> Publication:
    """The publication of a row of the lists."""
    return Publication(
        rooms=tuple(room.name for room in list_rooms(owner_id)),
        type="workflow_listed",
        text=encode(WorkflowListedMessage(workflow=row)),
        key="listed:" + row.id,
        about=row.id,
    )


def unlisted_publication(rooms: Iterable[Room], workflow_id: str) -> Publication:
    """The publication that a workflow was deleted. In lists it takes the place of its row."""
    return Publication(
        rooms=tuple(room.name for room in rooms),
        type="workflow_unlisted",
        text=encode(WorkflowUnlistedMessage(workflow_id=workflow_id)),
        key="listed:" + workflow_id,
        about=workflow_id,
    )


def watchers_publication(workflow_id: str, count: int) -> Publication:
    """The publication of how many clients watch a workflow."""
    room = workflow_room(workflow_id).name
    message = WatchersMessage(workflow_id=workflow_id, watchers=count)
    return Publication(rooms=(room,), type="watchers", text=encode(message), key="watchers:" + workflow_id)


def to_layer(publications: Sequence[Publication]) -> bytes:
    """The publications as the channel layer carries them: MessagePack."""
    return _encoder.encode(publications)


def from_layer(body: object) -> list[Publication]:
    """The publications that came from the channel layer as `body`.

    Raises: msgspec.DecodeError.
    """
    if not isinstance(body, bytes):
        raise msgspec.DecodeError("Publications must be bytes.")
    return _decoder.decode(body)


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(list[Publication])
