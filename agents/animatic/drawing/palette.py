"""Colour: mixing it, and the light of a time of day and a weather."""

from dataclasses import dataclass, replace

from agents.animatic.film import Period, Setting, TimeOfDay, Weather
from agents.animatic.seeded_choice import seeded_random


def channels(colour: str) -> tuple[int, int, int]:
    """ "#rrggbb" as numbers 0-255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hex_colour(red: float, green: float, blue: float) -> str:
    """Numbers 0-255 as "#rrggbb"."""
    return "#" + "".join(f"{max(0, min(255, round(value))):02x}" for value in (red, green, blue))


def mix(one: str, other: str, share: float) -> str:
    """`one` with a share (0.0-1.0) of `other`."""
    pairs = zip(channels(one), channels(other), strict=True)
    red, green, blue = (a + (b - a) * share for a, b in pairs)
    return hex_colour(red, green, blue)


def multiply(one: str, other: str) -> str:
    """`one` seen in the light of `other`."""
    red, green, blue = (a * b / 255 for a, b in zip(channels(one), channels(other), strict=True))
    return hex_colour(red, green, blue)


def lighter(colour: str, share: float) -> str:
    """Towards white."""
    return mix(colour, "#ffffff", share)


def darker(colour: str, share: float) -> str:
    """Towards a deep blue that shadows have."""
    return mix(colour, "#120f24", share)


def brightness(colour: str) -> float:
    """Perceived, 0.0-1.0 (Rec. 601)."""
    red, green, blue = channels(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def see_through(colour: str, opacity: float) -> str:
    """The colour with an opacity of 0.0-1.0."""
    return f"{colour}{round(max(0.0, min(1.0, opacity)) * 255):02x}"


@dataclass(frozen=True, slots=True)
class Light:
    """What a time of day and a weather do to everything."""

    sky: tuple[str, str, str]  # zenith, middle, horizon
    key: str  # the strongest light
    haze: str  # what far things fade into
    ambient: str  # what near things are multiplied with
    darkness: float  # 0.0 noon, 1.0 pitch dark
    comes_from_left: bool = True
    lamps_are_lit: bool = False

    def on(self, colour: str, depth: float = 0.0) -> str:
        """A thing's colour in this light; depth 0.0 is near, 1.0 lost in the haze."""
        return mix(multiply(colour, self.ambient), self.haze, depth)


LIGHTS: dict[TimeOfDay, Light] = {
    "dawn": Light(("#3d4f8a", "#c98fa6", "#ffd9ae"), "#ffcf9c", "#e8b9ae", "#d8c4d4", 0.25),
    "day": Light(("#2f7fc1", "#7dbbe6", "#dcf0f4"), "#fff4d8", "#c9e2ec", "#ffffff", 0.0),
    "dusk": Light(("#2a2659", "#94487c", "#ff9d5e"), "#ffa563", "#b9647d", "#c79bb4", 0.45, lamps_are_lit=True),
    "night": Light(("#070c22", "#13275a", "#34598f"), "#a9c6ff", "#27487a", "#7b92c9", 0.85, lamps_are_lit=True),
}
# Weather -> (what the light is mixed with, share of the sky, share of the rest)
WEATHERS: dict[Weather, tuple[str, float, float]] = {
    "clear": ("#ffffff", 0.0, 0.0),
    "cloudy": ("#8f9bab", 0.5, 0.2),
    "rain": ("#566474", 0.65, 0.38),
    "snow": ("#c3ccda", 0.55, 0.2),
    "fog": ("#a3b0ba", 0.62, 0.22),
    "storm": ("#2b3345", 0.75, 0.5),
}


# Period -> what everything is tinted with, and how much: parchment, sepia, cold glass.
PERIOD_TINTS: dict[Period, tuple[str, float]] = {
    "medieval": ("#e0b070", 0.16), "19th_century": ("#c9966a", 0.2), "today": ("#ffffff", 0.0), "future": ("#6fc8f0", 0.2),
}  # fmt: skip


def _of_its_period(light: Light, period: Period) -> Light:
    tint, share = PERIOD_TINTS[period]
    if not share:
        return light
    top, middle, low = (mix(colour, tint, share) for colour in light.sky)
    return replace(
        light, sky=(top, middle, low), haze=mix(light.haze, tint, share), ambient=mix(light.ambient, multiply(light.ambient, tint), share * 2)
    )  # fmt: skip


def light_of(setting: Setting) -> Light:
    """The light of a place; from which side it comes belongs to the place."""
    light = _of_its_period(LIGHTS[setting.time_of_day], setting.period)
    veil, on_sky, on_rest = WEATHERS[setting.weather]
    veil = mix(veil, light.sky[1], light.darkness * 0.75)
    top, middle, horizon = (mix(colour, veil, on_sky) for colour in light.sky)
    return replace(
        light,
        sky=(top, middle, horizon),
        key=mix(light.key, veil, on_rest),
        haze=mix(light.haze, veil, min(1.0, on_sky * 1.2)),
        ambient=mix(light.ambient, multiply(light.ambient, lighter(veil, 0.35)), on_rest),
        darkness=min(1.0, light.darkness + on_rest * 0.4),
        comes_from_left=seeded_random("light", setting.place).random() < 0.5,
        lamps_are_lit=light.lamps_are_lit or setting.weather in ("storm", "fog", "rain"),
    )
