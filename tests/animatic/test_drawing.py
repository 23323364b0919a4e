"""What is drawn for a shot, and that it is always drawn the same."""

from functools import lru_cache

import msgspec
import pytest
from PIL import Image, ImageChops, ImageStat

from agents.animatic.drawing import faces, poses, props, svg
from agents.animatic.drawing.backdrops import BACKDROPS
from agents.animatic.drawing.backdrops.record import plain
from agents.animatic.drawing.faces import Face
from agents.animatic.drawing.figures import Figure
from agents.animatic.drawing.figures import draw as draw_figure
from agents.animatic.drawing.heads import head
from agents.animatic.drawing.painting import photographed
from agents.animatic.drawing.picture import FrameOrder, PortraitOrder, frame, portrait
from agents.animatic.drawing.rendering import render
from agents.animatic.drawing.scenery import WORLD_HEIGHT, WORLD_WIDTH
from agents.animatic.film import Character, PortraitView, Setting, Shot, Weather
from agents.animatic.places import backdrop_of
from tests.animatic.samples import KITCHEN, MARA, TOM, look, shot


def drawn(a_shot: Shot, *, is_last: bool = False, variant: int = 0, style: str = "") -> Image.Image:
    return _drawn(msgspec.json.encode(a_shot), is_last, variant, style)


@lru_cache(maxsize=16)  # many tests compare their picture with the same one
def _drawn(a_shot: bytes, is_last: bool, variant: int, style: str) -> Image.Image:
    order = FrameOrder(msgspec.json.decode(a_shot, type=Shot), [MARA, TOM], style, "", is_last=is_last, variant=variant)
    return frame(order)


def seen(someone: Character, view: PortraitView) -> Image.Image:
    return _seen(msgspec.json.encode(someone), view)


@lru_cache(maxsize=16)
def _seen(someone: bytes, view: PortraitView) -> Image.Image:
    return portrait(PortraitOrder(msgspec.json.decode(someone, type=Character), view, "", ""))


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, 0-255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def share_of(picture: Image.Image, colour: str) -> float:
    """How much of the picture is red, or green."""
    red, green, blue = picture.resize((320, 180)).split()
    one, others = (red, (green, blue)) if colour == "red" else (green, (red, blue))
    strongest_other = ImageChops.lighter(*others).point([min(255, int(value * 1.6)) for value in range(256)])
    return sum(ImageChops.subtract(one, strongest_other).histogram()[1:]) / (320 * 180)


def silent(_fraction: float, _words: str) -> None:
    """A report that nobody reads."""


def test_a_frame_is_a_large_picture_of_16_to_9() -> None:
    assert drawn(shot()).size == (1600, 900)


def test_the_same_input_gives_the_same_bytes() -> None:
    orders = [FrameOrder(shot(), [MARA, TOM], "", "", is_last=False, variant=0) for _ in range(2)]
    assert frame(orders[0]).tobytes() == frame(orders[1]).tobytes()


def test_the_last_frame_differs_from_the_first() -> None:
    walking = shot(description="MARA walks along the beach.", characters=["MARA"])
    assert difference(drawn(walking), drawn(walking, is_last=True)) > 1


def test_variants_differ_visibly() -> None:
    assert difference(drawn(shot()), drawn(shot(), variant=1)) > 3


@pytest.mark.parametrize("size", ["extreme_wide", "wide", "full", "medium", "close_up"])
def test_the_nearer_the_shot_the_larger_the_figure(size: str) -> None:
    sizes = ["extreme_wide", "wide", "full", "medium", "close_up", "extreme_close_up"]
    nearer = sizes[sizes.index(size) + 1]
    alone = {"characters": ["MARA"], "description": "MARA stands."}
    empty = {"characters": [], "description": ""}
    covered = [difference(drawn(shot(size=s, **alone)), drawn(shot(size=s, **empty))) for s in (size, nearer)]
    assert covered[0] < covered[1]


def test_everybody_in_the_shot_is_in_the_picture() -> None:
    both, alone = drawn(shot(size="full")), drawn(shot(size="full", characters=["TOM"]))
    assert share_of(both, "red") > share_of(alone, "red") + 0.005


def test_a_look_keeps_its_colours_from_the_portrait_to_the_shot() -> None:
    picture = portrait(PortraitOrder(MARA, "front", "", ""))
    assert picture.size == (640, 800)
    assert share_of(picture, "red") > 0.02
    assert share_of(drawn(shot(size="full", characters=["MARA"])), "red") > 0.01


@pytest.mark.parametrize("angle", ["low", "high", "overhead", "dutch", "over_the_shoulder"])
def test_every_angle_is_another_picture(angle: str) -> None:
    assert difference(drawn(shot(size="medium")), drawn(shot(size="medium", angle=angle))) > 3


