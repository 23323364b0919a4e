"""Tones, noises and rooms as arrays: what places and music are made of. All arrays are (channels, samples), 48 kHz."""

import wave
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.animatic.sound.orders import CHANNELS, RATE
from agents.animatic.sound.waves import UnusableWave

Samples = NDArray[np.float32]

LOUDEST = 32_767
POINTS_PER_SECOND = 480  # by which slow curves are drawn
HIGHEST = 18_000.0  # hertz of an overtone


def chance(*words: object) -> np.random.Generator:
    """Numbers that look random: the same ones for the same words."""
    return np.random.Generator(np.random.PCG64(zlib.crc32("|".join(map(str, words)).encode())))


def _single(samples: NDArray[Any]) -> Samples:
    made: Samples = samples.astype(np.float32)
    return made


def count_of(seconds: float) -> int:
    """How many samples that is."""
    return round(seconds * RATE)


def noise(
    seconds: float, curve: Sequence[tuple[float, float]], rng: np.random.Generator, *, channels: int = CHANNELS
) -> Samples:
    """Noise whose end fits its beginning. `curve`: (hertz, decibels), between which the spectrum is drawn. RMS 1.0."""
    count = count_of(seconds)
    bins = np.fft.rfftfreq(count, 1 / RATE)
    hertz = np.array([max(1.0, point) for point, _ in curve])
    strength = 10 ** (np.interp(np.log(np.maximum(bins, 1.0)), np.log(hertz), [decibels for _, decibels in curve]) / 20)
    spectrum = rng.standard_normal((channels, len(bins), 2), np.float32).view(np.complex64)[..., 0]
    spectrum *= strength.astype(np.float32)
    spectrum[:, 0] = 0
    made = np.fft.irfft(spectrum, count, axis=1)
    return _single(made / np.sqrt(np.mean(made**2)))


def swell(seconds: float, cycles: int, rng: np.random.Generator, *, depth: float = 1.0, voices: int = 3) -> Samples:
    """A slow curve between 1 - depth and 1 whose end fits its beginning, with at most so many cycles."""
    coarse = np.linspace(0.0, 1.0, round(seconds * POINTS_PER_SECOND) + 1)
    waves = [np.sin(2 * np.pi * (rng.integers(1, cycles + 1) * coarse + rng.uniform())) for _ in range(voices)]
    curve = 1 - depth + depth * (0.5 + 0.5 * np.sum(waves, axis=0) / voices)
    return _single(np.interp(np.arange(count_of(seconds)) / count_of(seconds), coarse, curve)[None, :])


def tone(hertz: float, seconds: float, partials: Sequence[float], *, decay: float = 0.0) -> Samples:
    """A tone with overtones of these strengths; `decay` is after how many seconds a third is left (0: it stays). Mono."""
    count = count_of(seconds)
    turns = np.arange(count) * (hertz / RATE) % 1.0
    first = np.exp(2j * np.pi * turns).astype(np.complex64)
    moments = (np.arange(count) / RATE).astype(np.float32)
    made, wave_ = np.zeros(count, np.float32), np.ones(count, np.complex64)
    for number, strength in enumerate(partials, start=1):
        if hertz * number > HIGHEST:
            break
        wave_ *= first  # the n-th power of a turn is the n-th overtone: far cheaper than another sine
        if strength:
            ring = np.exp(moments * np.float32(-(number**0.6) / decay)) if decay else np.float32(1.0)
            made += np.float32(strength) * ring * wave_.imag
    return made[None, :]


def enveloped(samples: Samples, attack: float, release: float) -> Samples:
    """With a beginning and an end of these seconds."""
    count = samples.shape[1]
    shape = np.ones(count, np.float32)
    rise, fall = min(count, count_of(attack)), min(count, count_of(release))
    if rise:
        shape[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise, dtype=np.float32)) ** 2
    if fall:
        shape[-fall:] *= np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32)) ** 2
    return samples * shape


