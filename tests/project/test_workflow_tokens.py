"""Tokens for one workflow, at every door there is: a door that is new, and not in these tables, fails here."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

import httpx2
import pytest
from django.urls import URLPattern, URLResolver
from starlette.routing import Route

from project.urls import urlpatterns
from realtime import routing
from realtime.wire.messages import CLIENT_MESSAGES
from realtime.wire.types import Target
from tests.realtime.sample_server import SampleServer
from tests.websocket_client import SocketClient, connected_client
from workflows.a2a import routes as a2a

Json = dict[str, Any]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NOT_THIS = 403
# What an address is asked with, besides the token. A body that would do something if the token were let in.
BODIES: dict[str, Json] = {
    "control/": {"action": "pause"},
    "rerun/": {"from": "spell/1"},
    "tokens/": {"may": "watch"},
    "workflows/": {"pipeline": "telegram", "input": {"text": "send"}},
}


class Answers(NamedTuple):
    """The statuses for a token that may watch, one that may control, and either of them at another workflow."""

    watching: int
    controlling: int
    elsewhere: int


SHOWN = Answers(200, 200, 404)
# Doors that take workflow tokens, by method. Any other method, and every door that is not named here, refuses them.
TAKEN: dict[str, dict[str, Answers]] = {
    "api/workflows/<uuid:workflow_id>/": {"GET": SHOWN},
    "api/workflows/<uuid:workflow_id>/beginning/": {"GET": SHOWN},
    "api/workflows/<uuid:workflow_id>/tasks/": {"GET": SHOWN},
    "api/workflows/<uuid:workflow_id>/artifacts/": {"GET": SHOWN},
    "api/workflows/<uuid:workflow_id>/artifacts/<uuid:artifact_id>/": {"GET": SHOWN, "HEAD": SHOWN},
    "api/workflows/<uuid:workflow_id>/archive/": {"GET": SHOWN},
    "api/workflows/<uuid:workflow_id>/export/": {"GET": SHOWN},
    "api/workflows/<uuid:workflow_id>/archive/file/": {"GET": SHOWN},
    "api/workflows/<uuid:workflow_id>/control/": {"POST": Answers(403, 200, 404)},
    "^api/workflows/(?P<workflow_id>[^/]+)/events/?$": {
        "GET": SHOWN,
        **dict.fromkeys(("HEAD", "POST", "PUT", "PATCH", "DELETE"), Answers(405, 405, 405)),
    },
}
# Doors that look at tokens, and refuse these.
REFUSING = (
    "api/auth/me/",
    "api/auth/password/",
    "api/sessions/",
    "api/sessions/<str:session_id>/",
    "api/pipelines/",
    "api/coordinator/metrics/",
    "api/workflows/",
    "api/workflows/<uuid:workflow_id>/rerun/",
    "api/workflows/<uuid:workflow_id>/tokens/",
    "api/agents/",
    "api/agents/<str:name>/",
    "api/agents/<str:name>/history/",
    "api/agents/<str:name>/work/",
    "api/activity/",
    "api/operations/",
    "api/pipelines/<str:name>/estimate/",
    "api/workflows/storage/",
    "api/books/",
    "api/pictures/",
    "api/pictures/<uuid:picture_id>/",
)
# Doors where a token of this kind is no token: they are answered as if there were none.
IGNORING = {
    "admin/": "/admin/workflows/workflow/",
    "api/auth/token/": "/api/auth/token/",
    "api/auth/token/refresh/": "/api/auth/token/refresh/",
    "api/auth/logout/": "/api/auth/logout/",
    "api/auth/admin/": "/api/auth/admin/",
    "api/auth/session/": "/api/auth/session/",
    "api/schema/": "/api/schema/",
    "api/docs/": "/api/docs/",
    "^api/": "/api/nothing/",
    "embed/<uuid:workflow_id>": "/embed/{workflow}",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "metrics": "/metrics",
    "^(?!static/|ws/).*$": "/workflows",
}
A2A_PUBLIC = {"/.well-known/agent-card.json", "/a2a", "/a2a/", "/a2a/{agent}/.well-known/agent-card.json"}


class Given(NamedTuple):
    """A server, two workflows of an administrator, who may do everything, and tokens for the first."""

    server: SampleServer
    http: httpx2.Client
    workflow: str
    other: str
    artifact: str
    watching: str
    controlling: str

    def ask(self, method: str, path: str, token: str = "", body: Json | None = None, **headers: str) -> httpx2.Response:
        """What the server answers."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.http.request(method, path, headers=headers, json=body)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """Made over HTTP."""
    folder = tmp_path_factory.mktemp("tokens")
    with SampleServer(folder, environment={"EMBED_ANCESTORS": "https://studio.example"}) as server:
        server.let_go()
        workflow, other = server.create_workflow("ada"), server.create_workflow("ada")
        with server.client("ada") as http:
            seq, state = 0, ""
            while state != "completed":
                page = http.get(f"/api/workflows/{workflow}/events/?after={seq}&wait=25").json()
                seq, state = page["seq"], page["progress"]["state"]
            artifact = http.get(f"/api/workflows/{workflow}/").json()["artifacts"][0]["id"]
            watching, controlling = (
                http.post(f"/api/workflows/{workflow}/tokens/", json={"may": may}).json()["token"]
                for may in ("watch", "control")
            )
        with server._http() as http:
            yield Given(server, http, workflow, other, artifact, watching, controlling)


# --- HTTP -------------------------------------------------------------------------------------------


def doors(patterns: list[Any], before: str = "") -> Iterator[str]:
    """The pattern of every address. The admin is one door: its own cookie opens it."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver) and route != "admin/":
            yield from doors(each.url_patterns, route)
        else:
            assert isinstance(each, URLPattern | URLResolver)
            yield route


