"""The camera over stills, and ffmpeg as a guest."""

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import pytest

from agents.animatic.camera import camera_path
from agents.animatic.film import CameraMove, Clip, Frames
from agents.contract import AgentError, ArtifactKind, FolderJob, JobStopped
from agents.crew.clip_maker import ClipMaker
from agents.studio import children, ffmpeg
from agents.studio.offline.video import OfflineVideo
from tests.agents.video_assertions import box_order, difference, frame_times, grey_frames, shot, still, streams

MOVES: tuple[CameraMove, ...] = ("hold", "push_in", "pull_out", "pan_left", "pan_right", "tilt_up", "tilt_down")


def silent(fraction: float, words: str) -> None:
    """A report to nobody."""


def made(folder: Path, move: CameraMove = "hold", seconds: float = 1.0, *, last: Path | None = None) -> Path:
    """A clip of a fresh still."""
    clip = folder / "clip.mp4"
    first = still(folder / "first.png")
    length = OfflineVideo().clip(
        shot(move=move, seconds=seconds), first=first, last=last, style="", to=clip, report=silent
    )
    assert length == seconds
    return clip


def test_a_clip_is_what_browsers_play(tmp_path: Path) -> None:
    clip = made(tmp_path)
    said = streams(clip)
    assert "h264" in said
    assert "yuv420p(tv, bt709" in said
    assert "1280x720" in said
    assert "24 fps" in said
    assert "Audio" not in said
    boxes = box_order(clip)
    assert boxes.index("moov") < boxes.index("mdat")  # faststart


def test_a_clip_has_exactly_the_frames_of_its_seconds(tmp_path: Path) -> None:
    assert frame_times(made(tmp_path, seconds=1.25)) == list(range(30))


@pytest.mark.parametrize("move", MOVES)
def test_the_camera_moves_smoothly_from_start_to_end(tmp_path: Path, move: CameraMove) -> None:
    frames = grey_frames(made(tmp_path, move))
    steps = [difference(one, other) for one, other in pairwise(frames)]
    assert difference(frames[0], frames[-1]) > (0.5 if move == "hold" else 3.0)
    middle = steps[6:-6]
    jolts = [abs(one - other) for one, other in pairwise(middle)]
    assert sum(jolts) / len(jolts) < 0.35 * sum(middle) / len(middle)  # whole-pixel steps would be rougher


@pytest.mark.parametrize(("move", "axis", "sign"), [("pan_left", "left", -1), ("pan_right", "left", 1)])
def test_a_pan_goes_where_it_says(move: CameraMove, axis: str, sign: int) -> None:
    start, end = camera_path(move, 4.0)
    assert (getattr(end, axis) - getattr(start, axis)) * sign > 0.1
    assert start.width == end.width


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("seconds", [0.5, 4.0, 30.0])
def test_the_camera_never_leaves_the_still(move: CameraMove, seconds: float) -> None:
    for window in camera_path(move, seconds):
        assert window.left >= 0
        assert window.top >= 0
        assert window.left + window.width <= 1 + 1e-9
        assert window.top + window.width <= 1 + 1e-9


def test_the_shot_ends_on_its_last_frame(tmp_path: Path) -> None:
    last = still(tmp_path / "last.png", "#d07020", columns=5)
    frames = grey_frames(made(tmp_path, seconds=2.0, last=last))
    alone = tmp_path / "alone"
    alone.mkdir()
    only_first = grey_frames(made(alone, seconds=2.0))
    assert difference(frames[0], only_first[0]) < 2
    assert difference(frames[-1], only_first[-1]) > 20
    assert difference(frames[-1], frames[-6]) < 5  # it has arrived before the end


def test_any_picture_shape_fills_the_frame(tmp_path: Path) -> None:
    tall = still(tmp_path / "tall.png", width=900, height=1600)
    clip = tmp_path / "clip.mp4"
    OfflineVideo().clip(shot(seconds=0.5), first=tall, last=None, style="", to=clip, report=silent)
    assert "1280x720" in streams(clip)
    assert min(grey_frames(clip)[0]) > 10  # no black bars


