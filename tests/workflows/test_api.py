"""Workflows over HTTP, as makers and other programs use them."""

import json
import math
import time
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from agents import registry
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import coordinator, progress, queue
from workflows.artifacts import links
from workflows.models import Artifact, Workflow


@pytest.fixture
def finished(sample_workflow: Workflow, run: Run) -> Workflow:
    """A completed workflow."""
    run()
    sample_workflow.refresh_from_db()
    return sample_workflow


# --- creating and listing -------------------------------------------------------------------------


@pytest.mark.covers("http_post_workflows")
def test_a_workflow_that_is_started_is_found_again(sample_agent: SampleAgent, alice: User, as_user: AsUser) -> None:
    api = as_user(alice)
    made = api.post("/api/workflows/", {"pipeline": "telegram", "input": {"text": "hello there"}})
    assert made.status_code == 201
    snapshot = api.get(f"/api/workflows/{made.json()['id']}/").json()
    assert (snapshot["title"], snapshot["state"], snapshot["owner"]) == ("hello there", "pending", "alice")
    assert [stage["name"] for stage in snapshot["stages"]] == ["Cut", "Spell", "Join"]


@pytest.mark.covers("http_get_workflows_workflow_id")
def test_a_workflow_has_every_field_of_the_contract(finished: Workflow, alice: User, as_user: AsUser) -> None:
    snapshot = as_user(alice).get(f"/api/workflows/{finished.pk}/").json()
    assert set(snapshot) == {
        *(
            "id",
            "pipeline",
            "title",
            "owner",
            "state",
            "progress",
            "stage",
            "message",
            "eta",
            "elapsed",
            "queue",
            "seq",
            "input",
            "stages",
        ),
        *(
            "artifacts",
            "artifacts_folded",
            "watchers",
            "error",
            "waiting_for",
            "rerun_of",
            "reruns",
            "estimated",
            "usage",
            "created_at",
            "started_at",
            "finished_at",
        ),
    }
    assert set(snapshot["stages"][0]) == {"name", "state", "progress", "tasks", "folded"}
    assert set(snapshot["stages"][0]["tasks"][0]) == {
        *(
            "key",
            "skill",
            "title",
            "agent",
            "state",
            "progress",
            "attempt",
            "started_at",
            "finished_at",
            "error",
            "question",
            "usage",
        )
    }
    assert set(snapshot["artifacts"][0]) == {"id", "name", "kind", "media_type", "url", "task"}
    assert (snapshot["progress"], snapshot["seq"]) == (1.0, finished.last_seq)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"pipeline": "idea2video", "input": {"idea": ""}}, {"idea"}),
        ({"pipeline": "idea2video", "input": {"idea": "x" * 5_000}}, {"idea"}),
        ({"pipeline": "idea2video"}, {"input"}),
        ({"input": {}}, {"pipeline"}),
        ({"pipeline": "idea2video", "input": "an idea"}, set()),
        ([], set()),
    ],
)
@pytest.mark.covers("error_invalid_input")
def test_bad_input_is_an_error_that_names_its_fields(
    sample_agent: SampleAgent, alice: User, as_user: AsUser, body: object, fields: set[str]
) -> None:
    refused = as_user(alice).post("/api/workflows/", body)
    error = refused.json()["error"]
    assert (refused.status_code, error["type"], set(error["fields"])) == (400, "InvalidInput", fields)
    assert error["message"]


@pytest.mark.covers("error_unknown_pipeline")
def test_an_unknown_pipeline_is_an_error(alice: User, as_user: AsUser) -> None:
    refused = as_user(alice).post("/api/workflows/", {"pipeline": "alchemy", "input": {}})
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "UnknownPipeline")


def test_one_workflow_too_many_is_refused_with_when_to_try_again(
    sample_workflow: Workflow, alice: User, as_user: AsUser, settings: Settings
) -> None:
    settings.ACTIVE_WORKFLOWS_PER_USER = 1
    refusal = as_user(alice).post("/api/workflows/", {"pipeline": "telegram", "input": {"text": "x"}}, "json")
    assert (refusal.status_code, refusal["Retry-After"]) == (429, "30")
    assert refusal.json()["error"]["retry_after"] == 30


def test_what_is_not_json_is_an_error(alice: User, as_user: AsUser) -> None:
    refused = as_user(alice).generic("POST", "/api/workflows/", "{nonsense", content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "InvalidInput")


