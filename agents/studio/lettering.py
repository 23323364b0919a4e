"""Letters on the picture: captions, title card and end card, as an ASS script that libass draws.

libass shapes and orders every script (HarfBuzz, FriBidi). Faces for what Noto Sans lacks lie beside it (animatic/fonts/faces.py).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agents.animatic.film import FRAME_HEIGHT, FRAME_WIDTH, Cast, Character
from agents.animatic.fonts.faces import has_other_letters
from agents.animatic.stories.cards import is_english, the_end
from agents.studio.captions import Cue, Lines, pages

AMBER, WHITE, SILVER = "F5B74F", "FFFFFF", "C9CED6"  # rrggbb
TITLE_SIZES = ((116, 18), (96, 24), (76, 34))  # (pixels, columns of a line)
TITLE_LINES = 2
LOGLINE_COLUMNS, LOGLINE_LINES = 54, 3
CAST_WITH_ROLES = 6  # beyond it, names only
CAST_ROWS, CAST_COLUMNS = 9, 3
ROLE_COLUMNS, NAME_COLUMNS = 48, 24
FADE_MILLISECONDS = 450

_MIDDLE = FRAME_WIDTH // 2
_STYLE = "Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Italic, Spacing, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding"  # fmt: skip
_HEAD = f"""[Script Info]
ScriptType: v4.00+
PlayResX: {FRAME_WIDTH}
PlayResY: {FRAME_HEIGHT}
WrapStyle: 0
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: {_STYLE}
Style: Caption,Noto Sans,43,&H00FFFFFF,&H90000000,&H58100C0A,0,0,0,4,1.5,12,2,110,110,48,-1
Style: Card,Noto Sans,32,&H00FFFFFF,&H00000000,&H80000000,0,0,0,1,0,1.5,5,90,90,40,-1

[Events]
Format: Layer, Start, End, Style, MarginL, MarginR, MarginV, Text
"""


@dataclass(frozen=True, slots=True)
class Letters:
    """A piece of lettering on the screen, from and until in seconds of the film; `text` is ASS."""

    start: float
    end: float
    style: str
    text: str


def captions(cues: Iterable[Cue]) -> list[Letters]:
    """The captions at the foot of the picture: the speaker's name in amber above the words; actions in italics."""
    return [Letters(cue.start, cue.end, "Caption", _caption(cue)) for cue in cues]


def title_card(title: str, logline: str, *, start: float, end: float, language: str = "") -> list[Letters]:
    """The title, large, with the logline under it. Only an English one (ISO 639-1; "" as well) says what it is, in English."""
    size, lines = _sized_title(title)
    top = FRAME_HEIGHT / 2 - 40 - (len(lines) - 1) * size * 0.6
    foot = FRAME_HEIGHT / 2 - 40 + (len(lines) - 1) * size * 0.6 + size * 0.75
    below = _fitted(logline, LOGLINE_COLUMNS, LOGLINE_LINES)
    eyebrow = _at(top - size * 0.95, "AN ANIMATIC", size=25, colour=AMBER, spacing=9, is_bold=True)
    heading = _at((top + foot - size * 0.75) / 2, *lines, size=size, spacing=1, is_bold=True)
    words = _at(foot + 38 + len(below) * 22, *below, size=38, colour=SILVER)
    texts = [
        *([_fading(eyebrow)] if is_english(language) else []),
        _fading(heading),
        _fading(_rule(foot + 8)),
        _fading(words, late=True),
    ]
    return [Letters(start, end, "Card", text) for text in texts]


def end_card(title: str, cast: Cast, *, start: float, end: float, language: str = "") -> list[Letters]:
    """The end card: "The End" in the film's language, the cast, and what the film was made with."""
    characters = cast.characters
    have_roles = len(characters) <= CAST_WITH_ROLES and any(character.description for character in characters)
    people = _roles(characters) if have_roles else _names(characters, language)
    made_with = "An animatic made with Callboard" if is_english(language) else "Callboard"
    texts = [
        _fading(_at(116, the_end(language), size=92, is_bold=True)),
        _fading(_rule(184)),
        _fading(_at(222, *_fitted(title, 60, 1), size=34, colour=AMBER)),
        *(_fading(text, late=True) for text in people),
        _fading(_at(FRAME_HEIGHT - 56, made_with, size=29, colour=SILVER, spacing=1), late=True),
    ]
    return [Letters(start, end, "Card", text) for text in texts]


