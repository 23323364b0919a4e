"""The offline text studio: writes and reads words without any model, in worker processes. Same input, same output."""

from agents.animatic import writing
from agents.animatic.characters import casting
from agents.animatic.errors import UnusableText
from agents.animatic.film import Cast, Plan, Scene, SceneOutline, SceneScript, Screenplay, Story, Storyboard
from agents.animatic.progress import Report
from agents.animatic.storyboards import shots
from agents.contract import AgentError
from agents.studio.film_limits import film_limits
from agents.studio.offline.processes import refusal, text_work

SECONDS_TO_CHECK = 5.0  # for which the start of a film may wait


def refusal_of(script: str, *, scenes: str) -> UnusableText | None:
    """Why a screenplay, or its chosen scenes, cannot become a film in this installation; None when it can.

    One that cannot be read in SECONDS_TO_CHECK is not refused here, but by the first task, which has more time.
    """
    return refusal(writing.check_script, script, scenes=scenes, limits=film_limits(), seconds=SECONDS_TO_CHECK)


class OfflineText:
    """The TextStudio that is always there."""

    def missing(self) -> str:
        return ""

    def plan_idea(self, idea: str, *, requirement: str, style: str, scenes: int, report: Report) -> Plan:
        return text_work(writing.plan_idea, idea, requirement=requirement, style=style, scenes=scenes, report=report)

    def plan_script(self, script: str, *, requirement: str, style: str, scenes: str = "", report: Report) -> Plan:
        wishes = {"requirement": requirement, "style": style, "scenes": scenes}
        return text_work(writing.plan_script, script, **wishes, limits=film_limits(), report=report)

    def story(self, idea: str, plan: Plan, *, report: Report) -> Story:
        return text_work(writing.write_story, idea, plan, report=report)

    def scene_script(self, story: Story, outline: SceneOutline, plan: Plan, *, report: Report) -> SceneScript:
        try:
            return text_work(writing.write_scene, story, outline, plan, report=report)
        except writing.NoSuchScene as error:
            raise AgentError(str(error)) from error

    def screenplay(self, script: str, *, title: str, scenes: str = "", report: Report) -> Screenplay:
        wishes = {"title": title, "scenes": scenes}
        return text_work(writing.read_screenplay, script, **wishes, limits=film_limits(), report=report)

    def cast(self, screenplay: Screenplay, *, plan: Plan | None = None, style: str, report: Report) -> Cast:  # noqa: ARG002 - looks do not depend on the style
        return text_work(casting.cast_of, screenplay, plan, report=report)

    def storyboard(self, scene: Scene, cast: Cast, *, plan: Plan, report: Report) -> Storyboard:
        return text_work(shots.board, scene, cast, plan=plan, report=report)
