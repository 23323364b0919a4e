"""What a language model makes of a book: summaries, events, the plan of its films, and their scenes.

A book is first compressed offline, so that however long it is, the model is shown no more than COMPRESSED_LENGTH
characters of it. Chapters, passages and their numbers are found in code; the model chooses, sums up and writes, and refers
to all of them by number. Passages remain the book's own.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import msgspec
from msgspec.structs import replace

from agents.animatic.film import Element, Plan, Scene
from agents.animatic.novels import compressing, information, scenes
from agents.animatic.novels.limits import LONGEST_TITLE, MOST_CHARACTERS
from agents.animatic.novels.names import LONGEST_DESCRIPTION
from agents.animatic.novels.plans import LONGEST_NAME
from agents.animatic.novels.records import (
    Chapter,
    CompressedNovel,
    Episode,
    Event,
    Events,
    GlobalInformation,
    NovelCharacter,
)
from agents.animatic.progress import Report
from agents.animatic.wording import shortened
from agents.studio.offline.processes import text_work
from agents.studio.openai.answers import (
    BookSceneAnswer,
    ChapterNote,
    ChapterNotes,
    EpisodeNote,
    EventNote,
    EventNotes,
    PersonNote,
    PlanAnswer,
    SeriesAnswer,
    demand_all,
    demand_range,
    demand_words,
)
from agents.studio.openai.chat import ask, material
from agents.studio.openai.layers import tidy
from agents.studio.openai.schema import UnfitAnswer

CHUNK_CHARACTERS: Final = 16_000  # of passages in one question
EVENTS_CHARACTERS: Final = 48_000  # of the events that the plan is made of: more than twelve episodes need
SUMMARIES_CHARACTERS: Final = 12_000  # of the chapters' summaries beside them
CHARACTERS_PER_EVENT: Final = 600  # of a chapter: how many events it may have
MOST_SUMMARY_SENTENCES: Final = 3
LONGEST_SENTENCE: Final = 300  # characters of one of a summary
LONGEST_WHAT: Final = 240
LONGEST_EVENT: Final = 4_000  # characters of its passages
LONGEST_PLACE: Final = 40
HEAVIEST: Final = 10
MOST_ALIASES: Final = 8
MOST_ELEMENTS: Final = 12  # of a scene
LONGEST_TEXT: Final = 300  # characters of one of them

FAITHFUL: Final = "Use the people, places and facts of the book; invent nothing."


# --- cut into questions ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of a chapter; `place` is where in the chapter's list it stands."""

    chapter: Chapter
    place: int

    @property
    def text(self) -> str:
        """The book's own words."""
        return self.chapter.passages[self.place]


def chunks_of(chapters: Sequence[Chapter]) -> list[list[Passage]]:
    """All passages, in order, in groups of at most CHUNK_CHARACTERS (or of one passage)."""
    chunks: list[list[Passage]] = []
    room = 0
    for chapter in chapters:
        for place, text in enumerate(chapter.passages):
            if len(text) > room or not chunks:
                chunks.append([])
                room = CHUNK_CHARACTERS
            chunks[-1].append(Passage(chapter, place))
            room -= len(text)
    return chunks


def _shown(chunk: Sequence[Passage]) -> str:
    """The passages, numbered from 1, with the number and the title of their chapter."""
    lines = []
    for number, passage in enumerate(chunk, start=1):
        if number == 1 or passage.chapter is not chunk[number - 2].chapter:
            lines.append(f"Chapter {passage.chapter.number} {passage.chapter.title}".strip())
        lines.append(f"[{number}] {passage.text}")
    return "\n".join(lines)


def _each(
    chunks: Sequence[list[Passage]], report: Report, doing: str
) -> Iterator[tuple[list[Passage], Callable[[], None]]]:
    for number, chunk in enumerate(chunks):
        words = f"{doing} chapter {chunk[0].chapter.number}"
        yield chunk, _at(report, 0.1 + 0.9 * number / len(chunks), words)


