"""The sound of a film, by measure: how loud it is, what is where, what steps back for whom; and how places and music are made."""

import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import opentimelineio as otio
import pytest

from agents.animatic.film import (
    Ambience,
    Plan,
    Scene,
    Score,
    Setting,
    Shot,
    Speech,
    Storyboard,
    TimeOfDay,
    Video,
    Weather,
)
from agents.animatic.sound import effects, orders
from agents.animatic.sound.orders import MixOrder, Placed
from agents.contract import Agent, FolderJob
from agents.crew.film_composer import FilmComposer
from agents.crew.sound_designer import SoundDesigner
from agents.crew.video_editor import VideoEditor
from agents.crew.voice_actor import VoiceActor
from agents.studio.offline import processes
from agents.studio.spoken import LEAD_IN_SECONDS
from tests.agents.audio_assertions import decoded, loudness, strength
from tests.agents.test_crew_editing import clip
from tests.agents.video_assertions import CAST, PLAN, SCREENPLAY, shot, streams

pytestmark = pytest.mark.timeout(600)  # a film is made, on a busy machine

LINE = "You said you would never come back to this house, not in ten winters."
RATE = 48_000


class House:
    """The crew's sound department; all that it makes lies in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def do(self, agent: Agent, **wish: object) -> Any:  # noqa: ANN401 - what the skill gives
        """The output of the agent's only skill."""
        number = next(self._numbers)
        workdir = self.folder / f"work-{number}"
        workdir.mkdir()
        job = _Job(
            skill=agent.skills[0].id,
            input=msgspec.to_builtins(wish),
            workdir=workdir,
            folder=self.folder,
            number=number,
        )
        return agent.perform(job).output

    def ambience(
        self,
        place: str,
        *,
        weather: Weather = "clear",
        time_of_day: TimeOfDay = "day",
        interior: bool = False,
        shots: tuple[Shot, ...] = (),
        sound: bool = True,
    ) -> Ambience:
        """What the sound designer makes of a place."""
        setting = Setting(place=place, interior=interior, weather=weather, time_of_day=time_of_day)
        scene = Scene(number=1, heading="", setting=setting, elements=[], characters=[])
        board = Storyboard(scene=1, heading="", shots=list(shots))
        made = self.do(SoundDesigner(), scene=scene, storyboard=board, sound=sound)
        assert isinstance(made, Ambience)
        return made

    def path(self, artifact: str) -> Path:
        """Where an artifact lies."""
        return self.folder / artifact


