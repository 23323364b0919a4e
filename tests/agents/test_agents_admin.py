"""The operator's pages: the list, the switch, the last hour. And the same in the terminal."""

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from agents import registry
from agents.models import Agent, AgentSample
from tests.agents import jobs

LIST = "/admin/agents/agent/"


@pytest.fixture
def admin(db: None) -> Client:
    """A superuser's browser."""
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_how_each_agent_is_doing(shouter: Agent, admin: Client) -> None:
    for error in ("", "", "", "It broke."):
        jobs.start("shouter")
        jobs.finish("shouter", 1.5, error)
    listed = page(admin, f"{LIST}?q=shouter")
    assert "1 (25.0%)" in listed
    assert "1.50 s" in listed
    assert ">idle<" in listed


@pytest.mark.parametrize("order", range(1, 8))
def test_the_list_can_be_sorted_by_every_column(shouter: Agent, admin: Client, order: int) -> None:
    assert "shouter" in page(admin, f"{LIST}?o=-{order}")


def test_the_list_can_be_filtered_by_status(shouter: Agent, admin: Client) -> None:
    jobs.start("shouter")
    assert "shouter" in page(admin, f"{LIST}?status=busy")
    assert ">shouter<" not in page(admin, f"{LIST}?status=error")


@pytest.mark.django_db(transaction=True)
def test_an_action_switches_agents_off_and_on_and_is_announced(
    shouter: Agent, admin: Client, announced: list[dict[str, Any]]
) -> None:
    for action, status in (("switch_off", "offline"), ("switch_on", "idle")):
        admin.post(LIST, {"action": action, "_selected_action": [shouter.pk]})
        assert Agent.objects.get(pk=shouter.pk).status == status
        assert announced[-1]["status"] == status


def test_who_switched_an_agent_off_and_why_is_kept_until_it_is_on_again(shouter: Agent, admin: Client) -> None:
    chosen = {"_selected_action": [shouter.pk], "why": "Its voice is gone."}
    admin.post(LIST, {"action": "switch_off", **chosen})
    row = Agent.objects.get(pk=shouter.pk)
    assert (row.disabled_by, row.disabled_why) == (User.objects.get(is_superuser=True).username, "Its voice is gone.")
    admin.post(LIST, {"action": "switch_on", **chosen})
    row.refresh_from_db()
    assert (row.is_enabled, row.disabled_by, row.disabled_why) == (True, "", "")


def test_the_form_keeps_who_switched_it_off(shouter: Agent, admin: Client) -> None:
    admin.post(f"{LIST}{shouter.pk}/change/", {"max_concurrent": 2, "disabled_why": "Holidays"})
    row = Agent.objects.get(pk=shouter.pk)
    assert (row.is_enabled, row.disabled_why) == (False, "Holidays")
    assert row.disabled_by == User.objects.get(is_superuser=True).username


@pytest.mark.django_db(transaction=True)
def test_the_form_changes_the_switch_and_the_room_but_never_the_counts(
    shouter: Agent, admin: Client, announced: list[dict[str, Any]]
) -> None:
    jobs.start("shouter")
    answer = admin.post(f"{LIST}{shouter.pk}/change/", {"max_concurrent": 7, "in_flight": 99, "name": "renamed"})
    assert answer.status_code == 302
    row = Agent.objects.get(pk=shouter.pk)
    assert (row.name, row.is_enabled, row.max_concurrent, row.in_flight) == ("shouter", False, 7, 1)
    assert announced[-1]["status"] == "offline"


def test_an_agent_without_room_for_a_single_job_is_refused(shouter: Agent, admin: Client) -> None:
    answer = admin.post(f"{LIST}{shouter.pk}/change/", {"is_enabled": "on", "max_concurrent": 0})
    assert "greater than or equal to 1" in answer.content.decode()
    assert Agent.objects.get(pk=shouter.pk).max_concurrent == 2


def test_agents_that_are_part_of_the_program_are_not_deleted(shouter: Agent, admin: Client) -> None:
    assert admin.get(f"{LIST}{shouter.pk}/delete/").status_code == 403


def test_the_page_of_an_agent_shows_its_last_hour(shouter: Agent, admin: Client) -> None:
    assert "No calls." in page(admin, f"{LIST}{shouter.pk}/change/")
    jobs.finish("shouter", 1.25, "It broke.")
    shown = page(admin, f"{LIST}{shouter.pk}/change/")
    assert "<td>1</td><td>1</td><td>1.25</td><td>1.25</td>" in shown
    assert "It broke." in shown


def test_ten_thousand_samples_do_not_slow_the_pages(shouter: Agent, admin: Client) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    AgentSample.objects.bulk_create(
        AgentSample(agent=shouter, minute=now - timedelta(minutes=minute), calls=1) for minute in range(10_000)
    )
    page(admin, LIST)  # loads the templates
    began = time.thread_time()  # our own work, however busy the machine is
    page(admin, LIST)
    shown = page(admin, f"{LIST}{shouter.pk}/change/")
    assert time.thread_time() - began < 1.0
    assert 59 <= shown.count("<td>1</td>") <= 61  # the minutes of an hour


def test_the_terminal_lists_the_agents_and_switches_them(shouter: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    printed = StringIO()
    call_command("agents", "--disable", "shouter", "--why", "Holidays", stdout=printed)
    assert Agent.objects.get(name="shouter").disabled_why == "Holidays"
    assert Agent.objects.get(name="shouter").status == "offline"
    assert "shouter" in printed.getvalue()
    assert "offline" in printed.getvalue()
    call_command("agents", "--enable", "shouter", stdout=printed)
    assert Agent.objects.get(name="shouter").is_enabled


def test_the_terminal_shows_which_agents_are_not_of_this_process(
    shouter: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    registry.unregister("shouter")
    printed = StringIO()
    call_command("agents", stdout=printed)
    assert "not in this process" in printed.getvalue()


def test_the_terminal_refuses_an_unknown_agent(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("agents", "--enable", "nobody")
