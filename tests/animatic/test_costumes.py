"""What people wear: what the text says, else what goes with their trade and the period."""

from itertools import combinations
from typing import get_args

from PIL import Image, ImageChops, ImageStat

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.characters.looks import look_of
from agents.animatic.drawing.acting import part_of
from agents.animatic.drawing.faces import Face
from agents.animatic.drawing.figures import Figure
from agents.animatic.drawing.figures import draw as draw_figure
from agents.animatic.drawing.heads import head
from agents.animatic.drawing.poses import POSES
from agents.animatic.drawing.rendering import render
from agents.animatic.film import Accessory, Character, Look, Outfit, Period
from agents.animatic.progress import unheard
from agents.animatic.vocabulary import COLOURS
from tests.animatic.samples import look, shot

WORN: tuple[tuple[str, str, Period, Outfit, Accessory], ...] = (
    ("KNIGHT", "A knight allergic to horses", "medieval", "armour", "helm"),
    ("QUEEN", "", "today", "royal", "crown"),
    ("CAPTAIN", "", "medieval", "armour", "steel_helmet"),
    ("MARA", "MARA, a retired police officer with a dog", "today", "uniform", "peaked_cap"),
    ("MARA", "Doctor MARA bows", "today", "white_coat", "none"),
    ("DOCTOR", "A doctor, he limps", "19th_century", "frock_coat", "top_hat"),
    ("CHEF", "", "today", "chef", "chef_hat"),
    ("BRIDE", "", "today", "wedding_dress", "veil"),
    ("ASTRONAUT", "", "future", "spacesuit", "space_helmet"),
    ("GIRL", "", "medieval", "gown", "none"),
    ("BOY", "", "medieval", "tunic", "none"),
    # What the text says goes before trade and period.
    ("KNIGHT", "A knight in a shirt and a straw hat", "today", "shirt", "straw_hat"),
    ("MARA", "MARA in a yellow raincoat and a top hat", "medieval", "coat", "top_hat"),
    ("HARRY", "HARRY in a suit and glasses", "future", "high_collar", "glasses"),
    ("KNIGHT", "A knight with a golden helmet", "medieval", "armour", "helm"),
)


def test_clothes_follow_the_text_then_the_trade_then_the_period() -> None:
    for name, description, period, outfit, accessory in WORN:
        seen = look_of(name, description, position=0, period=period)
        assert seen.outfit == outfit, (name, description, seen)
        assert accessory == "none" or seen.wears(accessory), (name, description, seen)
    for name, description in (("MARA", "MARA, a pianist with a king"), ("MICHAEL KNIGHT", "")):
        assert look_of(name, description, position=0).outfit not in ("royal", "armour"), "they are not called so"
    cloaked = look_of("ANNA", "ANNA in a red cloak and a green gown", position=0, period="medieval")
    assert (cloaked.top, cloaked.accessory, cloaked.accessory_colour) == (COLOURS["green"], "cloak", COLOURS["red"])


DATED = """\
EXT. VILLAGE, 1891 - DAY

Snow.

INT. KITCHEN - NIGHT

A lantern.

INT. MUSEUM - PRESENT DAY

A letter.

EXT. VILLAGE, 2140 - DAY

Snow.
"""


def test_the_period_of_most_scenes_or_of_the_plan_dresses_everybody() -> None:
    script = "EXT. LONDON, 1888 - DAY\n\nMAN waits.\n\nMAN\nNo.\n\nEXT. STREET - DAY\n\nMAN waits.\n"
    assert _dressed(script + "\nINT. PARIS, 1871 - DAY\n\nMAN waits.\n").outfit in ("frock_coat", "waistcoat")
    assert _dressed(script.replace(", 1888", "")).outfit in ("shirt", "coat", "hoodie")
    assert [scene.setting.period for scene in writing.read_screenplay(DATED, title="T", report=unheard).scenes] == [
        "19th_century",
        "19th_century",
        "today",
        "future",
    ], "a year is true of the scenes that follow, until another one is named"
    told = "EXT. VILLAGE - DAY\n\nMAN waits.\n\nMAN\nThe knight comes.\n"
    plan = writing.plan_script(told, requirement="", style="", report=unheard)
    screenplay = writing.read_screenplay(told, title="T", report=unheard)
    assert cast_of(screenplay, plan, report=unheard).characters[0].look.outfit == "tunic"


