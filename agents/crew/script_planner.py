"""Decides what kind of film it will be: genre, tone, time, place and number of scenes."""

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from agents.animatic.film import Film, Plan
from agents.contract import Agent, AgentError, Job, Outcome, typed_skill
from agents.studio.providers import text_studio

Seconds = Annotated[float, Meta(ge=0)]  # how long the film is to be, cards included; 0: as long as it takes


class IdeaToPlan(Film, frozen=True):
    """What a maker asks for."""

    idea: str
    requirement: str = ""
    style: str = ""
    scenes: Annotated[int, Meta(ge=1)] = 3
    seconds: Seconds = 0.0


class ScriptToPlan(Film, frozen=True):
    """A screenplay that a maker brings."""

    script: str
    requirement: str = ""
    style: str = ""
    selection: str = ""  # the scenes of it that are wanted: "12-20, 35"; "" for all
    seconds: Seconds = 0.0


class ScriptPlanner(Agent):
    """An idea or a screenplay in, the plan of the film out."""

    name = "script_planner"
    description = "Reads an idea or a screenplay and plans the film: genre, tone, time, place, number of scenes."
    skills = (
        typed_skill(
            "plan_idea", "Plan from an idea", "Plans the film that an idea asks for.", IdeaToPlan, Plan, ("plan",)
        ),
        typed_skill(
            "plan_script", "Plan from a script", "Plans the film that a screenplay is.", ScriptToPlan, Plan, ("plan",)
        ),
    )

    def missing(self) -> str:
        return text_studio().missing()

    def perform(self, job: Job) -> Outcome:
        match job.skill:
            case "plan_idea":
                plan = self._plan_idea(job)
            case "plan_script":
                plan = self._plan_script(job)
            case _:
                raise AgentError(f"{self.name} does not know the skill {job.skill}.")
        return Outcome(plan, f"“{plan.title}”: {plan.genre}, {plan.scenes} {'scene' if plan.scenes == 1 else 'scenes'}")

    def _plan_idea(self, job: Job) -> Plan:
        wish = job.read(IdeaToPlan)
        return text_studio().plan_idea(
            wish.idea,
            requirement=wish.requirement,
            style=wish.style,
            scenes=wish.scenes,
            seconds=wish.seconds,
            report=job.progress,
        )

    def _plan_script(self, job: Job) -> Plan:
        wish = job.read(ScriptToPlan)
        plan = text_studio().plan_script(
            wish.script,
            requirement=wish.requirement,
            style=wish.style,
            scenes=wish.selection,
            report=job.progress,
        )
        return replace(plan, seconds=wish.seconds)