def _at(report: Report, share: float, words: str) -> Callable[[], None]:
    return lambda: report(share, words)


def _quietly(report: Report) -> Report:
    return lambda _share, words: report(0.0, words)


# --- compressing ----------------------------------------------------------------------------------


def compress(novel: str, *, report: Report) -> CompressedNovel:
    """The book, with summaries by the model, and of its passages those that the model says a film needs.

    Raises: AgentError.
    """
    extracted = text_work(compressing.compress, novel, report=_quietly(report))
    summaries: dict[int, list[str]] = {}
    kept: dict[int, list[str]] = {}
    for chunk, waiting in _each(chunks_of(extracted.chapters), report, "Summing up"):
        for note in _chapter_notes(chunk, waiting):
            told = [shortened(each.strip(), LONGEST_SENTENCE) for each in note.summary[:MOST_SUMMARY_SENTENCES]]
            summaries.setdefault(note.chapter, []).extend(told)
            needed = [chunk[number - 1].text for number in sorted(set(note.passages))]
            kept.setdefault(note.chapter, []).extend(needed)
    chapters = [
        replace(
            chapter,
            summary=summaries.get(chapter.number, chapter.summary),
            passages=kept.get(chapter.number, chapter.passages),
        )
        for chapter in extracted.chapters
    ]
    return replace(extracted, chapters=chapters)


def _chapter_notes(chunk: Sequence[Passage], waiting: Callable[[], None]) -> list[ChapterNote]:
    wanted = list(dict.fromkeys(passage.chapter.number for passage in chunk))

    def check(answer: ChapterNotes) -> None:
        demand_all("chapters", [str(number) for number in wanted], {str(note.chapter) for note in answer.chapters})
        if len(answer.chapters) > len(wanted):
            raise UnfitAnswer("a chapter is there twice, or was not asked for")
        for note in answer.chapters:
            demand_words(summary=" ".join(note.summary))
            _demand_own(note, chunk)

    question = (
        f"Sum up what happens in each of these chapters ({', '.join(map(str, wanted))}), in one to {MOST_SUMMARY_SENTENCES} sentences, "
        "and give the numbers of those of its passages that a film of the book needs: where something happens, or is said that matters; "
        f"leave out the rest. {FAITHFUL}\n{material(book=_shown(chunk))}"
    )
    return ask(ChapterNotes, question, role="novel compressor", report=waiting, check=check).chapters


def _demand_own(note: ChapterNote, chunk: Sequence[Passage]) -> None:
    demand_range("passage", note.passages, len(chunk))
    if not note.passages:
        raise UnfitAnswer(f"chapter {note.chapter} is left without a passage")
    for number in note.passages:
        if chunk[number - 1].chapter.number != note.chapter:
            raise UnfitAnswer(f"passage {number} is not of chapter {note.chapter}")


# --- events ---------------------------------------------------------------------------------------


def events_of(novel: CompressedNovel, *, report: Report) -> Events:
    """What happens in the book, in its order; each event with the passages that tell it.

    Raises: AgentError.
    """
    events: list[Event] = []
    for chunk, waiting in _each(chunks_of(novel.chapters), report, "Finding out what happens in"):
        for note in _event_notes(chunk, waiting):
            events.append(_event(note, chunk, len(events) + 1))
    return Events(events=events)


