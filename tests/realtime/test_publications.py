"""What is published: for which rooms, under which key, and how it crosses the channel layer."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from realtime.fanout.publication import (
    Publication,
    agent_publication,
    event_publication,
    from_layer,
    metrics_publication,
    progress_publication,
    request_name,
    to_layer,
    watchers_publication,
)

Json = dict[str, Any]


def event(kind: str, **data: Any) -> Json:
    return {"type": "event", "workflow_id": "w", "seq": 3, "kind": kind, "data": data, "timestamp": "2026-01-01"}


@pytest.mark.parametrize("kind", ["artifact_ready", "control_requested", "task_started", "workflow_paused"])
def test_an_event_goes_to_its_workflow_with_its_seq_and_is_never_merged(kind: str) -> None:
    publication = event_publication(event(kind))
    assert (publication.rooms, publication.type, publication.seq) == (("workflow:w",), "event", 3)
    assert (publication.key, publication.request, publication.result) == (None, "", "")
    assert json.loads(publication.text) == event(kind)


def test_a_resolved_control_brings_its_result_and_the_name_of_its_request() -> None:
    data = {"action": "pause", "outcome": "applied", "state": "paused", "request_id": "r1", "by": "alice"}
    publication = event_publication(event("control_resolved", **data))
    result = json.loads(publication.result)
    assert publication.request == request_name("alice", "r1")
    assert (result["type"], result["workflow_id"], result["seq"]) == ("control_result", "w", 3)
    assert data.items() <= result.items()
    assert (publication.rooms, publication.type, publication.seq) == (("workflow:w",), "event", 3)


def test_the_same_request_id_of_two_users_names_two_requests() -> None:
    assert request_name("alice", "r1") != request_name("bob", "r1")


def progress(workflow_id: str) -> Publication:
    estimates = {"progress": 0.5, "stage": "", "message": "", "eta": None}
    return progress_publication(
        {"type": "progress", "workflow_id": workflow_id, "state": "running", "seq": 3, **estimates}
    )


def agent(name: str) -> Publication:
    metrics = {"message_count": 1, "error_count": 0, "error_rate": 0.0, "avg_execution_time": 1.0, "is_healthy": True}
    numbers = {"in_flight": 0, "max_concurrent": 1, "is_enabled": True, "metrics": metrics}
    texts = {"kind": "crew", "description": "", "last_error": "", "last_seen_at": None, "status": "idle"}
    return agent_publication({"agent_name": name, "skills": [], **numbers, **texts})


def watchers(workflow_id: str) -> Publication:
    return watchers_publication(workflow_id, 1)


@pytest.mark.parametrize("publication_of", [progress, agent, watchers])
def test_only_a_newer_update_of_the_same_thing_replaces_an_update(publication_of: Callable[[str], Publication]) -> None:
    keys = [publication_of(name).key for name in ("w", "x", "w")]
    assert None not in keys
    assert len(set(keys)) == 2
    assert keys[0] == keys[2]


def test_updates_of_different_kinds_do_not_replace_each_other() -> None:
    metrics = ("total_messages", "total_workflows", "registered_agents", "healthy_agents", "active_workflows")
    updates = [progress("w"), agent("w"), watchers("w"), metrics_publication(dict.fromkeys(metrics, 1))]
    assert len({update.key for update in updates}) == len(updates)
    assert [update.rooms for update in updates] == [
        ("workflow:w",),
        ("agent:w", "agent:*"),
        ("workflow:w",),
        ("coordinator",),
    ]
    assert [update.type for update in updates] == ["progress", "agent_status", "watchers", "coordinator_metrics"]
    assert [update.seq for update in updates] == [None] * len(updates)


@pytest.mark.parametrize(
    "body", [None, 7, "text", [], {}, b"", b"\xc1", msgspec.msgpack.encode({"rooms": []}), msgspec.msgpack.encode([7])]
)
def test_what_is_no_publication_of_the_layer_is_refused(body: object) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_layer(body)


def test_publications_cross_the_layer_unchanged() -> None:
    publications = [event_publication(event("workflow_paused")), watchers_publication("w", 4)]
    assert from_layer(to_layer(publications)) == publications
    assert from_layer(to_layer([])) == []
