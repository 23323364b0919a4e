"""Workflows in Django's admin: to look at and to control, never to edit."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from pytest_django import Settings

from agents.contract import AgentError, Job
from agents.models import Agent
from agents.usage import Usage
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import admin_parts, coordinator
from workflows.admin import BoundedPaginator
from workflows.lifecycle import Action
from workflows.models import Artifact, Workflow


@pytest.fixture
def ada(transactional_db: None) -> Client:
    """The administrator, signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    return client


def test_an_administrator_sees_a_workflow_with_its_tasks_and_artifacts(
    ada: Client, sample_workflow: Workflow, run: Run
) -> None:
    run()
    page = ada.get(f"/admin/workflows/workflow/{sample_workflow.pk}/change/").content.decode()
    for shown in ("send more light", "spell/2", "telegram.txt", "completed"):
        assert shown in page


@pytest.mark.parametrize("model", ["workflow", "event", "attempt"])
def test_lists_can_be_looked_through(ada: Client, sample_workflow: Workflow, run: Run, model: str) -> None:
    run()
    assert ada.get(f"/admin/workflows/{model}/", {"q": "send"}).status_code == 200


@pytest.mark.parametrize("model", ["workflow", "event", "attempt"])
def test_the_cost_of_a_list_in_queries_does_not_depend_on_how_many_rows_there_are(
    ada: Client, sample_workflow: Workflow, run: Run, alice: User, model: str
) -> None:
    def queries_of_a_list() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(f"/admin/workflows/{model}/").status_code == 200
        assert not any("DISTINCT" in query["sql"] for query in queries)  # would read the whole table
        return len(queries)

    run()
    few = queries_of_a_list()
    for number in range(5):
        coordinator.create(pipeline="telegram", given={"text": f"{number} a b c"}, owner=alice)
    run()
    assert queries_of_a_list() == few


def test_a_log_shows_the_newest_first_and_counts_no_more_than_it_shows(
    ada: Client, sample_workflow: Workflow, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedPaginator, "ROWS", 3)
    run()
    shown = ada.get("/admin/workflows/event/").context["cl"]
    assert shown.result_count == 3
    assert shown.result_list[0].kind == "workflow_completed"


@pytest.mark.parametrize("model", ["event", "attempt", "task"])
def test_an_address_cannot_ask_for_a_log_in_another_order(
    ada: Client, sample_workflow: Workflow, run: Run, model: str
) -> None:
    run()
    keys = [row.pk for row in ada.get(f"/admin/workflows/{model}/?o=2").context["cl"].result_list]
    assert keys == sorted(keys, reverse=True)


def keys(page: object, name: str) -> list[str]:
    """The first column of a table in the page of a workflow."""
    part = next(each for each in page.context["parts"] if each.name == name)  # type: ignore[attr-defined]
    return [strip_tags(str(row[0])) for row in part.rows]


def test_the_page_of_a_large_workflow_shows_a_page_of_its_tasks_and_links_to_all(
    ada: Client, sample_workflow: Workflow, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_parts, "ROWS", 2)
    run()
    sample_workflow.tasks.filter(key="spell/3").update(state="failed")
    address = f"/admin/workflows/workflow/{sample_workflow.pk}/change/"
    page = ada.get(address)
    assert keys(page, "tasks") == ["spell/3", "cut"]
    link = f"/admin/workflows/task/?q={sample_workflow.pk}"
    assert link in page.content.decode()
    assert ada.get(link).context["cl"].result_count == sample_workflow.tasks.count()


