"""Composes a film's music: a short theme for the title, a quiet piece that repeats under the film, and an ending.

By genre and tone: mode, pace and instruments; by the title: key, chords and melody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agents.animatic.progress import Report
from agents.animatic.sound.orders import CHANNELS, RATE
from agents.animatic.sound.synthesis import (
    Samples,
    chance,
    count_of,
    enveloped,
    in_a_room,
    level,
    noise,
    place,
    tone,
    write,
)

TITLE_SECONDS, END_SECONDS = 5.5, 7.0
UNDER_BARS = 12
SAMPLES_OF_A_BEAT = 480  # of which a beat has a whole number: a length that is quickly transformed
BEATS = 4  # of a bar
LOUDNESS = -24.0  # dBFS of all three pieces
KEYS = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
LOWEST = 48  # MIDI number of C3

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
DORIAN, LYDIAN, PHRYGIAN = (0, 2, 3, 5, 7, 9, 10), (0, 2, 4, 6, 7, 9, 11), (0, 1, 3, 5, 7, 8, 10)

# Of strings (soft, many overtones), a piano, plucked strings, a music box, and a machine.
PARTIALS: dict[str, tuple[float, ...]] = {
    "strings": (1.0, 0.5, 0.36, 0.22, 0.16, 0.1, 0.07, 0.05),
    "piano": (1.0, 0.45, 0.25, 0.14, 0.08, 0.05),
    "harp": (1.0, 0.6, 0.2, 0.15, 0.05),
    "music box": (1.0, 0.0, 0.25, 0.0, 0.12),
    "synthesiser": (1.0, 0.5, 0.33, 0.25, 0.2, 0.16, 0.14),
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a kind of film is accompanied. `progressions`: degrees of the scale, 0 is the first."""

    mode: tuple[int, ...]
    mode_name: str
    beats_a_minute: int
    lead: str
    progressions: tuple[tuple[int, ...], ...]
    arpeggio: int = 2  # notes in a beat; 0: none
    drums: bool = False
    drone: bool = False


_BRIGHT = ((0, 4, 5, 3), (0, 3, 4, 0), (0, 5, 3, 4))
_SAD = ((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 4))
MANNERS: dict[str, Manner] = {
    "horror": Manner(PHRYGIAN, "Phrygian", 54, "strings", ((0, 1, 0, 1), (0, 0, 1, 4)), arpeggio=0, drone=True),
    "suspense": Manner(MINOR, "minor", 84, "piano", ((0, 5, 0, 4), (0, 0, 5, 4)), arpeggio=2, drone=True),
    "sorrow": Manner(MINOR, "minor", 62, "piano", _SAD, arpeggio=1),
    "love": Manner(MAJOR, "major", 70, "piano", _BRIGHT, arpeggio=2),
    "wonder": Manner(LYDIAN, "Lydian", 76, "harp", ((0, 1, 0, 4), (0, 1, 5, 4)), arpeggio=3),
    "lullaby": Manner(MAJOR, "major", 72, "music box", _BRIGHT, arpeggio=2),
    "adventure": Manner(DORIAN, "Dorian", 104, "strings", ((0, 6, 3, 4), (0, 3, 6, 0)), arpeggio=2, drums=True),
    "comedy": Manner(MAJOR, "major", 116, "harp", _BRIGHT, arpeggio=2),
    "future": Manner(DORIAN, "Dorian", 92, "synthesiser", ((0, 5, 3, 6), (0, 3, 5, 6)), arpeggio=4),
    "upbeat": Manner(MAJOR, "major", 118, "synthesiser", _BRIGHT, arpeggio=4, drums=True),
    "calm": Manner(MAJOR, "major", 80, "piano", _BRIGHT, arpeggio=2),
}
# The first that is found counts; tone goes before genre, but for horror.
_MEANINGS = (
    ("horror", ("horror", "terror", "scary", "haunt", "ghost", "macabre")),
    ("comedy", ("comed", "funny", "humor", "humour", "silly", "playful", "light-hearted", "whimsical")),
    ("suspense", ("suspens", "thrill", "myster", "noir", "crime", "detective", "tense", "uneas", "dark", "eerie")),
    ("lullaby", ("bedtime", "lullab", "children", "nursery", "gentle", "tender")),
    ("love", ("love", "romanc", "romantic", "warm")),
    (
        "sorrow",
        ("sad", "sorrow", "tragic", "traged", "melanchol", "farewell", "grief", "bittersweet", "drama", "wistful"),
    ),
    ("future", ("science", "sci-fi", "future", "cyber", "space", "robot", "dystop")),
    ("wonder", ("fantas", "fairy", "magic", "wonder", "dream", "myth")),
    ("adventure", ("adventur", "action", "western", "quest", "epic", "war", "sport", "heroic", "urgent", "exciting")),
    ("upbeat", ("energetic", "upbeat", "party", "pop", "cheerful", "joy", "happy")),
)
_FORMS = {"advertisement": "upbeat", "music_video": "upbeat", "how_to": "calm", "documentary": "calm"}