ADDRESSES = [*doors(urlpatterns), *(str(route.pattern) for route in routing.http_routes)]


def test_every_address_stands_in_the_tables() -> None:
    assert sorted(ADDRESSES) == sorted([*TAKEN, *REFUSING, *IGNORING])


def path_of(door: str, workflow: str, artifact: str) -> str:
    path = door.strip("^$?").replace("(?P<workflow_id>[^/]+)", workflow)
    return "/" + (
        path.replace("<uuid:workflow_id>", workflow)
        .replace("<uuid:artifact_id>", artifact)
        .replace("<uuid:picture_id>", artifact)
        .replace("<str:name>", "screenwriter")
    )


def body_for(door: str) -> Json | None:
    return next((body for end, body in BODIES.items() if door.endswith(end)), {})


@pytest.mark.parametrize("door", [*TAKEN, *REFUSING])
@pytest.mark.covers("http_post_workflows_workflow_id_tokens")
def test_a_door_answers_a_workflow_token_only_with_what_it_is_good_for(given: Given, door: str) -> None:
    for method in METHODS:
        answers = TAKEN.get(door, {}).get(method, Answers(NOT_THIS, NOT_THIS, NOT_THIS))
        expected = [answers.watching, answers.controlling, answers.elsewhere, answers.elsewhere]
        here, elsewhere = (path_of(door, each, given.artifact) for each in (given.workflow, given.other))
        tried = [
            (here, given.watching),
            (here, given.controlling),
            (elsewhere, given.watching),
            (elsewhere, given.controlling),
        ]
        got = [given.ask(method, path, token, body_for(door)).status_code for path, token in tried]
        assert got == (expected if "<uuid" in door or "P<workflow" in door else expected[:2] * 2), (method, door)


@pytest.mark.parametrize("door", IGNORING)
def test_where_tokens_of_other_kinds_count_it_is_none(given: Given, door: str) -> None:
    path = IGNORING[door].format(workflow=given.workflow)
    from_elsewhere = {"X-Forwarded-For": "203.0.113.7"}  # /metrics is open to this machine
    for method in METHODS:
        bodies = [{"refresh": token} for token in (given.controlling, "x.y.z")]
        got, without = (given.ask(method, path, body["refresh"], body, **from_elsewhere) for body in bodies)
        assert got.status_code == without.status_code, method
        assert (got.status_code, door) != (200, "metrics")


def test_a_refusal_is_one_of_the_api(given: Given) -> None:
    refused = given.ask("GET", "/api/workflows/", given.controlling)
    assert refused.json()["error"]["type"] == "PermissionDenied"
    assert "one workflow only" in refused.json()["error"]["message"]


