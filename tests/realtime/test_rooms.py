"""Agents and the coordinator live; the heartbeat; leaving."""

import asyncio
import threading
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from pytest_django import Settings

from agents import metrics
from agents.contract import Job
from realtime import server
from realtime.database import in_thread
from realtime.rooms import Room, parse_name, room_of, workflow_room
from tests.fixtures.connections import Connect
from tests.fixtures.people import AsUser
from tests.fixtures.workflows import Run
from tests.workflows.sample_pipeline import SampleAgent
from workflows import snapshots
from workflows.models import Workflow
from workflows.signals import coordinator_metrics_changed

Json = dict[str, Any]

TIMELESS = {"agent_name", "status", "metrics", "kind", "skills", "in_flight", "is_enabled"}


@pytest.mark.covers("receive_agent_status")
async def test_the_status_of_all_agents_comes_at_once_and_then_live(
    connect: Connect, olga: User, sample_agent: SampleAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await connect(olga)
    answer = await client.request(type="subscribe", target="agent", id="*")
    monkeypatch.setattr(metrics, "_count_running", [lambda _names: {"clerk": 1}])
    bodies = await in_thread(metrics.all_statuses)
    assert [_timeless(body) for body in answer["snapshot"]] == [_timeless(body) for body in bodies]
    await in_thread(metrics.call_started, "clerk")
    status = await client.receive_until("agent_status")
    assert (status["agent_name"], status["status"], status["metrics"]["message_count"]) == ("clerk", "busy", 1)
    await in_thread(metrics.call_finished, "clerk", 2.5, "No ink.")
    while status["metrics"]["error_count"] == 0:
        status = await client.receive_until("agent_status")
    assert status["metrics"]["avg_execution_time"] == 2.5


async def test_jobs_of_an_agent_are_told_to_those_alone_who_may_see_their_workflows(
    connect: Connect,
    olga: User,
    bob: User,
    as_user: AsUser,
    sample_workflow: Workflow,
    run: Run,
    sample_agent: SampleAgent,
) -> None:
    await in_thread(bob.user_permissions.add, await in_thread(Permission.objects.get, codename="view_agent"))
    watchers = {"olga": await connect(olga), "bob": await connect(bob)}
    clients = {"olga": await in_thread(as_user, olga), "bob": await in_thread(as_user, bob)}
    seen: Json = {}

    def look(_job: Job, _word: str) -> None:
        started.set()
        looked.wait(30)

    started, looked = threading.Event(), threading.Event()
    sample_agent.on_spell = look
    running = asyncio.create_task(asyncio.to_thread(run))
    await asyncio.to_thread(started.wait, 30)
    for who, client in watchers.items():
        answer = await client.request(type="subscribe", target="agent", id="clerk")
        over_http = (await in_thread(clients[who].get, "/api/agents/clerk/")).json()
        assert answer["snapshot"][0]["jobs"] == over_http["jobs"]
        seen[who] = over_http["jobs"]
    looked.set()
    await running
    assert seen == {"olga": [{"workflow_id": str(sample_workflow.pk), "task": "spell/1"}], "bob": []}
    assert (await watchers["bob"].receive_until("agent_status"))["jobs"] is None  # what all get names none


async def test_one_agent_is_watched_alone(connect: Connect, olga: User, sample_agent: SampleAgent) -> None:
    client = await connect(olga, path="/ws/agent/clerk")
    answer = await client.receive_until("subscribed")
    assert [body["agent_name"] for body in answer["snapshot"]] == ["clerk"]
    other = next(body["agent_name"] for body in await in_thread(metrics.all_statuses) if body["agent_name"] != "clerk")
    await in_thread(metrics.call_started, other)
    await in_thread(metrics.call_started, "clerk")
    assert (await client.receive_until("agent_status"))["agent_name"] == "clerk"


async def test_a_watcher_of_one_agent_and_of_all_receives_each_message_once(
    connect: Connect, olga: User, sample_agent: SampleAgent
) -> None:
    client = await connect(olga)
    await client.request(type="subscribe", target="agent", id="*")
    await client.request(type="subscribe", target="agent", id="clerk")
    await in_thread(metrics.call_started, "clerk")
    status = await client.receive()
    assert (status["type"], status["merged"]) == ("agent_status", 0)
    assert await client.receives_nothing()


@pytest.mark.covers("receive_coordinator_metrics")
async def test_coordinator_metrics_come_live(connect: Connect, olga: User, sample_agent: SampleAgent) -> None:
    client = await connect(olga)
    answer = await client.request(type="subscribe", target="coordinator")
    present = await in_thread(snapshots.coordinator_metrics)
    assert answer["snapshot"] == {key: present[key] for key in present if key not in ("type", "timestamp")}
    coordinator_metrics_changed.send_robust(sender=None, message={**present, "active_workflows": 7})
    assert (await client.receive_until("coordinator_metrics"))["active_workflows"] == 7


@pytest.mark.parametrize(
    "target", [{"target": "agent", "id": "*"}, {"target": "agent", "id": "clerk"}, {"target": "coordinator"}]
)
@pytest.mark.covers("error_permission_denied")
async def test_agents_and_the_coordinator_need_a_permission(
    connect: Connect, alice: User, sample_agent: SampleAgent, target: dict[str, str]
) -> None:
    client = await connect(alice)
    assert (await client.request(type="subscribe", **target))["error_type"] == "PermissionDenied"


async def test_an_agent_that_does_not_exist_is_not_found(connect: Connect, olga: User) -> None:
    client = await connect(olga)
    assert (await client.request(type="subscribe", target="agent", id="nobody"))["error_type"] == "TargetNotFound"


@pytest.mark.covers("send_unsubscribe")
async def test_after_unsubscribing_a_client_receives_no_more(
    connect: Connect, alice: User, sample_workflow: Workflow, run: Run
) -> None:
    client = await connect(alice)
    await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk))
    answer = await client.request(type="unsubscribe", target="workflow", id=str(sample_workflow.pk))
    assert (answer["type"], answer["id"]) == ("unsubscribed", str(sample_workflow.pk))
    await asyncio.to_thread(run)
    assert await client.receives_nothing()
    assert (await client.request(type="unsubscribe", target="workflow", id=str(sample_workflow.pk)))[
        "type"
    ] == "unsubscribed"


