"""Speech engines that are programs of their own: a text file in, a WAV file out (flite.py, piper.py)."""

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from typing import Final

from agents.animatic.progress import Report
from agents.animatic.sound.spoken_words import plain, speakable
from agents.animatic.sound.waves import seconds_of, write_silence
from agents.contract import AgentError
from agents.studio import children
from agents.studio.contract import Recording, ToSay
from agents.studio.offline.speech import OfflineSpeech
from agents.studio.recordings import conform

CPU_SECONDS: Final = 120  # of one line; Piper's largest voices take about ten
SECONDS_PER_LINE: Final = 300.0  # of waiting, on a busy machine
MEMORY_BYTES: Final = 4 * 1024**3
WAVE_BYTES: Final = 64 * 1024**2  # a minute and a half of stereo at 96 kHz


class ProgramSpeech(ABC):
    """A SpeechStudio on such a program. Lines in a language that it does not know are eSpeak NG's, where that is installed.

    The engines do not say when which word is heard: that is taken from its place in the line.
    """

    engine: str  # its name, for people

    @abstractmethod
    def missing(self) -> str:
        """What it lacks to work, or ""."""

    @abstractmethod
    def knows(self, language: str) -> bool:
        """Whether it has a voice for the language (ISO 639-1)."""

    @abstractmethod
    def command(self, line: ToSay, *, text: Path, to: Path) -> Sequence[str]:
        """The program and its arguments: says what is in the file `text` as a WAV file `to`."""

    def speak(self, lines: Sequence[ToSay], *, folder: Path, report: Report) -> list[Recording]:
        """A recording of each line: the same for the same lines.

        Raises: AgentError; whatever `report` raises, with the program killed.
        """
        if wrong := self.missing():
            raise AgentError(wrong)
        recordings = []
        for number, line in enumerate(lines):
            words = f"Speaking line {number + 1} of {len(lines)}"
            share = number / len(lines)
            recordings.append(self._spoken(line, folder / f"{number}.wav", _at(report, share, words)))
        report(1.0, "Speaking")
        return recordings

    def _spoken(self, line: ToSay, to: Path, report: Report) -> Recording:
        text = speakable(line.text).strip()
        if not text:
            write_silence(to)
            return Recording(to, 0.0)
        raw = to.with_suffix(".raw.wav")
        try:
            self._say(line, text, raw, report)
            conform(raw, to, report)
        finally:
            raw.unlink(missing_ok=True)
        return Recording(to, seconds_of(to))

    def _say(self, line: ToSay, text: str, raw: Path, report: Report) -> None:
        espeak = OfflineSpeech()
        if not self.knows(line.language) and not espeak.missing():
            folder = raw.with_suffix(".espeak")
            folder.mkdir()
            (recording,) = espeak.speak([line], folder=folder, report=report)
            recording.path.replace(raw)
            return
        try:
            self._run(line, text, raw, report)
        except _NothingSaid:
            self._run(line, plain(text), raw, report)  # it may have stumbled over a sign

    def _run(self, line: ToSay, text: str, raw: Path, report: Report) -> None:
        """Raises: AgentError when the program ends badly or too late, or says nothing; whatever `report` raises."""
        source = raw.with_suffix(".txt")
        source.write_text(f"{text}\n", encoding="utf-8")
        command = [*children.prefix(), *_limits(), *self.command(line, text=source, to=raw)]
        deadline = time.monotonic() + SECONDS_PER_LINE
        with children.started(command, None, {}) as child:
            for _ in children.output(child):
                report(0.0, "")
                if time.monotonic() > deadline:
                    raise AgentError(f"{self.engine} took far too long and was stopped. Try again.", retryable=True)
            status = child.wait()
        if status or not raw.is_file():
            raise _NothingSaid(
                f"{self.engine} could not speak a line (exit status {status}). Try again, or set STUDIO_SPEECH=offline.",
                retryable=True,
            )


class _NothingSaid(AgentError):
    """The program ended without a recording."""


def program(name: str) -> str | None:
    """Where a program is: that of our own environment first, for others may have the same name."""
    return which(name, path=str(Path(sys.executable).parent)) or which(name)


def _limits() -> tuple[str, ...]:
    prlimit = which("prlimit")
    if not prlimit:
        return ()
    sizes = (f"--data={MEMORY_BYTES}", f"--fsize={WAVE_BYTES}", f"--cpu={CPU_SECONDS}", "--core=0")
    return (prlimit, *sizes, "--")


def _at(report: Report, share: float, words: str) -> Report:
    return lambda _share, _words: report(share, words)
