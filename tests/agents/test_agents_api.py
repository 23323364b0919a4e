"""The agents over HTTP."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from agents import registry
from agents.models import Agent, AgentSample
from tests.agents import jobs
from tests.fixtures.people import AsUser


@pytest.mark.covers("http_get_agents")
def test_every_agent_is_listed_with_its_skills_and_metrics(shouter: Agent, olga: User, as_user: AsUser) -> None:
    jobs.start("shouter")
    listed = as_user(olga).get("/api/agents/").json()
    (body,) = [body for body in listed if body["agent_name"] == "shouter"]
    assert body["status"] == "busy"
    assert body["metrics"]["message_count"] == 1
    assert body["skills"] == [{"id": "shout", "name": "Shout", "description": "Upper case."}]
    assert len(listed) == len(registry.registered())


@pytest.mark.covers("http_get_agents_name")
def test_an_agent_is_shown_with_its_schemas_and_the_samples_of_the_last_hour(
    shouter: Agent, olga: User, as_user: AsUser
) -> None:
    jobs.finish("shouter", 2.5, "It broke.")
    AgentSample.objects.create(agent=shouter, minute=timezone.now() - timedelta(minutes=61), calls=7)
    body = as_user(olga).get("/api/agents/shouter/").json()
    assert body["skills"][0]["input_schema"]["$defs"]["Words"]["required"] == ["text"]
    (sample,) = body["samples"]
    assert (sample["calls"], sample["errors"], sample["max_seconds"]) == (1, 1, 2.5)
    assert body["metrics"]["error_count"] == 1


def test_a_maker_without_the_permission_is_refused(shouter: Agent, alice: User, as_user: AsUser) -> None:
    assert as_user(alice).get("/api/agents/").status_code == 403
    assert as_user(alice).get("/api/agents/shouter/").status_code == 403


def test_who_may_change_agents_switches_one_off_and_says_why(shouter: Agent, olga: User, as_user: AsUser) -> None:
    olga.user_permissions.add(Permission.objects.get(codename="change_agent"))
    body = as_user(olga).patch("/api/agents/shouter/", {"enabled": False, "why": "Its voice is gone."}).json()
    switched_off = {
        "status": "offline",
        "enabled": False,
        "is_enabled": False,
        "by": "olga",
        "reason": "disabled by olga: Its voice is gone.",
    }
    assert {name: body[name] for name in switched_off} == switched_off
    assert as_user(olga).patch("/api/agents/shouter/", {"enabled": True}).json()["reason"] == ""
    assert as_user(olga).patch("/api/agents/shouter/", {"enabled": "perhaps"}).status_code == 400


@pytest.fixture
def operator(olga: User, as_user: AsUser) -> APIClient:
    """Who may change agents."""
    olga.user_permissions.add(Permission.objects.get(codename="change_agent"))
    return as_user(olga)


def test_an_operator_lets_an_agent_drain_and_changes_its_capacity_and_weight(
    shouter: Agent, operator: APIClient
) -> None:
    asked = {"draining": True, "max_concurrent": 7, "weight": 2.5, "why": "A sore throat."}
    body = operator.patch("/api/agents/shouter/", asked).json()
    assert (body["enabled"], body["draining"], body["max_concurrent"], body["weight"]) == (True, True, 7, 2.5)
    assert (body["status"], body["reason"], body["metrics"]["is_healthy"]) == (
        "idle",
        "draining by olga: A sore throat.",
        True,
    )
    (change,) = body["changes"]
    assert (change["by"], change["why"]) == ("olga", "A sore throat.")
    assert change["what"] == "draining, capacity 7 instead of 2, weight 2.5 instead of 1"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"why": "Because."},
        {"max_concurrent": 0},
        {"max_concurrent": 1_000_000},
        {"weight": 0},
        {"weight": "NaN"},
        {"weight": -1},
        {"draining": None},
        {"enabled": True, "why": "x" * 501},
    ],
)
def test_what_makes_no_sense_changes_nothing(shouter: Agent, operator: APIClient, asked: dict[str, object]) -> None:
    assert operator.patch("/api/agents/shouter/", asked).status_code == 400
    assert not shouter.changes.exists()


@pytest.mark.covers("http_get_agents_name_history")
def test_a_history_has_samples_with_percentiles(shouter: Agent, olga: User, as_user: AsUser) -> None:
    for seconds in (1.0, 1.0, 1.0, 8.0):
        jobs.finish("shouter", seconds, "It broke." if seconds > 1 else "")
    body = as_user(olga).get("/api/agents/shouter/history/?hours=48").json()
    assert (body["hours"], body["seconds"], body["calls"], body["errors"]) == (48, 900, 4, 1)
    assert sum(sample["calls"] for sample in body["samples"]) == 4
    assert body["p50"] == pytest.approx(1.0, rel=0.1)
    assert body["p95"] == pytest.approx(8.0, rel=0.1)
    assert as_user(olga).get("/api/agents/shouter/history/").json()["hours"] == 24
    for hours in ("0", "721", "x"):
        assert as_user(olga).get(f"/api/agents/shouter/history/?hours={hours}").status_code == 400
    assert as_user(olga).get("/api/agents/nobody/history/").status_code == 404


def test_a_history_is_for_operators(shouter: Agent, alice: User, as_user: AsUser) -> None:
    assert as_user(alice).get("/api/agents/shouter/history/").status_code == 403


def test_who_may_only_view_agents_switches_none(shouter: Agent, charlie: User, as_user: AsUser) -> None:
    charlie.user_permissions.add(Permission.objects.get(codename="view_agent"))
    assert as_user(charlie).patch("/api/agents/shouter/", {"enabled": False}).status_code == 403
    assert Agent.objects.get(name="shouter").is_enabled


def test_a_stranger_is_asked_for_a_token(db: None, as_user: AsUser) -> None:
    assert as_user(None).get("/api/agents/").status_code == 401


def test_an_unknown_agent_is_not_found(olga: User, as_user: AsUser) -> None:
    assert as_user(olga).get("/api/agents/nobody/").status_code == 404


def test_the_openapi_schema_of_the_agents_is_complete() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    complaints = [text for cache in (GENERATOR_STATS._warn_cache, GENERATOR_STATS._error_cache) for text in cache]
    assert [text for text in complaints if "agents" in text] == []
    detail = schema["paths"]["/api/agents/{name}/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert detail == {"$ref": "#/components/schemas/AgentDetail"}
    assert schema["components"]["schemas"]["AgentDetail"]["properties"]["samples"]["type"] == "array"
