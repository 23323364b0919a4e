"""Lays a film's sound: speech in its shots, the ambience of each scene, music; then mixes it to the loudness of the web.

Loudness: -16 LUFS (AES TD1008 for stereo on the web), true peaks below -1 dBTP. The mix is made some seconds at a time in a
process for sound; the encoder gets one file.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agents.animatic.film import FRAMES_PER_SECOND, Shot, Speech
from agents.animatic.progress import Report
from agents.animatic.sound import orders
from agents.animatic.sound.orders import CHANNELS, RATE, MixOrder, Placed
from agents.studio import ffmpeg
from agents.studio.offline.processes import sound_work
from agents.studio.spoken import LEAD_IN_SECONDS, is_of

LOUDNESS = -16.0  # LUFS
LIMIT = 0.76  # of the largest sample: -2.4 dB, so that what the encoder adds stays below -1 dBTP
MOST_GAIN = 40.0  # dB; what is fainter than that is no sound
UNDER_GAIN = 0.45  # of the music under the film
TITLE_OVERLAP_SECONDS, END_OVERLAP_SECONDS = 1.2, 0.8
SCENE_FADE_SECONDS = 0.5  # where there is no dissolve
EFFECT_SECONDS = 0.3  # after its shot begins
SECONDS_TO_MIX = 60.0  # of computing, and on top for each second of film:
SECONDS_TO_MIX_A_SECOND = 0.2


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording on disk, and the artifact that it is."""

    path: Path
    seconds: float
    artifact: str
    name: str


@dataclass(frozen=True, slots=True)
class Sounds:
    """All that a film may have of sound: by shot, by scene, and for all of it."""

    speeches: Mapping[str, tuple[Speech, Sound]] = field(default_factory=dict)
    ambiences: Mapping[int, Sound] = field(default_factory=dict)
    effects: Mapping[str, Sound] = field(default_factory=dict)
    title: Sound | None = None
    under: Sound | None = None
    end: Sound | None = None

    def speech_of(self, shot: Shot) -> Speech | None:
        """What is said in a shot, if that is what its captions say."""
        speech, _ = self.speeches.get(shot.id, (None, None))
        return speech if speech and is_of(shot, speech) else None

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to be heard."""
        return not (self.speeches or self.ambiences or self.effects or self.title or self.under or self.end)


@dataclass(frozen=True, slots=True)
class Laid:
    """A sound, and its place in the film."""

    sound: Sound
    placed: Placed


@dataclass(frozen=True, slots=True)
class Tracks:
    """What lies where, in the order of its start; `spoken`: when somebody speaks."""

    dialogue: list[Laid] = field(default_factory=list)
    ambience: list[Laid] = field(default_factory=list)
    effects: list[Laid] = field(default_factory=list)
    music: list[Laid] = field(default_factory=list)
    spoken: list[tuple[float, float]] = field(default_factory=list)

    @property
    def named(self) -> list[tuple[str, list[Laid]]]:
        """The tracks that hold something, with their names."""
        tracks = [
            ("Dialogue", self.dialogue),
            ("Ambience", self.ambience),
            ("Effects", self.effects),
            ("Music", self.music),
        ]
        return [(name, laid) for name, laid in tracks if laid]


class Stretch(Protocol):
    """A stretch of the film with one picture source, counted in frames; a card has no shot."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def dissolve(self) -> int: ...
    @property
    def shot(self) -> Shot | None: ...


def lay(stretches: Sequence[Stretch], sounds: Sounds) -> Tracks:
    """Where everything is heard. The first and the last of the stretches are the cards."""
    tracks = Tracks(ambience=_scenes(stretches, sounds), music=_music(stretches, sounds))
    for stretch in stretches:
        if stretch.shot:
            _lay_shot(tracks, stretch.shot, stretch.start / FRAMES_PER_SECOND, sounds)
    return tracks


def _lay_shot(tracks: Tracks, shot: Shot, start: float, sounds: Sounds) -> None:
    if speech := sounds.speech_of(shot):
        said = start + LEAD_IN_SECONDS
        sound = sounds.speeches[shot.id][1]
        tracks.dialogue.append(Laid(sound, Placed(sound.path, said, speech.seconds)))
        tracks.spoken.extend((said + line.start, said + line.end) for line in speech.lines)
    if effect := sounds.effects.get(shot.id):
        tracks.effects.append(Laid(effect, Placed(effect.path, start + EFFECT_SECONDS, effect.seconds)))


