"""Cuts the typefaces that a text needs besides Noto Sans: for each script a small face with no more than the signs of the text.

The fonts are those of two packages (both Noto, SIL Open Font License): 20 scripts, symbols and emoji in `manimgx-fonts`, Chinese,
Japanese and Korean in `manimgx-fonts-cjk`. They have variable weights, and the second has 33 MB and is thin as it comes: what draws
letters here (libass, resvg, fpdf2) would not read it in a short time, or not take the right weight. Two faces are cut in a tenth of a
second, of the second package in one second (Python 3.11, one core), in 120 MB.
"""

import io
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agents.animatic.fonts import FONTS

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FAMILY = "Noto Sans"  # of every face: whoever looks for a sign finds the one that has it
WEIGHTS = {"Regular": 400, "Bold": 700}
ASCENT, DESCENT = 1.069, 0.293  # of Noto Sans, by its size
CURVE_ERROR = 1.0  # units of the font, a thousandth of its height
REMEMBERED_SUBSETS = 8  # of some kilobytes
MOST_SIGNS = 3_000  # of one text; more different ones than the longest film has

_LATER = re.compile(r"[^\x00-\u052f\u1e00-\u20cf\u2116\u2122]")  # what Noto Sans may lack
_OTHER_LETTERS = re.compile(r"[^\W\x00-\u052f\u1e00-\u218f]")
_FIRST_FACES = {
    "ja": 0,
    "ko": 1,
    "zh": 2,
}  # in the collection of the second package, by how each language draws the same signs
_CHINESE, _JAPANESE, _KOREAN = 2, 0, 1
_KANA, _HANGUL = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")

_MAXIMA = [
    "maxZones",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
]


class Face(NamedTuple):
    """One cut face: a file, and the signs that it has."""

    path: Path
    style: str  # "Regular" or "Bold"
    signs: frozenset[str]


class _Source(NamedTuple):
    """A font of a package; `number` counts the faces of a collection, -1 where it is none."""

    path: Path
    number: int = -1


def cut_faces(text: str, folder: Path, *, language: str = "", styles: Sequence[str] = tuple(WEIGHTS)) -> list[Face]:
    """The faces for the signs of the text that Noto Sans lacks, as files in `folder`; none for most texts.

    `language` (ISO 639-1) tells how Chinese characters are drawn; without it the text itself does.
    """
    faces: list[Face] = []
    for number, (source, signs) in enumerate(_shared_out(lacking(text), text, language)):
        whole = _subset(source, signs)
        for style in styles:
            path = folder / f"{source.path.name.split('[')[0].split('.')[0]}-{number}-{style}.ttf"
            _cut(whole, style, WEIGHTS[style], path)
            faces.append(Face(path, style, signs))
    return faces


def may_lack(text: str) -> bool:
    """Whether the text has signs that Noto Sans may not have, found out at once."""
    return _LATER.search(text) is not None


def has_other_letters(text: str) -> bool:
    """Whether there are letters of other scripts than Latin, Greek and Cyrillic: those have no italics, and some run from the right."""
    return _OTHER_LETTERS.search(text) is not None


def lacking(text: str) -> frozenset[str]:
    """The signs of a text that Noto Sans has not; of a text with too many, some."""
    later = sorted({sign for sign in _LATER.findall(text) if sign.isprintable() and not sign.isspace()})
    return frozenset(later[:MOST_SIGNS]) - _own() if later else frozenset()


@lru_cache(maxsize=1)
def _own() -> frozenset[str]:
    return _signs_of(_Source(FONTS / "NotoSans-Regular.ttf"))


def _shared_out(left: frozenset[str], text: str, language: str) -> Iterator[tuple[_Source, frozenset[str]]]:
    """Which font draws which of the signs: of those of the scripts always the one that has most of what is left."""
    scripts, later = _fonts(_face_number(text, language)) if left else ([], [])
    while scripts:
        best = max(scripts, key=lambda source: len(left & _signs_of(source)))
        if not (signs := left & _signs_of(best)):
            break
        yield best, signs
        left -= signs
        scripts.remove(best)
    for source in later:
        if left and (signs := left & _signs_of(source)):
            yield source, signs
            left -= signs


