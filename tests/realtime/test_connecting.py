"""Who may connect, how, until when; and with which error and close code others are refused."""

import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import override_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.logins import end as end_login
from realtime import queries, server
from realtime.database import in_thread
from realtime.rooms import workflow_room
from tests import cast
from tests.fixtures.connections import Connect
from tests.tokens import token_of
from tests.waiting import TIMEOUT_SECONDS, until
from workflows.bodies import WorkflowSnapshot
from workflows.models import Workflow

Json = dict[str, Any]


@pytest.mark.covers("receive_welcome")
async def test_a_browser_shows_its_token_as_a_subprotocol_and_is_welcomed(connect: Connect, alice: User) -> None:
    client = await connect(alice, receive_welcome=False)
    welcome = await client.receive()
    assert client.subprotocol == "callboard.v1"
    assert (welcome["type"], welcome["protocol"], welcome["heartbeat_seconds"]) == ("welcome", "callboard.v1", 30)
    assert welcome["limits"] == {"subscriptions": 10, "messages_per_minute": 100}
    assert welcome["token_expires_at"] > welcome["timestamp"]


async def test_other_clients_use_the_authorization_header(connect: Connect, alice: User) -> None:
    client = await connect(headers={"authorization": f"Bearer {token_of(alice)}"})
    assert (await client.receive())["type"] == "welcome"
    assert client.subprotocol is None


@pytest.mark.covers("send_authenticate")
async def test_a_client_may_authenticate_with_its_first_message(connect: Connect, alice: User) -> None:
    client = await connect()
    await client.send(type="authenticate", token=token_of(alice))
    assert (await client.receive())["type"] == "welcome"


async def test_a_token_in_the_url_is_not_looked_at(connect: Connect, alice: User) -> None:
    client = await connect(path=f"/ws/?token={token_of(alice)}")
    assert (await client.request(type="subscribe", target="coordinator"))["error_type"] == "NotAuthenticated"


@pytest.mark.covers("receive_pong")
async def test_before_authentication_only_a_ping_is_answered(connect: Connect, sample_workflow: Workflow) -> None:
    client = await connect()
    for message in (
        {"type": "subscribe", "target": "workflow", "id": str(sample_workflow.pk)},
        {"type": "unsubscribe", "target": "workflow", "id": str(sample_workflow.pk)},
        {"type": "control", "action": "cancel", "workflow_id": str(sample_workflow.pk)},
    ):
        assert (await client.request(**message))["error_type"] == "NotAuthenticated"
    assert await client.receives_nothing()


@pytest.mark.covers("close_4001_not_authenticated")
async def test_an_invalid_token_is_refused(connect: Connect, transactional_db: None) -> None:
    client = await connect(token="eyJhbGciOiJIUzI1NiJ9.e30.x")
    assert (await client.receive_until("error"))["error_type"] == "NotAuthenticated"
    assert await client.receive_close() == 4001


@pytest.mark.covers("close_4001")
async def test_the_token_of_a_deleted_user_is_refused(connect: Connect, charlie: User) -> None:
    token = token_of(charlie)
    await sync_to_async(charlie.delete)()
    client = await connect(token=token)
    assert await client.receive_close() == 4001


@pytest.mark.covers("close_4203_token_expired")
async def test_an_expired_token_is_refused(connect: Connect, alice: User) -> None:
    client = await connect(token=token_of(alice, seconds=-1))
    assert (await client.receive_until("error"))["error_type"] == "TokenExpired"
    assert await client.receive_close() == 4203


@pytest.mark.covers("close_4003_user_disabled")
async def test_a_disabled_user_is_refused(connect: Connect, alice: User) -> None:
    await in_thread(User.objects.filter(pk=alice.pk).update, is_active=False)
    client = await connect(token=token_of(alice))
    assert (await client.receive_until("error"))["error_type"] == "UserDisabled"
    assert await client.receive_close() == 4003


@pytest.mark.covers("close_4007_unsupported_protocol")
async def test_an_unknown_subprotocol_is_refused(connect: Connect, alice: User) -> None:
    client = await connect(subprotocols=["callboard.v9", f"bearer.{token_of(alice)}"])
    assert (await client.receive_until("error"))["error_type"] == "UnsupportedProtocol"
    assert await client.receive_close() == 4007
    assert client.subprotocol is None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:81", "http://[", "localhost"])
