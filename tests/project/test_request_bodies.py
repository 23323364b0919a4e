"""Bodies that are too large, at a real server: refused while they arrive, before anything keeps them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.server import Server

MEGABYTE = 1024 * 1024


def chunks(size: int) -> Iterator[bytes]:
    """A body whose length is not said beforehand."""
    for _ in range(size // 65_536):
        yield b"x" * 65_536


def post(server: Server, path: str, body: bytes | Iterator[bytes], token: str = "") -> httpx2.Response:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=30) as client:
        return client.post(path, content=body, headers=headers)


def head(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()


@pytest.mark.covers("error_body_too_large")
@pytest.mark.parametrize("path", ["/api/auth/token/", "/api/workflows/", "/api/nothing/"])
def test_a_stranger_may_send_little(server: Server, path: str) -> None:
    for body in (b"x" * MEGABYTE, chunks(MEGABYTE)):
        answer = post(server, path, body)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/json")
        assert answer.json()["error"]["type"] == "BodyTooLarge"


def test_a_made_up_token_does_not_make_anybody_known(server: Server) -> None:
    assert post(server, "/api/workflows/", b"x" * MEGABYTE, token="a.b.c").status_code == 413


def test_who_is_signed_in_may_send_a_book_and_no_more(server: Server) -> None:
    alice = server.token("alice")
    assert post(server, "/api/workflows/", b" " * MEGABYTE + b"{}", token=alice).status_code == 400
    assert post(server, "/api/workflows/", b" " * (9 * MEGABYTE), token=alice).status_code == 413
    assert post(server, "/api/workflows/", chunks(9 * MEGABYTE), token=alice).status_code == 413


@pytest.mark.parametrize("path", ["/admin/login/", "/", "/metrics"])
def test_the_admin_and_the_pages_have_the_same_limit(server: Server, path: str) -> None:
    assert post(server, path, chunks(MEGABYTE)).status_code == 413


def test_a_length_that_is_too_large_is_refused_before_the_body_is_sent(server: Server) -> None:
    for path in ("/api/auth/token/", "/admin/login/"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(head(path, 300 * MEGABYTE))
            assert connection.recv(1024).startswith(b"HTTP/1.1 413 ")


def test_a_stranger_may_send_little_over_a2a(server: Server) -> None:
    """A body was read there, as a whole, before it was asked whose it is."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head("/a2a/screenwriter/message:send", 60_000_000))
        connection.sendall(b"x" * 50_000)
        assert connection.recv(1024).split()[1] in (b"400", b"401", b"413")


def test_nothing_of_a_body_is_left_in_a_file(server: Server) -> None:
    """Not even while it arrives: /tmp was filled by requests that nobody had asked for."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head("/api/auth/token/", 60_000))
        connection.sendall(b"x" * 59_999)
        files = [str(link.readlink()) for link in Path(f"/proc/{server.pid}/fd").iterdir() if link.is_symlink()]
        assert [file for file in files if "(deleted)" in file and "/tmp" in file] == []
