"""Writes: first the story, then one script per scene."""

from agents.animatic.film import Film, Plan, SceneOutline, SceneScript, Story
from agents.contract import Agent, AgentError, ArtifactKind, Job, Outcome, typed_skill
from agents.studio.providers import text_studio


class StoryWish(Film, frozen=True):
    """An idea, and the plan for it."""

    idea: str
    plan: Plan


class SceneWish(Film, frozen=True):
    """One outlined scene of a story."""

    story: Story
    outline: SceneOutline
    plan: Plan


class Screenwriter(Agent):
    """Turns a plan into a story and each of its outlines into a scene."""

    name = "screenwriter"
    description = "Writes the story of a film, then the script of each scene."
    skills = (
        typed_skill(
            "write_story",
            "Write the story",
            "A story in prose with one outline per scene.",
            StoryWish,
            Story,
            ("script",),
        ),
        typed_skill(
            "write_scene",
            "Write a scene",
            "One scene of a story as Fountain text.",
            SceneWish,
            SceneScript,
            ("script",),
        ),
    )

    def missing(self) -> str:
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "write_story":
                return self._write_story(job)
            case "write_scene":
                return self._write_scene(job)
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")

    def _write_story(self, job: Job) -> Outcome:
        wish = job.read(StoryWish)
        story = text_studio().story(wish.idea, wish.plan, report=job.progress)
        return Outcome(story, f"“{story.title}” in {len(story.outlines)} scenes")

    def _write_scene(self, job: Job) -> Outcome:
        wish = job.read(SceneWish)
        scene = text_studio().scene_script(wish.story, wish.outline, wish.plan, report=job.progress)
        path = job.workdir / f"scene-{scene.number}.fountain"
        path.write_text(scene.text, encoding="utf-8")
        job.keep(path, name=path.name, kind=ArtifactKind.SCENE, media_type="text/plain")
        return Outcome(scene, f"Scene {scene.number} is written")
