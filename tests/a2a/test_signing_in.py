"""Who may come in (A2A 1.0, sections 3.3.2, 7 and 13), and what one may take."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.a2a.conftest import PostOffice
from tests.a2a.peers import BINDINGS, VERSION, Json, Peer, Refusal, message

SOCKET_SECONDS = 60
MACHINE_TOKEN = "a token for machines, which does not expire"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """A server with a token for machines, and tight limits."""
    limits = {"A2A_BODY_MEGABYTES": "1", "A2A_REQUESTS_PER_USER": "2", "AGENT_TASKS_PER_USER": "2"}
    limits["A2A_BODY_SECONDS"] = "2"
    environment = {"A2A_TOKEN": MACHINE_TOKEN, **limits}
    with PostOffice(tmp_path_factory.mktemp("strict"), environment) as strict:
        yield strict


@pytest.fixture
def machine(strict: PostOffice) -> Iterator[httpx2.Client]:
    """An HTTP client with the token for machines."""
    with strict.anonymous() as http:
        http.headers["Authorization"] = f"Bearer {MACHINE_TOKEN}"
        yield http


REQUESTS = {
    "JSON-RPC": ("POST", "", {"jsonrpc": "2.0", "id": 3, "method": "ListTasks", "params": {}}),
    "a list": ("GET", "/tasks", None),
    "a message": ("POST", "/message:send", {"message": message("Hello")}),
    "a stream": ("POST", "/message:stream", {"message": message("Hello")}),
    "a cancel": ("POST", "/tasks/x:cancel", None),
    "an extended card": ("GET", "/extendedAgentCard", None),
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer nonsense", "Basic YWxpY2U6eA==", "Bearer a.b.c", "nonsense"]
)
def test_who_is_not_signed_in_is_told_how_to(
    office: PostOffice, request_: tuple[str, str, Json | None], authorization: str
) -> None:
    """3.3.2, 7.4: every request is authenticated; 401 with a challenge."""
    verb, path, body = request_
    headers = {**VERSION, **({"Authorization": authorization} if authorization else {})}
    with office.anonymous() as http:
        response = http.request(verb, office.address("correspondent") + path, json=body, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    error = response.json()["error"]
    assert error["message"]
    assert error["code"] == (401 if path else -32043)


def test_a_refused_request_of_json_rpc_keeps_its_id(office: PostOffice) -> None:
    """JSON-RPC 2.0, section 5: the id of the answer is that of the request."""
    body = {"jsonrpc": "2.0", "id": "mine", "method": "ListTasks", "params": {}}
    with office.anonymous() as http:
        assert http.post(office.address("correspondent"), json=body, headers=VERSION).json()["id"] == "mine"


def test_the_token_for_machines_signs_in_a_user_of_its_own(strict: PostOffice, machine: httpx2.Client) -> None:
    """A machine that works for days cannot renew a token every quarter of an hour."""
    url = strict.address("correspondent")
    sent = machine.post(f"{url}/message:send", json={"message": message("Hello")}, headers=VERSION)
    task = sent.json()["task"]
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    with strict.client("alice") as alice:
        assert alice.get(f"{url}/tasks/{task['id']}", headers=VERSION).status_code == 404
    assert MACHINE_TOKEN not in strict.output()


def test_files_are_fetched_whatever_token_comes_with_the_link(strict: PostOffice, machine: httpx2.Client) -> None:
    """Clients send the token that they have to every address of the server; the REST API does not know that for machines."""
    url = strict.address("correspondent")
    sent = machine.post(f"{url}/message:send", json={"message": message("Hello")}, headers=VERSION)
    link = sent.json()["task"]["artifacts"][0]["parts"][0]["url"]
    assert machine.get(link).text == "Dear sir, Hello"
    assert machine.get(link[:-3]).status_code == 401


def test_files_are_fetched_with_the_links_alone(office: PostOffice, peer: Peer) -> None:
    """7: the link of an artifact is signed; who has it needs no token, and nothing in it is one."""
    letter = peer.send(message("Hello"))["artifacts"][0]
    url = letter["parts"][0]["url"]
    with office.anonymous() as http:
        assert http.get(url).text == "Dear sir, Hello"
        assert http.get(url[:-3]).status_code == 404
    assert peer.http.headers["Authorization"].split()[1] not in url


def test_links_lead_where_the_client_has_found_the_server(office: PostOffice, peer: Peer) -> None:
    """Behind a proxy the server has another name than it knows itself by: what the client asked for counts."""
    response = peer.http.post(
        f"{office.address('correspondent')}/message:send",
        json={"message": message("Hello")},
        headers={**VERSION, "Host": "localhost"},
    )
    url = response.json()["task"]["artifacts"][0]["parts"][0]["url"]
    assert url.startswith("http://localhost/api/workflows/")


def test_a_name_that_is_not_the_servers_is_refused(office: PostOffice, alice: httpx2.Client) -> None:
    """Else a link could lead anywhere."""
    response = alice.get(f"{office.url}/a2a/", headers={"Host": "evil.example"})
    assert response.status_code == 400


def test_a_body_is_bounded(strict: PostOffice, machine: httpx2.Client) -> None:
    """413, and nothing is begun."""
    url = strict.address("correspondent")
    response = machine.post(f"{url}/message:send", json={"message": message("x" * 1_000_001)}, headers=VERSION)
    assert response.status_code == 413
    assert response.json()["error"]["message"] == "A request has at most 1,000,000 bytes."


def test_what_one_user_has_under_way_is_bounded(strict: PostOffice, tmp_path: Path) -> None:
    """429: streams and messages that wait; and tasks, which have a limit of their own."""
    url = strict.address("correspondent")
    with strict.client("bob") as http:
        peers = [one(http, url) for one in BINDINGS]
        tasks = [peer.begin(f"work {tmp_path / 'gate'}") for peer in peers]
        for peer in peers:
            with pytest.raises(Refusal) as refused:
                peer.begin("Hello")
            assert refused.value.reason == "RESOURCE_EXHAUSTED"
            assert "2 active tasks of agents" in refused.value.message
        streams = [peers[0].subscribe(task) for task in tasks]
        for stream in streams:
            next(stream)
        with pytest.raises(Refusal) as refused:
            peers[0].list()
        assert refused.value.reason == "RESOURCE_EXHAUSTED"
        (tmp_path / "gate").touch()
        for stream in streams:
            assert list(stream)
        assert peers[0].list(pageSize=2)["tasks"]


@contextmanager
def raw_request(strict: PostOffice, head: list[str], body: str, length: int) -> Iterator[socket.socket]:
    """A connection on which a request with such a body was begun, signed in as the machine."""
    lines = [*head, "Host: 127.0.0.1", f"Authorization: Bearer {MACHINE_TOKEN}", "A2A-Version: 1.0"]
    lines += ["Content-Type: application/json", f"Content-Length: {length}", "", body]
    with closing(socket.create_connection(("127.0.0.1", strict.port), timeout=SOCKET_SECONDS)) as connection:
        connection.sendall("\r\n".join(lines).encode())
        yield connection


def test_a_body_that_does_not_come_is_not_waited_for(strict: PostOffice) -> None:
    """A client that sends a byte now and then must not hold a request for ever."""
    with raw_request(strict, ["POST /a2a/correspondent/message:send HTTP/1.1"], "{", 100) as connection:
        assert b" 408 " in connection.recv(1024)


def test_clients_that_go_away_leave_their_places(strict: PostOffice, machine: httpx2.Client) -> None:
    """A message that waits, and a stream, end when nobody is there any more: else they would use up what one may have."""
    url = strict.address("correspondent")
    body = {"message": message("ask me")}
    task = machine.post(f"{url}/message:send", json=body, headers=VERSION).json()["task"]
    for _ in range(2):
        with raw_request(
            strict, [f"POST /a2a/correspondent/tasks/{task['id']}:subscribe HTTP/1.1"], "", 0
        ) as connection:
            assert b" 200 " in connection.recv(1024)
    while (status := machine.get(f"{url}/tasks", headers=VERSION).status_code) != 200:
        assert status == 429
