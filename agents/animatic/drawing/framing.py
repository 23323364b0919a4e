"""Where the camera stands and where the figures are in its picture."""

from dataclasses import dataclass, replace

from msgspec import structs

from agents.animatic.characters.looks import aged
from agents.animatic.drawing import acting, creatures, props
from agents.animatic.drawing.figures import Figure, eye_level, skeleton
from agents.animatic.drawing.painting import Box
from agents.animatic.drawing.scenery import WORLD_HEIGHT, WORLD_WIDTH
from agents.animatic.film import Character, FilmFormat, Resolution, Shot, ShotSize, Size
from agents.animatic.places import backdrop_of
from agents.animatic.seeded_choice import seeded_random
from agents.animatic.vocabulary import ALL_ANIMALS

NARROW_PLACES = frozenset({"car"})  # in which the camera is always near
SEATED_FIGURE = 0.95  # pixels per unit


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a frame is drawn on: so many units wide and high, each of `scale` pixels."""

    width: int
    height: int
    scale: float = 1.0

    @property
    def size(self) -> Size:
        """In pixels."""
        return Size(round(self.width * self.scale), round(self.height * self.scale))

    @property
    def magnified(self) -> float:
        """How many times as high it is as that of a wide film, for which the lenses are made."""
        return self.height / WIDE.height

    @property
    def is_wide(self) -> bool:
        return self.width > self.height


WIDE = Canvas(1600, 900)
CANVASES: dict[FilmFormat, Canvas] = {"16:9": WIDE, "9:16": Canvas(900, 1600), "1:1": Canvas(1200, 1200)}  # equal areas
SCALES: dict[Resolution, float] = {"720p": 1.0, "1080p": 1.5}


def canvas_of(shot: Shot) -> Canvas:
    """What the frames of a shot are drawn on: a quarter larger than the film, so that the camera can come nearer."""
    return replace(CANVASES[shot.format], scale=SCALES[shot.resolution])


@dataclass(frozen=True, slots=True)
class Lens:
    """What a shot size means."""

    figure: float  # pixels per unit of a figure (a grown-up has 1000)
    zoom: float  # of the backdrop
    blur: float  # of the backdrop, pixels
    line: float  # where in the picture's height the feet (far shots) or the eyes (near ones) are
    is_near: bool


LENSES: dict[ShotSize, Lens] = {
    "extreme_wide": Lens(0.17, 1.0, 0.0, 0.86, is_near=False),
    "wide": Lens(0.47, 1.16, 0.6, 0.9, is_near=False),
    "full": Lens(0.74, 1.42, 1.6, 0.945, is_near=False),
    "medium": Lens(1.3, 1.8, 4.0, 0.3, is_near=True),
    "close_up": Lens(2.7, 2.3, 11.0, 0.43, is_near=True),
    "extreme_close_up": Lens(5.6, 2.9, 20.0, 0.46, is_near=True),
}


# What of a figure has to be in the picture, in its own units: shoulders, a head, a face; by the lens (`Lens.figure`).
WIDTHS = ((4.0, 150.0), (2.0, 270.0), (1.0, 420.0), (0.0, 460.0))
SHOULDERS = 310.0  # of each of several who are near, in units of a figure: their arms may be in each other's way
GROWN_UP_EYES = 914.0  # above the ground, in units of a figure
ROOM_SHARE = 0.92  # of the picture's width, for all of them
NARROW_SHARE = (
    0.4  # of how far to the side a camera looks that sees only a part of the place: most stands in its middle
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure at its place: the pixel of its feet, pixels per unit."""

    figure: Figure
    x: float
    y: float
    scale: float


@dataclass(frozen=True, slots=True)
class View:
    """The whole arrangement of one picture."""

    box: Box
    lens: Lens
    figures: list[Placed]
    near: Placed | None  # the shoulder that the camera looks over
    things: list[tuple[str, float, float, float]]  # name, x, y, scale
    tilt: float  # degrees
    canvas: Canvas = WIDE


def arrange(shot: Shot, cast: list[Character], *, is_last: bool, variant: int) -> View:
    """The picture of a shot: the same camera for its first and last frame, another one for each variant."""
    canvas = canvas_of(shot)
    present = present_in(shot, cast)
    near = _near_character(shot, present)
    seen = _seen(shot, [character for character in present if character is not near], is_alone=near is None)
    lens = _restaged(_lens(shot, variant), canvas, len(seen))
    placed = _placed(shot, lens, seen, near, is_last=is_last, variant=variant)
    return View(
        box=_box(shot, lens, variant),
        lens=lens,
        figures=placed,
        near=_over_the_shoulder(near, canvas, variant) if near else None,
        things=_things(shot, lens, placed),
        tilt=(7.0 if variant % 2 == 0 else -7.0) if shot.angle == "dutch" else 0.0,
        canvas=canvas,
    )


