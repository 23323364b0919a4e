"""What an earlier release left in the middle of its work goes on to its end: the archives are made by `tests.upgrades.record`."""

import sqlite3
import tarfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.server import Server
from tests.workflows.test_crash import FILM_SECONDS, events_until

Json = dict[str, Any]
RELEASES = sorted(Path(__file__).parent.glob("*.tar.gz"))
ENDED = {"workflow_completed", "workflow_failed"}


@pytest.fixture
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A DATA_DIR as the release left it when its server was killed."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def stories(data_dir: Path) -> dict[str, list[tuple[int, str]]]:
    """Of each workflow, by the state that it is in: the numbers and kinds of its events."""
    query = """SELECT w.state, e.seq, e.kind FROM workflows_event e JOIN workflows_workflow w ON w.id = e.workflow_id
               ORDER BY e.seq"""
    told: dict[str, list[tuple[int, str]]] = {}
    with closing(sqlite3.connect(data_dir / "callboard.sqlite3")) as database:
        for state, seq, kind in database.execute(query):
            told.setdefault(state, []).append((seq, kind))
    return told


@pytest.mark.timeout(2 * FILM_SECONDS)
@pytest.mark.parametrize("left", RELEASES, ids=lambda path: path.name.removesuffix(".tar.gz"), indirect=True)
def test_the_films_of_an_earlier_release_go_on_to_their_end(left: Path) -> None:
    before = stories(left)
    assert before.keys() == {"running", "paused"}
    with Server(left, is_new=True) as server, server.client("admin") as api:
        films = {film["state"]: film["id"] for film in api.get("/api/workflows/").raise_for_status().json()["results"]}
        answer = api.post(f"/api/workflows/{films['paused']}/control/", json={"action": "resume"})
        assert answer.is_success, answer.text
        for state, film in films.items():
            events_until(api, film, ENDED)
            goes_on(api, film, before[state])


def goes_on(api: httpx2.Client, film: str, before: list[tuple[int, str]]) -> None:
    """The film has come to its end, from where it was."""
    snapshot = api.get(f"/api/workflows/{film}/").raise_for_status().json()
    story = api.get(f"/api/workflows/{film}/events/", params={"after": 0}).raise_for_status().json()["events"]
    assert (snapshot["state"], snapshot["error"]) == ("completed", None)
    assert [(event["seq"], event["kind"]) for event in story][: len(before)] == before
    assert [event["seq"] for event in story] == list(range(1, snapshot["seq"] + 1))
    finished = Counter(event["data"]["task"] for event in story if event["kind"] == "task_finished")
    assert set(finished.values()) == {1}, "nothing is done twice"
    video = next(artifact for artifact in snapshot["artifacts"] if artifact["kind"] == "video")
    assert api.get(video["url"]).content[4:8] == b"ftyp"
