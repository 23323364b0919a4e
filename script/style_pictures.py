"""Draws the pictures of the style picker: `python -m script.style_pictures FOLDER`. Run it when the drawing changes."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from agents.animatic.characters import casting
from agents.animatic.drawing import picture
from agents.animatic.film import Plan
from agents.animatic.progress import unheard
from agents.animatic.screenplays import parse
from agents.animatic.storyboards import shots

SIZE = (240, 135)  # pixels; shown at half of it
QUALITY = 78
# By the name of its file, as the front end offers them (frontend/src/shared/styles.ts).
STYLES = (
    "",
    "Watercolour",
    "Oil painting",
    "Pencil",
    "Comic",
    "Film noir",
    "Neon",
    "Pastel",
    "Vintage",
    "Gothic",
    "Anime",
)
SCENE = """EXT. HARBOUR - DUSK

MARA (30), with long red hair and a yellow raincoat, walks along the pier with a lantern.

MARA
Is anybody there?
"""


def main(folder: Path) -> None:
    """Writes a WebP for each style into the folder."""
    screenplay = parse(SCENE)
    cast = casting.cast_of(screenplay, report=unheard)
    plan = Plan(title="", logline="", genre="drama", tone="warm", time="", place="", scenes=1)
    shot = shots.board(screenplay.scenes[0], cast, plan=plan, report=unheard).shots[-1]
    with TemporaryDirectory() as temporary:
        path = str(Path(temporary) / "frame.jpg")
        for style in STYLES:
            picture.draw(picture.FrameOrder(shot, cast.characters, style, path, is_last=False, variant=1))
            with Image.open(path) as frame:
                frame.resize(SIZE, Image.Resampling.LANCZOS).save(folder / file_name(style), quality=QUALITY)


def file_name(style: str) -> str:
    """The name of the picture of a style; "" is the plain one."""
    return f"{style.lower().replace(' ', '-') or 'plain'}.webp"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