def test_night_is_darker_than_day() -> None:
    by_night = shot(setting=Setting(place="Beach", interior=False, time_of_day="night"))
    assert (
        ImageStat.Stat(drawn(by_night).convert("L")).mean[0] < ImageStat.Stat(drawn(shot()).convert("L")).mean[0] * 0.6
    )


@pytest.mark.parametrize("weather", ["cloudy", "rain", "snow", "fog", "storm"])
def test_the_weather_can_be_seen(weather: Weather) -> None:
    assert difference(drawn(shot()), drawn(shot(setting=Setting(place="Beach", interior=False, weather=weather)))) > 6


INTERIORS = [backdrop.name for backdrop in BACKDROPS if backdrop.interior]
EXTERIORS = [backdrop.name for backdrop in BACKDROPS if not backdrop.interior]


def painted_small(setting: Setting) -> Image.Image:
    """The whole place, small: quick to draw."""
    return photographed(setting, (0.0, 0.0, WORLD_WIDTH, WORLD_HEIGHT), 320, 180)


@pytest.mark.parametrize("kind", INTERIORS)
def test_every_kind_of_room_can_be_drawn(kind: str) -> None:
    place = plain(next(b for b in BACKDROPS if b.interior and b.name == kind).words[0])
    weathers: tuple[Weather, ...] = ("rain", "snow", "clear")
    rooms = [Setting(place=place, interior=True, time_of_day="night", weather=weather) for weather in weathers]
    assert {backdrop_of(room).name for room in rooms} == {kind}
    assert all(painted_small(room).convert("L").entropy() > 3 for room in rooms)


@pytest.mark.parametrize("kind", EXTERIORS)
def test_every_kind_of_landscape_can_be_drawn(kind: str) -> None:
    place = plain(next(b for b in BACKDROPS if not b.interior and b.name == kind).words[0])
    weathers: tuple[Weather, ...] = ("storm", "snow", "clear")
    lands = [Setting(place=place, interior=False, time_of_day="dusk", weather=weather) for weather in weathers]
    assert {backdrop_of(land).name for land in lands} == {kind}
    assert all(painted_small(land).convert("L").entropy() > 3 for land in lands)


@pytest.mark.parametrize("place", ["kitchen", "street", "forest", "beach", "open sea"])
def test_from_above_a_place_is_a_map_and_people_are_on_it(place: str) -> None:
    setting = Setting(place=place, interior=place == "kitchen")
    with_people, empty = (drawn(shot(setting=setting, angle="overhead", characters=c)) for c in (["MARA", "TOM"], []))
    assert with_people.convert("L").entropy() > 2
    assert difference(with_people, empty) > 0.3


def test_an_unknown_place_is_drawn_and_stays_the_same() -> None:
    nowhere = Setting(place="Zxqvland", interior=True)
    assert backdrop_of(nowhere) == backdrop_of(nowhere)
    assert drawn(shot(setting=nowhere)).convert("L").entropy() > 4


STYLES = ["film noir", "watercolour", "pencil sketch", "comic", "neon", "pastel", "vintage", "horror", "anime"]


@pytest.mark.parametrize("style", STYLES)
def test_a_style_can_be_seen(style: str) -> None:
    assert difference(drawn(shot()), drawn(shot(), style=style)) > 6


def test_noir_has_no_colour() -> None:
    red, green, blue = ImageStat.Stat(drawn(shot(), style="film noir")).mean
    assert max(red, green, blue) - min(red, green, blue) < 12


LOOKS = [{"outfit": outfit} for outfit in ("shirt", "coat", "dress", "hoodie", "uniform", "robot")] + [
    {"hair_style": style, "age": "old"} for style in ("short", "long", "bun", "curly", "bald", "ponytail")
]


@pytest.mark.parametrize("changes", LOOKS, ids=str)
def test_every_outfit_and_hair_style_is_drawn_from_all_sides(changes: dict[str, str]) -> None:
    someone = Character(name="X", description="", look=look(**changes))
    views: tuple[PortraitView, ...] = ("front", "side", "back")
    pictures = [portrait(PortraitOrder(someone, view, "", "")) for view in views]
    assert difference(pictures[0], pictures[1]) > 0.5
    assert difference(pictures[0], pictures[2]) > 0.3


