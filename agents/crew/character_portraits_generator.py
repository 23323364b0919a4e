"""Draws every character from three sides, so that all later pictures agree on how they look."""

from msgspec import Struct

from agents.animatic import pictures
from agents.animatic.film import Character, Portraits, PortraitView
from agents.contract import Agent, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.providers import image_studio

VIEWS: tuple[PortraitView, ...] = ("front", "side", "back")


class DrawPortraits(Struct, kw_only=True, forbid_unknown_fields=True):
    """Whom to draw."""

    character: Character
    style: str = ""


class CharacterPortraitsGenerator(Agent):
    """One character in, three pictures out."""

    name = "character_portraits_generator"
    description = "Draws each character from the front, the side and the back."
    skills = (
        typed_skill(
            id="draw_portraits",
            name="Draw portraits",
            description="Draws a character from the front, the side and the back.",
            takes=DrawPortraits,
            gives=Portraits,
            tags=("image",),
            time_limit=1_800.0,  # several pictures, each of an image model that may be slow
        ),
    )

    def missing(self) -> str:
        """What the image studio lacks."""
        return image_studio().missing()

    def perform(self, job: Job) -> Outcome:
        """Draws the three views.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(DrawPortraits)
        front, side, back = (self._draw(job, wish, number) for number in range(len(VIEWS)))
        portraits = Portraits(character=wish.character, front_artifact=front, side_artifact=side, back_artifact=back)
        return Outcome(portraits, f"{wish.character.name} is drawn from three sides")

    def _draw(self, job: Job, wish: DrawPortraits, number: int) -> str:
        view = VIEWS[number]
        path = job.workdir / f"{view}{pictures.SUFFIX}"
        words = f"Drawing {wish.character.name} from the {view}"

        def report(fraction: float, _words: str) -> None:
            job.progress((number + fraction) / len(VIEWS), words)

        image_studio().portrait(wish.character, view, style=wish.style, to=path, report=report)
        # A person who looks at the pictures must be able to tell whose they are.
        name = f"{wish.character.name.replace('/', '-')[:80]}, {view}{pictures.SUFFIX}"
        return job.keep(path, name=name, kind=ArtifactKind.CHARACTER, media_type=pictures.MEDIA_TYPE)
