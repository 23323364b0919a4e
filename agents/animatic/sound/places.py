"""How places sound: layers of noise and small sounds, by the words for the place, the weather and the hour. 16 s that repeat."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from agents.animatic.progress import Report
from agents.animatic.sound.orders import CHANNELS
from agents.animatic.sound.synthesis import (
    Samples,
    chance,
    count_of,
    enveloped,
    filtered,
    in_a_room,
    level,
    noise,
    place,
    swell,
    tone,
    write,
)
from agents.animatic.vocabulary.foreign import place_in_english

SECONDS = 16.0
QUIET, USUAL, LOUD = -44.0, -34.0, -28.0  # dBFS of a layer
LOUDEST_PLACE = -27.0  # of all layers together
THROUGH_A_WALL = ((60.0, 0.0), (300.0, -4.0), (1_000.0, -16.0), (6_000.0, -34.0))  # weather, heard inside
MOST_LAYERS = 4

Layer = Callable[[np.random.Generator], Samples]


def sounding(
    place_: str, weather: str, time_of_day: str, *, is_inside: bool, action: str, to: Path, report: Report
) -> str:
    """`orders.ambience`."""
    names = layers_of(place_, weather, time_of_day, is_inside=is_inside, action=action)
    rng = chance("ambience", place_.casefold(), weather, time_of_day, is_inside)
    whole = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for number, name in enumerate(names):
        report(number / len(names), f"Making {name}")
        layer, decibels = LAYERS[name]
        made = level(layer(rng), decibels)
        if is_inside and name in OUTSIDE:
            made = filtered(made, THROUGH_A_WALL)
        whole += made
    loudness = 20 * np.log10(max(1e-6, float(np.sqrt(np.mean(whole**2)))))
    write(level(whole, min(loudness, LOUDEST_PLACE)), to)
    return ", ".join(names)


def layers_of(place_: str, weather: str, time_of_day: str, *, is_inside: bool, action: str) -> list[str]:
    """The layers of a place: what its words mean, else something that fits everywhere; then weather, then the hour."""
    words = set(re.findall(r"[^\W\d_]+", place_.casefold()))
    if not any(words & meant for meant in WORDS.values()):
        words |= set(place_in_english(place_).split())
    found = [name for name, meant in WORDS.items() if words & meant]
    hinted = [name for name, meant in HINTS.items() if set(re.findall(r"[^\W\d_]+", action.casefold())) & meant]
    outdoors = [] if is_inside or set(found) - WILD else _hour(time_of_day, weather, words)
    usual = ["room tone"] if is_inside else ["open air"]
    chosen = dict.fromkeys([*(found or usual), *hinted, *WEATHER[weather], *outdoors])
    return [name for name in chosen if name not in _SPACE_HAS_NONE or not words & WORDS["ship of the stars"]][
        :MOST_LAYERS
    ]


def _hour(time_of_day: str, weather: str, words: set[str]) -> list[str]:
    """What is alive outside, where nothing drives it away."""
    if weather in ("rain", "snow", "storm"):
        return []
    if words & WORDS["surf"]:
        return ["gulls"] if time_of_day in ("dawn", "day") else []
    return ["crickets"] if time_of_day in ("dusk", "night") else ["birds"]


# --- layers ---------------------------------------------------------------------------------------


def _wind(rng: np.random.Generator) -> Samples:
    gusts = noise(SECONDS, ((40, -12), (120, 0), (500, -6), (1_500, -24), (8_000, -50)), rng)
    howl = noise(SECONDS, ((250, -60), (420, 0), (520, 0), (800, -60)), rng)
    return gusts * swell(SECONDS, 4, rng, depth=0.7) + 0.25 * howl * swell(SECONDS, 5, rng)


def _breeze(rng: np.random.Generator) -> Samples:
    return noise(SECONDS, ((60, -6), (300, 0), (2_500, -12), (9_000, -26)), rng) * swell(SECONDS, 3, rng, depth=0.5)


def _rain(rng: np.random.Generator) -> Samples:
    made = noise(SECONDS, ((100, -22), (900, -8), (3_500, 0), (9_000, -5), (16_000, -16)), rng)
    made *= swell(SECONDS, 3, rng, depth=0.2)
    drop = enveloped(noise(0.03, ((500, -20), (2_500, 0), (8_000, -10)), rng, channels=1), 0.001, 0.028)
    for _ in range(160):
        place(made, drop, rng.uniform(0, SECONDS), gain=rng.uniform(0.4, 2.2), pan=rng.uniform(), wraps=True)
    return made


def _storm(rng: np.random.Generator) -> Samples:
    made = 0.8 * _rain(rng) + 0.9 * _wind(rng)
    for at in (3.0, 11.0):
        place(made, thunder(rng), at + rng.uniform(0, 2), gain=2.2, wraps=True)
    return made


def thunder(rng: np.random.Generator) -> Samples:
    """A roll of thunder, 5 s."""
    roll = noise(5.0, ((25, -4), (60, 0), (180, -10), (700, -34), (4_000, -60)), rng)
    return enveloped(roll * swell(5.0, 6, rng, depth=0.8), 0.08, 4.5)


def _surf(rng: np.random.Generator) -> Samples:
    deep = noise(SECONDS, ((40, 0), (200, -3), (900, -14), (6_000, -34)), rng)
    foam = noise(SECONDS, ((300, -30), (1_500, -4), (5_000, 0), (12_000, -10)), rng)
    moments = np.linspace(0, 2 * np.pi * 2, count_of(SECONDS), endpoint=False)
    wave = (0.5 + 0.5 * np.sin(moments)) ** 2
    after = (0.5 + 0.5 * np.sin(moments - 0.9)) ** 4
    return (deep * (0.3 + wave) + 0.5 * foam * after).astype(np.float32)


def _gulls(rng: np.random.Generator) -> Samples:
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for _ in range(4):
        at, pan = rng.uniform(0, SECONDS), rng.uniform()
        for call in range(int(rng.integers(2, 5))):
            cry = _sweep(0.32, (900, 1_500, 1_050), (1.0, 0.6, 0.3, 0.15))
            place(made, cry, (at + 0.42 * call) % SECONDS, gain=0.5, pan=pan, wraps=True)
    return in_a_room(made, 1.2, rng, share=0.5, wraps=True)


def _birds(rng: np.random.Generator) -> Samples:
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for _ in range(5):
        pitch, pan, at = rng.uniform(2_300, 4_600), rng.uniform(), rng.uniform(0, SECONDS)
        song = [float(rng.uniform(0.8, 1.3)) for _ in range(int(rng.integers(2, 6)))]
        for repeat in range(int(rng.integers(1, 4))):
            for number, step in enumerate(song):
                chirp = _sweep(0.09, (pitch * step, pitch * step * 1.18, pitch * step * 0.92), (1.0, 0.12))
                moment = (at + repeat * 1.3 + number * 0.15) % SECONDS
                place(made, chirp, moment, gain=float(rng.uniform(0.3, 0.7)), pan=pan, wraps=True)
    return in_a_room(made, 0.9, rng, share=0.4, wraps=True)


def _crickets(rng: np.random.Generator) -> Samples:
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for pan in (0.15, 0.5, 0.85):
        chirp = enveloped(tone(float(rng.uniform(4_100, 4_900)), 0.028, (1.0,)), 0.006, 0.014)
        gap = SECONDS / float(rng.integers(24, 34))
        for turn in range(int(SECONDS / gap)):
            for pulse in range(3):
                place(made, chirp, turn * gap + 0.04 * pulse, gain=0.5, pan=pan, wraps=True)
    return made


def _traffic(rng: np.random.Generator) -> Samples:
    made = noise(SECONDS, ((40, 0), (110, -2), (400, -12), (1_500, -24), (6_000, -44)), rng)
    for _ in range(4):
        car = noise(4.0, ((60, 0), (250, -4), (1_200, -10), (5_000, -28)), rng, channels=1)
        place(made, enveloped(car, 2.0, 2.0), rng.uniform(0, SECONDS), gain=0.8, pan=rng.uniform(), wraps=True)
    return made


def _voices(rng: np.random.Generator) -> Samples:
    """People who talk, none of them to be understood."""
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for _ in range(6):
        pitch = float(rng.uniform(105, 230))
        talk = tone(pitch, SECONDS, [1 / (1 + abs(n - 4) * 0.7) for n in range(1, 9)])
        syllables = swell(SECONDS, 70, rng, voices=5) ** 3 * swell(SECONDS, 6, rng) ** 2
        place(made, talk * syllables, 0.0, gain=0.4, pan=rng.uniform())
    murmur = noise(SECONDS, ((120, -14), (400, 0), (1_200, -5), (3_000, -20)), rng) * swell(SECONDS, 40, rng, depth=0.5)
    return in_a_room(made * 0.5 + 0.5 * murmur, 1.0, rng, share=0.8, wraps=True)


def _cups(rng: np.random.Generator) -> Samples:
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for _ in range(9):
        clink = tone(float(rng.uniform(2_400, 4_200)), 0.25, (1.0, 0.0, 0.4, 0.2), decay=0.05)
        place(made, clink, rng.uniform(0, SECONDS), gain=float(rng.uniform(0.2, 0.6)), pan=rng.uniform(), wraps=True)
    return in_a_room(made, 0.7, rng, share=0.5, wraps=True)


def _room(rng: np.random.Generator) -> Samples:
    return noise(SECONDS, ((40, 0), (120, -6), (600, -18), (4_000, -36)), rng)


def _hum(rng: np.random.Generator) -> Samples:
    made = noise(SECONDS, ((60, -10), (300, -8), (2_000, -24)), rng) * 0.4
    place(made, tone(100.0, SECONDS, (1.0, 0.5, 0.3, 0.1, 0.1)), 0.0, gain=0.5)
    return made


def _clock(rng: np.random.Generator) -> Samples:
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for second in range(int(SECONDS)):
        tick = enveloped(noise(0.02, ((800, -20), (2_600, 0), (6_000, -8)), rng, channels=1), 0.0005, 0.018)
        place(made, tick, second, gain=1.0 if second % 2 else 0.7, pan=0.35, wraps=True)
    return in_a_room(made, 0.4, rng, share=0.4, wraps=True)


def _fire(rng: np.random.Generator) -> Samples:
    made = noise(SECONDS, ((40, 0), (150, -3), (700, -14), (5_000, -30)), rng) * swell(SECONDS, 9, rng, depth=0.6)
    for _ in range(120):
        crack = enveloped(
            noise(float(rng.uniform(0.004, 0.02)), ((700, -12), (3_000, 0), (9_000, -8)), rng, channels=1),
            0.0003,
            0.012,
        )
        place(
            made,
            crack,
            rng.uniform(0, SECONDS),
            gain=float(rng.exponential(1.6)),
            pan=rng.uniform(0.3, 0.7),
            wraps=True,
        )
    return made


def _stream(rng: np.random.Generator) -> Samples:
    made = noise(SECONDS, ((150, -16), (600, 0), (2_500, -5), (8_000, -18)), rng) * swell(SECONDS, 20, rng, depth=0.4)
    for _ in range(150):
        pitch = float(rng.uniform(400, 1_300))
        place(
            made,
            _sweep(0.05, (pitch, pitch * 1.5), (1.0,)),
            rng.uniform(0, SECONDS),
            gain=0.5,
            pan=rng.uniform(),
            wraps=True,
        )
    return made


def _drips(rng: np.random.Generator) -> Samples:
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for _ in range(11):
        pitch = float(rng.uniform(700, 1_500))
        place(
            made, _sweep(0.07, (pitch, pitch * 1.7), (1.0, 0.2)), rng.uniform(0, SECONDS), pan=rng.uniform(), wraps=True
        )
    return in_a_room(made, 2.6, rng, share=0.9, wraps=True)


def _hall(rng: np.random.Generator) -> Samples:
    return in_a_room(0.5 * _room(rng), 3.0, rng, share=0.8, wraps=True)


def _keys(rng: np.random.Generator) -> Samples:
    made = np.zeros((CHANNELS, count_of(SECONDS)), np.float32)
    for _ in range(8):
        at, pan = rng.uniform(0, SECONDS), rng.uniform()
        for number in range(int(rng.integers(5, 14))):
            key = enveloped(noise(0.025, ((600, -10), (2_200, 0), (7_000, -6)), rng, channels=1), 0.0005, 0.02)
            place(
                made,
                key,
                (at + number * rng.uniform(0.09, 0.2)) % SECONDS,
                gain=rng.uniform(0.3, 0.8),
                pan=pan,
                wraps=True,
            )
    return in_a_room(made, 0.4, rng, share=0.4, wraps=True)


def _engine(rng: np.random.Generator) -> Samples:
    made = noise(SECONDS, ((30, -2), (90, 0), (400, -10), (2_000, -26), (7_000, -44)), rng)
    place(made, tone(48.0, SECONDS, (1.0, 0.8, 0.5, 0.4, 0.2, 0.2)), 0.0, gain=0.7)
    return made


def _rails(rng: np.random.Generator) -> Samples:
    made = _engine(rng)
    knock = enveloped(noise(0.12, ((80, 0), (300, -4), (1_500, -16)), rng, channels=1), 0.002, 0.11)
    for beat in range(16):
        for second in (0.0, 0.16):
            place(made, knock, beat * SECONDS / 16 + second, gain=2.5, wraps=True)
    return made


def _ship(rng: np.random.Generator) -> Samples:
    made = noise(SECONDS, ((25, 0), (80, -3), (300, -18), (3_000, -46)), rng) * swell(SECONDS, 3, rng, depth=0.3)
    place(made, tone(55.0, SECONDS, (1.0, 0.4, 0.3)) * swell(SECONDS, 2, rng, depth=0.5), 0.0, gain=0.8)
    for _ in range(5):
        beep = enveloped(tone(float(rng.choice((880, 1_175, 1_319))), 0.12, (1.0, 0.1)), 0.01, 0.05)
        place(made, beep, rng.uniform(0, SECONDS), gain=0.25, pan=rng.uniform(), wraps=True)
    return made


def _monitor(rng: np.random.Generator) -> Samples:
    made = 0.02 * _room(rng)
    for beat in range(16):
        place(made, enveloped(tone(960.0, 0.09, (1.0, 0.1)), 0.005, 0.03), beat * SECONDS / 16, gain=0.5, pan=0.6)
    return in_a_room(made, 0.5, rng, share=0.3, wraps=True)


def _under(rng: np.random.Generator) -> Samples:
    """Below the water."""
    made = noise(SECONDS, ((25, 0), (120, -2), (350, -22), (1_500, -50)), rng) * swell(SECONDS, 4, rng, depth=0.5)
    for _ in range(45):
        pitch = float(rng.uniform(180, 600))
        place(
            made,
            _sweep(0.09, (pitch, pitch * 2), (1.0,)),
            rng.uniform(0, SECONDS),
            gain=0.7,
            pan=rng.uniform(),
            wraps=True,
        )
    return made


def _sweep(seconds: float, hertz: Iterable[float], partials: Iterable[float]) -> Samples:
    """A tone that glides from one pitch to the next."""
    points = list(hertz)
    count = count_of(seconds)
    curve = np.interp(np.linspace(0, len(points) - 1, count), range(len(points)), points)
    phase = 2 * np.pi * np.cumsum(curve) / 48_000
    made = sum(strength * np.sin(phase * number) for number, strength in enumerate(partials, start=1))
    return enveloped(np.asarray(made, np.float32)[None, :], seconds * 0.2, seconds * 0.4)


LAYERS: dict[str, tuple[Layer, float]] = {
    "birds": (_birds, -40.0),
    "clock": (_clock, -44.0),
    "crickets": (_crickets, -42.0),
    "cups": (_cups, -42.0),
    "drips": (_drips, -40.0),
    "engine": (_engine, USUAL),
    "fire": (_fire, USUAL),
    "gulls": (_gulls, -40.0),
    "hall": (_hall, QUIET),
    "hum": (_hum, QUIET),
    "keyboards": (_keys, -42.0),
    "monitor": (_monitor, -42.0),
    "open air": (_breeze, -40.0),
    "rails": (_rails, -32.0),
    "rain": (_rain, -31.0),
    "room tone": (_room, -46.0),
    "ship of the stars": (_ship, USUAL),
    "storm": (_storm, LOUD),
    "stream": (_stream, USUAL),
    "surf": (_surf, -31.0),
    "traffic": (_traffic, -33.0),
    "voices": (_voices, -35.0),
    "water all around": (_under, -32.0),
    "wind": (_wind, -33.0),
}
WILD = frozenset({"fire", "stream", "surf", "wind"})  # layers of places where birds and crickets are
OUTSIDE = frozenset({"rain", "storm", "surf", "traffic", "wind"})
_SPACE_HAS_NONE = frozenset({"birds", "crickets", "open air", "rain", "wind", "storm"})
WEATHER: dict[str, tuple[str, ...]] = {
    "clear": (),
    "cloudy": (),
    "fog": (),
    "rain": ("rain",),
    "snow": ("wind",),
    "storm": ("storm",),
}
WORDS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "surf": "beach sea seaside ocean coast shore harbour harbor pier lighthouse island cliff bay boat deck dock quay",
        "stream": "river stream brook creek waterfall fountain watermill",
        "water all around": "underwater submarine seabed reef",
        "traffic": "street city avenue road highway corner crossing downtown alley square rooftop sidewalk taxi parking",
        "voices": "cafe café restaurant bar pub market party crowd station airport school classroom theatre theater shop"
        " gym canteen lobby court courtroom museum stadium mall ballroom tavern inn",
        "cups": "cafe café restaurant bar pub canteen kitchen diner tavern inn bakery",
        "keyboards": "office newsroom police bureau",
        "clock": "study library living parlour parlor clockmaker workshop attic bedroom nursery",
        "hum": "laboratory lab office hospital basement corridor hallway elevator lift server fridge garage kitchen",
        "monitor": "hospital ward clinic",
        "hall": "church cathedral temple castle palace hall museum monastery crypt",
        "drips": "cave cavern tunnel sewer dungeon grotto well cellar bathroom mine",
        "engine": "car bus truck lorry van ferry factory plane cockpit aeroplane airplane machine",
        "rails": "train railway carriage tram subway metro underground platform",
        "ship of the stars": "space spaceship spacecraft starship rocket orbit shuttle moon mars planet capsule",
        "fire": "fireplace campfire camp forge hearth bonfire",
        "wind": "mountain desert moor tundra summit peak tower hilltop arctic heath plain steppe",
    }.items()
}
HINTS: dict[str, frozenset[str]] = {
    "fire": frozenset({"fireplace", "campfire", "bonfire", "hearth"}),
    "clock": frozenset({"ticks", "ticking"}),
}
