"""Passes an action on to the coordinator: the answer is sent at once, the result when there is one."""

import logging
import uuid
from typing import Final

import msgspec

from agents.errors import TargetNotFound
from realtime.connection.authentication import Identity
from realtime.connection.client import Client
from realtime.database import in_thread
from realtime.fanout.hub import Hub
from realtime.fanout.publication import request_name
from realtime.rooms import Room, room_of
from realtime.wire.batch import Batch
from realtime.wire.messages import ControlAckMessage, ControlRequest, ControlResultMessage, encode
from workflows import access, coordinator, snapshots
from workflows.models import Control

log = logging.getLogger(__name__)

PENDING_RESULTS: Final = 100  # of one client; beyond that the oldest is given up: the event log has the outcome


class PendingResult:
    """Watches a room for the control_result of one request, which may be made without watching the room.

    A client that does watch the room gets the result there: then this one sends nothing.
    """

    def __init__(self, hub: Hub, client: Client, room: Room, request: str) -> None:
        self._hub = hub
        self._client = client
        self._room = room
        self._request = request
        client.pending_results.append(self)

    def receive(self, batch: Batch) -> None:
        """Sends the result, if it is in the batch."""
        if result := batch.results.get(self._request):
            self.close()
            if not self._hub.is_watching(self._client, self._room):
                self._client.outbox.put(result)

    def close(self) -> None:
        """Awaits no result any more."""
        self._hub.leave_all(self)
        if self in self._client.pending_results:
            self._client.pending_results.remove(self)


async def control(hub: Hub, client: Client, identity: Identity, asked: ControlRequest) -> None:
    """Asks the coordinator for an action, and sends the client what it answers.

    Raises: InvalidMessage, InvalidTarget, TargetNotFound, workflows.errors.CallboardError.
    """
    room = room_of("workflow", asked.workflow_id)
    request_id = asked.request_id or uuid.uuid4().hex
    pending = PendingResult(hub, client, room, request_name(identity.username, request_id))
    if len(client.pending_results) > PENDING_RESULTS:
        client.pending_results[0].close()
    # Hold and join before acting: an action may take effect before it is acknowledged.
    held_at = hub.hold(client, room)
    try:
        await hub.join(pending, room)
        seq, former, answer = await in_thread(_act, identity, room, asked, request_id)
        facts = client.facts(**room.facts, action=asked.action, request_id=request_id, status=answer.status)
        log.info("A client asked for an action.", extra=facts)
        client.send(_acknowledgement(answer, asked))
        if former:
            client.outbox.put(former)
        if former or answer.status == "rejected":
            pending.close()
        await hub.activate(pending, room, seq)
    except BaseException:
        pending.close()
        raise
    finally:
        if held_at is not None:
            await hub.activate(client, room, held_at)


def _act(identity: Identity, room: Room, asked: ControlRequest, request_id: str) -> tuple[int, str, Control]:
    """The workflow's last seq before it, the result if this request has one from before, the coordinator's answer."""
    user = identity.user()
    workflow = access.visible_to(user).filter(pk=room.id).first()
    if workflow is None:
        raise TargetNotFound
    answer = coordinator.control(
        workflow=workflow,
        by=user,
        action=asked.action,
        request_id=request_id,
        mode=asked.mode,
        task=asked.task,
        answer=asked.answer,
        why=asked.why,
    )
    return workflow.last_seq, _former_result(answer, workflow.last_seq), answer


def _former_result(answer: Control, seq: int) -> str:
    """The result of a request that was made, and resolved by `seq`, before; "" of any other one."""
    result = snapshots.control_result(answer)
    if result is None or result["seq"] > seq:
        return ""
    return encode(msgspec.convert(result, ControlResultMessage))


def _acknowledgement(answer: Control, asked: ControlRequest) -> ControlAckMessage:
    return ControlAckMessage(
        request_id=answer.request_id,
        workflow_id=str(answer.workflow_id),
        action=asked.action,
        status="accepted" if answer.status == "accepted" else "rejected",
        reason=answer.reason,
        ref=asked.ref,
    )
