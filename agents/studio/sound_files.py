"""Sound files on their way between agents: small (AAC) where they are kept, WAV where they are mixed."""

import wave
from pathlib import Path

from agents.animatic.progress import Report
from agents.animatic.sound.orders import RATE
from agents.animatic.sound.waves import seconds_of
from agents.contract import ArtifactKind, Job
from agents.studio import ffmpeg

SUFFIX, MEDIA_TYPE = ".m4a", "audio/mp4"
SHAPE = ("-ac", "2", "-ar", str(RATE))
REPRODUCIBLE = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact")


def keep_sound(job: Job, made: Path, *, name: str, report: Report, words: str) -> str:
    """Keeps a WAV file, compressed to a seventh. Returns the artifact's id."""
    to = made.with_name(f"{name}{SUFFIX}")
    encoding = ("-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart")
    arguments = [*ffmpeg.source(made), *SHAPE, *encoding, *REPRODUCIBLE]
    ffmpeg.run(arguments, to=to, seconds=seconds_of(made), report=report, words=words)
    return job.keep(to, name=to.name, kind=ArtifactKind.AUDIO, media_type=MEDIA_TYPE)


def as_wave(kept: Path, to: Path, *, report: Report) -> float:
    """Unpacks a kept sound as WAV: stereo, 48 kHz, 16 bit. Returns its length.

    Raises: AgentError.
    """
    arguments = [*ffmpeg.source(kept), "-map", "0:a:0", *SHAPE, "-c:a", "pcm_s16le", *REPRODUCIBLE]
    ffmpeg.run(arguments, to=to, seconds=60.0, report=report, words="Listening to the sounds")
    return seconds_of(to)


def is_wave(path: Path) -> bool:
    """Whether it may be mixed as it is."""
    try:
        with wave.open(str(path), "rb") as file:
            return file.getsampwidth() == 2 and file.getnchannels() <= 2
    except (wave.Error, EOFError):
        return False
