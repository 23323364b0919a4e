"""Agents that break the rules: none of it hangs a job, fills the memory, reaches into our network, or passes for a result."""

import asyncio
import base64
import gzip
import json
import socket
import threading
from typing import Any

import pytest
from pytest_django import Settings

from agents.contract import AgentError, AsyncAgent
from agents.guarded_http import is_public
from agents.remote import conversation
from agents.remote.errors import Misbehaved, Unreachable
from tests.agents.remote import peer as peers
from tests.agents.remote.conftest import Limit, MakeJob, WatchedJob, remote_agent
from tests.agents.remote.peer import (
    PNG,
    Call,
    Json,
    Peer,
    artifact_update,
    linked,
    output,
    picture,
    status_update,
    task,
    task_update,
)
from tests.agents.remote.servers import listening

PICTURE = base64.b64encode(PNG).decode()
WORKING = task_update("t1", "WORKING")
RESULT = artifact_update("t1", output(picture="p1", width=640))
COMPLETED = status_update("t1", "COMPLETED")


# --- too much ---


async def test_an_event_without_end_is_cut_off(peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit) -> None:
    async def endless(call: Call) -> None:
        await call.start()
        await call.event(WORKING)
        await call.write(b"data: ")
        await peers.forever(call, b"x" * 10_000)

    limit(MESSAGE_BYTES=100_000)
    peer.on("SendStreamingMessage", endless)
    with pytest.raises(Misbehaved, match=r"It sent more than 100,000 bytes at once\."):
        await painter.perform_async(job)


