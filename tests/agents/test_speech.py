"""The voice actor with eSpeak NG: everybody has a voice of their own, and what is said takes as long as it is said to."""

import subprocess
import sys
from itertools import count, pairwise
from pathlib import Path

import msgspec
import pytest
from pytest_django import Settings

from agents import registry
from agents.animatic.film import Cast, Character, Gender, Line, Plan, Shot, Speech
from agents.animatic.sound.languages import language_of
from agents.animatic.sound.voices import voice_for, voices_of
from agents.contract import AgentError, FolderJob, JobStopped
from agents.crew.clip_maker import ClipMaker
from agents.crew.voice_actor import VoiceActor
from agents.studio.captions import pages, seconds_to_read, spoken_cues
from agents.studio.offline import speech as offline_speech
from agents.studio.spoken import LEADS_SECONDS
from tests.agents.audio_assertions import heard, pitch, strength
from tests.agents.video_assertions import LOOK, PLAN, shot, still
from tests.animatic import hostile

LONG = "You said you would never come back to this house, not in ten winters, and here you are, at my door, again."


def character(name: str, gender: Gender, age: str = "adult") -> Character:
    look = msgspec.structs.replace(LOOK, age=age)
    return Character(name=name, description="", look=look, gender=gender)


CAST = Cast(
    characters=[
        character("MARA", "female"),
        character("TOM", "male"),
        character("PIP", "male", "child"),
        character("ADA", "female"),
        character("JOE", "male"),
    ]
)


class Stage:
    """Lets the voice actor speak; the recordings lie in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def job(self, made: Shot, plan: Plan = PLAN, *, sound: bool = True) -> FolderJob:
        """The voice actor's job, in a folder of its own."""
        workdir, kept = self.folder / f"work-{next(self._numbers)}", self.folder / f"kept-{next(self._numbers)}"
        workdir.mkdir()
        kept.mkdir()
        wish = {"shot": made, "cast": CAST, "plan": plan, "sound": sound}
        return FolderJob(skill="speak", input=msgspec.to_builtins(wish), workdir=workdir, folder=kept)

    def speak(self, made: Shot, plan: Plan = PLAN, *, sound: bool = True) -> tuple[Speech, Path]:
        """What is said in a shot, and the recording."""
        job = self.job(made, plan, sound=sound)
        speech = VoiceActor().perform(job).output
        assert isinstance(speech, Speech)
        return speech, job.folder / (speech.artifact or "nothing")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A stage with an offline studio."""
    return Stage(tmp_path)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program in the place of the one that speaks; to be written by the test."""
    path = tmp_path / "program.py"
    monkeypatch.setattr(offline_speech, "PROGRAM", path)
    return path