@pytest.mark.covers("close_4003_forbidden_origin")
async def test_a_page_of_another_origin_is_refused(connect: Connect, alice: User, origin: str) -> None:
    headers = {"origin": origin, "host": "localhost:80", "authorization": f"Bearer {token_of(alice)}"}
    client = await connect(headers=headers)
    assert (await client.receive_until("error"))["error_type"] == "ForbiddenOrigin"
    assert await client.receive_close() == 4003


@pytest.mark.covers("close_4003")
async def test_a_page_that_rebound_its_name_to_this_address_is_refused(connect: Connect, alice: User) -> None:
    headers = {"origin": "http://evil.example:80", "host": "evil.example:80"}
    client = await connect(token=token_of(alice), headers=headers)
    assert await client.receive_close() == 4003


@pytest.mark.parametrize("host", ["localhost:8000", "[::1]:8000", "127.0.0.1"])
async def test_a_page_of_the_same_host_is_welcome(connect: Connect, alice: User, host: str) -> None:
    await connect(alice, headers={"origin": f"http://{host}", "host": host})


async def test_only_the_listed_origins_are_welcome(connect: Connect, alice: User) -> None:
    with override_settings(ALLOWED_ORIGINS=["https://studio.example"]):
        await connect(alice, headers={"origin": "https://Studio.example", "host": "localhost"})
        client = await connect(token=token_of(alice), headers={"origin": "http://localhost", "host": "localhost"})
        assert await client.receive_close() == 4003


@pytest.mark.covers("close_4102_not_authenticated")
async def test_a_client_that_does_not_authenticate_in_time_is_closed(
    connect: Connect, settings: Settings, fast_timers: None
) -> None:
    settings.REALTIME = {**settings.REALTIME, "FIRST_MESSAGE_SECONDS": 0.2}
    client = await connect()
    assert (await client.receive_until("error"))["error_type"] == "NotAuthenticated"
    assert await client.receive_close() == 4102


