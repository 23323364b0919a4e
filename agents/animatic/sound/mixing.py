"""Mixes a film's sound, some seconds at a time: memory does not grow with the film. Music and ambience step back for speech.

Loudness is measured on the way, after ITU-R BS.1770-5 and EBU R 128: K-weighting, blocks of 400 ms, two gates.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.animatic.progress import Report
from agents.animatic.sound.orders import CHANNELS, RATE, MixOrder, Placed
from agents.animatic.sound.synthesis import Samples, as_bytes, count_of, read

CHUNK_SECONDS = 8
OVERLAP_SECONDS = 1.5  # of a repeated sound with itself
SPEECH_GAIN, AMBIENCE_GAIN, MUSIC_GAIN = 0.5, 0.5, 0.5
DUCKED_AMBIENCE, DUCKED_MUSIC = 0.55, 0.32  # what is left of them while somebody speaks: -5 and -10 dB
DUCK_SECONDS, RETURN_SECONDS = 0.25, 0.7  # how long it takes them to step back, and to come again
BRIDGE_SECONDS = 0.9  # pauses as short as this are no reason to come again
KEPT_FILES = 6  # that are read, and needed for more than one chunk

BLOCK_SECONDS, STEP_SECONDS = 0.4, 0.1
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0  # LUFS, LU
WARM_UP = RATE // 4  # samples by which the filter's memory reaches back


def mixed(order: MixOrder, to: Path, *, report: Report) -> float:
    """`orders.mix`."""
    meter = _Meter()
    _file.cache_clear()  # of another order, whose files may have had the same names
    with to.open("wb") as file:
        for start, count in _chunks(order.seconds):
            report(start / max(1, count_of(order.seconds)), "Mixing the sound")
            chunk = _chunk(order, start, count)
            file.write(as_bytes(chunk))
            meter.hear(chunk)
    return meter.loudness()


def _chunks(seconds: float) -> Iterator[tuple[int, int]]:
    whole, size = count_of(seconds), CHUNK_SECONDS * RATE
    for start in range(0, whole, size):
        yield start, min(size, whole - start)


def _chunk(order: MixOrder, start: int, count: int) -> Samples:
    moments = (start + np.arange(count)) / RATE
    quiet = _absence(order.spoken, moments)
    made = SPEECH_GAIN * _track(order.speech, start, count)
    made += AMBIENCE_GAIN * _track(order.ambience, start, count) * (DUCKED_AMBIENCE + (1 - DUCKED_AMBIENCE) * quiet)
    made += MUSIC_GAIN * _track(order.music, start, count) * (DUCKED_MUSIC + (1 - DUCKED_MUSIC) * quiet)
    return made


def _absence(spoken: Sequence[tuple[float, float]], moments: NDArray[np.float64]) -> Samples:
    """1.0 where nobody speaks, 0.0 where somebody does, and the way between."""
    first, last = moments[0] - RETURN_SECONDS, moments[-1] + DUCK_SECONDS
    near = [(start, end) for start, end in _bridged(spoken) if end >= first and start <= last]
    curve = np.ones(len(moments), np.float32)
    for start, end in near:
        points = (start - DUCK_SECONDS, start, end, end + RETURN_SECONDS)
        curve = np.minimum(curve, np.interp(moments, points, (1.0, 0.0, 0.0, 1.0)).astype(np.float32))
    return curve


@lru_cache(maxsize=2)
def _bridged(spoken: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    joined: list[tuple[float, float]] = []
    for start, end in spoken:
        if joined and start - joined[-1][1] < BRIDGE_SECONDS:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _track(sounds: Sequence[Placed], start: int, count: int) -> Samples:
    made = np.zeros((CHANNELS, count), np.float32)
    for sound in sounds:
        begin, end = count_of(sound.start), count_of(sound.start + sound.seconds)
        from_, until = max(begin, start), min(end, start + count)
        if from_ < until:
            made[:, from_ - start : until - start] += _part(sound, from_ - begin, until - begin, end - begin)
    return made


def _part(sound: Placed, from_: int, until: int, whole: int) -> Samples:
    """A stretch of a placed sound, which is `whole` samples long, with its fades."""
    samples = _file(str(sound.path), sound.is_repeated)
    places = np.arange(from_, until)
    if sound.is_repeated and samples.shape[1]:
        made = samples[:, places % samples.shape[1]]
    else:
        made = np.zeros((CHANNELS, until - from_), np.float32)
        there = samples[:, from_:until]
        made[:, : there.shape[1]] = there
    return made * (sound.gain * _fade(places, whole, sound)).astype(np.float32)


def _fade(places: NDArray[np.int64], whole: int, sound: Placed) -> NDArray[np.float64]:
    """Of equal power, so that two sounds that pass into each other are as loud as one."""
    rise = np.clip(places / max(1, count_of(sound.fade_in)), 0, 1) if sound.fade_in else 1.0
    fall = np.clip((whole - places) / max(1, count_of(sound.fade_out)), 0, 1) if sound.fade_out else 1.0
    made: NDArray[np.float64] = np.sin(np.pi / 2 * np.minimum(rise, fall) * np.ones(len(places)))
    return made


@lru_cache(maxsize=KEPT_FILES)
def _file(path: str, is_repeated: bool) -> Samples:  # noqa: FBT001 - a key of the cache
    samples = read(Path(path))
    overlap = count_of(OVERLAP_SECONDS)
    if not is_repeated or samples.shape[1] < 3 * overlap:
        return samples
    rise = np.sin(np.linspace(0, np.pi / 2, overlap, dtype=np.float32))
    body = samples[:, :-overlap].copy()
    body[:, :overlap] = body[:, :overlap] * rise + samples[:, -overlap:] * rise[::-1]
    return body


# --- loudness -------------------------------------------------------------------------------------


class _Meter:
    """Integrated loudness of what is heard, chunk by chunk."""

    def __init__(self) -> None:
        self._before = np.zeros((CHANNELS, WARM_UP), np.float32)
        self._rest = np.zeros(0)  # squares that do not fill a step yet
        self._steps: list[NDArray[np.float64]] = []  # of each step of 100 ms: the mean square, both channels together

    def hear(self, chunk: Samples) -> None:
        weighted = _k_weighted(np.concatenate((self._before, chunk), axis=1))[:, WARM_UP:]
        self._before = np.concatenate((self._before, chunk), axis=1)[:, -WARM_UP:]
        squares = np.concatenate((self._rest, np.sum(weighted**2, axis=0)))
        step = count_of(STEP_SECONDS)
        whole = len(squares) // step * step
        self._steps.append(squares[:whole].reshape(-1, step).mean(axis=1))
        self._rest = squares[whole:]

    def loudness(self) -> float:
        steps = np.concatenate(self._steps) if self._steps else np.zeros(0)
        size = round(BLOCK_SECONDS / STEP_SECONDS)
        if len(steps) < size:
            return float("-inf")
        blocks = np.convolve(steps, np.ones(size) / size, mode="valid")
        loud = blocks[_lufs(blocks) > ABSOLUTE_GATE]
        if not len(loud):
            return float("-inf")
        loud = loud[_lufs(loud) > _lufs(np.mean(loud)) + RELATIVE_GATE]
        return float(_lufs(np.mean(loud)))


def _lufs(power: NDArray[np.float64] | np.floating) -> NDArray[np.float64]:
    made: NDArray[np.float64] = -0.691 + 10 * np.log10(np.maximum(power, 1e-12))
    return made


def _k_weighted(samples: Samples) -> NDArray[np.float64]:
    """Through both filters of BS.1770, by their responses."""
    size = 1 << (samples.shape[1] + WARM_UP - 1).bit_length()
    made: NDArray[np.float64] = np.fft.irfft(np.fft.rfft(samples, size, axis=1) * _response(size), size, axis=1)
    return made[:, : samples.shape[1]]


@lru_cache(maxsize=4)
def _response(size: int) -> NDArray[np.complex128]:
    # The coefficients of BS.1770-5 for 48 kHz: a shelf for the head, and a high pass.
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    made: NDArray[np.complex128] = shelf * high
    return made
