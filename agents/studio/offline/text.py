"""Writes and reads words without any model: by parsing, and with story arcs filled from the idea. Same input, same output."""

from agents.contract import AgentError
from agents.studio.contract import Report
from agents.studio.film import Cast, Plan, Scene, SceneOutline, SceneScript, Screenplay, Story, Storyboard
from agents.studio.offline import casting, planning, storyboarding
from agents.studio.offline.screenplay.reading import parse
from agents.studio.offline.stories import storytelling
from agents.studio.offline.stories.ideas import read_idea


class OfflineText:
    """The TextStudio that is always there."""

    def missing(self) -> str:
        return ""

    def plan_idea(self, idea: str, *, requirement: str, style: str, scenes: int, report: Report) -> Plan:
        report(0.1, "Reading the idea")
        premise = read_idea(idea)
        report(0.7, f"Planning {scenes} scenes around {premise.hero.name}")
        return planning.plan_for_idea(premise, requirement=requirement, style=style, scenes=scenes)

    def plan_script(self, script: str, *, requirement: str, style: str, report: Report) -> Plan:
        report(0.1, "Reading the script")
        screenplay = parse(script)
        report(0.7, f"Found {len(screenplay.scenes)} scenes")
        return planning.plan_for_script(screenplay, requirement=requirement, style=style)

    def story(self, idea: str, plan: Plan, *, report: Report) -> Story:
        report(0.1, "Looking for the story")
        premise = read_idea(idea)
        told = storytelling.tell(premise, plan)
        outlines = []
        for scene in told:
            report(0.2 + 0.8 * (scene.number - 1) / len(told), f"Outlining scene {scene.number}")
            outlines.append(storytelling.outline_of(scene, premise))
        # The idea comes first: the scenes are written from it, one by one, later.
        text = "\n\n".join([premise.idea, *(outline.summary for outline in outlines)])
        return Story(title=plan.title, text=text, outlines=outlines)

    def scene_script(self, story: Story, outline: SceneOutline, plan: Plan, *, report: Report) -> SceneScript:
        report(0.1, f"Writing scene {outline.number}")
        premise = read_idea(story.text.split("\n\n", 1)[0])
        told = storytelling.tell(premise, plan)
        if outline.number > len(told):
            raise AgentError(f"The story has {len(told)} scenes; there is no scene {outline.number}.")
        scene = told[outline.number - 1]
        return SceneScript(number=outline.number, text=storytelling.write_scene(scene, outline, premise, plan))

    def screenplay(self, script: str, *, title: str, report: Report) -> Screenplay:
        report(0.1, "Reading the script")
        screenplay = parse(script, title=title)
        report(0.9, f"{len(screenplay.scenes)} scenes in order")
        return screenplay

    def cast(self, screenplay: Screenplay, *, style: str, report: Report) -> Cast:  # noqa: ARG002 - looks do not depend on the style
        report(0.1, "Looking for everybody in the script")
        return casting.cast_of(screenplay, report=report)

    def storyboard(self, scene: Scene, cast: Cast, *, plan: Plan, report: Report) -> Storyboard:
        return storyboarding.board(scene, cast, plan=plan, report=report)
