"""Who gets in, how, until when; and what is said to those who do not."""

import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import override_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from realtime import queries, server
from realtime.database import in_thread
from realtime.models import end_login
from realtime.rooms import workflow_room
from tests import cast
from tests.realtime.inprocess_client import PATIENCE, Wire, token_of, until
from workflows.bodies import WorkflowSnapshot
from workflows.models import Workflow

Dial = Callable[..., Awaitable[Wire]]
Json = dict[str, Any]


async def test_hears_welcome_when_a_browser_shows_its_token_as_a_subprotocol(dial: Dial, alice: User) -> None:
    wire = await dial(alice, greet=False)
    welcome = await wire.hear()
    assert wire.subprotocol == "callboard.v1"
    assert (welcome["type"], welcome["protocol"], welcome["heartbeat_seconds"]) == ("welcome", "callboard.v1", 30)
    assert welcome["limits"] == {"subscriptions": 10, "messages_per_minute": 100}
    assert welcome["token_expires_at"] > welcome["timestamp"]


async def test_other_clients_use_the_authorization_header(dial: Dial, alice: User) -> None:
    wire = await dial(headers={"authorization": f"Bearer {token_of(alice)}"})
    assert (await wire.hear())["type"] == "welcome"
    assert wire.subprotocol is None


async def test_says_authenticate_as_the_first_message(dial: Dial, alice: User) -> None:
    wire = await dial()
    await wire.say(type="authenticate", token=token_of(alice))
    assert (await wire.hear())["type"] == "welcome"


async def test_a_token_in_the_url_is_not_looked_at(dial: Dial, alice: User) -> None:
    wire = await dial(path=f"/ws/?token={token_of(alice)}")
    assert (await wire.ask(type="subscribe", target="coordinator"))["error_type"] == "NotAuthenticated"


async def test_hears_pong_before_authentication_and_nothing_else(dial: Dial, sample_workflow: Workflow) -> None:
    wire = await dial()
    for message in (
        {"type": "subscribe", "target": "workflow", "id": str(sample_workflow.pk)},
        {"type": "unsubscribe", "target": "workflow", "id": str(sample_workflow.pk)},
        {"type": "control", "action": "cancel", "workflow_id": str(sample_workflow.pk)},
    ):
        assert (await wire.ask(**message))["error_type"] == "NotAuthenticated"
    assert await wire.hears_nothing()


async def test_close_4001_not_authenticated_with_an_invalid_token(dial: Dial, transactional_db: None) -> None:
    wire = await dial(token="eyJhbGciOiJIUzI1NiJ9.e30.x")
    assert (await wire.hear_until("error"))["error_type"] == "NotAuthenticated"
    assert await wire.hear_close() == 4001


async def test_close_4001_the_token_of_somebody_who_is_gone(dial: Dial, charlie: User) -> None:
    token = token_of(charlie)
    await sync_to_async(charlie.delete)()
    wire = await dial(token=token)
    assert await wire.hear_close() == 4001


async def test_close_4203_token_expired_before_it_came(dial: Dial, alice: User) -> None:
    wire = await dial(token=token_of(alice, seconds=-1))
    assert (await wire.hear_until("error"))["error_type"] == "TokenExpired"
    assert await wire.hear_close() == 4203


async def test_close_4003_user_disabled(dial: Dial, alice: User) -> None:
    await in_thread(User.objects.filter(pk=alice.pk).update, is_active=False)
    wire = await dial(token=token_of(alice))
    assert (await wire.hear_until("error"))["error_type"] == "UserDisabled"
    assert await wire.hear_close() == 4003


async def test_close_4007_unsupported_protocol(dial: Dial, alice: User) -> None:
    wire = await dial(subprotocols=["callboard.v9", f"bearer.{token_of(alice)}"])
    assert (await wire.hear_until("error"))["error_type"] == "UnsupportedProtocol"
    assert await wire.hear_close() == 4007
    assert wire.subprotocol is None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:81", "http://[", "localhost"])
