"""How much text one film may hold. Reading is linear in it; beyond these a text is refused with a sentence (UnusableText).

A feature film has about 60 to 200 scenes, 2,500 lines of dialogue and 60 speaking parts.
"""

from dataclasses import dataclass

from agents.animatic.errors import UnusableText

LONGEST_IDEA = 4_000  # characters, as typed
LONGEST_SPELT_IDEA = 8_000  # characters, with emoji spelt out
LONGEST_SCRIPT = 200_000  # characters, as typed
LONGEST_MARKUP = 1_400_000  # characters of a Final Draft document, of which most are markup
LONGEST_READ_SCRIPT = 400_000  # characters that are parsed: a script, or all the scenes that were written from an idea
LONGEST_WORD = (
    4_000  # characters without a space between them; languages without spaces have words as long as paragraphs
)
LONGEST_TITLE = 200  # characters; a longer one is cut
MOST_LINES = 20_000  # that are not blank
MOST_PARAGRAPHS = 6_000  # of action and of dialogue
MOST_NOTES = 50  # about what could not be read
LONGEST_SELECTION = 200  # characters that choose scenes: "12-20, 35"

SPLIT = "Shorten it, or make several films of it."


@dataclass(frozen=True, slots=True)
class FilmLimits:
    """How large one film may be: an installation may want other limits, and passes them in."""

    scenes: int = 500
    characters: int = 300  # who speak
    shots: int = 2_000
    seconds: int = 6 * 3_600


USUAL = FilmLimits()


def demand(count: int, most: int, *, what: str, advice: str) -> None:
    """Refuses a text that has more than `most` of something. `what` and `advice` are words for the person who typed it.

    Raises: UnusableText.
    """
    if count > most:
        raise UnusableText(f"The text has {count:,} {what}; a film takes at most {most:,}. {advice}")
