"""Letters on the picture: captions, title card and end card, as an ASS script that libass draws.

libass shapes and orders every script (HarfBuzz, FriBidi). Faces for what Noto Sans lacks lie beside it (animatic/fonts/faces.py).
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from agents.animatic.film import Cast, Character, FilmFormat, size_of
from agents.animatic.fonts.faces import has_other_letters
from agents.animatic.stories.cards import is_english, the_end
from agents.studio.captions import Cue, Lines, pages

AMBER, WHITE, SILVER = "F5B74F", "FFFFFF", "C9CED6"  # rrggbb
CAST_WITH_ROLES = 6  # beyond it, names only
ROLE_COLUMNS, NAME_COLUMNS = 48, 24
FADE_MILLISECONDS = 450

_STYLE = "Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Italic, Spacing, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding"  # fmt: skip
_HEAD = f"""[Script Info]
ScriptType: v4.00+
PlayResX: {{width}}
PlayResY: {{height}}
WrapStyle: 0
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: {_STYLE}
Style: Caption,Noto Sans,{{caption}},&H00FFFFFF,&H90000000,&H58100C0A,0,0,0,4,1.5,12,2,{{aside}},{{aside}},{{below}},-1
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


@dataclass(frozen=True, slots=True)
class Page:
    """How letters are set on the picture of a format, in pixels of its smaller resolution: libass enlarges them for the other one."""

    width: int
    height: int
    titles: tuple[tuple[int, int], ...]  # sizes that are tried, with the columns of a line
    title_lines: int
    logline: tuple[int, int]  # columns, lines
    caption: int  # size of the letters
    aside: int  # of captions, free on both sides
    below: int
    cast_rows: int
    cast_columns: int

    @property
    def middle(self) -> int:
        return self.width // 2

    @property
    def is_wide(self) -> bool:
        return self.width > self.height

    @property
    def top(self) -> float:
        """From where the cards are set: they are as high as a wide film."""
        return (self.height - size_of("16:9").height) / 2


WIDE = Page(*size_of("16:9"), ((116, 18), (96, 24), (76, 34)), 2, (54, 3), 43, 110, 48, 9, 3)
PAGES: dict[FilmFormat, Page] = {
    "16:9": WIDE,
    # Below, players of phones lay their own words over the picture.
    "9:16": Page(*size_of("9:16"), ((92, 10), (72, 14), (56, 18)), 4, (32, 6), 38, 44, 190, 9, 1),
    "1:1": Page(*size_of("1:1"), ((92, 10), (72, 14), (56, 18)), 3, (32, 5), 36, 44, 44, 9, 2),
}


def captions(cues: Iterable[Cue], page: Page = WIDE) -> list[Letters]:
    """The captions at the foot of the picture: the speaker's name in amber above the words; actions in italics."""
    return [Letters(cue.start, cue.end, "Caption", _caption(cue, page)) for cue in cues]


def title_card(
    title: str, logline: str, *, start: float, end: float, language: str = "", page: Page = WIDE
) -> list[Letters]:
    """The title, large, with the logline under it. Only an English one (ISO 639-1; "" as well) says what it is, in English."""
    size, lines = _sized_title(title, page)
    middle = page.height / 2 - 40
    top = middle - (len(lines) - 1) * size * 0.6
    foot = middle + (len(lines) - 1) * size * 0.6 + size * 0.75
    below = _fitted(logline, *page.logline)
    eyebrow = _at(page, top - size * 0.95, "AN ANIMATIC", size=25, colour=AMBER, spacing=9, is_bold=True)
    heading = _at(page, (top + foot - size * 0.75) / 2, *lines, size=size, spacing=1, is_bold=True)
    words = _at(page, foot + 38 + len(below) * 22, *below, size=38, colour=SILVER)
    texts = [
        *([_fading(eyebrow)] if is_english(language) else []),
        _fading(heading),
        _fading(_rule(page, foot + 8)),
        _fading(words, late=True),
    ]
    return [Letters(start, end, "Card", text) for text in texts]


def end_card(
    title: str, cast: Cast, *, start: float, end: float, language: str = "", page: Page = WIDE
) -> list[Letters]:
    """The end card: "The End" in the film's language, the cast, and what the film was made with."""
    characters = cast.characters
    have_roles = (
        page.is_wide and len(characters) <= CAST_WITH_ROLES and any(character.description for character in characters)
    )
    people = _roles(page, characters) if have_roles else _names(page, characters, language)
    made_with = "An animatic made with Callboard" if is_english(language) else "Callboard"
    texts = [
        _fading(_at(page, page.top + 116, the_end(language), size=92, is_bold=True)),
        _fading(_rule(page, page.top + 184)),
        _fading(_at(page, page.top + 222, *_fitted(title, 60 if page.is_wide else 34, 1), size=34, colour=AMBER)),
        *(_fading(text, late=True) for text in people),
        _fading(_at(page, page.height - 56, made_with, size=29, colour=SILVER, spacing=1), late=True),
    ]
    return [Letters(start, end, "Card", text) for text in texts]