async def test_lines_of_an_event_without_end_are_cut_off(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    async def endless(call: Call) -> None:
        await call.start()
        await peers.forever(call, b"data: more\n" * 100)

    limit(MESSAGE_BYTES=100_000)
    peer.on("SendStreamingMessage", endless)
    with pytest.raises(Misbehaved, match="more than 100,000 bytes"):
        await painter.perform_async(job)


async def test_events_without_end_are_cut_off(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(call: Call) -> None:
        await call.start()
        while True:
            await call.event(status_update("t1", "WORKING", "Nearly there"))

    monkeypatch.setattr(conversation, "UPDATES_PER_ATTEMPT", 500)
    peer.on("SendStreamingMessage", endless)
    with pytest.raises(Misbehaved, match="more than 500 updates"):
        await painter.perform_async(job)


async def test_a_long_stream_of_small_events_is_not_too_much(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    limit(MESSAGE_BYTES=10_000)
    many = [status_update("t1", "WORKING", "x" * 200) for _ in range(200)]
    peer.updates(WORKING, *many, artifact_update("t1", picture(PICTURE)), RESULT, COMPLETED)
    assert (await painter.perform_async(job)).output["width"] == 640  # type: ignore[index]


async def test_an_answer_that_is_too_large_is_cut_off(peer: Peer, job: WatchedJob, limit: Limit) -> None:
    async def endless(call: Call) -> None:
        await call.start(media_type="application/json")
        await peers.forever(call, b" " * 10_000)

    limit(MESSAGE_BYTES=100_000)
    peer.card["capabilities"]["streaming"] = False
    peer.on("SendMessage", endless)
    with pytest.raises(Misbehaved, match="more than 100,000 bytes"):
        await remote_agent(peer.url, peer.card).perform_async(job)


async def test_a_compressed_answer_is_refused(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    bomb = gzip.compress(b"\n" * 10_000_000)
    peer.on("SendStreamingMessage", peers.raw(bomb, media_type="text/event-stream", content_encoding="gzip"))
    with pytest.raises(Misbehaved, match="compressed"):
        await painter.perform_async(job)


async def test_a_linked_file_that_is_too_large_is_cut_off(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    async def endless(call: Call) -> None:
        await call.start(media_type="image/png")
        await call.write(PNG)
        await peers.forever(call, b"\0" * 10_000)

    limit(ARTIFACT_BYTES=100_000)
    peer.on("GET /files/front", endless)
    peer.updates(WORKING, artifact_update("t1", linked(f"{peer.url}/files/front")), RESULT, COMPLETED)
    with pytest.raises(Misbehaved, match="more than 100,000 bytes"):
        await painter.perform_async(job)
    assert list(job.folder.iterdir()) == []


async def test_a_file_in_too_many_pieces_is_refused(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    limit(ARTIFACT_BYTES=1_024)
    piece = picture(base64.b64encode(b"x" * 600).decode())
    peer.updates(WORKING, artifact_update("t1", piece), artifact_update("t1", piece, append=True), RESULT, COMPLETED)
    with pytest.raises(Misbehaved, match=r"a file of more than 1,024 bytes"):
        await painter.perform_async(job)


async def test_more_files_than_a_task_may_give_are_refused(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    limit(TASK_BYTES=2_000)
    many = (artifact_update("t1", picture(PICTURE, artifact_id=f"p{n}"), lastChunk=True) for n in range(100))
    peer.updates(WORKING, *many, RESULT, COMPLETED)
    with pytest.raises(Misbehaved, match="more than it may give for one task"):
        await painter.perform_async(job)


# --- of the wrong type ---


async def test_a_file_of_a_type_that_is_not_allowed_is_refused(
    peer: Peer, painter: AsyncAgent, job: WatchedJob
) -> None:
    program = picture(PICTURE, media_type="application/x-msdownload")
    peer.updates(WORKING, artifact_update("t1", program), RESULT, COMPLETED)
    with pytest.raises(Misbehaved, match="application/x-msdownload, which REMOTE_MEDIA_TYPES does not allow"):
        await painter.perform_async(job)


async def test_a_file_that_is_not_what_it_says_is_refused(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    page = base64.b64encode(b"<script>alert(1)</script>").decode()
    peer.updates(WORKING, artifact_update("t1", picture(page)), RESULT, COMPLETED)
    with pytest.raises(Misbehaved, match="as image/png that is something else"):
        await painter.perform_async(job)
    assert list(job.folder.iterdir()) == []


async def test_the_name_of_a_file_leads_nowhere(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    evil = picture(PICTURE, kind="../../etc")
    evil["parts"][0]["filename"] = "../../../etc/cron.d/Fr ont.png"
    peer.updates(WORKING, artifact_update("t1", evil), RESULT, COMPLETED)
    await painter.perform_async(job)
    assert [path.name for path in job.folder.iterdir()] == ["image-fr-ont.png"]


# --- into our network ---


async def test_a_redirect_is_not_followed(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    inside = peers.raw(b"", status=307, location=f"{peer.url}/inside")
    peer.on("SendStreamingMessage", inside)
    with pytest.raises(Misbehaved, match=r"redirects to another address \(HTTP 307\)"):
        await painter.perform_async(job)
    assert [call.method for call in peer.calls] == ["SendStreamingMessage"]


async def test_a_redirect_of_a_file_is_not_followed(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    peer.on("GET /files/front", peers.raw(b"", status=302, location=f"{peer.url}/inside"))
    peer.updates(WORKING, artifact_update("t1", linked(f"{peer.url}/files/front")), RESULT, COMPLETED)
    with pytest.raises(Misbehaved, match="redirects"):
        await painter.perform_async(job)
    assert peer.called("GET /inside") == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"])
async def test_an_agent_at_a_private_address_is_not_asked(
    peer: Peer, job: WatchedJob, settings: Settings, host: str
) -> None:
    settings.REMOTE_PRIVATE_ADDRESSES = False
    url = f"http://{host}:{peer.port}"
    with pytest.raises(Misbehaved, match="leads to a private address"):
        await remote_agent(url, peers.card(url)).perform_async(job)
    assert peer.calls == []


async def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_looked_at(
    peer: Peer, job: WatchedJob, settings: Settings, limit: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first answer is public, each later one is the loopback."""
    limit(CONNECT_SECONDS=0.2, LOST_SECONDS=0.1)
    settings.REMOTE_PRIVATE_ADDRESSES = False
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def rebind(host: str | bytes, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host not in ("rebinding.test", b"rebinding.test"):
            return resolve(host, port, *args, **kwargs)
        asked.append("rebinding.test")
        address = "127.0.0.1" if len(asked) > 1 else "198.41.0.4"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    url = f"http://rebinding.test:{peer.port}"
    with pytest.raises(Unreachable):
        await remote_agent(url, peers.card(url)).perform_async(job)
    assert peer.calls == []
    assert asked == ["rebinding.test"]


async def test_a_name_with_one_private_address_is_refused_whatever_else_it_has(
    peer: Peer, job: WatchedJob, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in ("198.41.0.4", "127.0.0.1")]

    settings.REMOTE_PRIVATE_ADDRESSES = False
    monkeypatch.setattr(socket, "getaddrinfo", both)
    url = f"http://two.test:{peer.port}"
    with pytest.raises(Misbehaved, match="leads to a private address"):
        await remote_agent(url, peers.card(url)).perform_async(job)
    assert peer.calls == []


@pytest.mark.parametrize(
    ("address", "is_one_of_the_internet"),
    [
        ("198.41.0.4", True),
        ("2001:503:ba3e::2:30", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("ff02::1", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address: str, is_one_of_the_internet: bool) -> None:
    assert is_public(address) is is_one_of_the_internet


async def test_a_link_to_a_private_address_is_not_followed(peer: Peer, job: WatchedJob, settings: Settings) -> None:
    """The agent itself is trusted to be on the loopback only until it has answered."""

    async def answer(call: Call) -> None:
        settings.REMOTE_PRIVATE_ADDRESSES = False
        await peers.stream(WORKING, artifact_update("t1", linked(f"{peer.url}/files/front")), RESULT, COMPLETED)(call)

    peer.on("SendStreamingMessage", answer)
    with pytest.raises(Misbehaved, match="leads to a private address"):
        await remote_agent(peer.url, peer.card).perform_async(job)
    assert peer.called("GET /files/front") == []


async def test_the_credential_goes_to_the_agent_only(
    peer: Peer, job: WatchedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAINTERS_TOKEN", "s3cret-token")
    elsewhere = f"http://localhost:{peer.port}/files/front"
    peer.on("GET /files/front", peers.raw(PNG, media_type="image/png"))
    peer.updates(WORKING, artifact_update("t1", linked(elsewhere)), RESULT, COMPLETED)
    await remote_agent(peer.url, peer.card, bearer_env="PAINTERS_TOKEN").perform_async(job)
    (call,), (link,) = peer.called("SendStreamingMessage"), peer.called("GET /files/front")
    assert call.headers["authorization"] == "Bearer s3cret-token"
    assert "authorization" not in link.headers


async def test_what_repeats_our_credential_is_told_without_it(
    peer: Peer, job: WatchedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAINTERS_TOKEN", "s3cret-token")
    told = "I got s3cret-token"
    peer.updates(WORKING, status_update("t1", "WORKING", told), status_update("t1", "FAILED", told))
    with pytest.raises(AgentError) as failed:
        await remote_agent(peer.url, peer.card, bearer_env="PAINTERS_TOKEN").perform_async(job)
    assert "s3cret-token" not in failed.value.message + str(job.reported)
    assert "I got [secret]" in failed.value.message


async def test_a_credential_that_is_not_accepted_is_said_to_be_so(
    peer: Peer, painter: AsyncAgent, job: WatchedJob
) -> None:
    peer.on("SendStreamingMessage", peers.raw(b"{}", status=401))
    with pytest.raises(AgentError, match=r"does not accept the credential \(HTTP 401\)") as refused:
        await painter.perform_async(job)
    assert not refused.value.retryable


# --- too slow ---


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begins an answer, and never comes to the end of its head."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"x: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def test_headers_that_drip_are_not_waited_for(make_job: MakeJob, limit: Limit) -> None:
    limit(SILENCE_SECONDS=0.3, LOST_SECONDS=0.5)
    with listening(drip) as url, pytest.raises(Unreachable, match=r"did not answer in time\."):
        await remote_agent(url, peers.card(url)).perform_async(make_job())


async def test_a_body_that_drips_is_not_waited_for(peer: Peer, job: WatchedJob, limit: Limit) -> None:
    async def slow(call: Call) -> None:
        await call.start(media_type="application/json")
        await peers.forever(call, b" ", 0.02)

    limit(SILENCE_SECONDS=0.3, LOST_SECONDS=0.5)
    peer.card["capabilities"]["streaming"] = False
    peer.on("SendMessage", slow)
    with pytest.raises(Unreachable, match=r"did not answer in time\."):
        await remote_agent(peer.url, peer.card).perform_async(job)


async def test_a_file_that_drips_is_not_waited_for(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    async def slow(call: Call) -> None:
        await call.start(media_type="image/png")
        await peers.forever(call, b"x", 0.02)

    limit(DOWNLOAD_SECONDS=0.1)
    done = task("t1", "COMPLETED", artifacts=[linked(f"{peer.url}/files/front"), output(picture="p1", width=1)])
    peer.on("GET /files/front", slow)
    peer.on("GetTask", peers.answer(done))
    peer.updates({"task": done})
    with pytest.raises(Unreachable, match=r"A file that it links to cannot be fetched\. It did not answer in time\."):
        await painter.perform_async(job)


async def test_a_stream_that_only_says_that_it_is_there_is_looked_behind(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    """Comments keep the line open, but tell nothing of the task."""

    async def comments(call: Call) -> None:
        await call.start()
        await call.event(WORKING)
        await peers.forever(call, b": ping\n\n", 0.02)

    limit(SILENCE_SECONDS=0.5)
    done = task("t1", "COMPLETED", artifacts=[picture(PICTURE), output(picture="p1", width=640)])
    peer.on("SendStreamingMessage", comments)
    peer.on("GetTask", peers.answer(done))
    assert (await painter.perform_async(job)).output == {"picture": "frame-front.png", "width": 640}


# --- not true ---


async def test_done_without_an_output_is_not_done(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    peer.updates(WORKING, COMPLETED)
    with pytest.raises(Misbehaved, match=r"says that it is done, but has given no output\."):
        await painter.perform_async(job)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"picture": "p1"}, "'width' is a required property"),
        ({"picture": "p1", "width": "wide"}, r"\$\.width: 'wide' is not of type 'integer'"),
        ({"picture": "p1", "width": 1, "more": 1}, "Additional properties are not allowed"),
        ({"picture": "p2", "width": 1}, "names a file that it has not sent: p2"),
        ({"picture": "p\0", "width": 1}, "cannot be stored"),
    ],
)
async def test_an_output_that_does_not_fit_is_refused(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, given: Json, why: str
) -> None:
    peer.updates(WORKING, artifact_update("t1", picture(PICTURE)), artifact_update("t1", output(**given)), COMPLETED)
    with pytest.raises(Misbehaved, match=why):
        await painter.perform_async(job)


async def test_a_stream_about_another_task_is_refused(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    peer.updates(WORKING, task_update("t2", "COMPLETED", artifacts=[output(picture="", width=1)]))
    with pytest.raises(Misbehaved, match="with another task than the one that was asked for"):
        await painter.perform_async(job)


async def test_the_answer_of_another_task_is_refused(peer: Peer, painter: AsyncAgent, make_job: MakeJob) -> None:
    peer.on("GetTask", peers.answer(task("t2", "COMPLETED", artifacts=[output(picture="", width=1)])))
    with pytest.raises(Misbehaved, match="with another task"):
        await painter.perform_async(make_job(remote_task="t1"))


@pytest.mark.parametrize("task_id", ["", "x" * 201, "a\nb"])
async def test_a_task_without_a_usable_id_is_refused(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, task_id: str
) -> None:
    peer.updates(task_update(task_id, "WORKING"))
    with pytest.raises(Misbehaved, match="no id that can be used"):
        await painter.perform_async(job)
    assert job.remote_task == ""


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"jsonrpc": "2.0", "id": 1}',
        b'{"jsonrpc": "2.0", "id": 1, "result": []}',
        b'{"jsonrpc": "2.0", "id": 1, "result": null}',
        b'{"jsonrpc": "2.0", "id": 1, "result": {}}',
        b'{"jsonrpc": "2.0", "id": 1, "result": {"task": "t1"}}',
        b'{"jsonrpc": "2.0", "id": 1, "result": {"statusUpdate": {"taskId": 5}}}',
        b'{"jsonrpc": "2.0", "id": 1, "error": "no"}',
        b"\xff\xfe",
        b"[" * 5_000,
        b'{"jsonrpc": "2.0", "id": 1, "result": {"task": {"id": "t1", "metadata": '
        + b'{"a":' * 500
        + b"1"
        + b"}" * 500
        + b"}}}",
        b'{"jsonrpc": "2.0", "id": 1, "result": {"statusUpdate": {"taskId": "t1", "metadata": {"a": NaN}}}}',
    ],
)
async def test_nonsense_in_a_stream_ends_the_job_with_a_sentence(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, line: bytes
) -> None:
    peer.on("SendStreamingMessage", peers.raw(b"data: " + line + b"\n\n", media_type="text/event-stream"))
    with pytest.raises(AgentError, match=r"^painter: It ") as failed:
        await painter.perform_async(job)
    assert len(failed.value.message) < 600


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"\xff", b"[" * 5_000, b"[]", b'{"result": {}}', b"1"])
async def test_nonsense_as_an_answer_ends_the_job_with_a_sentence(peer: Peer, job: WatchedJob, body: bytes) -> None:
    peer.card["capabilities"]["streaming"] = False
    peer.on("SendMessage", peers.raw(body))
    with pytest.raises(AgentError, match=r"^painter: It "):
        await remote_agent(peer.url, peer.card).perform_async(job)


async def test_progress_beyond_all_bounds_stays_within_them(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    wild = (1e300, -5.0, 0.5)
    peer.updates(
        WORKING,
        *(status_update("t1", "WORKING", fraction=fraction) for fraction in wild),
        artifact_update("t1", picture(PICTURE)),
        RESULT,
        COMPLETED,
    )
    await painter.perform_async(job)
    assert [fraction for fraction, _ in job.reported] == [0.0, 1.0, 0.0, 0.5]


async def test_a_schema_that_is_made_to_be_slow_is_not_checked_to_the_end(peer: Peer, job: WatchedJob) -> None:
    """Each definition refers twice to the next: 2³⁰ steps, for one value."""
    twice = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(30)}
    slow = {"type": "object", "$defs": {**twice, "a30": {}}, "$ref": "#/$defs/a0"}
    peer.card["capabilities"]["extensions"][0]["params"]["skills"]["paint"]["output_schema"] = slow
    peer.updates(WORKING, RESULT, COMPLETED)
    with pytest.raises(Misbehaved, match="takes too long to check"):
        await remote_agent(peer.url, peer.card).perform_async(job)


async def test_a_pattern_of_the_agent_never_meets_a_text(peer: Peer, job: WatchedJob) -> None:
    """A regular expression that takes 2⁴⁰ steps holds the interpreter, and everything in the process with it."""
    paint = peer.card["capabilities"]["extensions"][0]["params"]["skills"]["paint"]
    paint["output_schema"] = {
        "type": "object",
        "properties": {"text": {"type": "string", "pattern": "^(a+)+$"}},
        "patternProperties": {"^(a+)+$": False},
        "additionalProperties": False,
    }
    peer.updates(WORKING, artifact_update("t1", output(text="a" * 40 + "b")), COMPLETED)
    outcome = await remote_agent(peer.url, peer.card).perform_async(job)
    assert outcome.output == {"text": "a" * 40 + "b"}


async def test_a_hostile_agent_holds_up_nobody_else(peer: Peer, painter: AsyncAgent, make_job: MakeJob) -> None:
    """While one floods the loop, another job on it comes to its end."""
    flooded = threading.Event()

    async def by_turns(call: Call) -> None:
        if flooded.is_set():
            await peers.stream(WORKING, artifact_update("t1", picture(PICTURE)), RESULT, COMPLETED)(call)
            return
        flooded.set()
        await call.start()
        while True:
            await call.event(status_update("t9", "WORKING", "x" * 1_000))

    peer.on("SendStreamingMessage", by_turns)
    hostile = asyncio.create_task(painter.perform_async(make_job()))
    await asyncio.to_thread(flooded.wait, 30)
    outcome = await painter.perform_async(make_job())
    assert outcome.output == {"picture": "frame-front.png", "width": 640}
    assert not hostile.done()
    hostile.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hostile


async def test_json_of_an_error_page_is_told_in_short(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    async def long(call: Call) -> None:
        await call.error(-32602, "x" * 100_000 + "\n\x1b[31m")

    peer.on("SendStreamingMessage", long)
    with pytest.raises(AgentError, match="It answers: xxx") as failed:
        await painter.perform_async(job)
    assert len(failed.value.message) < 600
    assert failed.value.message.isprintable()
    assert json.dumps(failed.value.message)
