"""The names of rooms and channel-layer groups, which no other module spells; and who may watch a room."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final, cast
from uuid import UUID

from django.contrib.auth.models import User
from msgspec import Struct

from agents.errors import PermissionDenied, TargetNotFound
from agents.models import AGENT_NAME_PATTERN, Agent
from realtime.wire.errors import InvalidMessage, InvalidTarget
from realtime.wire.types import RoomName, Target
from workflows import access
from workflows.models import Workflow
from workflows.tokens import OneWorkflowOnly

EVERY_AGENT: Final = "*"
EVERY_OWNER: Final = "*"
EVERYONE: Final = "callboard.everyone"  # the group that every process joins
_AGENT_NAME = re.compile(AGENT_NAME_PATTERN)


class Room(Struct, frozen=True):
    """What can be subscribed to: a workflow, the list of workflows, an agent, all agents, the coordinator.

    Of the list there is one room for each audience: its `id` is that of the owner whose workflows it has, or
    EVERY_OWNER. Clients do not see it: which one is theirs follows from what they may see.
    """

    target: Target
    id: str = ""

    @property
    def name(self) -> str:
        """ "workflow:<id>", "workflows:<id of the owner>", "workflows:*", "agent:<name>", "agent:*", "coordinator"."""
        return f"{self.target}:{self.id}" if self.id else self.target

    @property
    def group(self) -> str:
        """The channel-layer group. All agents share one, so that a client that watches all and one gets a message once.

        So do all lists, as whoever says that a workflow has changed does not know who may see it.
        """
        return f"callboard.workflow.{self.id}" if self.target == "workflow" else f"callboard.{self.target}"

    @property
    def facts(self) -> dict[str, str]:
        """Its fields in the log."""
        return {self.target: self.id} if self.id else {"room": self.name}

    @property
    def label(self) -> RoomName:
        """The room as messages name it."""
        return RoomName(target=self.target, id="" if self.target == "workflows" else self.id)


Subscription = tuple[int, Room]  # a user's id, and the room

COORDINATOR: Final = Room("coordinator")
LISTS: Final = Room("workflows")  # nobody is in it: who publishes to it reaches every process where a list is watched


def workflow_room(workflow_id: str) -> Room:
    """The room of a workflow."""
    return Room("workflow", workflow_id)


def list_rooms(owner_id: int) -> tuple[Room, Room]:
    """The rooms that get the rows of the workflows of an owner."""
    return Room("workflows", str(owner_id)), Room("workflows", EVERY_OWNER)


def list_room(user: User) -> Room:
    """The room of the list of the workflows that the user may see. Reads the database."""
    return Room("workflows", EVERY_OWNER if access.may_see_all(user) else str(user.pk))


def agent_rooms(agent_name: str) -> tuple[Room, Room]:
    """The rooms that get the status of an agent."""
    return Room("agent", agent_name), Room("agent", EVERY_AGENT)


@lru_cache(maxsize=10_000)
def group_of(name: str) -> str:
    """The channel-layer group of the room with this name. Asked for every message."""
    return parse_name(name).group


def parse_name(name: str) -> Room:
    """The room with this name, as `Room.name` spells it."""
    target, _, identity = name.partition(":")
    return Room(cast("Target", target), identity)


def room_of(target: Target, identity: str) -> Room:
    """The room that a client means; of a list LISTS, as who asks decides which one it is: `list_room`.

    Raises: InvalidMessage when the id is missing, InvalidTarget when it cannot be one.
    """
    if target in ("coordinator", "workflows"):
        return Room(target)
    if not identity:
        raise InvalidMessage(f"The field id is missing: which {target}?")
    return workflow_room(_uuid(identity)) if target == "workflow" else Room("agent", _agent_name(identity))


def authorise(user: User, room: Room) -> None:
    """Checks that the user may watch the room. Reads the database.

    Raises: TargetNotFound, PermissionDenied.
    """
    if room.target == "workflow":
        if not access.visible_to(user).filter(pk=room.id).exists():
            raise TargetNotFound
    elif access.grant_of(user):
        raise OneWorkflowOnly
    elif room.target == "workflows":
        if room != list_room(user):
            raise PermissionDenied
    elif not user.has_perm("agents.view_agent"):
        raise PermissionDenied("To watch agents and the coordinator you need the permission agents.view_agent.")
    elif room.target == "agent" and room.id != EVERY_AGENT and not Agent.objects.filter(name=room.id).exists():
        raise TargetNotFound


def lost_subscriptions(subscriptions: set[Subscription], superusers: Collection[int] = ()) -> set[Subscription]:
    """The subscriptions of active users that `authorise` would refuse now; in a handful of queries, however many.

    `superusers` are the ids of those who are known to be some: for them it asks less.
    """
    to_workflows = {one for one in subscriptions if one[1].target == "workflow"}
    to_lists = {one for one in subscriptions if one[1].target == "workflows"}
    to_agents = subscriptions - to_workflows - to_lists
    return (
        _lost_workflow_subscriptions(to_workflows, superusers)
        | _lost_list_subscriptions(to_lists, superusers)
        | _lost_operator_subscriptions(to_agents, superusers)
    )


def _lost_workflow_subscriptions(subscriptions: set[Subscription], superusers: Collection[int]) -> set[Subscription]:
    ids = {room.id for _, room in subscriptions}
    owners = {str(pk): owner for pk, owner in Workflow.objects.filter(pk__in=ids).values_list("pk", "owner_id")}
    foreign = {(user_id, room) for user_id, room in subscriptions if owners.get(room.id) != user_id}
    see_all = _holders("workflows.view_workflow", foreign, superusers)
    return {(user_id, room) for user_id, room in foreign if user_id not in see_all or room.id not in owners}


def _lost_list_subscriptions(subscriptions: set[Subscription], superusers: Collection[int]) -> set[Subscription]:
    foreign = {(user_id, room) for user_id, room in subscriptions if room.id != str(user_id)}
    see_all = _holders("workflows.view_workflow", foreign, superusers)
    return {(user_id, room) for user_id, room in foreign if user_id not in see_all}


def _lost_operator_subscriptions(subscriptions: set[Subscription], superusers: Collection[int]) -> set[Subscription]:
    if not subscriptions:
        return set()
    operators = _holders("agents.view_agent", subscriptions, superusers)
    known = {"", EVERY_AGENT, *Agent.objects.values_list("name", flat=True)}
    return {(user_id, room) for user_id, room in subscriptions if user_id not in operators or room.id not in known}


def _holders(permission: str, among: set[Subscription], superusers: Collection[int]) -> set[int]:
    """The ids of those of these users who have it: as superusers, by themselves, or by a group."""
    users = {user_id for user_id, _ in among}
    others = users.difference(superusers)
    if not others:
        return users
    having = User.objects.with_perm(permission).filter(pk__in=others)
    return (users - others) | set(having.values_list("pk", flat=True))


def _uuid(identity: str) -> str:
    try:
        return str(UUID(identity))
    except ValueError:
        raise InvalidTarget("The id of a workflow is a UUID.") from None


def _agent_name(identity: str) -> str:
    if identity != EVERY_AGENT and not _AGENT_NAME.fullmatch(identity):
        raise InvalidTarget("The id of an agent is its name, or * for all.")
    return identity
