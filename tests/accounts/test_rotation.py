"""Refresh tokens: what the database keeps of them, and who may ask twice."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework_simplejwt.tokens import RefreshToken

from accounts import logins
from accounts.models import Login, RotatedToken
from tests.accounts.test_ends_everywhere import SignIn
from tests.accounts.test_refresh_cookie import cookie, post

JSON = "application/json"


def renewed(refresh: str) -> dict[str, str] | None:
    """What the refresh token is exchanged for; None when it is refused."""
    answer = Client().post("/api/auth/token/refresh/", {"refresh": refresh}, content_type=JSON)
    return dict(answer.json()) if answer.status_code == 200 else None


def successor(refresh: str) -> str:
    pair = renewed(refresh)
    assert pair is not None
    return pair["refresh"]


def claims(refresh: str) -> tuple[str, str, int]:
    token = RefreshToken(refresh)  # type: ignore[arg-type]
    return str(token["jti"]), str(token[logins.LOGIN_CLAIM]), int(token["exp"])


def test_no_token_stands_in_the_database(alice: User) -> None:
    person = SignIn("alice")
    person.is_renewed()
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names() if name != "sqlite_sequence"]
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            stored = str(cursor.fetchall())
            assert "eyJ" not in stored, table
            assert claims(person.pair["refresh"])[0] not in stored, table


def test_whoever_asks_again_gets_the_very_same_successor(alice: User) -> None:
    first = SignIn("alice").pair["refresh"]
    assert claims(successor(first)) == claims(successor(first))
    assert RotatedToken.objects.filter(used_at=None).count() == 1  # nobody has a line of their own


def test_tabs_that_ask_at_the_same_moment_all_stay_signed_in(alice: User, transactional_db: None) -> None:
    first, got = SignIn("alice").pair["refresh"], list[str]()
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait()
        got.append(claims(successor(first))[0])
        connection.close()

    tabs = [threading.Thread(target=ask) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(got) == 4
    assert len(set(got)) == 1


def test_who_lost_several_answers_gets_the_newest(alice: User) -> None:
    first = SignIn("alice").pair["refresh"]
    third = successor(successor(first))
    assert claims(successor(first))[0] == claims(third)[0]


def test_a_thief_and_the_robbed_cannot_both_go_on(alice: User, settings: Settings) -> None:
    first = SignIn("alice").pair["refresh"]
    stolen = kept = successor(first)
    kept = successor(kept)  # the robbed goes on
    RotatedToken.objects.update(used_at=timezone.now() - timedelta(seconds=31))
    assert renewed(stolen) is None
    assert renewed(kept) is None
    assert not Login.objects.exists()


def test_a_signed_token_that_nobody_was_given_renews_nothing(alice: User) -> None:
    forged = RefreshToken.for_user(alice)  # by somebody who has the key of another copy of this installation
    assert renewed(str(forged)) is None


def test_expired_logins_are_forgotten_with_their_tokens(alice: User) -> None:
    SignIn("alice")
    past = timezone.now() - timedelta(seconds=1)
    Login.objects.update(expires_at=past)
    RotatedToken.objects.update(expires_at=past)
    logins.forget_expired()
    assert not Login.objects.exists()
    assert not RotatedToken.objects.exists()


def test_who_signs_in_takes_the_browser_over_from_who_was_signed_in_there(alice: User, bob: User) -> None:
    browser = Client()
    post(browser, "token", username="alice", password="the show must go on")
    alices = cookie(browser).value
    post(browser, "token", username="bob", password="the show must go on")
    assert renewed(alices) is None
    assert not alice.logins.exists()
    assert bob.logins.count() == 1


@pytest.mark.parametrize("kept", ["nonsense", ""])
def test_a_cookie_that_is_no_token_keeps_nobody_from_signing_in(alice: User, kept: str) -> None:
    browser = Client()
    browser.cookies["callboard_refresh"] = kept
    assert post(browser, "token", username="alice", password="the show must go on").status_code == 200
