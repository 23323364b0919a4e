"""Compresses a book of any length to what a film can hold."""

from agents.animatic.film import Film
from agents.animatic.novels.records import CompressedNovel
from agents.contract import Agent, Job, Outcome, typed_skill
from agents.studio.providers import text_studio


class NovelToCompress(Film, frozen=True):
    """A book as plain text or Markdown."""

    novel: str


class NovelCompressor(Agent):
    """Keeps the book's own sentences: those that tell most, chapter by chapter."""

    name = "novel_compressor"
    description = "Compresses a book, chapter by chapter, to its most telling sentences and passages."
    skills = (
        typed_skill(
            id="compress_novel",
            name="Compress the novel",
            description="A book of up to 2,000,000 characters, cut down to what a film can hold.",
            takes=NovelToCompress,
            gives=CompressedNovel,
            tags=("novel",),
        ),
    )

    def missing(self) -> str:
        """What the text studio lacks."""
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        """Compresses.

        Raises: AgentError, JobStopped.
        """
        novel = text_studio().compressed_novel(job.read(NovelToCompress).novel, report=job.progress)
        chapters = len(novel.chapters)
        kept = sum(len(passage) for chapter in novel.chapters for passage in chapter.passages)
        return Outcome(
            novel,
            f"“{novel.title}”: {novel.length:,} characters, {chapters} {'chapter' if chapters == 1 else 'chapters'}; "
            f"{kept:,} characters are kept",
        )
