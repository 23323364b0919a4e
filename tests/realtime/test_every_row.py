"""Every row of the protocol has a test named after it: each message, error, close code, event, address, route and limit.

The rows are read off the code, so that a new one is missed here at once. A test proves a row when the row is part of its
name: test_close_4101_too_slow_a_reader…, test_event[task_retrying]. For what the pages do it is the title in Vitest.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from msgspec import Struct
from msgspec.structs import fields

from project.urls import urlpatterns
from realtime.config import Config
from realtime.wire import messages
from realtime.wire.errors import CloseCode, Disconnect, ProtocolError
from realtime.wire.export.asyncapi import ROUTES
from tests.server import ROOT
from workflows.events import KINDS

PAGES = ROOT / "frontend" / "src" / "realtime"
# The client's part of docs/protocol.md, in the words of the tests of the pages.
BACKOFF = (
    "waits 1, 2, 4, 8 and 16 s at most",
    "waits half of that at least",
    "tries at once when the network comes back",
    "reconnects at once when the page becomes visible, and on request",
    "polls after five failures, not before",
    "tries a socket every 30 s",
    "renewing the token in place",
    "requests what is missing once when it finds a gap",
    "ignores what comes twice",
    "notices by the server's ping that the last message was lost",
)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def kinds_of(error: type[ProtocolError]) -> Iterator[type[ProtocolError]]:
    for kind in error.__subclasses__():
        yield from (kind, *kinds_of(kind))


def error_rows() -> Iterator[str]:
    """One that ends the connection has its close code before its name."""
    for kind in kinds_of(ProtocolError):
        if issubclass(kind, Disconnect) and kind is not Disconnect:
            yield f"close_{kind.close_code.value}_{snake(kind.error_type)}"
        elif kind is not Disconnect:
            yield f"error_{snake(kind.error_type)}"


def message_rows(verb: str, messages: tuple[type[Struct], ...]) -> Iterator[str]:
    return (f"{verb}_{message.__struct_config__.tag}" for message in messages)


def address_rows() -> Iterator[str]:
    """Of the OpenAPI document, and what stands beside it: http_get_workflows_workflow_id."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    for path, methods in generator.get_schema(request=None, public=True)["paths"].items():
        words = re.findall(r"\w+", path.removeprefix("/api"))
        yield from ("_".join(["http", method, *words]) for method in methods if method in ("get", "post"))
    addresses = [str(getattr(pattern, "pattern", "")) for pattern in urlpatterns]
    yield from (f"http_get_{address}" for address in addresses if re.fullmatch(r"\w+", address))
    yield "http_get_schema"


def limit_rows() -> Iterator[str]:
    """What takes time has other rows: a close code, a ping."""
    return (f"limit_{field.name}" for field in fields(Config) if not field.name.endswith("_seconds"))


ROWS = sorted(
    {
        *error_rows(),
        *(f"close_{code.value}" for code in CloseCode),
        *message_rows("says", messages.CLIENT_MESSAGES),
        *message_rows("hears", messages.SERVER_MESSAGES),
        *(f"event_{kind}" for kind in KINDS),
        *(f"route_{name}" for name in ROUTES),
        *address_rows(),
        *limit_rows(),
    }
)


@pytest.fixture(scope="module")
def proven() -> set[str]:
    """The rows for which there is a test. A longer row is not proof of a shorter one at its beginning."""
    environment = {**os.environ, "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--ignore", __file__, "-o", "addopts="]
    listed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=100)
    return {row for line in listed.stdout.splitlines() for row in rows_in(line.partition("::")[2])}


def rows_in(test: str) -> Iterator[str]:
    name = "_" + "_".join(re.findall(r"\w+", test)) + "_"
    for row in sorted(ROWS, key=len, reverse=True):
        if f"_{row}_" in name:
            yield row
            if not row.startswith("close"):  # the code alone is a row, too
                name = name.replace(row, "")


@pytest.mark.parametrize("row", ROWS)
def test_there_is_a_test_named_after(row: str, proven: set[str]) -> None:
    assert row in proven


@pytest.mark.parametrize("code", CloseCode)
def test_the_pages_test_what_they_do_after_close_code(code: CloseCode, titles: str) -> None:
    assert re.search(rf"""["'`]{code.value} """, titles)


@pytest.mark.parametrize("rule", BACKOFF)
def test_the_pages_test_that_a_client(rule: str, titles: str) -> None:
    assert rule in titles


@pytest.fixture(scope="module")
def titles() -> str:
    """The tests of the pages, as text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.test.ts")))
