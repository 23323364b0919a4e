"""What clients ask of the database when they come: who they are, what they may watch, what they have missed.

After a restart all come at the same moment. Each function here answers many questions with a handful of queries; what is
out of the ordinary it asks as for one alone, so that there is one place for each refusal.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import msgspec
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from msgspec import Raw, Struct
from rest_framework_simplejwt.tokens import Token

from accounts.logins import ended_logins
from agents.errors import TargetNotFound
from realtime import queries
from realtime.connection import authentication
from realtime.connection.authentication import Identity
from realtime.connection.client import Encoded, encoded
from realtime.joined import Joined
from realtime.rooms import (
    EVERY_OWNER,
    LISTS,
    Room,
    Subscription,
    authorise,
    list_room,
    lost_subscriptions,
    workflow_room,
)
from realtime.wire.messages import EventMessage, ProgressMessage

READS_AT_ONCE: Final = 2

Found = TypeVar("Found")


class UpToDate(Struct, frozen=True):
    """What brings a client up to date with a workflow, up to `seq`: what it missed, or a snapshot. For many, encoded once."""

    seq: int
    fraction: float
    snapshot: Raw | None
    missed: tuple[Encoded, ...] = ()


class Reads:
    """The joined reads of one event loop."""

    def __init__(self, replay_events: int) -> None:
        self._replay_events = replay_events
        self._identities = Joined(identities, at_once=READS_AT_ONCE)
        self._rooms = Joined(authorised, at_once=READS_AT_ONCE)
        self._workflows: dict[str, Joined[int | None, UpToDate]] = {}
        self._turns = asyncio.Semaphore(READS_AT_ONCE)  # of all workflows

    async def identify(self, token: str) -> Identity:
        """The identity of an access token or a workflow token; raises what `identify_watcher` does."""
        return await self._identities.ask(token)

    async def authorise(self, identity: Identity, room: Room) -> Room:
        """The room, if the user may watch it; of the list, the one of what they may see.

        Raises: TargetNotFound, PermissionDenied, UserDisabled, LoggedOut.
        """
        return await self._rooms.ask((identity, room))

    async def up_to_date(self, workflow_id: str, since: int | None) -> UpToDate:
        """What a client has to get that has the events of this workflow up to `since`; None: that has nothing.

        Raises: TargetNotFound.
        """
        read = partial(up_to_date, workflow_id, self._replay_events)
        joined = self._workflows.setdefault(workflow_id, Joined(read, turns=self._turns))
        try:
            return await joined.ask(since)
        finally:
            if joined.is_idle and self._workflows.get(workflow_id) is joined:
                del self._workflows[workflow_id]


def identities(tokens: Sequence[str]) -> list[Identity | Exception]:
    """For each token the identity that `identify_watcher` finds, or what it raises."""
    read = [_outcome(partial(authentication.read_watcher_token, token)) for token in tokens]
    good = [token for token in read if not isinstance(token, Exception)]
    users = {str(user.pk): user for user in _active({authentication.user_key(token) for token in good})}
    ended = ended_logins({authentication.login_of(token) for token in good})

    def identity(text: str, token: Token | Exception) -> Identity | Exception:
        if isinstance(token, Exception):
            return token
        user = users.get(authentication.user_key(token))
        if user is None or authentication.login_of(token) in ended:
            return _outcome(partial(authentication.identify_watcher, text))
        return authentication.identity_of(token, user)

    return [identity(text, token) for text, token in zip(tokens, read, strict=True)]


def authorised(asked: Sequence[tuple[Identity, Room]]) -> list[Room | Exception]:
    """For each identity and room the room, or why the user may not watch it."""
    wanted = [(identity, _widest(room)) for identity, room in asked]
    active, lost, ended = check([identity for identity, _ in asked], {(one.user_id, room) for one, room in wanted})

    def answer(identity: Identity, room: Room, widest: Room) -> Room | Exception:
        is_good = identity.user_id in active and identity.login not in ended
        if is_good and (identity.user_id, widest) not in lost and _is_granted(identity, room):
            return widest
        return _outcome(partial(_authorised, identity, room))

    return [answer(identity, room, widest) for (identity, room), (_, widest) in zip(asked, wanted, strict=True)]


def _widest(room: Room) -> Room:
    """The room; of the list, the one that most can be seen in."""
    return Room(LISTS.target, EVERY_OWNER) if room == LISTS else room


def _is_granted(identity: Identity, room: Room) -> bool:
    return identity.grant is None or room == workflow_room(identity.grant.workflow_id)


def _authorised(identity: Identity, room: Room) -> Room:
    user = identity.user()
    room = list_room(user) if room == LISTS else room
    authorise(user, room)
    return room


def check(
    identities: Collection[Identity], seen: set[Subscription]
) -> tuple[set[int], set[Subscription], frozenset[str]]:
    """Which users are active, which of their subscriptions they may not have, and which logins have ended."""
    users = _active({str(identity.user_id) for identity in identities}).values_list("pk", "is_superuser")
    is_superuser: dict[int, bool] = dict(users)
    superusers = {user_id for user_id, has_all in is_superuser.items() if has_all}
    lost = lost_subscriptions({(user_id, room) for user_id, room in seen if user_id in is_superuser}, superusers)
    return set(is_superuser), lost, ended_logins({identity.login for identity in identities})


def _active(keys: Collection[str]) -> QuerySet[User]:
    """The active users among those with these keys, which come from tokens that we have signed."""
    return User.objects.filter(pk__in=[key for key in keys if key.isdecimal()], is_active=True)


def up_to_date(workflow_id: str, most: int, sinces: Sequence[int | None]) -> list[UpToDate | Exception]:
    """For each `since` what brings up to date; a snapshot where more than `most` events were missed."""
    try:
        replays = queries.replays(workflow_id, {since for since in sinces if since is not None}, most)
        found: dict[int | None, UpToDate] = {
            since: _replayed(workflow_id, since, missed) for since, missed in replays.items()
        }
        if rest := {since for since in sinces if since not in found}:
            found |= dict.fromkeys(rest, _with_snapshot(workflow_id))
    except ObjectDoesNotExist:  # deleted a moment ago
        return [TargetNotFound() for _ in sinces]
    return [found[since] for since in sinces]


def _with_snapshot(workflow_id: str) -> UpToDate:
    snapshot = queries.workflow_snapshot(workflow_id)
    return UpToDate(snapshot.seq, snapshot.progress, Raw(msgspec.json.encode(snapshot)))


def _replayed(workflow_id: str, since: int, missed: list[dict[str, Any]]) -> UpToDate:
    """`missed` ends with the present progress."""
    *events, progress = missed
    messages = [
        *(msgspec.convert(event, EventMessage) for event in events),
        msgspec.convert(progress, ProgressMessage),
        # It may have changed while this client was away, and be published already.
        queries.watchers(workflow_id),
    ]
    return UpToDate(since + len(events), progress["progress"], None, tuple(map(encoded, messages)))


def _outcome(read: Callable[[], Found]) -> Found | Exception:
    """What it returns, or raises."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - it is raised where the question was asked
        return error
