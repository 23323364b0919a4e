"""Plays a voice: turns its notes into samples, and samples into a WAV file, with the standard library alone."""

from __future__ import annotations

import math
import sys
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from composer.score import HAT, KICK, Note, Voice

RATE = 22_050  # samples a second
TABLE = 2_048  # samples of one period of a tone; a power of two
PEAK = 0.8  # of the loudest sample


@dataclass(frozen=True)
class Instrument:
    """How a tone begins, sounds and ends; times in seconds."""

    partials: tuple[float, ...]  # how loud the tone and its overtones are
    attack: float
    release: float
    decay: float  # how fast it dies away by itself, per second; 0: it is held


INSTRUMENTS = {
    "strings": Instrument((1.0, 0.5, 0.35, 0.2, 0.12), attack=0.3, release=0.4, decay=0.0),
    "piano": Instrument((1.0, 0.45, 0.2, 0.1), attack=0.005, release=0.2, decay=2.2),
    "bass": Instrument((1.0, 0.6, 0.2), attack=0.01, release=0.1, decay=0.8),
}


def play(voice: Voice, *, seconds: float, seconds_per_beat: float, to: Path, report: Callable[[float], None]) -> None:
    """Writes the voice as a WAV file (mono, 16 bits) of exactly `seconds`. `report` gets the share done after each note."""
    track = array("f", bytes(4 * round(seconds * RATE)))
    for number, note in enumerate(voice.notes, start=1):
        _add(
            track,
            _sound(voice.instrument, note, seconds_per_beat),
            round(note.at * seconds_per_beat * RATE),
            note.loudness,
        )
        report(number / len(voice.notes))
    _write(track, to)


def _add(track: array[float], sound: array[float], start: int, loudness: float) -> None:
    for place, sample in enumerate(sound[: len(track) - start], start):
        track[place] += sample * loudness


def _sound(instrument: str, note: Note, seconds_per_beat: float) -> array[float]:
    if instrument == "drums":
        return _hit(note.pitch)
    return _tone(instrument, note.pitch, note.beats * seconds_per_beat)


@lru_cache(maxsize=64)  # a tone comes again and again
def _tone(name: str, pitch: int, seconds: float) -> array[float]:
    instrument, period = INSTRUMENTS[name], _period(name)
    step = 440.0 * 2 ** ((pitch - 69) / 12) * TABLE / RATE
    held, release = round(seconds * RATE), round(instrument.release * RATE)
    attack = max(1, round(instrument.attack * RATE))
    fade = math.exp(-instrument.decay / RATE)
    sound, loudness = array("f"), 1.0
    for place in range(held + release):
        edge = min(1.0, place / attack, (held + release - place) / release)
        sound.append(period[int(place * step) % TABLE] * loudness * edge)
        loudness *= fade
    return sound


@lru_cache(maxsize=8)
def _period(name: str) -> tuple[float, ...]:
    partials = tuple(enumerate(INSTRUMENTS[name].partials, start=1))
    angles = (math.tau * place / TABLE for place in range(TABLE))
    return tuple(sum(loud * math.sin(angle * number) for number, loud in partials) for angle in angles)


@lru_cache(maxsize=8)
def _hit(drum: int) -> array[float]:
    """A kick is a tone that falls, the others are noise that dies away."""
    if drum == KICK:
        times = [place / RATE for place in range(round(0.3 * RATE))]
        return array(
            "f", (math.sin(math.tau * (45 * at + 6 * (1 - math.exp(-30 * at)))) * math.exp(-9 * at) for at in times)
        )
    noise, seconds = Random(drum), 0.06 if drum == HAT else 0.2  # noqa: S311 - noise, not a secret
    samples = round(seconds * RATE)
    loud = 0.25 if drum == HAT else 0.6
    return array("f", (loud * noise.uniform(-1, 1) * (1 - place / samples) ** 2 for place in range(samples)))


def _write(track: array[float], to: Path) -> None:
    loudest = max((abs(sample) for sample in track), default=0.0) or 1.0
    samples = array("h", (round(32_767 * PEAK * sample / loudest) for sample in track))
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(to), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
