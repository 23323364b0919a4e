"""What the offline writer promises: a story of its own, from the idea's words, fit to be filmed."""

import re
import unicodedata
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.errors import UnusableText
from agents.animatic.film import Cast, Plan, Screenplay, Story
from agents.animatic.stories.arcs import ARCS, INTERLUDE_TURNS, read_arc

LIGHTHOUSE = (
    "Mara the lighthouse keeper finds a robot called Pip washed ashore, and together they must relight the lamp "
    "before the fishing fleet hits the rocks."
)
IDEAS = (
    LIGHTHOUSE,
    "Detective Sam Cole hunts a thief through rainy Berlin at midnight",
    "When her grandmother dies, twelve-year-old Leila inherits a house full of clocks.",
    "Two sisters open a bakery in Paris.",
    "Anna and Ben fall in love on a night train.",
    "A haunted house, three friends, one night.",
    "An astronaut stranded on Mars receives a signal from her dead husband.",
    "Jack climbs the highest mountain to bring back the fire that his village lost.",
    "A girl who talks to whales must save her village from a flood",
    "A fox who wants to fly",
)
ODD_IDEAS = (
    "Love",
    "🦊🌙",
    "Старый рыбак Иван находит говорящую рыбу",
    "Ein alter Leuchtturmwärter findet eine Flaschenpost im Sturm",
    "一只狐狸想飞",
    "{hero} {0} %s <b>bold</b> */ [[note]] .INT. @x",
    "MARA: hello\n\nINT. KITCHEN - DAY",
    "a dog, a cat, a mouse, an owl and a fox run a restaurant " * 70,
)
LEFTOVERS = re.compile(r"[{}]|\b(?:HERO|FRIEND)\b|\s[,.;]|,,|\.\.(?!\.)|\ba a\b|\bthe the\b|\bNone\b")


def quiet(_fraction: float, _message: str) -> None:
    """Nobody watches."""


def plan(idea: str, scenes: int = 3, requirement: str = "") -> Plan:
    return writing.plan_idea(idea, requirement=requirement, style="ink", scenes=scenes, report=quiet)


def write(idea: str, scenes: int = 3, requirement: str = "") -> tuple[Plan, Story, list[str]]:
    planned = plan(idea, scenes, requirement)
    story = writing.write_story(idea, planned, report=quiet)
    scripts = [writing.write_scene(story, outline, planned, report=quiet).text for outline in story.outlines]
    return planned, story, scripts


def film(idea: str, scenes: int = 3, requirement: str = "") -> tuple[Screenplay, Cast]:
    planned, _, scripts = write(idea, scenes, requirement)
    screenplay = writing.read_screenplay("\n\n".join(scripts), title=planned.title, report=quiet)
    return screenplay, cast_of(screenplay, report=quiet)


def test_the_same_idea_gives_the_same_film() -> None:
    assert write(LIGHTHOUSE) == write(LIGHTHOUSE)
    assert film(LIGHTHOUSE) == film(LIGHTHOUSE)


def test_names_places_and_deed_of_the_idea_are_those_of_the_film() -> None:
    planned, story, scripts = write(LIGHTHOUSE)
    screenplay, cast = film(LIGHTHOUSE)
    assert {character.name for character in cast.characters} == {"MARA", "PIP"}
    assert planned.place == "Lighthouse"
    assert screenplay.scenes[0].setting.place == "Lighthouse"
    assert "before the fishing fleet hits the rocks" in "".join(scripts)
    assert "relight the lamp" in "".join(scripts).split("\n\n", 2)[2]
    assert story.title == planned.title


def test_a_robot_is_drawn_as_a_robot_and_a_fox_in_the_colour_of_a_fox() -> None:
    _, cast = film(LIGHTHOUSE)
    assert {character.name: character.look.outfit for character in cast.characters}["PIP"] == "robot"
    _, cast = film("A fox who wants to fly")
    fox = next(character for character in cast.characters if "fox" in character.description)
    assert (fox.look.skin, fox.look.height < 0.8) == ("#c8672b", True)


