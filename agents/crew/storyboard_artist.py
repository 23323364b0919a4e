"""Breaks a scene into shots, and prints the storyboard of the whole film."""

from functools import partial

import msgspec
from msgspec.structs import replace

from agents.animatic.film import (
    ArtifactId,
    Cast,
    Clip,
    Film,
    FilmFormat,
    Frames,
    Plan,
    Resolution,
    Scene,
    Screenplay,
    Storyboard,
)
from agents.animatic.storyboards.printing import print_storyboard
from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.offline.processes import draw
from agents.studio.providers import text_studio

STORYBOARD_FILE = "storyboard.json"
PRINT_FILE = "storyboard.pdf"
SECONDS_TO_PRINT, SECONDS_PER_SHOT = 30.0, 0.2  # of computing; ten times what it takes on an idle core


class StoryboardWish(Film, frozen=True):
    """One scene, and who is in the film."""

    scene: Scene
    cast: Cast
    plan: Plan
    format: FilmFormat = "16:9"
    resolution: Resolution = "720p"


class StoryboardToPrint(Film, frozen=True):
    """A film as it was made; the clips in the order in which they are seen, and the frames that were chosen for them."""

    plan: Plan
    screenplay: Screenplay
    frames: list[Frames]
    clips: list[Clip]


class StoryboardPrint(Film, frozen=True):
    """The storyboard as a PDF."""

    artifact: ArtifactId
    shots: int


class StoryboardArtist(Agent):
    """One scene in, its shots out; clips and their frames in, a PDF out."""

    name = "storyboard_artist"
    description = "Draws up the shots of a scene: size, angle, camera move, duration, who is seen and what is said."
    skills = (
        typed_skill(
            "draw_storyboard",
            "Draw the storyboard",
            "The shots of one scene.",
            StoryboardWish,
            Storyboard,
            ("storyboard",),
        ),
        typed_skill(
            "print_storyboard",
            "Print the storyboard",
            "The storyboard as a PDF: frames, camera, durations, what happens and what is said.",
            StoryboardToPrint,
            StoryboardPrint,
            ("storyboard",),
            time_limit=1_800.0,  # thousands of shots on a busy machine
        ),
    )

    def missing(self) -> str:
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "draw_storyboard":
                return self._draw(job)
            case "print_storyboard":
                return self._print(job)
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")

    def _draw(self, job: Job) -> Outcome:
        wish = job.read(StoryboardWish)
        storyboard = text_studio().storyboard(
            wish.scene, wish.cast, plan=wish.plan, film_format=wish.format, report=job.progress
        )
        shots = [replace(shot, format=wish.format, resolution=wish.resolution) for shot in storyboard.shots]
        storyboard = replace(storyboard, shots=shots)
        job.checkpoint()
        path = job.workdir / STORYBOARD_FILE
        path.write_bytes(msgspec.json.format(msgspec.json.encode(storyboard), indent=2))
        job.keep(path, name=STORYBOARD_FILE, kind=ArtifactKind.STORYBOARD, media_type="application/json")
        seconds = sum(shot.seconds for shot in storyboard.shots)
        return Outcome(storyboard, f"Scene {storyboard.scene}: {len(storyboard.shots)} shots, {seconds:.0f} s")

    def _print(self, job: Job) -> Outcome:
        wish = job.read(StoryboardToPrint)
        words = "Printing the storyboard"
        pictures = {}
        for number, frames in enumerate(wish.frames):
            job.progress(0.5 * number / len(wish.frames), words)
            pictures[frames.shot] = job.fetch(frames.first_artifact)
        path = job.workdir / PRINT_FILE
        title = wish.plan.title or wish.screenplay.title
        shots = [replace(clip.shot, seconds=clip.seconds) for clip in wish.clips]
        work = partial(print_storyboard, title, wish.screenplay, shots, pictures, to=path)
        seconds = SECONDS_TO_PRINT + SECONDS_PER_SHOT * len(shots)
        try:
            draw(work, seconds=seconds, report=lambda _, said: job.progress(0.5, said), words=words)
        except OSError as error:
            raise AgentError("A frame could not be printed: it is no picture.") from error
        artifact = job.keep(path, name=PRINT_FILE, kind=ArtifactKind.STORYBOARD, media_type="application/pdf")
        return Outcome(StoryboardPrint(artifact=artifact, shots=len(shots)), f"{len(shots)} shots printed")
