"""A remote agent does a job like a local one: progress, artifacts, questions, cancelling, and the same task after a break."""

import asyncio
import base64
import threading

import pytest

from agents.contract import AgentError, Answer, AsyncAgent, InputRequired, JobStopped
from tests.agents.remote import peer as peers
from tests.agents.remote.conftest import Limit, MakeJob, WatchedJob, remote_agent
from tests.agents.remote.peer import (
    PNG,
    PROGRESS,
    SKILLS,
    Call,
    Peer,
    artifact_update,
    linked,
    output,
    picture,
    status_update,
    task,
    task_update,
)

PICTURE = base64.b64encode(PNG).decode()
DONE = [
    task_update("t1", "SUBMITTED"),
    artifact_update("t1", picture(PICTURE), lastChunk=True),
    artifact_update("t1", output(picture="p1", width=640)),
    status_update("t1", "COMPLETED", "Painted."),
]


async def test_a_streamed_job_becomes_progress_artifacts_and_an_outcome(
    peer: Peer, painter: AsyncAgent, job: WatchedJob
) -> None:
    peer.updates(DONE[0], status_update("t1", "WORKING", "Mixing the colours", 0.25), *DONE[1:])
    outcome = await painter.perform_async(job)
    assert outcome.output == {"picture": "frame-front.png", "width": 640}
    assert outcome.message == "Painted."
    assert (0.25, "Mixing the colours") in job.reported
    assert (job.folder / "frame-front.png").read_bytes() == PNG
    assert job.remote_task == "t1"


async def test_what_is_sent_names_the_skill_and_the_attempt_and_carries_the_files_of_the_input(
    peer: Peer, painter: AsyncAgent, make_job: MakeJob
) -> None:
    peer.updates(*DONE)
    job = make_job(input={"subject": "her", "model": "portrait.png"})
    (job.folder / "portrait.png").write_bytes(PNG)
    await painter.perform_async(job)
    (call,) = peer.called("SendStreamingMessage")
    data, file = call.message["parts"]
    assert call.message["messageId"] == job.attempt_id
    assert call.message["metadata"] == {SKILLS: {"skill": "paint"}}
    assert data["data"] == {"subject": "her", "model": "portrait.png"}
    assert base64.b64decode(file["raw"]) == PNG
    assert file["mediaType"] == "image/png"
    assert file["metadata"] == {SKILLS: {"artifact": "portrait.png"}}
    assert call.headers["a2a-version"] == "1.0"
    assert set(call.headers["a2a-extensions"].split(", ")) == {SKILLS, PROGRESS}


async def test_an_output_may_name_a_file_of_the_input(peer: Peer, painter: AsyncAgent, make_job: MakeJob) -> None:
    peer.updates(task_update("t1", "COMPLETED", artifacts=[output(picture="portrait.png", width=1)]))
    job = make_job(input={"subject": "her", "model": "portrait.png"})
    (job.folder / "portrait.png").write_bytes(PNG)
    assert (await painter.perform_async(job)).output == {"picture": "portrait.png", "width": 1}


