"""Writes a film from an idea, step by step: a plan, a story in outline, each scene as a screenplay. Same input, same output."""

from collections.abc import Sequence
from functools import lru_cache

from agents.animatic.film import Plan, Scene, SceneOutline, SceneScript, Screenplay, Story
from agents.animatic.limits import USUAL, FilmLimits
from agents.animatic.progress import Report
from agents.animatic.screenplays import final_draft, fountain
from agents.animatic.screenplays.assembly import finished
from agents.animatic.screenplays.reading import read
from agents.animatic.screenplays.selection import choose
from agents.animatic.stories import planning, storytelling
from agents.animatic.stories.ideas import read_idea, told_again
from agents.animatic.storyboards.fitting import demand_fit

REMEMBERED_STORIES = 16


class NoSuchScene(LookupError):
    """The story has fewer scenes than that. The message says how many."""


def plan_idea(idea: str, *, requirement: str, style: str, scenes: int, seconds: float = 0.0, report: Report) -> Plan:
    """The kind of film that an idea asks for; `seconds` is the length that is wished, whatever the idea says of it.

    Raises: UnusableText.
    """
    report(0.1, "Reading the idea")
    premise = read_idea(idea)
    report(0.7, f"Found {len(premise.clauses)} things to show and {len(premise.people)} who play")
    return planning.plan_for_idea(premise, requirement=requirement, style=style, scenes=scenes, seconds=seconds)


def plan_script(
    script: str, *, requirement: str, style: str, scenes: str = "", limits: FilmLimits = USUAL, report: Report
) -> Plan:
    """The kind of film that a screenplay is, or the scenes of it that are chosen ("12-20, 35").

    Raises: UnusableText.
    """
    report(0.1, "Reading the script")
    screenplay = _parsed(script, "", scenes, limits)
    report(0.7, f"Found {len(screenplay.scenes)} scenes")
    return planning.plan_for_script(screenplay, requirement=requirement, style=style)


def write_story(idea: str, plan: Plan, *, report: Report) -> Story:
    """A story with exactly `plan.scenes` outlines. Its text begins with what the idea tells, from which `write_scene` writes.

    Raises: UnusableText.
    """
    report(0.1, "Looking for the story")
    told = read_idea(idea).idea
    scenes = _scenes(told, plan)
    outlines = []
    for scene in scenes:
        report(0.2 + 0.8 * (scene.number - 1) / len(scenes), f"Outlining scene {scene.number}")
        outlines.append(storytelling.outline_of(scene))
    text = "\n\n".join([told, *(outline.summary for outline in outlines)])
    return Story(title=plan.title, text=text, outlines=outlines)


def write_scene(story: Story, outline: SceneOutline, plan: Plan, *, report: Report) -> SceneScript:
    """One scene as Fountain text.

    Raises: NoSuchScene; UnusableText.
    """
    report(0.1, f"Writing scene {outline.number}")
    scenes = _scenes(story.text.split("\n\n", 1)[0], plan)
    if outline.number > len(scenes):
        raise NoSuchScene(f"The story has {len(scenes)} scenes; there is no scene {outline.number}.")
    text = storytelling.write_scene(scenes[outline.number - 1], outline, plan)
    return SceneScript(number=outline.number, text=text)


@lru_cache(maxsize=REMEMBERED_STORIES)  # each scene of a film is written by itself
def _scenes(told: str, plan: Plan) -> tuple[storytelling.StoryScene, ...]:
    return tuple(storytelling.scenes_of(told_again(told, plan.form), plan))


def check_script(script: str, *, scenes: str = "", limits: FilmLimits, report: Report) -> None:
    """Whether a screenplay can become a film.

    Raises: UnusableText.
    """
    report(0.1, "Reading the script")
    _parsed(script, "", scenes, limits)


def read_screenplay(
    script: str, *, title: str, scenes: str = "", limits: FilmLimits = USUAL, report: Report
) -> Screenplay:
    """Any screenplay text, normalised; with `scenes`, only those. No character and no line of dialogue is lost or reordered.

    Raises: UnusableText.
    """
    report(0.1, "Reading the script")
    screenplay = _parsed(script, title, scenes, limits)
    report(0.9, f"{len(screenplay.scenes)} scenes in order")
    return screenplay


def _parsed(script: str, title: str, scenes: str, limits: FilmLimits) -> Screenplay:
    draft = read(script, title=title)
    chosen = choose(draft.scenes, scenes)
    demand_fit(chosen, limits, script=draft.scenes)
    return finished(draft, chosen, limits)


def write_fountain(screenplay: Screenplay, *, report: Report) -> str:
    """The screenplay as Fountain text; `read_screenplay` of it gives the same screenplay."""
    report(0.0, "Writing the script down")
    return fountain.write(screenplay)


def write_final_draft(screenplay: Screenplay, *, report: Report) -> str:
    """The screenplay as a Final Draft document; `read_screenplay` of it gives the same screenplay."""
    report(0.0, "Writing the script down for Final Draft")
    return final_draft.write(screenplay)


def write_fountain_scenes(scenes: Sequence[Scene], *, report: Report) -> list[str]:
    """Each scene as Fountain text."""
    report(0.0, "Writing the scenes down")
    return [fountain.write_scene(scene) for scene in scenes]
