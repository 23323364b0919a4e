"""Ideas in ten other languages: who plays and how they look, where, with what; and in no words but their maker's."""

import re

import pytest

from agents.animatic.characters.casting import cast_of
from agents.animatic.drawing.props import things_mentioned
from agents.animatic.places import PLACES
from agents.animatic.progress import unheard
from agents.animatic.screenplays import parse
from agents.animatic.screenplays.people import position_of
from agents.animatic.sound.effects import heard_in
from agents.animatic.stories.cards import somewhere, the_end
from agents.animatic.stories.foreign_persons import foreign_persons_in
from agents.animatic.stories.languages import language_of
from agents.animatic.stories.persons import BEINGS
from agents.animatic.vocabulary import foreign
from agents.studio.captions import cues_of
from agents.studio.lettering import end_card, title_card
from benchmarks.stories import languages
from benchmarks.stories.measures import film_of
from tests.animatic.samples import shot


def test_what_an_idea_of_another_language_names_is_seen() -> None:
    read = languages.foreign_ideas()
    assert {idea.language for idea in read} == foreign.LANGUAGES
    films = [languages.seen(idea, 3) for idea in read]
    assert {film.name: film.false_people for film in films if film.false_people} == {}
    assert {film.name: film.lost_people for film in films if film.lost_people} == {}
    assert {film.name: film.wrong_looks for film in films if film.wrong_looks} == {}
    assert {film.name: film.foreign_words for film in films if film.foreign_words} == {}
    assert {film.name: film.lost_things for film in films if film.lost_things} == {}
    assert sum(len(film.lost_places) for film in films) <= 3
    assert all(film.is_told_apart for film in films)


@pytest.mark.parametrize("language", sorted(foreign.LANGUAGES))
def test_every_row_of_a_table_means_something_that_is_known(language: str) -> None:
    rows = foreign.rows_of(language)
    assert [one for one in rows if one[0] in ("people", "animals") and one[1].split()[-1] not in BEINGS] == []
    assert [one for one in rows if one[0] == "places" and one[1] not in PLACES] == []
    assert [one for one in rows if one[0] == "things" and not things_mentioned(f"the {one[1]}")] == []
    assert [one for one in rows if one[0] == "effects" and not heard_in([shot(description=one[1])])] == []


def test_nobody_is_found_where_nobody_is_named() -> None:
    for text in (
        "Im Hafen von Hamburg liegt Nebel. Die See ist ruhig, und die Laden sind zu. Eine junge Stadt.",
        "La Tour Eiffel brille à Paris. En hiver, le Rhône gèle et la France dort près de Lyon.",
        "Il Vesuvio dorme vicino a Napoli. La musica riempie la via del Corso.",
        "El Prado está lleno. La música suena en la Plaza Mayor de Madrid.",
        "De Dam in Amsterdam is leeg. Met Kerstmis valt er sneeuw op de Prinsengracht.",
        "Москва спит. Над Волгой туман, и в Сибири идёт снег.",
    ):
        assert foreign_persons_in(text, language_of(text), is_story=True) == [], text


def test_a_bent_name_is_the_same_person_and_an_english_one_is_not() -> None:
    for name, text, is_there in (
        ("ДЕВОЧКА", "ОНИ ВИДЯТ ДЕВОЧКУ", True),
        ("ИВАН", "СОБАКА ИВАНА ЛАЕТ", True),
        ("ZOSIA", "KOT WIDZI ZOSIĘ", True),
        ("FLICKA", "DÄR STÅR FLICKAN", True),
        ("LEUCHTTURMWÄRTER", "DAS HAUS DES LEUCHTTURMWÄRTERS", True),
        ("ANNA", "ANNE AND ANNIE WAIT", False),
        ("DETECTIVE", "THE INSPECTOR WAITS", False),
        ("MAN", "THE MANOR AND THE MANTLE", False),
    ):
        assert (position_of(name, text) >= 0) == is_there, (name, text)


def test_a_screenplay_in_german_is_cast_by_its_own_words() -> None:
    screenplay = parse(
        "INNEN. KÜCHE - NACHT\n\nEin alter Fischer sitzt am Tisch. Es klopft.\n\nFISCHER\nWer ist da?\n\nMÄDCHEN\nIch bin es, Opa.\n\n"
        "Das Mädchen öffnet die Tür und sieht ihren alten Vater an."
    )
    looks = {one.name: (one.gender, one.look.age) for one in cast_of(screenplay, report=unheard).characters}
    assert looks == {"FISCHER": ("male", "old"), "MÄDCHEN": ("female", "child")}
    heard = heard_in([shot(description="Es klopft an der alten Tür, und der Fischer wartet.")])
    assert [name for _, name in heard] == ["knock"]
    assert things_mentioned("Er hat einen Brief und eine Kerze auf dem Tisch.") == ["letter", "candle"]


def test_the_cards_of_a_film_speak_its_language() -> None:
    plan, screenplay, _, boards = film_of("Ein Kind weint. Niemand weiß, warum es nicht aufhört.", 2)
    cards = [*title_card("Titel", "", start=0, end=1, language="de"), *end_card("Titel", cast_of(screenplay, report=unheard), start=0, end=1, language="de")]  # fmt: skip
    words = re.findall(r"[A-Za-z]{3,}", re.sub(r"\{.*?\}", "", " ".join(card.text for card in cards)))
    assert not {"The", "End", "animatic", "ANIMATIC", "with"} & set(words)
    assert "Ende" in words
    assert plan.place == somewhere("de") == "Irgendwo"
    assert [the_end(language) for language in ("", "en", "ru", "xx")] == ["The End", "The End", "Конец", "The End"]
    captions = {
        line for board in boards for made in board.shots for cue in cues_of(made, start=0, end=3) for line in cue.lines
    }
    assert captions
    assert not any(re.search(r"\b(?:the|waits|again|day|night)\b", line) for line in captions)
