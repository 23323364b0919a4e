"""What the pictures of a film owe to its words: its period, its things, and somebody or something in every shot."""

from collections import Counter

import pytest

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.characters.looks import ages_in
from agents.animatic.characters.natures import nature_of
from agents.animatic.drawing import acting, props
from agents.animatic.drawing.painting import painted, photographed
from agents.animatic.drawing.picture import FrameOrder, frame
from agents.animatic.film import Period, Plan, Setting, Shot
from agents.animatic.periods import period_of
from agents.animatic.places import backdrop_of
from agents.animatic.storyboards.shots import board
from agents.animatic.subjects import subject_of
from agents.animatic.vocabulary import senses
from benchmarks.pictures import films, measures
from tests.animatic.samples import KITCHEN, shot
from tests.animatic.test_drawing import difference
from tests.animatic.work import QUADRATIC, growth


def quiet(_fraction: float, _message: str) -> None:
    """Nobody watches."""


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("EXT. LONDON, 1888 - NIGHT", "19th_century"),
        ("EXT. MEDIEVAL MARKETPLACE - DAY", "medieval"),
        ("A knight brings a cake to a dragon", "medieval"),
        ("in 1066", "medieval"),
        ("EXT. NEO TOKYO, 2140 - STREET", "future"),
        ("INT. SPACE STATION - CORRIDOR", "future"),
        ("A Victorian photographer", "19th_century"),
        ("in 1987", "today"),
        ("INT. ROOM 1408 - NIGHT", None),
        ("INT. KITCHEN - DAY", None),
        ("EXT. ROUTE 1066 - DAY", None),
    ],
)
def test_a_period_is_read_from_words_and_years(words: str, period: str | None) -> None:
    assert period_of(words) == period


@pytest.mark.parametrize(
    "place", [("Living room", True), ("Kitchen", True), ("Office", True), ("Street", False), ("Car", True)]
)
def test_a_period_can_be_seen(place: tuple[str, bool]) -> None:
    periods: tuple[Period, ...] = ("medieval", "19th_century", "today", "future")
    rooms = [Setting(place=place[0], interior=place[1], period=period) for period in periods]
    seen = [photographed(room, (0.0, 0.0, 2000.0, 1125.0), 320, 180) for room in rooms]
    assert all(difference(one, other) > 3 for number, one in enumerate(seen) for other in seen[number + 1 :])


def shots_of(script: str, *, plan: Plan | None = None) -> list[Shot]:
    screenplay = writing.read_screenplay(script, title="", report=quiet)
    cast = cast_of(screenplay, report=quiet)
    usual = Plan(title="T", logline="L", genre="drama", tone="tender", time="", place="", scenes=len(screenplay.scenes))
    return [made for scene in screenplay.scenes for made in board(scene, cast, plan=plan or usual, report=quiet).shots]


def test_the_heading_decides_the_period_of_a_scene_else_the_plan() -> None:
    script = "INT. HALL - DAY\n\nMARA waits.\n\nMARA\nYes.\n\nEXT. LONDON, 1888 - DAY\n\nMARA\nNo.\n"
    plan = Plan(title="T", logline="A knight rides home.", genre="drama", tone="", time="", place="", scenes=2)
    assert {made.scene: made.setting.period for made in shots_of(script, plan=plan)} == {
        1: "medieval",
        2: "19th_century",
    }


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("She lays the watch in front of him.", "icon:stopwatch"),
        ("A table with two plates.", "icon:fork-and-knife-with-plate"),
        ("A teddy bear on the floor.", "icon:teddy-bear"),
        ("Three horses at the fence.", "icon:horse"),
        ("A letter on the mat.", "letter"),
        ("The ambulance arrives.", "icon:ambulance"),
    ],
)
def test_a_thing_is_known_by_its_words(words: str, name: str) -> None:
    assert props.things_mentioned(words)[0] == name


