"""flite and Piper: what is said is heard, in voices that can be told apart; a program that fails is no film lost.

Piper is not among our requirements, and no voice of it is free to be kept here: its test runs the program `piper` where it is
installed, with a model that hums, and else a program that speaks its command line.
"""

import sys
import textwrap
from pathlib import Path

import pytest
from pytest_django import Settings

from agents.animatic.sound.voices import NARRATION, Voice
from agents.contract import AgentError, JobStopped
from agents.studio.contract import SpeechStudio, ToSay
from agents.studio.offline import flite, piper, speech_program
from agents.studio.providers import speech_studio
from project import env
from tests.agents.audio_assertions import heard, pitch, strength

HUM = Path(__file__).parents[1] / "fixtures" / "piper"
MARA = Voice("MARA", "female", "adult", pitch=200.0, pace=1.0)
ADA = Voice("ADA", "female", "adult", pitch=170.0, pace=1.0, variant=1)
TOM = Voice("TOM", "male", "adult", pitch=100.0, pace=1.0)
HELLO = "Good evening, said the keeper, and who are you?"


def unheard(_share: float, _words: str) -> None:
    """A report that nobody reads."""


def studio(settings: Settings, name: str) -> SpeechStudio:
    settings.STUDIO_SPEECH = name
    made = speech_studio()
    assert made
    return made


needs_flite = pytest.mark.skipif(speech_program.program("flite") is None, reason="flite is not installed")


@needs_flite
def test_flite_speaks_at_the_pitch_and_the_pace_of_each_voice(settings: Settings, tmp_path: Path) -> None:
    lines = [
        *(ToSay(HELLO, voice, "en") for voice in (MARA, ADA, TOM, NARRATION)),
        ToSay(HELLO, MARA, "en", pace=1.25),
        ToSay("…", MARA, "en"),
        ToSay("Guten Abend, wer sind Sie?", MARA, "de"),  # eSpeak NG speaks what flite does not
    ]
    made = studio(settings, "flite").speak(lines, folder=tmp_path, report=unheard)
    mara, ada, tom, narrator, hurried, nothing, german = made
    assert [round(pitch(take.path), -1) for take in (mara, ada, tom)] == pytest.approx([190, 160, 100], abs=15)
    assert pitch(narrator.path) < 150
    assert hurried.seconds < 0.9 * mara.seconds
    assert nothing.seconds == 0
    for take in (mara, german):
        samples, rate = heard(take.path)
        assert rate == 24_000
        assert take.seconds > 1
        assert strength(samples) > 0.03
    (tmp_path / "again").mkdir()
    (again,) = studio(settings, "flite").speak(lines[:1], folder=tmp_path / "again", report=unheard)
    assert again.path.read_bytes() == mara.path.read_bytes()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that are found before all others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setattr(
        speech_program, "which", lambda name, path="": str(folder / name) if (folder / name).exists() else None
    )
    return folder


def write_program(folder: Path, name: str, code: str) -> None:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{textwrap.dedent(code)}")
    path.chmod(0o755)


HUMS = """
    import argparse, math, struct, wave
    parser = argparse.ArgumentParser()
    for name in ("-m", "-s", "-i", "-f", "--length-scale", "--noise-scale", "--noise-w-scale"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    said = open(given.i, encoding="utf-8").read().strip()
    assert given.noise_scale == given.noise_w_scale == "0"
    with wave.open(given.f, "wb") as file:
        file.setnchannels(1); file.setsampwidth(2); file.setframerate(22_050)
        for number in range(int(1_100 * len(said) * float(given.length_scale))):
            file.writeframesraw(struct.pack("<h", int(16_000 * math.sin(number * 2 * math.pi * 220 / 22_050))))
"""


