"""The operator's pages: the list, the switch, the last hour. And the same in the terminal."""

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from agents import registry, switches
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


def act(client: Client, action: str, row: Agent, why: str = "") -> str:
    """What the page says after the action."""
    answer = client.post(LIST, {"action": action, "_selected_action": [row.pk], "why": why}, follow=True)
    return answer.content.decode()


def form(**changed: object) -> dict[str, object]:
    """The form of the shouter as it stands in the page, with changes; None takes a box's tick away."""
    fields = {"is_enabled": "on", "max_concurrent": 2, "weight": 1.0, "why": "", **changed}
    return {name: value for name, value in fields.items() if value is not None}


@pytest.mark.django_db(transaction=True)
def test_actions_disable_drain_and_enable_agents_and_are_announced(
    shouter: Agent, admin: Client, announced: list[dict[str, Any]]
) -> None:
    for action, shown in (
        ("disable", ("offline", False, False, "disabled by admin: Its voice is gone.")),
        ("drain", ("idle", True, True, "draining by admin: Its voice is gone.")),
        ("enable", ("idle", True, False, "")),
    ):
        act(admin, action, shouter, why="Its voice is gone.")
        body = announced[-1]
        assert (body["status"], body["enabled"], body["draining"], body["reason"]) == shown


def test_who_changed_an_agent_and_why_is_kept_and_shown(shouter: Agent, admin: Client) -> None:
    act(admin, "disable", shouter, why="Its voice is gone.")
    act(admin, "enable", shouter, why="It is back.")
    admin.post(f"{LIST}{shouter.pk}/change/", form(max_concurrent=1, weight=2.5, why="A sore throat."))
    kept = [(change.what, change.by, change.why) for change in shouter.changes.all()]
    assert kept == [
        ("capacity 1 instead of 2, weight 2.5 instead of 1", "admin", "A sore throat."),
        ("enabled", "admin", "It is back."),
        ("disabled", "admin", "Its voice is gone."),
    ]
    shown = page(admin, f"{LIST}{shouter.pk}/change/")
    assert all(why in shown for _, _, why in kept)


def test_only_the_latest_changes_are_kept(shouter: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switches, "KEEP_CHANGES", 3)
    for number in range(2, 9):
        switches.change(["shouter"], max_concurrent=number + 1)
    assert [change.what[:10] for change in shouter.changes.all()] == ["capacity 9", "capacity 8", "capacity 7"]


def test_switches_and_reasons_outlast_a_restart(shouter: Agent, admin: Client) -> None:
    act(admin, "drain", shouter, why="A new microphone.")
    admin.post(f"{LIST}{shouter.pk}/change/", form(is_draining="on", max_concurrent=1, weight=3.0))
    registry.sync()  # as at each start
    row = Agent.objects.get(pk=shouter.pk)
    assert (row.is_draining, row.max_concurrent, row.weight) == (True, 1, 3.0)
    assert row.reason == "draining by admin: A new microphone."


def test_the_breaker_of_an_agent_is_reset(shouter: Agent, admin: Client) -> None:
    for _ in range(5):
        jobs.finish("shouter", 0.1, "It broke.")
    assert Agent.objects.get(pk=shouter.pk).status == "error"
    assert "1 reset" in act(admin, "reset_breaker", shouter, why="The cable was loose.")
    assert Agent.objects.get(pk=shouter.pk).status == "idle"
    assert shouter.changes.get().why == "The cable was loose."
    assert "0 reset" in act(admin, "reset_breaker", shouter)