SENSES: tuple[tuple[str, str, list[str]], ...] = (
    ("Fishing boat", "Ida takes the wheel.", ["ship's wheel"]),
    ("Truck", "Her hands shake on the wheel.", ["steering wheel"]),
    ("Street", "The wheel of the cart breaks.", ["icon:wheel"]),
    ("Museum", "A bat sleeps under the roof.", ["icon:bat"]),
    ("Village green", "He raises the bat; the bowler runs in.", ["icon:cricket-game"]),
    ("Bedroom", "A red bow sits on the present.", ["icon:ribbon", "icon:wrapped-gift"]),
    ("Harbour", "The crane lowers the container.", ["icon:building-construction"]),
    ("Marsh", "A crane spreads its wings over the reeds.", ["bird"]),
    ("Office", "He clicks the mouse twice.", ["icon:computer-mouse"]),
    ("Barn", "A mouse runs across the straw.", ["icon:mouse"]),
    ("Castle", "The king presses his seal into the wax.", ["letter"]),
    ("Attic", "The trunk has been locked for years.", ["chest"]),
    ("Porch", "A pitcher of lemonade stands there.", ["icon:pouring-liquid"]),
    ("Cellar", "The key turns in the lock.", ["key"]),
    ("Concert hall", "The keys of the piano are yellow.", ["piano"]),
    ("Tennis court", "The match is over.", []),
    ("Kitchen", "She strikes a match.", ["candle"]),
    ("Tent", "She reads his palm.", []),
    ("Bedroom", "He clutches his chest in pain.", []),
    ("Island", "An island that does not exist; he dies.", []),
)


def test_a_word_with_two_senses_means_what_the_words_near_it_say() -> None:
    assert {(where, words): props.things_mentioned(words, where=where) for where, words, _ in SENSES} == {
        (where, words): things for where, words, things in SENSES
    }
    for thing in senses.things():
        assert props.draw(thing)


@pytest.mark.parametrize("words", ["She watches the sea.", "He rings twice.", "They train hard.", "It flies off."])
def test_a_verb_is_no_thing(words: str) -> None:
    assert props.things_mentioned(words) == []


@pytest.mark.parametrize("words", ["The watch ticks.", "A teddy bear and a clock.", "The wreath hangs on a nail.", "A horse waits."])  # fmt: skip
def test_a_shot_about_a_thing_shows_it(words: str) -> None:
    about = shot(size="close_up", characters=[], description=words, setting=KITCHEN)
    empty = shot(size="close_up", characters=[], description="Nothing.", setting=KITCHEN)
    orders = [FrameOrder(one, [], "", "", is_last=False, variant=0) for one in (about, empty)]
    assert difference(frame(orders[0]), frame(orders[1])) > 2


def test_what_cannot_be_drawn_stands_on_a_card() -> None:
    made = shot(size="close_up", characters=[], description="The heirloom lies on the counter.")
    assert acting.card(made) == "card:heirloom"
    assert not acting.card(shot(size="close_up", characters=[], description="Smoke goes up from every chimney."))


@pytest.mark.parametrize(
    ("action", "subject"),
    [
        ("A wreath of cedar hangs on the door.", "wreath"),
        ("The old wooden sign swings.", "old wooden sign"),
        ("Rain falls.", ""),
        ("MARA runs.", ""),
        ("The", ""),
    ],
)
def test_a_sentence_tells_what_it_is_about(action: str, subject: str) -> None:
    assert subject_of(action) == subject


def test_no_shot_is_empty_while_somebody_is_in_the_scene() -> None:
    for plan, screenplay, cast in films.films():
        for scene, shots in films.boards(plan, screenplay, cast):
            empty = [made.id for made in shots if measures.is_empty(made)]
            assert not (scene.characters and empty), (plan.title, empty)


def test_no_camera_move_is_more_than_a_third_of_all() -> None:
    moves = Counter(made.move for film in films.films() for _, shots in films.boards(*film) for made in shots)
    assert max(moves.values()) / moves.total() <= 0.35
    assert len(moves) == 7


def test_every_set_is_painted_in_every_period() -> None:
    periods: tuple[Period, ...] = ("medieval", "19th_century", "future")
    for _, setting in films.settings()[::12]:
        for period in periods:
            assert painted(Setting(place=setting.place, interior=setting.interior, period=period)).drawn


HOSTILE = ("in 1888, ", "a the of a ", "the old the ", "watch a ", "MARA, a ", "a's ", " - / ( ", "young ")


@pytest.mark.parametrize("piece", HOSTILE)
def test_reading_takes_time_in_proportion_to_the_text(piece: str) -> None:
    def read(times: int) -> None:
        text = piece * 400 * times
        period_of(text)
        subject_of(text)
        props.things_mentioned(f"{times} {text}")
        nature_of("MARA", text)
        ages_in(text, ["MARA"])
        backdrop_of(Setting(place=f"{times} {text}", interior=True))

    assert growth(read) < QUADRATIC
