"""From an order to a file: draws the layers, lights them, lays them over each other."""

from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from agents.animatic import pictures
from agents.animatic.drawing import acting, creatures, finish, framing, overhead, props, svg
from agents.animatic.drawing.brought import NOTHING, Brought, dressed_up, graded, with_head, with_heads
from agents.animatic.drawing.figures import Figure, grip
from agents.animatic.drawing.figures import draw as draw_figure
from agents.animatic.drawing.framing import Canvas, Placed, View, canvas_of
from agents.animatic.drawing.painting import glows_in, painted, photographed
from agents.animatic.drawing.palette import darker, lighter, mix
from agents.animatic.drawing.rendering import render
from agents.animatic.drawing.scenery import Glow
from agents.animatic.drawing.treatments import treated
from agents.animatic.film import Character, PortraitView, Shot
from agents.animatic.seeded_choice import seeded_random

PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 640, 800
INSERTED_HEIGHT = 560.0  # pixels of a thing that fills the picture
WIDEST_INSERTED = 918.0  # a labelled card
MOST_ON_A_BOARD = 2  # things
SHARP_SHARE, SOFT_SHARE = 0.8, 0.5  # of the frame: a backdrop that will be out of focus is drawn smaller


@dataclass(frozen=True, slots=True)
class PortraitOrder:
    """A portrait to be drawn into the file `to`."""

    character: Character
    view: PortraitView
    style: str
    to: str
    brought: Brought = NOTHING


@dataclass(frozen=True, slots=True)
class FrameOrder:
    """A frame to be drawn into the file `to`."""

    shot: Shot
    cast: list[Character]
    style: str
    to: str
    is_last: bool
    variant: int
    brought: Brought = NOTHING


def draw(order: PortraitOrder | FrameOrder) -> None:
    """Draws and writes the picture. Runs in a drawing process.

    Raises: OSError when it cannot be written.
    """
    picture = portrait(order) if isinstance(order, PortraitOrder) else frame(order)
    pictures.write(picture, Path(order.to))


def frame(order: FrameOrder) -> Image.Image:
    """The first or last frame of a shot, a quarter larger than the film (1600x900 for 1280x720), RGB."""
    order = replace(order, cast=dressed_up(order.cast, order.brought))
    shot = order.shot
    if shot.angle == "overhead":
        picture = overhead.photographed(shot, order.cast, is_last=order.is_last, variant=order.variant)
    else:
        picture = _seen_from_the_side(order)
    if not shot.setting.interior:
        picture = finish.weathered(
            picture,
            shot.setting,
            painted(shot.setting).light,
            seeded_random("drops", shot.id, order.is_last),
            scale=canvas_of(shot).scale,
        )
    return graded(treated(finish.vignetted(picture), order.style), order.brought)


def _seen_from_the_side(order: FrameOrder) -> Image.Image:
    shot = order.shot
    view = framing.arrange(shot, order.cast, is_last=order.is_last, variant=order.variant)
    view = with_heads(view, order.brought)
    canvas = view.canvas
    picture = _behind(shot, view)
    if shot.setting.weather == "storm" and not shot.setting.interior and not order.is_last:
        picture = finish.struck(picture, seeded_random("lightning", shot.id, order.variant), scale=canvas.scale)
    feet = [
        (
            placed.x * canvas.scale,
            placed.y * canvas.scale,
            placed.scale * canvas.scale * 170 * placed.figure.look.height,
        )
        for placed in view.figures
        if placed.y < canvas.height * 1.1
    ]
    picture = finish.shadowed(picture, feet, 0.75 - 0.25 * painted(shot.setting).light.darkness)
    drawn = _figures(shot, view)
    if drawn:
        width = min(16.0, max(2.0, view.lens.figure * 5)) * canvas.scale
        _lay(picture, render(drawn, (0, 0, canvas.width, canvas.height), *canvas.size), shot, width)
        picture = finish.glowing(picture, _shining(view), 0.3 + 0.6 * painted(shot.setting).light.darkness)
    if view.near:
        picture = _with_shoulder(picture, view.near, canvas)
    return _tilted(picture, view.tilt)


