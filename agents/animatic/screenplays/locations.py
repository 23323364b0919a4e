"""Reads places: a scene heading (or loose words about a place) becomes a Setting and a well-formed heading."""

import re

from agents.animatic.film import Setting, TimeOfDay, Weather
from agents.animatic.places import PLACES
from agents.animatic.vocabulary import TIMES, UNTIMED, WEATHERS

UNKNOWN_PLACE = "UNKNOWN PLACE"
LONGEST_LABEL = 8  # characters of a scene's number

_SHORT_PREFIX = r"INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I/E|E/I|INT|EXT|EST"
_LONG_PREFIX = r"INTERIOR|EXTERIOR|INNEN|AU(?:SS|ß)EN|ИНТ|НАТ|ЭКСТ"
_HEADING = re.compile(
    rf"(?:(?P<number>\d+[A-Z]{{0,2}})[.):]?\s+)?"
    rf"(?P<prefix>(?:{_SHORT_PREFIX})(?=[.:\s])|(?:{_LONG_PREFIX})(?=\s?[.:/–—-]))[.:\s/–—-]*(?P<rest>.*)",
    re.IGNORECASE,
)
_COUNTED = ("ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE")
_SCENE_WORD = re.compile(
    r"(?:(?:ACT|AKT|ACTE|ACTO|ATO)\s+\w{1,5}[\s,.:–—-]+)?(?:SCENE|SZENE|SC[EÈ]NE|ESCENA|CENA|СЦЕНА)\s+#?"
    rf"(?P<number>\d{{1,4}}[A-Z]?|[IVXLC]{{1,7}}|{'|'.join(_COUNTED)})"
    r"(?:\s*[:.,;(–—-]+\s*(?P<rest>[^\n]*?)\)?|\s+(?P<words>[^\n]*))?",
    re.IGNORECASE,
)
_SCENE_NUMBER = re.compile(r"\s*#(?P<number>[^#\s]+)#$")
_NO_LABEL = re.compile(r"[\W_]+")
_LAST_PIECE = re.compile(r"[,.;(]\s*(?P<moment>[^,.;()]{2,30})[.)]?$")
_BARE_MOMENTS = frozenset({"DAY", "NIGHT", "MORNING", "EVENING", "AFTERNOON", "DAWN", "DUSK", "CONTINUOUS", "LATER"})
_DASH = re.compile(r" [-–—]+ | ?[–—]+ ?| -|- ")  # in a line without surplus spaces
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OPEN_AIR_PREFIXES = ("EXT", "E/I", "EST", "AU", "НАТ", "ЭКСТ")


def is_heading(line: str, *, is_strict: bool = False) -> bool:
    """Whether a line reads as a scene heading. Strict: only spelt in capitals, for the middle of a speech."""
    if (scene := _SCENE_WORD.fullmatch(line)) and (line.isupper() or not scene["words"]):
        return line.isupper() or not is_strict
    match = _HEADING.match(line)
    if not match or not (match["rest"] or line.isupper()):
        return False
    prefix = match["prefix"]
    if prefix.isupper():
        return not is_strict or line.upper() == line
    return not is_strict and line[match.end("prefix") :].startswith((".", "/", ":")) and prefix.casefold() != "est"


def split_heading(line: str) -> tuple[str, str]:
    """The heading without its number, and the number: "12 INT. KITCHEN #12A#" has 12A, "Scene Two: The forest" has 2.

    Where nothing is said but the number, the heading is "".
    """
    text = " ".join(line.split())
    number = ""
    if scene := _SCENE_WORD.fullmatch(text):
        spelt = scene["number"].upper()
        number = str(_COUNTED.index(spelt) + 1) if spelt in _COUNTED else spelt
        text = (scene["rest"] or scene["words"] or "").strip()
    if marked := _SCENE_NUMBER.search(text):
        number, text = marked["number"], text[: marked.start()].rstrip()
    match = _HEADING.match(text)
    if match and (margin := match["number"]):
        number = number or margin
        text = text[match.start("prefix") :].removesuffix(f" {margin}.").removesuffix(f" {margin}")
    return text, label_from(number)


def label_from(number: str) -> str:
    """The number of a scene as its label: "1-A" becomes "1A"."""
    return _NO_LABEL.sub("", number).upper().lstrip("0")[:LONGEST_LABEL]


