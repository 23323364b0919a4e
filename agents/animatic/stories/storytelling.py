"""Tells an idea scene by scene: its own clauses in their order, one to a shot, and only what it names where there are too few.

Nothing is invented: no people, no dialogue, no plot. A short idea is shown more slowly: its place, its people, its things.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agents.animatic.film import Element, Plan, Scene, SceneOutline, Setting, TimeOfDay
from agents.animatic.screenplays import fountain
from agents.animatic.screenplays.locations import heading_of, time_of_day, weather_of
from agents.animatic.screenplays.people import position_of
from agents.animatic.stories import forms
from agents.animatic.stories.clauses import Clause, meant_by
from agents.animatic.stories.fillers import enough
from agents.animatic.stories.fitting import fitting
from agents.animatic.stories.grammar import capital
from agents.animatic.stories.ideas import Premise
from agents.animatic.stories.persons import Person
from agents.animatic.stories.places import Spot, loose_spots_in, more_spots_in, named_spots_in, spots_in
from agents.animatic.stories.tagging import tagged

MOST_CLAUSES = 15  # in one scene
CUT_IN_SENTENCE = 0.4  # of a scene's length: how far a cut may be moved rather than part a sentence

_CLOCK: tuple[TimeOfDay, ...] = ("dawn", "day", "dusk", "night")
_PRONOUN = re.compile(
    r"(?P<lead>(?:Together|Then|Now|Soon|But|And|So|Today|There)\s)?(?P<who>he|she|it|they)\b(?!['’])", re.IGNORECASE
)
_WISH = re.compile(r"\b(?:include|with|show|featuring|must have|add)\s+((?:an?|the)\s+[\w' -]{3,40})", re.IGNORECASE)
_NO_SIGHT = re.compile(r"ending|tone|mood|style|scene|dialogue|music|voice")


@dataclass(frozen=True, slots=True)
class StoryScene:
    """One scene before it is written: its setting, what it shows, and who plays in it (labels of the cast)."""

    number: int
    setting: Setting
    clauses: tuple[Clause, ...]
    people: tuple[str, ...]


def scenes_of(premise: Premise, plan: Plan) -> list[StoryScene]:
    """The scenes of a story, exactly as many as the plan says."""
    clauses = forms.arranged(premise, plan)
    clauses = enough(clauses, premise, plan)
    clauses = fitting(clauses, plan, most=MOST_CLAUSES * plan.scenes)
    scenes: list[StoryScene] = []
    told: list[str] = []
    spot = premise.spots[0]
    for number, group in enumerate(_grouped(clauses, plan.scenes), start=1):
        shown = _all_named(group, premise, told)
        text = " ".join(clause.text for clause in shown if not clause.speaker)
        spot = _spot(text, premise) or spot
        setting = _setting(text, spot, premise, number, plan.scenes)
        people = tuple(person.label for person in premise.people if _plays(person, shown))
        scenes.append(StoryScene(number, setting, tuple(shown), people))
        told.extend(clause.text for clause in shown)
    return scenes


def outline_of(scene: StoryScene) -> SceneOutline:
    """The scene in its own sentences."""
    return SceneOutline(
        number=scene.number,
        summary=" ".join(clause.text for clause in scene.clauses),
        setting=scene.setting,
        characters=list(scene.people),
    )


def write_scene(scene: StoryScene, outline: SceneOutline, plan: Plan) -> str:
    """The scene as Fountain text, in the setting of its outline. A note names those who play without a line."""
    elements = [_element(clause) for clause in scene.clauses]
    if scene.number == plan.scenes:
        elements.extend(Element(kind="action", text=wish) for wish in _wishes(plan))
    moment = outline.setting.time_of_day + (
        f", {outline.setting.weather}" if outline.setting.weather != "clear" else ""
    )
    written = fountain.write_scene(
        Scene(
            number=scene.number,
            heading=heading_of(outline.setting, moment=moment),
            setting=outline.setting,
            elements=elements,
            characters=[],
        )
    )
    if not scene.people:
        return written
    heading, _, rest = written.partition("\n\n")
    return f"{heading}\n\n{fountain.cast_note(scene.people)}\n\n{rest}"


def _element(clause: Clause) -> Element:
    if clause.speaker:
        return Element(kind="dialogue", text=clause.text, character=clause.speaker, parenthetical=clause.manner)
    return Element(kind="action", text=clause.text)


def _grouped(clauses: Sequence[Clause], scenes: int) -> list[list[Clause]]:
    """The clauses in order, in groups of about the same length, cut between sentences where that is near."""
    ends, whole = [], 0
    for clause in clauses:
        whole += len(clause.text) + 20
        ends.append(whole)
    groups, start = [], 0
    for number in range(1, scenes):
        aim = whole * number / scenes
        choices = range(start + 1, len(clauses) - (scenes - number) + 1)
        cut = min(choices, key=lambda at: abs(ends[at - 1] - aim) + _penalty(clauses, at) * whole / scenes)
        groups.append(list(clauses[start:cut]))
        start = cut
    return [*groups, list(clauses[start:])]


def _penalty(clauses: Sequence[Clause], at: int) -> float:
    before, after = clauses[at - 1], clauses[at]
    return CUT_IN_SENTENCE if before.sentence == after.sentence and not (before.is_extra or after.is_extra) else 0.0


def _plays(person: Person, clauses: Sequence[Clause]) -> bool:
    return any(
        clause.speaker == person.label or position_of(person.label, clause.text.upper()) >= 0 for clause in clauses
    )


def _all_named(group: Sequence[Clause], premise: Premise, told: Sequence[str]) -> list[Clause]:
    """The clauses of a scene, in which "she" is named as long as nobody was."""
    shown: list[Clause] = []
    for clause in group:
        is_known = any(_plays(person, shown) for person in premise.people)
        shown.append(clause if is_known else _named(clause, premise, told))
    return shown


def _named(clause: Clause, premise: Premise, told: Sequence[str]) -> Clause:
    """A scene that begins with "she" says who that is."""
    match = _PRONOUN.match(clause.text)
    if not match or clause.speaker or not premise.is_english:
        return clause
    who = _meant(match["who"].casefold(), premise, told)
    lead = match["lead"] or ""
    return replace(clause, text=capital(f"{lead}{who}{clause.text[match.end() :]}")) if who else clause


def _meant(pronoun: str, premise: Premise, told: Sequence[str]) -> str:
    if premise.form == "documentary" and not premise.people:
        subject = premise.clauses[0].text.strip(" .:,")
        return f"{subject[:1].lower()}{subject[1:]}" if pronoun == "they" and told else ""
    if pronoun == "they":
        people = premise.people[:2]
        return " and ".join(person.called for person in people) if len(people) == 2 else ""
    label = meant_by(pronoun, premise.people, told)
    return next((person.called for person in premise.people if person.label == label), "")


# --- where and when ---------------------------------------------------------------------------------------------------------


def _spot(text: str, premise: Premise) -> Spot | None:
    """Where this happens, as far as its own words say."""
    if not premise.is_english:
        return next(iter(loose_spots_in(text, premise.language)), None)
    labels = {person.label for person in premise.people}
    spots = spots_in(text) or more_spots_in(text) or loose_spots_in(text) or named_spots_in(text, tagged(text))
    return next((spot for spot in spots if spot.name.upper() not in labels), None)


def _setting(text: str, spot: Spot, premise: Premise, number: int, scenes: int) -> Setting:
    weather = weather_of(text)
    return Setting(
        place=spot.name,
        interior=spot.interior,
        time_of_day=time_of_day(text) or _hour(premise, number, scenes),
        weather=premise.weather if weather == "clear" else weather,
    )


def _hour(premise: Premise, number: int, scenes: int) -> TimeOfDay:
    """A story that names no time goes on through the day, from scene to scene."""
    if premise.is_time_given or premise.form != "story":
        return premise.time_of_day
    return _CLOCK[(_CLOCK.index(premise.time_of_day) + (number - 1) * 2 // max(scenes - 1, 2)) % len(_CLOCK)]


def _wishes(plan: Plan) -> Iterator[str]:
    """What the maker insists on, where it is something to be seen."""
    match = _WISH.search(plan.requirement)
    if match and not _NO_SIGHT.search(match[1]):
        yield f"In the last picture there is {match[1].strip()}."
