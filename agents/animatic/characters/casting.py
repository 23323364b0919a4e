"""Casts a screenplay: who is in it, what the text says about them, and how they look."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from agents.animatic.characters.descriptions import words_of
from agents.animatic.characters.looks import AGES_AHEAD, aged, gender_of, look_of
from agents.animatic.film import Cast, Character, Look, Period, Plan, Scene, Screenplay
from agents.animatic.novels.records import NovelCharacter
from agents.animatic.periods import usual_period
from agents.animatic.progress import Report
from agents.animatic.screenplays.people import position_of, single_voices, voices
from agents.animatic.stories.foreign_persons import described_in_english, phrase_about
from agents.animatic.stories.languages import language_of
from agents.animatic.vocabulary.foreign import LONGEST_READ, is_known
from agents.animatic.wording import shortened

LONGEST_DESCRIPTION = 160  # characters
SCENES_FOR_LANGUAGE = 20  # that tell in which language a screenplay is
LONGEST_LEAD = 200  # characters ahead of a name that may belong to it
# How look_of is told gender and age, which it reads from words.
PEOPLE: dict[tuple[str, str], str] = {
    ("female", "child"): "girl",
    ("male", "child"): "boy",
    ("female", "young"): "young woman",
    ("male", "young"): "young man",
    ("female", "adult"): "woman",
    ("male", "adult"): "man",
    ("female", "old"): "old woman",
    ("male", "old"): "old man",
}

_LED_IN = re.compile(
    r"(?:\b(?:an?|the|his|her|their)\s+(?:(?!(?:an?|the|his|her|their|and|with|who|is)\b)[\w'’-]+,?\s+){1,4}(?:called\s+|named\s+)?|(?<![\w-])(?:\w{1,12}-years?-old|old|young|little|tiny|big|detective|captain|doctor|professor)\s+)$",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(r"(?:and|with|to|by|at|for|from|of|in|on|while|as|but|a|an|the|after|[a-z]+s|[,;–—-]+)[,;]?")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def cast_of(screenplay: Screenplay, plan: Plan | None = None, *, report: Report) -> Cast:
    """The cast of a screenplay: those with the most lines first, then in the order in which they appear.

    The plan helps to tell in which period the film plays, and what was worn then.
    """
    report(0.1, "Looking for everybody in the script")
    spoken = _spoken(screenplay)
    entrances = {name: None for scene in screenplay.scenes for name in scene.characters}
    names = sorted(entrances, key=lambda name: -spoken[name])
    sentences = _first_sentences(screenplay, names)
    action = " ".join(text for scene in screenplay.scenes[:SCENES_FOR_LANGUAGE] for text in _action_sentences(scene))
    language = language_of(action)
    of_film = _OfFilm(screenplay.title, usual_period(screenplay.scenes, plan))
    characters = []
    for position, name in enumerate(names):
        report(0.2 + 0.8 * position / len(names), f"Imagining {name}")
        description = sentences.get(name, "")
        if description.upper() == name:
            description = ""
        if is_known(language):
            told = described_in_english(name, action[:LONGEST_READ], language)
            description = (
                shortened(phrase_about(name, action[:LONGEST_READ], language), LONGEST_DESCRIPTION) or description
            )
            characters.append(_foreigner(name, description, told, position, of_film, spoken[name]))
            continue
        characters.append(
            Character(
                name=name,
                description=description or f"{name.title()} in “{screenplay.title}”",
                look=_look(name, description, names, sentences, position, of_film),
                lines=spoken[name],
                gender=gender_of(name, words_of(description)),
            )
        )
    return Cast(characters=characters)


class _OfFilm(NamedTuple):
    """What the looks of all have in common."""

    title: str
    period: Period


def _foreigner(name: str, description: str, told: str, position: int, film: _OfFilm, lines: int) -> Character:
    """Somebody of a film in another language. `told` is what it says of them, in English."""
    return Character(
        name=name,
        description=description or name.title(),
        look=look_of(name, told, position=position, film=film.title, period=film.period),
        lines=lines,
        gender=gender_of(name, words_of(told)),
    )


def _look(
    name: str, description: str, names: list[str], sentences: Mapping[str, str], position: int, film: _OfFilm
) -> Look:
    """Their look; of "YOUNG MARA" that of Mara, at another age, where she is in the film, too."""
    word, _, rest = name.partition(" ")
    age = AGES_AHEAD.get(word)
    if age is None or rest not in names:
        return look_of(name, description, position=position, film=film.title, period=film.period)
    grown = look_of(rest, sentences.get(rest, ""), position=names.index(rest), film=film.title, period=film.period)
    return aged(grown, age)


def with_known(
    cast: Cast, known: Sequence[NovelCharacter], screenplay: Screenplay, plan: Plan | None = None, *, report: Report
) -> Cast:
    """The cast of the screenplay, in which those who are known look as it is known of them, whatever the screenplay says."""
    report(0.9, "Giving everybody their looks")
    by_name = {one.name: one for one in known}
    period = usual_period(screenplay.scenes, plan)
    return Cast(
        characters=[
            _known(character, by_name[character.name], position, period) if character.name in by_name else character
            for position, character in enumerate(cast.characters)
        ]
    )


def _known(character: Character, known: NovelCharacter, position: int, period: Period) -> Character:
    """Gender and age go before what words in the description may say of somebody else."""
    words = f"{PEOPLE.get((known.gender, known.age), known.age)}: {known.description}"
    description = known.description or character.description
    look = look_of(character.name, words, position=position, period=period)
    return replace(character, description=description, gender=known.gender, look=replace(look, age=known.age))


def _spoken(screenplay: Screenplay) -> Counter[str]:
    speakers = {element.character for scene in screenplay.scenes for element in scene.elements if element.character}
    known = single_voices(speakers)
    spoken: Counter[str] = Counter()
    for scene in screenplay.scenes:
        for element in scene.elements:
            if element.character:
                spoken.update(voices(element.character, known))
    return spoken


def _first_sentences(screenplay: Screenplay, names: list[str]) -> dict[str, str]:
    """The sentence of the action that first names each of them, without those who share it."""
    found: dict[str, str] = {}
    for scene in screenplay.scenes:
        for sentence in _action_sentences(scene) if len(found) < len(names) else []:
            upper = sentence.upper()
            new = [name for name in names if name not in found and position_of(name, upper) >= 0]
            if new:
                places = {name: position_of(name, upper) for name in names}
                starts = {name: _start(sentence, place) for name, place in places.items() if place >= 0}
                found |= {name: _about(sentence, name, starts) for name in new}
    return found


def _action_sentences(scene: Scene) -> list[str]:
    return [part for element in scene.elements if element.kind == "action" for part in _SENTENCE.split(element.text)]


def _about(sentence: str, name: str, starts: Mapping[str, int]) -> str:
    """The part of a sentence that is about one of them: of "MARA, a keeper, finds a robot called PIP" the first half is MARA's.

    `starts` says for everybody in the sentence where what is said about them begins.
    """
    start = starts[name]
    end = min((other for other in starts.values() if other > start), default=len(sentence))
    words = sentence[start:end].split()
    if end < len(sentence):
        while len(words) > 1 and _LOOSE_END.fullmatch(words[-1]):
            words.pop()
    about = " ".join(words).strip(" ,;-–—.")
    is_bare = end < len(sentence) and about == about.upper()  # "MINA and ROSA, two sisters": it is said of both
    return shortened(sentence[start:].strip(" .") if is_bare else about, LONGEST_DESCRIPTION)


def _start(sentence: str, at: int) -> int:
    """Where what is said about a name begins: "a robot called PIP" with its article, "old TOMAS" with "old"."""
    match = _LED_IN.search(sentence, max(0, at - LONGEST_LEAD), at)
    return match.start() if match else at
