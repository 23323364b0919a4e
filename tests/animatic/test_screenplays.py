"""What the parser of screenplays promises: nothing lost, nothing out of order, nothing misspelt."""

from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.animatic.errors import UnusableText
from agents.animatic.film import Screenplay
from agents.animatic.screenplays import fountain, parse
from tests.animatic.work import QUADRATIC, growth

NAMES = ("MARA", "TOM", "OLD WOMAN", "ZOË", "ИВАН", "GUARD #2", "DR. KANE", "O'NEIL", "明")
WORDS = st.text("abcdefghij éñжи,'", min_size=1, max_size=30).map(lambda text: " ".join(text.split(",")).strip())
SPEECHES = st.builds(
    lambda text, end: f"Well {' '.join(text.split())}{end}".replace(" .", "."), WORDS, st.sampled_from(".!?")
)
LINES = st.tuples(st.sampled_from(NAMES), SPEECHES)
SCENES = st.lists(st.lists(LINES, min_size=1, max_size=5), min_size=1, max_size=4)


def spoken(screenplay: Screenplay) -> list[tuple[str, str]]:
    return [
        (element.character, element.text)
        for scene in screenplay.scenes
        for element in scene.elements
        if element.kind == "dialogue"
    ]


def only_scene(script: str) -> list[tuple[str, str, str, str]]:
    (scene,) = parse(dedent(script)).scenes
    return [(element.kind, element.character, element.parenthetical, element.text) for element in scene.elements]


def parsed_or_refused(script: str) -> Screenplay | UnusableText:
    try:
        return parse(script)
    except UnusableText as refusal:
        return refusal


def as_fountain(scenes: list[list[tuple[str, str]]]) -> str:
    return "\n\n".join(
        "\n\n".join([f"INT. ROOM {number} - DAY", "They wait.", *(f"{name}\n{text}" for name, text in lines)])
        for number, lines in enumerate(scenes)
    )


def as_industry_pages(scenes: list[list[tuple[str, str]]]) -> str:
    pages = "The Title\r\n\r\n"
    for number, lines in enumerate(scenes, start=1):
        pages += f"{number}    EXT. FIELD {number} - NIGHT    {number}\r\n\r\n\tThey wait.\r\n\r\n"
        pages += "".join(f"\t\t\t\t{name}\r\n\t\t\t(softly)\r\n\t\t{text}\r\n\r\n" for name, text in lines)
    return pages


def as_play(scenes: list[list[tuple[str, str]]]) -> str:
    return "\n".join(f"{name}: {text}" for lines in scenes for name, text in lines)


@pytest.mark.parametrize("typed", [as_fountain, as_industry_pages, as_play])
def test_no_line_of_dialogue_is_lost_or_reordered(typed: object) -> None:
    @settings(max_examples=60, deadline=None)
    @given(SCENES)
    def holds(scenes: list[list[tuple[str, str]]]) -> None:
        script = typed(scenes)  # type: ignore[operator]
        screenplay = parse(script)
        assert spoken(screenplay) == [line for lines in scenes for line in lines]
        assert parse(fountain.write(screenplay)) == screenplay

    holds()


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(max_size=400) | st.text("AB ab.:()!@>~#=*_[]/-\n\t", max_size=200))
@example("INT. ROOM\n\nA\n(b")
@example("Title:\n x")
def test_any_text_either_parses_or_is_refused_in_words(script: str) -> None:
    screenplay = parsed_or_refused(script)
    if isinstance(screenplay, UnusableText):
        assert str(screenplay).endswith(".")
    else:
        assert spoken(parse(fountain.write(screenplay))) == spoken(screenplay)


def test_the_forced_elements_of_fountain_are_understood() -> None:
    script = """\
        .SNIPER SCOPE POV

        @McCLANE
        Yippee.

        !SCANNING THE AISLES
        Where is he?

        > Burn to white.

        > THE END <

        ~Willy Wonka, Willy Wonka
    """
    (scene,) = parse(dedent(script)).scenes
    assert scene.heading.startswith("INT. SNIPER SCOPE POV")
    assert [(element.kind, element.text) for element in scene.elements] == [
        ("dialogue", "Yippee."),
        ("action", "SCANNING THE AISLES Where is he?"),
        ("transition", "Burn to white."),
        ("action", "THE END"),
        ("action", "Willy Wonka, Willy Wonka"),
    ]
    assert scene.characters == ["MCCLANE"]


