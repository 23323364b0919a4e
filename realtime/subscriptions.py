"""Subscribing to rooms: authorise, join, read, and only then send what came meanwhile; in that order."""

import logging
from collections.abc import Iterable
from typing import cast

from django.core.exceptions import ObjectDoesNotExist

from agents.errors import PermissionDenied, TargetNotFound
from realtime import queries, reads
from realtime.connection.authentication import Identity
from realtime.connection.client import Client, Encoded, error_message
from realtime.database import in_thread
from realtime.fanout.hub import Hub
from realtime.metrics import counters
from realtime.rooms import Room, lost_subscriptions, room_of
from realtime.wire.errors import (
    LoggedOut,
    SubscriptionLimitExceeded,
    UserDisabled,
)
from realtime.wire.messages import (
    FromServer,
    Subscribe,
    SubscribedToAgents,
    SubscribedToCoordinator,
    SubscribedToWorkflow,
    SubscribedToWorkflows,
    Unsubscribe,
    UnsubscribedMessage,
)
from workflows.bodies import WorkflowSnapshot

log = logging.getLogger(__name__)


async def subscribe(hub: Hub, client: Client, identity: Identity, asked: Subscribe) -> None:
    """Subscribes the client to a room and brings it up to date.

    Raises: InvalidMessage, InvalidTarget, TargetNotFound, PermissionDenied, SubscriptionLimitExceeded.
    """
    room = room_of(asked.target, asked.id)
    if _watched(client, room) is None and len(client.rooms) >= hub.config.subscriptions:
        raise SubscriptionLimitExceeded(f"{hub.config.subscriptions} rooms at once are the limit; leave one first.")
    room = await hub.reads.authorise(identity, room)
    if (former := _watched(client, room)) not in (None, room):  # the list of what it was allowed to see before
        forget(hub, client, former)
    # Join before reading: an event between the two would be lost.
    await hub.join(client, room)
    client.rooms.add(room)
    try:
        seq, fraction, answer = await _up_to_date(hub, identity, room, asked)
    except BaseException:
        forget(hub, client, room)
        raise
    if room not in client.rooms:  # its subscription was revoked meanwhile: it may no longer see what was read
        raise TargetNotFound
    hub.has_read(room, fraction)
    client.send(*answer)
    await hub.activate(client, room, seq)
    log.debug("A client watches a room.", extra=client.facts(**room.facts, seq=seq))


def unsubscribe(hub: Hub, client: Client, asked: Unsubscribe) -> None:
    """Ends a subscription; of a room that the client does not watch it changes nothing.

    Raises: InvalidMessage, InvalidTarget.
    """
    room = room_of(asked.target, asked.id)
    forget(hub, client, _watched(client, room) or room)
    client.send(UnsubscribedMessage(target=room.target, id=room.id, ref=asked.ref))


def _watched(client: Client, room: Room) -> Room | None:
    """The room that the client watches, if it watches it: a list under the name that it has for this client."""
    return next((watched for watched in client.rooms if watched.label == room.label), None)


def forget(hub: Hub, client: Client, room: Room) -> None:
    """Removes the client from the room."""
    log.debug("A client has left a room.", extra=client.facts(**room.facts))
    hub.leave(client, room)
    client.rooms.discard(room)


async def revoke(hub: Hub, client: Client, identity: Identity) -> list[Room]:
    """Checks every subscription of the client again; ends and returns those that it may no longer have."""
    lost = await in_thread(_lost_rooms, identity, list(client.rooms))
    for room in lost:
        _revoke(hub, client, room)
    return lost


async def recheck(hub: Hub) -> None:
    """Ends the connections of disabled users and ended logins, and subscriptions for which a permission was lost."""
    present = {client: client.identity for client in hub.connected if client.identity is not None}
    if not present:
        return
    seen = {(identity.user_id, room) for client, identity in present.items() for room in client.rooms}
    active, lost, ended = await in_thread(reads.check, list(present.values()), seen)
    for client, identity in present.items():
        if identity.login in ended:  # ended in another process, whose message was lost
            client.end(LoggedOut())
        elif identity.user_id not in active:
            client.end(UserDisabled())
        for room in [room for room in client.rooms if (identity.user_id, room) in lost]:
            _revoke(hub, client, room)
            client.send(
                UnsubscribedMessage(target=room.target, id=room.label.id),
                error_message(PermissionDenied("You may not watch this any more.")),
            )


def _revoke(hub: Hub, client: Client, room: Room) -> None:
    forget(hub, client, room)
    counters.refused(PermissionDenied.error_type)
    log.info("A client may no longer watch a room.", extra=client.facts(**room.facts))


async def _up_to_date(
    hub: Hub, identity: Identity, room: Room, asked: Subscribe
) -> tuple[int, float, list[FromServer | Encoded]]:
    """Up to which seq, and which progress, these messages bring the client."""
    if room.target != "workflow":
        return 0, 0.0, [await in_thread(_subscribed, identity, room, asked.ref)]
    now = await hub.reads.up_to_date(room.id, asked.since)
    snapshot = cast("WorkflowSnapshot | None", now.snapshot)
    answer = SubscribedToWorkflow(
        id=room.id, seq=now.seq, recovered=now.snapshot is None, snapshot=snapshot, ref=asked.ref
    )
    return now.seq, now.fraction, [answer, *now.missed]


def _subscribed(identity: Identity, room: Room, ref: str | None) -> FromServer:
    try:
        match room.target:
            case "workflows":
                return SubscribedToWorkflows(ref=ref, snapshot=queries.first_page(identity.user()))
            case "agent":
                snapshot = queries.agent_statuses(room.id, identity.user())
                return SubscribedToAgents(id=room.id, ref=ref, snapshot=snapshot)
            case _:
                return SubscribedToCoordinator(ref=ref, snapshot=queries.coordinator_metrics())
    except ObjectDoesNotExist:  # deleted a moment ago
        raise TargetNotFound from None


def _lost_rooms(identity: Identity, rooms: Iterable[Room]) -> list[Room]:
    user = identity.user()
    return [room for _, room in lost_subscriptions({(user.pk, room) for room in rooms})]
