"""What casting and the storyboard owe to a film: everybody looks like themselves, every line is heard, and no two cuts jump."""

import colorsys
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.characters.looks import look_of
from agents.animatic.film import Cast, Look, Plan, Scene, Screenplay, Shot
from agents.animatic.storyboards.shots import board
from tests.animatic.work import QUADRATIC, growth

FERRY = """\
Title: The Late Ferry

EXT. FERRY PIER - DUSK

Rain. NORA BELL (62), in a long red coat and glasses, sits on a suitcase. A BOY (9), in a yellow raincoat, watches her.

BOY
You missed it.

NORA
I am early for the next one.

BOY
There isn't a next one. Not till Monday.

Nora takes a folded letter out of her coat.

NORA
Then I am very early.

BOY
(shouting)
You can't stay here! Nobody can!

NORA
And what does your dad do?

INT. TICKET OFFICE - NIGHT

HARRY (50s), bearded, counts coins. Nora drips on his floor.

NORA
Read me the end. I never dared.

BOY (O.S.)
Dad? Is that her?

Harry smiles. He looks up.
"""


def quiet(_fraction: float, _message: str) -> None:
    """Nobody watches."""


def plan_of(genre: str = "drama", scenes: int = 2) -> Plan:
    return Plan(title="T", logline="L", genre=genre, tone="tender", time="", place="", scenes=scenes)


def cast_and_shots(script: str, genre: str = "drama") -> tuple[Screenplay, Cast, list[list[Shot]]]:
    screenplay = writing.read_screenplay(script, title="", report=quiet)
    cast = cast_of(screenplay, report=quiet)
    plan = plan_of(genre, len(screenplay.scenes))
    return (
        screenplay,
        cast,
        [board(scene, cast, plan=plan, report=quiet).shots for scene in screenplay.scenes],
    )


def looks_of(script: str) -> dict[str, Look]:
    return {character.name: character.look for character in cast_and_shots(script)[1].characters}


def lines_of(scene: Scene) -> list[tuple[str, str]]:
    return [(element.character, element.text) for element in scene.elements if element.character]


def test_every_line_is_in_exactly_one_shot_in_order() -> None:
    screenplay, _, boards = cast_and_shots(FERRY)
    for scene, shots in zip(screenplay.scenes, boards, strict=True):
        assert [(line.character, line.text) for shot in shots for line in shot.dialogue] == lines_of(scene)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["MARA", "TOM"]), st.text("abc ,.!?", min_size=1, max_size=900)),
        min_size=1,
        max_size=6,
    )
)
def test_long_speeches_are_cut_into_lines_without_losing_a_word(lines: list[tuple[str, str]]) -> None:
    script = "INT. A - DAY\n\nSilence.\n\n" + "\n\n".join(f"{name}\nSo{text}" for name, text in lines)
    screenplay, _, (shots,) = cast_and_shots(script)
    spoken = " ".join(f"{line.character} {line.text}" for shot in shots for line in shot.dialogue)
    meant = " ".join(text for _, text in lines_of(screenplay.scenes[0]))
    assert [word for word in spoken.split() if word not in {"MARA", "TOM"}] == meant.split()
    assert all(shot.seconds <= 30 for shot in shots)


def test_ids_and_numbers_count_up() -> None:
    _, _, boards = cast_and_shots(FERRY)
    for number, shots in enumerate(boards, start=1):
        assert [shot.id for shot in shots] == [f"{number}.{place}" for place in range(1, len(shots) + 1)]
        assert {shot.scene for shot in shots} == {number}


def test_a_scene_opens_silent_and_wide_on_its_place() -> None:
    _, _, boards = cast_and_shots(FERRY + "\nEXT. HILL - DAY\n\nMARA\nHere!\n")
    for shots in boards:
        assert shots[0].size in {"wide", "extreme_wide"}
        assert not shots[0].dialogue
        assert shots[0].caption
    assert boards[2][0].caption == "Hill, day."