def as_ass(letters: Iterable[Letters], *, start: float, end: float, page: Page = WIDE) -> str:
    """What is on the screen between `start` and `end`, as an ASS script of its own that begins at 0."""
    rows = [
        f"Dialogue: 0,{_time(piece.start - start)},{_time(piece.end - start)},{piece.style},0,0,0,{piece.text}"
        for piece in letters
        if piece.start < end and piece.end > start
    ]
    return _HEAD.format(**asdict(page)) + "\n".join(rows) + "\n"


def _caption(cue: Cue, page: Page) -> str:
    # Lines are made for wide films: elsewhere libass breaks them anew, all as long as each other.
    is_talk = any(line.startswith(("-", "\N{EN DASH}")) for line in cue.lines)
    words = (r"\N" if page.is_wide or is_talk else " ").join(map(_escaped, cue.lines))
    if not cue.speaker:
        return words if has_other_letters(words) else rf"{{\i1}}{words}"
    name = _escaped(" ".join(cue.speaker.split()))
    spacing = 0 if has_other_letters(name) else 3  # joined letters would come apart
    return rf"{{\b1\fs30\fsp{spacing}\c{_colour(AMBER)}}}{name}{{\r}}\N{words}"


def _sized_title(title: str, page: Page) -> tuple[int, Lines]:
    for size, columns in page.titles:
        blocks = pages(title, columns, page.title_lines)
        if len(blocks) == 1:
            return size, blocks[0]
    size, columns = page.titles[-1]
    return size, _fitted(title, columns, page.title_lines + 1)


def _fitted(text: str, columns: int, most_lines: int) -> Lines:
    """The text in at most so many lines; what does not fit ends in an ellipsis."""
    blocks = pages(text, columns, most_lines)
    if len(blocks) <= 1:
        return blocks[0] if blocks else ()
    words = text.split()
    while len(pages(" ".join(words) + "…", columns, most_lines)) > 1 and len(words) > 1:
        words.pop()
    return pages(" ".join(words).rstrip(",;:.") + "…", columns, most_lines)[0]


def _roles(page: Page, characters: list[Character]) -> list[str]:
    """One row each: the name to the left of the middle, who that is to the right."""
    top, step = _rows(page, len(characters), 46)
    rows = []
    for row, character in enumerate(characters):
        y = top + row * step
        rows.append(
            _at(page, y, *_fitted(character.name, NAME_COLUMNS, 1), x=page.middle - 132, size=34, is_bold=True, align=6)
        )
        rows.append(_at(page, y, *_role(character), x=page.middle - 108, size=31, colour=SILVER, align=4))
    return rows


def _role(character: Character) -> Lines:
    """Who that is, in one line: the first clause of the description."""
    role = re.sub(rf"^{re.escape(character.name)}\s*(?:,|:|is)\s*", "", character.description, flags=re.IGNORECASE)
    clause = re.split(r"[.;,](?:\s|$)", role.strip(), maxsplit=1)[0]
    return _fitted(clause[:1].upper() + clause[1:], ROLE_COLUMNS, 1)


def _names(page: Page, characters: list[Character], language: str) -> list[str]:
    """Names in columns; of a crowd that is too large, how many more there are."""
    room = page.cast_rows * page.cast_columns
    names = [character.name for character in characters]
    if len(names) > room:
        names[room - 1 :] = [
            f"and {len(names) - room + 1} more" if is_english(language) else f"+ {len(names) - room + 1}"
        ]
    columns = max(1, -(-len(names) // page.cast_rows))
    per_column = -(-len(names) // columns)
    top, step = _rows(page, per_column, 40)
    margin = 120 if page.is_wide else 40
    width = (page.width - 2 * margin) / columns
    return [
        _at(
            page,
            top + index % per_column * step,
            *_fitted(name, 22, 1),
            x=round(margin + width * (index // per_column + 0.5)),
            size=32,
            is_bold=True,
        )
        for index, name in enumerate(names)
    ]


def _rows(page: Page, count: int, step: float) -> tuple[float, float]:
    """The first row's height and the step from row to row, centred in the space for the cast."""
    return page.top + 438 - (count - 1) * step / 2, step


def _at(
    page: Page,
    y: float,
    *lines: str,
    x: int | None = None,
    size: int = 32,
    colour: str = WHITE,
    spacing: int = 0,
    is_bold: bool = False,
    align: int = 5,
) -> str:
    spacing = 0 if has_other_letters("".join(lines)) else spacing
    across = page.middle if x is None else x
    look = rf"\an{align}\pos({across},{y:.0f})\fs{size}\fsp{spacing}\b{int(is_bold)}\c{_colour(colour)}"
    return f"{{{look}}}" + r"\N".join(map(_escaped, lines))


def _rule(page: Page, y: float) -> str:
    """A short amber line."""
    return rf"{{\an5\pos({page.middle},{y:.0f})\shad0\c{_colour(AMBER)}\p1}}m 0 0 l 96 0 96 3 0 3{{\p0}}"


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
