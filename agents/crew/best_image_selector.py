"""Chooses the best take of a shot by what can be measured in a picture, or keeps the one that a person has chosen."""

import mimetypes
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from msgspec import Struct
from PIL import Image, ImageFilter, ImageStat

from agents.animatic import pictures
from agents.animatic.film import Candidate, Candidates, Choice, Frames, RatedTake, Shot
from agents.contract import Agent, AgentError, ArtifactId, ArtifactKind, Job, Outcome, UnusableInput, typed_skill
from agents.pictures import UnusablePicture, opened_picture

MEASURED_WIDTH = 480  # pixels: enough to judge, quick to read
SHARP_EDGES = 900.0  # variance of the Laplacian of a crisp drawing at that width
FULL_CONTRAST = 64.0  # standard deviation of luminance of a picture that uses the whole range
BITS_PER_PIXEL = 8.0  # the most that the entropy of a grey picture can be
WEIGHTS = {"sharpness": 0.25, "contrast": 0.3, "brightness": 0.15, "detail": 0.15, "composition": 0.15}


CHOICE_FILE = "choice.json"


class SelectFrames(Struct, kw_only=True, forbid_unknown_fields=True):
    """A shot, and the takes of it. `take`: a frame of the one that a person has chosen; "": the best."""

    shot: Shot
    candidates: Candidates
    take: ArtifactId = ""


@dataclass(frozen=True, slots=True)
class Qualities:
    """Each 0.0-1.0, higher is better."""

    sharpness: float  # how crisp the edges are
    contrast: float  # how far light and dark are apart
    brightness: float  # how near the middle the light is: neither burnt out nor drowned
    detail: float  # how much there is to see (entropy)
    composition: float  # how much of it lies within the middle two thirds, where people look

    @property
    def total(self) -> float:
        """The weighted sum."""
        scores: dict[str, float] = asdict(self)
        return sum(WEIGHTS[name] * score for name, score in scores.items())

    @property
    def scores(self) -> dict[str, float]:
        """All of them by name, and `total`; rounded, for people."""
        return {name: round(value, 3) for name, value in (asdict(self) | {"total": self.total}).items()}


class BestImageSelector(Agent):
    """Candidates in, the chosen frames out."""

    name = "best_image_selector"
    description = "Measures the takes of a shot and keeps the best."
    skills = (
        typed_skill(
            id="select_frames",
            name="Select frames",
            description="Chooses the best first frame of a shot, and the last frame that goes with it.",
            takes=SelectFrames,
            gives=Frames,
            tags=("image",),
        ),
    )

    def perform(self, job: Job) -> Outcome:
        """Measures every first frame; keeps the best, or the chosen one, and the last frame of the same take.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(SelectFrames)
        firsts = [candidate for candidate in wish.candidates.candidates if candidate.position == "first"]
        if not firsts:
            raise AgentError(f"Shot {wish.shot.id} has no first frame to choose from.")
        measured = [self._measure(job, firsts, number) for number in range(len(firsts))]
        kept = _chosen(wish, firsts) if wish.take else max(range(len(firsts)), key=lambda n: measured[n].total)
        takes = [
            RatedTake(take=first.variant + 1, scores=qualities.scores)
            for first, qualities in zip(firsts, measured, strict=True)
        ]
        choice = Choice(shot=wish.shot.id, kept=firsts[kept].variant + 1, is_asked_for=bool(wish.take), takes=takes)
        frames = self._keep(job, wish, firsts[kept], choice, measured[kept])
        why = ", as you chose" if wish.take else ""
        return Outcome(frames, f"Shot {wish.shot.id}: take {choice.kept} of {len(firsts)} chosen{why}")

    def _measure(self, job: Job, firsts: list[Candidate], number: int) -> Qualities:
        job.progress(0.8 * number / len(firsts), f"Looking at take {firsts[number].variant + 1}")
        return measure(job.fetch(firsts[number].artifact))

    def _keep(self, job: Job, wish: SelectFrames, kept: Candidate, choice: Choice, qualities: Qualities) -> Frames:
        job.progress(0.9, f"Shot {wish.shot.id}: keeping take {choice.kept}")
        path = job.workdir / CHOICE_FILE
        path.write_bytes(msgspec.json.encode(choice))
        job.keep(path, name=CHOICE_FILE, kind=ArtifactKind.CHOICE, media_type="application/json")
        last = matching_last(wish.candidates.candidates, kept)
        return Frames(
            shot=wish.shot.id,
            first_artifact=_keep_as(job, kept, "frame"),
            last_artifact=_keep_as(job, last, "last") if last else "",
            scores=qualities.scores,
        )


def _chosen(wish: SelectFrames, firsts: list[Candidate]) -> int:
    """The place among `firsts` of the take that one of its frames names.

    Raises: UnusableInput.
    """
    variants = [candidate.variant for candidate in wish.candidates.candidates if candidate.artifact == wish.take]
    places = [number for number, first in enumerate(firsts) if first.variant in variants]
    if not places:
        raise UnusableInput(f"The chosen picture is no take of shot {wish.shot.id}.")
    return places[0]


def _keep_as(job: Job, candidate: Candidate, name: str) -> str:
    """The same file under another name. Candidates of an earlier version are PNG."""
    path = job.fetch(candidate.artifact)
    media_type, _ = mimetypes.guess_type(path.name)
    kept_type = media_type or pictures.MEDIA_TYPE
    return job.keep(path, name=f"{name}{path.suffix}", kind=ArtifactKind.FRAME, media_type=kept_type)


def matching_last(candidates: list[Candidate], first: Candidate) -> Candidate | None:
    """The last frame of the same take; a film does not jump to another camera within a shot."""
    lasts = [candidate for candidate in candidates if candidate.position == "last"]
    return next((candidate for candidate in lasts if candidate.variant == first.variant), None)


def measure(path: Path) -> Qualities:
    """The qualities of a picture.

    Raises: AgentError when it is none.
    """
    try:
        with opened_picture(path) as opened:
            opened.draft("L", (MEASURED_WIDTH, MEASURED_WIDTH))
            grey = opened.convert("L")
    except UnusablePicture as error:
        raise AgentError(f"The candidate {path.name} cannot be used: {error}.") from error
    grey.thumbnail((MEASURED_WIDTH, MEASURED_WIDTH))
    return _qualities(grey)


def _qualities(grey: Image.Image) -> Qualities:
    laplacian = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    inner = (1, 1, grey.width - 1, grey.height - 1)  # the filter leaves the outermost pixels as they are
    edges = ImageStat.Stat(grey.filter(laplacian).crop(inner))
    light = ImageStat.Stat(grey)
    return Qualities(
        sharpness=min(1.0, edges.var[0] / SHARP_EDGES),
        contrast=min(1.0, light.stddev[0] / FULL_CONTRAST),
        brightness=1.0 - abs(light.mean[0] - 128) / 128,
        detail=grey.entropy() / BITS_PER_PIXEL,
        composition=_share_in_the_middle(grey.filter(ImageFilter.FIND_EDGES)),
    )


def _share_in_the_middle(edges: Image.Image) -> float:
    width, height = edges.size
    middle = edges.crop((width // 6, height // 6, width - width // 6, height - height // 6))
    everything = ImageStat.Stat(edges).sum[0]
    return ImageStat.Stat(middle).sum[0] / everything if everything else 0.0
