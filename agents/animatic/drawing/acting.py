"""Reads a shot's words like an actor: who does what, with which face, holding what, now and at the end."""

import re
from dataclasses import dataclass, replace

from agents.animatic.drawing import creatures, props
from agents.animatic.drawing.figures import Figure
from agents.animatic.drawing.poses import POSES, STANDING, Expression, Pose, expression_for, pose_for
from agents.animatic.film import Character, Shot
from agents.animatic.places import backdrop_of
from agents.animatic.seeded_choice import seeded_random
from agents.animatic.subjects import subject_of

MOVING = {
    "walk": 0.2,
    "run": 0.32,
    "recoil": -0.08,
    "reach": 0.05,
}  # share of the picture's width, towards where they face
GESTURES = frozenset({"talk", "explain", "point", "reach", "raise", "cheer", "think", "recoil", "despair"})  # they grow
PROFILE_POSES = frozenset({"walk", "run", "sit", "kneel", "reach", "point", "work"})
PLURAL = "*"
# How animals with a body of their own move; the first that fits decides.
ANIMAL_WAYS = (
    ("run", re.compile(r"\b(?:gallop|leap|jump|dash|soar|swoop|dive|bolt|flee|chas|charg|flies|flying|fly|hop)", re.IGNORECASE)),
    ("walk", re.compile(r"\b(?:trot|swim|swam|glid|slither|scuttl|buzz|plod|waddl|creep|crawl|paddl|flap|flutter|circl|graz)", re.IGNORECASE)),
    ("lie", re.compile(r"\b(?:curl|rest|doz|snor|hibernat|roost|perch)", re.IGNORECASE)),
)  # fmt: skip
SPEECH = re.compile(r"“[^”]{0,1000}”|\"[^\"]*\"|«[^»]{0,1000}»")
CAMERA_TALK = re.compile(
    r"^\s*+(extreme )?(wide|full|medium|close-?up|long)\b(?=[^.]*(shot|close-?up|inside|outside)\b)[^.]*+\.",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one character does in one frame."""

    pose_name: str
    pose: Pose
    expression: Expression
    is_speaking: bool
    faces_left: bool
    shift: float  # share of the picture's width
    holds: str


def part_of(shot: Shot, character: Character, seen: list[Character], *, is_last: bool, is_left: bool) -> Part:
    """The part of a character in the first or the last frame."""
    words = _words_about(shot, character, seen, is_last=is_last)
    is_speaking = bool(shot.dialogue) and character.name == (shot.speaker or shot.dialogue[0].character)
    way = _way_of(words) if creatures.body_of(character) else None
    pose_name = way or _pose_name(shot, words, is_speaking=is_speaking, is_last=is_last)
    faces_left = not is_left if len(seen) > 1 else seeded_random("faces", shot.id).random() < 0.5
    if len(seen) == 1:
        faces_left = not is_left
    held = _held(shot, words, character, seen, is_speaking=is_speaking)
    pose = POSES[pose_name]
    if held and pose_name in ("stand", "listen", "talk", "look_down"):
        pose = replace(POSES["hold"], tilt=pose.tilt)
    shift = MOVING.get(pose_name, 0.0) * (0.5 if is_last else -0.5) * (-1 if faces_left else 1)
    if not is_last:
        pose = STANDING.towards(pose, 0.45 if pose_name in GESTURES and not held else 0.9)
    return Part(
        pose_name,
        pose,
        _expression(shot, words, is_speaking=is_speaking, is_last=is_last),
        is_speaking,
        faces_left,
        shift,
        held,
    )


def directed(part: Part, character: Character, shot: Shot, *, lens_is_near: bool, company: int) -> Figure:
    """The figure that plays the part before this camera."""
    if part.pose_name in PROFILE_POSES and not lens_is_near:
        turn = 1.0
    elif lens_is_near:
        turn = 0.5 if company > 1 or part.is_speaking else 0.35
    else:
        turn = 1.0 if company == 2 and part.pose_name not in ("look_up", "cheer") else 0.5
    is_back = shot.angle == "over_the_shoulder" and company == 1
    pose = replace(part.pose, is_lying=part.pose.is_lying and not lens_is_near)
    if part.holds and shot.size == "close_up":
        pose = replace(pose, near_arm=(14, 152))  # up beside the face, or the picture would end above it
    return Figure(
        character.look,
        pose,
        turn,
        is_back,
        part.faces_left,
        part.expression,
        part.is_speaking,
        part.holds,
        creatures.kind_of(character),
        creatures.body_of(character),
        character.name,
    )


def placed_things(shot: Shot) -> list[str]:
    """The large things that the shot mentions, without those that the place has anyway."""
    there_anyway = backdrop_of(shot.setting).things
    large = [name for name in all_things(shot) if not props.is_held(name) and name not in there_anyway]
    return [name for name in large if not (shot.setting.interior and props.is_vehicle(name))]


def held_things(shot: Shot) -> list[str]:
    """The small things that the shot mentions."""
    return [name for name in all_things(shot) if props.is_held(name)]


def all_things(shot: Shot) -> list[str]:
    """All things that the shot mentions, in their order there."""
    return props.things_mentioned(_all_words(shot), where=shot.setting.place)


def card(shot: Shot) -> str:
    """The name of the card that stands for a thing that cannot be drawn; "" where the shot is about no thing."""
    subject = subject_of(_all_words(shot).strip())
    return props.card_for(subject) if subject else ""


def _all_words(shot: Shot) -> str:
    """The action of the shot without the names of characters: one who is called Fox is no animal in the background."""
    words = _unspoken(f"{shot.description} {shot.caption}")
    names = "|".join(re.escape(part) for name in shot.characters for part in [name, *name.split()])
    return re.sub(rf"\b({names})\b", "", words, flags=re.IGNORECASE) if names else words


def _unspoken(text: str) -> str:
    """The text without speech and camera directions: a ship that is only talked about is not in the room."""
    return CAMERA_TALK.sub("", SPEECH.sub("", text))


def _words_about(shot: Shot, character: Character, seen: list[Character], *, is_last: bool) -> str:
    """The clauses that name the character; all clauses when no other character is there."""
    text = _unspoken(shot.last_frame if is_last else shot.first_frame) + " " + _unspoken(shot.description)
    if len(seen) == 1:
        return text
    clauses = re.split(r"(?<=[.;!?])\s|,\s(?=[A-Z])|\s(?:while|as|and then)\s", text)
    return ". ".join(clause for clause in clauses if _subject(clause, seen) in (character.name, PLURAL))


def _subject(clause: str, seen: list[Character]) -> str:
    """Whom a clause is about: the one it names first, or all of them ("They run", "Mara and Tom run")."""
    found = {}
    for character in seen:
        match = re.search(rf"\b{re.escape(character.name.split()[0])}\b", clause, re.IGNORECASE)
        if match:
            found[character.name] = match.start()
    if re.match(r"\W*(they|both|everyone|all)\b", clause, re.IGNORECASE) or (
        re.match(r"\W*+\w[\w' -]* and [A-Z]", clause) and len(found) > 1
    ):
        return PLURAL
    return min(found, key=lambda name: found[name]) if found else ""


def _way_of(words: str) -> str | None:
    """How an animal moves or rests, where the words say so as one says it of animals."""
    return next((pose for pose, pattern in ANIMAL_WAYS if pattern.search(words)), None)


def _pose_name(shot: Shot, words: str, *, is_speaking: bool, is_last: bool) -> str:
    described = pose_for(words)
    if described:
        return described
    if is_speaking:
        return "explain" if is_last else "talk"
    return "listen" if shot.dialogue else "stand"


def _expression(shot: Shot, words: str, *, is_speaking: bool, is_last: bool) -> Expression:
    spoken = " ".join(f"{line.parenthetical} {line.text}" for line in shot.dialogue) if is_speaking else ""
    found = expression_for(f"{spoken} {words}")
    if found == "neutral" and is_last and shot.dialogue and not is_speaking:
        return expression_for(" ".join(line.text for line in shot.dialogue))
    return found


def _held(shot: Shot, words: str, character: Character, seen: list[Character], *, is_speaking: bool) -> str:
    """The thing that the words about a character put into their hand; else one that is mentioned and that no other holds."""
    where = shot.setting.place
    named = _held_in(words, where)
    if named or is_speaking or shot.dialogue or seen[0].name != character.name:
        return named[0] if named else ""
    others = " ".join(_words_about(shot, other, seen, is_last=False) for other in seen[1:])
    taken = _held_in(others, where)
    return next((name for name in held_things(shot) if name not in taken), "")


def _held_in(words: str, where: str) -> list[str]:
    return [name for name in props.things_mentioned(words, where=where) if props.is_held(name)]
