"""Listens to finished films by measure: how long who speaks, loudness, true peak, how much is silence; and draws the sound.

    python -m benchmarks.soundtrack FILM.mp4 --captions captions.vtt --picture sound.png

Who speaks is read off the captions, which stand while their words are heard. Loudness and true peak as in EBU R 128.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import imageio_ffmpeg

SILENCE = "-50dB"
SILENCE_SECONDS = 0.3
PICTURE = "1200x160"
NARRATOR = "narrator"

_CUE = re.compile(r"^(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\n(?:<v ([^>]+)>)?", re.MULTILINE)

Json = dict[str, Any]


def main() -> int:
    """Prints the measures of a film as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("film", type=Path)
    parser.add_argument("--captions", type=Path, help="its WebVTT file, to tell who speaks")
    parser.add_argument("--picture", type=Path, help="where the waveform and the spectrogram are drawn (PNG)")
    given = parser.parse_args()
    measures = measured(given.film)
    if given.captions:
        measures["spoken_seconds"] = spoken(given.captions.read_text(encoding="utf-8"))
    if given.picture:
        draw(given.film, given.picture)
    sys.stdout.write(json.dumps(measures, indent=1, ensure_ascii=False) + "\n")
    return 0


def measured(film: Path) -> Json:
    """Length, loudness (LUFS), loudness range, true peak (dBTP), and the share of silence."""
    filters = f"ebur128=peak=true,silencedetect=n={SILENCE}:d={SILENCE_SECONDS}"
    said = _ffmpeg("-i", str(film), "-map", "0:a", "-af", filters, "-f", "null", "-")
    summary = said[said.rindex("Integrated loudness:") :]
    hours, minutes, seconds = re.findall(r"Duration: (\d+):(\d+):([\d.]+)", said)[0]
    length = int(hours) * 3_600 + int(minutes) * 60 + float(seconds)
    silence = sum(map(float, re.findall(r"silence_duration: ([\d.]+)", said)))
    return {
        "seconds": length,
        "lufs": _number(summary, r"I:\s+(\S+) LUFS"),
        "range_lu": _number(summary, r"LRA:\s+(\S+) LU"),
        "true_peak": _number(summary, r"Peak:\s+(\S+) dBFS"),
        "silence_share": round(silence / length, 3),
    }


def spoken(webvtt: str) -> dict[str, float]:
    """For how many seconds each character's captions stand; those without a name are the narrator's."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for found in _CUE.findall(webvtt):
        start, end = (int(h) * 3_600 + int(m) * 60 + float(s) for h, m, s in (found[:3], found[3:6]))
        seconds[found[6] or NARRATOR] += end - start
    return {name: round(length, 1) for name, length in sorted(seconds.items(), key=lambda each: -each[1])}


def draw(film: Path, to: Path) -> None:
    """The waveform above the spectrogram."""
    size = f"s={PICTURE}"
    graph = (
        f"[0:a]aformat=channel_layouts=mono,asplit[a][b];[a]showwavespic={size}:colors=0x4a7dff:scale=sqrt,format=rgb24[wave];"
        f"[b]showspectrumpic={size}:legend=0:stop=10000:scale=log:color=viridis,format=rgb24[spectrum];[wave][spectrum]vstack"
    )
    _ffmpeg("-y", "-i", str(film), "-filter_complex", graph, "-frames:v", "1", str(to))


def _number(text: str, pattern: str) -> float:
    return float(re.findall(pattern, text)[-1])


def _ffmpeg(*arguments: str) -> str:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


if __name__ == "__main__":
    sys.exit(main())