class _Job(FolderJob):
    def __init__(self, *, number: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._number = number

    def keep(self, path: Path, *, name: str, kind: str, media_type: str) -> str:
        return super().keep(path, name=f"{self._number}-{name}", kind=kind, media_type=media_type)


@dataclass
class Screened:
    """A film with everything that can be heard in it."""

    house: House
    video: Video
    silent: Video
    speeches: list[Speech]

    @property
    def path(self) -> Path:
        return self.house.path(self.video.video_artifact)


@pytest.fixture(scope="module", autouse=True)
def _processes() -> Iterator[None]:
    yield
    processes.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Screened:
    house = House(tmp_path_factory.mktemp("film"))
    shots = [
        shot(1, caption="The lamp goes out over the sea.", seconds=1.0),
        shot(2, lines=(("MARA", LINE), ("TOM", "I lied.")), seconds=1.0),
        shot(1, scene=2, lines=(("TOM", "Goodnight."),), seconds=8.0),
    ]
    clips = [clip(house.folder, number, made, "#204080") for number, made in enumerate(shots)]
    speeches = [house.do(VoiceActor(), shot=made, cast=CAST, plan=PLAN) for made in shots]
    sea = house.ambience("Lighthouse", weather="storm", time_of_day="night")
    ambiences = [sea, msgspec.structs.replace(house.ambience("Kitchen", interior=True), scene=2)]
    cut = {"plan": PLAN, "screenplay": SCREENPLAY, "cast": CAST, "clips": clips}
    score = house.do(FilmComposer(), plan=PLAN)
    video = house.do(VideoEditor(), **cut, speeches=speeches, ambiences=ambiences, score=score)
    return Screened(house, video, house.do(VideoEditor(), **cut), speeches)


def test_the_film_is_as_loud_as_the_web_has_it_and_does_not_clip(screened: Screened) -> None:
    integrated, peak = loudness(screened.path)
    assert integrated == pytest.approx(-16.0, abs=1.0)
    assert peak <= -1.0
    assert "aac" in streams(screened.path)
    assert "48000 Hz, stereo" in streams(screened.path)


def test_its_sound_is_as_long_as_its_picture(screened: Screened) -> None:
    assert len(decoded(screened.path)) / RATE == pytest.approx(screened.video.seconds, abs=0.1)


def test_a_film_without_sounds_is_silent(screened: Screened) -> None:
    path = screened.house.path(screened.silent.video_artifact)
    assert "aac" in streams(path)  # players want a track
    assert strength(decoded(path)) == 0


def test_the_captions_stand_while_their_words_are_heard(screened: Screened) -> None:
    vtt = screened.house.path(screened.video.captions_artifact).read_text()
    cues = [(_seconds(start), _seconds(end)) for start, end in re.findall(r"^(\S+) --> (\S+)$", vtt, re.MULTILINE)]
    sound = decoded(screened.path)
    for start, end in cues:
        assert strength(sound[round(start * RATE) : round(end * RATE)]) > 0.05
    spoken = sum(speech.seconds for speech in screened.speeches)
    assert sum(end - start for start, end in cues) >= 0.9 * spoken
    chapters = screened.house.path(screened.video.chapters_artifact).read_text()
    begins = _seconds(re.findall(r"^(\S+) --> \S+\nShot 1.2", chapters, re.MULTILINE)[0])
    assert any(start == pytest.approx(begins + LEAD_IN_SECONDS, abs=0.05) for start, _ in cues)


def test_speech_stands_above_music_and_ambience(screened: Screened) -> None:
    sound = decoded(screened.path)
    chapters = screened.house.path(screened.video.chapters_artifact).read_text()
    last = _seconds(re.findall(r"^(\S+) --> \S+\nShot 2.1", chapters, re.MULTILINE)[0])
    said = last + LEAD_IN_SECONDS + screened.speeches[2].seconds
    voice = strength(sound[round((last + 0.4) * RATE) : round(said * RATE)])
    alone = strength(sound[round((said + 1.5) * RATE) : round((said + 4.5) * RATE)])
    assert voice > 2 * alone > 0
    assert strength(sound[: 2 * RATE]) > 0.01  # music under the title
    assert strength(sound[-3 * RATE : -2 * RATE]) > 0.002  # and over the end


def test_music_and_ambience_step_back_while_somebody_speaks(tmp_path: Path) -> None:
    bed = tmp_path / "bed.wav"
    hiss = np.random.default_rng(1).normal(0, 3_000, 2 * 6 * RATE).clip(-20_000, 20_000).astype("<i2")
    with wave.open(str(bed), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes(hiss.tobytes())
    to = tmp_path / "mixed.raw"
    placed = Placed(bed, 0.0, 20.0, is_repeated=True)
    order = MixOrder(seconds=20.0, speech=(), ambience=(placed,), music=(placed,), spoken=((6.0, 8.0), (8.4, 12.0)))
    measured = orders.mix(order, to, report=lambda *_: None)
    sound = np.frombuffer(to.read_bytes(), "<i2").reshape(-1, 2).mean(axis=1) / 32_767
    assert len(sound) == 20 * RATE
    before, while_, pause, after = (
        strength(sound[round(start * RATE) : round(end * RATE)])
        for start, end in ((2.0, 5.0), (6.2, 7.8), (8.05, 8.35), (13.0, 19.0))
    )
    assert while_ == pytest.approx(pause, rel=0.1)  # a short pause is no reason to come again
    assert while_ < 0.55 * before
    assert after == pytest.approx(before, rel=0.1)
    as_heard = tmp_path / "mixed.wav"
    with wave.open(str(as_heard), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes(to.read_bytes())
    assert measured == pytest.approx(loudness(as_heard)[0], abs=0.2)


def test_the_cut_has_speech_ambience_and_music_on_tracks_of_their_own(screened: Screened) -> None:
    path = screened.house.path(screened.video.timeline_artifact)
    timeline = otio.adapters.read_from_string(path.read_text(), "otio_json")
    tracks = {track.name: track for track in timeline.audio_tracks()}
    assert set(tracks) >= {"Dialogue", "Ambience", "Music"}
    named = [each.media_reference.target_url for each in tracks["Dialogue"].find_clips()]
    assert named == [f"artifact:{speech.artifact}" for speech in screened.speeches]
    whole = timeline.video_tracks()[0].duration().to_seconds()
    assert all(track.duration().to_seconds() <= whole + 0.1 for track in tracks.values())
    for track in tracks.values():
        for each in track.find_clips():
            assert each.source_range.duration <= each.media_reference.available_range.duration


def test_a_speech_that_says_something_else_than_the_caption_is_left_out(screened: Screened, tmp_path: Path) -> None:
    house = House(tmp_path)
    made = shot(1, caption="Nobody had told the gulls.", seconds=2.0)
    old = screened.speeches[0]
    (house.folder / old.artifact).write_bytes(screened.house.path(old.artifact).read_bytes())
    cut = {"plan": PLAN, "screenplay": SCREENPLAY, "cast": CAST, "clips": [clip(tmp_path, 1, made, "#204080")]}
    video = house.do(VideoEditor(), **cut, speeches=[old])
    assert "Nobody had told the gulls." in house.path(video.captions_artifact).read_text()
    assert strength(decoded(house.path(video.video_artifact))) < 0.001


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "weather", "hour", "interior", "heard"),
    [
        ("Beach", "clear", "day", False, "surf, gulls"),
        ("Forest", "clear", "day", False, "open air, birds"),
        ("Meadow", "clear", "night", False, "open air, crickets"),
        ("City street", "rain", "night", False, "traffic, rain"),
        ("Busy café", "clear", "day", True, "voices, cups"),
        ("Church", "clear", "day", True, "hall"),
        ("Barn", "clear", "day", True, "room tone"),
        ("Spaceship", "storm", "night", True, "ship of the stars"),
        ("Mountain top", "snow", "day", False, "wind"),
    ],
)
def test_a_place_sounds_like_itself(
    house: House, place: str, weather: Weather, hour: TimeOfDay, interior: bool, heard: str
) -> None:
    made = house.ambience(place, weather=weather, time_of_day=hour, interior=interior)
    assert made.description == heard
    assert 0.001 < strength(decoded(house.path(made.artifact))) < 0.1


def test_the_same_place_gives_the_same_bytes_and_another_does_not(house: House) -> None:
    one, same, other = (house.path(house.ambience(place).artifact) for place in ("Beach", "Beach", "Forest"))
    assert one.read_bytes() == same.read_bytes()
    assert one.read_bytes() != other.read_bytes()


def test_an_ambience_can_be_repeated_without_a_click(house: House) -> None:
    sound = decoded(house.path(house.ambience("Beach", weather="rain").artifact))
    steps = np.abs(np.diff(sound))
    assert abs(sound[0] - sound[-1]) <= 1.5 * steps.max()


def test_what_happens_in_a_shot_is_heard(house: House) -> None:
    door = msgspec.structs.replace(shot(1), description="Somebody knocks. The door opens.")
    bell = msgspec.structs.replace(shot(2), description="A bell far away.")
    said = msgspec.structs.replace(shot(3, lines=(("MARA", "Thunder!"),)), description="Mara: “Thunder!”")
    made = house.ambience("Hall", interior=True, shots=(door, bell, said))
    assert [(effect.shot, effect.name) for effect in made.effects] == [("1.1", "knock"), ("1.2", "bell")]
    assert all(strength(decoded(house.path(effect.artifact))) > 0.005 for effect in made.effects)
    assert len(effects.heard_in([door] * 50)) == 1


def test_a_silent_scene_has_no_sound(house: House) -> None:
    assert house.ambience("Beach", sound=False) == Ambience(scene=1)


# --- music ----------------------------------------------------------------------------------------


def plan(genre: str, tone: str = "", title: str = "The Last Light") -> Plan:
    return msgspec.structs.replace(PLAN, genre=genre, tone=tone, title=title)


def test_the_music_follows_genre_and_tone(house: House) -> None:
    horror, comedy = (house.do(FilmComposer(), plan=plan(genre)) for genre in ("horror", "comedy"))
    assert "Phrygian" in horror.description
    assert "major" in comedy.description
    for artifact in (horror.title_artifact, horror.under_artifact, horror.end_artifact):
        assert 0.01 < strength(decoded(house.path(artifact))) < 0.2


def test_a_film_has_music_of_its_own_and_the_same_one_each_time(house: House) -> None:
    one, same, other = (
        house.do(FilmComposer(), plan=plan("drama", title=title)) for title in ("A", "A", "Another title")
    )
    assert one.description == same.description
    files = [house.path(score.under_artifact).read_bytes() for score in (one, same, other)]
    assert files[0] == files[1] != files[2]


def test_a_film_without_sound_has_no_music(house: House) -> None:
    assert house.do(FilmComposer(), plan=PLAN, sound=False) == Score()


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    return int(hours) * 3_600 + int(minutes) * 60 + float(seconds)
