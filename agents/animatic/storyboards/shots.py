"""Breaks a scene into shots as a film maker would: establish, get closer while the talk heats up, peak, and let go.

Every line of dialogue is in exactly one shot, in order. A speech longer than a caption can hold is cut at its
sentences into several lines (see beats.py).
"""

import re
from collections import Counter
from dataclasses import dataclass

from msgspec.structs import replace

from agents.animatic.characters.looks import ages_in
from agents.animatic.clues import told_by
from agents.animatic.drawing.props import is_held, things_mentioned
from agents.animatic.film import (
    CameraMove,
    Cast,
    FilmFormat,
    Plan,
    Scene,
    Shot,
    ShotAngle,
    ShotSize,
    Storyboard,
)
from agents.animatic.lengths import seconds_of_shots, seconds_to_say, shared_out
from agents.animatic.periods import period_of_scene
from agents.animatic.progress import Report
from agents.animatic.screenplays.directions import Direction
from agents.animatic.screenplays.people import position_of, voices
from agents.animatic.seeded_choice import seeded_choice
from agents.animatic.stories.cards import is_english
from agents.animatic.storyboards.beats import GLANCING_SPEED, Beat, beats_of, seconds_to_read
from agents.animatic.subjects import subject_of

MOST_IN_PICTURE = 4
QUOTATION_MARKS = '“”"„«»'
SILENT_SHORTEST = 2.25  # seconds

_SHOUTED = re.compile(r"!|\b[^\W\d_a-z]{4,}\b")
_FRAIL = re.compile(
    r"\b(?:alone|afraid|sorry|lost|tired|cry|cries|tears|kneels?|falls?|small|gone|quiet\w*|whisper\w*)\b", re.I
)
_LOOKS_UP = re.compile(
    r"\b(?:sky|stars?|above|ceiling|tower|climbs?|rises?|moon|up|fly|flies|lifts?|roof)\b", re.IGNORECASE
)
_LOOKS_DOWN = re.compile(
    r"\b(?:ground|floor|falls?|sinks?|drops?|down|lies|kneels?|table|map|footprints?)\b", re.IGNORECASE
)
_TRAVELS = re.compile(
    r"\b(?:walks?|runs?|rides?|drives?|crosses|follows?|hurr(?:y|ies)|leaves?|enters?|arrives?|sails?|carr(?:y|ies))\b",
    re.I,
)
_THEY = re.compile(r"^(?:they|both|he|she|it|together they|all)\b|\b(?:them|they)\b", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:they|them|both|together|each other)\b", re.IGNORECASE)
_UNEASY = re.compile(r"horror|thriller|mystery|noir|uneas|dark|tense|eerie", re.IGNORECASE)

_SIZE_WORDS: dict[ShotSize, str] = {
    "extreme_wide": "Extreme wide shot",
    "wide": "Wide shot",
    "full": "Full shot",
    "medium": "Medium shot",
    "close_up": "Close-up",
    "extreme_close_up": "Extreme close-up",
}
_MOVE_ENDS: dict[CameraMove, str] = {
    "hold": "the same view, a moment later",
    "pan_left": "the view has moved on to the left",
    "pan_right": "the view has moved on to the right",
    "tilt_up": "the view has risen",
    "tilt_down": "the view has come down",
    "push_in": "closer now",
    "pull_out": "further away now",
}


@dataclass(frozen=True, slots=True)
class _Framing:
    size: ShotSize
    angle: ShotAngle
    move: CameraMove


def length_of(scene: Scene) -> tuple[int, float]:
    """How many shots a scene has, and how many seconds they take."""
    beats = beats_of(scene)
    return len(beats), sum(_seconds(beat, _caption(scene, beat, language="")) for beat in beats)


def board(scene: Scene, cast: Cast, *, plan: Plan, film_format: FilmFormat = "16:9", report: Report) -> Storyboard:
    """The shots of a scene, staged for a film of that format."""
    report(0.05, f"Reading {scene.heading}")
    beats = beats_of(scene)
    artist = _Artist(scene, [character.name for character in cast.characters], plan, film_format)
    shots = []
    for number, beat in enumerate(beats, start=1):
        report(0.05 + 0.95 * (number - 1) / len(beats), f"Sketching shot {scene.number}.{number}")
        shots.append(artist.draw(beat, number, is_last=number == len(beats)))
    return Storyboard(scene=scene.number, heading=scene.heading, shots=_timed(shots, plan))


