"""Places: every word for one leads to the backdrop that it stands with, and every backdrop is complete by itself."""

import re

import pytest

from agents.animatic.clues import kinds, told_by
from agents.animatic.drawing.backdrops import BACKDROPS, NEUTRAL_LANDSCAPE, NEUTRAL_ROOM
from agents.animatic.drawing.backdrops.record import Backdrop, inside, plain
from agents.animatic.drawing.painting import painted
from agents.animatic.drawing.props import PLACED
from agents.animatic.drawing.scenery import Scenery
from agents.animatic.film import Setting
from agents.animatic.places import PLACES, backdrop_of, is_known
from agents.animatic.screenplays.locations import place_in, read_heading
from agents.animatic.stories.ideas import read_idea
from agents.animatic.stories.worlds import WORLDS
from benchmarks.pictures import films

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
        ("Barn", True, "barn"),
        ("Bar", True, "cafe"),
        ("Campus", False, "park"),
        ("Camp", False, "forest"),
        ("Marsh", False, "river"),
        ("Mars", False, "space"),
        ("Parking lot", False, "car_park"),
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
    start = re.split(r"[ -](?=[^ -]*$)", plain(word))[0]  # "court" of "court room"
    is_open |= start != plain(word) and backdrop.pattern.search(start) is not None
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


@pytest.mark.parametrize("interior", [True, False])
def test_a_place_of_which_nothing_is_known_is_neutral(interior: bool) -> None:
    nowhere = Setting(place="Zxqvland", interior=interior)
    assert not is_known(nowhere)
    assert backdrop_of(nowhere) is (NEUTRAL_ROOM if interior else NEUTRAL_LANDSCAPE)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("INT. BARNABY'S OFFICE - DAY", "office"),
        ("INT. BUSINESS CENTRE - DAY", "office"),
        ("EXT. PORTLAND AVENUE - DAY", "street"),
        ("INT. PLANET - DAY", "space"),
        ("INT. LABYRINTH - NIGHT", "corridor"),
        ("INT. PASSENGER SEAT, CAR - DAY", "car"),
    ],
)
def test_a_word_is_no_beginning_of_another(heading: str, expected: str) -> None:
    assert backdrop_of(read_heading(heading)[1]).name == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("INT. POLICE STATION - DAY", "police"),
        ("INT. FERRY - CABIN - NIGHT", "ship"),
        ("INT. CABIN IN THE WOODS - NIGHT", "bedroom"),
        ("INT. CAPTAIN'S CABIN - DAY", "ship"),
        ("INT. SUBMARINE - SONAR ROOM - DAY", "ship"),
        ("INT. FERRY - BRIDGE - DAY", "ships_bridge"),
        ("INT. STARSHIP - BRIDGE - DAY", "spaceship"),
        ("INT. THE DOG AND WHISTLE - NIGHT", "cafe"),
        ("INT. THE KING'S HEAD - NIGHT", "cafe"),
        ("INT. DELANEY HOUSE - KITCHEN - DAY", "kitchen"),
        ("INT. KITCHEN, DELANEY HOUSE - DAY", "kitchen"),
        ("INT. SCHOOL BUS - DAY", "bus"),
        ("EXT. ALLEY BEHIND THE CLUB - NIGHT", "street"),
        ("EXT. DECK OF THE MARIGOLD - DAY", "sea"),
        ("INT. BACK OF THE VAN - NIGHT", "car"),
        ("INT. CAR (MOVING) - DAY", "car"),
        ("EXT. HOTEL BAR - NIGHT", "shopfront"),
        ("EXT. LABORATORY - NIGHT", "building"),
        ("EXT. MORGUE KITCHEN - NIGHT", "building"),
        ("INT. FOREST - DAY", "forest"),
    ],
)
def test_the_last_noun_of_the_most_telling_part_decides(heading: str, expected: str) -> None:
    assert backdrop_of(read_heading(heading)[1]).name == expected


SETS = """car bathroom kitchen bedroom classroom office courtroom hospital laboratory pool airport station gym shop theatre church
castle cave"""


@pytest.mark.parametrize("place", [*SETS.split(), "police station", "spaceship"])
def test_the_usual_rooms_have_a_set_of_their_own(place: str) -> None:
    setting = Setting(place=place, interior=True)
    assert is_known(setting)
    assert backdrop_of(setting) is not NEUTRAL_ROOM


@pytest.mark.parametrize("place", ["pool", "beach", "underwater", "airport", "station", "church", "castle", "space"])
def test_the_usual_landscapes_have_a_set_of_their_own(place: str) -> None:
    assert backdrop_of(Setting(place=place, interior=False)) is not NEUTRAL_LANDSCAPE


def test_of_the_locations_of_a_feature_film_not_more_than_one_in_twenty_is_unknown() -> None:
    settings = [setting for _, setting in films.settings()]
    assert len(settings) >= 150
    assert sum(not is_known(setting) for setting in settings) / len(settings) <= 0.05


def test_signs_can_be_read_though_places_are_mirrored() -> None:
    for name in ("First bank", "Second bank", "Third bank", "Fourth bank"):
        scene = painted(Setting(place=name, interior=False))
        flips = "".join(scene.drawn).count("scale(-1.0000 1.0000)")
        assert flips == (2 if scene.is_mirrored else 0)  # the whole picture, and the sign once more


def test_a_word_tells_one_world_and_whether_there_is_a_roof() -> None:
    listed = [word for record in BACKDROPS for words in record.worlds.values() for word in words]
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
    assert dovecote.fits("Dovecotes")
    assert not dovecote.fits("Dovecoterie")


def test_a_ship_of_the_future_flies() -> None:
    assert backdrop_of(Setting(place="Ship", interior=True, period="future")).name == "spaceship"
    assert backdrop_of(Setting(place="Ship", interior=True, period="medieval")).name == "ship"


def test_where_the_name_of_a_place_says_nothing_the_action_tells_it() -> None:
    told = {
        ("Marlowe's", True, "The barman wipes the taps. Two drinkers argue over a pint."): "Marlowe's, pub",
        ("The zone", False, "Moss hangs from the branches. A path leads on."): "The zone, forest",
        ("The zone", False, "A bird sings."): "The zone",
        ("Kitchen", True, "The barman wipes the taps."): "Kitchen",
    }
    assert {key: told_by(Setting(place=key[0], interior=key[1]), key[2]).place for key in told} == told
    for interior in (True, False):
        for kind in kinds(interior):
            assert is_known(Setting(place=kind, interior=interior)), kind
