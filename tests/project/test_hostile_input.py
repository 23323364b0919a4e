"""Input made to hurt: whatever a client sends, the API refuses it as JSON, and never with a 500.

Every operation of the OpenAPI document is tried, so what is added later is tried, too. The texts are sent as bytes: client
libraries would refuse some of them.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from tests.server import Server
from tests.waiting import wait_for

Json = dict[str, Any]
Send = Callable[..., httpx2.Response]

DIGITS = "9" * 5_000
VALUES = {  # as they stand in a URL
    "5,000 digits": DIGITS,
    "2^63": str(2**63),
    "20 digits": "9" * 20,
    "minus": "-1",
    "beyond floats": "1e999",
    "not a number": "nan",
    "NUL": "%00",
    "NUL inside": "a%00b",
    "lone surrogate": "%ED%A0%80",
    "no UTF-8": "%ff",
    "digits of others": quote("٣"),
    "squared": quote("²"),
    "long": "x" * 5_000,
    "empty": "",
    "percent": "%25",
    "slash": "%2F",
}
TEXTS = {"NUL": "\\u0000", "lone surrogate": "\\ud800", "long": "x" * 5_000, "blank": " ", "override": "\\u202e"}
SCALARS = (DIGITS, "3.0", "1e400", "-1", "true", "NaN", "Infinity", "null", "[3]", "{}", '"3"', "1e2", str(2**63))
BODIES = {
    "deep arrays": "[" * 30_000,
    "deep objects": '{"a":' * 10_000,
    "closed deep arrays": "[" * 30_000 + "]" * 30_000,
    "digits": DIGITS,
    "nothing": "",
    "null": "null",
    "array": "[]",
    "text": '"x"',
    "number": "1.5",
    "no UTF-8": b"\xff\xfe",
    "surrogate key": '{"\\ud800": 1}',
    "NUL key": '{"\\u0000": 1}',
    "cut off": '{"a": ',
    "two": "{}{}",
    "NaN": "NaN",
    "byte order mark": b"\xef\xbb\xbf{}",
}
HEADERS = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def operations(server: Server) -> list[tuple[str, str, Json]]:
    """Every operation: its method, its path with placeholders, what the document says of it."""
    with server.client("alice") as alice:
        document = alice.get("/api/schema/", params={"format": "json"}).json()
    methods = ("get", "post", "put", "patch", "delete")
    return [(m, path, one[m]) for path, one in document["paths"].items() for m in methods if m in one]


@pytest.fixture(scope="module")
def workflow(server: Server) -> tuple[str, str]:
    """A workflow of Ada's, and one of its artifacts."""
    with server.client("ada") as ada:
        body = {"pipeline": "idea2video", "input": {"idea": "A lighthouse", "scenes": 1}}
        ident = ada.post("/api/workflows/", json=body).json()["id"]
        artifacts = f"/api/workflows/{ident}/artifacts/"
        wait_for(lambda: bool(ada.get(artifacts).json()["artifacts"]))
        return ident, ada.get(artifacts).json()["artifacts"][0]["id"]


class Doors:
    """Sends, and notes what was answered badly."""

    def __init__(self, server: Server, workflow: tuple[str, str]) -> None:
        self._client = server.client("ada")
        self._known = {
            "workflow_id": workflow[0],
            "id": workflow[0],
            "artifact_id": workflow[1],
            "name": "screenwriter",
        }
        self.bad: list[str] = []

    def path(self, template: str, **values: str) -> str:
        """The path with known values where it has placeholders, or with those that are given."""
        for name, value in {**self._known, **values}.items():
            template = template.replace("{" + name + "}", value)
        return template

    def send(self, method: str, path: str, what: str = "", **options: Any) -> httpx2.Response:
        """One request."""
        answer = self._client.request(method, path, **options)
        kind = answer.headers.get("content-type", "")
        if answer.status_code >= 500 or (answer.status_code >= 400 and answer.content and kind != "application/json"):
            self.bad.append(f"{method} {path[:80]} {what}: {answer.status_code} {kind} {answer.text[:80]!r}")
        return answer

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()


@pytest.fixture
def doors(server: Server, workflow: tuple[str, str]) -> Iterator[Doors]:
    """The doors, which must have answered well in the end."""
    before = server.output().count("Traceback")
    doors = Doors(server, workflow)
    yield doors
    doors.close()
    assert doors.bad == []
    assert server.output().count("Traceback") == before


def parameters(operation: Json, place: str) -> list[str]:
    return [one["name"] for one in operation.get("parameters", ()) if one["in"] == place]


def test_no_query_parameter_breaks_an_operation(doors: Doors, operations: list[tuple[str, str, Json]]) -> None:
    for method, path, operation in operations:
        names = [*parameters(operation, "query"), "page", "cursor"] if method == "get" else []
        for name in dict.fromkeys(names):
            for what, value in VALUES.items():
                if path != "/api/schema/" or what == "NUL":  # it is made anew for each query, which takes long
                    doors.send(method, f"{doors.path(path)}?{name}={value}", what)


def test_no_part_of_a_path_breaks_an_operation(doors: Doors, operations: list[tuple[str, str, Json]]) -> None:
    for method, path, operation in operations:
        for name in parameters(operation, "path"):
            for what, value in VALUES.items():
                if value:
                    doors.send(method, doors.path(path, **{name: value}), what, json={})


