"""How what is said in a shot lies in its picture: the speech begins a little after the picture, and ends before it does."""

from agents.animatic.film import Shot, Speech

# Long enough that nobody speaks in a dissolve.
LEAD_IN_SECONDS = 0.35
LEAD_OUT_SECONDS = 0.45
LEADS_SECONDS = LEAD_IN_SECONDS + LEAD_OUT_SECONDS


def seconds_spoken(shot: Shot, speech: Speech | None) -> float:
    """How long the shot must be at least for what is said in it; 0 where nothing is."""
    return LEADS_SECONDS + speech.seconds if speech and is_of(shot, speech) else 0.0


def is_of(shot: Shot, speech: Speech) -> bool:
    """Whether the speech says what the shot's captions say; not so where the words were changed and not spoken anew."""
    words = [(line.character, line.text) for line in shot.dialogue] or [("", shot.caption)]
    spoken = [(line.character, line.text) for line in speech.lines]
    return bool(speech.artifact) and spoken == words
