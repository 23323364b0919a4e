"""Reads an idea: its people, places, time, weather and mood, what its hero wants, and the thing that it turns on."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from agents.animatic.errors import UnusableText
from agents.animatic.film import Setting, TimeOfDay, Weather
from agents.animatic.limits import LONGEST_SPELT_IDEA, demand
from agents.animatic.places import PLACES
from agents.animatic.screenplays.locations import time_of_day, weather_of, words_of
from agents.animatic.seeded_choice import seeded_choice
from agents.animatic.stories.arcs import ARCS
from agents.animatic.stories.clauses import steps_of
from agents.animatic.stories.deeds import Deed, read_deed
from agents.animatic.stories.grammar import capital, titled
from agents.animatic.stories.moods import GENRES, arc_of, genre_of, tone_of
from agents.animatic.stories.persons import Person, invented_person, persons_in
from agents.animatic.stories.worlds import USUAL_WORLDS, WORLDS, World
from agents.animatic.wording import shortened

LONGEST_LOGLINE = 240  # characters
LONGEST_TITLE = 40
REMEMBERED_IDEAS = 32
SHORTEN = "Say it in fewer words."

_PLACE_WORDS = "|".join(sorted(map(re.escape, PLACES), key=len, reverse=True))
_PLACE = re.compile(
    r"\b(?:in|at|on|inside|to|into|of|from|near|through|across|aboard|under|beneath|outside|behind|by|around)\s+"
    rf"(?P<phrase>(?:an?|the|his|her|their|its|one|this)\s+(?:[\w'’-]+\s+){{0,2}}?(?P<word>{_PLACE_WORDS}))\b"
    rf"|\b(?:in|at|on|inside|near|through|across|aboard)\s+(?P<bare>(?:[\w'’-]+\s+)?(?P<bare_word>{_PLACE_WORDS}))\b",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"^(?:please[, ]+)?(?:(?:i(?:['’]d| would)? (?:want|like|need)(?: to (?:make|see|have))?|(?:can you )?(?:make|create|write|tell|film|show)(?: me| us)?)\s+)?"
    r"(?:an?|the)?\s*(?:\w+ ){0,2}?(?:film|movie|story|video|tale|animation|cartoon)\s+(?:about|of|where|in which|on)\s+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the|his|her|their|its|one|this|my|our)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Premise:
    """An idea, understood as far as it goes."""

    idea: str
    steps: tuple[str, ...]  # the idea as sentences that can be shown
    people: tuple[Person, ...]  # two at least; the hero first
    deed: Deed
    world: World
    places: tuple[Setting, ...]  # of the idea first, then of its world
    time_of_day: TimeOfDay
    is_time_given: bool  # by the idea
    weather: Weather
    genre: str
    tone: str
    arc: str

    @property
    def hero(self) -> Person:
        return self.people[0]

    @property
    def title(self) -> str:
        """A title that the idea itself suggests."""
        hero = self.hero
        named = [person.name for person in self.people if person.is_named]
        choices = [titled(self.deed.title_words)] if _IS_POSTER_LIKE.match(self.deed.title_words) else []
        if len(named) >= 2:
            choices.append(f"{named[0]} and {named[1]}")
        if named and self.deed.has_own_thing:
            choices.append(f"{named[0]} and {titled(self.deed.thing)}")
        if not choices and hero.noun:
            choices = [
                f"{hero.name} the {titled(hero.noun)}"
                if hero.is_named
                else titled(hero.intro if hero.many > 1 else f"the {hero.noun}")
            ]
        return seeded_choice(choices or [titled(shortened(self.idea, LONGEST_TITLE))], self.idea)


# "the last train", "bread"; not "her hearing the week" or "two rival".
_IS_POSTER_LIKE = re.compile(
    r"(?:the |an? )?(?!her|his|their|its|my|our|your|two|three|the|an?\b)[^\W\d]+(?: [^\W\d]+){0,2}$", re.I
)


@lru_cache(maxsize=REMEMBERED_IDEAS)  # every scene of a film reads the same idea again
def read_idea(idea: str) -> Premise:
    """What can be known about an idea.

    Raises: UnusableText when it is empty or too long.
    """
    text = clean(idea)
    words = words_of(text)
    worlds = _worlds(text, words)
    world = WORLDS[worlds[0]]
    people = _people(text, world)
    genre = genre_of(words, worlds[0])
    arc = arc_of(words, genre, text)
    deed = read_deed(text, people, world)
    time = time_of_day(text) or _usual_time(genre, text)
    weather = weather_of(text)
    return Premise(
        idea=text,
        steps=steps_of(text, people, is_deed=bool(deed.goal)),
        people=people,
        deed=_with_goal(deed, arc, people),
        world=world,
        places=_places(text, world, time, weather),
        time_of_day=time,
        is_time_given=time_of_day(text) is not None,
        weather=weather,
        genre=genre,
        tone=tone_of(words, genre),
        arc=arc,
    )


def _with_goal(deed: Deed, arc: str, people: tuple[Person, ...]) -> Deed:
    goal = deed.goal or ARCS[arc].goal.format(thing=deed.thing, friend=people[1].name)
    return replace(deed, goal=goal)


def clean(idea: str) -> str:
    """The idea in one line, its emoji spelt out.

    Raises: UnusableText when nothing is left, or it is too long.
    """
    demand(len(idea), LONGEST_SPELT_IDEA, what="characters", advice=SHORTEN)
    text = _PREAMBLE.sub("", " ".join("".join(_spelt(sign) for sign in idea).split()))
    if not any(sign.isalnum() for sign in text):
        raise UnusableText("The idea is empty. Say in a sentence what the film is about.")
    demand(len(text), LONGEST_SPELT_IDEA, what="characters, its symbols spelt out", advice=SHORTEN)
    return text


def _spelt(sign: str) -> str:
    if unicodedata.category(sign) == "So":
        name = unicodedata.name(sign, "").casefold()
        return " " + re.sub(r"\b(?:face|with|symbol|sign|emoji|black|white|heavy)\b", "", name) + " "
    if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn"} and not sign.isalnum():
        return " " if unicodedata.category(sign) == "Cc" else ""
    return sign


def _worlds(text: str, words: list[str]) -> list[str]:
    """The worlds of the places that the idea names; where it names none, the one its words lean to, else a seeded choice."""
    placed = [(match["word"] or match["bare_word"]).casefold() for match in _PLACE.finditer(text)]
    named = [PLACES[word].world for word in [*placed, *words] if word in PLACES]
    leaning = [name for name, world in WORLDS.items() if world.hints & set(words)]
    return [*named, *leaning, seeded_choice(USUAL_WORLDS, text)]


def _people(text: str, world: World) -> tuple[Person, ...]:
    people: list[Person] = []
    for person in persons_in(text):
        people.append(person)
        for number in range(person.many - 1):
            people.append(
                invented_person(person.intro, f"{text}/{number}", taken=frozenset(one.name for one in people))
            )
    if not people:
        helper = seeded_choice(world.helpers, text, "hero")
        people.append(invented_person(helper, f"{text}/hero", taken=frozenset()))
    if len(people) < 2:
        helpers = [helper for helper in world.helpers if helper.split(" ", 1)[1] != people[0].noun]
        people.append(
            invented_person(seeded_choice(helpers, text, "friend"), f"{text}/friend", taken=frozenset({people[0].name}))
        )
    return tuple(people)


def _places(text: str, world: World, time: TimeOfDay, weather: Weather) -> tuple[Setting, ...]:
    """The places of the idea in its order, then those of its world, in an order drawn from the idea."""
    found: dict[str, bool] = {}
    for match in _PLACE.finditer(text):
        name = _ARTICLE.sub("", match["phrase"] or match["bare"]).strip().casefold()
        found.setdefault(capital(name), PLACES[(match["word"] or match["bare_word"]).casefold()].interior)
    for word in words_of(text):
        if word in PLACES and not any(word in place.casefold() for place in found):
            found[capital(word)] = PLACES[word].interior
    first, *others = world.places
    for name, interior in [first, *sorted(others, key=lambda place: seeded_choice(range(1_000_000), text, place[0]))]:
        found.setdefault(name, interior)
    return tuple(
        Setting(place=name, interior=interior, time_of_day=time, weather=weather) for name, interior in found.items()
    )


def _usual_time(genre: str, text: str) -> TimeOfDay:
    if GENRES[genre].is_by_night:
        return "night"
    choices: tuple[TimeOfDay, ...] = ("day", "dusk", "dawn")
    return seeded_choice(choices, text, "time")