def _event_notes(chunk: Sequence[Passage], waiting: Callable[[], None]) -> list[EventNote]:
    most = max(1, sum(len(passage.text) for passage in chunk) // CHARACTERS_PER_EVENT)

    def check(answer: EventNotes) -> None:
        if not 1 <= len(answer.events) <= most:
            raise UnfitAnswer(f"there are {len(answer.events)} events instead of 1 to {most}")
        for note in answer.events:
            demand_words(what=note.what, place=note.place)
            demand_range("passage", [note.first, note.last], len(chunk))
            demand_range("weight", [note.weight], HEAVIEST)
            if chunk[note.first - 1].chapter is not chunk[note.last - 1].chapter or note.first > note.last:
                raise UnfitAnswer(f"the passages {note.first} to {note.last} are not of one chapter, in its order")
        if [note.first for note in answer.events] != sorted(note.first for note in answer.events):
            raise UnfitAnswer("the events are not in the order of the book")

    question = (
        f"Which events do these passages tell that could be a scene of a film? At most {most}, in the order of the book. Of each: the "
        "numbers of its first and its last passage (of one chapter), what happens, in one sentence, who is there (the names that the "
        f"book uses), where (a few words), whether indoors, the time of day, the weather, and its weight for the story, 1 to {HEAVIEST}. {FAITHFUL}\n"
        f"{material(book=_shown(chunk))}"
    )
    return ask(EventNotes, question, role="event extractor", report=waiting, check=check).events


def _event(note: EventNote, chunk: Sequence[Passage], number: int) -> Event:
    told = chunk[note.first - 1 : note.last]
    return Event(
        number=number,
        chapter=told[0].chapter.number,
        what=shortened(_line(note.what), LONGEST_WHAT),
        who=list(dict.fromkeys(filter(None, map(_name, note.who)))),
        place=shortened(_line(note.place), LONGEST_PLACE),
        interior=note.interior,
        time_of_day=note.time_of_day,
        weather="clear" if note.interior else note.weather,
        weight=float(note.weight),
        passages=_bounded([passage.text for passage in told]),
    )


def _bounded(passages: Sequence[str]) -> list[str]:
    """The first of them that fit into a scene; one in any case."""
    so_far = accumulate(map(len, passages))
    return [
        text
        for number, (text, length) in enumerate(zip(passages, so_far, strict=True))
        if not number or length <= LONGEST_EVENT
    ]


def _line(text: str) -> str:
    return " ".join(text.split())


def _name(text: str) -> str:
    """As in a screenplay."""
    return _line(text.replace("(", " ").replace(")", " ")).upper()[:LONGEST_NAME]


# --- the plan -------------------------------------------------------------------------------------


def global_information(
    novel: CompressedNovel, events: Events, *, episodes: int, scenes: int, report: Report
) -> GlobalInformation:
    """Who is who, and so many episodes of at most so many scenes; fewer episodes where there are fewer events.

    Raises: AgentError.
    """
    heaviest = _heaviest(events.events, least=episodes * scenes)
    count = min(episodes, len(heaviest))

    def check(answer: SeriesAnswer) -> None:
        _demand_episodes(answer.episodes, count, scenes, {event.number for event in heaviest})
        _demand_people(answer.characters, heaviest)

    known = [name.form for name in novel.names]
    question = (
        f"Plan a series of exactly {count} {'film' if count == 1 else 'films'} of this book. Of each: a title, a summary of one or two sentences, "
        f"and the numbers of one to {scenes} of the events, one for each scene, in the order of the book; no event twice. And say who the people "
        f"of these films are, at most {MOST_CHARACTERS}, the main ones first: the name in CAPITALS, all other forms in which the book names "
        f"that person, and how they look, in one sentence. {FAITHFUL}\n"
        f"{material(title=novel.title, chapters=_summaries(novel), events=_in_short(heaviest), names=', '.join(known))}"
    )
    words = f"Planning {count} {'episode' if count == 1 else 'episodes'}"
    answer = ask(SeriesAnswer, question, role="series planner", report=_at(report, 0.1, words), check=check)
    by_number = {event.number: event for event in heaviest}
    planned = list(_episodes(answer.episodes, by_number))
    chosen = [by_number[number] for episode in planned for number in episode.events]
    return GlobalInformation(
        title=novel.title,
        author=novel.author,
        characters=[_character(note, novel, chosen) for note in answer.characters],
        places=list(dict.fromkeys(event.place for event in chosen))[: information.MOST_PLACES],
        episodes=planned,
    )


def _heaviest(events: Sequence[Event], *, least: int) -> list[Event]:
    """The events that fit into one question, in order; the heaviest, where not all do."""
    kept: list[Event] = []
    room = EVENTS_CHARACTERS
    for event in sorted(events, key=lambda event: (-event.weight, event.number)):
        room -= len(_in_short([event]))
        if room < 0 and len(kept) >= least:
            break
        kept.append(event)
    return sorted(kept, key=lambda event: event.number)


def _in_short(events: Sequence[Event]) -> str:
    shown = [
        {
            "number": event.number,
            "chapter": event.chapter,
            "what": event.what,
            "who": event.who[:MOST_CHARACTERS],
            "place": event.place,
            "weight": event.weight,
        }
        for event in events
    ]
    return msgspec.json.encode(shown).decode()


def _summaries(novel: CompressedNovel) -> str:
    share = SUMMARIES_CHARACTERS // max(1, len(novel.chapters))
    return "\n".join(
        shortened(f"{chapter.number}. {chapter.title}: {' '.join(chapter.summary)}", share)
        for chapter in novel.chapters
    )


def _demand_episodes(notes: Sequence[EpisodeNote], count: int, scenes: int, known: Collection[int]) -> None:
    """Raises UnfitAnswer when there are others than were asked for, or when an event is unknown, twice or out of order."""
    if len(notes) != count:
        raise UnfitAnswer(f"there are {len(notes)} episodes instead of {count}")
    for note in notes:
        demand_words(title=note.title, summary=note.summary)
        if not 1 <= len(note.events) <= scenes:
            raise UnfitAnswer(f"the episode {note.title[:40]!r} has {len(note.events)} events instead of 1 to {scenes}")
    numbers = [number for note in notes for number in note.events]
    if unknown := [number for number in numbers if number not in known]:
        raise UnfitAnswer(f"there is no event {unknown[0]}")
    if numbers != sorted(set(numbers)):
        raise UnfitAnswer("the events of the episodes are not in the order of the book, or one is there twice")


def _demand_people(notes: Sequence[PersonNote], events: Sequence[Event]) -> None:
    """Raises UnfitAnswer when a name means two people, or nobody of the book."""
    if not 1 <= len(notes) <= MOST_CHARACTERS:
        raise UnfitAnswer(f"there are {len(notes)} characters instead of 1 to {MOST_CHARACTERS}")
    told = "\n".join(passage for event in events for passage in event.passages).casefold()
    taken: set[str] = set()
    for note in notes:
        forms = {_name(form) for form in (note.name, *note.aliases)} - {""}
        demand_words(name=_name(note.name), description=note.description)
        if double := sorted(forms & taken):
            raise UnfitAnswer(f"{double[0]} is the name of two characters")
        if not any(form.casefold() in told for form in forms):
            raise UnfitAnswer(f"{_name(note.name)} is not in the book")
        taken |= forms


def _character(note: PersonNote, novel: CompressedNovel, events: Sequence[Event]) -> NovelCharacter:
    name = _name(note.name)
    aliases = list(dict.fromkeys(form for form in map(_line, (note.name, *note.aliases)) if form))
    # A name in capitals is the screenplay's; the book writes it as its own list of names does.
    spelled = {written.form.upper(): written.form for written in novel.names}
    aliases = list(
        dict.fromkeys(spelled.get(form.upper(), form.title() if form.isupper() else form) for form in aliases)
    )
    forms = {form.upper() for form in aliases}
    mentions = sum(written.mentions for written in novel.names if written.form.upper() in forms)
    return NovelCharacter(
        name=name,
        aliases=[form[:LONGEST_NAME] for form in aliases[:MOST_ALIASES]],
        description=shortened(_line(note.description), LONGEST_DESCRIPTION),
        gender=note.gender,
        age=note.age,
        mentions=mentions or sum(bool(forms & set(event.who)) for event in events),
    )


def _episodes(notes: Sequence[EpisodeNote], events: dict[int, Event]) -> Iterator[Episode]:
    longest = information.longest_summary(len(notes))
    first_scene = 1
    for number, note in enumerate(notes, start=1):
        yield Episode(
            number=number,
            title=shortened(_line(note.title), LONGEST_TITLE),
            summary=shortened(_line(note.summary), longest),
            chapters=list(dict.fromkeys(events[each].chapter for each in note.events)),
            events=note.events,
            first_scene=first_scene,
        )
        first_scene += len(note.events)


def plan_of(planned: GlobalInformation, *, requirement: str, style: str, report: Report) -> Plan:
    """The kind of film that the book is; its title and its number of scenes are settled.

    Raises: AgentError.
    """
    wishes = {"requirement": requirement, "style": style}
    settled = text_work(information.plan_of, planned, **wishes, report=_quietly(report))

    def check(answer: PlanAnswer) -> None:
        demand_words(**msgspec.structs.asdict(answer))

    question = (
        f"Say what kind of film this series is, which is made of a book. {FAITHFUL}\n"
        f"{material(title=planned.title, plan=msgspec.json.encode(planned).decode(), **wishes)}"
    )
    waiting = _at(report, 0.1, "Thinking it over")
    answer = ask(PlanAnswer, question, role="script planner", report=waiting, check=check)
    said = {name: text for name, text in msgspec.structs.asdict(answer).items() if name != "title"}
    return replace(settled, **said)


# --- scenes ---------------------------------------------------------------------------------------


def scenes_of(episode: Episode, events: Sequence[Event], planned: GlobalInformation, *, report: Report) -> list[Scene]:
    """The scenes of an episode, one for each of its events, numbered from its `first_scene`.

    Raises: AgentError.
    """
    by_number = {event.number: event for event in events}
    made = []
    for number, event in enumerate(episode.events):
        waiting = _at(report, 0.05 + 0.9 * number / len(episode.events), f"Scene {number + 1} of {len(episode.events)}")
        elements = _elements(by_number[event], episode, planned, waiting)
        scene = episode.first_scene + number
        made.append(text_work(scenes.scene_of, elements, scene, by_number[event], planned, report=_quietly(report)))
    return made


def _elements(event: Event, episode: Episode, planned: GlobalInformation, waiting: Callable[[], None]) -> list[Element]:
    names = {_name(form): one.name for one in planned.characters for form in (*one.aliases, one.name)}

    def check(answer: BookSceneAnswer) -> None:
        if not 1 <= len(answer.elements) <= MOST_ELEMENTS:
            raise UnfitAnswer(f"the scene has {len(answer.elements)} paragraphs instead of 1 to {MOST_ELEMENTS}")
        for element in map(tidy, answer.elements):
            _demand_element(element, names)

    cast = [{"name": one.name, "in the book": one.aliases, "who": one.description} for one in planned.characters]
    question = (
        f"Write this event of the book as a scene of a screenplay: at most {MOST_ELEMENTS} paragraphs, each of at most {LONGEST_TEXT} characters, of "
        "action that can be seen, and of dialogue. Keep to the book's own words and speeches where they can be filmed. Nobody speaks but the "
        f"people of the cast, by their names in CAPITALS; what others say is told as action. {FAITHFUL}\n"
        f"{material(cast=_encoded(cast), episode=episode.summary, event=_in_short([event]), passages=chr(10).join(event.passages))}"
    )
    answer = ask(BookSceneAnswer, question, role="scene extractor", report=waiting, check=check)
    written = [tidy(element) for element in answer.elements]
    return [replace(one, character=names[one.character]) if one.character else one for one in written]


def _demand_element(element: Element, names: Collection[str]) -> None:
    demand_words(text=element.text)
    if len(element.text) > LONGEST_TEXT:
        raise UnfitAnswer(f"a paragraph has {len(element.text)} characters instead of at most {LONGEST_TEXT}")
    if element.kind == "dialogue" and element.character not in names:
        raise UnfitAnswer(f"{element.character[:40] or 'somebody without a name'} speaks, but is not in the cast")


def _encoded(value: object) -> str:
    return msgspec.json.encode(value).decode()
