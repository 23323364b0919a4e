"""Writes a piece of music for a mood: chords, melody, bass and drums. The same wish gives the same piece."""

from dataclasses import dataclass
from random import Random
from typing import Annotated, Literal

from msgspec import Meta, Struct

BEATS_PER_BAR = 4
MIDDLE_C = 60  # pitches are MIDI's
STEPS = 7  # of a scale
KICK, SNARE, HAT = 36, 38, 42  # MIDI's drums

Mood = Literal["calm", "happy", "sad", "tense"]
Key = Literal["C", "D", "E", "F", "G", "A", "B"]
Title = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S", title="Title", description="What it is called")]
Length = Annotated[int, Meta(ge=8, le=120, title="Length", description="In seconds")]

KEYS: dict[str, int] = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # semitones above C
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


class Note(Struct, frozen=True):
    """A note of a voice. Times are in beats."""

    at: Annotated[float, Meta(ge=0)]
    beats: Annotated[float, Meta(gt=0, le=8)]
    pitch: Annotated[int, Meta(ge=0, le=127)]
    loudness: Annotated[float, Meta(ge=0, le=1)]


class Voice(Struct, frozen=True):
    """What one instrument plays."""

    name: Annotated[str, Meta(pattern="^[a-z]{1,20}$")]
    instrument: Literal["strings", "piano", "bass", "drums"]
    notes: Annotated[list[Note], Meta(max_length=10_000)]


class Sketch(Struct, frozen=True):
    """The whole piece, before anybody has played it."""

    title: str
    seconds: float
    seconds_per_beat: float
    chords: list[str]  # one a bar
    voices: list[Voice]


@dataclass(frozen=True)
class Manner:
    """How a mood sounds. Degrees of the scale count from 0."""

    beats_per_minute: float
    scale: tuple[int, ...]
    chords: tuple[int, ...]  # the degree of each bar, again and again
    rhythms: tuple[tuple[float, ...], ...]  # of the melody in one bar, in beats
    drums: tuple[tuple[float, int], ...]  # (beat, drum) in one bar


MANNERS: dict[str, Manner] = {
    "calm": Manner(72, MAJOR, (0, 4, 5, 3), ((2, 2), (1, 1, 2), (3, 1)), ((0, KICK), (2, HAT))),
    "happy": Manner(
        116,
        MAJOR,
        (0, 3, 4, 0),
        ((1, 0.5, 0.5, 1, 1), (0.5, 0.5, 1, 0.5, 0.5, 1), (1, 1, 2)),
        ((0, KICK), (1, SNARE), (2, KICK), (3, SNARE), *((beat / 2, HAT) for beat in range(8))),
    ),
    "sad": Manner(66, MINOR, (0, 5, 2, 6), ((2, 1, 1), (3, 1), (4,)), ((0, KICK),)),
    "tense": Manner(
        100,
        MINOR,
        (0, 3, 5, 4),
        ((0.5, 0.5, 0.5, 0.5, 2), (1.5, 0.5, 2), (1, 1, 1, 1)),
        ((0, KICK), (1.5, KICK), (2, SNARE), *((beat, HAT) for beat in range(4))),
    ),
}


def write(*, title: str, mood: Mood, key: Key, seconds: Length, drums: bool) -> Sketch:
    """A piece that lasts `seconds`: as many whole bars as suit the mood, a little faster or slower than usual."""
    manner = MANNERS[mood]
    bars = max(2, round(seconds * manner.beats_per_minute / 60 / BEATS_PER_BAR))
    degrees = [manner.chords[bar % len(manner.chords)] for bar in range(bars - 1)] + [0]  # it ends at home
    draw = Random(f"{title}/{mood}/{key}/{seconds}")  # noqa: S311 - music, not a secret
    voices = [
        Voice("chords", "strings", _chords(manner, key, degrees)),
        Voice("melody", "piano", _melody(manner, key, degrees, draw)),
        Voice("bass", "bass", _bass(manner, key, degrees)),
    ]
    if drums:
        voices.append(Voice("drums", "drums", _drums(manner, bars)))
    return Sketch(
        title=title,
        seconds=seconds,
        seconds_per_beat=seconds / (bars * BEATS_PER_BAR),
        chords=[_chord_name(manner, key, degree) for degree in degrees],
        voices=voices,
    )


def _pitch(manner: Manner, key: str, degree: int) -> int:
    octave, step = divmod(degree, STEPS)
    return MIDDLE_C + KEYS[key] + 12 * octave + manner.scale[step]


def _chord_name(manner: Manner, key: str, degree: int) -> str:
    root, third = _pitch(manner, key, degree), _pitch(manner, key, degree + 2)
    name = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")[root % 12]
    return name if third - root == 4 else f"{name}m"


def _chords(manner: Manner, key: str, degrees: list[int]) -> list[Note]:
    return [
        Note(bar * BEATS_PER_BAR, BEATS_PER_BAR, _pitch(manner, key, degree + above - STEPS), 0.5)
        for bar, degree in enumerate(degrees)
        for above in (0, 2, 4)
    ]


def _bass(manner: Manner, key: str, degrees: list[int]) -> list[Note]:
    return [
        Note(bar * BEATS_PER_BAR + beat, 2, _pitch(manner, key, degree - 2 * STEPS), 0.9)
        for bar, degree in enumerate(degrees)
        for beat in (0, 2)
    ]


def _melody(manner: Manner, key: str, degrees: list[int], draw: Random) -> list[Note]:
    """Walks up and down the scale; each bar begins with a note of its chord, the last one is the home note."""
    notes: list[Note] = []
    degree = 4
    for bar, chord in enumerate(degrees[:-1]):
        at = float(bar * BEATS_PER_BAR)
        degree = min((chord + above for above in (0, 2, 4, 7)), key=lambda near: abs(near - degree))
        for beats in draw.choice(manner.rhythms):
            notes.append(Note(at, beats, _pitch(manner, key, degree), 0.8 if at % 2 == 0 else 0.65))
            at += beats
            degree = max(0, min(9, degree + draw.choice((-2, -1, -1, 1, 1, 2))))
    return [*notes, Note((len(degrees) - 1) * BEATS_PER_BAR, BEATS_PER_BAR, _pitch(manner, key, 0), 0.8)]


def _drums(manner: Manner, bars: int) -> list[Note]:
    return [Note(bar * BEATS_PER_BAR + beat, 1, drum, 0.7) for bar in range(bars) for beat, drum in manner.drums]


def lead_sheet(sketch: Sketch) -> str:
    """The chords as musicians write them, four bars a line."""
    lines = [sketch.chords[start : start + 4] for start in range(0, len(sketch.chords), 4)]
    bars = "\n".join("| " + " | ".join(f"{chord:<4}" for chord in line) + " |" for line in lines)
    return f"{sketch.title}\n{60 / sketch.seconds_per_beat:.0f} beats a minute\n\n{bars}\n"