def _timed(shots: list[Shot], plan: Plan) -> list[Shot]:
    """Where the maker wants a length, each scene gets its share of it, and each shot what it needs to be read aloud."""
    if not plan.seconds:
        return shots
    needed = [seconds_to_say(shot.caption or " ".join(line.text for line in shot.dialogue)) for shot in shots]
    shares = shared_out(needed, seconds_of_shots(plan.seconds, plan.scenes) / plan.scenes)
    return [replace(shot, seconds=share) for shot, share in zip(shots, shares, strict=True)]


def _shows_a_thing(action: str) -> bool:
    """Whether there is something to look at besides people: a thing that can be drawn, or one that gets a card."""
    return bool(things_mentioned(action) or subject_of(action))


def _is_small(action: str) -> bool:
    """Whether what it shows fits on a table."""
    things = things_mentioned(action)
    return is_held(things[0]) if things else bool(subject_of(action))


def _is_off(manner: str) -> bool:
    return "V.O." in manner or "O.S." in manner


def _only_heard(scene: Scene) -> set[str]:
    """Who speaks in a scene without ever being seen in it."""
    heard = {element.character for element in scene.elements if _is_off(element.parenthetical)}
    action = " ".join(element.text for element in scene.elements if element.kind == "action").upper()
    seen = {element.character for element in scene.elements if element.character and not _is_off(element.parenthetical)}
    return {name for name in heard - seen if position_of(name, action) < 0}


