"""The effects of `effects.py`, made of tones and noise."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from agents.animatic.progress import Report
from agents.animatic.sound.orders import CHANNELS
from agents.animatic.sound.places import thunder
from agents.animatic.sound.synthesis import (
    Samples,
    chance,
    count_of,
    enveloped,
    in_a_room,
    level,
    noise,
    place,
    tone,
    write,
)

LOUDNESS = -26.0  # dBFS


def made(name: str, seed: str, to: Path, *, report: Report) -> None:
    """`orders.effect`."""
    report(0.0, f"Making {name}")
    write(level(_MAKERS[name](chance("effect", name, seed)), LOUDNESS), to)


def _silence(seconds: float) -> Samples:
    return np.zeros((CHANNELS, count_of(seconds)), np.float32)


def _thump(rng: np.random.Generator, seconds: float, hertz: float) -> Samples:
    return enveloped(
        noise(seconds, ((hertz / 3, -6), (hertz, 0), (hertz * 4, -14), (hertz * 20, -40)), rng, channels=1),
        0.002,
        seconds * 0.95,
    )


def _knock(rng: np.random.Generator) -> Samples:
    whole = _silence(0.9)
    for beat in range(3):
        place(whole, _thump(rng, 0.11, 260), 0.23 * beat)
    return in_a_room(whole, 0.5, rng, share=0.3)


def _door(rng: np.random.Generator) -> Samples:
    whole = _silence(1.2)
    creak = tone(210.0, 0.6, (1.0, 0.7, 0.6, 0.5, 0.4, 0.4)) * (
        noise(0.6, ((8, 0), (30, 0), (60, -30)), rng, channels=1) ** 2
    )
    place(whole, enveloped(creak, 0.1, 0.2), 0.0, gain=0.15)
    place(whole, _thump(rng, 0.3, 110), 0.65, gain=1.2)
    return in_a_room(whole, 0.6, rng, share=0.3)


def _bell(rng: np.random.Generator) -> Samples:
    whole = _silence(3.0)
    for ratio, strength in ((0.5, 0.4), (1.0, 1.0), (1.19, 0.6), (1.5, 0.4), (2.0, 0.5), (2.66, 0.3), (3.76, 0.2)):
        place(whole, tone(523.0 * ratio, 3.0, (strength,), decay=1.0 / ratio), 0.0)
    return in_a_room(enveloped(whole, 0.002, 0.8), 1.2, rng, share=0.3)


def _telephone(rng: np.random.Generator) -> Samples:
    whole = _silence(2.2)
    for ring in (0.0, 1.1):
        for beat in range(14):
            place(whole, tone(1_150.0, 0.05, (1.0, 0.3, 0.2), decay=0.05), ring + beat * 0.05)
    return in_a_room(whole, 0.5, rng, share=0.2)


def _splash(rng: np.random.Generator) -> Samples:
    return in_a_room(
        enveloped(noise(1.3, ((100, -8), (600, 0), (3_000, -2), (10_000, -12)), rng), 0.02, 1.2), 0.6, rng, share=0.2
    )


def _explosion(rng: np.random.Generator) -> Samples:
    return in_a_room(
        enveloped(noise(2.6, ((20, 0), (70, 0), (400, -12), (3_000, -30)), rng), 0.005, 2.5), 1.5, rng, share=0.3
    )


def _steps(rng: np.random.Generator) -> Samples:
    whole = _silence(2.2)
    for beat in range(4):
        place(whole, _thump(rng, 0.09, 190), 0.52 * beat, gain=float(rng.uniform(0.7, 1.0)), pan=0.35 + 0.1 * beat)
    return in_a_room(whole, 0.4, rng, share=0.25)


def _crash(rng: np.random.Generator) -> Samples:
    whole = _silence(1.6)
    place(whole, _thump(rng, 0.2, 400), 0.0)
    for _ in range(30):
        shard = tone(float(rng.uniform(2_500, 7_000)), 0.2, (1.0, 0.3), decay=0.05)
        place(
            whole,
            shard,
            float(rng.exponential(0.2)) % 1.3,
            gain=float(rng.uniform(0.05, 0.3)),
            pan=float(rng.uniform()),
        )
    return in_a_room(whole, 0.5, rng, share=0.2)


def _whoosh(rng: np.random.Generator) -> Samples:
    return enveloped(noise(2.4, ((60, -10), (400, 0), (1_800, -6), (7_000, -20)), rng), 1.1, 1.2)


_MAKERS: dict[str, Callable[[np.random.Generator], Samples]] = {
    "knock": _knock,
    "door": _door,
    "bell": _bell,
    "telephone": _telephone,
    "thunder": thunder,
    "splash": _splash,
    "explosion": _explosion,
    "steps": _steps,
    "crash": _crash,
    "whoosh": _whoosh,
}
