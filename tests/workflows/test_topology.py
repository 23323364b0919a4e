"""Servers, workers, a database and a channel layer, each in processes of its own: what one of them loses, others make up for."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.prepared_data import PREPARE_SECONDS, ROOT, child_environment
from tests.samples import SHORT_SCRIPT
from tests.server import Server
from tests.websocket_client import ConnectionClosed, SocketClient, connected_client
from tests.worker import Worker
from tests.workflows.test_crash import FILM_SECONDS, events_until

Json = dict[str, Any]

WORDS = "plan_script,enhance_script,extract_characters,draw_storyboard,select_references,select_frames"
PICTURES = "draw_portraits,shoot_frames,make_clip,edit_video,print_storyboard,compose_score,design_sound,speak"

CELERY = ("celery", "-A", "project", "worker", "--loglevel", "WARNING")
IDLE_SECONDS = 6.0  # redis-py >= 8 gives up on an idle read after 5 s, unless it is told not to


class Topology:
    """Processes that share a database, a channel layer and a media folder. All end with the `with` block."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        shared = {"MEDIA_DIR": str(folder / "media"), "SECRET_KEY": "shared" * 10, "REALTIME_HEARTBEAT_SECONDS": "5"}
        self.environment = {**environment, **shared}
        self._processes = ExitStack()

    def __enter__(self) -> "Topology":
        """Prepares the database, with the cast in it."""
        command, environment = (
            [sys.executable, "-m", "tests.cast"],
            child_environment(self._folder, **self.environment),
        )
        subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=PREPARE_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        """Stops what still runs."""
        self._processes.close()

    def server(self, name: str, runner: str = "none") -> Server:
        """A running server, with a folder of its own as on a machine of its own."""
        folder = self._folder / name
        folder.mkdir()
        return self._processes.enter_context(Server(folder, {**self.environment, "RUNNER": runner}))

    def worker(self, name: str, *command: str, runner: str = "none") -> Worker:
        """A running worker; all workers share a folder, as on one machine."""
        environment = {**self.environment, "RUNNER": runner}
        return self._processes.enter_context(Worker(self._folder / "workers", name, [*command], environment))


@pytest.fixture
def topology(tmp_path: Path, postgresql: str, valkey: str) -> Iterator[Topology]:
    """No process yet."""
    with Topology(tmp_path, DATABASE_URL=postgresql, REDIS_URL=valkey) as topology:
        yield topology


class Watcher:
    """Watches one workflow over sockets; connects to the next server when one dies, and goes on where it was."""

    def __init__(self, workflow: str, token: str, *servers: Server) -> None:
        self._workflow, self._token, self._servers = workflow, token, servers
        self.events: list[Json] = []
        self._has_news = asyncio.Event()
        self.task = asyncio.create_task(self._watch())

    async def until(self, kind: str, task: str = "") -> None:
        """Returns once an event of this kind (and of a task whose key starts so) has come."""
        while not any(e["kind"] == kind and str(e["data"].get("task", "")).startswith(task) for e in self.events):
            self._has_news.clear()
            assert not self.task.done(), self.task
            await self._has_news.wait()

    async def _watch(self) -> None:
        for server in self._servers:
            async with connected_client(server, token=self._token, answers_pings=True) as client:
                with suppress(ConnectionClosed):
                    await self._follow(client)

    async def _follow(self, client: SocketClient) -> None:
        since = self.events[-1]["seq"] if self.events else 0
        await client.send(type="subscribe", target="workflow", id=self._workflow, since=since)
        while True:
            message = await client.receive()
            if message["type"] == "event":
                self.events.append(message)
                self._has_news.set()


def make_film(server: Server) -> str:
    """The id of a new workflow of Alice's that makes a short film."""
    with server.client("alice") as api:
        film = {"pipeline": "script2video", "input": {"script": SHORT_SCRIPT}}
        return str(api.post("/api/workflows/", json=film).raise_for_status().json()["id"])


def readiness(server: Server) -> tuple[int, str]:
    """The status of its /readyz, and what that says of runners."""
    with server.client("alice") as api:
        answer = api.get("/readyz")
        return answer.status_code, answer.json()["runner"]