def _lay(picture: Image.Image, layer: Image.Image, shot: Shot, rim: float) -> None:
    """Puts figures into the picture, in its light; only where there are any."""
    area = layer.getchannel("A").getbbox()
    if area is None:
        return
    layer = finish.lit(layer.crop(area), painted(shot.setting).light, is_indoors=shot.setting.interior, width=rim)
    picture.paste(layer, area[:2], mask=layer.getchannel("A"))


def _behind(shot: Shot, view: View) -> Image.Image:
    size = view.canvas.size
    share = SHARP_SHARE if view.lens.blur < 3 else SOFT_SHARE
    picture = photographed(shot.setting, view.box, round(size.width * share), int(size.height * share))
    picture = finish.blurred(picture.resize(size, Image.Resampling.BICUBIC), view.lens.blur * view.canvas.scale)
    return finish.glowing(picture.copy(), glows_in(shot.setting, view.box, size.width))


def _figures(shot: Shot, view: View) -> str:
    things = "".join(svg.group(props.draw(name), x=x, y=y, scale=scale) for name, x, y, scale in view.things)
    figures = "".join(_at(placed) for placed in view.figures)
    return things + (figures or _insert(shot, view.canvas, bool(view.things)))


def _shining(view: View) -> list[Glow]:
    """The light of what the figures hold or stand beside, in pixels."""
    by = view.canvas.scale
    sources = [(name, x, y, scale) for name, x, y, scale in view.things]
    for placed in view.figures:
        x, y = grip(placed.figure)
        sources.append((placed.figure.holds, placed.x + x * placed.scale, placed.y + y * placed.scale, placed.scale))
    shining = [(props.SHINING[name], x, y, scale) for name, x, y, scale in sources if name in props.SHINING]
    return [
        Glow(x * by, (y - up * scale) * by, radius * scale * by, colour, 0.85)
        for (up, radius, colour), x, y, scale in shining
    ]


def _at(placed: Placed) -> str:
    figure = placed.figure
    seat = (
        svg.group(props.seat(), scale=figure.look.height)
        if figure.pose.near_leg[0] > 60 < figure.pose.far_leg[0]
        else ""
    )
    return svg.group(seat + draw_figure(figure), x=placed.x, y=placed.y, scale=placed.scale)


def _insert(shot: Shot, canvas: Canvas, has_things: bool) -> str:  # noqa: FBT001
    """What a shot without characters is about, large in the middle: up to two small things on a board, or a large one on the ground."""
    if has_things or shot.size in ("extreme_wide", "wide"):
        return ""
    things = acting.all_things(shot)
    small = [name for name in things if props.is_held(name)][:MOST_ON_A_BOARD]
    if things and not small:
        return _standing(things[0], canvas)
    names = small or [name for name in [acting.card(shot)] if name]
    if not names:
        return ""
    wide, high = canvas.width, canvas.height
    board = painted(shot.setting).on("#8a5f40" if shot.setting.interior else "#7a7468")
    top = svg.path(
        f"M-10 {0.678 * high:.0f} L{wide + 10} {0.622 * high:.0f} L{wide + 10} {high + 10} L-10 {high + 10}Z",
        f"down({lighter(board, 0.16)},{darker(board, 0.4)})",
    )
    gap = wide * (0.34 if canvas.is_wide else 0.46)
    spots = [(name, wide / 2 + (number - (len(names) - 1) / 2) * gap) for number, name in enumerate(names)]
    size = 1.0 if canvas.is_wide else min(canvas.magnified, 0.8 * wide / WIDEST_INSERTED) / len(names)
    return top + "".join(_on_the_board(name, x, high, size) for name, x in spots)


