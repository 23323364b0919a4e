"""What a film's format and resolution mean for its shots, its frames and its camera: staged anew, with nobody cut off."""

import itertools
import re

import pytest
from msgspec.structs import replace

from agents.animatic import writing
from agents.animatic.camera import camera_path, glide
from agents.animatic.characters.casting import cast_of
from agents.animatic.drawing import framing
from agents.animatic.drawing.figures import eye_level
from agents.animatic.drawing.framing import View, arrange
from agents.animatic.drawing.picture import FrameOrder, frame
from agents.animatic.film import FilmFormat, Resolution, Shot, size_of
from agents.animatic.progress import unheard
from agents.animatic.storyboards.shots import board

FORMATS: tuple[FilmFormat, ...] = ("16:9", "9:16", "1:1")
SCRIPT = """\
Title: Four at the table

INT. KITCHEN - NIGHT

ANNA (40), BEN (9), CARLA (70) and DAVID (30) sit around a lamp. Nobody eats.

ANNA
Who has the letter?

BEN
I gave it to Carla.

CARLA
And I burnt it!

David walks out. Anna and Ben look at Carla.

ANNA
Then we have to tell him what it said.

EXT. HARBOUR - DAY

Rain. Ben runs along the pier. A boat leaves.
"""


def shots_of(film_format: FilmFormat) -> tuple[list[Shot], list[framing.Character]]:
    plan = writing.plan_script(SCRIPT, requirement="", style="", report=unheard)
    screenplay = writing.read_screenplay(SCRIPT, title="", report=unheard)
    cast = cast_of(screenplay, report=unheard)
    boards = [board(scene, cast, plan=plan, film_format=film_format, report=unheard) for scene in screenplay.scenes]
    return [shot for each in boards for shot in each.shots], cast.characters


def heads(view: View) -> list[tuple[float, float]]:
    """Where the eyes of everybody in the picture are, as shares of its width and height."""
    canvas = view.canvas
    return [
        (placed.x / canvas.width, (placed.y - eye_level(placed.figure.look) * placed.scale) / canvas.height)
        for placed in view.figures
        if not placed.figure.pose.drop
    ]


def test_the_names_of_formats_and_resolutions_are_their_sizes() -> None:
    resolutions: tuple[Resolution, ...] = ("720p", "1080p")
    sizes = [str(size_of(*pair)) for pair in itertools.product(FORMATS, resolutions)]
    assert sizes == ["1280x720", "1920x1080", "720x1280", "1080x1920", "720x720", "1080x1080"]


@pytest.mark.parametrize("film_format", FORMATS)
def test_nobody_is_cut_off(film_format: FilmFormat) -> None:
    shots, cast = shots_of(film_format)
    assert max(len(shot.characters) for shot in shots) == 4
    for shot, is_last, variant in itertools.product(shots, (False, True), (0, 1)):
        view = arrange(shot, cast, is_last=is_last, variant=variant)
        for across, down in heads(view):
            assert 0.02 < across < 0.98, (shot.id, shot.size, variant)
            assert 0.08 < down < 0.85, (shot.id, shot.size, variant)


def test_what_is_not_wide_is_staged_anew() -> None:
    """The same people are nearer to each other, and as large as the picture allows; its lines are the same."""
    wide, upright = shots_of("16:9")[0], shots_of("9:16")[0]
    assert [shot.dialogue for shot in wide] == [shot.dialogue for shot in upright]
    assert {shot.move for shot in upright if not re.search("runs|walks", shot.description)}.isdisjoint({"pan_left", "pan_right"})
    _, cast = shots_of("16:9")
    for before, after in zip(wide, upright, strict=True):
        first, second = (arrange(shot, cast, is_last=False, variant=0) for shot in (before, after))
        if len(second.figures) == 1 and after.size == before.size == "wide":
            heights = [view.figures[0].scale / view.canvas.height for view in (first, second)]
            assert heights[1] == pytest.approx(
                heights[0], rel=0.1
            )  # a fifth of a cropped picture's width would be left
        assert second.box[2] / second.box[3] == pytest.approx(9 / 16, rel=0.01)


@pytest.mark.parametrize("film_format", FORMATS)
def test_frames_are_drawn_in_the_resolution_of_the_film(film_format: FilmFormat) -> None:
    """1080p is drawn finer, not enlarged: what is sharp there is not what 720p looks like when it is made larger."""
    shots, cast = shots_of(film_format)
    small, large = (
        frame(FrameOrder(replace(shots[-1], resolution=resolution), cast, "", "", is_last=False, variant=0))
        for resolution in ("720p", "1080p")
    )
    assert (large.width, large.height) == (round(small.width * 1.5), round(small.height * 1.5))
    size = size_of(film_format, "1080p")
    assert large.width / size.width == pytest.approx(large.height / size.height)
    assert large.width > size.width  # so that the camera can come nearer


def test_the_camera_glides_within_the_picture_of_each_format() -> None:
    for film_format in FORMATS:
        size = size_of(film_format)
        assert f"crop={size.width}:{size.height}:0:0" in glide(*camera_path("push_in", 3.0), 72, size)
