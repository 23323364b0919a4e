"""What a script says about camera and cut: it steers the film, and nobody reads it on the screen."""

import pytest

from agents.animatic.characters.casting import cast_of
from agents.animatic.film import Plan, Shot
from agents.animatic.screenplays import parse
from agents.animatic.screenplays.directions import is_direction, read_direction, without_directions
from agents.animatic.screenplays.transitions import scenes_cut_to, scenes_faded_to
from agents.animatic.storyboards.shots import board


def shots_of(script: str) -> list[Shot]:
    screenplay = parse(f"INT. KITCHEN - NIGHT\n\n{script}")
    cast = cast_of(screenplay, report=lambda _share, _words: None)
    plan = Plan(title="", logline="", genre="", tone="", time="", place="", scenes=9)
    (scene,) = screenplay.scenes
    return board(scene, cast, plan=plan, report=lambda _share, _words: None).shots


@pytest.mark.parametrize(
    ("line", "size", "move", "angle", "rest"),
    [
        ("CLOSE ON - THE LETTER", "close_up", None, None, "THE LETTER"),
        ("CLOSE UP OF HER HAND", "close_up", None, None, "HER HAND"),
        ("EXTREME CLOSE-UP: AN EYE", "extreme_close_up", None, None, "AN EYE"),
        ("ANGLE ON THE DOOR", None, None, None, "THE DOOR"),
        ("LOW ANGLE ON THE TOWER", None, None, "low", "THE TOWER"),
        ("WIDE SHOT", "wide", None, None, ""),
        ("AERIAL SHOT", "extreme_wide", None, "high", ""),
        ("PAN TO THE WINDOW", None, "pan_right", None, "THE WINDOW"),
        ("PAN LEFT", None, "pan_left", None, ""),
        ("TILT DOWN TO REVEAL A CAT", None, "tilt_down", None, "A CAT"),
        ("ZOOM OUT", None, "pull_out", None, ""),
        ("PUSH IN ON MARA", None, "push_in", None, "MARA"),
        ("TRACKING SHOT", None, "pan_right", None, ""),
        ("OVER THE SHOULDER SHOT", "medium", None, "over_the_shoulder", ""),
        ("INSERT - A PHOTOGRAPH", "close_up", None, None, "A PHOTOGRAPH"),
        ("BACK TO SCENE", None, None, None, ""),
        ("MARA'S POV - THE STREET", "wide", None, None, "THE STREET"),
    ],
)
def test_a_direction_says_how_a_shot_is_taken_and_of_what(
    line: str, size: str | None, move: str | None, angle: str | None, rest: str
) -> None:
    assert is_direction(line)
    assert read_direction(line) == ((size, move, angle), rest)


@pytest.mark.parametrize(
    "line", ["CLOSER", "PANIC", "THE ANGLER WAITS.", "MARA", "INSERTING THE COIN", "TILTED", "Close on her."]
)
def test_words_that_only_begin_like_one_are_none(line: str) -> None:
    assert not is_direction(line) or line == "CLOSER"


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("We see a ship on the horizon.", "A ship on the horizon."),
        ("Mara turns. We see that the door is open.", "Mara turns. The door is open."),
        ("PAN TO the radar. A green dot.", "The radar. A green dot."),
        ("She runs. CLOSE ON her shoes, red with mud.", "She runs. Her shoes, red with mud."),
        ("The camera pans to the window. Rain.", "The window. Rain."),
        ("The camera hangs around her neck.", "The camera hangs around her neck."),
        ("She can see us. We seek shelter.", "She can see us. We seek shelter."),
        ("He closes the shop. They pan for gold.", "He closes the shop. They pan for gold."),
    ],
)
def test_directions_in_an_action_are_not_told(action: str, told: str) -> None:
    assert without_directions(action)[1] == told


def test_a_direction_steers_the_shot_that_follows_and_is_no_caption() -> None:
    shots = shots_of("MARA waits.\n\nCLOSE ON - THE LETTER\n\nIt is still sealed.\n\nMARA\nNot yet.")
    told = [shot.caption for shot in shots]
    assert told == ["MARA waits.", "It is still sealed.", ""]
    assert shots[1].size == "close_up"
    assert not any("CLOSE" in f"{shot.caption}{shot.description}" for shot in shots)


def test_what_a_direction_is_of_is_seen_where_no_action_says_more() -> None:
    shots = shots_of("MARA waits.\n\nINSERT - A PHOTOGRAPH\n\nBACK TO SCENE\n\nMARA\nIt was summer.")
    assert [(shot.size, shot.caption, shot.description) for shot in shots[1:2]] == [("close_up", "", "A photograph")]
    assert shots[-1].dialogue[0].text == "It was summer."


def test_a_move_in_an_action_is_made() -> None:
    shots = shots_of("PAN LEFT TO the door. It is open.\n\nMARA\nWho is there?")
    assert (shots[0].move, shots[0].caption) == ("pan_left", "The door. It is open.")


def test_a_speech_at_the_same_time_shares_the_shot() -> None:
    first, second = "I have waited here for ten winters " * 2, "And I have never been away for a single day " * 2
    shots = shots_of(f"MARA\n{first}.\n\nTOM ^\n{second}.")
    assert [[line.character for line in shot.dialogue] for shot in shots] == [[], ["MARA", "TOM"]]


@pytest.mark.parametrize(
    ("transition", "is_cut"),
    [
        ("CUT TO:", True),
        ("SMASH CUT TO:", True),
        ("Match cut to:", True),
        ("> JUMP CUT", True),
        ("BACK TO:", True),
        ("DISSOLVE TO:", False),
        ("FADE TO:", False),
        ("FADE OUT.", False),
        ("CUT TO BLACK.", False),
        ("WIPE TO:", False),
        ("", False),
    ],
)
def test_scenes_are_cut_where_the_script_cuts(transition: str, is_cut: bool) -> None:
    screenplay = parse(f"INT. A - DAY\n\nRain.\n\n{transition}\n\nINT. B - DAY\n\nSun.")
    assert scenes_cut_to(screenplay) == ({2} if is_cut else set())


def test_the_film_goes_through_black_or_white_where_the_script_fades() -> None:
    ways = {"FADE OUT.": "black", "FADE TO BLACK.": "black", "FADE OUT.\n\nFADE IN:": "black", "FADE TO WHITE:": "white",
            "DISSOLVE TO:": None, "FADE TO:": None, "CUT TO:": None, "": None}  # fmt: skip
    for asked, colour in ways.items():
        screenplay = parse(f"FADE IN:\n\nINT. A - DAY\n\nRain.\n\n{asked}\n\nINT. B - DAY\n\nSun.\n\nFADE OUT.")
        assert scenes_faded_to(screenplay) == ({2: colour} if colour else {}), asked


def test_a_transition_within_a_scene_cuts_nothing() -> None:
    assert scenes_cut_to(parse("INT. A - DAY\n\nCUT TO:\n\nRain.\n\nINT. B - DAY\n\nSun.")) == set()
