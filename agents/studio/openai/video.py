"""The video studio on a video model: order a clip, watch it being made, fetch it, bring it to our shape.

The official client still speaks this API but marks its methods as deprecated (OpenAI itself switched its own models
off; compatible providers go on). So the same requests go through the client's documented door for any address.
"""

import io
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Literal
from uuid import uuid4

import httpx2
import msgspec
from django.conf import settings
from openai import AsyncOpenAI
from PIL import ImageOps

from agents import usage
from agents.animatic import pictures
from agents.animatic.film import Shot, Size, size_of
from agents.animatic.progress import Report
from agents.contract import AgentError
from agents.pictures import UnusablePicture, opened_picture
from agents.studio import ffmpeg
from agents.studio.openai import client, prompts
from agents.studio.openai.errors import quoted
from agents.usage import Usage

LENGTHS = (4, 8, 12)  # seconds that can be ordered
POLL_SECONDS = 2.0  # where the provider does not say when to ask again
LONGEST_POLL_SECONDS = 20.0
LONGEST_WAIT_SECONDS = 1_800.0
DONE_BY_PROVIDER = 0.85  # share of the work; the rest is fetching and conforming


class _Failure(msgspec.Struct):
    message: str = "it did not say why."


class _Order(msgspec.Struct):
    """What we rely on in the provider's account of a clip."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[\w.-]+$")]  # it becomes part of addresses
    status: Literal["queued", "in_progress", "completed", "failed"]
    progress: float = 0.0  # per cent
    error: _Failure | None = None


class OpenAIVideo:
    """Makes pictures move with OPENAI_VIDEO_MODEL."""

    def missing(self) -> str:
        """The variables that are not set, or ffmpeg."""
        return client.missing("OPENAI_VIDEO_MODEL") or ffmpeg.missing()

    def clip(self, shot: Shot, *, first: Path, last: Path | None, style: str, to: Path, report: Report) -> float:  # noqa: ARG002
        """The shot as an MP4 of exactly its length at `to`. `last` is only described: the API takes one picture.

        Raises: AgentError.
        """
        words = f"Filming shot {shot.id}"
        create = partial(
            _create, shot=shot, picture=_exactly_sized(first, _offered(shot)), style=style, key=str(uuid4())
        )
        usage.check_budget()
        order = _order(create, partial(report, 0.0, words))
        # Ordered is counted: a clip that is called off may be charged all the same.
        usage.report(Usage(model=settings.OPENAI_VIDEO_MODEL, video_seconds=_length(shot.seconds)))
        try:
            _await(order, report, words)
            raw = to.with_name(f"{to.stem}.raw.mp4")
            raw.write_bytes(_download(order, partial(report, DONE_BY_PROVIDER, f"Fetching shot {shot.id}")))
        except BaseException:
            _call_off(order)
            raise
        try:
            _conform(raw, shot, to, report, words)
        finally:
            raw.unlink(missing_ok=True)
        return shot.seconds


def _order(call: client.Call[httpx2.Response], waiting: Callable[[], None]) -> _Order:
    """Places the order. When the job is stopped meanwhile, it is called off as soon as its id is known."""
    return _read(client.endpoint().ask(call, waiting=waiting, unwanted=lambda answer: _call_off(_read(answer))))


def _read(answer: httpx2.Response) -> _Order:
    try:
        return msgspec.json.decode(answer.content, type=_Order)
    except (msgspec.DecodeError, UnicodeError):
        raise _no_clip("its answer is not an account of a clip") from None


async def _create(ai: AsyncOpenAI, *, shot: Shot, picture: bytes, style: str, key: str) -> httpx2.Response:
    """Orders the clip. The same `key` again is the same order: a lost answer must not cost a second clip."""
    return await ai.post(
        "/videos",
        cast_to=httpx2.Response,
        body={
            "model": settings.OPENAI_VIDEO_MODEL,
            "prompt": prompts.clip(shot, style),
            "seconds": str(_length(shot.seconds)),
            "size": str(_offered(shot)),
        },
        files=[("input_reference", ("first.jpg", picture, pictures.MEDIA_TYPE))],
        options={"headers": {"Content-Type": "multipart/form-data", "Idempotency-Key": key}},
    )


def _offered(shot: Shot) -> Size:
    """What video models make: wide or tall clips. The edit brings them to the film's own size."""
    return size_of("9:16" if shot.format == "9:16" else "16:9")


