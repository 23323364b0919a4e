"""Finds what is said in a paragraph, and by whom. Who speaks is taken from the book, or left open: never guessed at random."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.animatic.film import Gender
from agents.animatic.novels.names import SPEECH
from agents.animatic.novels.records import NovelCharacter
from agents.animatic.novels.sentences import is_narration, sentences_of

LONGEST_QUOTE = 500  # characters

# Bounded, and none of them spans its own opening mark.
_QUOTE = re.compile(
    rf"“([^“”]{{1,{LONGEST_QUOTE}}})”|\"([^\"]{{1,{LONGEST_QUOTE}}})\"|«([^«»]{{1,{LONGEST_QUOTE}}})»|„([^„“]{{1,{LONGEST_QUOTE}}})“"
)
_SINGLE = re.compile(rf"(?<!\w)‘((?:[^‘’]|(?<=\w)’(?=\w)){{1,{LONGEST_QUOTE}}})’(?!\w)")
_SAYS = re.compile(rf"\b(?:{SPEECH})\b")
_HE_SAID = re.compile(rf"\b(?:(?P<after>she|he) (?:{SPEECH})|(?:{SPEECH}) (?P<before>she|he))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a paragraph says and tells. `speaker` is "" where the book does not say who."""

    speech: str  # "" where nobody speaks
    speaker: str
    narration: str  # what stands around the speech
    beside: str = ""  # of that, the sentences that tell more than who speaks


class Listener:
    """Follows a conversation, paragraph by paragraph."""

    def __init__(self, characters: Sequence[NovelCharacter]) -> None:
        forms = {alias: character.name for character in characters for alias in character.aliases}
        self._names = forms
        self._genders: dict[str, Gender] = {character.name: character.gender for character in characters}
        written = "|".join(re.escape(form).replace(r"\ ", r"\.? ") for form in sorted(forms, key=len, reverse=True))
        self._form = re.compile(rf"\b(?:{written})\b" if written else r"(?!)")
        said = rf"(?:{SPEECH}) (?:[a-z]{{1,12}} )?(?P<before>{written})\b|\b(?P<after>{written}) (?:[a-z]{{1,12}}ly )?(?:{SPEECH})\b"
        self._said = re.compile(said if written else r"(?!)")
        self._turns: list[str] = []  # who spoke, the last one last
        self._named: list[str] = []  # who was named last, the last one last

    def named(self, text: str) -> list[str]:
        """The names of the people whom a text names, in its order, each once."""
        return list(dict.fromkeys(self._name(found[0]) for found in self._form.finditer(text)))

    def hear(self, paragraph: str) -> Spoken:
        """What is said in the next paragraph, and by whom."""
        pattern = _SINGLE if "‘" in paragraph and "“" not in paragraph and '"' not in paragraph else _QUOTE
        quotes = [next(filter(None, found.groups())).strip() for found in pattern.finditer(paragraph)]
        narration = " ".join(pattern.sub(" ", paragraph).split()) if quotes else paragraph
        if not quotes:
            self._turns.clear()
            self._remember(self.named(paragraph))
            return Spoken("", "", paragraph)
        speaker = self._speaker(narration)
        self._remember(self.named(narration))
        if speaker:
            self._turns.append(speaker)
        return Spoken(_joined(quotes), speaker, narration, self._beside(narration))

    def _beside(self, narration: str) -> str:
        told = (sentence.strip(" ,;:—–-") for sentence in sentences_of(narration))
        return " ".join(
            sentence
            for sentence in told
            if sentence[:1].isupper() and is_narration(sentence) and not _SAYS.search(sentence)
        )

    def _remember(self, names: Sequence[str]) -> None:
        for name in names:
            if name in self._named:
                self._named.remove(name)
            self._named.append(name)

    def _name(self, form: str) -> str:
        return self._names[form] if form in self._names else self._names[form.replace(".", "")]

    def _speaker(self, narration: str) -> str:
        """As the book says, "said Anne" or "she said"; else, of two who talk in turn, the other one."""
        if said := self._said.search(narration):
            return self._name(said["before"] or said["after"])
        if said := _HE_SAID.search(narration):
            wanted = "female" if (said["after"] or said["before"]).casefold() == "she" else "male"
            return next((name for name in reversed(self._named) if self._genders.get(name) == wanted), "")
        if actor := self._form.match(narration):
            return self._name(actor[0])
        others = [name for name in reversed(self._turns[:-1]) if name != self._turns[-1]] if self._turns else []
        return others[0] if others and not narration.strip(" ,.;:—–-") else ""


def _joined(quotes: Sequence[str]) -> str:
    """The pieces of one speech. "I know," said Anne. "Go." is two sentences; "I know," said Anne, "that he will." is one."""
    speech = quotes[0]
    for piece in quotes[1:]:
        if speech.endswith(",") and piece[:1].isupper():
            speech = f"{speech[:-1]}."
        speech = f"{speech} {piece}"
    return speech


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with other names: `names` has the new one by the form that the book uses."""
    if not names:
        return text
    forms = "|".join(re.escape(form) for form in sorted(names, key=len, reverse=True))
    return re.sub(rf"\b(?:{forms})\b", lambda found: names[found[0]], text)
