"""callboard-client: what a program of somebody else's does with a running server, and what happens when that goes away."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from callboard_client import AsyncClient, Client, NotSignedIn, Refused, Unreachable, backoff
from callboard_client.types import Snapshot
from tests.cast import PASSWORD
from tests.fixtures.servers import installed
from tests.realtime.sample_server import SampleServer
from tests.server import ROOT, free_port
from tests.waiting import TIMEOUT_SECONDS

Json = dict[str, Any]
TELEGRAM = "send more light"


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    """A running server whose agent does not wait."""
    with SampleServer(tmp_path_factory.mktemp("quick")) as server:
        server.let_go()
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[SampleServer]:
    """A running server for one test alone, whose agent waits, and whose access tokens are good for two seconds."""
    with SampleServer(tmp_path, environment={"ACCESS_TOKEN_SECONDS": "2"}) as server:
        yield server


@pytest.fixture
async def alice(quick: SampleServer) -> AsyncIterator[AsyncClient]:
    """Alice's client."""
    async with AsyncClient(quick.url, username="alice", password=PASSWORD) as client:
        yield client


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients wait a hundredth as long before they connect again."""
    monkeypatch.setattr(backoff, "CEILINGS", tuple(ceiling / 100 for ceiling in backoff.CEILINGS))


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def followed(client: AsyncClient, workflow_id: str, snapshot: Snapshot | None = None) -> Snapshot:
    *_, last = [each async for each in client.follow(workflow_id, snapshot)]
    return last


def facts(snapshot: Snapshot) -> Json:
    """Without what is only an estimate, and signatures."""
    artifacts = [{**artifact, "url": ""} for artifact in snapshot["artifacts"]]
    changing = ("eta", "elapsed", "queue", "message", "stage", "watchers")
    return {**{name: value for name, value in snapshot.items() if name not in changing}, "artifacts": artifacts}


# --- in an event loop -------------------------------------------------------------------------------


async def test_it_starts_follows_and_downloads(alice: AsyncClient, tmp_path: Path) -> None:
    assert "telegram" in [pipeline["name"] for pipeline in await alice.pipelines()]
    workflow = await alice.create("telegram", {"text": TELEGRAM})
    seen = await followed(alice, workflow)
    assert seen["state"] == "completed"
    assert facts(seen) == facts(await alice.snapshot(workflow))
    assert workflow in [row["id"] for row in (await alice.workflows(state=["completed"]))["results"]]
    path = await alice.download(seen["artifacts"][0], tmp_path)
    assert path.name == seen["artifacts"][0]["name"]
    assert {file.name: file.stat().st_size > 0 for file in files_in(tmp_path)} == {path.name: True}


async def test_a_download_goes_on_where_it_broke_off(alice: AsyncClient, tmp_path: Path) -> None:
    artifact = (await followed(alice, await alice.create("telegram", {"text": TELEGRAM})))["artifacts"][0]
    whole = (await alice.download(artifact, tmp_path / "whole")).read_bytes()
    part = tmp_path / f"again.{artifact['id']}.part"
    # What is there stays: the rest alone was asked for. After the last byte nothing is.
    for there, expected in ((b"??", b"??" + whole[2:]), (whole, whole), (b"", whole)):
        part.write_bytes(there)
        assert (await alice.download(artifact, tmp_path / "again")).read_bytes() == expected


async def test_it_goes_on_from_a_snapshot_of_before(alice: AsyncClient) -> None:
    workflow = await alice.create("telegram", {"text": TELEGRAM})
    before = await alice.snapshot(workflow)
    await followed(alice, workflow)
    assert facts(await followed(alice, workflow, before)) == facts(await alice.snapshot(workflow))


async def test_a_workflow_is_run_again(alice: AsyncClient) -> None:
    workflow = await alice.create("telegram", {"text": TELEGRAM})
    task = (await followed(alice, workflow))["stages"][-1]["tasks"][-1]["key"]
    again = await followed(alice, await alice.rerun(workflow, task))
    assert (again["state"], again["rerun_of"]) == ("completed", {"workflow_id": workflow, "task": task, "changes": []})


async def test_what_the_server_refuses_is_an_error_with_its_code_and_words(alice: AsyncClient) -> None:
    nowhere = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(Refused, match="not yours to see") as refused:
        await alice.snapshot(nowhere)
    assert (refused.value.type, refused.value.status) == ("TargetNotFound", 404)
    with pytest.raises(Refused) as refused:
        await followed(alice, nowhere)
    assert refused.value.type == "TargetNotFound"
    with pytest.raises(Refused) as refused:
        await alice.create("idea2video", {})
    assert "idea" in refused.value.fields


async def test_who_is_not_let_in_learns_it(quick: SampleServer) -> None:
    async with AsyncClient(quick.url, username="alice", password="wrong") as client:
        with pytest.raises(NotSignedIn, match="No active account"):
            await client.workflows()
    async with AsyncClient(quick.url, token="nonsense") as client:
        with pytest.raises(NotSignedIn):
            await client.workflows()
        with pytest.raises(NotSignedIn):
            await followed(client, "00000000-0000-0000-0000-000000000000")


async def test_where_nobody_answers_it_says_so() -> None:
    async with AsyncClient(f"http://127.0.0.1:{free_port()}", token="any") as client:
        with pytest.raises(Unreachable):
            await client.workflows()


async def test_the_end_of_the_block_signs_out(quick: SampleServer) -> None:
    async with AsyncClient(quick.url, username="alice", password=PASSWORD) as client:
        workflow = await client.create("telegram", {"text": TELEGRAM})
        given = (await client.token(workflow))["token"]
        async with AsyncClient(quick.url, token=given) as guest:
            assert (await guest.snapshot(workflow))["id"] == workflow
    async with AsyncClient(quick.url, token=given) as guest:
        with pytest.raises(NotSignedIn):  # what was given away ends with the login
            await guest.snapshot(workflow)


async def test_where_sockets_are_blocked_it_polls(alice: AsyncClient, impatient: None) -> None:
    workflow = await alice.create("telegram", {"text": TELEGRAM})
    alice.url = f"http://127.0.0.1:{free_port()}"  # where sockets are looked for
    following = alice.follow(workflow)
    states = [snapshot["state"] async for snapshot in following]
    assert states[-1] == "completed"


# --- control ----------------------------------------------------------------------------------------


async def test_a_control_waits_for_its_outcome(own: SampleServer) -> None:
    async with AsyncClient(own.url, username="alice", password=PASSWORD) as client:
        workflow = await client.create("telegram", {"text": TELEGRAM})
        async for snapshot in client.follow(workflow):
            if snapshot["stages"][1]["state"] == "running":
                break
        paused = await client.control(workflow, "pause", mode="now", why="Lunch.", wait_seconds=TIMEOUT_SECONDS)
        assert (paused["status"], paused["outcome"]) == ("accepted", "applied")
        assert (await client.snapshot(workflow))["state"] == "paused"
        assert (await client.control(workflow, "pause", wait_seconds=TIMEOUT_SECONDS))["outcome"] == "no_op"
        resumed = await client.control(workflow, "resume", request_id="mine", wait_seconds=TIMEOUT_SECONDS)
        assert await client.control(workflow, "resume", request_id="mine") == resumed
        own.let_go()
        assert (await followed(client, workflow))["state"] == "completed"
        rejected = await client.control(workflow, "pause", wait_seconds=TIMEOUT_SECONDS)
        assert (rejected["status"], rejected["outcome"]) == ("rejected", "")
        assert rejected["reason"]


async def test_a_token_for_one_workflow_is_all_that_a_guest_needs(own: SampleServer) -> None:
    async with AsyncClient(own.url, username="alice", password=PASSWORD) as client:
        workflow, other = [await client.create("telegram", {"text": TELEGRAM}) for _ in range(2)]
        given = await client.token(workflow, may="control", seconds=600)
        async with AsyncClient(own.url, token=given["token"]) as guest:
            cancelled = await guest.control(workflow, "cancel", wait_seconds=TIMEOUT_SECONDS)
            assert cancelled["outcome"] == "applied"
            assert (await followed(guest, workflow))["state"] == "cancelled"
            with pytest.raises(Refused, match="not yours to see"):
                await guest.snapshot(other)


# --- what goes wrong --------------------------------------------------------------------------------


async def test_it_follows_through_a_crash_of_the_server_and_many_tokens(own: SampleServer, impatient: None) -> None:
    async with AsyncClient(own.url, username="alice", password=PASSWORD) as client:
        workflow = await client.create("telegram", {"text": TELEGRAM})
        first, crashed = await client.session.access(), False
        async for snapshot in client.follow(workflow):
            if snapshot["stages"][1]["state"] != "running":
                continue
            if not crashed:
                crashed = True
                own.kill()
                own.start()
            elif await client.session.access() != first:
                own.let_go()
        assert crashed
        assert snapshot["state"] == "completed"
        assert facts(snapshot) == facts(await client.snapshot(workflow))


async def test_a_server_that_stays_away_is_given_up_when_the_patience_runs_out(
    own: SampleServer, impatient: None
) -> None:
    async with AsyncClient(own.url, username="alice", password=PASSWORD) as client:
        workflow = await client.create("telegram", {"text": TELEGRAM})
        following = client.follow(workflow, patience_seconds=0.1)
        assert (await anext(following))["id"] == workflow
        own.kill()
        with pytest.raises(Unreachable, match="has not answered"):
            async for _ in following:
                pass


async def test_a_refresh_token_that_was_lost_is_replaced_by_a_sign_in(alice: AsyncClient) -> None:
    first = await alice.session.access()
    alice.session._refresh = "used up"
    assert await alice.session.access(refused=first) != first
    assert (await alice.workflows())["count"] >= 0


# --- without an event loop, and without the server's code --------------------------------------------


def test_without_an_event_loop_it_is_the_same(quick: SampleServer, tmp_path: Path) -> None:
    with Client(quick.url, username="alice", password=PASSWORD) as client:
        workflow = client.create("telegram", {"text": TELEGRAM})
        *_, last = client.follow(workflow)
        assert last["state"] == client.snapshot(workflow)["state"] == "completed"
        assert client.events(workflow)["events"][0]["kind"] == "workflow_started"
        assert client.control(workflow, "pause")["status"] == "rejected"
        assert client.download(last["artifacts"][0], tmp_path).stat().st_size > 0
        assert [each["format"] for each in client.exports(workflow)] == ["zip"]
        assert client.export(workflow, "zip", tmp_path).name == "send-more-light.zip"
        with pytest.raises(Refused, match="no such file") as refused:
            client.export(workflow, "srt", tmp_path)
        assert (refused.value.status, [*tmp_path.glob("*.srt*")]) == (404, [])
        with Client(quick.url, token=client.token(workflow)["token"]) as guest:
            assert guest.snapshot(workflow)["id"] == workflow
        assert client.rerun(workflow, last["stages"][-1]["tasks"][-1]["key"]) != workflow
        assert client.pipelines()
        assert client.workflows()["count"] >= 2


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the client is installed."""
    return installed(ROOT / "clients" / "python", tmp_path_factory.mktemp("package"))


def test_the_example_follows_with_the_installed_package_alone(
    quick: SampleServer, package: Path, tmp_path: Path
) -> None:
    workflow = quick.create_workflow("alice")
    environment = {**os.environ, "PYTHONPATH": str(package), "CALLBOARD_TOKEN": quick.token("alice")}
    command = [sys.executable, str(ROOT / "examples" / "follow.py"), quick.url, workflow]
    output = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, timeout=TIMEOUT_SECONDS, capture_output=True, text=True
    ).stdout
    assert "completed" in output.splitlines()[-1]
    assert "100%" in output


def test_it_brings_nothing_of_the_server_along(package: Path, tmp_path: Path) -> None:
    script = "import callboard_client, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    environment = {**os.environ, "PYTHONPATH": str(package)}
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    ).stdout.split()
    assert "callboard_client" in loaded
    assert not {"django", "channels", "project", "realtime", "workflows", "agents"} & set(loaded)
    assert (package / "callboard_client" / "py.typed").is_file()
