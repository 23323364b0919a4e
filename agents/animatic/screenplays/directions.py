"""Reads camera directions ("CLOSE ON: THE LETTER", "We see a ship"): how a shot is taken, and the words that are left to show."""

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from agents.animatic.film import CameraMove, ShotAngle, ShotSize

Value = TypeVar("Value")

_SIZES: dict[str, ShotSize] = {
    "EXTREME CLOSE": "extreme_close_up",
    "ECU": "extreme_close_up",
    "XCU": "extreme_close_up",
    "MACRO": "extreme_close_up",
    "CLOSE": "close_up",
    "TIGHT": "close_up",
    "CU": "close_up",
    "INSERT": "close_up",
    "MEDIUM": "medium",
    "TWO": "medium",
    "OVER": "medium",
    "FULL": "full",
    "EXTREME WIDE": "extreme_wide",
    "AERIAL": "extreme_wide",
    "DRONE": "extreme_wide",
    "BIRD": "extreme_wide",
    "ESTABLISHING": "extreme_wide",
    "EXTREME LONG": "extreme_wide",
    "WIDE": "wide",
    "LONG": "wide",
}
_MOVES: dict[str, CameraMove] = {
    "PAN LEFT": "pan_left",
    "PAN": "pan_right",
    "TRACK": "pan_right",
    "TILT DOWN": "tilt_down",
    "CRANE DOWN": "tilt_down",
    "TILT": "tilt_up",
    "CRANE": "tilt_up",
    "PUSH": "push_in",
    "ZOOM OUT": "pull_out",
    "ZOOM": "push_in",
    "DOLLY OUT": "pull_out",
    "DOLLY": "push_in",
    "PULL": "pull_out",
}
_ANGLES: dict[str, ShotAngle] = {
    "OVER": "over_the_shoulder",
    "AERIAL": "high",
    "DRONE": "high",
    "BIRD": "overhead",
    "OVERHEAD": "overhead",
    "TOP": "overhead",
    "LOW": "low",
    "HIGH": "high",
    "DUTCH": "dutch",
}
_SHOT = r"(?:SHOT|ANGLE|VIEW|POV)"
_WORDS = (
    r"(?:EXTREME |VERY )?(?:CLOSE(?:R)?(?:[ -]?UP| SHOT| ANGLE)?|WIDE(?:R)? (?:SHOT|ANGLE|VIEW|ON)|LONG SHOT|FULL SHOT"
    r"|TIGHT(?:ER)? (?:SHOT|ON))(?: ON| OF)?|"
    r"(?:NEW |ANOTHER |REVERSE |LOW |HIGH |DUTCH |OVERHEAD |TOP |OVER[ -]THE[ -]SHOULDER )?"
    rf"(?:ANGLE|ANOTHER ANGLE|(?:REVERSE|LOW|HIGH|DUTCH|OVERHEAD|TOP|OVER[ -]THE[ -]SHOULDER) {_SHOT})(?: ON| OF)?|"
    rf"(?:MEDIUM|TWO|TRACKING|DOLLY|CRANE|AERIAL|DRONE|ESTABLISHING|MOVING) SHOT(?: ON| OF)?|BIRD['’]?S[ -]EYE VIEW(?: OF)?|"
    r"(?:ECU|XCU|CU)(?: ON| OF)?|INSERT|BACK TO(?: SCENE| SHOT)?|"
    r"(?:PAN|TILT|CRANE|ZOOM|DOLLY|TRACK|PUSH|PULL)(?:S|ING|NING)?(?: (?:TO|LEFT|RIGHT|UP|DOWN|ACROSS|OVER|IN|OUT|BACK))"
    r"(?: (?:TO REVEAL|TO|ON|OF|OVER|ACROSS|FROM|UNTIL))?"
)
_LINE = re.compile(rf"(?P<words>{_WORDS})(?![\w'’])[\s:.–—-]*(?P<rest>.*)")
_POV = re.compile(r"[^\W_][^.!?:]{0,40}(?:['’]S?)? (?:POV|P\.O\.V\.)[\s:.–—-]*(?P<rest>.*)|POV[\s:.–—-]+(?P<of>.*)")
_IN_ACTION = re.compile(
    rf"(?P<words>{_WORDS})(?![\w'’])(?:\s*[:–—-]\s*|[.\s]+|$)|"
    r"(?P<seen>(?<![^\s])[Ww][Ee] (?:[Cc][Aa][Nn] )?(?:[Nn][Oo][Ww] )?[Ss][Ee][Ee] (?:[Tt][Hh][Aa][Tt] )?)|"
    r"(?P<camera>(?<![^\s])[Tt][Hh][Ee] [Cc][Aa][Mm][Ee][Rr][Aa] (?P<verb>[a-zA-Z]{2,12}?)(?:[Ss]|[Ee][Ss])? "
    r"(?P<way>to|in on|in|out|back|up|down|left|right|across|over|along|past)(?: (?:to reveal|to|on|over))? )"
)
LONGEST_DIRECTION = 80  # characters of a line that is one


class Direction(NamedTuple):
    """How a shot is taken, as far as the script says."""

    size: ShotSize | None = None
    move: CameraMove | None = None
    angle: ShotAngle | None = None


ANY = Direction()


def is_direction(line: str) -> bool:
    """Whether a line of its own, in capitals, is a camera direction."""
    if len(line) > LONGEST_DIRECTION or not line.isupper():
        return False
    return bool(_LINE.fullmatch(line) or _POV.fullmatch(line))


def read_direction(line: str) -> tuple[Direction, str]:
    """How the shot is taken, and what it is of ("THE LETTER"; "" when the line does not say)."""
    upper = line.upper()
    if match := _LINE.fullmatch(upper):
        return _direction(match["words"]), line[match.start("rest") :].strip()
    if match := _POV.fullmatch(upper):
        group = "of" if match["of"] is not None else "rest"
        return Direction(size="wide"), line[match.start(group) :].strip()
    return ANY, line


def without_directions(action: str) -> tuple[Direction, str]:
    """An action without the directions in it: "We see a ship. PAN TO the shore." becomes "A ship. The shore."."""
    found = ANY
    kept: list[str] = []
    position = 0
    for match in _IN_ACTION.finditer(action):
        if match["words"] and not _opens_sentence(action, match.start()):
            continue
        found = _merged(
            found, _direction((match["words"] or match["camera"] or "").upper().removeprefix("THE CAMERA "))
        )
        kept.append(_joined(kept, action[position : match.start()]))
        position = match.end()
    kept.append(_joined(kept, action[position:]))
    return found, " ".join("".join(kept).split())


def _joined(before: list[str], text: str) -> str:
    """The text after what was taken out, with a capital where a sentence begins there."""
    is_beginning = bool(before) and before[-1].rstrip()[-1:] in ("", ".", "!", "?", "…")
    return text[:1].upper() + text[1:] if is_beginning else text


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at].rstrip()
    return not before or before[-1] in ".!?…:–—-"


def _direction(words: str) -> Direction:
    return Direction(_first(_SIZES, words), _first(_MOVES, words), _first(_ANGLES, words))


def _first(table: Mapping[str, Value], words: str) -> Value | None:
    return next((value for start, value in table.items() if words.startswith(start)), None)


def _merged(first: Direction, second: Direction) -> Direction:
    return Direction(first.size or second.size, first.move or second.move, first.angle or second.angle)
