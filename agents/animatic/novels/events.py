"""Cuts a compressed book into events: who, where, when and what. A new place, time or chapter begins a new one."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.animatic.datafiles import word_set
from agents.animatic.film import TimeOfDay, Weather
from agents.animatic.novels.names import characters_of
from agents.animatic.novels.records import Chapter, CompressedNovel, Event, Events
from agents.animatic.novels.sentences import is_narration, sentences_of, telling, weights_of, words_in
from agents.animatic.novels.talk import Listener
from agents.animatic.places import PLACES
from agents.animatic.progress import Report
from agents.animatic.screenplays.locations import sentence_case, weather_of, words_of
from agents.animatic.vocabulary import TIMES
from agents.animatic.wording import shortened

LEAST_LENGTH, MOST_LENGTH = 250, 2_000  # characters of an event
MOST_EVENTS = 400
SPEECH_WEIGHT = 2.0  # of a paragraph in which somebody speaks, against one
LONGEST_WHAT = 240
FAIR_LENGTH = 140  # characters of a sentence that says enough

_WHERE = re.compile(
    r"\b(?:(?P<surely>in|into|inside|on|onto|upon|behind|outside|across|reached|entered|(?:up|down|back|out|went|came|ran|walked) to)|"
    r"at|to|towards?|through|from|left|of) (?:the|an?|his|her|their|its|my|our|this|that) "
    r"(?P<place>(?:[a-z][a-z'’-]{1,14} ){0,2}[a-z-]{3,14})\b"
)
_PRONOUN = re.compile(r"(?:he|she|it|they|then|but|and|his|her|their|this|that|these|once)\b", re.IGNORECASE)
_NAMES = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
_LATER = re.compile(
    r"^(?:(?:the|that|one|early|late|next|on the) ){0,3}(?:next|following|same|other)? ?(?:morning|evening|night|day|afternoon|week|month|year|spring|"
    r"summer|autumn|winter|dawn|noon|midnight)\b|^(?:at (?:dawn|noon|dusk|midnight|night|last)|an hour|hours|days|weeks|months|years|later|when)\b",
    re.IGNORECASE,
)
_NO_QUALITY = word_set("very same other whole top end middle edge foot rest back front side of and")
_NO_PLACES = word_set("flat plain")  # mostly qualities


class Place(NamedTuple):
    """Where something happens."""

    name: str
    interior: bool


NOWHERE = Place("open country", interior=False)


@dataclass(slots=True)
class _Stretch:
    """Paragraphs that belong together."""

    chapter: int
    before: Place | None = None  # of the stretch before: where no other is named, it goes on there
    time: TimeOfDay = "day"
    is_timed: bool = False  # by its own words; the first of them tell
    passages: list[str] = field(default_factory=list)
    places: Counter[Place] = field(default_factory=Counter)

    @property
    def length(self) -> int:
        return sum(map(len, self.passages))

    @property
    def place(self) -> Place | None:
        """The one that is named most."""
        return self.places.most_common(1)[0][0] if self.places else self.before

    def is_over(self, passage: str, places: Counter[Place]) -> bool:
        """Whether something else begins with this passage."""
        if self.length < LEAST_LENGTH:
            return False
        moves = bool(places and self.places and not places.keys() & self.places.keys())
        return moves or bool(_LATER.match(passage)) or self.length >= MOST_LENGTH


def events_of(novel: CompressedNovel, *, report: Report) -> Events:
    """The events of a book, in its order."""
    report(0.1, "Looking for what happens")
    stretches = [stretch for chapter in novel.chapters for stretch in _stretches(chapter)]
    listener = Listener(characters_of(novel.names))
    weights = weights_of([word for stretch in stretches for passage in stretch.passages for word in words_in(passage)])
    events = []
    for number, stretch in enumerate(stretches[:MOST_EVENTS], start=1):
        report(0.2 + 0.8 * number / len(stretches), f"Event {number} of {len(stretches)}")
        events.append(_event(number, stretch, listener, weights))
    return Events(events=events)


def _stretches(chapter: Chapter) -> Iterator[_Stretch]:
    """The chapter, cut where place or time change, or where it becomes too long."""
    stretch = _Stretch(chapter.number)
    for passage in chapter.passages:
        places = places_of(passage)
        if stretch.is_over(passage, places):
            yield stretch
            stretch = _Stretch(chapter.number, stretch.place, stretch.time)
        stretch.places.update(places)
        if not stretch.is_timed and (time := _first_time(passage)):
            stretch.time, stretch.is_timed = time, True
        stretch.passages.append(passage)
    if stretch.passages:
        yield stretch


def _first_time(text: str) -> TimeOfDay | None:
    return next((TIMES[word] for word in words_of(text) if word in TIMES), None)


def places_of(text: str) -> Counter[Place]:
    """The places that a text names, in its own words: "into the old lighthouse"; how surely something happens there."""
    found: Counter[Place] = Counter()
    for match in _WHERE.finditer(text):
        words = match["place"].split()
        while words and (words[-1] not in PLACES or words[-1] in _NO_PLACES):
            words.pop()
        while words and words[0] in _NO_QUALITY:
            words.pop(0)
        if words:
            found[Place(" ".join(words), PLACES[words[-1]].interior)] += 3 if match["surely"] else 1
    return found


def _event(number: int, stretch: _Stretch, listener: Listener, weights: dict[str, float]) -> Event:
    heard = [listener.hear(passage) for passage in stretch.passages]
    who = [name for passage in stretch.passages for name in listener.named(passage)]
    speeches = sum(bool(one.speaker) for one in heard)
    told = sum(telling(passage, weights) for passage in stretch.passages)
    text = " ".join(stretch.passages)
    place = stretch.place or NOWHERE
    return Event(
        number=number,
        chapter=stretch.chapter,
        what=_what(stretch.passages, weights),
        who=[name for name, _ in Counter(who).most_common()],
        place=sentence_case(place.name),
        interior=place.interior,
        time_of_day=stretch.time,
        weather=_weather(text, interior=place.interior),
        weight=round(SPEECH_WEIGHT * speeches + told + len(set(who)), 3),
        passages=stretch.passages,
    )


def _weather(text: str, *, interior: bool) -> Weather:
    return "clear" if interior else weather_of(text)


def _what(passages: Sequence[str], weights: dict[str, float]) -> str:
    """The sentence that tells most of it."""
    sentences = [sentence for passage in passages for sentence in sentences_of(passage)]
    told = [sentence for sentence in sentences if is_narration(sentence)] or sentences
    return shortened(max(told, key=lambda sentence: _tells(sentence, weights), default=""), LONGEST_WHAT)


def _tells(sentence: str, weights: dict[str, float]) -> float:
    """One that begins with "He" says little by itself; one that names somebody, and has some length, says more."""
    worth = telling(sentence, weights) + 0.3 * min(len(sentence), FAIR_LENGTH) / FAIR_LENGTH
    return worth - 0.3 * bool(_PRONOUN.match(sentence)) + 0.2 * bool(_NAMES.search(sentence))
