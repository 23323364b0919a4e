"""Who people are and how they look: as the words about them say."""

import pytest

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.characters.descriptions import words_of
from agents.animatic.characters.looks import ages_in, gender_of, look_of
from agents.animatic.characters.natures import nature_of
from agents.animatic.drawing.framing import present_in
from agents.animatic.film import Cast, Look
from agents.animatic.vocabulary import COLOURS, HAIR_COLOURS
from tests.animatic.samples import MARA, shot


def quiet(_fraction: float, _message: str) -> None:
    """Nobody watches."""


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("MARA", "MARA, a lonely clockmaker with a robot"),
        ("CLOCKMAKER", "A clockmaker with a small robot"),
        ("ANNA", "ANNA, a dog walker"),
        ("DOG TRAINER", ""),
        ("CAPTAIN WOLF", "Captain Wolf loses his ship and wins a horse"),
        ("BEAR", "BEAR (40), a bouncer"),
        ("THE MODEL", "A young model in a yellow dress"),
        ("INSTRUCTOR", ""),
    ],
)
def test_a_person_stays_a_person_whatever_is_near(name: str, description: str) -> None:
    assert nature_of(name, description).kind == "person"
    look = look_of(name, description, position=0)
    assert (look.outfit == "robot", look.animal) == (False, "")


@pytest.mark.parametrize(
    ("name", "description", "animal"),
    [
        ("COPPER", "a young fox named COPPER", "fox"),
        ("FOX CUB", "", "fox"),
        ("REX", "REX, an old police dog, barks", "dog"),
        ("BRAMBLE", "Bramble the hedgehog cannot sleep", "hedgehog"),
        ("OTTO", "OTTO, the octopus, waves", "octopus"),
        ("HORSE", "A white horse", "horse"),
        ("CAPY", "CAPY, a capybara", "capybara"),
    ],
)
def test_an_animal_is_told_by_its_noun(name: str, description: str, animal: str) -> None:
    assert nature_of(name, description).animal == animal
    assert look_of(name, description, position=0).animal == animal


@pytest.mark.parametrize(("name", "description"), [("PIP", "a rusty robot called PIP"), ("TOCK", "A repair drone named TOCK"), ("ROBOT DOG", "")])  # fmt: skip
def test_a_robot_is_told_by_its_noun(name: str, description: str) -> None:
    assert look_of(name, description, position=0).outfit == "robot"


def test_everything_that_is_said_about_somebody_is_drawn() -> None:
    words = (
        "MARA (34), a plump woman with long red hair, glasses and a green hat, in a yellow raincoat and black trousers"
    )
    look = look_of("MARA", words, position=0)
    assert (look.age, look.build, look.hair, look.hair_style) == ("adult", "broad", HAIR_COLOURS["red"], "long")
    assert (look.outfit, look.top, look.bottom) == ("coat", COLOURS["yellow"], COLOURS["black"])
    assert look.wears("glasses")
    assert look.wears("hat")
    assert look.accessory_colour == COLOURS["green"]


@pytest.mark.parametrize(
    ("words", "hair", "style"),
    [
        ("a blonde woman", "blonde", None),
        ("an old man with a white beard", "white", None),
        ("a girl with curly brown hair", "brown", "curly"),
        ("a bald man", None, "bald"),
        ("a soldier with a shaved head", None, "bald"),
        ("a boy with black braids", "black", "ponytail"),
        ("a redhead in a blue dress", "red", None),
    ],
)
def test_hair_is_as_it_is_described(words: str, hair: str | None, style: str | None) -> None:
    look = look_of("SAM", f"SAM, {words}", position=0)
    assert hair is None or look.hair == HAIR_COLOURS[hair]
    assert style is None or look.hair_style == style


def test_the_first_named_colour_of_a_garment_counts() -> None:
    look = look_of("SAM", "SAM wears a red scarf and a blue coat", position=0)
    assert (look.top, look.accessory, look.accessory_colour) == (COLOURS["blue"], "scarf", COLOURS["red"])


def test_a_dress_tells_a_woman_where_nothing_else_does() -> None:
    assert gender_of("THE MODEL", words_of("a model in a yellow dress")) == "female"
    assert gender_of("THE MODEL", words_of("a model and his yellow dress")) == "male"


def test_two_films_have_other_colours_and_each_keeps_its_own() -> None:
    def tops(film: str) -> list[str]:
        return [look_of(f"PERSON {number}", "", position=number, film=film).top for number in range(4)]

    assert tops("Night Shift") == tops("Night Shift")
    assert not set(tops("Night Shift")) & set(tops("The Long Table"))


def casts(script: str) -> Cast:
    return cast_of(writing.read_screenplay(script, title="T", report=quiet), report=quiet)


def looks(script: str) -> dict[str, Look]:
    return {character.name: character.look for character in casts(script).characters}


def test_young_mara_is_mara_when_she_was_young() -> None:
    found = looks(
        "INT. A - DAY\n\nMARA (62), in a red coat, sits.\n\nMARA\nOnce.\n\nINT. B - DAY\n\nYOUNG MARA runs.\n\nYOUNG MARA\nNow!\n"
    )
    assert (found["MARA"].age, found["YOUNG MARA"].age) == ("old", "young")
    assert found["YOUNG MARA"].skin == found["MARA"].skin
    assert found["YOUNG MARA"].top == found["MARA"].top


@pytest.mark.parametrize(
    ("action", "age"),
    [("SALMA, now 25, in a dress, plays.", "young"), ("Old Salma looks back.", "old"), ("Young SALMA (9) counts.", "child"), ("Salma waits.", None)],
)  # fmt: skip
def test_a_scene_tells_at_which_age_somebody_is_seen(action: str, age: str | None) -> None:
    assert ages_in(action, ["SALMA"]).get("SALMA") == age


def test_in_a_shot_somebody_has_the_age_that_they_have_there() -> None:
    assert present_in(shot(characters=["MARA"], ages={"MARA": "old"}), [MARA])[0].look.age == "old"
    assert present_in(shot(characters=["MARA"]), [MARA]) == [MARA]
