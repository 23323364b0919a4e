"""What a film owes to its format: its size, and everybody who is in a shot in its picture, with their whole head."""

from typing import get_args

import pytest
from msgspec.structs import replace

from agents.animatic.drawing import framing
from agents.animatic.drawing.picture import FrameOrder, frame
from agents.animatic.film import FilmFormat, Resolution, size_of
from agents.animatic.progress import unheard
from agents.animatic.storyboards.shots import board
from benchmarks.pictures import films
from tests.animatic.samples import shot

FORMATS: tuple[FilmFormat, ...] = get_args(FilmFormat)


def test_each_format_has_its_size_in_each_resolution() -> None:
    sizes = {(one, sharp): str(size_of(one, sharp)) for one in FORMATS for sharp in get_args(Resolution)}
    assert sizes == {
        ("16:9", "720p"): "1280x720",
        ("16:9", "1080p"): "1920x1080",
        ("9:16", "720p"): "720x1280",
        ("9:16", "1080p"): "1080x1920",
        ("1:1", "720p"): "720x720",
        ("1:1", "1080p"): "1080x1080",
    }


def heads_cut_off(film_format: FilmFormat) -> list[tuple[str, str]]:
    """The film and the shot of each head that is not wholly in the picture; and of each person who should be, and is not."""
    found = []
    for plan, screenplay, cast in films.films():
        for scene in screenplay.scenes:
            for made in board(scene, cast, plan=plan, film_format=film_format, report=unheard).shots:
                for variant, is_last in ((0, False), (0, True), (1, False), (1, True)):
                    view = framing.arrange(made, cast.characters, is_last=is_last, variant=variant)
                    if _has_cut_off(view):
                        found.append((plan.title, made.id))
    return found


def _has_cut_off(view: framing.View) -> bool:
    standing = [place for place in view.figures if not (place.figure.body or place.figure.pose.is_lying)]
    heads = [framing.head_of(place) for place in standing]
    width, height = view.canvas.width, view.canvas.height
    return any(left < 0 or top < 0 or right > width or bottom > height for left, top, right, bottom in heads)


@pytest.mark.parametrize("film_format", FORMATS)
def test_no_head_is_cut_off_in_the_shots_of_two_dozen_films(film_format: FilmFormat) -> None:
    assert heads_cut_off(film_format) == []


def test_who_is_seen_from_head_to_foot_stands_on_the_ground() -> None:
    """A near shot of three in a narrow picture shows their feet: they may not float."""
    cast = next(list(cast.characters) for _, _, cast in films.films() if len(cast.characters) > 2)[:3]
    one = shot(size="medium", characters=[one.name for one in cast], format="9:16", ages={})
    view = framing.arrange(one, cast, is_last=False, variant=0)
    assert len(view.figures) == 3
    assert all(place.y > 0.9 * view.canvas.height for place in view.figures)


def test_an_upright_film_is_staged_anew() -> None:
    """The same lines are filmed by another camera: it looks up and down instead of aside, unless somebody walks."""
    moves: dict[FilmFormat, list[str]] = {"16:9": [], "9:16": []}
    for plan, screenplay, cast in films.films():
        for scene in screenplay.scenes:
            lines = []
            for film_format, seen in moves.items():
                shots = board(scene, cast, plan=plan, film_format=film_format, report=unheard).shots
                lines.append([one.dialogue for one in shots])
                seen.extend(one.move for one in shots)
            assert lines[0] == lines[1]
    aside, upright = ([move for move in seen if move.startswith("pan")] for seen in moves.values())
    assert len(upright) < len(aside) / 3


def test_frames_are_drawn_in_the_shape_of_the_film_and_a_quarter_larger() -> None:
    for film_format in FORMATS:
        for resolution in get_args(Resolution):
            one = replace(shot(), format=film_format, resolution=resolution)
            drawn = frame(FrameOrder(one, [], "", "", is_last=False, variant=0))
            size = size_of(film_format, resolution)
            assert abs(drawn.width / drawn.height - size.width / size.height) < 0.01
            assert drawn.width >= 1.25 * size.width, (film_format, resolution)