def test_a_jpeg_that_calls_itself_png_is_read(tmp_path: Path) -> None:
    png, liar = still(tmp_path / "a.png"), tmp_path / "liar.png"
    jpeg = tmp_path / "a.jpg"
    ffmpeg.run([*ffmpeg.source(png), "-frames:v", "1"], to=jpeg, seconds=1, report=silent, words="")
    shutil.copy(jpeg, liar)
    clip = tmp_path / "clip.mp4"
    OfflineVideo().clip(shot(seconds=0.5), first=liar, last=None, style="", to=clip, report=silent)
    assert len(frame_times(clip)) == 12


def test_progress_rises_to_one(tmp_path: Path) -> None:
    reported: list[tuple[float, str]] = []
    OfflineVideo().clip(
        shot(move="push_in", seconds=3),
        first=still(tmp_path / "a.png"),
        last=None,
        style="",
        to=tmp_path / "clip.mp4",
        report=lambda fraction, words: reported.append((fraction, words)),
    )
    fractions = [fraction for fraction, _ in reported]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert any(0 < fraction < 1 for fraction in fractions)
    assert reported[0][1] == "Pushing in on shot 1.1"


def test_a_stop_request_ends_the_work_at_once_and_leaves_no_file(tmp_path: Path) -> None:
    fractions: list[float] = []

    def stop(fraction: float, words: str) -> None:
        fractions.append(fraction)
        if fraction > 0:
            raise JobStopped

    with pytest.raises(JobStopped):
        OfflineVideo().clip(
            shot(move="push_in", seconds=30),
            first=still(tmp_path / "a.png"),
            last=None,
            style="",
            to=tmp_path / "clip.mp4",
            report=stop,
        )
    assert [fraction for fraction in fractions if fraction > 0] == fractions[-1:]
    assert fractions[-1] < 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_missing_picture_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AgentError, match="gone missing") as caught:
        OfflineVideo().clip(
            shot(), first=tmp_path / "no.png", last=None, style="", to=tmp_path / "c.mp4", report=silent
        )
    assert not caught.value.retryable


def test_a_damaged_picture_is_reported(tmp_path: Path) -> None:
    noise = tmp_path / "noise.png"
    noise.write_bytes(os.urandom(5_000))
    with pytest.raises(AgentError, match="damaged") as caught:
        OfflineVideo().clip(shot(), first=noise, last=None, style="", to=tmp_path / "c.mp4", report=silent)
    assert not caught.value.retryable
    assert str(tmp_path) not in caught.value.message


def test_a_full_disk_is_reported_and_may_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "clip.part.mp4").symlink_to("/dev/full")
    with pytest.raises(AgentError, match="disk is full") as caught:
        made(tmp_path)
    assert caught.value.retryable
    assert not (tmp_path / "clip.mp4").exists()


def test_a_playlist_posing_as_a_clip_opens_no_address(tmp_path: Path) -> None:
    playlist = tmp_path / "clip.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(AgentError):
        ffmpeg.run(ffmpeg.source(playlist), to=tmp_path / "c.mp4", seconds=1, report=silent, words="")


def test_what_never_ends_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "LEAST_SECONDS", 0.3)
    endless = ["-re", "-f", "lavfi", "-i", "color=s=64x64"]
    with pytest.raises(AgentError, match="too long") as caught:
        ffmpeg.run(endless, to=tmp_path / "c.mp4", seconds=0.0, report=silent, words="")
    assert caught.value.retryable
    assert list(tmp_path.iterdir()) == []


def test_a_film_without_a_picture_is_an_error(tmp_path: Path) -> None:
    arguments = [*ffmpeg.source(made(tmp_path), "-ss", "9"), "-frames:v", "1"]
    with pytest.raises(AgentError, match="shorter than it claims"):
        ffmpeg.run(arguments, to=tmp_path / "late.jpg", seconds=1, report=silent, words="")


def test_ffmpegs_own_words_reach_the_error_without_our_folders(tmp_path: Path) -> None:
    arguments = [*ffmpeg.source(still(tmp_path / "a.png")), "-vf", "nosuchfilter"]
    with pytest.raises(AgentError, match="ffmpeg could not make the film") as caught:
        ffmpeg.run(arguments, to=tmp_path / "c.mp4", seconds=1, report=silent, words="")
    assert str(tmp_path) not in caught.value.message