@pytest.mark.covers("close_4102_internal_error")
async def test_a_fault_during_authentication_is_an_internal_error_and_does_not_condemn_the_token(
    connect: Connect, alice: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    token = token_of(alice)
    monkeypatch.setattr("realtime.connection.authentication.read_watcher_token", lambda *_: 1 / 0)
    client = await connect(token=token)
    error = await client.receive_until("error")
    assert (error["error_type"], error["retryable"]) == ("InternalError", True)
    assert await client.receive_close() == 4102  # the token may be good: it is not thrown away
    assert "ZeroDivisionError" in caplog.text
    assert token not in caplog.text


async def test_a_token_that_runs_out_is_announced_and_then_ends_the_connection(
    connect: Connect, alice: User, fast_timers: None
) -> None:
    client = await connect(token=token_of(alice, seconds=3))
    expiring = await client.receive_until("token_expiring")
    assert 0 < expiring["expires_in"] <= 1.5
    assert (await client.receive_until("error"))["error_type"] == "TokenExpired"
    assert await client.receive_close() == 4203


@pytest.mark.covers("receive_token_expiring")
async def test_the_expiry_of_a_token_is_announced_a_minute_ahead(
    connect: Connect, alice: User, fast_timers: None
) -> None:
    client = await connect(token=token_of(alice, seconds=61, age=839))
    assert await client.receive_types_until_pong() == ["welcome", "pong"]
    assert 59 < (await client.receive_until("token_expiring"))["expires_in"] <= 60


async def test_a_short_token_is_announced_to_expire_once_and_not_before_half_its_life(
    connect: Connect, alice: User, fast_timers: None
) -> None:
    token = token_of(alice, seconds=3)
    client = await connect(token=token)
    assert 0 < (await client.receive_until("token_expiring"))["expires_in"] <= 1.5
    assert (await client.request(type="authenticate", token=token))["type"] == "authenticated"
    assert await client.transport.communicator.receive_nothing(timeout=0.3)  # that many ticks; it is the same token
    assert (await client.request(type="authenticate", token=token_of(alice, seconds=3)))["type"] == "authenticated"
    assert (await client.receive_until("token_expiring"))["expires_in"] <= 1.5


@pytest.mark.covers("receive_authenticated")
async def test_a_token_is_renewed_in_place(connect: Connect, alice: User, fast_timers: None) -> None:
    client = await connect(token=token_of(alice, seconds=3))
    first = await client.receive_until("welcome")
    expires_in = (await client.receive_until("token_expiring"))["expires_in"]
    answer = await client.request(type="authenticate", token=token_of(alice, seconds=900))
    assert (answer["type"], answer["revoked"]) == ("authenticated", [])
    assert answer["token_expires_at"] > first["token_expires_at"]
    assert await client.transport.communicator.receive_nothing(timeout=expires_in + 0.3)


async def test_renewal_names_the_rooms_that_are_no_longer_allowed(
    connect: Connect, olga: User, sample_workflow: Workflow, settings: Settings
) -> None:
    client = await connect(olga)
    await client.request(type="subscribe", target="agent", id="*")
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await in_thread(olga.user_permissions.filter(codename="view_agent").delete)
    answer = await client.request(type="authenticate", token=token_of(olga))
    assert answer["revoked"] == [{"target": "agent", "id": "*"}]


@pytest.mark.covers("error_not_authenticated")
async def test_a_failed_renewal_is_refused_and_changes_nothing(connect: Connect, alice: User, bob: User) -> None:
    client = await connect(alice)
    for token in ("nonsense", token_of(alice, seconds=-1), token_of(bob)):
        assert (await client.request(type="authenticate", token=token))["error_type"] == "NotAuthenticated"
    assert await client.receives_nothing()


async def test_a_user_who_is_disabled_is_put_out(connect: Connect, alice: User, fast_timers: None) -> None:
    client = await connect(alice)
    await in_thread(User.objects.filter(pk=alice.pk).update, is_active=False)
    assert (await client.receive_until("error"))["error_type"] == "UserDisabled"
    assert await client.receive_close() == 4003


@pytest.mark.covers("receive_unsubscribed")
async def test_a_client_that_loses_the_permission_for_a_room_is_unsubscribed(
    connect: Connect, olga: User, sample_workflow: Workflow, fast_timers: None
) -> None:
    client = await connect(olga)
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await client.request(type="subscribe", target="coordinator")
    await in_thread(olga.user_permissions.filter(codename="view_workflow").delete)
    left = await client.receive_until("unsubscribed")
    assert (left["target"], left["id"]) == ("workflow", str(sample_workflow.pk))
    assert (await client.receive_until("error"))["error_type"] == "PermissionDenied"
    assert (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))[
        "error_type"
    ] == "TargetNotFound"
    assert (await client.request(type="subscribe", target="coordinator"))["type"] == "subscribed"


@pytest.mark.covers("http_post_auth_logout")
async def test_a_logout_closes_the_sockets_of_this_login_and_of_no_other(connect: Connect, alice: User) -> None:
    def sign_in() -> Json:
        body = {"username": "alice", "password": cast.PASSWORD}
        return dict(APIClient().post("/api/auth/token/", body, "json").json())

    def refresh(pair: Json) -> Json:
        return dict(APIClient().post("/api/auth/token/refresh/", {"refresh": pair["refresh"]}, "json").json())

    def log_out(pair: Json) -> int:
        return APIClient().post("/api/auth/logout/", {"refresh": pair["refresh"]}, "json").status_code

    laptop, phone = await in_thread(sign_in), await in_thread(sign_in)
    on_laptop, on_phone = await connect(token=laptop["access"]), await connect(token=phone["access"])
    rotated = await in_thread(refresh, laptop)
    assert await in_thread(log_out, rotated) == 204
    assert await on_laptop.receive_close() == 4001
    assert (await on_phone.receive_until("welcome"))["type"] == "welcome"
    assert await on_phone.receives_nothing()
    assert await in_thread(log_out, rotated) == 401
    # Its access token is good for nothing any more.
    again = await connect(token=laptop["access"])
    assert await again.receive_close() == 4001


async def test_a_logout_elsewhere_is_noticed_though_its_message_was_lost(
    connect: Connect, alice: User, fast_timers: None
) -> None:
    ended, other = (
        await connect(token=token_of(alice, login="laptop")),
        await connect(token=token_of(alice, login="phone")),
    )
    await in_thread(end_login, "laptop")
    assert await ended.receive_close() == 4001
    assert (await other.receive())["type"] == "welcome"
    assert await other.receives_nothing()


