"""Who may stay in a room: checked for all subscriptions at once, the result is that of `authorise` for each."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.errors import CallboardError
from realtime.rooms import COORDINATOR, Room, Subscription, authorise, lost_subscriptions, workflow_room
from tests.workflows.sample_pipeline import SampleAgent
from workflows.models import Workflow

UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def everyone(alice: User, bob: User, charlie: User, olga: User) -> list[User]:
    """The cast, a superuser, and one who has a permission by a group."""
    root = User.objects.create_superuser("root")
    group = Group.objects.create(name="auditors")
    group.permissions.add(Permission.objects.get(codename="view_workflow"))
    auditor = User.objects.create_user("auditor")
    auditor.groups.add(group)
    return [alice, bob, charlie, olga, root, auditor]


@pytest.fixture
def rooms(sample_workflow: Workflow, sample_agent: SampleAgent) -> list[Room]:
    """One of each kind, and some that do not exist."""
    agents = [Room("agent", name) for name in (sample_agent.name, "*", "nobody")]
    return [workflow_room(str(sample_workflow.pk)), workflow_room(UNKNOWN_ID), COORDINATOR, *agents]


def is_refused(user: User, room: Room) -> bool:
    try:
        authorise(User.objects.get(pk=user.pk), room)
    except CallboardError:
        return True
    return False


def test_all_at_once_is_the_same_as_one_by_one(everyone: list[User], rooms: list[Room]) -> None:
    visits: set[Subscription] = {(user.pk, room) for user in everyone for room in rooms}
    one_by_one = {(user.pk, room) for user in everyone for room in rooms if is_refused(user, room)}
    assert lost_subscriptions(visits) == one_by_one
    assert one_by_one
    assert one_by_one != visits


def test_however_many_visits_it_takes_the_same_few_queries(everyone: list[User], rooms: list[Room]) -> None:
    counts = []
    for users in (everyone[:1], everyone):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lost_subscriptions({(user.pk, room) for user in users for room in rooms})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
