"""What the offline writer promises: the idea in its own words, fit to be filmed, and nobody in it whom it does not name."""

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
from agents.animatic.film import Cast, Plan, Screenplay, Shot, Story
from agents.animatic.screenplays import parse
from agents.animatic.storyboards.shots import board

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
LEFTOVERS = re.compile(r"[{}]|\s[,.;]|,,|\.\.(?!\.)|\ba a\b|\b[Tt]he the\b|\bNone\b|\b(?!x )[a-z]+ The [a-z]")


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


def shots_of(idea: str, scenes: int = 3, requirement: str = "") -> list[Shot]:
    planned, _, _ = write(idea, scenes, requirement)
    screenplay, cast = film(idea, scenes, requirement)
    return [shot for scene in screenplay.scenes for shot in board(scene, cast, plan=planned, report=quiet).shots]


def told(idea: str, scenes: int = 3) -> list[str]:
    """What the film shows and says, shot by shot."""
    return [shot.caption or " ".join(line.text for line in shot.dialogue) for shot in shots_of(idea, scenes)]


def names(idea: str, scenes: int = 3) -> set[str]:
    return {character.name for character in film(idea, scenes)[1].characters}


def test_the_same_idea_gives_the_same_film() -> None:
    assert write(LIGHTHOUSE) == write(LIGHTHOUSE)
    assert film(LIGHTHOUSE) == film(LIGHTHOUSE)


