"""Breaks what is said into captions that can be read in time, and writes them down as WebVTT and SubRip.

Measures follow the usual guides for subtitles (Netflix: at most two lines of 42 columns, 20 characters a second).
"""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.animatic.film import Shot, Speech, SpokenLine
from agents.studio.spoken import LEAD_IN_SECONDS as SPEECH_LEAD_SECONDS

COLUMNS = 42  # of one line; a wide (CJK) character takes two
LINES = 2
CHARACTERS_PER_SECOND = 20.0
SILENT_CHARACTERS_PER_SECOND = 24.0  # no dialogue is lost by looking at the picture instead
GLANCE_SECONDS = 0.3  # to find a new caption
SHORTEST_SECONDS = 1.0
SLOWEST = 2.5  # times the needed time; then a caption goes, even if nothing follows
LITTLE_WORD = 3  # letters
LEAD_IN_SECONDS = 0.2  # the picture first
LEAD_OUT_SECONDS = 0.1
HOLD_SECONDS = 0.25  # for which a caption stays when its words have been said, if nothing follows

_ENDS = {
    ".": 0.4,
    "!": 0.4,
    "?": 0.4,
    "…": 0.4,
    "。": 0.4,
    ";": 0.3,
    ":": 0.3,
    ",": 0.2,
    "—": 0.2,
    "\u2013": 0.2,
    "、": 0.2,
}
# SubRip has no escapes: what players take for tags, or for the arrow between two times, becomes what looks like it.
_SRT_SIGNS = str.maketrans("<>{}", "\u2039\u203a()")
_CLOSING = "\"'”\u2019»)]"

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption on the screen: from, until (seconds of the film), who speaks ("" in a silent shot), and its lines."""

    start: float
    end: float
    speaker: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class _Page:
    speaker: str
    lines: Lines

    @property
    def needed_seconds(self) -> float:
        speed = CHARACTERS_PER_SECOND if self.speaker else SILENT_CHARACTERS_PER_SECOND
        return max(SHORTEST_SECONDS, GLANCE_SECONDS + columns_of(" ".join(self.lines)) / speed)


def seconds_needed(shot: Shot) -> float:
    """How long the shot must be at least, for all its words to be read. 0 without words."""
    pages = _pages_of(shot)
    return LEAD_IN_SECONDS + sum(page.needed_seconds for page in pages) + LEAD_OUT_SECONDS if pages else 0.0


def cues_of(shot: Shot, *, start: float, end: float) -> list[Cue]:
    """The shot's captions, spread over `start` to `end` (seconds of the film) by the time that each needs."""
    pages = _pages_of(shot)
    if not pages:
        return []
    room = end - start - LEAD_IN_SECONDS - LEAD_OUT_SECONDS
    pace = min(room / sum(page.needed_seconds for page in pages), SLOWEST)
    moments = [start + LEAD_IN_SECONDS]
    for page in pages:
        moments.append(moments[-1] + page.needed_seconds * pace)
    return [
        Cue(from_, until, page.speaker, page.lines)
        for page, (from_, until) in zip(pages, pairwise(moments), strict=True)
    ]


def seconds_to_read(text: str, *, is_dialogue: bool) -> float:
    """How long the captions of a text must stand, to be read."""
    speaker = "?" if is_dialogue else ""
    return sum(_Page(speaker, lines).needed_seconds for lines in pages(text))


def spoken_cues(speech: Speech, *, start: float, end: float) -> list[Cue]:
    """The captions of a shot that lasts from `start` to `end` (seconds of the film): each while its words are heard.

    One that is said quicker than it can be read stays as long as that takes, if nothing follows before.
    """
    first = start + SPEECH_LEAD_SECONDS
    all_pages = [(page, first + moment) for line in speech.lines for page, moment in _spoken_pages(line)]
    lasts = [first + line.end + HOLD_SECONDS for line in speech.lines for _ in pages(line.text)]
    followers = [*(moment for _, moment in all_pages[1:]), end]
    return [
        Cue(moment, min(max(last, moment + page.needed_seconds), follower), page.speaker, page.lines)
        for (page, moment), last, follower in zip(all_pages, lasts, followers, strict=True)
    ]


def _spoken_pages(line: SpokenLine) -> list[tuple[_Page, float]]:
    """The captions of a line, and when the words of each are heard: evenly spread where the speaker did not say."""
    lines = pages(line.text)
    moments = line.pages
    if len(moments) != len(lines):
        moments = [line.start + (line.end - line.start) * number / len(lines) for number in range(len(lines))]
    return [(_Page(line.character, page), moment) for page, moment in zip(lines, moments, strict=True)]


def pages(text: str, columns: int = COLUMNS, most_lines: int = LINES) -> list[Lines]:
    """The text in blocks of at most `most_lines` lines, cut where a reader would take a breath. No word is lost."""
    return _cut(_words(text, columns), columns, most_lines)


def columns_of(text: str) -> int:
    """How wide the text is, in columns: 2 for a wide character, 0 for one that combines."""
    return len(text) if text.isascii() else sum(_width(character) for character in text)


