"""The bars of the offline writer, over the forty ideas of `python -m benchmarks.stories`."""

import pytest

from benchmarks.stories.__main__ import ideas
from benchmarks.stories.measures import Idea, Measured, measure

OWN_SHARE = 0.7


@pytest.fixture(scope="module", params=ideas(), ids=lambda idea: idea.name)
def measured(request: pytest.FixtureRequest) -> tuple[Idea, Measured]:
    """An idea, and its film as far as the storyboard."""
    idea: Idea = request.param
    return idea, measure(idea, 3)


def test_what_the_idea_names_is_in_the_storyboard(measured: tuple[Idea, Measured]) -> None:
    assert measured[1].missing == []


def test_the_cast_is_that_of_the_idea(measured: tuple[Idea, Measured]) -> None:
    idea, film = measured
    assert film.lost_people == []
    assert film.false_names == [] or idea.cast is None


def test_nobody_says_what_the_idea_does_not_say(measured: tuple[Idea, Measured]) -> None:
    idea, film = measured
    assert film.lines == idea.speech


def test_no_sentence_is_cut_and_the_language_is_known(measured: tuple[Idea, Measured]) -> None:
    idea, film = measured
    assert film.cut_sentences == []
    assert film.plan.language == idea.language


def test_a_wished_length_is_kept(measured: tuple[Idea, Measured]) -> None:
    idea, film = measured
    if idea.seconds:
        assert film.seconds == pytest.approx(idea.seconds, rel=0.1)


def test_most_sentences_are_those_of_the_ideas() -> None:
    films = [measure(idea, 3) for idea in ideas()]
    assert sum(len(film.own) for film in films) >= OWN_SHARE * sum(len(film.actions) for film in films)