def present_in(shot: Shot, cast: list[Character]) -> list[Character]:
    """Who is in the shot, at the age that they have there."""
    present = [character for name in shot.characters for character in cast if character.name == name]
    return [
        structs.replace(character, look=aged(character.look, shot.ages[character.name]))
        if shot.ages.get(character.name, character.look.age) != character.look.age and not character.look.animal
        else character
        for character in present
    ]


def _lens(shot: Shot, variant: int) -> Lens:
    lens = LENSES[shot.size]
    if not lens.is_near and shot.setting.interior and backdrop_of(shot.setting).name in NARROW_PLACES:
        lens = replace(LENSES["medium"], figure=SEATED_FIGURE, zoom=1.08, blur=0.6)  # nobody stands far away in a car
    if shot.setting.interior and shot.size == "extreme_wide":
        lens = replace(lens, figure=0.32, line=0.92)
    if shot.angle == "over_the_shoulder" and lens.figure < 1.0:
        lens = LENSES["medium"]
    closer = (1 + 0.07 * variant) * (0.86 if shot.angle == "dutch" else 1.0)  # a tilted picture is cropped
    return replace(lens, figure=lens.figure * closer, zoom=lens.zoom * (1 + 0.05 * variant))


def _restaged(lens: Lens, canvas: Canvas, count: int) -> Lens:
    """The lens for a picture that is not wide: as near as the height allows, and as far away as it takes to see all who are there.

    What is behind them comes nearer or goes further away with them, as long as there is something of it to be seen.
    """
    if canvas.is_wide:
        return lens
    widest = next(width for figure, width in WIDTHS if lens.figure >= figure)
    widest = min(widest, SHOULDERS) if count > 1 and lens.is_near else widest
    room = ROOM_SHARE * canvas.width / (widest * max(1, count))
    figure = min(lens.figure * canvas.magnified, room)
    zoom = max(1.0, lens.zoom * figure / (lens.figure * canvas.magnified))
    if lens.blur >= LENSES["medium"].blur and _shows_feet(lens, figure, canvas):
        full = LENSES["full"]  # who can be seen from head to foot stands on the ground, instead of in mid-air
        return replace(full, figure=figure, zoom=zoom)
    return replace(lens, figure=figure, zoom=zoom)


def _shows_feet(lens: Lens, figure: float, canvas: Canvas) -> bool:
    """Whether a near lens, of so many pixels per unit of a figure, has a grown-up's feet in the picture."""
    return lens.is_near and lens.line * canvas.height + GROWN_UP_EYES * figure < canvas.height


def _box(shot: Shot, lens: Lens, variant: int) -> Box:
    canvas = canvas_of(shot)
    high = WORLD_HEIGHT / lens.zoom
    wide = high * canvas.width / canvas.height
    chance = seeded_random("camera", shot.id, variant)
    x = (WORLD_WIDTH - wide) * (0.5 + chance.uniform(-0.42, 0.42) * (1.0 if canvas.is_wide else NARROW_SHARE))
    middle = 640 if lens.is_near else 660
    y = middle - high * 0.5 if lens.is_near else WORLD_HEIGHT - high
    y += {"low": -0.13, "high": 0.16}.get(shot.angle, 0.0) * high
    return round(x, 1), round(max(0.0, min(WORLD_HEIGHT - high, y)), 1), round(wide, 1), round(high, 1)


def _near_character(shot: Shot, present: list[Character]) -> Character | None:
    if shot.angle != "over_the_shoulder" or not present:
        return None
    return next(
        (character for character in present if character.name != shot.speaker), present[0] if len(present) > 1 else None
    )


def _seen(shot: Shot, characters: list[Character], *, is_alone: bool) -> list[Character]:
    """The characters in the picture: in a close-up only the one who matters, otherwise all of the shot."""
    if shot.size not in ("close_up", "extreme_close_up") or not is_alone or len(characters) < 2:
        return characters[:6]
    return [next((character for character in characters if character.name == shot.speaker), characters[0])]


