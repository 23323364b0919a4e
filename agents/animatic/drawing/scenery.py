"""What a backdrop is made of: a world of 2000x1125 units, its light, and the glows that are added to it."""

from dataclasses import dataclass, field, replace
from random import Random

from agents.animatic.drawing.palette import Light, light_of, mix
from agents.animatic.film import Setting
from agents.animatic.seeded_choice import seeded_random

WORLD_WIDTH, WORLD_HEIGHT = 2000.0, 1125.0
HORIZON = 690.0  # outdoors: where sky and ground meet
FLOOR = 830.0  # indoors: where wall and floor meet


@dataclass(frozen=True, slots=True)
class Glow:
    """Light that is added on top of everything: around lamps, below windows."""

    x: float
    y: float
    radius: float
    colour: str
    strength: float = 0.5


@dataclass(slots=True)
class Scenery:
    """A place that is being painted. The same place gives the same chance, so that it looks the same in every shot."""

    setting: Setting
    light: Light
    chance: Random
    glows: list[Glow] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)

    def add(self, *content: str) -> None:
        """Paints on top of what is there."""
        self.drawn.extend(content)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 0.5) -> None:
        """Adds a light."""
        self.glows.append(Glow(x, y, radius, colour, strength))

    def on(self, colour: str, depth: float = 0.0) -> str:
        """A colour in this place's light."""
        return self.light.on(colour, depth)

    @property
    def is_mirrored(self) -> bool:
        """Whether the finished place is shown the other way round, so that two places of a kind differ."""
        return seeded_random("mirrored", self.setting.place).random() < 0.5

    @property
    def is_dark(self) -> bool:
        """Whether lamps burn and windows shine."""
        return self.light.lamps_are_lit


def scenery_of(setting: Setting) -> Scenery:
    """An empty scene. Indoors lamps make the evening warm and keep the dark out."""
    light = light_of(setting)
    if setting.interior and light.lamps_are_lit:
        light = replace(light, ambient=mix(light.ambient, "#e2b48c", 0.42), haze=mix(light.haze, "#6a4a44", 0.5))
    return Scenery(setting, light, seeded_random("scenery", setting.place, setting.interior))
