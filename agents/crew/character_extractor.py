"""Finds all characters of a screenplay and decides how they look."""

from agents.animatic.characters import casting
from agents.animatic.film import Cast, Film, Plan, Screenplay
from agents.animatic.novels.records import GlobalInformation
from agents.contract import Agent, AgentError, Job, Outcome, typed_skill
from agents.studio.offline.processes import text_work
from agents.studio.providers import text_studio


class CastWish(Film, frozen=True):
    """A screenplay to be cast."""

    screenplay: Screenplay
    style: str = ""
    plan: Plan | None = None  # it may tell in which period the film plays
    information: GlobalInformation | None = None  # of a novel: how its people look, agreed with its owner


class CharacterExtractor(Agent):
    """Casts the film."""

    name = "character_extractor"
    description = "Finds the characters of a screenplay and gives each a description and a look of its own."
    skills = (
        typed_skill(
            "extract_characters",
            "Extract the characters",
            "Everybody in a screenplay.",
            CastWish,
            Cast,
            ("characters",),
        ),
    )

    def missing(self) -> str:
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "extract_characters":
                wish = job.read(CastWish)
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")
        cast = text_studio().cast(wish.screenplay, plan=wish.plan, style=wish.style, report=job.progress)
        if wish.information:
            known = wish.information.characters
            cast = text_work(casting.with_known, cast, known, wish.screenplay, wish.plan, report=job.progress)
        names = ", ".join(character.name for character in cast.characters[:6])
        return Outcome(cast, f"Cast: {names}" if names else "Nobody is in this film")