@pytest.mark.parametrize("animal", ["fox", "dog", "cat", "bear", "rabbit", "owl", "goat", "dragon"])
def test_an_animal_has_the_head_of_its_kind(animal: str) -> None:
    furry = look(skin="#8a6a4a", hair="#8a6a4a")
    person, creature = (Character(name=name, description="", look=furry) for name in ("X", animal.upper()))
    for view in ("front", "side", "back"):
        assert difference(seen(person, view), seen(creature, view)) > 0.2
    talking = shot(
        size="close_up",
        characters=[creature.name],
        speaker=creature.name,
        dialogue=[{"character": creature.name, "text": "Hm."}],
    )
    order = FrameOrder(talking, [creature], "", "", is_last=False, variant=0)
    assert frame(order).size == (1600, 900)


@pytest.mark.parametrize("accessory", ["glasses", "hat", "scarf", "beard", "cap"])
@pytest.mark.parametrize("view", ["front", "side"])
def test_every_accessory_can_be_seen(accessory: str, view: PortraitView) -> None:
    plain, worn = (Character(name="X", description="", look=look(accessory=a)) for a in ("none", accessory))
    assert difference(seen(plain, view), seen(worn, view)) > 0.02


@pytest.mark.parametrize("words", ["smiles", "weeps", "shouts in rage", "gasps", "trembles with fear"])
def test_a_feeling_changes_the_face(words: str) -> None:
    calm = shot(size="close_up", characters=["TOM"], description="TOM stands.")
    assert difference(drawn(calm), drawn(shot(size="close_up", characters=["TOM"], description=f"TOM {words}."))) > 0.2


@pytest.mark.parametrize(("words", "pose"), [("She runs off", "run"), ("He sits down", "sit"), ("MARA points at the sea", "point"), ("He looks up", "look_up"), ("She is blue", None)])  # fmt: skip
def test_words_choose_the_pose(words: str, pose: str | None) -> None:
    assert poses.pose_for(words) == pose


@pytest.mark.parametrize("name", [*props.HELD, *props.PLACED])
def test_every_thing_can_be_drawn(name: str) -> None:
    alone = render(props.draw(name), (-500, -950, 1000, 1100), 100, 110)
    assert alone.getchannel("A").getbbox() is not None


@pytest.mark.parametrize("name", poses.POSES)
@pytest.mark.parametrize("faces_left", [True, False])
def test_every_pose_stays_on_the_ground(name: str, faces_left: bool) -> None:
    for turn in (0.0, 0.5, 1.0):
        figure = Figure(look(), poses.POSES[name], turn, faces_left=faces_left, expression="happy", is_speaking=True)
        box = render(draw_figure(figure), (-1200, -1300, 2400, 1500), 240, 150).getchannel("A").getbbox()
        assert box is not None
        assert 120 <= box[3] <= 150, "the lowest pixel is near the feet"


@pytest.mark.parametrize("outfit", ["shirt", "robot"])
@pytest.mark.parametrize("expression", list(faces.EYES))
@pytest.mark.parametrize("turn", [0.0, 0.5, 1.0])
def test_no_two_feelings_look_the_same(outfit: str, expression: poses.Expression, turn: float) -> None:
    box = (-60.0, -75.0, 120.0, 150.0)
    worn = [look(outfit=outfit, accessory="glasses")]
    heads = [render(head(Face(worn[0], turn, expression=e)), box, 120, 150).convert("RGB") for e in faces.EYES]
    mine = heads[list(faces.EYES).index(expression)]
    assert all(difference(mine, other) > 0.01 for other in heads if other is not mine)


@pytest.mark.parametrize("thing", ["lantern", "letter", "book", "boat", "dog", "telescope", "umbrella", "robot"])
def test_a_thing_that_is_mentioned_is_in_the_picture(thing: str) -> None:
    without = shot(size="full", characters=["MARA"], description="MARA stands still.")
    assert (
        difference(
            drawn(without), drawn(shot(size="full", characters=["MARA"], description=f"MARA stands still. A {thing}."))
        )
        > 0.1
    )


def test_an_insert_shows_the_thing_alone() -> None:
    empty = shot(size="close_up", characters=[], description="Nothing.", setting=KITCHEN)
    assert (
        difference(
            drawn(empty), drawn(shot(size="close_up", characters=[], description="The letter.", setting=KITCHEN))
        )
        > 4
    )


def test_markup_and_control_characters_in_names_do_no_harm() -> None:
    odd = Character(name='<x>&"\x00\x1b\ud800', description="", look=look())
    assert portrait(PortraitOrder(odd, "front", "", "")).size == (640, 800)
    assert svg.escaped('<a>&"\x00') == "&lt;a&gt;&amp;&quot;"


def test_unknown_names_and_characters_are_left_out() -> None:
    assert drawn(shot(characters=["NOBODY"])).size == (1600, 900)


# --- the studio and its processes -------------------------------------------------------------------