def assert_hums(settings: Settings, folder: Path) -> None:
    settings.PIPER_VOICES = HUM
    folder.mkdir()
    made = studio(settings, "piper")
    assert made.missing() == ""
    takes = made.speak([ToSay(HELLO, MARA, "en"), ToSay("No.", TOM, "en")], folder=folder, report=unheard)
    assert pitch(takes[0].path) == pytest.approx(220, abs=5)
    assert takes[0].seconds > 2 * takes[1].seconds > 0.2
    assert strength(heard(takes[0].path)[0]) > 0.1


def test_piper_is_asked_as_its_command_line_wants_it(programs: Path, settings: Settings, tmp_path: Path) -> None:
    write_program(programs, "piper", HUMS)
    assert_hums(settings, tmp_path / "takes")


@pytest.mark.skipif(speech_program.program("piper") is None, reason="piper-tts is not installed")
def test_piper_itself_speaks_with_a_voice_from_the_folder(settings: Settings, tmp_path: Path) -> None:
    assert_hums(settings, tmp_path / "takes")


def test_everybody_gets_a_voice_of_their_language_and_kind(tmp_path: Path) -> None:
    for name, speakers in (("female/en_US-a", 2), ("male/en_US-b", 1), ("narrator/en_GB-c", 1), ("de_DE-d", 1)):
        model = tmp_path / f"{name}.onnx"
        model.parent.mkdir(exist_ok=True)
        model.touch()
        language = model.name[:2]
        config = f'{{"num_speakers": {speakers}, "language": {{"family": "{language}"}}}}'
        model.with_name(f"{model.name}.json").write_text(config)
    (tmp_path / "broken.onnx").touch()
    (tmp_path / "broken.onnx.json").write_text("no JSON")
    voices = piper.voices_in(tmp_path)

    def chosen(voice: Voice, language: str = "en") -> tuple[str, int]:
        found = piper.chosen(ToSay("", voice, language), voices)
        return found.model.stem, found.speaker

    assert chosen(MARA) == ("en_US-a", 0)
    assert chosen(ADA) == ("en_US-a", 1)
    assert chosen(TOM) == ("en_US-b", 0)
    assert chosen(NARRATION) == ("en_GB-c", 0)
    assert chosen(TOM, "de") == ("de_DE-d", 0)


def test_what_is_missing_is_said_before_the_film_begins(programs: Path, settings: Settings, tmp_path: Path) -> None:
    assert studio(settings, "flite").missing() == flite.MISSING
    assert studio(settings, "piper").missing() == piper.MISSING
    write_program(programs, "piper", "")
    settings.PIPER_VOICES = tmp_path / "nowhere"
    assert studio(settings, "piper").missing() == piper.NO_VOICES


def test_a_program_that_fails_or_hangs_ends_with_a_sentence(
    programs: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PIPER_VOICES = HUM
    line = [ToSay(HELLO, MARA, "en")]
    for number, (code, words) in enumerate(
        {"raise SystemExit(3)": "could not speak a line .exit status 3", "": "could not speak a line"}.items()
    ):
        write_program(programs, "piper", code)
        folder = tmp_path / f"takes-{number}"
        folder.mkdir()
        with pytest.raises(AgentError, match=f"Piper {words}"):
            studio(settings, "piper").speak(line, folder=folder, report=unheard)
    write_program(programs, "piper", "import time\ntime.sleep(600)")

    def stops(_share: float, _words: str) -> None:
        raise JobStopped

    with pytest.raises(JobStopped):
        studio(settings, "piper").speak(line, folder=tmp_path, report=stops)
    monkeypatch.setattr(speech_program, "SECONDS_PER_LINE", 0.0)
    with pytest.raises(AgentError, match="took far too long"):
        studio(settings, "piper").speak(line, folder=tmp_path, report=unheard)


def test_an_engine_that_is_none_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_SPEECH", "festival")
    with pytest.raises(Exception, match="STUDIO_SPEECH is 'festival'; expected one of offline, flite, piper"):
        env.choice("STUDIO_SPEECH", "offline", ("offline", "flite", "piper", "openai", "off"))
