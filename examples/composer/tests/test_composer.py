"""The composer alone: no server, no database."""

import io
import subprocess
import wave
from array import array
from itertools import count
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import msgspec
import pytest

from agents import registry
from agents.contract import FolderJob, JobStopped, Json, UnusableInput, perform_checked
from composer.agent import Composer
from workflows import pipelines

WISH: dict[str, Any] = {"title": "Low tide", "mood": "sad", "key": "D", "seconds": 8, "drums": True}
MOODS = ("calm", "happy", "sad", "tense")
RATE = 22_050


class Studio:
    """Where the composer works without Callboard: each job in an empty folder, all files in one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.kept, self.numbers = folder, folder / "kept", count()
        self.kept.mkdir(parents=True)

    def job(self, skill: str, given: Json) -> FolderJob:
        """A job that is yet to be done."""
        workdir = self.folder / str(next(self.numbers))
        workdir.mkdir()
        return FolderJob(skill=skill, input=given, workdir=workdir, folder=self.kept)

    def done(self, skill: str, given: Json) -> Json:
        """What the composer gives."""
        output: Json = msgspec.to_builtins(perform_checked(Composer(), self.job(skill, given)).output)
        return output

    def recorded(self, sketch: Json) -> list[Json]:
        """Every voice of the sketch."""
        speed = {name: sketch[name] for name in ("seconds", "seconds_per_beat")}
        return [self.done("play_voice", {"voice": voice, **speed}) for voice in sketch["voices"]]

    def tune(self, **wish: object) -> Path:
        """The mixed file."""
        sketch = self.done("write_sketch", {**WISH, **wish})
        given = {"title": sketch["title"], "recordings": self.recorded(sketch)}
        return self.kept / str(self.done("mix_tune", given)["artifact"])


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@pytest.fixture(scope="module")
def tune(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was wished for."""
    return Studio(tmp_path_factory.mktemp("studio")).tune()


def samples_of(path: Path) -> array:  # type: ignore[type-arg] # of int; Python 3.11 cannot say so
    """The left channel of any sound, as ffmpeg decodes it."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-i", str(path)]
    command += ["-ac", "1", "-ar", str(RATE), "-f", "wav", "-"]
    decoded = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    with wave.open(io.BytesIO(decoded)) as file:
        return array("h", file.readframes(10**9))


def test_a_tune_is_as_long_as_it_was_wished_for_and_is_heard_from_beginning_to_end(tune: Path) -> None:
    samples = samples_of(tune)
    assert len(samples) == pytest.approx(WISH["seconds"] * RATE, rel=0.02)
    loudest = [max(map(abs, samples[start : start + RATE])) for start in range(0, 7 * RATE, RATE)]
    assert min(loudest) > 1_000
    assert max(loudest) < 32_767


def test_the_same_wish_gives_the_same_tune(studio: Studio, tune: Path) -> None:
    assert studio.tune().read_bytes() == tune.read_bytes()


def test_every_mood_has_chords_of_its_own(studio: Studio) -> None:
    chords = [studio.done("write_sketch", {**WISH, "mood": mood, "seconds": 20})["chords"] for mood in MOODS]
    assert len({tuple(progression[:4]) for progression in chords}) == len(MOODS)


@pytest.mark.parametrize(("mood", "home"), [("calm", "G"), ("happy", "G"), ("sad", "Gm"), ("tense", "Gm")])
def test_a_piece_ends_at_home(studio: Studio, mood: str, home: str) -> None:
    assert studio.done("write_sketch", {**WISH, "mood": mood, "key": "G"})["chords"][-1] == home


def test_no_note_sounds_after_the_end(studio: Studio) -> None:
    for mood in MOODS:
        sketch = studio.done("write_sketch", {**WISH, "mood": mood})
        beats = sketch["seconds"] / sketch["seconds_per_beat"]
        notes = [note for voice in sketch["voices"] for note in voice["notes"]]
        assert max(note["at"] + note["beats"] for note in notes) <= beats + 1


def test_without_drums_there_are_none(studio: Studio) -> None:
    voices = studio.done("write_sketch", {**WISH, "drums": False})["voices"]
    assert [voice["name"] for voice in voices] == ["chords", "melody", "bass"]


@pytest.mark.parametrize("name", ["../../melody", "/tmp/melody", "", "M" * 200])
def test_a_voice_cannot_choose_where_its_file_lies(studio: Studio, name: str) -> None:
    voice = {"name": name, "instrument": "piano", "notes": []}
    with pytest.raises(UnusableInput):
        studio.done("play_voice", {"voice": voice, "seconds": 8, "seconds_per_beat": 1})


def test_it_stops_when_it_is_asked_to(studio: Studio) -> None:
    sketch = studio.done("write_sketch", WISH)
    speed = {name: sketch[name] for name in ("seconds", "seconds_per_beat")}
    job = studio.job("play_voice", {"voice": sketch["voices"][0], **speed})
    job.is_stopped = True
    with pytest.raises(JobStopped):
        perform_checked(Composer(), job)
    assert list(studio.kept.glob("audio-*")) == []


def test_the_recipe_fits_what_the_composer_takes_and_gives() -> None:
    from composer.pipeline import TUNE  # noqa: PLC0415 - pipelines need Django set up

    registry.register(Composer())
    pipelines.register(TUNE)  # refuses what does not fit
    assert [step.name for step in TUNE.steps if registry.skill_named(step.skill) is None] == []
