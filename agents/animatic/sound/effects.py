"""Sounds that belong to what happens: a door, a knock, a bell. Found by words of the action."""

import re

from agents.animatic.film import Shot
from agents.animatic.vocabulary.foreign import in_english

MOST_IN_A_SCENE = 4

# By the words that mean it, each as a whole word.
WORDS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for name, words in {
        "knock": "knocks?|knocking|knocked",
        "door": "doors? (?:opens?|closes?|slams?|creaks?)|(?:opens?|closes?|slams?|shuts?) (?:the|a|her|his|their) door",
        "bell": "bells?|chimes?|gong",
        "telephone": "(?:tele)?phone rings?|rings? the phone",
        "thunder": "thunder|lightning",
        "splash": "splash(?:es)?|dives?|falls? into the (?:water|sea|river|lake|pool)",
        "explosion": "explosions?|explodes?|blows? up|bang",
        "steps": "footsteps?|runs?|walks? (?:in|up|down|away|towards|to)",
        "crash": "crash(?:es)?|shatters?|smash(?:es)?|breaks? the glass",
        "whoosh": "takes? off|flies away|rocket|launch(?:es)?|sails? away",
    }.items()
}
NAMES = tuple(WORDS)


def heard_in(shots: list[Shot]) -> list[tuple[str, str]]:
    """(shot, effect) for what is heard in a scene: at most one in each shot, and each effect once."""
    found: dict[str, str] = {}
    for shot in shots:
        action = "" if shot.dialogue else in_english(shot.description, "effects")
        for name, pattern in WORDS.items():
            if name not in found.values() and shot.id not in found and pattern.search(action):
                found[shot.id] = name
    return list(found.items())[:MOST_IN_A_SCENE]