def _dressed(script: str) -> Look:
    return cast_of(writing.read_screenplay(script, title="T", report=unheard), report=unheard).characters[0].look


def test_every_outfit_and_all_headwear_looks_like_no_other_from_any_side() -> None:
    for turn, is_back in ((0.0, False), (0.5, False), (1.0, False), (0.0, True)):
        outfits = [_figure(look(outfit=outfit), turn, is_back=is_back) for outfit in get_args(Outfit)]
        assert all(difference(one, other) > 0.15 for one, other in combinations(outfits, 2)), (turn, is_back)
    unseen = {"glasses", "beard", "eye_patch", "jabot"}  # from behind, or below the head
    hats = [worn for worn in get_args(Accessory) if worn not in unseen | {"scarf", "cloak"}]
    for turn, is_back in ((0.0, False), (1.0, False), (0.0, True)):
        heads = [_head(look(accessory=worn), turn, is_back=is_back) for worn in hats]
        assert all(difference(one, other) > 0.4 for one, other in combinations(heads, 2)), (turn, is_back)


def test_cloak_and_jabot_can_be_seen() -> None:
    plain = _figure(look(outfit="robe"), 0.0, is_back=False)
    for worn in ("cloak", "jabot"):
        assert difference(plain, _figure(look(outfit="robe", accessory=worn), 0.0, is_back=False)) > 0.2


def test_a_long_skirt_covers_the_knees_of_who_sits() -> None:
    sitting = Figure(look(outfit="gown", top="#ff0000", bottom="#0000ff"), POSES["sit"], 1.0)
    picture = render(draw_figure(sitting), (-400, -1200, 1000, 1300), 100, 130)
    red, _, blue, alpha = picture.split()
    is_blue = ImageChops.subtract(ImageChops.multiply(blue, alpha), red).point(lambda value: 255 * (value > 90))
    assert is_blue.getbbox() is None, "no trousers are seen"


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean over all pixels, 0-255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def _figure(worn: Look, turn: float, *, is_back: bool) -> Image.Image:
    return _shown(draw_figure(Figure(worn, turn=turn, is_back=is_back)), (-400, -1200, 800, 1260), (80, 126))


def _head(worn: Look, turn: float, *, is_back: bool) -> Image.Image:
    return _shown(head(Face(worn, turn, is_back)), (-95, -160, 190, 260), (76, 104))


def _shown(drawing: str, box: tuple[float, float, float, float], size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, "#808080")
    layer = render(drawing, box, *size)
    picture.paste(layer, mask=layer)
    return picture


def test_an_animal_with_a_body_of_its_own_rests_moves_and_looks() -> None:
    whole = look_of("HORSE", "", position=0)
    poses = ("stand", "walk", "run", "look_up", "look_down", "lie")
    seen = [
        _shown(draw_figure(Figure(whole, POSES[pose], body="horse")), (-900, -1500, 1800, 1600), (90, 80))
        for pose in poses
    ]
    assert all(difference(one, other) > 1 for one, other in combinations(seen, 2))
    horse = Character(name="HORSE", description="", look=whole)
    for words, pose in {
        "The horse gallops off.": "run",
        "The horse grazes.": "walk",
        "The horse dozes.": "lie",
    }.items():
        acted = part_of(
            shot(characters=["HORSE"], description=words, first_frame=words),
            horse,
            [horse],
            is_last=False,
            is_left=True,
        )
        assert acted.pose_name == pose