async def test_a_file_may_come_in_pieces(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    first, second = (base64.b64encode(piece).decode() for piece in (PNG[:11], PNG[11:]))
    peer.updates(
        DONE[0],
        artifact_update("t1", picture(first)),
        artifact_update("t1", picture(second), append=True, lastChunk=True),
        *DONE[2:],
    )
    await painter.perform_async(job)
    assert (job.folder / "frame-front.png").read_bytes() == PNG


async def test_a_linked_file_is_fetched(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    peer.on("GET /files/front", peers.raw(PNG, media_type="image/png"))
    peer.updates(DONE[0], artifact_update("t1", linked(f"{peer.url}/files/front")), *DONE[2:])
    outcome = await painter.perform_async(job)
    assert outcome.output == {"picture": "image-front.png", "width": 640}
    assert (job.folder / "image-front.png").read_bytes() == PNG


async def test_an_agent_that_does_not_stream_is_polled(peer: Peer, job: WatchedJob) -> None:
    peer.card["capabilities"]["streaming"] = False
    states = iter(["SUBMITTED", "WORKING", "WORKING"])
    done = task("t1", "COMPLETED", "Painted.", [picture(PICTURE), output(picture="p1", width=640)])

    async def look(call: Call) -> None:
        state = next(states, None)
        await call.respond(call.result(task("t1", state, "Drying") if state else done))

    peer.on("SendMessage", peers.answer({"task": task("t1", "SUBMITTED")}))
    peer.on("GetTask", look)
    outcome = await remote_agent(peer.url, peer.card).perform_async(job)
    assert outcome.output == {"picture": "frame-front.png", "width": 640}
    assert (0.0, "Drying") in job.reported
    (sent,) = peer.called("SendMessage")
    assert sent.params["configuration"]["returnImmediately"] is True


async def test_a_question_ends_the_attempt_and_its_answer_goes_into_the_same_task(
    peer: Peer, painter: AsyncAgent, make_job: MakeJob
) -> None:
    asked = task("t1", "INPUT_REQUIRED", "Which colour?")
    peer.updates({"task": asked})
    first = make_job()
    with pytest.raises(InputRequired, match=r"^Which colour\?$"):
        await painter.perform_async(first)
    peer.on("GetTask", peers.answer(asked))
    peer.updates({"task": asked}, *DONE[1:])  # as it was, until the agent has looked at the answer
    second = make_job(remote_task=first.remote_task, answers=[Answer("Which colour?", "Green")])
    assert (await painter.perform_async(second)).output == {"picture": "frame-front.png", "width": 640}
    answer = peer.called("SendStreamingMessage")[1].message
    assert (answer["taskId"], answer["contextId"]) == ("t1", "c1")
    assert answer["parts"] == [{"text": "Green", "mediaType": "text/plain"}]


async def test_a_second_question_is_not_answered_with_the_answer_to_the_first(
    peer: Peer, painter: AsyncAgent, make_job: MakeJob
) -> None:
    peer.on("GetTask", peers.answer(task("t1", "INPUT_REQUIRED", "Which size?")))
    with pytest.raises(InputRequired, match="Which size"):
        await painter.perform_async(make_job(remote_task="t1", answers=[Answer("Which colour?", "Green")]))
    assert peer.called("SendStreamingMessage") == []


async def test_an_answer_that_got_lost_on_the_way_is_sent_again_under_the_same_id(
    peer: Peer, painter: AsyncAgent, make_job: MakeJob
) -> None:
    async def drop(call: Call) -> None:
        peer.updates(*DONE)
        raise ConnectionError("The peer dies.")

    peer.on("GetTask", peers.answer(task("t1", "INPUT_REQUIRED", "Which colour?")))
    peer.on("SendStreamingMessage", drop)
    await painter.perform_async(make_job(remote_task="t1", answers=[Answer("Which colour?", "Green")]))
    ids = [call.message["messageId"] for call in peer.called("SendStreamingMessage")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_a_task_of_an_earlier_attempt_is_taken_up_again(
    peer: Peer, painter: AsyncAgent, make_job: MakeJob
) -> None:
    peer.on("GetTask", peers.answer(task("t1", "WORKING", "Still at it")))
    peer.updates(*DONE, method="SubscribeToTask")
    job = make_job(remote_task="t1")
    assert (await painter.perform_async(job)).output == {"picture": "frame-front.png", "width": 640}
    assert (0.0, "Still at it") in job.reported
    assert peer.called("SendStreamingMessage") == []


async def test_a_task_that_ended_meanwhile_is_only_fetched(peer: Peer, painter: AsyncAgent, make_job: MakeJob) -> None:
    done = task("t1", "COMPLETED", artifacts=[picture(PICTURE), output(picture="p1", width=640)])
    peer.on("GetTask", peers.answer(done))
    assert (await painter.perform_async(make_job(remote_task="t1"))).output == {
        "picture": "frame-front.png",
        "width": 640,
    }
    assert {call.method for call in peer.calls} == {"GetTask"}


async def test_a_task_that_the_agent_has_forgotten_is_given_anew(
    peer: Peer, painter: AsyncAgent, make_job: MakeJob
) -> None:
    async def unknown(call: Call) -> None:
        await call.error(-32001, "Task not found")

    peer.on("GetTask", unknown)
    peer.updates(*DONE)
    job = make_job(remote_task="of-yesterday")
    await painter.perform_async(job)
    assert job.remote_task == "t1"


async def test_a_stream_that_breaks_is_followed_again_and_nothing_is_sent_twice(
    peer: Peer, painter: AsyncAgent, job: WatchedJob
) -> None:
    async def dies(call: Call) -> None:
        await call.start()
        await call.event(DONE[0])
        raise ConnectionError("The peer dies.")

    peer.on("SendStreamingMessage", dies)
    peer.on("GetTask", peers.answer(task("t1", "WORKING")))
    peer.updates(*DONE, method="SubscribeToTask")
    assert (await painter.perform_async(job)).output == {"picture": "frame-front.png", "width": 640}
    assert len(peer.called("SendStreamingMessage")) == 1


async def test_an_agent_that_is_killed_and_comes_back_goes_on(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    async def hangs(call: Call) -> None:
        await call.start()
        await call.event(DONE[0])
        await asyncio.sleep(3_600)

    peer.on("SendStreamingMessage", hangs)
    peer.on("GetTask", peers.answer(task("t1", "WORKING")))
    peer.updates(*DONE, method="SubscribeToTask")
    working = asyncio.create_task(painter.perform_async(job))
    await asyncio.wait_for(job.begun.wait(), 30)
    await asyncio.to_thread(peer.stop)
    await asyncio.to_thread(peer.start)
    assert (await working).output == {"picture": "frame-front.png", "width": 640}
    assert len(peer.called("SendStreamingMessage")) == 1


async def test_a_message_that_may_have_arrived_is_repeated_under_the_same_id(
    peer: Peer, painter: AsyncAgent, job: WatchedJob
) -> None:
    async def dies(call: Call) -> None:
        peer.updates(*DONE)
        raise ConnectionError("The peer dies.")

    peer.on("SendStreamingMessage", dies)
    await painter.perform_async(job)
    assert [call.message["messageId"] for call in peer.called("SendStreamingMessage")] == [job.attempt_id] * 2


async def test_an_agent_that_does_not_recognise_repetitions_is_not_asked_twice(peer: Peer, make_job: MakeJob) -> None:
    async def dies(call: Call) -> None:
        raise ConnectionError("The peer dies.")

    peer.card["capabilities"]["extensions"] = []
    peer.on("SendStreamingMessage", dies)
    with pytest.raises(AgentError, match="Whether it works on the task is not known") as refused:
        await remote_agent(peer.url, peer.card).perform_async(make_job(input={"text": "a lighthouse"}))
    assert refused.value.retryable
    assert len(peer.called("SendStreamingMessage")) == 1


async def test_an_agent_that_stays_away_is_given_up(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, limit: Limit
) -> None:
    limit(LOST_SECONDS=0.2)
    peer.stop()
    with pytest.raises(AgentError, match="painter: It cannot be reached") as lost:
        await painter.perform_async(job)
    assert lost.value.retryable


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("FAILED", "It failed: Out of paint."),
        ("REJECTED", "It refuses the task: Out of paint."),
        ("AUTH_REQUIRED", "It wants somebody to sign in"),
        ("CANCELED", "It cancelled the task by itself"),
    ],
)
async def test_an_end_without_a_result_is_an_error_that_says_why(
    peer: Peer, painter: AsyncAgent, job: WatchedJob, state: str, words: str
) -> None:
    peer.updates(task_update("t1", "WORKING"), status_update("t1", state, "Out of paint."))
    with pytest.raises(AgentError, match=f"painter: {words}"):
        await painter.perform_async(job)


async def test_a_job_that_was_asked_to_stop_stops_at_the_next_update(
    peer: Peer, painter: AsyncAgent, job: WatchedJob
) -> None:
    job.is_stopped = True
    peer.updates(*DONE)
    with pytest.raises(JobStopped):
        await painter.perform_async(job)


async def test_cancelling_the_job_closes_the_line(peer: Peer, painter: AsyncAgent, job: WatchedJob) -> None:
    left = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def hangs(call: Call) -> None:
        await call.start()
        await call.event(DONE[0])
        try:
            await peers.forever(call, b": still here\n\n", 0.01)
        finally:
            loop.call_soon_threadsafe(left.set)

    peer.on("SendStreamingMessage", hangs)
    working = asyncio.create_task(painter.perform_async(job))
    await asyncio.wait_for(job.begun.wait(), 30)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    await asyncio.to_thread(peer.stop)
    await asyncio.wait_for(left.wait(), 30)


async def test_withdrawing_cancels_the_remote_task(peer: Peer, painter: AsyncAgent) -> None:
    await painter.withdraw("t1")
    (call,) = peer.called("CancelTask")
    assert call.params == {"id": "t1"}


@pytest.mark.parametrize(("code", "why"), [(-32002, "Task cannot be canceled"), (-32001, "Task not found")])
async def test_withdrawing_what_has_ended_is_no_error(peer: Peer, painter: AsyncAgent, code: int, why: str) -> None:
    async def refuses(call: Call) -> None:
        await call.error(code, why)

    peer.on("CancelTask", refuses)
    await painter.withdraw("t1")
    assert len(peer.called("CancelTask")) == 1


async def test_an_agent_that_cannot_be_told_to_stop_is_told_later(peer: Peer, painter: AsyncAgent) -> None:
    peer.stop()
    with pytest.raises(AgentError, match="could not be told to stop") as lost:
        await painter.withdraw("t1")
    assert lost.value.retryable


async def test_five_hundred_jobs_wait_without_five_hundred_threads(
    peer: Peer, painter: AsyncAgent, make_job: MakeJob
) -> None:
    numbers, arrived = iter(range(500)), asyncio.Semaphore(0)
    here, released = asyncio.get_running_loop(), asyncio.Event()  # of the peer's loop: `finish` is called there

    async def waits(call: Call) -> None:
        task_id = f"t{next(numbers)}"
        await call.start()
        await call.event(task_update(task_id, "WORKING"))
        here.call_soon_threadsafe(arrived.release)
        await released.wait()
        await call.event(task_update(task_id, "COMPLETED", artifacts=[output(picture="", width=1)]))
        await call.end()

    async def finish(call: Call) -> None:
        released.set()
        await call.respond(call.result(task("t0", "WORKING")))

    peer.on("SendStreamingMessage", waits)
    peer.on("CancelTask", finish)
    before = threading.active_count()
    working = [asyncio.create_task(painter.perform_async(make_job())) for _ in range(500)]
    for _ in working:
        await arrived.acquire()
    assert threading.active_count() - before < 50
    await painter.withdraw("t0")
    assert len(await asyncio.gather(*working)) == 500
