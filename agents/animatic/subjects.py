"""Finds what a sentence of action is about when it is nobody: "a wreath" in "A wreath of cedar hangs on the door."."""

import re

from agents.animatic.datafiles import word_set

MOST_WORDS = 4
LONGEST_LOOK = 120  # characters behind "a"

_PHRASE = re.compile(r"(?:^|[.!?]\s+)(?:an?|the|one|another|his|her|their|its|some)\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# What things do, and are shown doing.
_VERBS = word_set(
    """lies lie hangs hang stands stand rolls roll falls fall drops drop floats float rests rest sits burns burn glows glow rings ring
    swings swing appears appear opens open closes close lights leans drips breaks break shatters vibrates ticks tick spins turns
    slides slide rattles waits blinks flickers gleams glints sinks drifts is are was were remains bears reads shows"""
)
_ENDS = _VERBS | word_set(
    """of with on in at by from for to and or that which who as into over under near beside behind full made no not but"""
)


def subject_of(action: str) -> str:
    """The words for the thing that the action shows lying, hanging, ringing; "" where it shows none."""
    for match in _PHRASE.finditer(action):
        sentence = re.split(r"[.!?]", action[match.end() : match.end() + LONGEST_LOOK], maxsplit=1)[0]
        words = _WORD.findall(sentence)
        phrase = _phrase(words)
        if phrase and any(word.casefold() in _VERBS for word in words[len(phrase) : len(phrase) + 8]):
            return " ".join(phrase)
    return ""


def _phrase(words: list[str]) -> list[str]:
    phrase: list[str] = []
    for word in words[: MOST_WORDS + 1]:
        if word.casefold() in _ENDS:
            return phrase
        phrase.append(word)
    return []
