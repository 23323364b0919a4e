"""A server that is killed in the middle of a film: the next start goes on, and nothing is done twice or forgotten."""

import time
from collections import Counter
from typing import Any

import httpx2
import pytest

from tests.samples import SHORT_SCRIPT
from tests.server import Server

Json = dict[str, Any]

FILM_SECONDS = 400  # on a busy machine; alone it takes a tenth of that


def events_until(api: httpx2.Client, workflow: str, kinds: set[str], key: str = "", after: int = 0) -> list[Json]:
    """The events after `after`, up to the first of these kinds (and, of a task, of the step `key`), by long polling."""
    seen: list[Json] = []
    deadline = time.monotonic() + FILM_SECONDS
    while time.monotonic() < deadline:
        answer = api.get(f"/api/workflows/{workflow}/events/", params={"after": after, "wait": 25}, timeout=40).json()
        for event in answer["events"]:
            seen.append(event)
            after = event["seq"]
            if event["kind"] in kinds and str(event["data"].get("task", "")).startswith(key):
                return seen
    raise AssertionError(f"None of {kinds} came in time.")


@pytest.mark.timeout(2 * FILM_SECONDS)
def test_a_film_goes_on_after_its_server_was_killed_in_the_middle_of_frames(own_server: Server) -> None:
    with own_server.client("alice") as api:
        film = {"pipeline": "script2video", "input": {"script": SHORT_SCRIPT}}
        workflow = api.post("/api/workflows/", json=film).json()["id"]
        before = events_until(api, workflow, {"task_finished"}, key="candidates/")
    own_server.kill()
    own_server.start()
    with own_server.client("alice") as api:
        events_until(api, workflow, {"workflow_completed", "workflow_failed"}, after=before[-1]["seq"])
        story = api.get(f"/api/workflows/{workflow}/events/", params={"after": 0}).json()["events"]
        snapshot = api.get(f"/api/workflows/{workflow}/").json()
        video = next(artifact for artifact in snapshot["artifacts"] if artifact["kind"] == "video")
        content = api.get(video["url"]).content
    assert (snapshot["state"], snapshot["error"]) == ("completed", None)
    assert [event["seq"] for event in story] == list(range(1, snapshot["seq"] + 1))
    assert [event["kind"] for event in story][: len(before)] == [event["kind"] for event in before]
    finished = Counter(event["data"]["task"] for event in story if event["kind"] == "task_finished")
    assert set(finished.values()) == {1}
    assert any(event["data"]["reason"] == "lost" for event in story if event["kind"] == "task_retrying")
    assert content[4:8] == b"ftyp"
    assert not list(own_server.data_dir.glob("media/*/.unfinished-*"))
