"""From a screenplay to a film: read it, normalise it, then film it line by line."""

from itertools import islice
from typing import Annotated

from django.conf import settings
from msgspec import Meta, Struct

from agents.animatic.limits import SPLIT
from agents.studio.film_limits import film_limits
from agents.studio.film_size import size_of_script
from agents.studio.offline.text import refusal_of
from workflows.pipelines.base import Each, Given, Output, Pipeline, Step
from workflows.pipelines.filming import PLAN, SCRIPT, STAGES, TITLED_BY, counts, filming

HEADINGS = ("INT. ", "EXT. ")  # with which nothing but a scene begins
COMMENT = "/*"  # in which there may be headings
FIRST_WITHOUT_SPACES = "\u0e00"  # Thai; Lao, Khmer, Chinese and Japanese come after it
SECONDS_PER_WORD = 30  # more than any word takes in a film
TITLE_LINES = 20  # among which a title page is looked for


class ScriptInput(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What script2video starts from: a screenplay or Fountain text."""

    script: Annotated[str, Meta(min_length=1, max_length=settings.SCRIPT_LENGTH, pattern=r"\S", title="Screenplay")]
    requirement: Annotated[str, Meta(max_length=1_000, title="Requirement")] = ""
    style: Annotated[str, Meta(max_length=200, title="Style")] = ""
    sound: Annotated[
        bool, Meta(title="Sound", description="Speech, ambience and music; without, the film is silent")
    ] = True


def title_of(given: ScriptInput) -> str:
    """The title of the title page, or else the first line that says something."""
    written = (line for line in given.script.splitlines() if line.strip())
    lines = [" ".join(line.split()) for line in islice(written, TITLE_LINES)]
    titles = [line.partition(":")[2].strip(" _*") for line in lines if line.lower().startswith("title:")]
    return next((title for title in titles if title), lines[0])[:80]


def excess_of(given: ScriptInput) -> dict[str, str]:
    """Whether it has too many scenes, shots, seconds or speaking parts.

    What is typed is never parsed in the server's process: one that may have too many is read by a text process.
    """
    scenes = sum(line.lstrip().startswith(HEADINGS) for line in given.script.splitlines())
    if scenes > settings.SCENES_PER_FILM and COMMENT not in given.script:
        limit = settings.SCENES_PER_FILM
        return {"script": f"Screenplay has {scenes:,} scenes; a film takes at most {limit:,}. {SPLIT}"}
    refusal = refusal_of(given.script) if _may_be_too_much(given.script) else ""
    return {"script": refusal} if refusal else {}


def counts_of(given: ScriptInput) -> dict[str, int]:
    """How many scenes, characters and shots the film has, where that can be known."""
    return counts(size_of_script(given.script, requirement=given.requirement, style=given.style))


def _may_be_too_much(script: str) -> bool:
    """No script has more scenes, shots or people than words; where no spaces are written, a character may be a word."""
    limits = film_limits()
    words = len(script.split()) + sum(character >= FIRST_WITHOUT_SPACES for character in script)
    return words > min(limits.scenes, limits.shots, limits.characters, limits.seconds // SECONDS_PER_WORD)


each_scene = Each("screenplay", "scenes", expected=3, title="heading")

SCRIPT2VIDEO = Pipeline(
    name="script2video",
    title="Script to video",
    description="A screenplay is followed line by line and becomes a film.",
    takes=ScriptInput,
    stages=STAGES,
    title_of=title_of,
    titled_by=TITLED_BY,
    counts_of=counts_of,
    excess_of=excess_of,
    steps=(
        Step(
            "plan",
            stage=PLAN,
            skill="plan_script",
            takes={"script": Given("script"), "requirement": Given("requirement"), "style": Given("style")},
            seconds=0.2,
        ),
        Step(
            "screenplay",
            stage=SCRIPT,
            skill="enhance_script",
            takes={"title": Output("plan", "title"), "script": Given("script")},
            seconds=0.3,
        ),
        *filming(each_scene),
    ),
)