def manner_of(genre: str, tone_: str, form: str) -> Manner:
    """The manner that a film asks for: by its tone, else its genre, else its form."""
    if any(sign in f"{genre} {tone_}".casefold() for sign in _MEANINGS[0][1]):
        return MANNERS["horror"]
    for text in (tone_.casefold(), genre.casefold()):
        for name, signs in _MEANINGS:
            if any(sign in text for sign in signs):
                return MANNERS[name]
    return MANNERS[_FORMS.get(form, "calm")]


def composed(title: str, genre: str, tone_: str, form: str, *, folder: Path, report: Report) -> str:
    """`orders.score`."""
    manner = manner_of(genre, tone_, form)
    piece = _Piece(manner, title.casefold())
    for number, (name, make) in enumerate((("title", piece.opening), ("under", piece.under), ("end", piece.ending))):
        report(number / 3, f"Composing the {name} music")
        write(level(make(), LOUDNESS), folder / f"{name}.wav")
    return f"{manner.lead} in {KEYS[piece.key]} {manner.mode_name}, {manner.beats_a_minute} beats a minute"


class _Piece:
    """The music of one film."""

    def __init__(self, manner: Manner, title: str) -> None:
        self._manner = manner
        self._rng = chance("score", title, manner.mode_name, manner.lead)
        self.key = int(self._rng.integers(0, 12))
        self._chords = manner.progressions[int(self._rng.integers(0, len(manner.progressions)))]
        self._beat = round(60 / manner.beats_a_minute * RATE / SAMPLES_OF_A_BEAT) * SAMPLES_OF_A_BEAT / RATE
        self._tones: dict[tuple[object, ...], Samples] = {}  # that are made already
        # A melody of eight notes, in steps of the scale; the same one in all three pieces.
        self._melody = [int(step) for step in np.clip(np.cumsum(self._rng.choice((-2, -1, 1, 1, 2), 8)), -3, 6)]

    def opening(self) -> Samples:
        """The melody, once."""
        whole = self._silence(TITLE_SECONDS)
        self._pad(whole, 0.0, self._chords[0], TITLE_SECONDS * 0.55)
        self._pad(whole, TITLE_SECONDS * 0.5, self._chords[-1], TITLE_SECONDS * 0.5)
        step = min(self._beat, TITLE_SECONDS / 9)
        for number, degree in enumerate(self._melody[:6]):
            self._note(whole, number * step, degree + 7, step * 2.5, 0.5)
        return enveloped(in_a_room(whole, 2.0, self._rng, share=0.35)[:, : count_of(TITLE_SECONDS)], 0.15, 1.5)

    def under(self) -> Samples:
        """Chords, broken chords, and now and then a part of the melody; its end fits its beginning."""
        bar = BEATS * self._beat
        whole = self._silence(UNDER_BARS * bar)
        for number in range(UNDER_BARS):
            chord, at = self._chords[number // 2 % len(self._chords)], number * bar
            if number % 2 == 0:
                self._pad(whole, at, chord, 2 * bar + 0.6)
            self._bass(whole, at, chord)
            self._broken(whole, at, chord)
            self._beaten(whole, at)
            if number % 8 in (4, 5):
                half = self._melody[:4] if number % 8 == 4 else self._melody[4:]
                for beat, degree in enumerate(half):
                    self._note(whole, at + beat * self._beat, degree + 7, 1.8 * self._beat, 0.32)
        return in_a_room(whole, 1.8, self._rng, share=0.3, wraps=True)

    def ending(self) -> Samples:
        """A cadence that comes to rest on the first step."""
        whole = self._silence(END_SECONDS)
        for at, chord in ((0.0, 3), (1.3, 4), (2.6, 0)):
            self._pad(whole, at, chord, 1.6 if chord else END_SECONDS - 2.6)
            self._bass(whole, at, chord)
        for number, degree in enumerate((self._melody[0], 1, 0)):
            self._note(whole, 1.3 * number, degree + 7, 3.0, 0.45)
        return enveloped(in_a_room(whole, 2.4, self._rng, share=0.4)[:, : count_of(END_SECONDS)], 0.2, 3.2)

    # --- parts ------------------------------------------------------------------------------------

    def _silence(self, seconds: float) -> Samples:
        return np.zeros((CHANNELS, count_of(seconds)), np.float32)

    def _hertz(self, degree: int, octave: int = 0) -> float:
        octaves, step = divmod(degree, 7)
        number = (
            LOWEST + (self.key if self.key < 7 else self.key - 12) + self._manner.mode[step] + 12 * (octaves + octave)
        )
        return float(440.0 * 2 ** ((number - 69) / 12))

    def _chord(self, degree: int) -> Sequence[int]:
        return (degree, degree + 2, degree + 4)

    def _pad(self, whole: Samples, at: float, degree: int, seconds: float) -> None:
        """Strings that hold a chord; two a little out of tune with each other sound like many."""
        for number, step in enumerate(self._chord(degree)):
            for pan, detune in ((0.2, 0.997), (0.8, 1.003)):
                edge = min(0.8, seconds / 3)
                held = self._tone(self._hertz(step) * detune, seconds, PARTIALS["strings"][:6], 0.0, edge, edge)
                place(whole, held, at, gain=0.10 - 0.01 * number, pan=pan, wraps=True)

    def _bass(self, whole: Samples, at: float, degree: int) -> None:
        seconds = BEATS * self._beat
        if self._manner.drone:
            degree = 0
        decay = 0.0 if self._manner.drone else seconds / 2
        deep = self._tone(self._hertz(degree, -1), seconds, (1.0, 0.4, 0.15), decay, 0.05, seconds / 3)
        place(whole, deep, at, gain=0.22, wraps=True)

    def _broken(self, whole: Samples, at: float, degree: int) -> None:
        """The notes of the chord, one after the other."""
        notes = self._manner.arpeggio * BEATS
        order = (0, 2, 4, 7, 4, 2)
        for number in range(notes):
            step = degree + order[number % len(order)]
            strength = 0.14 if number % self._manner.arpeggio else 0.2
            self._note(whole, at + number * self._beat / self._manner.arpeggio, step, self._beat * 1.5, strength)

    def _note(self, whole: Samples, at: float, degree: int, seconds: float, strength: float) -> None:
        lead = self._manner.lead
        octave = 1 if lead in ("music box", "harp") else 0
        decay = {"strings": 0.0, "music box": 0.5, "piano": 0.6, "harp": 0.45, "synthesiser": 0.25}[lead]
        attack = 0.12 if lead == "strings" else 0.006
        made = self._tone(self._hertz(degree, octave), seconds, PARTIALS[lead], decay, attack, seconds / 3)
        place(whole, made, at, gain=strength, pan=0.35 + 0.15 * (degree % 3), wraps=True)

    def _tone(
        self, hertz: float, seconds: float, partials: tuple[float, ...], decay: float, attack: float, release: float
    ) -> Samples:
        """A tone with its beginning and end; each is made once, however often it is played."""
        key = (hertz, seconds, partials, decay, attack)
        if key not in self._tones:
            self._tones[key] = enveloped(tone(hertz, seconds, partials, decay=decay), attack, release)
        return self._tones[key]

    def _beaten(self, whole: Samples, at: float) -> None:
        """A soft drum on one and three, a shaker between."""
        if not self._manner.drums:
            return
        for beat in range(BEATS):
            moment = at + beat * self._beat
            if beat % 2 == 0:
                place(
                    whole, enveloped(tone(62.0, 0.22, (1.0, 0.3), decay=0.08), 0.004, 0.1), moment, gain=0.5, wraps=True
                )
            shaker = enveloped(
                noise(0.06, ((3_000, -20), (7_000, 0), (14_000, -6)), self._rng, channels=1), 0.005, 0.05
            )
            place(whole, shaker, moment + self._beat / 2, gain=0.06, wraps=True)
