"""Recordings of speech as an engine gave them, brought to our shape: mono, 16 bit, one rate, no silence at the ends, equally loud."""

from pathlib import Path
from typing import Final

from agents.animatic.progress import Report
from agents.studio import ffmpeg

SAMPLES_PER_SECOND: Final = 24_000
MOST_SECONDS: Final = 90.0  # of one line; what comes after is not heard
# Silence at both ends goes, and all lines become equally loud; in numbers of the offline voices.
_CONFORM: Final = (
    "aformat=channel_layouts=mono,silenceremove=start_periods=1:start_threshold=-50dB,areverse,"
    "silenceremove=start_periods=1:start_threshold=-50dB,areverse,speechnorm=e=4:p=0.8"
)


def conform(raw: Path, to: Path, report: Report) -> None:
    """Our shape, whatever format the engine chose.

    Raises: AgentError when it is no recording; whatever `report` raises.
    """
    arguments = [*ffmpeg.source(raw), "-map", "0:a:0", "-af", _CONFORM, "-t", str(MOST_SECONDS)]
    arguments += ["-ar", str(SAMPLES_PER_SECOND), "-c:a", "pcm_s16le", "-map_metadata", "-1", "-fflags", "+bitexact"]
    ffmpeg.run(arguments, to=to, seconds=MOST_SECONDS, report=report, words="")
