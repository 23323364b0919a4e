"""Tasks that are read, listed and cancelled (A2A 1.0, sections 3.1.3 to 3.1.5 and 13.1)."""

import re
from datetime import datetime
from uuid import uuid4

import httpx2
import pytest

from tests.a2a.conftest import Gate, PostOffice
from tests.a2a.peers import Json, Peer, Refusal, message

ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def context() -> str:
    """A conversation of this test alone."""
    return f"context {uuid4()}"


def test_a_task_is_what_the_message_was_answered_with(peer: Peer) -> None:
    """3.1.3: the current state, with artifacts and history."""
    task = peer.send(message("Hello"))
    assert peer.get(task) == task


def test_a_status_has_the_time_of_the_last_change(peer: Peer) -> None:
    """4.1.2, 5.6.1: ISO 8601 in UTC."""
    task = peer.send(message("ask me"))
    assert ISO_8601.fullmatch(task["status"]["timestamp"])
    assert peer.get(task)["status"]["timestamp"] == task["status"]["timestamp"]


@pytest.mark.parametrize("task_id", ["", "nothing", "00000000-0000-4000-8000-000000000000", "x" * 500, "\u0000"])
def test_a_task_that_there_is_not_is_not_found(peer: Peer, task_id: str) -> None:
    """3.1.3, 3.1.5: TaskNotFoundError, whatever the id looks like."""
    if peer.binding == "HTTP+JSON" and task_id in ("", "\u0000"):
        pytest.skip("no such path")
    for ask in (peer.get, peer.cancel):
        with pytest.raises(Refusal) as refused:
            ask({"id": task_id})
        assert refused.value.reason == ("TASK_NOT_FOUND" if task_id else "INVALID_PARAMS")


def test_nobody_learns_of_a_task_that_is_not_theirs(office: PostOffice, peer: Peer) -> None:
    """3.3.2, 13.1: not found, for every operation, as if it were not there; nor is it listed."""
    task = peer.send(message("ask me"))
    with office.client("bob") as http:
        bob = type(peer)(http, peer.url)
        asks = (bob.get, bob.cancel, lambda task: next(bob.subscribe(task)))
        for ask in (*asks, lambda task: bob.send(message("blue", taskId=task["id"]))):
            with pytest.raises(Refusal) as refused:
                ask(task)
            assert refused.value.reason == "TASK_NOT_FOUND"
        assert bob.list(contextId=task["contextId"])["totalSize"] == 0


def test_an_operator_sees_the_tasks_of_others(office: PostOffice, peer: Peer) -> None:
    """13.1: who may see is decided as everywhere: here by `view_workflow`."""
    task = peer.send(message("Hello"))
    with office.client("olga") as http:
        olga = type(peer)(http, peer.url)
        assert olga.get(task)["id"] == task["id"]
        assert [found["id"] for found in olga.list(contextId=task["contextId"])["tasks"]] == [task["id"]]


def test_a_task_belongs_to_one_agent(office: PostOffice, alice: httpx2.Client, peer: Peer) -> None:
    """3.1.4: an agent lists its own tasks; at another's address they are not found."""
    task = peer.send(message("Hello"))
    other = type(peer)(alice, office.address("script_planner"))
    with pytest.raises(Refusal) as refused:
        other.get(task)
    assert refused.value.reason == "TASK_NOT_FOUND"


def test_tasks_are_listed_in_pages_the_latest_first(peer: Peer, context: str) -> None:
    """3.1.4: cursor-based, sorted by status time in descending order; an empty nextPageToken on the last page."""
    made = [peer.send(message(f"Letter {number}", contextId=context))["id"] for number in range(5)]
    pages: list[Json] = [peer.list(contextId=context, pageSize=2)]
    while token := pages[-1]["nextPageToken"]:
        pages.append(peer.list(contextId=context, pageSize=2, pageToken=token))
    assert [len(page["tasks"]) for page in pages] == [2, 2, 1]
    assert [task["id"] for page in pages for task in page["tasks"]] == made[::-1]
    assert {(page["pageSize"], page["totalSize"]) for page in pages} == {(2, 5)}
    times = [datetime.fromisoformat(task["status"]["timestamp"]) for page in pages for task in page["tasks"]]
    assert times == sorted(times, reverse=True)


def test_a_page_stays_where_it_was_while_tasks_come(peer: Peer, context: str) -> None:
    """3.1.4: cursors, so that nothing is shown twice or left out."""
    made = [peer.send(message("Hello", contextId=context))["id"] for _ in range(3)]
    first = peer.list(contextId=context, pageSize=2)
    peer.send(message("Hello", contextId=context))
    second = peer.list(contextId=context, pageSize=2, pageToken=first["nextPageToken"])
    assert [task["id"] for task in (*first["tasks"], *second["tasks"])] == made[::-1]


def test_an_answer_brings_a_task_to_the_front(peer: Peer, context: str) -> None:
    """3.1.4: the order is that of the last update, not of the beginning."""
    asked = peer.send(message("ask me", contextId=context))
    peer.send(message("Hello", contextId=context))
    peer.send(message("blue", taskId=asked["id"]))
    assert peer.list(contextId=context)["tasks"][0]["id"] == asked["id"]