def unserved_skills(server: Server) -> set[str]:
    """The skills that no runner serves, as an operator sees them."""
    with server.client("olga") as api:
        return set(api.get("/api/coordinator/metrics/").raise_for_status().json()["unserved_skills"])


def wait_until(condition: Callable[[], bool]) -> None:
    """Returns as soon as the condition holds."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def assert_finished_once(server: Server, workflow: str) -> None:
    """The film is there, and no task was finished twice."""
    with server.client("alice") as api:
        snapshot = api.get(f"/api/workflows/{workflow}/").json()
        story = api.get(f"/api/workflows/{workflow}/events/", params={"after": 0}).json()["events"]
        video = next(artifact for artifact in snapshot["artifacts"] if artifact["kind"] == "video")
        assert api.get(video["url"]).content[4:8] == b"ftyp"
    assert (snapshot["state"], snapshot["error"]) == ("completed", None)
    finished = Counter(event["data"]["task"] for event in story if event["kind"] == "task_finished")
    assert set(finished.values()) == {1}


@pytest.mark.timeout(2 * FILM_SECONDS)
async def test_a_film_is_completed_and_watched_although_a_server_and_a_worker_are_killed(topology: Topology) -> None:
    doomed, server = topology.server("doomed"), topology.server("server")
    assert readiness(server) == (503, "missing")
    topology.worker("words", "manage", "worker", "--skills", WORDS, "--threads", "2")
    pictures = topology.worker("pictures", "manage", "worker", "--skills", PICTURES, "--threads", "2")
    wait_until(lambda: not unserved_skills(server) & {*WORDS.split(","), *PICTURES.split(",")})
    assert readiness(server) == (200, "ok")

    workflow = make_film(doomed)
    token = server.token("alice")
    faithful, moved = Watcher(workflow, token, server), Watcher(workflow, token, doomed, server)
    async with asyncio.timeout(FILM_SECONDS):
        await faithful.until("task_started", "candidates/")
        await moved.until("task_started", "candidates/")
        pictures.kill()
        doomed.kill()
        await asyncio.to_thread(wait_until, lambda: set(PICTURES.split(",")) <= unserved_skills(server))
        following = topology.worker("following", "manage", "worker", "--skills", PICTURES, "--threads", "2")
        for watcher in (faithful, moved):
            await watcher.until("workflow_completed")
            watcher.task.cancel()

    assert [event["seq"] for event in moved.events] == list(range(1, len(moved.events) + 1))
    assert [event["seq"] for event in faithful.events] == [event["seq"] for event in moved.events]
    assert any(event["data"].get("reason") == "lost" for event in moved.events if event["kind"] == "task_retrying")
    assert_finished_once(server, workflow)
    assert following.stop() == 0
    assert "Traceback" not in following.output()


@pytest.mark.timeout(2 * FILM_SECONDS)
def test_a_film_is_completed_by_celery_workers_that_were_idle_before_although_one_is_stopped(
    topology: Topology,
) -> None:
    server = topology.server("server", runner="celery")
    assert readiness(server) == (503, "missing")
    words = topology.worker("words", *CELERY, "-Q", WORDS, "-c", "2", runner="celery")
    pictures = topology.worker("pictures", *CELERY, "-Q", PICTURES, "-c", "2", runner="celery")
    wait_until(lambda: not unserved_skills(server) & {*WORDS.split(","), *PICTURES.split(",")})
    time.sleep(IDLE_SECONDS)
    workflow = make_film(server)
    with server.client("alice") as api:
        events_until(api, workflow, {"task_started"}, key="candidates/")
        assert pictures.stop() == 0
        following = topology.worker("following", *CELERY, "-Q", PICTURES, "-c", "2", runner="celery")
        story = events_until(api, workflow, {"workflow_completed", "workflow_failed"})
    assert {event["data"]["reason"] for event in story if event["kind"] == "task_retrying"} == {"restart"}
    assert_finished_once(server, workflow)
    assert (words.stop(), following.stop()) == (0, 0)
    for worker in (words, pictures, following):
        assert "Connection to broker lost" not in worker.output()
        assert "Traceback" not in worker.output()
    assert readiness(server) == (503, "missing")
