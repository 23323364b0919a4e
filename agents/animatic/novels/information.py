"""Plans what is true of the whole book: its people, its places, and the episodes that are made of it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from agents.animatic.film import Plan
from agents.animatic.novels.limits import LONGEST_TITLE, MOST_EPISODES
from agents.animatic.novels.names import characters_of
from agents.animatic.novels.records import Chapter, CompressedNovel, Episode, Event, Events, GlobalInformation
from agents.animatic.places import PLACES
from agents.animatic.progress import Report
from agents.animatic.screenplays.locations import words_of
from agents.animatic.stories.moods import genre_of, tone_of, wished_tone
from agents.animatic.wording import shortened

MOST_PLACES = 20
SUMMARIES_LENGTH = 1_500  # characters of all summaries together: the plan is shown as one question
LEAST_SUMMARY, MOST_SUMMARY = 90, 220
_TIMES = {"dawn": "Early morning", "day": "By day", "dusk": "In the evening", "night": "At night"}


def global_information(
    novel: CompressedNovel, events: Events, *, episodes: int, scenes: int, report: Report
) -> GlobalInformation:
    """At most so many episodes, each with at most so many scenes; fewer where the book has not as many events."""
    report(0.2, "Who is who, in all chapters")
    characters = characters_of(novel.names)
    report(0.5, f"Planning {episodes} {'episode' if episodes == 1 else 'episodes'}")
    groups = _grouped(events.events, min(episodes, MOST_EPISODES, len(events.events)))
    planned = list(_episodes(novel, groups, scenes))
    chosen = {number for episode in planned for number in episode.events}
    acting = Counter(name for event in events.events if event.number in chosen for name in event.who)
    places = Counter(event.place for event in events.events if event.number in chosen)
    return GlobalInformation(
        title=novel.title,
        author=novel.author,
        characters=[character for character in characters if acting[character.name]],
        places=[place for place, _ in places.most_common(MOST_PLACES)],
        episodes=planned,
    )


def _grouped(events: Sequence[Event], count: int) -> list[list[Event]]:
    """The events in so many groups of about the same length; between chapters, where there are as many."""
    chapters = list(dict.fromkeys(event.chapter for event in events))
    if len(chapters) >= count:
        units = [[event for event in events if event.chapter == chapter] for chapter in chapters]
    else:
        units = [[event] for event in events]
    total = sum(_length(unit) for unit in units)
    groups: list[list[Event]] = [[]]
    so_far = 0
    for number, unit in enumerate(units):
        left = len(units) - number
        is_full = groups[-1] and so_far + _length(unit) / 2 >= total * len(groups) / count
        if len(groups) < count and (is_full or (groups[-1] and left <= count - len(groups))):
            groups.append([])
        groups[-1] += unit
        so_far += _length(unit)
    return groups


def _length(events: Sequence[Event]) -> int:
    return sum(len(passage) for event in events for passage in event.passages)


def longest_summary(episodes: int) -> int:
    """Characters of the summary of one of so many episodes."""
    return max(LEAST_SUMMARY, min(MOST_SUMMARY, SUMMARIES_LENGTH // max(episodes, 1)))


def _episodes(novel: CompressedNovel, groups: Sequence[Sequence[Event]], scenes: int) -> Iterator[Episode]:
    by_number = {chapter.number: chapter for chapter in novel.chapters}
    longest = longest_summary(len(groups))
    first_scene = 1
    for number, events in enumerate(groups, start=1):
        chapters = list(dict.fromkeys(event.chapter for event in events))
        chosen = _chosen(events, scenes)
        yield Episode(
            number=number,
            title=_title(number, [by_number[chapter] for chapter in chapters], chosen),
            summary=shortened(_summary(chosen), longest),
            chapters=chapters,
            events=[event.number for event in chosen],
            first_scene=first_scene,
        )
        first_scene += len(chosen)


def _chosen(events: Sequence[Event], count: int) -> list[Event]:
    """The events that become scenes: how it begins, how it ends, and what weighs most between; in order."""
    if len(events) <= count:
        return list(events)
    ends = [events[0], events[-1]][: max(1, count)] if count > 1 else []
    others = [event for event in events if event not in ends]
    best = sorted(others, key=lambda event: (-event.weight, event.number))[: count - len(ends)]
    return sorted([*ends, *best], key=lambda event: event.number)


def _title(number: int, chapters: Sequence[Chapter], events: Sequence[Event]) -> str:
    """The title of its first chapter that has one with words of its own; else where most of it takes place."""
    for chapter in chapters:
        if named := _named(chapter.title):
            return named
    place = Counter(event.place for event in events).most_common(1)[0][0]
    return shortened(f"{place}", LONGEST_TITLE) if place else f"Episode {number}"


def _named(title: str) -> str:
    """ "Chapter 3. The Storm" is "The Storm"; "Chapter 3" is ""."""
    words = title.split()
    kinds = {"chapter", "part", "book", "kapitel", "teil", "chapitre", "capítulo", "letter", "stave", "canto", "volume"}
    if len(words) > 1 and words[0].casefold() in kinds:
        words = words[2:]
    elif words and (words[0].strip(".").isdigit() or set(words[0].strip(".")) <= set("IVXLC")):
        words = words[1:]
    return " ".join(words).strip(" .:—–-")


def _summary(events: Sequence[Event]) -> str:
    return " ".join(event.what for event in sorted(events, key=lambda event: -event.weight)[:2])


def plan_of(information: GlobalInformation, *, requirement: str, style: str, report: Report) -> Plan:
    """The kind of film that the book is."""
    report(0.5, "Planning the film")
    summaries = [episode.summary for episode in information.episodes]
    words = words_of(" ".join([information.title, *summaries, *(one.description for one in information.characters)]))
    place = information.places[0] if information.places else "Open country"
    known = [PLACES[word].world for word in words_of(place) if word in PLACES]
    genre = genre_of(words, known[0] if known else "")
    return Plan(
        title=information.title,
        logline=summaries[0] if summaries else "",
        genre=genre,
        tone=wished_tone(requirement) or tone_of(words, genre),
        time=_TIMES["day"],
        place=place,
        scenes=sum(len(episode.events) for episode in information.episodes),
        style=style,
        requirement=requirement,
    )
