"""Passes an action on to the coordinator: the answer goes to the asker at once, the result when there is one."""

import logging
import uuid

from realtime.connection.authentication import Identity
from realtime.connection.client import Client
from realtime.database import in_thread
from realtime.fanout.hub import Hub
from realtime.fanout.publication import control_result, request_name
from realtime.rooms import Room, room_of
from realtime.wire.errors import TargetNotFound
from realtime.wire.messages import ControlAckMessage, ControlRequest, EventMessage, encode
from workflows import access, coordinator
from workflows.events import as_message
from workflows.models import Control, Event, Workflow

log = logging.getLogger(__name__)


class Asking:
    """A client that awaits the result of an action; the acknowledgement always comes before it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_acknowledged = False
        self._result = ""

    def answer(self, result: str) -> None:
        """The result is there."""
        if self._is_acknowledged:
            self._client.outbox.put(result)
        else:
            self._result = result

    def acknowledge(self, acknowledgement: ControlAckMessage) -> None:
        """Says that the action was accepted or rejected, and the result if it is there already."""
        self._client.say(acknowledgement)
        self._is_acknowledged = True
        if self._result:
            self._client.outbox.put(self._result)


async def control(hub: Hub, client: Client, identity: Identity, asked: ControlRequest) -> None:
    """Asks the coordinator for an action, and says what it answers.

    Raises: InvalidMessage, InvalidTarget, TargetNotFound, workflows.errors.CallboardError.
    """
    room = room_of("workflow", asked.workflow_id)
    request_id = asked.request_id or uuid.uuid4().hex
    request = request_name(identity.username, request_id)
    asking = Asking(client)
    # Ask before acting: an action may take effect before it is answered.
    await hub.ask(client, room, request, asking)
    try:
        seq, former, answer = await in_thread(_act, identity, room, asked, request_id)
    except BaseException:
        hub.forget_request(client, room, request)
        raise
    facts = client.facts(**room.facts, action=asked.action, request_id=request_id, status=answer.status)
    log.info("A client asked for an action.", extra=facts)
    asking.acknowledge(_acknowledgement(answer, asked))
    await hub.reach(room, seq)
    if former:
        asking.answer(former)
    if former or answer.status == "rejected":
        hub.forget_request(client, room, request)


def _act(identity: Identity, room: Room, asked: ControlRequest, request_id: str) -> tuple[int, str, Control]:
    """Where the workflow stood, the result if this request has one from before, and the coordinator's answer."""
    user = identity.user()
    workflow = access.visible_to(user).filter(pk=room.id).first()
    if workflow is None:
        raise TargetNotFound
    former = _former_result(workflow, user.username, request_id)
    answer = coordinator.control(
        workflow=workflow, by=user, action=asked.action, request_id=request_id, mode=asked.mode, task=asked.task
    )
    return workflow.last_seq, former, answer


def _former_result(workflow: Workflow, username: str, request_id: str) -> str:
    """The same request was made, and resolved, before."""
    asked = {"kind": "control_resolved", "data__request_id": request_id, "data__by": username}
    event = Event.objects.filter(workflow=workflow, **asked).first()
    if event is None:
        return ""
    message = as_message(event)
    return encode(control_result(EventMessage(**{key: message[key] for key in message if key != "type"})))


def _acknowledgement(answer: Control, asked: ControlRequest) -> ControlAckMessage:
    return ControlAckMessage(
        request_id=answer.request_id,
        workflow_id=str(answer.workflow_id),
        action=asked.action,
        status="accepted" if answer.status == "accepted" else "rejected",
        reason=answer.reason,
        ref=asked.ref,
    )
