"""Takes the request out of an idea: "Make a 30 second ad for..." says what kind of film is wanted, and is no part of its story."""

import re
from dataclasses import dataclass

from agents.animatic.film import FilmForm
from agents.animatic.stories.moods import wished_tone

LONGEST_FILM_SECONDS = 3_600.0

_FORMS: tuple[tuple[FilmForm, str], ...] = (
    ("advertisement", r"ads?|adverts?|advertisements?|commercials?|promos?|promo video|tv spots?|spots?|product videos?|werbung|werbespot|publicité|anuncio"),
    ("music_video", r"music videos?|music clips?|lyric videos?|musikvideo|clip musical|videoclip|video musical"),
    ("documentary", r"documentar(?:y|ies)|docu|mini-documentary|nature film|dokumentation|dokumentarfilm|doku|documentaire|documental|documentario"),
    ("how_to", r"how-to(?: videos?| guides?)?|how to videos?|tutorials?|explainers?(?: videos?)?|instructional videos?|step-by-step guide|anleitung|tutoriel"),
    ("story", r"bedtime (?:story|tale)|(?:short )?(?:fairy ?tale|film|movie|story|tale|video|clip|short|animation|cartoon|animatic|scene)|stories|gutenachtgeschichte|geschichte|kurzfilm|histoire|conte|court-métrage|historia|cuento|cortometraje|storia|favola"),
)  # fmt: skip
_NAMES = "|".join(f"(?P<{form}>{words})" for form, words in sorted(_FORMS, key=lambda entry: entry[0] == "story"))
_NUMBER = r"\d{1,4}(?:\.\d)?|one|two|three|four|five|ten|fifteen|twenty|thirty|forty-five|sixty|ninety|half an?|an?"
_UNIT = r"seconds?|secs?|sec|s|minutes?|mins?|min|sekunden?|minuten?|secondes?|segundos?|minutos?|secondi|minuti"
_LENGTH = rf"(?P<number>{_NUMBER})[ -]?(?P<unit>{_UNIT})(?:[ -]long)?"
_PLAIN_LENGTH = re.sub(r"\?P<\w+>", "?:", _LENGTH)
_WANTED = (
    r"(?:(?:hi|hello|hey)(?: there)?[!,. ]+)?(?:please[, ]+)?(?:(?:can|could|would) you (?:please )?)?"
    r"(?:(?:i|we)(?:['’]d| would)? (?:want|like|need|love)(?: you)?(?: to)? |let['’]s |help me )?"
    r"(?:(?:make|create|write|produce|generate|film|shoot|tell|show|do|see|have|design|direct|build)(?: me| us)? )?"
    r"(?:(?:ich (?:möchte|will|hätte gern)|mach(?:e)?(?: mir)?|erstelle|schreib(?:e)?|je (?:veux|voudrais)|fais(?:-moi)?|crée|quiero|crea|haz|voglio|fammi) )?"
)
_FILM = (
    rf"(?:(?:an?|the|my|our|some|one|eine?n?|une?|una?|un) )?(?:(?:{_PLAIN_LENGTH})[ ,]+)?"
    rf"(?P<manner>(?:(?!(?:about|of|on|where|for|in|with|an?|the|and|is|who)\b)[\w'’-]{{1,20}},? ){{0,3}}?)"
    rf"(?:{_PLAIN_LENGTH} )?(?:{_NAMES})\b"
)
_DETAIL = rf",? ?(?:of |that is |that['’]s |lasting |which is |\(|in )?(?:{_PLAIN_LENGTH})\)?(?: long)?"
_AUDIENCE = (
    r" (?:for|to) (?:(?:my|our|a|an|the|your) )?(?:(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)[ -]?years?[ -]?olds?"
    r"(?: (?:son|daughter|boy|girl|kid|child|nephew|niece|grandson|granddaughter))?|(?:little |young )?(?:kids?|children|toddlers?|son|daughter|nephew|niece|grandchildren|grandson|granddaughter)|children['’]s hour)"
)
_LINK = (
    r"(?:,? (?:about|on|of|where|in which|showing|which shows|that shows|that tells(?: of)?|telling|featuring|starring|called|titled|entitled|über|sur|sobre|su)\b:?"
    r" ?| ?[:–—]| - | for\b| für\b| pour\b| para\b| per\b|[.!]| with\b(?= an? )) ?"
)
_REQUEST = re.compile(
    rf"{_WANTED}{_FILM}(?P<details>(?:{_DETAIL}|{_AUDIENCE}){{0,3}})(?P<link>{_LINK})(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_IN_GENERAL = re.compile(
    r"(?:(?:hi|hello|hey)(?: there)?[!,. ]+)?(?:please[, ]+)?(?:i(?:['’]d| would) like to see|i want to see|show(?: me| us)?|tell(?: me| us)? (?:about|of)) (?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_EXPLAIN = re.compile(
    rf"(?:please )?(?:explain|describe)(?: to (?:me|us|kids|children))? (?P<rest>(?:how|why|what|where|the) .{{3,}}?)(?P<length> in (?:{_PLAIN_LENGTH}))?[.!?]?$",
    re.IGNORECASE | re.DOTALL,
)
_HOW_TO = re.compile(
    r"(?P<title>how to [^:.!?\n–—]{3,90}?)(?: in (?:\w+) (?:easy |simple )?steps)?\s*(?:[:.!?–—]|$)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OF_FILM = re.compile(
    rf"(?:^|(?<=[.!?] ))(?:(?:the |this )?(?:film|video|movie|ad|spot|clip|it|length|duration|runtime)(?: should| must| has to| needs to| can)?(?: be| last| run)?|make it|keep it(?: to| under)?|about)[: ]{{1,2}}(?:about |around |exactly |only |under )?{_LENGTH}[^.!?]{{0,40}}(?:[.!?]+|$)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"\((?:about |approx\.? )?{_LENGTH}\)", re.IGNORECASE)
_ANY_LENGTH = re.compile(rf"\b{_LENGTH}\b", re.IGNORECASE)
_WORDS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0, "fifteen": 15.0, "twenty": 20.0,
    "thirty": 30.0, "forty-five": 45.0, "sixty": 60.0, "ninety": 90.0, "half a": 0.5, "half an": 0.5,
}  # fmt: skip
_GENTLE = re.compile(r"bedtime|gutenacht|lullaby|years?[ -]?olds?|toddler", re.IGNORECASE)
_SONG = re.compile(
    r"^ ?(?:for )?(?:(?:my|our|the|a) )?(?:new )?(?:song|track|single|tune)(?: (?:called|titled|named))? ?[\"'“‘„](?P<title>[^\"'”’“]{1,60})[\"'”’“]\s*[:,.–—-]?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: `text` is what the film tells, without the request. "" and 0 where nothing is said."""

    text: str
    form: FilmForm = "story"
    seconds: float = 0.0
    tone: str = ""
    title: str = ""


def read_request(idea: str) -> Request:
    """The request in an idea of one line, and what is left of the idea without it. Never leaves nothing."""
    seconds, text = _wished_length(idea)
    match = _REQUEST.match(text)
    if match:
        return _asked_for(match, seconds)
    explained = _EXPLAIN.match(text)
    if explained:
        length = _ANY_LENGTH.search(explained["length"] or "")
        return Request(
            _capital(explained["rest"]), form="documentary", seconds=seconds or (_seconds(length) if length else 0.0)
        )
    general = _IN_GENERAL.match(text)
    if general:
        text = _capital(general["rest"])
    return _how_to(Request(text, seconds=seconds))


def length_in(requirement: str) -> float:
    """The length in seconds that a requirement names ("at most 30 seconds"), or 0."""
    match = _ANY_LENGTH.search(requirement)
    return _seconds(match) if match else 0.0


def _asked_for(match: re.Match[str], seconds: float) -> Request:
    form = next(form for form, _ in _FORMS if match[form])
    head = match.string[: match.start("link")]
    length = _ANY_LENGTH.search(head)
    rest, title = match["rest"].strip(), ""
    if form == "music_video" and (song := _SONG.match(rest)) and song.end() < len(rest):
        rest, title = rest[song.end() :], song["title"]
    request = Request(
        _capital(rest) if any(map(str.isalnum, rest)) else match.string,
        form=form,
        seconds=seconds or (_seconds(length) if length else 0.0),
        tone="tender" if _GENTLE.search(head) else wished_tone(head),
        title=title,
    )
    return _how_to(request)


def _how_to(request: Request) -> Request:
    """ "How to bake bread: feed the starter..." is titled by what it teaches; its steps are what is told."""
    match = _HOW_TO.match(request.text)
    if not match or request.form not in {"story", "how_to"}:
        return request
    title = _capital(match["title"])
    text = f"{title}. {_capital(match['rest'].strip())}".strip()
    return Request(text, form="how_to", seconds=request.seconds, tone=request.tone, title=title)


def _wished_length(idea: str) -> tuple[float, str]:
    """A length that is told in a sentence of its own or in brackets, and the idea without it."""
    for pattern in (_OF_FILM, _IN_BRACKETS):
        for match in pattern.finditer(idea):
            rest = f"{idea[: match.start()]} {idea[match.end() :]}"
            if any(map(str.isalnum, rest)) and _seconds(match):
                return _seconds(match), " ".join(rest.split())
    return 0.0, idea


def _seconds(match: re.Match[str]) -> float:
    number, unit = match["number"], match["unit"]
    amount = _WORDS.get(number.casefold()) or float(number if number[0].isdigit() else 0)
    return min(amount * (60.0 if unit.casefold().startswith("m") else 1.0), LONGEST_FILM_SECONDS)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