async def test_a_connection_that_ends_leaves_nothing_behind(
    connect: Connect, alice: User, sample_workflow: Workflow
) -> None:
    client = await connect(alice, path=f"/ws/workflow/{sample_workflow.pk}")
    await client.receive_until("subscribed")
    hub = server.current().hub
    room = workflow_room(str(sample_workflow.pk))
    assert len(hub.watchers(room)) == 1
    await client.disconnect()
    assert hub.watchers(room) == frozenset()
    assert hub.rooms() == []
    assert hub.connected == set()


@pytest.mark.covers("receive_ping")
async def test_a_ping_of_the_server_has_the_tops_of_the_rooms(
    connect: Connect, alice: User, sample_workflow: Workflow, settings: Settings, fast_timers: None
) -> None:
    settings.REALTIME = {**settings.REALTIME, "HEARTBEAT_SECONDS": 0.2}
    client = await connect(alice)
    seq = (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))["seq"]
    before = len(client.pings)
    while len(client.pings) == before:
        await client.send(type="pong")
        await client.transport.communicator.receive_nothing(0.05)
        assert await client.receives_nothing()
    assert client.pings[-1]["tops"] == {f"workflow:{sample_workflow.pk}": seq}


@pytest.mark.covers("close_4201_heartbeat_lost")
async def test_a_client_that_is_silent_for_too_long_is_closed(
    connect: Connect, alice: User, settings: Settings, fast_timers: None
) -> None:
    settings.REALTIME = {**settings.REALTIME, "SILENCE_SECONDS": 2, "HEARTBEAT_SECONDS": 0.1}
    client = await connect(alice)
    assert (await client.receive_until("error"))["error_type"] == "HeartbeatLost"
    assert await client.receive_close() == 4201
    assert client.pings


async def test_an_event_whose_news_was_lost_is_found_by_the_heartbeat(
    connect: Connect,
    alice: User,
    sample_workflow: Workflow,
    settings: Settings,
    fast_timers: None,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.REALTIME = {**settings.REALTIME, "HEARTBEAT_SECONDS": 0.2}
    client = await connect(alice)
    seq = (await client.request(type="subscribe", target="workflow", id=str(sample_workflow.pk)))["seq"]
    monkeypatch.setattr("realtime.fanout.publisher.Publisher.publish", lambda *_: None)  # nothing gets through
    await asyncio.to_thread(run)
    seqs = []
    kind = ""
    while kind != "workflow_completed":
        event = await client.receive_until("event")
        kind = event["kind"]
        seqs.append(event["seq"])
    assert seqs == list(range(seq + 1, seq + 1 + len(seqs)))


@pytest.mark.parametrize(
    "room", [Room("workflow", "x"), Room("agent", "*"), Room("agent", "clerk"), Room("coordinator")]
)
def test_a_room_is_found_by_its_name(room: Room) -> None:
    assert parse_name(room.name) == room
    assert room_of(room.target, room.id) == room if room.target != "workflow" else True
    assert room.group.replace(".", "").isalnum()


def _timeless(body: Json) -> Json:
    return {key: body[key] for key in TIMELESS}