@pytest.mark.parametrize("name", ["tasks", "attempts", "events"])
def test_the_pages_of_each_table_show_everything_once(
    ada: Client, sample_workflow: Workflow, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    run()
    address, shown = f"/admin/workflows/workflow/{sample_workflow.pk}/change/", []
    monkeypatch.setattr(admin_parts, "ROWS", 100)
    everything = keys(ada.get(address), name)
    monkeypatch.setattr(admin_parts, "ROWS", 2)
    following = address
    while following != address + "#":
        page = ada.get(following)
        shown += keys(page, name)
        part = next(each for each in page.context["parts"] if each.name == name)
        following = address + (part.after or "#")
    assert shown == everything
    assert len(shown) == len(set(shown)) > 4


@pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 40, "400", "²"])
def test_a_page_that_does_not_exist_breaks_nothing(
    ada: Client, sample_workflow: Workflow, run: Run, asked: str
) -> None:
    run()
    address = f"/admin/workflows/workflow/{sample_workflow.pk}/change/"
    assert ada.get(address, {"events": asked, "tasks": asked}).status_code == 200


def test_pictures_are_previewed_and_long_values_folded(
    ada: Client, alice: User, run: Run, sample_agent: object
) -> None:
    text = "<b>x</b> " * 40
    workflow = coordinator.create(pipeline="telegram", given={"text": text}, owner=alice)
    run(limit=1)
    task = workflow.tasks.first()
    assert task is not None
    picture = Artifact.objects.create(
        workflow=workflow, task=task, name="a.png", kind="frame", media_type="image/png", size=3
    )
    page = ada.get(f"/admin/workflows/workflow/{workflow.pk}/change/").content.decode()
    assert f'<img class="callboard-preview" src="/api/workflows/{workflow.pk}/artifacts/{picture.pk}/?expires=' in page
    assert "<b>x</b>" not in page
    assert '<details class="callboard-folded"><summary>&lt;b&gt;x' in page


def test_what_an_attempt_failed_with_is_shown_with_the_workflow_and_with_the_agent(
    ada: Client, sample_workflow: Workflow, run: Run, sample_agent: SampleAgent
) -> None:
    def fail(_job: Job, word: str) -> None:
        raise AgentError(f"No ink for {word}.", retryable=False)

    sample_agent.on_spell = fail
    run()
    shown = ada.get(f"/admin/workflows/workflow/{sample_workflow.pk}/change/").content.decode()
    assert "No ink for send." in shown
    agent = ada.get(f"/admin/agents/agent/{Agent.objects.get(name='clerk').pk}/change/").content.decode()
    assert "No ink for send." in agent
    assert f'<a href="/admin/workflows/workflow/{sample_workflow.pk}/change/">send more light</a>, spell/1' in agent


def test_the_page_of_an_agent_links_to_what_it_does_now_of_what_its_reader_may_see(
    ada: Client, sample_workflow: Workflow, run: Run, sample_agent: SampleAgent, alice: User
) -> None:
    row = Agent.objects.get(name="clerk")
    vera = User.objects.create_user("vera", is_staff=True)
    vera.user_permissions.set(Permission.objects.filter(codename="view_agent"))
    readers = {"ada": ada, "vera": Client()}
    readers["vera"].force_login(vera)
    pages: dict[str, str] = {}

    def look(_job: Job, _word: str) -> None:
        if not pages:
            pages.update(
                {
                    who: client.get(f"/admin/agents/agent/{row.pk}/change/").content.decode()
                    for who, client in readers.items()
                }
            )

    sample_agent.on_spell = look
    run()
    assert f"/admin/workflows/workflow/{sample_workflow.pk}/change/" in pages["ada"]
    assert str(sample_workflow.pk) not in pages["vera"]
    assert "1 of at most 100 jobs." in pages["vera"]


@pytest.mark.parametrize(("asked", "count"), [("kind__exact=task_finished", 5), ("q=send more", 17), ("q=nothing", 0)])
def test_events_are_found_by_kind_and_by_their_workflow(
    ada: Client, sample_workflow: Workflow, run: Run, asked: str, count: int
) -> None:
    run()
    sample_workflow.refresh_from_db()
    expected = sample_workflow.last_seq if "send" in asked else count
    assert ada.get(f"/admin/workflows/event/?{asked}").context["cl"].result_count == expected


