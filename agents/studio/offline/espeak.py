"""The program that speaks with eSpeak NG: `python -I espeak.py ORDER`. Reads a JSON file, writes a WAV file for each line.

eSpeak NG stands under the GPL, Callboard under the MIT licence. So its library is loaded by this program only, in a process of
its own, which gets files and gives files; nothing of Callboard is imported here, and no other module may import this one.
A new process for each order also makes its sound reproducible: the library's oscillators and its noise go on from where the
text before left them.

The order: `{"folder": …, "most_seconds": …, "lines": [{"text", "voice", "rate", "pitch", "range"}, …]}`. The folder gets 0.wav,
1.wav, … (mono, 16 bit, 22,050 Hz) and spoken.json: `[{"seconds": …, "words": [[place in the text, seconds], …]}, …]`.
Exit status 3: the package espeakng-loader is missing.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
import wave
from array import array
from pathlib import Path
from typing import Any

CPU_SECONDS = 20  # for one order: what is said in a shot takes some hundredths
MEGABYTES = 256
SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS of speak_lib.h
NO_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT
UTF8 = 1  # espeakCHARS_UTF8. Neither espeakSSML nor espeakPHONEMES: text is text, whatever it looks like
WORD, LIST_TERMINATED = 1, 0  # of espeak_EVENT_TYPE
RATE, PITCH, RANGE = 1, 3, 4  # of espeak_PARAMETER
SILENCE = 90  # of 32,767; what is fainter at both ends of a line is cut off
LOUDNESS = 3_400.0  # the root mean square to which each line is brought: voices differ by 12 dB
LOUDEST = 30_000


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # in characters, from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # milliseconds
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class _Speaker:
    """The library, and what it has said."""

    def __init__(self, most_seconds: float) -> None:
        import espeakng_loader  # noqa: PLC0415 - what is missing is said by the exit status

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate = self._library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), NO_EXIT)
        if self.rate <= 0:
            raise RuntimeError("eSpeak NG does not start.")
        self._most_bytes = 2 * round(most_seconds * self.rate)
        self._heard = bytearray()
        self._words: list[tuple[int, float]] = []
        self._callback = _Callback(self._take)  # kept: the library calls it later
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, line: dict[str, Any]) -> tuple[array[int], list[tuple[int, float]]]:
        """The samples of a line, and when its words begin: (place in the text, seconds)."""
        self._heard.clear()
        self._words.clear()
        self._library.espeak_SetVoiceByName(str(line["voice"]).encode())
        for parameter, name in ((RATE, "rate"), (PITCH, "pitch"), (RANGE, "range")):
            self._library.espeak_SetParameter(parameter, int(line[name]), 0)
        text = str(line["text"]).encode() + b"\0"
        self._library.espeak_Synth(text, len(text), 0, 1, 0, UTF8, None, None)
        self._library.espeak_Synchronize()
        return array("h", bytes(self._heard)), list(self._words)

    def _take(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401 - pointers
        if samples and count > 0:
            self._heard += ctypes.string_at(samples, 2 * count)
        number = 0
        while events[number].type != LIST_TERMINATED:
            if events[number].type == WORD:
                self._words.append((events[number].text_position - 1, events[number].audio_position / 1_000))
            number += 1
        return int(len(self._heard) > self._most_bytes)  # 1 ends it


def _trimmed(samples: array[int]) -> tuple[int, int]:
    """From where until where something is heard."""
    start, end = 0, len(samples)
    while start < end and -SILENCE < samples[start] < SILENCE:
        start += 1
    while end > start and -SILENCE < samples[end - 1] < SILENCE:
        end -= 1
    return start, end


def _levelled(samples: array[int]) -> array[int]:
    """As loud as every other line, as far as its peaks allow."""
    if not samples:
        return samples
    heard = [sample for sample in samples if not -SILENCE < sample < SILENCE]
    power = sum(sample * sample for sample in heard) / max(1, len(heard))
    peak = max(max(samples), -min(samples), 1)
    gain = min(LOUDNESS / max(1.0, power**0.5), LOUDEST / peak)
    return array("h", [round(sample * gain) for sample in samples])


def _written(samples: array[int], rate: int, to: Path) -> None:
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(to), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES * 1024 * 1024,) * 2)


def main() -> int:
    """Says all lines of the order."""
    _limited()
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(order["folder"])
    try:
        speaker = _Speaker(order["most_seconds"])
    except ImportError:
        return 3
    spoken = []
    for number, line in enumerate(order["lines"]):
        samples, words = speaker.say(line)
        start, end = _trimmed(samples)
        _written(_levelled(samples[start:end]), speaker.rate, folder / f"{number}.wav")
        lead = start / speaker.rate
        marks = [(place, max(0.0, moment - lead)) for place, moment in words]
        spoken.append({"seconds": (end - start) / speaker.rate, "words": marks})
    (folder / "spoken.json").write_text(json.dumps(spoken), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
