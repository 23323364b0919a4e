"""Gives everybody in a film a voice: by gender, age and what they are, apart from each other. No engine is known here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agents.animatic.film import Character, Gender
from agents.animatic.seeded_choice import seeded_choice

Age = Literal["child", "young", "adult", "old"]

NARRATOR = ""  # who reads what nobody says
FASTEST = 1.25  # times the usual pace, for a shot that has to fit

# The pitch in hertz in which grown-ups and children speak, from low to high.
# Source: Baken & Orlikoff, Clinical Measurement of Speech and Voice (2000), chapter 6: means of 100-130 Hz for men, 190-225 Hz
# for women, 230-300 Hz for children; somewhat wider here, so that a cast can be told apart by ear.
_PITCHES: dict[tuple[Gender, bool], tuple[float, float]] = {
    ("male", False): (84.0, 135.0),
    ("female", False): (165.0, 222.0),
    ("male", True): (238.0, 280.0),
    ("female", True): (255.0, 315.0),
}
_PACES = {"child": 1.04, "young": 1.05, "adult": 1.0, "old": 0.9}
_OLD_PITCH = 0.94  # an old voice is a little lower
_STEPS = 5  # places in a range before a pitch comes again, a little shifted
_SHIFT = 0.03


@dataclass(frozen=True, slots=True)
class Voice:
    """How somebody speaks. `pitch` in hertz, `pace` and `liveliness` as multiples of the usual; `variant` tells timbres apart."""

    character: str
    gender: Gender
    age: Age
    pitch: float
    pace: float
    liveliness: float = 1.0  # how far the pitch moves; 0 for a machine
    variant: int = 0
    is_narrator: bool = False

    @property
    def is_child(self) -> bool:
        """Whether it is a child's voice."""
        return self.age == "child"


NARRATION = Voice(NARRATOR, "male", "adult", pitch=104.0, pace=1.2, liveliness=0.9, is_narrator=True)


def voices_of(cast: Sequence[Character]) -> dict[str, Voice]:
    """A voice for each name of the cast, and the narrator's for ""."""
    voices = {NARRATOR: NARRATION}
    met: dict[tuple[Gender, bool], int] = {}
    for character in cast:
        gender = _gender(character)
        kind = (gender, character.look.age == "child")
        voices[character.name] = _voice(character, gender, met.setdefault(kind, 0))
        met[kind] += 1
    return voices


def voice_for(name: str, voices: dict[str, Voice]) -> Voice:
    """The voice of whoever speaks a line; one who is not in the cast gets a voice by the name alone.

    Of several who speak together ("MARA & TOM"), the first of the cast is heard.
    """
    if name in voices:
        return voices[name]
    words = set(re.split(r"\W+", name))
    together = [known for known in voices if known and set(known.split()) <= words]
    if together:
        return voices[min(together, key=name.find)]
    gender: Gender = seeded_choice(("female", "male"), name, "voice")
    low, high = _PITCHES[gender, False]
    return Voice(name, gender, "adult", pitch=(low + high) / 2, pace=1.0, variant=len(name))


def _gender(character: Character) -> Gender:
    """Theirs, or one that is drawn by the name: a voice has to be one or the other."""
    if character.gender != "unknown":
        return character.gender
    return seeded_choice(("female", "male"), character.name, "voice")


def _voice(character: Character, gender: Gender, number: int) -> Voice:
    """The voice of the `number`-th of its kind: spread over the range, first the middle, then far from those before."""
    look = character.look
    low, high = _PITCHES[gender, look.age == "child"]
    place = (0.5, 0.0, 1.0, 0.25, 0.75)[number % _STEPS]
    pitch = (low + (high - low) * place) * (1 + _SHIFT * (number // _STEPS % 4))
    is_machine = look.outfit == "robot"
    return Voice(
        character.name,
        gender,
        look.age,
        pitch=pitch * (_OLD_PITCH if look.age == "old" else 1.0),
        pace=_PACES[look.age],
        liveliness=0.0 if is_machine else 1.0,
        variant=number,
    )