@pytest.mark.parametrize("route", list(a2a.application._application.routes), ids=str)  # type: ignore[attr-defined]
def test_over_a2a_it_opens_only_what_is_public(given: Given, route: Route) -> None:
    path = re.sub(r"\{[^}]+\}", "x", route.path.replace("{agent}", "coordinator"))
    for method in sorted(route.methods or METHODS):
        status = given.ask(method, path, given.controlling, {}, **{"A2A-Version": "1.0"}).status_code
        is_public = route.path in A2A_PUBLIC and method in ("GET", "HEAD")
        assert status == (200 if is_public else 403), method


# --- sockets ----------------------------------------------------------------------------------------

SOCKETS = {  # each path, and what its first messages say
    r"^ws/?$": ("/ws/", ["welcome"]),
    r"^ws/workflow/(?P<id>[^/]+)/?$": ("/ws/workflow/{workflow}", ["welcome", "subscribed"]),
    r"^ws/agent/(?P<id>[^/]+)/?$": ("/ws/agent/*", ["welcome", "PermissionDenied"]),
    r"^ws/coordinator/?$": ("/ws/coordinator", ["welcome", "PermissionDenied"]),
    r"^ws/workflows/?$": ("/ws/workflows", ["welcome", "PermissionDenied"]),
    "": ("", []),  # no socket at all
}
ROOMS: dict[str, Json] = {
    "workflow": {"id": "{other}", "answer": "TargetNotFound"},
    "agent": {"id": "*", "answer": "PermissionDenied"},
    "coordinator": {"id": "", "answer": "PermissionDenied"},
    "workflows": {"id": "", "answer": "PermissionDenied"},
}
MESSAGES = {"subscribe", "unsubscribe", "control", "authenticate", "ping", "pong"}


def said(message: Json) -> str:
    return str(message["error_type"] if message["type"] == "error" else message["type"])


def test_every_socket_message_and_room_stands_in_the_tables() -> None:
    assert {str(message.__struct_config__.tag) for message in CLIENT_MESSAGES} == MESSAGES
    assert set(get_args(Target)) == set(ROOMS)
    assert {str(route.pattern) for route in routing.socket_application.routes} == set(SOCKETS)


@pytest.mark.parametrize("pattern", [pattern for pattern in SOCKETS if pattern])
async def test_a_path_of_sockets_subscribes_it_to_its_workflow_only(given: Given, pattern: str) -> None:
    path, expected = SOCKETS[pattern]
    async with connected_client(given.server, path.format(workflow=given.workflow), given.watching) as client:
        assert [said(await client.receive()) for _ in expected] == expected


async def answer(client: SocketClient, **message: str) -> str:
    return said(await client.request(**message))


@pytest.mark.parametrize("target", get_args(Target))
async def test_it_watches_no_room_but_its_own(given: Given, target: str) -> None:
    async with connected_client(given.server, token=given.controlling) as client:
        room = ROOMS[target]
        wish = {"type": "subscribe", "target": target, "id": room["id"].format(other=given.other)}
        assert await answer(client, **wish) == room["answer"]
        assert await answer(client, type="subscribe", target="workflow", id=given.workflow) == "subscribed"
        assert await answer(client, type="unsubscribe", target="workflow", id=given.workflow) == "unsubscribed"


async def test_only_one_that_may_control_controls_and_only_its_workflow(given: Given) -> None:
    for token, workflow, expected in (
        (given.watching, given.workflow, "PermissionDenied"),
        (given.watching, given.other, "TargetNotFound"),
        (given.controlling, given.other, "TargetNotFound"),
        (given.controlling, given.workflow, "control_ack"),
    ):
        async with connected_client(given.server, token=token) as client:
            assert await answer(client, type="control", action="cancel", workflow_id=workflow) == expected


async def test_a_connection_cannot_change_to_a_token_that_is_good_for_more_or_for_something_else(given: Given) -> None:
    ada = given.server.token("ada")
    for first, second, expected in (
        (given.watching, ada, "NotAuthenticated"),
        (given.watching, given.controlling, "NotAuthenticated"),
        (ada, given.watching, "NotAuthenticated"),
        (given.watching, given.watching, "authenticated"),
    ):
        async with connected_client(given.server, token=first) as client:
            assert await answer(client, type="authenticate", token=second) == expected
            assert "pong" in await client.receive_types_until_pong()
