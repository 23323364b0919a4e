"""What the readers of screenplays (plain text, Final Draft) hand on: paragraphs that say what they are, and notes about the odd ones."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from agents.animatic.film import Note
from agents.animatic.limits import MOST_NOTES
from agents.animatic.screenplays.cues import Cue
from agents.animatic.wording import shortened

LONGEST_QUOTE = 40  # characters of the script in a note


class Part(NamedTuple):
    """One paragraph. `cue` says who speaks; `label` is the number of a scene in the script."""

    kind: Literal["heading", "transition", "action", "dialogue", "camera"]
    text: str
    line: int
    cue: Cue | None = None
    label: str = ""
    is_dual: bool = False


@dataclass(slots=True)
class Notes:
    """Collects what could not be read, up to MOST_NOTES."""

    taken: list[Note] = field(default_factory=list)

    def take(self, line: int, text: str) -> None:
        """One more, with a sentence."""
        if len(self.taken) < MOST_NOTES:
            self.taken.append(Note(line=line, text=text))

    def in_order(self) -> list[Note]:
        """All of them, by line."""
        return sorted(self.taken, key=lambda note: note.line)


def quoted(text: str) -> str:
    """A few words of the script, to name a line by."""
    return f"“{shortened(' '.join(text.split()), LONGEST_QUOTE)}”"
