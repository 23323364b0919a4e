"""Places: every word for one leads to the backdrop that it stands with, and every backdrop is complete by itself."""

import pytest

from agents.animatic.drawing.backdrops import BACKDROPS, FALLBACKS
from agents.animatic.drawing.backdrops.record import Backdrop, Fallback, inside, plain
from agents.animatic.drawing.painting import painted
from agents.animatic.drawing.props import PLACED
from agents.animatic.drawing.scenery import Scenery
from agents.animatic.film import Setting
from agents.animatic.places import PLACES, backdrop_of
from agents.animatic.screenplays.locations import place_in, read_heading
from agents.animatic.stories.ideas import read_idea
from agents.animatic.stories.worlds import WORLDS

WORDS = [(word, backdrop) for backdrop in BACKDROPS for word in (*backdrop.words, *backdrop.alone)]

ALONE = {word for backdrop in BACKDROPS for word in backdrop.alone}


def kind(place: str, *, interior: bool) -> str:
    return backdrop_of(Setting(place=place, interior=interior)).name


def id_of(value: object) -> str:
    if isinstance(value, Backdrop):
        return f"{value.name}-{'inside' if value.interior else 'outside'}"
    return str(value)


@pytest.mark.parametrize("place", ["Den", "Mine", "The den of the bear", "Gold mine", "MINE - LOWER LEVEL"])
def test_a_den_and_a_mine_are_caves(place: str) -> None:
    assert kind(place, interior=True) == "cave"


@pytest.mark.parametrize("place", ["Denmark street", "Mineral shop", "Dentist", "Denim store", "Miner’s home"])
def test_a_word_that_only_begins_like_a_den_or_a_mine_is_no_cave(place: str) -> None:
    assert kind(place, interior=True) != "cave"


@pytest.mark.parametrize(
    ("place", "interior", "expected"),
    [
        ("Barn", True, "workshop"),
        ("Bar", True, "cafe"),
        ("Campus", False, "park"),
        ("Camp", False, "forest"),
        ("Marsh", False, "river"),
        ("Mars", False, "space"),
        ("Parking lot", False, "street"),
        ("Park", False, "park"),
    ],
)
def test_a_longer_word_is_not_taken_for_a_shorter_one(place: str, interior: bool, expected: str) -> None:
    assert kind(place, interior=interior) == expected


@pytest.mark.parametrize(("word", "backdrop"), WORDS, ids=id_of)
def test_every_word_of_a_backdrop_leads_to_it(word: str, backdrop: Backdrop) -> None:
    is_alone = word in backdrop.alone
    names = [plain(word), plain(word).capitalize()] if is_alone or plain(word) not in ALONE else []
    for name in names if is_alone else [*names, f"The {plain(word)}"]:
        assert backdrop_of(Setting(place=name, interior=backdrop.interior)) is backdrop


@pytest.mark.parametrize(("word", "backdrop"), WORDS, ids=id_of)
def test_a_word_is_whole_unless_it_allows_any_ending(word: str, backdrop: Backdrop) -> None:
    is_open = any(plain(word).startswith(plain(other)) for other in backdrop.words if other.endswith("*"))
    is_open |= any(plain(other) in plain(word).split()[1:] for other in backdrop.words if other.endswith("*"))
    assert backdrop.fits(f"{plain(word)}zzz") is is_open


@pytest.mark.parametrize("backdrop", BACKDROPS, ids=id_of)
def test_a_word_stands_with_one_backdrop_only_once(backdrop: Backdrop) -> None:
    words = [plain(word) for word in (*backdrop.words, *backdrop.alone)]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("backdrop", BACKDROPS, ids=id_of)
def test_every_backdrop_can_be_painted_and_is_complete(backdrop: Backdrop) -> None:
    scene = painted(Setting(place=plain((*backdrop.words, *backdrop.alone)[0]), interior=backdrop.interior))
    assert scene.drawn
    assert backdrop.things <= PLACED.keys()
    assert backdrop.worlds.keys() <= WORLDS.keys()


def test_the_name_of_a_backdrop_is_its_own() -> None:
    names = [(backdrop.interior, backdrop.name) for backdrop in BACKDROPS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("lot", FALLBACKS, ids=lambda lot: "inside" if lot.interior else "outside")
def test_a_place_without_a_backdrop_gets_one_of_a_few(lot: Fallback) -> None:
    assert set(lot.among) <= {backdrop.name for backdrop in BACKDROPS if backdrop.interior == lot.interior}
    for word in (word for words in lot.worlds.values() for word in words):
        assert kind(word, interior=lot.interior) in lot.among


def test_a_word_tells_one_world_and_whether_there_is_a_roof() -> None:
    records: tuple[Backdrop | Fallback, ...] = (*BACKDROPS, *FALLBACKS)
    listed = [word for record in records for words in record.worlds.values() for word in words]
    assert sorted(listed) == sorted(PLACES)
    for word in (word for word in PLACES if " " not in word and "-" not in word):
        assert place_in(word).interior is PLACES[word].interior


def test_a_word_with_a_sharp_s_is_known_in_capitals_too() -> None:
    _, setting = read_heading("EXT. STRASSE - TAG")
    assert backdrop_of(setting).name == "street"
    assert read_idea("Ein Mann wartet in der Straße auf den Bus").spots[0].name.casefold() == "strasse"


def test_a_new_backdrop_needs_nothing_but_itself() -> None:
    @inside(worlds={"village": "dovecote"}, also="pigeon loft*")
    def dovecote(scene: Scenery) -> None:
        """A loft for doves."""

    assert dovecote.name == "dovecote"
    assert dovecote.fits("The old DOVECOTE")
    assert dovecote.fits("Pigeon lofts")
    assert not dovecote.fits("Dovecotes")