def _placed(
    shot: Shot, lens: Lens, seen: list[Character], near: Character | None, *, is_last: bool, variant: int
) -> list[Placed]:
    if not seen:
        return []
    canvas = canvas_of(shot)
    spots = _spots(shot, lens, len(seen), variant, is_opposite=near is not None)
    eyes = [eye_level(character.look) for character in seen]
    placed = []
    for number, character in enumerate(seen):
        spot = spots[number]
        part = acting.part_of(shot, character, seen, is_last=is_last, is_left=spot < 0.5)
        figure = acting.directed(
            part, character, shot, lens_is_near=lens.is_near, company=len(seen) + (near is not None)
        )
        x = (spot + part.shift * min(1.0, 0.5 / lens.figure * 0.6)) * canvas.width
        placed.append(Placed(figure, x, _feet(shot, lens, eyes, figure), lens.figure))
    return placed


def head_of(placed: Placed) -> tuple[float, float, float, float]:
    """Where the head of a figure is that stands, sits or walks: left, top, right and bottom, in units of the picture."""
    bones, scale = skeleton(placed.figure), placed.scale * placed.figure.look.height
    side = -1 if placed.figure.faces_left else 1
    x, y, half = placed.x + side * bones.head[0] * scale, placed.y + bones.head[1] * scale, bones.head_size / 2 * scale
    return x - half, y - half, x + half, y + half


def _feet(shot: Shot, lens: Lens, eyes: list[float], figure: Figure) -> float:
    """Where the feet are: from the ground in far shots, from the eyes in near ones, where no head may be cut off."""
    height = canvas_of(shot).height
    lift = {"low": 0.05, "high": -0.04}.get(shot.angle, 0.0) * height
    if not lens.is_near:
        return lens.line * height + lift * 0.3
    sunk = figure.pose.drop * 1000 * figure.look.height * 0.75
    middle = lens.line * height + lift + (sum(eyes) / len(eyes) - sunk) * lens.figure
    highest_eyes = (0.26 if shot.angle == "dutch" else 0.2) * height
    return max(middle, highest_eyes + (max(eyes) - sunk) * lens.figure)


def _spots(shot: Shot, lens: Lens, count: int, variant: int, *, is_opposite: bool) -> list[float]:
    if is_opposite:
        return [0.64 if variant % 2 == 0 else 0.36] if count == 1 else [0.5 + 0.2 * n for n in range(count)]
    if count == 1:
        left = seeded_random("side", shot.id).random() < 0.5
        offset = 0.06 if lens.figure > 2 else 0.12
        return [0.5 - offset if left == (variant % 2 == 0) else 0.5 + offset]
    gap = min(0.86 / count, max(0.1, lens.figure * (0.42 if lens.is_near else 0.54) * 1000 / canvas_of(shot).width))
    return [0.5 + (number - (count - 1) / 2) * gap for number in range(count)]


def _over_the_shoulder(character: Character, canvas: Canvas, variant: int) -> Placed:
    figure = Figure(
        character.look,
        turn=0.0,
        is_back=True,
        kind=creatures.kind_of(character),
        body=creatures.body_of(character),
    )
    nearness, aside, line = (
        (2.5, 0.2, 0.34) if canvas.is_wide else (2.0, 0.1, 0.46)
    )  # lower where there is less room beside
    scale = nearness / character.look.height
    x = aside if variant % 2 == 0 else 1 - aside
    return Placed(figure, x * canvas.width, line * canvas.height + eye_level(character.look) * scale, scale)


def _things(shot: Shot, lens: Lens, placed: list[Placed]) -> list[tuple[str, float, float, float]]:
    names = [name for name in acting.placed_things(shot) if not _is_someone(name, placed)][:2]
    canvas = canvas_of(shot)
    width, height = canvas.width, canvas.height
    if not names or lens.figure > 2:
        return []
    feet = max((figure.y for figure in placed), default=lens.line * height if not lens.is_near else height * 1.02)
    taken = [figure.x for figure in placed]
    free = sorted(
        (0.16, 0.84, 0.5),
        key=lambda spot: -min((abs(spot * width - x) for x in taken), default=width - abs(spot - 0.5)),
    )
    return [
        (name, spot * width, min(feet, height * 1.05) - 8, lens.figure) for name, spot in zip(names, free, strict=False)
    ]


def _is_someone(thing: str, placed: list[Placed]) -> bool:
    """Whether it is one of the figures: "a young fox" is Copper, not another fox beside him."""
    figures = [place.figure for place in placed]
    if thing == "robot":
        return any(figure.look.outfit == "robot" for figure in figures)
    if thing in ("dog", "fox", "wolf", "cat", "bird"):
        return any(figure.kind or figure.body for figure in figures)
    bodies = {ALL_ANIMALS[figure.body].body for figure in figures if figure.body in ALL_ANIMALS}
    return thing.removeprefix(props.ICON) in bodies | {figure.look.animal for figure in figures}