def test_no_header_breaks_an_operation(doors: Doors) -> None:
    paths = ("/api/workflows/", "/api/workflows/{id}/events/", "/api/workflows/{id}/artifacts/{artifact_id}/", "/a2a/")
    names = ("Accept", "Authorization", "Content-Type", "Cookie", "If-Match", "If-Modified-Since", "If-Range")
    texts = (
        DIGITS,
        "Sun, 06 Nov 99999 08:49:37 GMT",
        '"',
        "a, b;q=x",
        "ÿ",
        "Bearer ÿ",
        "sessionid=ÿ; csrftoken=" + "x" * 3_000,
    )
    for path in paths:
        for name in (*names, "If-None-Match", "Origin", "Referer", "X-Forwarded-For", "X-Forwarded-Proto"):
            for text in texts:
                doors.send("GET", doors.path(path), f"{name}: {text[:20]}", headers={name: text.encode("latin-1")})


@pytest.mark.parametrize("given", [f"{DIGITS}-", f"0-{DIGITS}", f"-{DIGITS}", "²-", "-0", "5-3", "0-0,5-6"])
def test_no_range_breaks_a_download(doors: Doors, given: str) -> None:
    path = doors.path("/api/workflows/{id}/artifacts/{artifact_id}/")
    doors.send("GET", path, headers={"Range": f"bytes={given}".encode("latin-1")})


@pytest.mark.parametrize("expires", [*VALUES.values()])
def test_no_expiry_of_a_signed_link_breaks_a_download(server: Server, doors: Doors, expires: str) -> None:
    path = doors.path("/api/workflows/{id}/artifacts/{artifact_id}/")
    answer = httpx2.get(f"{server.url}{path}?expires={expires}&signature=x", trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


def test_a_thousand_query_fields_are_refused_or_ignored_everywhere(
    doors: Doors, operations: list[tuple[str, str, Json]]
) -> None:
    fields = "&".join(f"a{number}=1" for number in range(1_500))
    for path in [*(path for method, path, _ in operations if method == "get"), "/api/workflows/{id}/events/", "/a2a/"]:
        doors.send("GET", f"{doors.path(path)}?{fields}", "1,500 fields")


@pytest.mark.parametrize("number", SCALARS)
def test_no_number_breaks_a_film(doors: Doors, number: str) -> None:
    for field in ("scenes", "seconds", "sound", "style"):
        given = f'{{"idea": "A lighthouse", "{field}": {number}}}'
        estimate = doors.send(
            "POST", "/api/pipelines/idea2video/estimate/", content=f'{{"input": {given}}}', headers=HEADERS
        )
        if estimate.status_code != 200:
            created = {"content": f'{{"pipeline": "idea2video", "input": {given}}}', "headers": HEADERS}
            assert doors.send("POST", "/api/workflows/", field, **created).status_code == 400


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_breaks_an_operation(doors: Doors, operations: list[tuple[str, str, Json]], name: str) -> None:
    text = TEXTS[name]
    for method, path, operation in operations:
        if "requestBody" in operation:
            for key in ("idea", text):
                fields = [
                    "pipeline",
                    "username",
                    "password",
                    "old",
                    "new",
                    "refresh",
                    "action",
                    "task",
                    "from",
                    "why",
                    "answer",
                ]
                body = ", ".join(
                    f'"{field}": "{text}"' for field in (*fields, "request_id", "mode", "may", "url", "bearer_env")
                )
                content = f'{{{body}, "input": {{"{key}": "{text}"}}, "with": {{"{key}": "{text}"}}}}'
                doors.send(method, doors.path(path), name, content=content, headers=HEADERS)


@pytest.mark.parametrize(
    "path", ["/api/workflows", "/api/nothing", "/api/auth/token", "/api/auth/session/", "/api/%2F/"]
)
def test_what_is_posted_to_a_wrong_address_is_answered_with_json(server: Server, path: str) -> None:
    """A missing trailing slash was answered with a page about cookies."""
    answer = httpx2.post(f"{server.url}{path}", json={}, trust_env=False)
    assert answer.headers["content-type"] == "application/json"
    assert answer.status_code in (401, 403, 404)
    assert answer.json()["error"]["message"]


def test_a_missing_slash_is_named(server: Server) -> None:
    answer = httpx2.post(f"{server.url}/api/workflows", json={}, trust_env=False)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].endswith("It ends with a slash: /api/workflows/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"])
def test_no_method_breaks_an_address(doors: Doors, operations: list[tuple[str, str, Json]], method: str) -> None:
    known = {(one.upper(), path) for one, path, _ in operations}
    for path in [*dict.fromkeys(path for _, path, _ in operations), "/api/nothing/", "/api/workflows/{id}/events/"]:
        if (method, path) not in known:
            doors.send(method, doors.path(path), method)


def test_no_body_breaks_an_operation(doors: Doors, operations: list[tuple[str, str, Json]]) -> None:
    for method, path, operation in operations:
        if "requestBody" in operation:
            for what, body in BODIES.items():
                doors.send(method, doors.path(path), what, content=body, headers=HEADERS)
