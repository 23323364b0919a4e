"""Scenes of a long screenplay can be chosen by their numbers, and one that is too much says which of them fit."""

from functools import partial

import pytest

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.errors import UnfitScenes, UnusableText
from agents.animatic.film import Screenplay
from agents.animatic.limits import LONGEST_SCRIPT, USUAL, FilmLimits
from agents.animatic.screenplays import fountain, parse
from agents.animatic.storyboards.shots import board
from tests.animatic.feature import SCENES, feature
from tests.animatic.work import QUADRATIC, growth

NUMBERED = "".join(
    f"INT. ROOM {name} - DAY #{name}#\n\nANNA\nThis is {name}.\n\n" for name in ("1", "2", "2A", "3", "10")
)


def unheard(_fraction: float, _words: str) -> None:
    """A report that nobody reads."""


read = partial(writing.read_screenplay, title="", report=unheard)


def labels(screenplay: Screenplay) -> list[str]:
    return [scene.label for scene in screenplay.scenes]


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        ("", ["1", "2", "2A", "3", "10"]),
        ("  ", ["1", "2", "2A", "3", "10"]),
        ("2", ["2"]),
        ("2a", ["2A"]),
        ("#2A", ["2A"]),
        ("2-3", ["2", "2A", "3"]),
        ("2 – 3, 10", ["2", "2A", "3", "10"]),
        ("3 to 10", ["3", "10"]),
        ("10; 1", ["1", "10"]),
        ("1,1,1-2", ["1", "2"]),
        ("003", ["3"]),
    ],
)
def test_scenes_are_chosen_by_the_numbers_that_the_script_gives_them(selection: str, chosen: list[str]) -> None:
    screenplay = read(NUMBERED, scenes=selection)
    assert labels(screenplay) == chosen
    assert [scene.number for scene in screenplay.scenes] == list(range(1, len(chosen) + 1))


def test_scenes_without_numbers_are_chosen_by_their_place_and_keep_it() -> None:
    script = "".join(f"EXT. FIELD {word} - DAY\n\nWind.\n\n" for word in ("A", "B", "C", "D"))
    screenplay = read(script, scenes="2, 4")
    assert [(scene.label, scene.setting.place) for scene in screenplay.scenes] == [("2", "Field b"), ("4", "Field d")]
    assert parse(fountain.write(screenplay)) == screenplay
    assert labels(read(script)) == [""] * 4


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        ("4", "There is no scene 4: the script has 5 scenes, 1 to 10."),
        ("2-99", "There is no scene 99: the script has 5 scenes, 1 to 10."),
        ("3-1", "The range 3-1 in Scenes runs backwards. Write numbers and ranges, as in 12-20, 35."),
        ("all", "There is no scene ALL: the script has 5 scenes, 1 to 10."),
        ("1-2-3", "“1-2-3” in Scenes is neither a number nor a range. Write numbers and ranges, as in 12-20, 35."),
        ("the first one!", "There is no scene THE: the script has 5 scenes, 1 to 10."),
        ("1," * 150, "Scenes takes at most 200 characters. Write numbers and ranges, as in 12-20, 35."),
    ],
)
def test_scenes_that_do_not_exist_are_refused_with_a_sentence(selection: str, sentence: str) -> None:
    with pytest.raises(UnfitScenes) as refusal:
        read(NUMBERED, scenes=selection)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (FilmLimits(scenes=3), "5 scenes; a film takes at most 3. Scenes 1–2A fit: write 1-2A in Scenes."),
        (FilmLimits(shots=2), "10 shots; a film takes at most 2. Scene 1 fits: write 1 in Scenes."),
        (FilmLimits(shots=1), "10 shots; a film takes at most 1. Shorten it, or make several films of it."),
    ],
    ids=["scenes", "shots", "not even one"],
)
def test_a_script_that_is_too_much_says_which_scenes_fit(limits: FilmLimits, sentence: str) -> None:
    with pytest.raises(UnusableText) as refusal:
        read(NUMBERED, limits=limits)
    assert str(refusal.value) == f"The text has {sentence}"


def test_the_scenes_that_are_offered_are_among_those_that_were_chosen() -> None:
    with pytest.raises(UnfitScenes, match=r"Scenes 2–2A, 10 fit: write 2-2A, 10 in Scenes\."):
        read(NUMBERED + "INT. LOFT - DAY #11#\n\nDust.\n\n", scenes="2-2A, 10-11", limits=FilmLimits(scenes=3))


def test_numbers_that_begin_anew_in_each_act_are_none() -> None:
    play = "".join(
        f"ACT {act}, SCENE {scene}\n\nA garden.\n\nANNA: Well.\n\n" for act in ("I", "II") for scene in (1, 2)
    )
    assert labels(read(play)) == [""] * 4
    assert labels(read(play, scenes="3")) == ["3"]
    with pytest.raises(UnfitScenes, match=r"Scenes 1–3 fit"):
        read(play, limits=FilmLimits(scenes=3))


def test_a_film_of_the_first_people_who_speak_is_offered_where_too_many_do() -> None:
    script = "".join(f"INT. ROOM - DAY\n\n{name}\nIt is late.\n\n" for name in ("ANNA", "BEN", "CLARA", "DORA"))
    with pytest.raises(UnfitScenes, match=r"4 characters who speak; a film takes at most 3\. Scenes 1–3 fit"):
        read(script, limits=FilmLimits(characters=3))


@pytest.mark.parametrize("limits", [FilmLimits(shots=700), FilmLimits(scenes=50), FilmLimits(seconds=1_800)])
def test_what_is_offered_is_taken(limits: FilmLimits) -> None:
    with pytest.raises(UnfitScenes) as refusal:
        read(feature(), limits=limits)
    offered = str(refusal.value).partition("write ")[2].removesuffix(" in Scenes.")
    assert len(read(feature(), scenes=offered, limits=limits).scenes) >= 20


def test_a_feature_film_is_planned_as_a_whole() -> None:
    script = feature()
    assert 170_000 < len(script) < LONGEST_SCRIPT
    plan = writing.plan_script(script, requirement="", style="", report=unheard)
    screenplay = read(script)
    cast = cast_of(screenplay, report=unheard)
    boards = [board(scene, cast, plan=plan, report=unheard) for scene in screenplay.scenes]
    assert (plan.scenes, len(boards), len(cast.characters)) == (SCENES, SCENES, 26)
    spoken = sum(element.kind == "dialogue" for scene in screenplay.scenes for element in scene.elements)
    assert sum(len(shot.dialogue) for storyboard in boards for shot in storyboard.shots) >= spoken == 6 * SCENES
    assert sum(len(storyboard.shots) for storyboard in boards) <= USUAL.shots


def test_the_work_of_planning_grows_with_the_number_of_scenes_and_not_faster() -> None:
    assert growth(lambda times: read(feature(45 * times))) < QUADRATIC