def as_ass(letters: Iterable[Letters], *, start: float, end: float) -> str:
    """What is on the screen between `start` and `end`, as an ASS script of its own that begins at 0."""
    rows = [
        f"Dialogue: 0,{_time(piece.start - start)},{_time(piece.end - start)},{piece.style},0,0,0,{piece.text}"
        for piece in letters
        if piece.start < end and piece.end > start
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _caption(cue: Cue) -> str:
    words = r"\N".join(map(_escaped, cue.lines))
    if not cue.speaker:
        return words if has_other_letters(words) else rf"{{\i1}}{words}"
    name = _escaped(" ".join(cue.speaker.split()))
    spacing = 0 if has_other_letters(name) else 3  # joined letters would come apart
    return rf"{{\b1\fs30\fsp{spacing}\c{_colour(AMBER)}}}{name}{{\r}}\N{words}"


def _sized_title(title: str) -> tuple[int, Lines]:
    for size, columns in TITLE_SIZES:
        blocks = pages(title, columns, TITLE_LINES)
        if len(blocks) == 1:
            return size, blocks[0]
    size, columns = TITLE_SIZES[-1]
    return size, _fitted(title, columns, TITLE_LINES + 1)


def _fitted(text: str, columns: int, most_lines: int) -> Lines:
    """The text in at most so many lines; what does not fit ends in an ellipsis."""
    blocks = pages(text, columns, most_lines)
    if len(blocks) <= 1:
        return blocks[0] if blocks else ()
    words = text.split()
    while len(pages(" ".join(words) + "…", columns, most_lines)) > 1 and len(words) > 1:
        words.pop()
    return pages(" ".join(words).rstrip(",;:.") + "…", columns, most_lines)[0]


def _roles(characters: list[Character]) -> list[str]:
    """One row each: the name to the left of the middle, who that is to the right."""
    top, step = _rows(len(characters), 46)
    rows = []
    for row, character in enumerate(characters):
        y = top + row * step
        rows.append(_at(y, *_fitted(character.name, NAME_COLUMNS, 1), x=_MIDDLE - 132, size=34, is_bold=True, align=6))
        rows.append(_at(y, *_role(character), x=_MIDDLE - 108, size=31, colour=SILVER, align=4))
    return rows


def _role(character: Character) -> Lines:
    """Who that is, in one line: the first clause of the description."""
    role = re.sub(rf"^{re.escape(character.name)}\s*(?:,|:|is)\s*", "", character.description, flags=re.IGNORECASE)
    clause = re.split(r"[.;,](?:\s|$)", role.strip(), maxsplit=1)[0]
    return _fitted(clause[:1].upper() + clause[1:], ROLE_COLUMNS, 1)


def _names(characters: list[Character], language: str) -> list[str]:
    """Names in columns; of a crowd that is too large, how many more there are."""
    room = CAST_ROWS * CAST_COLUMNS
    names = [character.name for character in characters]
    if len(names) > room:
        names[room - 1 :] = [
            f"and {len(names) - room + 1} more" if is_english(language) else f"+ {len(names) - room + 1}"
        ]
    columns = max(1, -(-len(names) // CAST_ROWS))
    per_column = -(-len(names) // columns)
    top, step = _rows(per_column, 40)
    width = (FRAME_WIDTH - 240) / columns
    return [
        _at(
            top + index % per_column * step,
            *_fitted(name, 22, 1),
            x=round(120 + width * (index // per_column + 0.5)),
            size=32,
            is_bold=True,
        )
        for index, name in enumerate(names)
    ]


def _rows(count: int, step: float) -> tuple[float, float]:
    """The first row's height and the step from row to row, centred in the space for the cast."""
    return 438 - (count - 1) * step / 2, step


def _at(
    y: float,
    *lines: str,
    x: int = _MIDDLE,
    size: int = 32,
    colour: str = WHITE,
    spacing: int = 0,
    is_bold: bool = False,
    align: int = 5,
) -> str:
    spacing = 0 if has_other_letters("".join(lines)) else spacing
    look = rf"\an{align}\pos({x},{y:.0f})\fs{size}\fsp{spacing}\b{int(is_bold)}\c{_colour(colour)}"
    return f"{{{look}}}" + r"\N".join(map(_escaped, lines))


def _rule(y: float) -> str:
    """A short amber line."""
    return rf"{{\an5\pos({_MIDDLE},{y:.0f})\shad0\c{_colour(AMBER)}\p1}}m 0 0 l 96 0 96 3 0 3{{\p0}}"


def _fading(text: str, *, late: bool = False) -> str:
    wait = FADE_MILLISECONDS if late else 0
    return rf"{{\fade(255,0,255,{wait},{wait + FADE_MILLISECONDS},99999,99999)}}{text}"


def _escaped(text: str) -> str:
    """Text that means itself: no override may begin, no escape may form (as FFmpeg does it for WebVTT)."""
    text = "".join(character if character.isprintable() or character == "\u200d" else " " for character in text)
    return text.replace("\\", "\\\u2060").replace("{", r"\{").replace("}", r"\}")


def _colour(rrggbb: str) -> str:
    return f"&H{rrggbb[4:6]}{rrggbb[2:4]}{rrggbb[0:2]}&"


def _time(seconds: float) -> str:
    hundredths = max(0, round(seconds * 100))
    minutes, hundredths = divmod(hundredths, 6_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{hundredths // 100:02}.{hundredths % 100:02}"