def test_every_silent_shot_has_a_caption_and_every_talking_one_a_speaker() -> None:
    _, _, boards = cast_and_shots(FERRY)
    for shot in (shot for shots in boards for shot in shots):
        assert bool(shot.caption) != bool(shot.dialogue)
        assert shot.speaker == (shot.dialogue[0].character if shot.dialogue else "")


def test_there_is_time_to_read() -> None:
    _, _, boards = cast_and_shots(FERRY)
    for shot in (shot for shots in boards for shot in shots):
        assert 2 <= shot.seconds <= 8
        assert len(" ".join(line.text for line in shot.dialogue)) / shot.seconds <= 17


def test_no_caption_ends_in_the_middle_of_a_name() -> None:
    told = "The cake is gone. Nora and Dr. Weiss write on the same blackboard, each from one side. They meet in the U.S. in the end."
    _, _, (shots,) = cast_and_shots(f"INT. LABORATORY - DAY\n\n{told}\n")
    assert [shot.caption for shot in shots] == [
        "The cake is gone. Nora and Dr. Weiss write on the same blackboard, each from one side.",
        "They meet in the U.S. in the end.",
    ]


def test_neighbouring_shots_do_not_jump() -> None:
    _, _, boards = cast_and_shots(FERRY)
    for before, after in ((a, b) for shots in boards for a, b in pairwise(shots)):
        is_reverse = after.angle == "over_the_shoulder"
        assert is_reverse or (before.size, before.angle) != (after.size, after.angle)


def test_the_camera_varies() -> None:
    _, _, boards = cast_and_shots(FERRY)
    shots = [shot for shots in boards for shot in shots]
    assert len({shot.size for shot in shots}) >= 4
    assert len({shot.angle for shot in shots}) >= 3
    assert len({shot.move for shot in shots}) >= 3


def test_no_character_changes_sides() -> None:
    _, _, (pier, _) = cast_and_shots(FERRY)
    together = [shot.characters for shot in pier if len(shot.characters) == 2]
    assert len(together) >= 2
    assert all(characters == together[0] for characters in together)


def test_a_character_who_only_speaks_is_not_seen() -> None:
    _, _, (_, office) = cast_and_shots(FERRY)
    assert all("BOY" not in shot.characters for shot in office)
    assert any(line.character == "BOY" for shot in office for line in shot.dialogue)


def test_a_voice_over_leaves_the_picture_as_it_was() -> None:
    _, _, (shots,) = cast_and_shots(
        "INT. A - DAY\n\nTOM sits.\n\nTOM\nYes.\n\nMARA (V.O.)\nI remember every single one of those long evenings."
    )
    assert shots[-1].characters == ["TOM"]


def test_two_who_speak_at_once_are_both_seen() -> None:
    _, cast, (shots,) = cast_and_shots("INT. A - DAY\n\nSilence.\n\nMARA\nOne.\n\nTOM\nTwo.\n\nMARA AND TOM\nThree!")
    assert shots[-1].characters == ["MARA", "TOM"]
    assert [(character.name, character.lines) for character in cast.characters] == [("MARA", 2), ("TOM", 2)]


def test_a_thriller_tilts_the_camera() -> None:
    _, _, boards = cast_and_shots(FERRY, "thriller")
    assert any(shot.angle == "dutch" for shots in boards for shot in shots)


def test_frames_contain_what_an_image_model_must_know() -> None:
    _, _, (pier, _) = cast_and_shots(FERRY)
    shot = next(shot for shot in pier if "letter" in shot.caption)
    assert "Nora" in shot.first_frame
    assert "Ferry pier, dusk, rain" in shot.first_frame
    assert shot.first_frame != shot.last_frame
    assert ".." not in shot.first_frame + shot.last_frame


def test_a_heading_alone_is_one_shot_of_the_place() -> None:
    _, cast, (shots,) = cast_and_shots("EXT. EMPTY BEACH - DAWN\n")
    assert [shot.caption for shot in shots] == ["Empty beach, dawn."]
    assert cast.characters == []


