"""What the tests of moving pictures share: stills to film, shots to make, and eyes to look at the outcome."""

import re
import subprocess
from pathlib import Path

import resvg_py
from PIL import Image, ImageChops, ImageStat

from agents.animatic.film import CameraMove, Cast, Character, Line, Look, Plan, Screenplay, Setting, Shot
from agents.studio import ffmpeg

EYE = (320, 180)  # the size in which the tests look at a film, in pixels
LOOK = Look(
    skin="#e0ac69",
    hair="#222222",
    hair_style="short",
    top="#aa3333",
    bottom="#222222",
    height=1.0,
    build="average",
    age="adult",
    outfit="coat",
)
PLAN = Plan(title="The Last Light", logline="A keeper waits.", genre="", tone="", time="", place="", scenes=2)
SCREENPLAY = Screenplay(title="The Last Light", scenes=[])
CAST = Cast(characters=[Character(name="MARA", description="Keeper of the light", look=LOOK)])


def still(path: Path, colour: str = "#204080", *, columns: int = 12, width: int = 1600, height: int = 900) -> Path:
    """A picture with upright posts, by which a camera move can be seen."""
    step = width / columns
    posts = "".join(
        f'<rect x="{n * step}" y="{n * 20}" width="{step / 3}" height="500" fill="#e8e0d0"/>' for n in range(columns)
    )
    picture = f'<rect width="{width}" height="{height}" fill="{colour}"/>{posts}'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{picture}</svg>'
    path.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=svg)))
    return path


def shot(
    number: int = 1,
    *,
    scene: int = 1,
    move: CameraMove = "hold",
    seconds: float = 1.0,
    lines: tuple[tuple[str, str], ...] = (),
    caption: str = "",
) -> Shot:
    """A shot; `lines` are (character, text)."""
    return Shot(
        id=f"{scene}.{number}",
        scene=scene,
        number=number,
        size="wide",
        angle="eye_level",
        move=move,
        seconds=seconds,
        setting=Setting(place="Lighthouse", interior=False),
        description="",
        first_frame="",
        last_frame="",
        characters=[character for character, _ in lines],
        dialogue=[Line(character=character, text=text) for character, text in lines],
        caption=caption,
    )


def streams(path: Path) -> str:
    """What ffmpeg says about the file."""
    command = [ffmpeg.executable(), "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stderr


def frame_times(path: Path) -> list[int]:
    """When each picture is shown, in frames."""
    return [
        int(line.split(",")[2]) for line in _decoded(path, "-f", "framecrc").decode().splitlines() if line[0] != "#"
    ]


def grey_frames(path: Path) -> list[bytes]:
    """All pictures, small and grey, a byte for each pixel."""
    raw = _decoded(path, "-vf", f"scale={EYE[0]}:{EYE[1]}", "-pix_fmt", "gray", "-f", "rawvideo")
    size = EYE[0] * EYE[1]
    return [raw[start : start + size] for start in range(0, len(raw), size)]


def difference(one: bytes, other: bytes) -> float:
    """How far two pictures (or the same rows of them) are apart: the mean of all pixels, 0 to 255."""
    size = (EYE[0], len(one) // EYE[0])
    apart = ImageChops.difference(Image.frombytes("L", size, one), Image.frombytes("L", size, other))
    return ImageStat.Stat(apart).mean[0]


def soft_captions(path: Path) -> str:
    """The words of the film's own caption track, one blank between them."""
    srt = _decoded(path, "-map", "0:s", "-f", "srt").decode()
    return " ".join(re.sub(r"<[^>]+>|^\d+$|^.* --> .*$", "", srt, flags=re.MULTILINE).split())


def box_order(path: Path) -> list[str]:
    """The names of an MP4's outermost boxes, in order."""
    names, position, content = [], 0, path.read_bytes()
    while position < len(content):
        names.append(content[position + 4 : position + 8].decode())
        position += int.from_bytes(content[position : position + 4])
    return names


def _decoded(path: Path, *arguments: str) -> bytes:
    source = ["-map", "0:v:0"] if "-map" not in arguments else []
    command = [ffmpeg.executable(), "-loglevel", "error", "-i", str(path), *source, *arguments, "-"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
