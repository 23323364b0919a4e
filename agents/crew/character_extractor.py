"""Finds all characters of a screenplay and decides how they look."""

from msgspec import field

from agents.animatic.characters import casting
from agents.animatic.film import Cast, Film, OwnPicture, Plan, Screenplay
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
    pictures: list[OwnPicture] = field(default_factory=list)  # of the maker's own: only whom they show is looked at


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
        words = f"Cast: {names}" if names else "Nobody is in this film"
        return Outcome(cast, ". ".join([words, *_unknown(wish.pictures, cast)]))


def _unknown(pictures: list[OwnPicture], cast: Cast) -> list[str]:
    """A sentence for those whose picture was brought along, but who are not in the film."""
    names = [
        picture.name
        for picture in pictures
        if picture.use == "face" and not any(picture.shows(character.name) for character in cast.characters)
    ]
    if not names:
        return []
    return [f"Nobody is called {' or '.join(dict.fromkeys(names))}: what you brought of them is not used"]