def test_a_line_is_as_long_as_it_is_said_to_be_and_can_be_heard(stage: Stage) -> None:
    speech, recording = stage.speak(shot(lines=(("MARA", LONG),)))
    samples, rate = heard(recording)
    assert len(samples) / rate == pytest.approx(speech.seconds, abs=0.001)
    assert speech.lines[0].end == pytest.approx(speech.seconds, abs=0.05)
    assert 4 < speech.seconds < 10
    assert strength(samples) > 0.05
    assert strength(samples[: rate // 5]) > 0.01  # no silence before it, nor after
    assert strength(samples[-rate // 5 :]) > 0.01


def test_the_same_words_give_the_same_bytes(stage: Stage) -> None:
    made = shot(lines=(("MARA", LONG), ("TOM", "I lied."), ("PIP", "You did?")))
    (one, first), (other, second) = stage.speak(made), stage.speak(made)
    assert one == other
    assert first.read_bytes() == second.read_bytes()


def test_everybody_has_a_pitch_of_their_own_and_a_child_speaks_higher(stage: Stage) -> None:
    pitches = {who: pitch(stage.speak(shot(lines=((who, LONG),)))[1]) for who in ("MARA", "ADA", "TOM", "JOE", "PIP")}
    assert pitches["TOM"] < 150 < pitches["MARA"] < 240 < pitches["PIP"]
    assert abs(pitches["TOM"] - pitches["JOE"]) > 8
    assert abs(pitches["MARA"] - pitches["ADA"]) > 8


def test_who_speaks_together_or_is_in_no_cast_has_a_voice_too() -> None:
    voices = voices_of(CAST.characters)
    assert voice_for("TOM & MARA", voices) == voices["TOM"]
    stranger = voice_for("A STRANGER", voices)
    assert stranger == voice_for("A STRANGER", voices)
    assert stranger not in voices.values()


def test_a_narrator_reads_the_caption_of_a_silent_shot(stage: Stage) -> None:
    speech, recording = stage.speak(shot(caption="The lamp goes out over the sea."))
    assert [(line.character, line.text) for line in speech.lines] == [("", "The lamp goes out over the sea.")]
    assert pitch(recording) < 150


def test_a_caption_stands_while_its_words_are_heard_and_as_long_as_it_takes_to_read(stage: Stage) -> None:
    made = shot(lines=(("MARA", LONG + " Why is that?"), ("TOM", "No."), ("MARA", "Leave.")))
    speech, _ = stage.speak(made)
    cues = spoken_cues(speech, start=10.0, end=10.0 + LEADS_SECONDS + speech.seconds)
    assert [line for cue in cues for line in cue.lines] == [
        line for text in (LONG + " Why is that?", "No.", "Leave.") for page in pages(text) for line in page
    ]
    spans = [(cue.start, cue.end) for cue in cues]
    assert all(end <= start + 0.001 for (_, end), (start, _) in pairwise(spans))
    for line in speech.lines:
        of_line = [cue for cue in cues if 10.35 + line.start - 0.001 <= cue.start <= 10.35 + line.end]
        assert len(of_line) == len(pages(line.text))
        assert of_line[0].start == pytest.approx(10.35 + line.start)
        assert of_line[-1].end >= 10.35 + line.end - 0.001
    for line, following in pairwise(speech.lines):
        assert following.start - line.start >= seconds_to_read(line.text, is_dialogue=True) - 0.01
        assert following.start >= line.end


def test_a_film_of_a_wished_length_is_spoken_quicker_but_never_hurried(stage: Stage) -> None:
    made = shot(lines=(("MARA", LONG),), seconds=2.0)
    (usual, _), (quick, _) = stage.speak(made), stage.speak(made, msgspec.structs.replace(PLAN, seconds=30.0))
    assert 1.1 < usual.seconds / quick.seconds < 1.35
    roomy = msgspec.structs.replace(made, seconds=20.0)
    assert stage.speak(roomy, msgspec.structs.replace(PLAN, seconds=30.0))[0].seconds == usual.seconds


def test_the_clip_takes_as_long_as_what_is_said_in_it(stage: Stage, tmp_path: Path) -> None:
    made = shot(lines=(("TOM", "I lied, and you knew it."),), seconds=0.5)
    speech, _ = stage.speak(made)
    picture = still(tmp_path / "frame.png")
    frames = {"shot": made.id, "first_artifact": picture.name}
    work = tmp_path / "clip"
    work.mkdir()
    wish = msgspec.to_builtins({"shot": made, "frames": frames, "speech": speech})
    clip = ClipMaker().perform(FolderJob(skill="make_clip", input=wish, workdir=work, folder=tmp_path)).output
    assert clip.seconds == pytest.approx(LEADS_SECONDS + speech.seconds, abs=0.03)  # type: ignore[union-attr]
    assert clip.shot == made  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Привет, как дела?", "ru"),
        ("Γειά σου, Κόσμε", "el"),  # noqa: RUF001
        ("今天天气很好", "zh"),
        ("きょうは、いい天気です", "ja"),
        ("안녕하세요", "ko"),
        ("مرحبا بالعالم", "ar"),
        ("שלום עולם", "he"),
        ("नमस्ते दुनिया", "hi"),
        ("Good evening", "en"),
    ],
)
def test_every_script_is_spoken_in_a_language_that_has_it(stage: Stage, text: str, language: str) -> None:
    assert language_of(text, "") == language
    speech, recording = stage.speak(shot(lines=(("MARA", text),)))
    assert strength(heard(recording)[0]) > 0.02
    assert 0.3 < speech.seconds < 12


def test_the_language_of_the_film_is_spoken(stage: Stage) -> None:
    assert language_of("Guten Abend", "de") == "de"
    assert language_of("Добрий день", "uk") == "uk"
    assert language_of("Guten Abend", "uk") == "en"
    german = msgspec.structs.replace(PLAN, language="de")
    line = shot(lines=(("MARA", "Ich weiß nicht, was soll es bedeuten."),))
    assert stage.speak(line, german)[1].read_bytes() != stage.speak(line)[1].read_bytes()


def test_markup_is_no_markup(stage: Stage) -> None:
    plain, _ = stage.speak(shot(lines=(("MARA", "Wait a moment, break time, please"),)))
    for marked in (
        'Wait a moment, <break time="60s"/> please',
        "Wait a moment, [[break]] time, please",
        "Wait a moment, \x01break\x02 time, please",
    ):
        speech, _ = stage.speak(shot(lines=(("MARA", marked),)))
        assert 0.5 * plain.seconds < speech.seconds < 3 * plain.seconds


@pytest.mark.parametrize(
    "text",
    ["a" * 4_000, "1" * 4_000, "\0" * 50, "<" * 2_000, "🎈" * 500, "\ud800 lone", "- - -", "x \0 y", "\u0627" * 3_000],
    ids=lambda text: ascii(text[:6]),
)
def test_hostile_text_ends_in_time(stage: Stage, text: str) -> None:
    line = Line(character="MARA", text=text)
    made = msgspec.structs.replace(shot(), dialogue=[line])
    job = stage.job(msgspec.structs.replace(made, dialogue=[]))
    job.input["shot"]["dialogue"] = [{"character": "MARA", "text": text, "parenthetical": ""}]
    speech = VoiceActor().perform(job).output
    assert isinstance(speech, Speech)
    assert speech.seconds < 100


@pytest.mark.parametrize("unit", hostile.UNITS.values(), ids=hostile.UNITS.keys())
def test_a_long_caption_of_anything_is_read_in_time(stage: Stage, unit: str) -> None:
    made = shot(caption=(unit * 1_000)[:1_000])
    assert stage.speak(made)[0].seconds < 100


@pytest.mark.parametrize("way", ["per film", "by the setting", "nothing to say"])
def test_a_silent_shot_gives_no_recording(stage: Stage, settings: Settings, way: str) -> None:
    settings.STUDIO_SPEECH = "off" if way == "by the setting" else "offline"
    made = shot(caption=" … " if way == "nothing to say" else "The lamp goes out.")
    speech, _ = stage.speak(made, sound=way != "per film")
    assert speech == Speech(shot="1.1")


def test_without_espeak_it_is_said_what_is_missing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    assert VoiceActor().missing() == ""
    monkeypatch.setattr(offline_speech, "find_spec", lambda _: None)
    assert VoiceActor().missing() == (
        "eSpeak NG is missing: install the Python package espeakng-loader, or set STUDIO_SPEECH=off."
    )
    settings.STUDIO_SPEECH = "off"
    assert VoiceActor().missing() == ""


def test_what_the_library_lacks_is_said_by_the_task_too(stage: Stage, program: Path) -> None:
    program.write_text("import sys\nsys.exit(3)\n")
    with pytest.raises(AgentError, match="espeakng-loader") as caught:
        stage.speak(shot(caption="Hello."))
    assert not caught.value.retryable


def test_a_killed_process_is_worth_another_try(stage: Stage, program: Path) -> None:
    program.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    with pytest.raises(AgentError, match="process that speaks died") as caught:
        stage.speak(shot(caption="Hello."))
    assert caught.value.retryable


def test_a_text_on_which_the_engine_crashes_is_said_without_its_punctuation(
    stage: Stage, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path(offline_speech.__file__).with_name("espeak.py")
    program.write_text(
        "import json, os, runpy, sys\n"
        "if '!' in json.load(open(sys.argv[1]))['lines'][0]['text']: os.abort()\n"
        f"runpy.run_path({str(real)!r}, run_name='__main__')\n"
    )
    assert stage.speak(shot(caption="Hello! You!"))[0].seconds > 0.5
    program.write_text("import os\nos.abort()\n")
    with pytest.raises(AgentError, match="crashed") as caught:
        stage.speak(shot(caption="Hello! You!"))
    assert caught.value.retryable


def test_a_stop_ends_a_process_that_hangs(stage: Stage, program: Path) -> None:
    program.write_text("while True: pass\n")
    job = stage.job(shot(caption="Hello."))
    reports = count()

    def stop_soon(fraction: float, message: str = "") -> None:
        if next(reports) > 2:
            raise JobStopped

    job.progress = stop_soon  # type: ignore[method-assign]
    with pytest.raises(JobStopped):
        VoiceActor().perform(job)


def test_the_library_is_loaded_by_no_process_of_the_server() -> None:
    """It stands under the GPL: nothing of Callboard may be linked with it."""
    look = "import sys; from agents.studio.offline import espeak as _; print('espeakng_loader' in sys.modules, 'ctypes' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.split()[0] == "False"
    assert "espeakng_loader" not in sys.modules
    importers = [
        path.name
        for path in Path(offline_speech.__file__).parents[3].glob("agents/**/*.py")
        if "import espeakng_loader" in path.read_text() or "import espeak\n" in path.read_text()
    ]
    assert importers == ["espeak.py"]


def test_the_crew_has_voices() -> None:
    names = [agent.name for agent in registry.registered()]
    assert {"voice_actor", "sound_designer", "film_composer"} <= set(names)