def test_a_child_killed_from_outside_may_be_tried_again(tmp_path: Path) -> None:
    def kill(fraction: float, words: str) -> None:
        for child in children_of(os.getpid(), "ffmpeg"):
            os.kill(child, 9)

    with pytest.raises(AgentError, match="SIGKILL") as caught:
        OfflineVideo().clip(
            shot(seconds=30), first=still(tmp_path / "a.png"), last=None, style="", to=tmp_path / "c.mp4", report=kill
        )
    assert caught.value.retryable


def test_ffmpeg_steps_back_for_others_and_sees_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    seen: list[tuple[int, bytes]] = []

    def look(fraction: float, words: str) -> None:
        if fraction > 0:
            (child,) = children_of(os.getpid(), "ffmpeg")
            environment = Path(f"/proc/{child}/environ").read_bytes()
            seen.append((os.getpriority(os.PRIO_PROCESS, child), environment))
            raise JobStopped

    with pytest.raises(JobStopped):
        OfflineVideo().clip(
            shot(move="push_in", seconds=30),
            first=still(tmp_path / "a.png"),
            last=None,
            style="",
            to=tmp_path / "c.mp4",
            report=look,
        )
    ((niceness, environment),) = seen
    assert niceness == min(19, os.getpriority(os.PRIO_PROCESS, 0) + children.NICENESS)
    assert b"sk-secret" not in environment


@pytest.mark.skipif(not shutil.which("setpriv"), reason="util-linux's setpriv is not installed")
def test_ffmpeg_dies_with_a_server_that_is_killed(tmp_path: Path) -> None:
    """A process of its own makes an endless film and is killed with SIGKILL; its ffmpeg must be gone soon after."""
    program = (
        "from pathlib import Path; from agents.studio import ffmpeg;"
        "ffmpeg.run(['-re','-f','lavfi','-i','color=s=64x64'], to=Path('endless.mp4').resolve(), seconds=999,"
        " words='', report=lambda *_: print('going', flush=True))"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path, env=environment, stdout=-1) as server:
        assert server.stdout is not None
        for _ in range(5):
            server.stdout.readline()
        (child,) = children_of(server.pid, "ffmpeg")
        server.kill()
        server.stdout.close()
    while is_alive(child):  # until the test times out
        os.sched_yield()


def test_without_util_linux_it_works_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    children.prefix.cache_clear()
    try:
        assert frame_times(made(tmp_path, seconds=0.5)) == list(range(12))
    finally:
        children.prefix.cache_clear()


def test_a_missing_ffmpeg_is_reported_before_work_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    assert OfflineVideo().missing() == ""
    ffmpeg.executable.cache_clear()
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", lost)
    try:
        assert "ffmpeg is missing" in OfflineVideo().missing()
    finally:
        ffmpeg.executable.cache_clear()


def lost() -> str:
    """What imageio-ffmpeg does on a platform that it has no binary for."""
    raise RuntimeError("No ffmpeg exe could be found.")


def test_the_clip_maker_keeps_a_clip(tmp_path: Path) -> None:
    kept, work = tmp_path / "kept", tmp_path / "work"
    kept.mkdir()
    work.mkdir()
    still(kept / "first")
    still(kept / "last", "#d07020")
    wish = {
        "shot": shot(seconds=0.5),
        "frames": Frames(shot="1.1", first_artifact="first", last_artifact="last"),
    }
    job = FolderJob(skill="make_clip", input=wish, workdir=work, folder=kept)
    outcome = ClipMaker().perform(job)
    assert isinstance(outcome.output, Clip)
    assert outcome.output.seconds == 0.5
    assert outcome.output.artifact == f"{ArtifactKind.CLIP}-clip.mp4"
    assert len(frame_times(kept / outcome.output.artifact)) == 12
    assert ClipMaker().missing() == ""


def children_of(pid: int, word: str) -> list[int]:
    """The processes that `pid` started and that run `word`."""
    return [
        int(status.parent.name)
        for status in Path("/proc").glob("[0-9]*/stat")
        if (fields := stat_of(status)) and fields[1] == str(pid) and word in fields[0]
    ]


def stat_of(path: Path) -> tuple[str, str] | None:
    """(name, parent's pid) of a process; None when it is gone."""
    try:
        name, rest = path.read_text().split("(", 1)[1].rsplit(")", 1)
    except OSError:
        return None
    return name, rest.split()[1]


def is_alive(pid: int) -> bool:
    """Whether the process still runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