async def test_an_ended_login_stays_ended_after_a_restart(connect: Connect, alice: User) -> None:
    token = token_of(alice, login="laptop")
    client = await connect(token=token)
    await in_thread(end_login, "laptop")
    await server.stop()
    again = await connect(token=token)
    assert (await again.receive_until("error"))["error_type"] == "NotAuthenticated"
    assert await again.receive_close() == 4001
    await client.disconnect()


async def test_who_logged_out_elsewhere_enters_no_further_room(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(token=token_of(alice, login="laptop"))
    await in_thread(end_login, "laptop")
    await client.send(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    assert await client.receive_close() == 4001


async def test_a_renewal_with_an_ended_login_is_refused(connect: Connect, alice: User) -> None:
    client = await connect(token=token_of(alice, login="laptop"))
    await in_thread(end_login, "phone")
    answer = await client.request(type="authenticate", token=token_of(alice, login="phone"))
    assert (answer["type"], answer["error_type"]) == ("error", "NotAuthenticated")
    assert await client.receive_types_until_pong() == ["pong"]  # its own login is still good


async def test_a_renewal_of_a_disabled_user_is_refused_and_the_connection_ends_soon(
    connect: Connect, alice: User, settings: Settings
) -> None:
    settings.REALTIME = {**settings.REALTIME, "RECHECK_SECONDS": 0.3}
    client = await connect(alice)
    await in_thread(User.objects.filter(pk=alice.pk).update, is_active=False)
    answer = await client.request(type="authenticate", token=token_of(alice))
    assert (answer["type"], answer["error_type"]) == ("error", "NotAuthenticated")
    assert (await client.receive_until("error"))["error_type"] == "UserDisabled"
    assert await client.receive_close() == 4003


@pytest.mark.covers("route_everything")
async def test_the_route_without_a_room_subscribes_to_nothing(connect: Connect, alice: User) -> None:
    client = await connect(alice, path="/ws/")
    assert await client.receives_nothing()
    assert server.current().hub.rooms() == []


@pytest.mark.parametrize(
    ("path", "target"),
    [("/ws/workflow/{}", "workflow"), ("/ws/agent/*", "agent"), ("/ws/coordinator", "coordinator")],
    ids=["workflow", "agent", "coordinator"],
)
@pytest.mark.covers("route_agent", "route_coordinator", "route_workflow")
async def test_a_route_with_a_room_subscribes_to_it(
    connect: Connect, olga: User, sample_workflow: Workflow, path: str, target: str
) -> None:
    client = await connect(olga, path=path.format(sample_workflow.pk))
    answer = await client.receive()
    assert (answer["type"], answer["target"]) == ("subscribed", target)
    assert (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))[
        "type"
    ] == "subscribed"


async def test_a_route_to_an_impossible_room_is_an_error_and_stays_open(connect: Connect, alice: User) -> None:
    client = await connect(alice, path="/ws/workflow/not-a-uuid")
    assert (await client.receive())["error_type"] == "InvalidTarget"
    assert await client.receives_nothing()


async def test_who_is_evicted_while_the_snapshot_is_read_does_not_get_it(
    connect: Connect, olga: User, sample_workflow: Workflow, fast_timers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    read = queries.workflow_snapshot

    def read_slowly(workflow_id: str) -> WorkflowSnapshot:
        assert go_on.wait(TIMEOUT_SECONDS)
        return read(workflow_id)

    monkeypatch.setattr(queries, "workflow_snapshot", read_slowly)
    client = await connect(olga)
    await client.send(type="subscribe", target="workflow", id=str(sample_workflow.pk), ref="r")
    await until(lambda: bool(server.current().hub.watchers(workflow_room(str(sample_workflow.pk)))))
    await in_thread(olga.user_permissions.filter(codename="view_workflow").delete)
    await client.receive_until("unsubscribed")
    go_on.set()
    refusal = await client.receive_until("error", ref="r")
    assert refusal["error_type"] == "TargetNotFound"
    assert server.current().hub.watchers(workflow_room(str(sample_workflow.pk))) == frozenset()
