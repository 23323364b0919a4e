"""How bodies stand, and what a shot's words say about it."""

import re
from dataclasses import dataclass
from typing import Literal, TypeVar

Expression = Literal["neutral", "happy", "sad", "angry", "surprised", "afraid"]
Name = TypeVar("Name", bound=str)


@dataclass(frozen=True, slots=True)
class Pose:
    """Joint angles in degrees from hanging straight down; positive is towards where the figure faces.

    A limb is (upper, lower). `drop` lowers the hips, as a fraction of the figure's height.
    """

    near_arm: tuple[float, float] = (-4, 8)
    far_arm: tuple[float, float] = (8, 16)
    near_leg: tuple[float, float] = (-4, -3)
    far_leg: tuple[float, float] = (5, 2)
    lean: float = 0
    tilt: float = 0
    drop: float = 0
    is_lying: bool = False

    def towards(self, other: "Pose", share: float) -> "Pose":
        """A pose on the way to another one."""

        def between(one: tuple[float, float], two: tuple[float, float]) -> tuple[float, float]:
            return one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share

        return Pose(
            near_arm=between(self.near_arm, other.near_arm),
            far_arm=between(self.far_arm, other.far_arm),
            near_leg=between(self.near_leg, other.near_leg),
            far_leg=between(self.far_leg, other.far_leg),
            lean=self.lean + (other.lean - self.lean) * share,
            tilt=self.tilt + (other.tilt - self.tilt) * share,
            drop=self.drop + (other.drop - self.drop) * share,
            is_lying=other.is_lying,
        )