def place(
    target: Samples, sound: Samples, at: float, *, gain: float = 1.0, pan: float = 0.5, wraps: bool = False
) -> None:
    """Adds a sound to `target` at a moment; what is beyond the end is cut off, or goes on at the beginning if it wraps."""
    sides = np.array([[np.cos(pan * np.pi / 2)], [np.sin(pan * np.pi / 2)]], np.float32) * (gain * np.sqrt(2))
    both = sound * sides if sound.shape[0] == 1 else sound * np.float32(gain)
    start, length = count_of(at), target.shape[1]
    fits = max(0, min(both.shape[1], length - start))
    target[:, start : start + fits] += both[:, :fits]
    if wraps and fits < both.shape[1]:
        rest = both[:, fits : fits + length]
        target[:, : rest.shape[1]] += rest


def in_a_room(
    samples: Samples, seconds: float, rng: np.random.Generator, *, share: float, wraps: bool = False
) -> Samples:
    """With the echo of a room of this reverberation time; `share` is how much of it is heard."""
    tail = count_of(seconds)
    decay = np.exp(-6.9 * np.arange(tail, dtype=np.float32) / tail)
    echo = rng.standard_normal((CHANNELS, tail), np.float32) * decay
    echo[:, : count_of(0.012)] = 0
    echo /= np.sqrt(np.sum(echo**2, axis=1, keepdims=True))
    count = samples.shape[1] if wraps else samples.shape[1] + tail
    size = count if wraps else 1 << (count - 1).bit_length()
    if wraps and tail > size:
        echo = echo[:, :size]
    wet = np.fft.irfft(np.fft.rfft(samples, size, axis=1) * np.fft.rfft(echo, size, axis=1), size, axis=1)
    dry = np.pad(samples, ((0, 0), (0, count - samples.shape[1])))
    return (dry * (1 - share / 2) + wet[:, :count] * share).astype(np.float32)


def filtered(samples: Samples, curve: Sequence[tuple[float, float]]) -> Samples:
    """Through a filter: (hertz, decibels) as in `noise`. The end fits the beginning if it did before."""
    count = samples.shape[1]
    bins = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 1.0)
    hertz = np.log([max(1.0, point) for point, _ in curve])
    level = np.interp(np.log(bins), hertz, [decibels for _, decibels in curve])
    return np.fft.irfft(np.fft.rfft(samples, axis=1) * 10 ** (level / 20), count, axis=1).astype(np.float32)


def level(samples: Samples, decibels: float) -> Samples:
    """Brought to this root mean square, in decibels below the loudest possible; its peaks stay below that."""
    power = float(np.sqrt(np.mean(samples**2)))
    peak = float(np.max(np.abs(samples), initial=0.0))
    if not power:
        return samples
    return samples * np.float32(min(10 ** (decibels / 20) / power, 0.9 / peak))


def write(samples: Samples, to: Path) -> None:
    """As a WAV file of 16 bit."""
    with wave.open(str(to), "wb") as file:
        file.setnchannels(samples.shape[0])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(as_bytes(samples))


def as_bytes(samples: Samples) -> bytes:
    """As interleaved samples of 16 bit."""
    whole = np.clip(np.rint(samples * LOUDEST), -LOUDEST, LOUDEST).astype("<i2")
    return whole.T.tobytes()


def read(path: Path) -> Samples:
    """A WAV file of 16 bit, as two channels of 48 kHz.

    Raises: UnusableWave.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError) as error:
        raise UnusableWave(f"{path.name} is no WAV file.") from error
    if width != 2 or channels not in (1, 2):
        raise UnusableWave(f"{path.name} is no WAV file of 16 bit with one or two channels.")
    samples = np.frombuffer(raw, "<i2").reshape(-1, channels).T.astype(np.float32) / np.float32(LOUDEST)
    return np.broadcast_to(resampled(samples, rate), (CHANNELS, _resampled_count(samples.shape[1], rate)))


def resampled(samples: Samples, rate: int) -> Samples:
    """At 48 kHz, by its spectrum: exact, and the same every time."""
    if rate == RATE or not samples.shape[1]:
        return samples
    # The length must be a whole number of samples at both rates; silence around the sound keeps its ends apart.
    step = rate // int(np.gcd(rate, RATE))
    length = -(-(samples.shape[1] + rate // 10) // step) * step
    to_length = length // step * (RATE // int(np.gcd(rate, RATE)))
    spectrum = np.fft.rfft(samples, length, axis=1)
    made = np.fft.irfft(spectrum, to_length, axis=1) * (to_length / length)
    return _single(made[:, : _resampled_count(samples.shape[1], rate)])


def _resampled_count(count: int, rate: int) -> int:
    return round(count * RATE / rate)
