"""The speech studio on a speech model: over real HTTP, with a provider that can misbehave."""

from pathlib import Path

import pytest
from pytest_django import Settings

from agents.animatic.sound.voices import NARRATION, Voice
from agents.contract import AgentError
from agents.studio.contract import ToSay
from agents.studio.openai.speech import OpenAISpeech, voice_name
from tests.agents.audio_assertions import heard, strength
from tests.agents.openai_server import KEY, Provider, hangs, sends, status
from tests.fixtures.openai_provider import Reports, Stopped

MARA = Voice("MARA", "female", "adult", pitch=190.0, pace=1.0)
PIP = Voice("PIP", "male", "child", pitch=260.0, pace=1.1, variant=3)


def say(folder: Path, *lines: ToSay, reports: Reports | None = None) -> list[Path]:
    return [take.path for take in OpenAISpeech().speak(lines, folder=folder, report=reports or Reports())]


def test_each_line_is_a_request_with_a_voice_of_its_own(provider: Provider, tmp_path: Path) -> None:
    lines = (ToSay("Who is <there>?", MARA, "en"), ToSay("Only me!", PIP, "en", pace=1.2), ToSay("…", MARA, "en"))
    takes = OpenAISpeech().speak(lines, folder=tmp_path, report=Reports())
    asked = [seen.body for seen in provider.requests("/audio/speech")]
    assert [(body["input"], body["voice"], body["speed"]) for body in asked] == [
        ("Who is  there ?", "nova", 1.0),
        ("Only me!", "fable", 1.32),
    ]
    assert all((body["model"], body["response_format"]) == ("speech-model", "wav") for body in asked)
    samples, rate = heard(takes[0].path)
    assert takes[0].seconds == pytest.approx(1.0, abs=0.1)  # without the silence around it
    assert len(samples) / rate == pytest.approx(takes[0].seconds, abs=0.001)
    assert strength(samples) > 0.05
    assert takes[2].seconds == 0


def test_the_voices_are_those_of_the_setting(settings: Settings) -> None:
    assert voice_name(NARRATION) == "alloy"
    settings.OPENAI_SPEECH_VOICES = ["bella", "m:adam", "m:eric"]
    man = Voice("TOM", "male", "adult", pitch=110.0, pace=1.0, variant=1)
    assert [voice_name(voice) for voice in (NARRATION, man, MARA)] == ["bella", "eric", "bella"]


def test_a_recording_that_is_none_is_said_in_words(provider: Provider, tmp_path: Path) -> None:
    provider.next("/audio/speech", sends(b"no sound at all", "audio/wav"))
    with pytest.raises(AgentError, match="speech model speech-model gave no usable recording") as caught:
        say(tmp_path, ToSay("Hello.", MARA, "en"))
    assert caught.value.retryable


def test_too_many_bytes_are_not_read(provider: Provider, tmp_path: Path) -> None:
    provider.next("/audio/speech", sends(bytes(33 * 1024 * 1024), "audio/wav"))
    with pytest.raises(AgentError, match="more than 33,554,432 bytes"):
        say(tmp_path, ToSay("Hello.", MARA, "en"))


def test_a_refused_key_is_said_without_the_key(provider: Provider, tmp_path: Path) -> None:
    provider.always("/audio/speech", status(401, f"Incorrect API key provided: {KEY}"))
    with pytest.raises(AgentError, match="refused the key") as caught:
        say(tmp_path, ToSay("Hello.", MARA, "en"))
    assert KEY not in str(caught.value)


def test_a_stop_closes_the_connection(provider: Provider, tmp_path: Path, reports: Reports) -> None:
    provider.next("/audio/speech", hangs)
    reports.stop_when = lambda: provider.requests("/audio/speech")
    with pytest.raises(Stopped):
        say(tmp_path, ToSay("Hello.", MARA, "en"), reports=reports)
    assert provider.dropped.wait(30)


def test_what_is_not_set_is_named(settings: Settings) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_SPEECH_MODEL = "", ""
    assert OpenAISpeech().missing() == "OPENAI_API_KEY is not set. OPENAI_SPEECH_MODEL is not set."
