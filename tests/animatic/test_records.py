"""Genres, tones, worlds, animals, words: each is one record that is complete by itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from agents.animatic.characters.looks import look_of
from agents.animatic.drawing import creatures, handheld, icons, props, standing, treatments
from agents.animatic.film import Character
from agents.animatic.stories.ideas import read_idea
from agents.animatic.stories.moods import GENRES, TONES, genre_of, tone_of, wished_tone
from agents.animatic.stories.worlds import WORLDS
from agents.animatic.vocabulary import ALL_ANIMALS, ANIMALS, SILHOUETTES, TIMES, WEATHERS, things

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("genre", GENRES)
def test_a_genre_is_complete_and_its_words_lead_to_it(genre: str) -> None:
    record = GENRES[genre]
    assert record.tone in TONES
    assert genre_of(sorted(record.words), "") == genre


@pytest.mark.parametrize("tone", TONES)
def test_the_words_of_a_tone_lead_to_it(tone: str) -> None:
    words = " ".join(sorted(TONES[tone].words))
    assert tone_of(words.split(), "drama") == wished_tone(words) == tone


@pytest.mark.parametrize("world", WORLDS)
def test_a_world_leads_to_a_genre(world: str) -> None:
    assert genre_of([], world) in GENRES


@pytest.mark.parametrize("animal", ALL_ANIMALS)
def test_an_animal_is_drawn_with_its_head_or_its_body(animal: str) -> None:
    record = ALL_ANIMALS[animal]
    named = Character(name=animal.upper(), description="", look=look_of(animal.upper(), "", position=0))
    assert record.head in {"", *creatures.HEADS}
    assert bool(record.head) != bool(record.body)
    assert record.body in {"", *icons.names()}
    assert creatures.kind_of(named) == record.head
    assert creatures.body_of(named) == (animal if record.body else "")


@pytest.mark.parametrize("animal", ANIMALS)
def test_an_animal_with_a_coat_has_a_part_in_a_story(animal: str) -> None:
    assert look_of("KIM", f"a {animal}", position=0).skin == ANIMALS[animal]
    assert read_idea(f"A {animal} wants to see the sea").people[0].being == "animal"


def test_every_word_for_a_time_and_a_weather_means_one_of_them() -> None:
    assert set(TIMES.values()) == {"dawn", "day", "dusk", "night"}
    assert set(WEATHERS.values()) == {"rain", "snow", "fog", "storm", "cloudy"}


@pytest.mark.parametrize("animal", SILHOUETTES)
def test_an_animal_of_which_only_the_kind_is_known_is_a_plain_shape(animal: str) -> None:
    assert animal not in ALL_ANIMALS
    look = look_of("KIM", f"KIM, a {animal}", position=0)
    assert look.animal == animal
    assert creatures.body_of(Character(name="KIM", description="", look=look)) == animal


def test_every_word_for_a_thing_leads_to_an_icon_that_is_there() -> None:
    assert things.icons() <= icons.names()


@pytest.mark.parametrize("word", things.words_for_things())
def test_a_thing_is_found_by_its_word_behind_an_article(word: str) -> None:
    assert things.things_in(f"There is a {word} here.")[0].thing == things.words_for_things()[word]


@pytest.mark.parametrize("name", [*props.HELD, *props.PLACED])
def test_a_thing_is_found_by_its_own_name(name: str) -> None:
    assert name in props.mentioned(f"The {name} is here.", {**props.HELD, **props.PLACED})


def test_every_thing_that_can_be_drawn_can_be_mentioned() -> None:
    drawn = {paint for _, paint in (*props.HELD.values(), *props.PLACED.values())}
    for module in (handheld, standing):
        public = {
            value
            for name, value in vars(module).items()
            if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
        }
        assert public <= drawn


STYLES = {
    "_noir": "film noir", "_watercolour": "watercolor", "_pencil": "sketch", "_comic": "manga", "_neon": "cyberpunk",
    "_pastel": "pastel", "_vintage": "sepia", "_oil": "oil painting", "_gloomy": "gothic", "_bright": "anime",
}  # fmt: skip


def test_every_treatment_can_be_asked_for() -> None:
    for pattern, treat in treatments.TREATMENTS:
        assert "\\\\" not in pattern
        style = STYLES[treat.__name__]
        assert next(found for other, found in treatments.TREATMENTS if re.search(other, style, re.I)) is treat


@pytest.mark.parametrize("style", ["pink and golden", "thinking machines", "turmoil", "in the northwestern manner"])
def test_a_part_of_a_word_asks_for_no_treatment(style: str) -> None:
    picture = Image.new("RGB", (64, 36), "#406080")
    assert treatments.treated(picture, style) is picture


def test_the_word_lists_are_found_from_any_folder_and_without_django(tmp_path: Path) -> None:
    program = (
        "import sys; from agents.animatic import places, vocabulary, writing; from agents.animatic.drawing import picture;"
        "assert 'den' in places.PLACES and 'fox' in vocabulary.ANIMALS; assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True)


def test_to_know_the_words_costs_no_pictures(tmp_path: Path) -> None:
    program = "import sys; from agents.animatic import writing; assert not {'PIL', 'resvg_py'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True)
