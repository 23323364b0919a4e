"""The same shots in each format: their contact sheet for docs/films.md, and what a frame takes to draw."""

import time
from pathlib import Path
from typing import get_args

from msgspec.structs import replace
from PIL import Image

from agents.animatic import pictures
from agents.animatic.drawing.picture import FrameOrder, frame
from agents.animatic.film import Cast, FilmFormat, Plan, Resolution, Screenplay, Shot, size_of
from agents.animatic.progress import unheard
from agents.animatic.storyboards.shots import board
from benchmarks.pictures import films

SCREENPLAY, IDEA = 3, 4  # of `films()`: a dialogue, and the first idea
HEIGHTS: dict[FilmFormat, int] = {"16:9": 118, "1:1": 150, "9:16": 250}  # pixels of a small picture
SHOTS = 5  # of each film
GAP = 4  # pixels
QUALITY = 72
MEASURED = 12  # frames


def draw(to: Path) -> None:
    """A row for each format: some shots of the screenplay, then some of the idea."""
    every = list(films.films())
    rows = [[_small(*one) for film in (SCREENPLAY, IDEA) for one in _shots(every[film], each)] for each in HEIGHTS]
    width = max(sum(one.width + GAP for one in row) for row in rows) - GAP
    sheet = Image.new("RGB", (width, sum(row[0].height + GAP for row in rows) - GAP), "#ffffff")
    top = 0
    for row in rows:
        left = 0
        for one in row:
            sheet.paste(one, (left, top))
            left += one.width + GAP
        top += row[0].height + GAP
    sheet.save(to, "JPEG", quality=QUALITY, optimize=True)


def print_costs(folder: Path) -> None:
    """A line for each format and resolution: the size of the film, the CPU time and the bytes of a frame."""
    film = next(films.films())
    for film_format in get_args(FilmFormat):
        for resolution in get_args(Resolution):
            shots = [replace(shot, resolution=resolution) for shot, _ in _shots(film, film_format, MEASURED)]
            started = time.process_time()
            drawn = [frame(FrameOrder(shot, film[2].characters, "", "", is_last=False, variant=0)) for shot in shots]
            seconds = (time.process_time() - started) / len(drawn)
            size = sum(_bytes(one, folder / "frame.jpg") for one in drawn) / len(drawn)
            film_size = size_of(film_format, resolution)
            print(f"{film_format:5} {resolution:6} {film_size!s:10} {seconds:.2f} s {size / 1000:4.0f} kB")


def _bytes(picture: Image.Image, to: Path) -> int:
    pictures.write(picture, to)
    return to.stat().st_size


def _shots(film: tuple[Plan, Screenplay, Cast], film_format: FilmFormat, count: int = SHOTS) -> list[tuple[Shot, Cast]]:
    plan, screenplay, cast = film
    boards = [board(scene, cast, plan=plan, film_format=film_format, report=unheard) for scene in screenplay.scenes]
    every = [shot for one in boards for shot in one.shots]
    return [(shot, cast) for shot in every[:: max(1, len(every) // count)][:count]]


def _small(shot: Shot, cast: Cast) -> Image.Image:
    drawn = frame(FrameOrder(shot, cast.characters, "", "", is_last=False, variant=0))
    height = HEIGHTS[shot.format]
    return drawn.resize((round(drawn.width * height / drawn.height), height), Image.Resampling.LANCZOS)
