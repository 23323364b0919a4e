"""Draws contact sheets of films: of each its title, stills from its beginning to its end, its waveform and its spectrogram."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFont

from agents.animatic.fonts import FONTS
from benchmarks import soundtrack

FILMS_ON_A_SHEET = 7
STILLS = 6
WIDTH, HEIGHT = 196, 110  # pixels of a still
GAP, LINE, SOUND = 4, 24, 72  # pixels: between stills, of a title, of the sound's picture
ROW = LINE + HEIGHT + GAP + SOUND + 3 * GAP
SHEET_WIDTH = STILLS * (WIDTH + GAP) - GAP
CARD_SECONDS = 3.5  # that the title and the end card stand, each
QUALITY = 72

Film = tuple[str, float, Path]  # title, seconds, file


def draw(films: Sequence[Film], folder: Path) -> None:
    """Writes sheet-1.jpg, sheet-2.jpg … into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, len(films), FILMS_ON_A_SHEET), start=1):
        rows = [_row(film) for film in films[start : start + FILMS_ON_A_SHEET]]
        sheet = Image.new("RGB", (SHEET_WIDTH, ROW * len(rows)), "#ffffff")
        for place, row in enumerate(rows):
            sheet.paste(row, (0, place * ROW))
        sheet.save(folder / f"sheet-{number}.jpg", "JPEG", quality=QUALITY, optimize=True)


def _row(film: Film) -> Image.Image:
    title, seconds, path = film
    row = Image.new("RGB", (SHEET_WIDTH, ROW), "#ffffff")
    font = ImageFont.truetype(str(FONTS / "NotoSans-Bold.ttf"), 15)
    ImageDraw.Draw(row).text((0, 0), f"{title} · {seconds:.0f} s", fill="#20242c", font=font)
    inside = seconds - 2 * CARD_SECONDS
    for number in range(STILLS):
        still = _still(path, CARD_SECONDS + inside * (number + 0.6) / STILLS)
        left = number * (WIDTH + GAP) + (WIDTH - still.width) // 2
        row.paste(still, (left, LINE))
    row.paste(_sound(path), (0, LINE + HEIGHT + GAP))
    return row


def _still(film: Path, second: float) -> Image.Image:
    to = film.with_name("still.png")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-ss", f"{second:.2f}", "-i", str(film)]
    subprocess.run([*command, "-frames:v", "1", str(to)], check=True)
    with Image.open(to) as picture:
        still = picture.convert("RGB")
    still.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return still


def _sound(film: Path) -> Image.Image:
    to = film.with_name("sound.png")
    soundtrack.draw(film, to)
    with Image.open(to) as picture:
        return picture.convert("RGB").resize((SHEET_WIDTH, SOUND), Image.Resampling.LANCZOS)