@pytest.mark.covers("http_get_workflows")
def test_a_user_sees_their_own_workflows_newest_first(
    sample_agent: SampleAgent, alice: User, bob: User, as_user: AsUser
) -> None:
    api = as_user(alice)
    for text in ("one", "two"):
        api.post("/api/workflows/", {"pipeline": "telegram", "input": {"text": text}})
    as_user(bob).post("/api/workflows/", {"pipeline": "telegram", "input": {"text": "bob's"}})
    page = api.get("/api/workflows/").json()
    assert (page["count"], [row["title"] for row in page["results"]]) == (2, ["two", "one"])


def test_the_cost_of_a_list_in_queries_does_not_depend_on_how_many_workflows_there_are(
    sample_agent: SampleAgent, alice: User, as_user: AsUser, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_places", (-math.inf, {}))
    monkeypatch.setattr(queue, "READ_SECONDS", 60.0)  # all workflows that wait are read together, now and then
    as_user(alice).get("/api/workflows/")
    coordinator.create(pipeline="telegram", given={"text": "waits"}, owner=alice)
    as_user(alice).get("/api/workflows/")

    def queries_of_a_list(workflows: int) -> int:
        for number in range(workflows):
            coordinator.create(pipeline="telegram", given={"text": f"{number} a b"}, owner=alice)
        run(limit=workflows)
        for workflow in Workflow.objects.all():
            progress.forget(str(workflow.pk))  # another process works on them
        with CaptureQueriesContext(connection) as queries:
            assert as_user(alice).get("/api/workflows/").json()["count"] == Workflow.objects.count()
        return len(queries)

    assert queries_of_a_list(10) == queries_of_a_list(1)


def test_pages_hold_every_workflow_once_in_order(sample_agent: SampleAgent, alice: User, as_user: AsUser) -> None:
    rows = [
        Workflow(pipeline="telegram", title=f"{number}", owner=alice, input={}, state="completed")
        for number in range(60)
    ]
    Workflow.objects.bulk_create(rows)
    Workflow.objects.update(created_at=rows[0].created_at)  # at the same moment
    titles, url = [], "/api/workflows/"
    while url:
        page = as_user(alice).get(url).json()
        titles += [row["title"] for row in page["results"]]
        url = page["next"]
    assert len(titles) == 60
    assert set(titles) == {row.title for row in rows}


def test_a_list_can_be_filtered_by_state(finished: Workflow, alice: User, as_user: AsUser) -> None:
    api = as_user(alice)
    assert api.get("/api/workflows/?state=completed&state=failed").json()["count"] == 1
    assert api.get("/api/workflows/?state=running").json()["count"] == 0
    assert api.get("/api/workflows/?state=asleep").json()["error"]["fields"] == {"state": "No such state."}


@pytest.mark.covers("http_get_pipelines")
def test_pipelines_are_listed_with_their_stages_and_input(alice: User, as_user: AsUser) -> None:
    listed = {row["name"]: row for row in as_user(alice).get("/api/pipelines/").json()}
    assert listed["idea2video"]["stages"][0] == "Plan"
    assert listed["idea2video"]["input_schema"]["properties"]["scenes"]["maximum"] == 12


def test_a_pipeline_says_what_each_of_its_steps_waits_for(alice: User, as_user: AsUser) -> None:
    listed = {row["name"]: row for row in as_user(alice).get("/api/pipelines/").json()}
    steps = {step["name"]: step for step in listed["idea2video"]["steps"]}
    assert steps["plan"] == {
        "name": "plan",
        "stage": "Plan",
        "skill": "plan_idea",
        "after": [],
        "after_all": [],
        "each": None,
    }
    assert (steps["clip"]["after"], steps["clip"]["each"]) == (["frames", "plan", "speech"], "storyboard")
    assert steps["edit"]["after_all"] == ["clip", "speech", "ambience"]


def test_a_pipeline_that_cannot_be_started_says_what_it_lacks(
    sample_agent: SampleAgent, alice: User, as_user: AsUser
) -> None:
    def lacks() -> dict[str, list[str]]:
        return {row["name"]: row["lacks"] for row in as_user(alice).get("/api/pipelines/").json()}

    assert set(map(tuple, lacks().values())) == {()}
    sample_agent.lacks = "TELEGRAPH_KEY is not set."
    assert lacks() == {
        "idea2video": [],
        "script2video": [],
        "novel2video": [],
        "telegram": ["TELEGRAPH_KEY is not set."],
    }
    registry.set_enabled(["clerk"], is_enabled=False)
    assert lacks()["telegram"] == ["Clerk is switched off."]  # once, though it has three of the skills
    registry.unregister("clerk")
    assert "No agent has the skill 'spell'." in lacks()["telegram"]


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "control/"])
def test_others_workflows_do_not_exist(sample_workflow: Workflow, bob: User, as_user: AsUser, path: str) -> None:
    api = as_user(bob)
    url = f"/api/workflows/{sample_workflow.pk}/{path}"
    answer = api.post(url, {"action": "cancel"}) if path == "control/" else api.get(url)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "TargetNotFound")


