"""Draws the contact sheets of docs/films.md: sets of many places and periods, and frames of the sample films."""

from pathlib import Path

from PIL import Image

from agents.animatic.drawing import finish
from agents.animatic.drawing.painting import glows_in, photographed
from agents.animatic.drawing.picture import FrameOrder, frame
from agents.animatic.drawing.scenery import WORLD_HEIGHT, WORLD_WIDTH
from benchmarks.pictures import films

WIDTH, HEIGHT, COLUMNS = 240, 135, 6  # pixels of a small picture; small pictures in a row
QUALITY = 68
WORLD = (0.0, 0.0, WORLD_WIDTH, WORLD_HEIGHT)

PLACES = (
    "INT. CAR - NIGHT", "INT. BATHROOM - DAY", "INT. POLICE STATION - DAY", "INT. COURTROOM - DAY", "INT. HOSPITAL - DAY",
    "INT. LABORATORY - NIGHT", "EXT. SWIMMING POOL - DAY", "EXT. UNDERWATER - DAY", "INT. AIRPORT - DAY", "INT. SUBWAY STATION - NIGHT",
    "INT. GYM - DAY", "INT. SHOP - DAY", "INT. NIGHTCLUB - NIGHT", "EXT. CHURCH - DAY", "INT. CASTLE - GREAT HALL - DAY",
    "EXT. SPACE - NIGHT", "EXT. GAS STATION - NIGHT", "EXT. GRAND HOTEL - NIGHT", "INT. BARN - DAY", "EXT. CEMETERY - DUSK",
    "EXT. MEDIEVAL TOWN - STREET - NIGHT", "EXT. LONDON, 1888 - STREET - NIGHT", "EXT. STREET - NIGHT", "EXT. NEO TOKYO, 2140 - STREET - NIGHT",
)  # fmt: skip


def draw(folder: Path) -> None:
    """Writes film-places.jpg and film-frames.jpg."""
    folder.mkdir(parents=True, exist_ok=True)
    _sheet([_place(heading) for heading in PLACES], folder / "film-places.jpg")
    _sheet(_frames(), folder / "film-frames.jpg")


def _place(heading: str) -> Image.Image:
    setting = films.setting_in_its_period(heading)
    picture = photographed(setting, WORLD, WIDTH, HEIGHT).copy()
    return finish.glowing(picture, glows_in(setting, WORLD, WIDTH))


def _frames() -> list[Image.Image]:
    """Every second shot of the screenplays and of some ideas."""
    chosen = []
    for number, film in enumerate(films.films()):
        shots = [shot for _, shots in films.boards(*film) for shot in shots]
        for shot in shots[:9:2] if number < 4 else shots[1:2]:
            order = FrameOrder(shot, film[2].characters, "", "", is_last=False, variant=0)
            chosen.append(frame(order).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    return chosen[:36]


def _sheet(pictures: list[Image.Image], to: Path) -> None:
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + 4) - 4, rows * (HEIGHT + 4) - 4), "#ffffff")
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number % COLUMNS * (WIDTH + 4), number // COLUMNS * (HEIGHT + 4)))
    sheet.save(to, "JPEG", quality=QUALITY, optimize=True)