class _Artist:
    """Draws one scene; remembers who was seen last and how, so that neighbouring shots differ."""

    def __init__(self, scene: Scene, names: list[str], plan: Plan, film_format: FilmFormat) -> None:
        self._scene = scene
        self._format = film_format
        self._language = plan.language
        seen = set(names) - _only_heard(scene)
        self._order = [name for name in scene.characters if name in seen]
        action = " ".join(element.text for element in scene.elements if element.kind == "action")
        self._setting = told_by(replace(scene.setting, period=period_of_scene(scene, plan)), action)
        self._ages = ages_in(action, self._order)
        self._known = frozenset(self._order)
        self._is_uneasy = bool(_UNEASY.search(f"{plan.genre} {plan.tone}"))
        self._is_song = plan.form == "music_video"  # pictures and music tell it
        self._is_final = scene.number >= plan.scenes
        self._seen = self._order[:2]
        self._framing: _Framing | None = None
        self._talks = 0
        self._silents = 0
        self._moves: Counter[CameraMove] = Counter()

    def draw(self, beat: Beat, number: int, *, is_last: bool) -> Shot:
        """One beat as a shot."""
        people = self._people(beat, is_first=number == 1)
        framing = self._framed(beat, number, people, is_last=is_last)
        self._framing = framing
        self._seen = people or self._seen
        caption = "" if self._is_song else _caption(self._scene, beat, self._language)
        description = self._description(beat)
        first = self._first_frame(framing, people, beat)
        return Shot(
            id=f"{self._scene.number}.{number}",
            scene=self._scene.number,
            number=number,
            size=framing.size,
            angle=framing.angle,
            move=framing.move,
            seconds=_seconds(beat, caption),
            setting=self._setting,
            description=description,
            first_frame=first,
            last_frame=f"{first.rstrip('.')}; {_MOVE_ENDS[framing.move]}.",
            characters=people,
            ages={name: self._ages[name] for name in people if name in self._ages},
            speaker=beat.lines[0].character if beat.lines else "",
            dialogue=list(beat.lines),
            caption=caption,
            format=self._format,
        )

    # --- who ----------------------------------------------------------------------------------

    def _people(self, beat: Beat, *, is_first: bool) -> list[str]:
        """Who is in the picture, left to right: always in the same order, so that no character changes sides."""
        if beat.lines:
            found = self._talkers(beat)
        else:
            action = beat.action.upper()
            found = {name for name in self._order if position_of(name, action) >= 0}
            if not found and (is_first or _THEY.search(beat.action) or not _shows_a_thing(beat.action)):
                found = set(
                    self._seen
                )  # those who are there see what happens: no picture is empty while somebody is in the scene
                if _BOTH.search(beat.action):
                    found |= set(self._order[: max(0, 2 - len(found))] or self._order[:2])
        return [name for name in self._order if name in found][:MOST_IN_PICTURE]

    def _talkers(self, beat: Beat) -> set[str]:
        seen = {
            name
            for line in beat.lines
            if not _is_off(line.parenthetical)
            for name in voices(line.character, self._known)
        }
        if not seen & self._known:  # a voice over: those who were there stay in the picture
            speaking = {line.character for line in beat.lines}
            return set(self._seen) - speaking or set(self._order[:1])
        return seen if beat.is_peak else seen | self._partner(seen)

    def _partner(self, seen: set[str]) -> set[str]:
        """Whom a single speaker talks to: the one seen last, or the other one in the scene."""
        if len(seen) != 1 or self._talks % 3 == 2:
            return set()
        others = [name for name in [*self._seen, *self._order] if name not in seen]
        return set(others[:1])

    # --- how ----------------------------------------------------------------------------------

    def _framed(self, beat: Beat, number: int, people: list[str], *, is_last: bool) -> _Framing:
        if number == 1:
            framing = self._establishing(people)
        elif beat.lines:
            framing = self._talk(beat, people)
        else:
            framing = self._silent(beat, people, is_last=is_last)
        framing = _directed(self._fitted(self._varied(framing), beat, len(people)), beat.direction)
        self._moves[framing.move] += 1
        return framing

    def _fitted(self, framing: _Framing, beat: Beat, count: int) -> _Framing:
        """The framing in a picture that is not wide: three stand further away; what is high is looked up and down, unless somebody walks."""
        if self._format == "16:9":
            return framing
        size: ShotSize = "full" if framing.size == "medium" and count > 2 else framing.size
        if self._format == "1:1" or _TRAVELS.search(beat.action):
            return _Framing(size, framing.angle, framing.move)
        upright: dict[CameraMove, CameraMove] = {"pan_left": "tilt_down", "pan_right": "tilt_up"}
        return _Framing(size, framing.angle, upright.get(framing.move, framing.move))

    def _least_used(self, *moves: CameraMove) -> CameraMove:
        """Of the moves that suit the shot the one that the scene has had least; each scene begins at another one."""
        start = (self._scene.number + self._moves.total()) % len(moves)
        return min((*moves[start:], *moves[:start]), key=lambda move: self._moves[move])

    def _establishing(self, people: list[str]) -> _Framing:
        setting = self._scene.setting
        size: ShotSize = "wide" if setting.interior or people else "extreme_wide"
        moves: tuple[CameraMove, ...] = ("pan_right", "push_in", "pan_left", "tilt_down")
        return _Framing(
            size, "high" if size == "extreme_wide" else "eye_level", moves[(self._scene.number - 1) % len(moves)]
        )

    def _talk(self, beat: Beat, people: list[str]) -> _Framing:
        self._talks += 1
        text = " ".join(line.text for line in beat.lines)
        if beat.is_peak and len(people) <= 2:
            size: ShotSize = "close_up" if len(beat.lines) == 1 else "medium"
            return _Framing(size, self._mood_angle(text), "push_in")
        if len(beat.lines) > 1 or len(people) > 2:
            size = "medium" if self._talks > 1 else "full"
            return _Framing(size, self._mood_angle(text), self._least_used("hold", "push_in", "pan_right", "pan_left"))
        if len(people) == 2:
            return _Framing("medium", "over_the_shoulder", self._least_used("hold", "push_in", "pull_out"))
        near = self._talks > 2 and self._talks % 2
        return _Framing(
            "close_up" if near else "medium", self._mood_angle(text), self._least_used("hold", "pull_out", "pan_left")
        )

    def _mood_angle(self, text: str) -> ShotAngle:
        if self._is_uneasy and self._talks % 2:
            return "dutch"
        if _SHOUTED.search(text):
            return "low"
        return "high" if _FRAIL.search(text) else "eye_level"

    def _silent(self, beat: Beat, people: list[str], *, is_last: bool) -> _Framing:
        self._silents += 1
        action = beat.action
        if not people and _is_small(action):
            return _Framing("close_up", "eye_level", self._least_used("push_in", "hold", "tilt_down", "pan_right"))
        if is_last and self._is_final:
            return _Framing("wide", "high" if not self._scene.setting.interior else "eye_level", "pull_out")
        if _LOOKS_UP.search(action):
            return _Framing("full", "low", "tilt_up")
        if _LOOKS_DOWN.search(action):
            return _Framing("medium", "high", "tilt_down")
        if _TRAVELS.search(action):
            return _Framing("full", "eye_level", seeded_choice(("pan_right", "pan_left"), action))
        if len(people) == 1 and self._silents % 2:
            return _Framing(
                "close_up", "dutch" if self._is_uneasy else "eye_level", self._least_used("push_in", "hold", "tilt_up")
            )
        sizes: tuple[ShotSize, ...] = ("full", "medium") if people else ("full", "wide")
        size = sizes[self._silents // 2 % 2]
        return _Framing(size, "eye_level", self._least_used("push_in", "pan_left", "hold", "pull_out", "pan_right"))

    def _varied(self, framing: _Framing) -> _Framing:
        """Two neighbouring shots of the same size and angle would jump: the second one steps nearer or changes sides."""
        before = self._framing
        if not before or (before.size, before.angle) != (framing.size, framing.angle):
            return framing
        if framing.angle == "over_the_shoulder":  # the reverse angle is a cut of its own
            return framing
        nearer: dict[ShotSize, ShotSize] = {
            "extreme_wide": "wide", "wide": "full", "full": "medium", "medium": "close_up", "close_up": "medium",
            "extreme_close_up": "close_up",
        }  # fmt: skip
        return _Framing(nearer[framing.size], framing.angle, framing.move)

    # --- in words -----------------------------------------------------------------------------

    def _description(self, beat: Beat) -> str:
        if not beat.lines:
            return beat.action or self._of_place()
        return " ".join(f"{line.character.title()}: “{line.text.strip(QUOTATION_MARKS)}”" for line in beat.lines)

    def _of_place(self) -> str:
        place = _place_caption(self._scene, self._language)
        return f"We see {place}" if is_english(self._language) else place

    def _first_frame(self, framing: _Framing, people: list[str], beat: Beat) -> str:
        setting = self._scene.setting
        inside = "inside" if setting.interior else "outside"
        weather = "" if setting.weather == "clear" else f", {setting.weather}"
        who = f" of {_joined([name.title() for name in people])}" if people else ""
        angle = "" if framing.angle == "eye_level" else f", {framing.angle.replace('_', ' ')} angle"
        doing = f" {beat.action}" if beat.action else ""
        return f"{_SIZE_WORDS[framing.size]}{who}{angle}, {inside}: {setting.place}, {setting.time_of_day}{weather}.{doing}"


def _directed(framing: _Framing, asked: Direction) -> _Framing:
    """The framing as the script asks for it, where it does."""
    return _Framing(asked.size or framing.size, asked.angle or framing.angle, asked.move or framing.move)


def _caption(scene: Scene, beat: Beat, language: str) -> str:
    return "" if beat.lines or not beat.is_told else beat.action or _place_caption(scene, language)


def _place_caption(scene: Scene, language: str) -> str:
    """The place and the hour, which has English words only."""
    return f"{scene.setting.place}, {scene.setting.time_of_day}." if is_english(language) else f"{scene.setting.place}."


def _seconds(beat: Beat, caption: str) -> float:
    if beat.lines:
        return seconds_to_read(" ".join(line.text for line in beat.lines))
    return max(SILENT_SHORTEST, seconds_to_read(caption, speed=GLANCING_SPEED))


def _joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