def test_an_operator_sees_and_controls_everybodys(sample_workflow: Workflow, olga: User, as_user: AsUser) -> None:
    api = as_user(olga)
    assert api.get(f"/api/workflows/{sample_workflow.pk}/").status_code == 200
    assert (
        api.post(f"/api/workflows/{sample_workflow.pk}/control/", {"action": "cancel"}).json()["status"] == "accepted"
    )


def test_without_a_token_there_is_nothing(sample_workflow: Workflow) -> None:
    for path in ("/api/workflows/", f"/api/workflows/{sample_workflow.pk}/", "/api/pipelines/"):
        refused = APIClient().get(path)
        assert (refused.status_code, refused.json()["error"]["type"]) == (401, "NotAuthenticated")


def test_a_bad_token_is_named_as_the_reason(sample_workflow: Workflow) -> None:
    refused = APIClient().get("/api/workflows/", HTTP_AUTHORIZATION="Bearer nonsense")
    assert (refused.status_code, refused.json()["error"]["type"]) == (401, "InvalidToken")


@pytest.mark.covers("error_not_found")
def test_an_unknown_address_of_the_api_is_an_error_in_the_same_shape(alice: User) -> None:
    answer = APIClient().get("/api/nonsense/")
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "NotFound")


# --- controlling ----------------------------------------------------------------------------------


@pytest.mark.covers("http_post_workflows_workflow_id_control")
def test_a_control_is_answered_with_its_status(sample_workflow: Workflow, alice: User, as_user: AsUser) -> None:
    api = as_user(alice)
    answer = api.post(f"/api/workflows/{sample_workflow.pk}/control/", {"action": "pause", "request_id": "r1"})
    assert answer.json() == {"request_id": "r1", "status": "accepted", "reason": "", "outcome": "applied"}


def test_a_control_may_have_a_reason(sample_workflow: Workflow, alice: User, as_user: AsUser) -> None:
    url, reason = f"/api/workflows/{sample_workflow.pk}/control/", "The client has called."
    assert as_user(alice).post(url, {"action": "pause", "why": "x" * 501}).status_code == 400
    assert as_user(alice).post(url, {"action": "pause", "why": reason}).status_code == 200
    assert sample_workflow.events.get(kind="control_requested").data["why"] == reason


def test_a_control_that_makes_no_sense_is_rejected_with_a_reason(
    finished: Workflow, alice: User, as_user: AsUser
) -> None:
    answer = as_user(alice).post(f"/api/workflows/{finished.pk}/control/", {"action": "pause"}).json()
    assert (answer["status"], answer["reason"]) == ("rejected", "It is completed: there is nothing left to pause.")


def test_an_unknown_action_is_an_error(sample_workflow: Workflow, alice: User, as_user: AsUser) -> None:
    refused = as_user(alice).post(f"/api/workflows/{sample_workflow.pk}/control/", {"action": "explode"})
    assert (refused.status_code, set(refused.json()["error"]["fields"])) == (400, {"action"})


# --- artifacts ------------------------------------------------------------------------------------


