"""Chooses the best take of a shot by what can be measured in a picture."""

from dataclasses import asdict, dataclass
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageFilter, ImageStat

from agents.animatic.film import Candidate, Candidates, Frames, Shot
from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, typed_skill

MEASURED_WIDTH = 480  # pixels: enough to judge, quick to read
SHARP_EDGES = 900.0  # variance of the Laplacian of a crisp drawing at that width
FULL_CONTRAST = 64.0  # standard deviation of luminance of a picture that uses the whole range
BITS_PER_PIXEL = 8.0  # the most that the entropy of a grey picture can be
WEIGHTS = {"sharpness": 0.25, "contrast": 0.3, "brightness": 0.15, "detail": 0.15, "composition": 0.15}


class SelectFrames(Struct, kw_only=True, forbid_unknown_fields=True):
    """A shot, and the takes of it."""

    shot: Shot
    candidates: Candidates


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
        """Measures every first frame; keeps the best, and the last frame of the same take.

        Raises: AgentError, JobStopped.
        """
        wish = job.read(SelectFrames)
        firsts = [candidate for candidate in wish.candidates.candidates if candidate.position == "first"]
        if not firsts:
            raise AgentError(f"Shot {wish.shot.id} has no first frame to choose from.")
        measured = [self._measure(job, firsts, number) for number in range(len(firsts))]
        best = max(range(len(firsts)), key=lambda number: measured[number].total)
        frames = self._keep(job, wish, firsts[best], measured[best])
        return Outcome(frames, f"Shot {wish.shot.id}: take {firsts[best].variant + 1} of {len(firsts)} chosen")

    def _measure(self, job: Job, firsts: list[Candidate], number: int) -> Qualities:
        job.progress(0.8 * number / len(firsts), f"Looking at take {firsts[number].variant + 1}")
        return measure(job.fetch(firsts[number].artifact))

    def _keep(self, job: Job, wish: SelectFrames, best: Candidate, qualities: Qualities) -> Frames:
        job.progress(0.9, f"Shot {wish.shot.id}: keeping take {best.variant + 1}")
        last = matching_last(wish.candidates.candidates, best)
        return Frames(
            shot=wish.shot.id,
            first_artifact=_keep_as(job, best, "frame.png"),
            last_artifact=_keep_as(job, last, "last.png") if last else "",
            scores={name: round(value, 3) for name, value in (asdict(qualities) | {"total": qualities.total}).items()},
        )


def _keep_as(job: Job, candidate: Candidate, name: str) -> str:
    return job.keep(job.fetch(candidate.artifact), name=name, kind=ArtifactKind.FRAME, media_type="image/png")


def matching_last(candidates: list[Candidate], first: Candidate) -> Candidate | None:
    """The last frame of the same take; a film does not jump to another camera within a shot."""
    lasts = [candidate for candidate in candidates if candidate.position == "last"]
    return next((candidate for candidate in lasts if candidate.variant == first.variant), None)


def measure(path: Path) -> Qualities:
    """The qualities of a picture.

    Raises: AgentError when it is none.
    """
    try:
        with Image.open(path) as opened:
            opened.draft("L", (MEASURED_WIDTH, MEASURED_WIDTH))
            grey = opened.convert("L")
    except (OSError, Image.DecompressionBombError) as error:
        raise AgentError(f"The candidate {path.name} is not a picture.") from error
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
