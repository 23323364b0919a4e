"""Prints a storyboard as a PDF: six shots on a page of A4 (five of a portrait film, ten of a square one), each with its frame, camera, length, what happens and what is said."""

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from PIL import Image

from agents.animatic.film import CameraMove, FilmFormat, Screenplay, Shot
from agents.animatic.fonts import FONTS
from agents.animatic.fonts.faces import Face, cut_faces
from agents.animatic.wording import shortened

MARGIN, GAP = 12.0, 6.0  # millimetres, as all measures here
PAGE_WIDTH, PAGE_HEIGHT = 297.0, 210.0
HEAD_HEIGHT = 11.0
LINE_HEIGHT = 3.6
TITLE_SIZE, TEXT_SIZE = 12, 8  # points
PICTURE_WIDTH = 720  # pixels; 200 dots an inch
PICTURE_QUALITY = 80  # of 100, JPEG
LONGEST_HEADING, LONGEST_TEXT, LONGEST_TITLE = 60, 400, 90  # characters; what is longer is cut
GREY = 110
FONT = "Noto Sans"
# The same film gives the same file: it tells no time of its own.
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Layout:
    """How many shots are on a page, and how high a frame is by its width."""

    columns: int
    rows: int
    ratio: float

    @property
    def shots(self) -> int:
        return self.columns * self.rows

    @property
    def width(self) -> float:
        """Of a cell, and of its frame."""
        return (PAGE_WIDTH - 2 * MARGIN - (self.columns - 1) * GAP) / self.columns

    @property
    def height(self) -> float:
        """Of a cell."""
        return (PAGE_HEIGHT - 2 * MARGIN - HEAD_HEIGHT - (self.rows - 1) * GAP) / self.rows


LAYOUTS: dict[FilmFormat, Layout] = {
    "16:9": Layout(3, 2, 9 / 16),
    "9:16": Layout(5, 1, 16 / 9),
    "1:1": Layout(5, 2, 1.0),
}

_MOVES: dict[CameraMove, str] = {
    "hold": "held",
    "pan_left": "pan left",
    "pan_right": "pan right",
    "tilt_up": "tilt up",
    "tilt_down": "tilt down",
    "push_in": "push in",
    "pull_out": "pull out",
}