def test_an_agent_is_checked_from_the_list_and_from_its_page(
    shouter: Agent, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Shouter: ready." in act(admin, "check_now", shouter)
    monkeypatch.setattr(registry.get("shouter"), "lacks", "VOICE is not set.")
    answer = admin.post(f"{LIST}{shouter.pk}/change/", form(_check="Check now"), follow=True)
    assert "Shouter: VOICE is not set." in answer.content.decode()
    assert [change.what for change in shouter.changes.all()] == ["checked: VOICE is not set.", "checked: ready"]


def test_who_may_only_view_agents_has_no_actions_and_no_buttons(shouter: Agent, admin: Client) -> None:
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_agent"))
    admin.force_login(viewer)
    assert 'value="disable"' not in page(admin, LIST)
    assert "Reset the breaker" not in page(admin, f"{LIST}{shouter.pk}/change/")
    act(admin, "disable", shouter)
    assert Agent.objects.get(pk=shouter.pk).is_enabled


@pytest.mark.django_db(transaction=True)
def test_the_form_changes_the_switches_but_never_the_counts(
    shouter: Agent, admin: Client, announced: list[dict[str, Any]]
) -> None:
    jobs.start("shouter")
    changed = form(is_enabled=None, max_concurrent=7, in_flight=99, name="renamed", why="Holidays")
    assert admin.post(f"{LIST}{shouter.pk}/change/", changed).status_code == 302
    row = Agent.objects.get(pk=shouter.pk)
    assert (row.name, row.is_enabled, row.max_concurrent, row.in_flight) == ("shouter", False, 7, 1)
    assert (announced[-1]["status"], announced[-1]["reason"]) == ("offline", "disabled by admin: Holidays")


def test_an_agent_without_room_for_a_single_job_is_refused(shouter: Agent, admin: Client) -> None:
    answer = admin.post(f"{LIST}{shouter.pk}/change/", form(max_concurrent=0))
    assert "greater than or equal to 1" in answer.content.decode()
    assert Agent.objects.get(pk=shouter.pk).max_concurrent == 2


def test_agents_that_are_part_of_the_program_are_not_deleted(shouter: Agent, admin: Client) -> None:
    assert admin.get(f"{LIST}{shouter.pk}/delete/").status_code == 403


def test_the_page_of_an_agent_has_a_chart_of_the_last_day_and_its_figures_in_words(
    shouter: Agent, admin: Client
) -> None:
    address = f"{LIST}{shouter.pk}/change/"
    assert "No calls in the last 24 hours." in page(admin, address)
    for seconds in (1.0, 1.0, 1.0, 9.0):
        jobs.finish("shouter", seconds, "It broke." if seconds > 1 else "")
    shown = page(admin, address)
    assert "The last 24 hours: 4 calls, 1 errors; half of the calls took at most 0.94 s, 95 % at most 8.93 s." in shown
    assert shown.count('<rect class="calls"') == 1
    assert "<td>4</td><td>1</td><td>0.94 s</td><td>8.93 s</td><td>9.00 s</td>" in shown
    assert "It broke." in page(admin, LIST)


def test_a_month_of_samples_does_not_slow_the_pages(shouter: Agent, admin: Client) -> None:
    now = timezone.now().replace(second=0, microsecond=0)
    AgentSample.objects.bulk_create(
        AgentSample(agent=shouter, minute=now - timedelta(minutes=minute), calls=1, durations={"40": 1})
        for minute in range(10_000)
    )
    page(admin, LIST)  # loads the templates
    began = time.thread_time()  # our own work, however busy the machine is
    page(admin, LIST)
    shown = page(admin, f"{LIST}{shouter.pk}/change/")
    assert time.thread_time() - began < 1.0
    assert 96 <= shown.count('<rect class="calls"') <= 97  # the quarters of a day


def test_the_terminal_lists_the_agents_and_switches_them(shouter: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    printed = StringIO()
    call_command("agents", "--disable", "shouter", "--why", "Holidays", stdout=printed)
    assert Agent.objects.get(name="shouter").disabled_why == "Holidays"
    assert Agent.objects.get(name="shouter").status == "offline"
    assert "shouter" in printed.getvalue()
    assert "offline" in printed.getvalue()
    call_command("agents", "--drain", "shouter", stdout=printed)
    assert "(draining)" in printed.getvalue()
    call_command("agents", "--enable", "shouter", stdout=printed)
    assert not Agent.objects.get(name="shouter").is_draining
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
