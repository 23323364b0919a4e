"""The films that are measured: four short screenplays and twenty ideas of our own, and the headings of a feature film."""

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from agents.animatic import writing
from agents.animatic.characters.casting import cast_of
from agents.animatic.film import Cast, Plan, Scene, Screenplay, Setting, Shot
from agents.animatic.periods import period_of
from agents.animatic.progress import unheard
from agents.animatic.screenplays.locations import read_heading
from agents.animatic.storyboards.shots import board

HERE = Path(__file__).parent
SCENES_OF_AN_IDEA = 4


def headings() -> list[str]:
    """Scene headings as they stand in feature films."""
    return (HERE / "headings.txt").read_text().splitlines()


def settings() -> list[tuple[str, Setting]]:
    """The headings with what is read from them."""
    return [(heading, read_heading(heading)[1]) for heading in headings()]


def setting_in_its_period(heading: str) -> Setting:
    """What is read from a heading, with the period that it names."""
    setting = read_heading(heading)[1]
    return replace(setting, period=period_of(heading) or "today")


def films() -> Iterator[tuple[Plan, Screenplay, Cast]]:
    """All films, written and cast."""
    for path in sorted((HERE / "screenplays").glob("*.fountain")):
        text = path.read_text()
        plan = writing.plan_script(text, requirement="", style="", report=unheard)
        yield _cast(plan, text)
    for idea in (HERE / "ideas.txt").read_text().splitlines():
        plan = writing.plan_idea(idea, requirement="", style="", scenes=SCENES_OF_AN_IDEA, report=unheard)
        story = writing.write_story(idea, plan, report=unheard)
        scenes = [writing.write_scene(story, outline, plan, report=unheard).text for outline in story.outlines]
        yield _cast(plan, "\n\n".join(scenes))


def boards(plan: Plan, screenplay: Screenplay, cast: Cast) -> list[tuple[Scene, list[Shot]]]:
    """The shots of every scene of a film."""
    return [(scene, board(scene, cast, plan=plan, report=unheard).shots) for scene in screenplay.scenes]


def _cast(plan: Plan, text: str) -> tuple[Plan, Screenplay, Cast]:
    screenplay = writing.read_screenplay(text, title=plan.title, report=unheard)
    return plan, screenplay, cast_of(screenplay, plan, report=unheard)
