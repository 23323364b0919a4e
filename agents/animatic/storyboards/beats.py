"""Cuts the elements of a scene into beats: what one shot has to show, an action or a few lines of talk."""

import re
from dataclasses import dataclass, field

from agents.animatic.film import Element, Line, Scene
from agents.animatic.screenplays.directions import ANY, Direction, read_direction, without_directions
from agents.animatic.screenplays.locations import sentence_case
from agents.animatic.wording import pieces_of

READING_SPEED = 17.0  # characters a second; subtitles for grown-ups are made for 15 to 20
READING_BASE = 0.5  # seconds to look at the picture first
GLANCING_SPEED = 25.0  # for captions of what the picture shows as well
SHORTEST, LONGEST = 2.0, 30.0  # seconds
LONGEST_LINE = 150  # characters that one caption holds
LONGEST_EXCHANGE = 95  # characters that two speakers may share in one shot
LONGEST_CAPTION = 110  # characters of action that one silent shot shows

_FEELING = re.compile(
    r"\b(?:never|always|love|please|sorry|die|dead|alone|help|home|goodbye|promise|forgive|remember|lost|afraid|trust|believe|"
    r"hate|gone|last|truth|save|thank|stay|everything|nothing)\b|[!?…]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Beat:
    """What one shot has to show. `lines` is empty in a silent one."""

    action: str = ""
    lines: list[Line] = field(default_factory=list)
    is_peak: bool = False  # where the feeling of the scene is strongest
    direction: Direction = ANY  # how the script wants it taken
    is_told: bool = True  # its action may be a caption


def beats_of(scene: Scene) -> list[Beat]:
    """The beats of a scene; the first one is silent, so that it can show the place.

    Camera directions are no beats: they steer the beat that follows, and what they are of is seen, not told.
    """
    beats: list[Beat] = []
    asked, seen = ANY, ""
    for element in scene.elements:
        if element.kind == "camera":
            _add_seen(beats, asked, seen)
            asked, seen = read_direction(element.text)
            continue
        if element.kind == "transition":
            continue
        count = len(beats)
        if element.kind == "action":
            _add_action(beats, element.text, asked)
        else:
            _add_seen(beats, asked, seen)
            for line in _lines(element):
                _add_line(beats, line, is_at_once=element.is_dual)
        if len(beats) > count:
            asked, seen = ANY, ""
    _add_seen(beats, asked, seen)
    if not beats or beats[0].lines:
        beats.insert(0, Beat())
    _mark_peak(beats)
    return beats


def seconds_to_read(text: str, *, speed: float = READING_SPEED) -> float:
    """How long a caption must stand, in quarters of a second. `speed` is in characters a second."""
    seconds = READING_BASE + len(text) / speed
    return round(min(max(seconds, SHORTEST), LONGEST) * 4) / 4


def _add_action(beats: list[Beat], text: str, asked: Direction) -> None:
    """One paragraph is one shot, or several where a caption cannot hold it."""
    before = len(beats)
    directed, told = without_directions(text)
    for piece in pieces_of(told, LONGEST_CAPTION) if told else []:
        if len(beats) > before and len(beats[-1].action) + len(piece) < LONGEST_CAPTION:
            beats[-1].action = f"{beats[-1].action} {piece}".strip()
        else:
            beats.append(Beat(action=piece, direction=asked))
            asked = ANY
        if directed != ANY:
            beats[-1].direction = directed


def _add_seen(beats: list[Beat], asked: Direction, seen: str) -> None:
    """What a camera direction is of, where no action says more: a silent beat without a caption."""
    if seen:
        beats.append(Beat(action=sentence_case(seen), direction=asked, is_told=False))


def _lines(element: Element) -> list[Line]:
    pieces = pieces_of(element.text, LONGEST_LINE)
    return [
        Line(character=element.character, text=piece, parenthetical=element.parenthetical if number == 0 else "")
        for number, piece in enumerate(pieces)
    ]


def _add_line(beats: list[Beat], line: Line, *, is_at_once: bool = False) -> None:
    """A short answer shares the shot with what it answers; so does what is said at the same time."""
    last = beats[-1] if beats else Beat()
    talk = sum(len(spoken.text) for spoken in last.lines) + len(line.text)
    if len(last.lines) == 1 and last.lines[0].character != line.character and (talk <= LONGEST_EXCHANGE or is_at_once):
        last.lines.append(line)
    else:
        beats.append(Beat(lines=[line]))


def _mark_peak(beats: list[Beat]) -> None:
    talks = [beat for beat in beats if beat.lines]
    if len(talks) < 2:
        return
    last = len(talks) - 1
    strengths = [_strength(beat) + position / last for position, beat in enumerate(talks)]
    talks[strengths.index(max(strengths))].is_peak = True


def _strength(beat: Beat) -> float:
    text = " ".join(line.text for line in beat.lines)
    single = 0.8 if len(beat.lines) == 1 else 0.0
    return min(len(_FEELING.findall(text)), 4) * 0.5 + single
