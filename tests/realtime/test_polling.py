"""Long polling: the socket's messages over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from realtime import station
from realtime.database import in_thread
from realtime.rooms import workflow_room
from tests.realtime.conftest import Dial
from tests.realtime.wire import token_of, until
from workflows.models import Workflow

Run = Callable[..., int]
Json = dict[str, Any]


class Answer(NamedTuple):
    """What HTTP gives."""

    status: int
    body: Json


Poll = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def poll(dial: Dial, alice: User, telegram: Workflow, async_client: AsyncClient) -> Poll:
    """Alice polls her telegram."""

    async def poll(query: str = "", token: str = token_of(alice), workflow_id: str = str(telegram.pk)) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await async_client.get(f"/api/workflows/{workflow_id}/events/{query}", headers=headers)
        return Answer(answer.status_code, json.loads(answer.content))

    return poll


async def test_what_happened_is_answered_at_once(poll: Poll, telegram: Workflow, run: Run) -> None:
    await asyncio.to_thread(run)
    page = (await poll("?after=2&wait=25")).body
    assert [event["seq"] for event in page["events"]] == list(range(3, page["seq"] + 1))
    assert page["progress"]["state"] == "completed"


async def test_it_waits_for_an_event_and_answers_when_there_is_one(poll: Poll, telegram: Workflow, run: Run) -> None:
    top = (await poll()).body["seq"]
    polling = asyncio.ensure_future(poll(f"?after={top}&wait=20"))
    await until(lambda: bool(station.here().hub.clients(workflow_room(str(telegram.pk)))))
    await asyncio.to_thread(run, 1)
    page = (await asyncio.wait_for(polling, 10)).body
    assert page["events"][0]["seq"] == top + 1
    assert station.here().hub.rooms() == []


async def test_without_news_it_answers_with_what_is(poll: Poll) -> None:
    page = (await poll("?after=100000&wait=0.1")).body
    assert page["events"] == []
    assert page["progress"]["type"] == "progress"


async def test_a_server_that_stops_lets_it_go(poll: Poll, telegram: Workflow) -> None:
    polling = asyncio.ensure_future(poll("?after=100000&wait=25"))
    await until(lambda: bool(station.here().hub.clients(workflow_room(str(telegram.pk)))))
    await station.here().drain()
    assert (await asyncio.wait_for(polling, 10)).status == 200


@pytest.mark.parametrize(
    ("query", "said"), [("?after=-1", "after"), ("?after=x", "after"), ("?wait=soon", "wait"), ("?wait=nan", "wait")]
)
async def test_a_wrong_number_is_named(poll: Poll, query: str, said: str) -> None:
    answer = await poll(query)
    assert answer.status == 400
    error = answer.body["error"]
    assert (error["type"], error["retryable"], said in error["message"]) == ("InvalidMessage", False, True)


async def test_it_is_for_those_who_may_watch(poll: Poll, bob: User, telegram: Workflow) -> None:
    for token, workflow_id, status in (
        ("", str(telegram.pk), 401),
        ("nonsense", str(telegram.pk), 401),
        (token_of(bob), str(telegram.pk), 404),
        (token_of(bob), str(uuid4()), 404),
    ):
        assert (await poll("", token, workflow_id)).status == status
    await in_thread(User.objects.filter(pk=bob.pk).update, is_active=False)
    assert (await poll("", token_of(bob))).status == 403


async def test_only_get(async_client: AsyncClient, telegram: Workflow) -> None:
    assert (await async_client.post(f"/api/workflows/{telegram.pk}/events/")).status_code == 405
