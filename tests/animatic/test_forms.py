"""What is asked for is no part of what is told: forms, lengths, tones and languages of films."""

import re

import pytest
from PIL import ImageFont

from agents.animatic import lengths, writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.film import Plan, Shot
from agents.animatic.fonts import FONTS
from agents.animatic.lengths import BREATH_SECONDS, SPOKEN_CHARACTERS_PER_SECOND
from agents.animatic.stories.languages import language_of
from agents.animatic.stories.requests import length_in, read_request
from agents.animatic.storyboards.shots import board
from agents.studio import editing
from benchmarks.stories.__main__ import ideas

BREW = (
    "Make a 30 second ad for BrewBuddy, a coffee machine that wakes you with jazz. Mornings are grey and slow. "
    "BrewBuddy plays your favourite song and fills your cup. Wake up better."
)
BEES = "A documentary about honey bees: how they dance to show the way to flowers, and why they are disappearing."
BREAD = "How to bake sourdough bread: feed the starter, mix flour and water, let it rest, shape a loaf, bake it for 45 minutes."
SONG = "Music video for my song 'Neon Rain': a girl dances alone on wet rooftops, neon signs flicker, a train passes."


def quiet(_fraction: float, _message: str) -> None:
    """Nobody watches."""


def made(idea: str, *, scenes: int = 3, requirement: str = "") -> tuple[Plan, list[Shot], list[str]]:
    """The plan, the shots and the names of the cast."""
    plan = writing.plan_idea(idea, requirement=requirement, style="", scenes=scenes, report=quiet)
    story = writing.write_story(idea, plan, report=quiet)
    texts = [writing.write_scene(story, outline, plan, report=quiet).text for outline in story.outlines]
    screenplay = writing.read_screenplay("\n\n".join(texts), title=plan.title, report=quiet)
    cast = cast_of(screenplay, report=quiet)
    shots = [shot for scene in screenplay.scenes for shot in board(scene, cast, plan=plan, report=quiet).shots]
    return plan, shots, [character.name for character in cast.characters]


def seconds_of(plan: Plan, shots: list[Shot]) -> float:
    """As the editor cuts it: two cards, and a dissolve wherever the scene changes."""
    dissolves = (plan.scenes + 1) * editing.DISSOLVE_FRAMES / 24
    return editing.TITLE_SECONDS + editing.END_SECONDS + sum(shot.seconds for shot in shots) - dissolves


@pytest.mark.parametrize(
    ("idea", "form", "seconds", "text"),
    [
        (BREW, "advertisement", 30, "BrewBuddy, a coffee machine"),
        (
            "15-second commercial for CloudStep running shoes: light as air",
            "advertisement",
            15,
            "CloudStep running shoes: light",
        ),
        (BEES, "documentary", 0, "Honey bees: how they dance"),
        ("Please create a 1 minute documentary on Rome.", "documentary", 60, "Rome."),
        ("explain how vaccines work in 60 seconds", "documentary", 60, "How vaccines work"),
        (BREAD, "how_to", 0, "How to bake sourdough bread. Feed the starter"),
        ("A how-to video: How to change a tyre. Take off the wheel.", "how_to", 0, "How to change a tyre. Take off"),
        (SONG, "music_video", 0, "A girl dances alone"),
        ("Bedtime story for my 4 year old about a sleepy hedgehog.", "story", 0, "A sleepy hedgehog."),
        ("I want to create a video where a dog gets lost.", "story", 0, "A dog gets lost."),
        ("I'd like a film about two friends. It should be 45 seconds long.", "story", 45, "Two friends."),
        ("Can you make me a short animation of a cat that sings?", "story", 0, "A cat that sings?"),
        ("Erstelle einen Kurzfilm über einen Bäcker.", "story", 0, "Einen Bäcker."),
        ("A movie star meets a ghost.", "story", 0, "A movie star meets a ghost."),
        ("A man shows a film about war to his son.", "story", 0, "A man shows a film about war"),
        ("Bake it for 45 minutes.", "story", 0, "Bake it for 45 minutes."),
        ("She has 30 seconds to defuse the bomb.", "story", 0, "She has 30 seconds to defuse the bomb."),
    ],
)
def test_the_request_says_form_and_length_and_is_no_part_of_the_text(
    idea: str, form: str, seconds: float, text: str
) -> None:
    request = read_request(idea)
    assert (request.form, request.seconds) == (form, seconds)
    assert request.text.startswith(text)


def test_a_bedtime_story_is_tender_and_a_funny_film_funny() -> None:
    assert made("Bedtime story for my 4 year old about a dragon with a bomb.")[0].tone == "tender"
    assert made("A funny video about a funeral")[0].tone == "funny"


@pytest.mark.parametrize("seconds", [12, 15, 20, 30, 45, 60, 90, 120])
@pytest.mark.parametrize("scenes", [1, 3, 8])
@pytest.mark.parametrize(
    "idea", [BREW, BEES, "A fox who wants to fly", "Ein Bäcker sucht nachts seinen Hund. " * 12, f"{BEES} " * 9]
)
def test_a_film_is_as_long_as_it_is_wished(idea: str, scenes: int, seconds: float) -> None:
    plan, shots, _ = made(idea, scenes=scenes, requirement=f"{seconds} seconds")
    wished = plan.seconds
    assert seconds_of(plan, shots) == pytest.approx(wished, rel=0.1)
    assert plan.scenes <= scenes
    spoken = sum(len(shot.caption) / SPOKEN_CHARACTERS_PER_SECOND + BREATH_SECONDS for shot in shots if shot.caption)
    assert spoken <= sum(shot.seconds for shot in shots) * 1.1
    assert all(shot.seconds >= lengths.SHORTEST_SHOT for shot in shots)