async def test_close_4003_forbidden_origin_of_a_page(dial: Dial, alice: User, origin: str) -> None:
    headers = {"origin": origin, "host": "localhost:80", "authorization": f"Bearer {token_of(alice)}"}
    wire = await dial(headers=headers)
    assert (await wire.hear_until("error"))["error_type"] == "ForbiddenOrigin"
    assert await wire.hear_close() == 4003


async def test_close_4003_a_page_that_rebound_its_name_to_this_address(dial: Dial, alice: User) -> None:
    headers = {"origin": "http://evil.example:80", "host": "evil.example:80"}
    wire = await dial(token=token_of(alice), headers=headers)
    assert await wire.hear_close() == 4003


@pytest.mark.parametrize("host", ["localhost:8000", "[::1]:8000", "127.0.0.1"])
async def test_a_page_of_the_same_host_is_welcome(dial: Dial, alice: User, host: str) -> None:
    await dial(alice, headers={"origin": f"http://{host}", "host": host})


async def test_only_the_listed_origins_are_welcome(dial: Dial, alice: User) -> None:
    with override_settings(ALLOWED_ORIGINS=["https://studio.example"]):
        await dial(alice, headers={"origin": "https://Studio.example", "host": "localhost"})
        wire = await dial(token=token_of(alice), headers={"origin": "http://localhost", "host": "localhost"})
        assert await wire.hear_close() == 4003


async def test_close_4102_not_authenticated_in_time(dial: Dial, brisk: None) -> None:
    wire = await dial()
    assert (await wire.hear_until("error"))["error_type"] == "NotAuthenticated"
    assert await wire.hear_close() == 4102


async def test_close_4102_internal_error_when_the_server_cannot_find_out_who_it_is(
    dial: Dial, alice: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    token = token_of(alice)
    monkeypatch.setattr("realtime.connection.authentication.identify", lambda _: 1 / 0)
    wire = await dial(token=token)
    error = await wire.hear_until("error")
    assert (error["error_type"], error["retryable"]) == ("InternalError", True)
    assert await wire.hear_close() == 4102  # the token may be good: it is not thrown away
    assert "ZeroDivisionError" in caplog.text
    assert token not in caplog.text


async def test_a_token_that_runs_out_is_announced_and_then_ends_the_connection(
    dial: Dial, alice: User, brisk: None
) -> None:
    wire = await dial(token=token_of(alice, seconds=1.2))
    expiring = await wire.hear_until("token_expiring")
    assert 0 < expiring["expires_in"] <= 1.2
    assert (await wire.hear_until("error"))["error_type"] == "TokenExpired"
    assert await wire.hear_close() == 4203


async def test_hears_token_expiring_a_minute_ahead(dial: Dial, alice: User, brisk: None) -> None:
    wire = await dial(token=token_of(alice, seconds=61, age=839))
    assert await wire.hear_all_until_pong() == ["welcome", "pong"]
    assert 59 < (await wire.hear_until("token_expiring"))["expires_in"] <= 60


async def test_a_short_token_is_announced_to_expire_once_and_not_before_half_its_life(
    dial: Dial, alice: User, brisk: None
) -> None:
    token = token_of(alice, seconds=3)
    wire = await dial(token=token)
    assert 1 < (await wire.hear_until("token_expiring"))["expires_in"] <= 1.5
    assert (await wire.ask(type="authenticate", token=token))["type"] == "authenticated"
    assert await wire.communicator.receive_nothing(timeout=0.3)  # that many ticks; it is the same token
    assert (await wire.ask(type="authenticate", token=token_of(alice, seconds=3)))["type"] == "authenticated"
    assert (await wire.hear_until("token_expiring"))["expires_in"] <= 1.5


async def test_hears_authenticated_when_a_token_is_renewed_in_place(dial: Dial, alice: User, brisk: None) -> None:
    wire = await dial(token=token_of(alice, seconds=1.2))
    first = await wire.hear_until("welcome")
    await wire.hear_until("token_expiring")
    answer = await wire.ask(type="authenticate", token=token_of(alice, seconds=900))
    assert (answer["type"], answer["revoked"]) == ("authenticated", [])
    assert answer["token_expires_at"] > first["token_expires_at"]
    assert await wire.communicator.receive_nothing(timeout=1.5)


async def test_renewal_names_the_rooms_that_are_no_longer_allowed(
    dial: Dial, olga: User, sample_workflow: Workflow, settings: Settings
) -> None:
    wire = await dial(olga)
    await wire.ask(type="subscribe", target="agent", id="*")
    await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await in_thread(olga.user_permissions.filter(codename="view_agent").delete)
    answer = await wire.ask(type="authenticate", token=token_of(olga))
    assert answer["revoked"] == [{"target": "agent", "id": "*"}]


async def test_error_not_authenticated_when_a_renewal_fails_which_changes_nothing(
    dial: Dial, alice: User, bob: User
) -> None:
    wire = await dial(alice)
    for token in ("nonsense", token_of(alice, seconds=-1), token_of(bob)):
        assert (await wire.ask(type="authenticate", token=token))["error_type"] == "NotAuthenticated"
    assert await wire.hears_nothing()


async def test_a_user_who_is_disabled_is_put_out(dial: Dial, alice: User, brisk: None) -> None:
    wire = await dial(alice)
    await in_thread(User.objects.filter(pk=alice.pk).update, is_active=False)
    assert (await wire.hear_until("error"))["error_type"] == "UserDisabled"
    assert await wire.hear_close() == 4003


async def test_hears_unsubscribed_when_a_permission_is_lost_that_opened_the_room(
    dial: Dial, olga: User, sample_workflow: Workflow, brisk: None
) -> None:
    wire = await dial(olga)
    await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    await wire.ask(type="subscribe", target="coordinator")
    await in_thread(olga.user_permissions.filter(codename="view_workflow").delete)
    left = await wire.hear_until("unsubscribed")
    assert (left["target"], left["id"]) == ("workflow", str(sample_workflow.pk))
    assert (await wire.hear_until("error"))["error_type"] == "PermissionDenied"
    assert (await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk)))[
        "error_type"
    ] == "TargetNotFound"
    assert (await wire.ask(type="subscribe", target="coordinator"))["type"] == "subscribed"