STANDING = Pose()
POSES: dict[str, Pose] = {
    "stand": STANDING,
    "listen": Pose(near_arm=(-8, 14), far_arm=(14, 40), tilt=4),
    "talk": Pose(near_arm=(20, 98), far_arm=(6, 22), tilt=-3, lean=1),
    "explain": Pose(near_arm=(28, 80), far_arm=(38, 105), lean=2),
    "point": Pose(near_arm=(74, 84), far_arm=(-6, 10), lean=3),
    "reach": Pose(near_arm=(62, 80), far_arm=(48, 70), lean=9, near_leg=(-12, -14), far_leg=(14, 4)),
    "hold": Pose(near_arm=(12, 122), far_arm=(20, 116), tilt=10),
    "raise": Pose(near_arm=(128, 158), far_arm=(-4, 12), tilt=-8),
    "cheer": Pose(near_arm=(140, 168), far_arm=(128, 172), tilt=-8),
    "walk": Pose(near_arm=(-26, 2), far_arm=(28, 52), near_leg=(24, 10), far_leg=(-20, -42), lean=4),
    "run": Pose(near_arm=(-48, 40), far_arm=(46, 118), near_leg=(52, 2), far_leg=(-30, -92), lean=15),
    "sit": Pose(near_arm=(18, 62), far_arm=(24, 66), near_leg=(82, 4), far_leg=(76, 8), drop=0.22),
    "kneel": Pose(near_arm=(34, 60), far_arm=(40, 66), near_leg=(70, -4), far_leg=(8, -82), drop=0.2, lean=12, tilt=10),
    "look_up": Pose(near_arm=(-6, 6), far_arm=(8, 12), tilt=-20, lean=-3),
    "look_down": Pose(near_arm=(4, 18), far_arm=(10, 22), tilt=18, lean=3),
    "despair": Pose(near_arm=(34, 152), far_arm=(30, 148), tilt=22, lean=8),
    "think": Pose(near_arm=(26, 148), far_arm=(24, 92), tilt=6),
    "recoil": Pose(near_arm=(48, 128), far_arm=(54, 122), lean=-10, tilt=-6, near_leg=(-18, -20), far_leg=(14, 4)),
    "crossed": Pose(near_arm=(12, 100), far_arm=(16, 86), lean=-2),
    "lie": Pose(near_arm=(10, 20), far_arm=(16, 28), is_lying=True),
    "work": Pose(near_arm=(30, 76), far_arm=(42, 84), lean=10, tilt=16),
}
# The first that fits decides, so the rarer words come first. Word beginnings.
POSE_WORDS: tuple[tuple[str, str], ...] = (
    ("lie", r"(lies|lying|asleep|sleeps?|sleeping|unconscious|faints|fainted|collapse)"),
    ("run", r"(run|runs|running|sprint|chas|flee|rush|dash|race|races|racing|charg|escap)"),
    ("cheer", r"(cheer|celebrat|triumph|jump|leap|danc|rejoic|both arms)"),
    ("kneel", r"(kneel|crouch|bend|bends|squat|picks? up|gathers?)"),
    ("despair", r"(weep|cries|crying|sobs?|sobbing|buries|head in|mourn|despair|breaks? down)"),
    (
        "sit",
        r"(sit|sits|sitting|seated|slump|rows?\b|rowing|drives?\b|driving|rides?\b|riding|at the table|at (his|her|the) desk|plays? the piano)",
    ),
    ("recoil", r"(recoil|flinch|backs? away|steps? back|shrink|startle|dodge|trembl|gasps?)"),
    (
        "walk",
        r"(walk|strid|steps?|cross|approach|enter|leav|arriv|climb|wander|follow|march|goes|comes|heads?\b|moves?\b|returns?|hurries|crawl|stumbl|search)",
    ),
    ("look_up", r"(looks? up|gaz\w* up|stares? up|sky|stars|above|up at|overhead)"),
    ("raise", r"(wave|waves|waving|raises?|lifts?|lights?\b|hails?|salut|swings?|throws?|holds? up|beckon)"),
    ("point", r"(point|aims?|accus|shows?|gestur|orders?)"),
    (
        "reach",
        r"(reach|grab|touch|push|pull|open|opens|give|gives|hand|hands|offer|take|takes|places?|hug|embrac|turns? (the|a)|press|knock|catch|switch|strik)",
    ),
    (
        "hold",
        r"(hold|carr|read|writes?|writing|examin|clutch|cradl|unfold|drink|sip|polish|studies|letter|book|phone|map)",
    ),
    ("work", r"(work|cook|repair|fix|build|paint|mend|stir|type|typing|plant|clean|wip|tinker|hammer|wash|dig)"),
    ("think", r"(think|thought|wonder|ponder|consider|hesitat|decid|frown|remember|paus)"),
    ("crossed", r"(arms crossed|folded|waits?|waiting|leans?|watches|stubborn|guard)"),
    ("look_down", r"(looks? down|bows?|head low|stares? at (his|her|the) (feet|hands|floor|ground)|asham|below)"),
)
EXPRESSION_WORDS: tuple[tuple[Expression, str], ...] = (
    (
        "afraid",
        r"(afraid|fear|scare|terrif|tremb|frighten|panic|nervous|anxious|worr|horror|flinch|hid(es|ing)|danger)",
    ),
    ("angry", r"(angr|fur(y|ious)|shout|yell|rage|scream|slam|furrow|glare|snap|accus|bitter|mad\b|hate|threat|damn)"),
    (
        "surprised",
        r"(surpris|gasp|shock|astonish|startl|amaz|wonder|sudden|stun|wide.eyed|disbelie|awe|what\?!|discover)",
    ),
    (
        "sad",
        r"(sad|cry|cries|tear|weep|sob|griev|mourn|lonel|alone|regret|sorry|farewell|goodbye|broken|lost|quiet(ly)?|despair|sigh|miss(es|ed)? (you|him|her))",
    ),
    (
        "happy",
        r"(happ|smil|laugh|joy|grin|cheer|celebrat|delight|proud|warm(ly)?|hope|love|hug|gentle|kind|bright|relie|thank|friend|!\s*$)",
    ),
)


def pose_for(words: str) -> str | None:
    """The name of the pose that the words ask for, if any."""
    return _first(POSE_WORDS, words)


def expression_for(words: str) -> Expression:
    """The face that the words ask for."""
    found = _first(EXPRESSION_WORDS, words)
    return found or "neutral"


def _first(table: tuple[tuple[Name, str], ...], words: str) -> Name | None:
    for name, pattern in table:
        if re.search(r"\b" + pattern, words, re.IGNORECASE):
            return name
    return None
