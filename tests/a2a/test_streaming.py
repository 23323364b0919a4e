"""Streams of updates (A2A 1.0, sections 3.1.2, 3.1.6 and 3.5.2)."""

import threading
from contextlib import closing
from uuid import uuid4

import pytest

from tests.a2a.conftest import Gate, states
from tests.a2a.peers import Json, Peer, Refusal, Updates, message

PROGRESS = "urn:callboard:a2a:progress:1"
USAGE = "urn:callboard:a2a:usage:1"


def test_a_stream_begins_with_the_task_and_closes_at_its_end(peer: Peer, gate: Gate) -> None:
    """3.1.2: the task first, then updates; the stream closes at a terminal state."""
    stream = peer.stream(gate.text)
    assert "task" in next(stream)
    gate.open()
    updates = list(stream)
    assert all({"statusUpdate", "artifactUpdate"} & update.keys() for update in updates)
    assert states(updates)[-1] == "TASK_STATE_COMPLETED"
    assert updates[-1]["statusUpdate"]["status"]["state"] == "TASK_STATE_COMPLETED"


def test_each_update_is_one_of_four_and_names_its_task(peer: Peer, gate: Gate) -> None:
    """3.2.3, 4.2: exactly one of task, message, statusUpdate, artifactUpdate; task and context are named."""
    stream = peer.stream(gate.text)
    first = next(stream)
    gate.open()
    ids = first["task"]["id"], first["task"]["contextId"]
    for update in stream:
        (content,) = update.values()
        assert (content["taskId"], content["contextId"]) == ids


def test_a_stream_has_what_was_made(peer: Peer, gate: Gate) -> None:
    """3.7: results are artifacts. What the stream tells is what the task has in the end."""
    stream = peer.stream(gate.text)
    first = next(stream)["task"]
    gate.open()
    updates = list(stream)
    made = [update["artifactUpdate"]["artifact"] for update in updates if "artifactUpdate" in update]
    assert made == peer.get(first)["artifacts"]
    assert [artifact["name"] for artifact in made] == ["letter.txt", "Result"]


def test_progress_is_told_as_a_fraction_in_the_declared_extension(peer: Peer, gate: Gate) -> None:
    """3.1.2: immediate feedback on progress; ours is a fraction, in the metadata of updates, which never goes back."""
    stream = peer.stream(gate.text)
    fractions: list[float] = []
    for update in stream:
        fraction = update.get("statusUpdate", {}).get("metadata", {}).get(PROGRESS, {}).get("fraction")
        if fraction is not None:
            fractions.append(fraction)
        if len(set(fractions)) >= 2:
            gate.open()
    assert fractions == sorted(fractions)
    assert len(set(fractions)) >= 2


def test_what_models_took_is_told_in_the_last_update_and_by_the_task(peer: Peer) -> None:
    updates = list(peer.stream("spend freely"))
    sums = {"models": [{"model": "quill", "prompt_tokens": 150, "completion_tokens": 80}]}
    assert updates[-1]["statusUpdate"]["metadata"][USAGE] == sums
    assert peer.get(updates[0]["task"])["metadata"][USAGE] == sums


def test_a_stream_of_a_message_ends_with_a_question_and_goes_on_with_the_answer(peer: Peer) -> None:
    """3.4.3: the client answers by a message to the same task, and may stream that, too."""
    updates = list(peer.stream("ask me"))
    assert states(updates)[-1] == "TASK_STATE_INPUT_REQUIRED"
    task = updates[0]["task"]
    answered = list(peer.stream("blue", taskId=task["id"]))
    assert answered[0]["task"]["id"] == task["id"]
    assert states(answered)[-1] == "TASK_STATE_COMPLETED"


def test_a_subscription_begins_with_the_task_as_it_is(peer: Peer, gate: Gate) -> None:
    """3.1.6: the first event is the task; the stream ends when the task does."""
    task = peer.begin(gate.text)
    stream = peer.subscribe(task)
    assert next(stream)["task"]["id"] == task["id"]
    gate.open()
    assert states(list(stream))[-1] == "TASK_STATE_COMPLETED"


