"""The site behind deploy/nginx and deploy/caddy: a real one of each, with TLS, before a real server."""

import re
import socket
import sqlite3
import ssl
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from websockets.sync.client import connect as open_socket
from websockets.typing import Origin, Subprotocol

from tests.a2a.peers import RestPeer, message
from tests.cast import PASSWORD
from tests.deployment.proxies import NAME, Proxy, running
from tests.server import ROOT, Server
from tests.waiting import wait_for

Json = dict[str, Any]
MEGABYTE = 1_000_000
ARTIFACT_BYTES = 40 * MEGABYTE
FAILURES = 3  # wrong passwords until the address has to wait

BEHIND_TLS = {"HTTPS": "yes", "ALLOWED_HOSTS": f"{NAME},127.0.0.1", "ALLOWED_ORIGINS": f"https://{NAME}"}
PROXIES = ["nginx", "caddy"]


@pytest.fixture(scope="module")
def site_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server behind TLS that shows a workflow with a large file; nothing is made there."""
    folder = tmp_path_factory.mktemp("site")
    with tarfile.open(ROOT / "tests/upgrades/0.1.0.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    with sqlite3.connect(folder / "callboard.sqlite3") as database:
        file = database.execute("SELECT file FROM workflows_artifact WHERE name LIKE '%.png' LIMIT 1").fetchone()[0]
        database.execute("UPDATE workflows_artifact SET size = ? WHERE file = ?", [ARTIFACT_BYTES, file])
    (folder / "media" / file).write_bytes(bytes(range(250)) * (ARTIFACT_BYTES // 250))
    with Server(folder, {**BEHIND_TLS, "RUNNER": "none"}, is_new=True) as server:
        yield server


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, site_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """nginx or Caddy as deploy/ has it, in front of that server and another one that is down."""
    with running(request.param, tmp_path_factory.mktemp(request.param), site_server.port) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def token(proxy: Proxy) -> str:
    """An access token, got through the proxy."""
    with proxy.client() as http:
        who = {"username": "admin", "password": PASSWORD}
        return str(http.post("/api/auth/token/", json=who).raise_for_status().json()["access"])


@pytest.fixture
def http(proxy: Proxy, token: str) -> Iterator[httpx2.Client]:
    """A client that is signed in."""
    with proxy.client(headers={"Authorization": f"Bearer {token}"}) as client:
        yield client


@pytest.fixture
def artifact(http: httpx2.Client, site_server: Server) -> Json:
    """The large file."""
    with sqlite3.connect(site_server.data_dir / "callboard.sqlite3") as database:
        query = "SELECT id, workflow_id FROM workflows_artifact WHERE size = ?"
        artifact, film = (str(UUID(key)) for key in database.execute(query, [ARTIFACT_BYTES]).fetchone())
    listed = http.get(f"/api/workflows/{film}/").raise_for_status().json()["artifacts"]
    return {"film": film, **next(one for one in listed if one["id"] == artifact)}


def test_the_page_comes_over_http_2_compressed_and_with_hsts(proxy: Proxy) -> None:
    with proxy.connect(NAME, "h2", "http/1.1") as connection:
        assert connection.selected_alpn_protocol() == "h2"
    with proxy.client() as http:
        page = http.get("/")
        assert page.is_success, page.text
        assert "max-age=" in page.headers["Strict-Transport-Security"]
        script = re.search(r'src="(/static/assets/[^"]+\.js)"', page.text)
        assert script, page.text
        assert http.get(script[1]).headers["Content-Encoding"] == "gzip"


def test_without_tls_one_is_sent_to_the_page_with_it(proxy: Proxy) -> None:
    url = f"http://127.0.0.1:{proxy.http_port}/workflows?state=running"
    answer = httpx2.get(url, headers={"Host": NAME}, trust_env=False, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{NAME}/workflows?state=running")


def test_a_socket_is_upgraded_and_answers(proxy: Proxy, token: str) -> None:
    with open_socket(
        f"wss://{NAME}/ws/workflows/",
        sock=socket.create_connection(("127.0.0.1", proxy.https_port)),
        ssl=proxy.tls(),
        server_hostname=NAME,
        subprotocols=[Subprotocol("callboard.v1"), Subprotocol(f"bearer.{token}")],
        origin=Origin(f"https://{NAME}"),
        proxy=None,
    ) as websocket:
        assert '"welcome"' in str(websocket.recv(timeout=60))


def test_a_large_artifact_is_streamed_whole_and_in_parts(http: httpx2.Client, artifact: Json) -> None:
    whole = http.get(artifact["url"]).raise_for_status()
    assert len(whole.content) == ARTIFACT_BYTES
    part = http.get(artifact["url"], headers={"Range": f"bytes={30 * MEGABYTE + 7}-{30 * MEGABYTE + 11}"})
    assert (part.status_code, part.content) == (206, bytes(range(7, 12)))
    assert part.headers["Content-Range"] == f"bytes 30000007-30000011/{ARTIFACT_BYTES}"


def test_a_long_poll_is_answered_when_its_time_is_over(http: httpx2.Client, artifact: Json) -> None:
    film = artifact["film"]
    last = http.get(f"/api/workflows/{film}/").json()["seq"]
    answer = http.get(f"/api/workflows/{film}/events/", params={"after": last, "wait": 2}).raise_for_status()
    assert answer.json()["events"] == []


def test_a_stream_of_an_agent_is_passed_on_while_it_goes_on(http: httpx2.Client) -> None:
    peer = RestPeer(http, "/a2a/coordinator")
    updates = peer.updates("SendStreamingMessage", {"message": message("A lighthouse keeper finds a bottle")})
    task = next(updates)["task"]  # no runner is there: the stream does not end
    peer.cancel(task)
    assert [update for update in updates if "statusUpdate" in update][-1]["statusUpdate"]["status"]["state"].endswith(
        "CANCELED"
    )


def test_a_body_over_the_limit_is_refused_but_an_agent_may_send_files(http: httpx2.Client) -> None:
    large = {"pipeline": "idea2video", "input": {"idea": "x" * 10 * MEGABYTE}}
    assert http.post("/api/workflows/", json=large).status_code == 413
    message_with_file = http.post(
        "/a2a/coordinator/message:send", json={"message": large}, headers={"A2A-Version": "1.0"}
    )
    assert message_with_file.status_code == 400  # by the agent, who had it whole


def test_another_name_is_not_answered(proxy: Proxy) -> None:
    with pytest.raises(ssl.SSLError), proxy.connect("other.example.org"):
        pass
    with proxy.client(headers={"Host": "other.example.org"}) as http:
        assert refuses(lambda: http.get("/"))
    plain = f"http://127.0.0.1:{proxy.http_port}/"
    assert refuses(lambda: httpx2.get(plain, headers={"Host": "other.example.org"}, trust_env=False))


def refuses(ask: Callable[[], httpx2.Response]) -> bool:
    """Whether the connection is closed instead of an answer, or the request was sent astray (421)."""
    try:
        return ask().status_code == 421
    except httpx2.RemoteProtocolError:
        return True


def test_metrics_are_not_for_the_world(http: httpx2.Client) -> None:
    assert http.get("/metrics").status_code == 404


def test_who_sends_no_request_is_disconnected(proxy: Proxy) -> None:
    with proxy.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: callboard.example.org\r\nX-Slow: ")
        assert b"200" not in connection.recv(1024)


@pytest.mark.parametrize("name", PROXIES)
def test_an_address_that_a_client_makes_up_does_not_count(name: str, tmp_path: Path) -> None:
    limit = {"LOGIN_FAILURES_PER_MINUTE": str(FAILURES)}
    with (
        Server(tmp_path, {**BEHIND_TLS, **limit}) as server,
        running(name, tmp_path, server.port) as proxy,
        proxy.client() as http,
    ):
        answers = [
            http.post(
                "/api/auth/token/",
                json={"username": f"nobody{number}", "password": "guessed"},
                headers={"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"},
            ).status_code
            for number in range(FAILURES + 1)
        ]
    assert answers == [401] * FAILURES + [429]


def test_signatures_of_links_are_not_logged(proxy: Proxy, http: httpx2.Client, artifact: Json) -> None:
    assert "?" in artifact["url"]
    http.get(artifact["url"], headers={"Range": "bytes=0-1"}).raise_for_status()
    path, signature = artifact["url"].split("?")
    wait_for(lambda: path.split("/")[-2] in proxy.log.read_text())  # it is written after the answer
    assert signature not in proxy.log.read_text()
