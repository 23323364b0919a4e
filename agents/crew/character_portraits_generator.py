"""Draws every character from three sides, so that all later pictures agree on how they look."""

from msgspec import Struct

from agents.animatic import pictures
from agents.animatic.film import Character, PictureToUse, Portraits, PortraitView
from agents.contract import Agent, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.contract import NO_PICTURES, OwnPictures
from agents.studio.providers import image_studio

VIEWS: tuple[PortraitView, ...] = ("front", "side", "back")


class DrawPortraits(Struct, kw_only=True, forbid_unknown_fields=True):
    """Whom to draw."""

    character: Character
    style: str = ""
    pictures: list[
        PictureToUse
    ] = []  # of the maker's own: this character's face, and those for the style, are looked at

    @property
    def face(self) -> str:
        """The first picture that is this character's face; "" without one."""
        return next((picture.picture for picture in self.pictures if picture.shows(self.character.name)), "")

    @property
    def styles(self) -> list[str]:
        """The pictures for the style."""
        return [picture.picture for picture in self.pictures if picture.use == "style"]


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
        own = _own_pictures(job, wish)
        front, side, back = (self._draw(job, wish, own, number) for number in range(len(VIEWS)))
        portraits = Portraits(
            character=wish.character,
            front_artifact=front,
            side_artifact=side,
            back_artifact=back,
            face_artifact=wish.face,
        )
        return Outcome(portraits, _words(wish))

    def _draw(self, job: Job, wish: DrawPortraits, own: OwnPictures, number: int) -> str:
        view = VIEWS[number]
        path = job.workdir / f"{view}{pictures.SUFFIX}"
        words = f"Drawing {wish.character.name} from the {view}"

        def report(fraction: float, _words: str) -> None:
            job.progress((number + fraction) / len(VIEWS), words)

        image_studio().portrait(wish.character, view, style=wish.style, to=path, report=report, own=own)
        # A person who looks at the pictures must be able to tell whose they are.
        name = f"{wish.character.name.replace('/', '-')[:80]}, {view}{pictures.SUFFIX}"
        return job.keep(path, name=name, kind=ArtifactKind.CHARACTER, media_type=pictures.MEDIA_TYPE)


def _own_pictures(job: Job, wish: DrawPortraits) -> OwnPictures:
    """The maker's own pictures that belong to the character. Where the studio takes none, nobody gets to see them."""
    if image_studio().refuses_pictures():
        return NO_PICTURES
    faces = {wish.character.name: job.fetch(wish.face)} if wish.face else {}
    return OwnPictures(faces, [job.fetch(style) for style in wish.styles])


def _words(wish: DrawPortraits) -> str:
    """What was done. Asked last: of some models it is known only then that they take no pictures."""
    drawn = f"{wish.character.name} is drawn from three sides"
    if not wish.face and not wish.styles:
        return drawn
    if refused := image_studio().refuses_pictures():
        return f"{drawn}. {refused}"
    return f"{drawn}, with the face of your picture" if wish.face else drawn
