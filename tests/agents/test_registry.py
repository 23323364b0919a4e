"""Which agents exist, and who takes a job."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agents import contract, metrics, registry, switches
from agents.models import Agent
from agents.registry import Candidate, FreeAgent
from tests.agents import jobs
from tests.agents.conftest import Crier, Shouter

Enlist = Callable[[contract.Agent], Agent]


def test_a_registered_agent_is_found_by_its_name(shouter: Agent) -> None:
    assert registry.get("shouter").description == "Says it louder."


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(registry.AgentNotFound, match="nobody"):
        registry.get("nobody")


@pytest.mark.parametrize("name", ["", "With Blank", "UPPER", "a/b", "x" * 65, "line\n"])
def test_a_name_that_no_url_could_hold_is_refused(name: str) -> None:
    nameless = type("Nameless", (Shouter,), {"name": name})
    with pytest.raises(ValueError, match="no name for an agent"):
        registry.register(nameless())


def test_every_skill_of_every_agent_is_known(shouter: Agent) -> None:
    assert registry.skills()["shout"].name == "Shout"


def test_the_row_of_an_agent_has_its_skills_with_schemas(shouter: Agent) -> None:
    (skill,) = shouter.skills
    assert (skill["id"], skill["tags"]) == ("shout", ["text"])
    assert skill["input_schema"]["$defs"]["Words"]["required"] == ["text"]
    assert shouter.max_concurrent == 2


def test_a_migration_writes_the_rows_of_the_crew(db: None) -> None:
    Agent.objects.all().delete()
    call_command("migrate", verbosity=0)
    registered = {agent.name for agent in registry.registered()}
    assert set(Agent.objects.values_list("name", flat=True)) == registered


def test_syncing_again_keeps_what_operators_set_and_what_was_counted(shouter: Agent) -> None:
    jobs.start("shouter")
    Agent.objects.filter(name="shouter").update(is_enabled=False, max_concurrent=9, description="old")
    registry.sync()
    row = Agent.objects.get(name="shouter")
    assert (row.is_enabled, row.max_concurrent, row.message_count) == (False, 9, 1)
    assert row.description == "Says it louder."


def test_an_agent_that_is_gone_is_offline_but_keeps_its_history_until_it_is_back(shouter: Agent) -> None:
    jobs.start("shouter")
    registry.unregister("shouter")
    registry.sync()
    gone = Agent.objects.get(name="shouter")
    assert (gone.status, gone.message_count) == ("offline", 1)
    registry.register(Shouter())
    registry.sync()
    assert Agent.objects.get(name="shouter").status == "busy"


def chosen_for(skill: str) -> str | None:
    """The agent that would get the next job for a skill."""
    free = free_agents(jobs.slots()).get(skill)
    return free.name if free else None


def free_agents(taken: Mapping[str, Collection[int]]) -> dict[str, FreeAgent]:
    """By skill, as the agents' rows are now."""
    return registry.free_agents(taken, [Candidate.of(row) for row in Agent.objects.all()])


def test_the_first_free_slot_is_taken(shouter: Agent) -> None:
    assert free_agents({"shouter": {1}})["shout"].slot == 0
    assert free_agents({"shouter": {0}})["shout"].slot == 1


