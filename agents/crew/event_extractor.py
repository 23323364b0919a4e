"""Finds what happens in a book: who, where, when, what."""

from agents.animatic.film import Film
from agents.animatic.novels.records import CompressedNovel, Events
from agents.contract import Agent, Job, Outcome, typed_skill
from agents.studio.providers import text_studio


class NovelToSearch(Film, frozen=True):
    """A compressed book."""

    novel: CompressedNovel


class EventExtractor(Agent):
    """Cuts the chapters into events."""

    name = "event_extractor"
    description = "Finds the events of a book: who does what, where and when."
    skills = (
        typed_skill(
            id="extract_events",
            name="Extract the events",
            description="All events of a book, in its order.",
            takes=NovelToSearch,
            gives=Events,
            tags=("novel",),
        ),
    )

    def missing(self) -> str:
        """What the text studio lacks."""
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        """Finds them.

        Raises: AgentError, JobStopped.
        """
        events = text_studio().events(job.read(NovelToSearch).novel, report=job.progress)
        return Outcome(events, f"{len(events.events)} {'event' if len(events.events) == 1 else 'events'}")
