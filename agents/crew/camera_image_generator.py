"""Takes the pictures of a shot: a few tries at its first frame, and for each the frame that it ends with."""

from typing import Literal

from msgspec import Struct

from agents.animatic import pictures
from agents.animatic.film import Candidate, Candidates, PictureToUse, Reference, References, Shot
from agents.contract import Agent, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.contract import NO_PICTURES, OwnPictures
from agents.studio.providers import image_studio

VARIANTS = 2
Position = Literal["first", "last"]
# The last frame of a variant keeps to its first one's camera, so that the clip can go from one to the other.
TRIES: tuple[tuple[int, Position], ...] = tuple(
    (variant, position) for variant in range(VARIANTS) for position in ("first", "last")
)


class ShootFrames(Struct, kw_only=True, forbid_unknown_fields=True):
    """A shot, and the portraits to keep to."""

    shot: Shot
    references: References
    style: str = ""
    pictures: list[PictureToUse] = []  # of the maker's own; those for the style are looked at


class CameraImageGenerator(Agent):
    """One shot in, candidates for its frames out."""

    name = "camera_image_generator"
    description = "Draws candidates for the first and the last frame of a shot."
    skills = (
        typed_skill(
            id="shoot_frames",
            name="Shoot frames",
            description="Draws candidates for the first and the last frame of a shot.",
            takes=ShootFrames,
            gives=Candidates,
            tags=("image",),
            time_limit=1_800.0,  # several pictures, each of an image model that may be slow
        ),
    )

    def missing(self) -> str:
        """What the image studio lacks."""
        return image_studio().missing()

    def perform(self, job: Job) -> Outcome:
        """Draws all tries.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(ShootFrames)
        own = _own_pictures(job, wish)
        candidates = [self._shoot(job, wish, own, number) for number in range(len(TRIES))]
        words = f"Shot {wish.shot.id}: {VARIANTS} takes drawn"
        return Outcome(Candidates(shot=wish.shot.id, candidates=candidates), ". ".join([words, *_refusal(wish)]))

    def _shoot(self, job: Job, wish: ShootFrames, own: OwnPictures, number: int) -> Candidate:
        variant, position = TRIES[number]
        path = job.workdir / f"take-{variant + 1}-{position}{pictures.SUFFIX}"
        words = f"Shot {wish.shot.id}, take {variant + 1}: its {position} frame"

        def report(fraction: float, _words: str) -> None:
            job.progress((number + fraction) / len(TRIES), words)

        image_studio().frame(
            wish.shot,
            is_last=position == "last",
            variant=variant,
            cast=[reference.character for reference in wish.references.references],
            references=[(reference, job.fetch(reference.artifact)) for reference in wish.references.references],
            style=wish.style,
            to=path,
            report=report,
            own=own,
        )
        artifact = job.keep(path, name=path.name, kind=ArtifactKind.FRAME, media_type=pictures.MEDIA_TYPE)
        return Candidate(artifact=artifact, variant=variant, position=position)


def _own_pictures(job: Job, wish: ShootFrames) -> OwnPictures:
    """The maker's own pictures that belong to the shot. Where the studio takes none, nobody gets to see them."""
    if image_studio().refuses_pictures():
        return NO_PICTURES
    faces = {each.character.name: job.fetch(each.face_artifact) for each in _with_faces(wish)}
    return OwnPictures(faces, [job.fetch(picture.picture) for picture in wish.pictures if picture.use == "style"])


def _with_faces(wish: ShootFrames) -> list[Reference]:
    return [reference for reference in wish.references.references if reference.face_artifact]


def _refusal(wish: ShootFrames) -> list[str]:
    """Why pictures were not used, as a sentence. Asked last: of some models it is known only then."""
    has_some = _with_faces(wish) or any(picture.use == "style" for picture in wish.pictures)
    return [refused] if has_some and (refused := image_studio().refuses_pictures()) else []
