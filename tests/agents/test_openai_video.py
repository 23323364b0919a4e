"""The video studio on a video model: ordered, watched, called off when nobody wants it, brought to our shape."""

import io
import json
import re
import subprocess
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from pytest_django import Settings

from agents.animatic import film
from agents.contract import AgentError
from agents.studio import ffmpeg
from agents.studio.openai import bounds, client, video
from agents.studio.openai.video import OpenAIVideo
from tests.agents.openai_server import (
    DROPPED_SECONDS,
    Behaviour,
    Handler,
    Provider,
    Seen,
    breaks_off,
    drawing,
    hangs,
    sends,
    status,
)
from tests.agents.roles import SHOT
from tests.fixtures.openai_provider import Reports, Stopped
from tests.waiting import TIMEOUT_SECONDS

BRIEF = replace(SHOT, seconds=0.5)
ORDER, STATE, CONTENT = "/videos", "/videos/video_0", "/videos/video_0/content"


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks again soon."""
    monkeypatch.setattr(video, "POLL_SECONDS", 0.02)


def clip(folder: Path, reports: Reports, shot: film.Shot = BRIEF) -> Path:
    first = folder / "first.png"
    first.write_bytes(drawing("1600x900"))
    to = folder / "clip.mp4"
    assert OpenAIVideo().clip(shot, first=first, last=None, style="ink", to=to, report=reports) == shot.seconds
    return to


def probe(path: Path) -> str:
    """What ffmpeg says of a file."""
    return subprocess.run([ffmpeg.executable(), "-hide_banner", "-i", str(path)], capture_output=True, text=True).stderr


def called_off(provider: Provider) -> bool:
    """Whether the order is deleted, waiting for it a while."""
    until = time.monotonic() + 5
    while not any(seen.method == "DELETE" for seen in provider.seen):
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.01)
    return True


@pytest.mark.parametrize("seconds", [1.25, 2.5])  # the provider's clip has 2 s: one is cut, one holds its end
def test_a_clip_is_of_our_shape_and_exactly_as_long_as_the_shot(
    provider: Provider, reports: Reports, tmp_path: Path, seconds: float
) -> None:
    described = probe(clip(tmp_path, reports, replace(SHOT, seconds=seconds)))
    for words in ("h264", "yuv420p", "1280x720", "24 fps", f"Duration: 00:00:0{seconds:.2f}"):
        assert words in described
    assert "Audio" not in described
    assert {path.name for path in tmp_path.iterdir()} == {"first.png", "clip.mp4"}


def test_the_order_contains_what_to_film_and_how_it_begins(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    clip(tmp_path, reports)
    order = provider.requests(ORDER)[0]
    assert (order.body["model"], order.body["seconds"], order.body["size"]) == ("video-model", "4", "1280x720")
    for words in ("MARA listens", "pushes slowly in", "Who is there?", "tired", "ink", "The lamp goes out"):
        assert words in order.body["prompt"]
    (picture,) = order.body["input_reference"]
    with Image.open(io.BytesIO(picture)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1280, 720))


@pytest.mark.parametrize(("seconds", "ordered"), [(4.0, "4"), (4.5, "8"), (9.0, "12"), (20.0, "12")])
def test_the_next_length_that_can_be_had_is_ordered(seconds: float, ordered: str) -> None:
    assert str(video._length(seconds)) == ordered


def test_progress_is_what_the_provider_reports_and_never_goes_back(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    provider.steps_to_clip = 5
    clip(tmp_path, reports)
    shares = [share for share, _ in reports.received]
    assert shares == sorted(shares)
    assert len({share for share in shares if 0 < share < video.DONE_BY_PROVIDER}) >= 3
    assert shares[-1] == 1.0


def test_a_stop_while_it_is_made_calls_the_order_off(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.steps_to_clip = 100_000
    reports.stop_when = lambda: provider.requests(STATE)
    with pytest.raises(Stopped):
        clip(tmp_path, reports)
    assert called_off(provider)
    assert not (tmp_path / "clip.mp4").exists()


def test_a_stop_in_mid_request_is_obeyed_at_once_and_calls_the_order_off(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    provider.next(CONTENT, hangs)
    reports.stop_when = lambda: provider.requests(CONTENT)
    with pytest.raises(Stopped):
        clip(tmp_path, reports)
    assert provider.dropped.wait(DROPPED_SECONDS)
    assert called_off(provider)


def test_a_stop_while_the_order_is_placed_calls_it_off_too(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    stopped = threading.Event()

    def slowly(handler: Handler, seen: Seen) -> None:
        stopped.wait(TIMEOUT_SECONDS)
        handler.answer({"id": "video_0", "status": "queued"})

    provider.next(ORDER, slowly)
    reports.stop_when = lambda: provider.requests(ORDER)
    with pytest.raises(Stopped):
        clip(tmp_path, reports)
    stopped.set()
    assert called_off(provider)


def test_an_order_that_failed_after_the_stop_is_let_be(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    stopped = threading.Event()

    def refusing(handler: Handler, seen: Seen) -> None:
        stopped.wait(TIMEOUT_SECONDS)
        status(400)(handler, seen)

    provider.next(ORDER, refusing)
    reports.stop_when = lambda: provider.requests(ORDER)
    with pytest.raises(Stopped):
        clip(tmp_path, reports)
    stopped.set()
    client.close()
    assert [seen.method for seen in provider.seen] == ["POST"]


def test_an_order_is_still_called_off_when_the_process_ends(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    provider.steps_to_clip = 100_000
    reports.stop_when = lambda: provider.requests(STATE)
    with pytest.raises(Stopped):
        clip(tmp_path, reports)
    client.close()  # as at the end of the process
    assert provider.seen[-1].method == "DELETE"


def test_an_order_whose_answer_got_lost_is_not_placed_twice(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    provider.next(ORDER, status(500))
    clip(tmp_path, reports)
    first, second = provider.requests(ORDER)
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_a_passing_fault_while_it_is_made_costs_neither_the_clip_nor_a_second_order(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    provider.next(STATE, status(502), status(429))
    provider.steps_to_clip = 2
    made = clip(tmp_path, reports)
    assert f"Duration: 00:00:0{BRIEF.seconds:.2f}" in probe(made)
    assert len(provider.requests(ORDER)) == 1
    assert len(provider.requests(STATE)) > 3  # both faults, and at least as many answers as the clip has steps
    assert not any(seen.method == "DELETE" for seen in provider.seen)


def state(**body: object) -> Behaviour:
    return sends(json.dumps({"id": "video_0", **body}).encode())


def test_a_clip_that_the_provider_could_not_make_is_reported(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    provider.always(STATE, state(status="failed", error={"code": "x", "message": "The lamp was too bright."}))
    with pytest.raises(AgentError, match="could not make this clip: The lamp was too bright") as caught:
        clip(tmp_path, reports)
    assert not caught.value.retryable


def test_a_failure_without_a_message_is_reported(provider: Provider, reports: Reports, tmp_path: Path) -> None:
    provider.always(STATE, state(status="failed"))
    with pytest.raises(AgentError, match="it did not say why"):
        clip(tmp_path, reports)


def test_a_clip_that_is_never_done_is_given_up_and_called_off(
    provider: Provider, reports: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "LONGEST_WAIT_SECONDS", 0.2)
    provider.steps_to_clip = 100_000
    with pytest.raises(AgentError, match="far too long") as caught:
        clip(tmp_path, reports)
    assert caught.value.retryable
    assert called_off(provider)


@pytest.mark.parametrize(
    ("path", "behaviour", "complaint"),
    [
        (ORDER, sends(b"<html></html>", "text/html"), "not an account of a clip"),
        (ORDER, sends(b'{"id": "../secrets", "status": "queued"}'), "not an account of a clip"),
        (STATE, state(status="dreaming"), "not an account of a clip"),
        (CONTENT, sends(b"", "video/mp4"), "its clip is empty"),
        (CONTENT, sends(b"<html>Gone</html>", "text/html"), "damaged|could not"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_a_clear_error(
    provider: Provider, reports: Reports, tmp_path: Path, path: str, behaviour: Behaviour, complaint: str
) -> None:
    provider.always(path, behaviour)
    with pytest.raises(AgentError, match=re.compile(complaint)):
        clip(tmp_path, reports)
    assert {file.name for file in tmp_path.iterdir()} == {"first.png"}


def test_a_clip_without_end_is_not_kept(
    provider: Provider, reports: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bounds.MOST_BYTES_OF, "/content", 100)
    with pytest.raises(AgentError, match="more than 100 bytes"):
        clip(tmp_path, reports)


@pytest.mark.parametrize("behaviour", [status(401), status(500), breaks_off])
def test_a_fault_of_the_provider_is_an_error_of_the_agent(
    provider: Provider, reports: Reports, tmp_path: Path, behaviour: Behaviour
) -> None:
    provider.always(ORDER, behaviour)
    with pytest.raises(AgentError):
        clip(tmp_path, reports)


@pytest.mark.parametrize(
    ("header", "seconds"), [("100", 0.1), ("999999", 20.0), ("-4", 0.0), ("soon", 0.02), ("", 0.02)]
)
def test_the_provider_decides_when_to_retry_within_limits(
    provider: Provider, reports: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: str, seconds: float
) -> None:
    rests: list[float] = []
    monkeypatch.setattr(video, "_rest", lambda pause, waiting: rests.append(pause))

    def working(handler: Handler, seen: Seen) -> None:
        handler.answer({"id": "video_0", "status": "in_progress"}, headers={"openai-poll-after-ms": header})

    provider.next(STATE, working)
    clip(tmp_path, reports)
    assert rests[1] == seconds


def test_what_is_missing_is_named(settings: Settings) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_VIDEO_MODEL = "", "model"
    assert OpenAIVideo().missing() == "OPENAI_API_KEY is not set."


def test_a_damaged_frame_is_reported_before_anything_is_ordered(
    provider: Provider, reports: Reports, tmp_path: Path
) -> None:
    first = tmp_path / "first.png"
    first.write_bytes(drawing("1280x720")[:500])
    with pytest.raises(AgentError, match="cannot be used: it is no PNG, JPEG or WebP, or it is damaged"):
        OpenAIVideo().clip(SHOT, first=first, last=None, style="", to=tmp_path / "c.mp4", report=reports)
    assert provider.seen == []