def test_a_subscription_lasts_beyond_a_question(peer: Peer) -> None:
    """3.1.6: it can be used with any task that has not ended, and terminates at a terminal state."""
    task = peer.send(message("ask me"))
    stream = peer.subscribe(task)
    assert next(stream)["task"]["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    peer.begin("blue", taskId=task["id"])
    assert states(list(stream))[-1] == "TASK_STATE_COMPLETED"


@pytest.mark.parametrize("text", ["Hello", "fail"])
def test_a_task_that_has_ended_cannot_be_subscribed_to(peer: Peer, text: str) -> None:
    """3.1.6: UnsupportedOperationError."""
    task = peer.send(message(text))
    with pytest.raises(Refusal) as refused:
        next(peer.subscribe(task))
    assert refused.value.reason == "UNSUPPORTED_OPERATION"


def test_what_there_is_not_cannot_be_subscribed_to(peer: Peer) -> None:
    """3.1.6: TaskNotFoundError."""
    with pytest.raises(Refusal) as refused:
        next(peer.subscribe({"id": str(uuid4())}))
    assert refused.value.reason == "TASK_NOT_FOUND"


def test_a_stream_to_a_task_that_has_ended_is_refused(peer: Peer) -> None:
    """3.1.2: as a whole answer, before the stream begins."""
    task = peer.send(message("Hello"))
    with pytest.raises(Refusal) as refused:
        next(peer.stream("One more thing", taskId=task["id"]))
    assert refused.value.reason == "UNSUPPORTED_OPERATION"


def test_a_stream_tells_of_a_cancellation(peer: Peer, gate: Gate) -> None:
    """3.1.6: CANCELED is a terminal state."""
    task = peer.begin(gate.text)
    stream = peer.subscribe(task)
    next(stream)
    peer.cancel(task)
    assert states(list(stream))[-1] == "TASK_STATE_CANCELED"


def collected(stream: Updates, into: list[Json]) -> threading.Thread:
    """Reads a stream to its end, in a thread."""
    thread = threading.Thread(target=lambda: into.extend(stream))
    thread.start()
    return thread


def test_all_who_follow_a_task_get_the_same_in_the_same_order(peer: Peer) -> None:
    """3.5.2: events are broadcast to all active streams, in the order in which they were generated."""
    task = peer.send(message("ask me"))
    streams = [peer.subscribe(task) for _ in range(3)]
    firsts = [next(stream) for stream in streams]
    rests: list[list[Json]] = [[] for _ in streams]
    threads = [collected(stream, rest) for stream, rest in zip(streams, rests, strict=True)]
    peer.send(message("blue", taskId=task["id"]))
    for thread in threads:
        thread.join()
    assert firsts[0] == firsts[1] == firsts[2]
    assert rests[0] == rests[1] == rests[2]
    assert len(rests[0]) > 1


def test_closing_one_stream_leaves_the_others_alone(peer: Peer, gate: Gate) -> None:
    """3.5.2: the task's life does not depend on any stream's."""
    task = peer.begin(gate.text)
    with closing(peer.subscribe(task)) as short:
        next(short)
        long = peer.subscribe(task)
        next(long)
    gate.open()
    assert states(list(long))[-1] == "TASK_STATE_COMPLETED"


def test_a_task_goes_on_when_nobody_follows_it(peer: Peer, gate: Gate) -> None:
    """3.5.2: a client that lost its stream opens a new one, and has missed nothing."""
    with closing(peer.stream(gate.text)) as stream:
        task = next(stream)["task"]
    gate.open()
    assert peer.send(message("Hello"))["status"]["state"] == "TASK_STATE_COMPLETED"
    while (state := peer.get(task)["status"]["state"]) != "TASK_STATE_COMPLETED":
        assert state == "TASK_STATE_WORKING"
