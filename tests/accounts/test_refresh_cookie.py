"""The pages' refresh token is in a cookie that no script can read, and that no other page can use."""

from http.cookies import Morsel

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests import cast

JSON = "application/json"
IN_COOKIE = {"X-Refresh-Cookie": "yes"}
NAME = "callboard_refresh"


@pytest.fixture
def browser(alice: User) -> Client:
    """One in which Alice has signed in on the page."""
    browser = Client()
    answer = post(browser, "token", username="alice", password=cast.PASSWORD)
    assert set(answer.json()) == {"access"}  # type: ignore[attr-defined]
    return browser


def post(browser: Client, path: str, headers: dict[str, str] = IN_COOKIE, **body: str) -> HttpResponse:
    answer: HttpResponse = browser.post(f"/api/auth/{path}/", body, content_type=JSON, headers=headers)  # type: ignore[assignment]
    return answer


def cookie(browser: Client) -> "Morsel[str]":
    return browser.cookies[NAME]


@pytest.mark.parametrize("https", [True, False])
def test_scripts_and_other_pages_do_not_get_it(alice: User, settings: Settings, https: bool) -> None:
    settings.HTTPS = https
    browser = Client()
    post(browser, "token", username="alice", password=cast.PASSWORD)
    kept = cookie(browser)
    assert (kept["httponly"], kept["samesite"], kept["path"], bool(kept["secure"])) == (
        True,
        "Strict",
        "/api/auth/",
        https,
    )


def test_it_renews_rotates_and_ends(browser: Client) -> None:
    first = cookie(browser).value
    assert set(post(browser, "token/refresh").json()) == {"access"}  # type: ignore[attr-defined]
    assert cookie(browser).value != first
    kept = cookie(browser).value
    assert post(browser, "logout").status_code == 204
    assert cookie(browser).value == ""
    assert post(Client(), "token/refresh", refresh=kept).status_code == 401


@pytest.mark.parametrize("path", ["token/refresh", "logout", "admin"])
def test_it_does_nothing_without_the_header_that_only_our_pages_can_send(browser: Client, path: str) -> None:
    assert post(browser, path, headers={}).status_code == 400


def test_a_page_of_another_origin_may_not_send_that_header(client: Client, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://studio.example"]
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-refresh-cookie"}
    answer = client.options("/api/auth/token/refresh/", headers={"Origin": "https://studio.example", **asks})
    assert "x-refresh-cookie" not in answer.headers.get("Access-Control-Allow-Headers", "").lower()
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_browser_without_it_is_signed_out(db: None) -> None:
    assert post(Client(), "token/refresh").status_code == 401


def test_what_an_earlier_version_kept_in_the_page_moves_into_the_cookie(alice: User) -> None:
    browser = Client()
    kept = post(browser, "token", headers={}, username="alice", password=cast.PASSWORD).json()  # type: ignore[attr-defined]
    assert "refresh" not in post(browser, "token/refresh", refresh=kept["refresh"]).json()  # type: ignore[attr-defined]
    assert post(browser, "token/refresh").status_code == 200