def print_storyboard(
    title: str, screenplay: Screenplay, shots: Sequence[Shot], frames: Mapping[str, Path], *, to: Path
) -> None:
    """The shots, in order, as a PDF at `to`. `frames`: a picture by the id of its shot; one may be missing.

    Raises: OSError, for a picture that cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        text = "".join({sign for words in _all_words(title, screenplay, shots) for sign in words})
        layout = LAYOUTS[shots[0].format if shots else "16:9"]
        document = _Document(title, layout, cut_faces("".join(sorted(text)), Path(folder)))
        _fill(document, screenplay, shots, frames)
        document.output(str(to))


def _all_words(title: str, screenplay: Screenplay, shots: Sequence[Shot]) -> Iterator[str]:
    yield title
    yield from (scene.heading for scene in screenplay.scenes)
    yield from (text for shot in shots for _, text in _texts("", shot))


def _fill(document: "_Document", screenplay: Screenplay, shots: Sequence[Shot], frames: Mapping[str, Path]) -> None:
    headings = {scene.number: scene.heading for scene in screenplay.scenes}
    for number, shot in enumerate(shots):
        document.add_shot(number, headings.get(shot.scene, ""), shot, frames.get(shot.id))


class _Document(FPDF):
    """Pages of cells; the title and the page's number above them."""

    def __init__(self, title: str, layout: Layout, faces: Sequence[Face]) -> None:
        super().__init__(orientation="landscape", unit="mm", format="A4")
        self._title = title
        self._layout = layout
        self.set_auto_page_break(auto=False)
        self.set_creation_date(NO_DATE)
        self.set_title(title)
        for style, face in (("", "Regular"), ("B", "Bold"), ("I", "Italic")):
            self.add_font(FONT, style, FONTS / f"NotoSans-{face}.ttf")
        if faces:
            self._add_faces(faces)

    def _add_faces(self, faces: Sequence[Face]) -> None:
        """What Noto Sans lacks; letters that are joined and run from the right need to be shaped."""
        for face in faces:
            self.add_font(face.path.stem.rpartition("-")[0], "B" if face.style == "Bold" else "", face.path)
        families = [face.path.stem.rpartition("-")[0] for face in faces]
        self.set_fallback_fonts(list(dict.fromkeys(families)), exact_match=False)
        self.set_text_shaping(use_shaping_engine=True)

    def header(self) -> None:
        """Called by `add_page`."""
        self.set_xy(MARGIN, MARGIN)
        self.set_font(FONT, "B", TITLE_SIZE)
        self.cell(PAGE_WIDTH - 2 * MARGIN, 6, shortened(self._title, LONGEST_TITLE), new_x=XPos.LMARGIN)
        self.set_font(FONT, "", TEXT_SIZE)
        self.set_text_color(GREY)
        self.set_xy(MARGIN, MARGIN)
        self.cell(PAGE_WIDTH - 2 * MARGIN, 6, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(0)

    def add_shot(self, number: int, heading: str, shot: Shot, picture: Path | None) -> None:
        """Draws the cell of a shot, on a new page where the last one is full. `number` counts all shots, from 0."""
        layout = self._layout
        if number % layout.shots == 0:
            self.add_page()
        row, column = divmod(number % layout.shots, layout.columns)
        x = MARGIN + column * (layout.width + GAP)
        y = MARGIN + HEAD_HEIGHT + row * (layout.height + GAP)
        frame_height = layout.width * layout.ratio
        if picture:
            self.image(_small(picture), x=x, y=y, w=layout.width, h=frame_height, keep_aspect_ratio=True)
        self.set_draw_color(GREY)
        self.rect(x, y, layout.width, frame_height)
        self.set_xy(x, y + frame_height + 1)
        bottom = y + layout.height
        for style, text in _texts(heading, shot):
            self._write(style, text, x, bottom)

    def _write(self, style: str, text: str, x: float, bottom: float) -> None:
        """The text in lines below what was written last, as far as there is room above `bottom`."""
        self.set_font(FONT, style, TEXT_SIZE)
        room = int((bottom - self.get_y()) / LINE_HEIGHT)
        lines = self.multi_cell(self._layout.width, LINE_HEIGHT, text, dry_run=True, output=MethodReturnValue.LINES)
        for line in cast("list[str]", lines)[:room]:
            self.set_x(x)
            self.cell(self._layout.width, LINE_HEIGHT, line, new_x=XPos.LEFT, new_y=YPos.NEXT)


def _texts(heading: str, shot: Shot) -> Iterator[tuple[str, str]]:
    """What stands below a frame, as (style, text)."""
    yield "B", f"{shot.id}  {shortened(heading, LONGEST_HEADING)}"
    size, angle = (words.replace("_", " ") for words in (shot.size, shot.angle))
    yield "", f"{size.capitalize()}, {angle}, {_MOVES[shot.move]} · {shot.seconds:.1f} s"
    if shot.dialogue:
        for line in shot.dialogue:
            manner = f" ({line.parenthetical})" if line.parenthetical else ""
            yield "I", f"{line.character}{manner}: {shortened(line.text, LONGEST_TEXT)}"
    else:
        yield "I", shortened(shot.caption or shot.description, LONGEST_TEXT)


def _small(picture: Path) -> io.BytesIO:
    """The picture as it is printed: a long film has thousands."""
    with Image.open(picture) as image:
        image.draft("RGB", (PICTURE_WIDTH, PICTURE_WIDTH))
        image.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH))
        content = io.BytesIO()
        image.convert("RGB").save(content, "JPEG", quality=PICTURE_QUALITY)
    return content
