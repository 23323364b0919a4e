"""The offline text studio: writes and reads words without any model. Same input, same output."""

from agents.animatic import writing
from agents.animatic.characters import casting
from agents.animatic.film import Cast, Plan, Scene, SceneOutline, SceneScript, Screenplay, Story, Storyboard
from agents.animatic.progress import Report
from agents.animatic.storyboards import shots
from agents.contract import AgentError
from agents.studio.refusal import refusing_unusable_text


class OfflineText:
    """The TextStudio that is always there."""

    def missing(self) -> str:
        return ""

    @refusing_unusable_text()
    def plan_idea(self, idea: str, *, requirement: str, style: str, scenes: int, report: Report) -> Plan:
        return writing.plan_idea(idea, requirement=requirement, style=style, scenes=scenes, report=report)

    @refusing_unusable_text()
    def plan_script(self, script: str, *, requirement: str, style: str, report: Report) -> Plan:
        return writing.plan_script(script, requirement=requirement, style=style, report=report)

    @refusing_unusable_text()
    def story(self, idea: str, plan: Plan, *, report: Report) -> Story:
        return writing.write_story(idea, plan, report=report)

    @refusing_unusable_text()
    def scene_script(self, story: Story, outline: SceneOutline, plan: Plan, *, report: Report) -> SceneScript:
        try:
            return writing.write_scene(story, outline, plan, report=report)
        except writing.NoSuchScene as error:
            raise AgentError(str(error)) from error

    @refusing_unusable_text()
    def screenplay(self, script: str, *, title: str, report: Report) -> Screenplay:
        return writing.read_screenplay(script, title=title, report=report)

    def cast(self, screenplay: Screenplay, *, style: str, report: Report) -> Cast:  # noqa: ARG002 - looks do not depend on the style
        report(0.1, "Looking for everybody in the script")
        return casting.cast_of(screenplay, report=report)

    def storyboard(self, scene: Scene, cast: Cast, *, plan: Plan, report: Report) -> Storyboard:
        return shots.board(scene, cast, plan=plan, report=report)
