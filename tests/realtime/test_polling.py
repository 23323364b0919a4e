"""Long polling: the socket's messages over HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple
from unittest.mock import Mock
from uuid import uuid4

import httpx2
import pytest
from channels.routing import URLRouter
from channels.testing import HttpCommunicator
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from drf_spectacular.validation import validate_schema
from pytest_django import Settings

from accounts.logins import end as end_login
from realtime import polling, queries, server
from realtime.database import in_thread
from realtime.metrics import counters
from realtime.rooms import workflow_room
from realtime.routing import http_routes
from tests.fixtures.connections import Connect
from tests.fixtures.workflows import Run
from tests.tokens import token_of
from tests.waiting import TIMEOUT_SECONDS, until
from workflows.models import Workflow

Json = dict[str, Any]


class Answer(NamedTuple):
    """What HTTP gives."""

    status: int
    body: Json
    headers: httpx2.Headers


Poll = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def http(connect: Connect) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application in this process."""
    transport = httpx2.ASGITransport(URLRouter(http_routes))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def poll(http: httpx2.AsyncClient, alice: User, sample_workflow: Workflow) -> Poll:
    """Alice polls her workflow."""

    async def poll(query: str = "", token: str = token_of(alice), workflow_id: str = str(sample_workflow.pk)) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await http.get(f"/api/workflows/{workflow_id}/events/{query}", headers=headers)
        return Answer(answer.status_code, answer.json(), answer.headers)

    return poll


@pytest.fixture
def set_limit(settings: Settings) -> Callable[..., None]:
    """Sets numbers of the protocol."""

    def set_limit(**numbers: float) -> None:
        settings.REALTIME = {**settings.REALTIME, **numbers}

    return set_limit


async def until_it_waits(sample_workflow: Workflow) -> None:
    await until(lambda: bool(server.current().hub.watchers(workflow_room(str(sample_workflow.pk)))))


@pytest.mark.covers("http_get_workflows_workflow_id_events")
async def test_polling_is_answered_at_once_when_there_is_something_new(
    poll: Poll, sample_workflow: Workflow, run: Run
) -> None:
    await asyncio.to_thread(run)
    page = (await poll("?after=2&wait=25")).body
    assert [event["seq"] for event in page["events"]] == list(range(3, page["seq"] + 1))
    assert page["progress"]["state"] == "completed"


async def test_it_waits_for_an_event_and_answers_when_there_is_one(
    poll: Poll, sample_workflow: Workflow, run: Run
) -> None:
    top = (await poll()).body["seq"]
    polling = asyncio.ensure_future(poll(f"?after={top}&wait=25"))
    await until_it_waits(sample_workflow)
    await asyncio.to_thread(run, 1)
    page = (await asyncio.wait_for(polling, 20)).body
    assert page["events"][0]["seq"] == top + 1
    assert server.current().hub.rooms() == []


