"""A Django app that lets the offline studio give prepared pictures and clips, so that a film of 12 scenes takes two minutes.

All else is as always: agents, tasks, events, files, sockets. For benchmarks only.
"""

import shutil
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from PIL import Image

from agents.animatic.film import FRAMES_PER_SECOND, Shot, size_of
from agents.animatic.progress import Report
from agents.studio import ffmpeg
from agents.studio.offline.images import OfflineImages
from agents.studio.offline.video import OfflineVideo

PICTURE_SECONDS, STEPS = 0.2, 4


class QuickStudio(AppConfig):
    """Replaces what takes long."""

    name = "benchmarks.pages.quick_studio"
    label = "quick_studio"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        """Takes effect in this process."""
        OfflineImages._draw = _draw  # type: ignore[method-assign, assignment]  # noqa: SLF001
        OfflineVideo.clip = _clip  # type: ignore[method-assign, assignment]


def _draw(_studio: OfflineImages, order: Any, report: Report, words: str) -> None:  # noqa: ANN401 - one of two orders
    _pass_time(report, words)
    shutil.copy(_picture(), order.to)


def _clip(_studio: OfflineVideo, shot: Shot, *, to: Path, report: Report, **_: object) -> float:
    _pass_time(report, f"Filming shot {shot.id}")
    frames = max(1, round(shot.seconds * FRAMES_PER_SECOND))
    shutil.copy(_film(frames), to)
    return frames / FRAMES_PER_SECOND


def _pass_time(report: Report, words: str) -> None:
    for step in range(STEPS):
        report(step / STEPS, words)
        time.sleep(PICTURE_SECONDS / STEPS)


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="quick-studio-"))


@cache
def _picture() -> Path:
    path = _folder() / "picture.png"
    Image.effect_noise((1600, 900), 60).convert("RGB").resize(size_of("16:9")).save(path)
    return path


@cache
def _film(frames: int) -> Path:
    path = _folder() / f"{frames}.mp4"
    source = f"testsrc=size={size_of('16:9')}:rate={FRAMES_PER_SECOND}"
    arguments = ["-f", "lavfi", "-i", source, "-frames:v", str(frames), "-c:v", "libx264", "-preset", "ultrafast"]
    seconds = frames / FRAMES_PER_SECOND
    ffmpeg.run([*arguments, "-pix_fmt", "yuv420p"], to=path, seconds=seconds, report=lambda *_: None, words="")
    return path
