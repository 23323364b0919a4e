"""Speech with Piper: neural voices, which the operator downloads into PIPER_VOICES. `STUDIO_SPEECH=piper`.

The package piper-tts stands under the GPL-3.0, Callboard under the MIT licence: it is run as a program, never imported.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
from django.conf import settings
from msgspec import Meta, Struct, field

from agents.animatic.sound.voices import Voice
from agents.studio.contract import ToSay
from agents.studio.offline.speech_program import ProgramSpeech, program

MISSING: Final = "Piper is missing: install the Python package piper-tts, or set STUDIO_SPEECH=offline or off."
NO_VOICES: Final = "PIPER_VOICES holds no voice: it needs a folder with NAME.onnx and NAME.onnx.json of each."
MOST_VOICES: Final = 200
CONFIG_BYTES: Final = 4 * 1024 * 1024
FOLDERS: Final = ("female", "male", "child", "narrator")

Entry = TypeVar("Entry")


class _Espeak(Struct):
    voice: str = ""


class _Language(Struct):
    family: str = ""


class _Config(Struct):
    """What we read of a voice's NAME.onnx.json."""

    espeak: _Espeak = field(default_factory=_Espeak)
    language: _Language = field(default_factory=_Language)
    num_speakers: Annotated[int, Meta(ge=1)] = 1


class PiperVoice(Struct, frozen=True):
    """A voice, or one speaker of it. `kind` is one of FOLDERS; "" for anybody."""

    model: Path
    speaker: int
    language: str  # ISO 639-1
    kind: str


class PiperSpeech(ProgramSpeech):
    """Speaks with the program `piper` and the voices of PIPER_VOICES."""

    engine = "Piper"

    def missing(self) -> str:
        """The program, or voices for it."""
        if not program("piper"):
            return MISSING
        return "" if voices_in(settings.PIPER_VOICES) else NO_VOICES

    def knows(self, language: str) -> bool:
        """Whether one of the voices does."""
        return any(voice.language == language for voice in voices_in(settings.PIPER_VOICES))

    def command(self, line: ToSay, *, text: Path, to: Path) -> Sequence[str]:
        """Without noise: the same line sounds the same each time."""
        voice = chosen(line, voices_in(settings.PIPER_VOICES))
        length = f"{1 / max(0.25, line.voice.pace * line.pace):.3f}"
        scales = ("--length-scale", length, "--noise-scale", "0", "--noise-w-scale", "0")
        speaker = ("-s", str(voice.speaker))
        return (program("piper") or "piper", "-m", str(voice.model), *speaker, *scales, "-i", str(text), "-f", str(to))


def chosen(line: ToSay, voices: Sequence[PiperVoice]) -> PiperVoice:
    """The voice for a line: of its language first, then of its kind; one for each of those who are of one kind, as far as they go."""
    speaking = [voice for voice in voices if voice.language == line.language] or list(voices)
    kind = _kind(line.voice)
    fitting = [voice for voice in speaking if voice.kind == kind]
    open_to_all = [voice for voice in speaking if not voice.kind]
    return _turn(fitting or open_to_all or speaking, line.voice.variant)


def _kind(voice: Voice) -> str:
    if voice.is_narrator:
        return "narrator"
    return "child" if voice.is_child else voice.gender


def _turn(entries: Sequence[Entry], number: int) -> Entry:
    return entries[number % len(entries)]


def voices_in(folder: Path) -> list[PiperVoice]:
    """The voices in a folder and in those of FOLDERS below it, in the order of their names."""
    return [voice for kind in ("", *FOLDERS) for voice in _voices_of(folder / kind, kind)][:MOST_VOICES]


def _voices_of(folder: Path, kind: str) -> Iterator[PiperVoice]:
    for model in sorted(folder.glob("*.onnx")):
        config = _config(model.with_name(f"{model.name}.json"))
        if config is None:
            continue
        language = (config.language.family or config.espeak.voice)[:2].casefold()
        for speaker in range(min(config.num_speakers, MOST_VOICES)):
            yield PiperVoice(model, speaker, language, kind)


def _config(path: Path) -> _Config | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(CONFIG_BYTES), type=_Config)
    except (OSError, msgspec.DecodeError, UnicodeError):
        return None