def _length(seconds: float) -> int:
    return next((length for length in LENGTHS if length >= seconds), LENGTHS[-1])


def _exactly_sized(picture: Path, size: Size) -> bytes:
    """The picture in the size of the clip, which the API demands.

    Raises: AgentError when it is missing or damaged.
    """
    try:
        with opened_picture(picture) as opened, io.BytesIO() as file:
            pictures.write(ImageOps.pad(opened.convert("RGB"), size), file)  # what is added, `_conform` takes off
            return file.getvalue()
    except UnusablePicture as error:
        raise AgentError(f"The frame that the clip begins with cannot be used: {error}.") from None


def _await(order: _Order, report: Report, words: str) -> None:
    """Waits until the clip is made.

    Raises: AgentError when it fails or takes too long; whatever `report` raises.
    """
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    pause = POLL_SECONDS
    while order.status not in {"completed", "failed"}:
        if time.monotonic() > deadline:
            raise AgentError("The AI provider took far too long to make this clip. Try again later.", retryable=True)
        waiting = partial(report, DONE_BY_PROVIDER * min(max(order.progress, 0.0), 100.0) / 100, words)
        _rest(pause, waiting)
        answer = client.endpoint().ask(partial(_get, path=f"/videos/{order.id}"), waiting=waiting)
        order, pause = _read(answer), _pause(answer)
    if order.status == "failed":
        raise AgentError(f"The AI provider could not make this clip: {quoted((order.error or _Failure()).message)}")


def _rest(seconds: float, waiting: Callable[[], None]) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        waiting()
        time.sleep(min(client.TICK_SECONDS, left))


def _pause(answer: httpx2.Response) -> float:
    try:
        seconds = float(answer.headers.get("openai-poll-after-ms", "")) / 1000
    except ValueError:
        return POLL_SECONDS
    return min(max(seconds, 0.0), LONGEST_POLL_SECONDS)


async def _get(ai: AsyncOpenAI, *, path: str) -> httpx2.Response:
    return await ai.get(path, cast_to=httpx2.Response)


async def _delete(ai: AsyncOpenAI, *, path: str) -> httpx2.Response:
    return await ai.delete(path, cast_to=httpx2.Response)


def _download(order: _Order, waiting: Callable[[], None]) -> bytes:
    answer = client.endpoint().ask(partial(_get, path=f"/videos/{order.id}/content"), waiting=waiting)
    content = answer.content
    if not content:
        raise _no_clip("its clip is empty")
    return content


def _call_off(order: _Order) -> None:
    """Cancels the order at the provider, because it costs money. Does not wait for the answer."""
    client.endpoint().begin(partial(_delete, path=f"/videos/{order.id}"))


def _conform(raw: Path, shot: Shot, to: Path, report: Report, words: str) -> None:
    """The film's shape and size, our rate and length: what is too long is cut, what is too short holds its last picture."""
    seconds, size = shot.seconds, shot.picture_size

    def done(share: float, _words: str) -> None:
        report(DONE_BY_PROVIDER + (1 - DONE_BY_PROVIDER) * share, words)

    shape = f"crop=min(iw\\,ih*{size.width}/{size.height}):min(ih\\,iw*{size.height}/{size.width})"
    longer = f"{shape},{ffmpeg.conform(size)},tpad=stop_mode=clone:stop_duration={seconds:.3f},{ffmpeg.COLOURS}"
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-threads", "1", "-movflags", "+faststart"]
    arguments = [*ffmpeg.source(raw), "-map", "0:v:0", "-vf", longer, "-an", "-t", f"{seconds:.3f}", *codec]
    ffmpeg.run(arguments, to=to, seconds=seconds, report=done, words=words)


def _no_clip(why: str) -> AgentError:
    return AgentError(
        f"The video model {settings.OPENAI_VIDEO_MODEL} gave no usable clip: {why}. "
        "Try again, or name another OPENAI_VIDEO_MODEL.",
        retryable=True,
    )