@pytest.mark.parametrize(("one", "other"), list(combinations(range(5), 2)))
def test_two_ideas_give_two_stories(one: int, other: int) -> None:
    first, second = (film(IDEAS[number])[0] for number in (one, other))
    spoken = [
        {element.text for scene in story.scenes for element in scene.elements if element.character}
        for story in (first, second)
    ]
    assert not spoken[0] & spoken[1]
    assert {scene.heading for scene in first.scenes}.isdisjoint(scene.heading for scene in second.scenes)
    assert not set(first.scenes[0].characters) & set(second.scenes[0].characters)


@pytest.mark.parametrize("scenes", range(1, 15))
def test_a_story_has_exactly_the_scenes_it_was_asked_for_and_each_one_goes_on(scenes: int) -> None:
    _, story, scripts = write(LIGHTHOUSE, scenes)
    assert [outline.number for outline in story.outlines] == list(range(1, scenes + 1))
    assert len({outline.summary for outline in story.outlines}) == scenes
    assert len(set(scripts)) == scenes


@pytest.mark.parametrize("idea", IDEAS)
@pytest.mark.parametrize("scenes", [1, 3, 7])
def test_every_scene_has_some_dialogue_that_can_be_read_in_time(idea: str, scenes: int) -> None:
    screenplay, _ = film(idea, scenes)
    assert len(screenplay.scenes) == scenes
    for scene in screenplay.scenes:
        lines = [element.text for element in scene.elements if element.character]
        assert 1 <= len(lines) <= (5 if scenes >= 3 else 12)
        assert max(map(len, lines)) < 140


@pytest.mark.parametrize("idea", [*IDEAS, *ODD_IDEAS])
def test_no_template_shows_through(idea: str) -> None:
    for requirement in ("a hopeful ending", "sad and dark"):
        _, story, scripts = write(idea, 12, requirement)
        own = {word.strip("“”.,") for word in idea.split()}
        for text in [*scripts, *(outline.summary for outline in story.outlines)]:
            prose = (
                " ".join("x" if word.strip("“”.,") in own else word for word in text.split())
                if idea in ODD_IDEAS
                else text
            )
            assert not LEFTOVERS.search(prose), LEFTOVERS.search(prose)


@pytest.mark.parametrize("idea", ODD_IDEAS)
def test_an_odd_idea_still_becomes_a_film_with_two_people_in_it(idea: str) -> None:
    screenplay, cast = film(idea)
    assert len(screenplay.scenes) >= 3
    assert sum(character.lines > 0 for character in cast.characters) >= 2


def test_emoji_are_read_by_their_names() -> None:
    screenplay, cast = film("🦊🌙")
    assert screenplay.scenes[0].setting.place == "Moon"
    assert any("fox" in character.description for character in cast.characters)


def test_weather_time_genre_and_tone_come_from_the_idea() -> None:
    planned = plan("Detective Sam Cole hunts a thief through rainy Berlin at midnight")
    screenplay, _ = film("Detective Sam Cole hunts a thief through rainy Berlin at midnight")
    assert (planned.genre, planned.time) == ("mystery", "At night in the rain")
    assert (screenplay.scenes[0].setting.weather, screenplay.scenes[0].setting.time_of_day) == ("rain", "night")


def test_the_requirement_decides_the_ending_and_what_must_be_seen() -> None:
    hopeful, sad = (write(LIGHTHOUSE, requirement=wish)[2][-1] for wish in ("a hopeful ending", "a sad ending"))
    assert hopeful != sad
    assert "a red balloon" in write(LIGHTHOUSE, requirement="Please include a red balloon.")[2][-1]
    assert plan(LIGHTHOUSE, requirement="make it funny").tone == "funny"


