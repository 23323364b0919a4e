"""The offline text studio: writes and reads words without any model, in worker processes. Same input, same output."""

from collections.abc import Sequence

from agents.animatic import writing
from agents.animatic.characters import casting
from agents.animatic.errors import UnusableText
from agents.animatic.film import Cast, FilmFormat, Plan, Scene, SceneOutline, SceneScript, Screenplay, Story, Storyboard
from agents.animatic.novels.compressing import compress
from agents.animatic.novels.events import events_of
from agents.animatic.novels.information import global_information, plan_of
from agents.animatic.novels.records import CompressedNovel, Episode, Event, Events, GlobalInformation
from agents.animatic.novels.scenes import scenes_of
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

    def plan_idea(
        self, idea: str, *, requirement: str, style: str, scenes: int, seconds: float = 0.0, report: Report
    ) -> Plan:
        wishes = {"requirement": requirement, "style": style}
        return text_work(writing.plan_idea, idea, **wishes, scenes=scenes, seconds=seconds, report=report)

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

    def storyboard(
        self, scene: Scene, cast: Cast, *, plan: Plan, film_format: FilmFormat = "16:9", report: Report
    ) -> Storyboard:
        return text_work(shots.board, scene, cast, plan=plan, film_format=film_format, report=report)

    def compressed_novel(self, novel: str, *, report: Report) -> CompressedNovel:
        return text_work(compress, novel, report=report)

    def events(self, novel: CompressedNovel, *, report: Report) -> Events:
        return text_work(events_of, novel, report=report)

    def global_information(
        self, novel: CompressedNovel, events: Events, *, episodes: int, scenes: int, report: Report
    ) -> GlobalInformation:
        return text_work(global_information, novel, events, episodes=episodes, scenes=scenes, report=report)

    def plan_novel(self, information: GlobalInformation, *, requirement: str, style: str, report: Report) -> Plan:
        return text_work(plan_of, information, requirement=requirement, style=style, report=report)

    def novel_scenes(
        self, episode: Episode, events: Sequence[Event], information: GlobalInformation, *, report: Report
    ) -> list[Scene]:
        return text_work(scenes_of, episode, events, information, report=report)
