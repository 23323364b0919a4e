"""What operators look at: runners, queue, health, connections; and what each agent did and does."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from agents import metrics
from agents.contract import AgentError, Job
from realtime import server
from realtime.database import in_thread
from tests.fixtures.connections import Connect
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.tokens import token_of
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, liveness
from workflows.liveness import RunnerInfo
from workflows.models import Workflow

Json = dict[str, Any]


@pytest.mark.covers("http_get_operations", "http_get_activity", "http_get_agents_name_work")
@pytest.mark.parametrize("path", ["/api/operations/", "/api/activity/?agent=clerk", "/api/agents/clerk/work/"])
def test_only_operators_see_it(alice: User, olga: User, as_user: AsUser, sample_agent: SampleAgent, path: str) -> None:
    assert as_user(None).get(path).status_code == 401
    assert as_user(alice).get(path).status_code == 403
    assert as_user(olga).get(path).status_code == 200


def test_runners_are_shown_with_what_they_do_the_living_first(
    sample_workflow: Workflow, sample_agent: SampleAgent, olga: User, as_user: AsUser, run: Run
) -> None:
    api, seen = as_user(olga), []
    for name in ("a-dead", "test"):
        liveness.sign_in(RunnerInfo(name, "worker", 4, frozenset({"spell"})))
    liveness.declare_dead(["a-dead"])
    sample_agent.on_spell = lambda _job, _word: seen.append(api.get("/api/operations/").json())
    run()
    shown = [(each["name"], each["is_alive"], each["running"], each["skills"]) for each in seen[0]["runners"]]
    assert shown == [("test", True, 1, ["spell"]), ("a-dead", False, 0, ["spell"])]


def test_the_queue_counts_by_skill_what_could_begin_and_since_when(
    sample_workflow: Workflow, olga: User, as_user: AsUser, run: Run, sample_agent: SampleAgent
) -> None:
    api, seen = as_user(olga), []
    sample_agent.on_spell = lambda _job, _word: seen.append(api.get("/api/operations/").json()["queue"])
    run()
    spell = next(row for row in seen[0] if row["skill"].endswith("spell"))
    assert (spell["ready"], spell["running"]) == (2, 1)
    assert spell["oldest_seconds"] >= 0
    assert api.get("/api/operations/").json()["queue"] == []


def test_what_is_paused_does_not_wait_in_the_queue(
    sample_workflow: Workflow, alice: User, olga: User, as_user: AsUser
) -> None:
    api = as_user(olga)
    (waiting,) = api.get("/api/operations/").json()["queue"]
    assert waiting["ready"] == 1
    assert waiting["oldest_seconds"] >= 0
    coordinator.control(workflow=sample_workflow, by=alice, action="pause")
    body = api.get("/api/operations/").json()
    assert body["queue"] == []
    assert body["workflows"] == {"paused": 1}


async def test_health_and_connections_are_those_of_this_moment(connect: Connect, alice: User, olga: User) -> None:
    client = await connect(alice)
    await client.request(type="subscribe", target="workflows")
    server.current().hub.bridge.listeners["watchers"](
        {"type": "watchers", "process": "another", "counts": {}, "clients": 7}
    )
    headers = {"Authorization": f"Bearer {await in_thread(token_of, olga)}"}
    answer = await AsyncClient().get("/api/operations/", headers=headers)
    body: Json = answer.json()
    assert (body["database"]["is_ok"], body["channel_layer"]["is_ok"]) == (True, True)
    connections = body["connections"]
    assert (connections["clients"], connections["users"], connections["watchers"]) == (1, 1, {"workflows": 1})
    assert [(each["clients"], each["is_this"]) for each in connections["processes"]] == [(1, True), (7, False)]


def test_what_an_agent_does_and_has_failed_at_links_to_workflows(
    sample_workflow: Workflow, olga: User, as_user: AsUser, run: Run, sample_agent: SampleAgent
) -> None:
    api, seen = as_user(olga), []

    def fail(_job: Job, word: str) -> None:
        seen.append(api.get("/api/agents/clerk/work/").json())
        raise AgentError(f"No ink for {word}.", retryable=False)

    sample_agent.on_spell = fail
    run(limit=2)
    assert [(each["workflow_id"], each["task"]) for each in seen[0]["running"]] == [
        (str(sample_workflow.pk), "spell/1")
    ]
    work = api.get("/api/agents/clerk/work/").json()
    assert work["running"] == []
    failure = work["failures"][0]
    assert (failure["title"], failure["task"], failure["problem"]) == ("send more light", "spell/1", "No ink for send.")
    assert api.get("/api/agents/nobody/work/").status_code == 404


def test_who_may_not_see_the_workflows_sees_none_of_its_work(
    sample_workflow: Workflow, olga: User, as_user: AsUser, run: Run, sample_agent: SampleAgent
) -> None:
    olga.user_permissions.remove(*olga.user_permissions.filter(codename="view_workflow"))

    def fail(_job: Job, _word: str) -> None:
        raise AgentError("No ink.", retryable=False)

    sample_agent.on_spell = fail
    run()
    assert as_user(olga).get("/api/agents/clerk/work/").json() == {"running": [], "failures": []}


def test_the_activity_of_several_agents_comes_together(olga: User, as_user: AsUser, sample_agent: SampleAgent) -> None:
    metrics.call_started("clerk")
    metrics.call_finished("clerk", 2.0, "No ink.")
    metrics.flush()
    body = as_user(olga).get("/api/activity/?agent=clerk&agent=camera_image_generator&agent=nobody").json()
    by_name = {each["agent_name"]: each for each in body}
    assert set(by_name) == {"clerk", "camera_image_generator"}
    assert (by_name["clerk"]["calls"], by_name["clerk"]["errors"], by_name["clerk"]["seconds"]) == (1, 1, 180)
    assert [sample["errors"] for sample in by_name["clerk"]["samples"]] == [1]
    assert by_name["camera_image_generator"]["samples"] == []


@pytest.mark.parametrize("asked", ["hours=9&agent=clerk", "&".join(["agent=clerk"] * 51), "hours=0&agent=clerk"])
def test_too_much_activity_at_once_is_refused(olga: User, as_user: AsUser, asked: str) -> None:
    assert as_user(olga).get(f"/api/activity/?{asked}").status_code == 400
