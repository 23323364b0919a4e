"""The offline video studio: moves a camera over still frames (agents/animatic/camera.py), with ffmpeg."""

from pathlib import Path

from agents.animatic.camera import camera_path, glide
from agents.animatic.film import FRAMES_PER_SECOND, CameraMove, Shot, Size
from agents.animatic.progress import Report
from agents.studio import ffmpeg

DISSOLVE_SHARE = 0.25  # of the shot, spent going from the first frame to the last
DISSOLVE_LONGEST = 0.4  # seconds; longer, and a face has four eyes for longer than one likes
# Near lossless: it is encoded once more in the edit. A quicker preset (ultrafast) takes a fifth less time, but seven times the room.
ENCODING = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "17")
DISSOLVE_MIDDLE = 0.62  # where in the shot it is half done


class OfflineVideo:
    """A VideoStudio that needs nothing but ffmpeg."""

    def missing(self) -> str:
        """What it lacks to work, or ""."""
        return ffmpeg.missing()

    def clip(self, shot: Shot, *, first: Path, last: Path | None, style: str, to: Path, report: Report) -> float:  # noqa: ARG002 - the stills carry the style
        """The shot as an MP4 at `to`: near lossless, for it is encoded once more in the edit. Returns its seconds."""
        frames = max(1, round(shot.seconds * FRAMES_PER_SECOND))
        start, end = camera_path(shot.move, shot.seconds)
        size, narrowest = shot.picture_size, min(start.width, end.width)
        canvas = Size(_even(size.width / narrowest), _even(size.height / narrowest))
        stills = [first] if last is None else [first, last]
        chain = f"{_stills(len(stills), canvas, frames)};[still]{glide(start, end, frames, size)},{ffmpeg.COLOURS}[out]"
        arguments = [part for still in stills for part in ffmpeg.source(still, "-framerate", str(FRAMES_PER_SECOND))]
        arguments += ["-filter_complex", chain, "-map", "[out]", "-frames:v", str(frames)]
        arguments += [*ENCODING, "-threads", "1", "-movflags", "+faststart"]
        seconds = frames / FRAMES_PER_SECOND
        ffmpeg.run(arguments, to=to, seconds=seconds, report=report, words=_words(shot))
        return seconds


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)


def _stills(count: int, canvas: Size, frames: int) -> str:
    """The stills as one stream [still] of `frames` frames, large enough that the camera never enlarges a pixel."""
    fit = (
        f"scale={canvas.width}:{canvas.height}:force_original_aspect_ratio=increase:flags=lanczos"
        f":out_color_matrix=bt709:out_range=tv,crop={canvas.width}:{canvas.height},setsar=1,format=yuv420p"
        f",loop=loop={frames}:size=1"
    )
    if count == 1:
        return f"[0:v]{fit}[still]"
    seconds = frames / FRAMES_PER_SECOND
    length = min(DISSOLVE_LONGEST, DISSOLVE_SHARE * seconds)
    offset = DISSOLVE_MIDDLE * seconds - length / 2
    return f"[0:v]{fit}[a];[1:v]{fit}[b];{ffmpeg.dissolve('a', 'b', start=offset, seconds=length)}[still]"


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
