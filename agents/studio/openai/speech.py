"""The speech studio on a speech model: one request for each line, brought to our shape."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from django.conf import settings
from openai import AsyncOpenAI

from agents import usage
from agents.animatic.progress import Report
from agents.animatic.sound.spoken_words import speakable
from agents.animatic.sound.voices import Voice
from agents.animatic.sound.waves import seconds_of, write_silence
from agents.contract import AgentError
from agents.studio import ffmpeg
from agents.studio.contract import Recording, ToSay
from agents.studio.openai import client
from agents.studio.recordings import conform
from agents.usage import Usage


class OpenAISpeech:
    """Speaks with OPENAI_SPEECH_MODEL and OPENAI_SPEECH_VOICES."""

    def missing(self) -> str:
        """The variables that are not set, or ffmpeg."""
        return client.missing("OPENAI_SPEECH_MODEL") or ffmpeg.missing()

    def speak(self, lines: Sequence[ToSay], *, folder: Path, report: Report) -> list[Recording]:
        """A recording of each line. The API does not say when which word is heard.

        Raises: AgentError; whatever `report` raises.
        """
        return [self._spoken(line, number, len(lines), folder, report) for number, line in enumerate(lines)]

    def _spoken(self, line: ToSay, number: int, count: int, folder: Path, report: Report) -> Recording:
        to = folder / f"{number}.wav"
        words = f"Speaking line {number + 1} of {count}"
        text = speakable(line.text).strip()
        if not text:
            write_silence(to)
            return Recording(to, 0.0)
        call = partial(_speech, text=text, voice=voice_name(line.voice), speed=line.voice.pace * line.pace)
        usage.check_budget()
        answer = client.endpoint().ask(call, waiting=lambda: report(number / count, words))
        usage.report(Usage(model=settings.OPENAI_SPEECH_MODEL, speech_characters=len(text)))
        raw = folder / f"{number}.raw"
        raw.write_bytes(answer.content)
        try:
            _conform(raw, to, lambda share, _: report((number + share) / count, words))
        finally:
            raw.unlink(missing_ok=True)
        return Recording(to, seconds_of(to))


async def _speech(ai: AsyncOpenAI, *, text: str, voice: str, speed: float) -> httpx2.Response:
    body: dict[str, Any] = {
        "model": settings.OPENAI_SPEECH_MODEL,
        "input": text,
        "voice": voice,
        "speed": round(speed, 2),
        "response_format": "wav",
    }
    return await ai.post("/audio/speech", cast_to=httpx2.Response, body=body)


def voice_name(voice: Voice) -> str:
    """The voice of OPENAI_SPEECH_VOICES: the first for the narrator, and one of theirs for women, men and children."""
    names = settings.OPENAI_SPEECH_VOICES or ["alloy"]
    kind = "c:" if voice.is_child else voice.gender[0] + ":"
    fitting = [name[2:] for name in names if name.startswith(kind)] if not voice.is_narrator else []
    chosen: str = fitting[voice.variant % len(fitting)] if fitting else names[0].split(":")[-1]
    return chosen


def _conform(raw: Path, to: Path, report: Report) -> None:
    """Our shape, whatever format the provider chose.

    Raises: AgentError.
    """
    try:
        conform(raw, to, report)
    except AgentError as error:
        raise AgentError(
            f"The speech model {settings.OPENAI_SPEECH_MODEL} gave no usable recording. "
            "Try again, or name another OPENAI_SPEECH_MODEL.",
            retryable=True,
        ) from error