def test_people_without_a_name_get_one_that_fits() -> None:
    _, cast = film("Two sisters open a bakery in Paris.")
    assert len(cast.characters) == 2
    assert all("sister" in character.description for character in cast.characters[:1])
    _, cast = film("A haunted house, three friends, one night.", 6)
    assert len(cast.characters) == 3


def test_who_is_dead_when_the_story_begins_does_not_play_in_it() -> None:
    _, cast = film("When her grandmother dies, twelve-year-old Leila inherits a house full of clocks.")
    leila = next(character for character in cast.characters if character.name == "LEILA")
    assert leila.look.age == "child"
    assert all(character.look.age != "old" for character in cast.characters)


def test_no_character_is_to_rescue_themselves() -> None:
    _, _, scripts = write("Detective Sam Cole hunts a thief through rainy Berlin at midnight", 12)
    speeches = [part.split("\n", 1)[1] for text in scripts for part in text.split("\n\n") if part.startswith("@")]
    assert not any("hunt Ada" in speech for speech in speeches)


def test_a_long_idea_becomes_a_story_in_its_own_order() -> None:
    idea = " ".join(
        f"On day {number} Anna finds the {thing}." for number, thing in enumerate(("key", "door", "garden", "well"), 1)
    )
    _, _, scripts = write(idea, 4)
    text = "\n".join(scripts)
    places = [text.index(f"On day {number}") for number in range(1, 5)]
    assert places == sorted(places)


@pytest.mark.parametrize("idea", ["", "   ", "…!?"])
def test_an_empty_idea_is_refused(idea: str) -> None:
    with pytest.raises(UnusableText, match="The idea is empty"):
        plan(idea)


def test_a_scene_that_the_story_does_not_have_is_refused() -> None:
    planned, story, _ = write(LIGHTHOUSE)
    with pytest.raises(writing.NoSuchScene, match="there is no scene 9"):
        writing.write_scene(story, replace(story.outlines[0], number=9), planned, report=quiet)


@settings(max_examples=80, deadline=None)
@given(st.text(min_size=1, max_size=120), st.integers(1, 13))
def test_any_idea_becomes_a_film(idea: str, scenes: int) -> None:
    if not any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in idea):
        return  # refused; see above
    screenplay, cast = film(idea, scenes)
    assert len(screenplay.scenes) >= scenes
    assert cast.characters


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            " ".join([*IDEAS, "who and , . his her must the a in on Anna Pip robot fox storm night"]).split()
        ),
        min_size=1,
        max_size=25,
    ).filter(lambda words: any(word.isalnum() for word in words))
)
def test_any_jumble_of_words_becomes_a_film(words: list[str]) -> None:
    screenplay, cast = film(" ".join(words))
    assert len(screenplay.scenes) == 3
    assert len(cast.characters) >= 2


def test_every_arc_has_a_beginning_a_trial_and_both_endings() -> None:
    for arc in ARCS.values():
        for mood in ("bright", "dark"):
            turns = [turn for turn in arc.turns if turn.mood in {"", mood}]
            assert sorted(turn.rank for turn in turns) == list(range(1, len(turns) + 1)), arc.name
            assert turns[0].name == "setup"
            assert turns[-1].name == "ending"
        assert arc.goal
        assert arc.words


def test_every_beat_is_short_enough_for_a_scene() -> None:
    for turn in [*INTERLUDE_TURNS, *(turn for arc in ARCS.values() for turn in arc.turns)]:
        for version in turn.versions:
            speeches = [row for row in version.rows if row.who]
            assert 1 <= len(speeches) <= 5, (turn.name, version.summary)
            assert all(len(row.text) <= 75 for row in speeches), (turn.name, version.summary)


def test_a_misspelt_arc_is_refused() -> None:
    with pytest.raises(ValueError, match="not a beat"):
        read_arc("odd", "words: x\n\n[setup | first | start]\n= x\nx")
