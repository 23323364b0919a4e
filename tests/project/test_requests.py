"""HTTP requests in the logs: each has an id that its answer names, and those that are slow have a line of their own."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from agents import log_context
from agents.contract import Job
from project.logs import JsonLines
from project.requests import RequestIds
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows.models import Workflow

log = logging.getLogger("tests.requests")


def view(_request: HttpRequest, number: int) -> HttpResponse:
    log.warning("Seen.")
    return JsonResponse({"error": {"type": "InternalError"}}, status=number)


urlpatterns = [path("api/answers/<int:number>/", view)]


class Lines(logging.Handler):
    """All log lines as they are written, by message."""

    def __init__(self) -> None:
        super().__init__()
        self._lines, self._format = io.StringIO(), JsonLines()

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.write(self._format.format(record) + "\n")

    def of(self, message: str) -> list[dict[str, Any]]:
        """The lines with this message."""
        lines = map(json.loads, self._lines.getvalue().splitlines())
        return [line for line in lines if line["message"] == message]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged during the test."""
    lines = Lines()
    logging.root.addHandler(lines)
    yield lines
    logging.root.removeHandler(lines)


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application that answers with the status that it is asked for."""
    settings.ROOT_URLCONF = __name__
    transport = httpx2.ASGITransport(RequestIds(ASGIHandler()))  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http:
        yield http


async def test_an_answer_names_the_id_that_is_in_the_log_lines_of_its_request(
    http: httpx2.AsyncClient, lines: Lines
) -> None:
    first, second = [await http.get("/api/answers/200/") for _ in range(2)]
    ids = [answer.headers["X-Request-ID"] for answer in (first, second)]
    assert [line["http_request"] for line in lines.of("Seen.")] == ids
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("f3b9-42_a.1", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("a b", False),
        ("a\tERROR", False),
        ("ä", False),
        ("", False),
    ],
)
async def test_an_id_that_comes_along_is_taken_only_if_it_can_stand_in_a_log(
    http: httpx2.AsyncClient, given: str, *, is_taken: bool
) -> None:
    answer = await http.get("/api/answers/200/", headers=[(b"X-Request-ID", given.encode())])
    assert (answer.headers["X-Request-ID"] == given) is is_taken
    assert len(answer.headers["X-Request-ID"]) in (len(given), 32)


async def test_the_body_of_a_server_error_names_the_request_and_no_other_body_does(http: httpx2.AsyncClient) -> None:
    failed = await http.get("/api/answers/500/")
    assert failed.json()["error"] == {"type": "InternalError", "request_id": failed.headers["X-Request-ID"]}
    assert int(failed.headers["Content-Length"]) == len(failed.content)  # a server sends no body that is longer
    assert (await http.get("/api/answers/404/")).json() == {"error": {"type": "InternalError"}}


async def test_a_slow_request_is_logged_with_its_route_but_neither_path_nor_query(
    http: httpx2.AsyncClient, lines: Lines, settings: Settings
) -> None:
    await http.get("/api/answers/201/?signature=abc")
    assert not lines.of("A request was slow.")
    settings.SLOW_REQUEST_SECONDS = 0.000001
    await http.get("/api/answers/201/?signature=abc")
    (line,) = lines.of("A request was slow.")
    assert line["level"] == "WARNING"
    assert (line["method"], line["route"], line["status"]) == ("GET", "api/answers/<int:number>/", 201)
    assert line["milliseconds"] >= 0
    assert line["http_request"]
    assert "abc" not in json.dumps(line)


def test_a_slow_request_is_logged_by_servers_without_asyncio_too(
    client: Client, lines: Lines, settings: Settings
) -> None:
    settings.ROOT_URLCONF = __name__
    settings.SLOW_REQUEST_SECONDS = 0.000001
    client.get("/api/answers/200/")
    assert lines.of("A request was slow.")
    settings.SLOW_REQUEST_SECONDS = 0
    client.get("/api/answers/200/")
    assert len(lines.of("A request was slow.")) == 1


def test_log_lines_of_an_agent_name_workflow_task_and_attempt(
    sample_workflow: Workflow, sample_agent: SampleAgent, alice: User, run: Run, lines: Lines
) -> None:
    def tell(_job: Job, word: str) -> None:
        log.warning("Spelling %s.", word)

    sample_agent.on_spell = tell
    run()
    for number, word in enumerate(("send", "more", "light"), start=1):
        (line,) = lines.of(f"Spelling {word}.")
        assert line["workflow"] == str(sample_workflow.pk)
        assert (line["agent"], line["task"], line["attempt"]) == ("clerk", f"spell/{number}", 1)
    assert not log_context.current()
