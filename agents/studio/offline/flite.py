"""Speech with flite (CMU; a licence like MIT's): English only, small, quick. `STUDIO_SPEECH=flite`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from agents.animatic.sound.voices import Voice
from agents.studio.contract import ToSay
from agents.studio.offline.speech_program import ProgramSpeech, program

MISSING: Final = (
    "flite is missing: install it (Debian and Ubuntu: apt-get install flite), or set STUDIO_SPEECH=offline or off."
)
# Voices of every build. The pitch of the first three can be set; "rms" has one of his own, of 105 Hz.
_WOMEN, _MEN, _NARRATOR = ("slt",), ("kal16", "rms", "awb"), "awb"


class FliteSpeech(ProgramSpeech):
    """Speaks with the program `flite`."""

    engine = "flite"

    def missing(self) -> str:
        """The program, if it is not there."""
        return "" if program("flite") else MISSING

    def knows(self, language: str) -> bool:
        """English."""
        return language == "en"

    def command(self, line: ToSay, *, text: Path, to: Path) -> Sequence[str]:
        """One voice, at the pitch and the pace of the line's."""
        voice = line.voice
        stretch = 1 / max(0.25, voice.pace * line.pace)
        sets = ("--setf", f"int_f0_target_mean={voice.pitch:.0f}", "--setf", f"duration_stretch={stretch:.3f}")
        return (program("flite") or "flite", "-voice", _name(voice), *sets, "-f", str(text), "-o", str(to))


def _name(voice: Voice) -> str:
    if voice.is_narrator:
        return _NARRATOR
    names = _WOMEN if voice.gender == "female" or voice.is_child else _MEN
    return names[voice.variant % len(names)]
