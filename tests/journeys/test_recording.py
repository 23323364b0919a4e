"""The short film of the README, recorded when asked to with --screenshots: an idea is typed, and a film is made of it."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import IMAGES, Visit

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

SIZE = {"width": 1200, "height": 760}
WIDTH = 960  # of the film
FRAMES_PER_SECOND = 10
KEPT_FRAMES = 130  # of the making; it is shown as much faster as that needs
LARGEST_BYTES = 3_000_000
IDEA = "On the last night before her lighthouse is switched off for good, the keeper finds a letter in a bottle."
Shoot = Callable[[], None]


@pytest.fixture
def is_wanted(request: pytest.FixtureRequest) -> None:
    """Skips it when nobody asked for pictures."""
    if not request.config.getoption("--screenshots"):
        pytest.skip("it is recorded with --screenshots")


def test_the_film_of_the_readme_is_recorded(is_wanted: None, visit: Visit, tmp_path: Path) -> None:
    page = visit(who="alice", viewport=SIZE)
    shots: list[Path] = []

    def shoot() -> None:
        shots.append(tmp_path / f"{len(shots):05}.jpeg")
        page.screenshot(path=shots[-1], type="jpeg", quality=92)

    ask(page, shoot)
    asked = len(shots)
    watch(page, shoot)
    made = shots[asked:]
    step = max(1, len(made) // KEPT_FRAMES)
    film = encoded([*shots[:asked], *made[::step], *play(page, shoot, shots)], tmp_path)
    assert film.stat().st_size <= LARGEST_BYTES


def ask(page: Page, shoot: Shoot) -> None:
    """Types the idea, as a person does, and starts."""
    page.get_by_role("link", name="Idea2Video").click()
    field = page.get_by_label("Your idea")
    for end in range(0, len(IDEA) + 1, 6):
        field.fill(IDEA[:end])
        shoot()
    field.fill(IDEA)
    page.get_by_role("slider", name="Scenes").press("ArrowLeft")
    for _ in range(6):
        shoot()
    page.get_by_role("button", name="Make the video").click()
    page.get_by_role("progressbar", name="Progress of the whole workflow").wait_for()


def watch(page: Page, shoot: Shoot) -> None:
    """Until the film is there."""
    completed = page.get_by_text("The workflow is completed", exact=True)
    while not completed.count():
        shoot()
        time.sleep(0.1)


def play(page: Page, shoot: Shoot, shots: list[Path]) -> list[Path]:
    """Plays the beginning of it."""
    before = len(shots)
    video = page.locator("video")
    video.wait_for()
    for second in range(40):
        video.evaluate("(video, time) => { video.currentTime = time; }", second * 0.3)
        page.wait_for_function("() => !document.querySelector('video').seeking")
        shoot()
    return shots[before:]


def encoded(shots: list[Path], folder: Path) -> Path:
    """docs/images/callboard.webp of these pictures."""
    numbered = folder / "numbered"
    numbered.mkdir()
    for number, shot in enumerate(shots):
        (numbered / f"{number:05}.jpeg").symlink_to(shot)
    film = IMAGES / "callboard.webp"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-framerate", str(FRAMES_PER_SECOND)]
    command += ["-i", str(numbered / "%05d.jpeg"), "-vf", f"scale={WIDTH}:-2:flags=lanczos", "-loop", "0"]
    command += ["-c:v", "libwebp_anim", "-quality", "62", "-compression_level", "6", str(film)]
    subprocess.run(command, check=True, timeout=300)
    return film
