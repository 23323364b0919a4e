"""Signing in, staying signed in, signing out."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.logins import ended_logins
from accounts.models import EndedLogin, FailedSignIn
from realtime.connection.authentication import identify
from realtime.wire.errors import LoggedOut, UserDisabled
from tests import cast
from tests.fixtures.people import AsUser

Pair = dict[str, str]


@pytest.fixture
def pair(alice: User) -> Pair:
    """Alice's tokens."""
    answer = APIClient().post("/api/auth/token/", {"username": "alice", "password": cast.PASSWORD}, "json")
    return dict(answer.json())


def post(path: str, **body: str) -> tuple[int, dict[str, str]]:
    answer = APIClient().post(f"/api/auth/{path}/", body, "json")
    return answer.status_code, answer.json() if answer.content else {}


@pytest.mark.covers("http_post_auth_token")
def test_a_wrong_password_is_refused_with_a_message(alice: User) -> None:
    status, body = post("token", username="alice", password="wrong")
    assert status == 401
    assert "No active account" in str(body["error"])


@pytest.mark.covers("http_post_auth_token_refresh")
def test_a_refresh_keeps_the_login(pair: Pair) -> None:
    status, renewed = post("token/refresh", refresh=pair["refresh"])
    assert status == 200
    assert identify(renewed["access"]).login == identify(pair["access"]).login != ""


def test_who_lost_the_answer_to_a_refresh_asks_again_with_the_old_token(pair: Pair) -> None:
    post("token/refresh", refresh=pair["refresh"])  # by a page that was left before the answer came
    status, renewed = post("token/refresh", refresh=pair["refresh"])
    assert status == 200
    assert post("token/refresh", refresh=renewed["refresh"])[0] == 200


def test_a_refresh_token_that_comes_again_later_ends_its_login(pair: Pair, settings: Settings) -> None:
    _, renewed = post("token/refresh", refresh=pair["refresh"])
    settings.REFRESH_REUSE_SECONDS = 0
    assert post("token/refresh", refresh=pair["refresh"])[0] == 401
    assert post("token/refresh", refresh=renewed["refresh"])[0] == 401
    with pytest.raises(LoggedOut):
        identify(renewed["access"])


def test_after_a_logout_no_token_comes_again(pair: Pair) -> None:
    _, renewed = post("token/refresh", refresh=pair["refresh"])
    post("logout", refresh=renewed["refresh"])
    assert [post("token/refresh", refresh=each["refresh"])[0] for each in (pair, renewed)] == [401, 401]


def test_each_login_is_another(pair: Pair) -> None:
    _, second = post("token", username="alice", password=cast.PASSWORD)
    assert identify(second["access"]).login != identify(pair["access"]).login


@pytest.mark.parametrize("path", ["token/refresh", "logout"])
@pytest.mark.parametrize("given", [{"refresh": "nonsense"}, {}])
def test_what_is_no_refresh_token_is_refused(path: str, given: Pair, db: None) -> None:
    assert post(path, **given)[0] in (400, 401)


def test_who_is_gone_or_disabled_is_not_renewed(pair: Pair, alice: User) -> None:
    identity = identify(pair["access"])
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert post("token/refresh", refresh=pair["refresh"])[0] == 401
    with pytest.raises(UserDisabled):
        identity.user()
    alice.delete()
    assert post("token/refresh", refresh=pair["refresh"])[0] == 401


@pytest.mark.covers("http_get_auth_me")
def test_a_user_sees_what_they_may_do(as_user: AsUser, alice: User, olga: User) -> None:
    assert as_user(alice).get("/api/auth/me/").json() == {
        "username": "alice",
        "can_view_agents": False,
        "can_change_agents": False,
        "can_view_workflows": False,
        "is_staff": False,
    }
    assert as_user(olga).get("/api/auth/me/").json()["can_view_agents"] is True
    assert as_user(None).get("/api/auth/me/").status_code == 401


def test_a_logout_forgets_the_logins_whose_tokens_are_past_their_time(pair: Pair) -> None:
    login = identify(pair["access"]).login
    EndedLogin.objects.create(login="long ago", until=timezone.now() - timedelta(seconds=1))
    EndedLogin.objects.create(login="a minute ago", until=timezone.now() + timedelta(minutes=14))
    assert post("logout", refresh=pair["refresh"])[0] == 204
    kept = set(EndedLogin.objects.values_list("login", flat=True))
    assert kept == {"a minute ago", login} == ended_logins(["long ago", "a minute ago", login, "another"])
    with pytest.raises(LoggedOut):
        identify(pair["access"])


# --- failed sign-ins ------------------------------------------------------------------------------


@pytest.fixture
def two_failures(settings: Settings) -> None:
    """An address may fail twice a minute."""
    settings.LOGIN_FAILURES_PER_MINUTE = 2


class Answer(NamedTuple):
    """What signing in gives."""

    status: int
    body: dict[str, Any]
    retry_after: str