def test_each_clause_of_the_idea_is_told_in_its_order() -> None:
    idea = "The old man falls, and the dog barks until a farmer comes. He carries him home, but the dog stays."
    wanted = ["The old man falls.", "The dog barks", "ntil a farmer comes.", "carries him home.", "But the dog stays."]
    text = " ".join(told(idea, 2))
    places = [text.find(clause) for clause in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_names_and_places_of_the_idea_are_those_of_the_film() -> None:
    planned, story, _ = write(LIGHTHOUSE)
    screenplay, cast = film(LIGHTHOUSE)
    assert {character.name for character in cast.characters} == {"MARA", "PIP"}
    assert planned.place == screenplay.scenes[0].setting.place == "Lighthouse"
    assert story.title == planned.title == "Mara and Pip"


def test_nobody_gets_a_name_that_the_idea_does_not_give() -> None:
    assert names("A lonely lighthouse keeper finds a message in a bottle.") == {"LIGHTHOUSE KEEPER"}
    assert names("Two sisters open a bakery in Paris.") == {"FIRST SISTER", "SECOND SISTER"}
    assert names("A haunted house, three friends, one night.", 6) == {"FIRST FRIEND", "SECOND FRIEND", "THIRD FRIEND"}


@pytest.mark.parametrize(
    ("idea", "cast"),
    [
        ("An old man plants a tree. The man waters it. Years later he sits in its shade.", {"MAN"}),
        ("Emma Stone is a nurse. Emma works at night, and the nurse never sleeps.", {"EMMA"}),
        ("A boy finds a robot called Pip. Pip follows the boy home.", {"BOY", "PIP"}),
        ("An old woman teaches a young woman to sail. The young woman leaves.", {"OLD WOMAN", "YOUNG WOMAN"}),
        ("My dog Biscuit runs away to the city.", {"BISCUIT"}),
    ],
)
def test_who_is_spoken_of_in_several_ways_is_one_person(idea: str, cast: set[str]) -> None:
    assert names(idea) == cast


@pytest.mark.parametrize(
    ("idea", "cast"),
    [
        ("In Victorian London a chimney sweep finds a map.", {"CHIMNEY SWEEP"}),
        ("Inside an old clock, a mouse counts the hours.", {"MOUSE"}),
        ("St. Petersburg, 1917. A dancer hides a soldier in the theatre.", {"DANCER", "SOLDIER"}),
        ("Robots rebuild Berlin in the rain.", set()),
        ("On Monday the U.S. Navy loses a submarine.", set()),
    ],
)
def test_what_is_no_name_is_nobodys_name(idea: str, cast: set[str]) -> None:
    assert names(idea) == cast


def test_a_scene_that_begins_with_a_pronoun_says_who_that_is() -> None:
    scripts = write("A baker wakes up early. She lights the oven in the bakery. She waits for the tram.", 3)[2]
    assert all("baker" in script.split("\n\n", 2)[2].casefold() for script in scripts)


def test_nobody_speaks_unless_the_idea_lets_them() -> None:
    for idea in (*IDEAS, *ODD_IDEAS):
        assert not any(element.character for scene in film(idea, 7)[0].scenes for element in scene.elements)


@pytest.mark.parametrize(
    ("idea", "speaker", "line"),
    [
        ('A girl asks an old sailor: "Where are you going?"', "GIRL", "Where are you going?"),
        ("A king meets a fool. The fool laughs. “You are lost,” he says.", "FOOL", "You are lost"),
        ('"Run!" shouts Captain Ahab as the mast breaks.', "CAPTAIN AHAB", "Run!"),
        ("The dragon says that the mountain belongs to nobody.", "DRAGON", "The mountain belongs to nobody."),
    ],
)
def test_what_the_idea_lets_somebody_say_is_said_by_them(idea: str, speaker: str, line: str) -> None:
    spoken = [
        (element.character, element.text)
        for scene in film(idea)[0].scenes
        for element in scene.elements
        if element.character
    ]
    assert spoken == [(speaker, line)]


def test_sentences_do_not_break_at_titles_and_initials() -> None:
    idea = "Mr. Bell meets Dr. J. R. Stone at the U.S. Embassy. They wait until 5 p.m. for a call."
    assert not any(re.search(r"\b(?:Mr|Dr|J|R|U\.S|p\.m)\.$", text) for text in told(idea))


def test_a_robot_is_drawn_as_a_robot_and_a_fox_in_the_colour_of_a_fox() -> None:
    _, cast = film(LIGHTHOUSE)
    assert {character.name: character.look.outfit for character in cast.characters}["PIP"] == "robot"
    _, cast = film("A fox who wants to fly")
    fox = next(character for character in cast.characters if character.name == "FOX")
    assert (fox.look.skin, fox.look.height < 0.8) == ("#c8672b", True)


@pytest.mark.parametrize(("one", "other"), list(combinations(range(5), 2)))
def test_two_ideas_give_two_stories(one: int, other: int) -> None:
    assert not set(told(IDEAS[one])) & set(told(IDEAS[other]))


@pytest.mark.parametrize("scenes", range(1, 15))
def test_a_story_has_exactly_the_scenes_it_was_asked_for_and_each_one_goes_on(scenes: int) -> None:
    _, story, scripts = write(LIGHTHOUSE, scenes)
    assert [outline.number for outline in story.outlines] == list(range(1, scenes + 1))
    assert len({outline.summary for outline in story.outlines}) == scenes
    assert len(set(scripts)) == scenes


@pytest.mark.parametrize("idea", [*IDEAS, *ODD_IDEAS])
def test_no_template_shows_through(idea: str) -> None:
    _, story, scripts = write(idea, 12)
    own = {word.strip("“”.,") for word in idea.split()}
    for text in [*scripts, *(outline.summary for outline in story.outlines)]:
        prose = (
            " ".join("x" if word.strip("“”.,…") in own else word for word in text.split())
            if idea in ODD_IDEAS
            else text
        )
        assert not LEFTOVERS.search(prose), LEFTOVERS.search(prose)


@pytest.mark.parametrize("idea", ODD_IDEAS)
def test_an_odd_idea_still_becomes_a_film(idea: str) -> None:
    screenplay, _ = film(idea)
    assert len(screenplay.scenes) == 3
    assert all(scene.elements for scene in screenplay.scenes)


def test_emoji_are_read_by_their_names() -> None:
    screenplay, cast = film("🦊🌙")
    assert screenplay.scenes[0].setting.place == "Moon"
    assert any("fox" in character.description.casefold() for character in cast.characters)


def test_weather_time_genre_and_tone_come_from_the_idea() -> None:
    idea = "Detective Sam Cole hunts a thief through rainy Berlin at midnight"
    planned = plan(idea)
    screenplay, _ = film(idea)
    assert (planned.genre, planned.time) == ("mystery", "At night in the rain")
    assert (screenplay.scenes[0].setting.weather, screenplay.scenes[0].setting.time_of_day) == ("rain", "night")


def test_the_requirement_decides_the_tone_and_what_must_be_seen() -> None:
    assert "a red balloon" in write(LIGHTHOUSE, requirement="Please include a red balloon.")[2][-1]
    assert plan(LIGHTHOUSE, requirement="make it funny").tone == "funny"


def test_who_is_dead_when_the_story_begins_does_not_play_in_it() -> None:
    _, cast = film("When her grandmother dies, twelve-year-old Leila inherits a house full of clocks.")
    assert [(character.name, character.look.age) for character in cast.characters] == [("LEILA", "child")]


def test_those_who_never_speak_are_still_known_when_the_screenplay_is_read_again() -> None:
    screenplay, _ = film(LIGHTHOUSE)
    assert parse(writing.write_fountain(screenplay, report=quiet)) == screenplay


@pytest.mark.parametrize(
    ("idea", "title"),
    [
        (
            "A lonely lighthouse keeper finds a message in a bottle.",
            "The Lighthouse Keeper and the Message in a Bottle",
        ),
        ("A fox who wants to fly", "The Fox Who Wants to Fly"),
        ("Anna and Ben fall in love on a night train.", "Anna and Ben"),
        ("An old man and his dog walk through the snow.", "The Old Man and His Dog"),
        ("Love in the time of robots", "Love in the Time of Robots"),
        ("Make a 30 second ad for BrewBuddy, a coffee machine that wakes you with jazz.", "BrewBuddy"),
        ("How to bake bread: knead, wait, bake.", "How to Bake Bread"),
        ("A documentary about honey bees: how they dance.", "Honey Bees"),
        ("Music video for my song 'Neon Rain': a girl dances.", "Neon Rain"),
        (
            "Ein alter Leuchtturmwärter findet im Sturm eine Flaschenpost. Er rudert hinaus.",
            "Ein alter Leuchtturmwärter",
        ),
        ("一只狐狸想飞。它爬上山顶。", "一只狐狸想飞"),
    ],
)
def test_a_title_is_one_that_a_person_would_give(idea: str, title: str) -> None:
    assert plan(idea).title == title


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
    screenplay, _ = film(idea, scenes)
    assert 1 <= len(screenplay.scenes) <= scenes  # a wished length may leave room for fewer


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            " ".join([*IDEAS, 'who and , . his her must the a in on Anna Pip robot fox storm night " says']).split(" ")
        ),
        min_size=1,
        max_size=25,
    ).filter(lambda words: any(word.isalnum() for word in words))
)
def test_any_jumble_of_words_becomes_a_film(words: list[str]) -> None:
    screenplay, _ = film(" ".join(words))
    assert len(screenplay.scenes) == 3


