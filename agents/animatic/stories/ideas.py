"""Reads an idea: what kind of film is asked for, in which language, who and what is in it, and its clauses."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.animatic.errors import UnusableText
from agents.animatic.film import FilmForm, TimeOfDay, Weather
from agents.animatic.limits import LONGEST_SPELT_IDEA, demand
from agents.animatic.screenplays.locations import time_of_day, weather_of, words_of
from agents.animatic.stories.cards import is_english, somewhere
from agents.animatic.stories.clauses import Clause, clauses_of
from agents.animatic.stories.foreign_persons import foreign_persons_in
from agents.animatic.stories.grammar import definite
from agents.animatic.stories.languages import language_of
from agents.animatic.stories.moods import GENRES, genre_of, tone_of
from agents.animatic.stories.persons import Person, chunks_of, is_being, persons_in, single
from agents.animatic.stories.places import (
    NOWHERE,
    Spot,
    loose_spots_in,
    more_spots_in,
    named_spots_in,
    spots_in,
    things_in,
    world_of,
)
from agents.animatic.stories.requests import Request, read_request
from agents.animatic.stories.tagging import Token, tagged
from agents.animatic.vocabulary import TIMES, WEATHERS
from agents.animatic.vocabulary.foreign import is_known

LONGEST_LOGLINE = 240  # characters
REMEMBERED_IDEAS = 32
MOST_THINGS = 8
SHORTEN = "Say it in fewer words."

_EMOJI = "\x00"  # around the name of each; the text has none left of its own
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_NO_THINGS = frozenset(TIMES) | frozenset(WEATHERS) | frozenset(
    ["way", "time", "year", "years", "life", "world", "end", "beginning", "other", "one", "half", "hours", "minutes", "seconds", "day", "days", "week", "weeks", "month", "months", "thing", "things", "part", "lot", "kind", "love", "help", "name", "feet", "hand", "hands", "people", "somebody", "nobody"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Premise:
    """An idea, understood as far as it goes. Empty where it names nothing of the kind."""

    idea: str  # what is told: in one line, without the request
    request: Request
    language: str
    clauses: tuple[Clause, ...]
    people: tuple[Person, ...]
    spots: tuple[Spot, ...]  # where it plays; one at least
    is_placed: bool  # by the idea
    things: tuple[str, ...]
    time_of_day: TimeOfDay
    is_time_given: bool
    weather: Weather
    genre: str
    tone: str

    @property
    def form(self) -> FilmForm:
        """What kind of film is asked for."""
        return self.request.form

    @property
    def is_english(self) -> bool:
        """Whether the writer may add words of its own."""
        return is_english(self.language)

    @property
    def place_in_text(self) -> str:
        """The first place as one speaks of it: "the lighthouse", "Paris"."""
        name = self.spots[0].name
        is_name = re.search(rf"(?<=\w ){re.escape(name)}\b", self.idea) is not None
        return name if is_name else definite(name[:1].lower() + name[1:])


@lru_cache(maxsize=REMEMBERED_IDEAS)  # every scene of a film reads the same idea again
def read_idea(idea: str) -> Premise:
    """What can be known about an idea, as typed.

    Raises: UnusableText when it is empty or too long.
    """
    return _premise(read_request(clean(idea)))


@lru_cache(maxsize=REMEMBERED_IDEAS)
def told_again(text: str, form: FilmForm) -> Premise:
    """The premise of a text whose request was taken out before.

    Raises: UnusableText.
    """
    return _premise(Request(clean(text), form=form))


def _premise(request: Request) -> Premise:
    text, form = request.text, request.form
    language = language_of(text)
    is_english = language in {"", "en"} and text.isprintable()
    tokens = tagged(text) if is_english else ()
    people = _people(text, tokens, language, form) if is_english or is_known(language) else []
    spots = [*(spots_in(text) if is_english else []), *named_spots_in(text, tokens)]
    spots = spots or (more_spots_in(text) if is_english else []) or loose_spots_in(text, language)
    labels = {person.label for person in people}
    spots = [spot for spot in spots if spot.name.upper() not in labels]  # a boy named Moon
    spots.sort(key=lambda spot: spot.at)
    words = words_of(text)
    genre = genre_of(words, world_of(spots))
    time = time_of_day(text)
    chunks = [chunk.tokens for chunk in chunks_of(tokens) if not chunk.names and not is_being(single(chunk.head))]
    return Premise(
        idea=text,
        request=request,
        language=language,
        clauses=tuple(clauses_of(text, people, form=form, language=language)),
        people=tuple(people),
        spots=tuple(spots) or (NOWHERE._replace(name=somewhere(language)),),
        is_placed=bool(spots),
        things=tuple(things_in(chunks, _NO_THINGS, with_bare=form in {"documentary", "advertisement"})[:MOST_THINGS]),
        time_of_day=time or ("night" if GENRES[genre].is_by_night else "day"),
        is_time_given=time is not None,
        weather=weather_of(text),
        genre=_GENRES_OF_FORMS.get(form) or genre,
        tone=request.tone or tone_of(words, genre),
    )


def _people(text: str, tokens: Sequence[Token], language: str, form: FilmForm) -> list[Person]:
    is_story = form in {"story", "music_video"}
    if form == "how_to":
        return []
    return (
        foreign_persons_in(text, language, is_story=is_story)
        if is_known(language)
        else persons_in(text, tokens, is_story=is_story)
    )


_GENRES_OF_FORMS: dict[FilmForm, str] = {
    "advertisement": "advertisement", "documentary": "documentary", "how_to": "how-to", "music_video": "music video",
}  # fmt: skip


def clean(idea: str) -> str:
    """The idea in one line, its emoji spelt out; a line that ends without a full stop ends with one.

    Raises: UnusableText when nothing is left, or it is too long.
    """
    demand(len(idea), LONGEST_SPELT_IDEA, what="characters", advice=SHORTEN)
    lines = [
        " ".join(_emoji_apart("".join(map(_spelt, line))).split()) for line in map(_without_bullet, idea.splitlines())
    ]
    text = " ".join(_joined([line for line in lines if line]))
    if not any(sign.isalnum() for sign in text):
        raise UnusableText("The idea is empty. Say in a sentence what the film is about.")
    demand(len(text), LONGEST_SPELT_IDEA, what="characters, its symbols spelt out", advice=SHORTEN)
    return text


def _without_bullet(line: str) -> str:
    return _BULLET.sub("", line)


def _joined(lines: list[str]) -> list[str]:
    """A list, or paragraphs: each line a sentence. A line that goes on in small letters was only wrapped."""
    ended = []
    for line, following in zip(lines, [*lines[1:], ""][: len(lines)], strict=True):
        is_open = bool(following) and line[-1].isalnum() and not following[:1].islower()
        ended.append(f"{line}." if is_open else line)
    return ended


def _emoji_apart(text: str) -> str:
    """Two emoji side by side are two things: "fox, moon"."""
    return re.sub(rf"{_EMOJI}\s*{_EMOJI}", ", ", text).replace(_EMOJI, " ")


def _spelt(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "So":
        name = unicodedata.name(sign, "").casefold()
        return _EMOJI + re.sub(r"\b(?:face|with|symbol|sign|emoji|black|white|heavy)\b", "", name).strip() + _EMOJI
    if category in {"Cc", "Cf", "Cs", "Co", "Cn"} or (category == "Mn" and 0xFE00 <= ord(sign) <= 0xFE0F):
        return " " if category == "Cc" else ""
    return sign