def as_webvtt(cues: list[Cue], *, name_speakers: bool = False) -> str:
    """The cues as a WebVTT file (W3C). Speakers are voice tags; with `name_speakers`, words before the line."""
    blocks = [_vtt_block(number, cue, name_speakers=name_speakers) for number, cue in enumerate(cues, start=1)]
    return "\n".join(["WEBVTT\n", *blocks])


def as_srt(cues: list[Cue]) -> str:
    """The cues as a SubRip file, which every player and editor reads. Speakers are words before the line."""
    return "\n".join(_srt_block(number, cue) for number, cue in enumerate(cues, start=1))


def chapters_as_webvtt(chapters: Sequence[tuple[float, float, str]]) -> str:
    """Chapters (from, until, title) as a WebVTT file: the kind "chapters" of a track in HTML."""
    blocks = [
        f"{number}\n{_vtt_time(start)} --> {_vtt_time(end)}\n{_vtt_escaped(' '.join(_printable(title).split()))}\n"
        for number, (start, end, title) in enumerate(chapters, start=1)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _pages_of(shot: Shot) -> list[_Page]:
    if shot.dialogue:
        return [_Page(line.character, lines) for line in shot.dialogue for lines in pages(line.text)]
    return [_Page("", lines) for lines in pages(shot.caption)]


def _words(text: str, columns: int) -> list[str]:
    """The words; one that is too long for a line, or written without spaces, in pieces that fill a line."""
    return [piece for word in _printable(text).split() for piece in _pieces(word, columns)]


def _printable(text: str) -> str:
    """Without control characters, which no caption can show; line breaks and tabs become blanks."""
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cs") else character for character in text)


def _pieces(word: str, columns: int) -> list[str]:
    pieces: list[list[str]] = [[]]
    room = columns
    for character in word:
        width = _width(character)
        if width > room:
            pieces.append([])
            room = columns
        pieces[-1].append(character)
        room -= width
    return list(map("".join, pieces))


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(words: list[str], columns: int, most_lines: int) -> list[Lines]:
    """Halves the words, near the middle and best after a full stop, until each part fits."""
    if not words:
        return []
    lines = _filled(words, columns)
    if len(lines) <= most_lines:
        return [_balanced(words, columns)]
    cut = _best_cut(words, math.ceil(len(lines) / most_lines))
    return _cut(words[:cut], columns, most_lines) + _cut(words[cut:], columns, most_lines)


def _best_cut(words: list[str], parts: int) -> int:
    """After how many words to cut, so that the left side gets its share of the parts."""
    widths = [columns_of(word) + 1 for word in words]
    whole = sum(widths)
    aim, done, best, least = whole * (parts // 2) / parts, 0, 1, math.inf
    for position in range(1, len(words)):
        done += widths[position - 1]
        badness = abs(done - aim) / whole - _pause_after(words[position - 1]) / parts
        if badness < least:
            best, least = position, badness
    return best


def _pause_after(word: str) -> float:
    """How good a place for a breath it is: best after a full stop, worst after a little word like "the"."""
    if word.isalpha() and len(word) <= LITTLE_WORD:
        return -0.2
    return _ENDS.get(word.rstrip(_CLOSING)[-1:], 0.0)


def _balanced(words: list[str], columns: int) -> Lines:
    """As few lines as possible, of even length."""
    lines = _filled(words, columns)
    for narrower in range(columns - 1, 0, -1):
        evener = _filled(words, narrower)
        if len(evener) > len(lines) or max(map(columns_of, evener)) > narrower:
            break
        lines = evener
    return lines


def _filled(words: list[str], columns: int) -> Lines:
    """Each line as full as it gets."""
    lines: list[list[str]] = []
    room = 0
    for word in words:
        width = columns_of(word)
        if lines and width < room:
            lines[-1].append(word)
            room -= 1 + width
        else:
            lines.append([word])
            room = columns - width
    return tuple(map(" ".join, lines))


def _vtt_block(number: int, cue: Cue, *, name_speakers: bool) -> str:
    text = "\n".join(map(_vtt_escaped, cue.lines))
    speaker = _vtt_escaped(" ".join(_printable(cue.speaker).split()))
    if not speaker:
        text = f"<i>{text}</i>"
    elif name_speakers:
        text = f"{speaker}: {text}"
    else:
        text = f"<v {speaker}>{text}"
    return f"{number}\n{_vtt_time(cue.start)} --> {_vtt_time(cue.end)}\n{text}\n"


def _srt_block(number: int, cue: Cue) -> str:
    text = "\n".join(cue.lines).translate(_SRT_SIGNS)  # no line is empty, which would end the cue
    speaker = " ".join(_printable(cue.speaker).split()).translate(_SRT_SIGNS)
    text = f"{speaker}: {text}" if speaker else f"<i>{text}</i>"
    start, end = (_vtt_time(seconds).replace(".", ",") for seconds in (cue.start, cue.end))
    return f"{number}\n{start} --> {end}\n{text}\n"


def _vtt_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _vtt_time(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
