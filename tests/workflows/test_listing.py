"""The list of workflows: searched, filtered, sorted, in pages; and what none of that may cost."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, listing
from workflows.models import Artifact, Workflow

pytestmark = pytest.mark.usefixtures("sample_agent")


@pytest.fixture
def three(alice: User, bob: User) -> list[Workflow]:
    """Two of Alice's and one of Bob's, the oldest first."""
    texts = ((alice, "the Lighthouse keeper"), (bob, "an ÖLD lighthouse"), (alice, "cats on a boat"))
    made = [coordinator.create(pipeline="telegram", given={"text": text}, owner=owner) for owner, text in texts]
    for days, workflow in enumerate(reversed(made)):
        Workflow.objects.filter(pk=workflow.pk).update(created_at=timezone.now() - timedelta(days=days))
    return made


def titles(answer: object) -> list[str]:
    return [row["title"] for row in answer.json()["results"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("search=lighthouse", ["an ÖLD lighthouse", "the Lighthouse keeper"]),
        ("search=LIGHTHOUSE+keeper", ["the Lighthouse keeper"]),
        ("search=öld", ["an ÖLD lighthouse"]),
        ("search=submarine", []),
        ("search=%25", []),
        ("owner=bob", ["an ÖLD lighthouse"]),
        ("owner=nobody", []),
        ("owner=alice&search=lighthouse", ["the Lighthouse keeper"]),
        ("state=cancelled", ["cats on a boat"]),
        ("state=cancelled&state=pending&sort=title", ["an ÖLD lighthouse", "cats on a boat", "the Lighthouse keeper"]),
        ("sort=created_at", ["the Lighthouse keeper", "an ÖLD lighthouse", "cats on a boat"]),
        ("sort=-title", ["the Lighthouse keeper", "cats on a boat", "an ÖLD lighthouse"]),
        ("sort=-finished_at&page_size=1", ["cats on a boat"]),  # what has not ended comes last
        ("sort=finished_at&page_size=1", ["cats on a boat"]),
    ],
)
def test_who_sees_all_finds_what_was_asked_for(
    three: list[Workflow], olga: User, as_user: AsUser, asked: str, found: list[str]
) -> None:
    coordinator.control(workflow=three[2], by=olga, action="cancel")
    assert titles(as_user(olga).get(f"/api/workflows/?{asked}")) == found


def test_a_maker_finds_their_own_only(three: list[Workflow], alice: User, as_user: AsUser) -> None:
    api = as_user(alice)
    assert titles(api.get("/api/workflows/?search=lighthouse")) == ["the Lighthouse keeper"]
    assert titles(api.get("/api/workflows/?owner=bob")) == []


def test_a_workflow_is_found_by_its_input_when_its_title_is_another(
    three: list[Workflow], alice: User, as_user: AsUser
) -> None:
    Workflow.objects.filter(pk=three[0].pk).update(title="The Last Light")
    api = as_user(alice)
    assert titles(api.get("/api/workflows/?search=keeper")) == ["The Last Light"]
    assert titles(api.get("/api/workflows/?search=last")) == ["The Last Light"]


@pytest.mark.parametrize("asked", ["state=lost", "sort=owner", "search=" + "x" * 101, "search=a%00b"])
def test_what_cannot_be_asked_for_is_refused(alice: User, as_user: AsUser, asked: str) -> None:
    answer = as_user(alice).get(f"/api/workflows/?{asked}")
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "InvalidInput")


def test_a_search_looks_at_the_newest_only(
    three: list[Workflow], olga: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SEARCHED", 2)
    api = as_user(olga)
    assert titles(api.get("/api/workflows/?search=lighthouse")) == ["an ÖLD lighthouse"]
    assert titles(api.get("/api/workflows/?sort=title")) == ["an ÖLD lighthouse", "cats on a boat"]
    # Of those that fit the filters.
    assert titles(api.get("/api/workflows/?search=lighthouse&owner=alice")) == ["the Lighthouse keeper"]
    assert len(titles(api.get("/api/workflows/?sort=created_at"))) == 3


def test_a_list_by_age_reads_no_more_rows_than_its_page(three: list[Workflow], olga: User, as_user: AsUser) -> None:
    api = as_user(olga)
    with CaptureQueriesContext(connection) as queries:
        assert len(titles(api.get("/api/workflows/?page_size=2"))) == 2
    assert not any("search_text" in query["sql"] for query in queries)


def test_a_page_has_as_many_rows_as_were_asked_for_and_at_most_a_hundred(
    three: list[Workflow], olga: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = as_user(olga)
    page = api.get("/api/workflows/?page_size=2").json()
    assert (page["count"], len(page["results"])) == (3, 2)
    assert "page=2" in page["next"]
    monkeypatch.setattr("workflows.views.Pages.max_page_size", 1)
    assert len(titles(api.get("/api/workflows/?page_size=2"))) == 1


@pytest.mark.covers("http_get_workflows_storage")
def test_what_files_take_is_shown_for_each_workflow_and_in_total(
    sample_workflow: Workflow, alice: User, bob: User, as_user: AsUser, run: Run, sample_agent: SampleAgent
) -> None:
    run()
    size = sum(Artifact.objects.values_list("size", flat=True))
    assert size > 0
    api = as_user(alice)
    assert api.get("/api/workflows/").json()["results"][0]["stored_bytes"] == size
    assert api.get("/api/workflows/storage/").json() == {"stored_bytes": size, "limit_bytes": 20_000_000_000}
    assert as_user(bob).get("/api/workflows/storage/").json()["stored_bytes"] == 0
