"""A film of three processes that speak A2A: one makes the storyboard, another the clips; that one is killed, and comes back."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.samples import SHORT_SCRIPT
from tests.server import Server
from tests.workflows.test_crash import FILM_SECONDS, events_until

Json = dict[str, Any]

TOKEN = "only-for-this-test"
ARTIST, CLIPS = "storyboard_artist", "clip_maker"


@pytest.fixture
def artist(tmp_path: Path) -> Iterator[Server]:
    """A process that serves the storyboard artist, and nothing else."""
    with Server(tmp_path / ARTIST, environment={"A2A_AGENTS": ARTIST, "A2A_TOKEN": TOKEN}) as server:
        yield server


@pytest.fixture
def clips(tmp_path: Path) -> Iterator[Server]:
    """A process that serves the clip maker, and nothing else."""
    with Server(tmp_path / CLIPS, environment={"A2A_AGENTS": CLIPS, "A2A_TOKEN": TOKEN}) as server:
        yield server


@pytest.fixture
def studio(tmp_path: Path, artist: Server, clips: Server) -> Iterator[Server]:
    """The process that makes the film; its own storyboard artist and clip maker are switched off."""
    environment = {"REMOTE_PRIVATE_ADDRESSES": "yes", "AGENT_TOKEN_FAR": TOKEN}
    with Server(tmp_path / "studio", environment=environment) as server, server.client("admin") as api:
        for name, far in ((ARTIST, artist), (CLIPS, clips)):
            registered = {"url": f"{far.url}/a2a/{name}/", "name": f"far_{name}", "bearer_env": "AGENT_TOKEN_FAR"}
            api.post("/api/agents/", json=registered).raise_for_status()
            api.patch(f"/api/agents/{name}/", json={"enabled": False, "why": "Another does it"}).raise_for_status()
        yield server


@pytest.mark.timeout(2 * FILM_SECONDS)
def test_a_film_is_made_by_processes_that_speak_a2a_although_one_is_killed_and_comes_back(
    studio: Server, artist: Server, clips: Server
) -> None:
    with ExitStack() as stack:
        api = stack.enter_context(studio.client("alice"))
        film = {"pipeline": "script2video", "input": {"script": SHORT_SCRIPT}}
        workflow = api.post("/api/workflows/", json=film).json()["id"]
        begun = _until_the_first_clip(api, workflow)
        assert begun[-1]["data"]["agent"] == f"far_{CLIPS}"
        clips.kill()
        clips.start()
        rest = events_until(api, workflow, {"workflow_completed", "workflow_failed"}, after=begun[-1]["seq"])
        snapshot = api.get(f"/api/workflows/{workflow}/").json()
        video = next(artifact for artifact in snapshot["artifacts"] if artifact["kind"] == "video")
        content = api.get(video["url"]).content
    assert (snapshot["state"], snapshot["error"]) == ("completed", None)
    assert content[4:8] == b"ftyp"
    done = [event["data"] for event in (*begun, *rest) if event["kind"] == "task_finished"]
    assert len(done) == len({task["task"] for task in done})
    assert {task["agent"] for task in done if task["task"].startswith("clip/")} == {f"far_{CLIPS}"}
    assert {task["agent"] for task in done if task["task"].startswith("storyboard/")} == {f"far_{ARTIST}"}
    for far, steps in ((artist, ("storyboard/", "storyboard_print")), (clips, ("clip/",))):
        assert _finished_at(far) == [1] * sum(task["task"].startswith(steps) for task in done)


def _until_the_first_clip(api: httpx2.Client, workflow: str) -> list[Json]:
    seen: list[Json] = []
    while not seen or not str(seen[-1]["data"].get("task", "")).startswith("clip/"):
        after = seen[-1]["seq"] if seen else 0
        seen += events_until(api, workflow, {"task_started", "workflow_failed"}, after=after)
        assert seen[-1]["kind"] == "task_started", seen[-1]
    return seen


def _finished_at(far: Server) -> list[int]:
    """How often each of its tasks was done, one of this test's processes that serve an agent."""
    with httpx2.Client(
        base_url=far.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30, trust_env=False
    ) as api:
        tasks = api.get(f"/a2a/{far.data_dir.name}/tasks", headers={"A2A-Version": "1.0"}).json()["tasks"]
        events = [far_events(far, task["id"]) for task in tasks]
    return [sum(event["kind"] == "task_finished" for event in each) for each in events]


def far_events(far: Server, workflow: str) -> list[Json]:
    """The event log of a task there, which is a workflow."""
    with far.client("admin") as api:
        events: list[Json] = api.get(f"/api/workflows/{workflow}/events/", params={"after": 0}).json()["events"]
    return events