def test_a_job_goes_to_the_agent_with_the_skill_in_one_query(
    shouter: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert chosen_for("shout") == "shouter"


def test_an_agent_without_room_gets_no_job(shouter: Agent) -> None:
    jobs.start("shouter")
    assert chosen_for("shout") == "shouter"
    jobs.start("shouter")
    assert chosen_for("shout") is None


def test_the_least_loaded_agent_is_chosen(shouter: Agent, enlist: Enlist) -> None:
    enlist(Crier())
    jobs.start("shouter")
    assert chosen_for("shout") == "town-crier"
    jobs.start("town-crier")
    jobs.finish("shouter", 1.0)
    assert chosen_for("shout") == "shouter"


def test_jobs_go_round_among_idle_agents(shouter: Agent, enlist: Enlist) -> None:
    enlist(Crier())
    for _ in range(4):
        chosen = chosen_for("shout")
        assert chosen
        jobs.start(chosen)
        jobs.finish(chosen, 0.1)
    assert list(Agent.objects.filter(message_count=2).values_list("name", flat=True)) == ["shouter", "town-crier"]


def test_an_agent_with_twice_the_weight_gets_twice_the_work(shouter: Agent, enlist: Enlist) -> None:
    enlist(Crier())
    switches.change(["shouter", "town-crier"], max_concurrent=10)
    switches.change(["shouter"], weight=2.0)
    for _ in range(9):
        jobs.start(chosen_for("shout") or "")
    assert (jobs.running["shouter"], jobs.running["town-crier"]) == (6, 3)
    jobs.running.clear()
    for _ in range(9):  # one after the other, too
        chosen = chosen_for("shout") or ""
        jobs.start(chosen)
        jobs.finish(chosen, 0.1)
    assert dict(Agent.objects.filter(message_count__gt=0).values_list("name", "message_count")) == {
        "shouter": 12,
        "town-crier": 6,
    }


def test_an_agent_that_drains_gets_no_job(shouter: Agent, enlist: Enlist) -> None:
    enlist(Crier())
    switches.change(["town-crier"], is_draining=True)
    jobs.start("shouter")
    assert chosen_for("shout") == "shouter"
    switches.change(["shouter"], is_draining=True)
    assert chosen_for("shout") is None


def test_for_a_skill_that_no_agent_has_none_is_free(db: None) -> None:
    assert chosen_for("juggle") is None


def test_a_disabled_agent_does_not_count_as_having_the_skill(shouter: Agent) -> None:
    registry.set_enabled(["shouter"], is_enabled=False)
    assert chosen_for("shout") is None


def test_an_unreachable_agent_is_waited_for(shouter: Agent) -> None:
    Agent.objects.filter(name="shouter").update(is_reachable=False)
    assert chosen_for("shout") is None


def fail(times: int) -> None:
    """The agent fails at so many jobs, one after the other."""
    for _ in range(times):
        jobs.start("shouter")
        jobs.finish("shouter", 0.1, "It broke.")


def test_an_agent_gets_no_job_after_five_failures_in_a_row(shouter: Agent) -> None:
    fail(4)
    jobs.start("shouter")
    jobs.finish("shouter", 0.1)
    fail(4)
    assert chosen_for("shout") == "shouter"
    fail(1)
    assert chosen_for("shout") is None


def test_an_agent_that_fails_when_it_is_tried_again_waits_once_more(shouter: Agent) -> None:
    fail(5)
    Agent.objects.update(last_error_at=timezone.now() - registry.COOL_DOWN)
    assert chosen_for("shout") == "shouter"
    fail(1)
    assert chosen_for("shout") is None


def test_a_failure_is_counted_at_once_so_that_no_job_comes_in_between(
    shouter: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "FLUSH_SECONDS", 3600.0)
    fail(5)
    assert chosen_for("shout") is None


def test_an_unhealthy_agent_gets_one_job_to_prove_itself_after_the_cool_down(shouter: Agent) -> None:
    fail(5)
    assert chosen_for("shout") is None
    Agent.objects.update(last_error_at=timezone.now() - registry.COOL_DOWN - timedelta(seconds=1))
    assert chosen_for("shout") == "shouter"
    jobs.start("shouter")
    assert chosen_for("shout") is None
    jobs.finish("shouter", 0.1)
    assert chosen_for("shout") == "shouter"


def test_an_agent_that_lacks_a_setting_is_chosen_only_if_no_other_has_the_skill(shouter: Agent, enlist: Enlist) -> None:
    crier = Crier()
    crier.lacks = "CRIER_KEY is not set."
    enlist(crier)
    jobs.start("shouter")
    assert chosen_for("shout") == "shouter"
    registry.unregister("shouter")
    assert chosen_for("shout") == "town-crier"


def test_nothing_is_missing_for_skills_that_can_be_performed(shouter: Agent) -> None:
    assert registry.missing_for(["shout", "shout"]) == []


def test_each_missing_setting_is_reported_once(shouter: Agent, enlist: Enlist) -> None:
    shouter_without_voice = Shouter()
    shouter_without_voice.lacks = "VOICE is not set."
    registry.register(shouter_without_voice)
    assert registry.missing_for(["juggle", "shout", "shout"]) == [
        "No agent has the skill 'juggle'.",
        "VOICE is not set.",
    ]
    enlist(Crier())
    assert registry.missing_for(["shout"]) == []


def test_a_skill_whose_agents_are_all_switched_off_is_missing(shouter: Agent) -> None:
    registry.set_enabled(["shouter"], is_enabled=False)
    assert registry.missing_for(["shout"]) == ["Shouter is switched off."]


@pytest.mark.django_db(transaction=True)
def test_switching_an_agent_off_and_on_is_announced_at_once_and_only_when_it_changes(
    shouter: Agent, announced: list[dict[str, object]]
) -> None:
    assert registry.set_enabled(["shouter"], is_enabled=False) == 1
    assert registry.set_enabled(["shouter"], is_enabled=False) == 0
    registry.set_enabled(["shouter"], is_enabled=True)
    assert [body["status"] for body in announced] == ["offline", "idle"]
