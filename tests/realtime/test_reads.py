"""What many ask when they come is answered for all at once, and for each as for one alone; what was revoked is refused."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import logins
from realtime import reads
from realtime.connection.authentication import Identity, identify_watcher
from realtime.rooms import COORDINATOR, LISTS, Room, workflow_room
from realtime.wire.errors import LoggedOut, NotAuthenticated, UserDisabled
from tests.tokens import token_of
from workflows.access import Grant
from workflows.models import Workflow

UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"
pytestmark = pytest.mark.usefixtures("sample_agent")


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def identity_of(user: User, grant: Grant | None = None) -> Identity:
    return Identity(user.pk, user.username, f"laptop of {user.username}", 0.0, 1e12, grant)


def test_who_many_are_is_found_with_as_few_queries_as_for_one(alice: User, bob: User, olga: User) -> None:
    tokens = [token_of(user) for user in (alice, bob, olga)]
    assert reads.identities(tokens) == [identify_watcher(token) for token in tokens]
    assert queries_of(lambda: reads.identities(tokens[:1])) == queries_of(lambda: reads.identities(tokens)) == 2


def test_each_bad_token_is_refused_as_it_would_be_alone_and_spoils_no_other(alice: User, bob: User, olga: User) -> None:
    tokens = [token_of(alice), "nonsense", token_of(bob, login="phone"), token_of(olga)]
    User.objects.filter(pk=olga.pk).update(is_active=False)
    logins.end("phone")
    found = reads.identities(tokens)
    assert found[0] == identify_watcher(tokens[0])
    assert [type(one) for one in found[1:]] == [NotAuthenticated, LoggedOut, UserDisabled]


def test_what_many_may_watch_is_what_each_may_watch_alone(
    alice: User, bob: User, olga: User, sample_workflow: Workflow
) -> None:
    auditor = User.objects.create_user("auditor")
    auditor.user_permissions.add(Permission.objects.get(codename="view_workflow"))
    granted = identity_of(alice, Grant(str(sample_workflow.pk), "watch"))
    people = [*map(identity_of, (alice, bob, olga, auditor)), granted]
    rooms = [workflow_room(str(sample_workflow.pk)), workflow_room(UNKNOWN_ID), LISTS, COORDINATOR, Room("agent", "*")]
    asked = [(identity, room) for identity in people for room in rooms]
    together = reads.authorised(asked)
    alone = [reads.authorised([one])[0] for one in asked]
    assert [_told(one) for one in together] == [_told(one) for one in alone]
    assert together[0] == rooms[0]
    assert together[2] == Room("workflows", str(alice.pk))
    assert together[17] == Room("workflows", "*")
    assert [_told(one) for one in together[20:]] == [rooms[0], *["TargetNotFound"], *["PermissionDenied"] * 3]


def _told(answer: Room | Exception) -> Room | str:
    return answer if isinstance(answer, Room) else str(getattr(answer, "error_type", answer))


def test_a_permission_a_user_and_a_login_that_are_gone_are_gone_at_once(
    alice: User, bob: User, sample_workflow: Workflow
) -> None:
    room = workflow_room(str(sample_workflow.pk))
    asked = [(identity_of(alice), room), (identity_of(bob), room)]
    bob.user_permissions.add(Permission.objects.get(codename="view_workflow"))
    assert reads.authorised(asked) == [room, room]
    bob.user_permissions.clear()
    assert [_told(one) for one in reads.authorised(asked)] == [room, "TargetNotFound"]
    logins.end("laptop of alice")
    assert isinstance(reads.authorised(asked)[0], LoggedOut)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert isinstance(reads.authorised(asked)[0], UserDisabled)


def test_many_who_missed_different_events_are_brought_up_to_date_with_one_look(sample_workflow: Workflow) -> None:
    workflow_id, last = str(sample_workflow.pk), Workflow.objects.get().last_seq
    reads.up_to_date(workflow_id, 1000, [0])  # fills what is remembered for a moment
    one = queries_of(lambda: reads.up_to_date(workflow_id, 1000, [0]))
    many = [*range(last + 1)] * 3
    assert queries_of(lambda: reads.up_to_date(workflow_id, 1000, many)) == one
    for since, found in zip(many, reads.up_to_date(workflow_id, 1000, many), strict=True):
        assert isinstance(found, reads.UpToDate)
        assert (found.seq, found.snapshot) == (last, None)
        assert [message.type for message in found.missed] == [*["event"] * (last - since), "progress", "watchers"]


def test_who_missed_too_much_or_knows_nothing_or_too_much_gets_one_snapshot(sample_workflow: Workflow) -> None:
    workflow_id, last = str(sample_workflow.pk), Workflow.objects.get().last_seq
    found = reads.up_to_date(workflow_id, 0, [None, last + 1, last, None])
    snapshots = [one.snapshot for one in found if isinstance(one, reads.UpToDate)]
    assert snapshots[0] is snapshots[1] is snapshots[3] is not None
    assert snapshots[2] is None