def read_heading(line: str, *, action: str = "", before: Setting | None = None) -> tuple[str, Setting]:
    """The heading, well formed ("INT. KITCHEN - NIGHT"), and its Setting.

    `action` is the scene's action, where weather and missing facts are looked for; `before` is the scene ahead of it.
    """
    text, _ = split_heading(line)
    match = _HEADING.match(text)
    rest = (match["rest"] if match else text).strip()
    place, moment = _split_moment(rest)
    place = place or _place_of(action) or UNKNOWN_PLACE
    interior = _is_interior(match["prefix"].upper() if match else "", place, before)
    time = time_of_day(moment) or time_of_day(place)
    setting = Setting(
        place=sentence_case(place.upper()),
        interior=interior,
        time_of_day=time or _inherited_time(place, moment, before),
        weather=weather_of(f"{rest}. {action}"),
    )
    return heading_of(setting, moment=moment), setting


def heading_of(setting: Setting, *, moment: str = "") -> str:
    """ "INT. LIGHTHOUSE KITCHEN - NIGHT": `moment` stands instead of the time of day ("CONTINUOUS")."""
    prefix = "INT." if setting.interior else "EXT."
    return f"{prefix} {setting.place.upper()} - {moment.upper() or setting.time_of_day.upper()}"


def names_place(line: str) -> bool:
    """Whether a heading says where the scene is."""
    text, _ = split_heading(line)
    match = _HEADING.match(text)
    return bool(_split_moment((match["rest"] if match else text).strip())[0])


def _place_of(action: str) -> str:
    return next((word for word in words_of(action) if word in PLACES), "")


def place_in(text: str, *, weather_text: str = "") -> Setting:
    """The best guess at where something happens that has no heading."""
    for word in words_of(text):
        if word in PLACES:
            place = PLACES[word]
            return Setting(
                place=sentence_case(word),
                interior=place.interior,
                time_of_day=time_of_day(text) or "day",
                weather=weather_of(weather_text or text),
            )
    return Setting(place="Room", interior=True, time_of_day=time_of_day(text) or "day", weather=weather_of(text))


def time_of_day(text: str) -> TimeOfDay | None:
    """The time of day that a text names last ("the night before the dawn": dawn), or None."""
    found = [TIMES[word] for word in words_of(text) if word in TIMES]
    return found[-1] if found else None


def weather_of(text: str) -> Weather:
    """The weather that a text names first; "clear" when it names none."""
    return next((WEATHERS[word] for word in words_of(text) if word in WEATHERS), "clear")


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.casefold() for word in _WORD.findall(text)]


def sentence_case(text: str) -> str:
    """ "LIGHTHOUSE KITCHEN" becomes "Lighthouse kitchen"; mixed case stays as it is."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:].lower() if text.isupper() else text[:1].upper() + text[1:]


def _split_moment(rest: str) -> tuple[str, str]:
    """ "KITCHEN - LATE NIGHT" becomes ("KITCHEN", "LATE NIGHT")."""
    pieces = [piece.strip(" .,:;/–—-") for piece in _DASH.split(rest)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) > 1 and _is_moment(pieces[-1]):
        return " - ".join(pieces[:-1]), pieces[-1]
    place = " - ".join(pieces)
    if len(pieces) == 1 and all(word in TIMES for word in words_of(place)):  # "INT. - NIGHT"
        return ("", place) if rest[:1] in "-–—" else (place, "")
    behind = _LAST_PIECE.search(place)  # "KITCHEN, NIGHT", "KITCHEN (NIGHT)"
    if behind and behind.start() and _is_nothing_but_moment(behind["moment"]):
        return place[: behind.start()].strip(" .,:;"), behind["moment"]
    before, _, last = place.rpartition(" ")
    return (before, last) if before and last in _BARE_MOMENTS else (place, "")  # "INT KITCHEN NIGHT"


def _is_nothing_but_moment(text: str) -> bool:
    words = words_of(text)
    return bool(words) and all(word in TIMES or word in UNTIMED for word in words)


def _is_moment(text: str) -> bool:
    words = words_of(text)
    return any(word in TIMES or word in UNTIMED for word in words) and len(words) <= 5


def _is_interior(prefix: str, place: str, before: Setting | None) -> bool:
    if prefix:
        return not prefix.startswith(_OPEN_AIR_PREFIXES)
    known = next((PLACES[word] for word in words_of(place) if word in PLACES), None)
    if known:
        return known.interior
    return before.interior if before else True


def _inherited_time(place: str, moment: str, before: Setting | None) -> TimeOfDay:
    is_going_on = bool(moment) or bool(before and before.place.casefold() == place.casefold())
    return before.time_of_day if before and is_going_on else "day"
