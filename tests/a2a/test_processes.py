"""What several processes, crashes and restarts do to tasks over A2A: nothing."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from tests.a2a.conftest import Gate, PostOffice, states
from tests.a2a.peers import BINDINGS, Peer, message
from tests.realtime.sample_server import SampleServer
from tests.worker import Worker


@pytest.fixture(params=BINDINGS, ids=lambda binding: str(binding.binding))
def front(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    """Alice at a server that runs nothing itself."""
    with PostOffice(tmp_path / "office", {"RUNNER": "none"}) as front, front.client("alice") as http:
        yield request.param(http, front.address("correspondent"))


def test_news_of_a_worker_in_another_process_arrive(front: Peer, tmp_path: Path) -> None:
    """3.5.2: here without a channel layer between them: the event log is looked into."""
    stream = front.stream("Hello")
    assert next(stream)["task"]["status"]["state"] == "TASK_STATE_SUBMITTED"
    with Worker(tmp_path / "office", "worker", ["tests.a2a.working"]):
        assert states(list(stream))[-1] == "TASK_STATE_COMPLETED"


def test_news_come_by_the_channel_layer_to_another_server(tmp_path: Path, valkey: str) -> None:
    """3.5.2: two servers share a database; a task that one works on is followed at the other."""
    shared = {"REDIS_URL": valkey}
    with (
        PostOffice(tmp_path / "office", shared) as first,
        PostOffice(tmp_path / "office", {**shared, "RUNNER": "none"}) as second,
        first.client("alice") as http,
        second.client("alice") as other,
    ):
        peers = [BINDINGS[0](http, first.address("correspondent")), BINDINGS[1](other, second.address("correspondent"))]
        gate = Gate(tmp_path / "gate")
        task = peers[0].begin(gate.text)
        stream = peers[1].subscribe(task)
        assert next(stream)["task"]["id"] == task["id"]
        gate.open()
        assert states(list(stream))[-1] == "TASK_STATE_COMPLETED"


def test_a_task_survives_the_death_of_the_server(tmp_path: Path) -> None:
    """3.5.1: durable: fetched, gone on with, and not done twice, after a crash in the middle of the work."""
    with PostOffice(tmp_path / "office") as office:
        with office.client("alice") as http:
            peer = BINDINGS[0](http, office.address("correspondent"))
            gate = Gate(tmp_path / "gate")
            working, asking = peer.begin(gate.text), peer.send(message("ask me"))
            profile = {"urn:callboard:a2a:skills:1": {"skill": "answer"}}
            repeated = message(metadata=profile, parts=[{"data": {"text": "Hello"}}])
            done = peer.send(repeated)
        office.kill()
        office.start()
        with office.client("alice") as http:
            peer = BINDINGS[0](http, office.address("correspondent"))
            stream = peer.subscribe(working)
            gate.open()
            assert states(list(stream))[-1] == "TASK_STATE_COMPLETED"
            assert peer.send(message("blue", taskId=asking["id"]))["status"]["state"] == "TASK_STATE_COMPLETED"
            assert peer.send(repeated)["id"] == done["id"]


def test_a_server_with_streams_stops_in_time(tmp_path: Path) -> None:
    """3.5.2: streams end with the server; the tasks go on after its next start."""
    with PostOffice(tmp_path / "office") as office:
        with office.client("alice") as http:
            peer = BINDINGS[0](http, office.address("correspondent"))
            stream = peer.stream("wait")
            task = next(stream)["task"]
            assert office.stop() == 0
            with suppress(httpx2.TransportError):  # or it ends well
                list(stream)
        office.start()
        with office.client("alice") as http:
            peer = BINDINGS[0](http, office.address("correspondent"))
            assert peer.get(task)["status"]["state"] in ("TASK_STATE_SUBMITTED", "TASK_STATE_WORKING")
            assert peer.cancel(task)["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize("binding", BINDINGS, ids=lambda binding: str(binding.binding))
def test_daphne_serves_it_as_well(tmp_path: Path, binding: type[Peer]) -> None:
    """manage.py runserver is daphne's: streams come as they are made there, too."""
    with SampleServer(tmp_path, {"SAMPLE_SERVER": "daphne"}) as server, server.client("alice") as http:
        peer = binding(http, f"{server.url}/a2a/clerk")
        server.hold()
        metadata = {"urn:callboard:a2a:skills:1": {"skill": "spell"}}
        stream = peer.stream("", parts=[{"data": {"word": "light"}}], metadata=metadata)
        while "Waiting to spell" not in str(next(stream)):
            pass
        server.let_go()
        updates = list(stream)
        assert states(updates)[-1] == "TASK_STATE_COMPLETED"
        assert updates[-2]["artifactUpdate"]["artifact"]["parts"][0]["data"] == {"letters": "l-i-g-h-t"}
