"""Workflows in Django's admin: to look at and to control, never to edit."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.fixtures.workflows import Run
from workflows.models import Workflow


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