async def fetch(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    response = await AsyncClient().get(url, headers=headers)
    streamed = cast(StreamingHttpResponse, response)
    body = b"".join([chunk async for chunk in streamed]) if response.streaming else response.content
    return response.status_code, body, dict(response.headers)


@pytest.fixture
def url(finished: Workflow, alice: User, as_user: AsUser) -> str:
    """The signed link of its artifact."""
    snapshot = as_user(alice).get(f"/api/workflows/{finished.pk}/").json()
    return str(snapshot["artifacts"][0]["url"])


TEXT = b"s-e-n-d m-o-r-e l-i-g-h-t"


async def test_a_signed_link_opens_its_artifact_without_a_token(url: str) -> None:
    status, body, headers = await fetch(url)
    assert (status, body, headers["Content-Type"]) == (200, TEXT, "text/plain")


async def test_a_signed_link_opens_its_artifact_whatever_token_comes_with_it(url: str) -> None:
    status, body, _ = await fetch(url, Authorization="Bearer of-another-server")
    assert (status, body) == (200, TEXT)
    status, _, _ = await fetch(url.partition("?")[0], Authorization="Bearer of-another-server")
    assert status == 401


@pytest.mark.parametrize(
    ("asked", "status", "expected", "content_range"),
    [
        ("bytes=0-6", 206, TEXT[:7], "bytes 0-6/25"),
        ("bytes=20-", 206, TEXT[20:], "bytes 20-24/25"),
        ("bytes=-5", 206, TEXT[-5:], "bytes 20-24/25"),
        ("bytes=20-999", 206, TEXT[20:], "bytes 20-24/25"),
        ("bytes=25-", 416, b"", "bytes */25"),
        ("bytes=-0", 416, b"", "bytes */25"),
        ("bytes=9-3", 200, TEXT, None),
        ("bytes=-", 200, TEXT, None),
        ("lines=1-2", 200, TEXT, None),
    ],
)
@pytest.mark.covers("http_get_workflows_workflow_id_artifacts_artifact_id")
async def test_a_part_of_an_artifact_can_be_fetched(
    url: str, asked: str, status: int, expected: bytes, content_range: str | None
) -> None:
    got_status, body, headers = await fetch(url, Range=asked)
    assert (got_status, body, headers.get("Content-Range")) == (status, expected, content_range)


async def test_a_link_for_another_artifact_or_a_changed_one_opens_nothing(url: str, finished: Workflow) -> None:
    artifact = await Artifact.objects.aget(workflow=finished)
    path, _, query = url.partition("?")
    for forged in (path, f"{path}?expires=9999999999&signature=x", f"{path}?{query}x", f"{path}?expires=x&signature=y"):
        assert (await fetch(forged))[0] == 404, forged
    assert str(artifact.pk) in path


def test_a_link_is_good_for_an_hour_and_no_longer_than_an_hour_and_ten_minutes(
    monkeypatch: pytest.MonkeyPatch, sample_workflow: Workflow
) -> None:
    workflow = str(sample_workflow.pk)
    made_at = datetime(2026, 11, 23, tzinfo=UTC).timestamp() + 7
    monkeypatch.setattr(time, "time", lambda: made_at)
    query = dict(part.split("=") for part in links.signed_artifact_url(workflow, "a").split("?")[1].split("&"))
    for later, is_good in ((timedelta(minutes=60), True), (timedelta(minutes=71), False)):
        monkeypatch.setattr(time, "time", lambda later=later: made_at + later.total_seconds())
        assert links.is_signed(workflow, "a", query["expires"], query["signature"]) is is_good


async def test_what_a_browser_could_run_is_only_ever_downloaded(url: str, finished: Workflow) -> None:
    await Artifact.objects.filter(workflow=finished).aupdate(media_type="text/html", name="<evil>.html")
    _, _, headers = await fetch(url)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in headers["Content-Security-Policy"]


async def test_a_download_keeps_its_name(url: str) -> None:
    _, _, headers = await fetch(f"{url}&download=1")
    assert headers["Content-Disposition"] == 'attachment; filename="telegram.txt"'


@pytest.mark.covers("http_get_coordinator_metrics")
def test_coordinator_metrics_are_for_those_who_may_see_the_agents(
    finished: Workflow, alice: User, olga: User, as_user: AsUser
) -> None:
    assert as_user(alice).get("/api/coordinator/metrics/").status_code == 403
    figures = as_user(olga).get("/api/coordinator/metrics/").json()
    assert figures["type"] == "coordinator_metrics"
    assert (figures["total_workflows"], figures["active_workflows"]) == (1, 0)


@pytest.mark.covers("http_get_schema")
def test_the_openapi_document_has_every_address(alice: User, as_user: AsUser) -> None:
    document = as_user(alice).get("/api/schema/?format=json")
    paths = set(json.loads(document.content)["paths"])
    assert {"/api/workflows/", "/api/workflows/{workflow_id}/", "/api/workflows/{workflow_id}/control/"} <= paths