async def test_http_post_auth_logout_closes_the_sockets_of_this_login_and_of_no_other(dial: Dial, alice: User) -> None:
    def sign_in() -> Json:
        body = {"username": "alice", "password": cast.PASSWORD}
        return dict(APIClient().post("/api/auth/token/", body, "json").json())

    def refresh(pair: Json) -> Json:
        return dict(APIClient().post("/api/auth/token/refresh/", {"refresh": pair["refresh"]}, "json").json())

    def log_out(pair: Json) -> int:
        return APIClient().post("/api/auth/logout/", {"refresh": pair["refresh"]}, "json").status_code

    laptop, phone = await in_thread(sign_in), await in_thread(sign_in)
    on_laptop, on_phone = await dial(token=laptop["access"]), await dial(token=phone["access"])
    rotated = await in_thread(refresh, laptop)
    assert await in_thread(log_out, rotated) == 204
    assert await on_laptop.hear_close() == 4001
    assert (await on_phone.hear_until("welcome"))["type"] == "welcome"
    assert await on_phone.hears_nothing()
    assert await in_thread(log_out, rotated) == 401
    # Its access token is good for a while; not for a new socket, though.
    again = await dial(token=laptop["access"])
    assert await again.hear_close() == 4001


async def test_a_logout_elsewhere_is_noticed_though_its_message_was_lost(dial: Dial, alice: User, brisk: None) -> None:
    ended, other = await dial(token=token_of(alice, login="laptop")), await dial(token=token_of(alice, login="phone"))
    await in_thread(end_login, "laptop")
    assert await ended.hear_close() == 4001
    assert (await other.hear())["type"] == "welcome"
    assert await other.hears_nothing()


