"""Signing in, staying signed in, signing out."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.test import APIClient

from realtime.authentication import identify
from realtime.errors import LoggedOut, UserDisabled
from realtime.models import EndedLogin, ended_logins
from tests import cast
from tests.conftest import AsUser

Pair = dict[str, str]


@pytest.fixture
def pair(alice: User) -> Pair:
    """Alice's tokens."""
    answer = APIClient().post("/api/auth/token/", {"username": "alice", "password": cast.PASSWORD}, "json")
    return dict(answer.json())


def post(path: str, **body: str) -> tuple[int, dict[str, str]]:
    answer = APIClient().post(f"/api/auth/{path}/", body, "json")
    return answer.status_code, answer.json() if answer.content else {}


def test_a_wrong_password_is_refused_in_a_sentence(alice: User) -> None:
    status, body = post("token", username="alice", password="wrong")
    assert status == 401
    assert "No active account" in str(body["error"])


def test_renewal_keeps_the_login_and_uses_the_token_up(pair: Pair) -> None:
    status, renewed = post("token/refresh", refresh=pair["refresh"])
    assert status == 200
    assert identify(renewed["access"]).login == identify(pair["access"]).login != ""
    assert post("token/refresh", refresh=pair["refresh"])[0] == 401


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


def test_the_pages_learn_what_they_may_offer(as_user: AsUser, alice: User, olga: User) -> None:
    assert as_user(alice).get("/api/auth/me/").json() == {
        "username": "alice",
        "can_view_agents": False,
        "is_staff": False,
    }
    assert as_user(olga).get("/api/auth/me/").json()["can_view_agents"] is True
    assert as_user(None).get("/api/auth/me/").status_code == 401


def test_a_logout_forgets_the_logins_whose_tokens_are_past_their_time(pair: Pair) -> None:
    login = identify(pair["access"]).login
    EndedLogin.objects.create(login="long ago", until=timezone.now() - timedelta(seconds=1))
    EndedLogin.objects.create(login="a minute ago", until=timezone.now() + timedelta(minutes=14))
    assert post("logout", refresh=pair["refresh"])[0] == 204
    assert set(EndedLogin.objects.values_list("login", flat=True)) == {"a minute ago", login} == ended_logins()
    with pytest.raises(LoggedOut):
        identify(pair["access"])