def test_notes_boneyards_sections_synopses_and_page_breaks_are_not_shown() -> None:
    script = """\
        # Act One

        = She decides.

        INT. ROOM - DAY

        She sits. [[too
        slow?]] /* cut this

        INT. NOWHERE - DAY */ She stands.

        ===

        MARA
        Now.
    """
    assert only_scene(script) == [("action", "", "", "She sits. She stands."), ("dialogue", "MARA", "", "Now.")]


def test_the_title_page_gives_title_and_author() -> None:
    screenplay = parse(
        "Title:\n    _**BRICK & STEEL**_\nCredit: Written by\nAuthor: Stu Maschwitz\nDraft date: 1/20/2012\n\nINT. A\n\nX."
    )
    assert (screenplay.title, screenplay.author) == ("BRICK & STEEL", "Stu Maschwitz")
    assert len(screenplay.scenes) == 1


@pytest.mark.parametrize("front", ["THE LAST TRAIN\n\nby\n\nAnn Author", "“The Last Train”\nWritten by Ann Author"])
def test_a_typed_front_page_gives_title_and_author(front: str) -> None:
    screenplay = parse(f"{front}\n\nFADE IN:\n\nINT. HALL - DAY\n\nRain.")
    assert (screenplay.title.casefold(), screenplay.author) == ("the last train", "Ann Author")


def test_a_speech_above_the_first_heading_is_no_front_page() -> None:
    assert spoken(parse("MARA\nBy the river.\n\nINT. HALL - DAY\n\nRain."))[0] == ("MARA", "By the river.")


def test_the_maker_s_title_comes_first() -> None:
    assert parse("Title: Draft 3\n\nINT. A - DAY\n\nRain.", title="Rain").title == "Rain"


def test_a_name_is_spelt_one_way() -> None:
    script = """\
        INT. ROOM - DAY

        MARA (V.O.)
        One.

        MARA (CONT'D)
        Two.

        @Mara ^
        Three.

        MARA (o.s.) (whispering)
        Four.
    """
    assert only_scene(script) == [
        ("dialogue", "MARA", "V.O.", "One."),
        ("dialogue", "MARA", "", "Two."),
        ("dialogue", "MARA", "", "Three."),
        ("dialogue", "MARA", "O.S., whispering", "Four."),
    ]


def test_parentheticals_stay_with_what_is_said_after_them() -> None:
    script = """\
        INT. ROOM - DAY

        MARA
        (tired, and not
        only today)
        Drive.
        (beat)
        Please.

        TOM
        (shrugs)
    """
    assert only_scene(script) == [
        ("dialogue", "MARA", "tired, and not only today", "Drive."),
        ("dialogue", "MARA", "beat", "Please."),
        ("action", "", "", "TOM (shrugs)"),
    ]


def test_emphasis_is_taken_off_and_escapes_are_undone() -> None:
    assert only_scene("INT. A - DAY\n\nIt is ***very*** _late_, 2 \\* 3.")[0][3] == "It is very late, 2 * 3."


@pytest.mark.parametrize(
    ("line", "heading", "interior", "time_of_day"),
    [
        ("int. kitchen - night", "INT. KITCHEN - NIGHT", True, "night"),
        ("INT./EXT. CAR - DUSK", "INT. CAR - DUSK", True, "dusk"),
        ("I/E HOUSE - MORNING", "INT. HOUSE - MORNING", True, "day"),
        ("EXT HARBOUR \u2013 SUNRISE #12A#", "EXT. HARBOUR - SUNRISE", False, "dawn"),
        ("12 EXT. HARBOUR - DAY 12", "EXT. HARBOUR - DAY", False, "day"),
        ("EST. PARIS", "EXT. PARIS - DAY", False, "day"),
        ("ИНТ. КУХНЯ - НОЧЬ", "INT. КУХНЯ - НОЧЬ", True, "night"),
        ("SCENE 2: THE FOREST", "EXT. THE FOREST - DAY", False, "day"),
        ("[Scene 2: The forest, night]", "EXT. THE FOREST - NIGHT", False, "night"),
        ("INT. KITCHEN (NIGHT)", "INT. KITCHEN - NIGHT", True, "night"),
        ("INT KITCHEN NIGHT", "INT. KITCHEN - NIGHT", True, "night"),
    ],
)
def test_headings_of_all_forms_are_brought_into_one(line: str, heading: str, interior: bool, time_of_day: str) -> None:
    (scene,) = parse(f"{line}\n\nNothing moves.").scenes
    assert (scene.heading, scene.setting.interior, scene.setting.time_of_day) == (heading, interior, time_of_day)


