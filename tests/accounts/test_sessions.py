"""Where one is signed in, and the end of that."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from accounts.devices import device_name
from tests import cast
from tests.accounts.test_ends_everywhere import SignIn
from tests.fixtures.people import AsUser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.covers("http_get_sessions")
def test_a_person_sees_where_they_are_signed_in(alice: User, bob: User) -> None:
    laptop, _ = SignIn("alice", "203.0.113.7"), SignIn("bob")
    Client(headers={"User-Agent": FIREFOX}).post(
        "/api/auth/token/", {"username": "alice", "password": cast.PASSWORD}, content_type="application/json"
    )
    laptop.is_renewed()  # the last that was used comes first
    first, second = laptop.browser.get("/api/sessions/", headers=laptop.headers()).json()
    assert (first["device"], first["address"], first["is_current"]) == ("curl", "203.0.113.7", True)
    assert (second["device"], second["is_current"]) == ("Firefox on Linux", False)
    assert first["created_at"] < first["last_used_at"]


def test_a_person_ends_one_of_their_sign_ins(alice: User) -> None:
    laptop, phone = SignIn("alice"), SignIn("alice")
    (ended,) = [
        each["id"]
        for each in laptop.browser.get("/api/sessions/", headers=laptop.headers()).json()
        if not each["is_current"]
    ]
    assert laptop.browser.delete(f"/api/sessions/{ended}/", headers=laptop.headers()).status_code == 204
    assert (phone.get("/api/auth/me/"), phone.is_renewed(), laptop.get("/api/auth/me/")) == (401, False, 200)
    assert laptop.browser.delete(f"/api/sessions/{ended}/", headers=laptop.headers()).status_code == 404


def test_nobody_ends_the_sign_in_of_another(alice: User, bob: User) -> None:
    alices, bobs = SignIn("alice"), SignIn("bob")
    (session,) = alices.browser.get("/api/sessions/", headers=alices.headers()).json()
    assert bobs.browser.delete(f"/api/sessions/{session['id']}/", headers=bobs.headers()).status_code == 404
    assert alices.get("/api/auth/me/") == 200


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("not it", "an entirely other phrase", "old"), (cast.PASSWORD, "12345678", "new"), (cast.PASSWORD, "", "new")],
)
def test_a_password_is_changed_by_who_knows_it_and_to_a_good_one(
    as_user: AsUser, alice: User, old: str, new: str, field: str
) -> None:
    answer = as_user(alice).post("/api/auth/password/", {"old": old, "new": new})
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    assert SignIn("alice").get("/api/auth/me/") == 200


def test_the_old_password_cannot_be_guessed_with_a_stolen_token(as_user: AsUser, alice: User) -> None:
    thief = as_user(alice)
    answers = [
        thief.post("/api/auth/password/", {"old": f"guess {number}", "new": "an entirely other phrase"}).status_code
        for number in range(12)
    ]
    assert answers == [400] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        ("python-httpx2/0.28.1", "python-httpx2"),
        ("", ""),
        ("x" * 5_000, "x" * 40),
    ],
)
def test_a_device_has_a_name_that_a_person_knows(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
