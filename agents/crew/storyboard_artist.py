"""Breaks a scene into shots."""

import msgspec

from agents.animatic.film import Cast, Film, Plan, Scene, Storyboard
from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.providers import text_studio

STORYBOARD_FILE = "storyboard.json"


class StoryboardWish(Film, frozen=True):
    """One scene, and who is in the film."""

    scene: Scene
    cast: Cast
    plan: Plan


class StoryboardArtist(Agent):
    """One scene in, its shots out."""

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
    )

    def missing(self) -> str:
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "draw_storyboard":
                return self._draw(job)
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")

    def _draw(self, job: Job) -> Outcome:
        wish = job.read(StoryboardWish)
        storyboard = text_studio().storyboard(wish.scene, wish.cast, plan=wish.plan, report=job.progress)
        job.checkpoint()
        path = job.workdir / STORYBOARD_FILE
        path.write_bytes(msgspec.json.format(msgspec.json.encode(storyboard), indent=2))
        job.keep(path, name=STORYBOARD_FILE, kind=ArtifactKind.STORYBOARD, media_type="application/json")
        seconds = sum(shot.seconds for shot in storyboard.shots)
        return Outcome(storyboard, f"Scene {storyboard.scene}: {len(storyboard.shots)} shots, {seconds:.0f} s")
