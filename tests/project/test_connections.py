"""Clients that say nothing, or say it slowly, over real connections: nobody else is locked out."""

import resource
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection

import pytest

from tests.server import Server

FILES = 200  # that the frugal server may open
SOON = 20.0  # seconds; a connection that is still open then has no time-out


@dataclass
class FrugalServer(Server):
    """May open few files, and can be reached at all addresses of the loopback; 127.0.0.1 is a proxy, the others are not."""

    def _run(self, module: str) -> subprocess.Popen[bytes]:
        return super()._run("tests.project.frugal_server" if module == "script.serve" else module)


@pytest.fixture(scope="module")
def frugal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with short time-outs, few files and few connections for each address."""
    environment = {
        "FRUGAL_FILES": str(FILES),
        "HTTP_CONNECTIONS_PER_ADDRESS": "5",
        "REQUEST_HEADER_SECONDS": "1",
        "REQUEST_BODY_SECONDS": "1",
        "A2A_BODY_SECONDS": "0.1",
        "RESPONSE_WRITE_SECONDS": "1",
    }
    with FrugalServer(tmp_path_factory.mktemp("frugal"), environment) as server:
        yield server


def connect(server: Server, *, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=SOON, source_address=(source, 0))


def is_closed(connection: socket.socket) -> bool:
    """Waits for the end of the connection."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


def breaks_off(connection: socket.socket, again: bytes) -> bool:
    """Sends this again and again, and reads nothing, until the connection ends."""
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        try:
            connection.sendall(again)
        except ConnectionError:
            return True
        time.sleep(0.02)
    return False


def status_of(connection: socket.socket) -> int:
    """Sends a request, and returns the status of its answer."""
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return int(connection.recv(65_536).split()[1])


BEGINNINGS = {
    "nothing": b"",
    "half a line": b"GET /healthz HTT",
    "half a header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n",
    "half a second header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /again HTT",
    "half a body": b"POST /api/auth/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
    "half a body that nobody reads": b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
    "half a chunk": b"POST /api/auth/token/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{",
    "half a body for A2A": b"POST /a2a/screenwriter/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
}


def test_a_request_that_does_not_arrive_ends_the_connection(frugal: Server) -> None:
    with ExitStack() as stack:
        connections = {what: stack.enter_context(connect(frugal)) for what in BEGINNINGS}
        for what, connection in connections.items():
            connection.sendall(BEGINNINGS[what])
        assert [what for what, connection in connections.items() if not is_closed(connection)] == []


def test_a_header_that_trickles_in_ends_the_connection(frugal: Server) -> None:
    with connect(frugal) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        assert breaks_off(connection, b"X-Slow: y\r\n")


def test_an_answer_that_is_not_read_ends_the_connection(frugal: Server) -> None:
    with connect(frugal) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        assert breaks_off(
            connection, b"GET /static/admin/js/vendor/jquery/jquery.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )


def test_one_address_cannot_take_all_connections(frugal: Server) -> None:
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(connect(frugal, source="127.0.0.9"))
        refused = stack.enter_context(connect(frugal, source="127.0.0.9"))
        assert is_closed(refused)
        assert status_of(stack.enter_context(connect(frugal, source="127.0.0.10"))) == 200
    assert "127.0.0.9 has 5 connections" in frugal.output()


def test_a_connection_that_ended_is_counted_no_longer(frugal: Server) -> None:
    for _ in range(12):
        with connect(frugal, source="127.0.0.11") as connection:
            assert status_of(connection) == 200


def test_the_connections_of_a_proxy_are_not_counted(frugal: Server) -> None:
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(frugal)) for _ in range(20)]
        assert {status_of(connection) for connection in connections} == {200}


def test_silent_connections_lock_nobody_out(frugal: Server) -> None:
    """More of them than the process may open files: the one that has waited longest makes room."""
    with ExitStack() as stack:
        for number in range(3 * FILES):
            stack.enter_context(connect(frugal))
            if number % 50 == 0:
                assert status_of(stack.enter_context(connect(frugal))) == 200
        request = HTTPConnection("127.0.0.1", frugal.port, timeout=SOON)
        stack.callback(request.close)
        request.request("GET", "/api/pipelines/")
        assert request.getresponse().status == 401
    assert "connections are open" in frugal.output()
    assert "Too many open files" not in frugal.output()


def test_a_server_may_open_as_many_files_as_the_system_allows(server: Server) -> None:
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    assert soft == hard
