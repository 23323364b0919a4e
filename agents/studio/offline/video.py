"""Moves a camera over still frames: the offline video studio.

The camera is a window that glides over the still by fractions of a pixel. ffmpeg's `zoompan` cannot do that: it
rounds to whole pixels, and even on a four times enlarged still its steps are eight times rougher than here.
"""

from dataclasses import dataclass
from pathlib import Path

from agents.animatic.film import FRAME_HEIGHT, FRAME_WIDTH, FRAMES_PER_SECOND, CameraMove, Shot
from agents.animatic.progress import Report
from agents.studio import ffmpeg

PUSH_PER_SECOND = 0.035  # growth of the picture in a push or pull
PUSH_RANGE = (0.08, 0.22)
PAN_PER_SECOND = 0.04  # of the picture's width, or height in a tilt
PAN_RANGE = (0.10, 0.20)
DRIFT = 0.025  # growth of the picture in a shot that holds: alive, but not a move
STEADY = 0.3  # share of the move at even speed; the rest eases in and out
DISSOLVE_SHARE = 0.25  # of the shot, spent going from the first frame to the last
DISSOLVE_LONGEST = 0.4  # seconds; longer, and a face has four eyes for longer than one likes
DISSOLVE_MIDDLE = 0.62  # where in the shot it is half done


@dataclass(frozen=True, slots=True)
class Window:
    """What the camera sees: the left, the top and the width, as shares of the still. The height follows."""

    left: float
    top: float
    width: float


class OfflineVideo:
    """A VideoStudio that needs nothing but ffmpeg."""

    def missing(self) -> str:
        """What it lacks to work, or ""."""
        return ffmpeg.missing()

    def clip(self, shot: Shot, *, first: Path, last: Path | None, style: str, to: Path, report: Report) -> float:  # noqa: ARG002 - the stills carry the style
        """The shot as an MP4 at `to`: near lossless, for it is encoded once more in the edit. Returns its seconds."""
        frames = max(1, round(shot.seconds * FRAMES_PER_SECOND))
        start, end = camera_path(shot.move, shot.seconds)
        canvas_width = _even(FRAME_WIDTH / min(start.width, end.width))
        stills = [first] if last is None else [first, last]
        chain = (
            f"{_stills(len(stills), canvas_width, frames)};[still]{_glide(start, end, frames)},{ffmpeg.COLOURS}[out]"
        )
        arguments = [part for still in stills for part in ffmpeg.source(still, "-framerate", str(FRAMES_PER_SECOND))]
        arguments += ["-filter_complex", chain, "-map", "[out]", "-frames:v", str(frames)]
        arguments += [
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-crf",
            "15",
            "-threads",
            "1",
            "-movflags",
            "+faststart",
        ]
        seconds = frames / FRAMES_PER_SECOND
        ffmpeg.run(arguments, to=to, seconds=seconds, report=report, words=_words(shot))
        return seconds


def camera_path(move: CameraMove, seconds: float) -> tuple[Window, Window]:
    """Where the camera starts and where it ends; longer shots go further, so that the speed stays natural."""
    push = _between(PUSH_RANGE, PUSH_PER_SECOND * seconds)
    pan = _between(PAN_RANGE, PAN_PER_SECOND * seconds)
    whole, near, drifted = Window(0, 0, 1), _centred(push), _centred(DRIFT)
    left, right = Window(0, pan / 2, 1 - pan), Window(pan, pan / 2, 1 - pan)
    high, low = Window(pan / 2, 0, 1 - pan), Window(pan / 2, pan, 1 - pan)
    paths: dict[CameraMove, tuple[Window, Window]] = {
        "hold": (whole, drifted),
        "push_in": (whole, near),
        "pull_out": (near, whole),
        "pan_left": (right, left),
        "pan_right": (left, right),
        "tilt_up": (low, high),
        "tilt_down": (high, low),
    }
    return paths[move]


def _centred(growth: float) -> Window:
    """The middle of the still, enlarged by `growth`."""
    width = 1 / (1 + growth)
    return Window((1 - width) / 2, (1 - width) / 2, width)


def _between(limits: tuple[float, float], value: float) -> float:
    return min(max(value, limits[0]), limits[1])


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)


def _stills(count: int, canvas_width: int, frames: int) -> str:
    """The stills as one stream [still] of `frames` frames, large enough that the camera never enlarges a pixel."""
    canvas_height = _even(canvas_width * FRAME_HEIGHT / FRAME_WIDTH)
    fit = (
        f"scale={canvas_width}:{canvas_height}:force_original_aspect_ratio=increase:flags=lanczos"
        f":out_color_matrix=bt709:out_range=tv,crop={canvas_width}:{canvas_height},setsar=1,format=yuv420p"
        f",loop=loop={frames}:size=1"
    )
    if count == 1:
        return f"[0:v]{fit}[still]"
    seconds = frames / FRAMES_PER_SECOND
    length = min(DISSOLVE_LONGEST, DISSOLVE_SHARE * seconds)
    offset = DISSOLVE_MIDDLE * seconds - length / 2
    return f"[0:v]{fit}[a];[1:v]{fit}[b];{ffmpeg.dissolve('a', 'b', start=offset, seconds=length)}[still]"


def _glide(start: Window, end: Window, frames: int) -> str:
    """The filter that looks through the gliding window.

    `perspective` maps the whole canvas onto itself by its corners, in 1/256 pixel. The corners are set so that the
    window lands in the top left 1280x720, which is then cut out.
    """
    even = f"(on-1)/{max(frames - 1, 1)}"
    part = f"({STEADY}*{even}+{1 - STEADY}*(0.5-0.5*cos(PI*{even})))"
    left = f"W*({start.left}+{end.left - start.left}*{part})"
    top = f"H*({start.top}+{end.top - start.top}*{part})"
    width = f"({start.width}+{end.width - start.width}*{part})"
    right, bottom = f"{left}+{width}*W*W/{FRAME_WIDTH}", f"{top}+{width}*H*H/{FRAME_HEIGHT}"
    corners = f"x0='{left}':y0='{top}':x1='{right}':y1='{top}':x2='{left}':y2='{bottom}':x3='{right}':y3='{bottom}'"
    return f"perspective={corners}:eval=frame,crop={FRAME_WIDTH}:{FRAME_HEIGHT}:0:0"


def _words(shot: Shot) -> str:
    moves: dict[CameraMove, str] = {
        "hold": "Holding on",
        "push_in": "Pushing in on",
        "pull_out": "Pulling out of",
        "pan_left": "Panning left across",
        "pan_right": "Panning right across",
        "tilt_up": "Tilting up in",
        "tilt_down": "Tilting down in",
    }
    return f"{moves[shot.move]} shot {shot.id}"