def test_looks_follow_the_words_about_a_character() -> None:
    looks = looks_of(FERRY)
    assert (looks["NORA"].age, looks["NORA"].top, looks["NORA"].outfit, looks["NORA"].accessory) == (
        "old",
        "#b3302f",
        "coat",
        "glasses",
    )
    assert (looks["BOY"].age, looks["BOY"].top) == ("child", "#e0b83a")
    assert (looks["HARRY"].age, looks["HARRY"].accessory) == ("adult", "beard")
    assert looks["BOY"].height < looks["HARRY"].height
    assert set(looks) == {"NORA", "BOY", "HARRY"}


@pytest.mark.parametrize(
    ("description", "field", "value"),
    [
        ("a tall bald man", "hair_style", "bald"),
        ("a twelve-year-old girl", "age", "child"),
        ("a student", "age", "young"),
        ("an old fisherman", "age", "old"),
        ("a blond woman with blond hair", "hair", "#d8b56a"),
        ("a burly sailor", "build", "broad"),
        ("a ballerina", "build", "slim"),
        ("a queen in a green gown", "top", "#3f8551"),
        ("a pilot", "outfit", "uniform"),
        ("a long-haired singer", "hair_style", "long"),
        ("a small copper robot", "top", "#b0693b"),
        ("a giant", "height", 1.25),
    ],
)
def test_a_word_about_a_character_is_seen(description: str, field: str, value: object) -> None:
    seen = getattr(look_of("SAM", description, position=0), field)
    assert seen == value or (field == "height" and abs(seen - 1.25) < 0.05)


@given(st.text(min_size=1, max_size=30), st.text(max_size=60), st.integers(0, 60))
def test_everybody_has_a_look_and_keeps_it(name: str, description: str, position: int) -> None:
    look = look_of(name, description, position=position)
    assert look == look_of(name, description, position=position)
    assert 0.4 <= look.height <= 1.3


def test_the_clothes_of_a_cast_differ_in_hue() -> None:
    tops = [look_of(f"PERSON {number}", "", position=number).top for number in range(6)]
    hues = [colorsys.rgb_to_hls(*(int(top[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0] for top in tops]
    assert all(min(abs(a - b), 1 - abs(a - b)) > 0.08 for a, b in combinations(hues, 2))


def test_skin_and_hair_vary_within_a_cast() -> None:
    looks = [look_of(name, "", position=0) for name in ("ADA", "BEN", "CLARA", "DAN", "EMIL", "FREYA", "GITA", "HUGO")]
    assert len({look.skin for look in looks}) >= 3
    assert len({look.hair for look in looks}) >= 3


def test_a_film_of_three_scenes_from_an_idea_is_a_short_film() -> None:
    for idea in (
        "A lonely lighthouse keeper finds a message in a bottle.",
        "A fox who wants to fly",
        "Two sisters open a bakery in Paris.",
    ):
        plan = writing.plan_idea(idea, requirement="", style="", scenes=3, report=quiet)
        story = writing.write_story(idea, plan, report=quiet)
        script = "\n\n".join(writing.write_scene(story, outline, plan, report=quiet).text for outline in story.outlines)
        _, _, boards = cast_and_shots(script)
        shots = [shot for shots in boards for shot in shots]
        assert 3 <= len(shots) <= 14  # an idea of one line has few shots, and nothing invented between them
        assert 6 <= sum(shot.seconds for shot in shots) <= 54  # and 5 s for the cards: less than a minute


def test_the_work_of_storyboards_grows_with_the_length_of_a_screenplay_and_not_faster() -> None:
    scene = "INT. ROOM {0} - DAY\n\nMARA waits.\n\nMARA\nWe have to go, number {0}.\n\nTOM\n{1}\n\n"
    scenes = [scene.format(number, "I know. " * 180) for number in range(130)]
    _, _, boards = cast_and_shots("".join(scenes))
    assert len(boards) == 130
    assert growth(lambda times: cast_and_shots("".join(scenes[: 32 * times]))) < QUADRATIC