def test_a_scene_that_goes_on_keeps_its_time() -> None:
    first, second = parse("INT. HALL - NIGHT\n\nSteps.\n\nEXT. YARD - CONTINUOUS\n\nRain.").scenes
    assert second.heading == "EXT. YARD - CONTINUOUS"
    assert (first.setting.time_of_day, second.setting.time_of_day) == ("night", "night")
    assert second.setting.weather == "rain"


def test_a_script_without_headings_gets_one_from_its_words() -> None:
    (scene,) = parse("A man walks through the forest at night. It is snowing.").scenes
    assert scene.heading == "EXT. FOREST - NIGHT"
    assert scene.setting.weather == "snow"


def test_a_script_of_action_alone_works() -> None:
    screenplay = parse("EXT. SEA - DAY\n\nWaves.\n\nA BOY (9) runs along the water. Boy falls.")
    assert spoken(screenplay) == []
    assert screenplay.scenes[0].characters == ["BOY"]


def test_text_without_blank_lines_is_told_apart_by_its_names() -> None:
    script = "INT. KITCHEN - DAY\nMara enters.\nMARA\nHello.\nTOM\nHi there.\nEXT. STREET - NIGHT\nTOM\nWhere now?\n"
    screenplay = parse(script)
    assert spoken(screenplay) == [("MARA", "Hello."), ("TOM", "Hi there."), ("TOM", "Where now?")]
    assert len(screenplay.scenes) == 2


def test_text_with_a_blank_line_after_every_line_is_understood() -> None:
    script = "INT. KITCHEN - DAY\n\nMARA\n\n(softly)\n\nHello.\n\nTOM\n\nHi.\n\nMARA\n\nStay.\n\nTOM\n\nNo."
    assert spoken(parse(script)) == [("MARA", "Hello."), ("TOM", "Hi."), ("MARA", "Stay."), ("TOM", "No.")]


def test_action_between_lines_of_a_play_stays_action() -> None:
    script = "Anna: Hello, Bob.\nBob (smiling): Hello!\nThey hug.\nAnna: Let us go to the beach."
    assert only_scene(script) == [
        ("dialogue", "ANNA", "", "Hello, Bob."),
        ("dialogue", "BOB", "smiling", "Hello!"),
        ("action", "", "", "They hug."),
        ("dialogue", "ANNA", "", "Let us go to the beach."),
    ]


def test_a_shout_inside_a_speech_is_no_new_speaker() -> None:
    script = "INT. A - DAY\n\nMARA\nListen.\nSTOP\nREMEMBER: never look down.\nPlease.\n"
    assert only_scene(script) == [("dialogue", "MARA", "", "Listen. STOP REMEMBER: never look down. Please.")]


def test_a_speech_that_ends_like_a_film_is_no_transition() -> None:
    assert only_scene("INT. A - DAY\n\nMARA\nThis is\nthe end.\n\nTOM\nFade out.") == [
        ("dialogue", "MARA", "", "This is the end."),
        ("dialogue", "TOM", "", "Fade out."),
    ]


def test_who_speaks_at_once_is_two_people() -> None:
    script = "INT. A - DAY\n\nMARA\nOne.\n\nTOM\nTwo.\n\nMARA AND TOM\nThree!"
    assert parse(script).scenes[0].characters == ["MARA", "TOM"]


@pytest.mark.parametrize("noise", ["", "   \n\n", "\x00\x01\x02\x89PNG\r\n\x1a\n" * 40, "\ufffd" * 100, "!!! ??? ..."])
def test_what_is_no_text_is_refused(noise: str) -> None:
    with pytest.raises(UnusableText) as refusal:
        parse(noise)
    assert "script" in str(refusal.value) or "screenplay" in str(refusal.value)


def test_the_work_of_parsing_grows_with_the_length_of_a_screenplay_and_not_faster() -> None:
    scene = "INT. ROOM {0} - DAY\n\nMARA enters and looks about. TOM waits.\n\nMARA\n(tired)\nWe have to go, number {0}.\n\nTOM\n{1}\n\n"
    scenes = [scene.format(number, "I know. " * 200) for number in range(130)]
    assert len("".join(scenes)) > 200_000
    screenplay = parse("".join(scenes))
    assert len(screenplay.scenes) == 130
    assert len(spoken(screenplay)) == 260
    assert growth(lambda times: parse("".join(scenes[: 32 * times]))) < QUADRATIC
