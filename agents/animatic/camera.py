"""Moves a camera over a still frame: a window that glides over the picture by fractions of a pixel.

ffmpeg's `zoompan` cannot do that: it rounds to whole pixels, and even on a four times enlarged still its steps are eight
times rougher than here.
"""

from dataclasses import dataclass

from agents.animatic.film import CameraMove, Size

PUSH_PER_SECOND = 0.035  # growth of the picture in a push or pull
PUSH_RANGE = (0.08, 0.22)
PAN_PER_SECOND = 0.04  # of the picture's width, or height in a tilt
PAN_RANGE = (0.10, 0.20)
DRIFT = 0.025  # growth of the picture in a shot that holds: alive, but not a move
STEADY = 0.3  # share of the move at even speed; the rest eases in and out


@dataclass(frozen=True, slots=True)
class Window:
    """What the camera sees: the left, the top and the width, as shares of the still. The height follows."""

    left: float
    top: float
    width: float


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


def glide(start: Window, end: Window, frames: int, size: Size) -> str:
    """The filter that looks through the gliding window, and gives a picture of this size.

    `perspective` maps the whole canvas onto itself by its corners, in 1/256 pixel. The corners are set so that the
    window lands in the top left, in the size of the film; that is then cut out.
    """
    even = f"(on-1)/{max(frames - 1, 1)}"
    part = f"({STEADY}*{even}+{1 - STEADY}*(0.5-0.5*cos(PI*{even})))"
    left = f"W*({start.left}+{end.left - start.left}*{part})"
    top = f"H*({start.top}+{end.top - start.top}*{part})"
    width = f"({start.width}+{end.width - start.width}*{part})"
    right, bottom = f"{left}+{width}*W*W/{size.width}", f"{top}+{width}*H*H/{size.height}"
    corners = f"x0='{left}':y0='{top}':x1='{right}':y1='{top}':x2='{left}':y2='{bottom}':x3='{right}':y3='{bottom}'"
    return f"perspective={corners}:eval=frame,crop={size.width}:{size.height}:0:0"
