"""Writes the scenes of an episode: one for each of its events, with the book's own sentences and speeches."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from agents.animatic.film import Element, Scene, Setting
from agents.animatic.novels.records import Episode, Event, GlobalInformation
from agents.animatic.novels.sentences import sentences_of
from agents.animatic.novels.talk import Listener, renamed
from agents.animatic.progress import Report
from agents.animatic.screenplays.locations import heading_of
from agents.animatic.wording import shortened

MOST_ELEMENTS = 9  # of a scene
MOST_IN_A_ROW = 2  # sentences of narration between two speeches
LONGEST_ACTION, LONGEST_SPEECH = 200, 220  # characters


def scenes_of(
    episode: Episode, events: Sequence[Event], information: GlobalInformation, *, report: Report
) -> list[Scene]:
    """The scenes of an episode, numbered from its `first_scene`: as many as it has events."""
    by_number = {event.number: event for event in events}
    writer = _Writer(information)
    scenes = []
    for number, event in enumerate(episode.events):
        report(number / len(episode.events), f"Scene {number + 1} of {len(episode.events)}")
        scenes.append(writer.scene(episode.first_scene + number, by_number[event]))
    return scenes


def scene_of(
    elements: Sequence[Element], number: int, event: Event, information: GlobalInformation, *, report: Report
) -> Scene:
    """The scene of an event as somebody else wrote it: with its setting, and with its people under their names."""
    report(0.9, f"Scene {number}")
    texts = [*(one.text for one in elements), *event.passages]
    return _Writer(information).made_of(elements, number, event, named_in=texts)


class _Writer:
    """Knows the people of the book, as its owner calls them."""

    def __init__(self, information: GlobalInformation) -> None:
        self._listener = Listener(information.characters)
        self._new_names = {
            alias: one.name.title()
            for one in information.characters
            if one.name not in {alias.upper() for alias in one.aliases}
            for alias in one.aliases
        }

    def scene(self, number: int, event: Event) -> Scene:
        """The scene of an event, in the book's words."""
        elements = _chosen([element for passage in event.passages for element in self._elements(passage)])
        told = Element(kind="action", text=event.what)
        return self.made_of(elements or [told], number, event, named_in=event.passages)

    def made_of(self, elements: Sequence[Element], number: int, event: Event, *, named_in: Sequence[str]) -> Scene:
        """The scene of an event that consists of these elements. Who is named in the texts is in it, if they are told of."""
        setting = Setting(
            place=event.place, interior=event.interior, time_of_day=event.time_of_day, weather=event.weather
        )
        elements = [replace(one, text=renamed(one.text, self._new_names)) for one in elements]
        speakers = {one.character for one in elements if one.character}
        named = {name for text in named_in for name in self._listener.named(text)}
        told = " ".join(one.text.upper() for one in elements)
        present = [name for name in named if name in speakers or name in told]
        order = {name: _first(name, elements) for name in {*present, *speakers}}
        return Scene(
            number=number,
            heading=heading_of(setting),
            setting=setting,
            elements=elements,
            characters=sorted(order, key=lambda name: (order[name], name)),
        )

    def _elements(self, passage: str) -> Iterator[Element]:
        heard = self._listener.hear(passage)
        if heard.speech and heard.speaker:
            speech = heard.speech if len(heard.speech) <= LONGEST_SPEECH else _first_sentences(heard.speech)
            yield Element(kind="dialogue", text=_ended(speech), character=heard.speaker)
        for sentence in sentences_of(heard.beside if heard.speaker else passage):
            yield Element(kind="action", text=shortened(sentence, LONGEST_ACTION))


def _first(name: str, elements: Sequence[Element]) -> int:
    found = (number for number, one in enumerate(elements) if one.character == name or name in one.text.upper())
    return next(found, len(elements))


def _first_sentences(speech: str) -> str:
    """As many whole sentences as a speech may have; of a long first one the beginning."""
    kept = ""
    for sentence in sentences_of(speech):
        if kept and len(kept) + len(sentence) >= LONGEST_SPEECH:
            break
        kept = f"{kept} {sentence}".strip()
    return shortened(kept, LONGEST_SPEECH)


def _ended(speech: str) -> str:
    """ "I know," said Anne: without what follows, a comma ends nothing."""
    text = speech.strip()
    return f"{text.rstrip(',;:— ')}." if text.endswith((",", ";", ":")) else text


def _chosen(elements: Sequence[Element]) -> list[Element]:
    """Not too many in a row of one kind, not too many at all; how it begins and how it ends are kept."""
    kept: list[Element] = []
    in_a_row = 0
    for element in elements:
        in_a_row = in_a_row + 1 if element.kind == "action" else 0
        if in_a_row <= MOST_IN_A_ROW or not kept:
            kept.append(element)
    if len(kept) <= MOST_ELEMENTS:
        return kept
    return [*kept[: MOST_ELEMENTS - 2], *kept[-2:]]