def test_a_list_is_complete_also_where_there_is_nothing(peer: Peer, context: str) -> None:
    """3.1.4: all fields are always there."""
    assert peer.list(contextId=context) == {"tasks": [], "nextPageToken": "", "pageSize": 50, "totalSize": 0}


def test_artifacts_are_listed_when_asked_for(peer: Peer, context: str) -> None:
    """3.1.4: by default the field is omitted entirely."""
    peer.send(message("Hello", contextId=context))
    assert "artifacts" not in peer.list(contextId=context)["tasks"][0]
    (task,) = peer.list(contextId=context, includeArtifacts=True)["tasks"]
    assert [artifact["name"] for artifact in task["artifacts"]] == ["letter.txt", "Result"]


def test_a_list_has_as_much_history_as_asked_for(peer: Peer, context: str) -> None:
    """3.1.4, 3.2.4."""
    task = peer.send(message("ask me", contextId=context))
    peer.send(message("blue", taskId=task["id"]))
    assert len(peer.list(contextId=context)["tasks"][0]["history"]) == 3
    assert len(peer.list(contextId=context, historyLength=1)["tasks"][0]["history"]) == 1


def test_a_list_can_be_of_one_state(peer: Peer, context: str, gate: Gate) -> None:
    """3.1.4: filter by status."""
    texts = {"COMPLETED": "Hello", "FAILED": "fail", "INPUT_REQUIRED": "ask me"}
    made = {state: peer.send(message(text, contextId=context))["id"] for state, text in texts.items()}
    working = peer.begin(gate.text, contextId=context)
    made["CANCELED"] = peer.begin("wait", contextId=context)["id"]
    peer.cancel({"id": made["CANCELED"]})
    stream = peer.subscribe(working)
    while next(stream).get("statusUpdate", {}).get("status", {}).get("state") != "TASK_STATE_WORKING":
        pass
    made["WORKING"] = working["id"]
    for state, task_id in made.items():
        listed = peer.list(contextId=context, status=f"TASK_STATE_{state}")["tasks"]
        assert [task["id"] for task in listed] == [task_id]
    assert peer.list(contextId=context, status="TASK_STATE_REJECTED")["tasks"] == []


def test_a_list_can_begin_at_a_time(peer: Peer, context: str) -> None:
    """3.1.4: status_timestamp_after, inclusive."""
    peer.send(message("Hello", contextId=context))
    late = peer.send(message("Hello", contextId=context))
    listed = peer.list(contextId=context, statusTimestampAfter=late["status"]["timestamp"])["tasks"]
    assert [task["id"] for task in listed] == [late["id"]]


@pytest.mark.parametrize(
    "wrong", [{"pageSize": 0}, {"pageSize": 101}, {"pageSize": -1}, {"pageToken": "nonsense"}, {"historyLength": -1}]
)
def test_what_no_list_has_is_refused(peer: Peer, wrong: Json) -> None:
    """3.1.4, 3.3.2: pages hold 1 to 100 tasks; tokens are those that the server gave."""
    with pytest.raises(Refusal) as refused:
        peer.list(**wrong)
    assert refused.value.reason == "INVALID_PARAMS"


def test_a_task_can_be_cancelled_while_it_works(peer: Peer) -> None:
    """3.1.5: the updated task."""
    task = peer.begin("wait")
    cancelled = peer.cancel(task)
    assert cancelled["id"] == task["id"]
    assert cancelled["status"]["state"] == "TASK_STATE_CANCELED"


def test_a_task_can_be_cancelled_instead_of_answered(peer: Peer) -> None:
    """3.1.5: INPUT_REQUIRED is no end."""
    assert peer.cancel(peer.send(message("ask me")))["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize("text", ["Hello", "fail", "wait"])
def test_a_task_that_has_ended_cannot_be_cancelled(peer: Peer, text: str) -> None:
    """3.1.5: TaskNotCancelableError: completed, failed, or cancelled already."""
    if text == "wait":
        task = peer.begin(text)
        peer.cancel(task)
    else:
        task = peer.send(message(text))
    with pytest.raises(Refusal) as refused:
        peer.cancel(task)
    assert refused.value.reason == "TASK_NOT_CANCELABLE"


def test_a_task_that_is_paused_is_still_at_work(office: PostOffice, alice: httpx2.Client, peer: Peer) -> None:
    """4.1.3: the protocol has no pause; whoever asked waits, and may cancel."""
    task = peer.begin("wait")
    alice.post(f"{office.url}/api/workflows/{task['id']}/control/", json={"action": "pause", "mode": "now"})
    stream = peer.subscribe(task)
    while "It is paused." not in str(next(stream)):
        pass
    assert peer.get(task)["status"]["state"] == "TASK_STATE_WORKING"
    assert peer.cancel(task)["status"]["state"] == "TASK_STATE_CANCELED"
