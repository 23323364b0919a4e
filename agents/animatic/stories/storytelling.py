"""Tells a story: chooses the beats of an arc for a number of scenes and fills them with the people, places and words of an idea."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.animatic.film import Plan, SceneOutline, Setting, TimeOfDay
from agents.animatic.screenplays.locations import heading_of
from agents.animatic.seeded_choice import seeded_choice
from agents.animatic.stories.arcs import ARCS, INTERLUDE_TURNS, Row, Turn, Version
from agents.animatic.stories.clauses import LONGEST_STEP
from agents.animatic.stories.grammar import PRONOUNS, addressed, capital
from agents.animatic.stories.ideas import Premise
from agents.animatic.stories.moods import BRIGHT_TONES
from agents.animatic.stories.persons import Person
from agents.animatic.stories.worlds import WEATHER_INDOORS, WEATHER_OUTDOORS
from agents.animatic.wording import shortened

WHOLE_STORY = 3  # scenes that a story needs at least; shorter films get several beats in one scene
MOST_STEPS = 3  # of the idea in one scene
ROWS_OF_SHORT = 3  # of each beat that shares its scene

_ENTRANCES = ("{name}, {intro}, is not far away.", "{name}, {intro}, looks on.", "Close by: {name}, {intro}.")
_ROOFED = re.compile(r"\b(?:doors?|walls?|windows?|table|handle|inside|threshold)\b", re.IGNORECASE)
_CLOCK: tuple[TimeOfDay, ...] = ("dawn", "day", "dusk", "night")


@dataclass(frozen=True, slots=True)
class StoryScene:
    """One scene before it is written: its setting, who plays it, what happens."""

    number: int
    setting: Setting
    hero: Person
    friend: Person
    versions: tuple[Version, ...]
    steps: tuple[str, ...]  # of the idea, that happen here
    is_last: bool


def scenes_of(premise: Premise, plan: Plan) -> list[StoryScene]:
    """The scenes of a story, exactly as many as the plan says."""
    turns = _turns(premise, plan)
    groups = _grouped(turns, plan.scenes)
    steps = _spread(premise.steps, len(groups))
    scenes = []
    for number, group in enumerate(groups, start=1):
        is_frame = number in {1, len(groups)}  # the story begins and ends with the same two
        friends = premise.people[1:2] if is_frame else premise.people[1:]
        setting = _setting(premise, group[-1] if len(groups) > 1 else group[0], number, len(groups))
        scenes.append(
            StoryScene(
                number=number,
                setting=setting,
                hero=premise.hero,
                friend=friends[(number - 2) % len(friends)],
                versions=tuple(_version(turn, setting, premise) for turn in group),
                steps=steps[number - 1],
                is_last=number == len(groups),
            )
        )
    return scenes


def outline_of(scene: StoryScene, premise: Premise) -> SceneOutline:
    """The scene in a sentence or two."""
    fields = _fields(premise, scene, "")
    return SceneOutline(
        number=scene.number,
        summary=" ".join(version.summary.format(**fields) for version in scene.versions),
        setting=scene.setting,
        characters=[scene.hero.name, scene.friend.name],
    )


def write_scene(scene: StoryScene, outline: SceneOutline, premise: Premise, plan: Plan) -> str:
    """The scene as Fountain text, in the setting of its outline."""
    paragraphs = [heading_of(outline.setting), " ".join(_opening(scene, outline, premise))]
    for version in scene.versions:
        rows = version.rows if len(scene.versions) == 1 else _shortened(version.rows)
        paragraphs.extend(_written(row, scene, premise) for row in rows)
    if scene.is_last:
        paragraphs.extend(_wish(plan))
    return "\n\n".join(paragraphs)


def _turns(premise: Premise, plan: Plan) -> list[Turn]:
    mood = "bright" if plan.tone in BRIGHT_TONES else "dark"
    own = [turn for turn in ARCS[premise.arc].turns if turn.mood in {"", mood}]
    needed = max(plan.scenes, WHOLE_STORY)
    chosen = sorted(own, key=lambda turn: turn.rank)[:needed]
    turns = [turn for turn in own if turn in chosen]
    spare = sorted(INTERLUDE_TURNS, key=lambda turn: seeded_choice(range(1_000_000), premise.idea, turn.name))
    for extra in range(needed - len(turns)):
        turns.insert(2 + (extra * 2) % (len(turns) - 2), spare[extra % len(spare)])
    return turns


def _grouped(turns: list[Turn], scenes: int) -> list[list[Turn]]:
    """One beat a scene; where there are fewer scenes than a story needs, the last one takes the rest."""
    return [[turn] for turn in turns[: scenes - 1]] + [turns[scenes - 1 :]]


def _spread(steps: tuple[str, ...], scenes: int) -> list[tuple[str, ...]]:
    """The steps of the idea over the scenes, in order; a short idea leaves the last scene to the ending."""
    room = max(1, scenes - 1) if len(steps) < scenes * 2 else scenes
    spread: list[tuple[str, ...]] = [() for _ in range(scenes)]
    for number, step in enumerate(steps):
        scene = number * room // max(len(steps), room)
        spread[scene] = (*spread[scene], step)
    return spread


def _version(turn: Turn, setting: Setting, premise: Premise) -> Version:
    """One way to tell the beat; outdoors rather one without doors and walls."""
    fitting = [version for version in turn.versions if setting.interior or not _needs_roof(version)]
    return seeded_choice(fitting or turn.versions, premise.idea, turn.name)


def _needs_roof(version: Version) -> bool:
    return any(_ROOFED.search(row.text) for row in version.rows)


def _setting(premise: Premise, turn: Turn, number: int, scenes: int) -> Setting:
    place = premise.places[0]
    if turn.spot not in {"start", "back"} and scenes > 1:
        place = _place(premise, turn, number)
    is_bright_end = number == scenes > 1 and premise.tone in BRIGHT_TONES
    return Setting(
        place=place.place,
        interior=place.interior,
        time_of_day=_hour(premise, number, scenes),
        weather="clear" if is_bright_end else premise.weather,
    )


def _place(premise: Premise, turn: Turn, number: int) -> Setting:
    """Another place for every scene; a beat with doors and walls in it happens inside."""
    others = premise.places[1:]
    if all(_needs_roof(version) for version in turn.versions):
        others = tuple(place for place in others if place.interior) or others
    return others[(number - 2) % len(others)]


def _hour(premise: Premise, number: int, scenes: int) -> TimeOfDay:
    """The day goes on from scene to scene; where the idea names a time, it stays, and only a bright ending moves on."""
    start = _CLOCK.index(premise.time_of_day)
    if premise.is_time_given:
        is_after = number == scenes > 2 and premise.tone in BRIGHT_TONES
        return _CLOCK[(start + is_after) % 4]
    return _CLOCK[(start + (number - 1) * 3 // max(scenes - 1, 3)) % 4]


def _opening(scene: StoryScene, outline: SceneOutline, premise: Premise) -> list[str]:
    """What the place looks and sounds like, what the idea itself says happens here, and who is there whom it does not name."""
    return [*(_chosen(scene.steps) or [_sight(scene, outline.setting, premise)]), *_companions(scene, premise)]


def _chosen(steps: tuple[str, ...]) -> list[str]:
    """A long idea tells more than a scene can show: its first and last steps, and one from the middle."""
    if len(steps) > MOST_STEPS:
        steps = (steps[0], steps[len(steps) // 2], steps[-1])
    return [shortened(step, LONGEST_STEP) for step in steps]


def _sight(scene: StoryScene, setting: Setting, premise: Premise) -> str:
    weathers = WEATHER_INDOORS if setting.interior else WEATHER_OUTDOORS
    if setting.weather in weathers and scene.number % 4 == 2:
        return weathers[setting.weather]
    sights = premise.world.indoors if setting.interior else premise.world.outdoors
    return sights[(scene.number + len(premise.idea)) % len(sights)]


def _companions(scene: StoryScene, premise: Premise) -> Iterator[str]:
    """Those whom the writer added are introduced when the film begins."""
    if scene.number > 1:
        return
    for person in premise.people:
        if person.intro and person.name.upper() not in " ".join(scene.steps):
            yield seeded_choice(_ENTRANCES, premise.idea, person.name).format(
                name=person.name.upper(), intro=person.intro
            )


def _shortened(rows: tuple[Row, ...]) -> list[Row]:
    return list(rows[: ROWS_OF_SHORT + 1])


def _written(row: Row, scene: StoryScene, premise: Premise) -> str:
    text = row.text.format(**_fields(premise, scene, row.who))
    if not row.who:
        return text
    person = scene.hero if row.who == "HERO" else scene.friend
    cue = f"@{person.name.upper()}"
    return "\n".join([cue, *([f"({row.manner})"] if row.manner else []), capital(text)])


def _fields(premise: Premise, scene: StoryScene, who: str) -> dict[str, str]:
    """What stands for the fields of an arc when `who` speaks ("" in action)."""
    hero, friend = scene.hero, scene.friend
    mine, theirs = PRONOUNS[hero.gender], PRONOUNS[friend.gender]
    goal, thing = premise.deed.goal, premise.deed.prop
    if who:
        owner, self_word = ("my", "myself") if who == "HERO" else ("your", "yourself")
        goal, thing = (addressed(text, owner, self_word=self_word) for text in (goal, thing))
        goal = _spoken_to(
            goal, {friend.name: "you" if who == "HERO" else "me", hero.name: "me" if who == "HERO" else "you"}
        )
    fields = {
        "hero": hero.name, "friend": friend.name, "goal": goal, "thing": thing, "obstacle": premise.world.obstacle,
        "deadline": premise.deed.deadline, "they": mine.they, "them": mine.them, "their": mine.their, "themself": mine.themself,
        "f_they": theirs.they, "f_them": theirs.them, "f_their": theirs.their, "f_themself": theirs.themself,
        "hand": "paw" if hero.being == "animal" else "hand", "f_hand": "paw" if friend.being == "animal" else "hand",
        "home": f"the {premise.places[0].place.lower()}", "place": f"the {scene.setting.place.lower()}",
    }  # fmt: skip
    return fields | {capital(name): capital(text) for name, text in fields.items()}


def _spoken_to(goal: str, words: dict[str, str]) -> str:
    """The goal as it is said to the person whom it names: to Pip, "save Pip" is "save you"."""
    for name, word in words.items():
        goal = re.sub(rf"\b{re.escape(name)}\b(?!['’]s)", word, goal)
    return goal


def _wish(plan: Plan) -> Iterator[str]:
    """What the maker insists on, where it is something to be seen."""
    match = re.search(
        r"\b(?:include|with|show|featuring|must have|add)\s+((?:an?|the)\s+[\w' -]{3,40})", plan.requirement, re.I
    )
    if match and not re.search(r"ending|tone|mood|style|scene|dialogue", match[1]):
        yield f"In the last picture there is {match[1].strip()}."
