"""Books: chapters, people, events and scenes, all in the book's own words."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from agents.animatic.novels import plans
from agents.animatic.novels.compressing import compress
from agents.animatic.novels.events import events_of
from agents.animatic.novels.information import global_information
from agents.animatic.novels.limits import COMPRESSED_LENGTH, LONGEST_NOVEL
from agents.animatic.novels.reading import chapters_of
from agents.animatic.novels.records import CompressedNovel, Events, GlobalInformation
from agents.animatic.novels.scenes import scenes_of
from agents.animatic.progress import Report
from agents.studio.offline.process_pool import ProcessPool
from agents.studio.offline.worker import Order
from tests.animatic.hostile import UNITS

SKERRY = (Path(__file__).parents[1] / "fixtures" / "skerry.txt").read_text(encoding="utf-8")
CPU_SECONDS = 20.0  # as STUDIO_TEXT_SECONDS; on an idle core the worst takes three
WALL_SECONDS = 200.0
WORST = ("lines of one letter", "cues without speech", "nested notes and blank lines", "names", "sentences", "title pages",
    "quotation marks", "opening quotation marks", "headings", "small letters", "long words", "new lines", "places")  # fmt: skip


def unheard(_fraction: float, _words: str) -> None:
    """A report that nobody reads."""


def planned(text: str, *, episodes: int = 3, scenes: int = 4) -> tuple[CompressedNovel, Events, GlobalInformation]:
    novel = compress(text, report=unheard)
    events = events_of(novel, report=unheard)
    return novel, events, global_information(novel, events, episodes=episodes, scenes=scenes, report=unheard)


def all_of_it(text: str, *, report: Report) -> tuple[int, int, int]:
    """All that is made of a book in words: its length, what is kept of it, and the length of the question."""
    novel = compress(text, report=report)
    events = events_of(novel, report=report)
    information = global_information(novel, events, episodes=12, scenes=8, report=report)
    for episode in information.episodes:
        assert len(scenes_of(episode, events.events, information, report=report)) == len(episode.events)
    question = plans.question(information)
    agreed = plans.edited(information, question, report=report)
    assert [one.events for one in agreed.episodes] == [one.events for one in information.episodes]
    return novel.length, sum(len(passage) for one in novel.chapters for passage in one.passages), len(question)


BODY = "It rained upon the town all day, and nobody came to the door. " * 8


@pytest.mark.parametrize(
    ("headings", "titles"),
    [
        (("CHAPTER I", "CHAPTER II. THE SEA"), ["CHAPTER I", "Chapter Ii. The Sea"]),
        (("I.", "II."), ["I.", "II."]),
        (("# One", "## Two"), ["One", "Two"]),
        (("PART ONE\n\nChapter 1", "Chapter 2: Home"), ["Chapter 1", "Chapter 2: Home"]),
        (("PROLOGUE", "1"), ["PROLOGUE", "1"]),
        (("Kapitel 1", "Kapitel 2"), ["Kapitel 1", "Kapitel 2"]),
    ],
)
def test_chapters_are_found_by_their_headings(headings: tuple[str, str], titles: list[str]) -> None:
    text = "\n\n".join(f"{heading}\n\n{BODY}" for heading in headings)
    assert [part.title.casefold() for part in chapters_of(text)] == [title.casefold() for title in titles]


def test_a_book_without_chapters_is_cut_into_equal_parts() -> None:
    lengths = [part.length for part in chapters_of("\n\n".join([BODY] * 200))]
    assert len(lengths) == 5
    assert max(lengths) < 1.2 * min(lengths)


def test_a_table_of_contents_and_the_licence_around_a_book_are_no_chapters() -> None:
    licence = "*** START OF THE BOOK ***\n\nChapter 1\n\nChapter 2\n\n"
    text = f"Much about copyright. Chapter 9.\n\n{licence}Chapter 1\n\n{BODY}\n\nChapter 2\n\n{BODY}\n\n*** END OF THE BOOK ***\n\nMore."
    parts = chapters_of(text)
    assert [part.title for part in parts] == ["Chapter 1", "Chapter 2"]
    assert not any("copyright" in paragraph or paragraph == "More." for part in parts for paragraph in part.paragraphs)


def test_everybody_has_one_name_and_looks_as_the_book_says() -> None:
    _, _, information = planned(SKERRY)
    people = {one.name: one for one in information.characters}
    assert {"ANNE", "TOM", "MR MARLOW", "CAPTAIN RENNICK"} <= set(people)
    assert "SKERRY" not in people
    assert people["ANNE"].aliases == ["Anne Marlow", "Anne"]
    assert (people["ANNE"].gender, people["ANNE"].age) == ("female", "child")
    assert "red hair" in people["ANNE"].description
    assert (people["MR MARLOW"].gender, people["MR MARLOW"].age) == ("male", "old")
    assert people["TOM"].gender == "male"


def test_every_sentence_and_every_speech_of_a_scene_is_the_books_own_and_has_its_speaker() -> None:
    _, events, information = planned(SKERRY, scenes=8)
    scenes = [
        scene for one in information.episodes for scene in scenes_of(one, events.events, information, report=unheard)
    ]
    flat = " ".join(SKERRY.split())
    elements = [element for scene in scenes for element in scene.elements]
    told = [element.text for element in elements if element.kind == "action"]
    said = [(element.character, element.text) for element in elements if element.kind == "dialogue"]
    assert told
    assert all(text.rstrip("….") in flat for text in told)
    assert all(piece.strip(" .,?!") in flat for _, text in said for piece in re.split(r"[.,?!] ", text))
    assert ("ANNE", "It will be a bad one.") in said
    assert ("MR MARLOW", "You are late for breakfast.") in said
    assert ("CAPTAIN RENNICK", "Boat ahoy! Who are you?") in said
    assert ("TOM", "It is the bucket, uncle!") in said


def test_where_and_when_a_scene_is_comes_from_the_book() -> None:
    _, events, information = planned(SKERRY, scenes=8)
    headings = [
        scene.heading
        for one in information.episodes
        for scene in scenes_of(one, events.events, information, report=unheard)
    ]
    assert headings[0] == "INT. KITCHEN - DAY"
    assert "INT. LAMP ROOM - NIGHT" in headings


def test_there_are_no_more_episodes_than_events() -> None:
    _, events, information = planned(f"Chapter 1\n\n{BODY}", episodes=12)
    assert len(information.episodes) == len(events.events) == 1


def test_the_same_book_gives_the_same_plan() -> None:
    assert planned(SKERRY) == planned(SKERRY)


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    """A process with the limits of those that read."""
    pool = ProcessPool(1, megabytes=512)
    yield pool
    pool.close()


def test_the_longest_book_is_planned_within_the_limits_of_its_process(pool: ProcessPool) -> None:
    text = "\n\n".join(SKERRY.replace("Chapter ", f"Chapter {number}") for number in range(1, 120) for _ in range(3))
    order = Order(partial(all_of_it, text[:LONGEST_NOVEL]), cpu_seconds=CPU_SECONDS, takes_report=True)
    length, kept, asked = pool.run(order, seconds=WALL_SECONDS, report=unheard, words="")
    assert length > 0.95 * LONGEST_NOVEL
    assert kept <= 1.1 * COMPRESSED_LENGTH
    assert asked <= 4_000  # what is kept of a question


@pytest.mark.parametrize("name", WORST)
def test_a_book_that_is_made_to_hurt_is_read_or_refused_in_time(pool: ProcessPool, name: str) -> None:
    unit = UNITS[name]
    text = f"a{unit * (LONGEST_NOVEL // len(unit))}"[:LONGEST_NOVEL]
    order = Order(partial(all_of_it, text), cpu_seconds=CPU_SECONDS, takes_report=True)
    _, kept, asked = pool.run(order, seconds=WALL_SECONDS, report=unheard, words="")
    assert kept <= 1.1 * COMPRESSED_LENGTH
    assert asked <= 4_000
