"""When a workflow token is no longer good for anything: it depends on who gave it away, on their login, and on the clock."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from pytest_django import Settings
from rest_framework.test import APIClient

from realtime import server
from realtime.connection.authentication import identify
from realtime.database import in_thread
from tests import cast
from tests.fixtures.connections import Connect
from tests.fixtures.people import AsUser
from tests.waiting import until
from workflows import tokens
from workflows.access import Grant
from workflows.models import Workflow
from workflows.tokens import EmbedToken, WorkflowToken

Json = dict[str, Any]
Pair = dict[str, str]


def sign_in(user: User) -> Pair:
    answer = APIClient().post("/api/auth/token/", {"username": user.username, "password": cast.PASSWORD}, "json")
    return dict(answer.json())


def ask(workflow: Workflow, token: str, path: str = "", **body: Any) -> tuple[int, Json]:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    address = f"/api/workflows/{workflow.pk}/{path}"
    answer = client.post(address, body, "json") if body else client.get(address)
    return answer.status_code, answer.json()


def made(workflow: Workflow, by: User, pair: Pair | None = None, **wanted: Any) -> str:
    status, body = ask(workflow, (pair or sign_in(by))["access"], "tokens/", **{"may": "watch", **wanted})
    assert status == 200, body
    return str(body["token"])


@pytest.fixture
async def watching(connect: Connect, sample_workflow: Workflow) -> Callable[[str], Awaitable[Any]]:
    """A socket with the token, which watches the workflow."""

    async def watching(token: str) -> Any:  # noqa: ANN401
        client = await connect(token=token)
        subscribed = await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
        assert subscribed["type"] == "subscribed"
        return client

    return watching


async def test_who_signs_out_takes_back_what_they_gave_away(
    watching: Callable[[str], Awaitable[Any]], alice: User, sample_workflow: Workflow
) -> None:
    pair = await in_thread(sign_in, alice)
    token = await in_thread(made, sample_workflow, alice, pair)
    client = await watching(token)
    await in_thread(APIClient().post, "/api/auth/logout/", {"refresh": pair["refresh"]}, "json")
    assert await client.receive_close() == 4001
    assert (await in_thread(ask, sample_workflow, token))[0] == 401


async def test_another_login_of_the_same_person_takes_nothing_back(alice: User, sample_workflow: Workflow) -> None:
    token = await in_thread(made, sample_workflow, alice)
    other = await in_thread(sign_in, alice)
    await in_thread(APIClient().post, "/api/auth/logout/", {"refresh": other["refresh"]}, "json")
    assert (await in_thread(ask, sample_workflow, token))[0] == 200


async def test_with_a_renewed_login_it_goes_on(alice: User, sample_workflow: Workflow) -> None:
    pair = await in_thread(sign_in, alice)
    token = await in_thread(made, sample_workflow, alice, pair)
    await in_thread(APIClient().post, "/api/auth/token/refresh/", {"refresh": pair["refresh"]}, "json")
    assert (await in_thread(ask, sample_workflow, token))[0] == 200


async def test_that_of_a_disabled_user_is_good_for_nothing(
    watching: Callable[[str], Awaitable[Any]], fast_timers: None, alice: User, sample_workflow: Workflow
) -> None:
    token = await in_thread(made, sample_workflow, alice)
    client = await watching(token)
    await in_thread(User.objects.filter(pk=alice.pk).update, is_active=False)
    assert await client.receive_close() == 4003
    assert (await in_thread(ask, sample_workflow, token))[0] == 403


async def test_who_loses_a_permission_closes_the_room_of_their_token(
    watching: Callable[[str], Awaitable[Any]], fast_timers: None, olga: User, sample_workflow: Workflow
) -> None:
    token = await in_thread(made, sample_workflow, olga)
    client = await watching(token)
    await in_thread(olga.user_permissions.remove, await in_thread(Permission.objects.get, codename="view_workflow"))
    assert (await client.receive_until("unsubscribed"))["id"] == str(sample_workflow.pk)
    assert (await client.receive_until("error"))["error_type"] == "PermissionDenied"
    assert (await in_thread(ask, sample_workflow, token))[0] == 404


def test_who_loses_the_right_to_control_keeps_watching(olga: User, sample_workflow: Workflow) -> None:
    token = made(sample_workflow, olga, may="control")
    olga.user_permissions.remove(Permission.objects.get(codename="control_workflow"))
    assert ask(sample_workflow, token, "control/", action="pause")[0] == 403
    assert ask(sample_workflow, token)[0] == 200


async def test_after_its_time_it_is_expired_at_every_door(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    late = str(tokens.make(WorkflowToken, alice, "laptop", Grant(str(sample_workflow.pk), "watch"), -1))
    assert (await in_thread(ask, sample_workflow, late))[0] == 401
    client = await connect(token=late)
    assert await client.receive_close() == 4203


# --- what may be made ------------------------------------------------------------------------------


def test_a_token_says_until_when_it_is_good(alice: User, sample_workflow: Workflow) -> None:
    status, body = ask(sample_workflow, sign_in(alice)["access"], "tokens/", may="control", seconds=60)
    assert (status, body["may"], body["embed_url"]) == (200, "control", None)
    identity = identify(body["token"], WorkflowToken)
    assert (identity.grant, identity.expires_at - identity.issued_at) == (Grant(str(sample_workflow.pk), "control"), 60)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"seconds": 3_601}, "seconds"),
        ({"seconds": 0}, "seconds"),
        ({"seconds": "x"}, "seconds"),
        ({"may": "own"}, "may"),
    ],
)
def test_what_it_cannot_be_is_refused(
    alice: User, sample_workflow: Workflow, settings: Settings, wanted: Json, field: str
) -> None:
    settings.WORKFLOW_TOKEN_SECONDS = 3_600
    status, body = ask(sample_workflow, sign_in(alice)["access"], "tokens/", **wanted)
    assert (status, list(body["error"]["fields"])) == (400, [field])


def test_where_the_limit_is_low_the_usual_time_is_the_limit(
    alice: User, sample_workflow: Workflow, settings: Settings
) -> None:
    settings.WORKFLOW_TOKEN_SECONDS = 60
    identity = identify(made(sample_workflow, alice), WorkflowToken)
    assert identity.expires_at - identity.issued_at == 60


def test_nobody_gives_away_what_they_may_not_do(
    as_user: AsUser, alice: User, bob: User, sample_workflow: Workflow
) -> None:
    address = f"/api/workflows/{sample_workflow.pk}/tokens/"
    assert as_user(bob).post(address, {"may": "watch"}).status_code == 404
    bob.user_permissions.add(Permission.objects.get(codename="view_workflow"))
    assert as_user(bob).post(address, {"may": "watch"}).status_code == 200
    assert as_user(bob).post(address, {"may": "control"}).status_code == 403
    assert as_user(None).post(address, {"may": "watch"}).status_code == 401


@pytest.mark.parametrize("kind", [WorkflowToken, EmbedToken])
def test_it_is_neither_an_access_token_nor_one_of_the_other_kind(
    alice: User, sample_workflow: Workflow, kind: type[WorkflowToken]
) -> None:
    token = str(tokens.make(kind, alice, "laptop", Grant(str(sample_workflow.pk), "watch"), 60))
    (other,) = {WorkflowToken, EmbedToken} - {kind}
    for taken in ((), (other,)):
        with pytest.raises(Exception, match="not valid"):
            identify(token, *taken)


# --- limits ----------------------------------------------------------------------------------------


async def test_those_who_watch_with_it_take_no_connection_from_who_gave_it_away(
    connect: Connect,
    watching: Callable[[str], Awaitable[Any]],
    alice: User,
    sample_workflow: Workflow,
    settings: Settings,
) -> None:
    settings.REALTIME = {**settings.REALTIME, "CONNECTIONS_PER_USER": 1}
    token = await in_thread(made, sample_workflow, alice)
    await watching(token)
    await connect(alice)
    second = await connect(token=token)
    assert (await second.receive_until("error"))["error_type"] == "ConnectionLimitExceeded"
    await until(lambda: server.current().user_slots.held(alice.pk) == 1)
