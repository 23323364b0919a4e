"""Who did what stands in the log and in the admin, and never a secret."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import audit
from accounts.models import AuditEntry
from agents.models import Agent
from tests import cast
from tests.accounts.test_ends_everywhere import NEW, SignIn
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from workflows.models import Workflow

pytestmark = pytest.mark.django_db(transaction=True)  # lines are written after the commit

Entry = tuple[str, str, str, str]


def entries() -> list[Entry]:
    rows = AuditEntry.objects.order_by("pk")
    return [(row.action, row.user, row.subject, row.outcome) for row in rows]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.action for record in caplog.records if record.name == "callboard.audit"]  # type: ignore[attr-defined]


def test_signing_in_and_out_and_failing_to(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "callboard.audit")
    AuditEntry.objects.all().delete()
    person = SignIn("alice", "203.0.113.7")
    for name in ("alice", "my secret password"):
        person.post("/api/auth/token/", username=name, password="wrong")
    person.post("/api/auth/password/", old=cast.PASSWORD, new=NEW)
    person.post("/api/auth/logout/", refresh=person.pair["refresh"])
    assert entries() == [
        ("signed_in", "alice", "pages, or API", ""),
        ("sign_in_failed", "alice", "", ""),
        ("sign_in_failed", "", "", ""),  # it may be a password in the wrong field
        ("password_changed", "alice", "alice", "signed out everywhere"),
        ("signed_out", "alice", "", ""),
    ]
    assert lines(caplog)[-5:] == [action for action, *_ in entries()]
    assert set(AuditEntry.objects.exclude(action="password_changed").values_list("address", flat=True)) == {
        "203.0.113.7"
    }


def test_controls_and_what_came_of_them(sample_workflow: Workflow, as_user: AsUser, alice: User, run: Run) -> None:
    client, address = as_user(alice), f"/api/workflows/{sample_workflow.pk}/"
    AuditEntry.objects.all().delete()
    client.post(f"{address}control/", {"action": "resume"})
    client.post(f"{address}control/", {"action": "cancel"})
    client.post(f"{address}tokens/", {"may": "watch"})
    client.delete(address)
    subject = f"workflow {sample_workflow.pk}"
    assert entries() == [
        ("asked_for_control", "alice", subject, "resume: accepted"),
        ("controlled", "alice", subject, "resume: no_op, pending"),
        ("asked_for_control", "alice", subject, "cancel: accepted"),
        ("controlled", "alice", subject, "cancel: applied, cancelled"),
        ("made_token", "alice", subject, "watch, 3600 s"),
        ("deleted", "alice", subject, ""),
    ]


def test_agents_that_are_switched(as_user: AsUser, olga: User) -> None:
    ada = cast.enter("ada")
    client = as_user(ada)
    name = Agent.objects.values_list("name", flat=True)[0]
    AuditEntry.objects.all().delete()
    assert client.patch(f"/api/agents/{name}/", {"enabled": False, "why": "repairs"}).status_code == 200
    assert entries() == [("changed_agent", "ada", f"agent {name}", "disabled")]


def test_what_is_done_in_the_admin(olga: User, client: Client) -> None:
    client.force_login(cast.enter("ada"))
    AuditEntry.objects.all().delete()
    given = {"username": "olga", "date_joined_0": "2026-01-01", "date_joined_1": "00:00", "is_staff": "on"}
    assert client.post(f"/admin/auth/user/{olga.pk}/change/", given).status_code == 302
    changes = [(action, user, subject) for action, user, subject, _ in entries()]
    assert ("account_disabled", "", "olga") in changes  # `is_active` was not ticked
    assert ("admin_changed", "ada", "Authentication and Authorization | user olga") in changes


def test_staff_read_it_and_nobody_changes_it(client: Client, alice: User) -> None:
    client.force_login(cast.enter("ada"))
    entry = AuditEntry.objects.create(action="signed_in", user="alice", address="203.0.113.7")
    page = "/admin/accounts/auditentry/"
    assert "203.0.113.7" in client.get(page).content.decode()
    assert client.get(f"{page}{entry.pk}/change/").status_code == 200
    assert client.post(f"{page}{entry.pk}/change/", {"action": "other"}).status_code == 403
    assert client.post(f"{page}{entry.pk}/delete/").status_code == 403
    assert client.get(f"{page}add/").status_code == 403


def test_the_admin_shows_no_tokens(client: Client) -> None:
    client.force_login(cast.enter("ada"))
    index = client.get("/admin/").content.decode()
    assert "token" not in index.lower().replace("csrfmiddlewaretoken", "")
    assert client.get("/admin/token_blacklist/outstandingtoken/").status_code == 404


@pytest.mark.parametrize(("days", "left"), [(30, ["new"]), (0, ["old", "new"])])
def test_old_entries_are_forgotten(settings: Settings, days: int, left: list[str]) -> None:
    settings.AUDIT_DAYS = days
    AuditEntry.objects.all().delete()
    AuditEntry.objects.create(action="old", at=timezone.now() - timedelta(days=31))
    AuditEntry.objects.create(action="new")
    audit.forget_old()
    assert [action for action, *_ in entries()] == left
