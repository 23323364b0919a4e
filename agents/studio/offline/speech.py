"""The offline speech studio: eSpeak NG, as a program of its own (espeak.py says why)."""

import json
import logging
import signal
import sys
import time
from bisect import bisect_left
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agents.animatic.progress import Report
from agents.animatic.sound.spoken_words import plain, speakable
from agents.animatic.sound.voices import Voice
from agents.contract import AgentError
from agents.studio import children
from agents.studio.contract import Recording, ToSay

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("espeak.py")
WORDS_PER_MINUTE = 140  # about 15 characters a second
MOST_SECONDS = 90.0  # of one line; what comes after is not said
SECONDS_PER_ORDER = 120.0  # of waiting, on a busy machine; an order takes about 0.1 s
LIVELY = 55  # of 0-99: how far the pitch moves in a usual voice
MISSING = "eSpeak NG is missing: install the Python package espeakng-loader, or set STUDIO_SPEECH=off."
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL})
NO_LIBRARY = 3  # the program's exit status

# What the pitches 10, 30, 50, 70 and 95 of eSpeak NG are in hertz, measured for each of the timbres that are used. Those
# with breath in them sound worse after the loudness is levelled.
_SETTINGS = (10, 30, 50, 70, 95)
_HERTZ = {
    "": (79, 88, 104, 125, 163),
    "m1": (76, 84, 97, 115, 151),
    "m3": (83, 89, 107, 128, 166),
    "m7": (90, 97, 108, 128, 165),
    "Michael": (99, 104, 116, 135, 168),
    "f1": (128, 149, 179, 220, 290),
    "f4": (126, 147, 179, 220, 294),
    "f2": (140, 165, 195, 237, 311),
    "steph": (119, 146, 184, 235, 320),
    "anika": (182, 216, 262, 324, 432),
    "Reed": (91, 101, 118, 143, 184),
}
_MEN, _WOMEN, _CHILDREN = ("m3", "", "m7", "m1", "Michael"), ("f4", "f2", "steph", "f1"), ("anika", "f2", "f4")

# The languages of eSpeak NG 1.52 that have a two-letter code, except for those that it calls otherwise.
_NAMED = {"en": "en-us", "zh": "cmn", "no": "nb", "pt": "pt-br", "nn": "nb", "tl": "en-us", "yi": "he"}
_LANGUAGES = frozenset(
    [
        "af",
        "am",
        "an",
        "ar",
        "as",
        "az",
        "ba",
        "be",
        "bg",
        "bn",
        "bs",
        "ca",
        "cs",
        "cv",
        "cy",
        "da",
        "de",
        "el",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "fi",
        "fo",
        "fr",
        "ga",
        "gd",
        "gn",
        "gu",
        "he",
        "hi",
        "hr",
        "ht",
        "hu",
        "hy",
        "ia",
        "id",
        "io",
        "is",
        "it",
        "ja",
        "ka",
        "kk",
        "kl",
        "kn",
        "ko",
        "ku",
        "ky",
        "la",
        "lb",
        "lt",
        "lv",
        "mi",
        "mk",
        "ml",
        "mr",
        "ms",
        "mt",
        "my",
        "nb",
        "ne",
        "nl",
        "om",
        "or",
        "pa",
        "pl",
        "pt",
        "qu",
        "ro",
        "ru",
        "sd",
        "si",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "ti",
        "tk",
        "tr",
        "tt",
        "ug",
        "uk",
        "ur",
        "uz",
        "vi",
    ]
)


class OfflineSpeech:
    """A SpeechStudio that needs no key and no network."""

    def missing(self) -> str:
        """The package that carries eSpeak NG, if it is not there."""
        return "" if find_spec("espeakng_loader") else MISSING

    def speak(self, lines: Sequence[ToSay], *, folder: Path, report: Report) -> list[Recording]:
        """A recording of each line: the same bytes for the same lines.

        Raises: AgentError; whatever `report` raises, with the program killed.
        """
        wanted = [_line(line) for line in lines]
        try:
            _spoken(wanted, folder, report)
        except _Crashed:
            log.warning("eSpeak NG crashed; once more without punctuation.")
            _spoken([{**line, "text": plain(line["text"])} for line in wanted], folder, report)
        spoken: list[dict[str, Any]] = json.loads((folder / "spoken.json").read_text(encoding="utf-8"))
        return [
            Recording(folder / f"{number}.wav", said["seconds"], [(place, moment) for place, moment in said["words"]])
            for number, said in enumerate(spoken)
        ]


class _Crashed(AgentError):
    """The process that speaks crashed on this text."""


def _spoken(lines: list[dict[str, Any]], folder: Path, report: Report) -> None:
    order = folder / "order.json"
    wanted = {"folder": str(folder), "most_seconds": MOST_SECONDS, "lines": lines}
    order.write_text(json.dumps(wanted), encoding="utf-8")
    _run([*children.prefix(), sys.executable, "-I", str(PROGRAM), str(order)], report)


def _line(line: ToSay) -> dict[str, Any]:
    voice = line.voice
    timbre = _timbre(voice)
    return {
        "text": speakable(line.text),
        "voice": "+".join(filter(None, (_language(line.language, voice), timbre))),
        "rate": round(WORDS_PER_MINUTE * voice.pace * line.pace),
        "pitch": _pitch(timbre, voice.pitch),
        "range": round(LIVELY * voice.liveliness),
    }


def _language(language: str, voice: Voice) -> str:
    """The narrator of an English film is British, so that nobody takes him for one of the cast."""
    if language == "en" and voice.is_narrator:
        return "en-gb"
    return _NAMED.get(language) or (language if language in _LANGUAGES else _NAMED["en"])


def _timbre(voice: Voice) -> str:
    if voice.liveliness == 0:
        return "Reed"
    grown = _MEN if voice.gender == "male" else _WOMEN
    timbres = _CHILDREN if voice.is_child else grown
    return timbres[voice.variant % len(timbres)]


def _pitch(timbre: str, hertz: float) -> int:
    """The setting by which a timbre has this pitch: between the two measured ones."""
    measured = _HERTZ[timbre]
    upper = min(max(bisect_left(measured, hertz), 1), len(measured) - 1)
    share = (hertz - measured[upper - 1]) / (measured[upper] - measured[upper - 1])
    low, high = _SETTINGS[upper - 1], _SETTINGS[upper]
    return min(99, max(0, round(low + (high - low) * share)))


def _run(command: Sequence[str], report: Report) -> None:
    """Raises: AgentError when the program ends badly or too late; whatever `report` raises."""
    deadline = time.monotonic() + SECONDS_PER_ORDER
    words = "Speaking"
    report(0.0, words)
    with children.started(command, None, {}) as child:
        for _ in children.output(child):
            report(0.5, words)
            if time.monotonic() > deadline:
                raise AgentError("Speaking took far too long and was stopped. Try again.", retryable=True)
        status = child.wait()
    if status == NO_LIBRARY:
        raise AgentError(MISSING)
    if -status in _CRASHES:
        raise _Crashed("The process that speaks crashed. Try again, or change the wording.", retryable=True)
    if status:
        raise AgentError("The process that speaks died or ran out of time or memory. Try again.", retryable=True)
    report(1.0, words)
