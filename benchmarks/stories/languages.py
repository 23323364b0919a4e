"""Measures how much of an idea in another language is seen: who is in the cast and how they look, the sets, the things."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from agents.animatic.characters.casting import cast_of
from agents.animatic.drawing.props import things_mentioned
from agents.animatic.film import Character
from agents.animatic.places import backdrop_of, is_known
from agents.animatic.progress import unheard
from agents.animatic.vocabulary.foreign import place_in_english
from benchmarks.stories.measures import film_of

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One idea of languages.toml. `cast`: names with what has to be true of them."""

    name: str
    language: str
    idea: str
    cast: list[str]
    places: list[str]
    things: list[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What of it is in the film, and what is wrong."""

    name: str
    language: str
    is_told_apart: bool
    lost_people: list[str]
    false_people: list[str]
    wrong_looks: list[str]
    lost_places: list[str]
    lost_things: list[str]
    foreign_words: list[str]


def foreign_ideas() -> list[Foreign]:
    """The ideas of languages.toml, in its order."""
    with (Path(__file__).parent / "languages.toml").open("rb") as file:
        return [Foreign(name=name, **record) for name, record in tomllib.load(file).items()]


def seen(idea: Foreign, scenes: int) -> Seen:
    """The film of an idea, measured."""
    plan, screenplay, _, boards = film_of(idea.idea, scenes)
    cast = {character.name: character for character in cast_of(screenplay, report=unheard).characters}
    expected = {_name(entry): _facts(entry) for entry in idea.cast}
    own = {word.casefold() for word in _WORD.findall(idea.idea)}
    shots = [shot for board in boards for shot in board.shots]
    sets = {backdrop_of(shot.setting).name for shot in shots if is_known(shot.setting)}
    places = {place_in_english(shot.setting.place) for shot in shots}
    things = {thing for shot in shots for thing in things_mentioned(shot.description)}
    return Seen(
        name=idea.name,
        language=idea.language,
        is_told_apart=plan.language == idea.language,
        lost_people=[name for name in expected if name not in cast],
        false_people=[name for name in cast if name not in expected],
        wrong_looks=[
            f"{name} {fact}"
            for name, facts in expected.items()
            for fact in facts
            if name in cast and not _is_so(cast[name], fact)
        ],
        lost_places=[place for place in idea.places if place not in places or not sets],
        lost_things=[thing for thing in idea.things if not set(things_mentioned(f"the {thing}")) & things],
        foreign_words=[word for shot in shots for word in _WORD.findall(shot.caption) if word.casefold() not in own],
    )


def figures(films: list[Seen], read: list[Foreign]) -> dict[str, str]:
    """What is counted, by its name."""
    facts = sum(len(_facts(entry)) for idea in read for entry in idea.cast)
    counts = {
        "people and animals in the cast": ("lost_people", sum(len(idea.cast) for idea in read)),
        "of these drawn as told (gender, age, kind)": ("wrong_looks", facts),
        "places seen": ("lost_places", sum(len(idea.places) for idea in read)),
        "things drawn": ("lost_things", sum(len(idea.things) for idea in read)),
    }
    shown = {words: f"{whole - _sum(films, field)} of {whole}" for words, (field, whole) in counts.items()}
    return {
        "languages told apart": f"{sum(film.is_told_apart for film in films)} of {len(films)}",
        **shown,
        "false people (bar 0)": str(_sum(films, "false_people")),
        "words in captions that are not the maker's (bar 0)": str(_sum(films, "foreign_words")),
    }


def _sum(films: list[Seen], field: str) -> int:
    return sum(len(getattr(film, field)) for film in films)


def _name(entry: str) -> str:
    return " ".join(word for word in entry.split() if word.isupper())


def _facts(entry: str) -> list[str]:
    return [word for word in entry.split() if not word.isupper()]


def _is_so(character: Character, fact: str) -> bool:
    return fact in {character.gender, character.look.age, character.look.animal}
