"""What is asked of the worker processes that make sound; without numpy, so that the server can ask."""

from dataclasses import dataclass
from pathlib import Path

from agents.animatic.progress import Report

RATE = 48_000  # samples a second of everything but speech
CHANNELS = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A sound in the film, in seconds: from when, and how long. One that is longer than its file is repeated."""

    path: Path
    start: float
    seconds: float
    gain: float = 1.0
    fade_in: float = 0.0
    fade_out: float = 0.0
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class MixOrder:
    """A film's sound: what lies on each track, in the order of its start, and when somebody speaks (from, until)."""

    seconds: float
    speech: tuple[Placed, ...]
    ambience: tuple[Placed, ...]
    music: tuple[Placed, ...]
    spoken: tuple[tuple[float, float], ...]


def mix(order: MixOrder, to: Path, *, report: Report) -> float:
    """Writes all tracks as one (raw samples: stereo, 48 kHz, 16 bit, little endian). Returns its loudness in LUFS.

    -inf for silence. Raises: UnusableWave.
    """
    from agents.animatic.sound.mixing import mixed  # noqa: PLC0415 - numpy stays out of the server's process

    return mixed(order, to, report=report)


def ambience(
    place: str, weather: str, time_of_day: str, *, is_inside: bool, action: str, to: Path, report: Report
) -> str:
    """Writes how a place sounds, as a WAV file that may be repeated. Returns what is heard, in words."""
    from agents.animatic.sound.places import sounding  # noqa: PLC0415

    return sounding(place, weather, time_of_day, is_inside=is_inside, action=action, to=to, report=report)


def effect(name: str, seed: str, to: Path, *, report: Report) -> None:
    """Writes an effect (`effects.NAMES`) as a WAV file."""
    from agents.animatic.sound.effect_sounds import made  # noqa: PLC0415

    made(name, seed, to, report=report)


def score(title: str, genre: str, tone: str, form: str, *, folder: Path, report: Report) -> str:
    """Writes title.wav, under.wav and end.wav. Returns what is played, in words."""
    from agents.animatic.sound.music import composed  # noqa: PLC0415

    return composed(title, genre, tone, form, folder=folder, report=report)