def _on_the_board(name: str, x: float, high: float, size: float) -> str:
    shadow = svg.ellipse(x + 40, high * 7 / 9, 330 * size, 46 * size, "glow(#0a0816cc,#0a081600)")
    scale = min(3.4, INSERTED_HEIGHT / props.height_of(name)) * size
    return shadow + svg.group(props.draw(name), x=x, y=high * 0.56, scale=scale)


def _standing(name: str, canvas: Canvas) -> str:
    """A large thing by itself: a horse, a car."""
    size = 1.0 if canvas.is_wide else 0.8 * canvas.width / canvas.height
    x, ground = canvas.width / 2, canvas.height * (0.9 if canvas.is_wide else 0.76)
    scale = canvas.height * 0.66 * size / props.height_of(name)
    shadow = svg.ellipse(x, ground, 420, 44, "glow(#0a0816aa,#0a081600)")
    return shadow + svg.group(props.draw(name), x=x, y=ground, scale=scale)


def _with_shoulder(picture: Image.Image, near: Placed, canvas: Canvas) -> Image.Image:
    """The picture with a character dark and out of focus before the camera."""
    size = canvas.size
    small = render(_at(near), (0, 0, canvas.width, canvas.height), size.width // 2, size.height // 2)
    blur = 3 * canvas.scale
    alpha = finish.blurred(small.getchannel("A"), blur).resize(size, Image.Resampling.BICUBIC)
    body = Image.blend(small.convert("RGB"), Image.new("RGB", small.size, "#0d0b18"), 0.62)
    picture.paste(finish.blurred(body, blur).resize(size, Image.Resampling.BICUBIC), mask=alpha)
    return picture


def _tilted(picture: Image.Image, degrees: float) -> Image.Image:
    if not degrees:
        return picture
    turned = picture.rotate(degrees, Image.Resampling.BICUBIC)
    width, height = picture.size
    inset_x, inset_y = int(width * 0.095), int(height * 0.095)
    # What is left after the turn, without the empty corners.
    return turned.resize(
        picture.size, Image.Resampling.BICUBIC, box=(inset_x, inset_y, width - inset_x, height - inset_y)
    )


def portrait(order: PortraitOrder) -> Image.Image:
    """A character from one side before a plain background, 640x800, RGB."""
    (character,) = dressed_up([order.character], order.brought)
    look = character.look
    turn = {"front": 0.0, "side": 1.0, "back": 0.0}[order.view]
    figure = Figure(
        look,
        turn=turn,
        is_back=order.view == "back",
        kind=creatures.kind_of(character),
        body=creatures.body_of(character),
        name=character.name,
    )
    figure = with_head(figure, dict(order.brought.faces))
    scale = 0.58 / look.height if figure.body else 0.6 if look.height > 1.1 else 0.66
    tone = mix(look.top, "#8a90a8", 0.55)
    back = svg.rect(0, 0, 640, 800, f"down({lighter(tone, 0.42)},{lighter(tone, 0.12)},{darker(tone, 0.3)})")
    back += svg.ellipse(320, 330, 330, 360, "glow(#ffffff99,#ffffff22,#ffffff00)") + svg.ellipse(
        320, 738, 210, 26, "glow(#00000066,#00000000)"
    )
    picture = render(back, (0, 0, 640, 800), PORTRAIT_WIDTH, PORTRAIT_HEIGHT).convert("RGB")
    layer = render(
        svg.group(draw_figure(figure), x=320, y=730, scale=scale), (0, 0, 640, 800), PORTRAIT_WIDTH, PORTRAIT_HEIGHT
    )
    layer = finish.lit(layer, finish.STUDIO, is_indoors=True, width=5)
    picture.paste(layer, mask=layer.getchannel("A"))
    name = render(svg.label(order.character.name[:28], 320, 782, 20, "#ffffffdd"), (0, 0, 640, 800), 640, 800)
    picture.paste(name, mask=name.getchannel("A"))
    return graded(treated(picture, order.style), order.brought)