UNSEEN = {  # ideas written before the words for them, with the cast and the first place that they name
    "A baker's apprentice named Wilkin smells smoke and runs to wake the whole street.": (["WILKIN"], "Street"),
    "Two rival pastry chefs are locked in a walk-in freezer.": (["FIRST CHEF", "SECOND CHEF"], "Walk-in freezer"),
    "Priya, a junior doctor, and Old Mr. Halloran, her most stubborn patient, plan his escape from the hospital.": (
        ["PRIYA", "OLD MR. HALLORAN"],
        "Hospital",
    ),
    "A seal pup follows a surfer all the way home to his flat.": (["SEAL PUP", "SURFER"], "Flat"),
    "A samurai sworn to silence must buy a horse from a talkative merchant.": (
        ["SAMURAI", "HORSE", "MERCHANT"],
        "Somewhere",
    ),
    "A goldfish called Admiral plots his escape from the dentist's waiting room.": (
        ["ADMIRAL"],
        "Dentist's waiting room",
    ),
    "A crane operator falls for the window cleaner opposite.": (["CRANE OPERATOR", "WINDOW CLEANER"], "Somewhere"),
    "A lonely driver gives a lift to a woman.": (["DRIVER", "WOMAN"], "Somewhere"),
    "A grandmother and her grandson busk outside the supermarket.": (["GRANDMOTHER", "GRANDSON"], "Supermarket"),
    "The cellist plays to the whales from a lifeboat.": (["CELLIST"], "Lifeboat"),
}


def test_everybody_and_the_place_of_an_unseen_idea_are_found() -> None:
    found = {}
    for idea in UNSEEN:
        screenplay, cast = film(idea, scenes=1)
        found[idea] = ([character.name for character in cast.characters], screenplay.scenes[0].setting.place)
    assert {idea: (sorted(names), place) for idea, (names, place) in found.items()} == {
        idea: (sorted(names), place) for idea, (names, place) in UNSEEN.items()
    }
