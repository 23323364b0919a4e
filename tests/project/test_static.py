"""The built front end over HTTP."""

import gzip
import re

import httpx2
import pytest
from django.test import RequestFactory

from project import content_security
from tests.server import FRONTEND_DIST, Server


@pytest.fixture(scope="module", autouse=True)
def _built_pages() -> None:
    assert (FRONTEND_DIST / "index.html").is_file(), f"Build the pages first (script/setup); none in {FRONTEND_DIST}."


def test_every_page_address_gives_the_one_page_that_may_run_only_its_own_scripts(server: Server) -> None:
    for path in ("/", "/workflows/11111111-1111-4111-8111-111111111111", "/agents"):
        page = httpx2.get(server.url + path, trust_env=False)
        assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
        allowed = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
        assert (allowed["default-src"], allowed["script-src"]) == ("'self'", "'self'")
        assert "unsafe" not in page.headers["content-security-policy"]
        nonce = re.search(r'property="csp-nonce" nonce="([^"%]+)"', page.text)
        assert nonce
        assert allowed["style-src"] == f"'self' 'nonce-{nonce[1]}'"
        assert "no-store" in page.headers["cache-control"]


INITIAL_BYTES = 200_000  # of JavaScript, packed: what a browser must have before it shows anything


def test_the_first_page_needs_little_javascript() -> None:
    page = (FRONTEND_DIST / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r'(?:src|modulepreload" crossorigin href)="/static/([^"]+\.js)"', page)
    packed = {script: len(gzip.compress((FRONTEND_DIST / script).read_bytes())) for script in scripts}
    assert len(packed) > 1
    assert sum(packed.values()) <= INITIAL_BYTES, packed


def test_built_files_are_sent_packed_and_kept_for_ever(server: Server) -> None:
    page = httpx2.get(server.url, trust_env=False).text
    script = page.split('src="')[1].split('"')[0]
    answer = httpx2.get(server.url + script, headers={"Accept-Encoding": "gzip"}, trust_env=False)
    assert answer.status_code == 200
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert "must consume synchronous iterators" not in server.output()


def test_a_file_that_the_browser_has_already_is_not_sent_again(server: Server) -> None:
    page = httpx2.get(server.url, trust_env=False).text
    url = server.url + page.split('src="')[1].split('"')[0]
    last = httpx2.get(url, trust_env=False).headers["last-modified"]
    answer = httpx2.get(url, headers={"If-Modified-Since": last}, trust_env=False)
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.covers("http_get_healthz", "http_get_readyz")
def test_a_running_server_is_alive_and_ready(server: Server) -> None:
    assert httpx2.get(f"{server.url}/healthz", trust_env=False).json() == {"status": "ok"}
    ready = httpx2.get(f"{server.url}/readyz", trust_env=False).json()
    assert ready == {"status": "ok", "database": "ok", "channel_layer": "ok", "runner": "ok", "stuck_threads": 0}


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/api/docs/"])
def test_a_page_connects_to_nothing_but_its_own_host(server: Server, path: str) -> None:
    """Not to sockets anywhere: a script that got in could send what it finds."""
    policy = httpx2.get(f"{server.url}{path}", trust_env=False).headers["Content-Security-Policy"]
    host = f"127.0.0.1:{server.port}"
    assert f"; connect-src 'self' ws://{host} wss://{host};" in policy


def test_a_page_over_tls_opens_sockets_over_tls_only(rf: RequestFactory) -> None:
    secure = rf.get("/", secure=True, headers={"Host": "localhost"})
    assert "; connect-src 'self' wss://localhost;" in content_security.policy(secure)
    assert "; connect-src 'self';" in content_security.policy(rf.get("/", headers={"Host": "evil.example"}))
