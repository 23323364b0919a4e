"""Reads and writes WAV files of 16 bit, without numpy."""

import wave
from collections.abc import Sequence
from pathlib import Path

SAMPLE_BYTES = 2
RATE = 24_000  # of what is written without any sound in it


class UnusableWave(ValueError):
    """A file is no WAV file of 16 bit, or is not what was expected."""


def seconds_of(path: Path) -> float:
    """How long it is.

    Raises: UnusableWave.
    """
    try:
        with wave.open(str(path), "rb") as file:
            return file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, OSError) as error:
        raise UnusableWave(f"{path.name} is no WAV file.") from error


def write_silence(to: Path) -> None:
    """A mono file without a sample."""
    with wave.open(str(to), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(RATE)


def join(parts: Sequence[tuple[float, Path]], to: Path) -> float:
    """One mono file in which each part begins at its moment (seconds, in order); returns its length.

    Parts without a sample are left out; the others must have one rate.
    Raises: UnusableWave.
    """
    rate = next((rate for rate in (_rate(path) for _, path in parts) if rate), RATE)
    done = 0
    with wave.open(str(to), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(rate)
        for moment, path in parts:
            samples = _samples(path, rate)
            if not samples:
                continue
            pause = max(0, round(moment * rate) - done)
            file.writeframes(bytes(SAMPLE_BYTES * pause) + samples)
            done += pause + len(samples) // SAMPLE_BYTES
    return done / rate


def _rate(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        return file.getframerate() if file.getnframes() else 0


def _samples(path: Path, rate: int) -> bytes:
    with wave.open(str(path), "rb") as file:
        samples = file.readframes(file.getnframes())
        if samples and (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (rate, 1, SAMPLE_BYTES):
            raise UnusableWave(f"{path.name} is of another shape than the lines beside it.")
    return samples
