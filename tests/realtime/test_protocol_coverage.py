"""Every row of the protocol has a test: each message, error, close code, event, address, route and limit.

The rows are read off the code, so that a new one is missed here at once. A test names the rows that it proves in a marker:
@pytest.mark.covers("close_4101_too_slow", "limit_outbox_bytes"). For what the pages do it is the title in Vitest.
"""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from msgspec import Struct
from msgspec.structs import fields

from agents.contract import AgentError
from agents.errors import CallboardError
from project.request_bodies import BodyTooLarge as BodyTooLarge  # a row of its own, which only servers import
from project.urls import urlpatterns
from realtime.config import Config
from realtime.wire import messages
from realtime.wire.errors import CloseCode, Disconnect, ProtocolError
from realtime.wire.export.asyncapi import ROUTES
from tests.server import ROOT
from workflows.errors import WorkerLost
from workflows.events import KINDS

TESTS = ROOT / "tests"
PAGES = ROOT / "frontend" / "packages" / "client" / "src"
# The client's part of docs/protocol.md, in the words of the tests of the pages.
BACKOFF = (
    "waits 1, 2, 4, 8 and 16 s at most",
    "waits half of that at least",
    "tries at once when the network comes back",
    "reconnects at once when the page becomes visible, and on request",
    "polls as soon as there has been no socket for 2 s, not before",
    "tries a socket every 30 s",
    "renewing the token in place",
    "requests what is missing once when it finds a gap",
    "ignores what comes twice",
    "notices by the server's ping that the last message was lost",
)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def kinds_of(error: type[CallboardError]) -> Iterator[type[CallboardError]]:
    for kind in error.__subclasses__():
        yield from (kind, *kinds_of(kind))


def is_sent(kind: type[CallboardError]) -> bool:
    """Whether it is the error of an answer. Those of agents and workers are in the event of their task."""
    is_base = kind in (ProtocolError, Disconnect)
    is_of_task = issubclass(kind, AgentError | WorkerLost)
    return not (is_base or is_of_task or kind.__module__.startswith("tests."))


def error_rows() -> Iterator[str]:
    """One that closes the connection has its close code before its name."""
    for kind in filter(is_sent, kinds_of(CallboardError)):
        if issubclass(kind, Disconnect):
            yield f"close_{kind.close_code.value}_{snake(kind.error_type)}"
        else:
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
        *message_rows("send", messages.CLIENT_MESSAGES),
        *message_rows("receive", messages.SERVER_MESSAGES),
        *(f"event_{kind}" for kind in KINDS),
        *(f"route_{name}" for name in ROUTES),
        *address_rows(),
        *limit_rows(),
    }
)


def marked_rows() -> Iterator[str]:
    """What is named in the markers of all tests, whichever of them run now."""
    for path in sorted(TESTS.rglob("test_*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for _, test in inspect.getmembers(module, inspect.isfunction):
            for mark in getattr(test, "pytestmark", ()):
                yield from mark.args if mark.name == "covers" else ()


@pytest.fixture(scope="module")
def covered() -> set[str]:
    """The rows that have a test. One of an error that closes the connection is a test of its close code, too."""
    marked = set(marked_rows())
    return marked | {code.group() for row in marked if (code := re.match(r"close_\d+", row))}


@pytest.mark.parametrize("row", ROWS)
def test_there_is_a_test_that_covers(row: str, covered: set[str]) -> None:
    assert row in covered


def test_every_marker_names_rows_that_exist(covered: set[str]) -> None:
    assert covered - set(ROWS) == set()


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
