"""Ears for the tests: what a recording sounds like, by measure."""

import re
import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.studio import ffmpeg

Samples = NDArray[np.float64]

AUDIBLE = 0.01  # of the largest sample


def heard(path: Path) -> tuple[Samples, int]:
    """The samples of a WAV file as one channel, and how many there are in a second."""
    with wave.open(str(path), "rb") as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return raw.reshape(-1, file.getnchannels()).mean(axis=1) / 32_767, file.getframerate()


def decoded(path: Path, rate: int = 48_000) -> Samples:
    """The sound of any file, as one channel."""
    command = [ffmpeg.executable(), "-v", "error", "-i", str(path), "-map", "0:a", "-ac", "1", "-ar", str(rate)]
    raw = subprocess.run([*command, "-f", "s16le", "-"], capture_output=True, check=True, timeout=60).stdout
    return np.frombuffer(raw, "<i2") / 32_767


def strength(samples: Samples) -> float:
    """The root mean square; 0.0 without samples."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def pitch(path: Path) -> float:
    """The pitch of a voice in hertz: the middle of those of its loud parts, by their autocorrelation."""
    samples, rate = heard(path)
    size = rate // 20
    found = []
    for start in range(0, len(samples) - size, size // 2):
        part = samples[start : start + size] - samples[start : start + size].mean()
        if strength(part) < 0.5 * strength(samples):
            continue
        same = np.correlate(part, part, "full")[size - 1 :]
        lowest, highest = rate // 450, rate // 65
        period = lowest + int(np.argmax(same[lowest:highest]))
        if same[period] > 0.4 * same[0]:
            found.append(rate / period)
    return float(np.median(found))


def loudness(path: Path) -> tuple[float, float]:
    """The integrated loudness (LUFS) and the true peak (dBTP), as ffmpeg measures them (EBU R 128)."""
    command = [ffmpeg.executable(), "-hide_banner", "-nostats", "-i", str(path), "-map", "0:a"]
    measured = subprocess.run(
        [*command, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stderr
    summary = measured[measured.rindex("Summary:") :]
    integrated, peak = (re.findall(rf"{name}:\s+(-?[\d.]+|-?inf|nan)", summary)[-1] for name in ("I", "Peak"))
    return float(integrated), float(peak)
