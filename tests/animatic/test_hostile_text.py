"""Text of the largest size allowed, made to hurt whatever parses it, is read or refused within seconds."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from agents.animatic import limits, writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.errors import UnusableText
from agents.animatic.film import Plan
from agents.animatic.screenplays import parse
from agents.animatic.stories.ideas import read_idea
from agents.animatic.storyboards.fitting import demand_fit
from agents.animatic.storyboards.shots import board
from agents.studio.offline.process_pool import ProcessPool, WorkTooLong
from agents.studio.offline.worker import Order
from tests.animatic.hostile import CROWDS, FINAL_DRAFTS, READERS, UNITS, hostile, read

CPU_SECONDS = 20.0  # on an idle core the worst takes less than one
WALL_SECONDS = 110.0  # a busy machine may take longer
REPORTED_IDEA = "the " + "b" * 156 + "1"  # of an idea2video workflow: it took 16 s, and with 400 characters for ever


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    """A process that is killed when it computes for too long."""
    pool = ProcessPool(1, megabytes=512)
    yield pool
    pool.close()


def unheard(_fraction: float, _words: str) -> None:
    """A report that nobody reads."""


@pytest.mark.parametrize("name", [*UNITS, *CROWDS])
@pytest.mark.parametrize("entry", READERS)
def test_every_text_is_read_or_refused_in_time(pool: ProcessPool, entry: str, name: str) -> None:
    order = Order(partial(read, entry, name), cpu_seconds=CPU_SECONDS)
    try:
        refusal = pool.run(order, seconds=WALL_SECONDS, report=unheard, words="")
    except WorkTooLong:
        pytest.fail(f"{entry} of {name} computed for more than {CPU_SECONDS:.0f} s")
    assert refusal == "" or refusal.endswith(".")


@pytest.mark.parametrize("name", FINAL_DRAFTS)
def test_every_final_draft_document_is_read_or_refused_in_time(pool: ProcessPool, name: str) -> None:
    test_every_text_is_read_or_refused_in_time(pool, "script", name)


def test_the_idea_that_froze_the_server_is_read(pool: ProcessPool) -> None:
    for idea in (REPORTED_IDEA, REPORTED_IDEA.replace("b", "b" * 20)):
        order = Order(
            partial(writing.plan_idea, idea, requirement="", style="", scenes=3),
            cpu_seconds=CPU_SECONDS,
            takes_report=True,
        )
        assert pool.run(order, seconds=WALL_SECONDS, report=unheard, words="").scenes == 3


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("a" * (limits.LONGEST_READ_SCRIPT + 1), "400,001 characters; a film takes at most 400,000"),
        ("a" * (limits.LONGEST_WORD + 1), "4,001 characters without a space"),
        ("a\n" * (limits.MOST_LINES + 1), "20,001 lines"),
        ("a.\n\n" * (limits.MOST_PARAGRAPHS + 1), "6,001 paragraphs"),
        ("INT. A - DAY\n\nb\n\n" * (limits.USUAL.scenes + 1), "501 scenes"),
        (hostile("more speakers than there may be", 20_000), "characters who speak; a film takes at most 300"),
    ],
    ids=["characters", "a word", "lines", "paragraphs", "scenes", "speakers"],
)
def test_a_script_that_is_too_much_is_refused_with_the_count_and_what_to_do(script: str, what: str) -> None:
    with pytest.raises(UnusableText) as caught:
        parse(script)
    assert what in str(caught.value)
    assert str(caught.value).count(".") == 2


def test_a_script_of_the_largest_size_is_read() -> None:
    script = "".join(f"INT. ROOM {scene} - DAY\n\nThey wait.\n\n" for scene in range(limits.USUAL.scenes))
    speakers = "".join(f"N{number}\nHi.\n\n" for number in range(limits.USUAL.characters))
    screenplay = parse(script + speakers)
    assert len(screenplay.scenes) == limits.USUAL.scenes
    assert len(cast_of(screenplay, report=unheard).characters) == limits.USUAL.characters


def test_an_idea_whose_symbols_take_too_many_words_is_refused() -> None:
    assert "owl" in read_idea("🦉 meets a mouse.").idea
    with pytest.raises(UnusableText, match="symbols spelt out; a film takes at most 8,000"):
        read_idea("🧑‍🚀" * 1_300)
    with pytest.raises(UnusableText, match="9,000 characters"):
        read_idea("a" * 9_000)


@pytest.mark.parametrize(
    ("limited", "what"),
    [
        (limits.FilmLimits(scenes=1), "2 scenes; a film takes at most 1."),
        (limits.FilmLimits(characters=1), "2 characters who speak; a film takes at most 1."),
        (limits.FilmLimits(shots=3), "4 shots; a film takes at most 3."),
        (limits.FilmLimits(seconds=10), "seconds of film; a film takes at most 10."),
    ],
    ids=["scenes", "characters", "shots", "seconds"],
)
@pytest.mark.parametrize("read", [writing.plan_script, partial(writing.read_screenplay, title="")])
def test_a_film_that_is_larger_than_an_installation_wants_is_refused(
    read: Callable[..., object], limited: limits.FilmLimits, what: str
) -> None:
    scene = "INT. ROOM - DAY\n\nThey wait.\n\nANNA\nIt is late, and nobody has come.\n\nBEN\nThe last train left at ten, I am sure of it.\n\n"
    wishes = {"requirement": "", "style": ""} if read is writing.plan_script else {}
    read(scene * 2, **wishes, report=unheard)
    with pytest.raises(UnusableText) as caught:
        read(scene * 2, **wishes, limits=limited, report=unheard)
    assert what in str(caught.value)


def test_the_length_that_is_checked_is_that_of_the_storyboards() -> None:
    screenplay = parse(
        "INT. ROOM - DAY\n\nANNA\nHello.\n\nShe waits.\n\nEXT. SEA - NIGHT\n\nWaves. They break on the rocks."
    )
    cast = cast_of(screenplay, report=unheard)
    plan = Plan(title="", logline="", genre="", tone="", time="", place="", scenes=2)
    shots = [shot for scene in screenplay.scenes for shot in board(scene, cast, plan=plan, report=unheard).shots]
    seconds = round(sum(shot.seconds for shot in shots))
    demand_fit(screenplay.scenes, limits.FilmLimits(shots=len(shots), seconds=seconds), script=screenplay.scenes)
    for limited in (limits.FilmLimits(shots=len(shots) - 1), limits.FilmLimits(seconds=seconds - 1)):
        with pytest.raises(UnusableText):
            demand_fit(screenplay.scenes, limited, script=screenplay.scenes)


def test_a_title_that_has_no_end_is_cut() -> None:
    title = parse(f"Title: {'long ' * 10_000}\n\nINT. ROOM - DAY\n\nThey wait.").title
    assert len(title) <= limits.LONGEST_TITLE
    assert title.endswith("long…")


def test_a_cue_that_is_as_long_as_a_paragraph_is_action() -> None:
    (scene,) = parse(f"INT. ROOM - DAY\n\n@{'Long ' * 100}\nHello.").scenes
    assert scene.characters == []
