"""How many queries each call of the API and each page of the admin makes: few, however many rows there are."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.pagination import PageNumberPagination
from rest_framework.test import APIClient

from agents.models import Agent
from realtime import queries
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator
from workflows.models import Attempt, Event, Workflow

API = {
    "workflows/": 3,
    "workflows/?page=2": 3,
    "workflows/?state=completed": 3,
    "workflows/{workflow}/": 8,
    "workflows/{workflow}/tasks/": 4,
    "workflows/{workflow}/tasks/?stage=Spell": 4,
    "workflows/{workflow}/artifacts/": 3,
    "coordinator/metrics/": 3,
    "agents/": 2,
    "agents/clerk/": 4,
    "agents/clerk/history/?hours=720": 2,
    "pipelines/": 2,  # for all: what they lack
    "auth/me/": 0,
}
# Two of them find the session and the person.
ADMIN = {
    "": 3,
    "workflows/workflow/": 4,
    "workflows/workflow/?q=send": 4,
    "workflows/workflow/?q={workflow}": 4,
    "workflows/workflow/?state__exact=completed": 4,
    "workflows/workflow/{workflow}/change/": 9,
    "workflows/event/": 4,
    "workflows/event/?q=send": 5,
    "workflows/event/?kind__exact=task_finished": 4,
    "workflows/event/{event}/change/": 4,
    "workflows/attempt/": 5,
    "workflows/attempt/?q=send": 6,
    "workflows/attempt/{attempt}/change/": 4,
    "workflows/task/": 5,
    "workflows/task/?q={workflow}": 6,
    "workflows/runner/": 6,
    "agents/agent/": 6,
    "agents/agent/{agent}/change/": 7,
}

PAGE = 3


@pytest.fixture
def ada(transactional_db: None) -> User:
    """The administrator."""
    return User.objects.create_superuser("ada")


@pytest.fixture
def more(alice: User, run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Adds two pages of completed workflows."""
    monkeypatch.setattr(PageNumberPagination, "page_size", PAGE)

    def add() -> None:
        for number in range(2 * PAGE):
            coordinator.create(pipeline="telegram", given={"text": f"send {number}"}, owner=alice)
            run()

    return add


def count(ask: Callable[[], object]) -> int:
    ask()  # what is done once in a process
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


@pytest.fixture
def ids(sample_agent: SampleAgent, more: Callable[[], None]) -> dict[str, object]:
    """Of a workflow, and of rows of it."""
    more()
    workflow = Workflow.objects.latest("created_at")
    event, attempt = Event.objects.filter(workflow=workflow).latest("pk"), Attempt.objects.latest("pk")
    agent = Agent.objects.get(name="clerk").pk
    return {"workflow": workflow.pk, "event": event.pk, "attempt": attempt.pk, "agent": agent}


def test_calls_of_the_api_make_few_queries(ada: User, ids: dict[str, object], more: Callable[[], None]) -> None:
    api = APIClient()
    api.force_authenticate(ada)

    def counts() -> dict[str, int]:
        return {path: count(lambda path=path: good(api.get(f"/api/{path.format_map(ids)}"))) for path in API}  # type: ignore[misc]

    assert counts() == API
    more()
    assert counts() == API


def test_pages_of_the_admin_make_few_queries(ada: User, ids: dict[str, object], more: Callable[[], None]) -> None:
    pages = Client()
    pages.force_login(ada)

    def counts() -> dict[str, int]:
        return {path: count(lambda path=path: good(pages.get(f"/admin/{path.format_map(ids)}"))) for path in ADMIN}  # type: ignore[misc]

    assert counts() == ADMIN
    more()
    assert counts() == ADMIN


def test_a_poll_makes_three_queries(ids: dict[str, object]) -> None:
    assert count(lambda: queries.page(str(ids["workflow"]), 0, 500)) == 3


def good(answer: object) -> None:
    assert getattr(answer, "status_code", None) == 200
