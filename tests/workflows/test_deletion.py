"""Workflows are deleted with all that belongs to them: on request, and when they ended long ago."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from workflows import coordinator, deletion
from workflows.models import Artifact, Event, Task, Workflow
from workflows.signals import workflow_deleted


@pytest.fixture
def done(sample_workflow: Workflow, run: Run) -> Workflow:
    """A completed workflow of Alice's."""
    run()
    sample_workflow.refresh_from_db()
    return sample_workflow


@pytest.fixture
def age(done: Workflow) -> Callable[[float], None]:
    """Lets so many days pass since it ended."""

    def age(days: float) -> None:
        Workflow.objects.filter(pk=done.pk).update(finished_at=timezone.now() - timedelta(days=days))

    return age


def path_of(workflow: Workflow) -> Path:
    return Path(workflow.artifacts.get().file.path)


def test_nothing_is_left_of_a_workflow_that_its_owner_deletes(done: Workflow, alice: User, as_user: AsUser) -> None:
    file, api = path_of(done), as_user(alice)
    assert api.delete(f"/api/workflows/{done.pk}/").status_code == 204
    assert not file.exists()
    assert not file.parent.exists()
    assert not any(model.objects.exists() for model in (Task, Event, Artifact))
    assert api.get(f"/api/workflows/{done.pk}/").status_code == 404
    assert api.delete(f"/api/workflows/{done.pk}/").status_code == 404


@pytest.mark.covers("error_workflow_active")
def test_what_has_not_ended_cannot_be_deleted(sample_workflow: Workflow, alice: User, as_user: AsUser) -> None:
    api = as_user(alice)
    answer = api.delete(f"/api/workflows/{sample_workflow.pk}/")
    assert (answer.status_code, answer.json()["error"]["type"]) == (409, "WorkflowActive")
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    assert api.delete(f"/api/workflows/{sample_workflow.pk}/").status_code == 409
    coordinator.control(workflow=sample_workflow, by=alice, action="cancel")
    assert api.delete(f"/api/workflows/{sample_workflow.pk}/").status_code == 204


def test_who_may_only_watch_or_control_cannot_delete(done: Workflow, olga: User, bob: User, as_user: AsUser) -> None:
    assert as_user(olga).delete(f"/api/workflows/{done.pk}/").status_code == 403
    assert as_user(bob).delete(f"/api/workflows/{done.pk}/").status_code == 404
    olga.user_permissions.add(Permission.objects.get(codename="delete_workflow"))
    assert as_user(olga).delete(f"/api/workflows/{done.pk}/").status_code == 204


def test_what_another_run_reuses_stays_until_that_one_is_deleted(
    done: Workflow, alice: User, as_user: AsUser, run: Run
) -> None:
    new = coordinator.rerun(workflow=done, by=alice, from_task="spell/1")
    run()
    reused = coordinator.rerun(workflow=done, by=alice, from_task="spell/1")
    shared = Artifact.objects.create(
        workflow=reused,
        task=reused.tasks.get(key="cut"),
        name="telegram.txt",
        kind="text",
        media_type="text/plain",
        size=3,
        file=done.artifacts.get().file.name,
    )
    file, api = path_of(done), as_user(alice)
    assert api.delete(f"/api/workflows/{done.pk}/").status_code == 204
    assert file.exists()
    assert api.get(f"/api/workflows/{reused.pk}/artifacts/{shared.pk}/").status_code == 200
    assert api.get(f"/api/workflows/{new.pk}/").json()["rerun_of"] is None
    coordinator.control(workflow=reused, by=alice, action="cancel")
    assert api.delete(f"/api/workflows/{reused.pk}/").status_code == 204
    assert not file.exists()


def test_it_is_announced_once_the_deletion_is_committed(done: Workflow, alice: User) -> None:
    heard: list[tuple[str, int, bool]] = []

    def hear(workflow_id: str, owner_id: int, **_: object) -> None:
        heard.append((workflow_id, owner_id, Workflow.objects.filter(pk=workflow_id).exists()))

    workflow_deleted.connect(hear)
    try:
        deletion.delete(workflow=done, by=alice)
    finally:
        workflow_deleted.disconnect(hear)
    assert heard == [(str(done.pk), alice.pk, False)]


# --- the admin ------------------------------------------------------------------------------------


@pytest.fixture
def ada(transactional_db: None) -> Client:
    """The administrator, signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    return client


def test_an_administrator_deletes_from_the_list_after_a_confirmation(ada: Client, done: Workflow) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [str(done.pk)]}
    page = ada.post("/admin/workflows/workflow/", chosen).content.decode()
    assert "send more light, with its tasks, events and files" in page
    assert Workflow.objects.exists()
    ada.post("/admin/workflows/workflow/", {**chosen, "post": "yes"})
    assert not Workflow.objects.exists()


def test_an_administrator_is_told_that_an_active_one_has_to_be_cancelled_first(
    ada: Client, sample_workflow: Workflow
) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [str(sample_workflow.pk)], "post": "yes"}
    assert "cancel it first" in ada.post("/admin/workflows/workflow/", chosen).content.decode()
    assert Workflow.objects.exists()
