"""Runs ffmpeg as a guest who may be shown the door: low priority, watched, bounded in time, leaving nothing half made.

No shell is involved: arguments reach ffmpeg as they are. It is killed as soon as `report` raises (see children.py).
What it makes gets its name only when it is whole.
"""

import re
import signal
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from agents.animatic.film import FRAMES_PER_SECOND, Size
from agents.animatic.progress import Report
from agents.contract import AgentError
from agents.studio import children

LEAST_SECONDS = 60.0  # allowed for any run, however short its film
SECONDS_PER_FILM_SECOND = 20.0  # allowed on top: about fifty times what a shot takes on an idle core
COMPLAINT_BYTES = 4_000  # of ffmpeg's last words

# Says how the colours are meant; without it browsers guess, and reds turn orange.
COLOURS = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"

ROOM_SECONDS = 20.0  # in which there may be room again, on the disk or in memory
_COMPLAINTS = (  # (what ffmpeg says, what it means to a person, whether trying again may help)
    ("No space left on device", "The disk is full. Free some space, then try again.", True),
    ("Cannot allocate memory", "There is not enough memory to work on the film. Try again later.", True),
    ("No such file or directory", "A picture or clip that is needed has gone missing.", False),
    ("Permission denied", "A picture or clip may not be read or written here.", False),
    ("Invalid data found", "A picture or clip is damaged or in a format that cannot be read.", False),
    ("received no packets", "A clip is shorter than it claims to be: a picture is missing from it.", False),
    ("moov atom not found", "A clip is damaged: it was never finished.", False),
)


def conform(size: Size) -> str:
    """The filters that bring any picture or film to the film's own size; what has it already passes untouched."""
    return (
        f"scale={size.width}:{size.height}:force_original_aspect_ratio=decrease:flags=lanczos"
        ":out_color_matrix=bt709:out_range=tv,"
        f"pad={size.width}:{size.height}:-1:-1,fps={FRAMES_PER_SECOND},setsar=1,format=yuv420p"
    )


def missing() -> str:
    """What is lacking to work, or ""."""
    try:
        executable()
    except RuntimeError:
        return "ffmpeg is missing: reinstall the Python package imageio-ffmpeg, or set IMAGEIO_FFMPEG_EXE."
    return ""


@cache
def executable() -> str:
    """The path of ffmpeg.

    Raises: RuntimeError when there is none.
    """
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def source(path: Path, *options: str) -> list[str]:
    """The arguments that open `path`, as a local file and nothing else (a playlist may name foreign addresses).

    Raises: AgentError when it is not there.
    """
    if not path.is_file():
        raise AgentError("A picture or clip that is needed has gone missing.")
    return ["-protocol_whitelist", "file,crypto,data", "-threads", "1", *options, "-i", f"file:{path}"]


def dissolve(below: str, above: str, *, start: float, seconds: float) -> str:
    """The filter that lets stream `above` appear over stream `below`, from `start` on, within `seconds`.

    Not `xfade`: it works in 4:4:4 only, which doubles the cost of whatever follows.
    """
    appear = f"format=yuva420p,fade=t=in:st={start:.4f}:d={seconds:.4f}:alpha=1"
    return f"[{above}]{appear}[{above}_in];[{below}][{above}_in]overlay=enable='gte(t,{start:.4f})':format=yuv420"


def vanish(above: str, below: str, *, seconds: float) -> str:
    """The filter that lets stream `above`, which is as long as `seconds`, vanish from the start of stream `below`."""
    return (
        f"[{above}]format=yuva420p,fade=t=out:st=0:d={seconds:.4f}:alpha=1[{above}_out];"
        f"[{below}][{above}_out]overlay=eof_action=pass:format=yuv420"
    )


def run(
    arguments: Sequence[str], *, to: Path, seconds: float, report: Report, words: str, folder: Path | None = None
) -> None:
    """Makes the file `to` of about `seconds` of film. `arguments` are inputs, filters and codecs, without the output.

    `report` is called about every 0.1 s with the share done and `words`. `folder` is where names inside filters are
    looked up. Blocks; call it from a thread that lives as long as the run.

    Raises: AgentError when ffmpeg fails or takes too long; whatever `report` raises, with ffmpeg killed.
    """
    part = to.with_name(f"{to.stem}.part{to.suffix}")
    command = [*children.prefix(), executable(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error"]
    command += ["-nostats", "-progress", "pipe:1", "-stats_period", str(children.TICK_SECONDS)]
    command += ["-filter_threads", "1", "-filter_complex_threads", "1", *arguments, f"file:{part}"]
    try:
        with children.started(command, folder, _environment(folder)) as child:
            _watch(child, seconds, report, words)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def _environment(folder: Path | None) -> dict[str, str]:
    """`folder` may bring its own fonts.conf."""
    return {"FONTCONFIG_FILE": str(folder / "fonts.conf")} if folder else {}


def _watch(child: subprocess.Popen[bytes], seconds: float, report: Report, words: str) -> None:
    """Reports until the child ends.

    Raises: AgentError when it ends badly or too late.
    """
    deadline = time.monotonic() + LEAST_SECONDS + seconds * SECONDS_PER_FILM_SECOND
    complaints: deque[int] = deque(maxlen=COMPLAINT_BYTES)
    done = 0.0
    report(done, words)
    for is_progress, chunk in children.output(child):
        if is_progress:
            done = _share_done(chunk, seconds, done)
        else:
            complaints.extend(chunk)
        report(done, words)
        if time.monotonic() > deadline:
            raise AgentError("The film work took far too long and was stopped. Try again.", retryable=True)
    _judge(child.wait(), bytes(complaints).decode(errors="replace"))
    report(1.0, words)


def _share_done(chunk: bytes, seconds: float, before: float) -> float:
    """The share of `seconds` that a piece of `-progress` output reports; never less than `before`."""
    times = re.findall(rb"out_time_us=(\d+)", chunk)
    if not times or seconds <= 0:
        return before
    return max(before, min(0.99, int(times[-1]) / 1_000_000 / seconds))


def _judge(status: int, complaint: str) -> None:
    """Turns a bad end into words."""
    if status == 0:
        return
    for sign, meaning, is_retryable in _COMPLAINTS:
        if sign in complaint:
            raise AgentError(meaning, retryable=is_retryable, retry_after=ROOM_SECONDS if is_retryable else None)
    if status < 0:
        name = signal.Signals(-status).name
        raise AgentError(f"The film work was stopped from outside ({name}). Try again.", retryable=True)
    raise AgentError(f"ffmpeg could not make the film: {_last_line(complaint)}")


def _last_line(complaint: str) -> str:
    """ffmpeg's last line of errors, without memory addresses and without the folders of this machine."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    if not lines:
        return "it did not say why."
    line = re.sub(r"@ 0x[0-9a-f]+", "", lines[-1])
    return re.sub(r"(?:/[^/\s:']+)+/", "", line)[:300]