def test_words_that_are_too_many_are_left_out_or_end_with_a_whole_word() -> None:
    idea = "Anna walks along the extraordinarily beautiful promenade of Montevideo and remembers her grandfather's accordion."
    _, shots, _ = made(idea, scenes=1, requirement="12 seconds")
    words = {word.strip(".,…") for shot in shots for word in shot.caption.split()}
    assert words <= {word.strip(".,") for word in idea.split()}


def test_the_cards_of_the_editor_are_those_that_lengths_count_with() -> None:
    assert editing.TITLE_SECONDS == editing.END_SECONDS == lengths.CARD_SECONDS
    assert editing.DISSOLVE_FRAMES / 24 == lengths.DISSOLVE_SECONDS


def test_a_requirement_may_name_the_length() -> None:
    assert [length_in(text) for text in ("at most 20 seconds, please", "half a minute", "two minutes", "funny")] == [
        20,
        30,
        120,
        0,
    ]


def test_an_advertisement_goes_from_the_problem_to_the_product_and_ends_with_its_name() -> None:
    plan, shots, cast = made(BREW)
    told = [shot.caption for shot in shots]
    assert (plan.form, plan.title, cast) == ("advertisement", "BrewBuddy", [])
    assert told[0] == "Mornings are grey and slow."
    assert told[1].startswith("BrewBuddy, a coffee machine")
    assert told[-1] == "BrewBuddy."


def test_a_how_to_has_numbered_steps_and_nobody_in_it() -> None:
    plan, shots, cast = made(BREAD)
    numbers = [int(match[1]) for shot in shots if (match := re.match(r"(\d+)\. ", shot.caption))]
    assert (plan.form, cast) == ("how_to", [])
    assert shots[0].caption == "How to bake sourdough bread."
    assert numbers == [1, 2, 3, 4, 5]


def test_a_documentary_has_its_subject_and_no_hero() -> None:
    plan, shots, cast = made(BEES)
    assert (plan.form, plan.genre, cast) == ("documentary", "documentary", [])
    assert shots[0].caption == "Honey bees."


def test_a_music_video_is_told_in_pictures() -> None:
    plan, shots, cast = made(SONG)
    assert (plan.form, cast) == ("music_video", ["GIRL"])
    assert not any(shot.caption for shot in shots)
    assert any("neon signs flicker" in shot.description.casefold() for shot in shots)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A lonely keeper finds a message.", "en"),
        ("Zwei Schwestern eröffnen eine Bäckerei in Paris.", "de"),
        ("Deux sœurs ouvrent une boulangerie à Paris.", "fr"),
        ("Dos hermanas abren una panadería en París.", "es"),
        ("Due sorelle aprono un forno a Parigi con il nonno.", "it"),
        ("Duas irmãs abrem uma padaria em Paris.", "pt"),
        ("Dwie siostry otwierają piekarnię w Paryżu.", "pl"),
        ("Две сестры открывают пекарню в Париже.", "ru"),
        ("Дві сестри відкривають пекарню в Парижі.", "uk"),
        ("Δύο αδελφές ανοίγουν φούρνο στο Παρίσι.", "el"),
        ("二人の姉妹がパリでパン屋を開く。", "ja"),
        ("两姐妹在巴黎开了一家面包店。", "zh"),
        ("두 자매가 파리에 빵집을 연다.", "ko"),
        ("12345", ""),
    ],
)
def test_the_language_of_an_idea_is_known(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "idea",
    [
        "Ein alter Leuchtturmwärter findet im Sturm eine Flaschenpost.",
        "Une petite fille trouve un renard blessé dans la forêt. Elle le soigne tout l'hiver, puis elle doit le laisser partir.",
        "Старый рыбак Иван находит говорящую рыбу. Рыба просит отпустить её в море.",
        "小さな灯台に住む猫が、嵐の夜に迷子の船を見つける。猫は灯りをつけて、船を港へ導く。",
    ],
)
@pytest.mark.parametrize("scenes", [1, 3, 6])
def test_an_idea_in_another_language_is_told_in_its_own_sentences_and_no_english(idea: str, scenes: int) -> None:
    plan, shots, _ = made(idea, scenes=scenes)
    plain = re.sub(r"[\s。.…]", "", idea)
    assert plan.language == language_of(idea)
    assert all(re.sub(r"[\s。.…]", "", shot.caption) in plain for shot in shots)
    assert all(
        clause in "".join(shot.caption for shot in shots).replace("…", " ") or scenes > 1
        for clause in [idea.split(".")[0]]
    )


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "pt", "pl", "ru", "uk", "el"])
def test_every_letter_of_latin_greek_and_cyrillic_captions_has_a_glyph(language: str) -> None:
    font = ImageFont.truetype(FONTS / "NotoSans-Italic.ttf", 40)
    lacking = bytes(font.getmask("\U0010fffd"))
    letters = {
        letter
        for idea in ideas()
        if idea.language == language
        for shot in made(idea.idea)[1]
        for letter in shot.caption
    }
    assert letters
    assert [letter for letter in sorted(letters) if letter != " " and bytes(font.getmask(letter)) == lacking] == []
