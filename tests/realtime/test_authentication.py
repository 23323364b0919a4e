"""What a handshake shows: a token, an address, an origin, subprotocols. Who the user is: see test_connecting.py."""

from typing import Any

import pytest
from pytest_django import Settings

from realtime.connection.authentication import (
    Identity,
    check_handshake,
    chosen_subprotocol,
    host_of,
    identify,
    token_of,
)
from realtime.wire.errors import ForbiddenOrigin, NotAuthenticated, UnsupportedProtocol

Scope = dict[str, Any]


def scope(*subprotocols: str, **headers: str) -> Scope:
    """A handshake: with an accept header before, and others after those that are given."""
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"subprotocols": list(subprotocols), "headers": [(b"accept", b"*/*"), *given, (b"via", b"proxy")]}


@pytest.mark.parametrize(("lifetime", "warned_before"), [(900.0, 60.0), (120.0, 60.0), (100.0, 50.0), (3.0, 1.5)])
def test_the_warning_comes_a_minute_before_the_end_but_not_in_the_first_half(
    lifetime: float, warned_before: float
) -> None:
    identity = Identity(1, "alice", "laptop", issued_at=5000.0, expires_at=5000.0 + lifetime)
    assert identity.warn_at(60.0) == identity.expires_at - warned_before


@pytest.mark.parametrize(
    ("handshake", "token"),
    [
        (scope("callboard.v1", "bearer.abc"), "abc"),
        (scope("bearer.abc", "bearer.def"), "abc"),
        (scope("callboard.v1", authorization="Bearer abc"), "abc"),
        (scope(authorization="bEARER  abc "), "abc"),
        (scope(Authorization="Bearer abc"), "abc"),
        (scope("bearer.abc", authorization="Bearer def"), "abc"),
        (scope(authorization="Basic abc"), ""),
        (scope(authorization="abc"), ""),
        (scope("callboard.v1"), ""),
        ({}, ""),
    ],
)
def test_the_token_comes_as_a_subprotocol_or_as_a_header(handshake: Scope, token: str) -> None:
    assert token_of(handshake) == token


@pytest.mark.parametrize(
    ("handshake", "host"),
    [({"client": ("203.0.113.1", 4711)}, "203.0.113.1"), ({"client": None}, ""), ({"client": ("", 0)}, ""), ({}, "")],
)
def test_the_address_of_a_client_is_empty_for_a_unix_socket(handshake: Scope, host: str) -> None:
    assert host_of(handshake) == host


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["callboard.v1"], "callboard.v1"),
        (["chat", "bearer.abc", "callboard.v1"], "callboard.v1"),
        (["bearer.abc"], None),
        ([], None),
    ],
)
def test_the_server_chooses_its_own_subprotocol_and_never_a_token(offered: list[str], chosen: str | None) -> None:
    handshake = scope(*offered)
    check_handshake(handshake)
    assert chosen_subprotocol(handshake) == chosen


@pytest.mark.parametrize("offered", [["chat"], ["chat", "bearer.abc"], ["callboard.v2"]])
def test_a_handshake_that_offers_only_other_subprotocols_is_refused(offered: list[str]) -> None:
    with pytest.raises(UnsupportedProtocol):
        check_handshake(scope(*offered))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("", "localhost"),
        ("http://localhost", "localhost"),
        ("HTTP://LocalHost:8000", "localhost:8000"),
        ("https://localhost:8000", "LOCALHOST:8000"),
    ],
)
def test_a_page_of_this_host_and_a_client_without_an_origin_may_connect(origin: str, host: str) -> None:
    check_handshake(scope(origin=origin, host=host))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:81", "localhost:80"),
        ("http://evil.example", "localhost"),
        ("http://evil.example", "evil.example"),  # it rebound its name to this address
        ("http://localhost", "evil.example"),
        ("http://localhost", ""),
        ("localhost", "localhost"),
        ("null", "localhost"),
    ],
)
def test_a_page_of_another_host_may_not_connect(
    origin: str, host: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    with pytest.raises(ForbiddenOrigin):
        check_handshake(scope(origin=origin, host=host))
    assert repr(origin) in caplog.text


@pytest.mark.parametrize("origin", ["https://studio.example", "https://STUDIO.example/", "http://127.0.0.1:5173"])
def test_the_listed_origins_may_connect_however_they_are_spelt(origin: str, settings: Settings) -> None:
    settings.ALLOWED_ORIGINS = ["https://Studio.example/", "http://127.0.0.1:5173"]
    check_handshake(scope(origin=origin, host="localhost"))


def test_where_origins_are_listed_the_same_host_alone_is_not_enough(settings: Settings) -> None:
    settings.ALLOWED_ORIGINS = ["https://studio.example"]
    with pytest.raises(ForbiddenOrigin):
        check_handshake(scope(origin="http://localhost", host="localhost"))


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "\x00", "é.é.é"])
def test_what_is_no_token_is_not_authenticated(token: str) -> None:
    with pytest.raises(NotAuthenticated):
        identify(token)