def _fonts(chinese_face: int) -> tuple[list[_Source], list[_Source]]:
    """The fonts of single scripts, and those that have signs of many."""
    folder = Path(str(files("manimgx_fonts")))
    scripts = sorted(
        path for path in folder.glob("NotoSans*.ttf") if not path.name.startswith(("NotoSans[", "NotoSans-"))
    )
    chinese = Path(str(files("manimgx_fonts_cjk"))) / "NotoSansCJK-VF.otf.ttc"
    return list(map(_Source, scripts)), [_Source(chinese, chinese_face), _Source(folder / "NotoEmoji[wght].ttf")]


def _face_number(text: str, language: str) -> int:
    if _KANA.search(text):
        return _JAPANESE
    if _HANGUL.search(text):
        return _KOREAN
    return _FIRST_FACES.get(language, _CHINESE)


@lru_cache(maxsize=32)
def _signs_of(source: _Source) -> frozenset[str]:
    with _opened(source) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _opened(source: _Source) -> "TTFont":
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - most texts need none

    return TTFont(source.path, fontNumber=source.number, lazy=True, recalcTimestamp=False)


@lru_cache(maxsize=REMEMBERED_SUBSETS)  # a label stands in several frames
def _subset(source: _Source, signs: frozenset[str]) -> bytes:
    """A font of these signs alone, still of any weight."""
    from fontTools import subset  # noqa: PLC0415 - most texts need none

    with _opened(source) as font:
        cutter = subset.Subsetter(subset.Options(layout_features=["*"], notdef_outline=True))
        # A blank, and what joins and parts letters: shaping looks for them.
        cutter.populate(text="".join(sorted(signs)) + " \u200c\u200d\u25cc")
        cutter.subset(font)
        content = io.BytesIO()
        font.save(content)
    return content.getvalue()


def _cut(font: bytes, style: str, weight: int, to: Path) -> None:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - most texts need none
    from fontTools.varLib import instancer  # noqa: PLC0415

    with TTFont(io.BytesIO(font), recalcTimestamp=False) as variable:
        axes = {axis.axisTag: weight if axis.axisTag == "wght" else None for axis in variable["fvar"].axes}
        static = instancer.instantiateVariableFont(variable, axes)
        if "CFF2" in static:
            _with_quadratic_outlines(static)
        _name(static, style, weight)
        _measure(static)
        static.save(to)


def _with_quadratic_outlines(font: "TTFont") -> None:
    """Outlines of the newest kind (CFF2) as those of TrueType, which every program reads."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415 - most texts need none
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415
    from fontTools.ttLib import newTable  # noqa: PLC0415

    glyphs = font.getGlyphSet()
    outlines = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphs, font["glyf"].glyphOrder = outlines, font.getGlyphOrder()
    maxima = font["maxp"]
    maxima.tableVersion = 0x00010000
    for field in _MAXIMA:
        setattr(maxima, field, 0)
    maxima.maxZones = 1
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 2.0, [], {}
    del font["CFF2"]
    if "VORG" in font:
        del font["VORG"]
    font.sfntVersion = "\x00\x01\x00\x00"


def _name(font: "TTFont", style: str, weight: int) -> None:
    """Its family and its style, by which the face is found."""
    is_bold = style == "Bold"
    names = font["name"]
    names.names = []
    for number, words in ((1, FAMILY), (2, style), (4, f"{FAMILY} {style}"), (6, f"NotoSans-{style}")):
        names.setName(words, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b110_0001) | (0b10_0000 if is_bold else 0b100_0000)
    font["head"].macStyle = int(is_bold)


def _measure(font: "TTFont") -> None:
    """As high as Noto Sans: libass sizes letters by the height of their font, and those of other scripts leave more room."""
    ascent, descent = (round(share * font["head"].unitsPerEm) for share in (ASCENT, DESCENT))
    font["OS/2"].usWinAscent, font["OS/2"].usWinDescent = ascent, descent
    font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap = ascent, -descent, 0
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ascent, -descent, 0