def sign_in(
    password: str,
    address: str = "203.0.113.1",
    *,
    username: str = "alice",
    on: APIClient | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    body = {"username": username, "password": password}
    answer = (on or APIClient()).post("/api/auth/token/", body, "json", REMOTE_ADDR=address, headers=headers or {})
    return Answer(answer.status_code, answer.json(), answer.headers.get("Retry-After", ""))


def test_an_address_that_fails_too_often_has_to_wait(alice: User, two_failures: None) -> None:
    assert [sign_in("wrong").status for _ in range(2)] == [401, 401]
    refused = sign_in(cast.PASSWORD)
    error = refused.body["error"]
    assert (refused.status, error["type"], error["retryable"]) == (429, "RateLimitExceeded", True)
    assert error["message"] == f"Too many sign-ins have failed. Try again in {error['retry_after']} seconds."
    assert 0 < int(refused.retry_after) == error["retry_after"] <= 60
    assert sign_in(cast.PASSWORD, "203.0.113.2").status == 200
    assert (
        sign_in(cast.PASSWORD, headers={"X-Forwarded-For": "203.0.113.9"}).status == 429
    )  # any client can send that header


def test_an_ipv6_subscriber_has_many_addresses_and_fails_with_all_of_them(alice: User, two_failures: None) -> None:
    assert [sign_in("wrong", f"2001:db8::{number}").status for number in range(3)] == [401, 401, 429]
    assert sign_in("wrong", "2001:db8:0:1::").status == 401


def test_sign_ins_that_succeed_do_not_count(alice: User, settings: Settings) -> None:
    settings.LOGIN_FAILURES_PER_ACCOUNT = 2
    assert sign_in("wrong").status == 401
    assert [sign_in(cast.PASSWORD).status for _ in range(5)] == [200] * 5
    assert [sign_in("wrong").status for _ in range(2)] == [401, 429]


def test_an_account_cannot_be_guessed_from_one_place_for_a_quarter_of_an_hour(
    alice: User, bob: User, settings: Settings
) -> None:
    settings.LOGIN_FAILURES_PER_ACCOUNT = 3
    assert [sign_in("wrong").status for _ in range(5)] == [401, 401, 401, 429, 429]
    refused = sign_in(cast.PASSWORD)
    assert (refused.status, 800 < int(refused.retry_after) <= 900) == (429, True)
    assert sign_in(cast.PASSWORD, username="bob").status == 200  # others at that office are let in
    FailedSignIn.objects.update(at=timezone.now() - timedelta(minutes=15))
    assert sign_in(cast.PASSWORD).status == 200


def test_strangers_can_lock_nobody_out_of_where_they_have_been_before(alice: User, settings: Settings) -> None:
    settings.LOGIN_FAILURES_PER_ACCOUNT = 1
    assert sign_in(cast.PASSWORD, "198.51.100.1").status == 200
    for number in range(10):
        assert sign_in("wrong", f"203.0.113.{number}").status == 401
    assert sign_in(cast.PASSWORD, "203.0.113.99").status == 429
    assert sign_in(cast.PASSWORD, "198.51.100.1").status == 200


def test_nobody_at_an_office_can_lock_out_its_people(alice: User, bob: User, two_failures: None) -> None:
    assert sign_in(cast.PASSWORD).status == 200
    assert [sign_in("wrong", username=f"guess {number}").status for number in range(3)] == [401, 401, 429]
    assert sign_in(cast.PASSWORD).status == 200
    assert sign_in(cast.PASSWORD, username="bob").status == 429  # has not been there yet, and waits for a minute


def test_a_browser_that_somebody_has_signed_in_with_is_a_place_of_its_own(alice: User, settings: Settings) -> None:
    settings.LOGIN_FAILURES_PER_ACCOUNT = 1
    own, stranger = APIClient(), APIClient()
    assert sign_in(cast.PASSWORD, on=own).status == 200
    assert [sign_in("wrong", on=stranger).status for _ in range(2)] == [401, 429]  # behind the same address
    assert sign_in(cast.PASSWORD, on=own).status == 200
    assert [sign_in("wrong", on=own).status for _ in range(2)] == [401, 429]


def test_the_admin_counts_the_same_failures(alice: User, two_failures: None) -> None:
    assert [sign_in("wrong").status for _ in range(2)] == [401, 401]
    form = {"username": "alice", "password": cast.PASSWORD}
    page = APIClient().post("/admin/login/", form, REMOTE_ADDR="203.0.113.1")
    assert "Too many sign-ins have failed. Try again in" in page.content.decode()


def test_a_name_that_does_not_exist_is_answered_like_one_that_does(alice: User, settings: Settings) -> None:
    settings.LOGIN_FAILURES_PER_ACCOUNT = 1
    known, unknown = ([sign_in("wrong", username=name) for _ in range(2)] for name in ("alice", "nobody"))
    assert [answer.body["error"]["message"][:40] for answer in known] == [
        answer.body["error"]["message"][:40] for answer in unknown
    ]


def test_who_has_no_address_is_not_counted(alice: User, two_failures: None) -> None:
    assert [sign_in("wrong", "").status for _ in range(4)] == [401] * 4