async def test_an_ended_login_stays_ended_after_a_restart(dial: Dial, alice: User) -> None:
    token = token_of(alice, login="laptop")
    wire = await dial(token=token)
    await in_thread(end_login, "laptop")
    await server.stop()
    again = await dial(token=token)
    assert (await again.hear_until("error"))["error_type"] == "NotAuthenticated"
    assert await again.hear_close() == 4001
    await wire.hang_up()


async def test_who_logged_out_elsewhere_enters_no_further_room(
    dial: Dial, alice: User, sample_workflow: Workflow
) -> None:
    wire = await dial(token=token_of(alice, login="laptop"))
    await in_thread(end_login, "laptop")
    await wire.say(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    assert await wire.hear_close() == 4001


async def test_a_renewal_with_an_ended_login_is_refused(dial: Dial, alice: User) -> None:
    wire = await dial(token=token_of(alice, login="laptop"))
    await in_thread(end_login, "phone")
    answer = await wire.ask(type="authenticate", token=token_of(alice, login="phone"))
    assert (answer["type"], answer["error_type"]) == ("error", "NotAuthenticated")
    assert await wire.hear_all_until_pong() == ["pong"]  # its own login is still good


async def test_a_renewal_of_a_disabled_user_is_refused_and_the_connection_ends_soon(
    dial: Dial, alice: User, settings: Settings
) -> None:
    settings.REALTIME = {**settings.REALTIME, "RECHECK_SECONDS": 0.3}
    wire = await dial(alice)
    await in_thread(User.objects.filter(pk=alice.pk).update, is_active=False)
    answer = await wire.ask(type="authenticate", token=token_of(alice))
    assert (answer["type"], answer["error_type"]) == ("error", "NotAuthenticated")
    assert (await wire.hear_until("error"))["error_type"] == "UserDisabled"
    assert await wire.hear_close() == 4003


async def test_route_everything_is_subscribed_to_nothing_yet(dial: Dial, alice: User) -> None:
    wire = await dial(alice, path="/ws/")
    assert await wire.hears_nothing()
    assert server.current().hub.rooms() == []


@pytest.mark.parametrize(
    ("path", "target"),
    [("/ws/workflow/{}", "workflow"), ("/ws/agent/*", "agent"), ("/ws/coordinator", "coordinator")],
    ids=["workflow", "agent", "coordinator"],
)
async def test_route(dial: Dial, olga: User, sample_workflow: Workflow, path: str, target: str) -> None:
    wire = await dial(olga, path=path.format(sample_workflow.pk))
    answer = await wire.hear()
    assert (answer["type"], answer["target"]) == ("subscribed", target)
    assert (await wire.ask(type="subscribe", target="workflow", id=str(sample_workflow.pk)))["type"] == "subscribed"


async def test_a_route_to_nowhere_says_so_and_stays_open(dial: Dial, alice: User) -> None:
    wire = await dial(alice, path="/ws/workflow/not-a-uuid")
    assert (await wire.hear())["error_type"] == "InvalidTarget"
    assert await wire.hears_nothing()


async def test_who_is_evicted_while_the_snapshot_is_read_does_not_get_it(
    dial: Dial, olga: User, sample_workflow: Workflow, brisk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    read = queries.workflow_snapshot

    def read_slowly(workflow_id: str) -> WorkflowSnapshot:
        assert go_on.wait(PATIENCE)
        return read(workflow_id)

    monkeypatch.setattr(queries, "workflow_snapshot", read_slowly)
    wire = await dial(olga)
    await wire.say(type="subscribe", target="workflow", id=str(sample_workflow.pk), ref="r")
    await until(lambda: bool(server.current().hub.watchers(workflow_room(str(sample_workflow.pk)))))
    await in_thread(olga.user_permissions.filter(codename="view_workflow").delete)
    await wire.hear_until("unsubscribed")
    go_on.set()
    refusal = await wire.hear_until("error", lambda message: message["ref"] == "r")
    assert refusal["error_type"] == "TargetNotFound"
    assert server.current().hub.watchers(workflow_room(str(sample_workflow.pk))) == frozenset()
