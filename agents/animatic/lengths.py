"""How long a film becomes with its cards, and how a wished length is shared out to its scenes and shots."""

from collections.abc import Sequence

CARD_SECONDS = 3.5  # the title card and the end card, each; agents/studio/editing.py cuts them
DISSOLVE_SECONDS = 0.5  # of two pieces at once, wherever the scene changes, the cards included
SHORTEST_SHOT, LONGEST_SHOT = 2.0, 30.0  # seconds
SHORTEST_SCENE = 5.0
SPOKEN_CHARACTERS_PER_SECOND = 14.0
BREATH_SECONDS = 0.4  # between two captions that are read aloud


def seconds_of_shots(film_seconds: float, scenes: int) -> float:
    """What a wished length leaves for the shots of a film with so many scenes."""
    return max(SHORTEST_SHOT, film_seconds - 2 * CARD_SECONDS + DISSOLVE_SECONDS * (scenes + 1))


def scenes_that_fit(film_seconds: float, asked: int) -> int:
    """How many of the scenes that were asked for a wished length has room for; one at least."""
    while asked > 1 and seconds_of_shots(film_seconds, asked) / asked < SHORTEST_SCENE:
        asked -= 1
    return asked


def seconds_to_say(text: str) -> float:
    """How long a caption takes to be read aloud, with a breath."""
    return max(SHORTEST_SHOT, len(text) / SPOKEN_CHARACTERS_PER_SECOND + BREATH_SECONDS)


def shared_out(needed: Sequence[float], seconds: float) -> list[float]:
    """The seconds, in quarters, shared out to shots as they need them; none shorter or longer than a shot may be."""
    whole = sum(needed) or 1.0
    shares = [min(max(need * seconds / whole, SHORTEST_SHOT), LONGEST_SHOT) for need in needed]
    surplus = sum(shares) - seconds
    for number in sorted(
        range(len(shares)), key=lambda number: -shares[number]
    ):  # short shots were lengthened: the long ones give
        given = min(max(surplus, 0.0), shares[number] - SHORTEST_SHOT)
        shares[number] -= given
        surplus -= given
    return [round(share * 4) / 4 for share in shares]