def test_an_administrator_cancels_from_the_list(ada: Client, sample_workflow: Workflow) -> None:
    chosen = {"action": "cancel", "_selected_action": [str(sample_workflow.pk)]}
    page = ada.post("/admin/workflows/workflow/", chosen, follow=True).content.decode()
    assert "cancel accepted" in page
    sample_workflow.refresh_from_db()
    assert sample_workflow.state == "cancelled"


def test_an_administrator_may_say_why(ada: Client, sample_workflow: Workflow) -> None:
    chosen = {"action": "cancel", "why": "It was a trial.", "_selected_action": [str(sample_workflow.pk)]}
    assert 'name="why"' in ada.get("/admin/workflows/workflow/").content.decode()
    ada.post("/admin/workflows/workflow/", chosen)
    assert sample_workflow.events.get(kind="control_requested").data["why"] == "It was a trial."


def test_a_refusal_is_shown(ada: Client, sample_workflow: Workflow, run: Run) -> None:
    run()
    chosen = {"action": "pause", "_selected_action": [str(sample_workflow.pk)]}
    page = ada.post("/admin/workflows/workflow/", chosen, follow=True).content.decode()
    assert "pause rejected. It is completed" in page


def test_who_may_only_look_has_no_actions(sample_workflow: Workflow, alice: User) -> None:
    eve = User.objects.create_user("eve", is_staff=True)
    eve.user_permissions.set(Permission.objects.filter(codename="view_workflow"))
    client = Client()
    client.force_login(eve)
    assert 'value="cancel"' not in client.get("/admin/workflows/workflow/").content.decode()


@pytest.mark.parametrize("path", ["workflow/add/", "event/add/", "attempt/add/"])
def test_nothing_is_made_by_hand(ada: Client, path: str) -> None:
    assert ada.get(f"/admin/workflows/{path}").status_code == 403


def test_that_an_owner_of_workflows_cannot_be_deleted_here_is_said_without_reading_all_that_they_own(
    ada: Client, sample_workflow: Workflow, alice: User, bob: User
) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = ada.get(f"/admin/auth/user/{alice.pk}/delete/").content.decode()
    assert "have permission to delete the following types of objects" in page
    assert not any("workflows_event" in query["sql"] for query in queries)
    assert "Yes, I’m sure" in ada.get(f"/admin/auth/user/{bob.pk}/delete/").content.decode()


def test_an_administrator_sees_what_models_took_and_raises_the_budget_of_one_film(
    ada: Client, sample_agent: SampleAgent, sample_workflow: Workflow, run: Run, settings: Settings
) -> None:
    settings.OPENAI_PRICES, settings.BUDGET_PER_FILM = {"painter": {"pictures": Decimal("0.04")}}, 0.01

    def spell(job: Job, _word: str) -> None:
        job.check_budget()
        job.report_usage(Usage(model="painter", pictures=1))

    sample_agent.on_spell = spell
    run()
    page = strip_tags(ada.get(f"/admin/workflows/workflow/{sample_workflow.pk}/change/").content.decode())
    assert "1 calls, 1 pictures, 0.0400 USD; budget: 0.01" in page
    assert "painter: 1 calls, 1 pictures, 0.0400 USD" in page
    chosen = {"action": "set_budget", "budget": "2.5", "_selected_action": [str(sample_workflow.pk)]}
    answer = ada.post("/admin/workflows/workflow/", chosen, follow=True)
    assert "The budget is 2.50 now." in answer.content.decode()
    coordinator.control(workflow=sample_workflow, by=sample_workflow.owner, action=Action.RETRY)
    run()
    sample_workflow.refresh_from_db()
    assert (sample_workflow.state, (sample_workflow.usage or {})["budget"]) == ("completed", 2.5)


def test_a_budget_that_is_no_amount_of_money_is_refused(ada: Client, sample_workflow: Workflow) -> None:
    chosen = {"action": "set_budget", "budget": "-3", "_selected_action": [str(sample_workflow.pk)]}
    answer = ada.post("/admin/workflows/workflow/", chosen, follow=True)
    assert "No action selected" in answer.content.decode()
    sample_workflow.refresh_from_db()
    assert sample_workflow.budget is None
