"""Subscribing to rooms: authorise, join, read, and only then send what came meanwhile; in that order."""

import logging
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist

from accounts.logins import ended_logins
from agents.errors import PermissionDenied, TargetNotFound
from realtime import queries
from realtime.connection.authentication import Identity
from realtime.connection.client import Client, error_message
from realtime.database import in_thread
from realtime.fanout.hub import Hub
from realtime.metrics import counters
from realtime.rooms import Room, Subscription, authorise, list_room, lost_subscriptions, room_of
from realtime.wire.errors import (
    LoggedOut,
    SubscriptionLimitExceeded,
    UserDisabled,
)
from realtime.wire.messages import (
    EventMessage,
    FromServer,
    ProgressMessage,
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
    room = await in_thread(_authorised, identity, room)
    if (former := _watched(client, room)) not in (None, room):  # the list of what it was allowed to see before
        forget(hub, client, former)
    # Join before reading: an event between the two would be lost.
    await hub.join(client, room)
    client.rooms.add(room)
    try:
        seq, answer = await in_thread(_up_to_date, identity, room, asked, hub.config.replay_events)
    except BaseException:
        forget(hub, client, room)
        raise
    if room not in client.rooms:  # its subscription was revoked meanwhile: it may no longer see what was read
        raise TargetNotFound
    hub.has_read(room, max(map(_fraction, answer)))
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
    active, lost, ended = await in_thread(_check, list(present.values()), seen)
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


def _up_to_date(identity: Identity, room: Room, asked: Subscribe, most: int) -> tuple[int, list[FromServer]]:
    """The messages that bring the client up to date, and up to which seq they do."""
    try:
        match room.target:
            case "workflow":
                return _workflow_up_to_date(room, asked, most)
            case "workflows":
                page = queries.first_page(identity.user())
                return 0, [SubscribedToWorkflows(ref=asked.ref, snapshot=page)]
            case "agent":
                snapshot = queries.agent_statuses(room.id, identity.user())
                return 0, [SubscribedToAgents(id=room.id, ref=asked.ref, snapshot=snapshot)]
            case "coordinator":
                return 0, [SubscribedToCoordinator(ref=asked.ref, snapshot=queries.coordinator_metrics())]
    except ObjectDoesNotExist:  # deleted a moment ago
        raise TargetNotFound from None


def _workflow_up_to_date(room: Room, asked: Subscribe, most: int) -> tuple[int, list[FromServer]]:
    missed = None if asked.since is None else queries.replay(room.id, asked.since, most)
    if missed is None:
        snapshot = queries.workflow_snapshot(room.id)
        answer = SubscribedToWorkflow(id=room.id, seq=snapshot.seq, recovered=False, snapshot=snapshot, ref=asked.ref)
        return snapshot.seq, [answer]
    seq = (asked.since or 0) + len(missed) - 1  # the last one is the present progress
    answer = SubscribedToWorkflow(id=room.id, seq=seq, recovered=True, snapshot=None, ref=asked.ref)
    # The number of watchers may have changed while this client was away, and be published already.
    return seq, [answer, *map(_replayed, missed), queries.watchers(room.id)]


def _fraction(message: FromServer) -> float:
    """The progress that a message shows, 0.0 if none."""
    match message:
        case SubscribedToWorkflow(snapshot=WorkflowSnapshot(progress=fraction)) | ProgressMessage(progress=fraction):
            return fraction
        case _:
            return 0.0


def _replayed(message: dict[str, Any]) -> FromServer:
    return msgspec.convert(message, EventMessage if message["type"] == "event" else ProgressMessage)


def _authorised(identity: Identity, room: Room) -> Room:
    """The room, if the user may watch it; of a list, the one of what they may see."""
    user = identity.user()
    room = list_room(user) if room.target == "workflows" else room
    authorise(user, room)
    return room


def _lost_rooms(identity: Identity, rooms: Iterable[Room]) -> list[Room]:
    user = identity.user()
    return [room for _, room in lost_subscriptions({(user.pk, room) for room in rooms})]


def _check(
    identities: Collection[Identity], seen: set[Subscription]
) -> tuple[set[int], set[Subscription], frozenset[str]]:
    """Which users are active, which subscriptions are lost, and which logins have ended."""
    user_ids = {identity.user_id for identity in identities}
    active = set(User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", flat=True))
    lost = lost_subscriptions({(user_id, room) for user_id, room in seen if user_id in active})
    return active, lost, ended_logins({identity.login for identity in identities})
