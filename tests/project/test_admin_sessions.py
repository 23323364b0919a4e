"""One sign-in for the pages and the admin: from the one to the other without the password, and out of both at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.logins import forget_expired
from accounts.models import AdminSession
from tests import cast

ADMIN, SESSION = "/api/auth/admin/", "/api/auth/session/"
JSON = "application/json"


@pytest.fixture
def ada(db: None) -> User:
    """A member of the staff."""
    return User.objects.create_superuser("ada", password=cast.PASSWORD)


@pytest.fixture
def browser() -> Client:
    """Keeps cookies, and is held to CSRF tokens."""
    return Client(enforce_csrf_checks=True)


def post(browser: Client, path: str, headers: dict[str, str] | None = None, **body: str) -> Any:  # noqa: ANN401
    return browser.post(path, body, content_type=JSON, headers=headers or {})


def sign_in(browser: Client, who: str = "ada") -> dict[str, str]:
    """The tokens of the pages."""
    return dict(post(browser, "/api/auth/token/", username=who, password=cast.PASSWORD).json())


def log_in(browser: Client) -> None:
    """Into the admin, with its form."""
    browser.get("/admin/login/")
    given = {"username": "ada", "password": cast.PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    assert browser.post("/admin/login/?next=/admin/", given).status_code == 302


def tokens_from_session(browser: Client) -> HttpResponse:
    browser.get(SESSION)
    token = browser.cookies["csrftoken"].value
    answer: HttpResponse = post(browser, SESSION, {"X-CSRFToken": token})
    return answer


def is_in_admin(browser: Client) -> bool:
    return browser.get("/admin/").status_code == 200


def is_renewed(browser: Client, pair: dict[str, str]) -> bool:
    return bool(post(browser, "/api/auth/token/refresh/", refresh=pair["refresh"]).status_code == 200)


@pytest.mark.covers("http_post_auth_admin", "http_get_auth_session")
def test_staff_go_from_the_pages_to_the_admin_and_are_out_of_both_when_they_sign_out(
    ada: User, browser: Client
) -> None:
    pair = sign_in(browser)
    assert post(browser, ADMIN, refresh=pair["refresh"]).status_code == 204
    assert is_in_admin(browser)
    assert browser.get(SESSION).json() == {"username": "ada"}
    assert post(browser, "/api/auth/logout/", refresh=pair["refresh"]).status_code == 204
    assert not is_in_admin(browser)
    assert browser.get(SESSION).status_code == 401
    assert not AdminSession.objects.exists()


def test_a_renewed_login_ends_the_session_that_its_first_token_opened(ada: User, browser: Client) -> None:
    pair = sign_in(browser)
    post(browser, ADMIN, refresh=pair["refresh"])
    renewed = post(browser, "/api/auth/token/refresh/", refresh=pair["refresh"]).json()
    post(browser, "/api/auth/logout/", refresh=renewed["refresh"])
    assert not is_in_admin(browser)


@pytest.mark.covers("http_post_auth_session")
def test_who_is_in_the_admin_gets_tokens_for_the_pages_and_loses_them_with_the_session(
    ada: User, browser: Client
) -> None:
    log_in(browser)
    answer = tokens_from_session(browser)
    assert answer.status_code == 200
    pair = answer.json()  # type: ignore[attr-defined]
    me = browser.get("/api/auth/me/", headers={"Authorization": f"Bearer {pair['access']}"})
    assert me.json()["username"] == "ada"
    token = browser.cookies["csrftoken"].value
    browser.post("/admin/logout/", {"csrfmiddlewaretoken": token})
    assert not is_renewed(browser, pair)


def test_to_sign_out_of_the_pages_ends_the_session_that_they_came_from(ada: User, browser: Client) -> None:
    log_in(browser)
    first, second = (tokens_from_session(browser).json() for _ in range(2))  # type: ignore[attr-defined]
    post(browser, "/api/auth/logout/", refresh=first["refresh"])
    assert not is_in_admin(browser)
    assert not is_renewed(browser, second)  # of the same login


def test_another_browser_of_the_same_person_stays_signed_in(ada: User, browser: Client) -> None:
    other = Client(enforce_csrf_checks=True)
    log_in(other)
    pair, others = sign_in(browser), tokens_from_session(other).json()  # type: ignore[attr-defined]
    post(browser, ADMIN, refresh=pair["refresh"])
    post(browser, "/api/auth/logout/", refresh=pair["refresh"])
    assert is_in_admin(other)
    assert is_renewed(other, others)


def test_who_is_no_staff_gets_no_session(alice: User, browser: Client) -> None:
    answer = post(browser, ADMIN, refresh=sign_in(browser, "alice")["refresh"])
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "PermissionDenied")
    assert "sessionid" not in browser.cookies


@pytest.mark.parametrize("kind", ["access", "nonsense", "revoked", "of a login that has ended", "of a disabled user"])
def test_only_a_good_refresh_token_opens_a_session(ada: User, browser: Client, settings: Settings, kind: str) -> None:
    settings.REFRESH_REUSE_SECONDS = 0
    pair = sign_in(browser)
    token = {"access": pair["access"], "nonsense": "x.y.z"}.get(kind, pair["refresh"])
    if kind == "revoked":
        post(browser, "/api/auth/token/refresh/", refresh=token)
    if kind == "of a login that has ended":
        token = post(browser, "/api/auth/token/refresh/", refresh=token).json()["refresh"]
        post(browser, "/api/auth/logout/", refresh=token)
    if kind == "of a disabled user":
        User.objects.update(is_active=False)
    assert post(browser, ADMIN, refresh=token).status_code == 401
    assert "sessionid" not in browser.cookies


def test_a_page_of_another_origin_can_neither_open_a_session_nor_take_tokens(ada: User, browser: Client) -> None:
    log_in(browser)
    pair = sign_in(Client())
    as_a_form = browser.post(ADMIN, f'{{"refresh": "{pair["refresh"]}"}}', content_type="text/plain")
    assert as_a_form.status_code == 415
    assert post(browser, SESSION).status_code == 403  # without the CSRF token
    foreign = {"X-CSRFToken": browser.cookies["csrftoken"].value, "Origin": "https://evil.example"}
    assert post(browser, SESSION, foreign).status_code == 403


def test_without_a_session_there_are_no_tokens(db: None, browser: Client) -> None:
    assert post(browser, SESSION).status_code == browser.get(SESSION).status_code == 401


def test_the_cookie_of_the_admin_opens_nothing_else_of_the_api(ada: User, browser: Client) -> None:
    log_in(browser)
    for path in ("/api/auth/me/", "/api/workflows/", "/api/agents/"):
        assert browser.get(path).status_code == 401


def test_sessions_that_have_expired_are_forgotten(ada: User, browser: Client) -> None:
    expired = timezone.now() - timedelta(seconds=1)
    AdminSession.objects.create(session_key="old", session_data="", expire_date=expired)
    forget_expired()
    assert not AdminSession.objects.exists()