def _scenes(stretches: Sequence[Stretch], sounds: Sounds) -> list[Laid]:
    """The ambience of each scene, from its first picture to its last; dissolves are dissolves of sound, too."""
    laid: list[Laid] = []
    shots = [(number, stretch, stretch.shot) for number, stretch in enumerate(stretches) if stretch.shot]
    for number, stretch, shot in shots:
        before = stretches[number - 1].shot if number else None
        if before and before.scene == shot.scene:
            continue
        last = number
        while (
            following := stretches[last + 1].shot if last + 1 < len(stretches) else None
        ) and following.scene == shot.scene:
            last += 1
        if sound := sounds.ambiences.get(shot.scene):
            fade_in = stretch.dissolve / FRAMES_PER_SECOND or SCENE_FADE_SECONDS
            after = stretches[last + 1].dissolve if last + 1 < len(stretches) else 0
            fade_out = after / FRAMES_PER_SECOND or SCENE_FADE_SECONDS
            start, end = stretch.start / FRAMES_PER_SECOND, stretches[last].end / FRAMES_PER_SECOND
            placed = Placed(sound.path, start, end - start, 1.0, fade_in, fade_out, is_repeated=True)
            laid.append(Laid(sound, placed))
    return laid


def _music(stretches: Sequence[Stretch], sounds: Sounds) -> list[Laid]:
    """The theme over the title, the soft piece under the film, the ending over the last card."""
    begin, end = stretches[0].end / FRAMES_PER_SECOND, stretches[-1].start / FRAMES_PER_SECOND
    length = stretches[-1].end / FRAMES_PER_SECOND
    laid = []
    if sounds.title:
        seconds = min(sounds.title.seconds, begin + TITLE_OVERLAP_SECONDS)
        laid.append(Laid(sounds.title, Placed(sounds.title.path, 0.0, seconds, fade_out=TITLE_OVERLAP_SECONDS)))
    if sounds.under and end > begin:
        start = max(0.0, begin - TITLE_OVERLAP_SECONDS)
        seconds = end + END_OVERLAP_SECONDS - start
        fade_in, fade_out = 2 * TITLE_OVERLAP_SECONDS, 2 * END_OVERLAP_SECONDS
        placed = Placed(sounds.under.path, start, seconds, UNDER_GAIN, fade_in, fade_out, is_repeated=True)
        laid.append(Laid(sounds.under, placed))
    if sounds.end:
        seconds = min(sounds.end.seconds, length - end)
        laid.append(Laid(sounds.end, Placed(sounds.end.path, end, seconds, fade_out=min(1.0, seconds / 2))))
    return laid


def mix(tracks: Tracks, seconds: float, to: Path, *, report: Report) -> float:
    """Mixes to a raw file (see `opened`). Returns its loudness in LUFS, for `levelled`.

    Raises: AgentError; whatever `report` raises.
    """
    order = MixOrder(
        seconds=seconds,
        speech=tuple(laid.placed for laid in tracks.dialogue),
        ambience=tuple(laid.placed for laid in [*tracks.ambience, *tracks.effects]),
        music=tuple(laid.placed for laid in tracks.music),
        spoken=tuple(tracks.spoken),
    )
    limit = SECONDS_TO_MIX + SECONDS_TO_MIX_A_SECOND * seconds
    return sound_work(orders.mix, order, to, seconds=limit, report=report, words="Mixing the sound")


def opened(mixed: Path) -> list[str]:
    """ffmpeg's arguments that open what `mix` has written."""
    return ffmpeg.source(mixed, "-f", "s16le", "-ar", str(RATE), "-ac", str(CHANNELS))


def levelled(loudness: float) -> str:
    """The filter that brings a sound of this loudness to ours, and its peaks below the limit.

    The limiter works at four times the rate: there, what lies between two samples shows.
    """
    gain = min(MOST_GAIN, LOUDNESS - loudness) if math.isfinite(loudness) else 0.0
    limiter = f"alimiter=limit={LIMIT}:attack=3:release=80:level=false:latency=true"
    return f"volume={gain:.2f}dB,aresample={4 * RATE},{limiter},aresample={RATE}"
