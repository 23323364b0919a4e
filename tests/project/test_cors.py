"""Pages of other origins: those of ALLOWED_ORIGINS may use the API with a token, as they may open sockets; no others, and no cookies."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from channels.routing import URLRouter
from django.test import Client
from pytest_django import Settings

from project import env
from realtime.routing import http_routes
from tests.server import Server
from tests.websocket_client import connected_client

THEIRS, STRANGE = "https://studio.example", "https://evil.example"
ID = UUID(int=1)
WORKFLOW = f"/api/workflows/{ID}/"
DOORS = ("/api/auth/token/", "/api/workflows/", WORKFLOW, f"{WORKFLOW}artifacts/{ID}/", "/api/agents/")
CLOSED = ("/admin/", "/admin/login/", "/api/auth/admin/", "/api/auth/session/", "/metrics", "/healthz", "/workflows")


@pytest.fixture(autouse=True)
def their_origin(settings: Settings) -> None:
    """Pages of one other origin are allowed."""
    settings.CORS_ALLOWED_ORIGINS = [THEIRS]


def preflight(path: str, origin: str = THEIRS) -> Any:  # noqa: ANN401 - Django's test client has no type for it
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    return Client().options(path, headers=asked)


@pytest.mark.parametrize("path", DOORS)
def test_a_preflight_is_answered_without_the_database_and_kept_for_long(path: str) -> None:
    answer = preflight(path)  # the fixtures of this test open no database: a query would fail
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == THEIRS
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert int(answer.headers["Access-Control-Max-Age"]) >= 7_200
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize("path", DOORS)
def test_a_page_of_a_strange_origin_is_told_nothing(path: str) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(path, STRANGE).headers


@pytest.mark.parametrize("path", CLOSED)
def test_what_is_not_the_api_or_opened_by_a_cookie_is_for_its_own_pages_alone(path: str, db: None) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(path).headers


def test_a_refusal_can_be_read_by_the_page_that_asked(db: None) -> None:
    answer = Client().get("/api/workflows/", headers={"Origin": THEIRS})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, THEIRS)
    assert "origin" in answer.headers["Vary"].lower()


def test_a_player_may_read_what_it_needs_for_ranges(db: None) -> None:
    exposed = Client().get(WORKFLOW, headers={"Origin": THEIRS}).headers["Access-Control-Expose-Headers"]
    assert {"accept-ranges", "content-range", "etag"} <= set(exposed.split(", "))


async def test_long_polls_have_the_same_headers(db: None) -> None:
    transport = httpx2.ASGITransport(URLRouter(http_routes))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        asked = {"Origin": THEIRS, "Access-Control-Request-Method": "GET"}
        assert (await http.options(f"{WORKFLOW}events/", headers=asked)).headers[
            "Access-Control-Allow-Origin"
        ] == THEIRS
        refused = await http.get(f"{WORKFLOW}events/", headers={"Origin": THEIRS})
        assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, THEIRS)
        strange = await http.get(f"{WORKFLOW}events/", headers={"Origin": STRANGE})
        assert "Access-Control-Allow-Origin" not in strange.headers


# --- one setting for both ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sharing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server that lets pages of THEIRS in."""
    folder: Path = tmp_path_factory.mktemp("sharing")
    with Server(folder, environment={"ALLOWED_ORIGINS": f"{THEIRS.upper()}/, http://127.0.0.1:5173"}) as server:
        yield server


@pytest.mark.parametrize(("origin", "is_let_in"), [(THEIRS, True), (STRANGE, False), ("null", False)])
async def test_an_origin_may_use_the_api_if_and_only_if_it_may_open_a_socket(
    sharing_server: Server, origin: str, is_let_in: bool
) -> None:
    token = sharing_server.token("alice")
    async with connected_client(sharing_server, token=token, origin=origin) as socket:
        assert ((await socket.receive())["type"] == "welcome") is is_let_in
    headers = {"Origin": origin, "Authorization": f"Bearer {token}"}
    answer = httpx2.get(f"{sharing_server.url}/api/workflows/", headers=headers, trust_env=False)
    assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is is_let_in


@pytest.mark.parametrize("value", ["studio.example", "https://*.example", "https://studio.example/app", "*", "null"])
def test_what_is_no_origin_is_named_at_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", value)
    with pytest.raises(Exception, match="ALLOWED_ORIGINS is") as refused:
        env.origins("ALLOWED_ORIGINS")
    assert json.dumps(value.lower())[1:-1] in str(refused.value)