async def test_an_event_between_two_reads_is_not_missed(poll: Poll, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    top = (await poll()).body["seq"]
    read, happenings = queries.events_after, iter([run])

    def read_and_then_something_happens(*given: Any) -> list[Json]:
        events = read(*given)
        for happening in happenings:
            happening(1)
        return events

    monkeypatch.setattr(polling, "PROGRESS_SECONDS", 30)  # the event alone must wake it
    monkeypatch.setattr(queries, "events_after", read_and_then_something_happens)
    page = (await asyncio.wait_for(poll(f"?after={top}&wait=25"), 20)).body
    assert page["events"][0]["seq"] == top + 1
    assert page["events"][-1]["seq"] == page["seq"]


async def test_without_news_it_answers_with_what_is(poll: Poll) -> None:
    page = (await poll("?after=100000&wait=0.1")).body
    assert page["events"] == []
    assert page["progress"]["type"] == "progress"


async def test_a_server_that_stops_lets_it_go(poll: Poll, sample_workflow: Workflow) -> None:
    polling = asyncio.ensure_future(poll("?after=100000&wait=25"))
    await until_it_waits(sample_workflow)
    await server.current().drain()
    assert (await asyncio.wait_for(polling, 20)).status == 200


@pytest.mark.parametrize(
    ("query", "named"), [("?after=-1", "after"), ("?after=x", "after"), ("?wait=soon", "wait"), ("?wait=nan", "wait")]
)
async def test_a_wrong_number_is_named(poll: Poll, query: str, named: str) -> None:
    answer = await poll(query)
    assert answer.status == 400
    error = answer.body["error"]
    assert (error["type"], error["retryable"], named in error["message"]) == ("InvalidMessage", False, True)


async def test_it_is_for_those_who_may_watch(poll: Poll, bob: User, sample_workflow: Workflow) -> None:
    for token, workflow_id, status in (
        ("", str(sample_workflow.pk), 401),
        ("nonsense", str(sample_workflow.pk), 401),
        (token_of(bob), str(sample_workflow.pk), 404),
        (token_of(bob), str(uuid4()), 404),
    ):
        assert (await poll("", token, workflow_id)).status == status
    await in_thread(User.objects.filter(pk=bob.pk).update, is_active=False)
    assert (await poll("", token_of(bob))).status == 403


@pytest.mark.covers("error_method_not_allowed")
async def test_polling_allows_get_only(http: httpx2.AsyncClient, sample_workflow: Workflow) -> None:
    answer = await http.post(f"/api/workflows/{sample_workflow.pk}/events/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json()["error"]["type"] == "MethodNotAllowed"


async def test_what_is_no_id_is_not_found(poll: Poll) -> None:
    assert (await poll(workflow_id="nonsense")).status == 404


async def test_a_workflow_that_is_deleted_meanwhile_is_not_found(poll: Poll, sample_workflow: Workflow) -> None:
    polling = asyncio.ensure_future(poll("?after=100000&wait=1"))
    await until_it_waits(sample_workflow)
    await in_thread(sample_workflow.delete)
    assert (await polling).status == 404


async def test_an_internal_error_of_a_poll_has_no_details(
    poll: Poll, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("realtime.queries.page", lambda *_: 1 / 0)
    answer = await poll()
    assert (answer.status, answer.body["error"]["type"]) == (500, "InternalError")
    assert "ZeroDivisionError" in caplog.text


async def test_a_poll_that_the_database_does_not_answer_is_to_be_tried_again(
    poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.queries.page", Mock(side_effect=OperationalError("swordfish is away")))
    answer = await poll()
    assert (answer.status, answer.body["error"]["type"]) == (503, "DatabaseUnavailable")
    assert answer.body["error"]["retryable"]
    assert "swordfish" not in str(answer.body)


async def test_one_who_goes_leaves_nothing_behind(connect: Connect, alice: User, sample_workflow: Workflow) -> None:
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {token_of(alice)}".encode())]
    path = f"/api/workflows/{sample_workflow.pk}/events/?after=100000&wait=25"
    polling = HttpCommunicator(URLRouter(http_routes), "GET", path, headers=headers)
    await polling.send_input({"type": "http.request", "body": b""})
    await until_it_waits(sample_workflow)
    assert server.current().user_slots.held(alice.pk) == 1
    await polling.send_input({"type": "http.disconnect"})
    await polling.wait(TIMEOUT_SECONDS)
    assert server.current().hub.rooms() == []
    assert server.current().user_slots.held(alice.pk) == 0
    assert await polling.receive_nothing()


# --- limits ---------------------------------------------------------------------------------------


async def test_all_polls_of_a_user_have_one_limit_and_learn_how_long_to_wait(
    poll: Poll, bob: User, set_limit: Callable[..., None]
) -> None:
    set_limit(MESSAGES_PER_MINUTE=3)
    counted = counters.refusals["RateLimitExceeded"]
    assert [(await poll()).status for _ in range(3)] == [200] * 3
    refused = await poll()
    error = refused.body["error"]
    assert (refused.status, error["type"], error["retryable"]) == (429, "RateLimitExceeded", True)
    assert 15 < error["retry_after"] <= 20
    assert int(refused.headers["Retry-After"]) >= error["retry_after"]
    assert counters.refusals["RateLimitExceeded"] == counted + 1
    assert (await poll(token=token_of(bob))).status == 404  # somebody else has a limit of his own


async def test_one_who_asks_again_at_once_never_meets_the_limit_however_much_happens(
    poll: Poll, sample_workflow: Workflow, run: Run, set_limit: Callable[..., None]
) -> None:
    await asyncio.to_thread(run)
    set_limit(MESSAGES_PER_MINUTE=600)  # ten a second, and 60 are to spare
    started = time.monotonic()

    async def follow() -> int:
        # There are always events after 0: nothing but the pace holds it up.
        return max([(await poll("?after=0&wait=25")).status for _ in range(35)])

    assert set(await asyncio.gather(follow(), follow())) == {200}
    assert time.monotonic() - started > 0.9  # the last ten had to rest for 0.1 s each


async def test_polls_are_connections_of_their_user(
    poll: Poll, connect: Connect, alice: User, sample_workflow: Workflow, set_limit: Callable[..., None]
) -> None:
    set_limit(CONNECTIONS_PER_USER=2)
    await connect(alice)
    polling = asyncio.ensure_future(poll("?after=100000&wait=25"))
    await until_it_waits(sample_workflow)
    refused = await poll()
    assert (refused.status, refused.body["error"]["type"]) == (429, "ConnectionLimitExceeded")
    assert refused.headers["Retry-After"] == "10"
    client = await connect(alice, receive_welcome=False)
    assert await client.receive_close() == 4129
    await server.current().drain()
    assert (await polling).status == 200


async def test_an_ended_login_polls_no_more(poll: Poll, alice: User, sample_workflow: Workflow) -> None:
    token = token_of(alice, login="laptop")
    polling = asyncio.ensure_future(poll("?after=100000&wait=0.5", token))
    await until_it_waits(sample_workflow)
    await in_thread(end_login, "laptop")
    assert (await polling).status == 401
    assert (await poll("", token)).status == 401


def test_it_stands_in_the_openapi_document(client: Client) -> None:
    schema = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    validate_schema(schema)  # type: ignore[no-untyped-call]
    operation = schema["paths"]["/api/workflows/{workflow_id}/events/"]["get"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["workflow_id", "after", "wait"]
    reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert set(schema["components"]["schemas"][reference.rpartition("/")[2]]["required"]) == {
        "events",
        "progress",
        "seq",
    }


async def test_a_poll_obeys_allowed_hosts(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/api/workflows/x/events/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "InvalidMessage")


async def test_a_poll_without_tls_is_redirected_where_tls_is_demanded(
    http: httpx2.AsyncClient, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = await http.get("/api/workflows/x/events/?after=3")
    assert (answer.status_code, answer.headers["location"]) == (
        301,
        "https://localhost/api/workflows/x/events/?after=3",
    )


async def test_a_poll_over_tls_keeps_the_browser_there(http: httpx2.AsyncClient, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = await http.get("/api/workflows/x/events/", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["strict-transport-security"] == "max-age=60"


async def test_a_poll_with_too_many_fields_is_refused(poll: Poll) -> None:
    answer = await poll("?" + "&".join(f"a{number}=1" for number in range(1_500)))
    assert (answer.status, answer.body["error"]["type"]) == (400, "InvalidMessage")
